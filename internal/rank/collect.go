package rank

import (
	"cmp"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"adalid"
)

// LeastPeople and LeastMentions are the population below which nobody gets a
// score.
const (
	LeastPeople   = 30
	LeastMentions = 100
)

// tally is what an account did in a window.
type tally struct {
	sums
	account      int32
	lang         int32   // number of the language of all scored posts, −1 none, −2 several
	effective    float64 // v
	activeDays   float64 // d, of organic posts
	bestDay      int64   // views of the day that has most, −1: unknown
	recentWeight float64 // Σ decay·w over scored posts
	recentSum    float64 // Σ decay·w·s over the same
	recentSquare float64 // Σ decay²·w over the same

	oneOfSeveral bool // accounts of the person in the window

	organicDays int32   // with organic posts, undecayed
	daySquares  float64 // Σ over them of what the day adds to v times what it adds to d
}

// None and several languages of scored posts.
const (
	noLang       = -1
	severalLangs = -2
)

// unionOf names the days of a person, on one platform or on all that are ranked
// together.
type unionOf struct {
	person   int32
	platform int32 // number, everywhere: all
}

const everywhere = -1

// union counts the days of a person with several accounts, each day once.
type union struct {
	lastOwn, own int32
	day          int32 // under way
	weight       int64 // of its organic posts so far
	factor       float64
	activeDays   float64 // d of the days before
}

// collector adds up rows by account. Both processors add: each what a share of
// the accounts wrote, so that the order of nobody's sums depends on it.
type collector struct {
	x          *index
	names      *naming
	span       span
	first, end int32    // accounts of the span's platform, where it has one
	apart      [2]int32 // accounts that belong to a list of their own, from and to
	wanted     []uint8  // by language: 1 where it counts
	subtag     []string // primary subtags, by language
	slot       []int32  // by account from first: place in window.accounts, else what is known of it
	shares     []share
	unions     map[unionOf]*union           // of people with several accounts
	mixed      map[int32]map[string]float64 // by account, of those scored in several languages
}

// What slot says of accounts without a place.
const (
	unseen = -1 - iota
	wrote  // reposts at least
	spoke  // own posts too
)

// share is some neighbouring accounts and their rows.
type share struct {
	first, end int32
	picked     [][]int32 // by piece, in order
	mixed      map[int32]map[string]float64
	shared     []spokenDay // of people with several accounts
}

// spokenDay is what one of several accounts of a person said on a day.
type spokenDay struct {
	day, account int32
	weight       int64
	factor       float64
}

// leastShare is how many accounts are worth a processor of their own.
const leastShare = 1 << 13

func newCollector(x *index, names *naming, s span) *collector {
	c := &collector{
		x: x, names: names, span: s, subtag: make([]string, len(x.langs)), end: int32(len(x.accounts)),
		unions: map[unionOf]*union{}, mixed: map[int32]map[string]float64{},
	}
	if p, ok := x.platform(s.platform); ok {
		c.first, c.end = x.platformStart[p], x.platformStart[p+1]
	} else if s.platform != "" {
		c.end = 0
	} else if p, ok := x.platform(adalid.YouTube); ok {
		c.apart = [2]int32{x.platformStart[p], x.platformStart[p+1]}
	}
	c.slot = filled(int(c.end-c.first), unseen)
	for i, tag := range x.langs {
		c.subtag[i] = primary(tag)
	}
	c.wanted = make([]uint8, len(x.langs))
	for i, tag := range c.subtag {
		if s.lang == "" || tag == s.lang {
			c.wanted[i] = 1
		}
	}
	n := int(c.end - c.first)
	c.shares = make([]share, min(runtime.GOMAXPROCS(0), n/leastShare+1))
	for i := range c.shares {
		c.shares[i].first, c.shares[i].end = c.first+int32(n*i/len(c.shares)), c.first+int32(n*(i+1)/len(c.shares))
	}
	return c
}

// collect adds up what the rows of the pieces tell of the window's people.
func (c *collector) collect(w *window, list []piece, decay *decay) {
	c.eachShare(func(s *share) { c.pick(s, list) })
	c.gather(w)
	c.eachShare(func(s *share) { c.read(s, w.accounts, list, decay) })
	c.unite()
}

func (c *collector) eachShare(do func(*share)) {
	inParts(len(c.shares), 1, func(from, to int) {
		for i := from; i < to; i++ {
			do(&c.shares[i])
		}
	})
}

// pick finds the rows of a share's accounts that pass the filters, and who
// wrote them.
func (c *collector) pick(s *share, list []piece) {
	s.picked = make([][]int32, len(list))
	for n, p := range list {
		rs := p.rows
		picked, found := make([]int32, p.to-p.from+1), 0
		accounts, langs := rs.account[p.from:p.to], rs.lang[p.from:p.to]
		for i, account := range accounts {
			// Nobody can foretell whether a row passes, so it is not asked by a branch.
			picked[found] = int32(p.from + i)
			passes := int(c.wanted[langs[i]])
			if account < s.first {
				passes = 0
			}
			if account >= s.end {
				passes = 0
			}
			found += passes
		}
		picked = picked[:found]
		for _, i := range picked {
			is := &c.slot[rs.account[i]-c.first]
			if rs.own[i] > 0 {
				*is = spoke
			} else if *is == unseen {
				*is = wrote
			}
		}
		s.picked[n] = picked
	}
}

// gathered is the candidates among some neighbouring people.
type gathered struct {
	people   []int32
	end      []int32 // of each person's accounts
	accounts []int32
	own      int // who is the brand's own
	apart    int // who is of a list of its own
}

// gather finds the candidates and gives their accounts places.
func (c *collector) gather(w *window) {
	parts, people := make([]gathered, len(c.shares)), c.x.people.len()
	inParts(len(parts), 1, func(from, to int) {
		for i := from; i < to; i++ {
			parts[i] = c.candidates(people*i/len(parts), people*(i+1)/len(parts))
		}
	})
	w.start = []int32{0}
	first := make([]int32, len(parts)) // place of a part's first account
	for i, p := range parts {
		first[i] = w.start[len(w.start)-1]
		for _, end := range p.end {
			w.start = append(w.start, first[i]+end)
		}
		w.people = append(w.people, p.people...)
		w.own, w.apart = w.own+p.own, w.apart+p.apart
	}
	w.accounts = make([]tally, w.start[len(w.start)-1])
	inParts(len(parts), 1, func(from, to int) {
		for i := from; i < to; i++ {
			c.place(w.accounts, &parts[i], first[i])
		}
	})
}

// candidates finds among people, from and to, who has an own mention and is not
// the brand's own.
func (c *collector) candidates(from, to int) (g gathered) {
	x := c.x
	for person := from; person < to; person++ {
		before := len(g.accounts)
		here, elsewhere := false, false
		for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
			if a < c.first || a >= c.end || c.slot[a-c.first] == unseen {
				continue
			}
			hasSpoken := c.slot[a-c.first] == spoke
			if c.isApart(a) {
				elsewhere = elsewhere || hasSpoken
				continue
			}
			here = here || hasSpoken
			g.accounts = append(g.accounts, a)
		}
		switch {
		case c.names.own[person] && (here || elsewhere):
			g.own++
		case elsewhere:
			g.apart++
		}
		if !here || c.names.own[person] {
			g.accounts = g.accounts[:before]
			continue
		}
		g.people, g.end = append(g.people, int32(person)), append(g.end, int32(len(g.accounts)))
	}
	return g
}

// place makes room for candidates from the place first on.
func (c *collector) place(tallies []tally, g *gathered, first int32) {
	from := int32(0)
	for _, end := range g.end {
		for i := from; i < end; i++ {
			account, at := g.accounts[i], first+i
			tallies[at] = tally{account: account, lang: noLang, bestDay: -1, sums: empty, oneOfSeveral: end-from > 1}
			c.slot[account-c.first] = at
		}
		from = end
	}
}

// read adds up a share's rows.
func (c *collector) read(s *share, tallies []tally, list []piece, decay *decay) {
	s.mixed = map[int32]map[string]float64{}
	for n, p := range list {
		rs, picked := p.rows, s.picked[n]
		day, watched := int32(0), -1.0
		for i := 0; i < len(picked); {
			row := picked[i]
			if rs.day[row] != day || watched < 0 {
				day, watched = rs.day[row], decay.at(rs.day[row])
			}
			account, end := rs.account[row], i+1
			for end < len(picked) && rs.account[picked[end]] == account && rs.day[picked[end]] == day {
				end++
			}
			if slot := c.slot[account-c.first]; slot >= 0 {
				factor := watched
				if len(decay.missed) > 0 {
					factor = decay.on(c.x.accounts[account].platform, day, watched)
				}
				c.readDay(s, &tallies[slot], rs, picked[i:end], factor)
			}
			i = end
		}
	}
}

// readDay adds what one account did on one day.
func (c *collector) readDay(s *share, t *tally, rs *rows, picked []int32, factor float64) {
	own, organic, weight := int32(0), int32(0), int64(0)
	views := int64(-1)
	for _, i := range picked {
		t.add(rs, int(i))
		own += rs.own[i]
		organic += rs.organic[i]
		weight += rs.weight[i]
		if rs.viewsKnown[i] > 0 {
			views = max(views, 0) + rs.views[i]
		}
		if rs.scored[i] > 0 {
			c.score(s, t, rs, int(i), factor)
		}
	}
	if own == 0 {
		return
	}
	t.days++
	t.bestDay = max(t.bestDay, views)
	if organic > 0 {
		// A day adds at most 1 + ln(1 + posts), however loud it was.
		effective, active := factor*min(float64(weight)/billion, 1+math.Log1p(float64(organic))), factor*activity(weight)
		t.effective += effective
		t.activeDays += active
		t.daySquares += effective * active
		t.organicDays++
	}
	if t.oneOfSeveral {
		s.shared = append(s.shared, spokenDay{rs.day[picked[0]], t.account, weight, factor})
	}
}

// activity is how far a day counts as active: fully from the weight of one new
// text up, less where everything said is a copy.
func activity(weight int64) float64 { return min(1, float64(weight)/billion) }

// isApart tells whether an account belongs to a list of its own.
func (c *collector) isApart(account int32) bool {
	return account >= c.apart[0] && account < c.apart[1]
}

// unite counts the days of people with several accounts, and joins what the
// shares keep apart.
func (c *collector) unite() {
	var days []spokenDay
	for i := range c.shares {
		days = append(days, c.shares[i].shared...)
		maps.Copy(c.mixed, c.shares[i].mixed)
	}
	slices.SortFunc(days, func(a, b spokenDay) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.account, b.account))
	})
	for _, d := range days {
		account := &c.x.accounts[d.account]
		c.count(unionOf{account.person, everywhere}, d)
		c.count(unionOf{account.person, int32(account.platform)}, d)
	}
}

// count counts a day of a person with several accounts.
func (c *collector) count(of unionOf, d spokenDay) {
	u := c.unions[of]
	if u == nil {
		u = &union{lastOwn: NoDay, day: NoDay}
		c.unions[of] = u
	}
	if u.lastOwn != d.day {
		u.lastOwn = d.day
		u.own++
	}
	if u.day != d.day {
		u.close()
		u.day, u.factor = d.day, d.factor
	}
	u.weight += d.weight
}

// close adds the day under way. What several accounts said on it is summed as a
// whole number first, so that their order does not matter.
func (u *union) close() {
	u.activeDays += u.factor * activity(u.weight)
	u.weight = 0
}

// empty is the sum of nothing.
var empty = sums{followers: -1, counterparts: -1, first: math.MaxInt64, last: math.MinInt64}

func (s *sums) add(rs *rows, i int) {
	s.own += int64(rs.own[i])
	s.reposted += int64(rs.reposted[i])
	s.organic += int64(rs.organic[i])
	s.scored += int64(rs.scored[i])
	s.engagement += rs.engagement[i]
	s.engagementKnown += int64(rs.engagementKnown[i])
	s.views += rs.views[i]
	s.viewsKnown += int64(rs.viewsKnown[i])
	s.followers = max(s.followers, rs.followers[i])
	s.sentimentWeight += rs.sentimentWeight[i]
	s.sentimentOf += rs.sentimentOf[i]
	s.first, s.last = min(s.first, rs.first[i]), max(s.last, rs.last[i])
}

// join adds the sums of another account of the same person; days are counted
// apart.
func (s *sums) join(o *sums) {
	s.own += o.own
	s.reposted += o.reposted
	s.organic += o.organic
	s.scored += o.scored
	s.answers += o.answers
	s.engagement += o.engagement
	s.engagementKnown += o.engagementKnown
	s.views += o.views
	s.viewsKnown += o.viewsKnown
	s.followers = max(s.followers, o.followers)
	if o.counterparts >= 0 {
		s.counterparts = max(s.counterparts, 0) + o.counterparts
	}
	s.sentimentWeight += o.sentimentWeight
	s.sentimentOf += o.sentimentOf
	s.first, s.last = min(s.first, o.first), max(s.last, o.last)
	s.days += o.days
}

// score adds scored posts of one language.
func (c *collector) score(s *share, t *tally, rs *rows, i int, factor float64) {
	weight := float64(rs.sentimentWeight[i]) / billion
	t.recentWeight += factor * weight
	t.recentSum += factor * float64(rs.sentimentOf[i]) / billion
	t.recentSquare += factor * factor * weight
	lang := rs.lang[i]
	switch {
	case t.lang == noLang:
		t.lang = lang
	case t.lang >= 0 && c.subtag[t.lang] != c.subtag[lang]:
		// The day's own weight is in the sums already.
		before := float64(t.sentimentWeight-rs.sentimentWeight[i]) / billion
		s.mixed[t.account] = map[string]float64{c.subtag[t.lang]: before}
		t.lang = severalLangs
	}
	if t.lang == severalLangs {
		s.mixed[t.account][c.subtag[lang]] += weight
	}
}

// answers counts the replies and quotes to the brand's own accounts, in any
// language, for edges do not tell theirs.
func (c *collector) answers(tallies []tally, es *edges, from, to int) {
	for i := from; i < to; i++ {
		if source := es.source[i]; es.answers[i] > 0 && source >= c.first && source < c.end && c.names.ownName[es.target[i]] {
			if s := c.slot[source-c.first]; s >= 0 {
				tallies[s].answers += int64(es.answers[i])
			}
		}
	}
}

// people adds up the accounts of each person, fits the scale to them and
// computes their components.
func (c *collector) people(w *window, nets []*network) {
	w.sums = make([]sums, len(w.people))
	joint := c.joint(w, nets)
	var mentions atomic.Int64
	inParts(len(w.people), 4096, func(from, to int) {
		part := int64(0)
		for i := from; i < to; i++ {
			w.sums[i] = c.total(w, int32(i), nets, joint)
			part += w.sums[i].own
		}
		mentions.Add(part)
	})
	w.mentions = mentions.Load()
	w.tooFew = len(w.people) < LeastPeople || w.mentions < LeastMentions
	if !w.tooFew {
		c.components(w, nets)
	}
}

// total is the sum over a person's accounts, which learn how many they are tied
// to.
func (c *collector) total(w *window, i int32, nets []*network, joint map[int32]int64) sums {
	all, accounts := empty, w.accounts[w.start[i]:w.start[i+1]]
	for j := range accounts {
		t := &accounts[j]
		if n := nets[c.x.accounts[t.account].platform]; n.known {
			t.counterparts = int64(n.counterparts[t.account-n.first])
			if number, ok := joint[t.account]; ok {
				t.counterparts = number
			}
		}
		all.join(&t.sums)
	}
	if len(accounts) > 1 {
		if u := c.unions[unionOf{w.people[i], everywhere}]; u != nil {
			all.days = u.own
		}
	}
	return all
}
