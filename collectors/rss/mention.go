package rss

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"adalid"
	"adalid/collectors"
)

const maxRaw = 4 << 10

// page turns a feed's items into mentions and rejects.
func (f *feed) page(src source, now time.Time) collectors.Page {
	p := collectors.Page{Rows: int64(len(f.items))}
	n := noted{}
	for i, it := range f.items {
		m, why := f.mention(src, it)
		if why != "" {
			p.Rejects = append(p.Rejects, collectors.Reject{Source: src.url.Host, Row: int64(i + 1), Reason: why, Raw: strings.ToValidUTF8(string(it.raw[:min(len(it.raw), maxRaw)]), "")})
			continue
		}
		m.ObservedAt = now.UTC().Truncate(time.Second)
		p.Mentions = append(p.Mentions, m)
		place := "item " + strconv.Itoa(i+1)
		switch {
		case m.CreatedAt.IsZero():
			n.note(collectors.UnknownTime, place)
		case m.CreatedAt.After(now.Add(24 * time.Hour)):
			n.note(collectors.FutureTime, place)
		}
		if m.Lang == "" {
			n.note(collectors.UnknownLang, "")
		}
		if strings.ContainsRune(m.Text, '\ufffd') {
			n.note(collectors.BrokenText, place)
		}
	}
	if f.encoding != "" {
		n.note(collectors.Encoding, f.encoding)
	}
	for _, ref := range f.gone {
		p.Gone = append(p.Gone, collectors.PostID{Platform: platform, ID: src.key + "/" + ref})
	}
	p.Notices = n.list()
	return p
}

// noted counts the traps met.
type noted map[collectors.NoticeCode]collectors.Notice

func (n noted) note(code collectors.NoticeCode, example string) {
	x := n[code]
	x.Code, x.Count = code, x.Count+1
	if example != "" && len(x.Examples) < 3 {
		x.Examples = append(x.Examples, example)
	}
	n[code] = x
}

func (n noted) list() (out []collectors.Notice) {
	for _, code := range []collectors.NoticeCode{collectors.Encoding, collectors.BrokenText, collectors.UnknownLang, collectors.UnknownTime, collectors.FutureTime} {
		if x, met := n[code]; met {
			out = append(out, x)
		}
	}
	return out
}

// mention reads one item; why is "" when all is well.
func (f *feed) mention(src source, it item) (m adalid.Mention, why string) {
	link, wrapped := unwrapped(webLink(it.link, f.base(src)))
	if link == "" {
		link, wrapped = unwrapped(absolute(it.guid))
	}
	m = adalid.Mention{
		Platform: platform, ID: src.key + "/" + it.identity(), URL: link, CreatedAt: it.created,
		Author: f.writer(src, it, link, wrapped), Lang: strings.ToLower(strings.TrimSpace(it.lang)), Text: it.text(), Replies: it.comments,
	}
	if m.Lang == "" {
		m.Lang = strings.ToLower(strings.TrimSpace(f.lang))
	}
	switch {
	case it.raw != nil:
		return m, "is no entry that can be read"
	case it.identity() == "":
		return m, "has neither an id (guid) nor a link"
	case m.Text == "":
		return m, "has no text"
	}
	m.Sponsored = collectors.Sponsored(m.Text) || sponsoredLink(it.body)
	return m, ""
}

// base is what relative links are relative to.
func (f *feed) base(src source) url.URL {
	if u, err := url.Parse(webLink(f.link, src.url)); err == nil && u.Host != "" {
		return *u
	}
	return src.url
}

// absolute gives an address that is whole, "" for anything else.
func absolute(address string) string { return webLink(address, url.URL{}) }

var google = regexp.MustCompile(`^(www\.)?google\.[a-z]{2,3}(\.[a-z]{2})?$`)

// unwrapped gives the address behind a link of Google's that only counts who
// follows it, as Google Alerts writes them.
func unwrapped(link string) (address string, wrapped bool) {
	u, err := url.Parse(link)
	if err != nil || u.Path != "/url" || !google.MatchString(strings.ToLower(u.Hostname())) {
		return link, false
	}
	for _, parameter := range []string{"url", "q"} {
		if real := absolute(u.Query().Get(parameter)); real != "" {
			return real, true
		}
	}
	return link, false
}

// writer is who wrote an item: the person it names, on that site; the site
// itself of what an alert found elsewhere; else the feed.
func (f *feed) writer(src source, it item, link string, wrapped bool) adalid.Author {
	a := adalid.Author{Platform: platform}
	site := f.base(src)
	if u, err := url.Parse(link); wrapped && err == nil {
		site = url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: "/"}
	}
	host := strings.TrimPrefix(strings.ToLower(site.Hostname()), "www.")
	name := it.author
	if name == "" && !wrapped {
		name = f.author
	}
	name = flat(name)
	switch {
	case name != "":
		a.Key, a.Name = host+"/"+strings.ToLower(name), name
	case wrapped:
		a.Key, a.Name, a.URL = host, host, site.String()
	default:
		a.Key, a.Name, a.URL = src.key, flat(f.title), absolute(f.link)
		if a.Name == "" {
			a.Name = src.url.Host
		}
	}
	return a
}

// flat gives the text of a name or title in one line.
func flat(fragment string) string {
	return strings.Join(strings.Fields(clean(collectors.HTMLText(fragment))), " ")
}

// text joins title and body; a body that begins with its title has it already.
func (it item) text() string {
	title, body := flat(it.title), strings.TrimSpace(clean(collectors.HTMLText(it.body)))
	switch {
	case body == "":
		return title
	case title == "" || repeats(body, title):
		return body
	}
	return title + "\n\n" + body
}

// repeats tells whether a text begins with its title, which may be cut short.
func repeats(body, title string) bool {
	begin := strings.TrimRight(title, "….")
	rest, ok := strings.CutPrefix(body, begin)
	next, _ := utf8.DecodeRuneInString(rest)
	return ok && begin != "" && (begin != title || rest == "" || !unicode.IsLetter(next) && !unicode.IsDigit(next))
}

// sponsoredLink finds the links of a body that show that it was paid for; the
// text does not show where they lead.
func sponsoredLink(body string) bool {
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken:
			for _, a := range z.Token().Attr {
				if a.Key == "href" && strings.Contains(a.Val, "://") && collectors.Sponsored(strings.ReplaceAll(a.Val, "#", " ")) {
					return true
				}
			}
		}
	}
}

// clean removes what no text may hold, NUL, and what nobody sees.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 0, '\u200b', '\u2060', '\ufeff':
			return -1
		}
		return r
	}, s)
}
