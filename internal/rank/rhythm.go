package rank

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// momentumDays are the watched days up to as-of that count as recent.
const momentumDays = 28

// facts are what only some questions need of a window; they are made when first
// asked for and then shared.
type facts struct {
	onceRhythms, onceLangs, onceCuts sync.Once
	rhythms                          []rhythm
	langs                            []string
	cuts                             []float64

	size atomic.Int64 // of what was made so far, in bytes: whoever counts need not wait
}

// rhythm is when a candidate posted about the brand on days that were watched,
// paid posts aside. Days count once, whatever was said on them.
type rhythm struct {
	first, last int32 // days; NoDay without one
	active      int32 // days with a post
	recent      int32 // of the last momentumDays watched days
	span        int32 // watched days from the first to the last, the first left out
	longest     int32 // longest pause between two active days, in watched days
	silent      int32 // watched days since the last
	before      int32 // watched days after the first one and before the recent ones
}

// rhythmOf gives a candidate's rhythm.
func (w *window) rhythmOf(i int32) *rhythm {
	w.facts.onceRhythms.Do(func() {
		w.facts.rhythms = w.rhythms()
		w.facts.size.Add(bytesOf(w.facts.rhythms))
	})
	return &w.facts.rhythms[i]
}

// langOf gives a candidate's language; see languages.
func (w *window) langOf(i int32) string {
	w.facts.onceLangs.Do(func() {
		w.facts.langs = w.languages() // tags are the index's own
		w.facts.size.Add(bytesOf(w.facts.langs))
	})
	return w.facts.langs[i]
}

// rhythms reads the rows of the window once, day by day.
func (w *window) rhythms() []rhythm {
	of, missed := w.candidateOf(), w.missed()
	list := make([]rhythm, len(w.people))
	for i := range list {
		list[i] = rhythm{first: NoDay, last: NoDay}
	}
	wanted := w.wanted()
	for _, p := range w.list {
		rs := p.rows
		for j := p.from; j < p.to; j++ {
			i := of[rs.account[j]]
			if i < 0 || rs.organic[j] == 0 || wanted != nil && !wanted[rs.lang[j]] {
				continue
			}
			if r := &list[i]; r.last != rs.day[j] {
				r.add(rs.day[j], w.day, missed.of(w, i))
			}
		}
	}
	for i := range list {
		if r := &list[i]; r.active > 0 {
			runs := missed.of(w, int32(i))
			r.silent = watched(r.last, w.day, runs)
			r.before = max(0, watched(r.first, w.day, runs)-momentumDays)
		}
	}
	return list
}

// add counts an active day; days come in order.
func (r *rhythm) add(day, today int32, runs []dayRun) {
	if slices.ContainsFunc(runs, func(run dayRun) bool { return run.first <= day && day <= run.last }) {
		return
	}
	if r.active > 0 {
		pause := watched(r.last, day, runs)
		r.longest, r.span = max(r.longest, pause), r.span+pause
	} else {
		r.first = day
	}
	r.last = day
	r.active++
	if watched(day, today, runs) < momentumDays {
		r.recent++
	}
}

// watched counts the days after one up to another that were watched.
func watched(after, to int32, runs []dayRun) int32 {
	n := to - after
	for _, r := range runs {
		n -= max(0, min(r.last, to)-max(r.first, after+1)+1)
	}
	return n
}

// wanted tells which languages a window asks for; nil: all.
func (w *window) wanted() []bool {
	if w.lang == "" {
		return nil
	}
	wanted := make([]bool, len(w.index.langs))
	for i, tag := range w.index.langs {
		wanted[i] = primary(tag) == w.lang
	}
	return wanted
}

// missedDays are the whole days on which platforms were not watched.
type missedDays map[uint16][]dayRun

func (w *window) missed() missedDays {
	return newDecay(w.day, 1, w.index.platforms, w.gaps).missed
}

// of gives the days on which one of a candidate's platforms was not watched,
// in order and apart from each other.
func (m missedDays) of(w *window, i int32) []dayRun {
	if len(m) == 0 {
		return nil
	}
	var runs []dayRun
	several := false
	last := -1
	for _, t := range w.accounts[w.start[i]:w.start[i+1]] { // by platform
		p := int(w.index.accounts[t.account].platform)
		if p == last || m[uint16(p)] == nil {
			continue
		}
		last = p
		if runs == nil {
			runs = m[uint16(p)]
			continue
		}
		runs, several = append(slices.Clone(runs), m[uint16(p)]...), true
	}
	if !several {
		return runs
	}
	slices.SortFunc(runs, func(a, b dayRun) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last)) })
	apart := runs[:1]
	for _, r := range runs[1:] {
		if end := &apart[len(apart)-1]; r.first <= end.last+1 {
			end.last = max(end.last, r.last)
		} else {
			apart = append(apart, r)
		}
	}
	return apart
}

// lapse is the chance that somebody with this rhythm is silent as long as he is
// by chance alone: with n pauses that took t days, posting at a constant but
// unknown rate, a silence of s days has the chance (t/(t+s))^n (the predictive
// distribution of exponential waiting times, Lomax 1954).
func (r *rhythm) lapse() float64 {
	if r.active < 2 || r.span == 0 {
		return 1
	}
	t := float64(r.span)
	return math.Pow(t/(t+float64(r.silent)), float64(r.active-1))
}
