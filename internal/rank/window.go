package rank

import (
	"context"
	"math"
	"slices"

	"adalid"
	"adalid/scoring"
)

// How much an index remembers: answers to the spans asked for last.
const (
	keptWindows  = 4
	keptNetworks = 8
	keptNames    = 4
)

// window is the people of a span with everything that does not depend on how
// they are weighed and sorted.
type window struct {
	request
	index    *index
	names    *naming
	standing *standing // set where a query is answered
	pipeline *pipeline // the same
	marks    *marks    // shared by copies of the window
	list     []piece
	gaps     []Period   // when platforms were not watched
	parted   bool       // parts of days were read from the database
	read     int64      // bytes of those
	nets     []*network // by platform; nil where it does not belong to the window
	facts    *facts     // what only some questions need, made when first asked for

	people     []int32              // candidates in order of their ids, by number in index.people
	components []scoring.Components // of each
	briefs     []brief              // the same in short
	sums       []sums               // of each, over accounts
	start      []int32              // accounts of candidate i are accounts[start[i]:start[i+1]]
	accounts   []tally
	parts      []part // of candidates with several platforms, in their order

	mentions   int64 // own mentions of all candidates
	own, apart int
	later      int64 // mentions after the last scan
	tooFew     bool

	open *open // what is uncertain about them; nil when too few
}

// sums are what a list shows of a person or an account, undecayed.
type sums struct {
	own, reposted, organic, scored int64
	answers                        int64
	engagement, engagementKnown    int64
	views, viewsKnown              int64
	followers                      int64 // −1: unknown
	counterparts                   int64 // −1: unknown
	sentimentWeight, sentimentOf   int64 // billionths
	first, last                    int64
	days                           int32 // with an own mention
}

// window computes a span's people or remembers them.
func (x *index) window(ctx context.Context, r *Ranker, req request) (*window, error) {
	if w := x.remembered(req); w != nil {
		return w, nil
	}
	select {
	case <-x.busy:
		defer func() { x.busy <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if w := x.remembered(req); w != nil {
		return w, nil
	}
	w, err := x.compute(ctx, r, req)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.windows = remember(x.windows, w, keptWindows)
	x.settle()
	return w, nil
}

// remembered gives a copy of the window with the facts of this request.
func (x *index) remembered(req request) *window {
	missed := gaps(req.state.Observed, req.at) // sources may have been read since without bringing anything
	x.mu.Lock()
	defer x.mu.Unlock()
	i := slices.IndexFunc(x.windows, func(w *window) bool { return w.span == req.span && slices.Equal(w.gaps, missed) })
	if i < 0 {
		return nil
	}
	found := x.windows[i]
	x.windows = remember(slices.Delete(x.windows, i, i+1), found, keptWindows)
	w := *found
	w.request = req
	return &w
}

// remember puts an item first and forgets what is beyond the limit.
func remember[T any](list []T, item T, limit int) []T {
	list = slices.Insert(list, 0, item)
	if len(list) > limit {
		clear(list[limit:])
		list = list[:limit]
	}
	return list
}

// compute does the work of window; one at a time per index.
func (x *index) compute(ctx context.Context, r *Ranker, req request) (*window, error) {
	w := &window{request: req, index: x, facts: new(facts), marks: new(marks)}
	var err error
	if w.names, err = x.naming(ctx, r.store, req.end); err != nil {
		return nil, err
	}
	if w.list, w.parted, err = x.pieces(ctx, r.store, req.since, req.end); err != nil {
		return nil, err
	}
	w.parted = w.parted || w.names.parted
	w.read = x.bytesRead(w.list)
	w.gaps = gaps(req.state.Observed, req.at)
	decay := newDecay(req.day, r.halfLife, x.platforms, w.gaps)
	c := newCollector(x, w.names, req.span)
	c.collect(w, w.list, &decay)
	for _, p := range w.list {
		c.answers(w.accounts, p.edges, p.edgesFrom, p.edgesTo)
	}
	nets := make([]*network, len(x.platforms))
	w.nets = nets
	for p, name := range x.platforms {
		if req.platform == name || req.platform == "" && name != adalid.YouTube {
			nets[p] = x.network(w, uint16(p), &decay)
		}
	}
	c.people(w, nets)
	return w, x.countLater(ctx, r.store, w)
}

// countLater counts what was posted after the last scan ended and is not in the
// future: imports can bring it.
func (x *index) countLater(ctx context.Context, store Store, w *window) error {
	if w.newest == 0 {
		return nil
	}
	list, parted, err := x.pieces(ctx, store, w.end+1, w.newest)
	for _, p := range list {
		for i := p.from; i < p.to; i++ {
			w.later += int64(p.rows.own[i]) + int64(p.rows.reposted[i])
		}
	}
	w.parted = w.parted || parted
	return err
}

// naming gives the naming up to a moment; whoever holds busy may ask.
func (x *index) naming(ctx context.Context, store Store, end int64) (*naming, error) {
	for _, n := range x.names {
		if n.end == end {
			return n, nil
		}
	}
	list, parted, err := x.pieces(ctx, store, math.MinInt64, end)
	if err != nil {
		return nil, err
	}
	n := x.nameAll(list, end)
	n.parted = parted
	x.names = remember(x.names, n, keptNames)
	return n, nil
}

// network gives the network of a window on a platform; whoever holds busy may
// ask.
func (x *index) network(w *window, p uint16, decay *decay) *network {
	for _, n := range x.nets {
		if n.platform == p && n.since == w.since && n.end == w.end && n.day == w.day {
			return n
		}
	}
	n := x.connect(w.list, w.names, w.span, p, decay)
	x.nets = remember(x.nets, n, keptNetworks)
	return n
}
