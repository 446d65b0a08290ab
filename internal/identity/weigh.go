package identity

import (
	"slices"
	"strings"
	"unicode"

	"adalid"
)

// Prior is the log-odds of two accounts that share something, before it is
// looked at what: one pair in 91.
const Prior = -4.5

// Ceilings of the log-odds. What one side alone can write, an impostor can
// write: without links in both directions no sum passes copyable, 92 in 100.
// Where a profile names another account as its own, none passes contradicted,
// 10 in 100.
const (
	copyable     = 2.5
	contradicted = -2.2
)

// side is one of two accounts with what is read of its profile.
type side struct {
	*Account
	own, links []address
	handle     string
	name       []string
	bio        map[string]bool
	other      bool // about somebody else
}

func (c *census) side(i int32) side {
	a := &c.accounts[i]
	return side{a, own(a), links(a), foldHandle(a), nameWords(a.Name), bioWords(a.Bio), aboutOther(a)}
}

// linksTo gives the address by which a profile links to another account.
func (s *side) linksTo(other *side) (address, bool) {
	for _, at := range s.links {
		if slices.Contains(other.own, at) {
			return at, true
		}
	}
	return address{}, false
}

// another gives the account of a platform that a profile links to instead. It
// has to be sure that it is another one: not where the handle is unknown or that
// it is an account is a guess, and on YouTube, where an account has several
// names, only by the channel's id.
func (c *census) another(s, other *side) (address, bool) {
	if at, is := s.linksTo(other); is || other.Handle == "" {
		return at, false
	}
	for _, at := range s.links {
		id := strings.HasPrefix(at.name, "uc") && len(at.name) == channelID
		if at.platform == other.Platform && (id || at.platform != adalid.YouTube) && !c.guessed(at, s) {
			return at, true
		}
	}
	return address{}, false
}

// guessed tells whether it is unsure that an address in a profile is one of the
// fediverse: any site may have pages like /@name. It is sure where the profile
// writes @name@server or somebody of that server is among the accounts.
func (c *census) guessed(at address, s *side) bool {
	server, federated := serverOf(at)
	if !federated || c.servers[server] {
		return false
	}
	written := "@" + at.name
	return !strings.Contains(lower(cut(s.Bio, longestBio)), written) && !strings.Contains(lower(cut(s.URL, longestLink)), written)
}

// serverOf gives the server of a federated account.
func serverOf(at address) (address, bool) {
	if at.platform != "mastodon" && at.platform != "lemmy" {
		return address{}, false
	}
	_, host, found := strings.Cut(at.name, "@")
	return address{at.platform, host}, found
}

// channelID is the length of the id of a channel of YouTube.
const channelID = 24

// called is how an account is shown in a sentence.
func (s *side) called() string {
	if s.Handle != "" {
		return string(s.Platform) + "/" + s.Handle
	}
	return string(s.Platform) + "/" + s.Key
}

// weigh applies the rules to two accounts.
func (c *census) weigh(a, b side) Suggestion {
	if byAccount(a.Account, b.Account) > 0 {
		a, b = b, a
	}
	w := weighing{sum: Prior}
	both := c.linked(&w, &a, &b)
	c.pages(&w, &a, &b)
	c.handles(&w, &a, &b)
	c.names(&w, &a, &b)
	if share, n := alike(a.bio, b.bio); share >= 0.6 && n >= 6 {
		w.add("same-bio")
	}
	if a.other != b.other {
		who := &a
		if b.other {
			who = &b
		}
		w.add("about-other", who.called())
	}
	for _, d := range [][2]*side{{&a, &b}, {&b, &a}} {
		if at, is := c.another(d[0], d[1]); is && !both {
			w.ceil("names-another", contradicted, d[0].called(), at.String())
		}
	}
	if !both {
		w.ceil("one-side", copyable)
	}
	return Suggestion{A: *a.Account, B: *b.Account, Confidence: chance(w.sum), Reasons: w.reasons}
}

// weighing is a sum under way.
type weighing struct {
	sum     float64
	reasons []Reason
}

// add notes that a rule holds.
func (w *weighing) add(code string, values ...string) {
	of, _ := ruleOf(code)
	w.note(code, of.weight, values)
}

func (w *weighing) note(code string, weight float64, values []string) {
	w.sum += weight
	w.reasons = append(w.reasons, Reason{code, weight, append([]string{}, values...)})
}

// ceil takes away what is above a limit.
func (w *weighing) ceil(code string, limit float64, values ...string) {
	if w.sum > limit {
		w.note(code, limit-w.sum, values)
	}
}

// linked weighs links between the two profiles.
func (c *census) linked(w *weighing, a, b *side) (both bool) {
	ab, there := a.linksTo(b)
	ba, back := b.linksTo(a)
	switch {
	case there && back:
		w.add("mutual-links", a.called(), b.called())
	case there && c.count(addressKey(ab), shows) <= 2:
		w.add("links-to", a.called(), b.called())
	case back && c.count(addressKey(ba), shows) <= 2:
		w.add("links-to", b.called(), a.called())
	case there || back: // many link to a celebrity
		if back {
			a, b = b, a
		}
		w.add("linked-by-many", a.called(), b.called())
	}
	return there && back
}

// pages weighs the address that both profiles show and fewest others do.
func (c *census) pages(w *weighing, a, b *side) {
	var best address
	least := mostSharing + 1
	for _, at := range a.links {
		if !slices.Contains(b.links, at) {
			continue
		}
		if n := c.count(addressKey(at), shows) + c.count(addressKey(at), owns); n < least {
			best, least = at, n
		}
	}
	own := least <= 2 && fits(best, a) && fits(best, b)
	switch {
	case own:
		w.add("own-page", best.String())
	case least <= 2:
		w.add("same-page", best.String())
	case least <= 4:
		w.add("shared-page", best.String())
	}
}

// fits tells whether an address bears an account's handle or a word of its name.
func fits(at address, s *side) bool {
	text := at.name
	if at.platform == "" {
		host, path, _ := strings.Cut(at.name, "/")
		if i := strings.LastIndexByte(host, '.'); i > 0 {
			host = host[:i]
		}
		text = host + " " + path
	}
	text = squeeze(text)
	if len(s.handle) >= 5 && (strings.Contains(text, s.handle) || len(text) >= 5 && strings.Contains(s.handle, text)) {
		return true
	}
	return slices.ContainsFunc(s.name, func(word string) bool { return len(word) >= 4 && strings.Contains(text, word) })
}

// handles weighs equal handles by how much they tell.
func (c *census) handles(w *weighing, a, b *side) {
	h := a.handle
	if h == "" || h != b.handle || c.count(textKey("handle", h), called) > mostSharing/2 {
		return
	}
	digits := len(h) - len(strings.TrimRightFunc(h, unicode.IsDigit))
	letters := h[:len(h)-digits]
	// Who shows the handle as the name says nothing about what it is made of.
	words := slices.DeleteFunc(slices.Concat(a.name, b.name), func(word string) bool { return word == letters || word == h })
	rare := slices.ContainsFunc(words, func(word string) bool { return len(word) >= 5 && !common()[word] && strings.Contains(letters, word) })
	switch n := len([]rune(h)); {
	case madeOf(letters, words):
		switch {
		case digits >= 3:
			w.add("handle-numbered", a.Handle)
		case rare && len(letters) >= 10:
			w.add("handle-of-rare-name", a.Handle)
		case len(letters) >= 8:
			w.add("handle-of-name", a.Handle)
		}
	case n >= 12:
		w.add("handle-long", a.Handle)
	case n >= 8:
		w.add("handle-rare", a.Handle)
	case n >= 5:
		w.add("handle-short", a.Handle)
	}
}

// names weighs display names. Alone they never suffice.
func (c *census) names(w *weighing, a, b *side) {
	if len(a.name) == 0 || len(b.name) == 0 {
		return
	}
	if !slices.Equal(a.name, b.name) {
		shared := slices.ContainsFunc(a.name, func(word string) bool { return len(word) > 1 && slices.Contains(b.name, word) })
		handle := squeeze(a.Name) == b.handle || squeeze(b.Name) == a.handle // one shows its handle as its name
		if !shared && !handle {
			w.add("other-name", a.Name, b.Name)
		}
		return
	}
	letters, rare := 0, false
	for _, word := range a.name {
		letters += len(word)
		rare = rare || len(word) > 2 && !common()[word]
	}
	if rare && len(a.name) > 1 && letters >= 8 && c.count(textKey("name", strings.Join(a.name, " ")), bears) <= 2 {
		w.add("name-rare", a.Name)
	} else {
		w.add("name", a.Name)
	}
}

// MatchingX tells whether two accounts are one of X and one of elsewhere, which
// X's terms allow to be joined on public profile data only.
func MatchingX(a, b adalid.Platform) bool { return (a == adalid.X) != (b == adalid.X) }
