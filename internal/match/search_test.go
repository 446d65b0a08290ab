package match

import (
	"fmt"
	"strings"
	"testing"
)

func TestSearchTerms(t *testing.T) {
	for query, want := range map[string]string{
		`acme`:                             "text acme",
		`acme OR "Acme Coffee" OR @acme`:   "text acme, text acme coffee, handle acme",
		`(acme OR acmé) coffee`:            "text coffee",
		`acme AND (#one OR #two)`:          "text acme",
		`acme -jobs -"for sale"`:           "text acme",
		`acme lang:es platform:x`:          "text acme",
		`café`:                             "text café, text cafe",
		`coff* *machine*`:                  "inside machine",
		`cold NEAR/3 espresso`:             "text espresso",
		`from:acme OR to:acme OR acme`:     "from acme, handle acme, text acme",
		`NOT (NOT acme OR lang:fr)`:        "text acme",
		`acme OR Acme OR ACME`:             "text acme",
		`.NET OR C++`:                      "text .net, text c++",
		`"AT&T"`:                           "text at&t, text at t",
		`("a b" OR @c) (#d OR e OR f) ggg`: "text ggg",
	} {
		q, err := Parse(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		var got []string
		for _, s := range q.SearchTerms() {
			got = append(got, fmt.Sprintf("%s %s", s.Kind, s.Text))
		}
		if have := strings.Join(got, ", "); have != want {
			t.Errorf("%s asks for %s, want %s", query, have, want)
		}
	}
}
