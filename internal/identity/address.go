package identity

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"adalid"
)

// address is where something can be found: an account of a platform, or, with
// platform "", a page: its host and path, lower case.
type address struct {
	platform adalid.Platform
	name     string
}

// Bounds on what is read of a profile, which its owner wrote as he liked.
const (
	longestBio  = 4096
	longestLink = 300
	mostLinks   = 16
)

// hosts are the sites on which people have accounts. The path of an account is
// before followed by its name: "" where the name comes first, "@" where it
// begins so. What is none of these is not an account's page.
var hosts = []struct {
	host, before string
	platform     adalid.Platform
}{
	{"x.com", "", adalid.X},
	{"twitter.com", "", adalid.X},
	{"bsky.app", "profile", "bluesky"},
	{"youtube.com", "@", adalid.YouTube},
	{"youtube.com", "channel", adalid.YouTube},
	{"youtube.com", "c", adalid.YouTube},
	{"youtube.com", "user", adalid.YouTube},
	{"reddit.com", "user", "reddit"},
	{"reddit.com", "u", "reddit"},
	{"instagram.com", "", "instagram"},
	{"threads.net", "@", "threads"},
	{"threads.com", "@", "threads"},
	{"tiktok.com", "@", "tiktok"},
	{"medium.com", "@", "medium"},
	{"facebook.com", "", "facebook"},
	{"linkedin.com", "in", "linkedin"},
	{"github.com", "", "github"},
	{"gitlab.com", "", "gitlab"},
	{"t.me", "", "telegram"},
	{"twitch.tv", "", "twitch"},
	{"linktr.ee", "", "linktree"},
	{"about.me", "", "about.me"},
	{"keybase.io", "", "keybase"},
	{"ko-fi.com", "", "ko-fi"},
	{"patreon.com", "", "patreon"},
	{"substack.com", "@", "substack"},
	{"odysee.com", "@", "odysee"},
	{"snapchat.com", "@", "snapchat"},
	{"snapchat.com", "add", "snapchat"},
	{"flipboard.com", "@", "flipboard"},
	{"lemon8-app.com", "@", "lemon8"},
	{"truthsocial.com", "@", "truthsocial"},
	{"hive.blog", "@", "hive"},
	{"peakd.com", "@", "hive"},
	{"steemit.com", "@", "steemit"},
	{"hashnode.com", "@", "hashnode"},
	{"hackmd.io", "@", "hackmd"},
	{"replit.com", "@", "replit"},
	{"figma.com", "@", "figma"},
	{"unsplash.com", "@", "unsplash"},
	{"producthunt.com", "@", "producthunt"},
}

// reserved are paths of those sites that name nobody.
var reserved = map[string]bool{
	"home": true, "i": true, "share": true, "intent": true, "search": true, "hashtag": true, "explore": true,
	"login": true, "about": true, "p": true, "reel": true, "stories": true, "groups": true, "pages": true, "joinchat": true,
	"features": true, "topics": true, "orgs": true, "settings": true, "watch": true, "events": true, "sharer.php": true, "profile.php": true,
}

// opaque are sites whose links do not tell where they lead, or lead every time
// elsewhere.
var opaque = map[string]bool{"t.co": true, "lnkd.in": true, "goo.gl": true}

// labels are words before a handle that tell its platform.
var labels = map[string]adalid.Platform{
	"x": adalid.X, "tw": adalid.X, "twitter": adalid.X, "bsky": "bluesky", "bluesky": "bluesky",
	"yt": adalid.YouTube, "youtube": adalid.YouTube, "reddit": "reddit", "ig": "instagram", "insta": "instagram", "instagram": "instagram",
	"threads": "threads", "tiktok": "tiktok", "tt": "tiktok", "github": "github", "telegram": "telegram", "twitch": "twitch",
}

// own gives the addresses of an account itself: what its platform assigns, never
// what its owner typed.
func own(a *Account) []address {
	var list []address
	for _, name := range []string{a.Handle, a.Key} {
		if name = lower(strings.TrimPrefix(name, "@")); name != "" && len(name) <= longestLink {
			if at := (address{a.Platform, name}); !slices.Contains(list, at) {
				list = append(list, at)
			}
		}
	}
	// A handle of Bluesky that is a domain of its own is checked by the platform.
	if h := lower(a.Handle); a.Platform == "bluesky" && strings.Contains(h, ".") && !strings.HasSuffix(h, ".bsky.social") && len(h) <= longestLink {
		list = append(list, address{"", h})
	}
	return list
}

// links gives the addresses that a profile shows, its own left out, each once,
// in the order of appearance.
func links(a *Account) []address {
	self := own(a)
	var list []address
	add := func(at address, ok bool) {
		if ok && len(list) < mostLinks && !slices.Contains(list, at) && !slices.Contains(self, at) {
			list = append(list, at)
		}
	}
	add(parse(a.URL))
	label := adalid.Platform("")
	for _, word := range strings.FieldsFunc(cut(a.Bio, longestBio), separates) {
		word = strings.TrimRight(word, ".,;:!?")
		if before, after, found := strings.Cut(word, ":"); found && strings.HasPrefix(after, "@") {
			label, word = labels[lower(before)], after
		}
		switch name, isHandle := strings.CutPrefix(word, "@"); {
		case isHandle && strings.Contains(name, "@"):
			add(fediverse(name))
		case isHandle && label != "":
			add(address{label, lower(name)}, named(name))
		case strings.ContainsAny(word, "./"):
			add(parse(word))
		}
		label = labels[lower(strings.TrimRight(word, ":"))]
	}
	return list
}

func separates(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"'()[]{},|·•→↪️", r)
}

// parse reads a link, with or without https://, as the address it leads to.
func parse(raw string) (address, bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > longestLink || !utf8.ValidString(raw) {
		return address{}, false
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.Opaque != "" {
		return address{}, false
	}
	host := strings.TrimSuffix(lower(u.Hostname()), ".")
	for _, prefix := range []string{"www.", "mobile.", "m.", "old."} {
		host = strings.TrimPrefix(host, prefix)
	}
	if !domain(host) || opaque[host] {
		return address{}, false
	}
	var path []string
	for _, part := range strings.Split(lower(u.Path), "/") {
		if part != "" && part != "." && part != ".." {
			path = append(path, part)
		}
	}
	return place(host, path, u.Query().Get("id"))
}

// place tells what a host and a path stand for.
func place(host string, path []string, id string) (address, bool) {
	known := false
	for _, h := range hosts {
		if h.host != host {
			continue
		}
		known = true
		if at, ok := accountOn(h.platform, h.before, path); ok {
			return at, true
		}
	}
	switch {
	case known: // a post, a search or the site itself: says nothing about who
		return address{}, false
	case host == "news.ycombinator.com":
		return address{"hackernews", lower(id)}, len(path) == 1 && path[0] == "user" && named(id)
	case questions(host):
		if len(path) >= 2 && path[0] == "users" {
			return address{"stackexchange", host + "/users/" + path[1]}, true
		}
		return address{}, false
	case len(path) == 1 && strings.HasPrefix(path[0], "@"):
		return fediverse(path[0][1:] + "@" + host)
	case len(path) == 2 && path[0] == "u" && named(path[1]):
		return address{"lemmy", path[1] + "@" + host}, true
	}
	return address{"", strings.Join(append([]string{host}, path...), "/")}, true
}

func accountOn(platform adalid.Platform, before string, path []string) (address, bool) {
	name := ""
	switch {
	case len(path) == 0:
	case before == "" && len(path) == 1 && !reserved[path[0]]:
		name = strings.TrimPrefix(path[0], "@")
	case before == "@" && len(path) == 1 && strings.HasPrefix(path[0], "@"):
		name = path[0][1:]
	case before == path[0] && len(path) == 2:
		name = path[1]
	}
	return address{platform, name}, named(name)
}

// questions tells whether a host is one of Stack Exchange's.
func questions(host string) bool {
	switch host {
	case "stackoverflow.com", "superuser.com", "serverfault.com", "askubuntu.com", "mathoverflow.net":
		return true
	}
	return strings.HasSuffix(host, ".stackexchange.com") || strings.HasSuffix(host, ".stackoverflow.com")
}

// fediverse reads user@host; a second @host, of an account seen from another
// server, wins.
func fediverse(name string) (address, bool) {
	user, host, _ := strings.Cut(lower(name), "@")
	if first, _, more := strings.Cut(host, "@"); more {
		host = first
	}
	return address{"mastodon", user + "@" + host}, named(user) && domain(host)
}

// named tells whether a text can be the name of an account.
func named(name string) bool {
	if name == "" || len(name) > 100 {
		return false
	}
	for _, r := range name {
		if r != '_' && r != '-' && r != '.' && r != ':' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// domain tells whether a text can be the name of a host in the Internet.
func domain(host string) bool {
	parts := strings.Split(host, ".")
	if len(parts) < 2 || len(host) > 253 {
		return false
	}
	for i, part := range parts {
		letters := 0
		for _, r := range part {
			switch {
			case unicode.IsLetter(r):
				letters++
			case r != '-' && !unicode.IsDigit(r):
				return false
			}
		}
		if part == "" || i == len(parts)-1 && letters < 2 {
			return false
		}
	}
	return true
}

// cut shortens a text to at most n bytes of whole runes.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

func lower(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// String shows an address as a person would write it.
func (a address) String() string {
	if a.platform == "" {
		return a.name
	}
	return string(a.platform) + "/" + a.name
}
