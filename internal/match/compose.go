package match

import (
	"strings"
	"unicode"
)

// Compose writes the query of somebody who gives words instead of one: what has
// at least one of the names and none of the excluded words. A name is a word, a
// phrase, #hashtag or @handle; quotation marks in it are left out. "" when no
// name is left. The query has to be parsed like any other.
func Compose(names, excluded []string) string {
	var parts []string
	for _, n := range names {
		if t := literal(n); t != "" {
			parts = append(parts, t)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	query := strings.Join(parts, " OR ")
	bracketed := false
	for _, n := range excluded {
		t := literal(n)
		if t == "" {
			continue
		}
		if !bracketed && len(parts) > 1 {
			query = "(" + query + ")"
		}
		bracketed = true
		query += " -" + t
	}
	return query
}

// literal writes a word or phrase so that nothing in it acts as syntax.
func literal(text string) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"\\“”„«»", r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	sign, rest := "", text
	if strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "@") {
		sign, rest = rest[:1], strings.TrimSpace(rest[1:])
	}
	if !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }) {
		return ""
	}
	bare := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || strings.ContainsRune("_.-", r)
	}
	if sign != "" && strings.IndexFunc(rest, func(r rune) bool { return !bare(r) }) < 0 {
		return sign + rest
	}
	return `"` + rest + `"`
}
