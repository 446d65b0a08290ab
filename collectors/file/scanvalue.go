package file

import (
	"fmt"
	"strings"
)

// null passes null; false when something else comes.
func (s *scanner) null() bool { return s.peek() == 'n' && s.word("null") }

// text reads a string or null.
func (s *scanner) text(to *string) string {
	if s.null() {
		return ""
	}
	if s.err == nil && s.peek() != '"' {
		s.skip(0)
		return "is no text"
	}
	v, ok := s.str()
	if !ok {
		return "is no valid JSON"
	}
	*to = v
	return ""
}

// id reads a string, null, or a number whose digits are kept as they are.
func (s *scanner) id(to *string) string {
	if c := s.peek(); c == '-' || c >= '0' && c <= '9' {
		v, ok := s.number()
		if !ok {
			return "is no valid JSON"
		}
		*to = v
		return ""
	}
	return s.text(to)
}

// count reads a number, a string that holds one, or null.
func (s *scanner) count(p *page, to **int64) string {
	if s.null() {
		*to = nil
		return ""
	}
	var v string
	if why := s.id(&v); why != "" {
		return why
	}
	if missing(v) {
		*to = nil
		return ""
	}
	n, ok := parseCount(v)
	if !ok {
		return fmt.Sprintf("%q is no count", cutText([]byte(v[:min(len(v), 40)])))
	}
	*to = p.intp(n)
	return ""
}

// boolean reads true, false or null; known is false for null.
func (s *scanner) boolean() (v, known bool, why string) {
	switch s.peek() {
	case 't':
		return true, true, s.check(s.word("true"))
	case 'f':
		return false, true, s.check(s.word("false"))
	case 'n':
		return false, false, s.check(s.word("null"))
	}
	s.skip(0)
	return false, false, "is not true or false"
}

func (s *scanner) check(ok bool) string {
	if !ok {
		return "is no valid JSON"
	}
	return ""
}

// strings reads a list of strings; known is false for null.
func (s *scanner) strings(each func(string)) (known bool, why string) {
	if s.null() {
		return false, ""
	}
	if s.peek() != '[' {
		s.skip(0)
		return false, "is no list"
	}
	s.i++
	for first := true; ; first = false {
		s.space()
		if s.peek() == ']' && first {
			s.i++
			return true, ""
		}
		v, ok := s.str()
		if !ok {
			return false, "is no list of texts"
		}
		each(strings.TrimPrefix(v, "@"))
		s.space()
		switch s.peek() {
		case ',':
			s.i++
		case ']':
			s.i++
			return true, ""
		default:
			s.fail()
			return false, "is no valid JSON"
		}
	}
}
