package topics

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jdkato/prose/v2"
)

// tagger tells English nouns and adjectives.
type tagger struct{ model *prose.Model }

// newTagger loads the model, a quarter of a second and 30 MB.
func newTagger() (t *tagger, err error) {
	defer func() { // prose panics where its embedded data cannot be read
		if r := recover(); r != nil {
			err = fmt.Errorf("topics: load the English tagger: %v", r)
		}
	}()
	d, err := prose.NewDocument("", prose.WithExtraction(false), prose.WithSegmentation(false))
	if err != nil {
		return nil, fmt.Errorf("topics: load the English tagger: %w", err)
	}
	return &tagger{d.Model}, nil
}

// nounPhrases gives for every run of nouns: the last one, the last two or three,
// and, where that makes three words at most, the nouns with the adjective before
// them. Hashtags are phrases by themselves.
func (t *tagger) nounPhrases(tokens []token) (out []found) {
	tags := t.tags(tokens)
	list := emptyOf("en")
	noun := func(i int) bool {
		tok := tokens[i]
		return tok.class == word && strings.HasPrefix(tags[i], "NN") && len(tok.plain) > 1 && !tok.space && list[tok.plain] != empty
	}
	for i := 0; i < len(tokens); i++ {
		if tokens[i].class == tag && list[tokens[i].plain] == full {
			out = append(out, phrase(tokens[i:i+1]))
		}
		first := i
		for i < len(tokens) && noun(i) {
			i++
		}
		if i == first {
			continue
		}
		begin := max(first, i-3)
		adjective := begin == first && i-begin < 3 && first > 0 && tokens[first-1].class == word &&
			describes(tags, first-1) && list[tokens[first-1].plain] == full
		if list[tokens[i-1].plain] == full {
			out = append(out, phrase(tokens[i-1:i]))
		}
		if slices.ContainsFunc(tokens[begin:i], func(t token) bool { return list[t.plain] == full }) {
			if begin < i-1 {
				out = append(out, phrase(tokens[begin:i]))
			}
			if adjective {
				out = append(out, phrase(tokens[begin-1:i]))
			}
		}
		i-- // what ended the run may be a hashtag
	}
	return out
}

// describes tells whether the token before nouns describes them: an adjective,
// or a form in -ing that is none of a verb ("the waiting list").
func describes(tags []string, i int) bool {
	return strings.HasPrefix(tags[i], "JJ") || tags[i] == "VBG" && i > 0 && slices.Contains([]string{"DT", "PRP$", "JJ"}, tags[i-1])
}

// tags gives the part of speech of each token, "" where it has none.
func (t *tagger) tags(tokens []token) []string {
	var text strings.Builder
	sent := make([]string, len(tokens)) // what the tagger sees of each
	for i, tok := range tokens {
		sent[i] = visible(tok)
		if sent[i] != "" {
			text.WriteString(sent[i])
			text.WriteByte(' ')
		}
	}
	tags := make([]string, len(tokens))
	if text.Len() == 0 {
		return tags
	}
	d, err := prose.NewDocument(text.String(), prose.WithExtraction(false), prose.WithSegmentation(false), prose.UsingModel(t.model))
	if err != nil {
		return tags
	}
	// The tagger parts some tokens ("don't"), but neither joins nor drops any.
	parts := d.Tokens()
	for i, whole := range sent {
		for length := 0; length < len(whole) && len(parts) > 0; parts = parts[1:] {
			if length == 0 {
				tags[i] = parts[0].Tag
			}
			length += len(parts[0].Text)
		}
	}
	return tags
}

// visible is a token as the tagger gets it. The tagger looks for endings in the
// lower-case form and cuts the original there, which panics where the two have
// different lengths: only letters that keep theirs get through.
func visible(t token) string {
	switch t.class {
	case handle:
		return "@user"
	case gap:
		return t.form
	case tag:
		return "" // mostly no part of the sentence
	}
	for _, r := range t.form {
		if lower := strings.ToLower(string(r)); len(lower) != utf8.RuneLen(r) {
			return "it"
		}
	}
	return t.form
}
