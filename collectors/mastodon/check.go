package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"adalid/collectors"
)

// CheckBatch is how many posts a server looks up in one request.
func (*collector) CheckBatch() int { return 20 }

// mastodonPost matches the addresses that Mastodon itself gives to posts; they
// end in the id that the author's server knows them by.
var mastodonPost = regexp.MustCompile(`^/(?:users/[^/]+|ap/users/\d+)/statuses/(\d+)(?:/activity)?$`)

// Check asks the servers of the posts' authors, for they alone know. A post is
// gone when its own server says so; a server that refuses or is down says
// nothing, and an error comes back only where no post could be judged.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	k := check{there: map[string]bool{}, silent: map[string]bool{}}
	for _, group := range groups(ids) {
		k.add(group, c.together(ctx, group, k.there))
	}
	judged := 0
	for _, address := range ids {
		u, local := origin(address)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("mastodon: check: %w", ctx.Err())
		case u == nil:
			k.err = errors.Join(k.err, collectors.Errorf(collectors.Schema, "an id is no address of a post"))
			continue
		case k.there[address]:
			judged++
			continue
		case k.silent[u.Host]:
			continue
		}
		deleted, err := c.deleted(ctx, u, local)
		if err != nil {
			k.add([]string{address}, err)
			continue
		}
		judged++
		if deleted {
			gone = append(gone, address)
		}
	}
	if judged == 0 && k.err != nil {
		return nil, fmt.Errorf("mastodon: check: %w", k.err)
	}
	return gone, nil
}

// check is what is known so far of one call.
type check struct {
	there  map[string]bool // posts that exist
	silent map[string]bool // hosts that do not answer: asked once is enough
	err    error
}

// add notes why posts of one server could not be judged.
func (k *check) add(addresses []string, err error) {
	if err == nil {
		return
	}
	u, _ := origin(addresses[0])
	k.silent[u.Host] = true
	if e := (*collectors.Error)(nil); errors.As(err, &e) {
		named := *e
		named.Message = u.Host + ": " + e.Message
		err, k.silent[u.Host] = &named, e.Kind != collectors.Gone && e.Kind != collectors.Schema
	}
	k.err = errors.Join(k.err, err)
}

// groups puts posts of the same Mastodon server together, two or more each.
func groups(ids []string) (list [][]string) {
	place := map[string]int{}
	for _, id := range ids {
		u, local := origin(id)
		if local == "" {
			continue
		}
		i, ok := place[u.Host]
		if !ok {
			i = len(list)
			place[u.Host], list = i, append(list, nil)
		}
		list[i] = append(list[i], id)
	}
	return slices.DeleteFunc(list, func(g []string) bool { return len(g) < 2 })
}

// together looks up posts of one server in one request and notes those that
// exist. What is missing is asked for singly before it counts as gone.
func (c *collector) together(ctx context.Context, addresses []string, there map[string]bool) error {
	q, names := url.Values{}, map[string]string{}
	for _, address := range addresses {
		_, local := origin(address)
		q.Add("id[]", local)
		names[local] = address
	}
	u, _ := origin(addresses[0])
	answer, err := c.get(ctx, c.serverOf(u), "/api/v1/statuses", q)
	if err != nil {
		return err
	}
	items, err := read(tags, answer)
	for _, it := range items {
		if name, ok := names[it.id]; ok {
			there[name] = true
		}
	}
	return err
}

// origin gives the address of a post and, on Mastodon, its id there.
func origin(address string) (u *url.URL, local string) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, ""
	}
	if m := mastodonPost.FindStringSubmatch(u.Path); m != nil {
		local = m[1]
	}
	return u, local
}

// serverOf gives the server of an address, with the token where it is ours.
func (c *collector) serverOf(u *url.URL) server {
	i := slices.IndexFunc(c.servers, func(s server) bool { return s.base.Scheme == u.Scheme && s.base.Host == u.Host })
	if i >= 0 {
		return c.servers[i]
	}
	return server{base: url.URL{Scheme: u.Scheme, Host: u.Host}}
}

// deleted asks the author's server for one post.
func (c *collector) deleted(ctx context.Context, u *url.URL, local string) (bool, error) {
	var answer *http.Response
	var err error
	if local != "" {
		answer, err = c.get(ctx, c.serverOf(u), "/api/v1/statuses/"+local, nil)
	} else {
		answer, err = c.object(ctx, u)
	}
	var e *collectors.Error
	switch {
	case errors.As(err, &e) && e.Kind == collectors.Gone && (local == "" || saysSo(e)):
		return true, nil
	case err != nil:
		return false, err
	}
	var post struct {
		Type string `json:"type"`
	}
	if err := collectors.JSON(answer, &post); err != nil {
		return false, err
	}
	return post.Type == "Tombstone", nil
}

// saysSo tells a server that knows the question and not the post from one that
// does not know the question.
func saysSo(e *collectors.Error) bool {
	var a struct {
		Error *string `json:"error"`
	}
	return e.Status == http.StatusGone || json.Unmarshal(e.Body, &a) == nil && a.Error != nil
}

// object asks for a post the way servers ask each other, without a signature.
func (c *collector) object(ctx context.Context, u *url.URL) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &collectors.Error{Kind: collectors.Schema, Message: "an id is no address of a post", Err: err}
	}
	r.Header.Set("Accept", "application/activity+json")
	return c.http.Do(r)
}
