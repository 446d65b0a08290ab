package authenticity

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Post is one own post of an account: when, and the hashes of its words. Reposts
// are no own posts. The hashes are those of internal/dedupe, which the caller
// brings because packages of this row of the floor plan know only the root.
type Post struct {
	At   time.Time // zero when unknown
	Text uint64    // equal for texts that differ only in case, links, handles and digits; 0 when no word is left
	Near uint64    // simhash of the words, for what the account repeats itself; 0 when they are too few to compare
}

// A repeater has at least so many own posts, so large a share of which repeat
// an earlier one (scoring.md, section 6).
const (
	repeaterPosts = 5
	repeaterShare = 0.6
)

// Limits that keep the work of one account small.
const (
	comparedTexts = 2000 // different texts of one account that are compared with each other
	NearBits      = 10   // bits that the simhashes of near copies differ in at most: dedupe.NearBits
)

// Repetition counts how many own posts of an account are near copies of an
// earlier one of its own.
type Repetition struct{ Posts, Copies int }

// Share is Copies / Posts, in [0, 1]; 0 without posts.
func (r Repetition) Share() float64 { return float64(r.Copies) / float64(max(1, r.Posts)) }

// Repeater tells whether the account says the same thing again and again.
func (r Repetition) Repeater() bool {
	return r.Posts >= repeaterPosts && r.Share() >= repeaterShare
}

func (r *Repetition) values() []int64 {
	if r == nil {
		return nil
	}
	return []int64{percent(r.Copies, r.Posts), int64(r.Posts)}
}

// near tells near copies by their simhashes; two texts too short to compare are
// none.
func near(a, b uint64) bool { return a != 0 && b != 0 && bits.OnesCount64(a^b) <= NearBits }

// Repeats counts the near copies among the own posts of one account, which may
// come in any order.
func Repeats(posts []Post) Repetition {
	seen := make(map[uint64]bool, len(posts))
	var different []uint64
	out := Repetition{Posts: len(posts)}
	for _, p := range inOrder(posts) {
		switch {
		case seen[p.Text], slices.ContainsFunc(different, func(h uint64) bool { return near(h, p.Near) }):
			out.Copies++
		case len(different) < comparedTexts:
			different = append(different, p.Near)
		}
		seen[p.Text] = true
	}
	return out
}

// inOrder sorts a copy by time; posts of one time by their hashes, so that the
// order of arrival does not matter.
func inOrder(posts []Post) []Post {
	out := slices.Clone(posts)
	slices.SortFunc(out, func(a, b Post) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Near, b.Near))
	})
	return out
}

// What makes a rhythm that of a machine.
const (
	clockworkPauses = 20  // fewer say nothing
	clockworkBits   = 1.2 // entropy of the pauses; people have about 3
	sleeplessPosts  = 150
	sleeplessDays   = 14
)

// Rhythm is when an account posts.
type Rhythm struct {
	Posts   int     // with a known time
	Pauses  int     // between posts that are not of one second
	Entropy float64 // bits of the pauses' lengths, in steps of a factor of two: 0 = all alike
	Usual   int     // pauses in the commonest step
	Hours   int     // of the day, UTC, with at least one post in a hundred
	Days    int     // from the first to the last post
}

// Sleepless tells that no hour of the day is quiet: people sleep, and an
// account that never does is a machine or several people.
func (r Rhythm) Sleepless() bool {
	return r.Posts >= sleeplessPosts && r.Days >= sleeplessDays && r.Hours == 24
}

func (r *Rhythm) values() []int64 {
	if r == nil {
		return nil
	}
	return []int64{percent(r.Usual, r.Pauses), int64(r.Pauses)}
}

func (r *Rhythm) span() []int64 {
	if r == nil {
		return nil
	}
	return []int64{int64(r.Posts), int64(r.Days)}
}

// rhythm is nil where fewer than two posts have a time, or where only their
// days are known. The entropy of the times between posts tells automation
// after Chu, Gianvecchio, Wang & Jajodia, "Detecting Automation of Twitter
// Accounts", IEEE TDSC 9 (2012). Mentions of one brand are a sample of what an
// account posts: regular ones betray a machine, irregular ones clear nobody.
func rhythm(posts []Post) *Rhythm {
	var times []time.Time
	timed := false
	for _, p := range posts {
		if !p.At.IsZero() {
			times = append(times, p.At.UTC())
			timed = timed || p.At.Unix()%int64(day/time.Second) != 0
		}
	}
	if len(times) < 2 || !timed {
		return nil
	}
	slices.SortFunc(times, time.Time.Compare)
	r := &Rhythm{Posts: len(times), Days: int(times[len(times)-1].Sub(times[0])/day) + 1}
	var hours [24]int
	var steps [64]int
	for i, t := range times {
		hours[t.Hour()]++
		if i == 0 {
			continue
		}
		if pause := int64(t.Sub(times[i-1]) / time.Second); pause > 0 {
			// Rounded, so that an hour give or take a minute is one step.
			steps[int(math.Round(math.Log2(float64(pause))))]++
			r.Pauses++
		}
	}
	for _, n := range hours {
		if n*100 >= len(times) && n > 0 {
			r.Hours++
		}
	}
	for _, n := range steps {
		r.Usual = max(r.Usual, n)
		if n > 0 {
			p := float64(n) / float64(r.Pauses)
			r.Entropy -= p * math.Log2(p)
		}
	}
	return r
}

// Measure looks at the own posts of one account. Without posts nothing is
// known.
func Measure(posts []Post) Behaviour {
	if len(posts) == 0 {
		return Behaviour{}
	}
	repeats := Repeats(posts)
	return Behaviour{Repetition: &repeats, Rhythm: rhythm(posts)}
}
