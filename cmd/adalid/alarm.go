package main

import (
	"net"
	"strconv"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/alarm"
	"adalid/internal/fetch"
	"adalid/internal/store"
)

// alarmLook is how often it is looked whether a source fails: what is wrong is
// to be told within a quarter of an hour.
const alarmLook = time.Minute

func (k *keeper) look(w *alarm.Watcher) {
	if err := w.Look(k.ctx); err != nil && k.ctx.Err() == nil {
		k.log("tell about sources that fail", err)
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
		w.Channels = append(w.Channels, alarm.Webhook{URL: c.WebhookURL, Secret: c.WebhookKey(), HTTP: client.Doer("alarms", collectors.Limits{}), Now: a.now})
	}
	return w, nil
}
