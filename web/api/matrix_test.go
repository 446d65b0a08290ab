package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/scan"
)

// The brand whose people ask, one that is not theirs, and one that nobody has;
// names of one length, so that answers have one too.
const (
	brandA = "Café Ñandú"
	brandB = "Otra Ñ/2 zzyzxsa"
	ghost  = "Nada Ñ/9 perdida"
)

// gated is the API with people who sign in.
type gated struct {
	*testServer
	access      *fakeAccess
	description *huma.OpenAPI
	keyA, keyB  string // texts: of a viewer of A, of an owner of B
}

func gate6(t testing.TB, change func(*Options)) *gated {
	t.Helper()
	f := newFake(40)
	f.brands[strings.ToLower(brandB)] = adalid.Brand{Name: brandB, Query: "zzyzxsa"}
	a := f.brands[strings.ToLower(brandA)]
	a.Rivals = []string{brandB, "Invented"}
	f.brands[strings.ToLower(brandA)] = a
	f.imports = append(f.imports, ImportStatus{ID: "impB", Brand: brandB, Name: "zzyzxsa.csv", State: ImportDone})
	live := newFakeLive(f)
	live.sources["of A"] = scan.Source{Name: "of A", Collector: "forum", Brand: brandA, Settings: json.RawMessage("{}")}
	live.sources["zzyzxsa B"] = scan.Source{Name: "zzyzxsa B", Collector: "forum", Brand: brandB, Settings: json.RawMessage("{}")}
	live.scans = append(live.scans, scan.Record{ID: 2, Brand: brandB, State: scan.Done})
	access := newFakeAccess(f)
	for r := account.Viewer; r <= account.Owner; r++ {
		access.set(r.String(), account.Actor{Kind: account.Person, ID: "u-" + r.String(), Roles: map[string]account.Role{account.Fold(brandA): r}})
	}
	access.set("all", account.Actor{Kind: account.Person, ID: "u-all", Roles: map[string]account.Role{account.EveryBrand: account.Owner}})
	access.set("none", account.Actor{Kind: account.Person, ID: "u-none"})
	e, err := NewEngine(EngineOptions{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Sources: live, Scanner: live, Standings: live, Schedules: live, Receiver: live, Previewer: live, Inventor: f, Brands: f, Evidence: f, Ranker: f, Explainer: f, Viewer: f, Segments: f, BrandSettings: BrandSettings{Choices: f, QueryTester: f, Alarms: f},
		Importer: f, Topics: f, Teacher: f, Relevance: f, Auditor: f, Identity: f, Circle: f, Workflow: newFakeWorkflow(f), Privacy: newFakePrivacy(f), Query: fakeQuery, Now: func() time.Time { return fakeNow }, MaxUpload: 1 << 20,
		Sessions: access, Accounts: account.New(account.Options{Store: fakePeople{}}), Keys: access, AuditLog: access, Recheck: 5 * time.Millisecond,
	}
	if change != nil {
		change(&o)
	}
	s := &gated{access: access}
	if s.description, err = Mount(e, o); err != nil {
		t.Fatal(err)
	}
	headed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // as package web answers HEAD
		if r.Method == http.MethodHead {
			r = r.WithContext(ForHead(r.Context()))
			r.Method = http.MethodGet
		}
		e.ServeHTTP(w, r)
	})
	s.testServer = &testServer{Server: httptest.NewServer(headed), fake: f, live: live, engine: e, client: &http.Client{
		Transport: &http.Transport{}, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.Close()
	})
	make := func(k account.APIKey) string {
		_, text, err := access.MakeKey(context.Background(), k)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	s.keyA = make(account.APIKey{Name: "a", Brand: brandA, Role: account.Viewer})
	s.keyB = make(account.APIKey{Name: "b zzyzxsa", Brand: brandB, Role: account.Owner})
	return s
}

// as gives the header with which somebody asks.
func (s *gated) as(who string) string {
	if who == "key" {
		return "Authorization: Bearer " + s.keyA
	}
	return "Cookie: as=" + who
}

// examples are values of the path's parameters, for A, for B, and such as nothing
// has. A new parameter needs a line here.
func (s *gated) examples(t *testing.T, parameter, path string, which int) string {
	t.Helper()
	idA, _ := account.KeyID(s.keyA)
	idB, _ := account.KeyID(s.keyB)
	values := map[string][3]string{
		"brand": {brandA, brandB, ghost}, "source": {"of A", "zzyzxsa B", "of C"}, "/keys/id": {idA, idB, strings.Repeat("a", 12)},
		"id": {"1", "1", "1"}, "segment": {"few", "few", "few"}, "view": {"rising", "rising", "rising"}, "a": {"p001", "p001", "p001"}, "b": {"p002", "p002", "p002"},
		"platform": {"x", "x", "x"}, "user": {"u1", "u2", "u3"}, "note": {"1", "1", "1"}, "task": {"1", "1", "1"}, "batch": {"1", "1", "1"}, "saved": {"1", "1", "1"}, "invitation": {"i1", "i2", "i3"},
	}
	v, ok := values[strings.TrimSuffix(path, "{"+parameter+"}")+parameter]
	if !ok {
		v, ok = values[parameter]
	}
	if !ok {
		t.Fatalf("%s: the matrix has no example for {%s}: add one to its table", path, parameter)
	}
	return v[which]
}

var parameterForm = regexp.MustCompile(`\{(\w+)\}`)

// address fills an operation's path in.
func (s *gated) address(t *testing.T, o *operation, which int) string {
	at := parameterForm.ReplaceAllStringFunc(o.path, func(p string) string {
		return url.PathEscape(s.examples(t, strings.Trim(p, "{}"), o.path, which))
	})
	if o.rule.of == inQuery {
		at += "?brand=" + url.QueryEscape([]string{brandA, brandB, ghost}[which])
	}
	return Prefix + at
}

// operation is what the matrix asks for.
type operation struct {
	id, method, path string
	rule             Rule
}

func (s *gated) operations(t *testing.T) []operation {
	t.Helper()
	var list []operation
	table := rules()
	for path, item := range s.description.Paths {
		for method, o := range map[string]*huma.Operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete, "PATCH": item.Patch} {
			if o != nil {
				list = append(list, operation{o.OperationID, method, path, table[o.OperationID]})
			}
		}
	}
	slices.SortFunc(list, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	if len(list) < 60 {
		t.Fatalf("only %d operations", len(list))
	}
	return list
}

// expected says from the rule what somebody with these roles is told about A, B and
// a brand that is not there: 0 is that they pass.
func expected(r Rule, a account.Actor, which int) int {
	switch {
	case r.Scope == account.Open:
		return 0
	case a.Kind == "":
		return 401
	case r.Scope == account.SignedIn:
		return 0
	}
	role := a.On([]string{brandA, brandB, ghost}[which])
	switch {
	case r.Scope == account.Installation:
		role = a.Everywhere()
	case r.of == anywhere:
		role = max(a.On(brandA), a.Everywhere())
	case role == account.None:
		return 404
	}
	if role < r.Least {
		return 403
	}
	return 0
}

// TestMatrix asks every operation as everybody about the own brand, about another
// one and about one that is not there.
func TestMatrix(t *testing.T) {
	s := gate6(t, nil)
	asked := 0
	for _, o := range s.operations(t) {
		fresh := gate6(t, nil) // what passes may change things
		for _, who := range []string{"nobody", "none", "viewer", "key", "analyst", "manager", "owner", "all"} {
			actor := fresh.access.actors[who]
			if who == "key" {
				actor = account.Actor{Kind: account.Key, Roles: map[string]account.Role{account.Fold(brandA): account.Viewer}}
			}
			var texts [3]string
			for which := range 3 {
				if o.id == "watch-scan" && which == 0 {
					fresh.live.change(1, func(r *scan.Record) { r.State = scan.Done })
				}
				at := fresh.address(t, &o, which)
				resp, body := fresh.do(t, o.method, at, "", fresh.as(who))
				asked++
				texts[which] = neutral(resp, body)
				want := expected(o.rule, actor, which)
				switch {
				case want != 0 && resp.StatusCode != want:
					t.Errorf("%s as %s on %s: %d, want %d: %s", o.id, who, at, resp.StatusCode, want, body)
				case want == 0 && (resp.StatusCode == 401 || resp.StatusCode == 403 || resp.StatusCode >= 500 || which == 0 && strings.Contains(body, "There is no brand") && o.id != "remove-brand"):
					t.Errorf("%s as %s on %s does not pass: %d %s", o.id, who, at, resp.StatusCode, body)
				}
				if who != "all" && which == 0 && strings.Contains(body, "zzyzxsa") {
					t.Errorf("%s as %s tells of the other brand: %s", o.id, who, body)
				}
			}
			if who != "all" && o.rule.Scope != account.Open && texts[1] != texts[2] {
				t.Errorf("%s as %s: another brand answers\n%s\nunlike one that is not there\n%s", o.id, who, texts[1], texts[2])
			}
		}
		fresh.Close()
	}
	t.Logf("%d requests", asked)
}

// neutral is an answer without what differs by chance, and with one name for all
// brands that were asked for.
func neutral(resp *http.Response, body string) string {
	h := maps.Clone(resp.Header)
	for _, name := range []string{"Date", RequestIDHeader, "Ratelimit"} {
		delete(h, name)
	}
	names := strings.NewReplacer(brandB, "BRAND", ghost, "BRAND", url.PathEscape(brandB), "BRAND", url.PathEscape(ghost), "BRAND")
	body = regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(names.Replace(body), "")
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(h)) {
		lines = append(lines, k+": "+names.Replace(strings.Join(h[k], "|")))
	}
	return fmt.Sprintf("%d\n%s\n\n%s", resp.StatusCode, strings.Join(lines, "\n"), body)
}

// TestAnotherBrandAnswersAsNone sends requests that are wrong in every way to
// another brand and to one that is not there.
func TestAnotherBrandAnswersAsNone(t *testing.T) {
	s := gate6(t, func(o *Options) { o.PushKey = []byte("k") })
	asked := 0
	for _, o := range s.operations(t) {
		if o.rule.of == nowhere || o.rule.of == anywhere {
			continue
		}
		for _, who := range []string{"owner", "key", "none"} {
			for _, v := range []struct {
				name, method, query, body string
				head                      []string
			}{
				{name: "JSON", body: `{"name":"x","label":"neutral"}`, head: []string{asJSON}},
				{name: "no JSON", body: `{"a":`, head: []string{asJSON}},
				{name: "another type", body: "x", head: []string{"Content-Type: application/xml"}},
				{name: "large", body: strings.Repeat("x", 2<<20), head: []string{asJSON}},
				{name: "HEAD", method: "HEAD"},
				{name: "any version", head: []string{"If-None-Match: *"}},
				{name: "unknown parameter", query: "nothing=1"},
				{name: "bad limit", query: "limit=abc"},
				{name: "twice", query: "limit=1&limit=2"},
				{name: "no text", query: "limit=%ff"},
				{name: "semicolon", query: "limit=1;x=2"},
				{name: "a cursor", query: "cursor=abc"},
				{name: "merged", query: "lang=es"},
			} {
				method := o.method
				if v.method != "" {
					if o.method != http.MethodGet {
						continue
					}
					method = v.method
				}
				var texts [2]string
				for i, which := range []int{1, 2} {
					at := s.address(t, &o, which)
					if sep := "?"; v.query != "" {
						if strings.Contains(at, "?") {
							sep = "&"
						}
						at += sep + v.query
					}
					resp, body := s.do(t, method, at, v.body, append(slices.Clone(v.head), s.as(who))...)
					asked++
					if texts[i] = neutral(resp, body); resp.StatusCode != 404 {
						t.Errorf("%s, %s, as %s on %s: %d %s", o.id, v.name, who, at, resp.StatusCode, body)
					}
				}
				if texts[0] != texts[1] {
					t.Errorf("%s, %s, as %s: another brand answers\n%s\nunlike one that is not there\n%s", o.id, v.name, who, texts[0], texts[1])
				}
			}
		}
	}
	if s.live.received > 0 || len(s.live.started) > 0 {
		t.Error("something was done")
	}
	t.Logf("%d requests", asked)
}

// TestOtherObjectsAreUnknown: ids of B's objects below A's addresses.
func TestOtherObjectsAreUnknown(t *testing.T) {
	s := gate6(t, nil)
	for _, c := range [][2]string{{"/imports/impB", "/imports/impX"}, {"/scans/2", "/scans/9"}, {"/scans/2/events", "/scans/9/events"}} {
		var texts [2]string
		for i := range c {
			resp, body := s.do(t, "GET", cafe+c[i], "", s.as("owner"))
			if texts[i] = neutral(resp, body); resp.StatusCode != 404 {
				t.Errorf("%s: %d %s", c[i], resp.StatusCode, body)
			}
		}
		if texts[0] != texts[1] {
			t.Errorf("%s\n%s", texts[0], texts[1])
		}
	}
}

// TestRivalsOfOthersStayHidden: what a brand's people may not see is neither named
// nor lost.
func TestRivalsOfOthersStayHidden(t *testing.T) {
	s := gate6(t, nil)
	s.access.set("two", account.Actor{Kind: account.Person, ID: "u2", Roles: map[string]account.Role{account.Fold(brandA): account.Manager, "invented": account.Viewer}})
	for who, want := range map[string]string{"manager": `"rivals":[]`, "two": `"rivals":["Invented"]`, "all": `"rivals":["` + brandB + `","Invented"]`} {
		if resp, body := s.do(t, "GET", cafe, "", s.as(who)); resp.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", who, resp.StatusCode, body)
		}
	}
	if resp, body := s.do(t, "PATCH", cafe, `{"rivals":[]}`, asJSON, s.as("two")); resp.StatusCode != 200 || !strings.Contains(body, `"rivals":[]`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if b, _ := s.Brand(context.Background(), brandA); !slices.Equal(b.Rivals, []string{brandB}) {
		t.Errorf("rivals %q, want the hidden one alone", b.Rivals)
	}
	for _, c := range []struct{ method, path, body string }{
		{"PATCH", cafe, `{"rivals":["BRAND"]}`},
		{"GET", cafe + "/views/rivals?rivals=BRAND", ""},
		{"GET", "/api/v1/voice?brands=BRAND", ""},
		{"PUT", "/api/v1/sources/of%20A", `{"kind":"forum","brand":"BRAND"}`},
		{"POST", "/api/v1/keys", `{"name":"n","role":"viewer","brand":"BRAND"}`},
	} {
		var texts []string
		for _, brand := range []string{brandB, ghost} {
			path, body := strings.Replace(c.path, "BRAND", url.QueryEscape(brand), 1), strings.Replace(c.body, "BRAND", brand, 1)
			resp, text := s.do(t, c.method, path, body, asJSON, s.as("owner"))
			if texts = append(texts, neutral(resp, text)); resp.StatusCode != 404 {
				t.Errorf("%s %s: %d %s", c.method, path, resp.StatusCode, text)
			}
		}
		if texts[0] != texts[1] {
			t.Errorf("%s %s: %s\n%s", c.method, c.path, texts[0], texts[1])
		}
	}
}

// TestStreamEndsWithTheRight: who may not ask any more is not told any more.
func TestStreamEndsWithTheRight(t *testing.T) {
	s := gate6(t, nil)
	s.live.change(1, func(r *scan.Record) { r.State = scan.Running })
	for what, end := range map[string]func(){
		"key":    func() { id, _ := account.KeyID(s.keyA); _ = s.access.RevokeKey(context.Background(), id) },
		"viewer": func() { s.access.set("viewer", account.Actor{Kind: account.Person, ID: "u-viewer"}) },
		"owner":  func() { s.access.set("owner", account.Actor{}) }, // signed out
	} {
		r, err := http.NewRequest("GET", s.URL+cafe+"/scans/1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		k, v, _ := strings.Cut(s.as(what), ": ")
		r.Header.Set(k, v)
		resp, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != 200 {
			t.Fatalf("%s: %d", what, resp.StatusCode)
		}
		end()
		if _, err := io.ReadAll(resp.Body); err != nil { // returns when the stream has ended
			t.Errorf("%s: %v", what, err)
		}
		resp.Body.Close()
	}
	if (Options{}).lookAtRights() > 30*time.Second {
		t.Error("rights are looked at too rarely")
	}
}

// TestRouteWithoutARule: the server is not built, and what were served all the same
// would be refused.
func TestRouteWithoutARule(t *testing.T) {
	plant := func(s *server, a huma.API) {
		s.register(a)
		register(a, op(http.MethodGet, "/brands/{brand}/planted", "get-planted", ""), s.getBrand)
	}
	build := func(rules map[string]Rule) (*httptest.ResponseRecorder, error) {
		e, err := NewEngine(EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = mount(e, Options{Brands: newFake(1)}, rules, plant)
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", cafe+"/planted", nil)
		r.Host = "localhost"
		e.ServeHTTP(w, r)
		return w, err
	}
	if w, err := build(rules()); err == nil || !strings.Contains(err.Error(), "the operation get-planted (GET /api/v1/brands/:brand/planted) has no rule") || w.Code != 403 {
		t.Errorf("%v, %d", err, w.Code)
	}
	with := rules()
	with["get-planted"] = on(account.Viewer)
	if w, err := build(with); err != nil || w.Code != 200 {
		t.Errorf("%v, %d", err, w.Code)
	}
	for what, r := range map[string]Rule{"no role": on(account.None), "no place": on(account.Viewer, nowhere), "nothing": {}} {
		with["get-planted"] = r
		if _, err := build(with); err == nil || !strings.Contains(err.Error(), "lets nobody pass") {
			t.Errorf("%s: %v", what, err)
		}
	}
	with["get-planted"], with["get-nothing"] = on(account.Viewer), on(account.Viewer)
	if _, err := build(with); err == nil || !strings.Contains(err.Error(), "a rule for get-nothing, which is no operation") {
		t.Error(err)
	}
}

// TestBrandsAreListedInOnePlace: whoever lists brands otherwise would list those of
// others.
func TestBrandsAreListedInOnePlace(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), ".Brands.Brands("); n > 0 && !strings.HasSuffix(name, "_test.go") {
			if found += n; name != "actor.go" {
				t.Errorf("%s lists all brands", name)
			}
		}
	}
	if found != 1 {
		t.Errorf("brands are listed in %d places", found)
	}
}
