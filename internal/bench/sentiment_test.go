package bench

import (
	"testing"

	"github.com/jonreiter/govader"

	"adalid/internal/sentiment"
)

// BenchmarkSentiment scores English posts. How often each is right is in
// docs/sentiment.md.
func BenchmarkSentiment(b *testing.B) {
	english := demoPosts(b, "en")
	b.Run("adalid", func(b *testing.B) {
		m, err := sentiment.New(sentiment.Options{})
		if err != nil {
			b.Fatal(err)
		}
		measure(b, english, func(p post) { m.Judge(p.text, p.lang, nil) })
	})
	b.Run("govader", func(b *testing.B) {
		v := govader.NewSentimentIntensityAnalyzer()
		measure(b, english, func(p post) { v.PolarityScores(p.text) })
	})
}
