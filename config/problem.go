package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Error is everything found wrong with the settings. Its text is meant for the
// operator, in order of the file and then of the variables, and never holds a
// secret.
type Error struct {
	Problems []Problem
}

// Error lists the problems.
func (e *Error) Error() string {
	all := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		all[i] = p.String()
	}
	return strings.Join(all, "\n")
}

// Problem is one thing wrong with one place.
type Problem struct {
	Source  string // file name or names of variables
	Line    int    // from 1; 0 for a variable and for a file as a whole
	Column  int    // from 1, in characters
	Message string // one sentence, with what to do
	Excerpt string // the line with a caret under the column; "" where there is none
}

// String gives the place, the sentence and the excerpt.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Source + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s\n%s", p.Source, p.Line, p.Column, p.Message, p.Excerpt)
}

// place is where a value comes from.
type place struct {
	file         *file // nil for a variable
	source       string
	line, column int
}

// add notes a problem with key (or "") at a place.
func (l *loader) add(at place, key, message string) {
	p := Problem{Source: at.source, Message: message}
	if at.file != nil {
		if key != "" {
			p.Message = key + ": " + message
		}
		if at.line > 0 {
			p.Line, p.Column = at.line, at.column
			p.Excerpt = at.file.excerpt(at.line, at.column, 0)
		}
	}
	l.problems = append(l.problems, p)
}

// error gives the problems in order: files as they were read and from top to
// bottom, then variables by name.
func (l *loader) error() *Error {
	order := func(p Problem) int {
		if i := slices.Index(l.files, p.Source); i >= 0 {
			return i
		}
		return len(l.files)
	}
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		if c := cmp.Compare(order(a), order(b)); c != 0 {
			return c
		}
		if order(a) == len(l.files) {
			return strings.Compare(a.Source, b.Source)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &Error{l.problems}
}

// file is a settings file as it may be shown.
type file struct {
	name  string
	lines []string // without secrets
}

var (
	secretWord = regexp.MustCompile(`(?i)token|secret|passw|key|credential`)
	freshKey   = regexp.MustCompile(`^[ \t]*["']?[A-Za-z_][\w.-]*["']?[ \t]*:([ \t]|$)`)
)

// newFile keeps the lines of a file without what follows a key that sounds
// secret, also on the lines after it: excerpts are made even where the file
// could not be understood.
func newFile(name string, text string) *file {
	f := &file{name: name, lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
	secretIndent := -1
	for i, line := range f.lines {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		if secretIndent >= 0 && freshKey.MatchString(line) && indent <= secretIndent {
			secretIndent = -1
		}
		switch at := secretWord.FindStringIndex(line); {
		case secretIndent >= 0:
			f.lines[i] = line[:indent] + "…"
		case at != nil:
			f.lines[i] = line[:indent] + "…"
			if colon := strings.IndexByte(line, ':'); colon >= 0 {
				f.lines[i] = line[:colon+1] + " …"
			}
			if line[indent] != '#' { // a comment does not go on
				secretIndent = indent
			}
		}
	}
	return f
}

// maxExcerpt is how many characters of a line are shown.
const maxExcerpt = 100

// excerpt shows a line with a caret under the column. width, unless 0, is how
// many characters are shown from there on.
func (f *file) excerpt(line, column, width int) string {
	if line > len(f.lines) {
		return ""
	}
	text := []rune(f.lines[line-1])
	column = min(column-1, len(text))
	if width > 0 {
		text = text[:min(column+width, len(text))]
	}
	if column > maxExcerpt*3/4 {
		text, column = text[column-maxExcerpt/2:], maxExcerpt/2
	}
	text = text[:min(len(text), maxExcerpt)]
	for i, r := range text {
		if !unicode.IsPrint(r) && r != '\t' {
			text[i] = unicode.ReplacementChar
		}
	}
	pad := []rune(strings.Repeat(" ", column))
	for i := range pad {
		if text[i] == '\t' {
			pad[i] = '\t'
		}
	}
	return fmt.Sprintf("%5d | %s\n      | %s^", line, string(text), string(pad))
}

// quote shows a value that is not secret, shortened.
func quote(text string) string {
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
