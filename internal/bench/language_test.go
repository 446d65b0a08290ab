package bench

import (
	"strings"
	"testing"

	"github.com/abadojack/whatlanggo"
	"github.com/pemistahl/lingua-go"

	"adalid/internal/language"
)

// BenchmarkLanguage tells the language of a thousand posts without a tag. The
// peers are told which languages there may be, six in Latin script; Adalid
// chooses among some sixty.
func BenchmarkLanguage(b *testing.B) {
	all := demoPosts(b, "en", "es")
	var some []post
	for i := range 1000 {
		some = append(some, all[i*len(all)/1000])
	}
	identify(b, "adalid", some, func(text string) string {
		tag, _ := language.Identify("", text)
		return tag
	})
	options := whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{
		whatlanggo.Eng: true, whatlanggo.Spa: true, whatlanggo.Por: true, whatlanggo.Fra: true, whatlanggo.Deu: true, whatlanggo.Ita: true,
	}}
	identify(b, "whatlanggo", some, func(text string) string {
		return whatlanggo.DetectLangWithOptions(text, options).Iso6391()
	})
	detector := lingua.NewLanguageDetectorBuilder().
		FromLanguages(lingua.English, lingua.Spanish, lingua.Portuguese, lingua.French, lingua.German, lingua.Italian).
		WithPreloadedLanguageModels().Build()
	identify(b, "lingua", some, func(text string) string {
		l, _ := detector.DetectLanguageOf(text)
		return strings.ToLower(l.IsoCode639_1().String())
	})
}

// identify measures one of them and reports the percentage it has right.
func identify(b *testing.B, name string, posts []post, tag func(string) string) {
	b.Run(name, func(b *testing.B) {
		right := 0
		for _, p := range posts {
			if tag(p.text) == p.lang {
				right++
			}
		}
		measure(b, posts, func(p post) { tag(p.text) })
		b.ReportMetric(100*float64(right)/float64(len(posts)), "%right")
	})
}
