package authenticity

import (
	"cmp"
	"slices"
	"time"
)

// Copies is what an account's own posts share with those of other accounts.
type Copies struct {
	Posts    int // own posts with enough words to compare
	Shared   int // of them, those that another account posted too, at any time
	InStep   int // of them, those that another account posted within the same minute
	Partners int // accounts that posted in step with it
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

// stepWindow bounds how many earlier posts one is compared with; in a storm of
// more posts a minute the oldest are not looked at.
const stepWindow = 512

// authored is a post and whose it is.
type authored struct {
	Post
	author string
}

// Shared compares the own posts of different accounts, by account key. Only
// texts long enough to have a near hash count: that two people write "so good"
// says nothing.
func Shared(posts map[string][]Post) map[string]*Copies {
	out := make(map[string]*Copies, len(posts))
	var all []authored
	for author, list := range posts {
		out[author] = &Copies{}
		for _, p := range list {
			if p.Near != 0 {
				all = append(all, authored{p, author})
			}
		}
	}
	slices.SortFunc(all, func(a, b authored) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.author, b.author), cmp.Compare(a.Text, b.Text))
	})
	countShared(all, out)
	countInStep(all, out)
	return out
}

// countShared counts equal texts of different accounts, however far apart.
func countShared(all []authored, out map[string]*Copies) {
	const several = "\x00" // no key of an account
	by := map[uint64]string{}
	for _, p := range all {
		if first, ok := by[p.Text]; !ok {
			by[p.Text] = p.author
		} else if first != p.author {
			by[p.Text] = several
		}
	}
	for _, p := range all {
		out[p.author].Posts++
		if by[p.Text] == several {
			out[p.author].Shared++
		}
	}
}

// countInStep counts near copies within a minute; all is in order of time.
func countInStep(all []authored, out map[string]*Copies) {
	counted := make([]bool, len(all))
	partners := map[[2]string]bool{}
	first := 0
	count := func(i int) {
		if !counted[i] {
			counted[i] = true
			out[all[i].author].InStep++
		}
	}
	for i, p := range all {
		for first < i && p.At.Sub(all[first].At) > Together {
			first++
		}
		if p.At.IsZero() {
			continue
		}
		for j := max(first, i-stepWindow); j < i; j++ {
			q := all[j]
			if q.At.IsZero() || q.author == p.author || q.Text != p.Text && !near(q.Near, p.Near) {
				continue
			}
			count(i)
			count(j)
			partners[[2]string{p.author, q.author}] = true
			partners[[2]string{q.author, p.author}] = true
		}
	}
	for pair := range partners {
		out[pair[0]].Partners++
	}
}
