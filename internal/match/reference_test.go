package match

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"adalid"
)

// The reference: the rules of the language as plainly as possible, without
// automaton, offsets or flags. It knows the emoji, entities and signs that the
// generators below use, nothing more.

// refUnit is a word, a character of a script without spaces, or an emoji.
type refUnit struct {
	text string
	seps string // the separators before it
	free bool   // not attached to the unit before: separators or an emoji lie between
	sign rune   // # or @ when it starts a hashtag or a handle
	pict bool
	cut  bool // … follows at once
}

var (
	refPictures = []string{"👩‍💻", "👍🏽", "👍", "🔥", "❤", "🇪🇸"}
	refEntities = strings.NewReplacer("&amp;", "&", "&#39;", "'", "&lt;", "<", "&eacute;", "é")
	refScripts  = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul}
)

func refDense(r rune) bool { return unicode.In(r, refScripts...) || r == 'ー' }

func refAttached(r rune) bool {
	return r == 0x3099 || r == 0x309A || r == 'ー' || r >= 0x1160 && r <= 0x11FF
}

func refUnits(text string) []refUnit {
	text = refEntities.Replace(text)
	text = strings.NewReplacer("\u00ad", "", "\ufe0f", "", "…", "\x01").Replace(text)
	text = norm.NFKD.String(text)
	text = strings.NewReplacer("ß", "ss", "ẞ", "ss", "\u0301", "", "\u0303", "").Replace(strings.ToLower(text))
	var units []refUnit
	seps, inWord := "", false
next:
	for text != "" {
		for _, p := range refPictures {
			if strings.HasPrefix(text, p) {
				units = append(units, refUnit{text: p, seps: seps, free: true, pict: true})
				text, seps, inWord = text[len(p):], "", false
				continue next
			}
		}
		r, n := utf8.DecodeRuneInString(text)
		text = text[n:]
		last := len(units) - 1
		joined := seps == "" && last >= 0 && !units[last].pict
		switch {
		case refAttached(r) && joined:
			units[last].text += string(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' || refAttached(r):
			if joined && inWord && !refDense(r) {
				units[last].text += string(r)
				continue
			}
			units = append(units, refUnit{text: string(r), seps: seps, free: !joined, sign: refSign(units, seps)})
			seps, inWord = "", !refDense(r) && !refAttached(r)
		default:
			if r == 1 && joined {
				units[last].cut = true
			}
			seps += string(r)
		}
	}
	return units
}

// refSign tells whether the separators make the word after them a hashtag or
// a handle.
func refSign(before []refUnit, seps string) rune {
	if seps == "" {
		return 0
	}
	sign, rest := rune(seps[len(seps)-1]), seps[:len(seps)-1]
	if sign != '#' && sign != '@' {
		return 0
	}
	if rest == "" && len(before) > 0 {
		last, _ := utf8.DecodeLastRuneInString(before[len(before)-1].text)
		if !before[len(before)-1].pict && !refDense(last) && !refAttached(last) {
			return 0 // in the middle of a word
		}
	}
	forbidden := "&/"
	if sign == '@' {
		forbidden = "!#$%&*@/"
	}
	if rest != "" && strings.ContainsRune(forbidden, rune(rest[len(rest)-1])) {
		return 0
	}
	return sign
}

func refHas(text, want string, openStart, openEnd bool) bool {
	switch {
	case openStart && openEnd:
		return strings.Contains(text, want)
	case openStart:
		return strings.HasSuffix(text, want)
	case openEnd:
		return strings.HasPrefix(text, want)
	}
	return text == want
}

// refFind gives the first and last unit of each place where the term written
// text stands.
func refFind(units []refUnit, text string) (places [][2]int) {
	kind := rune(0)
	if text[0] == '#' || text[0] == '@' {
		kind, text = rune(text[0]), text[1:]
	}
	text = strings.Trim(text, `"`)
	openStart, openEnd := strings.HasPrefix(text, "*"), strings.HasSuffix(text, "*")
	want := refUnits(strings.Trim(text, "*"))
	gaps, whole := false, ""
	for i, u := range want {
		gaps = gaps || i > 0 && u.free
		whole += u.text
	}
	for i := range units {
		if kind != 0 || gaps {
			if last, ok := refJoined(units, i, whole, kind, openStart, openEnd); ok {
				places = append(places, [2]int{i, last})
				continue
			}
		}
		if kind == 0 && i+len(want) <= len(units) && refSequence(units[i:i+len(want)], want, openStart, openEnd) {
			places = append(places, [2]int{i, i + len(want) - 1})
		}
	}
	return places
}

// refJoined tells whether a hashtag or handle that starts at unit i is whole.
func refJoined(units []refUnit, i int, whole string, kind rune, openStart, openEnd bool) (last int, ok bool) {
	u := units[i]
	if u.sign == 0 || kind != 0 && u.sign != kind {
		return 0, false
	}
	last = i
	text := u.text
	for u.sign == '#' && last+1 < len(units) && !units[last+1].free {
		last++
		text += units[last].text
	}
	return last, !(u.sign == '@' && u.cut) && refHas(text, whole, openStart, openEnd)
}

func refSequence(units, want []refUnit, openStart, openEnd bool) bool {
	for j, w := range want {
		if !refHas(units[j].text, w.text, openStart && j == 0, openEnd && j == len(want)-1) {
			return false
		}
		if j > 0 && (w.free != units[j].free || w.seps == "&" && !strings.Contains(units[j].seps, "&")) {
			return false
		}
	}
	return true
}

func refEval(n *node, units []refUnit) bool {
	switch n.op {
	case opTerm:
		return len(refFind(units, n.term.text)) > 0
	case opNot:
		return !refEval(n.kids[0], units)
	case opAnd:
		return refEval(n.kids[0], units) && (len(n.kids) == 1 || refEval(&node{op: opAnd, kids: n.kids[1:]}, units))
	case opOr:
		return refEval(n.kids[0], units) || len(n.kids) > 1 && refEval(&node{op: opOr, kids: n.kids[1:]}, units)
	}
	for _, a := range refPlaces(n.kids[0], units) { // NEAR
		for _, b := range refPlaces(n.kids[1], units) {
			if d := b[0] - a[1]; d >= 1 && d <= n.near {
				return true
			}
			if d := a[0] - b[1]; d >= 1 && d <= n.near {
				return true
			}
		}
	}
	return false
}

func refPlaces(n *node, units []refUnit) (places [][2]int) {
	if n.op == opTerm {
		return refFind(units, n.term.text)
	}
	for _, k := range n.kids {
		places = append(places, refPlaces(k, units)...)
	}
	return places
}

var textPieces = []string{
	"acme", "Acme", "ACMÉ", "pacmen", "coffee", "acmecoffee", "love", "johnson", "a", "b", "ab", "aba", "ba", "c", "e\u0301", "ñ", "ß",
	"東", "京", "東京", "か", "が", "か\u3099", "カ", "ー", "한국", "한", "👍", "👍🏽", "🔥", "👩‍💻", "❤️", "🇪🇸", "_", "1", "#", "@", "#a", "@a",
	"&", "&amp;", "&#39;", "&lt;", "&eacute;", " ", " ", " ", " ", ".", "-", "/", "…", "+", "!", "\u00ad", "\u0301",
}

func genText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(textPieces), 0, 24).Draw(t, "pieces"), "")
	})
}

var leafPieces = []string{
	`acme`, `Acmé`, `pacmen`, `a`, `b`, `ab`, `aba`, `ab*`, `*ab`, `*ab*`, `*me`, `ac*`, `*cm*`, `"acme coffee"`, `"acme coff*"`, `"*me coffee"`,
	`"a b"`, `"a a"`, `a&b`, `"johnson & johnson"`, `#acme`, `#acme*`, `#*coffee`, `#*me*`, `#a`, `@a`, `@acme`, `@ac*`, `@*me`, `@*cm*`,
	`東京`, `東`, `"東 京"`, `*京*`, `#東*`, `か`, `が`, `カー`, `한`, `한국`, `👍`, `👍🏽`, `🔥`, `❤️`, `👩‍💻`, `"a 🔥"`, `ñ`, `ss`, `é`, `1`, `a_1`, `"1 a*"`, `a東`,
}

func genQuery(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		leaf := func(label string) string { return rapid.SampledFrom(leafPieces).Draw(t, label) }
		if depth == 0 {
			return leaf("leaf")
		}
		sub := func(label string) string { return genQuery(depth-1).Draw(t, label) }
		switch rapid.IntRange(0, 5).Draw(t, "form") {
		case 0:
			return "(" + sub("l") + " OR " + sub("r") + ")"
		case 1:
			return "(" + sub("l") + " AND " + sub("r") + ")"
		case 2:
			return "(" + sub("l") + " -" + leaf("not") + ")"
		case 3:
			return "(" + sub("l") + " NOT (" + sub("r") + "))"
		case 4:
			return "(" + leaf("l") + " NEAR/" + itoa(rapid.IntRange(1, 4).Draw(t, "n")) + " (" + leaf("r") + " OR " + leaf("s") + "))"
		}
		return leaf("leaf")
	})
}

// The matcher decides as the reference does, and its spans are the places of
// the reference.
func TestAgainstReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := genText().Draw(t, "text")
		query := genQuery(rapid.IntRange(0, 3).Draw(t, "depth")).Draw(t, "query")
		q, err := Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Compile([]adalid.Brand{{Query: "zzz"}, {Query: query}})
		if err != nil {
			t.Fatal(err)
		}
		units := refUnits(text)
		want := refEval(q.root, units)
		hits := m.Match(Doc{Text: text}, nil)
		if got := len(hits) == 1; got != want {
			t.Fatalf("%s | %q: %v, the reference says %v\nunits %+v", query, text, got, want, units)
		}
		if fast := m.Brands(Doc{Text: text}, nil); (len(fast) == 1) != want {
			t.Fatalf("%s | %q: without spans %v, the reference says %v", query, text, len(fast) == 1, want)
		}
		if want {
			checkSpans(t, text, hits[0].Spans)
		}
		if want && q.root.op == opTerm {
			if places := refFind(units, q.root.term.text); len(places) != len(hits[0].Spans) {
				t.Fatalf("%s | %q: spans %+v, the reference says %v in %+v", query, text, hits[0].Spans, places, units)
			}
		}
	})
}

// checkSpans tells whether the spans lie in the text, in order, and hold what
// their terms ask for.
func checkSpans(t interface{ Fatalf(string, ...any) }, text string, spans []Span) {
	for i, s := range spans {
		if s.Start < 0 || s.Start >= s.End || s.End > len(text) {
			t.Fatalf("%q: span %+v is out of bounds", text, s)
		}
		if i > 0 && s.Start < spans[i-1].Start {
			t.Fatalf("%q: spans are not in order: %+v", text, spans)
		}
		q, err := Parse(s.Term)
		if err != nil {
			t.Fatalf("term %q of a span: %v", s.Term, err)
		}
		lit := q.root.term.key.lit
		folded := foldAll(text[s.Start:s.End])
		if !strings.Contains(folded, lit) && !strings.Contains(folded, strings.ReplaceAll(lit, " ", "")) {
			t.Fatalf("%q: span %+v holds %q, not %q", text, s, folded, lit)
		}
	}
}

func foldAll(s string) string {
	var f folder
	f.reset()
	f.text(s)
	f.finish()
	return string(f.buf)
}

// Folding what is folded changes nothing.
func TestFoldTwice(t *testing.T) {
	check := func(t *rapid.T, s string) {
		once := foldAll(s)
		if twice := foldAll(once); twice != once {
			t.Fatalf("%q folds to %q, that to %q", s, once, twice)
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, genText().Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "any")) })
}

// What String prints parses to the same query.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := genQuery(4).Draw(t, "query")
		q, err := Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("%s, printed as %s: %v", query, q, err)
		}
		if !sameNode(q.root, again.root) {
			t.Fatalf("%s is printed as %s, which is another query", query, q)
		}
	})
}

func sameNode(a, b *node) bool {
	if a.op != b.op || a.value != b.value || a.near != b.near || len(a.kids) != len(b.kids) {
		return false
	}
	if a.op == opTerm && (a.term.key != b.term.key || a.term.text != b.term.text) {
		return false
	}
	for i := range a.kids {
		if !sameNode(a.kids[i], b.kids[i]) {
			return false
		}
	}
	return true
}
