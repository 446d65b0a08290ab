package match

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"adalid"
)

// SyntaxError says what is wrong in a query and where. adalid.CodeOf gives
// Invalid for it.
type SyntaxError struct {
	Pos        int    `json:"pos"`        // in runes from 0
	Len        int    `json:"len"`        // in runes; 0 where something is missing
	Message    string `json:"message"`    // one clause
	Suggestion string `json:"suggestion"` // a whole query that is accepted, "" when there is none
}

const longestShown = 120 // runes of a suggestion in a sentence

// Error gives place, fault and suggestion in one sentence.
func (e *SyntaxError) Error() string {
	s := fmt.Sprintf("query, character %d: %s", e.Pos+1, e.Message)
	if e.Suggestion != "" && utf8.RuneCountInString(e.Suggestion) <= longestShown {
		s += "; try: " + e.Suggestion
	}
	return s
}

// As presents the error as an adalid.Error with code Invalid.
func (e *SyntaxError) As(target any) bool {
	t, ok := target.(**adalid.Error)
	if ok {
		*t = adalid.Errorf(adalid.Invalid, "%s", e.Error())
	}
	return ok
}

// columns shown of a long query on each side of the fault.
const shownBefore, shownAfter = 40, 32

// Render draws the part of the query around the fault, a line of carets under
// it, the message, and the suggestion where there is one, for a terminal with
// a fixed-width font. Every line ends with a newline.
func (e *SyntaxError) Render(query string) string {
	return render(query, e.Pos, e.Len, e.Message, e.Suggestion)
}

// Render draws the part of the query that the hint is about, as
// SyntaxError.Render does.
func (h Hint) Render(query string) string {
	return render(query, h.Pos, h.Len, h.Message, h.Suggestion)
}

func render(query string, pos, length int, message, suggestion string) string {
	if len(query) > 2*MaxQuery { // the fault is the length: its start is enough
		query = query[:2*MaxQuery]
	}
	runes := []rune(query)
	pos = min(pos, len(runes))
	from, to := max(0, pos-shownBefore), min(len(runes), pos+min(length, shownAfter)+shownAfter)
	var line, carets strings.Builder
	if from > 0 {
		line.WriteString("…")
		carets.WriteString(" ")
	}
	for i := from; i < to; i++ {
		r := runes[i]
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			r = ' '
		}
		w := columns(r)
		line.WriteRune(r)
		switch {
		case i < pos:
			carets.WriteString(strings.Repeat(" ", w))
		case i < pos+max(length, 1):
			carets.WriteString(strings.Repeat("^", w))
		}
	}
	if pos == len(runes) {
		carets.WriteString("^")
	}
	if to < len(runes) {
		line.WriteString("…")
	}
	out := line.String() + "\n" + carets.String() + "\n" + message + "\n"
	if suggestion != "" && utf8.RuneCountInString(suggestion) <= longestShown {
		out += "try: " + suggestion + "\n"
	}
	return out
}

// columns gives how many columns a terminal needs for r.
func columns(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case unicode.Is(pictures, r) && r > 0xFFFF:
		return 2
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// shown quotes a piece of a query for a message, cut when it is long.
func shown(s string) string {
	const most = 24
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return "“" + s + "”"
}
