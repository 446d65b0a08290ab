package collectors

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The signs of a paid post, as data. A tag counts as a whole hashtag, a phrase
// as whole words, a host with all below it, a parameter by its beginning.
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
	sponsoredHosts = []string{
		"shareasale.com", "awin1.com", "linksynergy.com", "rstyle.me", "liketk.it", "ltk.app.link", "prf.hn", "anrdoezrs.net",
		"tkqlhce.com", "jdoqocy.com", "dpbolvw.net", "kqzyfj.com", "go.skimresources.com",
	}
	sponsoredParameters = []string{
		"aff=", "aff_id=", "affid=", "affiliate_id=", "coupon=", "discount=", "utm_medium=affiliate", "utm_source=affiliate",
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
	for rest := text; ; {
		i := strings.Index(rest, "://")
		if i < 0 {
			return false
		}
		rest = rest[i+3:]
		end := strings.IndexAny(rest, " \t\r\n\"<>")
		if end < 0 {
			end = len(rest)
		}
		if sponsoredAddress(rest[:end]) {
			return true
		}
		rest = rest[end:]
	}
}

// sponsoredAddress judges an address without its scheme.
func sponsoredAddress(address string) bool {
	host := address
	if i := strings.IndexAny(address, "/?#"); i >= 0 {
		host = address[:i]
	}
	for _, h := range sponsoredHosts {
		if below(host, h) {
			return true
		}
	}
	_, query, ok := strings.Cut(address, "?")
	if !ok {
		return false
	}
	amazon := strings.HasPrefix(host, "amazon.") || strings.Contains(host, ".amazon.")
	for p := range strings.SplitSeq(query, "&") {
		for _, mark := range sponsoredParameters {
			if len(p) >= len(mark) && strings.EqualFold(p[:len(mark)], mark) {
				return true
			}
		}
		if amazon && strings.HasPrefix(p, "tag=") {
			return true
		}
	}
	return false
}

// below says that host is domain or one of its subdomains.
func below(host, domain string) bool {
	n := len(host) - len(domain)
	return n >= 0 && strings.EqualFold(host[n:], domain) && (n == 0 || host[n-1] == '.')
}

// phrasesBy holds the phrases by their first letters, so that most words cost
// one look.
var phrasesBy = func() (t [256][]string) {
	for _, p := range sponsoredPhrases {
		t[p[0]] = append(t[p[0]], p)
		t[p[0]-'a'+'A'] = append(t[p[0]-'a'+'A'], p)
	}
	return t
}()

func sponsoredPhrase(text string) bool {
	start := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if start && phrasesBy[c] != nil && phraseAt(text, i) {
			return true
		}
		start = c < utf8.RuneSelf && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
	}
	return false
}

func phraseAt(text string, i int) bool {
	for _, p := range phrasesBy[text[i]] {
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
