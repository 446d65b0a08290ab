package sentiment

import (
	"cmp"
	"math"
	"slices"

	"adalid"
)

// Explanation tells why a text was judged as it was.
type Explanation struct {
	Sentiment *adalid.Sentiment `json:"-"`    // nil: unknown
	Unknown   Unknown           `json:"-"`    // why; "" where there is a Sentiment
	Tag       string            `json:"-"`    // BCP 47 tag that came with the text or was recognised, "" none
	Lang      string            `json:"lang"` // language the text was judged in, "" unknown
	Reasons   []Reason          `json:"reasons"`
	// Rest is what the reasons beyond the limit bring together: with it, Toward
	// sums to ln(p(positive)/p(negative)) and Opinion to
	// ln(p(positive)·p(negative)/p(neutral)²)/2.
	Rest Push `json:"rest"`
}

// Unknown is why a text has no sentiment.
type Unknown string

// Why a text has no sentiment.
const (
	UnknownLanguage Unknown = "language" // none, or not one the model knows
	ForeignLetters  Unknown = "letters"  // most of it is not in the letters of its language
	NothingToJudge  Unknown = "nothing"  // neither a word nor an emoji nor a mark
)

// Push is how far something moves the answer, in logits.
type Push struct {
	Toward  float64 `json:"toward"`  // evidence for positive less evidence for negative
	Opinion float64 `json:"opinion"` // evidence for an opinion against none
	Learned float64 `json:"learned"` // the part of Toward that a brand's residual brings
}

// ForOpinion is what a push speaks for that brings both opinions about alike.
const ForOpinion = "opinion"

// For gives the class that the push speaks for, or ForOpinion.
func (p Push) For() string {
	minus, plus := p.Opinion-p.Toward/2, p.Opinion+p.Toward/2
	switch {
	case math.Abs(p.Toward) < p.Opinion/2:
		return ForOpinion
	case plus > minus && plus > 0:
		return string(adalid.Positive)
	case minus > plus && minus > 0:
		return string(adalid.Negative)
	}
	return string(adalid.Neutral)
}

func (p Push) weight() float64 { return math.Abs(p.Toward) + math.Abs(p.Opinion)/2 }

func (p *Push) add(q Push) {
	p.Toward += q.Toward
	p.Opinion += q.Opinion
	p.Learned += q.Learned
}

// The kinds of reasons.
const (
	ByWords  = "words"  // a word, an emoji or two words in a row: they, their letters and what the lexicon has of them
	ByForm   = "form"   // how the text is written, such as in capitals; Code says how
	ByPhrase = "phrase" // a turn of phrase whose words mislead
	ByBrand  = "brand"  // what the text says of the brand itself, around these words
)

// Reason is an n-gram or another feature that moved the answer.
type Reason struct {
	Text string `json:"text"` // what in the text it is; with a Code, the same in English
	Kind string `json:"kind"` // one of ByWords, ByForm, ByPhrase, ByBrand
	Code string `json:"code"` // what it is where that is no piece of the text, such as "capitals"; else ""
	// Negated tells that a negator turns the word around.
	Negated bool `json:"negated"`
	Push
}

// Explain judges a text like Score and gives the reasons that weigh most, at
// most limit, strongest first. It costs some ten times as much as Score.
func (m *Model) Explain(text, lang string, about *Terms, limit int) Explanation {
	return m.explain(text, lang, about, nil, limit)
}

// Explain is Model.Explain with what the residual brings.
func (a *Adapted) Explain(text, lang string, about *Terms, limit int) Explanation {
	return a.model.explain(text, lang, about, a.residual, limit)
}

func (m *Model) explain(text, tag string, about *Terms, learned *Residual, limit int) Explanation {
	r := m.reading()
	defer m.readings.Put(r)
	known := m.read(r, text, tag)
	e := Explanation{Tag: m.tagOf(text, tag), Lang: languageCodes[r.lang], Reasons: []Reason{}}
	if !known {
		e.Unknown = r.unjudged()
		return e
	}
	z := m.logits(r)
	r.list()
	found := reasons{at: map[Reason]int{}}
	found.model(m, r)
	before := against(z)
	why := about.adjust(r, m, &z)
	between := against(why.between)
	found.cause(Reason{Text: why.phrase, Kind: ByPhrase}, before, between)
	found.cause(Reason{Text: why.brand, Kind: ByBrand}, between, against(z))
	if learned != nil {
		found.residual(learned, r)
		z = against(z)
		learned.correct(r, &z)
	}
	s := probabilities(z)
	e.Sentiment = &s
	e.Reasons, e.Rest = found.strongest(limit)
	return e
}

// unjudged says why a text that was read has nothing to judge.
func (r *reading) unjudged() Unknown {
	switch {
	case r.lang == anyLanguage:
		return UnknownLanguage
	case r.foreign > r.own:
		return ForeignLetters
	}
	return NothingToJudge
}

// reasons sums up what features with the same text bring.
type reasons struct {
	at   map[Reason]int // by all but the push
	list []Reason
}

func (f *reasons) of(key Reason) *Push {
	i, ok := f.at[key]
	if !ok {
		i = len(f.list)
		f.at[key] = i
		f.list = append(f.list, key)
	}
	return &f.list[i].Push
}

// add takes evidence for negative and for positive, each against neutral.
func (f *reasons) add(key Reason, minus, plus float64) {
	f.of(key).add(Push{Toward: plus - minus, Opinion: (plus + minus) / 2})
}

// learn is add for what a residual brings.
func (f *reasons) learn(key Reason, minus, plus float64) {
	f.of(key).add(Push{plus - minus, (plus + minus) / 2, plus - minus})
}

// model adds what the n-grams and dense features bring by themselves.
func (f *reasons) model(m *Model, r *reading) {
	sharpen := float64(m.Sharpen[r.lang])
	for i, block := range [2][]uint32{r.words, r.chars} {
		k := sharpen * float64(blockNorm(len(block))*m.Scale)
		keys := r.keys(i == 1)
		for at, b := range block {
			minus, plus := m.weights.at(b)
			f.add(keys[at], float64(minus)*k, float64(plus)*k)
		}
	}
	for d, x := range r.dense {
		if x != 0 {
			w := m.dense[r.lang][d]
			f.dense(r, d, sharpen*float64(w[0]*x), sharpen*float64(w[1]*x), f.add)
		}
	}
}

// dense gives what a dense feature brings to the words that made it, by how
// strong each is, else to the feature itself.
func (f *reasons) dense(r *reading, feature int, minus, plus float64, add func(Reason, float64, float64)) {
	behind := r.behind(feature)
	for _, s := range behind {
		add(s.key, minus*s.part, plus*s.part)
	}
	if len(behind) == 0 {
		add(Reason{Text: denseNames[feature], Kind: ByForm, Code: denseCodes[feature]}, minus, plus)
	}
}

// cause adds what moved the answer beside the words: the logits before and
// after it, neutral 0.
func (f *reasons) cause(key Reason, before, after [classCount]float32) {
	minus, plus := float64(after[negative]-before[negative]), float64(after[positive]-before[positive])
	if minus == 0 && plus == 0 {
		return
	}
	if key.Text == "" {
		key.Text, key.Code = "what is said of the brand", "said_of_brand"
	}
	f.add(key, minus, plus)
}

// residual adds what a residual brings: the stretch to each reason there is,
// for it is linear, the rest to the features it is of.
func (f *reasons) residual(learned *Residual, r *reading) {
	for i := range f.list {
		p := &f.list[i].Push
		base := [columns]float64{p.Opinion - p.Toward/2, p.Opinion + p.Toward/2}
		var more [columns]float64
		for c := range sides {
			for k := range sides {
				more[c] += float64(learned.stretch[c][k]) * base[k]
			}
		}
		p.add(Push{more[1] - more[0], (more[1] + more[0]) / 2, more[1] - more[0]})
	}
	f.dense(r, denseOne, float64(learned.shift[0]), float64(learned.shift[1]), f.learn)
	for d, x := range r.dense {
		if w := learned.dense[d]; x != 0 && w != [columns]float32{} {
			f.dense(r, d, float64(w[0]*x), float64(w[1]*x), f.learn)
		}
	}
	var seen once
	for i, block := range [2][]uint32{r.words, r.chars} {
		f.grams(learned, r.keys(i == 1), block, i == 1, &seen)
	}
}

// grams adds the residual's n-grams of a block, each once as in Residual.correct.
func (f *reasons) grams(learned *Residual, keys []Reason, block []uint32, chars bool, seen *once) {
	type gram struct {
		key Reason
		at  uint32
	}
	var fresh []gram
	for i, b := range block {
		if b = residualIndex(b, chars); seen.add(b) {
			fresh = append(fresh, gram{keys[i], b * columns})
		}
	}
	norm := float64(blockNorm(len(fresh)))
	for _, g := range fresh {
		if w := learned.grams[g.at : g.at+columns]; w[0] != 0 || w[1] != 0 {
			f.learn(g.key, float64(w[0])*norm, float64(w[1])*norm)
		}
	}
}

// strongest gives the limit heaviest and what all others bring together.
func (f *reasons) strongest(limit int) (list []Reason, rest Push) {
	slices.SortStableFunc(f.list, func(a, b Reason) int { return cmp.Compare(b.weight(), a.weight()) })
	shown := min(limit, len(f.list))
	for _, r := range f.list[shown:] {
		rest.add(r.Push)
	}
	return append([]Reason{}, f.list[:shown]...), rest
}
