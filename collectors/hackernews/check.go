package hackernews

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"adalid"
	"adalid/collectors"
)

const (
	checkBatch   = 20 // every id is a request of its own
	hydrateBatch = 20
)

// CheckBatch is how many ids one call may name.
func (c *collector) CheckBatch() int { return checkBatch }

// Check asks the item server for each post. Deleted by its author and killed by
// the site both mean that nobody can read it any more. An item that the server
// does not know is gone only where the search does not know it either: new
// items reach the item server late.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	for _, id := range ids {
		if !number.MatchString(id) {
			continue // never came from here
		}
		var e *element
		if err := c.item(ctx, "item/"+id, &e); err != nil {
			return nil, fmt.Errorf("hackernews: check: %w", err)
		}
		switch {
		case e == nil:
			missing, err := c.unknown(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("hackernews: check: %w", err)
			}
			if missing {
				gone = append(gone, id)
			}
		case string(e.ID) != id:
			return nil, fmt.Errorf("hackernews: check: %w", collectors.Errorf(collectors.Schema, "the item server answered for another item"))
		case e.Deleted || e.Dead:
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// unknown tells whether the search has no such post.
func (c *collector) unknown(ctx context.Context, id string) (bool, error) {
	answer, err := c.get(ctx, c.search+searchPath+"items/"+id)
	if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind == collectors.Gone {
		return true, nil
	} else if err != nil {
		return false, err
	}
	var e element
	if err := collectors.JSON(answer, &e); err != nil {
		return false, err
	}
	if string(e.ID) != id {
		return false, collectors.Errorf(collectors.Schema, "the search answered for another item")
	}
	return false, nil
}

// HydrateBatch is how many accounts one call may name.
func (c *collector) HydrateBatch() int { return hydrateBatch }

// Hydrate gives age and self-description. Karma is no count of followers.
func (c *collector) Hydrate(ctx context.Context, keys []string) (list []adalid.Author, err error) {
	for _, key := range keys {
		if !name.MatchString(key) {
			continue
		}
		var u *user
		if err := c.item(ctx, "user/"+key, &u); err != nil {
			return nil, fmt.Errorf("hackernews: account: %w", err)
		}
		switch {
		case u == nil: // never wrote anything, or does not exist
		case u.ID != key:
			return nil, fmt.Errorf("hackernews: account: %w", collectors.Errorf(collectors.Schema, "the item server answered for another account"))
		default:
			a := adalid.Author{Platform: platform, Key: key, Handle: key, Bio: clean(collectors.HTMLText(u.About)), URL: site + "user?id=" + url.QueryEscape(key)}
			if u.Created > 0 {
				a.Created = time.Unix(int64(u.Created), 0).UTC()
			}
			list = append(list, a)
		}
	}
	return list, nil
}

// item reads an answer of the item server, which writes null for what it does
// not know.
func (c *collector) item(ctx context.Context, path string, into any) error {
	answer, err := c.get(ctx, c.items+itemPath+path+".json")
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := collectors.JSON(answer, &raw); err != nil {
		return err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) && string(bytes.TrimSpace(raw)) != "null" {
		return collectors.Errorf(collectors.Schema, "the item server's answer is no item")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return &collectors.Error{Kind: collectors.Schema, Message: "the item server's answer is not what its documents promise", Err: err}
	}
	return nil
}

// Probe asks for one story.
func (c *collector) Probe(ctx context.Context) error {
	b := &batch{per: 1}
	err := c.found(ctx, url.Values{"tags": {"story"}, "hitsPerPage": {"1"}}, b)
	if err == nil && len(b.raw) == 0 {
		err = collectors.Errorf(collectors.Schema, "the search has no story at all")
	}
	if err != nil {
		return fmt.Errorf("hackernews: %w", err)
	}
	return nil
}
