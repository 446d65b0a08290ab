package sentiment

import (
	"math"
	"unicode"

	"adalid"
)

// Judgement is what the model makes of a text.
type Judgement struct {
	adalid.Sentiment        // zero unless Known
	Known            bool   // false: a language the model does not know, or nothing to judge
	Lang             string // language the text was judged in, "" when unknown
}

// Score implements Scorer. In the long run it allocates the answer and nothing
// else.
func (m *Model) Score(text, lang string, about *Terms) *adalid.Sentiment {
	j := m.Judge(text, lang, about)
	if !j.Known {
		return nil
	}
	return &j.Sentiment
}

// Judge is Score without a pointer: in the long run it allocates nothing.
func (m *Model) Judge(text, lang string, about *Terms) Judgement {
	r := m.reading()
	defer m.readings.Put(r)
	known := m.read(r, text, lang)
	j := Judgement{Lang: languageCodes[r.lang], Known: known}
	if known {
		z := m.logits(r)
		about.adjust(r, m, &z)
		j.Sentiment = probabilities(z)
	}
	return j
}

func (m *Model) reading() *reading {
	if r, ok := m.readings.Get().(*reading); ok {
		return r
	}
	return newReading(&m.lex, m.roles, m.weights)
}

// read takes a text apart; false when it is in a language the model does not
// know, or has nothing to judge.
func (m *Model) read(r *reading, text, tag string) bool {
	tag = m.tagOf(text, tag)
	if r.lang = languageOf(tag); r.lang == anyLanguage {
		return tag == "" && m.readSigns(r, text)
	}
	r.read(text, r.lang)
	return r.judgeable()
}

// fewBeside is how many words a text of signs may hold: a brand's name.
const fewBeside = 2

// readSigns reads a text that is in no language because it says all by emoji,
// "Acme 😍😍", as English; false for any other.
func (m *Model) readSigns(r *reading, text string) bool {
	if m.identify == nil {
		return false
	}
	r.lang = english
	r.read(text, english)
	words, signs := 0, 0
	for _, t := range r.tokens {
		switch t.kind {
		case word:
			words++
		case emoji, emoticon:
			signs++
		}
	}
	if signs > 0 && words <= fewBeside && r.judgeable() {
		return true
	}
	r.lang = anyLanguage
	return false
}

// tagOf gives the tag of the language to score in, "" when nobody knows one. A
// tag that came with the text wins; only without one is the identifier asked.
func (m *Model) tagOf(text, tag string) string {
	if tag != "" && tag != "und" {
		return tag
	}
	if m.identify == nil {
		return ""
	}
	return m.identify(text)
}

// judgeable tells whether there is something to judge: a word, an emoji or a
// mark, in the letters the language was learnt in.
func (r *reading) judgeable() bool { return r.own > 0 && r.own >= r.foreign }

// isOwn tells whether the language may be written in a letter.
func (l language) isOwn(c rune) bool {
	if c < 0x80 || l != arabic {
		return c < 0x250
	}
	return unicode.Is(unicode.Arabic, c)
}

// logits gives the evidence for negative, neutral and positive; neutral is the
// zero point.
func (m *Model) logits(r *reading) (z [classCount]float32) {
	for _, e := range [2]evidence{r.ofWords, r.ofChars} {
		k := blockNorm(int(e.n)) * m.Scale
		z[negative] += float32(e.minus) * k
		z[positive] += float32(e.plus) * k
	}
	for d, x := range r.dense {
		if x != 0 {
			w := &m.dense[r.lang][d]
			z[negative] += w[0] * x
			z[positive] += w[1] * x
		}
	}
	z[negative] *= m.Sharpen[r.lang]
	z[positive] *= m.Sharpen[r.lang]
	return z
}

func probabilities(z [classCount]float32) adalid.Sentiment {
	top := float64(max(z[0], z[1], z[2]))
	a, b, c := math.Exp(float64(z[0])-top), math.Exp(float64(z[1])-top), math.Exp(float64(z[2])-top)
	sum := a + b + c
	return adalid.Sentiment{Negative: a / sum, Neutral: b / sum, Positive: c / sum}
}

// Label gives the likeliest class; on a tie the one nearer to neutral.
func Label(s adalid.Sentiment) adalid.Label { return s.Label() }

// Features is what the model sees of a text, for models that build on it, such
// as one that a team's corrections adapt. Its slices are used again by the next
// call.
type Features struct {
	Words, Chars []uint32   // buckets of word and character n-grams, below Buckets(); equal n-grams repeat
	Dense        []float32  // about [−2, 2], always in the same order
	Logits       [3]float64 // calibrated log-probabilities of negative, neutral, positive up to a constant
}

// Buckets bounds the values of Features.Words and Features.Chars.
func (m *Model) Buckets() int { return modelBuckets }

// Features fills f and tells whether the text can be scored. It allocates only
// to let f grow.
func (m *Model) Features(text, lang string, about *Terms, f *Features) bool {
	r := m.reading()
	defer m.readings.Put(r)
	if !m.read(r, text, lang) {
		return false
	}
	r.list()
	f.Words = append(f.Words[:0], r.words...)
	f.Chars = append(f.Chars[:0], r.chars...)
	f.Dense = append(f.Dense[:0], r.dense[:]...)
	z := m.logits(r)
	about.adjust(r, m, &z)
	f.Logits = [3]float64{float64(z[0]), float64(z[1]), float64(z[2])}
	return true
}
