package file

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
)

// activity is one entry of an ActivityPub outbox.
type activity struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Actor     string            `json:"actor"`
	Published string            `json:"published"`
	To        listText          `json:"to"`
	Cc        listText          `json:"cc"`
	Object    json.RawMessage   `json:"object"`
	Items     []json.RawMessage `json:"orderedItems"` // of the outbox itself
}

// noteAP is a post in ActivityPub.
type noteAP struct {
	ID         string            `json:"id"`
	URL        string            `json:"url"`
	Published  string            `json:"published"`
	InReplyTo  string            `json:"inReplyTo"`
	QuoteURL   string            `json:"quoteUrl"`
	Summary    string            `json:"summary"`
	Content    string            `json:"content"`
	ContentMap map[string]string `json:"contentMap"`
	Tag        []struct {
		Type string `json:"type"`
		Name string `json:"name"`
		Href string `json:"href"`
	} `json:"tag"`
	Likes   totalAP `json:"likes"`
	Shares  totalAP `json:"shares"`
	Replies totalAP `json:"replies"`
}

// totalAP is the size of a collection; nil when it is not said.
type totalAP struct{ n *int64 }

// UnmarshalJSON reads a collection's totalItems; an address says nothing.
func (t *totalAP) UnmarshalJSON(b []byte) error {
	var c struct {
		Total *int64 `json:"totalItems"`
	}
	if json.Unmarshal(b, &c) == nil && c.Total != nil && *c.Total >= 0 {
		t.n = c.Total
	}
	return nil
}

// listText is a text or a list of texts.
type listText []string

// UnmarshalJSON reads both forms.
func (l *listText) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*l = listText{s}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(l))
}

func (l listText) public() bool {
	return slices.ContainsFunc(l, func(s string) bool {
		return s == "https://www.w3.org/ns/activitystreams#Public" || s == "as:Public" || s == "Public"
	})
}

type postOutbox struct {
	dates dates
	names accounts
}

// accounts gives the handles of accounts whose addresses do not name them:
// https://host/ap/users/1234, as newer servers have it.
type accounts map[string]string

// outboxAccounts reads the beginning of an outbox, and only that: wherever an
// import goes on, it knows the same.
func outboxAccounts(head []byte) accounts {
	names := accounts{}
	d := json.NewDecoder(bytes.NewReader(head))
	for t, err := d.Token(); err == nil; t, err = d.Token() {
		if t != "orderedItems" {
			continue
		}
		if t, err = d.Token(); err != nil || t != json.Delim('[') {
			continue
		}
		for d.More() {
			var a activity
			var raw json.RawMessage
			if d.Decode(&raw) != nil {
				return names // cut off
			}
			if unmarshal(raw, &a) == nil && a.Type == "Create" {
				names.learn(&a)
			}
		}
	}
	return names
}

// learn takes the name from the address at which people see a post of the account.
func (n accounts) learn(a *activity) {
	var p noteAP
	if actorHandle(a.Actor) != "" || json.Unmarshal(a.Object, &p) != nil {
		return
	}
	if h := shownAt(a.Actor, p.URL); h != "" && n[a.Actor] == "" {
		n[a.Actor] = h
	}
}

// shownAt gives the handle that the page of a post names, where that is on the
// server of the account.
func shownAt(actor, page string) string {
	a, err := url.Parse(actor)
	p, pageErr := url.Parse(page)
	if err != nil || pageErr != nil || a.Hostname() == "" || !strings.EqualFold(a.Hostname(), p.Hostname()) {
		return ""
	}
	return actorHandle(page)
}

// handle gives user@host for the address of an account or of its posts, "" where
// nothing tells.
func (n accounts) handle(address string) string {
	if h := actorHandle(address); h != "" {
		return h
	}
	for actor, h := range n {
		if rest, ok := strings.CutPrefix(address, actor); ok && (rest == "" || rest[0] == '/') {
			return h
		}
	}
	return ""
}

func (postOutbox) begin(int64) error { return nil }

func (d postOutbox) decode(p *page, raw []byte, at *place) {
	var a activity
	err := unmarshal(raw, &a)
	if err == nil && a.Items != nil {
		for _, item := range a.Items {
			d.decode(p, item, at)
		}
		return
	}
	at.row++
	p.Rows++
	if err != nil {
		p.reject(*at, "", "", "is no activity: "+err.Error(), raw)
		return
	}
	m, field, why := d.mention(p, &a)
	switch {
	case why == notPublic: // private messages are shown to nobody
		p.reject(*at, "", "", why, nil)
	case why != "":
		p.reject(*at, field, field, why, raw)
	default:
		p.add(&m, taken{mentions: true, repost: true}, *at)
	}
}

const notPublic = "was not posted publicly; such posts are not imported"

func (d postOutbox) mention(p *page, a *activity) (m adalid.Mention, field, why string) {
	handle := d.names.handle(a.Actor)
	if handle == "" && a.Type == "Create" {
		own := accounts{}
		own.learn(a)
		handle = own[a.Actor]
	}
	if handle == "" {
		return m, "author", fmt.Sprintf("the actor %q names no account", cutText([]byte(a.Actor)))
	}
	m.Author = adalid.Author{Key: lower(handle), Handle: handle, URL: a.Actor}
	if !a.To.public() && !a.Cc.public() {
		return m, "", notPublic
	}
	switch a.Type {
	case "Announce":
		return d.boost(p, a, m)
	case "Create":
		return d.note(p, a, m)
	}
	return m, "", fmt.Sprintf("is a %q, not a post", cutText([]byte(a.Type)))
}

// boost is a repost; the archive holds only the address of the original.
func (d postOutbox) boost(p *page, a *activity, m adalid.Mention) (_ adalid.Mention, field, why string) {
	var address string
	if json.Unmarshal(a.Object, &address) != nil {
		var o noteAP
		if unmarshal(a.Object, &o) != nil || o.ID == "" {
			return m, "post_id", "names no original"
		}
		address, m.Text = o.ID, clean(collectors.HTMLText(o.Content))
	}
	m.Repost = true
	if m.ID = a.ID; m.ID == "" {
		m.ID = "announce:" + address
	}
	m.URL = address
	if m.RepostOf = lower(d.names.handle(address)); m.RepostOf != "" {
		p.addHandle(m.RepostOf)
		m.Mentions = p.list()
	}
	return d.dated(m, a.Published)
}

func (d postOutbox) note(p *page, a *activity, m adalid.Mention) (_ adalid.Mention, field, why string) {
	var n noteAP
	if err := unmarshal(a.Object, &n); err != nil || n.ID == "" {
		return m, "post_id", "there is no post with an id"
	}
	m.ID, m.URL = n.ID, n.URL
	m.Text = clean(collectors.HTMLText(n.Content))
	if n.Summary != "" {
		m.Text = strings.TrimSpace(clean(n.Summary) + "\n\n" + m.Text)
	}
	if len(n.ContentMap) == 1 {
		for tag := range n.ContentMap {
			m.Lang = lower(tag)
		}
	}
	m.ReplyTo = lower(d.names.handle(n.InReplyTo))
	for _, t := range n.Tag {
		if t.Type != "Mention" {
			continue
		}
		h := mentionHandle(t.Name, t.Href)
		p.addHandle(h)
		if m.ReplyTo == "" && t.Href != "" && strings.HasPrefix(n.InReplyTo, t.Href+"/") {
			m.ReplyTo = lower(h)
		}
	}
	m.Mentions = p.list()
	m.QuoteOf = lower(d.names.handle(n.QuoteURL))
	m.Likes, m.Reposts, m.Replies = n.Likes.n, n.Shares.n, n.Replies.n
	if n.Published == "" {
		n.Published = a.Published
	}
	return d.dated(m, n.Published)
}

func (d postOutbox) dated(m adalid.Mention, published string) (_ adalid.Mention, field, why string) {
	if published == "" {
		return m, "", ""
	}
	at, err := d.dates.parse(published)
	if err != nil {
		return m, "created_at", fmt.Sprintf("%q %v", cutText([]byte(published)), err)
	}
	m.CreatedAt = at
	return m, "", ""
}

// actorHandle gives user@host for the address of an account or of its posts:
// https://host/users/user/… or https://host/@user/…; "" for other addresses, such
// as https://host/ap/users/1234/…, which name nobody.
func actorHandle(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	name := ""
	switch {
	case strings.HasPrefix(parts[0], "@"):
		name = parts[0][1:]
	case len(parts) > 1 && (parts[0] == "users" || parts[0] == "u" || parts[0] == "accounts"):
		name = parts[1]
	}
	switch {
	case name == "" || strings.ContainsAny(name, " \t\n\x00"):
		return ""
	case strings.Contains(name, "@"): // a remote account as its reader's server shows it
		return name
	}
	return name + "@" + u.Hostname()
}

// mentionHandle completes "@user" with the host of the account's address.
func mentionHandle(name, href string) string {
	name = strings.TrimPrefix(strings.TrimSpace(name), "@")
	if strings.Contains(name, "@") {
		return name
	}
	if h := actorHandle(href); h != "" {
		return h
	}
	if u, err := url.Parse(href); err == nil && u.Host != "" && name != "" {
		return name + "@" + u.Hostname()
	}
	return name
}
