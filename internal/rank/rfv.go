package rank

import (
	"context"
	"fmt"
	"math"
	"slices"

	"adalid/scoring"
)

// RFV is the recency, frequency and value of somebody's advocacy, each from 1
// to 5 where 5 is best; paid posts do not count.
//
// Recency and frequency have fixed cut points, so that who stands where does not
// change because others do: watched days since the last post (up to 7, 30, 90
// and 180 days; more) and active days in the window (1, 2, 3–4, 5–9, 10 and
// more). Value is the geometric mean of affinity and reach, of what is known of
// the two, cut at the quintiles of the brand's advocates; where there are too
// few to rank nobody has one.
type RFV struct {
	Recency, Frequency int
	Value              int // 0: unknown
}

// String gives the three digits, such as 543; an unknown value is written as -.
func (r RFV) String() string {
	if r.Value == 0 {
		return fmt.Sprintf("%d%d-", r.Recency, r.Frequency)
	}
	return fmt.Sprintf("%d%d%d", r.Recency, r.Frequency, r.Value)
}

// Cut points of recency, in days, and of frequency, in active days.
var (
	recencyCuts   = [...]int32{7, 30, 90, 180}
	frequencyCuts = [...]int32{1, 2, 4, 9}
)

// rfvOf gives a candidate's RFV; false without a post that counts.
func (w *window) rfvOf(i int32) (RFV, bool) {
	r := w.rhythmOf(i)
	if r.active == 0 {
		return RFV{}, false
	}
	return RFV{r.recency(), r.frequency(), w.valueClass(i)}, true
}

func (r *rhythm) recency() int {
	n := 5
	for _, c := range recencyCuts {
		if r.silent > c {
			n--
		}
	}
	return n
}

func (r *rhythm) frequency() int {
	n := 1
	for _, c := range frequencyCuts {
		if r.active > c {
			n++
		}
	}
	return n
}

// valueClass is the Value of a candidate.
func (w *window) valueClass(i int32) int {
	value, known := w.valueOf(i)
	cuts := w.valueCuts()
	if !known || cuts == nil {
		return 0
	}
	n := 1
	for _, c := range cuts {
		if value > c {
			n++
		}
	}
	return n
}

// valueOf is how well and how far somebody is heard, in [0, 1]; false when
// neither is known or there are too few to rank.
func (w *window) valueOf(i int32) (float64, bool) {
	if w.tooFew {
		return 0, false
	}
	c, sum, n := &w.components[i], 0.0, 0.0
	for _, k := range [...]scoring.Component{scoring.Affinity, scoring.Reach} {
		if c.Known[k] {
			sum += math.Log(c.Value[k])
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return math.Exp(sum / n), true
}

// valueCuts are the quintiles of the advocates' values, nil without any.
func (w *window) valueCuts() []float64 {
	w.facts.onceCuts.Do(func() {
		var values []float64
		for i := range w.people {
			if v, ok := w.valueOf(int32(i)); ok && !w.components[i].Critic() {
				values = append(values, v)
			}
		}
		slices.Sort(values)
		for k := 1; k <= 4 && len(values) > 0; k++ {
			at := float64(k) / 5 * float64(len(values)-1)
			low := int(at)
			high := min(low+1, len(values)-1)
			w.facts.cuts = append(w.facts.cuts, values[low]+(at-float64(low))*(values[high]-values[low]))
		}
	})
	return w.facts.cuts
}

// Grid counts the people of a ranking by RFV.
type Grid struct {
	Ranking             // what was asked and found; without entries
	Cells     []Cell    // all 25, the most recent and most frequent first
	Groups    []Group   // the same in words, every one, in order
	ValueCuts []float64 // quintiles of value; none where nobody has one
	Paid      int       // people of whom every post in the window was paid for: in no cell
}

// Cell are the people of one recency and frequency.
type Cell struct {
	Recency, Frequency int
	People             int
	Values             [6]int // by value; first those without one
	Group              string // Group.Name
}

// Group are cells that mean the same to a team.
type Group struct {
	Name   string
	People int
	Says   Reason
}

// groups are the names of cells, by the first rule that holds.
var groups = []struct {
	name               string
	recency, frequency int // at least
}{
	{"champions", 4, 4},
	{"loyal", 3, 3},
	{"fresh", 4, 1},
	{"fading", 3, 1},
	{"lapsing", 1, 3},
	{"dormant", 1, 1},
}

func groupOf(recency, frequency int) int {
	return slices.IndexFunc(groups, func(g struct {
		name               string
		recency, frequency int
	},
	) bool {
		return recency >= g.recency && frequency >= g.frequency
	})
}

// Grid counts whom the query lists; Offset, Limit and Sort do not matter. Errors
// are those of Rank.
func (r *Ranker) Grid(ctx context.Context, brand string, q Query) (Grid, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return Grid{}, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return Grid{}, fmt.Errorf("rank: grid: %w", err)
	}
	q.Offset, q.Limit = 0, 1
	g := Grid{Ranking: w.ranking(brand, q), Cells: make([]Cell, 25), Groups: make([]Group, len(groups)), ValueCuts: slices.Clone(w.valueCuts())}
	g.Entries = nil
	for i, x := range groups {
		g.Groups[i] = Group{Name: x.name, Says: Reason{Code: "rfv_" + x.name}}
	}
	for i := range g.Cells {
		r, f := 5-i/5, 5-i%5
		g.Cells[i] = Cell{Recency: r, Frequency: f, Group: groups[groupOf(r, f)].name}
	}
	o := w.order(q)
	for i := range w.people {
		if _, listed := o.place(int32(i), q.All); !listed || !o.lists(int32(i)) {
			continue
		}
		x, ok := w.rfvOf(int32(i))
		if !ok {
			g.Paid++
			continue
		}
		c := &g.Cells[(5-x.Recency)*5+5-x.Frequency]
		c.People++
		c.Values[x.Value]++
		g.Groups[groupOf(x.Recency, x.Frequency)].People++
	}
	return g, nil
}
