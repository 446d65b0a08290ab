package rank

import (
	"slices"
	"strings"

	"adalid/scoring"
)

// whereField is something that an expression can ask about a person.
type whereField struct {
	name    string
	day     bool                                           // a moment, compared with dates
	number  func(m *matcher, i int32) (v float64, ok bool) // false: unknown
	texts   func(m *matcher, i int32) []string             // lower case; none: unknown
	allowed []string                                       // nil: any text
	prefix  string                                         // that a value may have and does not matter

	pipeline bool // what the team keeps
	language bool // written as a code or a name
}

func known(v int64, ok bool) (float64, bool) { return float64(v), ok }

func componentField(c scoring.Component) whereField {
	return whereField{name: scoring.Names[c], number: func(m *matcher, i int32) (float64, bool) {
		if m.w.tooFew || !m.w.components[i].Known[c] || m.w.components[i].Imputed[c] {
			return 0, false
		}
		return m.w.components[i].Value[c], true
	}}
}

func sumField(name string, of func(*sums) (int64, bool)) whereField {
	return whereField{name: name, number: func(m *matcher, i int32) (float64, bool) { return known(of(&m.w.sums[i])) }}
}

func rhythmField(name string, of func(*rhythm) int) whereField {
	return whereField{name: name, number: func(m *matcher, i int32) (float64, bool) {
		r := m.w.rhythmOf(i)
		return float64(of(r)), r.active > 0
	}}
}

// whereFields are in the order of the documentation, docs/views.md.
var whereFields = []whereField{
	{name: "score", number: func(m *matcher, i int32) (float64, bool) {
		if m.w.tooFew {
			return 0, false
		}
		return m.w.components[i].Total(m.weights, m.blend), true
	}},
	componentField(scoring.Affinity),
	componentField(scoring.Volume),
	componentField(scoring.Reach),
	componentField(scoring.Network),
	{name: "sentiment", number: func(m *matcher, i int32) (float64, bool) {
		s := &m.w.sums[i]
		return float64(s.sentimentOf) / float64(max(1, s.sentimentWeight)), s.sentimentWeight > 0
	}},
	sumField("mentions", func(s *sums) (int64, bool) { return s.own, true }),
	sumField("active_days", func(s *sums) (int64, bool) { return int64(s.days), true }),
	sumField("reposts", func(s *sums) (int64, bool) { return s.reposted, true }),
	sumField("sponsored", func(s *sums) (int64, bool) { return s.own - s.organic, true }),
	sumField("conversation", func(s *sums) (int64, bool) { return s.answers, true }),
	sumField("engagement", func(s *sums) (int64, bool) { return s.engagement, s.engagementKnown > 0 }),
	sumField("views", func(s *sums) (int64, bool) { return s.views, s.viewsKnown > 0 }),
	sumField("followers", func(s *sums) (int64, bool) { return s.followers, s.followers >= 0 }),
	sumField("counterparts", func(s *sums) (int64, bool) { return s.counterparts, s.counterparts >= 0 }),
	{name: "first", day: true, number: func(m *matcher, i int32) (float64, bool) { return known(m.w.sums[i].first, true) }},
	{name: "last", day: true, number: func(m *matcher, i int32) (float64, bool) { return known(m.w.sums[i].last, true) }},
	rhythmField("silent", func(r *rhythm) int { return int(r.silent) }),
	rhythmField("recency", (*rhythm).recency),
	rhythmField("frequency", (*rhythm).frequency),
	{name: "value", number: func(m *matcher, i int32) (float64, bool) {
		n := m.w.valueClass(i)
		return float64(n), n > 0 && m.w.rhythmOf(i).active > 0
	}},
	{name: "rfv", texts: func(m *matcher, i int32) []string {
		if r, ok := m.w.rfvOf(i); ok {
			return m.only(r.String())
		}
		return nil
	}},
	{name: "platform", texts: func(m *matcher, i int32) []string {
		m.texts = m.texts[:0]
		for _, t := range m.w.accounts[m.w.start[i]:m.w.start[i+1]] {
			m.texts = append(m.texts, string(m.w.index.platformOf(t.account)))
		}
		return m.texts
	}},
	{name: "lang", language: true, texts: func(m *matcher, i int32) []string {
		if lang := m.w.langOf(i); lang != "" {
			return m.only(lang)
		}
		return nil
	}},
	{name: "segment", allowed: []string{string(Advocate), string(Critic), string(Unranked)}, texts: func(m *matcher, i int32) []string {
		return m.only(string(m.w.segment(i)))
	}},
	{name: "handle", prefix: "@", texts: func(m *matcher, i int32) []string {
		m.texts = m.texts[:0]
		for _, t := range m.w.accounts[m.w.start[i]:m.w.start[i+1]] {
			if h := m.w.names.author(m.w.index, t.account).Handle; h != "" {
				m.texts = append(m.texts, strings.ToLower(h))
			}
		}
		return m.texts
	}},
	{name: "status", pipeline: true, allowed: statuses, texts: func(m *matcher, i int32) []string { return m.only(m.kept(i).Status) }},
	{name: "tag", pipeline: true, texts: func(m *matcher, i int32) []string { // none is known to be none: "" finds those
		m.texts = m.texts[:0]
		for _, tag := range m.kept(i).Tags {
			m.texts = append(m.texts, strings.ToLower(tag))
		}
		if len(m.texts) == 0 {
			return m.only("")
		}
		return m.texts
	}},
	{name: "owner", pipeline: true, texts: func(m *matcher, i int32) []string {
		p := m.kept(i)
		if p.Owner == "" {
			return m.only(NoOwner)
		}
		m.texts = append(m.texts[:0], strings.ToLower(p.Owner), strings.ToLower(p.OwnerName))
		return m.texts
	}},
	{name: "tasks", pipeline: true, number: func(m *matcher, i int32) (float64, bool) { return float64(m.kept(i).OpenTasks), true }},
}

// kept gives what the team keeps of a candidate.
func (m *matcher) kept(i int32) *Pipeline { return m.w.pipeline.at(m.w.people[i]) }

// segment says what a candidate is to the brand.
func (w *window) segment(i int32) Segment {
	switch {
	case w.tooFew:
		return Unranked
	case w.components[i].Critic():
		return Critic
	}
	return Advocate
}

// matcher asks an expression of the people of a window; not concurrently.
type matcher struct {
	w       *window
	root    *condition
	weights scoring.Weights
	blend   scoring.Blend
	texts   []string // of the field under way, made once
}

// only gives one text.
func (m *matcher) only(text string) []string {
	m.texts = append(m.texts[:0], text)
	return m.texts
}

// matcher prepares the Where of a completed query; nil where everybody matches.
func (w *window) matcher(q Query) *matcher {
	root, err := q.condition()
	if err != nil || root == nil { // complete has refused what cannot be read
		return nil
	}
	return &matcher{w: w, root: root, weights: q.Weights, blend: q.Blend}
}

// holds tells whether a candidate is asked for.
func (m *matcher) holds(i int32) bool { return m == nil || m.truth(m.root, i) == yes }

func (m *matcher) truth(c *condition, i int32) truth {
	switch c.kind {
	case '!':
		return -m.truth(c.parts[0], i)
	case '&':
		all := yes
		for _, part := range c.parts {
			if all = min(all, m.truth(part, i)); all == no {
				break
			}
		}
		return all
	case '|':
		some := no
		for _, part := range c.parts {
			if some = max(some, m.truth(part, i)); some == yes {
				break
			}
		}
		return some
	}
	t := m.compare(c, i)
	if c.not {
		return -t
	}
	return t
}

func (m *matcher) compare(c *condition, i int32) truth {
	if c.field.texts != nil {
		return c.text(c.field.texts(m, i))
	}
	v, ok := c.field.number(m, i)
	switch {
	case c.op == "unknown":
		return truthOf(!ok)
	case !ok:
		return unknown
	}
	return truthOf(slices.ContainsFunc(c.spans, func(s numberSpan) bool {
		switch c.op {
		case "<":
			return v < s.low
		case "<=":
			return v <= s.high
		case ">":
			return v > s.high
		case ">=":
			return v >= s.low
		}
		return s.low <= v && v <= s.high
	}))
}

func (c *condition) text(has []string) truth {
	switch {
	case c.op == "unknown":
		return truthOf(len(has) == 0)
	case len(has) == 0:
		return unknown
	}
	return truthOf(slices.ContainsFunc(c.texts, func(t string) bool {
		return slices.ContainsFunc(has, func(h string) bool { return h == t || c.op == "~" && strings.Contains(h, t) })
	}))
}
