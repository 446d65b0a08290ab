package alarm

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/mail"
	"adalid/internal/scan"
)

// desk is a Store and Sources in memory, with a clock.
type desk struct {
	at     time.Time
	health []scan.Health
	perDay float64
	alarms []Alarm
}

func (d *desk) now() time.Time { return d.at }

func (d *desk) Brands(context.Context) ([]adalid.Brand, error) {
	return []adalid.Brand{{Name: "Acme"}}, nil
}

func (d *desk) Standings(context.Context, string) ([]scan.Health, error) { return d.health, nil }

func (d *desk) Habit(context.Context, string, string, time.Time) (float64, bool, error) {
	return d.perDay, d.perDay > 0, nil
}

func (d *desk) Alarms(context.Context) (open []Alarm, err error) {
	for _, a := range d.alarms {
		if a.Recovered.IsZero() {
			open = append(open, a)
		}
	}
	return open, nil
}

func (d *desk) SetAlarm(ctx context.Context, a Alarm) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if a.ID == 0 {
		a.ID = int64(len(d.alarms) + 1)
		d.alarms = append(d.alarms, a)
	} else {
		d.alarms[a.ID-1] = a
	}
	return nil
}

// wall collects messages; with broken it refuses them.
type wall struct {
	d      *desk
	told   []string
	broken bool
}

func (w *wall) Send(_ context.Context, m Message) error {
	if w.broken {
		return errors.New("no paper")
	}
	w.told = append(w.told, fmt.Sprintf("%s %s %s %v", w.d.at.Format("02 15:04"), m.Source, m.Kind, m.Ended))
	return nil
}

var monday = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func look(t *testing.T, d *desk, channels ...Channel) {
	t.Helper()
	w := Watcher{Store: d, Sources: d, Channels: channels, Now: d.now, Log: slog.New(slog.DiscardHandler)}
	if err := w.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// stopping stops the program while it is told something.
type stopping struct {
	stop context.CancelFunc
	told int
}

func (s *stopping) Send(ctx context.Context, _ Message) error {
	s.stop()
	s.told++
	return ctx.Err()
}

// TestToldOnceThoughStopped: what is being told when the program stops is not told
// again.
func TestToldOnceThoughStopped(t *testing.T) {
	d := &desk{at: monday, health: []scan.Health{{Source: "s", State: scan.Failed, Kind: collectors.Auth, Reason: "r", Failing: monday}}}
	ctx, stop := context.WithCancel(t.Context())
	c := &stopping{stop: stop}
	w := Watcher{Store: d, Sources: d, Channels: []Channel{c}, Now: d.now, Log: slog.New(slog.DiscardHandler)}
	if err := w.Look(ctx); err != nil {
		t.Fatal(err)
	}
	look(t, d, c)
	if c.told != 1 {
		t.Errorf("told %d times", c.told)
	}
}

// TestToldOnceAndAgainWhenOver follows sources minute by minute.
func TestToldOnceAndAgainWhenOver(t *testing.T) {
	d := &desk{at: monday}
	w := &wall{d: d}
	failing := func(kind collectors.Kind, state scan.State) scan.Health {
		return scan.Health{Source: "s", State: state, Kind: kind, Reason: "r", Failing: monday}
	}
	for _, c := range []struct {
		name    string
		health  scan.Health
		minutes int // it lasts
		want    []string
	}{
		{"a revoked key", failing(collectors.Auth, scan.Failed), 30, []string{"02 09:00 s auth false", "02 09:30 s auth true"}},
		{"a used-up budget", failing(collectors.Budget, scan.Paused), 30, []string{"02 09:00 s budget false", "02 09:30 s budget true"}},
		{"an outage", failing(collectors.Transient, scan.Paused), 30, []string{"02 09:04 s transient false", "02 09:30 s transient true"}},
		{"a hiccup", failing(collectors.Transient, scan.Paused), 3, nil},
		{"a rate limit", failing(collectors.RateLimited, scan.Paused), 300, nil},
		{"a rate limit without end", failing(collectors.RateLimited, scan.Paused), 400, []string{"02 15:00 s rate_limited false", "02 15:40 s rate_limited true"}},
		{"an error of our own", failing("", scan.Failed), 10, []string{"02 09:00 s  false", "02 09:10 s  true"}},
	} {
		d.at, d.alarms, w.told = monday, nil, nil
		for minute := range c.minutes + 10 {
			d.at = monday.Add(time.Duration(minute) * time.Minute)
			d.health = []scan.Health{c.health}
			if minute >= c.minutes {
				d.health = []scan.Health{{Source: "s", State: scan.Done}}
			}
			look(t, d, w)
		}
		if !slices.Equal(w.told, c.want) {
			t.Errorf("%s: told %q, want %q", c.name, w.told, c.want)
		}
	}
}

// TestSilentAgainstHabit is told only where so much silence is no chance.
func TestSilentAgainstHabit(t *testing.T) {
	for _, c := range []struct {
		perDay float64
		hours  int
		want   int
	}{{10, 23, 0}, {10, 24, 1}, {1, 48, 0}, {1, 8 * 24, 1}, {0, 1000, 0}} {
		d := &desk{at: monday, perDay: c.perDay}
		w := &wall{d: d}
		found := monday.Add(-time.Duration(c.hours) * time.Hour)
		d.health = []scan.Health{{Source: "s", State: scan.Done, Found: found, Succeeded: monday}}
		look(t, d, w)
		look(t, d, w)
		if len(w.told) != c.want {
			t.Errorf("%v a day, silent for %d h: told %q", c.perDay, c.hours, w.told)
		}
	}
}

// TestSilenceEndsWithAMention: not with the records by which its habit was known.
func TestSilenceEndsWithAMention(t *testing.T) {
	d := &desk{at: monday, perDay: 10}
	w := &wall{d: d}
	silent := scan.Health{Source: "s", State: scan.Done, Found: monday.Add(-48 * time.Hour), Succeeded: monday}
	for _, c := range []struct {
		perDay float64
		health scan.Health
		told   int
	}{
		{10, silent, 1},
		{0, silent, 1},
		{0, scan.Health{Source: "s", State: scan.Done, Found: monday.Add(time.Hour), Succeeded: monday.Add(time.Hour)}, 2},
	} {
		d.at, d.perDay, d.health = d.at.Add(time.Hour), c.perDay, []scan.Health{c.health}
		look(t, d, w)
		if len(w.told) != c.told {
			t.Errorf("%v a day: told %q", c.perDay, w.told)
		}
	}
}

// TestUntoldIsToldLater keeps an alarm until somebody could be told, and does
// not tell that something is over of which nobody knew.
func TestUntoldIsToldLater(t *testing.T) {
	d := &desk{at: monday, health: []scan.Health{{Source: "s", State: scan.Failed, Kind: collectors.Auth, Failing: monday}}}
	broken := &wall{d: d, broken: true}
	w := Watcher{Store: d, Sources: d, Channels: []Channel{broken}, Now: d.now, Log: slog.New(slog.DiscardHandler)}
	if err := w.Look(t.Context()); err == nil {
		t.Error("a message that reached nobody is no error")
	}
	second := &wall{d: d}
	look(t, d, broken, second)
	look(t, d, broken, second)
	if len(second.told) != 1 {
		t.Errorf("told %q", second.told)
	}
	d.alarms, d.health = []Alarm{{ID: 1, Brand: "Acme", Source: "s", Kind: collectors.Auth, Since: monday}}, nil
	third := &wall{d: d}
	look(t, d, third)
	if len(third.told) != 0 || d.alarms[0].Recovered.IsZero() {
		t.Errorf("told %q, %+v", third.told, d.alarms)
	}
}

// TestWebhook posts to a real server, which checks the signature.
func TestWebhook(t *testing.T) {
	secret := []byte("an invented secret")
	var got event
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		want := "v1," + Sign(secret, r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body)
		if r.Header.Get("Webhook-Signature") != want || r.Header.Get("Webhook-Id") != "alarm_7_recovered" {
			t.Errorf("headers %v, want signature %s", r.Header, want)
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	hook := Webhook{URL: server.URL, Secret: secret, HTTP: doer{server.Client()}, Now: func() time.Time { return monday }}
	if err := hook.Send(t.Context(), Message{Alarm: Alarm{ID: 7, Brand: "Acme", Source: "s", Kind: collectors.Quota, Reason: "r", Since: monday}, Ended: true}); err != nil {
		t.Fatal(err)
	}
	if got.Type != "source.recovered" || got.Data.Brand != "Acme" || got.Data.Kind != collectors.Quota || !got.Time.Equal(monday) {
		t.Errorf("posted %+v", got)
	}
}

// TestSignature holds against the example of the specification.
func TestSignature(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	if got := Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %s", got)
	}
}

type doer struct{ *http.Client }

// TestMail speaks to a server on loopback that keeps what it is given.
func TestMail(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	letters := make(chan string, 1)
	go receive(listener, letters)
	port := listener.Addr().(*net.TCPAddr).Port
	m := Mail{To: []string{"team@brand.example"}, Language: "es", Sender: mail.Sender{
		Host: "127.0.0.1", Port: port, From: "adalid@brand.example", Plain: true, Dial: (&net.Dialer{}).DialContext,
	}}
	brand := "Café\r\nBcc: everybody@brand.example"
	if err := m.Send(t.Context(), Message{Alarm: Alarm{Brand: brand, Source: "mastodon", Kind: collectors.Auth, Reason: "the key was revoked", Fix: "make a new one", Since: monday}}); err != nil {
		t.Fatal(err)
	}
	letter := <-letters
	for _, want := range []string{"To: <team@brand.example>", "From: <adalid@brand.example>", "rechaza las credenciales", "2026-11-02 09:00 UTC", "make a new one"} {
		if !strings.Contains(letter, want) {
			t.Errorf("the letter lacks %q:\n%s", want, letter)
		}
	}
	head, _, _ := strings.Cut(letter, "\r\n\r\n")
	if strings.Contains(head, "\nBcc:") {
		t.Errorf("a brand's name became a header:\n%s", head)
	}
	m.Sender.Plain = false
	if err := m.Send(t.Context(), Message{Alarm: Alarm{Brand: "Acme", Source: "s", Since: monday}}); err == nil {
		t.Error("a server without TLS was given mail")
	}
}

// receive is a mail server that says yes to everything but encryption.
func receive(listener net.Listener, letters chan<- string) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		in := bufio.NewReader(conn)
		fmt.Fprint(conn, "220 mail.brand.example\r\n")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				break
			}
			switch {
			case strings.HasPrefix(line, "DATA"):
				fmt.Fprint(conn, "354 go on\r\n")
				var letter strings.Builder
				for line != ".\r\n" && err == nil {
					line, err = in.ReadString('\n')
					letter.WriteString(line)
				}
				letters <- letter.String()
				fmt.Fprint(conn, "250 taken\r\n")
			case strings.HasPrefix(line, "QUIT"):
				fmt.Fprint(conn, "221 bye\r\n")
			case strings.HasPrefix(line, "STARTTLS"):
				fmt.Fprint(conn, "502 not here\r\n")
			default:
				fmt.Fprint(conn, "250 mail.brand.example\r\n")
			}
		}
		conn.Close()
	}
}

// TestLanguagesSayTheSame holds every language to the same kinds.
func TestLanguagesSayTheSame(t *testing.T) {
	for language := range texts {
		for kind := range texts["en"].kinds {
			if texts[language].kinds[kind] == "" {
				t.Errorf("%s has no words for %q", language, kind)
			}
		}
		if len(texts[language].kinds) != len(texts["en"].kinds) {
			t.Errorf("%s has other kinds than en", language)
		}
	}
}

// TestNotOverWhileItFails tells nothing is over while a source that fails is
// tried again, fails in another way or is no longer read, and that it is silent
// only where somebody listened.
func TestNotOverWhileItFails(t *testing.T) {
	d := &desk{at: monday}
	w := &wall{d: d}
	fails := func(kind collectors.Kind, state scan.State) []scan.Health {
		return []scan.Health{{Source: "s", State: state, Kind: kind, Reason: "r", Failing: monday}}
	}
	for _, health := range [][]scan.Health{
		fails(collectors.Auth, scan.Failed),
		fails(collectors.Auth, scan.Running),
		fails(collectors.Auth, scan.Stopped),
		fails(collectors.RateLimited, scan.Paused), // passes by itself, so far
		fails(collectors.Forbidden, scan.Failed),
		{}, // its settings were removed
		fails(collectors.Schema, scan.Failed),
		{{Source: "s", State: scan.Done}},
	} {
		d.at, d.health = d.at.Add(time.Minute), health
		look(t, d, w)
	}
	want := []string{"02 09:01 s auth false", "02 09:05 s forbidden false", "02 09:07 s schema false", "02 09:08 s schema true"}
	if !slices.Equal(w.told, want) {
		t.Errorf("told %q, want %q", w.told, want)
	}

	d = &desk{at: monday.AddDate(0, 0, 7), perDay: 100} // nobody read for a week
	d.health = []scan.Health{{Source: "s", State: scan.Done, Found: monday, Succeeded: monday.Add(time.Hour)}}
	w = &wall{d: d}
	if look(t, d, w); len(w.told) != 0 {
		t.Errorf("told %q of a source that nobody read", w.told)
	}
}
