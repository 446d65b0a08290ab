package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/account"
	"adalid/internal/fetch"
	"adalid/internal/store"
	"adalid/web"
	"adalid/web/lite"
	"adalid/web/session"
)

// door is how people get into the server.
type door struct {
	accounts *account.Accounts
	sessions *session.Sessions
	hosts    []string    // names it is reached under
	signOn   lite.SignOn // nil: none
	public   string      // address of the settings; "" none
	noAuth   bool
}

type doorOptions struct {
	noAuth bool
	client *fetch.Client // mail leaves through it
	log    *slog.Logger
}

func (a *app) openDoor(ctx context.Context, cfg *config.Config, s *store.Store, o doorOptions) (*door, error) {
	d := &door{hosts: slices.Concat(cfg.Server.Hosts, hostOf(cfg.Privacy.URL), hostOf(cfg.Server.PublicURL)), public: cfg.Server.PublicURL, noAuth: o.noAuth}
	exposed, err := web.Exposed(cfg.Server.Address)
	if err != nil {
		return nil, adalid.Errorf(adalid.Invalid, "%v", err)
	}
	alone := !exposed && len(d.hosts) == 0
	accounts := account.Options{
		Store: s, Base: d.public, Language: cfg.Mail.Language, Alone: alone || o.noAuth, Now: a.now, Logger: o.log,
	}
	if cfg.Mail.Server != "" {
		sender, err := mailSender(cfg.Mail, o.client)
		if err != nil {
			return nil, err
		}
		accounts.Mailer = sender
	}
	d.accounts = account.New(accounts)
	if cfg.OIDC.Issuer != "" {
		d.signOn = account.NewSignOn(account.SignOnOptions{
			Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.ClientID, Secret: cfg.OIDC.ClientSecret.Reveal(), Return: d.public + lite.SignOnReturn,
			HTTP: collectors.Client(o.client.Doer("oidc", collectors.Limits{})), Accounts: d.accounts,
		})
	}
	d.sessions = session.New(session.Options{
		Store: s, Users: s, Secure: strings.HasPrefix(d.public, "https://"), SingleUser: d.accounts.SingleUser, Proxied: o.noAuth, Now: a.now,
	})
	manned, err := d.accounts.Manned(ctx)
	if err == nil && o.noAuth && !manned && !alone {
		o.log.Warn("--no-auth-i-understand: nobody has an account, so everybody who reaches this server can read and change everything")
	}
	return d, err
}

// sayWhoGetsIn prints the link to the first account where one is needed. It goes
// to the terminal and never to the log.
func (a *app) sayWhoGetsIn(ctx context.Context, d *door, at net.Addr) error {
	if d.public == "" {
		d.accounts.Base = "http://" + reached(at)
	}
	alone, err := d.accounts.SingleUser(ctx)
	if err != nil || alone {
		if err == nil && !d.noAuth {
			fmt.Fprintln(a.err, "Nobody has to sign in: only this computer reaches the server. For more people: adalid user add ADDRESS --role owner")
		}
		return err
	}
	link, err := d.accounts.OpenSetup(ctx)
	switch adalid.CodeOf(err) {
	case "":
		if err == nil {
			fmt.Fprintf(a.err, "Nobody has an account yet. Make the first one here; the link works once, within 24 hours, and a new start makes a new one:\n  %s\n", link)
		}
		return err
	case adalid.Conflict: // there are accounts
		return nil
	}
	return err
}

// reached gives an address as this computer reaches it.
func reached(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
