package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"adalid/collectors"
)

// mostGone is how many deletions make a page.
const mostGone = 500

// listener makes pages of Jetstream's events: posts that may match the query,
// posts that name, answer or quote the brand's own accounts, and deletions.
type listener struct {
	terms filter
	own   people // the brand's accounts, by DID

	writers map[string]bool // DIDs of accounts that the query names: what they write counts
	walks   []search        // what a search for the same query goes through

	start    int64 // since when everything was sent, unix microseconds
	last     int64 // time of the last event read
	passed   bool  // an event was read since the last page
	mentions []post
	gone     []string
	rows     int64
	warnings []string
}

// listen prepares for a query. The accounts in it are resolved first, because
// Jetstream names accounts by their DIDs only.
func (c *collector) listen(ctx context.Context, q collectors.Query) (*listener, error) {
	b := &listener{terms: newFilter(q.Terms), own: people{}, writers: map[string]bool{}}
	b.walks, _ = c.plan(q, &session{handle: c.set.Handle})
	own := ownAccounts(q.Brand)
	var writers []string
	for _, t := range q.Terms {
		name := handle(t.Text)
		switch {
		case name == "":
		case t.Kind == collectors.From:
			writers = append(writers, name)
		case t.Kind == collectors.Handle && !slices.Contains(own, name):
			own = append(own, name)
		}
	}
	for some := range slices.Chunk(slices.Concat(own, writers), batch) {
		profiles, err := c.profiles(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, p := range profiles {
			name := handle(p.Handle)
			b.writers[p.DID] = b.writers[p.DID] || slices.Contains(writers, name)
			if slices.Contains(own, name) || slices.Contains(own, p.DID) {
				b.own[p.DID] = name
			}
		}
	}
	return b, nil
}

// from says where to begin, in unix microseconds: a little before the end of
// what was read, else now.
func (b *listener) from(st *state, now time.Time) int64 {
	b.start = max(st.Live-rewind.Microseconds(), st.Ended-handover.Microseconds())
	if b.start <= 0 {
		b.start = now.Add(-rewind).UnixMicro()
	}
	return b.start
}

// full says that a page has to be handed on.
func (b *listener) full(most int) bool { return len(b.mentions) >= most || len(b.gone) >= mostGone }

// event takes one message. What is no event, or not understood, is passed by:
// anybody can write what they like into their own records.
func (b *listener) event(message []byte) {
	var e event
	if json.Unmarshal(message, &e) != nil || e.Time <= 0 {
		return
	}
	if b.last == 0 && e.Time > b.start+gap.Microseconds() {
		b.warnings = append(b.warnings, fmt.Sprintf("Jetstream sent nothing for the time from %s to %s; only a search can find what was posted then.",
			clock(b.start), clock(e.Time)))
		b.start = e.Time
	}
	b.last, b.passed = max(b.last, e.Time), true
	if e.Kind != "commit" || e.Commit == nil || e.Commit.Collection != postType {
		return
	}
	uri := "at://" + e.DID + "/" + postType + "/" + e.Commit.Key
	if _, _, key := split(uri); key == "" {
		return
	}
	b.rows++
	b.mentions = slices.DeleteFunc(b.mentions, func(p post) bool { return p.uri == uri })
	b.gone = slices.DeleteFunc(b.gone, func(g string) bool { return g == uri })
	if e.Commit.Operation == "delete" {
		b.gone = append(b.gone, uri)
		return
	}
	if !b.promises(&e) {
		return
	}
	r, fault := decodeRecord(e.Commit.Record)
	if fault != "" {
		return
	}
	p := post{uri: uri, author: profile{DID: e.DID}, record: r, indexed: time.UnixMicro(e.Time)}
	if b.terms.passes(r.Text) || b.concerns(&p) {
		b.mentions = append(b.mentions, p)
	}
}

// promises says that a record is worth decoding in full: nearly all posts of the
// network are not.
func (b *listener) promises(e *event) bool {
	var r struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(e.Commit.Record, &r) != nil {
		return false
	}
	for did := range b.own {
		if bytes.Contains(e.Commit.Record, []byte(did)) {
			return true
		}
	}
	return b.writers[e.DID] || b.terms.passes(r.Text)
}

// concerns says that a post names, answers or quotes one of the brand's accounts,
// or that an account wrote it that the query names.
func (b *listener) concerns(p *post) bool {
	if b.writers[p.author.DID] {
		return true
	}
	for _, did := range p.others() {
		if _, ok := b.own[did]; ok {
			return true
		}
	}
	return false
}

// others gives the DIDs of the accounts that a post answers, quotes and names.
func (p *post) others() []string {
	parent, _, _ := split(p.record.Reply.it.Parent.URI)
	dids := []string{parent, p.quoted()}
	for _, f := range p.record.Facets.it {
		for _, feature := range f.it.Features {
			dids = append(dids, feature.DID)
		}
	}
	return slices.DeleteFunc(dids, func(did string) bool { return !strings.HasPrefix(did, "did:") })
}

// page hands on what has come since the last page, its authors completed.
func (c *collector) page(ctx context.Context, b *listener, st *state) (collectors.Page, error) {
	page := collectors.Page{Rows: b.rows, Warnings: b.warnings}
	profiles, known, err := c.acquaint(ctx, b)
	if ctx.Err() != nil {
		return page, ctx.Err()
	}
	if err != nil {
		page.Warnings = append(page.Warnings, "Bluesky's public server did not tell who wrote these posts: they came without handles and followers.")
	}
	now := c.now()
	for _, p := range b.mentions {
		if full, ok := profiles[p.author.DID]; ok {
			p.author = full
		}
		page.Mentions = append(page.Mentions, p.mention(known, now))
	}
	for _, uri := range b.gone {
		page.Gone = append(page.Gone, collectors.PostID{Platform: platform, ID: uri})
	}
	b.advance(st, &page)
	b.mentions, b.gone, b.rows, b.warnings, b.passed = nil, nil, 0, nil, false
	page.Next, err = st.encode()
	return page, err
}

// advance moves the cursor. Where the stream joined on to a complete search, the
// next one need not go further back than the stream has come.
func (b *listener) advance(st *state, page *collectors.Page) {
	if b.last == 0 {
		return
	}
	page.Observed = []collectors.Period{{From: time.UnixMicro(b.start).UTC(), To: time.UnixMicro(b.last).UTC()}}
	if st.Walk == nil && st.Ended > 0 && b.start <= st.Ended {
		for _, w := range b.walks {
			if mark, ok := st.Marks[w.name]; ok {
				st.Marks[w.name] = max(mark, b.last/1000)
			}
		}
		st.Ended = max(st.Ended, b.last)
	}
	st.Live = max(st.Live, b.last)
}

// acquaint asks who the people of a page are: Jetstream tells only their DIDs.
func (c *collector) acquaint(ctx context.Context, b *listener) (profiles map[string]profile, known people, err error) {
	profiles, known = map[string]profile{}, people{}
	for did, name := range b.own {
		if name != "" {
			known[did] = name
		}
	}
	var authors, others []string
	for _, p := range b.mentions {
		authors = append(authors, p.author.DID)
		others = append(others, p.others()...)
	}
	var dids []string
	for _, did := range append(authors, others...) { // authors first: who writes matters most
		if !slices.Contains(dids, did) {
			dids = append(dids, did)
		}
	}
	dids = dids[:min(len(dids), 4*batch)]
	for some := range slices.Chunk(dids, batch) {
		found, err := c.profiles(ctx, some)
		if err != nil {
			return profiles, known, err
		}
		for _, p := range found {
			profiles[p.DID] = p
			known.learn(&p)
		}
	}
	return profiles, known, nil
}

func clock(us int64) string { return time.UnixMicro(us).UTC().Format("2006-01-02 15:04 MST") }
