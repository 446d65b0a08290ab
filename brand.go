// Package adalid is the vocabulary of a service that finds a brand's true
// advocates in social media.
package adalid

import "time"

// Brand is one name that a team follows.
type Brand struct {
	Name    string       // unique, as the team writes it; compared without regard to case
	Query   string       // in the query language of internal/match; "" matches only what is imported as a whole
	Own     []OwnAccount // accounts of the brand and its staff: kept, marked, never candidates
	Demo    bool         // invented people from internal/demo
	Created time.Time
}

// OwnAccount names an account of the brand itself or of its staff, by handle
// or by author key; one of the two is set.
type OwnAccount struct {
	Platform Platform // "" on every platform
	Handle   string   // lower case, without @
	Key      string   // Author.Key
}
