package rank

import (
	"time"

	"adalid"
)

// CircleMember is somebody who belongs to the brand's circle, is suggested to,
// or of whom the team said that he does not.
type CircleMember struct {
	Person      adalid.Person
	Suggestions []Suggestion // likeliest first, each role once
	Role        *string      // the team's word; "": in none of it; nil: not decided
	By          string       // who decided
	At          time.Time    // when; zero: not decided
}
