package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
)

// batch is how many accounts or posts one call may name.
const batch = 25

// HydrateBatch is 25.
func (c *collector) HydrateBatch() int { return batch }

// CheckBatch is 25.
func (c *collector) CheckBatch() int { return batch }

// Hydrate gives the accounts with these DIDs, with bio and followers. It asks
// without signing in: an account that blocks ours would be missing otherwise.
func (c *collector) Hydrate(ctx context.Context, keys []string) ([]adalid.Author, error) {
	profiles, err := c.profiles(ctx, keys)
	if err != nil {
		return nil, err
	}
	authors := make([]adalid.Author, 0, len(profiles))
	for _, p := range profiles {
		authors = append(authors, author(p))
	}
	return authors, nil
}

// profiles asks for accounts by DID or handle, at most 25.
func (c *collector) profiles(ctx context.Context, who []string) ([]profile, error) {
	var a profilesAnswer
	if err := c.public(ctx, "app.bsky.actor.getProfiles", url.Values{"actors": who}, &a); err != nil {
		return nil, err
	}
	if a.Profiles == nil {
		return nil, collectors.Errorf(collectors.Schema, "%s: there are no profiles in it", wrongForm)
	}
	var out []profile
	for _, raw := range *a.Profiles {
		var p profile
		if json.Unmarshal(raw, &p) == nil && strings.HasPrefix(p.DID, "did:") {
			out = append(out, p)
		}
	}
	return out, nil
}

// Check gives those of the posts that no longer exist: deleted, or of accounts
// that were closed. It asks without signing in, because who blocks our account
// hides posts from it that still exist.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	asked := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		_, collection, key := split(id)
		return collection != postType || key == "" // imported under a name of another kind
	})
	if len(asked) == 0 {
		return nil, nil
	}
	var a postsAnswer
	if err := c.public(ctx, "app.bsky.feed.getPosts", url.Values{"uris": asked}, &a); err != nil {
		return nil, err
	}
	if a.Posts == nil {
		return nil, collectors.Errorf(collectors.Schema, "%s: there are no posts in it", wrongForm)
	}
	there := map[string]bool{}
	for _, raw := range *a.Posts {
		var p struct {
			URI string `json:"uri"`
		}
		if json.Unmarshal(raw, &p) != nil || p.URI == "" {
			return nil, collectors.Errorf(collectors.Schema, "%s: a post has no address", wrongForm)
		}
		there[p.URI] = true
	}
	for _, id := range asked {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Probe signs in, or without credentials asks the public server for an account.
func (c *collector) Probe(ctx context.Context) error {
	if c.keyless() {
		_, err := c.profiles(ctx, []string{"bsky.app"})
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.create(ctx)
	return err
}

// public calls a method of the public server.
func (c *collector) public(ctx context.Context, method string, parameters url.Values, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.set.AppView+"/xrpc/"+method+"?"+parameters.Encode(), nil)
	if err != nil {
		return err
	}
	return c.get(r, into)
}

// ownAccounts gives the brand's accounts that can be on this network, by handle
// or DID, each once.
func ownAccounts(b adalid.Brand) []string {
	var out []string
	for _, own := range b.Own {
		if own.Platform != platform && own.Platform != "" {
			continue
		}
		who := handle(own.Handle)
		if strings.HasPrefix(own.Key, "did:") {
			who = own.Key
		}
		if who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}
