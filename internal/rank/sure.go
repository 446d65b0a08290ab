package rank

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"adalid/scoring"
)

// TopPlaces is how many first places Sureness.Top is about, and FewPosts the
// number of organic posts under which a sample is small.
const (
	TopPlaces = 20
	FewPosts  = scoring.Strength
)

// Sureness says how far a score and a place can be trusted.
type Sureness struct {
	Low, High float64 // 90 % interval of the score; the score is never outside
	Safe      float64 // 10 % quantile of the score, which a safe list is sorted by
	Place     *Places // nil for critics, for who is not listed, and where the list is sorted by something else
	Small     bool    // under FewPosts organic posts: the usual weighs about as much as what the person said
}

// Places says where a person may truly stand by score among those listed.
type Places struct {
	First, Last int     // 90 % interval, from 1
	Top         float64 // chance to be among the first TopPlaces, in [0, 1]
}

// Chance is Top as tables write it, to four decimals: 7e-39 says more than is known.
func (p *Places) Chance() float64 { return math.Round(p.Top*1e4) / 1e4 }

// How many scores are drawn for a person who is shown, and into how many even
// steps of their logarithm a field divides the scores.
const (
	drawn = 256
	steps = 8192
)

// enoughScattered is how many times somebody is scattered over a field of few
// people.
const enoughScattered = 32_000

// open is what is uncertain about a window's people, worked out when first
// asked for. Copies of a window share it.
type open struct {
	scale *scoring.Scale
	from  *signaller

	mu         sync.Mutex
	posteriors []scoring.Posterior // by candidate
	fields     []*field            // most recently used first

	size atomic.Int64 // of the fields, in bytes: whoever counts need not wait
}

// weigh counts the fields; whoever holds mu may ask.
func (o *open) weigh() {
	size := int64(0)
	for _, f := range o.fields {
		size += int64(unsafe.Sizeof(*f)) + bytesOf(f.safe)
	}
	o.size.Store(size)
}

const keptFields = 4

// field is where the scores of everybody listed may truly lie, by one formula.
type field struct {
	weights scoring.Weights
	blend   scoring.Blend
	least   int // own mentions of a listed person
	include Include
	where   wheres
	of      *standing
	asked   asked
	listed  int
	rounds  int // how often each person is scattered: more where there are few

	safe []float64 // 10 % quantile by candidate; nil until asked for
	// How many people are expected above each step of the score, and the sum of
	// their squared chances, by which that number varies less than a Poisson one.
	above, squared [steps + 1]float64
}

// field gives the field of a query, from memory when it was asked for before.
func (w *window) field(q Query) *field {
	asks := w.asked(q)
	w.open.mu.Lock()
	defer w.open.mu.Unlock()
	for i, f := range w.open.fields {
		if f.weights == q.Weights && f.blend == q.Blend && f.least == q.MinMentions && f.include == q.Include && f.where == q.wheres() && f.of == w.standing && f.asked == asks {
			copy(w.open.fields[1:i+1], w.open.fields[:i])
			w.open.fields[0] = f
			return f
		}
	}
	if w.open.posteriors == nil {
		w.open.posteriors = w.posteriors()
	}
	f := w.newField(q)
	w.open.fields = remember(w.open.fields, f, keptFields)
	w.open.weigh()
	return f
}

// inParts splits n things over the processors, at least so many to each.
func inParts(n, least int, run func(from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), n/least+1)
	var wait sync.WaitGroup
	for part := range parts {
		wait.Go(func() { run(n*part/parts, n*(part+1)/parts) })
	}
	wait.Wait()
}

func (w *window) posteriors() []scoring.Posterior {
	all := make([]scoring.Posterior, len(w.people))
	open := w.open.scale.Uncertainty()
	inParts(len(all), 2048, func(from, to int) {
		var signals []scoring.Signals
		var numbers []float64
		for i := int32(from); i < int32(to); i++ {
			n := int(w.start[i+1] - w.start[i])
			for len(signals) < n {
				signals, numbers = append(signals, scoring.Signals{}), append(numbers, make([]float64, perAccount)...)
			}
			w.open.from.person(w, i, signals[:n], numbers)
			all[i] = open.Posterior(signals[:n], &w.components[i])
		}
	})
	return all
}

// newField adds up what everybody scatters. Sums are of whole points and their
// squares, so that they do not depend on who adds what.
func (w *window) newField(q Query) *field {
	f := &field{weights: q.Weights, blend: q.Blend, least: q.MinMentions, include: q.Include, where: q.wheres(), of: w.standing, asked: w.asked(q)}
	f.rounds = min(max(enoughScattered/max(len(w.people), 1), 1), 32)
	var mu sync.Mutex
	var above, squared [steps + 1]int64
	marks := w.marked(q)
	inParts(len(w.people), 2048, func(from, to int) {
		myListed, o := 0, order{w: w, query: q, where: w.matcher(q), marks: marks, hide: q.hides()} // an expression is asked by one at a time
		var points []float64
		var myAbove, mySquared [steps + 1]int64
		for i := from; i < to; i++ {
			if w.components[i].Critic() || w.sums[i].own < int64(q.MinMentions) || !o.lists(int32(i)) {
				continue
			}
			myListed++
			points = w.scatter(f, int32(i), points)
			for k, x := range points {
				step := stepOf(x)
				myAbove[step]++
				// With k' of the points at or above x, the square rises from (k'−1)² to k'².
				mySquared[step] += int64(2*(len(points)-k) - 1)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		f.listed += myListed
		for i := range above {
			above[i] += myAbove[i]
			squared[i] += mySquared[i]
		}
	})
	sum, squares := int64(0), int64(0)
	each := float64(scoring.Scattered * f.rounds)
	for i := steps; i >= 0; i-- {
		// Of who is on the same step, half are taken to be above.
		f.above[i] = (float64(sum) + float64(above[i])/2) / each
		f.squared[i] = (float64(squares) + float64(squared[i])/2) / (each * each)
		sum, squares = sum+above[i], squares+squared[i]
	}
	return f
}

// scatter gives what a field has of a candidate, in ascending order, in place of
// what is in points.
func (w *window) scatter(f *field, who int32, points []float64) []float64 {
	points = points[:0]
	seed := w.chance("", who)
	for round := range uint64(f.rounds) {
		some := w.open.posteriors[who].Scatter(f.weights, f.blend, seed+round*0x632be59bd9b4e019)
		points = append(points, some[:]...)
	}
	if f.rounds > 1 {
		slices.Sort(points)
	}
	return points
}

// safest gives what a safe list is sorted by, by candidate.
func (w *window) safest(q Query) []float64 {
	f := w.field(q)
	w.open.mu.Lock()
	defer w.open.mu.Unlock()
	if f.safe == nil {
		f.safe = make([]float64, len(w.people))
		inParts(len(w.people), 2048, func(from, to int) {
			for i := from; i < to; i++ {
				f.safe[i] = w.open.posteriors[i].Safe(f.weights, f.blend)
			}
		})
		w.open.weigh()
	}
	return f.safe
}

// stepOf gives the step of a logarithm of a score over 100.
func stepOf(log float64) int { return min(max(int((1-log/lowest)*steps), 0), steps) }

var lowest = math.Log(scoring.Floor)

// sure works out how sure the entries of a list are; of gives the candidate and
// the entry in a place of the list.
func (w *window) sure(brand string, q Query, n int, of func(i int) (int32, *Entry)) {
	f := w.field(q)
	inParts(n, 16, func(from, to int) {
		draws, places := make([]float64, drawn), make([]float64, drawn)
		for i := from; i < to; i++ {
			who, e := of(i)
			e.Sure = w.sureness(f, who, draws, w.luck(brand, who))
			if q.Sort == ByScore && e.Segment == Advocate && e.Rank > 0 {
				e.Sure.Place = w.places(f, who, draws, places, w.luck(brand+" ", who))
				if !q.Safe {
					e.Sure.Place.First = min(e.Sure.Place.First, e.Rank)
					e.Sure.Place.Last = max(e.Sure.Place.Last, e.Rank)
				}
			}
		}
	})
}

// luck gives chance numbers that depend on the brand and the person alone: the
// same data give the same intervals whatever way they came, and new data move
// them by what is new, not by other luck.
func (w *window) luck(brand string, who int32) *rand.Rand {
	return rand.New(rand.NewPCG(w.chance(strings.ToLower(brand), who), w.chance("", who)))
}

// chance is a number that stands for a person and a word.
func (w *window) chance(word string, who int32) uint64 {
	h := fnv.New64a()
	h.Write(w.index.people.bytes(w.people[who]))
	h.Write([]byte(word))
	return h.Sum64() * 0xd1342543de82ef95
}

// sureness draws a person's scores, in ascending order.
func (w *window) sureness(f *field, who int32, draws []float64, luck *rand.Rand) *Sureness {
	w.open.posteriors[who].Draws(f.weights, f.blend, luck, draws)
	score := w.components[who].Total(f.weights, f.blend)
	return &Sureness{
		Low:  min(scoring.Points100(scoring.Quantile(draws, .05)), score),
		High: max(scoring.Points100(scoring.Quantile(draws, .95)), score),
		Safe: w.open.posteriors[who].Safe(f.weights, f.blend), Small: w.sums[who].organic < FewPosts,
	}
}

// places puts each of a person's drawn scores among everybody's: the number of
// people above it is nearly normal, for it is a sum of independent chances.
func (w *window) places(f *field, who int32, draws, places []float64, luck *rand.Rand) *Places {
	mine := w.scatter(f, who, nil)
	part := 1 / float64(len(mine))
	top := 0.0
	for i, x := range draws {
		step := stepOf(x)
		own := 0.0 // what the field has of the person
		for _, y := range mine {
			switch at := stepOf(y); {
			case at > step:
				own += part
			case at == step:
				own += part / 2
			}
		}
		above := max(f.above[step]-own, 0)
		spread := math.Sqrt(max(above-(f.squared[step]-own*own), 1e-9))
		places[i] = min(max(1+above+spread*luck.NormFloat64(), 1), float64(f.listed))
		top += .5 * math.Erfc((above-TopPlaces+.5)/spread/math.Sqrt2) / float64(len(draws))
	}
	slices.Sort(places)
	return &Places{
		First: int(math.Round(scoring.Quantile(places, .05))),
		Last:  int(math.Round(scoring.Quantile(places, .95))),
		Top:   top,
	}
}
