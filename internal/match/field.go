package match

import (
	"regexp"
	"strings"
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

var (
	langForm     = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)
	platformForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,30}$`)
)

// languageNames help those who write a language's name for its code.
var languageNames = map[string]string{
	"spanish": "es", "español": "es", "espanol": "es", "castellano": "es", "english": "en", "inglés": "en", "ingles": "en",
	"french": "fr", "francés": "fr", "german": "de", "alemán": "de", "portuguese": "pt", "portugués": "pt", "italian": "it",
	"italiano": "it", "japanese": "ja", "jp": "ja", "chinese": "zh", "korean": "ko", "arabic": "ar", "sp": "es", "esp": "es", "eng": "en",
}

var platformNames = map[string]string{"twitter": "x", "x.com": "x", "twitter.com": "x", "bsky": "bluesky", "yt": "youtube", "hn": "hackernews"}

// field makes lang:, platform:, from: and to:. It gives neither a node nor a
// fault when the word only happens to hold a colon, as a link does.
func (p *parser) field(name, value string, i, end int) (*node, *fault) {
	name = strings.ToLower(name)
	kind, ok := fieldOps[name]
	if !ok {
		if right, known := otherNames[name]; known && value != "" && !strings.HasPrefix(value, "//") {
			return nil, faultAt(i, end, "there is no field "+shown(name+":")+", it is called "+right+":").replace(right + ":" + value)
		}
		return nil, nil
	}
	if value == "" {
		return nil, faultAt(i, end, name+": needs a value directly after the colon").replace("")
	}
	value = strings.ToLower(value)
	switch kind {
	case opLang:
		value = strings.ReplaceAll(value, "_", "-")
		if code, ok := languageNames[value]; ok {
			return nil, faultAt(i, end, "lang: takes the code of a language").replace("lang:" + code)
		}
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
