package rss

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"adalid/collectors"
)

// accept is what is asked for, most telling first.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

// Collect reads one feed. A feed that fails is a warning and the next one is
// read; only where every feed of a round fails is that an error.
func (c *collector) Collect(ctx context.Context, q collectors.Query, at collectors.Cursor) (collectors.Page, error) {
	now := c.now()
	r, err := load(at, c.sources, q, now)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("rss: %w", err)
	}
	src := r.next(c.sources)
	s := *r.Feeds[src.key]
	p, err := c.read(ctx, *src, &s, now)
	var e *collectors.Error
	switch {
	case err == nil:
		s.Failed, s.Until = false, 0
	case ctx.Err() != nil:
		return collectors.Page{}, fmt.Errorf("rss: feed %d: %w", src.nth, ctx.Err())
	case !errors.As(err, &e):
		return collectors.Page{}, fmt.Errorf("rss: feed %d: %w", src.nth, err)
	default:
		told := src.told(e)
		if n := len(c.sources); r.failed(c.sources) == n-1 {
			if n > 1 {
				told.Message = fmt.Sprintf("none of the %d feeds could be read; the last: %s", n, told.Message)
			}
			return collectors.Page{}, fmt.Errorf("rss: %w", told)
		}
		s = *r.Feeds[src.key] // nothing of a bad answer is kept
		s.Failed, s.Until = true, 0
		if !e.Until.IsZero() {
			s.Until = e.Until.Unix()
		}
		p = collectors.Page{Warnings: []string{sentence(told)}}
	}
	s.Done = true
	r.Feeds[src.key] = &s
	if p.More = r.next(c.sources) != nil; !p.More {
		p.Observed = r.observed(c.sources)
	}
	if p.Next, err = json.Marshal(r); err != nil {
		return collectors.Page{}, fmt.Errorf("rss: cursor: %w", err)
	}
	return p, nil
}

// told says which feed an error is about: by its place in the settings and its
// host, for the rest of an address may be a secret.
func (s source) told(e *collectors.Error) *collectors.Error {
	t := *e
	t.Message = fmt.Sprintf("feed %d (%s): %s", s.nth, s.url.Host, e.Message)
	if e.Kind == collectors.Gone && e.Fix == "" {
		t.Fix = "take it out of the settings, or write its new address"
	}
	return &t
}

func sentence(e *collectors.Error) string {
	if e.Fix == "" {
		return e.Message
	}
	return e.Message + "; " + e.Fix
}

// read asks for one feed, only for what is new where the server knows how.
func (c *collector) read(ctx context.Context, src source, s *state, now time.Time) (collectors.Page, error) {
	if until := time.Unix(s.Until, 0).UTC(); now.Before(until) {
		return collectors.Page{}, &collectors.Error{Kind: collectors.RateLimited, Until: until, Message: "asked to wait before it is read again"}
	}
	answer, err := c.get(ctx, src, s)
	if err != nil {
		return collectors.Page{}, err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotModified {
		if s.ETag == "" && s.Modified == "" {
			return collectors.Page{}, collectors.Errorf(collectors.Schema, "says that nothing changed, but was never read before")
		}
		return collectors.Page{}, nil
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		if e := (*collectors.Error)(nil); errors.As(err, &e) {
			return collectors.Page{}, err
		}
		return collectors.Page{}, &collectors.Error{Kind: collectors.Transient, Status: answer.StatusCode, Message: "the answer broke off", Err: err}
	}
	hash := sha256.Sum256(body)
	sum := hex.EncodeToString(hash[:8])
	s.ETag, s.Modified = validator(answer, "ETag"), validator(answer, "Last-Modified")
	if sum == s.Sum {
		return collectors.Page{}, nil // the server does not know how, but nothing changed
	}
	f, err := decode(body, answer.Header.Get("Content-Type"), src.url)
	if err != nil {
		return collectors.Page{}, err
	}
	s.Sum = sum
	s.continues(f.items, now)
	return f.page(src, now), nil
}

func (c *collector) get(ctx context.Context, src source, s *state) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, src.url.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	r.Header.Set("Accept", accept)
	if s.ETag != "" {
		r.Header.Set("If-None-Match", s.ETag)
	}
	if s.Modified != "" {
		r.Header.Set("If-Modified-Since", s.Modified)
	}
	return c.http.Do(r)
}

// validator gives a header that the next request sends back as it is; what no
// server should write is not kept.
func validator(answer *http.Response, header string) string {
	v := answer.Header.Get(header)
	if len(v) > 512 {
		return ""
	}
	for _, c := range []byte(v) {
		if c < ' ' || c > '~' {
			return ""
		}
	}
	return v
}
