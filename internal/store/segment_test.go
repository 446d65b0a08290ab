package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

func TestSegments(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "Other"}))
	before, err := s.DataVersion(ctx, "acme")
	must(t, err)
	made, err := s.SaveSegment(ctx, "acme", rank.Saved{Name: " Ñandú fans ", Where: "score > 60"})
	must(t, err)
	again, err := s.SaveSegment(ctx, "acme", rank.Saved{Name: "ÑANDÚ fans", Where: "score > 70"})
	must(t, err)
	_, err = s.SaveSegment(ctx, "acme", rank.Saved{Name: "all", Where: "mentions > 0"})
	must(t, err)
	list, err := s.Segments(ctx, "ACME")
	must(t, err)
	if !made || again || len(list) != 2 || list[0].Name != "all" || list[1].Name != "ÑANDÚ fans" || list[1].Where != "score > 70" || list[1].Created.IsZero() {
		t.Errorf("made %v, then %v; segments %+v", made, again, list)
	}
	if got, err := s.Segment(ctx, "acme", "ñandú FANS"); err != nil || got != list[1] {
		t.Errorf("%+v: %v", got, err)
	}
	if after, _ := s.DataVersion(ctx, "acme"); after != before {
		t.Error("saving a segment changed the data version: rankings would be made again")
	}
	code(t, adalid.NotFound, second(s.Segment(ctx, "other", "all")))
	code(t, adalid.NotFound, second(s.Segment(ctx, "nobody", "all")))
	code(t, adalid.Invalid, second(s.SaveSegment(ctx, "acme", rank.Saved{Name: "x", Where: "scor > 1"})))
	must(t, s.RemoveSegment(ctx, "acme", "ALL"))
	code(t, adalid.NotFound, s.RemoveSegment(ctx, "acme", "all"))
	for i := range mostSegments {
		_, err := s.SaveSegment(ctx, "other", rank.Saved{Name: fmt.Sprint(i), Where: "views > 1"})
		must(t, err)
	}
	code(t, adalid.Conflict, second(s.SaveSegment(ctx, "other", rank.Saved{Name: "more", Where: "views > 1"})))
	if made, err := s.SaveSegment(ctx, "other", rank.Saved{Name: "7", Where: "views > 2"}); made || err != nil {
		t.Error(made, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestRivals(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	for _, name := range []string{"b", "A"} {
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: name}))
	}
	must(t, s.SetRivals(ctx, "acme", []string{"B", "a", "b"}))
	b, err := s.Brand(ctx, "acme")
	must(t, err)
	if !slices.Equal(b.Rivals, []string{"A", "b"}) {
		t.Errorf("rivals %v", b.Rivals)
	}
	code(t, adalid.Invalid, s.SetRivals(ctx, "acme", []string{"ACME"}))
	code(t, adalid.NotFound, s.SetRivals(ctx, "acme", []string{"b", "nobody"}))
	must(t, s.RemoveBrand(ctx, "b"))
	all, err := s.Brands(ctx)
	must(t, err)
	if i := slices.IndexFunc(all, func(b adalid.Brand) bool { return b.Name == "acme" }); !slices.Equal(all[i].Rivals, []string{"A"}) {
		t.Errorf("rivals %v: what was refused changed them, or a removed brand stayed", all[i].Rivals)
	}
	must(t, s.SetRivals(ctx, "acme", nil))
	if b, _ := s.Brand(ctx, "acme"); len(b.Rivals) != 0 {
		t.Errorf("rivals %v", b.Rivals)
	}
}

// TestPostsNarrowed asks for posts by what they are, and by mood.
func TestPostsNarrowed(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	must(t, s.AddOwnAccounts(ctx, "acme", []adalid.OwnAccount{{Handle: "acme"}}))
	var list []scan.Mention
	add := func(id string, mood float64, change func(*adalid.Mention)) {
		m := adalid.Mention{Platform: "x", ID: id, CreatedAt: refStart, Author: adalid.Author{Key: "k", Handle: "ana"}, Text: "tea " + id}
		if change != nil {
			change(&m)
		}
		row := scan.Mention{Mention: m}
		if mood != 0 {
			row.Sentiment = &adalid.Sentiment{Positive: max(0, mood), Negative: max(0, -mood), Neutral: 1 - max(mood, -mood)}
		}
		list = append(list, row)
	}
	add("plain", 0, nil)
	add("glad", .9, func(m *adalid.Mention) { m.ReplyTo = "Acme" })
	add("paid", .95, func(m *adalid.Mention) { m.Sponsored = true })
	add("calm", .1, func(m *adalid.Mention) { m.QuoteOf, m.Views = "Bob", new(int64(7)) })
	add("angry", -.8, func(m *adalid.Mention) { m.Mentions, m.Views = []string{"carl", "bob"}, new(int64(9)) })
	add("carried", 0, func(m *adalid.Mention) { m.Repost, m.RepostOf = true, "bob" })
	_, err := s.Save(ctx, scan.Page{Brand: "acme", Batches: []scan.Batch{{Brand: "acme", Mentions: list}}})
	must(t, err)
	for want, q := range map[string]rank.PostQuery{
		"glad calm angry":            {Sort: rank.MostPositive},
		"angry calm glad":            {Sort: rank.MostNegative},
		"angry calm":                 {Sort: rank.MostViewed},
		"calm glad":                  {Answering: true},
		"glad":                       {Conversation: true},
		"paid":                       {Sponsored: true},
		"angry calm glad ":           {Tied: true},
		"angry calm carried":         {Toward: "bob"},
		"angry calm glad paid plain": {Authored: true},
	} {
		q.Limit = 2
		var got []string
		for {
			page, next, err := s.Posts(ctx, "acme", q)
			must(t, err)
			for _, p := range page {
				got = append(got, p.ID)
			}
			if q.After = next; next == "" {
				break
			}
		}
		if strings.Join(got, " ") != strings.TrimSpace(want) {
			t.Errorf("%+v gives %v, want %s", q, got, want)
		}
	}
	code(t, adalid.Invalid, second3(s.Posts(ctx, "acme", rank.PostQuery{Sort: "best", Limit: 1})))
}

func second3(_ []rank.Post, _ string, err error) error { return err }
