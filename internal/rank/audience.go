package rank

import (
	"context"
	"fmt"
	"math"
	"slices"

	"adalid"
)

// Audience is who listens to the people of a ranking, as far as it was seen:
// whoever replied to one of their posts about the brand, reposted, quoted or
// named them there in the window, in any language. Nobody listens to himself,
// and the brand's own accounts are nobody's audience.
type Audience struct {
	Ranking                // what was asked and found; without entries
	Candidates []Candidate // in the order of the ranking; none when too few to rank
	People     int         // listeners are numbers in [0, People)
	Listens    []Listens   // a pair may come several times

	Entry func(candidate int) Entry // shows a candidate as the ranking lists it, with how sure that is
}

// Candidate is a person of a ranking who may be chosen.
type Candidate struct {
	Score     float64
	Followers *int64            // most on any account; nil: unknown
	Platforms []adalid.Platform // with an account that wrote in the window, in order
	Lang      string            // primary subtag of most own mentions; "" unknown

	person int32 // candidate of the window
}

// Listens says that a person reacted to a candidate, by its place in
// Audience.Candidates.
type Listens struct{ Candidate, Person int32 }

// Audience finds who listens to those whom the query ranks, critics never among
// them. Offset and Limit do not matter; who scores less than least is left out.
// Errors are those of Rank.
func (r *Ranker) Audience(ctx context.Context, brand string, q Query, least float64) (*Audience, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return nil, err
	}
	if least < 0 || least > 100 || math.IsNaN(least) {
		return nil, adalid.Errorf(adalid.Invalid, "the least score is a number from 0 to 100")
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return nil, fmt.Errorf("rank: audience: %w", err)
	}
	q.All, q.Offset, q.Limit = false, 0, 1
	a := &Audience{Ranking: w.ranking(brand, q)}
	a.Entries = nil
	a.Entry = func(i int) Entry {
		e := w.entry(a.Candidates[i].person, i+1, q)
		w.sure(brand, q, 1, func(int) (int32, *Entry) { return a.Candidates[i].person, &e })
		return e
	}
	if !w.tooFew {
		a.Candidates = w.candidates(q, least)
		people := make([]int32, len(a.Candidates))
		for i, c := range a.Candidates {
			people[i] = w.people[c.person]
		}
		a.Listens, a.People = w.listeners(people, q.Include.Automated), w.index.people.len()
	}
	return a, nil
}

// candidates lists, in order, whom the query ranks and who scores at least so
// much.
func (w *window) candidates(q Query, least float64) []Candidate {
	o := w.order(q)
	var places []place
	for i := range w.people {
		if p, ok := o.place(int32(i), false); ok && o.lists(int32(i)) && w.components[i].Total(q.Weights, q.Blend) >= least {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, o.compare)
	langs := w.languages()
	list := make([]Candidate, len(places))
	for i, p := range places {
		c := Candidate{
			person: p.person, Lang: langs[p.person], Platforms: w.platformsOf(p.person),
			Score: w.components[p.person].Total(q.Weights, q.Blend),
		}
		if n := w.sums[p.person].followers; n >= 0 {
			c.Followers = &n
		}
		list[i] = c
	}
	return list
}

// platformsOf lists where a candidate wrote in the window.
func (w *window) platformsOf(i int32) []adalid.Platform {
	var list []adalid.Platform
	for _, t := range w.accounts[w.start[i]:w.start[i+1]] { // by platform
		if p := w.index.platformOf(t.account); len(list) == 0 || list[len(list)-1] != p {
			list = append(list, p)
		}
	}
	return list
}

// languages gives each candidate's language: that of most own mentions, the
// first by name of several.
func (w *window) languages() []string {
	of := w.candidateOf()
	wrote := make([]map[string]int32, len(w.people))
	for _, p := range w.list {
		for i := p.from; i < p.to; i++ {
			candidate, tag := of[p.rows.account[i]], primary(w.index.langs[p.rows.lang[i]])
			if candidate < 0 || p.rows.own[i] == 0 || tag == "" {
				continue
			}
			if wrote[candidate] == nil {
				wrote[candidate] = map[string]int32{}
			}
			wrote[candidate][tag] += p.rows.own[i]
		}
	}
	langs := make([]string, len(w.people))
	for i, counts := range wrote {
		most := int32(0)
		for tag, n := range counts {
			if n > most || n == most && tag < langs[i] {
				most, langs[i] = n, tag
			}
		}
	}
	return langs
}

// candidateOf gives the candidate whom each account belongs to, −1: none.
func (w *window) candidateOf() []int32 {
	of := filled(len(w.index.accounts), -1)
	for i := range w.people {
		for _, t := range w.accounts[w.start[i]:w.start[i+1]] {
			of[t.account] = int32(i)
		}
	}
	return of
}

// listeners turns the edges of the window into who listens to whom of a list of
// people, by place in it. Who is likely automated listens to nobody, unless all
// count.
func (w *window) listeners(people []int32, all bool) (list []Listens) {
	x, names := w.index, w.names
	candidate := filled(x.people.len(), -1) // by person
	for i, person := range people {
		candidate[person] = int32(i)
	}
	for _, part := range w.list {
		es := part.edges
		for i := part.edgesFrom; i < part.edgesTo; i++ {
			holder := names.holder[es.target[i]]
			if holder < 0 || !w.counts(es.source[i]) {
				continue
			}
			listener, heard := x.accounts[es.source[i]].person, x.accounts[holder].person
			if c := candidate[heard]; c >= 0 && listener != heard && !names.own[listener] && (all || !w.standing.automatedOut(listener)) {
				list = append(list, Listens{c, listener})
			}
		}
	}
	return list
}

// counts tells whether what an account does belongs to the window's platforms.
func (w *window) counts(account int32) bool {
	p := w.index.platformOf(account)
	return p == w.platform || w.platform == "" && p != adalid.YouTube
}
