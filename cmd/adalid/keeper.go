package main

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/alarm"
	"adalid/internal/fetch"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// keeper runs in the server what is due: scans, and the look for posts that
// are gone or too old.
type keeper struct {
	live   *scan.Live
	client *fetch.Client
	work   sync.WaitGroup
}

// keep starts it; it works until ctx ends.
func (a *app) keep(ctx context.Context, cfg *config.Config, s *store.Store) (*keeper, error) {
	live, client, err := a.live(cfg, s, nil)
	if err != nil {
		return nil, err
	}
	k := &keeper{live: live, client: client}
	log := a.logger(cfg)
	watcher, err := a.watcher(cfg, s, client)
	if err != nil {
		return nil, err
	}
	k.work.Go(func() { every(ctx, alarmLook, func() { k.look(ctx, watcher, log) }) })
	k.work.Go(func() {
		if err := live.Keep(ctx, s); err != nil && ctx.Err() == nil {
			log.Error("serve: the schedule stopped", "error", err)
		}
	})
	k.work.Go(func() {
		k.sweep(ctx, s, func(err error) { log.Error("serve: look for posts that are gone", "error", err) })
	})
	return k, nil
}

func (k *keeper) wait() {
	k.work.Wait()
	k.client.Close()
}

// alarmLook is how often it is looked whether a source fails: what is wrong is
// to be told within a quarter of an hour.
const alarmLook = time.Minute

func (k *keeper) look(ctx context.Context, w *alarm.Watcher, log *slog.Logger) {
	if err := w.Look(ctx); err != nil && ctx.Err() == nil {
		log.Error("serve: tell about sources that fail", "error", err)
	}
}

// watcher tells about sources that fail, through what the settings name.
func (a *app) watcher(cfg *config.Config, s *store.Store, client *fetch.Client) (*alarm.Watcher, error) {
	w := &alarm.Watcher{Store: s, Sources: s, Now: a.now, Log: a.logger(cfg)}
	c := cfg.Alarms
	if len(c.MailTo) > 0 {
		host, port, err := net.SplitHostPort(c.MailServer)
		if err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "alarms.mail_server %q is not host:port", c.MailServer)
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "alarms.mail_server %q names no port", c.MailServer)
		}
		w.Channels = append(w.Channels, alarm.Mail{
			Host: host, Port: number, User: c.MailUser, Password: c.MailPassword.Reveal(), From: c.MailFrom, To: c.MailTo,
			Language: c.Language, Plain: host == "localhost" || net.ParseIP(host).IsLoopback(), Dial: client.DialContext,
		})
	}
	if c.WebhookURL != "" {
		hook := alarm.Webhook{URL: c.WebhookURL, HTTP: client.Doer("alarms", collectors.Limits{}), Now: a.now}
		if secret := c.WebhookSecret.Reveal(); secret != "" {
			var err error
			if hook.Secret, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_")); err != nil {
				return nil, adalid.Errorf(adalid.Invalid, "alarms.webhook_secret is not whsec_ and base64")
			}
		}
		w.Channels = append(w.Channels, hook)
	}
	return w, nil
}

// sweepLook is how often it is looked whether a sweep is due.
const sweepLook = 15 * time.Minute

// retention is for how long posts may be kept that are not read again.
var retention = scan.Retention{adalid.YouTube: 30 * 24 * time.Hour}

func (k *keeper) sweep(ctx context.Context, s *store.Store, fault func(error)) {
	every(ctx, sweepLook, func() {
		brands, err := s.Brands(ctx)
		for _, b := range brands {
			if _, sweepErr := k.live.Sweep(ctx, b.Name, s, retention); sweepErr != nil {
				err = errors.Join(err, sweepErr)
			}
		}
		if err != nil && ctx.Err() == nil {
			fault(err)
		}
	})
}

// every calls do at once and again after each pause, until ctx ends.
func every(ctx context.Context, pause time.Duration, do func()) {
	for ctx.Err() == nil {
		do()
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
