package main

import (
	"fmt"
	"os"
	"strings"

	"adalid"
	"adalid/config"
	"adalid/internal/fetch"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// listener is told how scans go; either may be nil.
type listener struct {
	progress func(brand string, id int64, s scan.Standing)
	end      func(brand string, id int64)
}

// live makes the scanner of live sources and the client that it asks through;
// the client is to be closed.
func (a *app) live(cfg *config.Config, s *store.Store, watch listener) (*scan.Live, *fetch.Client, error) {
	client, err := a.fetcher(cfg)
	if err != nil {
		return nil, nil, err
	}
	learned, err := newLearner(s)
	if err != nil {
		return nil, nil, err
	}
	host, _ := os.Hostname() // only a name: "" does as well
	return scan.NewLive(scan.LiveOptions{
		Store: s, Legs: s, Sources: s, Purse: s, Remover: s,
		Definitions: a.kinds, HTTP: client.Doer, Sentiment: learned.model, Learner: learned,
		Now: a.now, Log: a.logger(cfg), Owner: fmt.Sprintf("%s:%d", host, os.Getpid()), OnProgress: watch.progress, OnEnd: watch.end,
	}), client, nil
}

// fetcher makes the one client through which this process asks others.
func (a *app) fetcher(cfg *config.Config) (*fetch.Client, error) {
	agent := "Adalid/" + buildVersion().Version
	if contact := strings.TrimSpace(cfg.Fetch.Contact); contact != "" {
		agent += " (+" + contact + ")"
	}
	client, err := fetch.New(fetch.Options{UserAgent: agent, AllowHosts: cfg.Fetch.AllowHosts, Now: a.now, Log: a.logger(cfg)})
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "the settings under fetch cannot be used")
	}
	return client, nil
}
