package sentiment

import (
	"math"
)

// clauses weighs what each clause says for the name it is about.
func (v *view) clauses(r *reading, m *Model) {
	turned, conceded := false, false
	var opens [3]bool
	for k := range v.names {
		n := &v.names[k]
		located, near := r.located(n.from)
		opens[owned(n.side())] = opens[owned(n.side())] || r.places[n.from].owner == int8(n.side())
		if n.brand && located {
			v.plain[plainAt] = 1
			if k > 0 {
				v.plain[plainAtBeside] = 1
			}
			if !v.moved {
				v.plain[plainAtUnmoved] = 1
			}
		}
		if n.brand && near {
			v.plain[plainNear] = 1
		}
	}
	for i := range r.places {
		p := &r.places[i]
		if p.classes.has(classBut) {
			turned, conceded = true, false
		}
		if p.classes.has(classConcede) {
			conceded = true
		}
		if r.ends(i) {
			turned, conceded = false, false
		} else if p.stop && conceded {
			conceded, turned = false, true
		}
		tone, words := r.tone2(m, i)
		if conceded {
			tone, words = tone*.3, words*.3
			v.signed[signedConceded] -= float32(p.owner) / 4
		}
		if turned {
			v.signed[signedConceded] += float32(p.owner) / 4
		}
		switch p.owner {
		case 0:
			v.signed[signedFree] += tone
			v.signed[signedFreeWords] += words
		case 1:
			v.signed[signedOwn] += tone
			v.signed[signedOwnWords] += words
			if turned {
				v.signed[signedOwnTurned] += tone
			}
		case -1:
			v.signed[signedOther] += tone
			v.signed[signedOtherWords] += words
			if turned {
				v.signed[signedOtherTurned] += tone
			}
		}
	}
	if opens[1] && opens[2] && v.plain[plainNear] == 0 {
		s := &v.signed
		s[signedParallel] = bound(s[signedOther])
		if s[signedOwn] == 0 {
			s[signedOtherOnly] = s[signedParallel] + s[signedOtherWords]
		} else if s[signedOther] == 0 {
			s[signedFirst] = s[signedOwn]
		}
		s[signedOtherOnly] = bound(s[signedOtherOnly])
	}
	for i := signedOwn; i <= signedConceded; i++ {
		v.signed[i] = bound(v.signed[i])
	}
}

// accompanies tells whether the name at a place only stands with another in its
// clause: lo de Acme con el Luna es lo mejor.
func (r *reading) accompanies(i int) bool {
	for i--; i >= 0 && determiners.has(r.places[i].hash); i-- {
	}
	return i >= 0 && withs.has(r.places[i].hash)
}

func (r *reading) thanBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		if leads.of(r.places[k].hash) == leadThan {
			return true
		}
	}
	return false
}

// addressed tells whether the text is written to the brand: it opens with its
// account. The model has learnt on such texts and knows them well.
func (v *view) addressed(r *reading) bool {
	for i := range r.places {
		p := &r.places[i]
		switch {
		case r.tokens[p.token].kind == mention && p.brand > 0:
			return true
		case r.tokens[p.token].kind != mention && !p.stop:
			return false
		}
	}
	return false
}

// located tells whether the name at a place is where something happens, or what
// something happens beside.
func (r *reading) located(i int) (at, near bool) {
	k := i - 1
	for k >= 0 && determiners.has(r.places[k].hash) && r.places[k].classes == 0 {
		k--
	}
	for j := k; j >= 0 && j >= k-3; j-- {
		near = near || r.places[j].classes.has(classNear) && !r.places[j].classes.has(classBeside) && j+r.places[j].span > k
	}
	return k >= 0 && r.places[k].classes.has(classAt), near
}

// tone2 gives the tone of a place by the lexicon and by the model's weights.
func (r *reading) tone2(m *Model, i int) (tone, words float32) {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if p.brand > 0 || t.kind == punctuation || t.kind == number {
		return 0, 0
	}
	tone = t.valence / 4
	w := m.weights.toward(t.bucket())
	if t.kind == word {
		w += m.weights.toward(t.bucketIn(r.lang))
	}
	if t.flags&negated != 0 {
		tone *= -.74
		w += m.weights.toward(t.bucketNegated())
	}
	return tone, float32(w) * m.Scale * .5
}

// measure fills what is left of the measures.
func (v *view) measure(r *reading, z *[classCount]float32) {
	s, p := &v.signed, &v.plain
	base := max(-3, min(3, z[positive]-z[negative]))
	if v.rivals {
		s[signedBaseBeside] = base
	} else {
		s[signedBase] = base
	}
	if v.moved {
		s[signedBaseMoved] = base
	}
	if v.classes.has(classGladly) {
		s[signedGladly] = base
	}
	s[signedLeaning] = 1
	v.numbers(r)
	p[plainOne] = 1
	asks := r.dense[denseAsks] > 0
	if asks {
		p[plainAsks] = 1
	}
	for k := range v.names {
		if _, to := r.bounds(v.names[k].from); asks && v.names[k].brand && to < len(r.places) && r.letters[r.tokens[r.places[to].token].from] == '?' {
			p[plainAsksOwn] = 1
		}
	}
	if v.classes.has(classAsk) && asks {
		p[plainAsksClass] = 1
	}
	if asks && v.moved {
		p[plainAsksMoved] = 1
	}
	if v.classes.has(classSame) {
		p[plainSame] = 1
	}
	if v.classes.has(classNews) {
		p[plainNews] = 1
	}
	if v.rivals {
		p[plainBeside] = 1
		if v.classes.has(classSame) && !v.moved {
			p[plainSameBoth] = 1
		}
		if asks {
			p[plainAsksBeside] = 1
		}
	}
	if v.classes.has(classNews) && !v.moved {
		p[plainNewsUnmoved] = 1
	}
	p[plainMoves] = min(float32(len(v.cues)), 18) / 9
	if !v.moved {
		p[plainNoMoves] = 1
	}
	p[plainOwn] = max(s[signedOwn], -s[signedOwn])
	if s[signedOwn] == 0 {
		p[plainNoClause] = 1
	}
	p[plainNeutral] = max(-3, min(3, z[neutral]-max(z[negative], z[positive])))
	p[plainOpinion] = max(base, -base)
	long := min(float32(len(r.places)), 40) / 40
	s[signedBaseLong], p[plainLong] = base*long, long
	if v.tagged(r) {
		p[plainTag], p[plainNeutralTag] = 1, p[plainNeutral]
	}
	if len(v.names) > 1 && v.or(r) {
		p[plainOr] = 1
	}
}

var hashesOr = [...]uint64{hashString("or"), hashString("o"), hashString("vs"), hashString("u")}

// or tells whether two names are offered as a choice.
func (v *view) or(r *reading) bool {
	for k := 1; k < len(v.names); k++ {
		for i := v.names[k-1].to; i < v.names[k].from && i < v.names[k-1].to+3; i++ {
			for _, h := range hashesOr {
				if r.places[i].hash == h {
					return true
				}
			}
		}
	}
	return false
}

// numbers compares marks, places in a list and signs such as X > Y.
func (v *view) numbers(r *reading) {
	for k := range v.names {
		for l := range v.names[:k] {
			a, b := &v.names[l], &v.names[k]
			if a.brand == b.brand {
				continue
			}
			side := float32(1)
			if b.brand {
				side = -1
			}
			switch {
			case a.after >= 0 && b.after >= 0 && a.after != b.after && a.before < 0:
				v.signed[signedNumbers] += side * sign(a.after-b.after)
			case a.before >= 0 && b.before >= 0 && a.before != b.before:
				v.signed[signedNumbers] += side * sign(b.before-a.before)
			}
		}
	}
	for k := range v.names {
		n := &v.names[k]
		if n.brand && n.to < len(r.places) {
			v.signed[signedArrows] += r.arrow(n.to)
		}
		if n.brand && n.from > 0 {
			v.signed[signedArrows] -= r.arrow(n.from - 1)
		}
	}
	v.signed[signedNumbers], v.signed[signedArrows] = bound(v.signed[signedNumbers]), bound(v.signed[signedArrows])
}

// arrow is 1 for >, -1 for <.
func (r *reading) arrow(i int) float32 {
	if t := &r.tokens[r.places[i].token]; t.kind == punctuation {
		switch r.letters[t.from] {
		case '>':
			return 1
		case '<':
			return -1
		}
	}
	return 0
}

func sign(x float32) float32 { return float32(math.Copysign(1, float64(x))) }

// cause is the word that says most of the brand, "" where none does.
func (v *view) cause(r *reading) string {
	if v.where < 0 {
		return ""
	}
	p := &r.places[v.where]
	last := r.places[min(v.where+p.span, len(r.places))-1].token
	return r.piece(p.token, last)
}

func owned(side float32) int {
	if side > 0 {
		return 1
	}
	return 2
}

var (
	others = wordSet("other others otro otra otros otras")
	ands   = wordSet("and y e")
	withs  = wordSet("with con")
)

// own gives each place to the name that its clause is about.
func (v *view) own(r *reading) {
	last, next := int8(0), 0
	for from := 0; from < len(r.places); {
		to := from
		for to < len(r.places) && !r.parts(to, from) {
			to++
		}
		first := next
		for next < len(v.names) && v.names[next].from <= to {
			next++
		}
		owner := last
		if first < next {
			owner = int8(v.names[first].side())
		} else if v.rivals && last != 0 {
			for i := from; i < to; i++ {
				if others.has(r.places[i].hash) {
					owner = -last
					break
				}
			}
		}
		k := first
		for i := from; i <= to && i < len(r.places); i++ {
			if k < next && v.names[k].from == i {
				if located, _ := r.located(i); k > first && !located && !r.thanBefore(i) && !r.accompanies(i) {
					owner = int8(v.names[k].side())
				}
				k++
			}
			r.places[i].owner = owner
		}
		last = owner
		from = to + 1
	}
	if len(v.names) > 0 { // what comes before the first name
		owner := int8(v.names[0].side())
		for i := 0; i < len(r.places) && r.places[i].owner == 0; i++ {
			r.places[i].owner = owner
		}
	}
}

// parts tells whether a clause that begins at from ends with a place.
func (r *reading) parts(i, from int) bool {
	p := &r.places[i]
	return p.stop || r.ends(i) || i > from && (p.classes&openClass != 0 || r.tokens[p.token].to-r.tokens[p.token].from < 4 && ands.has(p.hash))
}

// tagged tells whether the brand is named by tags only: more often a subject than
// somebody of whom something is said.
func (v *view) tagged(r *reading) bool {
	for k := range v.names {
		if n := &v.names[k]; n.brand && r.tokens[r.places[n.from].token].kind != tag {
			return false
		}
	}
	return true
}
