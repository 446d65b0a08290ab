package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
)

// recorded tells of every command whether it goes into the audit log: those that
// change something, or take all data along. A test sees that none is forgotten.
var recorded = map[string]bool{
	"authenticity": false, "authenticity mark": true, "authors": false, "backtest": false, "backup": true,
	"audit-log": false, "erase": true, "export": true, "notice list": false, "notice set": true, "notice text": false, "person export": true,
	"retention": true, "retention apply": true, "secrets rotate": true,
	"user add": true, "user disable": true, "user enable": true, "user invite": true, "user list": false, "user password": true, "user remove": true, "user role": true,
	"brand add": true, "brand edit": true, "brand list": false, "brand own-account": true, "brand ranking": true, "brand remove": true, "brand schedule": true, "brand show": false, "brand test": false,
	"circle": false, "circle confirm": true, "circle dismiss": true, "circle undo": true,
	"completion bash": false, "completion fish": false, "completion powershell": false, "completion zsh": false,
	"config check": false, "config show": false, "doctor": false, "edges": false,
	"identity": false, "identity accept": true, "identity links": false, "identity reject": true, "identity undo": true,
	"import": true, "key add": true, "key list": false, "key revoke": true,
	"language eval": false, "language identify": false, "language train": false, "network": false, "portfolio": false, "rank": false, "rebuild": true,
	"relevance mark": true, "relevance off": true, "relevance on": true, "relevance status": false, "relevance suggest": false,
	"restore": true, "scan": true,
	"segments list": false, "segments members": false, "segments remove": true, "segments rfv": false, "segments save": true, "segments show": false,
	"sentiment audit": false, "sentiment correct": true, "sentiment corrections": false, "sentiment eval": false, "sentiment explain": false, "sentiment label": false, "sentiment rescore": true, "sentiment train": false,
	"status": true, "note": true, "tag": true, "tasks": false, "tasks add": true, "tasks done": true,
	"serve":      false, // what is asked of it is recorded
	"source add": true, "source edit": true, "source kinds": false, "source list": false, "source probe": true, "source remove": true,
	"spending": false, "topics": false, "version": false, "views": false, "voice": false, "why": false,
}

// doing is the command that runs.
type doing struct {
	name   string // such as "brand add"
	brand  string // that it is about, as it was named; "" for none
	object string // id of what it changed, where that is no name
}

// begins notes the command that runs; names of brands are its first argument or
// its flag.
func (a *app) begins(cmd *cobra.Command, given []string) {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	a.doing = doing{name: name}
	if flag := cmd.Flags().Lookup("brand"); flag != nil {
		a.doing.brand = flag.Value.String()
	} else if len(given) > 0 && strings.Contains(cmd.Use+" ", "BRAND") || len(given) > 0 && strings.HasPrefix(name, "brand ") {
		a.doing.brand = strings.TrimSpace(given[0])
	}
	if name == "brand remove" { // afterwards nothing else tells which one it was
		a.doing.object = a.doing.brand
	}
}

// note records what a command did with the store that is open.
func (a *app) note(ctx context.Context, s *store.Store, did error) error {
	if !recorded[a.doing.name] {
		return nil
	}
	local := account.Local()
	e := account.Entry{Kind: local.Kind, Action: a.doing.name, Brand: a.doing.brand, Outcome: outcome(did)}
	if did == nil {
		e.Object = a.doing.object
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.AppendAudit(ctx, e)
}

// outcome is what the audit log says of an error: no words, which may hold names.
func outcome(err error) string {
	switch code := adalid.CodeOf(err); {
	case err == nil:
		return "ok"
	case code != "":
		return string(code)
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return "failed"
}
