package sentiment_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/sentiment"
)

// explainer is the model, with a residual or without.
type explainer interface {
	judge
	Explain(text, lang string, about *sentiment.Terms, limit int) sentiment.Explanation
}

// checkSum holds an explanation to what it promises: it is of the judgement, and
// its reasons with the rest sum to the log-odds.
func checkSum(t *testing.T, m explainer, text, lang string, about *sentiment.Terms, limit int) sentiment.Explanation {
	t.Helper()
	e, want := m.Explain(text, lang, about, limit), m.Score(text, lang, about)
	if (e.Sentiment == nil) != (want == nil) || (e.Unknown == "") != (want != nil) {
		t.Fatalf("%q: %+v explained, %+v judged", text, e, want)
	}
	if want == nil {
		return e
	}
	if *e.Sentiment != *want {
		t.Errorf("%q: explained %v, judged %v", text, *e.Sentiment, *want)
	}
	toward, opinion := e.Rest.Toward, e.Rest.Opinion
	for _, r := range e.Reasons {
		toward, opinion = toward+r.Toward, opinion+r.Opinion
		if r.Text == "" || r.Kind == "" || (r.Code != "") != (r.Kind == sentiment.ByForm || r.Text == "what is said of the brand") {
			t.Errorf("%q: the reason %+v", text, r)
		}
		if r.Code == "" && !strings.Contains(text, r.Text) {
			t.Errorf("%q does not hold %q", text, r.Text)
		}
	}
	minus, none, plus := math.Log(want.Negative), math.Log(want.Neutral), math.Log(want.Positive)
	if math.Abs(toward-(plus-minus)) > 1e-3 || math.Abs(opinion-(plus+minus-2*none)/2) > 1e-3 {
		t.Errorf("%q: the reasons sum to %.5f and %.5f, the log-odds are %.5f and %.5f", text, toward, opinion, plus-minus, (plus+minus-2*none)/2)
	}
	return e
}

// TestExplanationsSum: with and without the brand's terms, and with a residual.
func TestExplanationsSum(t *testing.T) {
	m, about := shipped(t), sentiment.NewTerms("Nova Coffee", "@novacoffee")
	texts := append(posts[:len(posts):len(posts)], []struct{ text, lang string }{
		{"I can't wait to try the new blend at Nova Coffee 😍, it's NOT bad at all but slooow!!", "en"},
		{"Me fui de Nova Coffee a Lumbre, ¡¡y qué bien!! #MejorQueNunca #NoVuelvo @novacoffee https://a.example/x", "es"},
		{"mal posso esperar", "pt"},
		{"not good, not good, not good", "en"},
		{strings.Repeat("the sofa is zonked and lovely, never awful. ", 40), "en"},
		{"\u202egreat\u202c <b>great</b> &amp; gre\u0301at", "en"},
		{"الخدمة سيئة جدا", "ar"},
	}...)
	slang := func(i int) (string, adalid.Label) {
		return [...]string{"sick", "zonked", "lovely", "awful"}[i%4], [...]adalid.Label{adalid.Positive, adalid.Negative}[i%2]
	}
	residual, _ := m.Refit(invented(120, slang), about)
	adapted := m.With(residual)
	for _, p := range texts {
		for _, terms := range []*sentiment.Terms{nil, about} {
			for _, limit := range []int{1, 7, 10_000} {
				if e := checkSum(t, m, p.text, p.lang, terms, limit); e.Rest.Learned != 0 {
					t.Errorf("%q: something was learned without a residual", p.text)
				}
				checkSum(t, adapted, p.text, p.lang, terms, limit)
			}
		}
	}
	e := checkSum(t, m, "it is not good", "en", nil, 10_000)
	if !slices.ContainsFunc(e.Reasons, func(r sentiment.Reason) bool { return r.Text == "good" && r.Negated && r.Toward < 0 }) {
		t.Errorf("not good: %+v", e.Reasons)
	}
	e = checkSum(t, adapted, "the sofa is zonked", "en", nil, 3)
	if top := e.Reasons[0]; top.Text != "zonked" || top.For() != "negative" || top.Learned > -.1 || math.Abs(top.Learned) > 2*math.Abs(top.Toward) {
		t.Errorf("what decided about zonked: %+v", e.Reasons)
	}
}

// TestUnknownSaysWhy: why a text has no sentiment, and by which tag.
func TestUnknownSaysWhy(t *testing.T) {
	m, err := sentiment.New(sentiment.Options{Identify: func(text string) string {
		if strings.Contains(text, "cafè") {
			return "ca"
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, lang, tag string
		want            sentiment.Unknown
	}{
		{"quin cafè tan bo", "", "ca", sentiment.UnknownLanguage},
		{"素晴らしい", "ja", "ja", sentiment.UnknownLanguage},
		{"???", "", "", sentiment.UnknownLanguage},
		{"素晴らしい", "en", "en", sentiment.ForeignLetters},
		{"@nova https://a.example/x 12", "es", "es", sentiment.NothingToJudge},
		{"", "es", "es", sentiment.NothingToJudge},
	} {
		if e := m.Explain(c.text, c.lang, nil, 5); e.Unknown != c.want || e.Tag != c.tag || e.Sentiment != nil || len(e.Reasons) != 0 {
			t.Errorf("%q as %q: %+v, want %s by %q", c.text, c.lang, e, c.want, c.tag)
		}
	}
}

func TestPushSpeaksForAClass(t *testing.T) {
	for _, c := range []struct {
		minus, plus float64
		want        string
	}{{0, 1, "positive"}, {1, 0, "negative"}, {-1, -2, "neutral"}, {0, 0, "neutral"}, {-1, .5, "positive"}, {2, 1, "negative"}, {1, 1, "opinion"}, {2, 2.5, "opinion"}} {
		if got := (sentiment.Push{Toward: c.plus - c.minus, Opinion: (c.plus + c.minus) / 2}).For(); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// TestLongText: of a text far longer than any post the beginning is read, so that
// nobody keeps a machine busy with one.
func TestLongText(t *testing.T) {
	m := shipped(t)
	about := sentiment.NewTerms("Nova Coffee")
	begin := strings.Repeat("I love Nova Coffee. ", 819) + "...é" // its last letter is the first not read whole
	for _, more := range []string{strings.Repeat("#lovenovacoffee ", 100_000), strings.Repeat("I hate Nova Coffee. ", 100_000)} {
		got, want := m.Judge(begin+more, "en", about), m.Judge(begin[:len(begin)-len("é")], "en", about)
		if got != want {
			t.Errorf("%+v, of its beginning alone %+v", got, want)
		}
	}
}
