package main

import (
	"context"
	"unicode/utf8"

	"adalid"
	"adalid/config"
	"adalid/internal/match"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

// settingsDesk answers what the settings of a brand ask beside the ranking.
type settingsDesk struct {
	store  *store.Store
	trials chan struct{} // holds a token for each trial under way
}

func newSettingsDesk(s *store.Store) settingsDesk {
	return settingsDesk{s, make(chan struct{}, triedAtOnce)}
}

func (a *app) brandSettings(cfg *config.Config, s *store.Store) api.BrandSettings {
	desk, c := newSettingsDesk(s), cfg.Alarms
	return api.BrandSettings{
		Choices: s, Formula: formulaOf(cfg), QueryTester: desk, Alarms: desk,
		AlarmWays: api.AlarmWays{Mail: len(c.MailTo), Webhook: c.WebhookURL != "", Language: c.Language},
	}
}

// A trial looks at so many of the newest mentions, which takes a second or two at
// most, and shows so many of those that would turn.
const (
	triedAtOnce   = 2
	triedPosts    = 20_000
	triedPage     = 2000
	triedExamples = 20
)

// TryQuery implements api.QueryTester.
func (d settingsDesk) TryQuery(ctx context.Context, b adalid.Brand, t api.QueryTrial) (api.QueryTried, error) {
	select {
	case d.trials <- struct{}{}:
		defer func() { <-d.trials }()
	default:
		return api.QueryTried{}, adalid.Errorf(adalid.RateLimited, "%d queries are being tried; try again in a moment", triedAtOnce)
	}
	next := b
	next.Query = t.Query
	m, err := match.Compile([]adalid.Brand{b, next})
	if err != nil {
		return api.QueryTried{}, err
	}
	out := api.QueryTried{All: true}
	if q, err := match.Parse(t.Query); err == nil {
		for _, h := range q.Hints() {
			out.Hints = append(out.Hints, h.Message)
		}
	}
	if t.Text != "" {
		e := m.Explain(1, match.Doc{Text: t.Text, Lang: t.Lang, Platform: t.Platform, Author: t.Author})
		out.Text = api.TriedText{Matched: e.Matched, Because: e.Because, Spans: placed(t.Text, e.Spans)}
	}
	q := rank.PostQuery{Limit: triedPage}
	for {
		posts, after, err := d.store.Posts(ctx, b.Name, q)
		if err != nil {
			return out, err
		}
		for i := range posts {
			tryPost(m, &posts[i], &out)
		}
		if q.After = after; after == "" {
			return out, nil
		}
		if out.Read >= triedPosts {
			out.All = false
			return out, nil
		}
	}
}

// tryPost counts one mention.
func tryPost(m *match.Matcher, p *rank.Post, out *api.QueryTried) {
	var hit [2]*match.Hit
	hits := m.Match(match.DocOf(p.Mention), nil)
	for i := range hits {
		hit[hits[i].Brand] = &hits[i]
	}
	out.Read++
	list, by := &out.Gained, hit[1]
	switch {
	case hit[0] != nil && hit[1] != nil:
		out.Both++
		return
	case hit[0] == nil && hit[1] == nil:
		out.Neither++
		return
	case hit[0] != nil:
		list, by = &out.Lost, hit[0]
	}
	if list.Count++; len(list.Examples) < triedExamples {
		list.Examples = append(list.Examples, api.TriedPost{
			Platform: p.Platform, ID: p.ID, Handle: p.Author.Handle, URL: p.URL, Lang: p.Lang, Text: p.Text, Spans: placed(p.Text, by.Spans),
		})
	}
}

// placed counts places as browsers do, in UTF-16 units.
func placed(text string, spans []match.Span) []api.TriedSpan {
	out := make([]api.TriedSpan, 0, len(spans))
	for _, s := range spans {
		start := units(text[:s.Start])
		out = append(out, api.TriedSpan{Start: start, End: start + units(text[s.Start:s.End]), Term: s.Term})
	}
	return out
}

func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff && r <= utf8.MaxRune {
			n++
		}
	}
	return n
}

// BrandAlarms implements api.Alarms.
func (d settingsDesk) BrandAlarms(ctx context.Context, brand string, limit int) ([]api.AlarmRecord, error) {
	list, err := d.store.PastAlarms(ctx, brand, limit)
	out := make([]api.AlarmRecord, len(list))
	for i, a := range list {
		out[i] = api.AlarmRecord{Source: a.Source, Kind: string(a.Kind), Reason: a.Reason, Fix: a.Fix, Since: a.Since, Announced: a.Announced, Over: a.Over}
	}
	return out, err
}
