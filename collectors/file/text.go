package file

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

func indexNewline(b []byte) int { return bytes.IndexByte(b, '\n') }

// handleByte marks what a handle is made of; beforeByte marks what may not
// stand before the @ of a mention.
var handleByte, beforeByte = func() (h, b [256]bool) {
	for c := range 256 {
		h[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
		b[c] = h[c] || strings.IndexByte("!#$%&*@/", byte(c)) >= 0
	}
	return h, b
}()

const (
	maxHandle = 15
	fullAt    = "＠" // U+FF20
	ellipsis  = "…" // U+2026
)

// scanMentions calls found for each handle that text mentions, as written: @
// or ＠ not after [A-Za-z0-9_!#$%&*@/], then 1 to 15 of [A-Za-z0-9_], not
// before [A-Za-z0-9_@…].
func scanMentions(text string, found func(handle string)) {
	for i := 0; i < len(text); {
		n := 0
		switch c := text[i]; {
		case c == '@':
			n = 1
		case c == fullAt[0] && strings.HasPrefix(text[i:], fullAt):
			n = len(fullAt)
		default:
			i++
			continue
		}
		start := i + n
		end := start
		for end < len(text) && handleByte[text[end]] {
			end++
		}
		size := end - start
		cut := end < len(text) && (text[end] == '@' || strings.HasPrefix(text[end:], ellipsis))
		if size >= 1 && size <= maxHandle && !cut && (i == 0 || !beforeByte[text[i-1]]) {
			found(text[start:end])
		}
		i = end
	}
}

// hasAt says whether text can mention anybody at all.
func hasAt(text string) bool {
	return strings.IndexByte(text, '@') >= 0 || strings.Contains(text, fullAt)
}

// repostPrefix gives the handle x, as written, of a text that begins "RT @x:".
func repostPrefix(text string) (handle string, ok bool) {
	if !strings.HasPrefix(text, "RT @") {
		return "", false
	}
	end := 4
	for end < len(text) && handleByte[text[end]] {
		end++
	}
	if end == 4 || end-4 > maxHandle || end == len(text) || text[end] != ':' {
		return "", false
	}
	return text[4:end], true
}

// lower is strings.ToLower without an allocation for what is lower case.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf {
			return strings.ToLower(s)
		}
	}
	return s
}

// cleanHandle strips what people write around a handle.
func cleanHandle(s string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, fullAt), "@")
	if missing(s) {
		return ""
	}
	return s
}

// missing says that a source wrote "nothing" in its own way.
func missing(s string) bool {
	switch len(s) {
	case 0:
		return true
	case 1:
		return s == "-"
	case 2:
		return s == "NA" || s == "--"
	case 3:
		return strings.EqualFold(s, "nan") || s == "N/A" || s == "n/a" || s == "<NA>"
	case 4:
		return strings.EqualFold(s, "null") || strings.EqualFold(s, "none") || s == "<NA>"
	}
	return false
}

// clean removes what no text may hold: NUL.
func clean(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}
