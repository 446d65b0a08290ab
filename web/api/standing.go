package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// BrandSource is how a brand does at a source.
type BrandSource struct {
	Source       string      `json:"source"`
	Kind         string      `json:"kind" doc:"Kind of source."`
	State        *string     `json:"state" enum:"running,done,paused,failed,stopped" doc:"null: it was never read."`
	Failure      *string     `json:"failure" doc:"What stopped it: auth, forbidden, not_entitled, rate_limited, quota, budget, transient, gone, schema."`
	Reason       *string     `json:"reason" doc:"One sentence."`
	Fix          *string     `json:"fix" doc:"What to do."`
	Until        *time.Time  `json:"until" doc:"When it goes on by itself."`
	Tried        *time.Time  `json:"tried" doc:"End of the latest scan."`
	Succeeded    *time.Time  `json:"succeeded" doc:"When everything had last been read."`
	Found        *time.Time  `json:"found" doc:"When it last brought a new mention."`
	FailingSince *time.Time  `json:"failing_since" doc:"null: it works."`
	WatchedSince *time.Time  `json:"watched_since" doc:"From when on it has been read; null: it does not tell."`
	WatchedUntil *time.Time  `json:"watched_until"`
	Gaps         []SourceGap `json:"gaps" nullable:"false" doc:"Times between these of which something may be missing, the latest 50, newest first."`
}

// SourceGap is a span of time of which something may be missing: from is included,
// to is not.
type SourceGap struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// BrandSourceList is a brand's sources, by name.
type BrandSourceList struct {
	Items []BrandSource `json:"items" nullable:"false"`
}

type (
	brandSourcesAnswer struct{ Body BrandSourceList }
)

// shownGaps bounds the gaps of one source.
const shownGaps = 50

func (s *server) registerStandings(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/sources", "list-brand-sources", "How the brand does at each live source"), s.listBrandSources)
}

func (s *server) listBrandSources(ctx context.Context, in *BrandPath) (*brandSourcesAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	all, err := s.Standings.Standings(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	list := BrandSourceList{Items: make([]BrandSource, len(all))}
	for i, x := range all {
		list.Items[i] = wireStanding(x)
	}
	return &brandSourcesAnswer{list}, nil
}

func wireStanding(x SourceStanding) BrandSource {
	h := x.Health
	out := BrandSource{
		Source: x.Source.Name, Kind: x.Source.Collector, State: some(string(h.State)), Failure: some(string(h.Kind)), Reason: some(h.Reason), Fix: some(h.Fix),
		Until: known(h.Until), Tried: known(h.Tried), Succeeded: known(h.Succeeded), Found: known(h.Found), FailingSince: known(h.Failing), Gaps: []SourceGap{},
	}
	for i, w := range x.Watched {
		if i == 0 {
			out.WatchedSince = known(w.From)
			continue
		}
		out.Gaps = append([]SourceGap{{x.Watched[i-1].To.UTC(), w.From.UTC()}}, out.Gaps[:min(len(out.Gaps), shownGaps-1)]...)
	}
	if n := len(x.Watched); n > 0 {
		out.WatchedUntil = known(x.Watched[n-1].To)
	}
	return out
}
