package fetch

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"adalid/collectors"
)

// redirects tells whether an answer sends a request elsewhere. Only what reads
// is sent again: a POST is never replayed.
func redirects(req *http.Request, resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return safe(req) && resp.Header.Get("Location") != ""
	}
	return false
}

// harmless headers may go to another host.
var harmless = []string{"Accept", "Accept-Encoding", "Accept-Language", "If-Modified-Since", "If-None-Match", "Range", "User-Agent"}

// redirected gives the request that an answer asks for instead.
func (c *Client) redirected(req *http.Request, resp *http.Response, hops int) (*http.Request, error) {
	if hops >= maxRedirects {
		return nil, collectors.Errorf(collectors.Schema, "the address redirects more than %d times", maxRedirects)
	}
	to, err := req.URL.Parse(resp.Header.Get("Location"))
	if err != nil {
		return nil, collectors.Errorf(collectors.Schema, "the address redirects to something that is no address")
	}
	if err := checkAddress(to); err != nil {
		return nil, err
	}
	if req.URL.Scheme == "https" && to.Scheme == "http" {
		return nil, collectors.Errorf(collectors.Forbidden, "the address redirects from https to http, which others could read")
	}
	next := req.Clone(req.Context())
	next.URL, next.Host = to, ""
	if sameHost(req.URL, to) {
		return next, nil
	}
	switch {
	case credentials(req):
		e := collectors.Errorf(collectors.Forbidden, "the address redirects to another host, which must not get the credentials")
		e.Fix = "use the address it redirects to, if that is where the credentials belong"
		return nil, e
	case c.allows(net.JoinHostPort(to.Hostname(), port(to))) && !c.allows(net.JoinHostPort(req.URL.Hostname(), port(req.URL))):
		e := collectors.Errorf(collectors.Forbidden, "the address redirects to a host of fetch.allow_hosts, which a foreign host may not do")
		e.Fix = "use the address it redirects to"
		return nil, e
	}
	next.Header = http.Header{}
	for _, name := range harmless {
		if values := req.Header.Values(name); len(values) > 0 {
			next.Header[name] = values
		}
	}
	return next, nil
}

// sameHost tells whether two addresses are of one server; http and https on
// their own ports are.
func sameHost(a, b *url.URL) bool {
	if !strings.EqualFold(a.Hostname(), b.Hostname()) {
		return false
	}
	pa, pb := port(a), port(b)
	return pa == pb || pa == "80" && pb == "443"
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
