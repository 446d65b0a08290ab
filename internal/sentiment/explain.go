package sentiment

import (
	"cmp"
	"slices"
	"strings"

	"adalid"
)

// Explanation tells why a text was judged as it was.
type Explanation struct {
	Sentiment *adalid.Sentiment `json:"-"`    // nil: unknown
	Lang      string            `json:"lang"` // language the text was judged in, "" unknown
	Reasons   []Reason          `json:"reasons"`
}

// Reason is an n-gram or another feature that moved the answer.
type Reason struct {
	Text    string  `json:"text"`    // what in the text it is
	Kind    string  `json:"kind"`    // words, letters, tone, phrase or brand
	Toward  float64 `json:"toward"`  // evidence for positive less evidence for negative, in logits
	Opinion float64 `json:"opinion"` // evidence for an opinion against none, in logits
}

// Explain judges a text like Score and gives the reasons that weigh most, at
// most limit, strongest first. It costs some ten times as much as Score.
func (m *Model) Explain(text, lang string, about *Terms, limit int) Explanation {
	r := m.reading()
	defer m.readings.Put(r)
	if !m.read(r, text, lang) {
		return Explanation{Lang: languageCodes[r.lang], Reasons: []Reason{}}
	}
	z := m.logits(r)
	r.list()
	found := reasons{sharpen: m.Sharpen[r.lang], at: map[string]int{}}
	k := blockNorm(len(r.words)) * m.Scale
	labels := r.wordLabels()
	for i, b := range r.words {
		minus, plus := m.weights.at(b)
		found.add(labels[i], "words", float32(minus)*k, float32(plus)*k)
	}
	k = blockNorm(len(r.chars)) * m.Scale
	labels = r.charLabels()
	for i, b := range r.chars {
		minus, plus := m.weights.at(b)
		found.add(labels[i], "letters", float32(minus)*k, float32(plus)*k)
	}
	for d, x := range r.dense {
		if x != 0 {
			w := m.dense[r.lang][d]
			found.add(r.tone(d), "tone", w[0]*x, w[1]*x)
		}
	}
	before := z
	if why := about.adjust(r, m, &z); why.text != "" {
		found.sharpen = 1
		found.add(why.text, why.kind, z[negative]-before[negative], z[positive]-before[positive])
	}
	s := probabilities(z)
	return Explanation{Sentiment: &s, Lang: languageCodes[r.lang], Reasons: found.strongest(limit)}
}

// reasons sums up what features with the same text bring.
type reasons struct {
	sharpen float32
	at      map[string]int
	list    []Reason
}

func (f *reasons) add(text, kind string, minus, plus float32) {
	minus, plus = minus*f.sharpen, plus*f.sharpen
	i, ok := f.at[kind+text]
	if !ok {
		i = len(f.list)
		f.at[kind+text] = i
		f.list = append(f.list, Reason{Text: text, Kind: kind})
	}
	f.list[i].Toward += float64(plus - minus)
	f.list[i].Opinion += float64(plus+minus) / 2
}

func (f *reasons) strongest(limit int) []Reason {
	weight := func(r Reason) float64 { return max(r.Toward, -r.Toward) + max(r.Opinion, -r.Opinion)/2 }
	slices.SortStableFunc(f.list, func(a, b Reason) int { return cmp.Compare(weight(b), weight(a)) })
	return append([]Reason{}, f.list[:min(limit, len(f.list))]...)
}

// wordLabels gives the piece of the text behind each of r.words.
func (r *reading) wordLabels() (labels []string) {
	label := func(from, to int) string { return r.text[r.tokens[from].start:r.tokens[to].end] }
	have := false
	for i := range r.tokens {
		t := &r.tokens[i]
		labels = append(labels, label(i, i))
		if t.ofLanguage() {
			labels = append(labels, label(i, i))
		}
		if t.flags&negated != 0 {
			labels = append(labels, "not … "+label(i, i))
		}
		if t.flags&inTag != 0 {
			continue
		}
		if have {
			labels = append(labels, label(i-1, i))
		}
		have = true
	}
	return labels
}

// charLabels gives the letters behind each of r.chars.
func (r *reading) charLabels() (labels []string) {
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.kind != word && t.kind != tag {
			continue
		}
		for from := t.from - 1; from+3 <= t.to+1; from++ {
			for to := from + 3; to <= min(from+5, t.to+1); to++ {
				labels = append(labels, string(r.letters[from:to]))
			}
		}
	}
	return labels
}

// tone says what a dense feature is and which words of the text made it.
func (r *reading) tone(feature int) string {
	var words []string
	for i := range r.tokens {
		t := &r.tokens[i]
		turned := t.flags&negated != 0
		made := false
		switch feature {
		case densePositive, denseStrongest:
			made = t.kind == word && t.valence > 0 && !turned
		case denseNegative, denseWeakest:
			made = t.kind == word && t.valence < 0 && !turned
		case denseNegatedPositive:
			made = t.kind == word && t.valence > 0 && turned
		case denseNegatedNegative:
			made = t.kind == word && t.valence < 0 && turned
		case denseEmojiPositive:
			made = t.kind != word && t.valence > 0
		case denseEmojiNegative:
			made = t.kind != word && t.valence < 0
		case denseNet, denseContrast:
			made = t.valence != 0
		case denseLast:
			if t.valence != 0 {
				words = words[:0]
				made = true
			}
		}
		if made {
			words = append(words, r.text[t.start:t.end])
		}
	}
	if len(words) == 0 {
		return denseNames[feature]
	}
	return denseNames[feature] + ": " + strings.Join(words, ", ")
}
