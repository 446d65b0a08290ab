package file

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encoding is how the bytes of an input become text.
type encoding struct {
	name string // "UTF-8", "UTF-16LE", "UTF-16BE", "Windows-1252"
	bom  int    // bytes of the byte order mark
}

// plain says that offsets in the text are offsets in the file, but for the
// byte order mark.
func (e encoding) plain() bool { return e.name == "UTF-8" }

func (e encoding) transformer() transform.Transformer {
	switch e.name {
	case "UTF-16LE":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case "UTF-16BE":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	case "Windows-1252":
		return charmap.Windows1252.NewDecoder()
	}
	return transform.Nop
}

func (e encoding) reader(r io.Reader) io.Reader {
	if e.bom > 0 {
		r = &skipper{r: r, n: e.bom}
	}
	if e.plain() {
		return r
	}
	return &keepError{r: transform.NewReader(r, e.transformer())}
}

// skipper passes the first n bytes of a stream.
type skipper struct {
	r io.Reader
	n int
}

func (s *skipper) Read(p []byte) (int, error) {
	if s.n > 0 {
		if _, err := io.CopyN(io.Discard, s.r, int64(s.n)); err != nil {
			return 0, err
		}
		s.n = 0
	}
	return s.r.Read(p)
}

// keepError turns "the text ends inside a character" into a cut stream.
type keepError struct{ r io.Reader }

func (k *keepError) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	if err == transform.ErrShortSrc {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (e encoding) decodeHead(b []byte) []byte {
	b = b[min(e.bom, len(b)):]
	if e.plain() {
		return b
	}
	out, _, _ := transform.Bytes(e.transformer(), b)
	return out
}

// detectEncoding looks at the beginning of an input: a byte order mark, the
// zero bytes of UTF-16, or more bytes that are no UTF-8 than characters that
// are.
func detectEncoding(b []byte) encoding {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return encoding{"UTF-8", 3}
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return encoding{"UTF-16LE", 2}
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return encoding{"UTF-16BE", 2}
	}
	sample := b[:min(len(b), 4096)]
	even, odd := 0, 0
	for i, c := range sample {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	if half := len(sample) / 2; half >= 8 {
		if odd > half*6/10 && even < half/10 {
			return encoding{"UTF-16LE", 0}
		}
		if even > half*6/10 && odd < half/10 {
			return encoding{"UTF-16BE", 0}
		}
	}
	good, bad := countUTF8(b)
	if bad > good {
		return encoding{"Windows-1252", 0}
	}
	return encoding{"UTF-8", 0}
}

// countUTF8 counts characters beyond ASCII and bytes that belong to none. A
// character cut off by the end counts as neither.
func countUTF8(b []byte) (good, bad int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(b) {
				return good, bad
			}
			bad++
		} else {
			good++
		}
		b = b[n:]
	}
	return good, bad
}

// repair makes valid UTF-8 of a field: as Windows-1252 when that explains more
// of it, else with U+FFFD for the broken bytes. It says what was assumed.
func repair(s string) (text, assumed string) {
	good, bad := countUTF8([]byte(s))
	if good > 0 && bad <= good {
		return strings.ToValidUTF8(s, "\uFFFD"), "UTF-8 with broken bytes"
	}
	var b strings.Builder
	b.Grow(len(s) + bad)
	for i := 0; i < len(s); i++ {
		b.WriteRune(charmap.Windows1252.DecodeByte(s[i]))
	}
	return b.String(), "Windows-1252"
}
