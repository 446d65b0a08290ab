package store

import (
	"context"
	"testing"
	"time"

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
		second := rapid.SampledFrom([]int64{1, 43200, 86401, 150000, 0, 1, 43200, 86399, 86400, 200000, 999999})
		var span Span
		ends := rapid.SampledFrom([]string{"both", "both", "until", "since", "none"}).Draw(rt, "ends")
		if ends == "both" || ends == "until" {
			span.Until = refStart.Add(secondsOf(second.Draw(rt, "to")))
		}
		if ends == "both" || ends == "since" {
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

// TestSpanParts pins which seconds come from roll-ups and which from raw rows.
func TestSpanParts(t *testing.T) {
	day := func(d int32) int64 { return int64(d) * secondsPerDay }
	at := func(d int32, second int64) time.Time { return time.Unix(day(d)+second, 0) }
	none := period{1, 0}
	for _, c := range []struct {
		name         string
		span         Span
		head, tail   period
		first, until int32
	}{
		{"everything", Span{}, none, none, NoDay, maxDay},
		{"until noon", Span{Until: at(9, 43200)}, none, period{day(9), day(9) + 43200}, NoDay + 1, 8},
		{"until the last second", Span{Until: at(9, 86399)}, none, none, NoDay + 1, 9},
		{"since midnight", Span{Since: at(5, 0)}, none, none, 5, maxDay},
		{"since one", Span{Since: at(5, 1)}, period{day(5) + 1, day(6) - 1}, none, 6, maxDay},
		{"since a fraction", Span{Since: at(5, 0).Add(1)}, period{day(5) + 1, day(6) - 1}, none, 6, maxDay},
		{"days between", Span{Since: at(5, 7), Until: at(9, 3)}, period{day(5) + 7, day(6) - 1}, period{day(9), day(9) + 3}, 6, 8},
		{"inside one day", Span{Since: at(5, 7), Until: at(5, 9)}, period{day(5) + 7, day(5) + 9}, none, 6, 4},
		{"start of one day", Span{Since: at(5, 0), Until: at(5, 9)}, none, period{day(5), day(5) + 9}, 5, 4},
		{"end of one day", Span{Since: at(5, 7), Until: at(5, 86399)}, period{day(5) + 7, day(6) - 1}, none, 6, 5},
		{"before 1970", Span{Until: at(-2, 5)}, none, period{day(-2), day(-2) + 5}, NoDay + 1, -3},
	} {
		p := c.span.parts()
		if p.head != c.head || p.tail != c.tail || p.first != c.first || p.until != c.until {
			t.Errorf("%s: %+v, want %+v", c.name, p, c)
		}
	}
}
