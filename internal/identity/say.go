package identity

import (
	"strconv"
	"strings"
	"unicode"
)

// Say gives a reason as a sentence in "es" or, in every other language, in
// English; "" for a code that is not known. The values in it were written by
// strangers: signs that steer a terminal or turn the writing are left out.
func (r Reason) Say(lang string) string {
	of, _ := ruleOf(r.Code)
	text := of.en
	if lang == "es" {
		text = of.es
	}
	pairs := make([]string, 0, 2*len(r.Values))
	for i, v := range r.Values {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", plain(v))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// plain leaves out control and formatting characters.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, cut(text, longestLink))
}
