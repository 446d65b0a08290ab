package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"adalid/collectors"
)

// doer is a Client under the limits of a platform.
type doer struct {
	client *Client
	key    string
	limits collectors.Limits
}

// maxAttempts counts the first one.
const maxAttempts = 3

// Do sends a request and follows redirects. The answer is 2xx, 304 or 101;
// everything else is an *collectors.Error, or the error of the request's
// context. The body has to be closed.
func (d *doer) Do(r *http.Request) (*http.Response, error) {
	req := r.Clone(r.Context())
	if err := checkAddress(r.URL); err != nil {
		discard(r)
		return nil, err
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", d.client.agent)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	s := newSpan(r.Context(), d.client.timeouts.Total)
	resp, err := d.follow(s, req.WithContext(s.ctx))
	if err != nil {
		s.end()
		discard(r)
		if r.Context().Err() != nil {
			return nil, fmt.Errorf("fetch: %s %s: %w", r.Method, Redacted(r.URL), ended(r.Context()))
		}
		return nil, err
	}
	resp.Request = r
	if b, ok := resp.Body.(*body); ok {
		b.last = true
	} else {
		s.end() // read already, or a connection that lives on without it
	}
	return resp, nil
}

// discard closes the body of a request that may not have been sent.
func discard(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}

// follow sends a request and those that its answers redirect to.
func (d *doer) follow(s *span, req *http.Request) (*http.Response, error) {
	for hops := 0; ; hops++ {
		resp, err := d.attempts(s, req)
		if err != nil || !redirects(req, resp) {
			return resp, err
		}
		next, err := d.client.redirected(req, resp, hops)
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // the connection can be used again
		resp.Body.Close()
		if err != nil {
			return nil, err
		}
		req = next
	}
}

// attempts sends a request, and again where that is safe and may help.
func (d *doer) attempts(s *span, req *http.Request) (*http.Response, error) {
	g := d.client.gate(d.key + " " + req.URL.Host)
	if err := g.take(s.ctx, d.client.now(), d.limits, req.URL.Path, d.client.maxWait); err != nil {
		return nil, s.fault(err)
	}
	for n := 1; ; n++ {
		resp, again, err := d.once(s, g, req)
		if err == nil || !again || n == maxAttempts || !safe(req) || !pause(s.ctx, n) {
			return resp, err
		}
		if g.take(s.ctx, d.client.now(), d.limits, req.URL.Path, d.client.maxWait) != nil {
			return nil, err
		}
	}
}

// safe tells whether sending a request twice does no more than once.
func safe(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == "" || r.Method == http.MethodHead) && (r.Body == nil || r.Body == http.NoBody)
}

// pause waits before the next attempt, false when there is no time for one.
func pause(ctx context.Context, attempt int) bool {
	wait := time.Duration(attempt) * (100*time.Millisecond + rand.N(300*time.Millisecond))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return false
	}
	return sleep(ctx, wait) == nil
}

// once sends a request once. again says that the failure may be a moment's.
func (d *doer) once(s *span, g *gate, req *http.Request) (resp *http.Response, again bool, err error) {
	start := time.Now()
	resp, err = d.client.transport.RoundTrip(req)
	if err != nil {
		err = s.fault(err)
		d.client.logged(req, start, 0, 0, err)
		return nil, moment(err), err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		d.client.logged(req, start, resp.StatusCode, 0, nil)
		return resp, false, nil
	}
	done := func(read int64) { d.client.logged(req, start, resp.StatusCode, read, nil) }
	if err := unpack(s, resp, d.client.timeouts.Idle, d.limits.MaxBody, done); err != nil {
		return nil, false, err
	}
	now, path := d.client.now(), req.URL.Path
	if until, ok := d.limits.Exhausted(resp.Header, now); ok {
		g.close(scope(d.limits, path), collectors.RateLimited, until)
	}
	if redirects(req, resp) {
		return resp, false, nil
	}
	if err := d.limits.Refused(resp, now); err != nil {
		again = d.refused(g, path, now, err)
		return nil, again, err
	}
	return resp, false, d.askedToWait(s, g, resp, path)
}

// refused closes what a refusal asks to leave alone, and says whether asking
// again at once may help.
func (d *doer) refused(g *gate, path string, now time.Time, err error) (again bool) {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return false
	}
	until := e.Until
	if at, ok := d.limits.AskedToWait(e.Body, now); ok && at.After(until) {
		until = at
	}
	switch {
	case e.Kind == collectors.Quota:
		g.close("", e.Kind, until)
	case !until.IsZero():
		g.close(scope(d.limits, path), collectors.RateLimited, until)
	}
	return until.IsZero() && (e.Status == http.StatusBadGateway || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusGatewayTimeout)
}

// askedToWait looks into the body where the platform writes waits there.
func (d *doer) askedToWait(s *span, g *gate, resp *http.Response, path string) error {
	if d.limits.Backoff == "" || resp.StatusCode == http.StatusNotModified {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return err
	}
	if until, ok := d.limits.AskedToWait(body, d.client.now()); ok {
		g.close(scope(d.limits, path), collectors.RateLimited, until)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// logged writes what may be told of a request.
func (c *Client) logged(r *http.Request, start time.Time, status int, read int64, err error) {
	args := []slog.Attr{
		slog.String("method", r.Method), slog.String("scheme", r.URL.Scheme), slog.String("host", r.URL.Host),
		slog.String("path", redactedPath(r.URL)), slog.Int("status", status), slog.Int64("bytes", read),
		slog.Duration("duration", time.Since(start)),
	}
	if err != nil {
		args = append(args, slog.String("error", err.Error()))
	}
	c.log.LogAttrs(r.Context(), slog.LevelDebug, "request", args...)
}
