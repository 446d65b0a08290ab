package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"adalid/collectors"
)

// get asks an endpoint, books the unit it costs and reads the list it answers with.
func (c *collector) get(ctx context.Context, unit, endpoint, kind string, v url.Values) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // nothing is booked for a request that is not sent
	}
	booked, err := c.meter.Reserve(ctx, unit, 1, 1)
	if err != nil {
		return nil, err
	}
	a, err := c.ask(ctx, endpoint, kind, v)
	if unsent(err) {
		return nil, errors.Join(err, booked.Settle(ctx, 0, nil))
	}
	if e := booked.Settle(context.WithoutCancel(ctx), 1, nil); e != nil && err == nil {
		err = e
	}
	return a, err
}

// unsent says that our own limits kept a request back: refusals of YouTube
// count against its quota.
func unsent(err error) bool {
	var e *collectors.Error
	return errors.As(err, &e) && e.Status == 0 && slices.Contains([]collectors.Kind{collectors.RateLimited, collectors.Quota, collectors.Forbidden}, e.Kind)
}

func (c *collector) ask(ctx context.Context, endpoint, kind string, v url.Values) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+"/youtube/v3/"+endpoint+"?"+v.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("youtube: ask for %s: %w", endpoint, err)
	}
	r.Header.Set("X-Goog-Api-Key", c.Key) // not in the address, which others write down
	r.Header.Set("Accept", "application/json")
	response, err := c.http.Do(r)
	if err != nil {
		return nil, c.explain(err)
	}
	var a answer
	if err := collectors.JSON(response, &a); err != nil {
		return nil, fmt.Errorf("youtube: %s: %w", endpoint, err)
	}
	switch {
	case a.Error != nil:
		return nil, c.meant(&collectors.Error{Kind: collectors.Schema, Status: http.StatusOK, Message: "YouTube answered with an error"}, *a.Error)
	case a.Kind != "youtube#"+kind || a.Items == nil && a.Info == nil:
		return nil, collectors.Errorf(collectors.Schema, "YouTube answered with something else than the list that was asked for")
	}
	return &a, nil
}

// explain says of a refusal what it means and what to do about it.
func (c *collector) explain(err error) error {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("youtube: %w", err)
	}
	var body struct {
		Error apiError `json:"error"`
	}
	_ = json.Unmarshal(e.Body, &body) // a refusal without reasons is explained by its status alone
	more := *e
	return c.meant(&more, body.Error)
}

// meaning is what YouTube's reasons stand for.
var meaning = map[string]struct {
	kind    collectors.Kind
	message string
}{
	"quotaExceeded":              {collectors.Quota, "YouTube's quota of this project is used up for today"},
	"dailyLimitExceeded":         {collectors.Quota, "YouTube's quota of this project is used up for today"},
	"rateLimitExceeded":          {collectors.RateLimited, "YouTube asks to wait before more is read"},
	"userRateLimitExceeded":      {collectors.RateLimited, "YouTube asks to wait before more is read"},
	"RATE_LIMIT_EXCEEDED":        {collectors.RateLimited, "YouTube asks to wait before more is read"},
	"keyInvalid":                 {collectors.Auth, "YouTube does not know the API key"},
	"keyExpired":                 {collectors.Auth, "the API key has expired"},
	"API_KEY_INVALID":            {collectors.Auth, "YouTube does not know the API key"},
	"accessNotConfigured":        {collectors.NotEntitled, "the YouTube Data API is not enabled in the key's project"},
	"SERVICE_DISABLED":           {collectors.NotEntitled, "the YouTube Data API is not enabled in the key's project"},
	"ipRefererBlocked":           {collectors.Forbidden, "the API key is restricted to other addresses"},
	"API_KEY_SERVICE_BLOCKED":    {collectors.Forbidden, "the API key is restricted to other services"},
	"API_KEY_IP_ADDRESS_BLOCKED": {collectors.Forbidden, "the API key is restricted to other addresses"},
	"commentsDisabled":           {collectors.Forbidden, "comments are disabled"},
	"videoNotFound":              {collectors.Gone, "the video does not exist"},
	"channelNotFound":            {collectors.Gone, "the channel does not exist"},
	"SERVICE_UNAVAILABLE":        {collectors.Transient, "YouTube has a problem of its own"},
	"backendError":               {collectors.Transient, "YouTube has a problem of its own"},
}

// meant turns an error into what YouTube's reasons say that it is.
func (c *collector) meant(e *collectors.Error, said apiError) error {
	for _, r := range slices.Concat(said.Details, said.Errors) {
		m, known := meaning[r.Reason]
		if !known || e.Kind == collectors.Quota && m.kind == collectors.RateLimited {
			continue // a limit per day is a limit of a rate too
		}
		e.Kind, e.Message = m.kind, m.message
		break
	}
	if e.Until.IsZero() && e.Kind == collectors.RateLimited {
		e.Until = c.now().Add(time.Minute)
	}
	if e.Until.IsZero() && e.Kind == collectors.Quota {
		e.Until = midnight(c.now())
	}
	e.Fix = map[collectors.Kind]string{
		collectors.Auth:        "copy the API key from console.cloud.google.com into the source's settings",
		collectors.Forbidden:   "see at console.cloud.google.com what the API key may do",
		collectors.NotEntitled: "enable the YouTube Data API v3 for the project at console.cloud.google.com",
		collectors.Quota:       "wait for midnight in California, or ask Google for more quota",
		collectors.Gone:        "check the server in the source's settings",
	}[e.Kind]
	return e
}

// refusedFor says that YouTube gave this reason.
func refusedFor(err error, name string) bool {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return false
	}
	var body struct {
		Error apiError `json:"error"`
	}
	_ = json.Unmarshal(e.Body, &body)
	return slices.ContainsFunc(body.Error.Errors, func(r reason) bool { return r.Reason == name })
}

// midnight is when the quota of a day begins anew.
func midnight(now time.Time) time.Time {
	zone, err := time.LoadLocation(limits().DayZone)
	if err != nil {
		zone = time.UTC
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone).UTC()
}
