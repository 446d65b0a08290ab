package relevance

import (
	"strings"
	"testing"
)

// named is a post with every place of the brand's word marked.
func named(text, term string) Post {
	p := Post{Text: text, Lang: "es"}
	low := strings.ToLower(text)
	for at := 0; ; {
		i := strings.Index(low[at:], term)
		if i < 0 {
			return p
		}
		p.Terms = append(p.Terms, Span{at + i, at + i + len(term)})
		at += i + len(term)
	}
}

// TestDraftExclusions: one mark is enough for a word, never the brand's own, and
// never one that what is ours is full of.
func TestDraftExclusions(t *testing.T) {
	var pool []Post
	for range 6 {
		pool = append(pool, named("El café de Lumbre por la noche es otra liga", "lumbre"), named("Tercera bolsa de Lumbre este mes", "lumbre"))
	}
	wrong := Mark{Post: named("Noche de lumbre y guitarra en el refugio de montaña", "lumbre")}
	words := func(marks ...Mark) (out []string) {
		for _, e := range DraftExclusions(marks, pool, 3) {
			if e.MarkedNot == 0 || e.MarkedAbout != 0 {
				t.Errorf("%+v", e)
			}
			out = append(out, e.Query)
		}
		return out
	}
	got := words(wrong)
	if len(got) != 3 || !strings.Contains(strings.Join(got, " "), "guitarra") {
		t.Error(got)
	}
	for _, w := range got {
		if w == "-lumbre" || w == "-noche" {
			t.Errorf("%s takes away what is ours", w)
		}
	}
	second := Mark{Post: named("La guitarra junto a la lumbre", "lumbre")}
	if got := words(wrong, second); len(got) == 0 || got[0] != "-guitarra" {
		t.Errorf("of two wrong posts the word of both comes first, not %v", got)
	}
	ours := Mark{Post: named("Guitarra y un buen Lumbre en la cafetería", "lumbre"), About: true}
	for _, w := range words(wrong, ours) {
		if strings.Contains(w, "guitarra") {
			t.Errorf("%s stands in a post that is ours", w)
		}
	}
	if got := DraftExclusions(nil, pool, 3); len(got) != 0 {
		t.Error(got)
	}
}
