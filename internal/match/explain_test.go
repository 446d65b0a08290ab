package match_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/match"
)

func TestExplainBecause(t *testing.T) {
	tests := []struct {
		query string
		doc   match.Doc
		want  string
	}{
		{`acme`, match.Doc{Text: "Acme!"}, `“acme” occurs`},
		{`acme`, match.Doc{Text: "umbra"}, `“acme” does not occur`},
		{`acme`, match.Doc{Text: "my #AcmeCoffee"}, `“acme” occurs only inside “AcmeCoffee”; with * it would be found there`},
		{`#acme`, match.Doc{Text: "acme"}, `“#acme” occurs only in “acme”, which is not that hashtag`},
		{`@acme`, match.Doc{Text: "acme"}, `“@acme” occurs only in “acme”, which is not that handle`},
		{`AT&T`, match.Doc{Text: "look at T-Mobile"}, `“AT&T” occurs only in “at T”, without its signs`},
		{`👍`, match.Doc{Text: "ok 👍🏽"}, `“👍” occurs only as a part of “👍🏽”, which is another emoji`},
		{`acme coffee`, match.Doc{Text: "acme tea"}, `“coffee” does not occur`},
		{`acme coffee`, match.Doc{Text: "acme coffee"}, `“acme” occurs, “coffee” occurs`},
		{`acme OR umbra`, match.Doc{Text: "tea"}, `“acme” does not occur, “umbra” does not occur`},
		{`a1 OR b1 OR c1 OR d1 OR e1`, match.Doc{Text: "tea"}, `“a1” does not occur, “b1” does not occur, “c1” does not occur and 2 more`},
		{`acme -tea`, match.Doc{Text: "acme tea"}, `“tea” occurs and is excluded`},
		{`acme -tea`, match.Doc{Text: "acme"}, `“acme” occurs, “tea” does not occur`},
		{`acme NEAR/2 tea`, match.Doc{Text: "acme a b c tea"}, `both sides of “acme NEAR/2 tea” occur, but never within 2 words`},
		{`acme NEAR/2 tea`, match.Doc{Text: "acme a b c"}, `“tea” does not occur`},
		{`acme lang:es`, match.Doc{Text: "acme", Lang: "en"}, `the language is “en”`},
		{`acme lang:es`, match.Doc{Text: "acme"}, `the language is not known`},
		{`from:ana acme`, match.Doc{Text: "acme", Author: "bob"}, `the author is “bob”`},
		{`@acme`, match.Doc{Text: "hi", Mentions: []string{"acme"}}, `“@acme” occurs`},
	}
	for _, tt := range tests {
		q, err := match.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := match.Explain(q, tt.doc).Because; got != tt.want {
			t.Errorf("%s | %+v:\n got %s\nwant %s", tt.query, tt.doc, got, tt.want)
		}
	}
}

func TestExplainParts(t *testing.T) {
	q, err := match.Parse(`(acme OR umbra) NEAR/3 love -(tea OR milk) platform:x @help`)
	if err != nil {
		t.Fatal(err)
	}
	got := match.Explain(q, match.Doc{Text: "I love Acme and MILK. Much later: acme", Platform: "x", Mentions: []string{"help"}})
	want := match.Explanation{
		Because: "“milk” occurs and is excluded",
		Parts: []match.Part{
			{Query: "(acme OR umbra) NEAR/3 love AND NOT (tea OR milk) AND platform:x AND @help", Kind: "and"},
			{
				Query: "(acme OR umbra) NEAR/3 love", Kind: "near", Depth: 1, Matched: true,
				Spans: []match.Span{{Start: 2, End: 6, Term: "love"}, {Start: 7, End: 11, Term: "acme"}},
			},
			{Query: "acme OR umbra", Kind: "or", Depth: 2, Matched: true},
			{
				Query: "acme", Kind: "term", Depth: 3, Matched: true,
				Spans: []match.Span{{Start: 7, End: 11, Term: "acme"}, {Start: 34, End: 38, Term: "acme"}},
			},
			{Query: "umbra", Kind: "term", Depth: 3},
			{Query: "love", Kind: "term", Depth: 2, Matched: true, Spans: []match.Span{{Start: 2, End: 6, Term: "love"}}},
			{Query: "NOT (tea OR milk)", Kind: "not", Depth: 1},
			{Query: "tea OR milk", Kind: "or", Depth: 2, Matched: true},
			{Query: "tea", Kind: "term", Depth: 3},
			{Query: "milk", Kind: "term", Depth: 3, Matched: true, Spans: []match.Span{{Start: 16, End: 20, Term: "milk"}}},
			{Query: "platform:x", Kind: "platform", Depth: 1, Matched: true, Note: "the platform is “x”"},
			{Query: "@help", Kind: "term", Depth: 1, Matched: true, Note: "among the accounts named in the post, not in its text"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Conversation matches in spite of the query, and the explanation says so.
func TestExplainConversation(t *testing.T) {
	m, err := match.Compile([]adalid.Brand{
		{Name: "Acme", Query: "acme", Own: []adalid.OwnAccount{{Handle: "acme"}}},
		{Name: "Silent"},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := m.Explain(0, match.Doc{Text: "thanks", ReplyTo: "acme"})
	if !e.Matched || !e.Conversation || !strings.HasPrefix(e.Because, "the post answers or quotes") || len(e.Spans) != 0 {
		t.Errorf("explained as %+v", e)
	}
	if e := m.Explain(1, match.Doc{Text: "thanks"}); e.Matched || e.Because != "the brand has no query" {
		t.Errorf("explained as %+v", e)
	}
	if e := m.Explain(7, match.Doc{}); e.Matched || e.Because == "" {
		t.Errorf("a brand that is not there is explained as %+v", e)
	}
	raw, err := json.Marshal(m.Explain(0, match.Doc{Text: "x acme"}))
	if err != nil || !strings.Contains(string(raw), `"spans":[{"start":2,"end":6,"term":"acme"}]`) {
		t.Errorf("as JSON %s, %v", raw, err)
	}
}
