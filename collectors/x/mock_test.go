package x

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// real sends requests as they are, to a server on this machine.
type real struct {
	t      *testing.T
	client http.Client
	sent   []string
}

func (r *real) Do(q *http.Request) (*http.Response, error) {
	answer, err := r.client.Do(q)
	if err != nil {
		return nil, err
	}
	r.sent = append(r.sent, q.URL.Path)
	if answer.StatusCode == http.StatusUnprocessableEntity {
		r.t.Errorf("outside the contract: %s", q.URL)
	}
	return answer, limits().Refused(answer, time.Now())
}

// Servers that answer from the contract documents take every kind of request.
// What they invent as answers may break their own documents and is not looked at.
func TestMock(t *testing.T) {
	servers := strings.Split(os.Getenv("ADALID_TEST_X"), ",")
	if len(servers) != 2 {
		t.Skip("no mock servers: set ADALID_TEST_X to those of contract 2.162 and 2.167")
	}
	for i, dialect := range []string{tweets, posts} {
		r := &real{t: t}
		c, err := made(t, `{"token":"t","account":"acmecafe","compliance":true,"dialect":"`+dialect+`","server":"`+servers[i]+`"}`, r, time.Now, collectors.Free{})
		if err != nil {
			t.Fatal(err)
		}
		q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
		_, err = c.Collect(t.Context(), q, nil)
		t.Log("search", err)
		q.Brand.Own = []adalid.OwnAccount{{Platform: adalid.X, Key: "77"}}
		_, err = c.Collect(t.Context(), q, nil)
		t.Log("mentions", err)
		q.Brand.Own = []adalid.OwnAccount{{Platform: adalid.X, Handle: "acmecafe"}}
		_, err = c.Collect(t.Context(), q, nil)
		t.Log("lookup", err)
		_, err = c.(collectors.Estimator).Estimate(t.Context(), q, nil)
		t.Log("estimate", err)
		_, err = c.(collectors.Checker).Check(t.Context(), []string{"1", "2"})
		t.Log("check", err)
		_, err = c.(collectors.Hydrator).Hydrate(t.Context(), []string{"1", "2"})
		t.Log("hydrate", err)
		_, err = c.(collectors.JobChecker).StartJob(t.Context(), []string{"1", "2"})
		t.Log("job", err)
		t.Log("probe", c.(collectors.Prober).Probe(t.Context()))
		for _, path := range []string{
			"/2/tweets/search/recent", "/2/users/77/mentions", "/2/users/by", "/2/tweets/counts/recent",
			"/2/tweets", "/2/users", "/2/compliance/jobs", "/2/usage/tweets",
		} {
			if !slices.Contains(r.sent, path) {
				t.Errorf("%s was not asked for, or gave no answer; answered were %q", path, r.sent)
			}
		}
	}
}
