package rank

import (
	"time"

	"adalid"
)

// Post is a stored mention, shown as evidence.
type Post struct {
	adalid.Mention
	Person       string       // adalid.Person.ID of its author
	Own          bool         // written by the brand's own account
	Conversation bool         // answers or quotes the brand's own account
	Copy         int          // k: the k-th near copy by its author; 1 for a new text
	Sentiment    *float64     // net, in [−1, 1]; nil: not scored
	Tone         adalid.Label // likeliest class; "": not scored
	Corrected    bool         // the sentiment is a person's own judgement
	LeftOut      LeftOut      // why it counts nowhere; "" when it counts
}

// LeftOut says why a post counts nowhere although it is stored.
type LeftOut string

// The reasons.
const (
	ByRule LeftOut = "rule" // the brand's relevance model takes it for something else
	ByTeam LeftOut = "team" // somebody marked it as not about the brand
)

// Engagement is likes + 2·reposts + replies + quotes, of which what is unknown
// adds nothing; nil when all four are unknown.
func (p Post) Engagement() *int64 {
	if p.Likes == nil && p.Reposts == nil && p.Replies == nil && p.Quotes == nil {
		return nil
	}
	known := func(counter *int64) int64 {
		if counter == nil {
			return 0
		}
		return *counter
	}
	sum := Engagement(known(p.Likes), known(p.Reposts), known(p.Replies), known(p.Quotes))
	return &sum
}

// Engagement is the one sum of reactions: a repost carries a post on to others
// and counts twice.
func Engagement(likes, reposts, replies, quotes int64) int64 {
	return likes + 2*reposts + replies + quotes
}

// PostQuery asks for a brand's posts.
type PostQuery struct {
	Person       string // "" everybody's
	Platform     adalid.Platform
	Lang         string
	Since, Until time.Time
	Authored     bool     // leave reposts out
	Answering    bool     // only replies and quotes
	Sponsored    bool     // only paid posts
	Tied         bool     // only posts that answer, quote or name somebody
	Toward       string   // only posts that answer, quote, name or repost this handle, lower case
	Conversation bool     // only replies and quotes to the brand's own accounts
	LeftOut      bool     // only what counts nowhere; else only what counts
	Sort         PostSort // "": newest
	After        string   // cursor of the last answer, "" for the first page
	Limit        int      // 1 to 2000
}

// PostSort names an order of posts; ties break by platform and id.
type PostSort string

// The orders.
const (
	Newest      PostSort = "newest"
	MostEngaged PostSort = "engagement" // Post.Engagement, unknown as 0

	// These list only posts of which what they sort by is known.
	MostPositive PostSort = "positive" // net sentiment, falling
	MostNegative PostSort = "negative" // net sentiment, rising
	MostViewed   PostSort = "views"
)
