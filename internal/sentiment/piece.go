package sentiment

import "math"

// denseCodes name the dense features that are no words: how a text is written.
var denseCodes = [denseCount]string{
	denseOne: "common", denseNoHit: "no_opinion", denseShouted: "capitals", denseStretched: "stretched", denseExclaims: "exclamation",
	denseAsks: "question", denseShort: "short", denseLong: "long", denseAddress: "addressed", denseMentions: "accounts", denseLink: "link",
	denseNumber: "number", denseAsksLast: "question_last",
}

// portion is a piece of the text and its part of what a feature brings.
type portion struct {
	key  Reason
	part float64
}

// behind gives the words of opinion that made a dense feature, with parts that
// sum to 1; none for features that are no words.
func (r *reading) behind(feature int) []portion {
	var list []portion
	var sum float64
	most, least, last := r.extremes()
	for i := range r.tokens {
		if t := &r.tokens[i]; t.made(feature, most, least) || feature == denseLast && i == last {
			x := math.Abs(float64(t.opinion()))
			list = append(list, portion{r.key(i), x})
			sum += x
		}
	}
	for i := range list {
		list[i].part /= sum
	}
	return list
}

// opinion is what the dense features count a token as.
func (t *token) opinion() float32 {
	if t.kind == word && t.flags&negated != 0 {
		return t.valence * valenceTurned
	}
	return t.valence
}

// extremes gives the strongest and the weakest opinion of the text and the
// place of its last one, -1 without any.
func (r *reading) extremes() (most, least float32, last int) {
	last = -1
	for i := range r.tokens {
		if x := r.tokens[i].opinion(); x != 0 {
			most, least, last = max(most, x), min(least, x), i
		}
	}
	return most, least, last
}

// made tells whether a token is part of a dense feature.
func (t *token) made(feature int, most, least float32) bool {
	plain, turned := t.kind == word && t.flags&negated == 0, t.kind == word && t.flags&negated != 0
	switch feature {
	case densePositive:
		return plain && t.valence > 0
	case denseNegative:
		return plain && t.valence < 0
	case denseNegatedPositive:
		return turned && t.valence > 0
	case denseNegatedNegative:
		return turned && t.valence < 0
	case denseEmojiPositive:
		return t.kind != word && t.valence > 0
	case denseEmojiNegative:
		return t.kind != word && t.valence < 0
	case denseStrongest:
		return t.valence != 0 && t.opinion() == most
	case denseWeakest:
		return t.valence != 0 && t.opinion() == least
	case denseNet, denseContrast:
		return t.valence != 0
	}
	return false
}

// piece is what the tokens from one to another are in the text.
func (r *reading) piece(from, to int) string { return r.text[r.tokens[from].start:r.tokens[to].end] }

// key names a token as a reason: a word behind a negator is another one than
// the same alone.
func (r *reading) key(i int) Reason {
	t := &r.tokens[i]
	return Reason{Text: r.piece(i, i), Kind: ByWords, Negated: t.kind == word && t.flags&negated != 0}
}

// keys names each of r.chars, or of r.words, in their order. Letters go under
// the word they stand in.
func (r *reading) keys(chars bool) []Reason {
	if chars {
		return r.charKeys()
	}
	return r.wordKeys()
}

func (r *reading) wordKeys() (keys []Reason) {
	before := -1
	for i := range r.tokens {
		t := &r.tokens[i]
		alone := Reason{Text: r.piece(i, i), Kind: ByWords}
		keys = append(keys, alone)
		if t.ofLanguage() {
			keys = append(keys, alone)
		}
		if t.flags&negated != 0 {
			keys = append(keys, Reason{Text: alone.Text, Kind: ByWords, Negated: true})
		}
		if t.flags&inTag != 0 {
			continue
		}
		if before >= 0 {
			keys = append(keys, Reason{Text: r.piece(before, i), Kind: ByWords})
		}
		before = i
	}
	return keys
}

func (r *reading) charKeys() (keys []Reason) {
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.kind != word && t.kind != tag {
			continue
		}
		key := Reason{Text: r.piece(i, i), Kind: ByWords}
		for n := t.to - t.from + 2; n >= 3; n-- { // 3-, 4- and 5-grams of ^word$ that begin at each place
			for range min(n, 5) - 2 {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
