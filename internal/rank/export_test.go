package rank

import "context"

var tctx = context.Background()

// Statuses lists the statuses of the pipeline that can be asked for, in order.
func Statuses() []string { return statuses }

// Drawn gives n joint draws of everybody's score, by person id: what a place
// interval stands for.
func (r *Ranker) Drawn(w Open, q Query, n int) map[string][]float64 {
	out := map[string][]float64{}
	for i := range w.w.people {
		if w.w.components[i].Critic() || w.w.sums[i].own < int64(max(q.MinMentions, 1)) {
			continue
		}
		draws := make([]float64, n)
		luck := w.w.luck("brute force", int32(i))
		w.w.open.posteriors[i].Draws(q.Weights, q.Blend, luck, draws)
		luck.Shuffle(n, func(a, b int) { draws[a], draws[b] = draws[b], draws[a] })
		out[w.w.index.people.at(w.w.people[i])] = draws
	}
	return out
}

// Open is a window for tests.
type Open struct{ w *window }

// Opened gives the window of a query with its posteriors.
func (r *Ranker) Opened(brand string, q Query) (Open, error) {
	w, err := r.window(tctx, brand, q)
	if err == nil {
		w.field(q)
	}
	return Open{w}, err
}

// Fields works a field out anew, for benchmarks; posteriors too when asked.
func (o Open) Fields(q Query, anew bool) {
	if anew {
		o.w.open.posteriors = o.w.posteriors()
	}
	o.w.newField(q)
}

// Socials counts the graphs of people that a brand's index keeps.
func (r *Ranker) Socials(brand string) int {
	r.mu.Lock()
	x := r.slots[brand].index
	r.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.socials)
}

// Windows is how many answers the index of a brand remembers, and Size what both
// take, in bytes.
func (r *Ranker) Windows(brand string) (n int, size int64) {
	s := r.slots[brand]
	return len(s.index.windows), s.size
}
