package main

import (
	"fmt"
	"math"
	"strings"

	"adalid/internal/authenticity"
	"adalid/internal/rank"
)

// flagCodes lists badges for a column: automated;repeater.
func flagCodes(flags []rank.Flag) string {
	codes := make([]string, len(flags))
	for i, f := range flags {
		codes[i] = string(f.Code)
	}
	return strings.Join(codes, ";")
}

// badge says a badge in one line: "likely automated (93 %): nobody follows it
// after 400 days".
func badge(f rank.Flag) string {
	what := map[rank.FlagCode]string{
		rank.FlagAutomated: "likely automated", rank.FlagRepeater: "repeats itself", rank.FlagOrganisation: "an organisation",
		rank.FlagGenuine: "genuine", rank.FlagCircle: "of the brand's circle, " + f.Role,
	}[f.Code]
	if f.Team {
		return what + " (the team's word)"
	}
	if f.Probability != nil {
		what = fmt.Sprintf("%s (%.0f %%)", what, math.Floor(100**f.Probability))
		switch {
		case f.Code == rank.FlagCircle:
			what = "perhaps " + what
		case f.Code == rank.FlagAutomated && *f.Probability < .5:
			what = strings.Replace(what, "likely", "perhaps", 1)
		}
	}
	var why []string
	for _, r := range f.Reasons {
		if r.Weight >= 0 { // what speaks against it is in the API
			why = append(why, authenticity.Reason(r).Say("en"))
		}
	}
	if len(why) > 0 {
		what += ": " + strings.Join(why, "; ")
	}
	return what
}

// absent says who is left out by what is known of them, and how to list them.
func absent(n rank.Absent) []string {
	var out []string
	for _, l := range []struct {
		n    int
		text string
	}{
		{n.Automated, "%s left out as likely automated (--include automated)"},
		{n.Repeaters, "%s left out for repeating themselves (--include repeaters)"},
		{n.Circle, "%s of the brand's circle, or called as the brand itself, left out (--include circle)"},
		{n.Organisations, "%s left out as organisations (--include organisations)"},
		{n.Unfit, "%s left out as not a fit (--include not_a_fit)"},
	} {
		if l.n > 0 {
			out = append(out, fmt.Sprintf(l.text, group(int64(l.n))))
		}
	}
	return out
}
