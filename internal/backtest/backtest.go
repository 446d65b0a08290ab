// Package backtest asks how good a ranking is: it scores the past and compares
// with what the same people did next.
package backtest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// Ranker is what a backtest needs of the ranking; *rank.Ranker is one.
type Ranker interface {
	Rank(ctx context.Context, brand string, q rank.Query) (rank.Ranking, error)
	Heard(ctx context.Context, brand string, q rank.Query) (map[string]int, error)
	Middle(ctx context.Context, brand string, q rank.Query) (time.Time, error)
}

// What a history has to have, at least, for figures that mean something.
const (
	LeastCandidates = 200
	LeastReturning  = 20
)

// Query asks for a backtest. Rank says which people are ranked and how; its
// window is cut at At.
type Query struct {
	Rank rank.Query // Until ends what is looked at afterwards; zero: as-of
	At   time.Time  // the ranking knows nothing later; zero: see rank.Ranker.Middle
	K    int        // length of the list that is judged; 0: 50
}

// Report is how good a ranking was.
type Report struct {
	Brand      string
	Brands     []string     // of a pooled report
	Past       rank.Ranking // what was ranked; without entries
	At, End    time.Time    // the ranking knew [.., At], what came next is (At, End]; zero: no day's end parts the mentions
	K          int          // as asked for; of a pooled report how many are judged, all brands together
	Candidates int          // people ranked
	Returning  int          // of them, who posted again
	Scored     int          // of those, of whose later posts the sentiment is known
	Verdict    Verdict
	Targets    []Target // in the order of the constants; none where the history is too short
}

// Verdict is the answer in one word.
type Verdict string

// The verdicts.
const (
	Better       Verdict = "better"        // than every list a team could have without a product, beyond chance
	Same         Verdict = "same"          // no clear difference
	Worse        Verdict = "worse"         // one of those lists was better, beyond chance
	ShortHistory Verdict = "short_history" // too little for a fair test
	NoSentiment  Verdict = "no_sentiment"  // nobody's later posts could be scored
)

// Target is one thing people can do next.
type Target struct {
	Name     string
	Achieved int // candidates who did
	Orders   []Measured
}

// The targets. Coming back alone is not the aim: bots come back too.
const (
	Returned    = "returned"    // posted again
	Recommended = "recommended" // posted again, on the whole well of the brand
	Engaged     = "engaged"     // got so much engagement as the top tenth of those who got any
	Listened    = "listened"    // had so many distinct people react as the top tenth of those who had any
)

// The orders that are compared.
const (
	Product    = "ranking"
	Followers  = "followers"
	Mentions   = "mentions"
	Engagement = "engagement"
	Random     = "random"
)

// Measured is how an order did at a target.
type Measured struct {
	Order     string // one by what nobody tells is left out
	Hits      int    // of the first k people, or of all where there are fewer
	Precision Interval
	NDCG      Interval // with gains log2(1 + target)
	// Ahead is by how much the precision of the ranking lies above this one, in
	// the same resamples; nil for the ranking itself.
	Ahead *Interval
}

// Interval is a figure with its 95 % bootstrap interval over people.
type Interval struct{ Value, Low, High float64 }

// Run makes a backtest. Errors of the ranker come back wrapped; an At outside
// the brand's time and a K below 0 are Invalid.
func Run(ctx context.Context, r Ranker, brand string, q Query) (Report, error) {
	p, err := look(ctx, r, brand, q)
	if err != nil {
		return Report{}, err
	}
	report := Report{
		Brand: p.past.Brand, Past: p.past, At: p.at, End: p.end, K: p.k,
		Candidates: len(p.people), Returning: p.count(returned), Scored: p.count(scored), Verdict: ShortHistory,
	}
	if report.Candidates < LeastCandidates || report.Returning < LeastReturning || p.past.TooFew {
		return report, nil
	}
	report.Targets = measure([]group{p.group(p.k)})
	report.Verdict = verdict(report)
	return report, nil
}

// Pool makes one backtest of several brands, each with its part of the list by
// how many people it has, for operators whose brands are too small by
// themselves. Brands with too few people to rank are left out, and so are those
// to which the question is Invalid, unless it is to all of them: whose data end
// before At says nothing about the others. Query.At zero cuts each brand at its
// own middle. The Past, At and End of the report are zero; Brands names those
// that count.
func Pool(ctx context.Context, r Ranker, brands []string, q Query) (Report, error) {
	report := Report{K: cmp.Or(q.K, 50), Verdict: ShortHistory}
	var all []*periods
	var refused []error
	for _, brand := range brands {
		p, err := look(ctx, r, brand, q)
		if adalid.CodeOf(err) == adalid.Invalid {
			refused = append(refused, err)
			continue
		}
		if err != nil {
			return Report{}, err
		}
		if p.past.TooFew || len(p.people) == 0 {
			continue
		}
		all = append(all, p)
		report.Brands = append(report.Brands, p.past.Brand)
		report.Candidates += len(p.people)
		report.Returning += p.count(returned)
		report.Scored += p.count(scored)
	}
	if len(refused) > 0 && len(refused) == len(brands) {
		return Report{}, refused[0]
	}
	if report.Candidates < LeastCandidates || report.Returning < LeastReturning {
		return report, nil
	}
	groups := shared(all, report.K, report.Candidates)
	report.K = 0 // shares are rounded, and each brand has somebody in the list
	for _, g := range groups {
		report.K += g.k
	}
	report.Targets = measure(groups)
	report.Verdict = verdict(report)
	return report, nil
}

// shared gives every brand its part of a list of k, at least one person.
func shared(all []*periods, k, candidates int) []group {
	groups := make([]group, len(all))
	for i, p := range all {
		share := float64(k) * float64(len(p.people)) / float64(candidates)
		groups[i] = p.group(max(1, int(math.Round(share))))
	}
	return groups
}

// person is a candidate with what was known and what came next.
type person struct {
	id     string
	place  int       // in the ranking, from 0
	simple []float64 // by simple order: what it sorts by, descending
	target []float64 // by target
	met    []bool
	scored bool // the sentiment of what came next is known
}

func returned(p *person) bool { return p.met[0] }
func scored(p *person) bool   { return p.scored }

// periods are the people of a brand over two periods.
type periods struct {
	past    rank.Ranking
	at, end time.Time
	k       int
	people  []person
}

func (p *periods) group(k int) group {
	return newGroup(p.people, k, seed(p.past.Brand, p.past.DataVersion))
}

func (p *periods) count(is func(*person) bool) int {
	n := 0
	for i := range p.people {
		if is(&p.people[i]) {
			n++
		}
	}
	return n
}

// simple are the orders a team could have without a product, in the order of
// person.simple.
var simple = []string{Followers, Mentions, Engagement, Random}

// targets are in the order of person.target.
var targets = []string{Returned, Recommended, Engaged, Listened}

// moment is where a brand's time is cut. It is zero where none was asked for and
// no day's end has mentions before and after it in the window.
func moment(ctx context.Context, r Ranker, brand string, q Query) (time.Time, error) {
	at := q.At
	if at.IsZero() {
		var err error
		if at, err = r.Middle(ctx, brand, q.Rank); err != nil || at.IsZero() {
			return at, err
		}
	}
	switch {
	case (q.Rank.Until.IsZero() || q.Rank.Until.After(at)) && (q.Rank.Since.IsZero() || q.Rank.Since.Before(at)):
		return at, nil
	case q.At.IsZero(): // nobody gave this moment, so nobody is told that it is wrong
		return time.Time{}, nil
	}
	return at, adalid.Errorf(adalid.Invalid, "%s leaves no time before or after it in the window", at.UTC().Format(time.RFC3339))
}

// look ranks people by what was known at the cut and finds what they did next.
func look(ctx context.Context, r Ranker, brand string, q Query) (*periods, error) {
	if q.K < 0 {
		return nil, adalid.Errorf(adalid.Invalid, "the list that is judged has at least one person, not %d", q.K)
	}
	at, err := moment(ctx, r, brand, q)
	if err != nil {
		return nil, err
	}
	p := &periods{at: at, k: cmp.Or(q.K, 50)}
	before, after := q.Rank, q.Rank
	before.All, before.Sort, before.Offset, before.Limit = true, rank.ByScore, 0, 0
	// Who is automated, of the circle or an organisation is known from all posts,
	// later ones too, so it decides nothing here. Who repeats himself follows from
	// what was posted until then.
	before.Include.Automated, before.Include.Circle, before.Include.Organisations = true, true, true
	if p.at.IsZero() {
		p.past, err = r.Rank(ctx, brand, before)
		p.past.Entries = nil
		return p, err
	}
	before.Until, after.Since = p.at, p.at.Truncate(time.Second).Add(time.Second)
	after.All, after.MinMentions, after.Where, after.Segment, after.Sort, after.Offset, after.Limit = true, 0, "", "", rank.ByMentions, 0, 0
	after.Include = rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true}
	if p.past, err = r.Rank(ctx, brand, before); err != nil {
		return nil, fmt.Errorf("backtest: before %s: %w", p.at.Format(time.RFC3339), err)
	}
	next, err := r.Rank(ctx, brand, after)
	if err != nil {
		return nil, fmt.Errorf("backtest: after %s: %w", p.at.Format(time.RFC3339), err)
	}
	heard, err := r.Heard(ctx, brand, after)
	if err != nil {
		return nil, fmt.Errorf("backtest: after %s: %w", p.at.Format(time.RFC3339), err)
	}
	p.end = next.AsOf
	if p.end.Before(p.at) {
		return nil, adalid.Errorf(adalid.Invalid, "the data end on %s: choose an earlier moment", p.end.UTC().Format(time.RFC3339))
	}
	p.people = join(p.past.Entries, next.Entries, heard, seed(brand, p.past.DataVersion))
	p.past.Entries = nil
	return p, nil
}

// join sets what came next beside who was ranked; whoever is new is no
// candidate.
func join(ranked, later []rank.Entry, heard map[string]int, seed uint64) []person {
	next := make(map[string]*rank.Evidence, len(later))
	for i := range later {
		next[later[i].Person.ID] = &later[i].Evidence
	}
	people := make([]person, len(ranked))
	for i, e := range ranked {
		then := next[e.Person.ID]
		people[i] = person{
			id: e.Person.ID, place: i, target: outcome(then, heard[e.Person.ID]), scored: then != nil && then.Sentiment != nil,
			simple: []float64{known(e.Evidence.Followers), float64(e.Evidence.Mentions), known(e.Evidence.Engagement), chance(seed, e.Person.ID)},
		}
	}
	meet(people)
	return people
}

// outcome gives the targets of somebody who did e next; nil: nothing.
func outcome(e *rank.Evidence, heard int) []float64 {
	target := make([]float64, len(targets))
	target[3] = float64(heard)
	if e == nil {
		return target
	}
	target[0] = 1
	if e.Sentiment != nil {
		target[1] = max(0, *e.Sentiment*float64(e.Scored))
	}
	if e.Engagement != nil {
		target[2] = float64(*e.Engagement)
	}
	return target
}

// meet decides who met which target: engagement and listeners count from the
// top tenth of those who got any.
func meet(people []person) {
	least := make([]float64, len(targets))
	for t := range targets {
		var some []float64
		for _, p := range people {
			if p.target[t] > 0 {
				some = append(some, p.target[t])
			}
		}
		if t >= 2 && len(some) > 0 {
			slices.SortFunc(some, func(a, b float64) int { return cmp.Compare(b, a) })
			least[t] = some[max(0, len(some)/10-1)]
		}
	}
	for i := range people {
		people[i].met = make([]bool, len(targets))
		for t, v := range people[i].target {
			people[i].met[t] = v > 0 && v >= least[t]
		}
	}
}

// known puts what nobody knows last.
func known(n *int64) float64 {
	if n == nil {
		return -1
	}
	return float64(*n)
}

// verdict compares who recommended the brand again among the first k with what
// lists by followers, by mentions and by engagement would have found. Chance is
// no list that anybody would work with.
func verdict(r Report) Verdict {
	if r.Scored == 0 { // that nobody recommended it would be a guess
		return NoSentiment
	}
	target := r.Targets[slices.Index(targets, Recommended)]
	lowest := math.Inf(1)
	for _, m := range target.Orders {
		if m.Order == Product || m.Order == Random {
			continue
		}
		if m.Ahead.High < 0 {
			return Worse
		}
		lowest = min(lowest, m.Ahead.Low)
	}
	if lowest > 0 {
		return Better
	}
	return Same
}
