package api

import (
	"encoding/json"
	"testing"

	"adalid"
)

// TestMentionSentiment: what the model says and who says it, corrected by the
// team, in a language nobody knows, and of no mention.
func TestMentionSentiment(t *testing.T) {
	s := serve(t, newFake(4))
	ask := func(id string, want int) MentionSentiment {
		t.Helper()
		resp, body := s.do(t, "GET", cafe+"/mentions/"+id+"/sentiment", "")
		var m MentionSentiment
		if resp.StatusCode != want || want == 200 && json.Unmarshal([]byte(body), &m) != nil {
			t.Fatalf("%s: %d %s", id, resp.StatusCode, body)
		}
		return m
	}
	m := ask(mentionKey("x", "18446744073709551100"), 200)
	if *m.Tone != "positive" || *m.By != "residual" || !m.Current || m.Unknown != nil || m.Model.V.Positive != .75 || !m.Model.V.Residual || len(m.Reasons) != 2 || m.Rest.V.Toward != .25 || m.Rest.V.For != "positive" {
		t.Errorf("%+v", m)
	}
	if first, second := m.Reasons[0], m.Reasons[1]; *first.Text != hostile || first.Code != nil || first.For != "positive" || second.Text != nil || *second.Code != "capitals" || second.For != "negative" {
		t.Errorf("%+v", m.Reasons)
	}
	if m := ask("18446744073709551100", 200); m.Key != mentionKey("x", "18446744073709551100") {
		t.Errorf("%+v", m)
	}
	s.fake.label = adalid.Negative
	if m := ask("18446744073709551100", 200); *m.Tone != "negative" || *m.By != "team" || m.Model.V.Tone != "positive" {
		t.Errorf("corrected: %+v", m)
	}
	s.fake.label = ""
	if m := ask("18446744073709551101", 200); *m.Unknown != "language" || *m.Lang != "ca" || m.Tone != nil || m.By != nil || m.Model.V != nil || m.Rest.V != nil || len(m.Reasons) != 0 || !m.Current {
		t.Errorf("unknown: %+v", m)
	}
	ask("1", 404)
}
