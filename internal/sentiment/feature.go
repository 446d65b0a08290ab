package sentiment

import "unicode/utf8"

// reading is one text taken apart: its tokens and features. It is used again
// for the next text, so that in the long run nothing is allocated.
type reading struct {
	text  string
	lang  language
	split bool // words end at apostrophes, as in Italian and French
	lex   *lexicon
	roles *roles
	known []knownWord
	cells *cells // weights of the model; nil before there are any

	tokens  []token
	own     int    // words in letters of the language, emoji and marks
	foreign int    // words in other letters
	letters []rune // of all tokens; each word stands between ^ and $
	dense   [denseCount]float32
	ofWords evidence // of words and word pairs
	ofChars evidence // of character n-grams
	words   []uint32 // buckets of words and word pairs, once listed
	chars   []uint32 // buckets of character n-grams, once listed
	places  []place  // with a brand's terms: the tokens as patterns see them
	view    view
	padded  []rune // of the view: a token between ^ and $
	fitFrom int    // places from and to which the last pattern fitted
	fitTo   int
}

// The dense features. Sums of valences are divided by four and bounded by 2.
const (
	denseOne = iota
	densePositive
	denseNegative
	denseNegatedPositive
	denseNegatedNegative
	denseEmojiPositive
	denseEmojiNegative
	denseLast
	denseNoHit
	denseShouted
	denseStretched
	denseExclaims
	denseAsks
	denseShort
	denseLong
	denseAddress
	denseMentions
	denseLink
	denseNumber
	denseStrongest
	denseWeakest
	denseContrast
	denseAsksLast
	denseNet
	denseCount
)

// denseNames say to people what the dense features are.
var denseNames = [denseCount]string{
	"what is common", "praising words", "words of complaint", "negated praise", "negated complaint", "friendly emoji", "unfriendly emoji",
	"the last word of opinion", "no word of opinion", "capitals", "stretched words", "exclamation marks", "question marks", "short", "long",
	"addressed to someone", "accounts named", "a link", "a number", "the most praising word", "the most complaining word",
	"what follows a but", "ends with a question", "praise less complaint",
}

// longest is how many bytes of a text are read. Posts are shorter; of what was
// written to keep a machine busy this is enough.
const longest = 16 << 10

// read takes a text apart, of a longer one its beginning.
func (r *reading) read(text string, lang language) {
	r.text, r.lang = beginning(text), lang
	r.split = lang == italian || lang == french
	r.tokenise()
	r.mark()
	r.denseFeatures()
}

// beginning cuts what is longer than is read, between two letters.
func beginning(text string) string {
	if len(text) <= longest {
		return text
	}
	n := longest
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// reachOfNegator is how many words after a negator are turned around.
const reachOfNegator = 3

// mark finds valences and what negators reach, sums up the weights of n-grams,
// and counts what is to be judged.
func (r *reading) mark() {
	left, own, foreign := 0, 0, 0
	r.ofWords, r.ofChars = evidence{}, evidence{}
	var before *token
	for i := range r.tokens {
		t := &r.tokens[i]
		var k *knownWord
		switch t.kind {
		case word:
			k = r.know(t)
			role := k.role
			if role == contrast {
				t.flags |= turning
				left = 0
			}
			if left > 0 {
				t.flags |= negated
				left--
			}
			if role == negator {
				left = reachOfNegator
			}
			t.valence = k.valence
		case tag:
			k = r.know(t)
		case emoji, emoticon:
			t.valence, _ = r.lex.find(lexiconKey(t.hash, anyLanguage, false))
			own++
		case punctuation:
			left = 0
		}
		if t.kind == word || t.kind == tag {
			if r.lang.isOwn(r.letters[t.from]) {
				own++
			} else {
				foreign++
			}
		}
		if r.cells != nil {
			before = r.weigh(t, k, before)
		}
	}
	r.own, r.foreign = own, foreign
}

const (
	seedWord     = 0x51ed270b7a11
	seedPair     = 0x2c9277b5
	seedLanguage = 0x7f4a7c15
	seedNegated  = 0x1b873593cc9e
	seedChars    = 0x38b34ae5a1e3
)

// bucket is the top bits of mix(h); the last step of that does not reach them.
func bucket(h uint64) uint32 { return uint32((h ^ h>>33) * mixStep >> (64 - modelBits)) }

// list fills r.words and r.chars.
func (r *reading) list() {
	r.words, r.chars = r.words[:0], r.chars[:0]
	r.wordFeatures()
	for i := range r.tokens {
		if t := &r.tokens[i]; t.kind == word || t.kind == tag {
			r.charFeatures(t)
		}
	}
}

// featureHash is the hash of a token as a feature: mentions, links and numbers
// are all alike.
func (t *token) featureHash() uint64 {
	switch t.kind {
	case mention:
		return seedWord + uint64(mention)
	case tag:
		return t.hash + uint64(tag)
	}
	return t.hash
}

func wordBucket(hash uint64) uint32 { return bucket(hash * seedWord) }

// ofLanguage tells whether a token can mean one thing in one language and
// another in the next: a word, and an emoji, which Brazilians cry tears of joy
// with where others weep.
func (t *token) ofLanguage() bool {
	return t.kind == word || t.kind == emoji || t.kind == emoticon
}

// wordBucketIn tells languages apart: the same letters can be another word.
func wordBucketIn(hash uint64, l language) uint32 {
	return wordBucket(hash + uint64(l+1)*seedLanguage)
}

func (t *token) bucket() uint32 { return wordBucket(t.featureHash()) }

func (t *token) bucketIn(l language) uint32 { return wordBucketIn(t.featureHash(), l) }

func (t *token) bucketNegated() uint32 { return wordBucket(t.featureHash() + seedNegated) }

// bucketAfter is that of two tokens in a row.
func (t *token) bucketAfter(before *token) uint32 {
	return bucket((before.featureHash()*3 + t.featureHash()) * seedPair)
}

func (r *reading) wordFeatures() {
	words := r.words
	var before *token
	for i := range r.tokens {
		t := &r.tokens[i]
		words = append(words, t.bucket())
		if t.ofLanguage() {
			words = append(words, t.bucketIn(r.lang))
		}
		if t.flags&negated != 0 {
			words = append(words, t.bucketNegated())
		}
		if t.flags&inTag != 0 {
			continue
		}
		if before != nil {
			words = append(words, t.bucketAfter(before))
		}
		before = t
	}
	r.words = words
}

// charFeatures hashes the character 3-, 4- and 5-grams of ^word$, of which each
// goes on from the one before it.
func (r *reading) charFeatures(t *token) {
	p, chars := r.letters[t.from-1:t.to+1], r.chars
	for ; len(p) >= 5; p = p[1:] {
		three := hashThree(p)
		four := hashRune(three, p[3])
		five := hashRune(four, p[4])
		chars = append(chars, bucket(three), bucket(four), bucket(five))
	}
	if len(p) == 4 {
		three := hashThree(p)
		chars = append(chars, bucket(three), bucket(hashRune(three, p[3])))
		p = p[1:]
	}
	r.chars = append(chars, bucket(hashThree(p)))
}

func hashThree(p []rune) uint64 {
	return hashRune(hashRune(hashRune(seedChars, p[0]), p[1]), p[2])
}

func bound(x float32) float32 {
	if x > 2 {
		return 2
	}
	if x < -2 {
		return -2
	}
	return x
}

// valenceTurned is what a negator makes of a word's valence.
const valenceTurned = -.74

func (r *reading) denseFeatures() {
	d := &r.dense
	*d = [denseCount]float32{denseOne: 1}
	words, hits := 0, 0
	var count [3]float32 // shouted, stretched, mentions
	var before, after float32
	contrasted := false
	for i := range r.tokens {
		t := &r.tokens[i]
		v := t.valence / 4
		switch t.kind {
		case word:
			words++
			if t.flags&shouted != 0 {
				count[0]++
			}
			if t.flags&stretched != 0 {
				count[1]++
			}
			if t.flags&turning != 0 {
				contrasted, before, after = true, before+after, 0
			}
			if v == 0 {
				break
			}
			if t.flags&negated != 0 {
				if v > 0 {
					d[denseNegatedPositive] += v
				} else {
					d[denseNegatedNegative] -= v
				}
				v *= valenceTurned
			} else if v > 0 {
				d[densePositive] += v
			} else {
				d[denseNegative] -= v
			}
		case emoji, emoticon:
			if v > 0 {
				d[denseEmojiPositive] += v
			} else {
				d[denseEmojiNegative] -= v
			}
		case mention:
			count[2]++
			if i == 0 {
				d[denseAddress] = 1
			}
		case link:
			d[denseLink] = 1
		case number:
			d[denseNumber] = 1
		case punctuation:
			switch r.letters[t.from] {
			case '!', '¡':
				d[denseExclaims] += float32(t.to-t.from) / 4
			case '?', '¿', '؟':
				d[denseAsks] += float32(t.to-t.from) / 4
			}
		}
		if v != 0 {
			hits++
			d[denseLast] = v
			after += v
			d[denseStrongest] = max(d[denseStrongest], v)
			d[denseWeakest] = min(d[denseWeakest], v)
		}
	}
	if hits == 0 {
		d[denseNoHit] = 1
	}
	if contrasted {
		d[denseContrast] = bound(after - before)
	}
	d[denseNet] = bound((before + after) / 2)
	d[denseShouted], d[denseStretched], d[denseMentions] = min(count[0], 4)/4, min(count[1], 4)/4, min(count[2], 4)/4
	for i := densePositive; i <= denseEmojiNegative; i++ {
		d[i] = bound(d[i])
	}
	d[denseExclaims], d[denseAsks] = bound(d[denseExclaims]), bound(d[denseAsks])
	if words < 6 {
		d[denseShort] = 1
	}
	if words > 20 {
		d[denseLong] = 1
	}
	for i := len(r.tokens) - 1; i >= 0; i-- {
		t := &r.tokens[i]
		if t.kind == link || t.kind == tag || t.flags&inTag != 0 {
			continue
		}
		if t.kind == punctuation && (r.letters[t.from] == '?' || r.letters[t.from] == '؟') {
			d[denseAsksLast] = 1
		}
		break
	}
}
