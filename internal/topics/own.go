package topics

import (
	"slices"
	"strings"

	"adalid"
)

// ownTerms gives what names the brand: its name, its accounts, and of its query
// every term where the query is only a list of alternatives, else those that
// hold the name or that the name holds; the others say what people speak about.
func ownTerms(b adalid.Brand) []string {
	terms := []string{b.Name}
	for _, o := range b.Own {
		if o.Handle != "" {
			terms = append(terms, o.Handle)
		}
	}
	operands, list := queryTerms(b.Query)
	name := joined(b.Name)
	for _, term := range operands {
		t := joined(term)
		if list || len(t) > 2 && len(name) > 2 && (strings.Contains(name, t) || strings.Contains(t, name)) {
			terms = append(terms, term)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// queryTerms gives the words and phrases of a query, and whether nothing but OR
// stands between them.
func queryTerms(query string) (terms []string, list bool) {
	list = true
	after := true // an operand may follow
	for query = strings.TrimSpace(query); query != ""; query = strings.TrimSpace(query) {
		end := strings.IndexAny(query, " \t\r\n()")
		if query[0] == '"' {
			end = strings.IndexByte(query[1:], '"') + 2
		}
		switch {
		case end == 0: // a parenthesis
			query, list = query[1:], false
			continue
		case end < 2 && query[0] == '"', end < 0:
			end = len(query)
		}
		piece := query[:end]
		query = query[end:]
		switch {
		case piece == "OR":
			after = true
			continue
		case piece == "AND" || piece == "NOT" || strings.HasPrefix(piece, "NEAR") || piece[0] == '-' || piece[0] != '"' && strings.Contains(piece, ":"):
			list = false
			continue
		}
		list, after = list && after, false
		terms = append(terms, strings.Trim(piece, `"`))
	}
	return terms, list
}

// joined is a term written as hashtags are: without case, accents and spaces.
func joined(term string) string {
	var out strings.Builder
	for _, t := range scan(strings.TrimLeft(legible(term, longestText), "@#"), "") {
		out.WriteString(t.plain)
		if t.class == number {
			out.WriteString(t.form)
		}
	}
	return out.String()
}

// terms finds the brand in a text.
type terms struct {
	byFirst map[string][][]string // first word → whole terms, as words
	joined  []string              // what hashtags are that hold the brand
	begins  []string              // words that begin so; "term*" of the query
}

func newTerms(own []string) *terms {
	t := &terms{byFirst: map[string][][]string{}}
	for _, term := range own {
		term = strings.TrimLeft(term, "@#*")
		var words []string
		for _, w := range scan(legible(term, longestText), "") {
			if w.class == word || w.class == tag {
				words = append(words, w.plain)
			}
		}
		if len(words) == 0 {
			continue
		}
		t.byFirst[words[0]] = append(t.byFirst[words[0]], words)
		if j := strings.Join(words, ""); len(j) >= 4 {
			t.joined = append(t.joined, j)
			t.byFirst[j] = append(t.byFirst[j], []string{j})
		}
		if len(words) == 1 && strings.HasSuffix(term, "*") {
			t.begins = append(t.begins, words[0])
		}
	}
	return t
}

// mark marks the tokens that name the brand, in place.
func (t *terms) mark(tokens []token) []token {
	for i := range tokens {
		switch tok := &tokens[i]; tok.class {
		case tag:
			if t.byFirst[tok.plain] != nil || slices.ContainsFunc(t.joined, func(j string) bool { return strings.Contains(tok.plain, j) }) {
				tok.class = named
			}
		case word:
			if slices.ContainsFunc(t.begins, func(b string) bool { return strings.HasPrefix(tok.plain, b) }) {
				tok.class = named
			}
			for _, words := range t.byFirst[tok.plain] {
				if stands(tokens[i:], words) {
					for j := range words {
						tokens[i+j].class = named
					}
				}
			}
		}
	}
	return tokens
}

// stands tells whether tokens begin with words.
func stands(tokens []token, words []string) bool {
	if len(words) > len(tokens) {
		return false
	}
	for i, w := range words {
		if c := tokens[i].class; tokens[i].plain != w || c != word && c != named {
			return false
		}
	}
	return true
}
