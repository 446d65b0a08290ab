package rank

import (
	"math"

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

// collector adds up rows by account.
type collector struct {
	x        *index
	names    *naming
	span     span
	platform uint16   // of the span's, where it has one
	wanted   []bool   // languages; nil: all
	subtag   []string // primary subtags, by language
	slot     []int32  // by account: place in tallies, unseen or expected
	tallies  []tally
	unions   map[unionOf]*union           // of people with several accounts
	mixed    map[int32]map[string]float64 // by account, of those scored in several languages
}

func newCollector(x *index, names *naming, s span) *collector {
	c := &collector{
		x: x, names: names, span: s, subtag: make([]string, len(x.langs)), slot: filled(len(x.accounts), unseen),
		platform: math.MaxUint16, unions: map[unionOf]*union{}, mixed: map[int32]map[string]float64{},
	}
	if p, ok := x.platform(s.platform); ok {
		c.platform = p
	}
	for i, tag := range x.langs {
		c.subtag[i] = primary(tag)
	}
	if s.lang != "" {
		c.wanted = make([]bool, len(x.langs))
		for i, tag := range c.subtag {
			c.wanted[i] = tag == s.lang
		}
	}
	return c
}

// expect makes room for everybody whom the pieces are about: a tally is large,
// and to grow a list of them copies all again and again.
func (c *collector) expect(list []piece) {
	n := 0
	for _, p := range list {
		for i, account := range p.rows.account[p.from:p.to] {
			if c.slot[account] == unseen && (c.wanted == nil || c.wanted[p.rows.lang[p.from+i]]) &&
				(c.span.platform == "" || c.x.accounts[account].platform == c.platform) {
				c.slot[account] = expected
				n++
			}
		}
	}
	c.tallies = make([]tally, 0, n)
}

// What slot says of accounts without a tally.
const (
	unseen   = -1
	expected = -2
)

// read adds up rows: first the filters, then the sums.
func (c *collector) read(rs *rows, from, to int, decay *decay) {
	day, factor := int32(0), -1.0
	for i := from; i < to; {
		if rs.day[i] != day || factor < 0 {
			day, factor = rs.day[i], decay.at(rs.day[i])
		}
		account, end := rs.account[i], i+1
		for end < to && rs.account[end] == account && rs.day[end] == day {
			end++
		}
		if c.span.platform == "" || c.x.accounts[account].platform == c.platform {
			c.readDay(rs, i, end, decay.on(c.x.accounts[account].platform, day, factor))
		}
		i = end
	}
}

// readDay adds what one account did on one day.
func (c *collector) readDay(rs *rows, from, to int, factor float64) {
	own, organic, weight := int32(0), int32(0), int64(0)
	views := int64(-1)
	var t *tally
	for i := from; i < to; i++ {
		if c.wanted != nil && !c.wanted[rs.lang[i]] {
			continue
		}
		if t == nil {
			t = c.tally(rs.account[i])
		}
		t.add(rs, i)
		own += rs.own[i]
		organic += rs.organic[i]
		weight += rs.weight[i]
		if rs.viewsKnown[i] > 0 {
			views = max(views, 0) + rs.views[i]
		}
		if rs.scored[i] > 0 {
			c.score(t, rs, i, factor)
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
	person := c.x.accounts[t.account].person
	if c.x.personStart[person+1]-c.x.personStart[person] > 1 && !c.apart(t.account) {
		c.unite(unionOf{person, everywhere}, rs.day[from], weight, factor)
		c.unite(unionOf{person, int32(c.x.accounts[t.account].platform)}, rs.day[from], weight, factor)
	}
}

// activity is how far a day counts as active: fully from the weight of one new
// text up, less where everything said is a copy.
func activity(weight int64) float64 { return min(1, float64(weight)/billion) }

// apart tells whether an account belongs to a list of its own.
func (c *collector) apart(account int32) bool {
	return c.span.platform == "" && c.x.platformOf(account) == adalid.YouTube
}

// unite counts a day of a person with several accounts.
func (c *collector) unite(of unionOf, day int32, weight int64, factor float64) {
	u := c.unions[of]
	if u == nil {
		u = &union{lastOwn: NoDay, day: NoDay}
		c.unions[of] = u
	}
	if u.lastOwn != day {
		u.lastOwn = day
		u.own++
	}
	if u.day != day {
		u.close()
		u.day, u.factor = day, factor
	}
	u.weight += weight
}

// close adds the day under way. What several accounts said on it is summed as a
// whole number first, so that their order does not matter.
func (u *union) close() {
	u.activeDays += u.factor * activity(u.weight)
	u.weight = 0
}

func (c *collector) tally(account int32) *tally {
	if c.slot[account] < 0 {
		c.slot[account] = int32(len(c.tallies))
		c.tallies = append(c.tallies, tally{account: account, lang: noLang, bestDay: -1, sums: empty})
	}
	return &c.tallies[c.slot[account]]
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
func (c *collector) score(t *tally, rs *rows, i int, factor float64) {
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
		c.mixed[t.account] = map[string]float64{c.subtag[t.lang]: before}
		t.lang = severalLangs
	}
	if t.lang == severalLangs {
		c.mixed[t.account][c.subtag[lang]] += weight
	}
}

// answers counts the replies and quotes to the brand's own accounts, in any
// language, for edges do not tell theirs.
func (c *collector) answers(es *edges, from, to int) {
	for i := from; i < to; i++ {
		if es.answers[i] > 0 && c.names.ownName[es.target[i]] {
			if s := c.slot[es.source[i]]; s >= 0 {
				c.tallies[s].answers += int64(es.answers[i])
			}
		}
	}
}

// people gathers the accounts of each person, fits the scale to them and
// computes their components.
func (c *collector) people(w *window, nets []*network) {
	x, most := c.x, len(c.tallies)
	w.people, w.sums = make([]int32, 0, most), make([]sums, 0, most)
	w.accounts, w.start = make([]tally, 0, most), append(make([]int32, 0, most+1), 0)
	for person := range x.people.len() {
		from := len(w.accounts)
		elsewhere := false
		total := empty
		for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
			s := c.slot[a]
			if s < 0 {
				continue
			}
			t := &c.tallies[s]
			if c.apart(a) {
				elsewhere = elsewhere || t.own > 0
				continue
			}
			if n := nets[x.accounts[a].platform]; n.known {
				t.counterparts = int64(n.counterparts[a-n.first])
			}
			w.accounts = append(w.accounts, *t)
			total.join(&t.sums)
		}
		listed := total.own > 0 && !c.names.own[person]
		switch {
		case c.names.own[person] && (total.own > 0 || elsewhere):
			w.own++
		case elsewhere:
			w.apart++
		}
		if !listed {
			w.accounts = w.accounts[:from]
			continue
		}
		if u := c.unions[unionOf{int32(person), everywhere}]; u != nil && len(w.accounts)-from > 1 {
			total.days = u.own
		}
		w.people, w.sums = append(w.people, int32(person)), append(w.sums, total)
		w.start = append(w.start, int32(len(w.accounts)))
		w.mentions += total.own
	}
	w.tooFew = len(w.people) < LeastPeople || w.mentions < LeastMentions
	if !w.tooFew {
		c.components(w, nets)
	}
}
