package match

import (
	"strings"
	"testing"
	"unicode/utf8"

	"adalid"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		``, `acme`, `"acme coffee" OR #acme* -tea`, `(a OR b) NEAR/3 c lang:es`, `NOT NOT a`, `((`, `"`, `a* *b *c*`, `from:@ana to:b platform:x`,
		`C++ .NET $ACM AT&T`, `東京 👍🏽 👩‍💻`, "a\xffb", `-–a`, `“a”«b»`, `near/5`, `a && b || c`, `#a-b @a.b`, `lang:spanish`, `lagn:es -is:a url:b`, "\u0301*", "ﷺ NEAR/1 ½", "a\u200d*",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := Parse(query)
		if err != nil {
			e := AsSyntaxError(err)
			if e == nil {
				t.Fatalf("%q: %v is no SyntaxError", query, err)
			}
			if n := utf8.RuneCountInString(query); e.Pos < 0 || e.Len < 0 || e.Pos+e.Len > n {
				t.Fatalf("%q: the error is at %d+%d of %d", query, e.Pos, e.Len, n)
			}
			if e.Message == "" || e.Render(query) == "" {
				t.Fatalf("%q: nothing is said", query)
			}
			if e.Suggestion != "" {
				if _, err := Parse(e.Suggestion); err != nil {
					t.Fatalf("%q: the suggestion %q is refused: %v", query, e.Suggestion, err)
				}
			}
			return
		}
		for _, h := range q.Hints() {
			if h.Suggestion != "" {
				if _, err := Parse(h.Suggestion); err != nil {
					t.Fatalf("%q: the hint %q is refused: %v", query, h.Suggestion, err)
				}
			}
		}
		again, err := Parse(q.String())
		if err != nil {
			if len(q.String()) > MaxQuery {
				return // written out it is too long
			}
			t.Fatalf("%q, printed as %q: %v", query, q, err)
		}
		if !sameNode(q.root, again.root) {
			t.Fatalf("%q is printed as %q, which is another query", query, q)
		}
	})
}

func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{
		{`acme`, `I love Acme!`},
		{`"johnson johnson" OR #*a*`, "Johnson &amp;amp; Johnson #aaaaaaaa"},
		{`a NEAR/3 b -c`, `a a a b b b`},
		{`*aa* *a東 C++`, `aaaaaaaaaa a東a東 C++`},
		{`👍🏽 OR 👩‍💻 OR ½`, "👍🏽👩‍💻½㍿&eacute;&#x41;"},
		{`@a* OR "a b*"`, "@aé…@a東 #ab東"},
		{`株式 OR か`, "㍿か\u3099\u200dｶﾞ"},
		{`lang:es a`, "\xff\xfea\x00a"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		m, err := Compile([]adalid.Brand{{Query: query}})
		if err != nil || m.brands[0] == nil {
			return
		}
		d := Doc{Text: text, Lang: "es", Platform: "x", Author: "a", ReplyTo: "b", Mentions: []string{text}}
		hits := m.Match(d, nil)
		if len(hits) != len(m.Brands(d, nil)) {
			t.Fatalf("%q | %q: Match and Brands differ", query, text)
		}
		for _, h := range hits {
			checkSpans(t, text, h.Spans)
		}
		if e := m.Explain(0, d); e.Matched != (len(hits) > 0) || e.Because == "" {
			t.Fatalf("%q | %q: explained as %+v", query, text, e)
		}
		limit := stepLimit(m, len(strings.Join(d.Mentions, ""))+len(text))
		if n := steps(m, d); n > limit {
			t.Fatalf("%q | %q: %d steps, %d are allowed", query, text, n, limit)
		}
	})
}

// steps counts what a match does depending on the text.
func steps(m *Matcher, d Doc) int {
	s := m.newScratch()
	s.scan(d, true)
	root := m.brands[0]
	s.eval(root, true)
	s.spans(root)
	return s.work
}

// stepLimit is linear in the length of the text, with a factor that grows with
// the query: each byte may end every term and is looked at by every NEAR.
func stepLimit(m *Matcher, textLen int) int {
	const foldedAtMost = 12 // bytes for one of the original
	return 8 * (len(m.terms) + m.nodes + 1) * (textLen*foldedAtMost + 16)
}

// Twice the text takes at most about twice the steps, whatever it is made of.
func TestLinear(t *testing.T) {
	tests := []struct{ name, query, text string }{
		{"many words", `acme`, "acme "},
		{"one long word", `*ac* OR *cm* OR ac* OR *me`, "acme"},
		{"inside a long word", `*acme*`, "acme"},
		{"suffix of a long word", `*acme`, "acme"},
		{"hashtag patterns off hashtags", `#*acme* OR #*me OR #ac*`, "acme"},
		{"handle patterns off handles", `@*acme* OR @*me OR @ac*`, "acme"},
		{"phrase over words", `"a a a a a a" OR "*a a*"`, "a "},
		{"joined phrase in a long word", `"*a a*" OR "*a a" OR "a a*"`, "a"},
		{"dense script", `*東京* OR #*東京 OR "*東 京" OR 東*`, "東京"},
		{"one long hashtag", `#*東京* OR #*京 OR #*東`, "東京"},
		{"near", `a NEAR/5 b OR a NEAR/100 c OR b NEAR/1 a`, "a b a a c "},
		{"near without the other", `a NEAR/5 zz`, "a "},
		{"ampersands", `a&a&a&a`, "a & "},
		{"marks", `acme`, "e\u0301\u0301\u0301"},
		{"entities", `acme`, "&amp;amp;amp;"},
		{"open entities", `acme`, "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
		{"emoji", `👍 OR *👍*`, "👍\u200d"},
		{"cut handles", `@ab OR @ab*`, "@ab…"},
		{"nested terms", `*aa* OR *aaa* OR *aaaa* OR *aaaaa*`, "a"},
		{"signs", `C++ OR .NET`, "c++.net"},
	}
	for _, tt := range tests {
		m, err := Compile([]adalid.Brand{{Query: tt.query}})
		if err != nil {
			t.Fatal(err)
		}
		const n = 2000
		for _, prefix := range []string{"", "#", "@"} {
			once := steps(m, Doc{Text: prefix + strings.Repeat(tt.text, n)})
			twice := steps(m, Doc{Text: prefix + strings.Repeat(tt.text, 2*n)})
			if once < n/2 || float64(twice) > 2.1*float64(once) {
				t.Errorf("%s after %q: %d steps, for twice the text %d", tt.name, prefix, once, twice)
			}
		}
	}
}
