package authenticity

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Copies is what an account's own posts share with those of other accounts.
type Copies struct {
	Posts    int // own posts with enough words to compare
	Shared   int // of them, those that another account posted too, at any time
	InStep   int // of them, those that another account posted within the same minute
	Partners int // accounts that posted in step with it, counted up to 20
}

func (c *Copies) values() []int64 {
	if c == nil {
		return nil
	}
	return []int64{percent(c.Shared, c.Posts), int64(c.Posts)}
}

func (c *Copies) inStep() []int64 {
	if c == nil {
		return nil
	}
	return []int64{int64(c.InStep), int64(c.Partners)}
}

// Together is how close in time copies by different accounts count as posted in
// step (Pacheco et al., "Uncovering Coordinated Networks on Social Media",
// ICWSM 2021, find such groups by the same content within a short window).
const Together = time.Minute

// Limits that keep a storm of copies from taking all time and memory.
const (
	stepWindow   = 512 // earlier posts that one is compared with; of more in a minute the oldest are not looked at
	mostPartners = 20  // partners of one account that are counted
)

// authored is a post and the number of its account.
type authored struct {
	Post
	author int32
}

// Shared compares the own posts of different accounts, by account key. Only
// texts long enough to have a near hash count: that two people write "so good"
// says nothing.
func Shared(posts map[string][]Post) map[string]*Copies {
	authors := slices.Sorted(maps.Keys(posts))
	copies := make([]Copies, len(authors))
	out := make(map[string]*Copies, len(authors))
	var all []authored
	for i, author := range authors {
		out[author] = &copies[i]
		for _, p := range posts[author] {
			if p.Near != 0 {
				all = append(all, authored{p, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b authored) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.author, b.author), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Near, b.Near))
	})
	countShared(all, copies)
	countInStep(all, copies)
	return out
}

// countShared counts equal texts of different accounts, however far apart.
func countShared(all []authored, copies []Copies) {
	const several = -1
	by := make(map[uint64]int32, len(all))
	for _, p := range all {
		if first, ok := by[p.Text]; !ok {
			by[p.Text] = p.author
		} else if first != p.author {
			by[p.Text] = several
		}
	}
	for _, p := range all {
		copies[p.author].Posts++
		if by[p.Text] == several {
			copies[p.author].Shared++
		}
	}
}

// countInStep counts near copies within a minute; all is in order of time.
func countInStep(all []authored, copies []Copies) {
	counted := make([]bool, len(all))
	partners := make([][]int32, len(copies))
	meet := func(i, j int) {
		a, b := all[i].author, all[j].author
		if !counted[i] {
			counted[i] = true
			copies[a].InStep++
		}
		if len(partners[a]) < mostPartners && !slices.Contains(partners[a], b) {
			partners[a] = append(partners[a], b)
		}
	}
	first := 0
	for i, p := range all {
		if p.At.IsZero() { // these come first
			first = i + 1
			continue
		}
		for p.At.Sub(all[first].At) > Together {
			first++
		}
		for j := max(first, i-stepWindow); j < i; j++ {
			if q := &all[j]; q.author != p.author && (q.Text == p.Text || near(q.Near, p.Near)) {
				meet(i, j)
				meet(j, i)
			}
		}
	}
	for i := range copies {
		copies[i].Partners = len(partners[i])
	}
}
