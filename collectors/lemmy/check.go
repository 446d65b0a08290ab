package lemmy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"adalid/collectors"
)

// CheckBatch is small because every post is one request, often to a server of
// its own.
func (*collector) CheckBatch() int { return 20 }

// Check asks the server that a post was written on, the way servers ask each
// other, for it alone knows. Gone is what it calls gone; a server that refuses
// or is down says nothing, and an error comes back only where no post could be
// judged.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	silent, judged := map[string]bool{}, 0
	var faults error
	for _, id := range ids {
		u, bad := url.Parse(id)
		if bad != nil || !webAddress(id) {
			faults = errors.Join(faults, collectors.Errorf(collectors.Schema, "an id is no address of a post"))
			continue
		}
		if silent[u.Host] {
			continue
		}
		deleted, err := c.deleted(ctx, u)
		switch e := (*collectors.Error)(nil); {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("lemmy: check: %w", ctx.Err())
		case err == nil:
			judged++
			if deleted {
				gone = append(gone, id)
			}
		case errors.As(err, &e):
			silent[u.Host] = e.Kind != collectors.Schema
			faults = errors.Join(faults, c.explain(server{base: url.URL{Host: u.Host}}, err))
		default:
			faults = errors.Join(faults, err)
		}
	}
	if judged == 0 && faults != nil {
		return nil, fmt.Errorf("lemmy: check: %w", faults)
	}
	return gone, nil
}

// deleted asks for a post at its own address. No token is sent.
func (c *collector) deleted(ctx context.Context, u *url.URL) (bool, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return false, &collectors.Error{Kind: collectors.Schema, Message: "an id is no address of a post", Err: err}
	}
	r.Header.Set("Accept", "application/activity+json")
	answer, err := c.http.Do(r)
	var e *collectors.Error
	if errors.As(err, &e) && e.Kind == collectors.Gone {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	var object struct {
		Type string `json:"type"`
	}
	if err := collectors.JSON(answer, &object); err != nil {
		return false, err
	}
	if object.Type == "" {
		return false, collectors.Errorf(collectors.Schema, "the answer does not say what the address is")
	}
	return object.Type == "Tombstone", nil
}

// Probe asks every server whether it answers, and the server of the token whose
// it is.
func (c *collector) Probe(ctx context.Context) error {
	for _, s := range c.servers {
		var a site
		if err := c.get(ctx, s, "/api/v3/site", nil, &a); err != nil {
			return fmt.Errorf("lemmy: test %s: %w", s.host(), err)
		}
		if err := c.judge(s, a); err != nil {
			return fmt.Errorf("lemmy: test %s: %w", s.host(), err)
		}
	}
	return nil
}

func (c *collector) judge(s server, a site) error {
	signedIn := len(a.MyUser) > 0 && string(a.MyUser) != "null"
	switch {
	case a.View == nil:
		return c.explain(s, collectors.Errorf(collectors.Schema, "the answer does not say what the server is"))
	case s.token != "" && !signedIn:
		return c.explain(s, &collectors.Error{Kind: collectors.Auth, Body: errorBody("not_logged_in")})
	case a.View.Local.Private && s.token == "":
		return c.explain(s, &collectors.Error{Kind: collectors.Auth, Body: errorBody("instance_is_private")})
	}
	return nil
}
