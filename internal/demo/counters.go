package demo

import (
	"math"

	"adalid"
)

// settleCounters gives every post from an event on the counters its platform tells: a few posts
// get most of everything, and nobody counts less than what people of this
// world did to it. Reposts of x carry the original's reposts, as real exports
// do.
func (w *writer) settleCounters(from int) {
	for i := from; i < len(w.events); i++ {
		e := &w.events[i]
		m := &e.mention
		if m.Repost {
			continue
		}
		p := &w.people[e.who]
		views := w.views(p)
		likes := w.reactions(views*.02*p.response) + e.reposts + e.replies
		reposts, replies, quotes := w.reactions(float64(likes)*.12), w.reactions(float64(likes)*.1), w.reactions(float64(likes)*.03)
		m.Likes = number(float64(likes))
		m.Replies = number(float64(replies + e.replies))
		switch m.Platform {
		case adalid.X:
			m.Quotes = number(float64(quotes + e.quotes))
			if w.r.IntN(100) < 85 {
				m.Views = number(views)
			}
			m.Reposts = number(float64(reposts + e.reposts))
		case "bluesky":
			m.Quotes = number(float64(quotes + e.quotes))
			m.Reposts = number(float64(reposts + e.reposts))
		case "mastodon":
			m.Reposts = number(float64(reposts + e.reposts))
		case adalid.YouTube:
			m.Views = number(views)
		}
	}
	w.copyReposts()
}

// copyReposts lets reposts on x carry the counter of their original.
func (w *writer) copyReposts() {
	originals := map[string]*int64{}
	for i := range w.events {
		m := &w.events[i].mention
		switch {
		case m.Platform != adalid.X:
		case m.Repost:
			m.Reposts, m.Likes = originals[m.Text], number(0)
		default:
			originals["RT @"+m.Author.Handle+": "+m.Text] = m.Reposts
		}
	}
}

// views draws how many see a post: some of the followers, rarely far more.
func (w *writer) views(p *person) float64 {
	v := p.audience * math.Exp(-1.1+.7*w.r.NormFloat64())
	if p.part.draw > 0 && w.r.IntN(160) == 0 {
		v *= 20 + 40*w.r.Float64()
	}
	return 3 + v
}

// reactions draws a count around a mean, often none.
func (w *writer) reactions(mean float64) int64 {
	return int64(mean*math.Exp(.8*w.r.NormFloat64()-.32) + w.r.Float64())
}
