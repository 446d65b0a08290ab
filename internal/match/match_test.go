package match_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"adalid"
	"adalid/internal/match"
)

// marked takes ‹ and › out of a text and gives the places they enclosed.
func marked(s string) (text string, places [][2]int) {
	var b strings.Builder
	start := 0
	for _, r := range s {
		switch r {
		case '‹':
			start = b.Len()
		case '›':
			places = append(places, [2]int{start, b.Len()})
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), places
}

func placesOf(spans []match.Span) (places [][2]int) {
	for _, s := range spans {
		places = append(places, [2]int{s.Start, s.End})
	}
	return slices.Compact(places)
}

func compile(t testing.TB, queries ...string) *match.Matcher {
	t.Helper()
	var brands []adalid.Brand
	for _, q := range queries {
		brands = append(brands, adalid.Brand{Name: "b", Query: q})
	}
	m, err := match.Compile(brands)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The matcher finds what the table says, where it says.
func TestMatchText(t *testing.T) {
	if len(textCases) < 120 {
		t.Fatalf("only %d cases", len(textCases))
	}
	for _, tt := range textCases {
		text, want := marked(tt.text)
		m := compile(t, tt.query)
		hits := m.Match(match.Doc{Text: text}, nil)
		if (len(hits) == 1) != (len(want) > 0) {
			t.Errorf("%s | %s: matched %v, want %v", tt.query, text, len(hits) == 1, len(want) > 0)
			continue
		}
		if len(hits) == 1 {
			if diff := cmp.Diff(want, placesOf(hits[0].Spans)); diff != "" {
				t.Errorf("%s | %s: spans (-want +got)\n%s", tt.query, text, diff)
			}
		}
		if fast := m.Brands(match.Doc{Text: text}, nil); len(fast) != len(hits) {
			t.Errorf("%s | %s: Brands and Match differ", tt.query, text)
		}
		q, err := match.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if e := match.Explain(q, match.Doc{Text: text}); e.Matched != (len(want) > 0) || e.Because == "" {
			t.Errorf("%s | %s: explained as %+v", tt.query, text, e)
		}
	}
}

// Fields ask about what stands beside the text.
func TestMatchFields(t *testing.T) {
	doc := match.Doc{
		Text: "love acme", Lang: "es-MX", Platform: "x", Author: "Ana", ReplyTo: "bob", QuoteOf: "eve",
		Mentions: []string{"acmehelp", "acme.bsky.social"},
	}
	tests := []struct {
		query string
		want  bool
	}{
		{`acme lang:es`, true},
		{`acme lang:es-mx`, true},
		{`acme lang:es_MX`, true},
		{`acme lang:es-es`, false},
		{`acme lang:en`, false},
		{`acme -lang:en`, true},
		{`acme -lang:es`, false},
		{`acme platform:x`, true},
		{`acme platform:X`, true},
		{`acme platform:mastodon`, false},
		{`acme -platform:x`, false},
		{`from:ana`, true},
		{`from:@ANA`, true},
		{`from:an`, false},
		{`acme -from:ana`, false},
		{`to:bob`, true},
		{`to:eve`, false},
		{`tea OR from:ana`, true},
		{`tea from:ana`, false},
		{`@acmehelp`, true},
		{`@acme*`, true},
		{`@acme.bsky.social`, true},
		{`@acmehelper`, false},
		{`acmehelp`, false}, // a word is looked for in the text alone
		{`#acmehelp`, false},
		{`love NEAR/5 @acmehelp`, false},
	}
	for _, tt := range tests {
		m, err := match.Compile([]adalid.Brand{{Name: "b", Query: tt.query}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(m.Match(doc, nil)) == 1; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.query, got, tt.want)
		}
	}
}

// What is not known does not match, and is not left out.
func TestMatchUnknownFields(t *testing.T) {
	unknown := match.Doc{Text: "acme"}
	for query, want := range map[string]bool{`acme lang:es`: false, `acme -lang:es`: true, `from:ana`: false, `acme -from:ana`: true} {
		if got := len(compile(t, query).Match(unknown, nil)) == 1; got != want {
			t.Errorf("%s with nothing known: %v, want %v", query, got, want)
		}
	}
}

// Answers to the brand and quotes of it match without its name.
func TestConversation(t *testing.T) {
	m, err := match.Compile([]adalid.Brand{
		{Name: "Acme", Query: "acme", Own: []adalid.OwnAccount{{Platform: "x", Handle: "AcmeHelp"}, {Handle: "acme"}, {Key: "12"}}},
		{Name: "Umbra", Query: "umbra lang:es", Own: []adalid.OwnAccount{{Platform: "mastodon", Handle: "umbra"}}},
		{Name: "Silent", Own: []adalid.OwnAccount{{Platform: "x", Handle: "acmehelp"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		doc  match.Doc
		want []match.Hit
	}{
		{"reply", match.Doc{Text: "thanks!", Platform: "x", ReplyTo: "acmehelp"}, []match.Hit{{Brand: 0, Conversation: true}, {Brand: 2, Conversation: true}}},
		{"quote", match.Doc{Text: "wow", Platform: "x", QuoteOf: "@AcmeHelp"}, []match.Hit{{Brand: 0, Conversation: true}, {Brand: 2, Conversation: true}}},
		{"other platform", match.Doc{Text: "thanks!", Platform: "mastodon", ReplyTo: "acmehelp"}, nil},
		{"any platform", match.Doc{Text: "thanks!", Platform: "reddit", ReplyTo: "acme"}, []match.Hit{{Brand: 0, Conversation: true}}},
		{"by name too", match.Doc{Text: "thanks acme", Platform: "reddit", ReplyTo: "acme"}, []match.Hit{{Brand: 0, Conversation: true, Spans: []match.Span{{Start: 7, End: 11, Term: "acme"}}}}},
		{"in spite of the query", match.Doc{Text: "thanks", Lang: "en", Platform: "mastodon", ReplyTo: "umbra"}, []match.Hit{{Brand: 1, Conversation: true}}},
		{"somebody else", match.Doc{Text: "thanks", Platform: "x", ReplyTo: "bob"}, nil},
		{"nobody", match.Doc{Text: "thanks", Platform: "x"}, nil},
		{"by name only", match.Doc{Text: "acme", Platform: "x", ReplyTo: "bob"}, []match.Hit{{Brand: 0, Spans: []match.Span{{End: 4, Term: "acme"}}}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, m.Match(tt.doc, nil), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
		if got := m.Brands(tt.doc, nil); len(got) != len(tt.want) {
			t.Errorf("%s: Brands gives %v", tt.name, got)
		}
	}
}

// One pass finds many brands, in their order, and appends.
func TestManyBrands(t *testing.T) {
	m := compile(t, "umbra", "acme -umbra", "ACME OR umbra", "#acme", "", "from:ana")
	hits := m.Match(match.Doc{Text: "Umbra and Acme", Author: "ana"}, []match.Hit{{Brand: 99}})
	var got []int
	for _, h := range hits {
		got = append(got, h.Brand)
	}
	if diff := cmp.Diff([]int{99, 0, 2, 5}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]match.Span{{0, 5, "umbra"}, {10, 14, "ACME"}}, hits[2].Spans); diff != "" {
		t.Error(diff)
	}
}

func TestMatcherWithoutTerms(t *testing.T) {
	for _, brands := range [][]adalid.Brand{nil, {{Name: "a"}}} {
		m, err := match.Compile(brands)
		if err != nil {
			t.Fatal(err)
		}
		if hits := m.Match(match.Doc{Text: "anything"}, nil); len(hits) != 0 {
			t.Errorf("%v: %v", brands, hits)
		}
	}
}

// The answers do not depend on what the same matcher looked at before or does
// at the same time.
func TestConcurrentUse(t *testing.T) {
	var queries []string
	for _, tt := range textCases {
		queries = append(queries, tt.query)
	}
	m := compile(t, queries...)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, tt := range textCases {
				text, want := marked(tt.text)
				hits := m.Match(match.Doc{Text: text}, nil)
				k := slices.IndexFunc(hits, func(h match.Hit) bool { return h.Brand == i })
				if (k >= 0) != (len(want) > 0) {
					t.Errorf("%s | %s: matched %v", tt.query, text, k >= 0)
				} else if k >= 0 && !slices.Equal(placesOf(hits[k].Spans), want) {
					t.Errorf("%s | %s: spans %v, want %v", tt.query, text, hits[k].Spans, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestNoAllocations(t *testing.T) {
	m := compile(t, "acme OR #acmelove", `"acme coffee" -tea`, "lov* NEAR/3 acme", "@acme lang:en", "🔥")
	doc := match.Doc{
		Text: "I loved Acme Coffee &amp; the café 🔥 @acme #acmelove 東京", Lang: "en", Platform: "x", Author: "ana",
		ReplyTo: "bob", Mentions: []string{"acme"},
	}
	var hits []match.Hit
	if n := len(m.Brands(doc, nil)); n != 5 {
		t.Fatalf("%d brands match, want 5", n)
	}
	if raceDetector {
		t.Skip("the race detector makes the pool allocate")
	}
	if n := testing.AllocsPerRun(200, func() { hits = m.Brands(doc, hits[:0]) }); n != 0 {
		t.Errorf("%v allocations per text, want 0", n)
	}
}

func TestDocOf(t *testing.T) {
	m := adalid.Mention{
		Platform: "x", Lang: "es", Text: "hola", ReplyTo: "a", QuoteOf: "b", Mentions: []string{"c"},
		Author: adalid.Author{Handle: "Ana", Key: "7"},
	}
	want := match.Doc{Text: "hola", Lang: "es", Platform: "x", Author: "Ana", ReplyTo: "a", QuoteOf: "b", Mentions: []string{"c"}}
	if diff := cmp.Diff(want, match.DocOf(m)); diff != "" {
		t.Error(diff)
	}
}
