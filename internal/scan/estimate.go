package scan

import (
	"context"
	"errors"

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
	brand.Query = QueryOf(brand)
	terms, err := SearchTerms(brand)
	if err != nil {
		return nil, err
	}
	var list []Estimate
	for _, s := range sources {
		e, err := l.estimate(ctx, s, collectors.Query{Brand: brand, Terms: terms, Since: o.Since})
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

func reasonOf(s Standing) string {
	if s.Fix != "" {
		return s.Reason + "; " + s.Fix
	}
	return s.Reason
}

func (l *Live) estimate(ctx context.Context, s Source, q collectors.Query) (Estimate, error) {
	e := Estimate{Source: s.Name, Monthly: s.Monthly}
	d := l.definitions[s.Collector]
	if !paid(d) {
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
