package language_test

import (
	"testing"

	"adalid/internal/language"
)

// BenchmarkIdentify tells the language of untagged posts, one after the other.
func BenchmarkIdentify(b *testing.B) {
	total := 0
	for _, p := range posts {
		total += len(p.text)
	}
	b.SetBytes(int64(total / len(posts)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		language.Identify("", posts[i%len(posts)].text)
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

// BenchmarkTagged is what a post costs whose platform says its language.
func BenchmarkTagged(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		language.Identify("es-MX", posts[0].text)
	}
}

// BenchmarkReal does the same on the validation texts, which are longer.
func BenchmarkReal(b *testing.B) {
	var texts []string
	for _, lang := range sevenLanguages {
		texts = append(texts, validation(b, lang)...)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		language.Identify("", texts[i%len(texts)])
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}
