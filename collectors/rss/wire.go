package rss

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	jsonfeed "github.com/mmcdole/gofeed/json"

	"adalid/collectors"
)

// feed is what all kinds of feeds have in common.
type feed struct {
	title, link, lang string
	author            string // of items that name none; "" where the feed names none
	items             []item
	gone              []string // identities of items that the feed says were deleted
	encoding          string   // that it came in, "" UTF-8
}

// item is one entry. Title and body are HTML.
type item struct {
	guid, link, title, body, author, lang string
	created                               time.Time
	comments                              *int64
	raw                                   []byte // of an entry that cannot be read
}

// identity is what makes an item the same one when it is read again.
func (it item) identity() string {
	if it.guid != "" {
		return it.guid
	}
	return it.link
}

// fill takes over what an RSS or Atom feed holds.
func (f *feed) fill(in *gofeed.Feed) {
	f.title, f.link, f.lang = in.Title, in.Link, in.Language
	f.author = person(in.Authors)
	for _, i := range in.Items {
		it := item{
			guid: strings.TrimSpace(i.GUID), link: strings.TrimSpace(i.Link), title: i.Title, body: i.Content,
			author: person(i.Authors), created: firstTime(i.PublishedParsed, i.UpdatedParsed),
		}
		if it.link == "" && len(i.Links) > 0 {
			it.link = strings.TrimSpace(i.Links[0])
		}
		if strings.TrimSpace(it.body) == "" {
			it.body = i.Description
		}
		if dc := i.DublinCoreExt; dc != nil && len(dc.Language) > 0 {
			it.lang = dc.Language[0]
		}
		if slash := i.Extensions["slash"]["comments"]; len(slash) > 0 {
			if n, err := strconv.ParseInt(strings.TrimSpace(slash[0].Value), 10, 64); err == nil && n >= 0 {
				it.comments = &n
			}
		}
		f.items = append(f.items, it)
	}
}

// person gives a name; of who has only an address, what stands before the @.
func person(list []*gofeed.Person) string {
	for _, p := range list {
		if p == nil {
			continue
		}
		who := strings.TrimSpace(p.Name)
		if who == "" {
			who, _, _ = strings.Cut(strings.TrimSpace(p.Email), "@")
		}
		if who != "" {
			return who
		}
	}
	return ""
}

func firstTime(times ...*time.Time) time.Time {
	for _, t := range times {
		if t != nil {
			return calendar(*t)
		}
	}
	return time.Time{}
}

// calendar refuses, as unknown, what no calendar of posts holds.
func calendar(t time.Time) time.Time {
	if t = t.UTC().Truncate(time.Second); t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

// readJSON reads a JSON Feed entry by entry, so that a bad one spoils no other.
func readJSON(text []byte) (*feed, error) {
	var in struct {
		Version  string             `json:"version"`
		Title    string             `json:"title"`
		Home     string             `json:"home_page_url"`
		Language string             `json:"language"`
		Author   *jsonfeed.Author   `json:"author"`
		Authors  []*jsonfeed.Author `json:"authors"`
		Items    *[]json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, &collectors.Error{Kind: collectors.Schema, Message: "the answer is no JSON Feed", Err: err}
	}
	if !strings.Contains(in.Version, "jsonfeed.org") || in.Items == nil {
		return nil, collectors.Errorf(collectors.Schema, "the answer is JSON, but no JSON Feed")
	}
	f := &feed{title: html.EscapeString(in.Title), link: in.Home, lang: in.Language, author: writer(in.Author, in.Authors)}
	for _, raw := range *in.Items {
		var i *jsonfeed.Item
		if json.Unmarshal(raw, &i) != nil || i == nil {
			f.items = append(f.items, item{raw: raw})
			continue
		}
		it := item{
			guid: strings.TrimSpace(i.ID), link: strings.TrimSpace(i.URL), title: html.EscapeString(i.Title), body: i.ContentHTML,
			author: writer(i.Author, i.Authors), lang: i.Language, created: instant(i.DatePublished),
		}
		if it.created.IsZero() {
			it.created = instant(i.DateModified)
		}
		if it.body == "" {
			it.body = html.EscapeString(i.ContentText)
		}
		if it.body == "" {
			it.body = html.EscapeString(i.Summary)
		}
		f.items = append(f.items, it)
	}
	return f, nil
}

func writer(one *jsonfeed.Author, more []*jsonfeed.Author) string {
	for _, a := range append(more, one) {
		if a != nil && strings.TrimSpace(a.Name) != "" {
			return strings.TrimSpace(a.Name)
		}
	}
	return ""
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return calendar(t)
}
