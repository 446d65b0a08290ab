package relevance

import (
	"math"
	"slices"
)

// Mark is a person's answer to "is this about us?".
type Mark struct {
	Post
	About bool
}

// settings are what training is done with. They were chosen by the log loss of
// cross-validation over marks, never by what was not marked; see
// docs/relevance.md.
type settings struct {
	scale      [groups]float64 // how large the weights of a group are expected to be
	mean       float64         // of what tells a name from a thing, before anything was marked
	consistent float64         // how likely an author means in one post what they mean in another
}

func defaults() *settings {
	return &settings{
		scale: [groups]float64{
			bias: 1, writing: 1, meant: 3, meantNear: 2, near: 0.5, around: 0.5, phrase: 0.5, anywhere: 3, stem: 3, host: 1, language: 0.3,
		},
		mean:       0.5,
		consistent: 0.95,
	}
}

// corpus numbers the features of a set of posts. Its first rows are those of
// the marks.
type corpus struct {
	set     *settings
	marks   []Mark
	numbers map[uint32]int32
	keys    []uint32
	rows    []row
	writer  []int // of each row, −1 when unknown
	writers []string
	prior   []float64
}

func newCorpus(marks []Mark, pool []Post, set *settings) *corpus {
	c := &corpus{set: set, marks: marks, numbers: map[uint32]int32{}}
	writers := map[string]int{}
	var s scratch
	for i := range len(marks) + len(pool) {
		var p *Post
		if i < len(marks) {
			p = &marks[i].Post
		} else {
			p = &pool[i-len(marks)]
		}
		c.rows = append(c.rows, c.row(s.features(p, &set.scale)))
		n, known := writers[p.Author]
		switch {
		case p.Author == "":
			n = -1
		case !known:
			n = len(writers)
			writers[p.Author] = n
			c.writers = append(c.writers, p.Author)
		}
		c.writer = append(c.writer, n)
	}
	c.prior = make([]float64, len(c.keys))
	for key, w := range expected(set) {
		if n, known := c.numbers[key]; known {
			c.prior[n] = w
		}
	}
	return c
}

// row numbers features; one that occurs twice is added up.
func (c *corpus) row(features []feature) row {
	slices.SortFunc(features, func(a, b feature) int { return int(int64(a.key) - int64(b.key)) })
	r := row{make([]int32, 0, len(features)), make([]float32, 0, len(features))}
	for i, f := range features {
		if i > 0 && features[i-1].key == f.key {
			r.v[len(r.v)-1] += f.value
			continue
		}
		n, known := c.numbers[f.key]
		if !known {
			n = int32(len(c.keys))
			c.numbers[f.key] = n
			c.keys = append(c.keys, f.key)
		}
		r.at = append(r.at, n)
		r.v = append(r.v, f.value)
	}
	return r
}

// expected gives the weights before anything was marked: a name is written
// with a capital and without an article, and its text speaks of shops, orders
// and prices.
func expected(set *settings) map[uint32]float64 {
	out := map[uint32]float64{}
	for i, f := range fields.fields {
		if f.firm {
			out[hash(meant, byte(i))] = set.mean
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

// fit learns weights from the marks, without those of the fold left out (−1:
// from all), and gives what it makes of all rows, authors included.
func (c *corpus) fit(fold, folds int) (w, logits, authors []float64) {
	w = slices.Clone(c.prior)
	var examples []example
	for i, m := range c.marks {
		if fold < 0 || i%folds != fold {
			examples = append(examples, example{&c.rows[i], bit(m.About)})
		}
	}
	if len(examples) > 0 {
		solve(examples, c.prior, w)
	}
	logits = make([]float64, len(c.rows))
	authors = make([]float64, len(c.writers))
	for i := range c.rows {
		logits[i] = c.rows[i].dot(w)
		if a := c.writer[i]; a >= 0 {
			q := sigmoid(logits[i])
			if i < len(c.marks) && (fold < 0 || i%folds != fold) {
				q = 0.02 + 0.96*bit(c.marks[i].About)
			}
			authors[a] += c.told(q)
		}
	}
	for a, sum := range authors {
		authors[a] = c.told(sigmoid(sum))
	}
	for i, a := range c.writer {
		if a >= 0 {
			logits[i] += authors[a]
		}
	}
	return w, logits, authors
}

// told gives the log-odds that pass between a post of probability q and its
// author in either direction: the messages of belief propagation (Pearl 1982)
// where a post means what its author usually means with probability
// settings.consistent.
func (c *corpus) told(q float64) float64 {
	k := c.set.consistent
	return math.Log((k*q + (1-k)*(1-q)) / ((1-k)*q + k*(1-q)))
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// fewest is how many marks of each kind there have to be before a model can
// leave anything out.
const fewest = 4

// Effect is what cross-validation over the marks says of a model.
type Effect struct {
	Marks    int     `json:"marks"`
	About    int     `json:"about"`
	NotAbout int     `json:"not_about"`
	Caught   int     `json:"caught"` // of NotAbout: left out by a model that had not seen the mark
	Lost     int     `json:"lost"`   // of About: left out by such a model
	LogLoss  float64 `json:"log_loss"`
	Helps    bool    `json:"helps"`
	Why      string  `json:"why"`
}

// Train learns from marks which posts are about the brand. The pool, posts
// without marks, tells which of them have an author in common. It also says
// whether the model does better than leaving nothing out: only then should it
// be used. The same marks and posts in the same order give the same model.
func Train(marks []Mark, pool []Post) (*Model, Effect) {
	c := newCorpus(marks, pool, defaults())
	w, _, authors := c.fit(-1, 0)
	e := Effect{Marks: len(marks)}
	slope := c.validate(&e)
	m := &Model{slope: float32(slope), weights: map[uint32]float32{}, authors: map[uint32]float32{}}
	for key, v := range expected(c.set) {
		m.weights[key] = float32(v)
	}
	for n, key := range c.keys {
		if v := float32(w[n]); v != 0 {
			m.weights[key] = v
		}
	}
	for a, v := range authors {
		if math.Abs(v) > 0.05 {
			m.authors[authorKey(c.writers[a])] = float32(v)
		}
	}
	return m, e
}

// validate fills the effect by ten-fold cross-validation and gives the slope
// that calibrates logits (Platt 1999), held close to 1 since marks are few and,
// when proposed, harder than the rest.
func (c *corpus) validate(e *Effect) (slope float64) {
	for _, m := range c.marks {
		if m.About {
			e.About++
		} else {
			e.NotAbout++
		}
	}
	if e.About < fewest || e.NotAbout < fewest {
		e.Why = "too few marks: at least four of each kind are needed"
		return 1
	}
	folds := min(10, len(c.marks))
	logits := make([]float64, len(c.marks))
	for fold := range folds {
		_, l, _ := c.fit(fold, folds)
		for i := fold; i < len(c.marks); i += folds {
			logits[i] = l[i]
		}
	}
	slope = c.calibrate(logits)
	for i, m := range c.marks {
		l := slope * logits[i]
		e.LogLoss += math.Log1p(math.Exp(-math.Abs(l))) + math.Max(0, -l*(2*bit(m.About)-1))
		switch {
		case l < 0 && m.About:
			e.Lost++
		case l < 0:
			e.Caught++
		}
	}
	e.LogLoss /= float64(len(c.marks))
	// McNemar's statistic against leaving nothing out.
	gain := float64(e.Caught - e.Lost)
	e.Helps = gain >= 2 && gain*gain >= float64(e.Caught+e.Lost)
	e.Why = "on marks it had not seen it leaves out more of what is not about the brand than of what is"
	if !e.Helps {
		e.Why = "on marks it had not seen it does no better than the query alone"
	}
	return slope
}

// calibrate gives the slope that minimises the log loss of slope·logit over the
// marks, with a normal prior of one half around 1. There is no shift: which
// marks were made says nothing of how many posts are about the brand.
func (c *corpus) calibrate(logits []float64) (slope float64) {
	slope = 1
	for range 25 {
		g, h := 4*(slope-1), 4.
		for i, l := range logits {
			q := sigmoid(slope * l)
			g += (q - bit(c.marks[i].About)) * l
			h += q * (1 - q) * l * l
		}
		slope = math.Max(slope-g/h, 0.1)
	}
	return slope
}
