package rank

import (
	"cmp"
	"math"
	"slices"
	"time"

	"adalid"
)

// Period is a span of time on one platform: From is included, To is not.
type Period struct {
	Platform adalid.Platform
	From, To time.Time
}

// shortestGap is how long a platform has to go unwatched to be named.
const shortestGap = time.Hour

// gaps lists when platforms were not watched, from their first observation up
// to a moment; by platform and time. What lies before the first observation is
// none: files brought it, or nothing did.
func gaps(observed []Period, at time.Time) []Period {
	list := slices.Clone(observed)
	slices.SortFunc(list, func(a, b Period) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), a.From.Compare(b.From))
	})
	var out []Period
	for i := 0; i < len(list); {
		platform, seen := list[i].Platform, list[i].To
		gap := func(to time.Time) {
			if to = earlier(to, at); to.Sub(seen) >= shortestGap {
				out = append(out, Period{platform, seen, to})
			}
		}
		for i++; i < len(list) && list[i].Platform == platform; i++ {
			gap(list[i].From)
			if list[i].To.After(seen) {
				seen = list[i].To
			}
		}
		gap(at)
	}
	return out
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// decay is how much what was posted on a day counts on the day from which ages
// count. Whole days on which a platform was not watched make nobody older:
// silence of the collector is not silence of the people.
type decay struct {
	today    int32
	halfLife float64             // days
	missed   map[uint16][]dayRun // by number of the platform; empty for nearly all
}

// dayRun are whole days, both ends inside.
type dayRun struct{ first, last int32 }

func newDecay(today int32, halfLife float64, platforms []adalid.Platform, gaps []Period) decay {
	d := decay{today: today, halfLife: halfLife, missed: map[uint16][]dayRun{}}
	for _, g := range gaps {
		first, last := dayOf(g.From.Unix()+daySeconds-1), dayOf(g.To.Unix())-1
		if p := slices.Index(platforms, g.Platform); p >= 0 && first <= last {
			d.missed[uint16(p)] = append(d.missed[uint16(p)], dayRun{first, last})
		}
	}
	return d
}

// at gives the factor of a day, in (0, 1], where every day was watched.
func (d *decay) at(day int32) float64 {
	// The limit keeps weights of very old posts above zero.
	return math.Exp2(-min(max(0, float64(int64(d.today)-int64(day))/d.halfLife), 500))
}

// on gives the factor of a day on a platform; watched is at(day).
func (d *decay) on(platform uint16, day int32, watched float64) float64 {
	runs := d.missed[platform]
	if runs == nil {
		return watched
	}
	missed := int64(0)
	for _, r := range runs {
		missed += max(0, int64(min(r.last, d.today))-int64(max(r.first, day+1))+1)
	}
	if missed == 0 {
		return watched
	}
	return math.Exp2(-min(max(0, float64(int64(d.today)-int64(day)-missed)/d.halfLife), 500))
}
