package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
	"adalid/web"
	"adalid/web/api"
	"adalid/web/lite"
	"adalid/web/session"
)

// house is the real handler over a real database, with a clock and a letter box.
type house struct {
	t       *testing.T
	store   *store.Store
	people  *account.Accounts
	base    string
	mu      sync.Mutex
	at      time.Time
	letters []string
	issuer  *issuer
}

type houseOptions struct {
	alone, noAuth, mail bool
	public              string
	issuer              *issuer
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// Mail implements account.Mailer.
func (h *house) Mail(_ context.Context, to, subject, text string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.letters = append(h.letters, to+"\n"+subject+"\n"+text)
	return nil
}

func (h *house) mailed() []string {
	h.people.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.letters)
}

func newHouse(t *testing.T, o houseOptions) *house {
	t.Helper()
	h := &house{t: t, at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Now: h.now})
	if err != nil {
		t.Fatal(err)
	}
	h.store = s
	options := account.Options{Store: s, Base: "http://adalid.example", Alone: o.alone || o.noAuth, Now: h.now}
	if o.mail {
		options.Mailer = h
	}
	h.people = account.New(options)
	sessions := session.New(session.Options{
		Store: s, Users: s, Secure: strings.HasPrefix(o.public, "https:"), SingleUser: h.people.SingleUser, Proxied: o.noAuth, Now: h.now,
	})
	var signOn lite.SignOn
	if o.issuer != nil {
		h.issuer = o.issuer
		signOn = o.issuer.signOn(t, h)
	}
	handler, err := web.New(web.Options{
		API:  api.Options{Brands: s, Evidence: s, Sessions: sessions, Accounts: h.people, Now: h.now},
		Lite: lite.Options{SignOn: signOn, Brands: s, Evidence: s, Sessions: sessions, Accounts: h.people},
		Now:  h.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	h.base = server.URL
	t.Cleanup(func() {
		server.Close()
		h.people.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, brand := range []string{"Acme", "Other"} {
		if err := s.CreateBrand(t.Context(), adalid.Brand{Name: brand}); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

const passphrase = "tres tristes tigres"

// add makes an account with roles as --role takes them.
func (h *house) add(email string, roles ...string) account.User {
	h.t.Helper()
	list, err := grants(roles, false)
	if err != nil {
		h.t.Fatal(err)
	}
	u, err := h.people.Add(h.t.Context(), account.Newcomer{Email: email, Password: passphrase + " of " + email}, list)
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

// visitor is a browser: it keeps cookies and follows no redirect.
type visitor struct {
	h       *house
	cookies map[string]string
	head    map[string]string // sent with every request
}

func (h *house) visitor() *visitor {
	return &visitor{h, map[string]string{}, map[string]string{}}
}

type reply struct {
	*http.Response
	text string
}

func (v *visitor) do(method, path, kind, body string) reply {
	v.h.t.Helper()
	r, err := http.NewRequestWithContext(v.h.t.Context(), method, v.h.base+path, strings.NewReader(body))
	if err != nil {
		v.h.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for name, value := range v.head {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		v.h.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	for _, c := range answer.Cookies() {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return reply{answer, string(text)}
}

func (v *visitor) get(path string) reply { return v.do(http.MethodGet, path, "", "") }

// send sends JSON to the API; body is encoded.
func (v *visitor) send(method, path string, body any) reply {
	v.h.t.Helper()
	if body == nil {
		return v.do(method, "/api/v1"+path, "", "")
	}
	text, err := json.Marshal(body)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return v.do(method, "/api/v1"+path, "application/json", string(text))
}

func (v *visitor) post(path string, form url.Values) reply {
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

type fields map[string]any

func (v *visitor) signIn(email, password string) reply {
	return v.send(http.MethodPost, "/session", fields{"email": email, "password": password})
}

// enter signs in where it has to work.
func (v *visitor) enter(email string) *visitor {
	v.h.t.Helper()
	if a := v.signIn(email, passphrase+" of "+email); a.StatusCode != http.StatusOK {
		v.h.t.Fatalf("sign in as %s: %s %s", email, a.Status, a.text)
	}
	return v
}

// in tells whether the browser is signed in, by the API and by the page.
func (v *visitor) in() bool {
	v.h.t.Helper()
	me, page := v.get("/api/v1/me"), v.get("/lite/password")
	if (me.StatusCode == http.StatusOK) != (page.StatusCode == http.StatusOK) || me.StatusCode != http.StatusOK && me.StatusCode != http.StatusUnauthorized {
		v.h.t.Errorf("the API answers %s, the page %s", me.Status, page.Status)
	}
	return me.StatusCode == http.StatusOK
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// TestGuessing: 200 guesses from as many addresses check ten passwords, and keep
// out neither others nor the owner in a browser of theirs.
func TestGuessing(t *testing.T) {
	long(t)
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	h.add("ben@brand.example", "Acme=viewer")
	home := h.visitor().enter("ana@brand.example")
	seen := map[string][]string{}
	for _, email := range []string{"ana@brand.example", "nobody@brand.example"} {
		before := h.people.Passwords.Runs()
		for i := range 200 {
			v := h.visitor()
			address := fmt.Sprintf("203.0.113.%d", i)
			v.head = map[string]string{"X-Forwarded-For": address, "Forwarded": "for=" + address, "X-Real-Ip": address}
			var a reply
			if i%3 == 0 {
				a = v.signIn(strings.ToUpper(email[:1])+email[1:], fmt.Sprintf("a wrong password %d", i))
			} else {
				a = v.send(http.MethodPost, "/session", fields{"email": email, "password": fmt.Sprintf("a wrong password %d", i)})
			}
			seen[email] = append(seen[email], a.Status+requestID.ReplaceAllString(a.text, ""))
		}
		if runs := h.people.Passwords.Runs() - before; runs != 10 {
			t.Errorf("%s: %d of 200 guesses were checked, want 10", email, runs)
		}
	}
	if !slices.Equal(seen["ana@brand.example"], seen["nobody@brand.example"]) {
		t.Errorf("the answers tell who has an account:\n%s\n%s", seen["ana@brand.example"][0], seen["nobody@brand.example"][0])
	}
	if !strings.HasPrefix(seen["ana@brand.example"][9], "401") || !strings.HasPrefix(seen["ana@brand.example"][10], "429") {
		t.Errorf("the tenth and the eleventh: %q", seen["ana@brand.example"][9:11])
	}
	if a := h.visitor().signIn("ana@brand.example", passphrase+" of ana@brand.example"); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the right password after too many wrong ones, in a strange browser: %s", a.Status)
	}
	page := h.visitor().post("/lite/sign-in", url.Values{"email": {"ana@brand.example"}, "password": {passphrase + " of ana@brand.example"}})
	if page.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the page forgets what the API counted: %s", page.Status)
	}
	h.visitor().enter("ben@brand.example")
	home.send(http.MethodDelete, "/session", nil)
	home.enter("ana@brand.example")
	for range 20 { // that browser has tries of its own, as many
		home.signIn("ana@brand.example", "a wrong password")
	}
	if a := home.signIn("ana@brand.example", passphrase+" of ana@brand.example"); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a known browser may guess without end: %s", a.Status)
	}
	h.pass(15 * time.Minute)
	h.visitor().enter("ana@brand.example")
}

// TestSignInFlood: while 250 strangers sign in at once under invented addresses,
// somebody whose browser signed in before gets in, and the strangers are told when
// to come again.
func TestSignInFlood(t *testing.T) {
	long(t)
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	ana := h.visitor().enter("ana@brand.example")
	before := h.people.Passwords.Runs()
	ana.send(http.MethodDelete, "/session", nil)
	const many = 250
	var began sync.WaitGroup
	began.Add(many)
	answers := make(chan reply, many)
	for i := range many {
		go func() {
			v := h.visitor()
			began.Done()
			answers <- v.send(http.MethodPost, "/session", fields{"email": fmt.Sprintf("nobody%d@brand.example", i), "password": "a wrong password"})
		}()
	}
	began.Wait()
	first := <-answers // so many wait that somebody is refused, or was heard
	if a := ana.signIn("ana@brand.example", passphrase+" of ana@brand.example"); a.StatusCode != http.StatusOK {
		t.Errorf("a known browser, while others flood: %s %s", a.Status, a.text)
	}
	counts := map[int]int64{}
	for i := range many {
		a := first
		if i > 0 {
			a = <-answers
		}
		counts[a.StatusCode]++
		if a.StatusCode == http.StatusServiceUnavailable && (a.Header.Get("Retry-After") != "5" || !strings.Contains(a.text, `"unavailable"`)) {
			t.Errorf("Retry-After is %q: %s", a.Header.Get("Retry-After"), a.text)
		}
	}
	if counts[http.StatusServiceUnavailable] < many/2 || counts[http.StatusServiceUnavailable]+counts[http.StatusUnauthorized] != many {
		t.Errorf("the strangers were told %v", counts)
	}
	if runs := h.people.Passwords.Runs() - before; runs != counts[http.StatusUnauthorized]+1 {
		t.Errorf("%d hashes for %v", runs, counts)
	}
}

// TestForgedDevice: a cookie of another user, or one made up, is no device.
func TestForgedDevice(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	h.add("ben@brand.example", "owner")
	device := h.visitor().enter("ben@brand.example").cookies["adalid_device"]
	parts := strings.Split(device, ".")
	ana, _, err := h.store.UserByEmail(t.Context(), "ana@brand.example")
	if err != nil || len(parts) != 4 {
		t.Fatal(err, device)
	}
	for range 10 {
		h.visitor().signIn("ana@brand.example", "a wrong password")
	}
	for _, forged := range []string{device, strings.Join([]string{ana.ID, parts[1], parts[2], parts[3]}, "."), ana.ID + "...", "", strings.Repeat(".", 3000)} {
		v := h.visitor()
		v.cookies["adalid_device"] = forged
		if a := v.signIn("ana@brand.example", passphrase+" of ana@brand.example"); a.StatusCode != http.StatusTooManyRequests {
			t.Errorf("%.60q counts as a device: %s", forged, a.Status)
		}
	}
}

// TestNoTell: whoever has no account, and whoever is kept out, costs as many
// hashes and gets the same answer.
func TestNoTell(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	out := h.add("out@brand.example", "Acme=viewer")
	if _, err := h.people.ChangeUser(t.Context(), account.Local(), out.ID, account.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, c := range [][2]string{
		{"ana@brand.example", "a wrong password"},
		{"nobody@brand.example", "a wrong password"},
		{"out@brand.example", passphrase + " of out@brand.example"},
		{"ana@brand.example", strings.Repeat("x", 1024)},
		{"no address at all", "a wrong password"},
	} {
		before := h.people.Passwords.Runs()
		a := h.visitor().signIn(c[0], c[1])
		if runs := h.people.Passwords.Runs() - before; runs != 1 {
			t.Errorf("%s: %d hashes", c[0], runs)
		}
		answers = append(answers, a.Status+requestID.ReplaceAllString(a.text, ""))
	}
	if slices.Sort(answers); answers[0] != answers[len(answers)-1] || !strings.HasPrefix(answers[0], "401") {
		t.Errorf("the answers differ: %q", answers)
	}
}

// TestSessionsEnd: a token changes at sign-in and is dead after everything that
// has to end it.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	h.add("eva@brand.example", "owner")
	const name = "adalid_session"
	v := h.visitor()
	v.cookies[name] = "chosen-by-somebody-else"
	fixed := h.visitor()
	fixed.cookies[name] = v.cookies[name]
	v.enter("ana@brand.example")
	if v.cookies[name] == fixed.cookies[name] || fixed.in() || !v.in() {
		t.Error("a token from before the sign-in stands for a session")
	}
	again := h.visitor()
	again.cookies[name] = v.cookies[name]
	v.enter("ana@brand.example")
	if again.cookies[name] == v.cookies[name] || again.in() || !v.in() {
		t.Error("a second sign-in keeps the token of the first")
	}
	for what, end := range map[string]func(mine *visitor, u account.User){
		"sign-out":      func(mine *visitor, _ account.User) { mine.send(http.MethodDelete, "/session", nil) },
		"sign-out page": func(mine *visitor, _ account.User) { mine.post("/lite/sign-out", nil) },
		"password": func(mine *visitor, u account.User) {
			other := h.visitor().enter(u.Email)
			a := mine.send(http.MethodPut, "/me/password", fields{"password": passphrase + " of " + u.Email, "new_password": "another long secret"})
			if a.StatusCode != http.StatusNoContent || !mine.in() || other.in() {
				t.Errorf("password change: %s %s; here %t, elsewhere %t", a.Status, a.text, mine.in(), other.in())
			}
			if a := h.visitor().signIn(u.Email, passphrase+" of "+u.Email); a.StatusCode != http.StatusUnauthorized {
				t.Errorf("the old password still works: %s", a.Status)
			}
		},
		"role": func(_ *visitor, u account.User) {
			a := v.send(http.MethodPatch, "/users/"+u.ID, fields{"roles": []fields{{"brand": "Acme", "role": "manager"}}})
			if a.StatusCode != http.StatusOK || !strings.Contains(a.text, `"manager"`) {
				t.Errorf("role change: %s %s", a.Status, a.text)
			}
		},
		"disabling": func(_ *visitor, u account.User) {
			v.send(http.MethodPatch, "/users/"+u.ID, fields{"disabled": true})
		},
		"removal": func(_ *visitor, u account.User) { v.send(http.MethodDelete, "/users/"+u.ID, nil) },
		"idling":  func(*visitor, account.User) { h.pass(session.Idle); v.enter("ana@brand.example") },
	} {
		u := h.add(strings.ReplaceAll(what, " ", ".")+"@brand.example", "Acme=viewer")
		mine := h.visitor().enter(u.Email)
		copied := h.visitor()
		copied.cookies[name] = mine.cookies[name]
		if !copied.in() {
			t.Errorf("%s: no session to begin with", what)
		}
		end(mine, u)
		if copied.in() {
			t.Errorf("the session outlives %s", what)
		}
	}
}

// TestSessionAge: a session lives on while it is used, but no longer than 30 days.
func TestSessionAge(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	v := h.visitor().enter("ana@brand.example")
	for hours := 0; hours < 30*24; hours += 10 {
		if !v.in() {
			t.Fatalf("ended after %d h of use", hours)
		}
		h.pass(10 * time.Hour)
	}
	if v.in() {
		t.Error("a session lives for ever")
	}
}

// TestCookies: what cookies carry, and that answers which begin or end no session
// set none.
func TestCookies(t *testing.T) {
	t.Parallel()
	for _, public := range []string{"", "https://adalid.example"} {
		h := newHouse(t, houseOptions{public: public})
		h.add("ana@brand.example", "owner")
		v := h.visitor()
		a := v.signIn("ana@brand.example", passphrase+" of ana@brand.example")
		if len(a.Cookies()) != 2 {
			t.Errorf("%d cookies", len(a.Cookies()))
		}
		for _, c := range a.Cookies() {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 ||
				c.Secure != (public != "") || strings.HasPrefix(c.Name, "__Host-") != (public != "") {
				t.Errorf("cookie %s", c.Raw)
			}
		}
		if a.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("Cache-Control %q with a cookie", a.Header.Get("Cache-Control"))
		}
		for _, path := range []string{"/api/v1/me", "/api/v1/users", "/api/v1/health", "/api/v1/openapi.json", "/api/v1/nothing", "/lite", "/lite/style.css", "/lite/sign-in", "/metrics", "/"} {
			if a := v.get(path); len(a.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s sets %q", path, a.Header.Values("Set-Cookie"))
			}
		}
		if a := v.signIn("ana@brand.example", "a wrong password"); len(a.Cookies()) != 0 {
			t.Errorf("a refused sign-in sets %q", a.Header.Values("Set-Cookie"))
		}
		if a := v.send(http.MethodDelete, "/session", nil); len(a.Cookies()) != 1 || a.Cookies()[0].MaxAge >= 0 {
			t.Errorf("sign-out sets %q", a.Header.Values("Set-Cookie"))
		}
	}
}
