package match

import (
	"fmt"
	"strings"
	"testing"

	"adalid"
)

// benchTexts are short invented posts; half of them name the first brands.
func benchTexts() []Doc {
	texts := []string{
		"Just had the best flat white of my life at Acme Coffee, thank you @acme!! #acmelove https://example.com/p/123",
		"Alguien sabe si el café de la esquina abre mañana por la mañana? Quiero probar el nuevo tueste 🔥",
		"The weather is terrible today and my bus is late again. Nothing to do with anything, I just want to sleep.",
		"RT @someone: Brand3 and brand7 announced a partnership, but nobody asked for it &amp; it shows",
		"No entiendo por qué todo el mundo habla de esto, la verdad es que no es para tanto.",
		"brand5 support was great today: answered in two minutes, solved the whole thing. Would recommend to anyone",
	}
	var docs []Doc
	for _, t := range texts {
		docs = append(docs, Doc{Text: t, Lang: "en", Platform: "x", Author: "someone"})
	}
	return docs
}

func benchBrands(n int) []adalid.Brand {
	brands := []adalid.Brand{{Name: "Acme", Query: `acme OR #acmelove`, Own: []adalid.OwnAccount{{Platform: "x", Handle: "acme"}}}}
	for i := 1; i < n; i++ {
		brands = append(brands, adalid.Brand{Name: fmt.Sprint("b", i), Query: fmt.Sprintf(`(brand%d OR "brand %d" OR @brand%d) -discount%d`, i, i, i, i)})
	}
	return brands
}

func benchmarkBrands(b *testing.B, n int, spans bool) {
	m, err := Compile(benchBrands(n))
	if err != nil {
		b.Fatal(err)
	}
	docs := benchTexts()
	var hits []Hit
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if spans {
			hits = m.Match(docs[i%len(docs)], hits[:0])
		} else {
			hits = m.Brands(docs[i%len(docs)], hits[:0])
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{1, 10, 1000} {
		b.Run(fmt.Sprintf("brands=%d", n), func(b *testing.B) { benchmarkBrands(b, n, false) })
		b.Run(fmt.Sprintf("brands=%d/spans", n), func(b *testing.B) { benchmarkBrands(b, n, true) })
	}
}

func BenchmarkTerms(b *testing.B) {
	for _, n := range []int{1, 10, 1000} {
		terms := []string{"acme"}
		for i := 1; i < n; i++ {
			terms = append(terms, fmt.Sprintf("term%d", i))
		}
		m, err := Compile([]adalid.Brand{{Name: "one", Query: strings.Join(terms, " OR ")}})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("terms=%d", n), func(b *testing.B) {
			docs := benchTexts()
			var hits []Hit
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				hits = m.Brands(docs[i%len(docs)], hits[:0])
				i++
			}
			b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(`(acme OR "acme coffee" OR #acme* OR @acme) (love NEAR/5 coffee) -discount lang:es`); err != nil {
			b.Fatal(err)
		}
	}
}
