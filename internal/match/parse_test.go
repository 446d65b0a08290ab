package match_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/internal/match"
)

// The canonical form, and that it means the same.
func TestCanonicalForm(t *testing.T) {
	tests := []struct{ query, want string }{
		{`acme`, `acme`},
		{`  Acme   Coffee `, `Acme AND Coffee`},
		{`a b OR c`, `a AND b OR c`},
		{`a (b OR c)`, `a AND (b OR c)`},
		{`((a)) OR ((b OR c))`, `a OR b OR c`},
		{`(a b) (c d)`, `a AND b AND c AND d`},
		{`a -b`, `a AND NOT b`},
		{`a NOT (b c)`, `a AND NOT (b AND c)`},
		{`a -(b NEAR/2 c)`, `a AND NOT (b NEAR/2 c)`},
		{`a NOT b NEAR/2 c`, `a AND NOT (b NEAR/2 c)`},
		{`a NOT NOT b`, `a AND NOT NOT b`},
		{`(a OR b) NEAR/10 "c  d"`, `(a OR b) NEAR/10 "c d"`},
		{`“smart  quotes”`, `"smart quotes"`},
		{`＠Acme ＃Tag`, `@acme AND #Tag`},
		{`LANG:ES_mx acme Platform:X`, `lang:es-mx AND acme AND platform:x`},
		{`from:@Ana to:bob`, `from:ana AND to:bob`},
		{`a—b`, `a—b`},
		{`https://acme.example/x`, `https://acme.example/x`},
		{`16:9`, `16:9`},
		{`near nearby NEARBY`, `near AND nearby AND NEARBY`},
		{`and`, `and`},
		{`*a1* b2* *c3 #*d4 @e5*`, `*a1* AND b2* AND *c3 AND #*d4 AND @e5*`},
		{`"AND" OR "-x"`, `"AND" OR "-x"`},
		{`a OR (b AND (c OR d))`, `a OR b AND (c OR d)`},
		{`acme(coffee)`, `acme AND coffee`},
		{`"a1""b2"`, `"a1" AND "b2"`},
	}
	for _, tt := range tests {
		q, err := match.Parse(tt.query)
		if err != nil {
			t.Errorf("%s: %v", tt.query, err)
			continue
		}
		if q.String() != tt.want {
			t.Errorf("%s: printed as %s, want %s", tt.query, q, tt.want)
		}
		again, err := match.Parse(q.String())
		if err != nil {
			t.Errorf("%s: printed as %s: %v", tt.query, q, err)
		} else if again.String() != q.String() {
			t.Errorf("%s: printed as %s, then %s", tt.query, q, again)
		}
	}
}

var errorCases = []struct {
	query      string
	pos, n     int
	message    string // a part of it
	suggestion string
}{
	{``, 0, 0, `empty`, `"brand name"`},
	{`   `, 0, 3, `empty`, `"brand name"`},
	{`-acme`, 0, 5, `only says what to leave out`, `"brand name" -acme`},
	{`NOT acme`, 0, 8, `only says what to leave out`, `"brand name" NOT acme`},
	{`-a -b`, 0, 5, `only says what to leave out`, `"brand name" -a -b`},
	{`acme OR -tea`, 8, 4, `this part only says what to leave out`, `acme OR "brand name" -tea`},
	{`acme OR (-tea -milk)`, 9, 10, `this part`, `acme OR ("brand name" -tea -milk)`},
	{`lang:es`, 0, 7, `only narrows`, `"brand name" lang:es`},
	{`acme OR platform:x`, 8, 10, `only narrows`, `acme OR "brand name" platform:x`},
	{`lang:es platform:x`, 0, 18, `leave out`, `"brand name" lang:es platform:x`},
	{`NOT (acme -tea)`, 0, 15, `leave out`, `"brand name" NOT (acme -tea)`},
	{`acme OR`, 5, 2, `OR has nothing on its right`, `acme`},
	{`OR acme`, 0, 2, `OR has nothing on its left`, `acme`},
	{`acme AND`, 5, 3, `AND has nothing on its right`, `acme`},
	{`AND acme`, 0, 3, `AND has nothing on its left`, `acme`},
	{`acme AND OR tea`, 5, 3, `AND has nothing on its right`, `acme OR tea`},
	{`acme OR OR tea`, 5, 2, `OR has nothing on its right`, `acme OR tea`},
	{`acme NOT`, 5, 3, `NOT has nothing on its right`, `acme`},
	{`(acme OR) tea`, 6, 2, `OR has nothing on its right`, `(acme) tea`},
	{`(acme`, 0, 1, `never closed`, `(acme)`},
	{`tea (acme OR (milk)`, 4, 1, `never closed`, `tea (acme OR (milk))`},
	{`acme (`, 5, 1, `never closed`, `acme`},
	{`acme)`, 4, 1, `closes nothing`, `acme`},
	{`)acme`, 0, 1, `closes nothing`, `acme`},
	{`acme ()`, 5, 2, `nothing between the brackets`, `acme`},
	{`"acme coffee`, 0, 1, `never closed`, `"acme coffee"`},
	{`acme "`, 5, 1, `never closed`, `acme`},
	{`acme ""`, 5, 2, `nothing between the quotation marks`, `acme`},
	{`café "..."`, 5, 5, `no letter, digit or emoji`, `café`},
	{`"acme"coffee`, 6, 0, `space is missing`, `"acme" coffee`},
	{`acme"coffee"`, 4, 0, `space is missing`, `acme "coffee"`},
	{`"acme coffee"~5`, 13, 1, `NEAR/5`, ``},
	{`acme - tea`, 5, 1, `stands alone`, `acme tea`},
	{`acme --tea`, 5, 2, `one - is enough`, `acme -tea`},
	{`acme !tea`, 5, 1, `write - before it`, `acme -tea`},
	{`+acme tea`, 0, 1, `is not needed`, `acme tea`},
	{`acme && tea`, 5, 2, `no letter`, `acme AND tea`},
	{`barnes & noble`, 7, 1, `quotation marks`, `"barnes & noble"`},
	{`acme || tea`, 5, 2, `OR between alternatives`, `acme OR tea`},
	{`acme , tea`, 5, 1, `OR between alternatives`, `acme OR tea`},
	{`acme ...`, 5, 3, `no letter, digit or emoji`, `acme`},
	{`acme NEAR tea`, 5, 4, `distance in words`, `acme NEAR/5 tea`},
	{`acme NEAR/x tea`, 5, 6, `distance in words`, `acme NEAR/5 tea`},
	{`acme near/3 tea`, 5, 6, `in capitals`, `acme NEAR/3 tea`},
	{`acme NEAR3 tea`, 5, 5, `with a slash`, `acme NEAR/3 tea`},
	{`acme NEAR/0 tea`, 5, 6, `1 to 100`, `acme NEAR/1 tea`},
	{`acme NEAR/500 tea`, 5, 8, `1 to 100`, `acme NEAR/100 tea`},
	{`acme NEAR/5`, 5, 6, `nothing on its right`, `acme`},
	{`NEAR/5 acme`, 0, 6, `nothing on its left`, `acme`},
	{`acme NEAR/5 NOT tea`, 5, 10, `cannot follow`, ``},
	{`acme NEAR/5 (tea milk)`, 13, 8, `joins words`, ``},
	{`acme NEAR/5 lang:es`, 12, 7, `joins words`, ``},
	{`acme NEAR/5 tea NEAR/5 milk`, 16, 6, `two things at a time`, `acme NEAR/5 tea AND milk`},
	{`acme -tea NEAR/5 milk`, 5, 11, `unclear`, ``},
	{`acme -OR tea`, 5, 1, `nothing on its right`, `acme OR tea`},
	{`*`, 0, 1, `match everything`, `"brand name"`},
	{`acme **`, 5, 2, `match everything`, `acme`},
	{`a*`, 0, 2, `at least 2 characters`, `a`},
	{`ac*me`, 0, 5, `not inside`, `ac*`},
	{`#ac*me`, 0, 6, `not inside`, `#ac*`},
	{`**acme`, 0, 6, `one * on a side`, `*acme`},
	{`acme.*`, 0, 6, `must touch`, ``},
	{`ac?me`, 0, 5, `only wildcard`, `ac*`},
	{`# acme`, 0, 1, `directly after`, `acme`},
	{`acme @`, 5, 1, `directly after`, `acme`},
	{`#acme-coffee`, 0, 12, `no punctuation`, `#acmecoffee`},
	{`#"acme coffee"`, 0, 14, `no quotation marks`, `#acmecoffee`},
	{`@acmé`, 0, 5, `letters a to z`, `@acm`},
	{`acme lang:`, 5, 5, `needs a value`, `acme`},
	{`acme lang:spanish`, 5, 12, `code of a language`, `acme lang:es`},
	{`acme lang:x1x1x1`, 5, 11, `code of a language`, ``},
	{`acme lang:"es"`, 5, 9, `no quotation marks`, `acme lang:es`},
	{`acme platform:twitter`, 5, 16, `called x`, `acme platform:x`},
	{`acme platform:a/b`, 5, 12, `name of a platform`, ``},
	{`acme language:es`, 5, 11, `called lang:`, `acme lang:es`},
	{`author:ana`, 0, 10, `called from:`, `from:ana`},
	{`acme -is:retweet`, 6, 10, `no field “is:”: reposts`, `acme`},
	{`is:retweet acme`, 0, 10, `quotation marks`, `acme`},
	{`acme has:links`, 5, 9, `no field “has:”`, `acme`},
	{`acme (tea OR FILTER:images)`, 13, 13, `no field “filter:”`, `acme (tea)`},
	{`url:acme.example`, 0, 16, `words in links`, `acme.example`},
	{`url:https://acme.example`, 0, 24, `words in links`, `https://acme.example`},
	{`acme since:2026-01-01 until:2026-02-01`, 5, 16, `all times`, `acme`},
	{`is:reply`, 0, 8, `no field`, `"brand name"`},
	{`from:an*`, 0, 8, `one whole handle`, `from:an`},
	{"acme \xff", 5, 1, `UTF-8`, `acme`},
	{`café (té OR`, 9, 2, `nothing on its right`, `café (té)`},
	{`東京 OR`, 3, 2, `nothing on its right`, `東京`},
	{`( ( OR ) AND`, 4, 2, `nothing on its left`, `"brand name"`},
}

func TestSyntaxErrors(t *testing.T) {
	if len(errorCases) < 30 {
		t.Fatalf("only %d cases", len(errorCases))
	}
	for _, tt := range errorCases {
		_, err := match.Parse(tt.query)
		e := match.AsSyntaxError(err)
		if e == nil {
			t.Errorf("%q: %v", tt.query, err)
			continue
		}
		if e.Pos != tt.pos || e.Len != tt.n || !strings.Contains(e.Message, tt.message) || e.Suggestion != tt.suggestion {
			t.Errorf("%q:\n got %d+%d %q, try %q\nwant %d+%d …%s…, try %q", tt.query, e.Pos, e.Len, e.Message, e.Suggestion, tt.pos, tt.n, tt.message, tt.suggestion)
		}
		if e.Suggestion != "" {
			if _, err := match.Parse(e.Suggestion); err != nil {
				t.Errorf("%q: the suggestion %q is refused: %v", tt.query, e.Suggestion, err)
			}
		}
		if s := err.Error(); strings.ContainsAny(s, "\n") || !strings.Contains(s, fmt.Sprintf("character %d:", tt.pos+1)) {
			t.Errorf("%q: sentence %q", tt.query, s)
		}
	}
}

func TestErrorCode(t *testing.T) {
	_, err := match.Compile([]adalid.Brand{{Name: "Acme", Query: "acme"}, {Name: "Umbra", Query: "umbra ("}})
	if adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("code %q of %v, want invalid", adalid.CodeOf(err), err)
	}
	if err == nil || !strings.Contains(err.Error(), `"Umbra"`) || match.AsSyntaxError(err).Pos != 6 {
		t.Errorf("error %v does not lead to the brand and the place", err)
	}
	var coded *adalid.Error
	if !errors.As(err, &coded) || !strings.Contains(coded.Message, "never closed") {
		t.Errorf("the coded error says %v", coded)
	}
}

func TestRender(t *testing.T) {
	tests := []struct{ query, want string }{
		{`acme OR`, "acme OR\n     ^^\nOR has nothing on its right\ntry: acme\n"},
		{`東京 OR`, "東京 OR\n     ^^\nOR has nothing on its right\ntry: 東京\n"},
		{"cafe\u0301\tOR", "cafe\u0301 OR\n     ^^\nOR has nothing on its right\ntry: cafe\u0301\n"},
		{``, "\n^\nthe query is empty: write the name of the brand\ntry: \"brand name\"\n"},
		{`"a"b`, "\"a\"b\n   ^\na space is missing after the quotation mark\ntry: \"a\" b\n"},
		{
			strings.Repeat("word ", 30) + "( ) " + strings.Repeat("more ", 30),
			"…" + strings.Repeat("word ", 8) + "( ) more more more more more more m…\n" + strings.Repeat(" ", 41) + "^^^\nthere is nothing between the brackets\n",
		},
	}
	for _, tt := range tests {
		_, err := match.Parse(tt.query)
		e := match.AsSyntaxError(err)
		if e == nil {
			t.Fatalf("%q is accepted", tt.query)
		}
		if got := e.Render(tt.query); got != tt.want {
			t.Errorf("%q is shown as\n%s\nwant\n%s", tt.query, got, tt.want)
		}
	}
}

func TestHints(t *testing.T) {
	tests := []struct {
		query      string
		pos        int
		suggestion string
	}{
		{`acme or umbra`, 5, `acme OR umbra`},
		{`acme and umbra`, 5, `acme AND umbra`},
		{`acme o umbra`, 5, `acme O umbra`},
		{`acme not umbra`, 5, `acme NOT umbra`},
		{`"acme and umbra"`, -1, ``},
		{`acme OR umbra`, -1, ``},
		{`and acme`, -1, ``},
		{`no`, -1, ``},
		{`lagn:es acme`, 0, `lang:es acme`},
		{`acme Langs:es`, 5, `acme lang:es`},
		{`acme -lnag:es`, 6, `acme -lang:es`},
		{`acme fron:@ana`, 5, `acme from:@ana`},
		{`acme paltform:x`, 5, `acme platform:x`},
		{`too:ana acme`, 0, `to:ana acme`},
		{`lagn:klingon! acme`, 0, ``},
		{`lagn：es acme`, 0, `lang:es acme`},
		{`lagn:es`, 0, ``},
		{`"lagn:es acme"`, -1, ``},
		{`#lagn acme`, -1, ``},
		{`lagn: acme`, -1, ``},
		{`16:9 re:invent https://acme.example acme:tea c:x`, -1, ``},
		{`is: has: https://is.example "is:retweet"`, -1, ``},
	}
	for _, tt := range tests {
		q, err := match.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		hints := q.Hints()
		if (len(hints) == 1) != (tt.pos >= 0) {
			t.Errorf("%s: hints %+v", tt.query, hints)
			continue
		}
		want := strings.Replace(tt.suggestion, " O ", " OR ", 1)
		if tt.pos >= 0 && (hints[0].Pos != tt.pos || hints[0].Suggestion != want) {
			t.Errorf("%s: hint %+v, want at %d, try %s", tt.query, hints[0], tt.pos, want)
		}
	}
}

// What would take long is refused, and quickly.
func TestQueryBombs(t *testing.T) {
	tests := []struct {
		name, query string
		refused     string // a part of the message; "" when accepted
	}{
		{"brackets", strings.Repeat("(", 3000) + "a" + strings.Repeat(")", 3000), "100 brackets"},
		{"open brackets", strings.Repeat("(", 3000), "100 brackets"},
		{"closing brackets", strings.Repeat(")", 3000), "closes nothing"},
		{"empty brackets", strings.Repeat("()", 3000), "nothing between"},
		{"nots", "a " + strings.Repeat("NOT ", 3000) + "b", "100 brackets and NOTs"},
		{"a long word", strings.Repeat("a", 70<<10), "at most"},
		{"a long phrase", `"` + strings.Repeat("a ", 8000) + `"`, "at most 200"},
		{"a word of long characters", strings.Repeat("\ufdfa", 150), "too long"},
		{"operators", strings.Repeat("OR ", 5000), "nothing on its left"},
		{"quotation marks", strings.Repeat(`"`, 16000), "nothing between"},
		{"hints", strings.Repeat("a or ", 3200) + "b", ""},
		{"words", strings.Repeat("ab ", 5400), ""},
		{"nested words", strings.Repeat("*"+strings.Repeat("a", 150)+"* ", 100), ""},
		{"nears", "a NEAR/2 b" + strings.Repeat(" OR a NEAR/2 b", 1100), ""},
		{"longest", strings.Repeat("a", 190) + strings.Repeat(" "+strings.Repeat("b", 190), 80), ""},
	}
	for _, tt := range tests {
		start := time.Now()
		m, err := match.Compile([]adalid.Brand{{Name: "b", Query: tt.query}})
		took := time.Since(start)
		switch {
		case tt.refused == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.refused == "" && m == nil:
			t.Errorf("%s: no matcher", tt.name)
		case tt.refused != "" && (err == nil || !strings.Contains(err.Error(), tt.refused)):
			t.Errorf("%s: error %.200v, want one about %s", tt.name, err, tt.refused)
		case err != nil && utf8.RuneCountInString(err.Error()) > 500:
			t.Errorf("%s: the message has %d bytes", tt.name, len(err.Error()))
		}
		t.Logf("%s: %v", tt.name, took) // the figure is for the reader: machines differ
	}
}
