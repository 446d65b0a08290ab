package main

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/alarm"
	"adalid/internal/mail"
	"adalid/internal/store"
)

// alarmPost is what of a post is looked at.
type alarmPost struct {
	Type string `json:"type"`
	Data struct {
		Brand, Source, Reason, Fix string
	} `json:"data"`
}

// alarmed collects signed posts.
type alarmed struct {
	t      *testing.T
	secret []byte
	mu     sync.Mutex
	told   []string
}

func (a *alarmed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Error(err)
	}
	if got, want := r.Header.Get("Webhook-Signature"), "v1,"+alarm.Sign(a.secret, r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body); got != want {
		a.t.Errorf("signed %q, want %q", got, want)
	}
	var p alarmPost
	if err := json.Unmarshal(body, &p); err != nil {
		a.t.Errorf("%q: %v", body, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.told = append(a.told, strings.Join([]string{p.Type, p.Data.Brand, p.Data.Source, p.Data.Reason, p.Data.Fix}, ", "))
}

func (a *alarmed) list() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.told)
}

// TestServeTellsAlarms: the server posts to the configured address that a source
// fails, once over its restarts, and once that it works again.
func TestServeTellsAlarms(t *testing.T) {
	t.Parallel()
	a := &alarmed{t: t, secret: []byte("invented-secret-of-a-test..")}
	hook := httptest.NewServer(a)
	defer hook.Close()
	environ := []string{
		"ADALID_ALARMS_WEBHOOK_URL=" + hook.URL + "/alarms", "ADALID_FETCH_ALLOW_HOSTS=127.0.0.1",
		"ADALID_ALARMS_WEBHOOK_SECRET=whsec_" + base64.StdEncoding.EncodeToString(a.secret),
	}
	forum, dir := newForum(1).open(), t.TempDir()
	forum.failing(&collectors.Error{Kind: collectors.Auth, Message: "the key was revoked", Fix: "make a new one"})
	inStore(t, dir, func(s *store.Store) {
		if err := s.CreateBrand(t.Context(), adalid.Brand{Name: "Tea"}); err != nil {
			t.Fatal(err)
		}
	})
	scanned := func(told ...string) {
		t.Helper()
		_, stop := serveKinds(t, dir, environ, forum.definition("forum", collectors.Keyless))
		eventually(t, "what is told", func() bool { return slices.Equal(a.list(), told) })
		stop()
		s, stop := serveKinds(t, dir, environ, forum.definition("forum", collectors.Keyless)) // nothing is told twice
		s.send("POST", "/api/v1/brands/Tea/scans?wait=true", "", 200)
		stop()
	}
	scanned()
	const failed, recovered = "source.failed, Tea, forum, the key was revoked, make a new one", "source.recovered, Tea, forum, the key was revoked, make a new one"
	scanned(failed)
	forum.failing(nil)
	scanned(failed)
	scanned(failed, recovered)
	if got := a.list(); len(got) != 2 {
		t.Errorf("told %q", got)
	}
}

// TestAlarmChannels: what the settings name becomes the ways to tell.
func TestAlarmChannels(t *testing.T) {
	t.Parallel()
	a := &app{streams: streams{out: io.Discard, err: io.Discard}, now: time.Now}
	for _, c := range []struct {
		alarms config.Alarms
		mail   config.Mail
		want   []alarm.Channel
	}{
		{config.Alarms{}, config.Mail{}, nil},
		{
			config.Alarms{MailTo: []string{"team@brand.example"}, Language: "es"},
			config.Mail{From: "adalid@brand.example", Server: "mail.brand.example:587", User: "u", Password: "p"},
			[]alarm.Channel{alarm.Mail{Sender: mail.Sender{Host: "mail.brand.example", Port: 587, User: "u", Password: "p", From: "adalid@brand.example"}, To: []string{"team@brand.example"}, Language: "es"}},
		},
		{
			config.Alarms{MailTo: []string{"team@brand.example"}, WebhookURL: "https://hooks.brand.example/"},
			config.Mail{Server: "[::1]:25"},
			[]alarm.Channel{alarm.Mail{Sender: mail.Sender{Host: "::1", Port: 25, Plain: true}, To: []string{"team@brand.example"}}, alarm.Webhook{URL: "https://hooks.brand.example/"}},
		},
	} {
		cfg, err := config.Load(config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cfg.Alarms, cfg.Mail = c.alarms, c.mail
		client, err := a.fetcher(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		w, err := a.watcher(cfg, nil, client)
		if err != nil {
			t.Fatal(err)
		}
		if len(w.Channels) != len(c.want) {
			t.Fatalf("%+v: %d ways to tell", c.alarms, len(w.Channels))
		}
		for i, channel := range w.Channels {
			switch got := channel.(type) {
			case alarm.Mail:
				want := c.want[i].(alarm.Mail)
				dial := got.Sender.Dial
				got.Sender.Dial = nil
				if !reflect.DeepEqual(got, want) || dial == nil {
					t.Errorf("%+v, want %+v", got, want)
				}
			case alarm.Webhook:
				if want := c.want[i].(alarm.Webhook); got.URL != want.URL || got.Secret != nil || got.HTTP == nil {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
		}
	}
}
