package collectors

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The signs of a paid post, as data. A tag counts as a whole hashtag, a phrase
// as whole words, a link mark anywhere in an address.
var (
	sponsoredTags = []string{
		"ad", "ads", "publi", "publicidad", "sponsored", "sponsorship", "patrocinado", "patrocinada",
		"colaboración", "colaboracion", "anuncio", "werbung", "anzeige", "paidpartnership", "paidad",
	}
	sponsoredPhrases = []string{
		"paid partnership", "sponsored by", "paid promotion", "contenido patrocinado", "colaboración pagada", "colaboracion pagada",
		"use my code", "use code", "with my code", "my discount code", "usa mi código", "usa mi codigo", "usa el código", "usa el codigo",
		"con mi código", "con mi codigo", "mi código de descuento", "mi codigo de descuento", "mit meinem code",
	}
	sponsoredLinks = []string{
		"utm_medium=affiliate", "utm_source=affiliate", "affiliate_id=", "aff_id=", "affid=", "?aff=", "&aff=", "?coupon=", "&coupon=",
		"?discount=", "&discount=", "shareasale.com/", "awin1.com/", "linksynergy.com/", "rstyle.me/", "liketk.it/", "ltk.app.link/",
		"prf.hn/", "anrdoezrs.net/", "tkqlhce.com/", "jdoqocy.com/", "dpbolvw.net/", "kqzyfj.com/", "go.skimresources.com/",
	}
)

// Sponsored says whether a text shows that it was paid for: an advertising
// hashtag (#ad, #publi, …), a phrase ("paid partnership", "use my code") or a
// coupon or affiliate link. Case does not matter; parts of words do not count:
// #advice is no #ad. Collectors combine it with the platform's own flag.
func Sponsored(text string) bool {
	return sponsoredTag(text) || sponsoredLink(text) || sponsoredPhrase(text)
}

func sponsoredTag(text string) bool {
	for rest := text; ; {
		i := strings.IndexByte(rest, '#')
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(rest[:i])
		rest = rest[i+1:]
		if i > 0 && wordRune(before) {
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !wordRune(r) })
		if end < 0 {
			end = len(rest)
		}
		if end > 24 {
			continue
		}
		for _, t := range sponsoredTags {
			if strings.EqualFold(rest[:end], t) {
				return true
			}
		}
	}
}

func sponsoredLink(text string) bool {
	i := strings.Index(text, "://")
	if i < 0 {
		return false
	}
	for _, address := range strings.Fields(text) {
		if !strings.Contains(address, "://") {
			continue
		}
		address = strings.ToLower(address)
		for _, mark := range sponsoredLinks {
			if strings.Contains(address, mark) && linkMark(address, mark) {
				return true
			}
		}
		if strings.Contains(address, "amazon.") && (strings.Contains(address, "?tag=") || strings.Contains(address, "&tag=")) {
			return true
		}
	}
	return false
}

// linkMark keeps a host from being found at the end of a longer one.
func linkMark(address, mark string) bool {
	if c := mark[0]; c == '?' || c == '&' || !strings.HasSuffix(mark, "/") {
		return true
	}
	i := strings.Index(address, mark)
	return i > 0 && (address[i-1] == '/' || address[i-1] == '.')
}

// phraseStart marks the first letters of the phrases, so that most words cost
// one look.
var phraseStart = func() (t [256]bool) {
	for _, p := range sponsoredPhrases {
		t[p[0]] = true
		t[p[0]-'a'+'A'] = true
	}
	return t
}()

func sponsoredPhrase(text string) bool {
	start := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if start && phraseStart[c] && phraseAt(text, i) {
			return true
		}
		start = c < utf8.RuneSelf && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
	}
	return false
}

func phraseAt(text string, i int) bool {
	for _, p := range sponsoredPhrases {
		if len(text)-i < len(p) || !strings.EqualFold(text[i:i+len(p)], p) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(text[i+len(p):])
		if i+len(p) == len(text) || !wordRune(after) {
			return true
		}
	}
	return false
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
