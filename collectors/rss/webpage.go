package rss

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"adalid/collectors"
)

// webPage tells whether the answer is made for people.
func webPage(text []byte) bool {
	start := bytes.ToLower(text[:min(len(text), 2<<10)])
	feedRoot := bytes.Contains(start, []byte("<rss")) || bytes.Contains(start, []byte("<feed")) || bytes.Contains(start, []byte("<rdf:"))
	return text[0] == '<' && (bytes.HasPrefix(start, []byte("<!doctype html")) || !feedRoot && bytes.Contains(start, []byte("<html")))
}

// aPage says so, and where the page says that its feed is.
func aPage(text []byte, from url.URL) *collectors.Error {
	e := collectors.Errorf(collectors.Schema, "this is the address of a web page, not of a feed")
	e.Fix = "write the address of the site's feed; pages often link it as RSS or Atom"
	if link := feedLink(text, from); link != "" {
		e.Fix = "the page names this feed: " + link
	}
	return e
}

// feedLink finds the first feed that a page names in its head.
func feedLink(text []byte, from url.URL) string {
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "body" {
				return ""
			}
			if token.Data != "link" {
				continue
			}
			a := map[string]string{}
			for _, attribute := range token.Attr {
				a[attribute.Key] = attribute.Val
			}
			kind, _, _ := strings.Cut(strings.ToLower(a["type"]), ";")
			switch strings.TrimSpace(kind) {
			case "application/rss+xml", "application/atom+xml", "application/feed+json":
			default:
				continue
			}
			if link := webLink(a["href"], from); strings.Contains(strings.ToLower(a["rel"]), "alternate") && link != "" && len(link) <= 300 {
				return link
			}
		}
	}
}

// webLink gives the whole address of a link, "" where it is none of the web.
func webLink(link string, from url.URL) string {
	u, err := from.Parse(strings.TrimSpace(link))
	if err != nil || link == "" || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	return u.String()
}
