package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
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
	"remove-own-account", "probe-source", "start-scan", "list-scans", "get-scan", "watch-scan", "start-import", "get-import", "remove-source",
	"undo-batch", "remove-note", "remove-task", "remove-saved-view", "undo-notice", "drop-retention", "erase-advocate", "erase-person", "accept-invitation", "sign-in", "change-password", "invite-user", "change-user", "remove-user", "sign-out", "revoke-key", "remove-brand",
}

// reachedElsewhere are the operations that need a link which is shown nowhere but
// in a letter or at a first start, with the tests that succeed at them.
var reachedElsewhere = map[string]string{"set-up": "TestSetup", "finish-password-reset": "TestReset"}

// madeBy says which parameter an operation's answer has a value for.
var madeBy = map[string]string{"add-note": "note", "add-task": "task", "change-many": "batch", "add-saved-view": "saved"}

// removing are the operations that take away what all others are about.
var removing = []string{"remove-brand", "remove-user", "revoke-key", "erase-advocate", "erase-person", "sign-out"}

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
	long(t)
	t.Parallel()
	requests := 3334
	if os.Getenv("ADALID_SLOW") != "" {
		requests = 10_000
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
				if slices.Contains(removing, o.ID) || slices.Contains(asking, o.ID) {
					req.URL.RawQuery += "&unknown=1" // else it is gone, or others are asked
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
	makes := func(id string) int { return min(0, -len(madeBy[id])) }
	slices.SortStableFunc(g.Operations, func(a, b apitest.Generated) int {
		return max(-1, place(a.ID)) + makes(a.ID) - max(-1, place(b.ID)) - makes(b.ID)
	})
	var failed []string
	for _, o := range g.Operations {
		if reachedElsewhere[o.ID] != "" {
			continue
		}
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
		var made struct {
			ID string `json:"id"`
		}
		if needs := madeBy[o.ID]; needs != "" && json.Unmarshal(body, &made) == nil {
			g.Examples[needs] = made.ID
		}
		if id := resp.Header.Get("Location"); resp.StatusCode == http.StatusAccepted && id != "" {
			g.Examples["get-scan.id"], g.Examples["watch-scan.id"], g.Examples["get-import.id"] = id[strings.LastIndex(id, "/")+1:], id[strings.LastIndex(id, "/")+1:], id[strings.LastIndex(id, "/")+1:]
		}
	}
	tests, err := os.ReadFile("door_test.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := os.ReadFile("account_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for id, test := range reachedElsewhere {
		if !strings.Contains(string(tests)+string(more), "func "+test+"(t *testing.T)") {
			failed = append(failed, id+": there is no "+test)
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
	s := serve(t, dir, append(allow, "ADALID_SERVER_KEY_RATE=1000", "ADALID_SERVER_KEY_BURST=10000"), "--demo")
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
		"brand": brand, "id": person, "person": person, "versus": people.Items[1].ID, "source": "feed", "segment": "few", "view": "rising", "note": "1", "task": "1", "batch": "1", "saved": "1", "status": "candidate", "tag": "vip", "owner": "none", "tasks": "none",
		"since": "2020-01-01", "until": "2030-01-01", "platform": "x", "lang": "es", "weights": "affinity=1", "include": "automated", "where": "score > 1",
		"label-mention.id": post.Key, "explain-mention.id": post.Key, "unlabel-mention.id": post.Key, "mark-mention.id": post.Key, "unmark-mention.id": post.Key,
		"get-scan.id": "1", "watch-scan.id": "1", "get-import.id": "1", "remove-own-account.handle": "somebody-else", "get-voice.brands": brand,
	}
	for _, link := range pairs.Items {
		g.Examples["a"], g.Examples["b"] = link.A.ID, link.B.ID
		break
	}
	g.Bodies = map[string]string{
		"create-brand": `{"name":"New"}`, "preview-brand": `{"name":"New","ignore":["old"]}`, "change-brand": `{"rivals":[]}`, "add-own-account": `{"handle":"somebody-else"}`, "start-import": "id,text,author,date\n1,hello,ann,2026-01-01T00:00:00Z\n",
		"label-mention": `{"label":"neutral"}`, "mark-mention": `{"about":true}`, "switch-relevance": `{"enabled":true}`, "assess-audit": `{"n":60,"seed":1,"answers":[]}`,
		"decide-circle": `{"role":"staff"}`, "decide-authenticity": `{"verdict":"genuine"}`, "decide-identity": `{"decision":"accepted"}`, "save-segment": `{"where":"score > 10"}`,
		"set-source": `{"kind":"rss","settings":{"urls":["` + feeds.URL + `/feed.xml"]}}`, "set-schedule": `{"cron":"@every 6h"}`, "start-scan": `{"sources":["feed"]}`,
		"choose-ranking": `{"preset":"steady","reason":"why"}`, "test-query": `{"query":"love OR café","text":"I love it"}`,
		"set-status": `{"status":"not_a_fit","reason":"other","text":"moved away"}`, "set-owner": `{"user":null}`, "change-tags": `{"add":["vip"]}`,
		"add-note": `{"text":"met in May"}`, "change-note": `{"text":"met in June"}`, "add-task": `{"text":"write","due":"2026-12-24"}`, "change-task": `{"done":true,"due":null}`,
		"change-many":    `{"people":["` + person + `","` + people.Items[1].ID + `"],"add_tags":["wave"],"owner":null}`,
		"add-saved-view": `{"name":"Quiet","query":{"sort":"recent","tag":"vip"}}`, "change-saved-view": `{"name":"Quiet","query":{"columns":"score,tags"},"shared":true}`,
		"push-mentions": `[{"text":"hello","author":"ann","created_at":"2026-01-01T00:00:00Z","post_id":"1"}]`,
	}
	key := knowPeople(t, dir, g)
	g.Examples["erase-advocate.id"] = people.Items[2].ID
	g.Bodies["erase-person"] = `{"person":"` + people.Items[3].ID + `"}`
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{
		Timeout: 10 * hangsAfter, Transport: withKey{&http.Transport{}, key}, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	return g, s, client
}

// knowPeople makes accounts, invitations and keys beside the running server, tells
// the generator of them, and gives a key that may do everything.
func knowPeople(t *testing.T, dir string, g *apitest.Generator) (key string) {
	t.Helper()
	const password = "tres tristes tigres tragan trigo"
	for _, email := range []string{"ida@brand.example", "uma@brand.example"} {
		if r := cli(t, dir, password+"\n", "user", "add", email, "--role", "owner"); r.code != 0 {
			t.Fatal(r.err)
		}
	}
	for _, u := range decode[[]struct{ ID, Email string }](t, ok(t, dir, "user", "list", "--json")) {
		if u.Email == "uma@brand.example" {
			g.Examples["user"] = u.ID
		}
	}
	g.Examples["invitation"] = decode[api.Invited](t, ok(t, dir, "user", "invite", "gil@brand.example", "--role", "viewer", "--json")).Invitation.ID
	invited := decode[api.Invited](t, ok(t, dir, "user", "invite", "eva@brand.example", "--role", "viewer", "--json"))
	_, token, _ := strings.Cut(*invited.Link, "token=")
	spare := strings.TrimSpace(ok(t, dir, "key", "add", "--name", "spare", "--role", "viewer", "--every-brand"))
	g.Examples["revoke-key.id"] = strings.Split(spare, "_")[1]
	for id, body := range map[string]string{
		"create-key": `{"name":"k","role":"viewer"}`, "invite-user": `{"email":"new@brand.example","roles":[{"brand":null,"role":"viewer"}]}`,
		"accept-invitation": `{"token":"` + token + `","name":"Eva","password":"` + password + ` eva"}`, "change-user": `{"name":"Uma"}`,
		"sign-in": `{"email":"ida@brand.example","password":"` + password + `"}`, "change-password": `{"password":"` + password + `","new_password":"` + password + ` otra vez"}`,
		"ask-password-reset": `{"email":"ida@brand.example"}`, "set-notice": `{"channel":"mail"}`, "set-retention": `{"days":9000}`,
	} {
		g.Bodies[id] = body
	}
	return strings.TrimSpace(ok(t, dir, "key", "add", "--name", "all", "--role", "owner", "--every-brand"))
}

// withKey sends a key with every request that has no session.
type withKey struct {
	through http.RoundTripper
	key     string
}

func (k withKey) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := r.Cookie("adalid_session"); err == nil || r.Header.Get("Authorization") != "" {
		return k.through.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+k.key)
	return k.through.RoundTrip(r)
}

func (k withKey) CloseIdleConnections() { k.through.(*http.Transport).CloseIdleConnections() }
