package topics

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// legible gives the part of a text that is looked at: valid UTF-8 without HTML
// entities, of at most so many bytes, cut between characters.
func legible(text string, most int) string {
	text = text[:min(len(text), 4*most)] // whatever follows is never touched
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	if len(text) > most {
		n := most
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text = text[:n]
	}
	return strings.ToValidUTF8(text, " ")
}

// class says what a token is.
type class uint8

const (
	word   class = iota
	gap          // ends every phrase: punctuation, emoji, an address
	handle       // @name
	tag          // #word: a phrase of its own
	number
	named // the brand itself
)

// token is a piece of a text.
type token struct {
	class class
	form  string // as written
	key   string // without case, accents, English possessive and plural
	plain string // the same with the plural
	space bool   // in a script that does not put spaces between words
}

// scan cuts a text into tokens.
func scan(text, lang string) []token {
	s := scanner{text: text, lang: lang}
	for s.at < len(s.text) {
		s.next()
	}
	return s.out
}

type scanner struct {
	text, lang string
	at         int
	out        []token
}

func (s *scanner) next() {
	rest := s.text[s.at:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case address(rest):
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		s.put(token{class: gap}, end)
	case letter(r) || unicode.IsDigit(r):
		s.word(rest, word)
	case r == '@' || r == '＠':
		if n := run(rest[size:], func(r rune) bool { return letter(r) || unicode.IsDigit(r) || strings.ContainsRune("_.-@", r) }); n > 0 {
			s.put(token{class: handle, form: "@"}, size+n)
			return
		}
		s.put(token{class: gap}, size)
	case r == '#' || r == '＃':
		s.at += size
		if r, _ := utf8.DecodeRuneInString(s.text[s.at:]); letter(r) {
			s.word(s.text[s.at:], tag)
			return
		}
		s.out = append(s.out, token{class: gap})
	case unicode.IsSpace(r) && r != '\n' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
		s.at += size
	case r < utf8.RuneSelf && strings.ContainsRune(".,;:!?", r):
		s.put(token{class: gap, form: string(r)}, size)
	default:
		s.put(token{class: gap}, size)
	}
}

func (s *scanner) put(t token, size int) {
	s.at += size
	s.out = append(s.out, t)
}

// word takes a word: letters and digits, with single apostrophes and hyphens
// inside. Apostrophes part words in languages that elide articles.
func (s *scanner) word(rest string, c class) {
	end, letters, noSpaces := 0, false, false
	for end < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[end:])
		joint := r == '-' || (r == '\'' || r == '’') && s.lang == "en"
		switch {
		case letter(r):
			letters = true
			noSpaces = noSpaces || unspaced(r)
		case unicode.IsDigit(r) || mark(r) || c == tag && r == '_':
		case joint && end > 0 && c == word:
			if after, _ := utf8.DecodeRuneInString(rest[end+size:]); !letter(after) {
				size = 0
			}
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		end += size
	}
	form := strings.ReplaceAll(rest[:end], "’", "'")
	if after, ok := cutApostrophe(rest[end:]); ok && s.lang != "en" && c == word {
		if r, _ := utf8.DecodeRuneInString(after); letter(r) {
			end = len(rest) - len(after)
			s.put(token{class: word, form: form + "'", key: fold(form), plain: fold(form)}, end)
			return
		}
	}
	if !letters {
		s.put(token{class: number, form: form}, end)
		return
	}
	plain := fold(form)
	key := plain
	if s.lang == "en" {
		plain = strings.TrimSuffix(plain, "'s")
		key = singular(plain)
		form = strings.TrimSuffix(strings.TrimSuffix(form, "'s"), "'S")
	}
	s.put(token{class: c, form: form, key: key, plain: plain, space: noSpaces}, end)
}

func cutApostrophe(s string) (after string, ok bool) {
	if after, ok = strings.CutPrefix(s, "'"); !ok {
		after, ok = strings.CutPrefix(s, "’")
	}
	return after, ok
}

// run gives how many bytes of s, at its beginning, are of a kind.
func run(s string, kind func(rune) bool) int {
	n := strings.IndexFunc(s, func(r rune) bool { return !kind(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

func letter(r rune) bool { return unicode.IsLetter(r) }

// mark tells about what is written above, below or inside of letters.
func mark(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == '\u200c' || r == '\u200d'
}

// unspaced tells whether a letter belongs to a script that does not part words.
func unspaced(r rune) bool {
	return r > 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// unreadable tells whether a text has no word, or mostly such as cannot be
// parted.
func unreadable(tokens []token) bool {
	words, without := 0, 0
	for _, t := range tokens {
		if t.class == word || t.class == tag || t.class == named {
			words++
			if t.space {
				without++
			}
		}
	}
	return 2*without >= words
}

// address tells whether text begins with an address of the web.
func address(text string) bool {
	for _, begin := range []string{"http://", "https://", "www.", "pic.twitter.com/"} {
		if len(text) > len(begin) && strings.EqualFold(text[:len(begin)], begin) {
			return true
		}
	}
	return false
}

// accents are letters of Latin script with what they are without accents, and
// Arabic letters that are written in more than one way.
var accents = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ł': "l", 'أ': "ا", 'إ': "ا", 'آ': "ا", 'ى': "ي", 'ـ': ""}
	for base, with := range map[string]string{
		"a": "áàâäãåāăą", "c": "çćčĉ", "d": "ď", "e": "éèêëēėęě", "g": "ğģĝ", "i": "íìîïīįı", "l": "ľĺ", "n": "ñńňņ",
		"o": "óòôöõōő", "r": "řŕ", "s": "śšşșŝ", "t": "ťțţ", "u": "úùûüūůűų", "y": "ýÿ", "z": "źżž",
	} {
		for _, r := range with {
			m[r] = base
		}
	}
	return m
}()

// fold gives the form in which words are compared: lower case, without accents.
func fold(s string) string {
	if plainASCII(s) {
		return strings.ToLower(s)
	}
	var out strings.Builder
	for _, r := range strings.ToLower(s) {
		base, known := accents[r]
		switch {
		case known:
			out.WriteString(base)
		case r >= 0x300 && r < 0x370 || r >= 0x64b && r <= 0x65f: // combining accents, Arabic vowels
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// singular takes the plural off an English word in lower case; what it makes of
// other words is never shown.
func singular(w string) string {
	switch n := len(w); {
	case n < 4 || !strings.HasSuffix(w, "s"), strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "xes"):
		return w[:n-2]
	}
	return w[:len(w)-1]
}

// found is a phrase of a text.
type found struct {
	key  string // of its words, parted by spaces
	form string
}

// phrase joins tokens.
func phrase(tokens []token) found {
	if len(tokens) == 1 {
		return found{tokens[0].key, tokens[0].form}
	}
	keys, forms := make([]string, len(tokens)), make([]string, len(tokens))
	for i, t := range tokens {
		keys[i], forms[i] = t.key, t.form
	}
	return found{strings.Join(keys, " "), strings.ReplaceAll(strings.Join(forms, " "), "' ", "'")}
}

// grams gives every run of one to three words that neither begins nor ends with
// a word that names nothing, and hashtags by themselves.
func grams(tokens []token, lang string) (out []found) {
	list := emptyOf(lang)
	names := func(t token) emptiness {
		if utf8.RuneCountInString(t.plain) < 2 || t.space || strings.HasSuffix(t.form, "'") {
			return empty // the last is an article that lost its vowel
		}
		return list[t.plain]
	}
	for i, t := range tokens {
		first := names(t)
		if t.class == tag && first == full {
			out = append(out, phrase(tokens[i:i+1]))
		}
		if t.class != word || first == empty {
			continue
		}
		least := first
		for end := i; end < min(i+3, len(tokens)) && tokens[end].class == word && !tokens[end].space; end++ {
			last := names(tokens[end])
			if least = min(least, last); last != empty && least == full {
				out = append(out, phrase(tokens[i:end+1]))
			}
		}
	}
	return out
}
