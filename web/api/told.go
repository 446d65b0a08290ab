package api

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"adalid"
)

// How much of an uploaded file, and how much in all, a sentence about it holds,
// in bytes.
const (
	mostOfFile = 200
	mostTold   = 600
)

// The importer's sentences quote the file between quotation marks and, as a
// list or as examples, in one pair of parentheses; they name options as the
// command line has them.
var (
	fromFile = regexp.MustCompile(`(?s)\(.*\)|"(?:[^"\\]|\\.)*"|'\{.*?\}'`)
	option   = regexp.MustCompile(`--(?:map|date-order|timezone|year|format|match|platform)\b(?: [^\s-]+)?`)
)

// told is an importer's sentence for users of the API: options are named as
// the parameters they are here, and the file is quoted briefly.
func told(text string) string {
	left := mostOfFile
	text = fromFile.ReplaceAllStringFunc(text, func(s string) string {
		inner := cut(s[1:len(s)-1], left)
		left -= min(left, len(inner))
		return s[:1] + inner + s[len(s)-1:]
	})
	text = option.ReplaceAllStringFunc(text, func(s string) string {
		name, value, given := strings.Cut(s[2:], " ")
		name = strings.ReplaceAll(name, "-", "_")
		switch {
		case value == "is":
			return name + " is"
		case given:
			return name + "=" + value
		}
		return name
	})
	return cut(text, mostTold)
}

// toldError is told for an error that goes to the client.
func toldError(err error) error {
	var coded *adalid.Error
	if !errors.As(err, &coded) {
		return err
	}
	return &adalid.Error{Code: coded.Code, Message: told(coded.Message), Err: err}
}

// cut shortens s to at most n bytes, between characters, and shows that it did.
func cut(s string, n int) string {
	const more = "…"
	if len(s) <= n {
		return s
	}
	n = max(0, n-len(more))
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}
