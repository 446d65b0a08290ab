package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/authenticity"
	"adalid/internal/dedupe"
	"adalid/internal/language"
	"adalid/internal/match"
	"adalid/internal/rank"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// judge looks at the accounts of a brand with the rules of authenticity and
// keeps what they say in the store, for the ranking.
type judge struct {
	store *store.Store
	now   func() time.Time
}

// behind tells whether the brand's data changed since its accounts were judged.
func (j judge) behind(ctx context.Context, brand string) (bool, error) {
	state, err := j.store.State(ctx, brand)
	if err != nil {
		return false, err
	}
	at, err := j.store.Assessed(ctx, brand)
	return at != store.Assessed{DataVersion: state.DataVersion, Rules: authenticity.Rules}, err
}

// judging is one walk over a brand's accounts.
type judging struct {
	judge
	brand  string
	asOf   time.Time
	ours   authenticity.Brand
	again  bool // the rules are others than those of what is stored
	shared map[int64]authenticity.Copies
}

// refresh judges all accounts of a brand by what is stored now and keeps what is
// another than before. Texts are read only of accounts with at least
// textsOf own posts that changed since. progress may be nil.
func (j judge) refresh(ctx context.Context, brand string, progress func(done, total int64)) error {
	state, err := j.store.State(ctx, brand)
	if err != nil {
		return err
	}
	before, err := j.store.Assessed(ctx, brand)
	if err != nil {
		return err
	}
	at := store.Assessed{DataVersion: state.DataVersion, Rules: authenticity.Rules}
	if before == at {
		return nil
	}
	g := judging{judge: j, brand: brand, again: before.Rules != at.Rules, asOf: asOfState(state, j.now)}
	if g.ours, err = j.ours(ctx, brand); err != nil {
		return err
	}
	if g.shared, err = j.shared(ctx, brand); err != nil {
		return err
	}
	if err := j.store.AccountFacts(ctx, brand, progress, func(piece []store.AccountFacts) error { return g.piece(ctx, piece) }); err != nil {
		return fmt.Errorf("judge accounts: %w", err)
	}
	return j.store.SetAssessed(ctx, brand, at)
}

// asOfState is the moment at which accounts are as old as they are: that of the
// default ranking.
func asOfState(s rank.State, now func() time.Time) time.Time {
	for _, t := range []time.Time{s.LastScan, s.Newest} {
		if !t.IsZero() {
			return t.UTC()
		}
	}
	return now().UTC()
}

// piece judges some accounts and stores those that changed.
func (g *judging) piece(ctx context.Context, accounts []store.AccountFacts) error {
	var changed []store.Assessment
	for i := range accounts {
		a := &accounts[i]
		made, err := g.account(ctx, a)
		if err != nil {
			return err
		}
		if a.Stored == nil || !made.Equal(a.Stored) {
			changed = append(changed, made)
		}
	}
	return g.store.SetAssessments(ctx, g.brand, changed)
}

// account judges one account.
func (g *judging) account(ctx context.Context, a *store.AccountFacts) (store.Assessment, error) {
	out := store.Assessment{Author: a.ID}
	p := profileOf(a.Author)
	var b authenticity.Behaviour
	read := textFacts{}
	if len(a.Texts) >= textsOf {
		out.Seen = seenOf(a.Texts)
		if s := a.Stored; s != nil && s.Seen == out.Seen && !g.again && json.Unmarshal(s.Texts, &read) == nil {
			out.Texts = s.Texts
		} else {
			var err error
			if read, err = g.read(ctx, a.ID); err != nil {
				return out, err
			}
			if out.Texts, err = json.Marshal(read); err != nil {
				return out, err
			}
		}
		b = authenticity.Measure(posts(a.Texts))
		b.Repetition = &authenticity.Repetition{Posts: len(a.Texts), Copies: read.Copies}
		b.Voice = &read.Voice
	}
	if c, ok := g.shared[a.ID]; ok {
		b.Copies = &c
	}
	genuine := authenticity.Assess(p, b, g.asOf)
	nature := authenticity.NatureOf(p, b)
	out.Automated, out.Organisation = genuine.Probability, nature.Probability
	if out.Automated >= rank.AutomatedBadge {
		out.Said.Automated = shownReasons(genuine.Reasons)
	}
	if nature.Organisation() {
		out.Said.Organisation = shownReasons(nature.Reasons)
	}
	if a.Own {
		return out, nil
	}
	out.Said.Circle = circleOf(authenticity.Circle(authenticity.Evidence{
		Profile: p, Posts: int(a.Posts), Sponsored: int(a.Sponsored), Links: read.links(),
		Reposts: int(a.Reposts), RepostsOfBrand: int(a.RepostsOfBrand),
	}, g.ours))
	return out, nil
}

// profileOf is an account as the rules look at it. The store keeps "" for what
// the source does not say, so an empty bio is unknown.
func profileOf(a adalid.Author) authenticity.Profile {
	said := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return authenticity.Profile{
		Platform: a.Platform, Handle: a.Handle, Name: a.Name, Bio: said(a.Bio),
		URL: said(authenticity.ProfileLink(a.URL, a.Handle, a.Key)), Created: a.Created,
		Followers: a.Followers, Following: a.Following, Verified: a.Verified,
	}
}

func posts(texts []store.OwnText) []authenticity.Post {
	out := make([]authenticity.Post, len(texts))
	for i, t := range texts {
		out[i] = authenticity.Post{Text: t.Hash}
		if t.At != store.NoTime {
			out[i].At = time.Unix(t.At, 0).UTC()
		}
	}
	return out
}

// textsOf is from how many own posts on an account's texts are read: fewer
// decide no rule.
const textsOf = rank.RepeaterPosts

// textFacts is what was read in an account's texts.
type textFacts struct {
	Copies  int                      `json:"copies"`  // near copies of an earlier one
	Linking int                      `json:"linking"` // posts that link anywhere
	Voice   authenticity.Voice       `json:"voice"`
	Links   []authenticity.LinkCount `json:"links,omitempty"` // most posts first, at most mostHosts
}

// mostHosts bounds what is kept of an account's links.
const mostHosts = 8

func (t textFacts) links() map[string]int {
	out := make(map[string]int, len(t.Links))
	for _, l := range t.Links {
		out[l.Host] = l.Posts
	}
	return out
}

// read reads the texts of an account.
func (j judging) read(ctx context.Context, author int64) (textFacts, error) {
	var all []authenticity.Post
	var t textFacts
	hosts := map[string]int{}
	err := j.store.TextsOf(ctx, j.brand, author, func(at store.OwnText, text string) error {
		p := posts([]store.OwnText{at})[0]
		p.Near = dedupe.NearHash(text)
		all = append(all, p)
		lang, _ := language.Identify("", text)
		t.Voice.Hear(text, lang)
		linked := authenticity.Hosts(text)
		for _, h := range linked {
			hosts[h]++
		}
		if len(linked) > 0 {
			t.Linking++
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	t.Copies = authenticity.Repeats(all).Copies
	t.Links = mostLinked(hosts)
	return t, nil
}

func mostLinked(hosts map[string]int) []authenticity.LinkCount {
	var list []authenticity.LinkCount
	for h, n := range hosts {
		list = append(list, authenticity.LinkCount{Host: h, Posts: n})
	}
	slices.SortFunc(list, func(a, b authenticity.LinkCount) int {
		if a.Posts != b.Posts {
			return b.Posts - a.Posts
		}
		return strings.Compare(a.Host, b.Host)
	})
	return list[:min(len(list), mostHosts)]
}

// seenOf is a hash of an account's own posts; never 0.
func seenOf(texts []store.OwnText) uint64 {
	const prime = 0x9e3779b97f4a7c15
	h := uint64(len(texts)) + 1
	for _, t := range texts {
		for _, v := range [...]uint64{t.Hash, uint64(t.At)} {
			h = (h ^ v) * prime
			h ^= h >> 29
		}
	}
	return max(h, 1)
}

// ours is what is known of the brand itself.
func (j judge) ours(ctx context.Context, brand string) (authenticity.Brand, error) {
	b, err := j.store.Brand(ctx, brand)
	if err != nil {
		return authenticity.Brand{}, err
	}
	out := authenticity.Brand{Name: b.Name, Handles: addressed(b)}
	for _, o := range b.Own {
		if o.Handle != "" && !slices.Contains(out.Handles, o.Handle) {
			out.Handles = append(out.Handles, o.Handle)
		}
	}
	own, err := j.store.OwnFacts(ctx, b.Name)
	if err != nil {
		return out, err
	}
	var profiles []string
	hosts, linking := map[string]int{}, 0
	for _, a := range own {
		if h := a.Author.Handle; h != "" && !slices.Contains(out.Handles, h) {
			out.Handles = append(out.Handles, h)
		}
		profiles = append(profiles, authenticity.ProfileLink(a.Author.URL, a.Author.Handle, a.Author.Key))
		t, err := judging{judge: j, brand: b.Name}.read(ctx, a.ID)
		if err != nil {
			return out, err
		}
		linking += t.Linking
		for _, l := range t.Links {
			hosts[l.Host] += l.Posts
		}
	}
	out.Domains = authenticity.Domains(profiles, mostLinked(hosts), linking)
	return out, nil
}

// addressed gives the handles that alone make a post one about the brand by its
// query: who follows @novacafe for Nova follows its own account. Other words of a
// query name products and topics too.
func addressed(b adalid.Brand) (handles []string) {
	q, err := match.Parse(scan.QueryOf(b))
	if err != nil {
		return nil // nothing matches by it either
	}
	for _, t := range q.SearchTerms() {
		if t.Kind == match.SearchHandle && !slices.Contains(handles, t.Text) && match.Explain(q, match.Doc{Mentions: []string{t.Text}}).Matched {
			handles = append(handles, t.Text)
		}
	}
	return handles
}

// shared finds what accounts post as others do, by account. Only of what could
// count is it asked whether the texts are long enough to be compared.
func (j judge) shared(ctx context.Context, brand string) (map[int64]authenticity.Copies, error) {
	var all []authenticity.Indexed
	var authors []int64
	err := j.store.OwnTexts(ctx, brand, func(t store.OwnText) error {
		if n := len(authors); n == 0 || authors[n-1] != t.Author {
			authors = append(authors, t.Author)
		}
		at := t.At
		if at == store.NoTime {
			at = math.MinInt64
		}
		all = append(all, authenticity.Indexed{Text: t.Hash, At: at, Author: int32(len(authors) - 1)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	copies := authenticity.SharedTexts(all, len(authors), nil)
	short := map[uint64]bool{}
	telling := func(author int32) bool { return copies[author].Shared > 0 && copies[author].Telling() }
	for i, p := range all { // in order of their texts
		if _, asked := short[p.Text]; asked || !telling(p.Author) {
			continue
		}
		if lone := (i == 0 || all[i-1].Text != p.Text) && (i+1 == len(all) || all[i+1].Text != p.Text); lone {
			continue
		}
		text, err := j.store.TextOf(ctx, brand, authors[p.Author], p.Text)
		if err != nil {
			return nil, err
		}
		short[p.Text] = dedupe.NearHash(text) == 0
	}
	if len(short) > 0 {
		copies = authenticity.SharedTexts(all, len(authors), func(text uint64) bool { return short[text] })
	}
	out := map[int64]authenticity.Copies{}
	for i, c := range copies {
		if c.Shared > 0 {
			out[authors[i]] = c
		}
	}
	return out, nil
}

func shownReasons(list []authenticity.Reason) []rank.Clue {
	out := make([]rank.Clue, len(list))
	for i, r := range list {
		out[i] = rank.Clue(r)
	}
	return out
}

func circleOf(list []authenticity.Suggestion) []rank.Suggestion {
	var out []rank.Suggestion
	for _, s := range list {
		out = append(out, rank.Suggestion{Role: string(s.Role), Probability: s.Probability, Reasons: shownReasons(s.Reasons)})
	}
	return out
}

// judged brings what is known of a brand's accounts up to date before a command
// that ranks them; with many of them it says so.
func (a *app) judged(ctx context.Context, s *store.Store, brand string) error {
	m := &judgeMeter{app: a, from: a.now()}
	err := judge{s, a.now}.refresh(ctx, brand, m.show)
	m.done()
	return err
}

// judgeMeter shows how far a judge is where it takes its time.
type judgeMeter struct {
	*app
	from  time.Time
	shown bool
}

func (m *judgeMeter) show(done, total int64) {
	if !m.terminal(m.err) || !m.shown && m.now().Sub(m.from) < time.Second {
		return
	}
	m.shown = true
	fmt.Fprintf(m.err, "\rLooking at accounts: %d %%", 100*done/max(total, 1))
}

func (m *judgeMeter) done() {
	if m.shown {
		fmt.Fprint(m.err, "\r\x1b[K")
	}
}
