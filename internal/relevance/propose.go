package relevance

import "math"

// likeness gives the cosine of every two rows, features weighted by how rare
// they are.
func (c *corpus) likeness() [][]float32 {
	type entry struct {
		row int32
		v   float64
	}
	where := make([][]entry, len(c.keys))
	for i, r := range c.rows {
		for k, a := range r.at {
			where[a] = append(where[a], entry{int32(i), float64(r.v[k])})
		}
	}
	norm := make([]float64, len(c.rows))
	for a, list := range where {
		idf := math.Log(float64(len(c.rows)) / float64(len(list)))
		for k := range list {
			where[a][k].v *= idf
			norm[list[k].row] += where[a][k].v * where[a][k].v
		}
	}
	out := make([][]float32, len(c.rows))
	sum := make([]float64, len(c.rows))
	for i, r := range c.rows {
		clear(sum)
		for k, a := range r.at {
			x := float64(r.v[k]) * math.Log(float64(len(c.rows))/float64(len(where[a])))
			if x == 0 {
				continue
			}
			for _, e := range where[a] {
				sum[e.row] += x * e.v
			}
		}
		out[i] = make([]float32, len(c.rows))
		for j := range sum {
			out[i][j] = float32(sum[j] / (math.Sqrt(norm[i]*norm[j]) + 1e-9))
		}
	}
	return out
}

// choose gives up to n rows to mark next: those most like many others that
// the model is uncertain of and nobody marked anything like. It maximises
// Σ uncertainty·(likeness to the nearest mark), which is submodular, greedily
// (Nemhauser, Wolsey & Fisher 1978). The first rows are the marked ones.
func choose(like [][]float32, p []float64, marked, n int) (out []int) {
	covered, need := make([]float64, len(p)), make([]float64, len(p))
	taken := make([]bool, len(p))
	cover := func(i int) {
		taken[i] = true
		for j, s := range like[i] {
			covered[j] = math.Max(covered[j], float64(s))
		}
	}
	for i := range p {
		need[i] = 4 * p[i] * (1 - p[i])
		if i < marked {
			cover(i)
		}
	}
	for len(out) < n {
		best, most := -1, 0.
		for i := marked; i < len(p); i++ {
			if taken[i] {
				continue
			}
			gain := 0.
			for j, s := range like[i] {
				gain += need[j] * math.Max(0, float64(s)-covered[j])
			}
			if gain > most {
				best, most = i, gain
			}
		}
		if best < 0 {
			break
		}
		cover(best)
		out = append(out, best)
	}
	return out
}

// largest bounds how many posts are compared with each other.
const largest = 800

// Propose gives up to n posts of the pool to mark next, by index, the most
// useful first. With no marks they are a varied sample; then those that many
// others resemble of which the model is uncertain. Of a large pool it looks at
// an even part. Marking few at a time and asking again teaches more than
// marking many at once.
func Propose(marks []Mark, pool []Post, n int) []int {
	step := max(1, (len(pool)+largest-1)/largest)
	var part []Post
	for i := 0; i < len(pool); i += step {
		part = append(part, pool[i])
	}
	if len(marks) > largest {
		marks = marks[len(marks)-largest:]
	}
	c := newCorpus(marks, part, defaults())
	_, p, _ := c.fit(-1, 0)
	for i := range p {
		p[i] = sigmoid(p[i])
	}
	chosen := choose(c.likeness(), p, len(marks), n)
	for k := range chosen {
		chosen[k] = (chosen[k] - len(marks)) * step
	}
	return chosen
}
