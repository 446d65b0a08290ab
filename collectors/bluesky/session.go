package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"adalid/collectors"
)

// session is what the server gave for the app password. It is kept as long as
// the collector: making one is limited to 30 in five minutes.
type session struct{ access, refresh, handle, did string }

const (
	whereKeys = "Make an app password on Bluesky under Settings, Privacy and security, App passwords, and enter it here together with the account's handle."
	wrongForm = "Bluesky's answer is not what its documents promise"
)

// signedIn gives the session, made if there is none yet.
func (c *collector) signedIn(ctx context.Context) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil {
		return c.session, nil
	}
	return c.create(ctx)
}

// ourselves gives the account that is signed in.
func (c *collector) ourselves() people {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == nil {
		return people{}
	}
	return people{c.session.did: c.session.handle}
}

// create makes a session; c.mu is held.
func (c *collector) create(ctx context.Context) (*session, error) {
	body, err := json.Marshal(map[string]string{"identifier": c.set.Handle, "password": c.set.AppPassword})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.set.Server+createPath, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.begin(r)
}

// renewed gives another session than the one that has expired; when its refresh
// token is no longer good either, one is made from the app password.
func (c *collector) renewed(ctx context.Context, old *session) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != old { // another call was faster
		if c.session != nil {
			return c.session, nil
		}
		return c.create(ctx)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.set.Server+"/xrpc/com.atproto.server.refreshSession", nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+old.refresh)
	s, err := c.begin(r)
	if e := refusal(err); e != nil && (e.Kind == collectors.Auth || e.Kind == collectors.Schema) {
		c.session = nil
		return c.create(ctx)
	}
	return s, err
}

// begin sends a request whose answer is a session.
func (c *collector) begin(r *http.Request) (*session, error) {
	var a sessionAnswer
	if err := c.get(r, &a); err != nil {
		return nil, err
	}
	if a.Access == "" || a.Refresh == "" || a.DID == "" {
		return nil, collectors.Errorf(collectors.Schema, "%s: there is no session in it", wrongForm)
	}
	c.session = &session{access: a.Access, refresh: a.Refresh, handle: lower(a.Handle), did: a.DID}
	return c.session, nil
}

// ask calls a method of the account's server, and once more with another
// session when this one has expired.
func (c *collector) ask(ctx context.Context, method string, parameters url.Values, into any) error {
	s, err := c.signedIn(ctx)
	if err != nil {
		return err
	}
	for again := false; ; again = true {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.set.Server+"/xrpc/"+method+"?"+parameters.Encode(), nil)
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+s.access)
		err = c.get(r, into)
		if again || !expired(err) {
			return err
		}
		if s, err = c.renewed(ctx, s); err != nil {
			return err
		}
	}
}

// refusal gives the *collectors.Error in err, nil when there is none.
func refusal(err error) *collectors.Error {
	var e *collectors.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// says gives the name of the error that a refusal's body tells of.
func says(e *collectors.Error) string {
	var f failure
	_ = json.Unmarshal(e.Body, &f) // whatever else it is names no error
	return f.Error
}

// expired says that a session has run out, which is told with 400 or 401.
func expired(err error) bool {
	e := refusal(err)
	if e == nil || e.Status != http.StatusBadRequest && e.Status != http.StatusUnauthorized {
		return false
	}
	name := says(e)
	return name == "ExpiredToken" || name == "InvalidToken"
}

// explained says in a person's words what a refusal means.
func explained(err error) error {
	e := refusal(err)
	if e == nil {
		return err
	}
	told := *e
	told.Err = err
	switch says(e) {
	case "ExpiredToken", "InvalidToken":
		told.Kind, told.Message, told.Fix = collectors.Auth, "Bluesky says that the session has expired", whereKeys
	case "AuthFactorTokenRequired":
		told.Kind, told.Message, told.Fix = collectors.Auth, "Bluesky asks for a code by mail, which it does for an account's own password", whereKeys
	case "AccountTakedown", "AccountDeactivated", "AccountSuspended":
		told.Kind, told.Message = collectors.Forbidden, "the account that searches was closed or suspended"
		told.Fix = "Use the handle and an app password of another account."
	case "UpstreamFailure", "UpstreamTimeout", "NotEnoughResources":
		told.Kind, told.Message = collectors.Transient, "Bluesky has a problem of its own"
	case "MethodNotImplemented", "XRPCNotSupported":
		told.Kind, told.Message = collectors.NotEntitled, "this server does not offer what was asked for"
		told.Fix = "Check the server's address in the settings."
	default:
		switch e.Kind {
		case collectors.Auth:
			told.Message, told.Fix = "Bluesky refused the handle and the app password", whereKeys
		case collectors.Forbidden:
			told.Message = "Bluesky refused access, as it does for searches without an account or from blocked addresses"
			told.Fix = "Check the handle and the app password, and whether bsky.app opens from this network."
		default:
			return err
		}
	}
	return &told
}
