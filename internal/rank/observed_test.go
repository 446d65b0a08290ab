package rank

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
)

func on(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }

func TestGaps(t *testing.T) {
	at := on(20, 12)
	observed := []Period{
		{"x", on(1, 0), on(5, 6)},
		{"x", on(8, 18), on(20, 12)},
		{"mastodon", on(3, 0), on(9, 0)},
		{"mastodon", on(4, 0), on(6, 0)},
		{"mastodon", on(9, 0), on(19, 0)}, // two servers, the second by itself
		{"reddit", on(10, 0), on(20, 11)},
		{"bluesky", on(2, 0), on(25, 0)},
	}
	want := []Period{
		{"mastodon", on(19, 0), at}, {"reddit", on(20, 11), at}, {"x", on(5, 6), on(8, 18)},
	}
	if diff := cmp.Diff(want, gaps(observed, at)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := gaps(nil, at); got != nil {
		t.Errorf("without live sources: %v", got)
	}
}

// TestDecayStandsStill: whole days without observation make nobody older, on
// the platform that was not watched.
func TestDecayStandsStill(t *testing.T) {
	at := on(20, 12)
	platforms := []adalid.Platform{"mastodon", "x"}
	d := newDecay(dayOf(at.Unix()), 10, platforms, gaps([]Period{{"x", on(1, 0), on(5, 6)}, {"x", on(8, 18), on(20, 12)}}, at))
	for _, c := range []struct {
		platform uint16
		day      int
		age      float64
	}{
		{0, 4, 16}, {0, 20, 0}, // the other platform ages
		{1, 4, 14}, {1, 5, 13}, // the 6th and 7th were not watched at all
		{1, 6, 13}, {1, 7, 13}, {1, 8, 12}, {1, 20, 0},
	} {
		day := dayOf(on(c.day, 0).Unix())
		if got, want := d.on(c.platform, day, d.at(day)), math.Exp2(-c.age/10); math.Abs(got-want) > 1e-12 {
			t.Errorf("platform %d, day %d: %v, want %v", c.platform, c.day, got, want)
		}
	}
}
