package sentiment

// reading is one text taken apart: its tokens and features. It is used again
// for the next text, so that in the long run nothing is allocated.
type reading struct {
	text  string
	lang  language
	split bool // words end at apostrophes, as in Italian and French
	lex   *lexicon
	roles *roles
	bits  uint // buckets are 2^bits

	tokens  []token
	own     int      // words in letters of the language, emoji and marks
	foreign int      // words in other letters
	letters []rune   // of all tokens; each word stands between ^ and $
	words   []uint32 // buckets of words and word pairs
	chars   []uint32 // buckets of character n-grams
	dense   [denseCount]float32
	places  []place // with a brand's terms: the tokens as patterns see them
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

// read takes a text apart.
func (r *reading) read(text string, lang language) {
	r.text, r.lang = text, lang
	r.split = lang == italian || lang == french
	r.tokenise()
	r.mark()
	r.features()
}

// reachOfNegator is how many words after a negator are turned around.
const reachOfNegator = 3

// mark finds valences and what negators reach, and counts what is to be judged.
func (r *reading) mark() {
	left, own, foreign := 0, 0, 0
	for i := range r.tokens {
		t := &r.tokens[i]
		switch t.kind {
		case word:
			role := r.roles.of(r.lang, t.hash)
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
			t.valence, _ = r.lex.valence(r.letters[t.from:t.to], t.hash, r.lang)
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
func (r *reading) bucket(h uint64) uint32 {
	return uint32((h ^ h>>33) * mixStep >> ((64 - r.bits) & 63))
}

// features hashes the n-grams and fills the dense features.
func (r *reading) features() {
	r.words, r.chars = r.words[:0], r.chars[:0]
	r.wordFeatures()
	for i := range r.tokens {
		if t := &r.tokens[i]; t.kind == word || t.kind == tag {
			r.charFeatures(r.letters[t.from-1 : t.to+1])
		}
	}
	r.denseFeatures()
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

func (r *reading) wordFeatures() {
	words, language := r.words, uint64(r.lang+1)*seedLanguage
	var last uint64
	have := false
	for i := range r.tokens {
		t := &r.tokens[i]
		h := t.featureHash()
		words = append(words, r.bucket(h*seedWord))
		if t.kind == word { // the same letters can be another word in another language
			words = append(words, r.bucket((h+language)*seedWord))
		}
		if t.flags&negated != 0 {
			words = append(words, r.bucket((h+seedNegated)*seedWord))
		}
		if t.flags&inTag != 0 {
			continue
		}
		if have {
			words = append(words, r.bucket((last*3+h)*seedPair))
		}
		last, have = h, true
	}
	r.words = words
}

// charFeatures hashes the character 3-, 4- and 5-grams of ^word$, of which each
// goes on from the one before it.
func (r *reading) charFeatures(p []rune) {
	chars := r.chars
	for ; len(p) >= 5; p = p[1:] {
		three := hashThree(p)
		four := hashRune(three, p[3])
		five := hashRune(four, p[4])
		chars = append(chars, r.bucket(three), r.bucket(four), r.bucket(five))
	}
	if len(p) == 4 {
		three := hashThree(p)
		chars = append(chars, r.bucket(three), r.bucket(hashRune(three, p[3])))
		p = p[1:]
	}
	r.chars = append(chars, r.bucket(hashThree(p)))
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
				v *= -.74
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
