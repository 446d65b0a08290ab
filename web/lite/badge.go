package lite

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"adalid/internal/authenticity"
	"adalid/internal/rank"
)

// badge is what has to be known of a person: in a word, and why.
type badge struct{ Text, Why string }

// badges says a person's flags.
func (v *view) badges(flags []rank.Flag) []badge {
	var out []badge
	for _, f := range flags {
		text := v.W.Flags[string(f.Code)]
		switch {
		case f.Code == rank.FlagCircle && f.Team:
			text = v.W.Roles[f.Role]
		case f.Code == rank.FlagCircle:
			text = fmt.Sprintf(v.W.Perhaps, v.W.Roles[f.Role])
		}
		if f.Probability != nil {
			text += fmt.Sprintf(" (%d%s)", int(math.Floor(100**f.Probability)), v.W.Percent)
		}
		var why []string
		if f.Team {
			why = append(why, v.W.ByTeam)
		}
		for _, r := range f.Reasons {
			if said := authenticity.Reason(r).Say(v.W.Lang); said != "" && r.Weight >= 0 {
				why = append(why, said)
			}
		}
		out = append(out, badge{text, strings.Join(why, "; ")})
	}
	return out
}

// absentees are people left out by what is known of them, or listed although the
// default leaves them out, and the address of the other list.
type absentees struct{ Text, Address, Link string }

// absent says who is left out, each group with the way to list it, and the way
// back where it is listed.
func (v *view) absent(n rank.Absent) []absentees {
	words := strings.FieldsFunc(v.Form.Include, func(r rune) bool { return r == ',' })
	var out []absentees
	for _, g := range []struct {
		word  string
		count int
		left  plural
	}{
		{"automated", n.Automated, v.W.AutomatedOut},
		{"repeaters", n.Repeaters, v.W.RepeatersOut},
		{"circle", n.Circle, v.W.CircleOut},
		{"organisations", n.Organisations, v.W.OrganisationsOut},
		{"not_a_fit", n.Unfit, v.W.UnfitOut},
	} {
		f := v.Form
		f.From = 0
		switch {
		case slices.Contains(words, g.word):
			rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == g.word })
			f.Include = strings.Join(rest, ",")
			out = append(out, absentees{v.W.Included[g.word], f.address(Prefix), v.W.LeaveOut})
		case g.count > 0:
			f.Include = strings.Trim(f.Include+","+g.word, ",")
			out = append(out, absentees{v.W.of(g.left, int64(g.count)), f.address(Prefix), v.W.ShowThem})
		}
	}
	return out
}
