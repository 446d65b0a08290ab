package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	//lint:ignore SA1019 the library is not developed any more, as v1.1 is not
	"github.com/dghubble/go-twitter/twitter"

	"adalid"
	"adalid/collectors"
)

// searchV1 is an answer of search/tweets.json.
type searchV1 struct {
	Statuses []json.RawMessage `json:"statuses"`
	Errors   []struct {
		Code int `json:"code"`
	} `json:"errors"`
}

// road takes what the library sends to the server of the settings, with the
// context and the token that the library does not know, and keeps the answer:
// the library gives no pages for answers that it cannot decode as a whole.
type road struct {
	*legacy
	ctx  context.Context
	body json.RawMessage
}

// Do sends a request of the library; it never sees a refusal as an answer.
func (w *road) Do(r *http.Request) (*http.Response, error) {
	sent, err := http.NewRequestWithContext(w.ctx, r.Method, w.Server+r.URL.Path+"?"+r.URL.RawQuery, nil)
	if err != nil {
		return nil, fmt.Errorf("x: ask for %s: %w", r.URL.Path, err)
	}
	sent.Header.Set("Authorization", "Bearer "+w.Token)
	sent.Header.Set("Accept", "application/json")
	response, err := w.http.Do(sent)
	if err != nil {
		return nil, err
	}
	if err := collectors.JSON(response, &w.body); err != nil {
		return nil, err
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(w.body)), int64(len(w.body))
	return response, nil
}

// call lets the library ask for something and gives the answer as it came.
func (l *legacy) call(ctx context.Context, ask func(*twitter.Client) error) (json.RawMessage, error) {
	w := &road{legacy: l, ctx: ctx}
	err := ask(twitter.NewClient(collectors.Client(w)))
	var e *collectors.Error
	switch {
	case errors.As(err, &e):
		more := *e
		if e.Kind == collectors.Auth || e.Kind == collectors.Forbidden {
			more.Fix = checkToken
		}
		return nil, &more
	case w.body == nil && err != nil:
		return nil, fmt.Errorf("x: %w", err)
	case w.body == nil:
		return nil, collectors.Errorf(collectors.Schema, "the server answered with nothing at all")
	}
	return w.body, nil
}

const checkToken = "check the token in the source's settings with whoever runs the server"

// Collect reads one page of a search, from the newest post backwards.
func (l *legacy) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	var out collectors.Page
	cur, err := readCursor(from)
	if err != nil {
		return out, err
	}
	terms := slices.Clone(q.Terms)
	for _, o := range q.Brand.Own {
		if (o.Platform == "" || o.Platform == adalid.X) && handleOK.MatchString(o.Handle) {
			terms = append(terms, collectors.Term{Kind: collectors.Handle, Text: o.Handle})
		}
	}
	queries, warnings := l.queries(terms, nil)
	var parts []part
	for _, query := range queries {
		parts = append(parts, part{key: "v1 " + query, query: query})
	}
	i := slices.IndexFunc(parts, func(p part) bool { return cur.Walk != nil && p.key == cur.Walk.Part })
	if i < 0 {
		if i = 0; len(parts) == 0 {
			out.Warnings = append(warnings, "There is nothing to ask for: the brand's query names no words.")
			out.Next, err = cur.write()
			return out, err
		}
		out.Warnings = warnings
		cur.begin(parts[0], q.Since, l.base)
	}
	last, err := l.page(ctx, parts[i], cur.Walk, &out)
	if err != nil {
		return collectors.Page{}, err
	}
	if last {
		out.Observed = cur.finish(parts, i == len(parts)-1)
		if i+1 < len(parts) {
			cur.begin(parts[i+1], q.Since, l.base)
		}
	}
	out.More = cur.Walk != nil
	out.Next, err = cur.write()
	return out, err
}

// page reads the next page; last says that nothing older is asked for.
func (l *legacy) page(ctx context.Context, p part, w *walk, out *collectors.Page) (last bool, err error) {
	ask := &twitter.SearchTweetParams{Query: p.query, ResultType: "recent", Count: largest, TweetMode: "extended"}
	ask.SinceID, _ = strconv.ParseInt(w.Since, 10, 64)
	if w.Oldest != "" {
		oldest, err := strconv.ParseInt(w.Oldest, 10, 64)
		if err != nil || oldest < 2 {
			return true, nil
		}
		ask.MaxID = oldest - 1 // the server includes max_id itself
	}
	now := l.now().UTC().Truncate(time.Second)
	body, err := l.call(ctx, func(c *twitter.Client) error {
		_, _, err := c.Search.Tweets(ask)
		return err
	})
	if err != nil {
		return false, err
	}
	var a searchV1
	if err := json.Unmarshal(body, &a); err != nil || a.Statuses == nil {
		return false, a.refusal(err, now)
	}
	before := w.Oldest
	ids := make([]string, len(a.Statuses))
	for i, raw := range a.Statuses {
		ids[i] = statusID(raw)
	}
	fresh, reached := w.see(ids)
	early := len(a.Statuses) > 0
	for i, raw := range a.Statuses {
		m, field, why := statusOf(raw, now)
		tooOld := why == "" && w.Since == "" && !m.CreatedAt.IsZero() && m.CreatedAt.Unix() < w.From
		early = early && tooOld
		switch {
		case !fresh[i] || tooOld:
		case why != "":
			out.Rejects = append(out.Rejects, reject(int64(i+1), field, why, raw))
		default:
			out.Mentions = append(out.Mentions, m)
		}
	}
	out.Rows = int64(len(a.Statuses))
	if len(a.Statuses) == 0 || reached || early {
		return true, nil
	}
	if w.Oldest == before {
		return false, collectors.Errorf(collectors.Schema, "the server gives the same posts again instead of older ones")
	}
	return false, nil
}

// refusal is what an answer without a list of posts means.
func (a searchV1) refusal(cause error, now time.Time) error {
	e := &collectors.Error{Kind: collectors.Schema, Status: http.StatusOK, Message: "the server answered with something else than a list of posts", Err: cause}
	if len(a.Errors) == 0 {
		return e
	}
	e.Message = fmt.Sprintf("the server answered with error %d instead of posts", a.Errors[0].Code)
	switch a.Errors[0].Code {
	case 32, 89, 99, 135, 215:
		e.Kind, e.Fix = collectors.Auth, checkToken
	case 63, 64, 87, 179, 220, 261, 453:
		e.Kind, e.Fix = collectors.Forbidden, checkToken
	case 88:
		e.Kind, e.Until = collectors.RateLimited, now.Add(quarter)
	case 130, 131:
		e.Kind = collectors.Transient
	}
	return e
}

// Probe asks for the rate limits, which counts against none of them.
func (l *legacy) Probe(ctx context.Context) error {
	_, err := l.call(ctx, func(c *twitter.Client) error {
		_, _, err := c.RateLimits.Status(&twitter.RateLimitParams{Resources: []string{"search"}})
		return err
	})
	return err
}
