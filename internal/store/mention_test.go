package store

import (
	"context"
	"testing"

	"adalid"
	"adalid/internal/scan"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// emptied gives the brand of a store back as if it were new; opening a store
// for each of a hundred checks costs more than the checks.
func emptied(t rapid.TB, s *Store) *Store {
	t.Helper()
	must(t, s.RemoveBrand(context.Background(), "ACME"))
	must(t, s.CreateBrand(context.Background(), adalid.Brand{Name: "acme"}))
	return s
}

func equal(t rapid.TB, what string, got, want []string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s differ from the reference (-want +got):\n%s", what, d)
	}
}

// TestMergeIsCommutativeAndIdempotent stores random rows in any order, in
// pages of any size, some of them twice: every figure equals the reference.
func TestMergeIsCommutativeAndIdempotent(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawRows(rt)
		arriving := rapid.Permutation(append(rows, rapid.SliceOfN(rapid.SampledFrom(rows), 0, 10).Draw(rt, "again")...)).Draw(rt, "order")
		s := emptied(rt, s)
		saveInPages(rt, s, arriving)
		posts := refMerge(rows)
		equal(rt, "roll-ups", storeDays(rt, s), refDays(posts))
		equal(rt, "edges", storeEdgeTotals(rt, s, Span{}), refEdgeTotals(posts))
		equal(rt, "authors", storeAuthors(rt, s, Span{}), refAuthors(posts))
	})
}

// TestSpanEqualsFresh asks for any span and compares with a database that only
// ever saw the rows inside it.
func TestSpanEqualsFresh(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	rapid.Check(t, func(rt *rapid.T) {
		rows := refDistinct(drawRows(rt))
		s := emptied(rt, s)
		saveInPages(rt, s, rows)
		second := rapid.SampledFrom([]int64{0, 1, 2, 43200, 86399, 86400, 86401, 150000, 200000, 999999})
		var span Span
		if rapid.Bool().Draw(rt, "until") {
			span.Until = refStart.Add(secondsOf(second.Draw(rt, "to")))
		}
		if rapid.Bool().Draw(rt, "since") {
			span.Since = refStart.Add(secondsOf(second.Draw(rt, "from")))
		}
		inside := refKeep(rows, func(m scan.Mention) bool {
			if span.Since.IsZero() && span.Until.IsZero() {
				return true
			}
			return !m.CreatedAt.IsZero() && !m.CreatedAt.Before(span.Since) && (span.Until.IsZero() || !m.CreatedAt.After(span.Until))
		})
		posts := refMerge(inside)
		equal(rt, "authors", storeAuthors(rt, s, span), refAuthors(posts))
		equal(rt, "edges", storeEdgeTotals(rt, s, span), refEdgeTotals(posts))
		for _, lang := range []string{"en", "es"} {
			span.Lang = lang
			posts := refMerge(refKeep(inside, func(m scan.Mention) bool { return m.Lang == lang || m.Lang == lang+"-mx" }))
			equal(rt, "authors of "+lang, storeAuthors(rt, s, span), refAuthors(posts))
			equal(rt, "edges of "+lang, storeEdgeTotals(rt, s, span), refEdgeTotals(posts))
		}
	})
}
