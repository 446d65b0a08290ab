package authenticity

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Rules is the version of everything in this package that decides what is said
// of an account; it rises with every change of it.
const Rules = 6

// Indexed is one own post as an index over texts tells it: who, when, and the
// hash of the text, which is equal for texts that differ only in case, links,
// handles and digits.
type Indexed struct {
	Text   uint64
	At     int64 // unix seconds, math.MinInt64 when unknown
	Author int32 // a number from 0 up
}

// SharedTexts compares the own posts of different accounts by the hashes of their
// texts, so many that the texts themselves are not read. What short tells to be
// too short to compare is nobody's copy, for that two people write "so good" says
// nothing; nil: nothing is. It sorts posts and gives Copies by Author, for all
// below authors.
func SharedTexts(posts []Indexed, authors int, short func(text uint64) bool) []Copies {
	slices.SortFunc(posts, func(a, b Indexed) int {
		return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.At, b.At), cmp.Compare(a.Author, b.Author))
	})
	m := meeting{copies: make([]Copies, authors), partners: map[int32][]int32{}}
	for _, p := range posts {
		m.copies[p.Author].Posts++
	}
	for from, to := 0, 0; from < len(posts); from = to {
		several := false
		for to = from + 1; to < len(posts) && posts[to].Text == posts[from].Text; to++ {
			several = several || posts[to].Author != posts[from].Author
		}
		if several && (short == nil || !short(posts[from].Text)) {
			m.group(posts[from:to])
		}
	}
	for author, list := range m.partners {
		m.copies[author].Partners = len(list)
	}
	return m.copies
}

// meeting counts who posts the same as whom.
type meeting struct {
	copies   []Copies
	partners map[int32][]int32
}

// group counts the posts of one text, in order of time.
func (m *meeting) group(posts []Indexed) {
	const window = int64(Together / time.Second)
	counted := make([]bool, len(posts))
	first := 0
	for i, p := range posts {
		m.copies[p.Author].Shared++
		if p.At == math.MinInt64 { // these come first
			first = i + 1
			continue
		}
		for p.At-posts[first].At > window {
			first++
		}
		for j := max(first, i-stepWindow); j < i; j++ {
			if posts[j].Author == p.Author {
				continue
			}
			for _, k := range [...]int{i, j} {
				if !counted[k] {
					counted[k] = true
					m.copies[posts[k].Author].InStep++
				}
			}
			m.meet(p.Author, posts[j].Author)
			m.meet(posts[j].Author, p.Author)
		}
	}
}

func (m *meeting) meet(a, b int32) {
	if list := m.partners[a]; len(list) < mostPartners && !slices.Contains(list, b) {
		m.partners[a] = append(list, b)
	}
}

// Telling tells whether what an account shares with others counts in its
// assessment, so that it is worth asking whether the texts are long enough.
func (c Copies) Telling() bool {
	f := facts{Behaviour: Behaviour{Copies: &c}}
	for i := range rules {
		if rules[i].group == "copies" {
			if _, holds := rules[i].holds(&f); holds {
				return true
			}
		}
	}
	return false
}
