package file

import (
	"bytes"
)

// values walks through JSON text of any size, one value at a time.
type values struct {
	w     *window
	lines int64 // line feeds passed
	scan  scanner
	usual int // bytes to look at first, from the value before
}

func (v *values) advance(n int) {
	v.lines += int64(bytes.Count(v.w.data()[:n], []byte{'\n'}))
	v.w.advance(n)
}

// next passes white space, and commas too if asked, and gives the byte that
// follows; 0 at the end.
func (v *values) next(commas bool) byte {
	for {
		d := v.w.data()
		n := 0
		for n < len(d) && (d[n] == ' ' || d[n] == '\t' || d[n] == '\n' || d[n] == '\r' || d[n] == 0 || commas && d[n] == ',') {
			n++
		}
		v.advance(n)
		if n < len(d) {
			return d[n]
		}
		if !v.w.more(maxRow) {
			return 0
		}
	}
}

// element measures the value at the window's beginning. err is errEnd when the
// stream ends inside it, errLong when it has more than maxRow bytes, errSyntax
// when it is no JSON.
func (v *values) element() (size int, err error) {
	for n := max(v.usual, 512); ; n *= 2 {
		for len(v.w.data()) < n && v.w.more(maxRow) {
		}
		d := v.w.data()
		d = d[:min(n, len(d))]
		v.scan.reset(string(d))
		v.scan.skip(0)
		switch {
		case v.scan.err == nil && (v.scan.i < len(d) || closed(d[:v.scan.i])):
			v.usual = min(v.scan.i+v.scan.i/4, 64<<10)
			return v.scan.i, nil
		case v.scan.err == errSyntax:
			return 0, errSyntax
		case len(d) >= maxRow:
			return 0, errLong
		case len(d) < n:
			if v.scan.err == nil {
				return v.scan.i, nil
			}
			return len(d), errEnd
		}
	}
}

// closed says that nothing more can belong to a value that ends here.
func closed(d []byte) bool {
	c := d[len(d)-1]
	return c == '}' || c == ']' || c == '"'
}

// skipValue passes one value without keeping or checking it; false when the
// stream ends first.
func (v *values) skipValue() bool {
	depth, quoted, escaped, any := 0, false, false, false
	for {
		d := v.w.data()
		for i, c := range d {
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
				any = true
				if !quoted && depth == 0 {
					v.advance(i + 1)
					return true
				}
			case quoted:
			case c == '{' || c == '[':
				depth++
			case c == '}' || c == ']':
				if depth == 0 {
					v.advance(i)
					return any
				}
				if depth--; depth == 0 {
					v.advance(i + 1)
					return true
				}
			case depth == 0 && (c == ',' || any && (c == '\n' || c == ' ')):
				v.advance(i)
				return true
			case c > ' ':
				any = true
			}
		}
		v.advance(len(d))
		if !v.w.more(maxRow) {
			return false
		}
	}
}

// key reads a member's name and its colon; false when neither is there.
func (v *values) key() (string, bool) {
	size, err := v.element()
	if err != nil || v.w.data()[0] != '"' {
		return "", false
	}
	v.scan.reset(string(v.w.data()[:size]))
	k, ok := v.scan.str()
	v.advance(size)
	if !ok || v.next(false) != ':' {
		return "", false
	}
	v.advance(1)
	return k, true
}

// each calls do for every element of the array at the window's beginning.
func (v *values) each(do func(raw []byte) error) error {
	if v.next(false) != '[' {
		v.skipValue()
		return nil
	}
	v.advance(1)
	for {
		switch v.next(true) {
		case 0:
			return nil
		case ']':
			v.advance(1)
			return nil
		}
		size, err := v.element()
		if err != nil {
			if !v.skipValue() {
				return nil
			}
			continue
		}
		if err := do(v.w.data()[:size]); err != nil {
			return err
		}
		v.advance(size)
	}
}

// members calls do for every member of the object at the window's beginning;
// do passes the value.
func (v *values) members(do func(key string) error) error {
	if v.next(false) != '{' {
		v.skipValue()
		return nil
	}
	v.advance(1)
	for {
		switch v.next(true) {
		case 0:
			return nil
		case '}':
			v.advance(1)
			return nil
		}
		k, ok := v.key()
		if !ok {
			return nil
		}
		if err := do(k); err != nil {
			return err
		}
	}
}
