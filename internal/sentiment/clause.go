package sentiment

import "unicode"

// attribute is what is left when no pattern fits. Where a text names another
// brand too, the clauses about either are weighed against each other: "their
// phone died, my Acme did not". It tells what decided, "" when nothing did.
func (r *reading) attribute(m *Model, z *[classCount]float32) string {
	if r.places[0].brand > 0 && r.tokens[r.places[0].token].kind == mention {
		return "" // who is addressed is meant
	}
	c := clauses{r: r, m: m}
	c.split()
	if !c.brand || !c.rival || c.headline() {
		return ""
	}
	if c.beside() {
		z[neutral] += sidePush
		return "named beside what the text is about"
	}
	if !c.parallel() {
		return ""
	}
	d := c.balance()
	switch {
	case d > clearBalance:
		z[positive], z[negative] = max(z[positive], 0)+clausePush, min(z[negative], 0)
		return "the clauses about the brand are the better ones"
	case d < -clearBalance:
		z[negative], z[positive] = max(z[negative], 0)+clausePush, min(z[positive], 0)
		return "the clauses about the brand are the worse ones"
	}
	return ""
}

const (
	clearBalance = .25 // of evidence, in quarters of VADER's scale
	clausePush   = 2
	rivalShare   = .8 // what counts against a rival counts this much for the brand
	lastBonus    = 1  // for whom the clause after a but is about
)

// clauses are the parts of a text between marks and conjunctions, and whom each
// is about.
type clauses struct {
	r            *reading
	m            *Model
	list         [24]clause
	n            int
	brand, rival bool
}

type clause struct {
	from, to     int // places
	evidence     float32
	brand, rival int  // place of the first, -1 when it names none
	after        bool // follows a but
}

var (
	joiners = wordSet("and while whereas when y e mientras cuando and/or or unlike")
	openers = wordSet("the a an my i it its it's we they he she you this that these those there here what when where why who which how if and but so no not never nothing nobody all every just even only also still yes yeah ok oh omg wow lol hey hi hello thanks thank please sorry good great nice best worst love hate is are was were do does did don't can could should would will for from with at in on of to by as up out after before since because everyone everybody someone anyone people guys never honestly literally seriously finally today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday el la los las un una unos mi mis tu su sus yo me te se nos lo le les que quien como cuando donde cual por para con sin en de del al a y e o u ni si no ya muy mas pero aunque hoy ayer ahora nunca siempre nada nadie todo todos toda todas este esta esto estos estas ese esa eso hay es son fue era ha he han vaya menudo gracias hola buenos buenas mira oye gente alguien")
	locals  = wordSet("outside inside near at in on by beside behind with via through along of en del de al con frente junto a sobre dentro fuera ante")
)

// split finds the clauses and whom they name.
func (c *clauses) split() {
	r := c.r
	c.n, c.list[0] = 1, clause{brand: -1, rival: -1}
	last := -1
	for i := 0; i < len(r.places); i++ {
		p := &r.places[i]
		now := &c.list[c.n-1]
		but := r.tokens[p.token].flags&turning != 0
		if i > now.from && (but || joiners[p.hash] || c.markBetween(last, p.token)) && c.n < len(c.list) {
			now.to = i
			c.list[c.n] = clause{from: i, brand: -1, rival: -1, after: but || now.after && !p.stop && !r.stopBetween(last, p.token)}
			now = &c.list[c.n]
			c.n++
		}
		now.after = now.after || but
		switch {
		case p.brand > 0:
			if now.brand < 0 {
				now.brand = i
			}
			c.brand = true
		case c.names(i):
			if now.rival < 0 {
				now.rival = i
			}
			c.rival = true
		default:
			now.evidence += c.weigh(p)
		}
		last = p.token
	}
	c.list[c.n-1].to = len(r.places)
}

// markBetween tells whether punctuation that parts clauses lies between tokens.
func (c *clauses) markBetween(from, to int) bool {
	for i := from + 1; i < to && from >= 0; i++ {
		t := &c.r.tokens[i]
		if t.kind == punctuation {
			switch c.r.letters[t.from] {
			case ',', ';', ':', '.', '!', '?', '…', '—', '(', ')':
				return true
			}
		}
	}
	return from >= 0 && c.r.tokens[from].kind == punctuation
}

func (r *reading) stopBetween(from, to int) bool {
	for i := max(from, 0); i < to; i++ {
		t := &r.tokens[i]
		if t.kind == punctuation && (r.letters[t.from] == '.' || r.letters[t.from] == '!' || r.letters[t.from] == ';') {
			return true
		}
	}
	return false
}

// names tells whether the place looks like the name of somebody else: an
// account, or a capital inside a sentence; at its start only a word the model
// never learnt.
func (c *clauses) names(i int) bool {
	p := &c.r.places[i]
	t := &c.r.tokens[p.token]
	if !p.word || p.brand > 0 || t.kind != word || t.valence != 0 || t.to-t.from < 3 || t.flags&(shouted|stretched) != 0 || openers[p.hash] {
		return p.word && p.brand == 0 && t.kind == mention
	}
	if first, _ := next(c.r.text, t.start); !unicode.IsUpper(first) {
		return false
	}
	if p.token == 0 || c.r.stopBetween(p.token-1, p.token) {
		b := c.r.bucket(t.featureHash() * seedWord)
		return c.m.weights[b*columns] == 0 && c.m.weights[b*columns+1] == 0
	}
	return true
}

// headline tells whether most words begin with a capital, so that capitals say
// nothing.
func (c *clauses) headline() bool {
	words, capitals := 0, 0
	for i := range c.r.places {
		if t := &c.r.tokens[c.r.places[i].token]; t.kind == word && t.to-t.from > 3 {
			words++
			if first, _ := next(c.r.text, t.start); unicode.IsUpper(first) {
				capitals++
			}
		}
	}
	return capitals*2 > words
}

// leads tells whether the name at a place opens its clause, as a subject does.
func (c *clauses) leads(l *clause, at int) bool {
	for i := l.from; i < at; i++ {
		h := c.r.places[i].hash
		if !determiners[h] && !joiners[h] && c.r.tokens[c.r.places[i].token].flags&turning == 0 {
			return false
		}
	}
	return at >= 0
}

// weigh gives the evidence of one token, by the lexicon and by what the model
// learnt of it.
func (c *clauses) weigh(p *place) float32 {
	t := &c.r.tokens[p.token]
	v := t.valence / 4
	if t.kind == word || t.kind == emoji || t.kind == emoticon {
		b := c.r.bucket(t.featureHash() * seedWord)
		v += learntShare * c.m.Scale * float32(int32(c.m.weights[b*columns+1])-int32(c.m.weights[b*columns]))
	}
	if t.flags&negated != 0 && t.valence != 0 {
		v *= -.74
	}
	return v
}

// learntShare is how much a learnt weight counts beside a valence.
const learntShare = .5

// beside tells whether the brand is only where something happens or what it is
// done with: after a preposition, behind another name that opens the text.
func (c *clauses) beside() bool {
	r, other := c.r, false
	for i := range r.places {
		if r.places[i].brand > 0 {
			before := i - 1
			for before >= 0 && determiners[r.places[before].hash] && !locals[r.places[before].hash] {
				before--
			}
			return other && before > 0 && locals[r.places[before].hash]
		}
		other = other || i < nameAtStart && c.names(i)
	}
	return false
}

// nameAtStart is how far from the start the name of whom a text is about stands.
const nameAtStart = 3

// parallel tells whether one clause opens with the brand and another with
// somebody else.
func (c *clauses) parallel() bool {
	ours, theirs := false, false
	for i := range c.list[:c.n] {
		l := &c.list[i]
		ours = ours || c.leads(l, l.brand)
		theirs = theirs || c.leads(l, l.rival)
	}
	return ours && theirs
}

// balance weighs what is said of the brand against what is said of others.
func (c *clauses) balance() (d float32) {
	about := 0 // 1 brand, -1 rival: whom clauses without a name go on about
	for i := range c.list[:c.n] {
		l := &c.list[i]
		switch {
		case l.brand >= 0 && l.rival < 0:
			about = 1
		case l.rival >= 0 && l.brand < 0:
			about = -1
		case l.brand >= 0: // both: the first is the subject
			about = 1
			if l.rival < l.brand {
				about = -1
			}
		}
		e := l.evidence
		if l.after && l.brand != l.rival {
			e += lastBonus
		}
		if about == 1 {
			d += e
		} else if about == -1 {
			d -= rivalShare * e
		}
	}
	return d
}
