package dedupe_test

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"testing"
	"time"

	"adalid"
	"adalid/internal/dedupe"
)

func TestTextHash(t *testing.T) {
	same := []struct{ name, a, b string }{
		{"case", "Nova Coffee ROCKS", "nova coffee rocks"},
		{"url", "look https://t.example/a1 now", "Look http://other.example/?q=2 now!"},
		{"handle", "@ana love nova", "@berta_99 love nova"},
		{"digits", "5 cups a day", "12 cups a day"},
		{"punctuation", "so good!!!", "so… good"},
		{"white space", " so\n\tgood ", "so good"},
		{"emoji", "so good 😀", "so good"},
		{"Greek final sigma", "ΟΔΟΣ", "οδος"},
	}
	for _, c := range same {
		if a, b := dedupe.TextHash(c.a), dedupe.TextHash(c.b); a != b || a == 0 {
			t.Errorf("%s: %q and %q hash to %x and %x, want equal and not 0", c.name, c.a, c.b, a, b)
		}
	}
	differ := [][2]string{{"good", "goods"}, {"a b", "ab"}, {"café", "cafe"}, {"不好", "好"}}
	for _, c := range differ {
		if dedupe.TextHash(c[0]) == dedupe.TextHash(c[1]) {
			t.Errorf("%q and %q share a hash", c[0], c[1])
		}
	}
	for _, text := range []string{"", " ", "12 34", "@ana", "https://t.example/x", "😀👍🏽", "…!?", "\xff\xfe"} {
		if h := dedupe.TextHash(text); h != 0 {
			t.Errorf("%q has no words but hash %x", text, h)
		}
	}
}

// Long texts pass through a small buffer; the pieces must not show.
func TestTextHashIsFNVOfNormalised(t *testing.T) {
	text := ""
	for len(text) < 5000 {
		text += "Ñandú 好的 ok "
		h := fnv.New64a()
		h.Write(dedupe.Normalise(text, nil))
		if got, want := dedupe.TextHash(text), h.Sum64(); got != want {
			t.Fatalf("text of %d bytes: %x, want %x", len(text), got, want)
		}
	}
}

func row() adalid.Mention {
	followers, likes, verified := int64(120), int64(7), true
	return adalid.Mention{
		Brand: "Nova", Platform: "x", ID: "100", URL: "https://x.example/ana/100",
		CreatedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Author: adalid.Author{
			Platform: "x", Key: "ana", Handle: "Ana", Name: "Ana Ruiz", Followers: &followers, Verified: &verified,
			Created: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC),
		},
		Lang: "es", Text: "Me encanta Nova", Likes: &likes, ReplyTo: "nova", Mentions: []string{"nova", "berta"},
	}
}

// The values are stored in databases: if this test fails, the hash changed and
// databases of earlier versions merge differently.
func TestHashesAreStable(t *testing.T) {
	if got, want := dedupe.TextHash("Me encanta Nova, 5 tazas https://t.example/1"), uint64(0x7a6cce2c868d152c); got != want {
		t.Errorf("TextHash = %#x, want %#x", got, want)
	}
	if got, want := dedupe.RowHash(row()), uint64(0x2ff9ceb5fe973d28); got != want {
		t.Errorf("RowHash = %#x, want %#x", got, want)
	}
	if got, want := dedupe.RowHash(adalid.Mention{}), uint64(0x37a7e8369bf08aa); got != want {
		t.Errorf("RowHash of nothing = %#x, want %#x", got, want)
	}
}

// Every field but the key, the time of reading and the counters changes the
// hash; a field added to Mention or Author must be decided on here.
func TestRowHashCoversEveryOtherField(t *testing.T) {
	left := map[string]bool{
		"Brand": true, "Platform": true, "ID": true, "ObservedAt": true,
		"Likes": true, "Reposts": true, "Replies": true, "Quotes": true, "Views": true,
	}
	base := dedupe.RowHash(row())
	mention := reflect.TypeFor[adalid.Mention]()
	for i := range mention.NumField() {
		name := mention.Field(i).Name
		if name == "Author" {
			continue
		}
		m := row()
		change(t, name, reflect.ValueOf(&m).Elem().Field(i))
		if changed := dedupe.RowHash(m) != base; changed == left[name] {
			t.Errorf("changing Mention.%s changes the hash: %v", name, changed)
		}
	}
	author := reflect.TypeFor[adalid.Author]()
	for i := range author.NumField() {
		m := row()
		change(t, author.Field(i).Name, reflect.ValueOf(&m.Author).Elem().Field(i))
		if dedupe.RowHash(m) == base {
			t.Errorf("changing Author.%s does not change the hash", author.Field(i).Name)
		}
	}
}

// change gives a field another value, known where it was unknown.
func change(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = p.Add(time.Second)
	case **int64:
		zero := int64(0)
		*p = &zero
	case **bool:
		*p = nil
	case *[]string:
		*p = append(*p, "carla")
	default:
		switch v.Kind() {
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		default:
			t.Fatalf("no rule to change %s of type %s", name, v.Type())
		}
	}
}

// TestPoorerRowsLose: whatever the texts are, of two rows of a post the one that
// tells more is kept.
func TestPoorerRowsLose(t *testing.T) {
	for i := range 500 {
		poor := adalid.Mention{Text: fmt.Sprint("text ", i), Author: adalid.Author{Key: "ana"}}
		rich := poor
		rich.Lang, rich.Author.Name = "es", "Ana"
		if dedupe.RowHash(rich) <= dedupe.RowHash(poor) {
			t.Fatalf("%d: the row without language and name is kept", i)
		}
	}
}

func TestRowHashKeepsFieldsApart(t *testing.T) {
	zero := int64(0)
	pairs := []struct {
		name string
		a, b adalid.Mention
	}{
		{"text moved to the next field", adalid.Mention{RepostOf: "ab"}, adalid.Mention{RepostOf: "a", ReplyTo: "b"}},
		{"neighbouring empty fields", adalid.Mention{ReplyTo: "a"}, adalid.Mention{QuoteOf: "a"}},
		{"handles joined", adalid.Mention{Mentions: []string{"ab"}}, adalid.Mention{Mentions: []string{"a", "b"}}},
		{"unknown and zero", adalid.Mention{}, adalid.Mention{Author: adalid.Author{Followers: &zero}}},
		{"followers and following", adalid.Mention{Author: adalid.Author{Followers: &zero}}, adalid.Mention{Author: adalid.Author{Following: &zero}}},
		{"unknown time and 1970", adalid.Mention{}, adalid.Mention{CreatedAt: time.Unix(0, 0)}},
	}
	for _, p := range pairs {
		if dedupe.RowHash(p.a) == dedupe.RowHash(p.b) {
			t.Errorf("%s: equal hashes", p.name)
		}
	}
	m := row()
	m.CreatedAt = m.CreatedAt.In(time.FixedZone("", 3600))
	if dedupe.RowHash(m) != dedupe.RowHash(row()) {
		t.Error("the same instant in another zone has another hash")
	}
}

func TestNoAllocations(t *testing.T) {
	m, text, buf := row(), benchTexts()[0], make([]byte, 0, 1024)
	cases := map[string]func(){
		"TextHash":  func() { dedupe.TextHash(text) },
		"RowHash":   func() { dedupe.RowHash(m) },
		"Normalise": func() { buf = dedupe.Normalise(text, buf[:0]) },
	}
	for name, f := range cases {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

// benchTexts are invented posts of the usual lengths.
func benchTexts() []string {
	return []string{
		"@novacoffee your new Ethiopian beans are AMAZING!! 3rd bag this month ☕️ #coffee https://t.example/aB3dE9",
		"RT @berta_99: ¿Habéis probado ya el café de Nova? ¡Qué maravilla! 10/10 👏👏 https://t.example/xYz",
		"no coffee today :(",
		"Nova Coffee opens its 25th shop in Zürich – wir freuen uns sehr auf den ersten Espresso, @zuri_eats & friends!",
	}
}

func BenchmarkTextHash(b *testing.B) {
	texts, i, n := benchTexts(), 0, 0
	b.ReportAllocs()
	for b.Loop() {
		dedupe.TextHash(texts[i%len(texts)])
		n += len(texts[i%len(texts)])
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "MB/s")
}

func BenchmarkRowHash(b *testing.B) {
	m := row()
	b.ReportAllocs()
	for b.Loop() {
		dedupe.RowHash(m)
	}
}
