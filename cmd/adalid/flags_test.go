package main

import (
	"testing"

	"adalid/internal/rank"
)

// TestBadges: a badge says how sure it is in words that fit its figure.
func TestBadges(t *testing.T) {
	p := func(x float64) *float64 { return &x }
	for _, tt := range []struct {
		flag rank.Flag
		want string
	}{
		{rank.Flag{Code: rank.FlagAutomated, Probability: p(.939)}, "likely automated (93 %)"},
		{rank.Flag{Code: rank.FlagAutomated, Probability: p(.5)}, "likely automated (50 %)"},
		{rank.Flag{Code: rank.FlagAutomated, Probability: p(.329)}, "perhaps automated (32 %)"},
		{rank.Flag{Code: rank.FlagAutomated, Team: true}, "likely automated (the team's word)"},
		{rank.Flag{Code: rank.FlagCircle, Role: "agency", Probability: p(.8)}, "perhaps of the brand's circle, agency (80 %)"},
		{rank.Flag{Code: rank.FlagRepeater}, "repeats itself"},
	} {
		if got := badge(tt.flag); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.flag, got, tt.want)
		}
	}
}
