// Package fetch is the one polite HTTP client: everything that leaves the
// process passes its limits, its guard against private addresses, its caps and
// its timeouts.
//
// Answers are handed on as they are, decompressed. JSON declared as ISO-8859-1
// arrives as UTF-8; every other charset stays what it is, because HTML and XML
// name theirs inside and their readers decode it.
package fetch

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"adalid/collectors"
)

// Options says how a Client behaves. Only UserAgent is required.
type Options struct {
	UserAgent  string           // of requests that bring none; names the product and a contact
	AllowHosts []string         // "host" or "host:port" as in addresses: reached without the guard, on any port or that one
	Now        func() time.Time // nil: time.Now
	Log        *slog.Logger     // one line per request at debug level; nil: none
	MaxWait    time.Duration    // the longest wait for a limit of our own inside a call; 0: 3 s, negative: none
	Timeouts   Timeouts
	Resolver   *net.Resolver // nil: the system's
}

// Timeouts bound the phases of a request; a zero is replaced by the default.
type Timeouts struct {
	Dial    time.Duration // DNS and connection: 10 s
	TLS     time.Duration // handshake: 10 s
	Headers time.Duration // from the request sent to the answer's headers: 30 s
	Idle    time.Duration // in which an answer has to bring leastProgress bytes: 10 s
	Total   time.Duration // from the call to the last byte, retries and redirects included: 60 s; not after a 101
}

// Client sends requests. It is safe for concurrent use.
type Client struct {
	agent     string
	now       func() time.Time
	log       *slog.Logger
	maxWait   time.Duration
	timeouts  Timeouts
	allowed   map[string]bool
	transport *http.Transport
	open      *net.Dialer // for allow-listed hosts
	guarded   *net.Dialer

	// judge refuses addresses; connect, when set, has the last word before
	// anything is sent. Tests replace them.
	judge   func(network, address string) error
	connect func(network, address string) error

	mu    sync.Mutex
	gates map[string]*gate
}

const (
	maxHeaders    = 256 << 10 // bytes of an answer's headers
	maxRedirects  = 5
	leastProgress = 512 // bytes an answer has to bring within Timeouts.Idle
	defaultWait   = 3 * time.Second
)

// New makes a Client.
func New(o Options) (*Client, error) {
	if strings.TrimSpace(o.UserAgent) == "" || strings.ContainsFunc(o.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, errors.New("fetch: the user agent is empty or holds characters that headers cannot carry")
	}
	allowed, err := allowList(o.AllowHosts)
	if err != nil {
		return nil, err
	}
	c := &Client{
		agent: o.UserAgent, now: o.Now, log: o.Log, maxWait: o.MaxWait, timeouts: o.Timeouts.orDefault(),
		allowed: allowed, gates: map[string]*gate{}, judge: newJudge(),
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.maxWait == 0 {
		c.maxWait = defaultWait
	}
	c.open = &net.Dialer{Timeout: c.timeouts.Dial, Resolver: o.Resolver, Control: c.controlOpen}
	c.guarded = &net.Dialer{Timeout: c.timeouts.Dial, Resolver: o.Resolver, Control: c.controlGuarded}
	c.transport = &http.Transport{
		Proxy:                  nil, // a proxy's address would be all that the guard sees
		DialContext:            c.DialContext,
		TLSHandshakeTimeout:    c.timeouts.TLS,
		ResponseHeaderTimeout:  c.timeouts.Headers,
		MaxResponseHeaderBytes: maxHeaders,
		DisableCompression:     true, // decoded here, under the cap
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        time.Minute,
	}
	return c, nil
}

func (t Timeouts) orDefault() Timeouts {
	for _, d := range []struct {
		at      *time.Duration
		seconds time.Duration
	}{{&t.Dial, 10}, {&t.TLS, 10}, {&t.Headers, 30}, {&t.Idle, 10}, {&t.Total, 60}} {
		if *d.at <= 0 {
			*d.at = d.seconds * time.Second
		}
	}
	return t
}

// Close closes the connections that wait for another request.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// DialContext opens a connection as requests do: to public addresses on ports
// 80 and 443, and to allow-listed hosts. It is for protocols other than HTTP.
func (c *Client) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if c.allows(address) {
		return c.open.DialContext(ctx, network, address)
	}
	return c.guarded.DialContext(ctx, network, address)
}

func (c *Client) controlOpen(network, address string, _ syscall.RawConn) error {
	if c.connect != nil {
		return c.connect(network, address)
	}
	return nil
}

// controlGuarded runs after DNS and before anything is sent, once for every
// address tried: what is judged is what is dialled.
func (c *Client) controlGuarded(network, address string, raw syscall.RawConn) error {
	if err := c.judge(network, address); err != nil {
		return err
	}
	return c.controlOpen(network, address, raw)
}

// newJudge gives the guard of addresses.
func newJudge() func(network, address string) error {
	guardian := ssrf.New(ssrf.WithDeniedV4Prefixes(deniedV4...))
	return func(network, address string) error {
		err := guardian.Safe(network, address, nil)
		if err == nil && tunnelled(address) {
			err = ssrf.ErrProhibitedIP
		}
		if err != nil {
			return &refusal{port: errors.Is(err, ssrf.ErrProhibitedPort), address: address}
		}
		return nil
	}
}

// Doer sends requests under the limits of a platform. Doers of one key, which
// names a platform and the credentials, share what is left of every Rate and
// the time before which nothing may be sent, for each host: one that asks to
// wait speaks for no other. Where several Rates apply to a request all are kept.
// A refusal closes the requests that the longest matching Path of the Rates
// covers; a used-up quota closes the host.
func (c *Client) Doer(key string, l collectors.Limits) collectors.Doer {
	if l.MaxBody <= 0 {
		l.MaxBody = collectors.DefaultBody
	}
	return &doer{client: c, key: key, limits: l}
}
