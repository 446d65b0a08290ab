package scan_test

import (
	"testing"

	"adalid"
	"adalid/collectors"
	"adalid/internal/dedupe"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
)

type oneMood struct{}

func (oneMood) Version() string { return "one mood" }

func (oneMood) Score(text, lang string, _ *sentiment.Terms) *adalid.Sentiment {
	if lang != "en" || text == "" {
		return nil
	}
	return &adalid.Sentiment{Positive: 1}
}

// TestRowsArePrepared: hashes for every row, a sentiment where there is one to
// tell, none for reposts, whose words are another's.
func TestRowsArePrepared(t *testing.T) {
	english, spanish, repost := post("1", "Great!"), post("2", "¡Genial!"), post("3", "RT @h1: Great!")
	english.Lang, spanish.Lang, repost.Lang, repost.Repost = "en", "es", "en", true
	for _, scorer := range []scan.Scorer{nil, oneMood{}} {
		l := &ledger{}
		run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Sentiment: scorer, Collector: &shelf{pages: []collectors.Page{page(english, spanish, repost)}}})
		for i, m := range l.pages[0].Batches[0].Mentions {
			scored := scorer != nil && i == 0
			if (m.Sentiment != nil) != scored {
				t.Errorf("%s: sentiment %v, want one: %t", m.Text, m.Sentiment, scored)
			}
			if m.TextHash != dedupe.TextHash(m.Text) || m.RowHash != dedupe.RowHash(m.Mention) || m.RowHash == 0 {
				t.Errorf("%s: hashes %d and %d", m.Text, m.TextHash, m.RowHash)
			}
			if m.Brand != "" {
				t.Errorf("%s: the row still names its brand, which the batch does", m.Text)
			}
		}
	}
}

// TestCountersNobodyCanHaveAreUnknown: a source may write any number; whatever
// is summed later stays far within 64 bits.
func TestCountersNobodyCanHaveAreUnknown(t *testing.T) {
	for count, known := range map[int64]bool{-1: false, 0: true, 1e12: true, 1e12 + 1: false, 1 << 62: false} {
		m := post("1", "Great!")
		for _, c := range counters(&m) {
			*c = new(count)
		}
		l := &ledger{}
		run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: []collectors.Page{page(m)}}})
		saved := l.pages[0].Batches[0].Mentions[0]
		for i, c := range counters(&saved.Mention) {
			if *c == nil && known || *c != nil && (!known || **c != count) {
				t.Errorf("%d as counter %d: known %t, want %t", count, i, *c != nil, known)
			}
		}
		if saved.RowHash != dedupe.RowHash(saved.Mention) {
			t.Errorf("%d: the row's hash is not that of what is stored", count)
		}
	}
}

func counters(m *adalid.Mention) []**int64 {
	return []**int64{&m.Likes, &m.Reposts, &m.Replies, &m.Quotes, &m.Views, &m.Author.Followers, &m.Author.Following}
}
