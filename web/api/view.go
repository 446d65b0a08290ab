package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
)

// ViewList is all views, with what each shows.
type ViewList struct {
	Items []ViewName `json:"items" nullable:"false"`
}

// ViewName is a view.
type ViewName struct {
	Name string `json:"name"`
	Says Said   `json:"says" doc:"What the view shows."`
}

// View is the people that a question finds.
type View struct {
	ViewName
	Brand       string   `json:"brand"`
	Demo        bool     `json:"demo" doc:"Invented people."`
	Receipt     Receipt  `json:"receipt"`
	TooFew      bool     `json:"too_few" doc:"Too few people or mentions to rank: entries have no score."`
	Total       int      `json:"total" doc:"People in the view."`
	Provisional bool     `json:"provisional" doc:"A scan is under way: what it brought so far is counted, more is to come."`
	Gaps        []Gap    `json:"gaps" nullable:"false" doc:"When platforms were not read since their first scan."`
	Empty       *Said    `json:"empty" doc:"Why nobody is in it; null when somebody is."`
	Notes       []Said   `json:"notes" nullable:"false" doc:"What the view could not look at."`
	Items       []Member `json:"items" nullable:"false"`
	NextCursor  *string  `json:"next_cursor" doc:"null on the last page."`
}

// Member is a person of a view, with why.
type Member struct {
	Person  Advocate      `json:"person" doc:"rank is the place in the view."`
	Reasons []Said        `json:"reasons" nullable:"false"`
	Figures []Figure      `json:"figures" nullable:"false"`
	Posts   []PostName    `json:"posts" nullable:"false" doc:"That show it, in the view of defenders."`
	Rival   *string       `json:"rival" doc:"The competitor whose fan it is: score and evidence are those there. null in other views."`
	Here    Null[Counted] `json:"here" doc:"What a rival's fan does for this brand; null: nothing, or another view."`
}

// Figure is a number behind a reason.
type Figure struct {
	Name  string   `json:"name"`
	Value float64  `json:"value"`
	Low   *float64 `json:"low" doc:"Of a 95 % interval; null where the figure is a count."`
	High  *float64 `json:"high"`
}

// PostName names a stored post.
type PostName struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Key      string `json:"key" doc:"Names the mention in addresses."`
}

type (
	viewsAnswer struct{ Body ViewList }
	viewAnswer  struct{ Body View }
	viewInput   struct {
		BrandPath
		View string `path:"view" enum:"rising,cooling,connectors,critics,defenders,answers,positive,new,rivals,shortlist,ambassadors"`
		Filters
		KeptChoice
		Rivals []string `query:"rivals" maxItems:"20" doc:"Brands followed here that compete. Left out: those that the brand names."`
		Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string   `query:"cursor" maxLength:"500" doc:"next_cursor of the page before. It holds for this question and these data; when the data changed the answer is 409."`
	}
)

func (s *server) registerViews(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/views", "list-views", "The views and what each shows"), s.listViews)
	register(a, described(op(http.MethodGet, "/brands/{brand}/views/{view}", "get-view", "People by a question"),
		"Each view says in a sentence whom it shows, and of everybody why; an empty one says why nobody is in it."), s.getView)
}

func (s *server) listViews(ctx context.Context, in *BrandPath) (*viewsAnswer, error) {
	if _, err := s.Brands.Brand(ctx, in.Brand); err != nil {
		return nil, err
	}
	return &viewsAnswer{Views()}, nil
}

// Views lists the views.
func Views() ViewList {
	out := ViewList{}
	for _, v := range rank.Views() {
		out.Items = append(out.Items, ViewName{string(v.Name), say(v.Says)})
	}
	return out
}

func (s *server) getView(ctx context.Context, in *viewInput) (*viewAnswer, error) {
	q, err := in.Filters.query()
	q.Kept = in.kept(ctx)
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	for _, name := range in.Rivals {
		if err := account.MayRead(ctx, name); err != nil {
			return nil, err
		}
	}
	b.Rivals, _ = splitRivals(ctx, b)
	state, err := s.Evidence.State(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	ask := rank.ViewQuery{Query: q, Name: rank.ViewName(in.View), Rivals: in.Rivals, Posts: s.Evidence}
	question := digest("view", b.Name, in.View, strings.Join(rivals(b, in.Rivals), "\x00"), fingerprint(q))
	if ask.Offset, err = parseOffset(in.Cursor, question, viewVersion(state, q, in.View)); err != nil {
		return nil, err
	}
	ask.Limit = in.Limit
	v, next, err := Look(ctx, s.Viewer, b, ask)
	if err != nil {
		return nil, err
	}
	if next > 0 {
		version, _ := strconv.ParseInt(v.Receipt.DataVersion, 10, 64) // it was written from a number
		v.NextCursor = some(cursor{question, max(version, viewVersion(state, q, in.View)), strconv.Itoa(next)}.String())
	}
	return &viewAnswer{v}, nil
}

// rivals are those asked for or, when none are, those that the brand names.
func rivals(b adalid.Brand, asked []string) []string {
	if len(asked) > 0 {
		return asked
	}
	return slices.Clone(b.Rivals)
}

// Look answers a view, and gives the offset of the next page, 0 after the last.
func Look(ctx context.Context, viewer Viewer, b adalid.Brand, q rank.ViewQuery) (View, int, error) {
	q.Rivals = rivals(b, q.Rivals)
	v, err := viewer.View(ctx, b.Name, q)
	if err != nil {
		return View{}, 0, err
	}
	out := View{
		ViewName: ViewName{string(v.Name), say(v.Says)}, Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(v.Ranking), TooFew: v.TooFew,
		Total: v.Total, Provisional: v.Provisional, Gaps: wireGaps(v.Gaps), Notes: sayAll(v.Notes), Items: make([]Member, len(v.Entries)),
	}
	if v.Empty != nil {
		empty := say(*v.Empty)
		out.Empty = &empty
	}
	for i, e := range v.Entries {
		out.Items[i] = wireMember(e, v.Members[i])
	}
	next := q.Offset + len(v.Entries)
	if next >= v.Total || len(v.Entries) == 0 {
		next = 0
	}
	return out, next, nil
}

func wireMember(e rank.Entry, m rank.Member) Member {
	out := Member{Person: wireEntry(e), Reasons: sayAll(m.Reasons), Figures: make([]Figure, len(m.Figures)), Posts: make([]PostName, len(m.Posts)), Rival: some(m.Rival)}
	for i, f := range m.Figures {
		out.Figures[i] = Figure(f)
	}
	for i, p := range m.Posts {
		out.Posts[i] = PostName{string(p.Platform), p.ID, mentionKey(p.Platform, p.ID)}
	}
	if m.Here != nil {
		here := wireCounted(*m.Here)
		out.Here.V = &here
	}
	return out
}
