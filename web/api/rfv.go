package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/rank"
)

// Grid counts people by recency, frequency and value of their advocacy.
type Grid struct {
	Brand     string      `json:"brand"`
	Demo      bool        `json:"demo" doc:"Invented people."`
	Receipt   Receipt     `json:"receipt"`
	TooFew    bool        `json:"too_few" doc:"Too few people or mentions to rank: nobody has a value."`
	Gaps      []Gap       `json:"gaps" nullable:"false" doc:"When platforms were not read since their first scan."`
	Cells     []GridCell  `json:"cells" nullable:"false" doc:"All 25, the most recent and most frequent first."`
	Groups    []GridGroup `json:"groups" nullable:"false" doc:"The same in words."`
	ValueCuts []float64   `json:"value_cuts" nullable:"false" doc:"Quintiles of value among the brand's advocates; none where nobody has one."`
	Paid      int         `json:"paid" doc:"People of whom every post was paid for: in no cell."`
}

// GridCell are the people of one recency and frequency.
type GridCell struct {
	Recency   int    `json:"recency" minimum:"1" maximum:"5" doc:"5: last posted within 7 days, 4: 30, 3: 90, 2: 180, 1: longer ago."`
	Frequency int    `json:"frequency" minimum:"1" maximum:"5" doc:"1: one active day, 2: two, 3: three or four, 4: five to nine, 5: more."`
	People    int    `json:"people"`
	Values    [5]int `json:"values" doc:"Of them, by value from 1 to 5."`
	Unknown   int    `json:"unknown" doc:"Of them, whose value is unknown."`
	Group     string `json:"group"`
}

// GridGroup are cells that mean the same.
type GridGroup struct {
	Name   string `json:"name" enum:"champions,loyal,fresh,fading,lapsing,dormant"`
	People int    `json:"people"`
	Words  Said   `json:"words"`
}

type (
	gridAnswer struct{ Body Grid }
	gridInput  struct {
		BrandPath
		Filters
		All bool `query:"all" doc:"Critics too."`
	}
)

func (s *server) registerGrid(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/rfv", "get-rfv", "People by recency, frequency and value of their advocacy"), s.getGrid)
}

func (s *server) getGrid(ctx context.Context, in *gridInput) (*gridAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.All = in.All
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	g, err := s.Viewer.Grid(ctx, b.Name, q)
	if err != nil {
		return nil, err
	}
	return &gridAnswer{WireGrid(g, b)}, nil
}

// WireGrid gives a grid as the API shows it.
func WireGrid(g rank.Grid, b adalid.Brand) Grid {
	out := Grid{
		Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(g.Ranking), TooFew: g.TooFew, Gaps: wireGaps(g.Gaps),
		ValueCuts: append([]float64{}, g.ValueCuts...), Paid: g.Paid,
	}
	for _, c := range g.Cells {
		cell := GridCell{Recency: c.Recency, Frequency: c.Frequency, People: c.People, Unknown: c.Values[0], Group: c.Group}
		copy(cell.Values[:], c.Values[1:])
		out.Cells = append(out.Cells, cell)
	}
	for _, x := range g.Groups {
		out.Groups = append(out.Groups, GridGroup{x.Name, x.People, say(x.Says)})
	}
	return out
}
