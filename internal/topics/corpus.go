package topics

import (
	"cmp"
	"slices"
	"strings"

	"adalid"
)

// side is how a mention speaks of the brand.
type side uint8

const (
	unknown side = iota
	negative
	neutral
	positive
)

func sideOf(net *float64) side {
	switch {
	case net == nil:
		return unknown
	case *net > leaning:
		return positive
	case *net < -leaning:
		return negative
	}
	return neutral
}

// doc is a mention that was read.
type doc struct {
	Example
	person string
	side   side
	weight float64 // 1/k² of the k-th near copy
	hour   int8    // of UTC, −1: unknown

	engagement *int64
}

// entry is a phrase with the mentions that hold it.
type entry struct {
	lang, key, form string
	words           []string
	docs            []int32 // in the order of reading: newest first
	tally
}

// tally sums weights: of all mentions, of good and of bad ones.
type tally struct{ all, good, bad float64 }

func (t *tally) add(d *doc) {
	t.all += d.weight
	switch d.side {
	case positive:
		t.good += d.weight
	case negative:
		t.bad += d.weight
	}
}

// corpus is what was read of a brand. It does not change.
type corpus struct {
	docs       []doc
	entries    []entry
	byKey      map[place]int32
	total      map[string]tally // of all phrases of a language
	more       bool
	unreadable int
}

// place names a phrase.
type place struct{ lang, key string }

type builder struct {
	c     *corpus
	forms map[int32]map[string]int
	last  []int32 // the doc in which each entry was met last
}

func newBuilder() *builder {
	return &builder{c: &corpus{byKey: map[place]int32{}, total: map[string]tally{}}, forms: map[int32]map[string]int{}}
}

// add adds a mention with its phrases, each counted once.
func (b *builder) add(m Mention, lang string, phrases []found, unreadable bool) {
	k := float64(max(m.Copy, 1))
	d := doc{Example: Example{m.Platform, m.ID}, person: m.Person, side: sideOf(m.Net), weight: 1 / (k * k), hour: -1, engagement: m.Engagement}
	if !m.Created.IsZero() {
		d.hour = int8(m.Created.UTC().Hour())
	}
	n := int32(len(b.c.docs))
	b.c.docs = append(b.c.docs, d)
	if unreadable {
		b.c.unreadable++
	}
	total := b.c.total[lang]
	for _, p := range phrases {
		at := place{lang, p.key}
		id, known := b.c.byKey[at]
		if !known {
			id = int32(len(b.c.entries))
			b.c.byKey[at] = id
			b.c.entries = append(b.c.entries, entry{lang: lang, key: p.key, form: p.form})
			b.last = append(b.last, -1)
		}
		if b.last[id] == n {
			continue
		}
		b.last[id] = n
		e := &b.c.entries[id]
		e.docs = append(e.docs, n)
		e.add(&d)
		total.add(&d)
		if p.form != e.form || b.forms[id] != nil {
			if b.forms[id] == nil {
				b.forms[id] = map[string]int{e.form: len(e.docs) - 1}
			}
			b.forms[id][p.form]++
		}
	}
	if len(phrases) > 0 {
		b.c.total[lang] = total
	}
}

// corpus closes the reading. Phrases of a single mention go where there are
// many: they can be no topic, and they are most of what there is.
func (b *builder) corpus(more bool) *corpus {
	c := b.c
	c.more = more
	for id, forms := range b.forms {
		e := &c.entries[id]
		for form, n := range forms {
			if best := forms[e.form]; n > best || n == best && form < e.form {
				e.form = form
			}
		}
	}
	least := fewest(len(c.docs))
	c.entries = slices.DeleteFunc(c.entries, func(e entry) bool { return len(e.docs) < least })
	slices.SortFunc(c.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.lang, b.lang), cmp.Compare(a.key, b.key))
	})
	c.entries = slices.Clip(c.entries)
	c.byKey = make(map[place]int32, len(c.entries))
	for i := range c.entries {
		e := &c.entries[i]
		e.words = strings.Fields(e.key)
		c.byKey[place{e.lang, e.key}] = int32(i)
	}
	return c
}

// moments adds the mentions up by platform and hour.
func (c *corpus) moments() []Moment {
	type at struct {
		platform adalid.Platform
		hour     int8
	}
	sums := map[at]*Moment{}
	for i := range c.docs {
		d := &c.docs[i]
		m := sums[at{d.Platform, d.hour}]
		if m == nil {
			m = &Moment{Platform: d.Platform, Hour: int(d.hour)}
			sums[at{d.Platform, d.hour}] = m
		}
		m.Mentions++
		m.add(d.engagement)
	}
	list := make([]Moment, 0, len(sums))
	for _, m := range sums {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b Moment) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Hour, b.Hour))
	})
	return list
}

// fewest is how many mentions a topic has at least.
func fewest(read int) int {
	if read < 50 {
		return 1
	}
	return 2
}

// sides counts docs by side.
func (c *corpus) sides(docs []int32) (n [4]int) {
	for _, d := range docs {
		n[c.docs[d].side]++
	}
	return n
}

// authors counts the distinct people of docs.
func (c *corpus) authors(docs []int32) int {
	people := make(map[string]struct{}, len(docs))
	for _, d := range docs {
		people[c.docs[d].person] = struct{}{}
	}
	return len(people)
}

// examples names up to three docs, those of the wanted side first.
func (c *corpus) examples(docs []int32, wanted side) (out []Example) {
	for _, fits := range []bool{true, false} {
		for _, d := range docs {
			if len(out) == 3 {
				return out
			}
			if doc := &c.docs[d]; (doc.side == wanted) == fits {
				out = append(out, doc.Example)
			}
		}
	}
	return out
}
