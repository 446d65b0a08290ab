package fetch

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"adalid/collectors"
)

// Redirects come to the same guard: an allow-listed server sends on to every
// private address, and none is dialled.
func TestRedirectsToPrivateAddresses(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(http.StatusFound)
	}))
	defer s.Close()
	for host, address := range escapes() {
		var dialled []string
		c := recorder(t, &names{all: address}, s.Listener.Addr().String())
		c.connect = func(_, address string) error {
			if address == s.Listener.Addr().String() {
				return nil
			}
			dialled = append(dialled, address)
			return &refusal{address: address}
		}
		_, err := c.try(t, s.URL+"/?to="+url.QueryEscape("http://"+host+"/latest/meta-data/"))
		if len(dialled) > 0 || err == nil {
			t.Errorf("%s: dialled %v, %v", host, dialled, err)
		}
		c.Close()
	}
}

func TestRedirectRules(t *testing.T) {
	c := recorder(t, &names{}, "lan.example")
	for _, r := range []struct {
		from, to string
		refused  collectors.Kind
	}{
		{"http://a.example/", "https://a.example/", ""},
		{"http://a.example/", "https://www.a.example/", ""},
		{"https://a.example/x?q=1", "/y", ""},
		{"https://a.example/", "http://a.example/", collectors.Forbidden},
		{"https://a.example/?token=canary", "https://b.example/", collectors.Forbidden},
		{"https://a.example/?token=canary", "https://a.example:8443/", collectors.Forbidden},
		{"https://a.example/?token=canary", "https://A.example/y", ""},
		{"http://a.example/?token=canary", "https://a.example/", ""},
		{"http://a.example/", "http://lan.example/", collectors.Forbidden},
		{"http://lan.example/", "http://lan.example/x", ""},
		{"http://lan.example/", "http://a.example/x", ""},
		{"http://a.example/", "ftp://a.example/", collectors.Forbidden},
	} {
		from, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.from, nil)
		if err != nil {
			t.Fatal(err)
		}
		from.Header = http.Header{"Accept": {"x"}, "X-Custom": {"x"}, "Referer": {"x"}}
		next, err := c.redirected(from, &http.Response{Header: http.Header{"Location": {r.to}}}, 0)
		var e *collectors.Error
		if errors.As(err, &e); (err != nil) != (r.refused != "") || e != nil && e.Kind != r.refused {
			t.Errorf("%s to %s: %v", r.from, r.to, err)
		}
		if next != nil && !sameHost(from.URL, next.URL) && (len(next.Header) != 1 || next.Header.Get("Accept") == "") {
			t.Errorf("%s to %s takes %v along", r.from, r.to, next.Header)
		}
	}
}

// A connection that stays open is used by its own host only.
func TestConnectionsAreNotShared(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	var dialled []string
	c := recorder(t, &names{all: "127.0.0.1"}, "127.0.0.1", "one.example")
	c.connect = func(_, address string) error { dialled = append(dialled, address); return nil }
	for range 2 {
		for _, host := range []string{"127.0.0.1", "one.example", "two.example"} {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+":"+port, nil)
			_, err := c.Doer("x", collectors.Limits{}).Do(req)
			var e *collectors.Error
			if want := map[bool]collectors.Kind{true: collectors.Forbidden, false: collectors.Gone}[host == "two.example"]; !errors.As(err, &e) || e.Kind != want {
				t.Errorf("%s: %v", host, err)
			}
		}
	}
	if len(dialled) != 2 || slices.ContainsFunc(dialled, func(a string) bool { return !strings.HasPrefix(a, "127.0.0.1:") }) {
		t.Errorf("dialled %v", dialled)
	}
}
