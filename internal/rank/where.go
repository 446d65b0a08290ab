package rank

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/internal/langtag"
)

// Bounds of a filter expression.
const (
	mostWhere       = 2000 // characters
	mostComparisons = 100
	deepestWhere    = 30 // brackets and nots inside each other
)

// Where is a filter expression over the people of a ranking:
//
//	expression = all { "or" all }
//	all        = one { "and" one }
//	one        = "not" one | "(" expression ")" | comparison
//	comparison = FIELD ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" ) VALUE
//	           | FIELD [ "not" ] "in" "(" VALUE { "," VALUE } ")"
//	           | FIELD "is" [ "not" ] "unknown"
//
// FIELD is one of WhereFields. VALUE is a number, a date such as 2026-01-31 (the
// whole day, UTC), a word, or a text in double quotes; texts are compared
// without regard to case, and ~ looks for a part of one. A person with several
// accounts has each of their platforms and handles: = holds when one of them is
// it. What is unknown neither meets a comparison nor its opposite; "is unknown"
// asks for it.
type Where struct{ root *condition }

// condition is a node of an expression: all, any or not of others, or a
// comparison.
type condition struct {
	kind  byte // '&', '|', '!', or 'c'
	parts []*condition

	field *whereField
	op    string // "=", "<", …, "~", "in", "unknown"
	not   bool
	spans []numberSpan
	texts []string
}

// numberSpan is a number, or the seconds of a day.
type numberSpan struct{ low, high float64 }

// truth of a condition; unknown is neither.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// WhereFields names what can be asked for, in order.
func WhereFields() []string {
	names := make([]string, len(whereFields))
	for i := range whereFields {
		names[i] = whereFields[i].name
	}
	return names
}

// ParseWhere reads an expression; "" is one that always holds. What is wrong
// comes back as an adalid.Error with code Invalid that names the place.
func ParseWhere(text string) (*Where, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if utf8.RuneCountInString(text) > mostWhere {
		return nil, adalid.Errorf(adalid.Invalid, "a filter expression has at most %d characters", mostWhere)
	}
	p := whereParser{text: text}
	p.next()
	root, err := p.any(0)
	if err == nil && p.token != "" {
		err = p.fault("here an and, an or, or the end was expected")
	}
	if err != nil {
		return nil, err
	}
	return &Where{root}, nil
}

// condition is what a query asks of people: its own expression and that of a
// segment, which are read apart so that each has the bounds to itself. It is nil
// where neither asks anything.
func (q Query) condition() (*condition, error) {
	var both []*condition
	for _, text := range []string{q.Segment, q.Where} {
		where, err := ParseWhere(text)
		if err != nil {
			return nil, err
		}
		if where != nil {
			both = append(both, where.root)
		}
	}
	switch len(both) {
	case 0:
		return nil, nil
	case 1:
		return both[0], nil
	}
	return &condition{kind: '&', parts: both}, nil
}

// whereParser reads tokens from left to right.
type whereParser struct {
	text        string
	at          int    // of the token
	end         int    // behind it
	token       string // "" at the end
	quoted      bool
	comparisons int
}

func (p *whereParser) fault(format string, args ...any) error {
	args = append([]any{utf8.RuneCountInString(p.text[:min(p.at, len(p.text))]) + 1}, args...)
	return adalid.Errorf(adalid.Invalid, "the filter expression is not understood at character %d: "+format, args...)
}

// next moves to the token that follows.
func (p *whereParser) next() {
	for p.end < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.end]) >= 0 {
		p.end++
	}
	p.at, p.quoted = p.end, false
	rest := p.text[p.at:]
	n := 1
	switch {
	case rest == "":
		p.token = ""
		return
	case rest[0] == '"':
		p.quoted = true
		if n = strings.IndexByte(rest[1:], '"') + 2; n == 1 { // not closed
			n = len(rest)
		}
	case strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, ">=") || strings.HasPrefix(rest, "!="):
		n = 2
	case strings.IndexByte("()<>=~,!", rest[0]) < 0:
		if n = strings.IndexAny(rest, " \t\r\n()<>=~,!\""); n < 0 {
			n = len(rest)
		}
	}
	p.end = p.at + n
	p.token = rest[:n]
}

// word takes a keyword when it is the token.
func (p *whereParser) word(w string) bool {
	if p.quoted || !strings.EqualFold(p.token, w) {
		return false
	}
	p.next()
	return true
}

func (p *whereParser) any(depth int) (*condition, error) { return p.chain('|', "or", depth) }

// chain reads parts that a keyword joins.
func (p *whereParser) chain(kind byte, word string, depth int) (*condition, error) {
	if depth > deepestWhere {
		return nil, p.fault("there are more than %d brackets and nots inside each other", deepestWhere)
	}
	read := func() (*condition, error) {
		if kind == '|' {
			return p.chain('&', "and", depth)
		}
		return p.one(depth)
	}
	first, err := read()
	if err != nil || !strings.EqualFold(p.token, word) || p.quoted {
		return first, err
	}
	c := &condition{kind: kind, parts: []*condition{first}}
	for p.word(word) {
		part, err := read()
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, part)
	}
	return c, nil
}

func (p *whereParser) one(depth int) (*condition, error) {
	switch {
	case p.word("not"):
		if depth > deepestWhere {
			return nil, p.fault("there are more than %d brackets and nots inside each other", deepestWhere)
		}
		part, err := p.one(depth + 1)
		return &condition{kind: '!', parts: []*condition{part}}, err
	case p.word("("):
		c, err := p.any(depth + 1)
		if err == nil && !p.word(")") {
			err = p.fault("a bracket is not closed")
		}
		return c, err
	}
	return p.comparison()
}

func (p *whereParser) comparison() (*condition, error) {
	if p.comparisons++; p.comparisons > mostComparisons {
		return nil, p.fault("there are more than %d comparisons", mostComparisons)
	}
	i := slices.IndexFunc(whereFields, func(f whereField) bool { return strings.EqualFold(f.name, p.token) })
	if i < 0 || p.quoted {
		return nil, p.fault("a field was expected; the fields are %s", strings.Join(WhereFields(), ", "))
	}
	c := &condition{kind: 'c', field: &whereFields[i]}
	p.next()
	if p.word("is") {
		c.op, c.not = "unknown", p.word("not")
		if !p.word("unknown") {
			return nil, p.fault("after is comes unknown or not unknown")
		}
		return c, nil
	}
	if c.not = p.word("not"); c.not || strings.EqualFold(p.token, "in") && !p.quoted {
		if !p.word("in") || !p.word("(") {
			return nil, p.fault("in is followed by values in brackets, such as in (x, mastodon)")
		}
		return c, p.values(c)
	}
	c.op = p.token
	if p.quoted || !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">=", "~"}, c.op) {
		return nil, p.fault("a comparison was expected: = != < <= > >= ~ in is")
	}
	if text := c.field.texts != nil; text != (c.op == "~") && c.op != "=" && c.op != "!=" {
		if text {
			return nil, p.fault("texts are compared with = != ~ and in")
		}
		return nil, p.fault("numbers and dates are compared with = != < <= > >= and in")
	}
	if c.op == "!=" {
		c.op, c.not = "=", true
	}
	p.next()
	return c, p.value(c)
}

// values reads the rest of a list.
func (p *whereParser) values(c *condition) error {
	c.op = "="
	for {
		if err := p.value(c); err != nil {
			return err
		}
		if p.word(")") {
			return nil
		}
		if !p.word(",") {
			return p.fault("values are separated by commas, and a bracket ends them")
		}
	}
}

func (p *whereParser) value(c *condition) error {
	text := p.token
	switch {
	case text == "" || !p.quoted && strings.IndexByte("()<>=~,!", text[0]) >= 0:
		return p.fault("a value was expected")
	case p.quoted && (len(text) < 2 || text[len(text)-1] != '"'):
		return p.fault("the quotation mark is not closed")
	case p.quoted:
		text = text[1 : len(text)-1]
	}
	switch {
	case c.field.texts != nil:
		if c.field.allowed != nil && c.op == "=" && !slices.Contains(c.field.allowed, strings.ToLower(text)) {
			return p.fault("%s is one of %s", c.field.name, strings.Join(c.field.allowed, ", "))
		}
		if c.field.language && c.op == "=" {
			tag, known := langtag.Asked(text)
			if !known {
				return p.fault("%q is no language that is known here; write its code or its name, such as es or Spanish", text)
			}
			text = primary(tag)
		}
		c.texts = append(c.texts, strings.ToLower(strings.TrimPrefix(text, c.field.prefix)))
	case c.field.day:
		t, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return p.fault("%s is compared with a date such as 2026-01-31", c.field.name)
		}
		c.spans = append(c.spans, numberSpan{float64(t.Unix()), float64(t.Unix() + daySeconds - 1)})
	default:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || v != v {
			return p.fault("%s is compared with a number", c.field.name)
		}
		c.spans = append(c.spans, numberSpan{v, v})
	}
	p.next()
	return nil
}
