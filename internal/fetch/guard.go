package fetch

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"adalid/collectors"
)

// deniedV4 is what package ssrf leaves open.
var deniedV4 = []netip.Prefix{
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's platform address
}

// tunnelled tells whether an IPv6 address carries an IPv4 address the way
// ISATAP does (RFC 5214), which reaches private networks.
func tunnelled(address string) bool {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !a.Addr().Is6() {
		return false
	}
	b := a.Addr().As16()
	return b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}

// refusal is the guard's word on an address.
type refusal struct {
	port    bool
	address string
}

func (r *refusal) Error() string {
	if r.port {
		return "refused to connect to " + r.address + ": only ports 80 and 443 are open"
	}
	return "refused to connect to " + r.address + ": not a public address"
}

// fault says it to the operator: without the address, which may be one of a
// network that whoever typed in the host does not know.
func (r *refusal) fault() *collectors.Error {
	e := &collectors.Error{
		Kind: collectors.Forbidden, Message: "the host's address is not a public one",
		Fix: "if the host is yours, add it to fetch.allow_hosts", Err: r,
	}
	if r.port {
		e.Message = "only the ports 80 and 443 of hosts are open"
	}
	return e
}

// allowList normalises the hosts that the operator vouches for.
func allowList(hosts []string) (map[string]bool, error) {
	allowed := map[string]bool{}
	for _, entry := range hosts {
		host, port, ok := strings.ToLower(entry), "", true
		if h, p, err := net.SplitHostPort(host); err == nil {
			host, port = h, p
			n, err := strconv.ParseUint(p, 10, 16)
			ok = err == nil && n > 0 && strconv.FormatUint(n, 10) == p
		} else {
			host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
		}
		if addr, err := netip.ParseAddr(host); err == nil {
			host = addr.String()
		} else if strings.ContainsFunc(host, notOfName) {
			ok = false
		}
		if !ok || host == "" {
			return nil, fmt.Errorf("fetch: allowed host %q: write host or host:port, other letters than a to z as xn--…", entry)
		}
		if port != "" {
			host = net.JoinHostPort(host, port)
		}
		allowed[host] = true
	}
	return allowed, nil
}

func notOfName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' && r != '_'
}

// allows tells whether the operator vouches for the host of "host:port".
func (c *Client) allows(address string) bool {
	host, port, err := net.SplitHostPort(strings.ToLower(address))
	if err != nil {
		return false
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		host = addr.String()
	}
	return c.allowed[host] || c.allowed[net.JoinHostPort(host, port)]
}

// checkAddress refuses addresses that no request should have.
func checkAddress(u *url.URL) error {
	switch {
	case u == nil || u.Opaque != "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return collectors.Errorf(collectors.Forbidden, "only addresses that begin with http:// or https:// and a host are read")
	case u.User != nil:
		return collectors.Errorf(collectors.Forbidden, "an address with a user name or password before the host is not read")
	}
	return nil
}

// Redacted shows where a request went without anything that may be secret: no
// user, query or fragment, and … for parts of the path that look like a token.
func Redacted(u *url.URL) string {
	if u == nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + redactedPath(u)
}

func redactedPath(u *url.URL) string {
	parts := strings.Split(u.EscapedPath(), "/")
	for i, p := range parts {
		if len(p) >= 20 && strings.ContainsAny(p, "0123456789") && strings.ContainsFunc(p, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

// credentials tells whether a request carries something that only its own host
// may see.
func credentials(r *http.Request) bool {
	for name := range r.Header {
		if secretName(name) {
			return true
		}
	}
	for name := range r.URL.Query() {
		if secretName(name) {
			return true
		}
	}
	return false
}

// secretName tells whether headers and parameters of that name hold secrets.
func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, end := range []string{"token", "secret", "password", "key", "cookie"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch part {
		case "auth", "authorization", "oauth", "key", "token", "secret", "pass", "passwd", "pwd", "password", "credential", "credentials",
			"sig", "sign", "signature", "hmac", "session", "sessionid", "sid", "jwt", "code":
			return true
		}
	}
	return false
}
