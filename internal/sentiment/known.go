package sentiment

// evidence is the weights of some features summed up, in steps of the model's
// scale, each class against neutral, and how many they are.
type evidence struct{ minus, plus, n int32 }

func (e *evidence) add(o evidence) {
	e.minus += o.minus
	e.plus += o.plus
	e.n += o.n
}

// knownWord is what a word brings whatever stands around it. Most words of a
// text were in the texts before it, so that it need not be worked out again.
type knownWord struct {
	key     uint64 // of its letters and the language
	letters int32  // their number; 0: free
	role    role
	valence float32
	words   evidence // of the word by itself
	chars   evidence // of its character n-grams
}

// knownBits chooses how many words a reading remembers, each at the one place
// that its hash gives it.
const knownBits = 12

// newReading makes a reading for a lexicon and the weights of a model, nil
// before there are any.
func newReading(lex *lexicon, roles *roles, c *cells) *reading {
	return &reading{lex: lex, roles: roles, cells: c, known: make([]knownWord, 1<<knownBits)}
}

// know gives what the letters of a word or tag bring as a word.
func (r *reading) know(t *token) *knownWord {
	key := t.hash ^ uint64(r.lang)*seedLanguage
	k := &r.known[key*mixStep>>(64-knownBits)]
	if k.key != key || k.letters != int32(t.to-t.from) {
		r.learn(k, key, t)
	}
	return k
}

func (r *reading) learn(k *knownWord, key uint64, t *token) {
	*k = knownWord{key: key, letters: int32(t.to - t.from), role: r.roles.of(r.lang, t.hash)}
	k.valence, _ = r.lex.valence(r.letters[t.from:t.to], t.hash, r.lang)
	if r.cells == nil {
		return
	}
	r.chars = r.chars[:0]
	r.charFeatures(t)
	k.chars = r.cells.sum(r.chars)
	k.words = r.cells.sum([]uint32{wordBucket(t.hash), wordBucketIn(t.hash, r.lang)})
}

// weigh adds the weights of a token's features: k is what is known of a word or
// tag, before the last token outside a tag. It gives the next one's before.
func (r *reading) weigh(t *token, k *knownWord, before *token) *token {
	words := &r.ofWords
	if k != nil {
		r.ofChars.add(k.chars)
	}
	if t.kind == word {
		words.add(k.words)
	} else {
		r.cells.add(words, t.bucket())
		if t.ofLanguage() {
			r.cells.add(words, t.bucketIn(r.lang))
		}
	}
	if t.flags&negated != 0 {
		r.cells.add(words, t.bucketNegated())
	}
	if t.flags&inTag != 0 {
		return before
	}
	if before != nil {
		r.cells.add(words, t.bucketAfter(before))
	}
	return t
}
