package mastodon

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"adalid/collectors"
)

// kind is one of the three ways to find posts.
type kind string

const (
	tags     kind = "tag"      // a hashtag's timeline
	mentions kind = "mentions" // notifications of the token's account
	search   kind = "search"   // full text, of people who agreed to be found
)

const (
	statusLimit       = 40 // the most that servers give
	notificationLimit = 80
)

// scopes are what a token needs for each.
var scopes = map[kind]string{tags: "read:statuses", mentions: "read:notifications", search: "read:search"}

// feed is one list of posts, newest first, on one server.
type feed struct {
	server server
	kind   kind
	what   string // tag or words; "" of mentions
}

func (f feed) key() string {
	return strings.TrimSuffix(f.server.host()+"/"+string(f.kind)+"/"+f.what, "/")
}

// request gives path and parameters without those of paging.
func (f feed) request() (path string, q url.Values) {
	switch f.kind {
	case mentions:
		return "/api/v1/notifications", url.Values{"types[]": {"mention"}, "limit": {strconv.Itoa(notificationLimit)}}
	case search:
		return "/api/v2/search", url.Values{"q": {f.what}, "type": {"statuses"}, "limit": {strconv.Itoa(statusLimit)}}
	}
	return "/api/v1/timelines/tag/" + f.what, url.Values{"limit": {strconv.Itoa(statusLimit)}}
}

// feeds lists what a query asks for, server by server, always in one order.
func (c *collector) feeds(q collectors.Query) (list []feed) {
	names, words := tagsOf(q.Terms), wordsOf(q.Terms)
	for _, s := range c.servers {
		for _, tag := range names {
			list = append(list, feed{s, tags, tag})
		}
		if s.token == "" {
			continue
		}
		list = append(list, feed{s, mentions, ""})
		for _, w := range words {
			if c.search {
				list = append(list, feed{s, search, w})
			}
		}
	}
	return list
}

// tagsOf writes words and phrases the way hashtags are written: together.
func tagsOf(terms []collectors.Term) (list []string) {
	for _, t := range terms {
		if t.Kind == collectors.Handle || t.Kind == collectors.From {
			continue
		}
		if tag := tagOf(t.Text); tag != "" && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	return list
}

// tagOf leaves out what no hashtag can hold; "" where no letter is left.
func tagOf(text string) string {
	letter := false
	tag := strings.Map(func(r rune) rune {
		letter = letter || unicode.IsLetter(r)
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	if !letter {
		return ""
	}
	return tag
}

// wordsOf gives the searches: one each, because servers know no "or".
func wordsOf(terms []collectors.Term) (list []string) {
	for _, t := range terms {
		if t.Kind != collectors.Word && t.Kind != collectors.Phrase && t.Kind != collectors.Prefix {
			continue
		}
		w := strings.Join(strings.Fields(strings.ReplaceAll(t.Text, `"`, " ")), " ")
		if strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			w = `"` + w + `"` // a colon or a minus would be an operator
		}
		if w != "" && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}
