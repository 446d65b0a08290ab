package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/internal/workflow"
)

func TestStages(t *testing.T) {
	for _, s := range workflow.Statuses() {
		stage := workflow.Stage{Status: s}
		if s == workflow.NotAFit {
			stage.Reason, stage.Text = workflow.Other, "  no time "
		}
		got, err := stage.Check()
		if err != nil || got.Status != s || got.Text != strings.TrimSpace(stage.Text) {
			t.Errorf("%+v: %+v, %v", stage, got, err)
		}
	}
	for _, bad := range []workflow.Stage{
		{},
		{Status: "Shortlisted"},
		{Status: workflow.NotAFit},
		{Status: workflow.NotAFit, Reason: "x"},
		{Status: workflow.Candidate, Text: "x"},
		{Status: workflow.NotAFit, Reason: workflow.Other, Text: strings.Repeat("ñ", 501)},
	} {
		if _, err := bad.Check(); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestTags(t *testing.T) {
	add, drop, err := workflow.CheckTags([]string{" VIP ", "vip", "Madrid"}, []string{"old", "OLD"})
	if err != nil || !slices.Equal(add, []string{"VIP", "Madrid"}) || !slices.Equal(drop, []string{"old"}) {
		t.Errorf("%q, %q, %v", add, drop, err)
	}
}

func TestUndoIsForWhoMadeItAndManagers(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	b := workflow.Batch{At: now}
	made := workflow.Actor{Mark: "person:a"}
	for _, c := range []struct {
		by      string
		manages bool
		undone  bool
		after   time.Duration
		code    adalid.Code
	}{
		{"person:a", false, false, 24 * time.Hour, ""},
		{"person:b", true, false, 0, ""},
		{"person:b", false, false, 0, adalid.Forbidden},
		{"person:a", false, true, 0, adalid.Conflict},
		{"person:a", false, false, 24*time.Hour + 1, adalid.Conflict},
	} {
		err := b.MayUndo(workflow.About{By: workflow.Actor{Mark: c.by}, Manages: c.manages}, made, c.undone, now.Add(c.after))
		if adalid.CodeOf(err) != c.code {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range []string{"", "a", "a\r\nb", "\u202e", strings.Repeat("x", 41), "a,b", "👩‍💻", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if note, err := workflow.CheckNote(s); err == nil {
			again, err := workflow.CheckNote(note)
			if err != nil || again != note || note == "" || !utf8.ValidString(note) || utf8.RuneCountInString(note) > workflow.LongestNote || strings.ContainsAny(note, "\r\x00\x1b\u202e") {
				t.Errorf("%q is kept as %q, then %q, %v", s, note, again, err)
			}
		}
		if tag, err := workflow.CheckTag(s); err == nil && (utf8.RuneCountInString(tag) > workflow.LongestTag || strings.ContainsAny(tag, "\n\t,\"") || tag == "") {
			t.Errorf("%q is kept as %q", s, tag)
		}
	})
}
