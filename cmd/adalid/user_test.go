package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestUserCommands: accounts from the command line; what leaves nobody in charge
// is refused, and passwords come from standard input only.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Acme = Co")
	for _, c := range []struct {
		stdin string
		args  []string
		code  int
		want  string // in what is said
	}{
		{passphrase, []string{"user", "add", "ben@brand.example", "--role", "Acme = Co=analyst"}, 1, "own every brand"},
		{passphrase, []string{"user", "add", "no address", "--role", "owner"}, 2, "not a mail address"},
		{"", []string{"user", "add", "ana@brand.example", "--role", "owner"}, 2, "no password"},
		{"short\n", []string{"user", "add", "ana@brand.example", "--role", "owner"}, 2, "too short"},
		{"ana@brand.example\n", []string{"user", "add", "ana@brand.example", "--role", "owner"}, 2, "made of the address"},
		{"Password123456!\n", []string{"user", "add", "ana@brand.example", "--role", "owner"}, 2, "commonest"},
		{passphrase + "\n", []string{"user", "add", "ana@brand.example", "--role", "owner", "--name", "Ana"}, 0, "ana@brand.example has an account"},
		{passphrase + "\n", []string{"user", "add", "ANA@brand.example", "--role", "owner"}, 1, "already"},
		{passphrase + "\n", []string{"user", "add", "ben@brand.example", "--role", "Nothing=analyst"}, 1, `no brand "Nothing"`},
		{passphrase + "\n", []string{"user", "add", "ben@brand.example", "--role", "king"}, 2, "no role"},
		{passphrase + "\r\n", []string{"user", "add", "ben@brand.example", "--role", "acme = co=analyst"}, 0, "ben@brand.example"},
		{"", []string{"user", "role", "ana@brand.example", "--role", "manager"}, 1, "own every brand"},
		{"", []string{"user", "disable", "ana@brand.example"}, 1, "own every brand"},
		{"", []string{"user", "remove", "ana@brand.example"}, 1, "own every brand"},
		{"", []string{"user", "role", "ben@brand.example"}, 2, "nothing to change"},
		{"", []string{"user", "role", "ben@brand.example", "--role", "viewer", "--role", "Acme = Co=none"}, 0, "roles now: viewer"},
		{"", []string{"user", "disable", "ben@brand.example"}, 0, "cannot sign in"},
		{"another long secret", []string{"user", "password", "ben@brand.example"}, 0, "new password"},
		{"", []string{"user", "password", "eva@brand.example"}, 1, "adalid user list"},
		{"", []string{"user", "enable", "Ben@brand.example"}, 0, "can sign in again"},
		{"", []string{"user", "invite", "eva@brand.example"}, 2, "which role"},
	} {
		if r := cli(t, dir, c.stdin, c.args...); r.code != c.code || !strings.Contains(r.err, c.want) || strings.Contains(r.err+r.out, passphrase) {
			t.Errorf("%q: exit %d, want %d and %q\n%s", c.args, r.code, c.code, c.want, r.err)
		}
	}
	if link := ok(t, dir, "user", "invite", "eva@brand.example", "--role", "Acme = Co=viewer"); !regexp.MustCompile(`^http://127\.0\.0\.1:8080/lite/invitation\?token=[A-Z2-7]{26}\n$`).MatchString(link) {
		t.Errorf("invite prints %q", link)
	}
	list := ok(t, dir, "user", "list", "--format", "csv")
	for _, want := range []string{"ana@brand.example,Ana,owner,active,", "ben@brand.example,ben,viewer,active,", "eva@brand.example,,Acme = Co=viewer,invited,"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if r := cli(t, dir, "", "user", "remove", "ben@brand.example", "--json"); r.code != 0 || !strings.Contains(r.out, `"email": "ben@brand.example"`) {
		t.Errorf("remove: exit %d %s %s", r.code, r.out, r.err)
	}
}

// TestServeAsksForAnAccount: the real program prints the link to the first account
// to the terminal, outside of its log, and takes everybody else in by it only.
func TestServeAsksForAnAccount(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := serve(t, dir, []string{"ADALID_SERVER_PUBLIC_URL=https://adalid.example", "ADALID_LOG_LEVEL=debug", "ADALID_LOG_FORMAT=json"})
	link := regexp.MustCompile(`(?m)^  https://adalid\.example(/lite/setup\?token=([A-Z2-7]{26}))$`).FindStringSubmatch(s.said())
	if link == nil {
		t.Fatalf("no link:\n%s", s.said())
	}
	if a, _ := s.ask(http.MethodGet, "/api/v1/me", nil, nil); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("before there is an account: %s", a.Status)
	}
	if a, text := s.ask(http.MethodGet, link[1], nil, nil); a.StatusCode != http.StatusOK || !strings.Contains(text, "The first account") {
		t.Errorf("the page: %s\n%s", a.Status, text)
	}
	form := url.Values{"token": {link[2]}, "email": {"ana@brand.example"}, "password": {passphrase}}
	a, text := s.ask(http.MethodPost, "/lite/setup", strings.NewReader(form.Encode()), header("Content-Type", "application/x-www-form-urlencoded"))
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("setup: %s\n%s", a.Status, text)
	}
	var cookies []string
	for _, c := range a.Cookies() {
		if !c.Secure || !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("cookie %s", c.Raw)
		}
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if a, _ := s.ask(http.MethodGet, "/api/v1/me", nil, header("Cookie", strings.Join(cookies, "; "))); a.StatusCode != http.StatusOK {
		t.Errorf("signed in: %s", a.Status)
	}
	if a, _ := s.ask(http.MethodPost, "/lite/setup", strings.NewReader(form.Encode()), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
	}); a.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: %s", a.Status)
	}
	s.stop()
	for line := range strings.Lines(s.said()) {
		if strings.HasPrefix(line, "{") && (strings.Contains(line, link[2]) || strings.Contains(line, passphrase) || strings.Contains(line, "ana@brand") || strings.Contains(line, cookies[0])) {
			t.Errorf("the log tells: %s", line)
		}
	}
	again := serve(t, dir, []string{"ADALID_SERVER_PUBLIC_URL=https://adalid.example"})
	if strings.Contains(again.said(), "token=") {
		t.Error("a link where there is an account")
	}
	again.stop()
}
