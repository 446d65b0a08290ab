package x

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"adalid/collectors"
)

// queries gives the searches that together ask for all terms, none longer than
// the limit, and what cannot be asked for, one sentence each. without names the
// accounts whose mentions are read elsewhere.
func (b *base) queries(terms []collectors.Term, without []string) (list, warnings []string) {
	tail, most := b.tail(without)
	var asked []string
	for _, t := range terms {
		text, warning := b.term(t)
		switch {
		case warning != "":
			warnings = append(warnings, warning)
		case text != "" && utf8.RuneCountInString("("+text+")"+tail) > most:
			warnings = append(warnings, fmt.Sprintf("One term is too long for X, which allows %d characters: it was not searched for.", most))
			continue
		}
		if t.Kind == collectors.Handle && slices.Contains(without, t.Text) || text == "" || slices.Contains(asked, text) {
			continue
		}
		asked = append(asked, text)
	}
	for len(asked) > 0 {
		n, any := 1, asked[0]
		for n < len(asked) && utf8.RuneCountInString("("+any+" OR "+asked[n]+")"+tail) <= most {
			any += " OR " + asked[n]
			n++
		}
		list, asked = append(list, "("+any+")"+tail), asked[n:]
	}
	return list, warnings
}

// tail is what every search ends in, and how many characters one may have.
func (b *base) tail(without []string) (tail string, most int) {
	tail, most = " -is:retweet", maxQuery
	switch {
	case b.API == apiV1:
		tail, most = " -filter:retweets", maxQueryV1
	case b.Archive:
		most = maxQueryArchive
	}
	for _, h := range without {
		tail += " -@" + h
	}
	if len(b.Languages) == 1 {
		return tail + " lang:" + b.Languages[0], most
	}
	if len(b.Languages) > 1 {
		return tail + " (lang:" + strings.Join(b.Languages, " OR lang:") + ")", most
	}
	return tail, most
}

// term writes a term in the language of X's search.
func (b *base) term(t collectors.Term) (text, warning string) {
	text = strings.Join(strings.Fields(strings.ReplaceAll(t.Text, `"`, " ")), " ")
	if text == "" {
		return "", ""
	}
	switch t.Kind {
	case collectors.Handle:
		return "@" + text, ""
	case collectors.Tag:
		return "#" + text, ""
	case collectors.Prefix:
		warning = "X cannot search for beginnings of words: only the whole word " + text + " was searched for."
	case collectors.Inside:
		warning = "X cannot search inside words: only the whole word " + text + " was searched for."
	}
	return `"` + text + `"`, warning
}
