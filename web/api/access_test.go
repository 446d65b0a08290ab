package api

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"adalid/internal/account"
	"adalid/web/api/apitest"
)

func bearer(text string) string { return "Authorization: Bearer " + text }

func TestKeysThatDoNotOpen(t *testing.T) {
	s := gate6(t, nil)
	ctx := context.Background()
	_, ended, _ := s.access.MakeKey(ctx, account.APIKey{Name: "ended", Role: account.Owner, Expires: fakeNow.Add(time.Hour)})
	_, revoked, _ := s.access.MakeKey(ctx, account.APIKey{Name: "revoked", Role: account.Owner})
	for i := range s.access.keys {
		switch k := &s.access.keys[i]; k.Name {
		case "ended":
			k.Expires = fakeNow
		case "revoked":
			k.Revoked = fakeNow
		}
	}
	wrong := s.keyA[:len(s.keyA)-1] + string("ab"[map[bool]int{true: 1}[s.keyA[len(s.keyA)-1] == 'a']])
	_, unknown := account.NewKey()
	var words []string
	for what, head := range map[string]string{
		"ended": bearer(ended), "revoked": bearer(revoked), "mistyped": bearer(wrong), "unknown": bearer(unknown), "no key": bearer("adk_x"),
		"another token": bearer("hunter2"), "empty": "Authorization: Bearer ",
	} {
		for _, path := range []string{cafe, "/api/v1/health", "/api/v1/brands/nobody"} {
			resp, body := s.do(t, "GET", path, "", head)
			if resp.StatusCode != 401 || !strings.Contains(resp.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s on %s: %d %v %s", what, path, resp.StatusCode, resp.Header, body)
			}
			words = append(words, neutral(resp, body))
			apitest.CheckAnswer(t, resp, body)
		}
	}
	if words = slices.Compact(words); len(words) != 1 {
		t.Errorf("the answers tell keys apart: %q", words)
	}
	r, err := http.NewRequest("GET", s.URL+cafe, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Authorization"] = []string{"Bearer " + s.keyA, "Bearer " + s.keyB}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode != 401 {
		t.Errorf("two keys: %d", resp.StatusCode)
	}
	for _, scheme := range []string{"bearer ", "BEARER "} {
		if resp, body := s.do(t, "GET", cafe, "", "Authorization: "+scheme+s.keyA); resp.StatusCode != 200 {
			t.Errorf("%s: %d %s", scheme, resp.StatusCode, body)
		}
	}
	if resp, _ := s.do(t, "GET", cafe, "", "Authorization: Basic x", s.as("viewer")); resp.StatusCode != 200 { // of a proxy before us
		t.Errorf("another scheme beside a session: %d", resp.StatusCode)
	}
}

// TestKeysAreNotTakenFromAddresses: an address is logged and shared; a key in it is
// refused, with or without another proof.
func TestKeysAreNotTakenFromAddresses(t *testing.T) {
	s := gate6(t, nil)
	for _, name := range []string{"key", "api_key", "access_token", "token"} {
		if resp, _ := s.do(t, "GET", cafe+"?"+name+"="+s.keyA, ""); resp.StatusCode != 401 {
			t.Errorf("%s alone: %d", name, resp.StatusCode)
		}
		resp, body := s.do(t, "GET", cafe+"?"+name+"="+s.keyA, "", bearer(s.keyA))
		if resp.StatusCode != 422 || !strings.Contains(body, "query."+name) || strings.Contains(body, s.keyA) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, body)
		}
	}
}

func TestKeysMakeNoMoreThanTheyHave(t *testing.T) {
	s := gate6(t, nil)
	ctx := context.Background()
	_, owner, _ := s.access.MakeKey(ctx, account.APIKey{Name: "o", Brand: brandA, Role: account.Owner, Expires: fakeNow.Add(24 * time.Hour)})
	_, manager, _ := s.access.MakeKey(ctx, account.APIKey{Name: "m", Brand: brandA, Role: account.Manager})
	body := func(brand, role, expires string) string {
		b, err := json.Marshal(map[string]string{"name": "child", "brand": brand, "role": role, "expires": expires})
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer(`"brand":"",`, "", `"expires":"",`, "").Replace(string(b))
	}
	soon, late := fakeNow.Add(time.Hour).Format(time.RFC3339), fakeNow.AddDate(0, 0, 2).Format(time.RFC3339)
	for _, c := range []struct {
		what, head, body string
		status           int
	}{
		{"a manager", bearer(manager), body(brandA, "viewer", soon), 403},
		{"for ever", bearer(owner), body(brandA, "viewer", ""), 403},
		{"for longer", bearer(owner), body(brandA, "viewer", late), 403},
		{"every brand", bearer(owner), body("", "viewer", soon), 403},
		{"another brand", bearer(owner), body(brandB, "viewer", soon), 404},
		{"no such role", bearer(owner), body(brandA, "admin", soon), 422},
		{"past", s.as("owner"), body(brandA, "viewer", fakeNow.Format(time.RFC3339)), 422},
		{"as much", bearer(owner), body(brandA, "owner", soon), 201},
		{"a person, for ever", s.as("owner"), body(brandA, "owner", ""), 201},
		{"every brand, by who has them", s.as("all"), body("", "owner", ""), 201},
	} {
		resp, text := s.do(t, "POST", "/api/v1/keys", c.body, asJSON, c.head)
		if resp.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.what, resp.StatusCode, text)
		}
		if resp.StatusCode != 201 {
			continue
		}
		var made APIKeyMade
		if err := json.Unmarshal([]byte(text), &made); err != nil || !made.Alive || resp.Header.Get("Location") != "/api/v1/keys/"+made.ID || !strings.HasPrefix(made.Key, "adk_"+made.ID+"_") {
			t.Errorf("%s: %s, %v", c.what, text, err)
		}
		if list, all := s.do(t, "GET", "/api/v1/keys", "", s.as("all")); list.StatusCode != 200 || !strings.Contains(all, made.ID) || strings.Contains(all, made.Key) {
			t.Errorf("%s: listed as %s", c.what, all)
		}
		if end, _ := s.do(t, "DELETE", "/api/v1/keys/"+made.ID, "", s.as("all")); end.StatusCode != 204 {
			t.Errorf("%s: %d", c.what, end.StatusCode)
		}
		if resp, _ := s.do(t, "GET", cafe, "", bearer(made.Key)); resp.StatusCode != 401 {
			t.Errorf("%s: revoked, it answers %d", c.what, resp.StatusCode)
		}
	}
	if own, ok := account.KeyID(owner); !ok || !slices.ContainsFunc(s.access.keys, func(k account.APIKey) bool { return k.MadeBy == "key:"+own }) {
		t.Error("who made a key is not kept")
	}
}

func TestRateLimits(t *testing.T) {
	var now atomic.Int64
	now.Store(fakeNow.Unix())
	s := gate6(t, func(o *Options) {
		o.KeyRate, o.KeyBurst = .5, 4
		o.Now = func() time.Time { return time.Unix(now.Load(), 0) }
	})
	ask := func(path, head string) *http.Response {
		t.Helper()
		resp, body := s.do(t, "GET", path, "", head)
		apitest.CheckAnswer(t, resp, body)
		return resp
	}
	for i := range 4 {
		resp := ask(cafe, bearer(s.keyA))
		if resp.StatusCode != 200 || resp.Header.Get("RateLimit-Policy") != `"key";q=4;w=8` || resp.Header.Get("RateLimit") != fmt.Sprintf(`"key";r=%d;t=%d`, 3-i, 2*(i+1)) {
			t.Errorf("request %d: %d %v", i, resp.StatusCode, resp.Header)
		}
	}
	resp := ask(cafe, bearer(s.keyA))
	wait, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if resp.StatusCode != 429 || err != nil || wait != 2 || resp.Header.Get("RateLimit") != `"key";r=0;t=8` {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if resp := ask("/api/v1/brands", bearer(s.keyB)); resp.StatusCode != 200 {
		t.Errorf("another key: %d", resp.StatusCode)
	}
	now.Add(int64(wait))
	if resp := ask(cafe, bearer(s.keyA)); resp.StatusCode != 200 {
		t.Errorf("after Retry-After: %d", resp.StatusCode)
	}
	if resp := ask(cafe, s.as("viewer")); resp.Header.Get("RateLimit-Policy") != `"session";q=20;w=8` {
		t.Errorf("a session: %v", resp.Header)
	}
	for i := range 21 { // whoever shows nothing, or something wrong, is one address
		head := "X-Forwarded-For: 10.0.0." + strconv.Itoa(i)
		if i%2 == 0 {
			head = bearer("adk_wrong" + strconv.Itoa(i))
		}
		resp := ask("/api/v1/health", head)
		if limited := resp.StatusCode == 429; limited != (i == 20) || resp.Header.Get("RateLimit-Policy") != `"address";q=20;w=8` {
			t.Errorf("request %d of an address: %d %v", i, resp.StatusCode, resp.Header)
		}
	}
	if resp := ask(cafe, s.as("viewer")); resp.StatusCode != 200 {
		t.Errorf("who signed in is kept out by others of the address: %d", resp.StatusCode)
	}
}

func TestLimitsStaySmall(t *testing.T) {
	l := newLimits(1, 1, func() time.Time { return fakeNow })
	for i := range 3 * keptBuckets {
		l.address.of(strconv.Itoa(i))
	}
	if n := l.address.kept.Len(); n != keptBuckets {
		t.Errorf("%d addresses are kept", n)
	}
}

// TestWritesAreRecorded: who did what to which brand, without a word of people.
func TestWritesAreRecorded(t *testing.T) {
	s := gate6(t, nil)
	id, _ := account.KeyID(s.keyA)
	do := func(method, path, body string, head ...string) {
		t.Helper()
		if body != "" {
			head = append(head, asJSON)
		}
		s.do(t, method, path, body, head...)
	}
	do("PUT", cafe+"/mentions/"+mentionKey("x", "18446744073709551100")+"/label", `{"label":"negative"}`, s.as("analyst"))
	do("DELETE", cafe+"/own-accounts?handle=cafe", "", s.as("manager"))
	do("PUT", cafe+"/identities/x%2Fana_handle/x%2Fana0", `{"decision":"accepted"}`, s.as("analyst"))
	do("PUT", cafe+"/advocates/@ana_handle/authenticity", `{"verdict":"genuine"}`, s.as("analyst"))
	do("PUT", cafe+"/circle/p003", `{"role":"staff"}`, s.as("analyst"))
	do("POST", cafe+"/scans", "", s.as("manager"))
	do("POST", "/api/v1/brands", `{"name":"Nueva"}`, s.as("all"))
	do("DELETE", "/api/v1/brands/nueva", "", s.as("all"))
	do("PUT", cafe+"/segments/ana_handle", `{"where":"score > 10"}`, s.as("analyst"))
	do("POST", cafe+"/sentiment/audit", `{"n":60,"seed":1,"answers":[]}`, s.as("analyst")) // changes nothing
	do("GET", cafe+"/advocates", "", s.as("viewer"))
	do("PATCH", cafe, `{}`, s.as("manager"))
	do("PATCH", cafe, `{"query":"x"}`, bearer(s.keyA))
	do("GET", "/api/v1/brands/"+brandB2()+"/advocates", "", s.as("viewer"))
	do("GET", cafe, "")
	var got []string
	for _, e := range s.access.take() {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s %s", e.Kind, e.Actor, e.Action, account.Fold(e.Brand), strings.Split(e.Object, ":")[0], e.Outcome)))
		if strings.Contains(fmt.Sprint(e), "handle") || strings.Contains(e.Object, "1844") {
			t.Errorf("a name is kept: %+v", e)
		}
	}
	want := []string{
		"person u-analyst label-mention café ñandú sha256 ok", "person u-manager remove-own-account café ñandú  ok", "person u-analyst decide-identity café ñandú  ok",
		"person u-analyst decide-authenticity café ñandú  not_found", "person u-analyst decide-circle café ñandú p003 ok", "person u-manager start-scan café ñandú 3 ok", "person u-all create-brand  Nueva ok",
		"person u-all remove-brand nueva nueva ok", "person u-analyst save-segment café ñandú sha256 ok", "person u-manager change-brand café ñandú  invalid", "key " + id + " change-brand café ñandú  forbidden",
		"person u-viewer list-advocates " + account.Fold(brandB) + "  not_found", "get-brand café ñandú  unauthorized",
	}
	if !slices.Equal(got, want) {
		t.Errorf("recorded\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func brandB2() string {
	return strings.NewReplacer(" ", "%20", "/", "%2F", "Ñ", "%C3%91").Replace(brandB)
}

// TestFailuresDoNotFillTheLog: what strangers try is counted, not written down.
func TestFailuresDoNotFillTheLog(t *testing.T) {
	var now atomic.Int64
	now.Store(fakeNow.Unix())
	s := gate6(t, func(o *Options) { o.Now = func() time.Time { return time.Unix(now.Load(), 0) } })
	for range 250 {
		s.do(t, "GET", cafe, "")
		if resp, body := s.do(t, "DELETE", "/api/v1/session", ""); resp.StatusCode != http.StatusNoContent {
			t.Fatal(resp.Status, body)
		}
	}
	for range 100 {
		s.do(t, "PATCH", cafe, `{}`, asJSON, s.as("manager"))
	}
	entries := s.access.take()
	if len(entries) != failuresOfStrangers+failuresOfActors {
		t.Errorf("%d entries", len(entries))
	}
	now.Add(60)
	s.do(t, "GET", cafe, "")
	s.do(t, "PUT", cafe+"/circle/p003", `{"role":"staff"}`, asJSON, s.as("analyst"))
	if entries = s.access.take(); len(entries) != 2 || entries[0].Outcome != "unauthorized; 480 before it are not recorded" || entries[1].Outcome != "ok" {
		t.Errorf("%+v", entries)
	}
}

func TestAuditLogOverTheAPI(t *testing.T) {
	s := gate6(t, nil)
	for i := range 5 {
		_ = s.access.AppendAudit(context.Background(), account.Entry{Kind: account.Person, Actor: "=u" + strconv.Itoa(i), Action: "label-mention", Brand: brandA, Outcome: "ok", Hash: bytes.Repeat([]byte{1}, 32)})
	}
	_ = s.access.AppendAudit(context.Background(), account.Entry{Action: "of-another", Brand: brandB, Outcome: "ok"})
	const at = "/api/v1/audit-log"
	own := at + "?brand=Caf%C3%A9%20%C3%B1and%C3%BA"
	var page AuditEntryList
	resp, body := s.do(t, "GET", own+"&limit=3", "", s.as("owner"))
	if err := json.Unmarshal([]byte(body), &page); err != nil || resp.StatusCode != 200 || len(page.Items) != 3 || page.NextCursor == nil || page.Items[0].N != 5 {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	resp, body = s.do(t, "GET", own+"&limit=3&cursor="+*page.NextCursor, "", s.as("owner"))
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 2 || page.NextCursor != nil || page.Items[1].N != 1 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	resp, body = s.do(t, "GET", own+"&format=csv", "", s.as("owner"))
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 6 || rows[1][3] != "'=u4" || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("%v %q %v", resp.Header, rows, err)
	}
	if resp, body = s.do(t, "GET", at, "", s.as("all")); resp.StatusCode != 200 || !strings.Contains(body, "of-another") || !strings.Contains(body, `"actor_kind":"nobody"`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	for path, want := range map[string]int{at: 403, at + "?brand=": 403, own + "&brand=x": 422, own + "&cursor=x": 422, own + "&limit=0": 422} {
		if resp, body := s.do(t, "GET", path, "", s.as("owner")); resp.StatusCode != want {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

// TestASignatureIsAProof: a signature with the push secret is proof enough, and a wrong
// one refuses whoever sends it.
func TestASignatureIsAProof(t *testing.T) {
	secret := []byte("an invented secret of a test")
	s := gate6(t, func(o *Options) { o.PushKey = secret })
	const body = `[{"text":"ok"}]`
	sign := func(with []byte) []string {
		at := strconv.FormatInt(fakeNow.Unix(), 10)
		mac := hmac.New(sha256.New, with)
		fmt.Fprintf(mac, "m1.%s.%s", at, body)
		return []string{asJSON, "webhook-id: m1", "webhook-timestamp: " + at, "webhook-signature: v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))}
	}
	for _, c := range []struct {
		what   string
		path   string
		head   []string
		status int
	}{
		{"nothing", cafe, []string{asJSON}, 401},
		{"wrong signature", cafe, sign([]byte("x")), 401},
		{"wrong signature of who may", cafe, append(sign([]byte("x")), s.as("manager")), 401},
		{"wrong signature, no brand", "/api/v1/brands/nobody", sign([]byte("x")), 401},
		{"signed", cafe, sign(secret), 200},
		{"signed, by somebody who may not", cafe, append(sign(secret), s.as("viewer")), 403},
		{"who may, unsigned", cafe, []string{asJSON, s.as("manager")}, 200},
		{"a key that may not", cafe, []string{asJSON, bearer(s.keyA)}, 403},
		{"a key of another brand", cafe, []string{asJSON, bearer(s.keyB)}, 404},
	} {
		if resp, text := s.do(t, "POST", c.path+"/mentions", body, c.head...); resp.StatusCode != c.status {
			t.Errorf("%s: %d %s", c.what, resp.StatusCode, text)
		}
	}
	got := s.access.take()
	if i := slices.IndexFunc(got, func(e account.Entry) bool { return e.Kind == account.Service && e.Outcome == "ok" }); i < 0 || got[i].Action != "push-mentions" {
		t.Errorf("%+v", got)
	}
}

// TestActorOnEveryWrite: judgements are signed by who made them, not by a field.
func TestActorOnEveryWrite(t *testing.T) {
	s := gate6(t, nil)
	_, key, _ := s.access.MakeKey(context.Background(), account.APIKey{Name: "k", Brand: brandA, Role: account.Analyst})
	id, _ := account.KeyID(key)
	for head, want := range map[string]string{s.as("analyst"): `"by":"person:u-analyst"`, bearer(key): `"by":"key:` + id + `"`} {
		if resp, body := s.do(t, "PUT", cafe+"/identities/p-m/x%2Fana0", `{"decision":"accepted"}`, asJSON, head); resp.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}
}

// TestKeysBrandAsSpelt: what a key may do is told with the brand as it is spelt.
func TestKeysBrandAsSpelt(t *testing.T) {
	s := gate6(t, nil)
	if resp, body := s.do(t, "GET", "/api/v1/me", "", "Authorization: Bearer "+s.keyA); resp.StatusCode != 200 || !strings.Contains(body, `"brand":"`+brandA+`"`) {
		t.Errorf("%d %s, want %s", resp.StatusCode, body, brandA)
	}
}
