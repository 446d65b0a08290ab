package scan

import (
	"context"
	"errors"
	"time"

	"adalid"
	"adalid/collectors"
)

// Estimate is what a scan of a source would read and cost at most.
type Estimate struct {
	Source  string
	Posts   *int64 // nil: the source does not tell
	Micros  *int64 // millionths of a US dollar; nil: nothing tells
	Monthly *int64 // what the source may cost in a month; nil: nothing
	Reason  string // why it could not be told
}

// Estimate asks the sources of an order how much a scan would read, and works
// out what that costs at most. Asking may cost a little itself, and is booked.
func (l *Live) Estimate(ctx context.Context, o Order) ([]Estimate, error) {
	brand, sources, err := l.choose(ctx, o)
	if err != nil {
		return nil, err
	}
	q, err := asking(brand, o.Since)
	if err != nil {
		return nil, err
	}
	var list []Estimate
	for _, s := range sources {
		e, err := l.estimate(ctx, s, q)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			e.Reason = reasonOf(standing(s.Name, Report{}, err, l.Now()))
		}
		list = append(list, e)
	}
	return list, nil
}

// asking is what a collector is asked for.
func asking(brand adalid.Brand, since time.Time) (collectors.Query, error) {
	brand.Query = QueryOf(brand)
	terms, err := SearchTerms(brand)
	return collectors.Query{Brand: brand, Terms: terms, Since: since}, err
}

func reasonOf(s Standing) string {
	if s.Fix != "" {
		return s.Reason + "; " + s.Fix
	}
	return s.Reason
}

// estimateEvery is how often scans ask a paid source how much there is to read:
// asking costs about as much as a post, so that those who look every minute
// would pay more for it than for what they read.
const estimateEvery = 20 * time.Hour

// foresee asks a paid source how much there is to read before it is read, and
// notes the answer in the scan's record; nil where it was not asked, or did not
// tell. Why it did not will be why it cannot be read, so nothing is said of it.
func (l *Live) foresee(ctx context.Context, brand adalid.Brand, s Source, w Watch) *Estimate {
	if !paid(l.definitions[s.Collector]) {
		return nil
	}
	last, err := l.Legs.Estimated(ctx, brand.Name, s.Name)
	if err != nil || l.Now().Sub(last) < estimateEvery {
		return nil
	}
	collector, err := l.build(s, Booking{Brand: brand.Name, Source: s.Name, Leg: w.Leg, Minor: true})
	asked, ok := collector.(collectors.Estimator)
	if err != nil || !ok {
		return nil
	}
	q, err := asking(brand, w.Since)
	if err != nil {
		return nil
	}
	e, err := l.ask(ctx, asked, s, q)
	if ctx.Err() != nil {
		return nil
	}
	if err := l.Legs.KeepEstimate(ctx, w.Leg, e); err != nil { // also without an answer: it is not asked again at once
		l.Log.Error("scan: keep what a source said beforehand", "brand", brand.Name, "source", s.Name, "error", err)
	}
	if err != nil {
		return nil
	}
	return &e
}

func (l *Live) estimate(ctx context.Context, s Source, q collectors.Query) (Estimate, error) {
	e := Estimate{Source: s.Name, Monthly: s.Monthly}
	if !paid(l.definitions[s.Collector]) {
		e.Micros = new(int64)
	}
	collector, err := l.Build(s, q.Brand.Name, 0)
	if err != nil {
		return e, err
	}
	asked, ok := collector.(collectors.Estimator)
	if !ok {
		return e, nil
	}
	return l.ask(ctx, asked, s, q)
}

// ask has a source tell how much there is to read from where it was left.
func (l *Live) ask(ctx context.Context, asked collectors.Estimator, s Source, q collectors.Query) (Estimate, error) {
	e := Estimate{Source: s.Name, Monthly: s.Monthly}
	d := l.definitions[s.Collector]
	if !paid(d) {
		e.Micros = new(int64)
	}
	at, err := l.Store.Cursor(ctx, q.Brand.Name, s.Name)
	if err != nil {
		return e, err
	}
	posts, err := asked.Estimate(ctx, q, at.Cursor)
	if err != nil {
		return e, err
	}
	e.Posts = &posts
	each := int64(0)
	for _, c := range d.Costs {
		if c.PerPost {
			each += c.Micros
		}
	}
	if paid(d) && each == 0 {
		return e, errNoPrice
	}
	micros := posts * each
	e.Micros = &micros
	return e, nil
}

var errNoPrice = adalid.Wrapf(adalid.Invalid, errors.New("scan: no cost is per post"), "what a post costs there is not known")
