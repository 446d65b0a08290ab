// Package authenticity says how likely an account is automated or not genuine,
// whether it speaks for an organisation, and who belongs to the brand's own
// circle, each with reasons that a person can check.
package authenticity

import (
	"math"
	"time"

	"adalid"
)

// Profile is what a platform shows of an account. A nil pointer, an empty
// handle or name and a zero time mean "the source does not say" and count
// nothing; an empty bio is a pointer to "". How much an account posted or liked
// is not here on purpose: as a sign of automation both change sides from one
// labelled set to the next.
type Profile struct {
	Platform     adalid.Platform
	Handle, Name string
	Bio, URL     *string
	Location     *string
	Created      time.Time // of the account
	Followers    *int64
	Following    *int64
	Listed       *int64 // on how many lists of others it is
	Verified     *bool  // as the platform shows it
	DefaultImage *bool  // no picture of its own
	DeclaredBot  *bool  // the platform's own mark for automated accounts
}

// Behaviour is what was seen an account do; a nil part was not looked at.
// [Measure] fills the first two from an account's posts, [SharedTexts] the third
// from those of everybody, [Voice.Hear] the fourth from texts.
type Behaviour struct {
	Repetition *Repetition
	Rhythm     *Rhythm
	Copies     *Copies
	Voice      *Voice
}

// Reason is one rule that holds for an account.
type Reason struct {
	Code   string  `json:"code"`   // stable name of the rule
	Weight float64 `json:"weight"` // what it adds to the log-odds; below 0 it speaks for the account
	Values []int64 `json:"values"` // the numbers that the sentence names
}

// Assessment is how likely an account is automated or not genuine.
type Assessment struct {
	Probability float64 // in [0, 1]
	Reasons     []Reason
}

// Prior is the log-odds of an account of which nothing is known: some 8 in 100.
// Varol et al. ("Online Human-Bot Interactions", ICWSM 2017) put the automated
// accounts of Twitter between 9 and 15 in 100; accounts that talk about a
// brand are rather fewer, and a wrong suspicion costs more than a missed one.
const Prior = -2.5

// From these probabilities on, an account keeps a badge and is left out of
// the default view (scoring.md, section 6).
const (
	Badge    = 0.30
	LeaveOut = 0.80
)

// Assess weighs all rules for one account as it was at asOf. Log-odds add up:
// probability = 1 / (1 + e^−(Prior + Σ weights)).
func Assess(p Profile, b Behaviour, asOf time.Time) Assessment {
	f := gather(p, b, asOf)
	sum, out := Prior, Assessment{}
	taken := map[string]bool{}
	for i := range rules {
		r := &rules[i]
		if r.group != "" && taken[r.group] {
			continue
		}
		values, holds := r.holds(&f)
		if !holds {
			continue
		}
		taken[r.group] = true
		sum += r.weight
		out.Reasons = append(out.Reasons, Reason{Code: r.code, Weight: r.weight, Values: values})
	}
	out.Probability = 1 / (1 + math.Exp(-sum))
	return out
}
