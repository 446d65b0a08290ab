package topics

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzText: whatever strangers write, phrases come out short, legible and in
// bounded number, and the tagger sees every token once.
func FuzzText(f *testing.F) {
	tagger, err := newTagger()
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		"", "I love the night blend", "la atención al cliente", "\xff\xfe\x00", strings.Repeat("a", 5000), strings.Repeat("é ", 5000),
		"ȺȺȺȺȺȺ's İİİİn't", "#", "@", "# #a @ @@", "https://", "&#0;&amp;&lt;", "'''", "a'b'c-d--e", "U.S. Mr. $5 (x) [y]", "\u202e\u200d\u0301",
		"お茶が大好き", "ชา", "مرحبا بالعالم", strings.Repeat("\u0301", 900), "👩‍👩‍👧‍👦 tea", "-NONE- *T*-1 0 -", "it's they'll n't don't",
	} {
		f.Add(text, "nova")
	}
	f.Fuzz(func(t *testing.T, text, own string) {
		terms := newTerms(ownTerms(tea))
		more := newTerms([]string{own})
		_, _ = queryTerms(own)
		for _, lang := range []string{"en", "es", "fr", "", "ja"} {
			cut := legible(text, longestText)
			if len(cut) > 3*longestText || !utf8.ValidString(cut) {
				t.Fatalf("%d bytes, valid %t", len(cut), utf8.ValidString(cut))
			}
			tokens := more.mark(terms.mark(scan(cut, lang)))
			out := grams(tokens, lang)
			if lang == "en" {
				out = append(out, tagger.nounPhrases(tokens)...)
			}
			if len(out) > 6*len(tokens) {
				t.Fatalf("%d phrases of %d tokens", len(out), len(tokens))
			}
			for _, p := range out {
				if p.key == "" || !utf8.ValidString(p.form) || strings.ContainsAny(p.form, "@#\n\x00") {
					t.Fatalf("phrase %q of %q", p.form, text)
				}
			}
			_ = unreadable(tokens)
		}
	})
}
