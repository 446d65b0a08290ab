package youtube

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"adalid"
)

// HydrateBatch is how many channels YouTube gives at once.
func (c *collector) HydrateBatch() int { return batch }

// Hydrate reads channels. YouTube rounds subscribers to three digits; who hides
// them has none here.
func (c *collector) Hydrate(ctx context.Context, keys []string) (authors []adalid.Author, err error) {
	items, err := c.byID(ctx, "channels", "channelListResponse", "snippet,statistics", only(keys, channelID))
	for _, raw := range items {
		var ch channel
		if json.Unmarshal(raw, &ch) == nil && channelID.MatchString(ch.ID) {
			authors = append(authors, ch.author())
		}
	}
	return authors, err
}

// CheckBatch is how many posts YouTube looks up at once.
func (c *collector) CheckBatch() int { return batch }

// Check tells which videos and comments are no longer there.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	videos := only(ids, videoID)
	comments := only(ids, commentID)
	for _, ask := range []struct {
		endpoint, kind string
		ids            []string
	}{{"videos", "videoListResponse", videos}, {"comments", "commentListResponse", comments}} {
		items, err := c.byID(ctx, ask.endpoint, ask.kind, "id", ask.ids)
		if err != nil {
			return nil, err
		}
		there := map[string]bool{}
		for _, raw := range items {
			var item struct{ ID string }
			if json.Unmarshal(raw, &item) == nil {
				there[item.ID] = true
			}
		}
		for _, id := range ask.ids {
			if !there[id] {
				gone = append(gone, id)
			}
		}
	}
	return gone, nil
}

// byID reads what has one of the ids.
func (c *collector) byID(ctx context.Context, endpoint, kind, part string, ids []string) ([]json.RawMessage, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	v := url.Values{"part": {part}, "id": {strings.Join(ids, ",")}}
	if endpoint != "comments" { // which refuses it together with ids
		v.Set("maxResults", fmt.Sprint(batch))
	}
	a, err := c.get(ctx, quotaUnit, endpoint, kind, v)
	if err != nil {
		return nil, err
	}
	return a.Items, nil
}

// only keeps the distinct names that are ids of this form: one wrong id may
// refuse them all.
func only(names []string, form *regexp.Regexp) (ids []string) {
	for _, n := range names {
		if form.MatchString(n) && !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
	}
	return ids
}

// someVideo is the first video on YouTube.
const someVideo = "jNQXAC9IVRw"

// Probe looks up one video, which is one unit of the quota: it shows that the
// key is good and the API enabled.
func (c *collector) Probe(ctx context.Context) error {
	_, err := c.byID(ctx, "videos", "videoListResponse", "id", []string{someVideo})
	return err
}
