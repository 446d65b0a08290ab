package main

import (
	"strings"
	"testing"
	"time"

	"adalid/internal/scan"
)

// TestBoard: a terminal shows one line for each source, drawn anew in place; a
// file gets a line when a source ends, and one now and then before.
func TestBoard(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	standing := func(source string, state scan.State, found int64) scan.Standing {
		return scan.Standing{Source: source, State: state, Report: scan.Report{Pages: 1, Saved: scan.Saved{New: found}}}
	}
	show := func(screen bool) string {
		at := at
		var out strings.Builder
		b := &board{out: &out, screen: screen, now: func() time.Time { return at }, lines: map[string]string{}, last: map[string]time.Time{}}
		b.show("Tea", 1, standing("mastodon", scan.Running, 0))
		b.show("Tea", 1, standing("x", scan.Running, 0))
		b.show("Tea", 1, standing("mastodon", scan.Running, 20))
		at = at.Add(linesEvery)
		b.show("Tea", 1, standing("mastodon", scan.Running, 40))
		b.show("Tea", 1, standing("mastodon", scan.Done, 41))
		refused := standing("x", scan.Failed, 0)
		refused.Reason, refused.Fix, refused.Report.Pages = "the key was revoked", "make a new one", 0
		b.show("Tea", 1, refused)
		b.done(scan.Result{ID: 1, Brand: "Tea", Reason: "1 of 2 sources failed, 0 wait", Standings: []scan.Standing{standing("mastodon", scan.Done, 41), refused}})
		return out.String()
	}
	const end = "41 new mentions of Tea. 1 of 2 sources failed, 0 wait. See who they come from: adalid rank \"Tea\"\n"
	const mastodon, x = "mastodon       done: 41 new, 0 known, 0 about something else\n", "x              failed: the key was revoked; make a new one\n"
	if got, want := show(false), "mastodon       reading: 40 new, 0 known, 0 about something else\n"+mastodon+x+end; got != want {
		t.Errorf("in a file:\n%s\nwant\n%s", got, want)
	}
	drawn := show(true)
	last := drawn[strings.LastIndex(drawn, "\x1b[2A"):]
	if want := "\x1b[2A\x1b[2K" + mastodon + "\x1b[2K" + x + end; last != want {
		t.Errorf("on a terminal it ends with\n%q\nwant\n%q", last, want)
	}
	if n := strings.Count(drawn, "\x1b[2A"); n != 4 {
		t.Errorf("%d times drawn over two lines, want 4", n)
	}
}
