package match

import (
	"regexp"
	"strings"
	"unicode"

	"adalid/internal/langtag"
)

var fieldOps = map[string]op{"lang": opLang, "platform": opPlatform, "from": opFrom, "to": opTo}

func knownField(name string) bool {
	_, ok := fieldOps[strings.ToLower(name)]
	return ok
}

// otherNames are what people coming from elsewhere call the fields.
var otherNames = map[string]string{
	"language": "lang", "lng": "lang", "idioma": "lang", "lengua": "lang", "lan": "lang",
	"site": "platform", "source": "platform", "network": "platform", "plataforma": "platform", "red": "platform",
	"plattform": "platform", "platfrom": "platform", "plataform": "platform",
	"author": "from", "user": "from", "by": "from", "autor": "from", "de": "from", "form": "from",
	"reply": "to", "replyto": "to", "reply_to": "to", "in_reply_to": "to", "para": "to",
}

// missingFields are fields of other tools that have no counterpart, and what to
// do instead.
var missingFields = map[string]string{
	"is":     "reposts, answers and quotes are told apart by themselves",
	"has":    "a query looks at words and accounts alone",
	"filter": "a query looks at words and accounts alone",
	"url":    "words in links are found like others",
	"since":  "a query holds for all times",
	"until":  "a query holds for all times",
}

// resembling gives the field that a name is a slip of: two letters off, of a
// short name one. "" when there is none.
func resembling(name string) string {
	name = strings.ToLower(name)
	for _, r := range name {
		if !unicode.IsLetter(r) {
			return ""
		}
	}
	best, least := "", 3
	for _, field := range []string{"lang", "platform", "from", "to"} {
		if d := distance(name, field); d < least && d <= len(field)/2 {
			best, least = field, d
		}
	}
	return best
}

// distance is Levenshtein's, for names short enough to be slips.
func distance(a, b string) int {
	if len(a) > len(b)+2 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

var (
	langForm     = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)
	platformForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,30}$`)
)

// languageSlips are what people write for the code of a language, beside its name.
var languageSlips = map[string]string{"jp": "ja", "sp": "es", "esp": "es"}

// languageCode gives the code that mentions have for what a query says; other
// tells that it was a name, or no code at all.
func languageCode(value string) (code string, other bool) {
	if code = languageSlips[value]; code != "" {
		return code, true
	}
	code, known := langtag.Read(value)
	return code, known && !langtag.Shaped(value)
}

var platformNames = map[string]string{"twitter": "x", "x.com": "x", "twitter.com": "x", "bsky": "bluesky", "yt": "youtube", "hn": "hackernews"}

// foreignField explains a field that only other tools have; nil for a word that
// happens to hold a colon.
func foreignField(name, value string, i, end int) *fault {
	if value == "" || strings.HasPrefix(value, "//") {
		return nil
	}
	if right, known := otherNames[name]; known {
		return faultAt(i, end, "there is no field "+shown(name+":")+", it is called "+right+":").replace(right + ":" + value)
	}
	instead, known := missingFields[name]
	if !known {
		return nil
	}
	f := faultAt(i, end, "there is no field "+shown(name+":")+": "+instead+"; in quotation marks it is looked for as words")
	if name == "url" {
		return f.replace(value)
	}
	return f.replace("")
}

// field makes lang:, platform:, from: and to:. It gives neither a node nor a
// fault when the word only happens to hold a colon, as a link does.
func (p *parser) field(name, value string, i, end int) (*node, *fault) {
	name = strings.ToLower(name)
	kind, ok := fieldOps[name]
	if !ok {
		return nil, foreignField(name, value, i, end)
	}
	if value == "" {
		return nil, faultAt(i, end, name+": needs a value directly after the colon").replace("")
	}
	value = strings.ToLower(value)
	switch kind {
	case opLang:
		value = strings.ReplaceAll(value, "_", "-")
		code, other := languageCode(value)
		if other {
			return nil, faultAt(i, end, "lang: takes the code of a language").replace("lang:" + code)
		}
		value = code
		if !langForm.MatchString(value) {
			return nil, faultAt(i, end, "lang: takes the code of a language, such as es, en or pt-br")
		}
	case opPlatform:
		if right, ok := platformNames[value]; ok {
			return nil, faultAt(i, end, "the platform is called "+right+" here").replace("platform:" + right)
		}
		if !platformForm.MatchString(value) {
			return nil, faultAt(i, end, "platform: takes the name of a platform, such as x, mastodon or reddit")
		}
	default:
		value = strings.TrimPrefix(value, "@")
		if value == "" || !isHandle(value) {
			f := faultAt(i, end, name+": takes one whole handle: letters a to z, digits, _ . - and @")
			if fixed := handleOnly(value); fixed != "" {
				f = f.replace(name + ":" + fixed)
			}
			return nil, f
		}
	}
	return &node{op: kind, value: value, pos: i, end: end}, nil
}
