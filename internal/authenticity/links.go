package authenticity

import (
	"net/url"
	"slices"
	"strings"
)

// Hosts lists the hosts that a text links to, each once, lower case and without
// "www.", in order of appearance; those of shorteners and of profiles, which say
// nothing of whose page it is, are left out.
func Hosts(text string) []string {
	var out []string
	for rest := text; ; {
		at := strings.Index(rest, "://")
		if at < 0 {
			return out
		}
		before := strings.ToLower(rest[max(0, at-5):at])
		rest = rest[at+3:]
		if !strings.HasSuffix(before, "http") && !strings.HasSuffix(before, "https") {
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\r\n<>\"'()[]{}|\\^`…", r) })
		if end < 0 {
			end = len(rest)
		}
		host := hostOf("https://" + strings.TrimRight(rest[:end], ".,;:!?"))
		if strings.Contains(host, ".") && !isShared(host) && !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
}

// ProfileLink gives the link of a profile, "" where it only leads to the
// profile's own page on its platform, which says nothing of the account.
func ProfileLink(link, handle, key string) string {
	if hostOf(link) == "" {
		return ""
	}
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	local, _, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	for _, part := range parts {
		part = strings.TrimPrefix(part, "@")
		for _, own := range [...]string{handle, local, key} {
			if own != "" && strings.EqualFold(part, own) {
				return ""
			}
		}
	}
	return link
}

// LinkCount is how many posts link to a host.
type LinkCount struct {
	Host  string `json:"host"`
	Posts int    `json:"posts"`
}

// Domains finds a brand's own sites: where the profiles of its own accounts link
// to, and where at least five and half of those of their posts that link
// anywhere do. linking counts those posts.
func Domains(profiles []string, links []LinkCount, linking int) []string {
	var out []string
	add := func(host string) {
		if host != "" && !isShared(host) && !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	for _, link := range profiles {
		add(hostOf(link))
	}
	for _, l := range links {
		if l.Posts >= leastSeen && 2*l.Posts >= linking {
			add(l.Host)
		}
	}
	slices.Sort(out)
	return out
}
