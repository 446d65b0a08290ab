package relevance

import (
	"cmp"
	"slices"
	"strings"
)

// Exclusion is a word or phrase that the brand's query might leave out.
type Exclusion struct {
	Query       string `json:"query"`        // as the query takes it: -word or -"two words"
	MarkedNot   int    `json:"marked_not"`   // marked as not about the brand, would go
	MarkedAbout int    `json:"marked_about"` // marked as about the brand, would go too
	Unmarked    int    `json:"unmarked"`     // without a mark, would go
	Wrong       int    `json:"wrong"`        // of Unmarked: the model takes them for the brand's
}

// candidate is a word or phrase and the posts it stands in.
type candidate struct {
	words string
	rows  []int32
}

// Exclusions suggests up to n words or phrases, the most useful first; each
// counts what those before it leave. They stand in at least one mark that is
// not about the brand, in none that is, and hardly ever in posts that the
// model takes for the brand's. Terms of the brand itself only in phrases.
func Exclusions(m *Model, marks []Mark, pool []Post, n int) []Exclusion {
	all := make([]Post, 0, len(marks)+len(pool))
	for _, mark := range marks {
		all = append(all, mark.Post)
	}
	all = append(all, pool...)
	ours := make([]float64, len(all))
	for i := range all {
		ours[i] = m.Score(all[i])
		if i < len(marks) {
			ours[i] = bit(marks[i].About)
		}
	}
	candidates := candidatesOf(all, marks)
	gone := make([]bool, len(all))
	out := []Exclusion{}
	for len(out) < n {
		best, most, at := Exclusion{}, 0., -1
		for k, c := range candidates {
			e, gain := weigh(c, marks, ours, gone)
			if gain > most {
				best, most, at = e, gain, k
			}
		}
		if at < 0 {
			break
		}
		for _, i := range candidates[at].rows {
			gone[i] = true
		}
		out = append(out, best)
	}
	return out
}

// weigh counts what a candidate would remove of what is left. No gain means
// that it is not worth suggesting: a post wrongly lost counts as four gained.
func weigh(c candidate, marks []Mark, ours []float64, gone []bool) (e Exclusion, gain float64) {
	e.Query = excluding(c.words)
	for _, i := range c.rows {
		switch {
		case gone[i]:
			continue
		case int(i) >= len(marks):
			e.Unmarked++
			if ours[i] >= Threshold {
				e.Wrong++
			}
		case marks[i].About:
			e.MarkedAbout++
		default:
			e.MarkedNot++
		}
		gain += 1 - 5*ours[i]
	}
	if e.MarkedNot == 0 || e.MarkedAbout > 0 || e.MarkedNot+e.Unmarked < 4 || 10*e.Wrong > e.Unmarked {
		return e, 0
	}
	return e, gain
}

// excluding writes a word or phrase as the query leaves it out.
func excluding(words string) string {
	if strings.Contains(words, " ") {
		return `-"` + words + `"`
	}
	return "-" + words
}

// candidatesOf gives the words of marks that are not about the brand, and the
// phrases of a word and the brand's term, in the order of their first place.
func candidatesOf(all []Post, marks []Mark) (out []candidate) {
	at := map[string]int{}
	var s scratch
	for i := range all {
		s.read(&all[i])
		for k, t := range s.tokens {
			for _, words := range []string{single(t), pair(s.tokens, k)} {
				j, known := at[words]
				if !known {
					if words == "" || i >= len(marks) || marks[i].About {
						continue
					}
					j = len(out)
					at[strings.Clone(words)] = j
					out = append(out, candidate{words: strings.Clone(words)})
				}
				if rows := out[j].rows; len(rows) == 0 || rows[len(rows)-1] != int32(i) {
					out[j].rows = append(rows, int32(i))
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(len(b.rows), len(a.rows)) })
	return out
}

// single gives a word that may be excluded on its own, or "".
func single(t token) string {
	if t.term || t.kind != word || len(t.folded) < 3 || slices.Contains(articles, t.folded) || slices.Contains(places, t.folded) {
		return ""
	}
	return t.folded
}

// pair gives the phrase of a word and the term after it or before it, or "".
func pair(tokens []token, k int) string {
	if k+1 >= len(tokens) || tokens[k].term && len(tokens[k+1].folded) < 3 || tokens[k].kind != word || tokens[k+1].kind != word || tokens[k].term == tokens[k+1].term {
		return ""
	}
	return tokens[k].folded + " " + tokens[k+1].folded
}
