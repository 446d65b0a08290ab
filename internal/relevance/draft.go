package relevance

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// DraftExclusions suggests up to n words that would keep the marked posts out
// that are not about the brand, from a handful of marks: before a brand is
// stored there are no more. Each stands in such a post, in none that is marked
// as the brand's and in at most a tenth of the pool, one post of it at least
// allowed; none is shorter than four letters. A word is worth the marked posts
// that it removes and those of the pool that a model of the marks takes for
// something else, less those that it takes for the brand's. Of equals first come
// words that speak of something (fields.txt), then the longer. Where marks are
// many, Exclusions knows better.
func DraftExclusions(marks []Mark, pool []Post, n int) []Exclusion {
	all := make([]Post, 0, len(marks)+len(pool))
	for _, m := range marks {
		all = append(all, m.Post)
	}
	all = append(all, pool...)
	model, _ := Train(marks, pool)
	type weighed struct {
		Exclusion
		gain  float64
		means int
		words string
	}
	var found []weighed
	for _, c := range candidatesOf(all, marks) {
		w := weighed{words: c.words, Exclusion: Exclusion{Query: excluding(c.words)}}
		for _, i := range c.rows {
			switch {
			case int(i) >= len(marks):
				ours := model.Score(all[i])
				w.Unmarked++
				w.gain += 1 - 2*ours
				if ours >= Threshold {
					w.Wrong++
				}
			case marks[i].About:
				w.MarkedAbout++
			default:
				w.MarkedNot++
				w.gain++
			}
		}
		if w.MarkedAbout > 0 || w.MarkedNot == 0 || w.gain <= 0 || w.Unmarked > max(1, len(pool)/10) || len([]rune(c.words)) < 4 || strings.Contains(c.words, " ") {
			continue
		}
		w.means = min(1, bits.OnesCount64(fields.of(c.words)))
		found = append(found, w)
	}
	slices.SortStableFunc(found, func(a, b weighed) int {
		return cmp.Or(
			cmp.Compare(b.gain, a.gain), cmp.Compare(b.means, a.means),
			cmp.Compare(len([]rune(b.words)), len([]rune(a.words))), cmp.Compare(a.words, b.words),
		)
	})
	out := []Exclusion{}
	for _, w := range found[:min(n, len(found))] {
		out = append(out, w.Exclusion)
	}
	return out
}
