package authenticity

import (
	"strconv"
	"strings"
)

// Say gives a reason as a sentence in "es" or, in every other language, in
// English; "" for a code that is not known.
func (r Reason) Say(lang string) string {
	en, es, ok := sentence(r.Code)
	if !ok {
		return ""
	}
	if lang == "es" {
		en = es
	}
	for i, v := range r.Values {
		en = strings.ReplaceAll(en, "{"+strconv.Itoa(i)+"}", strconv.FormatInt(v, 10))
	}
	return en
}

func sentence(code string) (en, es string, ok bool) {
	for i := range rules {
		if rules[i].code == code {
			return rules[i].en, rules[i].es, true
		}
	}
	for i := range natures {
		if natures[i].code == code {
			return natures[i].en, natures[i].es, true
		}
	}
	for i := range ties {
		if ties[i].code == code {
			return ties[i].en, ties[i].es, true
		}
	}
	return "", "", false
}
