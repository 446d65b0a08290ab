package rank

import (
	"context"
	"math"
	"strings"
)

// hiddenCode begins the codes of the reasons why the default list leaves somebody
// out; the word of Include that lists such people follows it.
const hiddenCode = "hidden_"

// HiddenBy tells whether a reason says why the default list leaves somebody out, and
// by which word of Include such people are listed all the same: "" for critics, whom
// Query.All lists.
func HiddenBy(code string) (include string, is bool) {
	rest, is := strings.CutPrefix(code, hiddenCode)
	if !is {
		return "", false
	}
	for _, word := range includes {
		if strings.HasPrefix(rest, word) {
			return word, true
		}
	}
	return "", true
}

// Hidden says why the default list leaves a person out: every reason that holds, as
// to undo one of several brings nobody back; none for who is listed. Errors are
// those of Person.
func (r *Ranker) Hidden(ctx context.Context, brand, person string, q Query) ([]Reason, error) {
	_, w, i, err := r.person(ctx, brand, person, q)
	if err != nil {
		return nil, err
	}
	return w.hidden(i), nil
}

// hidden is Hidden for a candidate, in the order in which people are counted.
func (w *window) hidden(i int32) (list []Reason) {
	out := w.marked(Query{})[i] & Query{}.hides()
	flags := map[FlagCode]Flag{}
	for _, f := range w.flags(i) {
		flags[f.Code] = f
	}
	add := func(why absence, say func() Reason) {
		if out&(1<<why) != 0 {
			list = append(list, say())
		}
	}
	add(inCircle, func() Reason { return w.circleReason(i) })
	add(isAutomated, func() Reason { return guessReason("automated", flags[FlagAutomated]) })
	add(isRepeater, func() Reason {
		r := w.repeats(w.people[i])
		return reason(hiddenCode+"repeaters", float64(r.copies)/float64(r.posts), r.posts)
	})
	add(isOrganisation, func() Reason { return guessReason("organisations", flags[FlagOrganisation]) })
	add(isUnfit, func() Reason { return reason(hiddenCode + unfitStatus) })
	if !w.tooFew && w.components[i].Critic() {
		list = append(list, reason(hiddenCode+"critics"))
	}
	return list
}

// guessReason is what a badge gives as the reason: a chance, or the team's word.
func guessReason(word string, f Flag) Reason {
	if f.Probability == nil {
		return reason(hiddenCode + word + "_team")
	}
	return reason(hiddenCode+word, math.Floor(100**f.Probability)/100) // as the badge: 99.6 % is not 100 %
}

// circleReason tells the part that the team gave a person in the circle, else how
// likely an account called as the brand is its own.
func (w *window) circleReason(i int32) Reason {
	x, person, likely := w.index, w.people[i], 0.0
	for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
		st := w.standing.said[a]
		if st.Role != nil && *st.Role != "" {
			return reason(hiddenCode+"circle", *st.Role)
		}
		if own := st.surelyOwn(); own != nil {
			likely = max(likely, own.Probability)
		}
	}
	return reason(hiddenCode+"circle_own", math.Floor(100*likely)/100)
}
