package privacy

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark stands in a text where a handle was.
const Mark = "…"

// Named tells whether a word names somebody who was erased; marked says that an
// @ or a / stands before it, as before handles in texts and addresses.
type Named func(word string, marked bool) bool

// mostParts bounds how many parts, with dots or hyphens between them, one handle
// may have.
const mostParts = 8

// Redact gives text with Mark in the place of every word that names somebody, as
// a whole or as a part of an address; an @ before it stays, so that what is left
// is as long as before for whoever counts the words. Words that are written with
// percent escapes are read as what they mean.
func Redact(text string, named Named) string {
	var out strings.Builder
	done := 0 // of text, copied
	for i := 0; i < len(text); {
		n := partLength(text[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		parts, end := run(text, i)
		for k := 0; k < len(parts); {
			word, used := find(text, parts, k, named)
			if used == 0 {
				k++
				continue
			}
			out.WriteString(text[done:parts[k][0]])
			out.WriteString(word)
			done = parts[k+used-1][1]
			k += used
		}
		i = end
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// RedactJSON gives a JSON with every string in it, keys included, as redact leaves
// what it means: escapes would hide the words of what is written. Everything else
// is as before to the byte. What is no JSON is redacted as a text.
func RedactJSON(text string, redact func(string) string) string {
	if !json.Valid([]byte(text)) {
		return redact(text)
	}
	var out strings.Builder
	done := 0 // of text, copied
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		begin := i
		for i++; text[i] != '"'; i++ {
			if text[i] == '\\' {
				i++
			}
		}
		var was string
		if json.Unmarshal([]byte(text[begin:i+1]), &was) != nil {
			continue // cannot be: the whole is valid
		}
		now := redact(was)
		if now == was {
			continue
		}
		raw, err := json.Marshal(now)
		if err != nil {
			continue // strings can be written
		}
		out.WriteString(text[done:begin])
		out.Write(raw)
		done = i + 1
	}
	out.WriteString(text[done:])
	return out.String()
}

// find gives what stands for the parts from k on that name somebody, and how
// many they are; 0 none.
func find(text string, parts [][2]int, k int, named Named) (string, int) {
	from := parts[k][0]
	marked := from > 0 && (text[from-1] == '@' || text[from-1] == '/' || strings.HasSuffix(text[:from], "＠"))
	for last := min(len(parts), k+mostParts) - 1; last >= k; last-- {
		word := text[from:parts[last][1]]
		if named(word, marked) {
			return Mark, last - k + 1
		}
		if !strings.Contains(word, "%") {
			continue
		}
		plain, err := url.PathUnescape(word)
		if err != nil || plain == word {
			continue
		}
		if named(plain, marked) {
			return Mark, last - k + 1
		}
		if clean := Redact(plain, named); clean != plain {
			return url.PathEscape(clean), last - k + 1
		}
	}
	return "", 0
}

// run gives the parts of the word that begins at from: what handles are made of,
// with single separators between, and where it ends.
func run(text string, from int) (parts [][2]int, end int) {
	at := from
	for {
		begin := at
		for at < len(text) {
			n := partLength(text[at:])
			if n == 0 {
				break
			}
			at += n
		}
		parts = append(parts, [2]int{begin, at})
		n := separatorLength(text[at:])
		if n == 0 || partLength(text[at+n:]) == 0 {
			return parts, at
		}
		at += n
	}
}

// partLength gives the length of the rune or percent escape that text begins
// with, 0 when it is none that a handle has inside.
func partLength(text string) int {
	if text == "" {
		return 0
	}
	c := text[0]
	switch {
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return size
		}
		return 0
	case c == '%':
		if len(text) >= 3 && isHex(text[1]) && isHex(text[2]) {
			return 3
		}
		return 0
	case c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z':
		return 1
	}
	return 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func separatorLength(text string) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case '.', '-', '@', ':':
		return 1
	}
	if strings.HasPrefix(text, "·") {
		return len("·")
	}
	return 0
}

// Distinctive tells whether a handle is no word that people use otherwise: it has
// eight characters or more, or five with a digit, an underscore or a separator
// among them. Others, such as "ana", are taken out of texts only where an @ or a
// / stands before them.
func Distinctive(handle string) bool {
	n := utf8.RuneCountInString(handle)
	return n >= 8 || n >= 5 && strings.ContainsAny(handle, "0123456789_.-@:·")
}
