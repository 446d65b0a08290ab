package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/backtest"
)

// Backtest tells how good a brand's ranking was.
type Backtest struct {
	Brand      string            `json:"brand"`
	Demo       bool              `json:"demo" doc:"Invented people."`
	Receipt    Receipt           `json:"receipt" doc:"Of the ranking that was tested."`
	At         *time.Time        `json:"at" doc:"The ranking knew nothing later."`
	End        *time.Time        `json:"end" doc:"End of what came next."`
	K          int               `json:"k" doc:"Length of the list that is judged."`
	Candidates int               `json:"candidates" doc:"People who were ranked."`
	Returning  int               `json:"returning" doc:"Of them, who posted again."`
	Verdict    string            `json:"verdict" enum:"better,same,worse,short_history,no_sentiment" doc:"Whether the first k went on to recommend the brand more often than those of lists by followers, by mentions and by engagement, beyond chance."`
	Words      []Said            `json:"words" nullable:"false" doc:"The result in sentences."`
	Targets    []BacktestTarget  `json:"targets" nullable:"false" doc:"None where the history is too short."`
	Pooled     Null[PooledTests] `json:"pooled" doc:"All brands together, where this one's history is too short and others are there; else null."`
}

// PooledTests are figures over several brands.
type PooledTests struct {
	Brands     []string         `json:"brands" nullable:"false"`
	K          int              `json:"k" doc:"How many people are judged, all brands together: each has its part, rounded, and at least one, so that it may differ from what was asked for."`
	Candidates int              `json:"candidates"`
	Returning  int              `json:"returning"`
	Verdict    string           `json:"verdict" enum:"better,same,worse,short_history,no_sentiment"`
	Words      []Said           `json:"words" nullable:"false"`
	Targets    []BacktestTarget `json:"targets" nullable:"false"`
}

// Said is a sentence in both languages of the page.
type Said struct {
	ES string `json:"es"`
	EN string `json:"en"`
}

// BacktestTarget is one thing that people can do next.
type BacktestTarget struct {
	Name     string          `json:"name" enum:"returned,recommended,engaged,listened" doc:"Posted again; posted again and on the whole well of the brand; got so much engagement, or so many distinct people to react, as the top tenth of those who got any."`
	Achieved int             `json:"achieved" doc:"Candidates who did."`
	Orders   []BacktestOrder `json:"orders" nullable:"false" doc:"The ranking first. One by what nobody tells is left out."`
}

// BacktestOrder is how an order did at a target.
type BacktestOrder struct {
	Order     string         `json:"order" enum:"ranking,followers,mentions,engagement,random"`
	Hits      int            `json:"hits" doc:"Of the first k."`
	Precision Interval       `json:"precision" doc:"Share of the first k who did."`
	NDCG      Interval       `json:"ndcg" doc:"Normalised discounted cumulative gain of the first k."`
	Ahead     Null[Interval] `json:"ahead" doc:"By how much the ranking's precision is higher, person for person; null for the ranking itself."`
}

type (
	backtestAnswer struct{ Body Backtest }
	backtestInput  struct {
		BrandPath
		Filters
		At string `query:"at" maxLength:"40" doc:"The moment up to which the ranking may know anything: RFC 3339 time, or a date (its end, UTC). Left out: the end of the day by which half of the mentions had been written, never of their last day."`
		K  int    `query:"k" minimum:"1" maximum:"1000" default:"50"`
	}
)

func (s *server) registerBacktest(a huma.API) {
	o := op(http.MethodGet, "/brands/{brand}/backtest", "get-backtest", "How good is the ranking?")
	register(a, described(o, "Ranks people by what was known at a moment and looks at what they did next, beside lists by followers, mentions, engagement and chance."), s.getBacktest)
}

func (s *server) getBacktest(ctx context.Context, in *backtestInput) (*backtestAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	at, err := parseTime("at", in.At, 24*time.Hour-time.Second)
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	brands, err := s.readableBrands(ctx)
	if err != nil {
		return nil, err
	}
	t, err := RunBacktest(ctx, s.Ranker, b, brands, backtest.Query{Rank: q, At: at, K: in.K})
	return &backtestAnswer{t}, err
}

// RunBacktest tests a brand's ranking, and those of all brands together where
// this one's history is too short.
func RunBacktest(ctx context.Context, ranker backtest.Ranker, b adalid.Brand, all []adalid.Brand, q backtest.Query) (Backtest, error) {
	r, err := backtest.Run(ctx, ranker, b.Name, q)
	if err != nil {
		return Backtest{}, err
	}
	t := Backtest{
		Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(r.Past), At: known(r.At), End: known(r.End), K: r.K,
		Candidates: r.Candidates, Returning: r.Returning, Verdict: string(r.Verdict), Words: inWords(r), Targets: wireTargets(r.Targets),
	}
	if r.Verdict != backtest.ShortHistory {
		return t, nil
	}
	names := pooled(b, all)
	if len(names) < 2 {
		return t, nil
	}
	p, err := backtest.Pool(ctx, ranker, names, q)
	if err != nil {
		return Backtest{}, err
	}
	t.Pooled = Null[PooledTests]{&PooledTests{slices.Clone(p.Brands), p.K, p.Candidates, p.Returning, string(p.Verdict), inWords(p), wireTargets(p.Targets)}}
	if p.Brands == nil {
		t.Pooled.V.Brands = []string{}
	}
	return t, nil
}

// pooled are the brands that belong together: invented ones prove nothing about
// others.
func pooled(b adalid.Brand, all []adalid.Brand) (names []string) {
	for _, x := range all {
		if x.Demo == b.Demo {
			names = append(names, x.Name)
		}
	}
	return names
}

func wireTargets(list []backtest.Target) []BacktestTarget {
	out := make([]BacktestTarget, len(list))
	for i, t := range list {
		out[i] = BacktestTarget{t.Name, t.Achieved, make([]BacktestOrder, len(t.Orders))}
		for j, m := range t.Orders {
			o := BacktestOrder{Order: m.Order, Hits: m.Hits, Precision: Interval(m.Precision), NDCG: Interval(m.NDCG)}
			if m.Ahead != nil {
				o.Ahead.V = new(Interval(*m.Ahead))
			}
			out[i].Orders[j] = o
		}
	}
	return out
}

// inWords says a report in sentences.
func inWords(r backtest.Report) []Said {
	switch r.Verdict {
	case backtest.ShortHistory:
		if r.Past.Brand != "" && r.At.IsZero() && !r.Past.TooFew { // enough people, and no day after them
			return []Said{{
				"Hay poco histórico para una prueba justa: todo se publicó en un solo día.",
				"Too little history for a fair test: everything was posted on one day.",
			}}
		}
		if r.Candidates < backtest.LeastCandidates || r.Past.TooFew {
			return []Said{{
				fmt.Sprintf("Hay poco histórico para una prueba justa: %d personas, hacen falta %d.", r.Candidates, backtest.LeastCandidates),
				fmt.Sprintf("Too little history for a fair test: %d people, we need %d.", r.Candidates, backtest.LeastCandidates),
			}}
		}
		return []Said{{
			fmt.Sprintf("Hay poco histórico para una prueba justa: han vuelto a publicar %d personas, hacen falta %d.", r.Returning, backtest.LeastReturning),
			fmt.Sprintf("Too little history for a fair test: %d people posted again, we need %d.", r.Returning, backtest.LeastReturning),
		}}
	case backtest.NoSentiment:
		return []Said{{
			"De lo que se publicó después no se sabe el sentimiento, así que nadie puede decir quién siguió recomendándote.",
			"The sentiment of what was posted afterwards is unknown, so nobody can tell who went on to recommend you.",
		}}
	}
	if recommended(r).Achieved == 0 {
		return []Said{{
			fmt.Sprintf("Ninguna de las %d personas siguió recomendándote, así que ninguna lista pudo acertar más que otra.", r.Candidates),
			fmt.Sprintf("None of the %d people went on to recommend you, so no list could find more than another.", r.Candidates),
		}}
	}
	return []Said{result(r), verdict(r), {
		"Esto dice quién sigue recomendándote. No demuestra que contactar con esas personas aumente las ventas.",
		"This says who keeps recommending you. It does not prove that contacting them causes more sales.",
	}}
}

// verdict says of each list that a team could have had how it compares: by the
// interval of the difference, person for person.
func verdict(r backtest.Report) Said {
	names := map[string]Said{
		backtest.Followers:  {"una lista por seguidores", "a list by followers"},
		backtest.Mentions:   {"una lista por número de menciones", "a list by number of mentions"},
		backtest.Engagement: {"una lista por reacciones recibidas", "a list by engagement"},
	}
	var es, en []string
	for _, m := range recommended(r).Orders {
		name, simple := names[m.Order]
		if !simple || m.Ahead == nil {
			continue
		}
		switch {
		case m.Ahead.Low > 0:
			es, en = append(es, "Mejor que "+name.ES+"."), append(en, "Better than "+name.EN+".")
		case m.Ahead.High < 0:
			es, en = append(es, "Peor que "+name.ES+"."), append(en, "Worse than "+name.EN+".")
		default:
			es = append(es, "Sin diferencia clara con "+name.ES+" (podría ser cero).")
			en = append(en, "No clear difference to "+name.EN+" (it could be zero).")
		}
	}
	said := Said{strings.Join(es, " "), strings.Join(en, " ")}
	if r.Verdict == backtest.Worse {
		said.ES, said.EN = said.ES+" Revisa tus pesos.", said.EN+" Look at your weights."
	}
	return said
}

// recommended is the target that the verdict rests on.
func recommended(r backtest.Report) backtest.Target {
	return r.Targets[slices.IndexFunc(r.Targets, func(t backtest.Target) bool { return t.Name == backtest.Recommended })]
}

// result counts who recommended the brand again.
func result(r backtest.Report) Said {
	hits := map[string]int{}
	for _, m := range recommended(r).Orders {
		hits[m.Order] = m.Hits
	}
	k := min(r.K, r.Candidates)
	said := Said{
		fmt.Sprintf("De las primeras %d personas, %d siguieron recomendándote. Una lista por menciones acierta %d", k, hits[backtest.Product], hits[backtest.Mentions]),
		fmt.Sprintf("Of the first %d people, %d went on to recommend you. A list by mentions finds %d", k, hits[backtest.Product], hits[backtest.Mentions]),
	}
	if n, known := hits[backtest.Followers]; known {
		said.ES += fmt.Sprintf("; una por seguidores, %d", n)
		said.EN += fmt.Sprintf("; by followers, %d", n)
	}
	return Said{said.ES + ".", said.EN + "."}
}
