package reddit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"adalid/collectors"
)

// get asks for a path of the API and decodes the answer. A token that Reddit no
// longer takes is renewed once.
func (c *collector) get(ctx context.Context, path string, v url.Values, into any) error {
	token, err := c.access(ctx, "")
	if err != nil {
		return err
	}
	response, err := c.send(ctx, path, v, token)
	var e *collectors.Error
	if errors.As(err, &e) && e.Status == http.StatusUnauthorized {
		if token, err = c.access(ctx, token); err != nil {
			return err
		}
		response, err = c.send(ctx, path, v, token)
	}
	if err != nil {
		return explain(err)
	}
	if err := collectors.JSON(response, into); err != nil {
		return fmt.Errorf("reddit: %s: %w", path, err)
	}
	return nil
}

func (c *collector) send(ctx context.Context, path string, v url.Values, token string) (*http.Response, error) {
	v.Set("raw_json", "1")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+path+"?"+v.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("reddit: ask for %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("User-Agent", c.Agent)
	r.Header.Set("Accept", "application/json")
	return c.http.Do(r)
}

// access gives a token that is still good and another than refused.
func (c *collector) access(ctx context.Context, refused string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.token != refused && c.now().Before(c.until) {
		return c.token, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	body := strings.NewReader("grant_type=client_credentials")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Login+"/api/v1/access_token", body)
	if err != nil {
		return "", fmt.Errorf("reddit: ask for a token: %w", err)
	}
	r.SetBasicAuth(c.ClientID, c.Secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", c.Agent)
	response, err := c.http.Do(r)
	if err != nil {
		return "", explain(err)
	}
	var a login
	if err := collectors.JSON(response, &a); err != nil {
		return "", fmt.Errorf("reddit: token: %w", err)
	}
	switch {
	case a.Error != nil:
		return "", fixed(&collectors.Error{Kind: collectors.Auth, Status: http.StatusOK, Message: "Reddit gives no token for these credentials"})
	case a.Token == "":
		return "", collectors.Errorf(collectors.Schema, "Reddit answered without a token")
	}
	c.token = a.Token
	c.until = c.now().Add(time.Duration(max(a.Expires-60, 0)) * time.Second)
	return a.Token, nil
}

// list asks for a page of things.
func (c *collector) list(ctx context.Context, path string, v url.Values) (*listing, error) {
	var l listing
	if err := c.get(ctx, path, v, &l); err != nil {
		return nil, err
	}
	return &l, l.check()
}

func (l *listing) check() error {
	if l.Kind != "Listing" || l.Data == nil || l.Data.Children == nil {
		return collectors.Errorf(collectors.Schema, "Reddit answered with something else than a list")
	}
	return nil
}

// explain says of a refusal what to do about it.
func explain(err error) error {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("reddit: %w", err)
	}
	more := *e
	return fixed(&more)
}

func fixed(e *collectors.Error) error {
	e.Fix = map[collectors.Kind]string{
		collectors.Auth:        "check the client id and secret of your app in the source's settings",
		collectors.Forbidden:   "ask Reddit for approval of your use: without it, and without a contract for commercial use, its API is closed",
		collectors.NotEntitled: "ask Reddit for a contract that covers this use",
		collectors.Gone:        "check the servers in the source's settings",
	}[e.Kind]
	return e
}

// closed says why a subreddit or an account cannot be read while the rest of
// Reddit can; "" when the refusal is about more than that. A refusal without a
// reason is about the account where one was asked for.
func closed(err error, account bool) string {
	var e *collectors.Error
	if !errors.As(err, &e) || e.Status != http.StatusForbidden && e.Status != http.StatusNotFound {
		return ""
	}
	var body struct {
		Reason string `json:"reason"`
	}
	_ = json.Unmarshal(e.Body, &body)
	why, known := map[string]string{
		"private": "it is private", "quarantined": "it is quarantined", "banned": "Reddit has banned it", "gold_only": "it is for paying members",
		"gated": "it is gated", "employees_only": "it is closed", "premium_only": "it is for paying members",
	}[body.Reason]
	switch {
	case known:
		return why
	case e.Status == http.StatusNotFound:
		return "it does not exist"
	case account:
		return "it is suspended or closed"
	}
	return ""
}
