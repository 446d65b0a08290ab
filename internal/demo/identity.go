package demo

import (
	"strings"

	"adalid"
)

// twoAccounts are how many people have an account on a second platform.
const twoAccounts = 3

// settleIdentities gives a few advocates a second account, whose profiles say so
// of each other, and takes from strangers the handles that they share by chance.
// It draws nothing, so that everything else stays as it is.
func (w *writer) settleIdentities() {
	taken := map[string]bool{}
	for i := range w.people {
		p := &w.people[i]
		if p.part.role == OwnAccount {
			continue
		}
		for bare := bareHandle(p.handle); taken[bare]; bare = bareHandle(p.handle) {
			p.rename(w)
		}
		taken[bareHandle(p.handle)] = true
	}
	for i, n := 0, 0; i < len(w.people) && n < twoAccounts; i++ {
		if w.people[i].part.role != Advocate {
			continue
		}
		if other := w.fanLike(i); other >= 0 {
			w.people[i].sameAs(&w.people[other])
			n++
		}
	}
}

// splitHandle parts a handle from the server that some platforms put behind it.
func splitHandle(handle string) (name, server string) {
	for _, mark := range []string{"@", ".sky."} {
		if at := strings.Index(handle, mark); at > 0 {
			return handle[:at], handle[at:]
		}
	}
	return handle, ""
}

// bareHandle is what is left of a handle without signs and server.
func bareHandle(handle string) string {
	name, _ := splitHandle(handle)
	return strings.NewReplacer("_", "", ".", "", "-", "").Replace(name)
}

// rename gives the account a handle that nobody has.
func (p *person) rename(w *writer) {
	old := p.handle
	name, server := splitHandle(p.author.Handle)
	p.author.Handle = name[:min(len(name), 14)] + "2" + server
	p.handle = strings.ToLower(p.author.Handle)
	if p.author.Key == old {
		p.author.Key = p.handle
	}
	p.author.URL = strings.TrimSuffix(p.author.URL, old) + p.handle
	w.taken[string(p.author.Platform)+"/"+p.handle] = true
}

// fanLike finds a small fan who may be the same person as an advocate: on another
// platform, of the same language and gender, and nobody's second account yet; −1
// without one.
func (w *writer) fanLike(advocate int) int {
	a := &w.people[advocate]
	for i := range w.people {
		b := &w.people[i]
		if b.part.role == SmallFan && b.lang == a.lang && b.ending == a.ending && b.author.Platform != a.author.Platform &&
			b.author.Platform != adalid.YouTube && label(a) != "" && label(b) != "" && !strings.Contains(b.author.Bio, "@") {
			return i
		}
	}
	return -1
}

// label is how the profile of an account is named in another's.
func label(p *person) string {
	switch p.author.Platform {
	case "mastodon":
		return "@" + p.handle
	case "instagram":
		return "IG: @" + p.handle
	case adalid.X:
		return "X: @" + p.handle
	case "reddit":
		return "Reddit: @" + p.handle
	case "bluesky":
		return "Bluesky: @" + p.handle
	}
	return ""
}

// sameAs makes another account the person's second one: the same name, and each
// profile names the other.
func (p *person) sameAs(other *person) {
	other.author.Name, other.given = p.author.Name, p.given
	p.author.Bio = strings.TrimPrefix(p.author.Bio+" · "+label(other), " · ")
	other.author.Bio = strings.TrimPrefix(other.author.Bio+" · "+label(p), " · ")
}
