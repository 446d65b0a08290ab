package rank

import (
	"math/bits"
	"sync"
)

// Absent counts the people whom the default list leaves out, each under the
// first of these reasons that holds, critics among them too.
type Absent struct{ Circle, Automated, Repeaters, Organisations, Unfit int }

// absence is why a person is left out.
type absence int

const (
	present absence = iota
	inCircle
	isAutomated
	isRepeater
	isOrganisation
	isUnfit  // by the status that the team gave
	notAsked // by Query.Kept
)

func (l *Absent) count(a absence) {
	switch a {
	case inCircle:
		l.Circle++
	case isAutomated:
		l.Automated++
	case isRepeater:
		l.Repeaters++
	case isOrganisation:
		l.Organisations++
	case isUnfit:
		l.Unfit++
	}
}

// listed tells whether none of a candidate's marks keeps it out of the list.
func (o order) listed(i int32) bool { return o.marks[i]&o.hide == 0 }

// mark is what may keep a candidate out of a list, a bit for each: 1 << absence.
type mark uint8

const notJudged mark = 1

// guessed are the marks that rules give; a team that chose somebody knows better.
const guessed mark = 1<<isAutomated | 1<<isRepeater | 1<<isOrganisation

// hides gives the marks that the query leaves out.
func (q Query) hides() (hide mark) {
	for _, rule := range [...]struct {
		on bool
		of absence
	}{
		{!q.Include.Circle, inCircle},
		{!q.Include.Automated, isAutomated},
		{!q.Include.Repeaters, isRepeater},
		{!q.Include.Organisations, isOrganisation},
		{!q.Include.Unfit && !q.asksStatus(), isUnfit},
		{q.Kept != (Kept{}), notAsked},
	} {
		if rule.on {
			hide |= 1 << rule.of
		}
	}
	return hide
}

// absence is the first reason of hidden marks.
func (m mark) absence() absence {
	if m == 0 {
		return present
	}
	return absence(bits.TrailingZeros8(uint8(m)))
}

// marks are those of a window's candidates by one standing.
type marks struct {
	mu   sync.Mutex
	by   *standing
	list []mark
}

// marked gives the candidates' marks for a query, those by standing made once.
func (w *window) marked(q Query) []mark { return w.withKept(w.standingMarks(), q) }

func (w *window) standingMarks() []mark {
	w.marks.mu.Lock()
	defer w.marks.mu.Unlock()
	if w.marks.by == w.standing {
		return w.marks.list
	}
	s, list := w.standing, make([]mark, len(w.people))
	for i, person := range w.people {
		list[i] = w.standingMark(person)
	}
	w.marks.by, w.marks.list = s, list
	return list
}

// standingMark is a person's mark by standing, candidate or not.
func (w *window) standingMark(person int32) (m mark) {
	s := w.standing
	if s.automated[person] < 0 {
		m |= notJudged
	}
	if s.circle[person] {
		m |= 1 << inCircle
	}
	if s.automatedOut(person) {
		m |= 1 << isAutomated
	}
	if s.vouched[person] {
		return m
	}
	if w.repeater(person) {
		m |= 1 << isRepeater
	}
	if s.company[person] {
		m |= 1 << isOrganisation
	}
	return m
}
