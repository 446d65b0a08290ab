package relevance

import (
	"math"
)

// Mark is a person's answer to "is this about us?".
type Mark struct {
	Post
	About bool
}

// settings are what training is done with.
type settings struct {
	scale    [groups]float64 // how large the weights of a group are expected to be
	trust    float64         // weight of a text without a mark that the model is sure of
	rounds   int             // of learning from texts without marks
	mean     float64         // of the prior of what speaks of firms
	share    float64
	constant float64
}

var chosen = settings{
	scale:    [groups]float64{bias: 1, writing: 1.5, fieldGroup: 3, near: 1, around: 1, phrase: 1, anywhere: 2, stem: 2, author: 0, host: 1, language: 0.3},
	trust:    0.3,
	rounds:   3,
	share:    2,
	constant: 0.9,
	mean:     0.5,
}

// corpus numbers the features of a set of posts.
type corpus struct {
	numbers map[uint32]int32
	keys    []uint32
	rows    []row
	writer  []int
	writers int
	prior   []float64
}

func newCorpus(posts []Post, set *settings) *corpus {
	c := &corpus{numbers: map[uint32]int32{}}
	writers := map[string]int{}
	var s scratch
	for _, p := range posts {
		var r row
		last := map[int32]int{}
		for _, f := range s.features(p, &set.scale) {
			n, known := c.numbers[f.key]
			if !known {
				n = int32(len(c.keys))
				c.numbers[f.key] = n
				c.keys = append(c.keys, f.key)
			}
			if i, twice := last[n]; twice {
				r.v[i] += f.value
				continue
			}
			last[n] = len(r.at)
			r.at = append(r.at, n)
			r.v = append(r.v, f.value)
		}
		c.rows = append(c.rows, r)
		n, known := writers[p.Author]
		switch {
		case p.Author == "":
			n = -1
		case !known:
			n = len(writers)
			writers[p.Author] = n
		}
		c.writer = append(c.writer, n)
	}
	c.writers = len(writers)
	c.prior = make([]float64, len(c.keys))
	for key, w := range priorWeights(set) {
		if n, known := c.numbers[key]; known {
			c.prior[n] = w
		}
	}
	return c
}

// priorWeights gives what is expected before anything was marked: a name is
// written with a capital and without an article, and its text speaks of
// shops, orders and prices.
func priorWeights(set *settings) map[uint32]float64 {
	out := map[uint32]float64{}
	for i, f := range fields.fields {
		if f.name1 != 0 {
			out[hash(fieldGroup, byte(i))] = f.name1 * set.mean
		}
	}
	for what, w := range map[byte]float64{
		termLower: -0.5, termCapitalInside: 1, termUpper: 0.3, termHandle: 1, afterArticleLower: -1, afterArticleCapital: -0.3,
		afterPlaceCapital: 1, possessive: 0.5,
	} {
		out[hash(writing, what)] = w * set.mean
	}
	return out
}

// believe gives the logits of all rows under w, what their authors tell
// included, and the weight of each author.
func (c *corpus) believe(w []float64, marks map[int]bool, set *settings) (logits []float64, authors []float64) {
	logits = make([]float64, len(c.rows))
	authors = make([]float64, c.writers)
	if set.constant <= 0.5 {
		for i := range c.rows {
			logits[i] = c.rows[i].dot(w)
		}
		return logits, authors
	}
	for i := range c.rows {
		logits[i] = c.rows[i].dot(w)
		if a := c.writer[i]; a >= 0 {
			q := sigmoid(logits[i])
			if m, marked := marks[i]; marked {
				q = 0.02
				if m {
					q = 0.98
				}
			}
			k := set.constant
			authors[a] += math.Log((k*q + (1-k)*(1-q)) / ((1-k)*q + k*(1-q)))
		}
	}
	for a, m := range authors {
		k, q := set.constant, sigmoid(m)
		authors[a] = math.Log((k*q + (1-k)*(1-q)) / ((1-k)*q + k*(1-q)))
	}
	for i := range c.rows {
		if a := c.writer[i]; a >= 0 {
			logits[i] += authors[a]
		}
	}
	return logits, authors
}

// fit learns weights from marks (by number of row) and from the other rows.
func (c *corpus) fit(marks map[int]bool, order []int, set *settings) (w, logits []float64) {
	w = append([]float64(nil), c.prior...)
	var sure []example
	for _, i := range order {
		target := 0.
		if marks[i] {
			target = 1
		}
		sure = append(sure, example{&c.rows[i], target, 1})
	}
	solve(sure, c.prior, w)
	logits, _ = c.believe(w, marks, set)
	for round := range set.rounds {
		all := append([]example(nil), sure...)
		for i := range c.rows {
			if _, marked := marks[i]; marked {
				continue
			}
			target := sigmoid(logits[i] * (1 + set.share))
			confident := math.Abs(2*sigmoid(logits[i]) - 1)
			all = append(all, example{&c.rows[i], target, set.trust * confident * float64(round+1) / float64(set.rounds)})
		}
		solve(all, c.prior, w)
		logits, _ = c.believe(w, marks, set)
	}
	return w, logits
}
