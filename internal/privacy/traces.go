package privacy

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
)

// Form is a handle as bytes in which a program may have written it.
type Form struct {
	Name  string // such as "lower case, UTF-16LE"
	Bytes []byte
}

// Forms gives a handle as written, in lower and in upper case, each in UTF-8, in
// UTF-16 of both byte orders, percent-encoded as a whole and where addresses need
// it, with JSON escapes, and in the middle of base64 at each of its three
// alignments: what to look for in files where nothing of it may be left.
func Forms(handle string) []Form {
	var list []Form
	for _, way := range [...]struct{ name, text string }{
		{"as written", handle}, {"lower case", strings.ToLower(handle)}, {"upper case", strings.ToUpper(handle)},
	} {
		add := func(name string, b []byte) {
			if len(b) > 0 {
				list = append(list, Form{way.name + name, b})
			}
		}
		var little, big, escaped, percent []byte
		for _, u := range utf16.Encode([]rune(way.text)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
			escaped = fmt.Appendf(escaped, `\u%04x`, u)
		}
		for _, b := range []byte(way.text) {
			percent = fmt.Appendf(percent, "%%%02X", b)
		}
		add("", []byte(way.text))
		add(", UTF-16LE", little)
		add(", UTF-16BE", big)
		add(", JSON escapes", escaped)
		add(", percent-encoded", percent)
		if query := url.QueryEscape(way.text); query != way.text {
			add(", in an address", []byte(query))
		}
		for shift := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), way.text...))
			from, to := (shift*8+5)/6, (shift+len(way.text))*8/6 // characters that hold nothing else
			add(fmt.Sprintf(", base64 at %d", shift), []byte(encoded[min(from, to):to]))
		}
	}
	return list
}
