package bench

import (
	"testing"

	"github.com/jonreiter/govader"

	"adalid/internal/sentiment"
)

// ten are the posts of BenchmarkScore in internal/sentiment: the usual
// lengths and languages, and few enough that caches hold all they need.
var ten = []post{
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

// BenchmarkSentiment scores ten posts and thousands of different English
// ones. How often each is right is in docs/sentiment.md.
func BenchmarkSentiment(b *testing.B) {
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		b.Fatal(err)
	}
	v := govader.NewSentimentIntensityAnalyzer()
	english := demoPosts(b, "en")
	for _, set := range []struct {
		name  string
		posts []post
	}{{"ten", ten}, {"thousands", english}} {
		b.Run(set.name+"/adalid", func(b *testing.B) {
			measure(b, set.posts, func(p post) { m.Judge(p.text, p.lang, nil) })
		})
		b.Run(set.name+"/govader", func(b *testing.B) {
			measure(b, set.posts, func(p post) { v.PolarityScores(p.text) })
		})
	}
}
