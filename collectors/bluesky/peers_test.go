package bluesky

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// The network of ../shared/peers/atproto, on loopback.
const peerPDS, peerAppView = "http://127.0.0.1:2583", "http://127.0.0.1:2584"

// resident is an account of that network.
type resident struct{ handle, did, access string }

// xrpc calls a method that writes.
func xrpc(t *testing.T, method, access string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, peerPDS+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if access != "" {
		r.Header.Set("Authorization", "Bearer "+access)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", method, answer.StatusCode, text, err)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			t.Fatal(err)
		}
	}
}

func settle(t *testing.T, name string) resident {
	t.Helper()
	var a sessionAnswer
	xrpc(t, "com.atproto.server.createAccount", "", map[string]any{"handle": name + ".test", "email": name + "@example.org", "password": "hunter2hunter2"}, &a)
	profile := map[string]any{"$type": "app.bsky.actor.profile", "displayName": name, "description": "Bio of " + name}
	xrpc(t, "com.atproto.repo.putRecord", a.Access, map[string]any{"repo": a.DID, "collection": "app.bsky.actor.profile", "rkey": "self", "record": profile}, nil)
	return resident{name + ".test", a.DID, a.Access}
}

// write posts a text and gives the post's address.
func (r resident) write(t *testing.T, text string, more map[string]any) string {
	t.Helper()
	record := map[string]any{"$type": postType, "text": text, "langs": []string{"es"}, "createdAt": time.Now().UTC().Format(time.RFC3339Nano)}
	for k, v := range more {
		record[k] = v
	}
	var out struct{ URI, CID string }
	xrpc(t, "com.atproto.repo.createRecord", r.access, map[string]any{"repo": r.did, "collection": postType, "record": record}, &out)
	return out.URI
}

func (r resident) erase(t *testing.T, uri string) {
	t.Helper()
	xrpc(t, "com.atproto.repo.deleteRecord", r.access, map[string]any{"repo": r.did, "collection": postType, "rkey": uri[strings.LastIndex(uri, "/")+1:]}, nil)
}

// scan collects until nothing is left and gives the mentions by id.
func scan(t *testing.T, c *collector, q collectors.Query, cursor *collectors.Cursor) (found map[string]adalid.Mention, pages int) {
	t.Helper()
	read, err := collectortest.Collect(t.Context(), c, q, *cursor, 100)
	if err != nil {
		t.Fatal(err)
	}
	found = map[string]adalid.Mention{}
	for _, p := range read {
		for _, m := range p.Mentions {
			found[m.ID] = m
		}
		if len(p.Rejects) > 0 {
			t.Errorf("rejected: %+v", p.Rejects)
		}
		*cursor = p.Next
	}
	return found, len(read)
}

// eventually waits for the servers behind each other to have told.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 60 {
		if done() {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
	t.Fatalf("%s: not after 30 seconds", what)
}

// A whole network answers: every post that was written is found through pages,
// authors get their facts, a deletion is noticed, and so is a rate limit.
func TestPeers(t *testing.T) {
	if os.Getenv("ADALID_PEERS") == "" {
		t.Skip("set ADALID_PEERS=1 with ../shared/peers/atproto running")
	}
	tag := fmt.Sprintf("%x", time.Now().UnixMilli()%0xfffffff)
	brand, word := settle(t, "marca"+tag), "Zafirox"+tag
	people := []resident{settle(t, "ana"+tag), settle(t, "luis"+tag), settle(t, "eva"+tag)}
	want := map[string]bool{}
	for i := range 230 {
		p := people[i%3]
		want[p.write(t, fmt.Sprintf("¡Me encanta %s %d! ☕️", word, i), nil)] = true
	}
	name := "☕️ Gracias @" + brand.handle
	named := people[0].write(t, name, map[string]any{"facets": []any{map[string]any{
		"index":    map[string]any{"byteStart": strings.Index(name, "@"), "byteEnd": len(name)},
		"features": []any{map[string]any{"$type": "app.bsky.richtext.facet#mention", "did": brand.did}},
	}}})
	want[named] = true

	c := opened(t, map[string]any{
		"handle": brand.handle, "app_password": "hunter2hunter2", "server": peerPDS, "appview": peerAppView, "case_variants": true,
	}, time.Now)
	if err := c.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: strings.ToLower(word)}}}
	q.Brand.Own = []adalid.OwnAccount{own(brand.handle)}
	var cursor collectors.Cursor
	var found map[string]adalid.Mention
	pages := 0
	eventually(t, "the first scan", func() bool {
		cursor = nil
		found, pages = scan(t, c, q, &cursor)
		return len(found) >= len(want)
	})
	for id := range want {
		if _, ok := found[id]; !ok {
			t.Errorf("%s was not found", id)
		}
	}
	if m := found[named]; !slices.Equal(m.Mentions, []string{brand.handle}) || m.Lang != "es" || m.Author.Handle != people[0].handle {
		t.Errorf("the post that names the brand: %+v", m)
	}
	t.Logf("first scan: %d of %d posts in %d pages", len(found), len(want), pages)

	c.session.access = "no token" // as when it has expired
	later := people[1].write(t, "Otra vez "+word, nil)
	eventually(t, "the next scan", func() bool {
		again, pages := scan(t, c, q, &cursor)
		_, ok := again[later]
		if ok {
			t.Logf("next scan: %d posts in %d pages", len(again), pages)
		}
		return ok
	})

	var keys []string
	for _, p := range people {
		keys = append(keys, p.did)
	}
	authors, err := c.Hydrate(t.Context(), append(keys, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"))
	if err != nil || len(authors) != 3 || authors[0].Followers == nil || !strings.HasPrefix(authors[0].Bio, "Bio of ") {
		t.Errorf("authors %+v, %v", authors, err)
	}

	people[0].erase(t, named)
	eventually(t, "the deletion", func() bool {
		gone, err := c.Check(t.Context(), []string{named, later})
		return err == nil && slices.Equal(gone, []string{named})
	})

	limited(t, c, brand)
}

// limited signs in until the server refuses; it does when started with RL=1.
func limited(t *testing.T, c *collector, brand resident) {
	answer, err := http.Get(peerPDS + "/xrpc/com.atproto.server.describeServer")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.Header.Get("RateLimit-Limit") == "" {
		t.Log("the network runs without rate limits: start it with RL=1 to see one")
		return
	}
	for i := range 40 {
		err := c.Probe(t.Context())
		if e := refusal(err); e != nil {
			wait := time.Until(e.Until)
			if e.Kind != collectors.RateLimited || wait < 0 || wait > 24*time.Hour {
				t.Errorf("after %d sessions: %v until %v", i, err, e.Until)
			}
			t.Logf("rate limit of %s after %d more sessions: wait %v", brand.handle, i, wait.Round(time.Second))
			return
		}
	}
	t.Error("40 sessions and no rate limit")
}
