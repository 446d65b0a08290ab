package mastodon

import (
	"errors"
	"net/http"
	"os"
	"testing"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// direct is a Doer without any politeness.
type direct struct{ prefer string }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if d.prefer != "" {
		r.Header.Set("Prefer", d.prefer)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	return answer, Definition().Limits.Refused(answer, collectortest.Now)
}

// TestPeer asks a mock of the contract document on loopback, which refuses
// what the document does not know. Its examples are no real posts.
func TestPeer(t *testing.T) {
	peer := os.Getenv("ADALID_MASTODON_PEER")
	if peer == "" {
		t.Skip("no contract mock: set ADALID_MASTODON_PEER")
	}
	now := collectortest.Now
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	for _, c := range []struct {
		settings, prefer string
		kind             collectors.Kind // "" a page, or a complaint about the example
	}{
		{`"token":"x"`, "", ""},
		{`"token":"x"`, "code=429", collectors.RateLimited},
		{`"token":"x"`, "code=503", collectors.Transient},
		{`"token":"x"`, "code=404", collectors.Gone},
		{`"days":7`, "", collectors.Auth}, // the document asks for a token
	} {
		collector := made(t, `{"servers":["`+peer+`"],`+c.settings+`}`, direct{c.prefer}, &now)
		pages, err := collectortest.Collect(t.Context(), collector, q, nil, 10)
		e := &collectors.Error{}
		errors.As(err, &e)
		t.Logf("%s %s: %d pages, %v", c.settings, c.prefer, len(pages), err)
		if e.Status == http.StatusUnprocessableEntity || c.kind != "" && e.Kind != c.kind {
			t.Errorf("%s %s: %v of kind %q, want %q", c.settings, c.prefer, err, e.Kind, c.kind)
		}
		for _, p := range pages {
			t.Logf("  %d rows, %d mentions, %d rejects %v", p.Rows, len(p.Mentions), len(p.Rejects), p.Warnings)
		}
	}
	probe := made(t, `{"servers":["`+peer+`"],"token":"x"}`, direct{}, &now).(collectors.Prober).Probe(t.Context())
	t.Logf("probe: %v", probe)
}
