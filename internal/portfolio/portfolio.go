// Package portfolio chooses people who together reach the most distinct
// people, which is not the same as those who reach the most each.
package portfolio

import (
	"container/heap"
	"fmt"
	"math/bits"

	"adalid"
)

// Audiences are the people whom each candidate is heard by, as compact arrays:
// candidate c is heard by Members[Start[c]:Start[c+1]], each of them once.
// Candidates stand in the order in which equals are chosen.
type Audiences struct {
	People  int     // members are numbers in [0, People)
	Start   []int32 // one more than there are candidates
	Members []int32
}

// Tie says that a member is heard by: Member reacted to Candidate.
type Tie struct{ Candidate, Member int32 }

// Gather sorts ties by candidate and keeps each once. Those outside
// [0, candidates) and [0, people) are left out.
func Gather(candidates, people int, ties []Tie) Audiences {
	a := Audiences{People: people, Start: make([]int32, candidates+1)}
	valid := func(t Tie) bool {
		return t.Candidate >= 0 && int(t.Candidate) < candidates && t.Member >= 0 && int(t.Member) < people
	}
	for _, t := range ties {
		if valid(t) {
			a.Start[t.Candidate+1]++
		}
	}
	for c := range candidates {
		a.Start[c+1] += a.Start[c]
	}
	all := make([]int32, a.Start[candidates])
	at := append([]int32(nil), a.Start[:candidates]...)
	for _, t := range ties {
		if valid(t) {
			all[at[t.Candidate]] = t.Member
			at[t.Candidate]++
		}
	}
	a.Members = a.once(all)
	return a
}

// once closes the gaps that repeated members leave.
func (a *Audiences) once(all []int32) []int32 {
	last := make([]int32, a.People) // the candidate, from 1, that a member was seen at last
	kept, from := int32(0), a.Start[0]
	for c := range a.Candidates() {
		to := a.Start[c+1]
		for _, m := range all[from:to] {
			if last[m] != int32(c)+1 {
				last[m] = int32(c) + 1
				all[kept] = m
				kept++
			}
		}
		from, a.Start[c+1] = to, kept
	}
	return all[:kept:kept]
}

// Candidates is how many there are.
func (a *Audiences) Candidates() int { return max(0, len(a.Start)-1) }

// Of gives who hears a candidate.
func (a *Audiences) Of(c int) []int32 { return a.Members[a.Start[c]:a.Start[c+1]] }

// Limit says that at most Most of the chosen may be among Candidates, as
// "at most three from Mastodon".
type Limit struct {
	Candidates []bool // by candidate
	Most       int    // 0 or more
}

// Pick is one chosen candidate.
type Pick struct {
	Candidate int
	Adds      int // people whom nobody chosen before reaches
	Reached   int // people whom all chosen up to this one reach
}

// Choose picks at most k candidates, each time the one that adds most, until
// nobody adds anybody. Without limits what they reach is at least 1 − 1/e of
// what the best k reach (Nemhauser, Wolsey & Fisher 1978); with one limit at
// least a half, with n limits that cross each other 1/(n+1) (Fisher, Nemhauser
// & Wolsey 1978). What a candidate adds never rises, so only those at the top
// of a heap are counted again (Minoux 1978; CELF of Leskovec et al. 2007).
func Choose(a Audiences, k int, limits []Limit) ([]Pick, error) {
	if err := check(a, k, limits); err != nil {
		return nil, err
	}
	room := make([]int, len(limits))
	for i, l := range limits {
		room[i] = l.Most
	}
	reach := covered{set: make([]uint64, (a.People+63)/64)}
	queue := queueOf(a)
	var picks []Pick
	for len(picks) < k && len(queue) > 0 {
		top := &queue[0]
		if full(limits, room, top.candidate) {
			heap.Pop(&queue)
			continue
		}
		if top.counted < len(picks) {
			top.adds, top.counted = reach.adds(a.Of(top.candidate)), len(picks)
			heap.Fix(&queue, 0)
			continue
		}
		if top.adds == 0 {
			break
		}
		reach.add(a.Of(top.candidate))
		picks = append(picks, Pick{top.candidate, top.adds, reach.people})
		for i, l := range limits {
			if l.Candidates[top.candidate] {
				room[i]--
			}
		}
		heap.Pop(&queue)
	}
	return picks, nil
}

func check(a Audiences, k int, limits []Limit) error {
	if k < 1 {
		return adalid.Errorf(adalid.Invalid, "a group has at least one person, not %d", k)
	}
	for _, l := range limits {
		if l.Most < 0 {
			return adalid.Errorf(adalid.Invalid, "a limit is a number from 0 up, not %d", l.Most)
		}
		if len(l.Candidates) != a.Candidates() {
			return fmt.Errorf("a limit tells of %d candidates, there are %d", len(l.Candidates), a.Candidates())
		}
	}
	return nil
}

func full(limits []Limit, room []int, candidate int) bool {
	for i, l := range limits {
		if room[i] == 0 && l.Candidates[candidate] {
			return true
		}
	}
	return false
}

// Reach gives how many distinct people the first candidates of an order reach
// together: element i is for the first i+1.
func Reach(a Audiences, order []int) []int {
	reach := covered{set: make([]uint64, (a.People+63)/64)}
	curve := make([]int, len(order))
	for i, c := range order {
		reach.add(a.Of(c))
		curve[i] = reach.people
	}
	return curve
}

// little is the percentage of those reached already below which one more person
// is not worth asking.
const little = 2

// Far is how many picks always tell what is enough, unless the group ends
// before: what the next one adds is at most the mean of those before, which from
// 51 on is less than 2 % of their sum.
const Far = 100/little + 1

// Enough is the first n after which the next pick adds less than 2 % of what the
// first n reach already. Every later one adds less than that too: what a pick
// adds never rises and what all reach never falls, with limits neither, for
// whoever may be chosen later could be chosen before and added no less. A larger
// group begins with the smaller, so every group that goes beyond n says the same
// n. It is not known (false) where each of the picks adds more: either the group
// is too small to tell or nobody else adds anybody.
func Enough(picks []Pick) (n int, known bool) {
	for n := 1; n < len(picks); n++ {
		if 100*picks[n].Adds < little*picks[n-1].Reached {
			return n, true
		}
	}
	return 0, false
}

// covered is a set of people.
type covered struct {
	set    []uint64
	people int
}

func (s *covered) adds(members []int32) int {
	n := len(members)
	for _, m := range members {
		n -= int(s.set[m/64] >> (m % 64) & 1)
	}
	return n
}

func (s *covered) add(members []int32) {
	for _, m := range members {
		before := s.set[m/64]
		s.set[m/64] |= 1 << (m % 64)
		s.people += bits.OnesCount64(s.set[m/64] ^ before)
	}
}

// waiting is a candidate with what it added when it was counted last.
type waiting struct {
	candidate, adds int
	counted         int // how many had been chosen then
}

// queue is a heap with who adds most on top, then who stands first.
type queue []waiting

func queueOf(a Audiences) queue {
	q := make(queue, a.Candidates())
	for c := range q {
		q[c] = waiting{candidate: c, adds: len(a.Of(c))}
	}
	heap.Init(&q)
	return q
}

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].adds != q[j].adds {
		return q[i].adds > q[j].adds
	}
	return q[i].candidate < q[j].candidate
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is part of heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(waiting)) }

// Pop is part of heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}
