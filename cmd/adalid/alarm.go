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
	"adalid/internal/mail"
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
		sender, err := mailSender(cfg.Mail, client)
		if err != nil {
			return nil, err
		}
		w.Channels = append(w.Channels, alarm.Mail{Sender: sender, To: c.MailTo, Language: c.Language})
	}
	if c.WebhookURL != "" {
		w.Channels = append(w.Channels, alarm.Webhook{URL: c.WebhookURL, Secret: c.WebhookKey(), HTTP: client.Doer("alarms", collectors.Limits{}), Now: a.now})
	}
	return w, nil
}

// mailSender is the mail server of the settings.
func mailSender(c config.Mail, client *fetch.Client) (mail.Sender, error) {
	host, port, err := net.SplitHostPort(c.Server)
	if err != nil {
		return mail.Sender{}, adalid.Wrapf(adalid.Invalid, err, "mail.server %q is not host:port", c.Server)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return mail.Sender{}, adalid.Wrapf(adalid.Invalid, err, "mail.server %q names no port", c.Server)
	}
	return mail.Sender{
		Host: host, Port: number, User: c.User, Password: c.Password.Reveal(), From: c.From,
		Plain: host == "localhost" || net.ParseIP(host).IsLoopback(), Dial: client.DialContext,
	}, nil
}
