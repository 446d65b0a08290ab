package relevance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB, name, term string) (posts []Post, about []bool) {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		p := strings.Split(strings.TrimRight(line, "\n"), "\t")
		post := Post{Text: p[3], Lang: p[1], Author: p[2]}
		low := strings.ToLower(p[3])
		for i := 0; len(low) == len(p[3]); {
			n := strings.Index(low[i:], term)
			if n < 0 {
				break
			}
			post.Terms = append(post.Terms, Span{i + n, i + n + len(term)})
			i += n + len(term)
		}
		posts = append(posts, post)
		about = append(about, p[0] == "1")
	}
	return
}

type result struct{ p, r, f, cv, ll float64 }

const batch = 8

func trial(c *corpus, like [][]float32, about []bool, seed uint64, n int, active bool, set *settings) result {
	r := rand.New(rand.NewPCG(seed, 7))
	perm := r.Perm(len(c.rows))
	marks := map[int]bool{}
	var order []int
	if active {
		cand := perm[:len(perm)*9/10]
		slices.Sort(cand)
		for len(order) < n {
			_, l := c.fit(marks, order, set)
			for i := range l {
				l[i] = sigmoid(l[i])
			}
			for _, i := range choose(like, l, func(i int) bool { _, m := marks[i]; return m }, cand, batch) {
				marks[i] = about[i]
				order = append(order, i)
			}
		}
	} else {
		for _, i := range perm[:n] {
			marks[i] = about[i]
			order = append(order, i)
		}
	}
	_, l := c.fit(marks, order, set)
	tp, fp, fn := 0., 0., 0.
	for i := range c.rows {
		if _, m := marks[i]; m {
			continue
		}
		said := l[i] > 0
		switch {
		case said && about[i]:
			tp++
		case said:
			fp++
		case about[i]:
			fn++
		}
	}
	// inner CV, 8 folds over marks
	ok, ll := 0., 0.
	if os.Getenv("CV") != "" {
		for f := range 8 {
			m2 := map[int]bool{}
			var o2 []int
			for k, i := range order {
				if k%8 != f {
					m2[i] = marks[i]
					o2 = append(o2, i)
				}
			}
			_, l := c.fit(m2, o2, set)
			for k, i := range order {
				if k%8 == f {
					q := sigmoid(l[i])
					if (q > .5) == marks[i] {
						ok++
					}
					if !marks[i] {
						q = 1 - q
					}
					ll -= math.Log(max(q, 1e-3))
				}
			}
		}
	}
	return result{tp / (tp + fp), tp / (tp + fn), 2 * tp / (2*tp + fp + fn), ok / float64(n), ll / float64(n)}
}

func summary(t *testing.T, name string, posts []Post, about []bool, set settings) {
	c := newCorpus(posts, &set)
	like := c.likeness()
	for _, active := range []bool{false, true} {
		if os.Getenv("ONLY") == "r" && active || os.Getenv("ONLY") == "a" && !active {
			continue
		}
		var m result
		pass := 0
		const seeds = 10
		for s := range uint64(seeds) {
			r := trial(c, like, about, s, 40, active, &set)
			m.p += r.p / seeds
			m.r += r.r / seeds
			m.f += r.f / seeds
			m.cv += r.cv / seeds
			m.ll += r.ll / seeds
			if r.p >= .9 && r.r >= .9 {
				pass++
			}
		}
		fmt.Printf("%-28s active=%-5v p %.3f r %.3f f1 %.3f pass %d/10 cv %.3f ll %.3f\n", name, active, m.p, m.r, m.f, pass, m.cv, m.ll)
	}
}

func TestTry(t *testing.T) {
	posts, about := load(t, "testdata/mango.tsv", "mango")
	summary(t, "chosen", posts, about, chosen)
	if os.Getenv("VAR") == "" {
		return
	}
	vary := func(name string, f func(*settings)) {
		s := chosen
		f(&s)
		summary(t, name, posts, about, s)
	}
	vary("mean 0", func(s *settings) { s.mean = 0 })
	vary("mean 1", func(s *settings) { s.mean = 1 })
	vary("fields 2", func(s *settings) { s.scale[fieldGroup] = 2 })
	vary("fields 5", func(s *settings) { s.scale[fieldGroup] = 5 })
	vary("words 1", func(s *settings) { s.scale[anywhere], s.scale[stem] = 1, 1 })
	vary("words 3", func(s *settings) { s.scale[anywhere], s.scale[stem] = 3, 3 })
	vary("near .5", func(s *settings) { s.scale[near], s.scale[around], s.scale[phrase] = .5, .5, .5 })
	vary("rounds 8", func(s *settings) { s.rounds = 8 })
	vary("rounds 0", func(s *settings) { s.rounds = 0 })
	vary("trust 1", func(s *settings) { s.trust = 1 })
	vary("share .5", func(s *settings) { s.share = .5 })
	vary("writing 3", func(s *settings) { s.scale[writing] = 3 })
}
