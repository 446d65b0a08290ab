// Package identity tells which accounts on different platforms are likely one
// person's, from their public profiles alone, each with reasons that a person
// can check. It suggests; nothing follows from it before somebody accepts.
package identity

import (
	"cmp"
	"math"
	"slices"

	"adalid"
)

// Account is an account as its platform shows it. Read are Platform, Key,
// Handle, Name, Bio and URL; what is empty is unknown and counts nothing.
type Account struct {
	ID string // opaque; names the account in suggestions
	adalid.Author
}

// Reason is one rule that holds for two accounts.
type Reason struct {
	Code   string   `json:"code"`   // stable name of the rule
	Weight float64  `json:"weight"` // what it adds to the log-odds; below 0 it speaks against
	Values []string `json:"values"` // what the sentence names: handles, names, addresses
}

// Suggestion says how likely two accounts are one person's. A is before B by
// platform and key.
type Suggestion struct {
	A, B       Account
	Confidence float64 // chance in (0, 1) = 1 / (1 + e^−(Prior + Σ weights))
	Reasons    []Reason
}

// Level puts a confidence into words.
type Level string

// The levels.
const (
	VeryLikely Level = "very-likely" // from 0.95 on: never without links in both directions
	Likely     Level = "likely"      // from 0.75 on
	Possible   Level = "possible"
)

// LevelOf gives the level of a confidence.
func LevelOf(confidence float64) Level {
	switch {
	case confidence >= 0.95:
		return VeryLikely
	case confidence >= 0.75:
		return Likely
	}
	return Possible
}

// Least is the confidence from which two accounts are suggested unless asked
// otherwise, and LeastShown what cannot be undercut: below it are pairs that
// share next to nothing.
const (
	Least      = 0.5
	LeastShown = 0.1
)

// Find gives the pairs of accounts of different platforms that are one person's
// with at least this confidence, not under LeastShown: likeliest first, then by
// the accounts' platforms and keys. Its time grows with the number of accounts,
// not with that of pairs: it only looks at accounts that share an address, a
// handle or a name which few have.
func Find(accounts []Account, least float64) []Suggestion {
	c := newCensus(accounts)
	var found []Suggestion
	last, a := int32(-1), side{}
	for _, p := range c.candidates() { // those of one account follow each other
		if p.a != last {
			last, a = p.a, c.side(p.a)
		}
		s := c.weigh(a, c.side(p.b))
		if s.Confidence >= max(least, LeastShown) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(x, y Suggestion) int {
		return cmp.Or(cmp.Compare(y.Confidence, x.Confidence), byAccount(&x.A, &y.A), byAccount(&x.B, &y.B))
	})
	return found
}

// Compare weighs two of the accounts, by their places, whatever they have in
// common; also two of one platform, which Find never suggests.
func Compare(accounts []Account, a, b int) Suggestion {
	c := newCensus(accounts)
	return c.weigh(c.side(int32(a)), c.side(int32(b)))
}

func byAccount(x, y *Account) int {
	return cmp.Or(cmp.Compare(x.Platform, y.Platform), cmp.Compare(x.Key, y.Key), cmp.Compare(x.ID, y.ID))
}

// ForEvidence tells whether any reason speaks for one person.
func (s *Suggestion) ForEvidence() bool {
	return slices.ContainsFunc(s.Reasons, func(r Reason) bool { return r.Weight > 0 })
}

func chance(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }
