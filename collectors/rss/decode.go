package rss

import (
	"bytes"
	"encoding/xml"
	"io"
	"mime"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html/charset"

	"adalid/collectors"
)

// decode reads a feed of any of the three kinds.
func decode(body []byte, contentType string, from url.URL) (*feed, error) {
	text, found, err := utf8Of(body, contentType)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSpace(text)
	var f *feed
	switch {
	case len(text) == 0:
		return nil, collectors.Errorf(collectors.Schema, "the answer is empty")
	case webPage(text):
		return nil, aPage(text, from)
	case text[0] == '{':
		f, err = readJSON(text)
	case text[0] == '<':
		f, err = readXML(text)
	default:
		err = collectors.Errorf(collectors.Schema, "the answer is no RSS, Atom or JSON feed")
	}
	if err != nil {
		return nil, err
	}
	f.encoding = found
	return f, nil
}

func readXML(text []byte) (*feed, error) {
	if !tame(text) {
		return nil, collectors.Errorf(collectors.Schema, "the feed is nested more deeply than any feed needs to be")
	}
	notWell := func(err error) (*feed, error) {
		return nil, &collectors.Error{Kind: collectors.Schema, Message: "the feed is cut short or not well-formed", Err: err}
	}
	var (
		f   *gofeed.Feed
		out = &feed{}
	)
	switch gofeed.DetectFeedType(bytes.NewReader(text)) {
	case gofeed.FeedTypeRSS:
		in, err := (&rss.Parser{}).Parse(bytes.NewReader(text))
		if err != nil {
			return notWell(err)
		}
		if f, err = (&gofeed.DefaultRSSTranslator{DisableContentImageScan: true}).Translate(in); err != nil {
			return notWell(err)
		}
		if in.ManagingEditor == "" && in.WebMaster != "" { // who runs the machine wrote nothing
			f.Authors = nil
		}
	case gofeed.FeedTypeAtom:
		in, err := (&atom.Parser{}).Parse(bytes.NewReader(text))
		if err != nil {
			return notWell(err)
		}
		if f, err = (&gofeed.DefaultAtomTranslator{}).Translate(in); err != nil {
			return notWell(err)
		}
		for _, e := range in.Extensions["at"]["deleted-entry"] { // RFC 6721
			if ref := strings.TrimSpace(e.Attrs["ref"]); ref != "" {
				out.gone = append(out.gone, ref)
			}
		}
	default:
		return nil, collectors.Errorf(collectors.Schema, "the answer is XML, but no RSS or Atom feed")
	}
	if len(f.Items) == 0 && f.Title == "" && f.Link == "" && f.Description == "" && f.Updated == "" {
		return nil, collectors.Errorf(collectors.Schema, "the feed is empty: it has not even a title")
	}
	out.fill(f)
	return out, nil
}

// What feeds do not go beyond: elements inside each other, and names of
// namespaces declared around one place. Parsers hold both for every level.
const (
	maxDepth = 256
	maxNames = 256
)

// tame tells whether a document stays within these. Where it is not well-formed
// the parser will say so.
func tame(text []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	var levels []int
	names := 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return true
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := 0
			for _, a := range token.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					n++
				}
			}
			levels, names = append(levels, n), names+n
		case xml.EndElement:
			if last := len(levels) - 1; last >= 0 {
				names -= levels[last]
				levels = levels[:last]
			}
		}
		if len(levels) > maxDepth || names > maxNames {
			return false
		}
	}
}

var (
	prolog   = regexp.MustCompile(`^\s*<\?xml\b[^>]*\?>`)
	declared = regexp.MustCompile(`\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)
)

// utf8Of gives the text as UTF-8 without its XML declaration, and the charset
// that it came in where it was another one. The byte order mark wins, then what
// the document says, then what the server says.
func utf8Of(body []byte, contentType string) (text []byte, from string, err error) {
	label := ""
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		body, label = body[3:], "utf-8"
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		label = "utf-16be"
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		label = "utf-16le"
	}
	if label == "" {
		if m := declared.FindSubmatch(prolog.Find(body[:min(len(body), 1<<10)])); m != nil {
			label = string(m[1])
		} else if _, p, err := mime.ParseMediaType(contentType); err == nil {
			label = p["charset"]
		}
	}
	encoding, canonical := charset.Lookup(label)
	valid := utf8.Valid(body)
	switch {
	case valid && (label == "" || canonical == "" || canonical == "utf-8" || strings.HasPrefix(canonical, "windows-") || strings.HasPrefix(canonical, "iso-8859-")):
		// Latin text almost never looks like UTF-8 by chance
	case canonical == "utf-8" || bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		body = bytes.ToValidUTF8(body, []byte("\ufffd"))
	case label != "" && encoding == nil:
		return nil, "", collectors.Errorf(collectors.Schema, "the feed is written in a charset that is not known")
	default:
		if encoding == nil {
			encoding, canonical = charset.Lookup("windows-1252")
		}
		if body, err = io.ReadAll(encoding.NewDecoder().Reader(bytes.NewReader(body))); err != nil {
			return nil, "", &collectors.Error{Kind: collectors.Schema, Message: "the feed is not written in the charset that it declares", Err: err}
		}
		body = bytes.TrimPrefix(body, []byte("\ufeff"))
		from = canonical
	}
	return prolog.ReplaceAll(body, nil), from, nil
}
