package topics

import (
	cmp2 "cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
)

// list is a source in memory.
type list struct {
	mentions []Mention
	version  int64
	reads    int
}

func (l *list) DataVersion(context.Context, string) (int64, error) { return l.version, nil }

func (l *list) Mentions(_ context.Context, q Query, most int) (out []Mention, more bool, err error) {
	l.reads++
	for _, m := range l.mentions {
		if q.Author != "" && m.Person != q.Author {
			continue
		}
		if len(out) == most {
			return out, true, nil
		}
		out = append(out, m)
	}
	if q.Author != "" && len(out) == 0 {
		return nil, false, adalid.Errorf(adalid.NotFound, "there is nobody of that name")
	}
	return out, false, nil
}

// say adds mentions made of templates: %s takes one of fillers, in turn.
func (l *list) say(lang string, net *float64, times int, template string, fillers ...string) {
	for i := range times {
		n := len(l.mentions)
		text := template
		if len(fillers) > 0 {
			text = fmt.Sprintf(template, fillers[i%len(fillers)])
		}
		l.mentions = append(l.mentions, Mention{
			Platform: "x", ID: fmt.Sprint(n), Person: fmt.Sprintf("p%d", n%17), Lang: lang, Text: text, Net: net, Copy: 1,
		})
	}
}

func net(v float64) *float64 { return &v }

var tea = adalid.Brand{Name: "Té Lunar", Query: `"té lunar" OR telunar`, Own: []adalid.OwnAccount{{Handle: "telunar"}}}

// planted is a brand praised for its night blends and blamed for its delivery
// times, in two languages.
func planted() *list {
	l := &list{version: 1}
	when := []string{"on Monday", "in the park", "with my sister", "before work", "at the office"}
	l.say("en", net(.8), 20, "I really love the night blend from Té Lunar %s", when...)
	l.say("en", net(.7), 15, "The Night Blends of @telunar are so good %s!", when...)
	l.say("en", net(-.8), 25, "Terrible delivery times again %s, Té Lunar https://t.example/x1", when...)
	l.say("en", net(-.6), 10, "telunar: the delivery time was awful %s 123", when...)
	l.say("en", net(.5), 20, "a cup %s makes me happy", when...)
	l.say("en", net(-.5), 20, "my cup broke %s", when...)
	l.say("en", nil, 10, "cup %s", when...)
	cuando := []string{"el lunes", "en el parque", "con mi hermana", "en la oficina", "por la tarde"}
	l.say("es", net(.8), 20, "Me encanta la mezcla nocturna de Té Lunar %s", cuando...)
	l.say("es", net(.7), 15, "¡Qué buena la Mezcla Nocturna! %s #TéLunar", cuando...)
	l.say("es", net(-.8), 35, "Fatal el tiempo de entrega %s, @telunar", cuando...)
	l.say("es", net(.5), 15, "una taza %s y soy feliz", cuando...)
	l.say("es", net(-.5), 15, "la taza llegó rota %s", cuando...)
	return l
}

func find(t *testing.T, l *list, q Query) Report {
	t.Helper()
	q.Brand, q.Limit = tea, 10
	r, err := New(Options{Source: l}).Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func phrases(list []Topic, lang string) (out []string) {
	for _, t := range list {
		if t.Lang == lang {
			out = append(out, t.Phrase)
		}
	}
	return out
}

// TestPlanted: what was planted comes first, praise as praise and blame as
// blame, in the form that is written most; the brand, addresses, handles and
// numbers are nowhere.
func TestPlanted(t *testing.T) {
	r := find(t, planted(), Query{})
	for _, c := range []struct {
		lang, praise, blame string
	}{{"en", "night blend", "delivery times"}, {"es", "mezcla nocturna", "entrega"}} {
		praise, blame := phrases(r.Praise, c.lang), phrases(r.Blame, c.lang)
		if len(praise) == 0 || !strings.EqualFold(praise[0], c.praise) {
			t.Errorf("%s: praised %q, want %q first", c.lang, praise, c.praise)
		}
		if len(blame) == 0 || !strings.Contains(blame[0], c.blame) {
			t.Errorf("%s: blamed %q, want %q first", c.lang, blame, c.blame)
		}
	}
	for _, topic := range slices.Concat(r.Praise, r.Blame, r.Common) {
		key := fold(topic.Phrase)
		for _, never := range []string{"lunar", "http", "example", "123", "@", "#"} {
			if strings.Contains(key, never) {
				t.Errorf("%q is a topic", topic.Phrase)
			}
		}
		if topic.Positive+topic.Neutral+topic.Negative+topic.Unknown != topic.Mentions || topic.Authors > topic.Mentions || len(topic.Examples) == 0 || len(topic.Examples) > 3 {
			t.Errorf("counts of %+v", topic)
		}
	}
	blend := r.Praise[slices.IndexFunc(r.Praise, func(t Topic) bool { return t.Lang == "en" })]
	if blend.Mentions != 35 || blend.Positive != 35 || blend.Unknown != 0 {
		t.Errorf("%+v: want both spellings and the plural in one", blend)
	}
	cup := slices.IndexFunc(r.Common, func(t Topic) bool { return t.Phrase == "cup" })
	if cup < 0 || r.Common[cup].Unknown != 10 || r.Common[cup].Positive != 20 || r.Common[cup].Negative != 20 || r.Common[cup].Neutral != 0 {
		t.Errorf("%+v: want cup among them, its unknown sentiment unknown", r.Common)
	}
	if r.Read != 220 || r.Unknown != 10 || r.Positive != 105 || r.Negative != 105 || r.More {
		t.Errorf("read %d: +%d −%d ?%d, more %t", r.Read, r.Positive, r.Negative, r.Unknown, r.More)
	}
}

// TestOrderOfMentionsDecidesNothing but which examples are shown.
func TestOrderOfMentionsDecidesNothing(t *testing.T) {
	l := planted()
	want := find(t, l, Query{})
	if again := find(t, l, Query{}); !cmp.Equal(want, again) {
		t.Error("the same mentions give another answer")
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(l.mentions), func(i, j int) { l.mentions[i], l.mentions[j] = l.mentions[j], l.mentions[i] })
	got := find(t, l, Query{})
	noExamples := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Examples" }, cmp.Ignore())
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
	if d := cmp.Diff(want, got, noExamples, near); d != "" {
		t.Error(d)
	}
}

// TestAuthor compares one person with everybody.
func TestAuthor(t *testing.T) {
	l := planted()
	for i := range 6 {
		l.mentions = append(l.mentions, Mention{Platform: "x", ID: fmt.Sprint("own", i), Person: "fan", Lang: "en", Net: net(.9), Copy: 1, Text: fmt.Sprintf("their tin box %d is so pretty, and a cup too", i)})
	}
	r := find(t, l, Query{Author: "fan"})
	if r.Read != 6 || len(r.Typical) == 0 || r.Typical[0].Phrase != "tin box" || *r.Typical[0].Typical < 1.96 || r.Typical[0].Authors != 1 {
		t.Errorf("%+v", r)
	}
	for _, topic := range r.Typical {
		if topic.Phrase == "night blend" {
			t.Error("what everybody says is typical of one")
		}
	}
	if len(r.Blame) != 0 || len(r.Praise) == 0 || r.Praise[0].Phrase != "tin box" {
		t.Errorf("somebody who only praises praises %+v and blames %+v", r.Praise, r.Blame)
	}
	l.say("en", net(-.9), 1, "the tin lid fell off")
	l.mentions[len(l.mentions)-1].Person = "grump"
	if r := find(t, l, Query{Author: "grump"}); len(r.Praise) != 0 || len(r.Blame) == 0 || r.Blame[0].Phrase != "tin lid" {
		t.Errorf("somebody who only blames praises %+v and blames %+v", r.Praise, r.Blame)
	}
	if _, err := New(Options{Source: l}).Find(t.Context(), Query{Brand: tea, Author: "nobody", Limit: 5}); adalid.CodeOf(err) != adalid.NotFound {
		t.Error(err)
	}
}

// TestNoSentiment: without any known sentiment nothing is praised or blamed,
// and what is spoken of is still told.
func TestNoSentiment(t *testing.T) {
	l := &list{}
	l.say("es", nil, 30, "el café molido %s", "del lunes", "de ayer", "otra vez")
	r := find(t, l, Query{})
	if len(r.Praise)+len(r.Blame) != 0 || len(r.Common) == 0 || r.Common[0].Phrase != "café molido" || r.Common[0].Unknown != 30 || r.Common[0].Z != nil {
		t.Errorf("%+v", r)
	}
}

func TestCopiesWeighLess(t *testing.T) {
	l := planted()
	for k := range 200 {
		l.mentions = append(l.mentions, Mention{Platform: "x", ID: fmt.Sprint("copy", k), Person: "loud", Lang: "es", Net: net(.9), Copy: k + 1, Text: "sorteo navideño"})
	}
	l.say("es", net(.9), 1, "sorteo navideño")
	if r := find(t, l, Query{}); phrases(r.Praise, "es")[0] == "sorteo navideño" {
		t.Errorf("two hundred copies by one author lead: %v", phrases(r.Praise, "es"))
	}
}

func TestKeptPerDataVersion(t *testing.T) {
	l := planted()
	f := New(Options{Source: l, Kept: 2})
	ask := func(q Query, reads int) {
		t.Helper()
		q.Brand, q.Limit = tea, 5
		if _, err := f.Find(t.Context(), q); err != nil || l.reads != reads {
			t.Errorf("read %d times, want %d: %v", l.reads, reads, err)
		}
	}
	ask(Query{}, 1)
	ask(Query{}, 1)
	ask(Query{Author: "p1"}, 2)
	ask(Query{Author: "p1"}, 2)
	ask(Query{Lang: "es"}, 3)
	ask(Query{Lang: "es"}, 3)
	ask(Query{Author: "p1"}, 5) // everybody's was dropped: two are kept
	l.version++
	ask(Query{}, 6)
	ask(Query{}, 6)
	f.Forget()
	ask(Query{}, 7)
}

// TestTogether: whoever asks at the same time gets the same answer from one
// reading, and leaves when the request ends.
func TestTogether(t *testing.T) {
	l := planted()
	f := New(Options{Source: l})
	var all sync.WaitGroup
	answers := make([]Report, 6)
	for i := range answers {
		all.Go(func() {
			answers[i], _ = f.Find(t.Context(), Query{Brand: tea, Limit: 5}) // an empty one differs
		})
	}
	all.Wait()
	for _, r := range answers {
		if !cmp.Equal(r, answers[0]) || len(r.Praise) == 0 || l.reads != 1 {
			t.Errorf("%d readings, %d topics", l.reads, len(r.Praise))
		}
	}
	<-f.busy // somebody reads
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Find(ctx, Query{Brand: tea, Lang: "es", Limit: 5}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestBounds(t *testing.T) {
	l := &list{}
	l.say("es", nil, MostMentions+1, "palabra %s", "una", "dos")
	if r := find(t, l, Query{}); r.Read != MostMentions || !r.More {
		t.Errorf("read %d, more %t", r.Read, r.More)
	}
	l = &list{}
	l.say("en", nil, 2*mostEnglish/longestEnglish, strings.Repeat("x", 10*longestText))
	if r := find(t, l, Query{}); r.Read != mostEnglish/longestEnglish || !r.More {
		t.Errorf("read %d long English texts, more %t", r.Read, r.More)
	}
	for _, limit := range []int{0, -1, 201} {
		if _, err := New(Options{Source: l}).Find(t.Context(), Query{Brand: tea, Limit: limit}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Options{Source: l}).Find(ctx, Query{Brand: tea, Limit: 1}); err == nil {
		t.Error("a request that has ended is answered")
	}
}

// TestLogOdds compares with formulas (15), (16) and (22) of the paper worked
// out by hand: 30 of 1000 against 10 of 2000, a prior of 0.01 worth 100.
func TestLogOdds(t *testing.T) {
	// ln(31/1069) − ln(11/2089) = 1.706110…; √(1/31 + 1/11) = 0.350957…
	want := (math.Log(31./1069) - math.Log(11./2089)) / math.Sqrt(1./31+1./11)
	if got := logOdds(30, 1000, 10, 2000, .01, 100); math.Abs(got-want) > 1e-12 || math.Abs(got-4.861) > .001 {
		t.Errorf("z = %v, want %v", got, want)
	}
	if a, b := logOdds(30, 1000, 10, 2000, .01, 100), logOdds(10, 2000, 30, 1000, .01, 100); math.Abs(a+b) > 1e-12 {
		t.Errorf("%v and %v: want opposites", a, b)
	}
}

// TestMoments: what was said is added up by platform and hour of UTC, what is
// unknown stays unknown, and topics follow the reactions to their mentions.
func TestMoments(t *testing.T) {
	l := planted()
	all := int64(0)
	for i := range l.mentions {
		m := &l.mentions[i]
		if i%5 > 0 {
			m.Created = time.Date(2026, 3, 1, i%24, 30, 0, 0, time.FixedZone("", 2*3600))
		}
		if i%3 == 0 {
			m.Platform = "lemmy" // which counts nothing here
		} else {
			e := int64(i)
			m.Engagement = &e
			all += e
		}
	}
	r := find(t, l, Query{Brand: tea, Limit: 200})
	mentions, engagement := 0, int64(0)
	for i, m := range r.Moments {
		mentions, engagement = mentions+m.Mentions, engagement+m.Engagement
		if i > 0 && cmpMoment(r.Moments[i-1], m) >= 0 || m.Hour < -1 || m.Hour > 23 {
			t.Errorf("%+v after %+v", m, r.Moments[max(0, i-1)])
		}
		if (m.Platform == "lemmy") != (m.Engaged == 0) {
			t.Errorf("%+v", m)
		}
	}
	if mentions != r.Read || engagement != all || len(r.Moments) != 16+8+2 { // by turns of 24 and 3: 16 hours of one, 8 of the other, and each unknown
		t.Errorf("%d of %d mentions, %d of %d reactions, %d moments", mentions, r.Read, engagement, all, len(r.Moments))
	}
	// 01:30 two hours east of Greenwich is 23:30 of the day before.
	wanted := 0
	for i := range l.mentions {
		if i%5 > 0 && i%24 == 1 && i%3 > 0 {
			wanted++
		}
	}
	if i := slices.IndexFunc(r.Moments, func(m Moment) bool { return m.Platform == "x" && m.Hour == 23 }); i < 0 || r.Moments[i].Mentions != wanted || wanted == 0 {
		t.Errorf("at 23: %+v, want %d", r.Moments, wanted)
	}
	if len(r.Moving) < 4 {
		t.Fatalf("%+v", r.Moving)
	}
	for i, topic := range r.Moving {
		if topic.Engaged == 0 || i > 0 && topic.Engagement > r.Moving[i-1].Engagement {
			t.Errorf("%d: %+v", i, topic)
		}
	}
	for _, topic := range r.Praise {
		if topic.Engaged == 0 || topic.Engaged >= topic.Mentions {
			t.Errorf("%s: %d of %d", topic.Phrase, topic.Engaged, topic.Mentions)
		}
	}
}

func cmpMoment(a, b Moment) int {
	return cmp2.Or(cmp2.Compare(a.Platform, b.Platform), cmp2.Compare(a.Hour, b.Hour))
}
