package main

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid/internal/store"
	"adalid/web/api"
)

// oddPosts are posts that the model does not judge, and one with hostile letters.
const oddPosts = `{"post_id":"ja","author":"o1","handle":"o1","created_at":"2026-01-01T10:00:00Z","lang":"ja","text":"素晴らしい acme"}
{"post_id":"empty","author":"o2","handle":"o2","created_at":"2026-01-01T10:00:00Z","lang":"en","text":"@acme https://a.example/1"}
{"post_id":"rt","author":"o3","handle":"o3","created_at":"2026-01-01T10:00:00Z","lang":"en","text":"RT lovely","is_repost":true,"repost_of":"o1"}
{"post_id":"bad","author":"o4","handle":"o4","created_at":"2026-01-01T10:00:00Z","lang":"en","text":"lovely\u001b[31m <b>acme</b> \u202eawful"}
`

// slangBrand imports the slang posts and the odd ones.
func slangBrand(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	odd := filepath.Join(t.TempDir(), "odd.jsonl")
	if err := os.WriteFile(odd, []byte(oddPosts), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 300))
	ok(t, dir, "import", "--brand", "Acme", odd)
	return dir
}

func explain(t *testing.T, dir string, given ...string) api.MentionSentiment {
	t.Helper()
	return decode[api.MentionSentiment](t, ok(t, dir, append([]string{"sentiment", "explain", "--brand", "Acme", "--json"}, given...)...))
}

// checkExplainedSum holds the contributions to the log-odds of the probabilities.
func checkExplainedSum(t *testing.T, m api.MentionSentiment) {
	t.Helper()
	if m.Model.V == nil || m.Unknown != nil || len(m.Reasons) == 0 {
		t.Fatalf("%s is unknown: %+v", m.ID, m)
	}
	toward, learned := m.Rest.V.Toward, m.Rest.V.Learned
	for _, r := range m.Reasons {
		toward, learned = toward+r.Toward, learned+r.Learned
	}
	if odds := math.Log(m.Model.V.Positive / m.Model.V.Negative); math.Abs(toward-odds) > 1e-3 {
		t.Errorf("%s: the contributions sum to %f, the log-odds are %f", m.ID, toward, odds)
	}
	if m.Model.V.Residual != (learned != 0) {
		t.Errorf("%s: residual %v, of it %f", m.ID, m.Model.V.Residual, learned)
	}
}

// TestExplainStoredMentions asks of mentions why they were judged as they are,
// before and after the team's corrections are learned from.
func TestExplainStoredMentions(t *testing.T) {
	dir := slangBrand(t)
	m := explain(t, dir, "p201")
	checkExplainedSum(t, m)
	if m.Tone == nil || *m.Tone != m.Model.V.Tone || *m.By != "model" || !m.Current || *m.Lang != "en" {
		t.Errorf("%+v", m)
	}
	if more := correct(t, dir, slangLabels(0, 100)); !more.Learned.InUse {
		t.Fatal("the corrections are not in use")
	}
	m = explain(t, dir, "x/p201", "--limit", "3")
	checkExplainedSum(t, m)
	if *m.By != "residual" || !m.Current || len(m.Reasons) != 3 || *m.Reasons[0].Text != "zonked" || m.Reasons[0].For != "negative" || m.Reasons[0].Learned >= 0 {
		t.Errorf("%+v", m)
	}
	m = explain(t, dir, "--platform", "X", "p0")
	checkExplainedSum(t, m)
	if *m.By != "team" || *m.Tone != "positive" {
		t.Errorf("%+v", m)
	}
	if out := ok(t, dir, "sentiment", "explain", "--brand", "Acme", "p0"); !strings.HasPrefix(out, "corrected by hand: positive, by ") || !strings.Contains(out, "corrections teach") || !strings.Contains(out, "everything else") {
		t.Error(out)
	}
	if out := ok(t, dir, "sentiment", "explain", "--brand", "Acme", "the acme sofa is zonked"); !strings.HasPrefix(out, "negative (en)") {
		t.Errorf("a text is not judged as the brand would: %s", out)
	}
}

// TestExplainWhatIsUnknown: why there is no sentiment is said, and nothing
// hostile reaches the terminal.
func TestExplainWhatIsUnknown(t *testing.T) {
	dir := slangBrand(t)
	for id, want := range map[string]string{"ja": "language", "empty": "nothing", "rt": "repost"} {
		m := explain(t, dir, id)
		if m.Unknown == nil || *m.Unknown != want || m.Tone != nil || m.By != nil || m.Model.V != nil || len(m.Reasons) != 0 || !m.Current {
			t.Errorf("%s: %+v, want %s", id, m, want)
		}
		if out := ok(t, dir, "sentiment", "explain", "--brand", "Acme", id); !strings.HasPrefix(out, "unknown: ") {
			t.Error(out)
		}
	}
	ok(t, dir, "sentiment", "correct", "Acme", "ja", "positive")
	if m := explain(t, dir, "ja"); *m.Tone != "positive" || *m.By != "team" || *m.Unknown != "language" {
		t.Errorf("labelled: %+v", m)
	}
	if out := ok(t, dir, "sentiment", "explain", "--brand", "Acme", "bad"); strings.ContainsAny(out, "\x1b\u202e") || !strings.Contains(out, "awful") {
		t.Errorf("%q", out)
	}
	for _, c := range []struct{ want, given string }{{"has no mention", "nowhere"}, {"--lang", "p0"}} {
		if r := cli(t, dir, "", "sentiment", "explain", "--brand", "Acme", "--lang", "en", c.given); r.code == 0 || !strings.Contains(r.err, c.want) {
			t.Errorf("%s: %d, %s", c.given, r.code, r.err)
		}
	}
	if r := cli(t, dir, "", "sentiment", "explain", "--brand", "Nobody", "p0"); r.code == 0 {
		t.Error(r.out)
	}
}

// TestExplainFollowsOlderModels: a stored sentiment that is not the one explained
// is said to be so.
func TestExplainFollowsOlderModels(t *testing.T) {
	dir := slangBrand(t)
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rescore(t.Context(), "Acme", older, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if m := explain(t, dir, "p2"); m.Current || *m.Tone != "negative" || m.Model.V.Tone != "positive" {
		t.Errorf("%+v", m)
	}
	if out := ok(t, dir, "sentiment", "explain", "--brand", "Acme", "p2"); !strings.Contains(out, `adalid sentiment rescore "Acme"`) {
		t.Error(out)
	}
	ok(t, dir, "sentiment", "rescore", "Acme")
	if m := explain(t, dir, "p2"); !m.Current || *m.Tone != "positive" {
		t.Errorf("%+v", m)
	}
}

// TestExplainOverHTTP asks the server itself.
func TestExplainOverHTTP(t *testing.T) {
	dir := slangBrand(t)
	correct(t, dir, slangLabels(0, 100))
	s := serve(t, dir, nil)
	at := "/api/v1/brands/Acme/mentions/"
	m := decode[api.MentionSentiment](t, s.get(at+"p201/sentiment?limit=5"))
	checkExplainedSum(t, m)
	if *m.By != "residual" || len(m.Reasons) != 5 {
		t.Errorf("%+v", m)
	}
	if again := s.get(at + m.Key + "/sentiment?limit=5"); decode[api.MentionSentiment](t, again).ID != "p201" {
		t.Error(again)
	}
	if m := decode[api.MentionSentiment](t, s.get(at+"x%2Fp0/sentiment")); *m.By != "team" || *m.Tone != "positive" {
		t.Errorf("%+v", m)
	}
	if m := decode[api.MentionSentiment](t, s.get(at+"ja/sentiment")); *m.Unknown != "language" || *m.Lang != "ja" || m.Tone != nil {
		t.Errorf("%+v", m)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s.get(at+"ja/sentiment")), &raw); err != nil || string(raw["model"]) != "null" || string(raw["by"]) != "null" || string(raw["reasons"]) != "[]" {
		t.Errorf("%s, %v", raw, err)
	}
	for path, want := range map[string]int{"nowhere/sentiment": 404, "p0/sentiment?limit=0": 422, "~!/sentiment": 404} {
		if resp, err := http.Get(s.base + at + path); err != nil || resp.StatusCode != want {
			t.Errorf("%s: %v, %v", path, resp.Status, err)
		} else {
			resp.Body.Close()
		}
	}
}
