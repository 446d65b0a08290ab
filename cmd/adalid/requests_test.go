package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/all"
	"adalid/web/api"
	"adalid/web/api/apitest"
)

const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>nobody</title><link>https://example.org/1</link><guid>1</guid></item></channel></rss>`

// lastOperations are done at the end, in this order: what they take away is what
// others need.
var lastOperations = []string{
	"get-segment", "list-segment-members", "remove-segment", "unlabel-mention", "unmark-mention", "undo-authenticity", "undo-circle", "undo-identity", "get-schedule", "remove-schedule",
	"remove-own-account", "probe-source", "start-scan", "list-scans", "get-scan", "watch-scan", "start-import", "get-import", "remove-source", "remove-brand",
}

// hangsAfter is what an answer may take.
const hangsAfter = 5 * time.Second

// asking are the operations that make the server ask platforms.
var asking = []string{"start-scan", "probe-source"}

// TestGeneratedRequests sends 10,000 requests with three seeds, made from
// the description alone, to the real server on a real database with the invented
// brand: right ones, ones at the bounds, and hostile ones. None fails by a fault
// of ours, none takes five seconds, none shows anything internal; and every
// operation can be reached with success. With ADALID_SLOW=1 there are as many for each seed.
func TestGeneratedRequests(t *testing.T) {
	requests := 3334
	switch {
	case os.Getenv("ADALID_SLOW") != "":
		requests = 10_000
	case testing.Short():
		requests = 400
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			g, s, client := generatedFor(t)
			base := s.base + api.Prefix
			r := rand.New(rand.NewPCG(seed+1, 6))
			statuses, slowest := map[int]int{}, time.Duration(0)
			for i := range requests {
				o := g.Operations[i%len(g.Operations)]
				req, err := g.Any(r, o, base)
				if err != nil {
					t.Fatal(o.ID, err)
				}
				if o.ID == "remove-brand" || slices.Contains(asking, o.ID) {
					req.URL.RawQuery += "&unknown=1" // else the brand is gone, or others are asked
				}
				most := hangsAfter
				if strings.HasPrefix(o.ID, "export-") { // all rows, for as long as they are read
					most *= 6
				}
				started := time.Now()
				statuses[answerOf(t, client, req)]++
				took := time.Since(started)
				if took > most { // on a busy machine once says nothing
					again := req.Clone(t.Context())
					again.Body, _ = req.GetBody()
					started = time.Now()
					answerOf(t, client, again)
					took = time.Since(started)
				}
				if slowest = max(slowest, took); took > most {
					t.Errorf("%s %s: %s", req.Method, req.URL, took)
				}
			}
			t.Logf("%v, the slowest took %s", statuses, slowest.Round(time.Millisecond))
			if statuses[200] < requests/20 || statuses[422] < requests/20 || statuses[404] == 0 {
				t.Error("the requests reach too little")
			}
			said := s.said()
			for _, word := range []string{"panic", "goroutine ", "level=ERROR"} {
				if i := strings.Index(said, word); i >= 0 {
					t.Errorf("the log says %q:\n%.600s", word, said[i:])
				}
			}
		})
	}
}

// TestEveryOperationIsReached: a request made from the description and the
// examples of generatedFor succeeds at every operation. An operation that is new
// needs an example where its schema does not tell enough.
func TestEveryOperationIsReached(t *testing.T) {
	g, s, client := generatedFor(t)
	place := func(id string) int { return slices.Index(lastOperations, id) }
	slices.SortStableFunc(g.Operations, func(a, b apitest.Generated) int {
		return max(-1, place(a.ID)) - max(-1, place(b.ID))
	})
	var failed []string
	for _, o := range g.Operations {
		req, err := g.Right(o, s.base+api.Prefix)
		if err != nil {
			t.Fatal(o.ID, err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(o.ID, err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode >= 400 {
			failed = append(failed, fmt.Sprintf("%s: %s %s: %d %v %.300s", o.ID, o.Method, req.URL, resp.StatusCode, err, body))
		}
		if id := resp.Header.Get("Location"); resp.StatusCode == http.StatusAccepted && id != "" {
			g.Examples["get-scan.id"], g.Examples["watch-scan.id"], g.Examples["get-import.id"] = id[strings.LastIndex(id, "/")+1:], id[strings.LastIndex(id, "/")+1:], id[strings.LastIndex(id, "/")+1:]
		}
	}
	if failed != nil {
		t.Errorf("%d of %d operations were not reached with success:\n%s", len(failed), len(g.Operations), strings.Join(failed, "\n"))
	}
}

// answerOf sends a request and holds the answer to what is promised.
func answerOf(t *testing.T, client *http.Client, req *http.Request) int {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	if resp.StatusCode >= 500 {
		t.Errorf("%s %s: %d %s", req.Method, req.URL, resp.StatusCode, body)
	}
	switch own := resp.Header.Get("X-Request-Id") == ""; {
	case own && slices.Contains([]int{http.StatusBadRequest, http.StatusRequestHeaderFieldsTooLarge}, resp.StatusCode):
		if len(body) > 100 { // net/http itself refused it, before any of ours ran
			t.Errorf("%s: %d %s", req.Method, resp.StatusCode, body)
		}
	default:
		apitest.CheckAnswer(t, resp, string(body))
	}
	return resp.StatusCode
}

// generatedFor starts a server with the invented brand that asks nobody but a feed
// of ours, and gives a generator that knows what is there.
func generatedFor(t *testing.T) (*apitest.Generator, *server, *http.Client) {
	t.Helper()
	dir := t.TempDir()
	feeds := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, feed)
	}))
	t.Cleanup(feeds.Close)
	for _, d := range all.All() {
		if slices.Contains(d.Can, collectors.Keyless) {
			ok(t, dir, "source", "add", d.Name)
			ok(t, dir, "source", "edit", d.Name, "--off")
		}
	}
	host := strings.TrimPrefix(feeds.URL, "http://")
	allow := []string{"ADALID_FETCH_ALLOW_HOSTS=" + host}
	ok(t, dir, "source", "add", "rss", "--name", "feed", "--set", "urls="+feeds.URL+"/feed.xml")
	s := serve(t, dir, allow, "--demo")
	brand := decode[api.BrandList](t, s.get("/api/v1/brands")).Items[0].Name
	here := "/api/v1/brands/" + url.PathEscape(brand)
	people := decode[api.AdvocateList](t, s.get(here+"/advocates"))
	post := decode[api.MentionList](t, s.get(here+"/mentions")).Items[0]
	pairs := decode[api.IdentityList](t, s.get(here+"/identities"))
	g, err := apitest.NewGenerator([]byte(s.get("/api/v1/openapi.json")))
	if err != nil {
		t.Fatal(err)
	}
	person := people.Items[0].ID
	g.Examples = map[string]string{
		"brand": brand, "id": person, "person": person, "versus": people.Items[1].ID, "source": "feed", "segment": "few", "view": "rising",
		"since": "2020-01-01", "until": "2030-01-01", "platform": "x", "lang": "es", "weights": "affinity=1", "include": "automated", "where": "score > 1",
		"label-mention.id": post.Key, "unlabel-mention.id": post.Key, "mark-mention.id": post.Key, "unmark-mention.id": post.Key,
		"get-scan.id": "1", "watch-scan.id": "1", "get-import.id": "1", "remove-own-account.handle": "somebody-else", "get-voice.brands": brand,
	}
	for _, link := range pairs.Items {
		g.Examples["a"], g.Examples["b"] = link.A.ID, link.B.ID
		break
	}
	g.Bodies = map[string]string{
		"create-brand": `{"name":"New"}`, "change-brand": `{"rivals":[]}`, "add-own-account": `{"handle":"somebody-else"}`, "start-import": "id,text,author,date\n1,hello,ann,2026-01-01T00:00:00Z\n",
		"label-mention": `{"label":"neutral"}`, "mark-mention": `{"about":true}`, "switch-relevance": `{"enabled":true}`, "assess-audit": `{"n":60,"seed":1,"answers":[]}`,
		"decide-circle": `{"role":"staff"}`, "decide-authenticity": `{"verdict":"genuine"}`, "decide-identity": `{"decision":"accepted"}`, "save-segment": `{"where":"score > 10"}`,
		"set-source": `{"kind":"rss","settings":{"urls":["` + feeds.URL + `/feed.xml"]}}`, "set-schedule": `{"cron":"@every 6h"}`, "start-scan": `{"sources":["feed"]}`,
		"push-mentions": `[{"text":"hello","author":"ann","created_at":"2026-01-01T00:00:00Z","post_id":"1"}]`,
	}
	client := &http.Client{
		Timeout: 10 * hangsAfter, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	return g, s, client
}
