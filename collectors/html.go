package collectors

import (
	"strings"

	"golang.org/x/net/html"
)

// HTMLText gives the text of an HTML fragment; line breaks and paragraphs
// separate words.
func HTMLText(fragment string) string {
	z := html.NewTokenizer(strings.NewReader(fragment))
	var b strings.Builder
	hidden := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "br":
				b.WriteByte('\n')
			case "p": // often never closed
				newline(&b, "\n\n")
			case "script", "style":
				hidden++
			case "li", "tr", "td", "blockquote", "pre", "div":
				newline(&b, "\n")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "p":
				newline(&b, "\n\n")
			case "script", "style":
				hidden = max(0, hidden-1)
			case "li", "tr", "td", "blockquote", "pre", "div", "h1", "h2", "h3":
				newline(&b, "\n")
			}
		}
	}
}

func newline(b *strings.Builder, s string) {
	if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
		b.WriteString(s)
	}
}
