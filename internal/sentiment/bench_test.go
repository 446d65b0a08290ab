package sentiment_test

import (
	"testing"

	"adalid/internal/sentiment"
)

// posts are invented ones of the usual lengths and languages.
var posts = []struct{ text, lang string }{
	{"@novacoffee your new Ethiopian beans are AMAZING!! 3rd bag this month ☕️ #coffee https://t.example/aB3dE9", "en"},
	{"The queue was long and nobody said sorry, but the espresso made up for it &amp; the staff is lovely", "en"},
	{"no coffee today :(", "en"},
	{"Nova Coffee opens its 25th shop in Zürich next week, we will be there at nine with @zuri_eats", "en"},
	{"Me fui de Café Lumbre a Nova Coffee y feliz, ¡qué diferencia de trato! #CaféDeVerdad", "es"},
	{"Der Kaffee ist leider kalt, aber die Leute sind sehr nett 😊", "de"},
	{"J'ai attendu 20 minutes pour un café froid, plus jamais chez Nova Coffee", "fr"},
	{"Non vedo l'ora di provare il nuovo caffè di @novacoffee 😍", "it"},
	{"mal posso esperar pela loja nova da Nova Coffee aqui em Recife!!", "pt"},
	{"قهوه رائعه والخدمه ممتازه", "ar"},
}

func benchmark(b *testing.B, about *sentiment.Terms) {
	m := shipped(b)
	n, bytes := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		p := posts[n%len(posts)]
		m.Judge(p.text, p.lang, about)
		n++
		bytes += len(p.text)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(bytes)/float64(n), "bytes/text")
}

func BenchmarkScore(b *testing.B) { benchmark(b, nil) }

func BenchmarkScoreTowards(b *testing.B) {
	benchmark(b, sentiment.NewTerms("Nova Coffee", "@novacoffee"))
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		shipped(b)
	}
}
