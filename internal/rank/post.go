package rank

import (
	"time"

	"adalid"
)

// Post is a stored mention, shown as evidence.
type Post struct {
	adalid.Mention
	Person       string   // adalid.Person.ID of its author
	Own          bool     // written by the brand's own account
	Conversation bool     // answers or quotes the brand's own account
	Copy         int      // k: the k-th near copy by its author; 1 for a new text
	Sentiment    *float64 // net, in [−1, 1]; nil: not scored
	Corrected    bool     // the sentiment is a person's own judgement
}

// PostQuery asks for a brand's posts.
type PostQuery struct {
	Person       string // "" everybody's
	Platform     adalid.Platform
	Lang         string
	Since, Until time.Time
	Authored     bool     // leave reposts out
	Sort         PostSort // "": newest
	After        string   // cursor of the last answer, "" for the first page
	Limit        int      // 1 to 200
}

// PostSort names an order of posts; ties break by platform and id.
type PostSort string

// The orders.
const (
	Newest      PostSort = "newest"
	MostEngaged PostSort = "engagement" // likes + 2·reposts + replies + quotes, known ones
)
