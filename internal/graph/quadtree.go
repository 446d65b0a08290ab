package graph

import "math"

// tree holds points in squares, each cut into four until one point is left, so
// that many far points can push as one (Barnes & Hut 1986).
type tree struct {
	squares []square
}

type square struct {
	middle point   // of the square
	half   float64 // half its width
	center point   // of mass
	mass   float64
	only   int32 // the point, when there is one and no child; −1
	child  int32 // first of four; 0: none
}

// deepest is how often a square is cut; nearer points share one.
const deepest = 40

// plant makes the tree of points with masses.
func (t *tree) plant(at []point, mass []float64) {
	half := 1.0
	for _, p := range at {
		half = max(half, math.Abs(p.x), math.Abs(p.y))
	}
	t.squares = append(t.squares[:0], square{half: half, only: -1})
	for i, p := range at {
		t.put(int32(i), p, mass[i], at)
	}
}

// put adds a point: its mass to every square that it is in, itself to one of
// its own.
func (t *tree) put(i int32, p point, mass float64, at []point) {
	s := int32(0)
	for depth := range deepest {
		q := &t.squares[s]
		before := *q
		q.mass += mass
		q.center.x += (p.x - q.center.x) * mass / q.mass
		q.center.y += (p.y - q.center.y) * mass / q.mass
		if before.mass == 0 {
			q.only = i
			return
		}
		if depth == deepest-1 {
			q.only = -1 // a heap of points
			return
		}
		if before.child == 0 {
			t.cut(s)
			moved := &t.squares[t.quarter(s, at[before.only])]
			moved.mass, moved.center, moved.only = before.mass, before.center, before.only
		}
		s = t.quarter(s, p)
	}
}

// cut gives a square its four quarters.
func (t *tree) cut(s int32) {
	q := &t.squares[s]
	q.only, q.child = -1, int32(len(t.squares))
	m, h := q.middle, q.half/2
	for _, middle := range [4]point{{m.x - h, m.y - h}, {m.x + h, m.y - h}, {m.x - h, m.y + h}, {m.x + h, m.y + h}} {
		t.squares = append(t.squares, square{middle: middle, half: h, only: -1})
	}
}

// quarter gives the quarter of a square that a point is in.
func (t *tree) quarter(s int32, p point) int32 {
	q := &t.squares[s]
	child := q.child
	if p.x >= q.middle.x {
		child++
	}
	if p.y >= q.middle.y {
		child += 2
	}
	return child
}

// push gives the force mass/distance, away from all other points, that acts on
// point i at p, per unit of its own mass.
func (t *tree) push(i int32, p point) (force point) {
	var stack [4 * deepest]int32
	for top := 1; top > 0; {
		top--
		q := &t.squares[stack[top]]
		if q.mass == 0 || q.only == i {
			continue
		}
		x, y := p.x-q.center.x, p.y-q.center.y
		square := x*x + y*y
		if q.child != 0 && 4*q.half*q.half > opening*opening*square {
			for c := range int32(4) {
				stack[top] = q.child + c
				top++
			}
			continue
		}
		if square > 0 {
			force.x += q.mass * x / square
			force.y += q.mass * y / square
		}
	}
	return force
}
