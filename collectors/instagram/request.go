package instagram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"adalid/collectors"
)

// get asks for a node or an edge and decodes the answer.
func (c *collector) get(ctx context.Context, path string, v url.Values, into any) error {
	c.mu.Lock()
	busy := c.busy
	c.mu.Unlock()
	if now := c.now(); busy.After(now) {
		return &collectors.Error{Kind: collectors.RateLimited, Until: busy, Message: "Meta has counted as many requests as it allows for now"}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+"/"+c.Version+"/"+path+"?"+v.Encode(), nil)
	if err != nil {
		return fmt.Errorf("instagram: ask for %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token) // not in the address, which others write down
	r.Header.Set("Accept", "application/json")
	response, err := c.http.Do(r)
	if err != nil {
		return c.explain(err)
	}
	c.note(response.Header)
	if err := collectors.JSON(response, into); err != nil {
		return fmt.Errorf("instagram: %w", err)
	}
	return nil
}

// note reads from an answer how much is used up, and stops before Meta refuses:
// asking on would only make it longer.
func (c *collector) note(h http.Header) {
	var all []usage
	var app usage
	if json.Unmarshal([]byte(h.Get("X-App-Usage")), &app) == nil {
		all = append(all, app)
	}
	var business map[string][]usage
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &business) == nil {
		for _, list := range business {
			all = append(all, list...)
		}
	}
	for _, u := range all {
		if max(u.Calls, u.CPU, u.Time) < 100 {
			continue
		}
		wait := window
		if u.Minutes > 0 {
			wait = time.Duration(min(u.Minutes, 24*60) * float64(time.Minute))
		}
		c.mu.Lock()
		if until := c.now().Add(wait); until.After(c.busy) {
			c.busy = until
		}
		c.mu.Unlock()
	}
}

// window is the time over which Meta counts.
const window = time.Hour

// list reads a page of an edge.
func (c *collector) list(ctx context.Context, path string, v url.Values) (*list, error) {
	var l list
	if err := c.get(ctx, path, v, &l); err != nil {
		return nil, err
	}
	if l.Error != nil {
		return nil, c.meant(&collectors.Error{Kind: collectors.Schema, Status: http.StatusOK, Message: "Instagram answered with an error"}, *l.Error)
	}
	if l.Data == nil {
		return nil, collectors.Errorf(collectors.Schema, "Instagram answered with something else than a list")
	}
	return &l, nil
}

// node reads an account.
func (c *collector) node(ctx context.Context, fields string) (*account, error) {
	var a account
	if err := c.get(ctx, c.Account, url.Values{"fields": {fields}}, &a); err != nil {
		return nil, err
	}
	if a.Error != nil {
		return nil, c.meant(&collectors.Error{Kind: collectors.Schema, Status: http.StatusOK, Message: "Instagram answered with an error"}, *a.Error)
	}
	if !number.MatchString(a.ID) {
		return nil, collectors.Errorf(collectors.Schema, "Instagram answered with something else than an account")
	}
	return &a, nil
}

// explain says of a refusal what it means and what to do about it.
func (c *collector) explain(err error) error {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("instagram: %w", err)
	}
	var body struct {
		Error apiError `json:"error"`
	}
	_ = json.Unmarshal(e.Body, &body) // a refusal without a code is explained by its status alone
	more := *e
	return c.meant(&more, body.Error)
}

// fixes say what to do about a refusal.
var fixes = map[collectors.Kind]string{
	collectors.Auth:      "make a new long-lived token at developers.facebook.com and enter it in the source's settings",
	collectors.Forbidden: "give the app the permissions that the README names, and the token's owner a role on the account",
	collectors.Gone:      "check the number of the account and the login in the source's settings",
}

// meant turns an error into what Meta's codes say that it is: most come with
// the same status.
func (c *collector) meant(e *collectors.Error, said apiError) error {
	become := func(kind collectors.Kind, message string) { e.Kind, e.Message = kind, message }
	switch code := said.Code; {
	case code == 190 || code == 102:
		become(collectors.Auth, "Meta no longer takes the access token: it has ended or was withdrawn")
	case code == 3 || code == 10 || code >= 200 && code < 300:
		become(collectors.Forbidden, "the access token may not read this")
	case code == 4 || code == 17 || code == 32 || code == 613 || code >= 80000 && code <= 80014:
		become(collectors.RateLimited, "Meta asks to wait before more is read")
	case code == 803 || code == 110 || code == 24 || code == 100 && said.Subcode == 33:
		become(collectors.Gone, "it does not exist, or the access token may not see it")
	case code == 1 || code == 2 || said.Transient:
		become(collectors.Transient, "Meta has a problem of its own")
	}
	if e.Kind == collectors.RateLimited && e.Until.IsZero() {
		e.Until = c.now().Add(window)
	}
	e.Fix = fixes[e.Kind]
	return e
}
