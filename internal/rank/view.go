package rank

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"adalid"
	"adalid/scoring"
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
	if q.Query, err = r.complete(q.Query); err != nil {
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
	return out, nil
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

func (v *viewer) needHistory() string {
	for i := range v.w.people {
		if r := v.w.rhythmOf(int32(i)); r.active > 0 && r.before >= momentumDays {
			return ""
		}
	}
	return "empty_history"
}

// leastRecent is on how many recent days who rises has posted at least.
const leastRecent = 3

// rising finds who posts more often than before.
func (v *viewer) rising() (hits []hit, err error) {
	v.usual = v.w.usualRates()
	usual, short := v.usual, 0
	v.each(true, func(i int32) {
		r := v.w.rhythmOf(i)
		if r.active > 0 && r.before < momentumDays {
			short++
		}
		if r.recent < leastRecent || int64(r.recent)*int64(r.before) <= int64(r.earlier())*momentumDays {
			return
		}
		if usual.rises(r) {
			hits = append(hits, hit{person: i, key: usual.low(r)})
		}
	})
	if short > 0 {
		v.notes = append(v.notes, reason("momentum_left_out", short, momentumDays))
	}
	return hits, nil
}

func (v *viewer) tellRising(h hit) Member {
	r := v.w.rhythmOf(h.person)
	m, _ := v.usual.momentum(r)
	return Member{
		Reasons: []Reason{reason("rising", r.recent, momentumDays, r.earlier(), r.before, m.Ratio, m.Low, m.High)},
		Figures: []Figure{{"momentum", m.Ratio, &m.Low, &m.High}},
	}
}

// How rare a silence has to be, and how many active days make a rhythm.
const (
	rareSilence = .05
	leastRhythm = 5
)

// cooling finds advocates who lapsed against their own rhythm: silent for
// longer than ever before, and for longer than chance explains.
func (v *viewer) cooling() (hits []hit, err error) {
	v.each(true, func(i int32) {
		r := v.w.rhythmOf(i)
		if r.active >= leastRhythm && r.silent > r.longest && r.lapse() <= rareSilence {
			hits = append(hits, hit{person: i, key: v.score(i), second: float64(r.active)})
		}
	})
	return hits, nil
}

func (v *viewer) tellCooling(h hit) Member {
	r := v.w.rhythmOf(h.person)
	return Member{
		Reasons: []Reason{reason("cooling", float64(r.span)/float64(r.active-1), r.longest, r.silent, math.Ceil(100*r.lapse())/100)},
		Figures: []Figure{{Name: "silent_days", Value: float64(r.silent)}, {Name: "chance", Value: r.lapse()}},
	}
}

func (v *viewer) needNetwork() string {
	if v.w.tooFew {
		return "empty_few"
	}
	if !slices.ContainsFunc(v.w.nets, func(n *network) bool { return n != nil && n.known }) {
		return "empty_network"
	}
	return ""
}

// leastTies is how many accounts a connector is tied to at least.
const leastTies = 3

// connectors finds who ties communities together.
func (v *viewer) connectors() (hits []hit, err error) {
	v.each(true, func(i int32) {
		c := &v.w.components[i]
		if !c.Known[scoring.Network] || c.Imputed[scoring.Network] || v.w.sums[i].counterparts < leastTies {
			return
		}
		if _, bridging := v.w.attention(i); bridging > 0 {
			hits = append(hits, hit{person: i, key: c.Value[scoring.Network], second: bridging})
		}
	})
	return hits, nil
}

// attention gives a candidate's PageRank as a multiple of the mean, and the
// participation coefficient, those of the strongest account.
func (w *window) attention(i int32) (rank, bridging float64) {
	for _, t := range w.accounts[w.start[i]:w.start[i+1]] {
		if n := w.nets[w.index.accounts[t.account].platform]; n != nil && n.known {
			rank, bridging = max(rank, n.rank[t.account-n.first]), max(bridging, n.bridging[t.account-n.first])
		}
	}
	return rank, bridging
}

func (v *viewer) tellConnector(h hit) Member {
	rank, bridging := v.w.attention(h.person)
	return Member{
		Reasons: []Reason{reason("connector", v.w.sums[h.person].counterparts, 1/(1-bridging), rank)},
		Figures: []Figure{{Name: "communities", Value: 1 / (1 - bridging)}, {Name: "attention", Value: rank}},
	}
}

func (v *viewer) needSentiment() string {
	if v.w.tooFew {
		return "empty_few"
	}
	for i := range v.w.components {
		if v.w.components[i].HasMean {
			return ""
		}
	}
	return "empty_sentiment"
}

// leastJudged is from how many scored posts on somebody is called a critic who
// should be answered, or a competitor's fan.
const leastJudged = 2

// critics finds critics whom somebody hears.
func (v *viewer) critics() (hits []hit, err error) {
	heard := v.w.heardBy(func(i int32) bool { return v.w.segment(i) == Critic })
	v.each(false, func(i int32) {
		c, s := &v.w.components[i], &v.w.sums[i]
		if !c.Critic() || s.scored < leastJudged || s.sentimentOf >= 0 || heard[i] == 0 && s.engagement == 0 {
			return
		}
		reach := scoring.Floor
		if c.Known[scoring.Reach] && !c.Imputed[scoring.Reach] {
			reach = c.Value[scoring.Reach]
		}
		m := Member{
			Reasons: []Reason{reason("critic_heard", s.scored, float64(s.sentimentOf)/float64(s.sentimentWeight), c.Mean)},
			Figures: []Figure{{Name: "sentiment", Value: c.Mean}},
		}
		if heard[i] > 0 {
			m.Reasons = append(m.Reasons, reason("heard_by", heard[i]))
			m.Figures = append(m.Figures, Figure{Name: "listeners", Value: float64(heard[i])})
		}
		if s.engagement > 0 {
			m.Reasons = append(m.Reasons, reason("engagement", s.engagement, s.engagementKnown))
		}
		hits = append(hits, hit{person: i, key: -c.Mean * reach, second: float64(heard[i]), member: &m})
	})
	return hits, nil
}

func (v *viewer) tellCritic(hit) Member { return Member{} }

// heardBy counts the distinct people who reacted to each of the candidates
// chosen; see Audience.
func (w *window) heardBy(chosen func(i int32) bool) map[int32]int {
	var people, who []int32
	for i, person := range w.people {
		if chosen(int32(i)) {
			people, who = append(people, person), append(who, int32(i))
		}
	}
	list := w.listeners(people, false)
	slices.SortFunc(list, func(a, b Listens) int {
		return cmp.Or(cmp.Compare(a.Candidate, b.Candidate), cmp.Compare(a.Person, b.Person))
	})
	heard := map[int32]int{}
	for _, l := range slices.Compact(list) {
		heard[who[l.Candidate]]++
	}
	return heard
}

func (v *viewer) needOwn() string {
	if len(v.w.index.rules) == 0 {
		return "empty_own"
	}
	return ""
}

// answering finds who answers or quotes the brand's own accounts.
func (v *viewer) answering() (hits []hit, err error) {
	v.each(false, func(i int32) {
		if n := v.w.sums[i].answers; n > 0 {
			hits = append(hits, hit{person: i, key: float64(n), second: v.score(i)})
		}
	})
	return hits, nil
}

func (v *viewer) tellAnswers(h hit) Member {
	n := v.w.sums[h.person].answers
	return Member{Reasons: []Reason{reason("conversation", n)}, Figures: []Figure{{Name: "answers", Value: float64(n)}}}
}

// positive finds who speaks best of the brand.
func (v *viewer) positive() (hits []hit, err error) {
	v.each(true, func(i int32) {
		if c := &v.w.components[i]; c.HasMean && c.Mean > 0 && v.w.sums[i].sentimentOf > 0 {
			hits = append(hits, hit{person: i, key: c.Mean})
		}
	})
	return hits, nil
}

func (v *viewer) tellPositive(h hit) Member {
	s := &v.w.sums[h.person]
	return Member{
		Reasons: []Reason{reason("affinity", s.scored, float64(s.sentimentOf)/float64(s.sentimentWeight), v.w.components[h.person].Mean)},
		Figures: []Figure{{Name: "sentiment", Value: v.w.components[h.person].Mean}},
	}
}
