// Package audit draws a small sample of mentions for people to judge and tells
// from their answers how far the figures of all mentions can be trusted.
package audit

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"adalid"
)

// DefaultSize is how many mentions a sample has unless told otherwise.
const DefaultSize = 60

// sureFrom is the confidence from which the model counts as sure of a class.
const sureFrom = 0.5

// Item is one mention as the model sees it.
type Item struct {
	Key        string // unique
	Class      adalid.Label
	Lang       string
	Confidence float64 // of the model in Class, in [0, 1] by any measure; 0 without Class
}

// Stratum is a part of the mentions that is sampled on its own. Class is ""
// for what the model could not score, Lang "other" for rare languages.
type Stratum struct {
	Class adalid.Label `json:"class"`
	Lang  string       `json:"lang"`
	Sure  bool         `json:"sure"` // the model's confidence is 0.5 or more
	Size  int          `json:"size"` // mentions in it
	Drawn int          `json:"drawn"`
}

// Drawn is one item of a sample.
type Drawn struct {
	Item
	Stratum int // index into Sample.Strata
}

// Sample is what people are asked to judge.
type Sample struct {
	Total  int // mentions it was drawn from
	Strata []Stratum
	Drawn  []Drawn // in the order of asking: shuffled, so that classes do not come in a row
}

// Draw draws n items, each stratum in proportion to its size but two of each
// where there are two (without two a stratum says nothing of its spread).
// Languages of less than a tenth of the items are one stratum together. The
// same items, in any order, and the same seed give the same sample.
func Draw(items []Item, n int, seed uint64) Sample {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Key, b.Key) })
	n = min(max(n, 0), len(items))
	cells := strata(items)
	s := Sample{Total: len(items)}
	for _, c := range cells {
		s.Strata = append(s.Strata, c.Stratum)
	}
	allocate(s.Strata, n)
	r := rand.New(rand.NewPCG(seed, 0x61756469)) // "audi"
	for h, c := range cells {
		for _, k := range r.Perm(len(c.items))[:s.Strata[h].Drawn] {
			s.Drawn = append(s.Drawn, Drawn{c.items[k], h})
		}
	}
	r.Shuffle(len(s.Drawn), func(i, j int) { s.Drawn[i], s.Drawn[j] = s.Drawn[j], s.Drawn[i] })
	return s
}

type cell struct {
	Stratum
	items []Item
}

// strata parts sorted items, in the order class, language, confidence.
func strata(items []Item) []cell {
	langs := map[string]int{}
	for _, it := range items {
		langs[it.Lang]++
	}
	at := map[Stratum]int{}
	var cells []cell
	for _, it := range items {
		k := Stratum{Class: it.Class, Lang: it.Lang, Sure: it.Class != "" && it.Confidence >= sureFrom}
		if it.Lang == "" || 10*langs[it.Lang] < len(items) {
			k.Lang = "other"
		}
		i, known := at[k]
		if !known {
			i = len(cells)
			at[k] = i
			cells = append(cells, cell{Stratum: k})
		}
		cells[i].Size++
		cells[i].items = append(cells[i].items, it)
	}
	slices.SortFunc(cells, func(a, b cell) int {
		sure := map[bool]int{true: 1}
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Lang, b.Lang), sure[b.Sure]-sure[a.Sure])
	})
	return cells
}

// allocate sets how many of n are drawn from each stratum: Σ Drawn = n.
func allocate(strata []Stratum, n int) {
	total, left := 0, n
	for _, s := range strata {
		total += s.Size
	}
	for floor := range 2 {
		for _, h := range bySize(strata) {
			if s := &strata[h]; left > 0 && s.Drawn == floor && s.Size > floor {
				s.Drawn++
				left--
			}
		}
	}
	for ; left > 0; left-- { // the stratum furthest below its share is next
		best, lack := -1, math.Inf(-1)
		for h, s := range strata {
			if d := float64(n)*float64(s.Size)/float64(total) - float64(s.Drawn); s.Drawn < s.Size && d > lack {
				best, lack = h, d
			}
		}
		strata[best].Drawn++
	}
}

// bySize gives the strata, the largest first.
func bySize(strata []Stratum) []int {
	order := make([]int, len(strata))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(strata[b].Size, strata[a].Size) })
	return order
}
