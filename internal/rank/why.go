package rank

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"adalid"
	"adalid/scoring"
)

// Explanation is why a person has the score that it has, and why it stands
// above or below another.
type Explanation struct {
	Detail
	Signals []scoring.Signals // what the components were made from, by account
	Claims  []Claim           // what is said of the person, the biggest share of the score first
	Versus  *Versus           // nil when nobody was compared with
}

// Claim is something said of a person, with stored posts that show it.
type Claim struct {
	Reason
	Component string // of the score; "" for what belongs to none
	Posts     []Post // at most three

	proof PostQuery // finds them; zero Limit: there are none to find
}

// Versus is another person's score beside the one explained.
type Versus struct {
	Entry       Entry
	Receipt     *scoring.Receipt // nil when too few to rank
	Blend       scoring.Blend
	Ratio       float64      // score over the other's; 0 where there is none
	Points      float64      // score minus the other's
	Differences []Difference // the biggest reason first
	Reasons     []Reason
}

// Difference is what one component does to a score beside another.
type Difference struct {
	Component    string
	Value, Other *float64 // component values; nil: left out
	Ratio        float64  // geometric: multiplies the other's score; 1 otherwise
	Points       float64  // arithmetic: adds to it; 0 otherwise
}

// proofPosts is how many posts show a claim.
const proofPosts = 3

// Why explains a person's score and, with the id of another, what makes the
// difference. Both have to be people of one list: YouTube's people compare with
// nobody else's, which is Invalid. Other errors are those of Person.
func (r *Ranker) Why(ctx context.Context, brand, person, versus string, q Query) (Explanation, error) {
	d, w, i, err := r.person(ctx, brand, person, q)
	if err != nil {
		return Explanation{}, err
	}
	q, err = r.complete(ctx, brand, q)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Detail: d, Signals: w.signalsOf(i)}
	e.Claims = w.claims(d, i, e.Signals)
	if versus == "" {
		return e, nil
	}
	other, ok := w.find(versus)
	if !ok {
		if _, _, _, err := r.person(ctx, brand, versus, q); err != nil {
			return Explanation{}, err
		}
		return Explanation{}, adalid.Errorf(adalid.Invalid, "these two are not in one list, so their scores do not compare: YouTube's people are ranked apart")
	}
	v := Compare(d.Entry, w.detail(brand, other, q).Entry)
	if receipt, ok := d.Ranking.Receipt(v.Entry); ok {
		v.Receipt = &receipt
	}
	e.Versus = &v
	return e, nil
}

// Compare says what makes a's score differ from b's. The ratios multiply to
// Ratio, the points add up to Points.
func Compare(a, b Entry) Versus {
	v := Versus{Entry: b}
	if a.Score == nil || b.Score == nil {
		v.Reasons = []Reason{reason("versus_none")}
		return v
	}
	v.Blend, v.Points = a.Score.Blend, a.Score.Total-b.Score.Total
	if b.Score.Total > 0 {
		v.Ratio = a.Score.Total / b.Score.Total
	}
	for i, x := range scoring.Ratios(*a.Score, *b.Score) {
		d := Difference{Component: scoring.Names[i], Value: a.Score.Parts[i].Value, Other: b.Score.Parts[i].Value, Ratio: 1}
		if v.Blend == scoring.Arithmetic {
			d.Points = x
		} else {
			d.Ratio = x
		}
		v.Differences = append(v.Differences, d)
	}
	slices.SortStableFunc(v.Differences, func(x, y Difference) int { return cmp.Compare(y.weight(), x.weight()) })
	v.Reasons = v.inWords(a)
	return v
}

// weight is how much a difference matters, whichever way it goes.
func (d Difference) weight() float64 { return math.Abs(math.Log(d.Ratio)) + math.Abs(d.Points) }

func (v *Versus) inWords(a Entry) []Reason {
	first := v.Differences[0]
	mine, other := a.Score.Total, v.Entry.Score.Total
	left, right := callName(a), callName(v.Entry)
	because := reason("because_higher", first.Component, valueOf(first.Value), valueOf(first.Other), first.Ratio)
	if v.Blend == scoring.Arithmetic {
		because = reason("because_points", first.Component, valueOf(first.Value), valueOf(first.Other), first.Points)
	}
	code := "versus_higher"
	switch {
	case first.weight() == 0:
		return []Reason{reason("versus_equal", left, right, mine)}
	case decimal(mine, 1, "") == decimal(other, 1, ""): // as the sentence writes them
		code = "versus_near"
	case mine < other:
		code = "versus_lower"
	}
	return []Reason{reason(code, left, right, mine, other, *v), because}
}

func valueOf(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

// callName is how a person is called in a sentence.
func callName(e Entry) string {
	for _, a := range e.Person.Accounts {
		if a.Handle != "" {
			return "@" + a.Handle
		}
	}
	for _, a := range e.Person.Accounts {
		return cmp.Or(a.Name, a.Key)
	}
	return e.Person.ID
}

// Reasons say why an entry has its score, the biggest share first, from the
// entry alone.
func (e Entry) Reasons() []Reason {
	var list []Reason
	for _, c := range e.claims() {
		list = append(list, c.Reason)
	}
	return list
}

// claims say in words how sure a score is, and a place where there is one; nothing
// where that is not known.
func (s *Sureness) claims() []Claim {
	if s == nil {
		return nil
	}
	said := reason("sure", s.Low, s.High)
	if s.Place != nil {
		said = reason("sure_place", s.Low, s.High, s.Place.First, s.Place.Last)
	}
	list := []Claim{{Reason: said}}
	if s.Small {
		list = append(list, Claim{Reason: reason("small_sample", FewPosts)})
	}
	return list
}

// claims are what an entry tells by itself.
func (e Entry) claims() []Claim {
	wrote := Claim{Reason: reason("wrote", e.Evidence.Mentions, e.Evidence.ActiveDays), Component: scoring.Names[scoring.Volume], proof: PostQuery{Sort: Newest}}
	if e.Score == nil {
		return append([]Claim{{Reason: reason("unranked")}, wrote}, e.asides()...)
	}
	list := []Claim{{Reason: reason("score", e.Score.Total)}}
	order := []int{0, 1, 2, 3}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(e.Score.Parts[b].Share, e.Score.Parts[a].Share) })
	for _, i := range order {
		p := e.Score.Parts[i]
		switch {
		case p.Value == nil:
			list = append(list, Claim{Reason: reason("left_out", p.Name), Component: p.Name})
			continue
		case p.Weight > 0:
			list = append(list, Claim{Reason: reason("share", p.Name, p.Share, e.Score.Total), Component: p.Name})
		}
		if p.Imputed {
			list = append(list, Claim{Reason: reason("imputed", p.Name), Component: p.Name})
			continue
		}
		list = append(list, e.made(scoring.Component(i), wrote)...)
	}
	return append(list, e.asides()...)
}

// made says what a known component was made of.
func (e Entry) made(c scoring.Component, wrote Claim) (list []Claim) {
	add := func(proof PostQuery, code string, values ...any) {
		list = append(list, Claim{Reason: reason(code, values...), Component: scoring.Names[c], proof: proof})
	}
	x := e.Evidence
	switch c {
	case scoring.Affinity:
		if x.Sentiment == nil || e.Score.Mean == nil {
			return nil
		}
		switch {
		case e.Score.Critic:
			add(PostQuery{Sort: MostNegative}, "critic", x.Scored, *x.Sentiment, *e.Score.Mean)
		case *x.Sentiment > 0:
			add(PostQuery{Sort: MostPositive}, "affinity", x.Scored, *x.Sentiment, *e.Score.Mean)
		default:
			add(PostQuery{Sort: MostPositive}, "undecided", x.Scored, *x.Sentiment, *e.Score.Mean)
		}
	case scoring.Volume:
		list = append(list, wrote)
	case scoring.Reach:
		if x.Followers != nil {
			add(PostQuery{Sort: Newest}, "followers", *x.Followers)
		}
		if x.Engagement != nil {
			add(PostQuery{Sort: MostEngaged}, "reactions", *x.Engagement)
		}
	}
	return list
}

// asides are what is worth knowing beside the score.
func (e Entry) asides() (list []Claim) {
	if n := e.Evidence.Conversation; n > 0 {
		list = append(list, Claim{Reason: reason("conversation", n), proof: PostQuery{Sort: Newest, Conversation: true}})
	}
	if n := e.Evidence.Sponsored; n > 0 {
		list = append(list, Claim{Reason: reason("sponsored", n), proof: PostQuery{Sort: Newest, Sponsored: true}})
	}
	return list
}

// claims are those of the entry, with what only the window knows: what volume
// was decayed to, views, attention, the platform with most posts, and before all
// that why the default list leaves the person out.
func (w *window) claims(d Detail, i int32, signals []scoring.Signals) []Claim {
	var list []Claim
	for _, why := range w.hidden(i) {
		list = append(list, Claim{Reason: why})
	}
	v, best := 0.0, -1.0
	for _, s := range signals {
		v += s.Effective
		if s.Views != nil {
			best = max(best, *s.Views)
		}
	}
	for n, c := range d.Entry.claims() {
		switch {
		case n == 0 && d.Entry.Rank > 0 && d.Entry.Score != nil:
			c.Reason = reason("place", d.Entry.Score.Total, d.Entry.Rank, d.Ranking.Total)
		case c.Code == "wrote" && d.Entry.Score != nil:
			c.Reason = reason("volume", d.Entry.Evidence.Mentions, d.Entry.Evidence.ActiveDays, v)
		}
		list = append(list, c)
		if n == 0 {
			list = append(list, d.Entry.Sure.claims()...)
		}
		if c.Code == "share" && c.Component == scoring.Names[scoring.Reach] && best >= 0 {
			list = append(list, Claim{Reason: reason("views", best), Component: c.Component, proof: PostQuery{Sort: MostViewed}})
		}
		if c.Code == "share" && c.Component == scoring.Names[scoring.Network] && !d.Entry.Score.Parts[scoring.Network].Imputed {
			list = append(list, w.tied(i)...)
		}
	}
	return append(list, mostActive(d)...)
}

// mostActive says on which platform a person posts most.
func mostActive(d Detail) []Claim {
	if len(d.Platforms) == 0 || d.Platforms[0].Evidence.Mentions == 0 {
		return nil
	}
	p := d.Platforms[0]
	if len(d.Platforms) == 1 {
		return []Claim{{Reason: reason("active_only", p.Platform.Title())}}
	}
	return []Claim{{
		Reason: reason("most_active", p.Platform.Title(), p.Evidence.Mentions, d.Entry.Evidence.Mentions),
		proof:  PostQuery{Sort: Newest, Platform: p.Platform},
	}}
}

// tied says how a candidate stands in the network.
func (w *window) tied(i int32) []Claim {
	name := scoring.Names[scoring.Network]
	rank, bridging := w.attention(i)
	list := []Claim{{
		Reason: reason("network", max(0, w.sums[i].counterparts), rank), Component: name,
		proof: PostQuery{Sort: Newest, Tied: true},
	}}
	if bridging >= leastBridge {
		list = append(list, Claim{Reason: reason("bridges", 1/(1-bridging)), Component: name, proof: PostQuery{Sort: Newest, Tied: true}})
	}
	return list
}

// signalsOf gives a candidate's signals; nil where nobody is scored.
func (w *window) signalsOf(i int32) []scoring.Signals {
	if w.open == nil {
		return nil
	}
	n := w.start[i+1] - w.start[i]
	signals := make([]scoring.Signals, n)
	w.open.from.person(w, i, signals, make([]float64, perAccount*n))
	return signals
}

// Prove finds the stored posts that show each claim of an explanation, and adds
// the post that moved most people. Where somebody is only tied by what others wrote,
// theirs are shown.
func (r *Ranker) Prove(ctx context.Context, posts PostReader, e *Explanation, q Query) error {
	for i := range e.Claims {
		c := &e.Claims[i]
		if c.proof.Sort == "" {
			continue
		}
		found, err := proof(ctx, posts, e, c.proof, q)
		if err != nil {
			return fmt.Errorf("rank: posts that show %s: %w", c.Code, err)
		}
		if c.Posts = found; len(found) == 0 && c.proof.Tied {
			if c.Posts, err = r.towards(ctx, posts, e, q); err != nil {
				return fmt.Errorf("rank: posts that show %s: %w", c.Code, err)
			}
		}
	}
	return engaging(ctx, posts, e, q)
}

// engaging adds the own post with most reactions as a claim, where reactions are
// known.
func engaging(ctx context.Context, posts PostReader, e *Explanation, q Query) error {
	if n := e.Entry.Evidence.Engagement; n == nil || *n == 0 {
		return nil
	}
	found, err := proof(ctx, posts, e, PostQuery{Sort: MostEngaged}, q)
	if err != nil {
		return fmt.Errorf("rank: the most engaging post: %w", err)
	}
	if len(found) == 0 || found[0].Engagement() == nil {
		return nil
	}
	e.Claims = append(e.Claims, Claim{Reason: reason("engaging", *found[0].Engagement()), Posts: found[:1]})
	return nil
}

func proof(ctx context.Context, posts PostReader, e *Explanation, want PostQuery, q Query) ([]Post, error) {
	want.Person, want.Lang, want.Since, want.Until = e.Entry.Person.ID, q.Lang, q.Since, e.AsOf
	want.Platform = cmp.Or(want.Platform, e.Platform)
	want.Authored, want.Limit = true, proofPosts
	found, _, err := posts.Posts(ctx, e.Brand, want)
	return found, err
}

// towards finds posts of those who tie themselves to a person most.
func (r *Ranker) towards(ctx context.Context, posts PostReader, e *Explanation, q Query) ([]Post, error) {
	q, err := r.complete(ctx, e.Brand, q)
	if err != nil {
		return nil, err
	}
	q.Platform = e.Platform
	w, err := r.window(ctx, e.Brand, q)
	if err != nil {
		return nil, err
	}
	i, ok := w.find(e.Entry.Person.ID)
	if !ok {
		return nil, nil
	}
	var list []Post
	for _, from := range w.loudest(i) {
		found, _, err := posts.Posts(ctx, e.Brand, PostQuery{
			Person: from.person, Toward: from.handle, Since: q.Since, Until: e.AsOf, Sort: Newest, Limit: 1,
		})
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// tieTo is somebody who ties himself to a handle.
type tieTo struct {
	person, handle string
	weight         int32
}

// loudest lists who ties himself to a candidate most often.
func (w *window) loudest(i int32) []tieTo {
	x, me := w.index, w.people[i]
	type pair struct{ source, target int32 }
	weights := map[pair]int32{}
	for _, p := range w.list {
		for e := p.edgesFrom; e < p.edgesTo; e++ {
			holder := w.names.holder[p.edges.target[e]]
			if holder >= 0 && x.accounts[holder].person == me && x.accounts[p.edges.source[e]].person != me {
				weights[pair{p.edges.source[e], p.edges.target[e]}] += p.edges.weight[e]
			}
		}
	}
	list := make([]tieTo, 0, len(weights))
	for k, n := range weights {
		list = append(list, tieTo{x.people.at(x.accounts[k.source].person), x.handles.at(k.target), n})
	}
	slices.SortFunc(list, func(a, b tieTo) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.person, b.person), cmp.Compare(a.handle, b.handle))
	})
	return list[:min(len(list), proofPosts)]
}
