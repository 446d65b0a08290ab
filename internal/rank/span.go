package rank

import (
	"context"
	"math"
	"time"

	"adalid"
)

const daySeconds = 86400

func dayOf(unix int64) int32 {
	day := unix / daySeconds
	if unix%daySeconds < 0 {
		day--
	}
	return int32(day)
}

// span is what a window is computed from: two queries with the same span have
// the same people with the same components.
type span struct {
	since, end int64 // unix seconds, both inside
	day        int32 // day from which ages count
	platform   adalid.Platform
	lang       string
	newest     int64 // newest mention where the last scan, not the query, ends the window before it; else 0
}

// asOf is the moment from which ages count back: the end of the window asked
// for, else of the last completed scan, else the newest mention.
func asOf(q Query, state State, now func() time.Time) time.Time {
	for _, t := range []time.Time{q.Until, state.LastScan, state.Newest} {
		if !t.IsZero() {
			return t.UTC().Truncate(time.Second)
		}
	}
	return now().UTC().Truncate(time.Second)
}

// span works out what a query asks for. It never reaches past the newest
// mention that is not in the future.
func (x *index) span(q Query, state State, now func() time.Time) request {
	at := asOf(q, state, now)
	s := span{
		since: math.MinInt64, end: at.Unix(), day: dayOf(at.Unix()),
		platform: q.Platform, lang: q.Lang,
	}
	if newest := state.Newest.Unix(); state.Newest.IsZero() {
		s.end = math.MinInt64 // nothing is dated
	} else {
		if q.Until.IsZero() && newest > s.end {
			s.newest = newest
		}
		s.end = min(s.end, newest)
	}
	if !q.Since.IsZero() {
		// A moment inside a second begins with the next whole one.
		s.since = q.Since.Unix()
		if q.Since.Nanosecond() > 0 {
			s.since++
		}
	}
	return request{span: s, at: at, state: state}
}

// request is a span with what only the answer shows.
type request struct {
	span
	at    time.Time
	state State
}

// piece is a run of neighbouring rows and edges.
type piece struct {
	rows               *rows
	edges              *edges
	from, to           int // rows
	edgesFrom, edgesTo int
}

// pieces gives the rows and edges with since ≤ created ≤ end in order of their
// days: whole days from the index, and the first and last day, where the
// window cuts them, from the database. parted tells whether it was asked.
func (x *index) pieces(ctx context.Context, store Store, since, end int64) (list []piece, parted bool, err error) {
	if since > end || len(x.rows.day) == 0 {
		return nil, false, nil
	}
	firstDay, lastDay := x.rows.day[0], dayOf(end)
	if since != math.MinInt64 {
		firstDay = max(firstDay, dayOf(since))
	}
	if firstDay > lastDay {
		return nil, false, nil
	}
	cut := func(day int32, from, to int64) error {
		p, err := x.part(ctx, store, from, to)
		if err == nil {
			list, parted = append(list, p), true
		}
		return err
	}
	cutFirst := x.before(firstDay, since)
	cutLast := x.after(lastDay, end)
	if cutFirst || cutLast && firstDay == lastDay {
		from := max(since, int64(firstDay)*daySeconds)
		if err := cut(firstDay, from, min(end, int64(firstDay)*daySeconds+daySeconds-1)); err != nil {
			return nil, false, err
		}
		firstDay++
	}
	if firstDay > lastDay {
		return list, parted, nil
	}
	whole := lastDay
	if cutLast {
		whole--
	}
	list = append(list, piece{
		rows: &x.rows, from: x.rows.from(firstDay), to: x.rows.from(whole + 1),
		edges: &x.edges, edgesFrom: x.edges.from(firstDay), edgesTo: x.edges.from(whole + 1),
	})
	if cutLast {
		if err := cut(lastDay, int64(lastDay)*daySeconds, end); err != nil {
			return nil, false, err
		}
	}
	return list, parted, nil
}

// before tells whether a day has posts before a moment.
func (x *index) before(day int32, moment int64) bool {
	for i := x.rows.from(day); i < x.rows.from(day+1); i++ {
		if x.rows.first[i] < moment {
			return true
		}
	}
	return false
}

// after tells whether a day has posts after a moment.
func (x *index) after(day int32, moment int64) bool {
	for i := x.rows.from(day); i < x.rows.from(day+1); i++ {
		if x.rows.last[i] > moment {
			return true
		}
	}
	return false
}

// part reads a part of a day.
func (x *index) part(ctx context.Context, store Store, from, to int64) (piece, error) {
	rs, list := &rows{}, []tie(nil)
	start, end := time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
	if err := store.DayPart(ctx, x.brand, start, end, func(r Row) error { return rs.add(&r, x.lang(r.Lang)) }); err != nil {
		return piece{}, err
	}
	rs.number(x)
	err := store.EdgesPart(ctx, x.brand, start, end, func(e Edge) error {
		if t, ok := x.tie(e); ok {
			list = append(list, t)
		}
		return nil
	})
	if err != nil {
		return piece{}, err
	}
	es := combine(list)
	return piece{rows: rs, edges: &es, to: len(rs.day), edgesTo: len(es.day)}, nil
}
