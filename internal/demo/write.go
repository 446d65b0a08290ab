package demo

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
)

// event is a written post and what others may turn to it for.
type event struct {
	mention                  adalid.Mention
	who                      int
	mood                     mood
	say                      string // section; "" leaves it to what is done
	replies, reposts, quotes int64  // by people of this world
}

// circle is where people meet: a community on a platform.
func circle(platform adalid.Platform, community int) string {
	return string(platform) + "/" + strconv.Itoa(community)
}

// write lets somebody post.
func (w *writer) write(s slot) {
	p := &w.people[s.who]
	e := event{who: s.who}
	m := &e.mention
	m.Platform, m.CreatedAt, m.Author = p.author.Platform, time.Unix(s.at, 0).UTC(), w.authorAt(p, s.at)
	m.Brand = Brand
	m.OwnAccount = p.part.role == OwnAccount
	if e.mood, e.say = w.moodAt(p, s.at), s.say; s.say != "" {
		e.mood = s.mood
	}
	lang := p.lang
	if p.twoTongue && w.r.IntN(4) == 0 {
		lang = 1 - lang
	}
	did, target := w.action(p, s)
	switch did {
	case repost:
		w.repeat(&e, target)
	default:
		w.speak(&e, did, target, lang)
		m.Lang = languages[lang]
		if (m.Platform == "instagram" || m.Platform == adalid.YouTube) && w.r.IntN(4) == 0 {
			m.Lang = ""
		}
	}
	n := len(w.events)
	m.ID = w.id(p, s.at, n)
	m.URL = "https://social.example/" + string(m.Platform) + "/" + strconv.Itoa(n)
	w.events = append(w.events, e)
	if w.trial != nil {
		w.trial.remember(p, &e, n)
	}
	if did != repost && p.part.draw > 0 {
		if w.recent == nil {
			w.recent = map[string][]int{}
		}
		c := circle(m.Platform, p.community)
		w.recent[c] = append(w.recent[c], n)
	}
}

// authorAt is the account as it was at a moment.
func (w *writer) authorAt(p *person, at int64) adalid.Author {
	a := p.author
	if p.tellsFoll {
		a.Followers = number(p.audience * (1 + p.growth*float64(at-w.day0)/(days*86400)))
	}
	return a
}

// moodAt draws how somebody feels; the trouble turns some who mostly did not care.
func (w *writer) moodAt(p *person, at int64) mood {
	weights := p.part.moods
	if day := (at - w.day0) / 86400; p.part.role == PasserBy && day >= troubleDay && day < troubleDay+5 {
		weights[bad] *= 5
	}
	if day := (at - w.day0) / 86400; p.part.role == PasserBy && day >= launchDay && day < launchDay+5 {
		weights[good] *= 3
	}
	return mood(weighted(w.r, weights[:]...))
}

// action draws what somebody does and to which event; without anybody to turn
// to it is a post.
func (w *writer) action(p *person, s slot) (act, int) {
	did := act(weighted(w.r, p.part.acts[:]...))
	if s.say != "" {
		did = map[bool]act{true: reply, false: post}[s.say == "defend"]
	}
	if p.author.Platform == "reddit" || p.author.Platform == "instagram" || p.author.Platform == adalid.YouTube {
		if did == quote || did == repost { // these platforms have neither
			did = reply
		}
	}
	if p.part.role == Bot && did == reply {
		did = post
	}
	switch did {
	case post:
		return post, -1
	case toBrand:
		return toBrand, w.own[string(p.author.Platform)]
	}
	if target := w.target(p, s, did); target >= 0 {
		return did, target
	}
	return post, -1
}

// target finds a post of the last ten days to turn to: mostly in one's own
// community, and rather one by somebody whom many turn to. −1: none.
func (w *writer) target(p *person, s slot, did act) int {
	best, most := -1, 0.0
	if w.trial != nil {
		if at := w.trialTarget(p, s, did); at >= 0 {
			return at
		}
	}
	for range 8 {
		community := p.community
		if p.part.role == OwnAccount || p.part.role == Connector && w.r.IntN(2) == 0 || w.r.IntN(12) == 0 {
			community = w.r.IntN(len(communities))
		}
		list := w.recent[circle(p.author.Platform, community)]
		if len(list) == 0 {
			continue
		}
		at := list[len(list)-1-w.r.IntN(min(len(list), 60))]
		e := &w.events[at]
		q := &w.people[e.who]
		if did == repost && !strings.Contains(strings.ToLower(e.mention.Text), strings.ToLower(Brand)) {
			continue // a repeated answer to the brand would be about nothing
		}
		if e.who == s.who || s.at-e.mention.CreatedAt.Unix() > 10*86400 || e.mention.CreatedAt.Unix() > s.at || q.lang != p.lang && p.part.role != OwnAccount ||
			did == repost && (e.mood == bad) != (p.part.moods[bad] > p.part.moods[good]) {
			continue
		}
		if x := q.part.draw * w.r.Float64(); x > most {
			best, most = at, x
		}
	}
	return best
}

// repeat makes a repost of an event.
func (w *writer) repeat(e *event, target int) {
	t := &w.events[target]
	by := w.people[t.who].handle
	t.reposts++
	m := &e.mention
	m.Repost, m.RepostOf, m.Lang, m.Sponsored = true, by, t.mention.Lang, t.mention.Sponsored
	m.Text = t.mention.Text
	named := t.mention.Mentions
	if m.Platform == adalid.X {
		m.Text = "RT @" + t.mention.Author.Handle + ": " + m.Text
		named = append([]string{by}, named...)
	}
	m.Mentions = distinct(named, w.people[e.who].handle)
	e.mood = t.mood
}

// distinct keeps the first of every handle and drops one's own.
func distinct(handles []string, self string) (out []string) {
	for _, h := range handles {
		if h != self && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// section says what somebody speaks of.
func (w *writer) section(p *person, e *event, did act, target int) string {
	m := e.mood
	if w.trial != nil {
		if e.say == "" {
			e.say = w.ownVoice(p, e)
		}
		if e.say == "" && did == reply && p.part.role == Defender && m == good && w.events[target].mood == bad {
			e.say = "defend"
		}
	}
	switch {
	case e.say != "":
		return e.say
	case p.part.role == OwnAccount && did == reply:
		if e.mood = good; w.events[target].mood == bad {
			e.mood = plain
			return "brand.sorry"
		}
		return "brand.thanks"
	case did == reply:
		return [moods][]string{{"help", "agree"}, {"chat", "chat"}, {"doubt", "doubt"}}[m][w.r.IntN(2)]
	case did == quote:
		return [moods]string{"quote.good", "plain", "quote.bad"}[m]
	case did == toBrand:
		return [moods]string{"tobrand.good", "tobrand.ask", "tobrand.bad"}[m]
	case p.part.voice != "" && (p.part.role != Staff || w.r.IntN(3) > 0):
		return p.part.voice
	case m == plain:
		return []string{"plain", "plain", "question"}[w.r.IntN(3)]
	}
	return [moods]string{"praise", "", "complaint"}[m]
}

// speak makes any post but a repost.
func (w *writer) speak(e *event, did act, target, lang int) {
	p, m := &w.people[e.who], &e.mention
	var to *person
	switch {
	case did == toBrand:
		to = &w.people[target]
		m.ReplyTo = to.handle
	case did == reply:
		t := &w.events[target]
		to, m.ReplyTo = &w.people[t.who], w.people[t.who].handle
		t.replies++
	case did == quote:
		t := &w.events[target]
		to, m.QuoteOf = &w.people[t.who], w.people[t.who].handle
		t.quotes++
	}
	name := ""
	if to != nil {
		name = to.given
	}
	words := w.words(p, name)
	if lang != p.lang { // the scene of a community is in its own language
		words["scene"] = "{habit}"
	}
	section := w.section(p, e, did, target)
	var text string
	for range 20 {
		text = w.style(p, e, w.grammars[lang].say(w.r, section, words), lang)
		if p.part.copies || !w.said[bare(text)] {
			break
		}
	}
	w.said[bare(text)] = true
	if p.ring > 0 {
		text = w.together(p, m.CreatedAt.Unix(), text)
	}
	m.Text = w.link(p, w.address(p, e, did, to, text))
	if w.trial != nil { // what a text shows is for collectors to see
		return
	}
	m.Sponsored = strings.Contains(m.Text, "#ad") || strings.Contains(m.Text, "#sponsored") || strings.Contains(m.Text, "#publi") ||
		strings.Contains(m.Text, "#colaboración") || w.hasCode(text, lang)
}

// hasCode tells whether a text hands out a coupon.
func (w *writer) hasCode(text string, lang int) bool {
	return slices.ContainsFunc(w.grammars[lang].sections["code"], func(c string) bool { return strings.Contains(text, c) })
}

// style gives a text the person's hand.
func (w *writer) style(p *person, e *event, text string, lang int) string {
	r, g := w.r, w.grammars[lang]
	if !p.lower {
		text = sentenceCase(text)
	}
	if p.part.copies { // only a number tells one from the next
		return text + " " + strconv.Itoa(r.IntN(900)+100)
	}
	if r.Float64() < p.emoji && p.part.role != OwnAccount && e.mood != plain {
		text += " " + g.say(r, map[bool]string{true: "frown", false: "cheer"}[e.mood == bad], nil)
	}
	if r.Float64() < p.tags {
		text += " " + g.say(r, "tag", nil)
	}
	if strings.Contains(text, Brand) {
		switch at := r.IntN(10); {
		case at == 0:
			text = strings.Replace(text, Brand, "#"+Brand, 1)
		case at < 3 && (p.author.Platform == adalid.X || p.author.Platform == "instagram"):
			text = strings.Replace(text, Brand, "@"+strings.ToLower(Brand), 1)
		}
	}
	return text
}

// address puts in who is spoken to, and lists who is named.
func (w *writer) address(p *person, e *event, did act, to *person, text string) string {
	m := &e.mention
	var named []string
	at := func(q *person) string {
		named = append(named, q.handle)
		if m.Platform == "reddit" {
			return "u/" + q.author.Handle
		}
		return "@" + q.author.Handle
	}
	replyNames := m.Platform == adalid.X || m.Platform == "mastodon" || m.Platform == "instagram"
	if to != nil && did != quote && replyNames {
		text = at(to) + " " + text
	}
	if strings.Contains(text, "@"+strings.ToLower(Brand)) && p.part.role != OwnAccount {
		named = append(named, strings.ToLower(w.people[w.own[string(m.Platform)]].handle))
	}
	if (p.part.role == Connector && w.r.IntN(2) == 0 || w.r.IntN(20) == 0) && p.part.draw > 0 && p.part.role != OwnAccount {
		for range 1 + w.r.IntN(2) {
			if q := w.acquaintance(p, e.who); q != nil && !slices.Contains(named, q.handle) {
				text += " " + at(q)
			}
		}
	}
	if m.ReplyTo != w.people[w.own[string(m.Platform)]].handle && !strings.Contains(strings.ToLower(text), strings.ToLower(Brand)) {
		text += " #" + Brand
	}
	m.Mentions = distinct(named, p.handle)
	return text
}

// acquaintance is somebody who posted lately in a circle of the person's platform.
func (w *writer) acquaintance(p *person, self int) *person {
	community := p.community
	if p.part.role == Connector {
		community = w.r.IntN(len(communities))
	}
	list := w.recent[circle(p.author.Platform, community)]
	if len(list) == 0 {
		return nil
	}
	who := w.events[list[len(list)-1-w.r.IntN(min(len(list), 120))]].who
	if who == self || w.people[who].part.role == OwnAccount {
		return nil
	}
	return &w.people[who]
}

// id makes a native id of the n-th event.
func (w *writer) id(p *person, at int64, n int) string {
	switch p.author.Platform {
	case "mastodon":
		return strconv.FormatInt(at*1000<<16+int64(n), 10)
	case "bluesky":
		return p.author.Key + "/" + strconv.FormatInt(at<<16+int64(n), 32)
	case "reddit":
		return "t1_" + strconv.FormatInt(at<<16+int64(n), 36)
	case adalid.YouTube:
		return "Ug" + strconv.FormatInt(at<<16+int64(n), 36)
	}
	return strconv.FormatInt((at*1000-1_288_834_974_657)<<22+int64(n), 10)
}
