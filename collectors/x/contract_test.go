package x

import (
	"cmp"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid/collectors/collectortest"
)

// contracts are the documents of the two dialects.
var contracts = map[string]string{posts: "x-2.167.json", tweets: "x-2.162.json"}

// Every request that a case sends is one that the contract of its dialect
// allows; requests of one dialect are not those of the other.
func TestRequestsKeepToTheContract(t *testing.T) {
	documents := map[string]*collectortest.OpenAPI{}
	for dialect, file := range contracts {
		documents[dialect] = collectortest.Contract(t, file)
	}
	files, err := filepath.Glob("testdata/*/case.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	checked := map[string]map[string]int{posts: {}, tweets: {}}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Settings struct{ Dialect, API string }
			Exchange []struct{ Method, URI string }
		}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		if c.Settings.API == apiV1 {
			continue
		}
		dialect, other := posts, tweets
		if c.Settings.Dialect == tweets {
			dialect, other = tweets, posts
		}
		for _, e := range c.Exchange {
			if !strings.HasPrefix(e.URI, publicServer) {
				continue // where the files of compliance jobs are kept
			}
			r, err := http.NewRequest(cmp.Or(e.Method, http.MethodGet), e.URI, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := documents[dialect].Check(r); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			if strings.Contains(e.URI, postFields[dialect]) && documents[other].Check(r) == nil {
				t.Errorf("%s: the other contract allows it too: the check sees nothing", file)
			}
			checked[dialect][r.URL.Path]++
		}
	}
	for dialect, paths := range checked {
		if paths["/2/tweets/search/recent"] == 0 {
			t.Errorf("no search of the dialect %s was checked", dialect)
		}
	}
	if checked[posts]["/2/compliance/jobs"] == 0 {
		t.Error("no compliance job was checked")
	}
	t.Log(checked)
}
