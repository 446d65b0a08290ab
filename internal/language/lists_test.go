package language

import (
	"slices"
	"testing"
)

func TestWordLists(t *testing.T) {
	t.Parallel()
	l := wordLists()
	if len(l.names) > 64 {
		t.Fatalf("%d lists: a set has 64 bits", len(l.names))
	}
	used := 0
	for _, p := range l.places {
		if p.set != 0 {
			used++
		}
	}
	if used*5 > len(l.places)*3 {
		t.Errorf("%d of %d places are used: too full to be fast", used, len(l.places))
	}
	for i, name := range l.names {
		if l.script[i] == none || len(l.first[i]) < 10 && l.script[i] == latin || Normalise(name) != name {
			t.Errorf("list %q: script %d, %d words", name, l.script[i], len(l.first[i]))
		}
	}
	if lang, votes, own, lead := l.vote(read("i doncs què passa"), latin, 0); lang != "ca" || votes < 3 || own < 1 || lead < 1 {
		t.Errorf("%q with %d, leading by %d", lang, votes, lead)
	}
}

func read(text string) []uint32 {
	var r reading
	r.read(text, true)
	return slices.Clone(r.words[:r.wordCount])
}

// What does not count leaves nothing behind, and what is written in two ways
// reads the same.
func TestReading(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, same string }{
		{"Hola, qué tal", "hola QUÉ tal!!"},
		{"RT @ana: hola", "hola"},
		{"hola http://t.example/qué?x=y#z adiós", "hola adiós"},
		{"hola HTTPS://t.example", "hola"},
		{"hola www.t.example/que", "hola"},
		{"hola http http", "hola"},
		{"hola pic.t.example/Que-Tal adiós.bueno", "hola adiós bueno"},
		{"@ana_1 hola @casa.example @bob@social.example", "hola"},
		{"hola &amp; adiós &#39;", "hola adiós"},
		{"hola 2026 😀 1.000,50", "hola"},
		{"buen día #BuenDía", "buen día buen día"},
		{"buen día #buen_día", "buen día buen día"},
		{"holaaaaaaa", "holaa"},
		{"don’t", "don't"},
		{`don\u2019t`, "don't"},
		{"'hola'", "hola"},
		{`qu\u00e9 q\x`, "qué q x"},
	} {
		var a, b reading
		a.read(tt.text, true)
		b.read(tt.same, true)
		if !slices.Equal(a.features[:a.n], b.features[:b.n]) {
			t.Errorf("%q and %q read differently: %d and %d features", tt.text, tt.same, a.n, b.n)
		}
	}
	var a reading
	a.read("hola #adiós", false)
	if want := read("hola"); !slices.Equal(a.words[:a.wordCount], want) {
		t.Error("words of hashtags count though they were not asked for")
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	for i := range ranges {
		if ranges[i].first > ranges[i].last || i > 0 && ranges[i].first <= ranges[i-1].last {
			t.Errorf("range %x is out of order", ranges[i].first)
		}
	}
	for script := latin + 1; script < scripts; script++ {
		if only[script] == "" {
			t.Errorf("script %d names no language", script)
		}
	}
	for char, want := range map[rune]uint8{'é': latin, 'ß': latin, '×': none, '÷': none, 'ж': cyrillic, '日': han, 'の': kana, '한': hangul, '،': none, 'ب': arabic, '😀': none, 'ﬁ': none} {
		if got := scriptOf(char); got != want {
			t.Errorf("%q: script %d, want %d", char, got, want)
		}
	}
}
