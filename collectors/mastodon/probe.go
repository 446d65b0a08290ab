package mastodon

import (
	"context"
	"errors"
	"fmt"

	"adalid/collectors"
)

// Probe asks the server of the token whether it is good, and the others
// whether they show hashtags to anybody.
func (c *collector) Probe(ctx context.Context) error {
	for _, s := range c.servers {
		var err error
		if s.token != "" {
			err = c.probeToken(ctx, s)
		} else {
			err = c.probeServer(ctx, s)
		}
		if err != nil {
			return fmt.Errorf("mastodon: test %s: %w", s.host(), err)
		}
	}
	return nil
}

func (c *collector) probeToken(ctx context.Context, s server) error {
	f := feed{server: s, kind: tags}
	answer, err := c.get(ctx, s, "/api/v1/accounts/verify_credentials", nil)
	if err != nil {
		err = explain(err, f)
		if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind == collectors.Forbidden {
			e.Message, e.Fix = s.host()+" does not let this access token read its own account", "give the token the scope read:accounts"
		}
		return err
	}
	var a account
	if err := collectors.JSON(answer, &a); err != nil {
		return explain(err, f)
	}
	if a.ID == "" {
		return fault(f, "does not say whose the access token is")
	}
	return nil
}

func (c *collector) probeServer(ctx context.Context, s server) error {
	f := feed{server: s, kind: tags}
	answer, err := c.get(ctx, s, "/api/v2/instance", nil)
	if err != nil {
		return explain(err, f)
	}
	var i instance
	if err := collectors.JSON(answer, &i); err != nil {
		return explain(err, f)
	}
	if i.Domain == "" {
		return fault(f, "does not say what it is")
	}
	for _, access := range []string{i.Configuration.Access.Tags.Local, i.Configuration.Access.Tags.Remote} {
		if access != "" && access != "public" {
			e := collectors.Errorf(collectors.Auth, "%s shows hashtags only to people who are signed in", s.host())
			e.Fix = "add the access token of an account on " + s.host() + ", or take the server out of the list"
			return e
		}
	}
	return nil
}
