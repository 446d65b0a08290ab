package store

import (
	"context"
	"database/sql"
	"testing"

	"adalid"
	"adalid/internal/scan"

	"pgregory.net/rapid"
)

// TestRebuildFindsNothing does anything that changes counts, in any order:
// every figure equals the reference, and a rebuild finds no difference.
func TestRebuildFindsNothing(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	rapid.Check(t, func(rt *rapid.T) {
		s := emptied(rt, s)
		ctx := context.Background()
		var rows []scan.Mention
		labels, about := map[Key]adalid.Label{}, map[Key]bool{}
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			more := drawRows(rt)
			saveInPages(rt, s, more)
			rows = append(rows, more...)
			keys := refKeys(rows)
			gone := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 0, 3, rapid.ID).Draw(rt, "deleted")
			n, err := s.Delete(ctx, "acme", gone)
			must(rt, err)
			if n != int64(len(gone)) {
				rt.Fatalf("deleted %d of %d mentions", n, len(gone))
			}
			for _, k := range gone {
				delete(labels, k)
				delete(about, k)
				rows = refKeep(rows, func(m scan.Mention) bool { return Key{m.Platform, m.ID} != k })
			}
			if keys = refKeys(rows); len(keys) > 0 {
				k := rapid.SampledFrom(keys).Draw(rt, "labelled")
				labels[k] = rapid.SampledFrom([]adalid.Label{adalid.Positive, adalid.Neutral, adalid.Negative, ""}).Draw(rt, "label")
				must(rt, s.SetLabel(ctx, "acme", k, labels[k], "someone"))
				var marks []MarkOf
				for _, k := range rapid.SliceOfN(rapid.SampledFrom(keys), 0, 6).Draw(rt, "marked") {
					mark := rapid.Ptr(rapid.Bool(), true).Draw(rt, "about")
					marks = append(marks, MarkOf{k, mark})
					if delete(about, k); mark != nil {
						about[k] = *mark
					}
				}
				_, err := s.SetMarks(ctx, "acme", marks, "someone")
				must(rt, err)
			}
		}
		all := refWinners(rows)
		if rapid.Bool().Draw(rt, "rescored") {
			refRescore(rt, s, all)
		}
		posts := refJudge(all, about)
		for _, p := range posts {
			if v, ok := labelValue(labels[Key{p.Platform, p.ID}]); ok && v.ok {
				p.label = &v.v
			}
		}
		equal(rt, "roll-ups", storeDays(rt, s), refDays(posts))
		equal(rt, "edges", storeEdgeTotals(rt, s, Span{}), refEdgeTotals(posts))
		equal(rt, "authors", storeAuthors(rt, s, Span{}), refAuthors(posts))
		wantNoLeftovers(rt, s)
		report, err := s.Rebuild(ctx, "", nil)
		must(rt, err)
		if report.Differ() != 0 || report.Mentions != int64(len(all)) || report.Brands != 1 {
			rt.Fatalf("rebuild of %d mentions found %+v", len(all), report)
		}
	})
}

// refRescore gives every mention another sentiment, or none, and another word
// of the rule, or the one it had.
func refRescore(t *rapid.T, s *Store, posts []*refPost) {
	verdicts := map[Key]*refPost{}
	for _, p := range posts {
		p.LeftOut = rapid.Bool().Draw(t, "out")
		p.Sentiment = nil
		if rapid.Bool().Draw(t, "scored") {
			p.Sentiment = &adalid.Sentiment{Positive: .75, Negative: .25}
		}
		verdicts[Key{p.Platform, p.ID}] = p
	}
	n, err := s.Rescore(context.Background(), "acme", func(m *Judged) (*adalid.Sentiment, bool) {
		p := verdicts[Key{m.Platform, m.ID}]
		return p.Sentiment, p.LeftOut
	}, nil)
	must(t, err)
	if n.Mentions != int64(len(posts)) || n.Changed > n.Mentions {
		t.Fatalf("rescored %+v of %d mentions", n, len(posts))
	}
}

// wantNoLeftovers looks for authors and profiles that no mention needs.
func wantNoLeftovers(t rapid.TB, s *Store) {
	t.Helper()
	var authors, profiles int
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, plain))
	must(t, err)
	defer db.Close()
	must(t, db.QueryRowContext(context.Background(), `
		SELECT (SELECT count(*) FROM author a WHERE NOT EXISTS (SELECT 1 FROM mention m WHERE m.brand = a.brand AND m.author = a.id)),
		       (SELECT count(*) FROM profile p WHERE NOT EXISTS (
		           SELECT 1 FROM mention m WHERE m.brand = p.brand AND m.author = p.author AND m.profile = p.n))`).Scan(&authors, &profiles))
	if authors != 0 || profiles != 0 {
		t.Fatalf("%d authors and %d profiles are left without a mention", authors, profiles)
	}
}

func refKeys(rows []scan.Mention) (keys []Key) {
	for _, m := range refDistinct(rows) {
		keys = append(keys, Key{m.Platform, m.ID})
	}
	return keys
}

// TestRebuildRepairs damages every kind of derived row.
func TestRebuildRepairs(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	c := newCrowd(3000, 500)
	_, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: c.page(3000)}}})
	must(t, err)
	days, edges := storeDays(t, s), storeEdgeTotals(t, s, Span{})
	version, err := s.DataVersion(ctx, "acme")
	must(t, err)
	for _, damage := range []struct {
		sql  string
		want RebuildReport
	}{
		{"UPDATE rollup SET likes = likes + 1 WHERE (day, author, lang) IN (SELECT day, author, lang FROM rollup LIMIT 2)", RebuildReport{Rollups: 2}},
		{"DELETE FROM rollup WHERE (day, author, lang) IN (SELECT day, author, lang FROM rollup LIMIT 1)", RebuildReport{Rollups: 1}},
		{"INSERT INTO edge SELECT brand, day + 1000, kind, source, target, 7 FROM edge LIMIT 3", RebuildReport{Edges: 3}},
		{"UPDATE edge SET weight = 9 WHERE (day, kind, source, target) IN (SELECT day, kind, source, target FROM edge LIMIT 1)", RebuildReport{Edges: 1}},
		{"UPDATE mention SET copy = 5 WHERE rowid = 10", RebuildReport{Copies: 1}},
		{"INSERT INTO label (brand, platform, id, hash) SELECT brand, platform, id, text_hash FROM mention WHERE rowid = 20; UPDATE mention SET text_hash = 0 WHERE rowid = 20", RebuildReport{Marks: 1}},
	} {
		if err := s.writer.exec(damage.sql); err != nil {
			t.Fatalf("%s: %v", damage.sql, err)
		}
		var done, total int64
		got, err := s.Rebuild(ctx, "Acme", func(d, n int64) { done, total = d, n })
		must(t, err)
		if done != total || total != 2*got.Mentions {
			t.Errorf("progress ended at %d of %d for %d mentions", done, total, got.Mentions)
		}
		damage.want.Brands, damage.want.Mentions = 1, got.Mentions
		if got != damage.want {
			t.Errorf("after %s: found %+v, want %+v", damage.sql, got, damage.want)
		}
		now, err := s.DataVersion(ctx, "acme")
		must(t, err)
		if now <= version {
			t.Errorf("after %s: data version %d did not rise above %d", damage.sql, now, version)
		}
		version = now
		equal(t, "roll-ups", storeDays(t, s), days)
		equal(t, "edges", storeEdgeTotals(t, s, Span{}), edges)
		if got, err = s.Rebuild(ctx, "", nil); err != nil || got.Differ() != 0 {
			t.Errorf("second rebuild after %s: %+v, %v", damage.sql, got, err)
		}
	}
	if _, err := s.Rebuild(ctx, "nobody", nil); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("rebuild of an unknown brand: %v", err)
	}
}
