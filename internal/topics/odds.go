package topics

import (
	"cmp"
	"math"
	"slices"
)

// How strong the prior is, in phrases: a tenth of what was read, but no more
// than so many.
const (
	priorShare = .1
	priorMost  = 500
)

// telling is the z from which on a phrase counts as praise or blame. Customary
// is 1.96; lists of a few best want a little more, and the order says the rest.
const telling = 1

// logOdds gives the log-odds ratio of a phrase in the texts i against the texts
// j in units of its standard error, formulas (15), (16), (22) of Monroe,
// Colaresi & Quinn (2008). yi of ni phrases are this one in i; prior is the
// phrase's share of everything read, strength how many phrases that is worth.
func logOdds(yi, ni, yj, nj, prior, strength float64) float64 {
	a := prior * strength
	oi, oj := yi+a, yj+a
	delta := math.Log(oi/(ni+strength-oi)) - math.Log(oj/(nj+strength-oj))
	return delta / math.Sqrt(1/oi+1/oj)
}

// contrast is logOdds, nil where one side was not read or the phrase is all
// there is.
func contrast(yi, ni, yj, nj float64, e, total tally) *float64 {
	if ni <= 0 || nj <= 0 || total.all <= 0 || e.all <= 0 || e.all >= total.all {
		return nil
	}
	z := logOdds(yi, ni, yj, nj, e.all/total.all, min(total.all*priorShare, priorMost))
	if math.IsNaN(z) || math.IsInf(z, 0) {
		return nil
	}
	return &z
}

// scored is a phrase of a corpus with its scores.
type scored struct {
	*entry
	id         int32
	z, typical *float64
}

// report makes the lists: of everybody, or of one author against everybody.
func report(all versioned, mine *versioned, limit int) Report {
	if all.corpus == nil {
		return Report{}
	}
	c := all
	if mine != nil {
		c = *mine
	}
	r := Report{DataVersion: c.version, Read: len(c.docs), More: c.more, Unreadable: c.unreadable, Moments: c.moments()}
	for i := range c.docs {
		switch c.docs[i].side {
		case positive:
			r.Positive++
		case negative:
			r.Negative++
		case neutral:
			r.Neutral++
		default:
			r.Unknown++
		}
	}
	list := score(all, mine)
	by := func(value func(scored) *float64, sign float64) []scored {
		some := slices.Clone(list)
		some = slices.DeleteFunc(some, func(s scored) bool { v := value(s); return v == nil || sign**v < telling })
		slices.SortStableFunc(some, func(a, b scored) int {
			return cmp.Or(cmp.Compare(sign**value(b), sign**value(a)), cmp.Compare(len(b.docs), len(a.docs)))
		})
		return c.distinct(some, limit)
	}
	z := func(s scored) *float64 { return s.z }
	praise, blame := by(z, 1), by(z, -1)
	r.Praise, r.Blame = c.topics(praise, positive), c.topics(blame, negative)
	if mine != nil {
		r.Typical = c.topics(by(func(s scored) *float64 { return s.typical }, 1), positive)
	}
	moving := slices.DeleteFunc(slices.Clone(list), func(s scored) bool { return c.reactions(s.docs).Engagement == 0 })
	slices.SortStableFunc(moving, func(a, b scored) int {
		return cmp.Compare(c.reactions(b.docs).Engagement, c.reactions(a.docs).Engagement)
	})
	r.Moving = c.topics(c.distinct(moving, limit), unknown)
	rest := slices.DeleteFunc(list, func(s scored) bool { return s.z != nil && math.Abs(*s.z) >= telling })
	slices.SortStableFunc(rest, func(a, b scored) int { return cmp.Compare(len(b.docs), len(a.docs)) })
	r.Common = c.topics(c.distinct(rest, limit), unknown)
	return r
}

// score scores the phrases that can be topics, by language and key.
func score(all versioned, mine *versioned) (list []scored) {
	c, background := all, all.corpus
	authors := 2
	if mine != nil || fewest(len(c.docs)) == 1 {
		authors = 1
	}
	theirs := map[string]tally{} // what of the background the author wrote
	if mine != nil {
		c = *mine
		theirs = background.of(mine.author)
	}
	whole := c.absorbed()
	for i := range c.entries {
		e := &c.entries[i]
		if whole[i] || c.authors(e.docs) < authors {
			continue
		}
		s := scored{entry: e, id: int32(i)}
		own, mineTotal := e.tally, c.total[e.lang]
		prior, total := own, mineTotal
		if mine != nil {
			if id, ok := background.byKey[place{e.lang, e.key}]; ok {
				prior = background.entries[id].tally
			}
			total = background.total[e.lang]
			prior.all, total.all = max(prior.all, own.all), max(total.all, mineTotal.all)
			others := prior.all - theirs[e.lang+" "+e.key].all
			s.typical = contrast(own.all, mineTotal.all, max(others, 0), total.all-theirs[e.lang].all, prior, total)
		}
		s.z = contrast(own.good, mineTotal.good, own.bad, mineTotal.bad, prior, total)
		if mine != nil {
			s.z = oneSided(s.z, e, mineTotal, prior, total)
		}
		list = append(list, s)
	}
	return list
}

// oneSided completes the z of an author whose mentions are all good, or all bad:
// the other side is everybody's. It can only say what that author is known for.
func oneSided(z *float64, e *entry, own, prior, total tally) *float64 {
	switch {
	case own.good > 0 && own.bad == 0 && e.good > 0:
		if z = contrast(e.good, own.good, prior.bad, total.bad, prior, total); z != nil && *z > 0 {
			return z
		}
		return nil
	case own.bad > 0 && own.good == 0 && e.bad > 0:
		if z = contrast(prior.good, total.good, e.bad, own.bad, prior, total); z != nil && *z < 0 {
			return z
		}
		return nil
	}
	return z
}

// of sums what one author wrote: by language, and by language and key.
func (c *corpus) of(author string) map[string]tally {
	sums := map[string]tally{}
	for i := range c.entries {
		e := &c.entries[i]
		for _, d := range e.docs {
			if doc := &c.docs[d]; doc.person == author {
				for _, name := range []string{e.lang, e.lang + " " + e.key} {
					t := sums[name]
					t.add(doc)
					sums[name] = t
				}
			}
		}
	}
	return sums
}

// absorbed tells which phrases mostly stand in a longer one, which then speaks
// for them: "machine" in "coffee machine".
func (c *corpus) absorbed() []bool {
	whole := make([]bool, len(c.entries))
	for i := range c.entries {
		e := &c.entries[i]
		for length := 1; length < len(e.words); length++ {
			for at := 0; at+length <= len(e.words); at++ {
				key := e.words[at]
				for _, w := range e.words[at+1 : at+length] {
					key += " " + w
				}
				if id, ok := c.byKey[place{e.lang, key}]; ok && 3*len(e.docs) >= 2*len(c.entries[id].docs) {
					whole[id] = true
				}
			}
		}
	}
	return whole
}

// distinct takes the first so many of a list, without those that share a word
// and half of their mentions with one before them.
func (c *corpus) distinct(list []scored, most int) (out []scored) {
	for _, s := range list {
		if len(out) == most {
			break
		}
		if !slices.ContainsFunc(out, func(o scored) bool { return s.repeats(o) }) {
			out = append(out, s)
		}
	}
	return out
}

func (s scored) repeats(o scored) bool {
	if s.lang != o.lang || !slices.ContainsFunc(s.words, func(w string) bool { return slices.Contains(o.words, w) }) {
		return false
	}
	shared := 0
	for i, j := 0, 0; i < len(s.docs) && j < len(o.docs); {
		switch d := cmp.Compare(s.docs[i], o.docs[j]); {
		case d < 0:
			i++
		case d > 0:
			j++
		default:
			shared, i, j = shared+1, i+1, j+1
		}
	}
	return 2*shared >= len(s.docs)
}

// topics shows a list, with examples of a side.
func (c *corpus) topics(list []scored, wanted side) []Topic {
	out := make([]Topic, len(list))
	for i, s := range list {
		n := c.sides(s.docs)
		out[i] = Topic{
			Phrase: s.form, Lang: s.lang, Mentions: len(s.docs), Authors: c.authors(s.docs),
			Positive: n[positive], Neutral: n[neutral], Negative: n[negative], Unknown: n[unknown],
			Z: s.z, Typical: s.typical, Reactions: c.reactions(s.docs), Examples: c.examples(s.docs, wanted),
		}
	}
	return out
}

func (c *corpus) reactions(docs []int32) (r Reactions) {
	for _, d := range docs {
		r.add(c.docs[d].engagement)
	}
	return r
}
