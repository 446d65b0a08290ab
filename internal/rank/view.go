package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"adalid"
)

// ViewName names a question about a brand's people.
type ViewName string

// The views.
const (
	Rising     ViewName = "rising"
	Cooling    ViewName = "cooling"
	Connectors ViewName = "connectors"
	Critics    ViewName = "critics"
	Defenders  ViewName = "defenders"
	Answers    ViewName = "answers"
	Positive   ViewName = "positive"
	NewPeople  ViewName = "new"
	RivalsFans ViewName = "rivals"

	Shortlist   ViewName = "shortlist"
	Ambassadors ViewName = "ambassadors"
)

// PostReader reads stored posts; see PostQuery.
type PostReader interface {
	Posts(ctx context.Context, brand string, q PostQuery) (posts []Post, next string, err error)
}

// ViewQuery asks for a view. Sort and All of the Query do not matter: a view
// has its own order and says whether critics are in it.
type ViewQuery struct {
	Query
	Name   ViewName
	Rivals []string   // brands that compete, for RivalsFans
	Posts  PostReader // for Defenders, whose posts have to be read
}

// View is the people that a question finds. Entries are in the order of the
// view, Rank is their place in it, and Total counts all of them.
type View struct {
	Ranking
	Name    ViewName
	Says    Reason   // what the view shows
	Members []Member // of each entry, in order
	Empty   *Reason  // why nobody is in it; nil when somebody is
	Notes   []Reason // what the view could not look at
}

// Member says why somebody is in a view.
type Member struct {
	Reasons []Reason
	Figures []Figure
	Posts   []PostID  // that show it, at most three, the newest first; only for Defenders
	Rival   string    // the competitor that the entry is about; "" in other views
	Here    *Evidence // what a rival's fan does for this brand; nil: nothing
}

// PostID names a stored post.
type PostID struct {
	Platform adalid.Platform
	ID       string
}

// Figure is a number behind a reason.
type Figure struct {
	Name      string
	Value     float64
	Low, High *float64 // 95 % interval; nil where the number is a count
}

// hit is somebody whom a view found; key and then second decide the order,
// greatest first.
type hit struct {
	person      int32
	key, second float64
	day         int32   // of the first own post
	member      *Member // made while searching; nil: tell makes it
	here        *window // the rival's window that person is of; nil: this one
}

// viewDef is a view: whom it finds and what is said of each.
type viewDef struct {
	name ViewName
	says string
	need func(*viewer) string // code of the sentence why nobody can be found, "" when somebody may be
	find func(*viewer) ([]hit, error)
	tell func(*viewer, hit) Member
}

// viewer is a view under way.
type viewer struct {
	ctx    context.Context
	ranker *Ranker
	brand  string
	query  ViewQuery
	w      *window
	o      order
	usual  rates // of Rising
	notes  []Reason
	empty  *Reason
}

// views are all views in the order in which they are listed.
func views() []viewDef {
	return []viewDef{
		{name: Rising, says: "view_rising", need: (*viewer).needHistory, find: (*viewer).rising, tell: (*viewer).tellRising},
		{name: Cooling, says: "view_cooling", find: (*viewer).cooling, tell: (*viewer).tellCooling},
		{name: Connectors, says: "view_connector", need: (*viewer).needNetwork, find: (*viewer).connectors, tell: (*viewer).tellConnector},
		{name: Critics, says: "view_critics", need: (*viewer).needSentiment, find: (*viewer).critics, tell: (*viewer).tellCritic},
		{name: Defenders, says: "view_defenders", need: (*viewer).needReplies, find: (*viewer).defenders},
		{name: Answers, says: "view_answers", need: (*viewer).needOwn, find: (*viewer).answering, tell: (*viewer).tellAnswers},
		{name: Positive, says: "view_positive", need: (*viewer).needSentiment, find: (*viewer).positive, tell: (*viewer).tellPositive},
		{name: NewPeople, says: "view_new", find: (*viewer).newPeople, tell: (*viewer).tellNew},
		{name: RivalsFans, says: "view_rivals", find: (*viewer).rivalsFans},
		{name: Shortlist, says: "view_shortlist", find: (*viewer).shortlist, tell: (*viewer).tellStatus},
		{name: Ambassadors, says: "view_ambassadors", find: (*viewer).ambassadors, tell: (*viewer).tellStatus},
	}
}

// Views lists the views with what each shows, in order.
func Views() []View {
	var list []View
	for _, d := range views() {
		list = append(list, View{Name: d.name, Says: reason(d.says)})
	}
	return list
}

// View finds the people of a view. An unknown name and what Rank refuses are an
// adalid.Error with code Invalid, an unknown rival keeps the store's code.
func (r *Ranker) View(ctx context.Context, brand string, q ViewQuery) (View, error) {
	defs := views()
	i := slices.IndexFunc(defs, func(d viewDef) bool { return d.name == q.Name })
	if i < 0 {
		var names []string
		for _, d := range defs {
			names = append(names, string(d.name))
		}
		return View{}, adalid.Errorf(adalid.Invalid, "there is no view of that name; the views are %s", strings.Join(names, ", "))
	}
	if q.Name == Defenders && q.Posts == nil {
		return View{}, fmt.Errorf("rank: view %s: nothing to read posts from", q.Name)
	}
	q.Sort = ""
	var err error
	if q.Query, err = r.complete(ctx, brand, q.Query); err != nil {
		return View{}, err
	}
	w, err := r.window(ctx, brand, q.Query)
	if err != nil {
		return View{}, fmt.Errorf("rank: view: %w", err)
	}
	v := &viewer{ctx: ctx, ranker: r, brand: brand, query: q, w: w, o: w.order(q.Query)}
	view, err := v.answer(defs[i])
	if err != nil {
		return View{}, fmt.Errorf("rank: view %s: %w", q.Name, err)
	}
	return view, nil
}

func (v *viewer) answer(d viewDef) (View, error) {
	q := v.query.Query
	counted := q
	counted.Offset, counted.Limit = 0, 1
	out := View{Ranking: v.w.ranking(v.brand, counted), Name: d.name, Says: reason(d.says)}
	out.Entries, out.Total = []Entry{}, 0
	if code := v.impossible(d); code != "" {
		out.Empty = &Reason{Code: code, Values: []any{momentumDays}}
		return out, nil
	}
	hits, err := d.find(v)
	if err != nil {
		return out, err
	}
	out.Total, out.Notes = len(hits), v.notes
	if q.Limit > 0 {
		hits = v.first(hits, min(q.Offset, len(hits))+min(q.Limit, len(hits)))
	} else {
		slices.SortFunc(hits, v.compare)
	}
	if out.Total == 0 {
		out.Empty = v.empty
		if out.Empty == nil {
			out.Empty = &Reason{Code: "empty_nobody"}
		}
	}
	for n := q.Offset; n < len(hits) && (q.Limit == 0 || n < q.Offset+q.Limit); n++ {
		h := hits[n]
		w := v.w
		if h.here != nil {
			w = h.here
		}
		out.Entries = append(out.Entries, w.entry(h.person, n+1, q))
		if h.member == nil {
			m := d.tell(v, h)
			h.member = &m
		}
		out.Members = append(out.Members, *h.member)
	}
	v.sure(&out, hits[min(q.Offset, len(hits)):])
	return out, nil
}

// sure says how sure the scores in a view are. Places are left out: a view has an
// order of its own.
func (v *viewer) sure(out *View, hits []hit) {
	q := v.query.Query
	q.Sort = ""
	for i := range out.Entries {
		w, brand := v.w, v.brand
		if hits[i].here != nil {
			w, brand = hits[i].here, out.Members[i].Rival
		}
		if !w.tooFew {
			w.sure(brand, q, 1, func(int) (int32, *Entry) { return hits[i].person, &out.Entries[i] })
		}
	}
}

// impossible says why a view cannot find anybody; "" when it may.
func (v *viewer) impossible(d viewDef) string {
	switch {
	case len(v.w.people) == 0 && d.name != RivalsFans:
		return "empty_people"
	case d.need != nil:
		return d.need(v)
	}
	return ""
}

// compare sorts by key, then second key, then more mentions, then person id and
// rival.
func (v *viewer) compare(a, b hit) int {
	if c := cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(b.second, a.second)); c != 0 {
		return c
	}
	wa, wb := cmp.Or(a.here, v.w), cmp.Or(b.here, v.w)
	if c := cmp.Compare(wb.sums[b.person].own, wa.sums[a.person].own); c != 0 {
		return c
	}
	c := cmp.Compare(wa.index.people.at(wa.people[a.person]), wb.index.people.at(wb.people[b.person]))
	if c == 0 && a.member != nil && b.member != nil {
		c = cmp.Compare(a.member.Rival, b.member.Rival)
	}
	return c
}

// first gives the first hits in order; most are not among them and cost one
// comparison.
func (v *viewer) first(hits []hit, limit int) []hit {
	kept := make([]hit, 0, limit+1)
	for _, h := range hits {
		if len(kept) == limit && (limit == 0 || v.compare(h, kept[limit-1]) >= 0) {
			continue
		}
		at, _ := slices.BinarySearchFunc(kept, h, v.compare)
		kept = slices.Insert(kept, at, h)
		kept = kept[:min(len(kept), limit)]
	}
	return kept
}

// each calls with everybody whom the query's filters leave; advocates: without
// critics.
func (v *viewer) each(advocates bool, with func(i int32)) {
	for i := range v.w.people {
		n := int32(i)
		if v.w.sums[i].own < int64(v.query.MinMentions) || advocates && v.w.segment(n) == Critic || !v.o.lists(n) {
			continue
		}
		with(n)
	}
}

// score is what a candidate is sorted by where the view has no better reason; 0
// where there are too few to rank.
func (v *viewer) score(i int32) float64 {
	if v.w.tooFew {
		return 0
	}
	return v.w.components[i].Total(v.query.Weights, v.query.Blend)
}
