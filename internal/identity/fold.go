package identity

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed common.txt
var commonText string

// common are given names, family names and words that many handles are made of.
var common = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.Fields(line) {
				words[w] = true
			}
		}
	}
	return words
})

// foldLetter writes a letter as handles do: lower case, Latin accents dropped.
func foldLetter(r rune) string {
	r = unicode.ToLower(r)
	switch {
	case strings.ContainsRune("áàâäãåā", r):
		return "a"
	case strings.ContainsRune("éèêëēę", r):
		return "e"
	case strings.ContainsRune("íìîïī", r):
		return "i"
	case strings.ContainsRune("óòôöõøō", r):
		return "o"
	case strings.ContainsRune("úùûüū", r):
		return "u"
	case r == 'ñ' || r == 'ń':
		return "n"
	case r == 'ç' || r == 'č' || r == 'ć':
		return "c"
	case r == 'ß':
		return "ss"
	}
	return string(r)
}

// foldHandle gives what of a handle somebody chooses: without its server, signs
// between words, accents and case.
func foldHandle(a *Account) string {
	handle := lower(strings.TrimPrefix(a.Handle, "@"))
	if a.Platform == "stackexchange" { // a number on a site
		return ""
	}
	handle, _, _ = strings.Cut(handle, "@")
	handle = strings.TrimSuffix(handle, ".bsky.social")
	if a.Platform == "bluesky" { // a domain of its own: what it is called
		if i := strings.LastIndexByte(handle, '.'); i > 0 {
			handle = handle[:i]
		}
	}
	return squeeze(cut(handle, longestLink))
}

// squeeze folds a text and leaves letters and digits.
func squeeze(text string) string {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			out = append(out, byte(r))
		case 'A' <= r && r <= 'Z':
			out = append(out, byte(r)+'a'-'A')
		case r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			out = append(out, foldLetter(r)...)
		}
	}
	return string(out)
}

// longestName bounds how many words of a display name are read.
const longestName = 8

// nameWords gives the words of a display name, folded, in order of the alphabet,
// each once: "Pérez, Ana" is "Ana Pérez".
func nameWords(name string) []string {
	words := strings.FieldsFunc(cut(name, longestLink), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		words[i] = squeeze(w)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), longestName)]
}

// madeOf tells whether a text can be put together from common words and those
// given, single letters of initials included.
func madeOf(text string, words []string) bool {
	reach := make([]bool, len(text)+1)
	reach[0] = true
	for i := range text {
		if !reach[i] {
			continue
		}
		for _, w := range words {
			if w != "" && strings.HasPrefix(text[i:], w) {
				reach[i+len(w)] = true
			}
			if first := []rune(w); len(first) > 0 && strings.HasPrefix(text[i:], string(first[0])) {
				reach[i+len(string(first[0]))] = true
			}
		}
		for j := i + 2; j <= min(len(text), i+14); j++ {
			if common()[text[i:j]] {
				reach[j] = true
			}
		}
	}
	return reach[len(text)]
}

// bioWords gives the words of a bio without links and handles, folded, each once.
func bioWords(bio string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(cut(bio, longestBio), separates) {
		if strings.HasPrefix(w, "@") || strings.Contains(w, "/") || strings.Contains(w, "://") {
			continue
		}
		if w = squeeze(w); len(w) > 1 {
			words[w] = true
		}
	}
	return words
}

// alike is the share of words that two bios have in common of all they have
// (Jaccard 1912), and how many those are.
func alike(a, b map[string]bool) (share float64, both int) {
	for w := range a {
		if b[w] {
			both++
		}
	}
	if all := len(a) + len(b) - both; all > 0 {
		share = float64(both) / float64(all)
	}
	return share, both
}

// others are words, and pairs of them, by which an account says that it is about
// somebody else.
var others = map[string]bool{
	"fan": true, "fans": true, "fanclub": true, "fanpage": true, "fanaccount": true, "stan": true, "parody": true, "parodia": true,
	"satire": true, "satira": true, "fake": true, "tribute": true, "tributo": true, "homenaje": true, "unofficial": true,
	"no oficial": true, "not affiliated": true, "sin relacion": true,
}

// aboutOther tells whether an account calls itself a fan's, a parody or alike.
func aboutOther(a *Account) bool {
	for _, text := range [...]string{a.Name, cut(a.Bio, longestBio)} {
		before := ""
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			w = squeeze(w)
			if others[w] || others[before+" "+w] {
				return true
			}
			before = w
		}
	}
	return false
}
