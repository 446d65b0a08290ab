package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// Edges yields the whole-day edges, by day, kind, source, target; those of
// mentions without a time come first, with Day NoDay.
func (s *Store) Edges(ctx context.Context, brand string, yield func(rank.Edge) error) error {
	return s.read(ctx, "read edges", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return wholeEdges(x, b.id, yield)
	})
}

// EdgesPart is to Edges what DayPart is to Days.
func (s *Store) EdgesPart(ctx context.Context, brand string, from, to time.Time, yield func(rank.Edge) error) error {
	return s.read(ctx, "read edges of part of a day", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		t := newTally()
		err = factsBetween(x, b.id, period{ceilSecond(from), to.Unix()}, func(f *fact) error {
			t.addEdges(f, 1)
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range t.sortedEdges() {
			if err := yield(e.edge(e.weight)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (k edgeKey) edge(w int32) rank.Edge {
	return rank.Edge{Day: k.day, Kind: k.kind, Source: k.source, Target: k.target, Weight: w}
}

func scanEdge(r row) rank.Edge {
	return rank.Edge{Day: int32(r.int(0)), Kind: rank.EdgeKind(r.int(1)), Source: r.int(2), Target: r.text(3), Weight: int32(r.int(4))}
}

func edges(x *session, brand int64, from, to int32, yield func(edgeKey, int32) error) error {
	return x.query("edge.Between", func(r row) error {
		e := scanEdge(r)
		return yield(edgeKey{e.Day, e.Kind, e.Source, e.Target}, e.Weight)
	}, brand, from, to)
}

// EdgeTotal is how often an account tied itself to a handle in a span.
type EdgeTotal struct {
	Kind     rank.EdgeKind
	Platform adalid.Platform
	Source   string // key of the author
	Target   string // handle, lower case
	Weight   int64  // posts
}

// EdgeTotals yields the edges of a span, by kind, source, target, platform.
// With a language they are counted from the mentions, which takes longer.
func (s *Store) EdgeTotals(ctx context.Context, brand string, span Span, yield func(EdgeTotal) error) error {
	return s.read(ctx, "read edge totals", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		authors, err := listAuthors(x, b.id)
		if err != nil {
			return err
		}
		totals, err := edgeTotals(x, b.id, span, authors)
		if err != nil {
			return err
		}
		for _, t := range totals {
			a := authors[t.source]
			err := yield(EdgeTotal{Kind: t.kind, Platform: adalid.Platform(a.platform), Source: a.key, Target: t.target, Weight: t.weight})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// edgeSum is an EdgeTotal by the author's id.
type edgeSum struct {
	kind   rank.EdgeKind
	source int64
	target string
	weight int64
}

// edgeTotals adds up the edges of a span in the order of EdgeTotals.
func edgeTotals(x *session, brand int64, span Span, authors []authorRow) ([]edgeSum, error) {
	var sums []edgeSum
	add := func(k edgeKey, w int32) error {
		if k.source < int64(len(authors)) && (span.Platform == "" || authors[k.source].platform == string(span.Platform)) {
			sums = append(sums, edgeSum{k.kind, k.source, k.target, int64(w)})
		}
		return nil
	}
	if err := spanEdges(x, brand, span, add); err != nil {
		return nil, err
	}
	slices.SortFunc(sums, func(a, b edgeSum) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(authors[a.source].place, authors[b.source].place),
			cmp.Compare(a.target, b.target))
	})
	kept := sums[:0]
	for _, e := range sums {
		if n := len(kept); n > 0 && kept[n-1].kind == e.kind && kept[n-1].source == e.source && kept[n-1].target == e.target {
			kept[n-1].weight += e.weight
			continue
		}
		kept = append(kept, e)
	}
	return kept, nil
}

func spanEdges(x *session, brand int64, span Span, add func(edgeKey, int32) error) error {
	p := span.parts()
	raw := func(f *fact) error {
		if !langMatches(span.Lang, f.lang) {
			return nil
		}
		var err error
		f.ties(func(e tie) {
			if err == nil {
				err = add(edgeKey{day(f.created), e.kind, f.author, e.target}, 1)
			}
		})
		return err
	}
	if span.Lang == "" {
		for _, part := range [...]period{p.head, p.tail} {
			if part.from > part.to {
				continue
			}
			if err := factsBetween(x, brand, part, raw); err != nil {
				return err
			}
		}
		return edges(x, brand, p.first, p.until, add)
	}
	if err := factsBetween(x, brand, p.span, raw); err != nil || p.timed {
		return err
	}
	return x.query("mention.Untimed", func(r row) error {
		f := scanFact(r)
		return raw(&f)
	}, brand)
}
