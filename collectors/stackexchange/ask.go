package stackexchange

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"adalid/collectors"
)

// ask sends a request about a site and takes the answer out of its wrapper.
func (c *collector) ask(ctx context.Context, path, host string, q url.Values) (*wrapper, error) {
	q.Set("site", host)
	if c.key != "" {
		q.Set("key", c.key)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, &collectors.Error{Kind: collectors.Schema, Message: "a request cannot be written", Err: err}
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, c.explain(host, err)
	}
	var w wrapper
	if err := collectors.JSON(answer, &w); err != nil {
		return nil, err
	}
	switch {
	case w.ErrorID != 0 || w.ErrorName != "":
		return nil, c.refused(host, w.refusal, answer.StatusCode)
	case w.Items == nil || w.HasMore == nil:
		return nil, collectors.Errorf(collectors.Schema, "the answer of %s holds no list of items", host)
	}
	return &w, nil
}

// explain looks into the body of a refusal: nearly all of them are HTTP 400.
func (c *collector) explain(host string, err error) error {
	var e *collectors.Error
	var says refusal
	if !errors.As(err, &e) || json.Unmarshal(e.Body, &says) != nil || says.ErrorID == 0 && says.ErrorName == "" {
		return err
	}
	return c.refused(host, says, e.Status)
}

const (
	waitUnsaid  = time.Minute
	longestWait = 24 * time.Hour
)

// refused gives the error that the platform names by number and by name.
func (c *collector) refused(host string, says refusal, status int) error {
	e := &collectors.Error{Kind: collectors.Schema, Status: status, Message: "Stack Exchange refused the request", Err: errors.New(says.ErrorName)}
	message := strings.ToLower(says.ErrorMessage)
	switch id := says.ErrorID; {
	case id == 502 || says.ErrorName == "throttle_violation":
		wait := says.seconds()
		if wait == 0 {
			wait = waitUnsaid
		}
		e.Kind, e.Until = collectors.RateLimited, c.now().Add(min(wait, longestWait))
		e.Message = "Stack Exchange asks to wait before more is read"
		if c.key == "" {
			e.Fix = "add a key: it raises the daily quota from 300 to 10,000 requests"
		}
	case id == 400 && strings.Contains(message, "key"):
		e.Kind, e.Message = collectors.Auth, "Stack Exchange does not know the key"
		e.Fix = "copy the key of your application from stackapps.com, or leave it empty"
	case id == 400 && strings.Contains(message, "site"):
		e.Kind, e.Message = collectors.Gone, "Stack Exchange does not know the site "+host
		e.Fix = "check the names in \"sites\""
	case id >= 401 && id <= 403 || id == 405 || id == 406:
		e.Kind, e.Message = collectors.Auth, "Stack Exchange wants other credentials for this"
		e.Fix = "add the key of an application registered at stackapps.com"
	case id == 500 || id == 503:
		e.Kind, e.Message = collectors.Transient, "Stack Exchange has a problem of its own"
	}
	return e
}
