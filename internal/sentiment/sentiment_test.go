package sentiment_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"adalid"
	"adalid/internal/sentiment"
)

func shipped(t testing.TB) *sentiment.Model {
	t.Helper()
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOnlyKnownLanguagesAreScored(t *testing.T) {
	m := shipped(t)
	for _, lang := range []string{"en", "EN", "en-US", "en_GB", "es-419", "pt-BR", "it", "fr", "de-CH", "hi-Latn"} {
		if got := m.Score("I love this coffee", lang, nil); got == nil {
			t.Errorf("tag %q: unknown", lang)
		}
	}
	for _, lang := range []string{"", "und", "ja", "eng", "enm", "-en", "zxx", "ca", "gl", "eu", "ru"} {
		if got := m.Score("I love this coffee", lang, nil); got != nil {
			t.Errorf("tag %q: %+v, want unknown", lang, got)
		}
	}
}

// A tag says little where the letters are another language's.
func TestForeignLettersAreUnknown(t *testing.T) {
	m := shipped(t)
	for _, tt := range []struct{ text, lang string }{
		{"このコーヒーが大好き", "en"}, {"यह कॉफी अच्छी है", "hi"}, {"Я люблю этот кофе", "es"}, {"I love this coffee shop", "ja"},
	} {
		if got := m.Score(tt.text, tt.lang, nil); got != nil {
			t.Errorf("%q as %s: %+v, want unknown", tt.text, tt.lang, got)
		}
	}
}

func TestNothingToJudgeIsUnknown(t *testing.T) {
	m := shipped(t)
	for _, text := range []string{"", "  \n", "@nova", "https://t.example/great", "@ana@social.example @nova-cafe.example\thttp://x.example/a", "25", "!?"} {
		if got := m.Score(text, "en", nil); got != nil {
			t.Errorf("%q: %+v, want unknown", text, got)
		}
	}
}

// Without a tag the identifier is asked, with one it is not.
func TestIdentify(t *testing.T) {
	asked := 0
	m, err := sentiment.New(sentiment.Options{Identify: func(string) string { asked++; return "es" }})
	if err != nil {
		t.Fatal(err)
	}
	if j := m.Judge("me encanta este café", "", nil); j.Lang != "es" || sentiment.Label(j.Sentiment) != adalid.Positive {
		t.Errorf("%+v, want positive in es", j)
	}
	if j := m.Judge("I love this coffee", "en", nil); j.Lang != "en" || asked != 1 {
		t.Errorf("%+v, asked %d times", j, asked)
	}
}

func TestConcurrentUse(t *testing.T) {
	m := shipped(t)
	about := sentiment.NewTerms("Nova Coffee")
	want := make([]sentiment.Judgement, len(posts))
	for i, p := range posts {
		want[i] = m.Judge(p.text, p.lang, about)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 300 {
				k := i % len(posts)
				if got := m.Judge(posts[k].text, posts[k].lang, about); got != want[k] {
					t.Errorf("%q: %v, want %v", posts[k].text, got, want[k])
				}
			}
		})
	}
	wg.Wait()
}

func TestNoAllocations(t *testing.T) {
	m := shipped(t)
	about := sentiment.NewTerms("Nova Coffee", "@novacoffee")
	var f sentiment.Features
	all := func() {
		for _, p := range posts {
			m.Judge(p.text, p.lang, nil)
			m.Judge(p.text, p.lang, about)
			m.Features(p.text, p.lang, about, &f)
		}
	}
	all()
	if raceDetector {
		t.Skip("the race detector makes the pool allocate")
	}
	if n := testing.AllocsPerRun(100, all); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// Features build the same answer as Judge, so that a model on top of them
// starts where the shipped one ends.
func TestFeatures(t *testing.T) {
	m := shipped(t)
	var f sentiment.Features
	for _, p := range posts {
		j := m.Judge(p.text, p.lang, nil)
		if !m.Features(p.text, p.lang, nil, &f) || !j.Known {
			t.Fatalf("%q is unknown", p.text)
		}
		top := math.Exp(f.Logits[2]) / (math.Exp(f.Logits[0]) + math.Exp(f.Logits[1]) + math.Exp(f.Logits[2]))
		if math.Abs(top-j.Positive) > 1e-6 {
			t.Errorf("%q: %v by the logits, %v judged", p.text, top, j.Positive)
		}
		for _, b := range append(f.Words, f.Chars...) {
			if int(b) >= m.Buckets() {
				t.Fatalf("bucket %d of %d", b, m.Buckets())
			}
		}
	}
	if m.Features("コーヒー", "ja", nil, &f) {
		t.Error("Japanese has features")
	}
}

func TestExplain(t *testing.T) {
	m := shipped(t)
	e := m.Explain("What a wonderful espresso", "en", nil, 5)
	if e.Sentiment == nil || len(e.Reasons) != 5 {
		t.Fatalf("%+v", e)
	}
	if j := m.Judge("What a wonderful espresso", "en", nil); j.Sentiment != *e.Sentiment {
		t.Errorf("explained %v, judged %v", *e.Sentiment, j.Sentiment)
	}
	found := false
	for _, r := range e.Reasons {
		found = found || strings.Contains(r.Text, "wonderful") && r.Toward > 0
	}
	if !found {
		t.Errorf("wonderful is no reason among %+v", e.Reasons)
	}
	if e := m.Explain("コーヒー", "ja", nil, 5); e.Sentiment != nil || e.Reasons == nil {
		t.Errorf("%+v, want unknown with an empty list", e)
	}
	towards := m.Explain("Nova Coffee is so much better than Lumbre", "en", sentiment.NewTerms("lumbre"), 3)
	if sentiment.Label(*towards.Sentiment) != adalid.Negative || towards.Reasons[0].Kind != "brand" {
		t.Errorf("%+v", towards)
	}
}

func TestLoadRefusesDamage(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("{}\nhello"), "no header": []byte("hello"), "lengths": []byte(`{"format":1,"bits":20,"dense":24,"lexicon":-4}` + "\n")} {
		if _, err := sentiment.Load(data, sentiment.Options{}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, text := range []string{
		"I love it", "never so bad, without doubt", "no no nor good", "but", "😍😍", "&amp;lt;3 &#0; &#x110000;", "@", "@a.", "@a..b", "http://", "HTTPS://x",
		"\xff\xfe", "a\u2028b", "’", "!!!???", `\u2019 \ud83d\ude00 \ud83d \u12`, "#ACaféDeVerdad_2 #", "#\u0301\u0302", "l'aria c'est l'", ":-) :'( <3 &lt;3 :D :", "acme > b", "from acme to b", `\u19d83d8`,
	} {
		f.Add(text, "en")
		f.Add(text, "es")
		f.Add(text, "ar")
	}
	m, about := shipped(f), sentiment.NewTerms("acme", "@", "nova coffee")
	f.Fuzz(func(t *testing.T, text, lang string) {
		for _, terms := range []*sentiment.Terms{nil, about} {
			j := m.Judge(text, lang, terms)
			if !j.Known {
				continue
			}
			for _, p := range []float64{j.Negative, j.Neutral, j.Positive} {
				if !(p >= 0 && p <= 1) {
					t.Fatalf("%q: %+v", text, j)
				}
			}
			if sum := j.Negative + j.Neutral + j.Positive; math.Abs(sum-1) > 1e-12 {
				t.Fatalf("%q: %+v sums to %v", text, j, sum)
			}
		}
		checkSum(t, m, text, lang, about, 5)
	})
}

// TestSigns: a text that says all by emoji is in no language and is judged all
// the same, beside a name too; one in a language that nobody knows is not.
func TestSigns(t *testing.T) {
	m, err := sentiment.New(sentiment.Options{Identify: func(text string) string {
		return map[string]string{"molt bé 😍": "ca", "買って 😡": "ja"}[text]
	}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]adalid.Label{
		"😍😍😍": adalid.Positive, "😡😡😡": adalid.Negative, "Acme 😍": adalid.Positive, "Nova Coffee 🤮": adalid.Negative, ":(": adalid.Negative,
	} {
		for _, tag := range []string{"", "und"} {
			if s := m.Score(text, tag, nil); s == nil || s.Label() != want {
				t.Errorf("%q: %+v, want %s", text, s, want)
			}
		}
	}
	for _, text := range []string{"molt bé 😍", "買って 😡", "@acme", "Acme Nova Zarlona Belanor 😍"} {
		if s := m.Score(text, "", nil); s != nil {
			t.Errorf("%q: %+v, want unknown", text, s)
		}
	}
	if s := m.Score("😍😍😍", "ja", nil); s != nil {
		t.Errorf("in Japanese: %+v, want unknown", s)
	}
}
