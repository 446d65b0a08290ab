package lite

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// oneLink is an OptOuts that knows one link.
type oneLink struct{ done int }

func (o *oneLink) Valid(token string) bool { return token == "made-here" }

func (o *oneLink) OptOut(string) error { o.done++; return nil }

func optOutPage(t *testing.T, links OptOuts) func(method, from, token string) (int, string) {
	t.Helper()
	page, err := NewOptOut(OptOutOptions{OptOuts: links, Now: func() time.Time { return time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return func(method, from, token string) (int, string) {
		t.Helper()
		r := httptest.NewRequest(method, OptOutPath+"?t="+token, nil)
		if method == http.MethodPost {
			r = httptest.NewRequest(method, OptOutPath, strings.NewReader(url.Values{"t": {token}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		page.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
}

// TestOptOutCountsGuesses: only links that were not made here are counted, by
// network; who has a link gets in from wherever others guess.
func TestOptOutCountsGuesses(t *testing.T) {
	links := new(oneLink)
	ask := optOutPage(t, links)
	for i := range 3 * mostAsks {
		if status, _ := ask(http.MethodGet, "192.0.2.7:1000", "made-here"); status != http.StatusOK {
			t.Fatalf("valid link %d: %d", i, status)
		}
	}
	for i := range 2 * mostAsks {
		want := http.StatusNotFound
		if i >= mostAsks {
			want = http.StatusTooManyRequests
		}
		if status, _ := ask(http.MethodGet, "192.0.2.7:1000", "guess"); status != want {
			t.Fatalf("guess %d: %d, want %d", i, status, want)
		}
		if status, _ := ask(http.MethodGet, fmt.Sprintf("[2001:db8:1:2::%x]:9", i+1), "guess"); status != want {
			t.Fatalf("guess %d of one /64: %d, want %d", i, status, want)
		}
	}
	if status, _ := ask(http.MethodGet, "[2001:db8:1:3::1]:9", "guess"); status != http.StatusNotFound {
		t.Errorf("another /64: %d", status)
	}
	if status, _ := ask(http.MethodPost, "192.0.2.7:1000", "made-here"); status != http.StatusOK || links.done != 1 {
		t.Errorf("objecting from where others guess: %d, %d erased", status, links.done)
	}
	for i := range mostAddresses {
		ask(http.MethodGet, fmt.Sprintf("10.1.%d.%d:1", i/256, i%256), "guess")
	}
	if status, _ := ask(http.MethodGet, "198.51.100.1:1", "guess"); status != http.StatusTooManyRequests {
		t.Errorf("a guess when too many are counted: %d", status)
	}
	if status, _ := ask(http.MethodGet, "198.51.100.1:1", "made-here"); status != http.StatusOK {
		t.Errorf("a valid link when too many are counted: %d", status)
	}
}

// TestOptOutStyle: the style is kept for a year by whoever loads it, so the page
// asks for it under the address that changes with it, as the other pages do.
func TestOptOutStyle(t *testing.T) {
	_, page := optOutPage(t, new(oneLink))(http.MethodGet, "192.0.2.7:1000", "made-here")
	_, address, err := styleSheet()
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^/lite/style\.css\?[0-9a-f]{12}$`).MatchString(address) || !strings.Contains(page, `href="`+address+`"`) {
		t.Errorf("the page does not load %s:\n%s", address, page)
	}
}

// TestOptOutPromises: what is taken out of what others wrote are user names.
func TestOptOutPromises(t *testing.T) {
	for words, want := range map[*optOutWords]string{&optOutEnglish: "stays, without your user name.", &optOutSpanish: "se queda, sin su nombre de usuario."} {
		if !strings.Contains(words.What, want) {
			t.Errorf("%s: %s", words.Lang, words.What)
		}
	}
}
