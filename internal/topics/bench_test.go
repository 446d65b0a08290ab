package topics

import "testing"

func benchmark(b *testing.B, lang string) {
	l := &list{}
	for _, m := range planted().mentions {
		if m.Lang == lang {
			l.mentions = append(l.mentions, m)
		}
	}
	f := New(Options{Source: l})
	if _, err := f.english(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		l.version++ // nothing is kept
		if _, err := f.Find(b.Context(), Query{Brand: tea, Limit: 10}); err != nil {
			b.Fatal(err)
		}
		n += len(l.mentions)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkEnglish(b *testing.B) { benchmark(b, "en") }
func BenchmarkSpanish(b *testing.B) { benchmark(b, "es") }

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newTagger(); err != nil {
			b.Fatal(err)
		}
	}
}
