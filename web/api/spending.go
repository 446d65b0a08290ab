package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/rank"
)

// SpendingReport is what a brand has spent in a month, and what it got for it.
type SpendingReport struct {
	Brand     string         `json:"brand"`
	Month     string         `json:"month" doc:"UTC, such as 2026-03."`
	TotalUSD  float64        `json:"total_usd" doc:"What is booked and not yet settled counts in full."`
	Monthly   *float64       `json:"monthly_usd" doc:"The brand's own limit; null: none beside those of the sources."`
	Items     []SpentUnits   `json:"items" nullable:"false" doc:"By source and unit."`
	Platforms []PlatformCost `json:"platforms" nullable:"false" doc:"Those that cost money, by name."`
}

// SpentUnits is what one kind of unit came to.
type SpentUnits struct {
	Source string  `json:"source"`
	Unit   string  `json:"unit"`
	Units  int64   `json:"units"`
	USD    float64 `json:"usd"`
}

// PlatformCost is what the advocates found on a paid platform cost.
type PlatformCost struct {
	Platform    string   `json:"platform"`
	USD         float64  `json:"usd"`
	Advocates   int      `json:"advocates" doc:"People whom the ranking of the month's mentions on the platform lists as advocates."`
	PerAdvocate *float64 `json:"usd_per_advocate" doc:"usd over advocates; null when none was found."`
}

type (
	spendingAnswer struct{ Body SpendingReport }
	spendingInput  struct {
		BrandPath
		Month string `query:"month" pattern:"^[0-9]{4}-(0[1-9]|1[0-2])$" doc:"UTC, such as 2026-03. Left out: the present one."`
	}
)

func (s *server) registerSpending(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/spending", "get-spending", "What the brand has spent in a month"), s.getSpending)
}

func (s *server) getSpending(ctx context.Context, in *spendingInput) (*spendingAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	month := s.Now().UTC()
	if in.Month != "" {
		if month, err = ParseMonth(in.Month); err != nil {
			return nil, invalid("query.month", "month is no month such as 2026-03")
		}
	}
	spent, err := s.Standings.Spent(ctx, b.Name, month)
	if err != nil {
		return nil, err
	}
	p, _, err := s.Schedules.Schedule(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	report, err := ReportSpending(ctx, s.Ranker, b.Name, month, s.Now(), spent)
	report.Monthly = usd(p.Monthly)
	return &spendingAnswer{report}, err
}

// ParseMonth reads a month such as 2026-03 as its first second in UTC.
func ParseMonth(text string) (time.Time, error) {
	month, err := time.Parse("2006-01", text)
	if err != nil || month.Year() < 1970 {
		return time.Time{}, adalid.Errorf(adalid.Invalid, "%q is no month such as 2026-03", text)
	}
	return month, nil
}

// ReportSpending adds up what a brand has spent in the UTC month of a time, and
// sets it against the advocates whom that month's mentions show.
func ReportSpending(ctx context.Context, ranker Ranker, brand string, month, now time.Time, spent []Spending) (SpendingReport, error) {
	r := SpendingReport{Brand: brand, Month: month.UTC().Format("2006-01"), Items: make([]SpentUnits, len(spent)), Platforms: []PlatformCost{}}
	total, paid := int64(0), map[adalid.Platform]int64{}
	for i, x := range spent {
		r.Items[i] = SpentUnits{x.Source, x.Unit, x.Units, float64(x.Micros) / 1e6}
		total += x.Micros
		if x.Micros > 0 && x.Platform != "" {
			paid[x.Platform] += x.Micros
		}
	}
	r.TotalUSD = float64(total) / 1e6
	for platform, micros := range paid {
		found, err := advocates(ctx, ranker, brand, platform, month, now)
		if err != nil {
			return r, err
		}
		cost := PlatformCost{Platform: string(platform), USD: float64(micros) / 1e6, Advocates: found}
		if found > 0 {
			each := cost.USD / float64(found)
			cost.PerAdvocate = &each
		}
		r.Platforms = append(r.Platforms, cost)
	}
	slices.SortFunc(r.Platforms, func(a, b PlatformCost) int { return strings.Compare(a.Platform, b.Platform) })
	return r, nil
}

// advocates counts those whom a month's mentions on a platform show.
func advocates(ctx context.Context, ranker Ranker, brand string, platform adalid.Platform, month, now time.Time) (int, error) {
	month = month.UTC()
	q := rank.Query{Platform: platform, Since: time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)}
	if end := q.Since.AddDate(0, 1, 0).Add(-time.Second); end.Before(now) {
		q.Until = end
	}
	ranking, err := ranker.Rank(ctx, brand, q)
	n := 0
	for _, e := range ranking.Entries {
		if e.Segment == rank.Advocate {
			n++
		}
	}
	return n, err
}
