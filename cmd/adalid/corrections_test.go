package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net/url"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/store"
	"adalid/web/api"
)

func shownCorrections(t *testing.T, dir string) api.CorrectionList {
	t.Helper()
	return decode[api.CorrectionList](t, ok(t, dir, "sentiment", "corrections", "Acme", "--json"))
}

// TestCorrectionsCanBeInspected: what labels there are and what they taught stays
// to be seen after they were given, in use or not, and the same over the API.
func TestCorrectionsCanBeInspected(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 300))
	none := shownCorrections(t, dir)
	if none.Labels != (api.LabelCounts{}) || none.Learned.InUse || none.Learned.Accuracy != nil || none.LearnedAt != nil || none.Learned.Why == "" || none.Model == "" || none.Items == nil || len(none.Items) != 0 {
		t.Errorf("before any label: %+v", none)
	}
	correct(t, dir, slangLabels(0, 3))
	if few := shownCorrections(t, dir); few.Labels != (api.LabelCounts{Positive: 2, Negative: 1}) || few.Learned.InUse || few.Learned.MacroF1 != nil || few.Learned.Labels != 3 {
		t.Errorf("three labels: %+v", few)
	}
	given := correct(t, dir, slangLabels(0, 100))
	all := shownCorrections(t, dir)
	if all.Labels != (api.LabelCounts{Positive: 50, Negative: 50}) || !all.Learned.InUse || *all.Learned.Accuracy != *given.Learned.Accuracy || *all.Learned.MacroF1 != *given.Learned.MacroF1 || all.LearnedAt == nil || all.Resting || len(all.Items) != 100 {
		t.Errorf("a hundred labels: %+v, given %+v", all.Learned, given.Learned)
	}
	for _, m := range all.Items {
		if m.Key == "" || m.Text == "" || m.Model == nil || m.LabelledAt == nil || m.By == nil || m.LeftOut {
			t.Errorf("%+v", m)
		}
	}
	s := serve(t, dir, nil)
	var keys []string
	for at := "/api/v1/brands/acme/corrections?limit=40"; at != ""; {
		page := decode[api.CorrectionList](t, s.get(at))
		if page.Labels != all.Labels || *page.Learned.MacroF1 != *all.Learned.MacroF1 || page.Model != all.Model {
			t.Errorf("over the API: %+v", page)
		}
		for _, m := range page.Items {
			keys = append(keys, m.Key)
		}
		if at = ""; page.NextCursor != nil {
			at = "/api/v1/brands/acme/corrections?limit=40&cursor=" + url.QueryEscape(*page.NextCursor)
		}
	}
	if !slices.EqualFunc(keys, all.Items, func(key string, m api.LabelledMention) bool { return key == m.Key }) {
		t.Errorf("%d labels page by page, %d at once", len(keys), len(all.Items))
	}
	s.send("DELETE", "/api/v1/brands/acme/mentions/"+keys[0]+"/label", "", 200)
	if left := decode[api.CorrectionList](t, s.get("/api/v1/brands/acme/corrections")); left.Labels.Positive+left.Labels.Negative != 99 {
		t.Errorf("after one was taken back: %+v", left.Labels)
	}
}

// TestCorrectionsAreClearedAndReadAgain: all labels go in one step, once that is
// confirmed, and the lines that were written before bring them back.
func TestCorrectionsAreClearedAndReadAgain(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 200))
	figures := func() string { return ok(t, dir, "rank", "Acme", "--all", "--format", "csv") }
	before := figures()
	correct(t, dir, slangLabels(0, 100))
	learned := figures()
	lines := ok(t, dir, "sentiment", "corrections", "Acme", "--format", "lines")
	if strings.Count(lines, "\n") != 100 || !strings.Contains(lines, "x/p4 positive\n") {
		t.Errorf("lines: %.200s", lines)
	}
	if r := cli(t, dir, "", "sentiment", "corrections", "Acme", "--clear"); r.code != 2 || !strings.Contains(r.err, "cannot be undone") || !strings.Contains(r.err, "--yes") || figures() != learned {
		t.Errorf("without --yes: exit %d, %s", r.code, r.err)
	}
	out := ok(t, dir, "sentiment", "corrections", "Acme", "--clear", "--yes")
	if !strings.Contains(out, "100 changed.") || figures() != before {
		t.Errorf("cleared: %s", out)
	}
	if now := shownCorrections(t, dir); len(now.Items) != 0 || now.Learned.InUse || now.LearnedAt != nil {
		t.Errorf("after it: %+v", now)
	}
	if out := ok(t, dir, "sentiment", "corrections", "Acme", "--clear"); !strings.Contains(out, "0 labels given, 0 changed.") {
		t.Errorf("nothing to take back: %s", out)
	}
	if again := correct(t, dir, lines); again.Changed != 100 || figures() != learned {
		t.Errorf("read again: %+v", again)
	}
	if log := ok(t, dir, "audit-log", "--limit", "0", "--format", "csv"); strings.Count(log, "sentiment correct,") != 5 || strings.Contains(log, "sentiment corrections") {
		t.Errorf("audit log:\n%s", log)
	}
}

// TestCorrectionsInWords: the table says what is in use, what the model says of
// each, and when what was learned rests.
func TestCorrectionsInWords(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 40))
	correct(t, dir, slangLabels(0, 30))
	ok(t, dir, "relevance", "mark", "Acme", "p0", "no")
	out := ok(t, dir, "sentiment", "corrections", "Acme", "--limit", "30")
	for _, want := range []string{"Acme: 30 labels, 15 positive, 0 neutral, 15 negative. Model ", "Cross-validated: macro-F1 ", "x/p2  positive, the model says ", "(not about the brand)"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if out := ok(t, dir, "sentiment", "corrections", "Acme", "--limit", "2"); strings.Count(out, "the model says") != 2 || !strings.Contains(out, "--limit 0") {
		t.Error(out)
	}
	inStore(t, dir, func(s *store.Store) {
		l, err := s.Lessons(t.Context(), "Acme")
		if err != nil {
			t.Fatal(err)
		}
		m := *l.Kind(store.LearnedSentiment)
		teacher, err := newLearner(s)
		if err != nil {
			t.Fatal(err)
		}
		older := bytes.Replace(m.Model, []byte(teacher.model.Version()), []byte("0123456789ab"), 1)
		older = binary.LittleEndian.AppendUint32(older[:len(older)-4:len(older)-4], crc32.ChecksumIEEE(older[:len(older)-4]))
		if _, err := s.SetLearned(t.Context(), "Acme", store.Learned{Kind: m.Kind, Model: older, Report: m.Report, InUse: true}); err != nil {
			t.Fatal(err)
		}
		if c, err := teacher.Corrections(t.Context(), "Acme", api.CorrectionQuery{Limit: 1}); err != nil || !c.Resting || c.InUse {
			t.Errorf("of another model: %+v, %v", c, err)
		}
		if _, err := teacher.Corrections(t.Context(), "Acme", api.CorrectionQuery{After: "yesterday"}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("after nothing: %v", err)
		}
	})
	for _, args := range [][]string{{"Acme", "--limit", "-1"}, {"Acme", "--format", "csv"}, {}} {
		if r := cli(t, dir, "", append([]string{"sentiment", "corrections"}, args...)...); r.code != 2 {
			t.Errorf("%v: exit %d, %s", args, r.code, r.err)
		}
	}
}
