package file

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads one JSON value of known shape from a string, without making a
// tree of it: encoding/json is several times slower on flat rows. It accepts
// and refuses the same values.
type scanner struct {
	s   string
	i   int
	key string // of the member last begun
	err error
	any bool // a member of the current object was read
	buf []byte
}

// Why a scanner stopped.
var (
	errEnd    = errors.New("unexpected end")
	errSyntax = errors.New("syntax")
	errLong   = errors.New("too long")
)

func (s *scanner) reset(text string) { *s = scanner{s: text, buf: s.buf[:0]} }

func (s *scanner) space() {
	for s.i < len(s.s) {
		switch s.s[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

func (s *scanner) fail() {
	if s.err == nil {
		s.err = errSyntax
		if s.i >= len(s.s) {
			s.err = errEnd
		}
	}
}

// problem says what is wrong and where, from byte 1.
func (s *scanner) problem(what string) string {
	return fmt.Sprintf("%s (at byte %d of the row)", what, s.i+1)
}

func (s *scanner) why() string {
	if s.err != nil {
		return "is no valid JSON"
	}
	return ""
}

func (s *scanner) open(c byte) bool {
	s.space()
	if s.i < len(s.s) && s.s[s.i] == c {
		s.i++
		s.any = false
		return true
	}
	s.fail()
	return false
}

func (s *scanner) atEnd() bool {
	s.space()
	return s.i == len(s.s)
}

// member goes to the next member's value and sets key; false at the end of the
// object or on an error.
func (s *scanner) member() bool {
	s.space()
	if s.err != nil || s.i >= len(s.s) {
		s.fail()
		return false
	}
	if s.s[s.i] == '}' {
		s.i++
		return false
	}
	if s.any {
		if s.s[s.i] != ',' {
			s.fail()
			return false
		}
		s.i++
		s.space()
	}
	s.any = true
	key, ok := s.str()
	if !ok {
		return false
	}
	s.space()
	if s.i >= len(s.s) || s.s[s.i] != ':' {
		s.fail()
		return false
	}
	s.i++
	s.space()
	s.key = key
	return true
}

// str reads a string; without escapes it is a part of the row.
func (s *scanner) str() (string, bool) {
	if s.i >= len(s.s) || s.s[s.i] != '"' {
		s.fail()
		return "", false
	}
	s.i++
	for j := s.i; j < len(s.s); j++ {
		switch c := s.s[j]; {
		case c == '"':
			v := s.s[s.i:j]
			s.i = j + 1
			return v, true
		case c == '\\':
			return s.escaped(j)
		case c < ' ':
			s.i = j
			s.fail()
			return "", false
		}
	}
	s.i = len(s.s)
	s.fail()
	return "", false
}

// escaped reads the rest of a string whose first escape stands at j.
func (s *scanner) escaped(j int) (string, bool) {
	b := append(s.buf[:0], s.s[s.i:j]...)
	for j < len(s.s) {
		c := s.s[j]
		switch {
		case c == '"':
			s.i = j + 1
			s.buf = b
			return string(b), true
		case c < ' ':
			s.i = j
			s.fail()
			return "", false
		case c != '\\':
			b = append(b, c)
			j++
			continue
		}
		if j+1 >= len(s.s) {
			break
		}
		n := 2
		switch e := s.s[j+1]; e {
		case '"', '\\', '/':
			b = append(b, e)
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r, size := s.unicode(j)
			if size == 0 {
				s.i = j
				if !strings.Contains(s.s[j:], `"`) && len(s.s)-j < 6 {
					s.i = len(s.s)
				}
				s.fail()
				return "", false
			}
			if r != 0 { // no text may hold NUL
				b = utf8.AppendRune(b, r)
			}
			n = size
		default:
			s.i = j
			s.fail()
			return "", false
		}
		j += n
	}
	s.i = len(s.s)
	s.fail()
	return "", false
}

// unicode reads \uXXXX at j and the second half of a pair; a half alone is
// U+FFFD. size is 0 for a broken escape.
func (s *scanner) unicode(j int) (r rune, size int) {
	r, ok := hex4(s.s, j)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if low, ok := hex4(s.s, j+6); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func hex4(s string, j int) (rune, bool) {
	if j+6 > len(s) || s[j] != '\\' || s[j+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[j+2:j+6], 16, 16)
	return rune(n), err == nil
}

// number reads a JSON number as it is written.
func (s *scanner) number() (string, bool) {
	start := s.i
	if s.peek() == '-' {
		s.i++
	}
	if s.peek() == '0' {
		s.i++
	} else if !s.digits() {
		return "", false
	}
	if s.peek() == '.' {
		s.i++
		if !s.digits() {
			return "", false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.i++
		if c := s.peek(); c == '+' || c == '-' {
			s.i++
		}
		if !s.digits() {
			return "", false
		}
	}
	return s.s[start:s.i], true
}

// peek gives the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.i < len(s.s) {
		return s.s[s.i]
	}
	return 0
}

func (s *scanner) digits() bool {
	start := s.i
	for s.i < len(s.s) && s.s[s.i] >= '0' && s.s[s.i] <= '9' {
		s.i++
	}
	if s.i == start {
		s.fail()
	}
	return s.i > start
}

func (s *scanner) word(w string) bool {
	if strings.HasPrefix(s.s[s.i:], w) {
		s.i += len(w)
		return true
	}
	if rest := s.s[s.i:]; len(rest) < len(w) && strings.HasPrefix(w, rest) {
		s.i = len(s.s)
	}
	s.fail()
	return false
}

// skip passes one value of any kind.
func (s *scanner) skip(depth int) {
	s.space()
	if depth > maxDepth {
		s.err = errSyntax
		return
	}
	switch c := s.peek(); c {
	case '{':
		any := s.any
		for s.open('{'); s.member(); s.any = true {
			s.skip(depth + 1)
		}
		s.any = any
	case '[':
		s.i++
		s.space()
		if s.peek() == ']' {
			s.i++
			return
		}
		for s.err == nil {
			s.skip(depth + 1)
			s.space()
			if s.peek() == ',' && s.err == nil {
				s.i++
				continue
			}
			if s.err == nil && s.peek() != ']' {
				s.fail()
				return
			}
			s.i++
			return
		}
	case '"':
		s.str()
	case 't':
		s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.word("null")
	default:
		s.number()
	}
}
