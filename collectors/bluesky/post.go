package bluesky

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
)

const postType = "app.bsky.feed.post"

// earliest is the oldest that a post can be: archives of other networks, which
// people bring along with their old dates, begin in 2006. What claims to be
// older, or younger than its arrival, gets the time of its arrival.
var earliest = time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC)

// people holds the handles that an answer tells of, by DID.
type people map[string]string

func (p people) learn(a *profile) {
	if a != nil && a.DID != "" && handle(a.Handle) != "" {
		p[a.DID] = lower(a.Handle)
	}
}

// post is one post, as any of the ways to read it gives it.
type post struct {
	uri     string
	author  profile
	record  *record
	embed   embedView
	indexed time.Time // when the network had it
}

// decodePost reads a post of an answer; why says what is wrong with it.
func decodePost(raw json.RawMessage) (v postView, p post, why string) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, p, "it is no post"
	}
	p = post{uri: v.URI, author: v.Author, embed: v.Embed.it}
	if did, collection, key := split(v.URI); did == "" || collection != postType || key == "" {
		return v, p, "it has no address of a post"
	}
	if p.author.DID == "" {
		return v, p, "its author is missing"
	}
	indexed, err := time.Parse(time.RFC3339, v.IndexedAt)
	if err != nil {
		return v, p, "the time at which it was indexed is missing"
	}
	p.indexed = indexed
	if p.record, why = decodeRecord(v.Record); why != "" {
		return v, p, why
	}
	return v, p, ""
}

func decodeRecord(raw json.RawMessage) (*record, string) {
	var r *record
	if json.Unmarshal(raw, &r) != nil || r == nil {
		return nil, "it holds no text of a post"
	}
	return r, ""
}

// mention makes a mention of a post; known are handles by DID.
func (p *post) mention(known people, now time.Time) adalid.Mention {
	m := adalid.Mention{
		Platform: platform, ID: p.uri, ObservedAt: now.UTC(), CreatedAt: p.created(),
		Author: author(p.author), Text: clean(p.record.Text), Lang: p.record.lang(),
	}
	_, _, key := split(p.uri)
	who := m.Author.Handle
	if who == "" {
		who = p.author.DID
	}
	m.URL = "https://bsky.app/profile/" + who + "/post/" + key
	if parent, _, _ := split(p.record.Reply.it.Parent.URI); parent != "" {
		m.ReplyTo = known[parent]
	}
	if quoted := p.quoted(); quoted != "" {
		m.QuoteOf = known[quoted]
	}
	m.Mentions = p.record.handles(known)
	m.Sponsored = collectors.Sponsored(strings.Join(append(p.record.links(), m.Text), "\n"))
	return m
}

// created is when the post was written, as far as its author can be believed.
func (p *post) created() time.Time {
	at, err := time.Parse(time.RFC3339, p.record.Created.it)
	if err != nil || at.After(p.indexed) || at.Before(earliest) {
		at = p.indexed
	}
	return at.UTC().Truncate(time.Second)
}

// quoted gives the DID of whom the post quotes, "" when it quotes no post.
func (p *post) quoted() string {
	r := p.record.Embed.it.Record.it
	for _, uri := range []string{r.URI, r.Record.it.URI} {
		if did, collection, _ := split(uri); collection == postType {
			return did
		}
	}
	return ""
}

// tells teaches the handles that the post's answer holds: of its author and of
// whom it quotes.
func (p *post) tells(known people) {
	known.learn(&p.author)
	known.learn(p.embed.Record.it.Author)
	known.learn(p.embed.Record.it.Record.it.Author)
}

// lang is the one language that the author chose; with several, none.
func (r *record) lang() string {
	if langs := r.Langs.it; len(langs) == 1 {
		return lower(langs[0])
	}
	return ""
}

// handles gives whom the text names, in the order in which it does.
func (r *record) handles(known people) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range r.Facets.it {
		for _, feature := range f.it.Features {
			if feature.DID == "" {
				continue
			}
			name := handle(strings.TrimPrefix(r.marked(f.it), "@"))
			if name == "" || known[feature.DID] != "" {
				name = known[feature.DID] // what the account is called, whatever the text says
			}
			if name != "" && !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	return out
}

// marked is the part of the text that a facet marks, "" when it marks none.
func (r *record) marked(f facet) string {
	start, end := f.Index.Start, f.Index.End
	if start < 0 || end > len(r.Text) || start >= end || !utf8.RuneStart(r.Text[start]) {
		return ""
	}
	return r.Text[start:end]
}

// links gives the addresses in the post, which its text shows shortened.
func (r *record) links() []string {
	out := []string{r.Embed.it.External.it.URI, r.Embed.it.Media.it.External.it.URI}
	for _, f := range r.Facets.it {
		for _, feature := range f.it.Features {
			out = append(out, feature.URI)
		}
	}
	return out
}

// author gives the account of a profile, with nil for what it does not tell.
func author(p profile) adalid.Author {
	a := adalid.Author{
		Platform: platform, Key: p.DID, Handle: handle(p.Handle), Name: clean(p.Name), Bio: clean(p.Bio),
		Followers: p.Followers, Following: p.Following,
	}
	a.URL = "https://bsky.app/profile/" + a.Key
	if a.Handle != "" {
		a.URL = "https://bsky.app/profile/" + a.Handle
	}
	if at, err := time.Parse(time.RFC3339, p.Created); err == nil {
		a.Created = at.UTC().Truncate(time.Second)
	}
	if v := p.Verification; v != nil {
		verified := v.Verified == "valid" || v.Trusted == "valid"
		a.Verified = &verified
	}
	return a
}

// handle gives a handle in lower case, "" for what is none: the network says
// handle.invalid of accounts whose own no longer leads to them.
func handle(s string) string {
	s = lower(s)
	if s == "handle.invalid" || !strings.Contains(s, ".") || len(s) > 253 {
		return ""
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-' {
			return ""
		}
	}
	return s
}

// split takes an address at://did/collection/key apart; all is "" when it is none.
func split(uri string) (did, collection, key string) {
	rest, ok := strings.CutPrefix(uri, "at://")
	if !ok {
		return "", "", ""
	}
	did, rest, _ = strings.Cut(rest, "/")
	collection, key, _ = strings.Cut(rest, "/")
	if !strings.HasPrefix(did, "did:") || strings.ContainsAny(key, "/?#") {
		return "", "", ""
	}
	return did, collection, key
}

func lower(s string) string { return strings.ToLower(s) }

// clean removes what no text may hold: NUL.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
