package hackernews

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"adalid/collectors"
)

// kind is one of the ways to find posts.
type kind string

const (
	words   kind = "words"   // a word or phrase, exactly
	begins  kind = "begins"  // words that begin like this
	from    kind = "from"    // all posts of an account
	own     kind = "own"     // stories of the brand's account
	answers kind = "answers" // comments on these
)

// feed is one list of posts, newest first.
type feed struct {
	kind kind
	what string // words, or the account's name
}

func (f feed) key() string { return string(f.kind) + ":" + f.what }

// name is what an account may be called; anything else would change the
// meaning of a filter.
var name = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// feeds lists what a query asks for, always in one order. Every term is walked
// by itself: the search knows no "or", and its optional words demand more
// matches with every thousand results.
func feeds(q collectors.Query) (list []feed) {
	add := func(f feed) {
		if !slices.Contains(list, f) {
			list = append(list, f)
		}
	}
	for _, t := range q.Terms {
		what := strings.Join(strings.FieldsFunc(t.Text, func(r rune) bool { return r <= ' ' || r == '"' }), " ")
		switch {
		case what == "":
		case t.Kind == collectors.From:
			if name.MatchString(what) {
				add(feed{from, what})
			}
		case t.Kind == collectors.Prefix || t.Kind == collectors.Inside:
			add(feed{begins, strings.TrimLeft(what, "-")})
		default:
			add(feed{words, what})
		}
	}
	for _, o := range q.Brand.Own {
		if who := cmp.Or(o.Key, o.Handle); (o.Platform == "" || o.Platform == platform) && name.MatchString(who) {
			add(feed{own, who})
			add(feed{answers, who})
		}
	}
	return list
}

// request gives the words and tags to ask for.
func (f feed) request(stories []story) (query, tags string) {
	switch f.kind {
	case words:
		return `"` + f.what + `"`, "(story,comment)"
	case begins:
		return f.what, "(story,comment)"
	case from:
		return "", "(story,comment),author_" + f.what
	case own:
		return "", "story,author_" + f.what
	}
	var ids []string
	for _, s := range stories {
		ids = append(ids, "story_"+s.ID)
	}
	return "", "comment,(" + strings.Join(ids, ",") + ")"
}

// limits says what of a query cannot be asked for.
func limits(q collectors.Query) (warnings []string) {
	if slices.ContainsFunc(q.Terms, func(t collectors.Term) bool { return t.Kind == collectors.Inside }) {
		warnings = append(warnings, "Hacker News cannot search inside words: only words that begin with what was asked for are found")
	}
	return warnings
}
