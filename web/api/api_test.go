package api

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"adalid/internal/account"
	"adalid/scoring"
	"adalid/web/api/apitest"
)

var update = flag.Bool("update", false, "write golden files anew")

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(m)
}

type testServer struct {
	*httptest.Server
	*fake
	live   *fakeLive
	log    *bytes.Buffer // read it after Close
	engine *gin.Engine
	client *http.Client
}

// serve starts the API on loopback over an invented world.
func serve(t testing.TB, f *fake) *testServer {
	t.Helper()
	var log bytes.Buffer
	e, err := NewEngine(EngineOptions{
		Hosts: []string{"adalid.example"}, Logger: slog.New(slog.NewJSONHandler(&log, nil)), Metrics: prometheus.NewRegistry(),
	})
	if err != nil {
		t.Fatal(err)
	}
	live, access := newFakeLive(f), newFakeAccess(f)
	people := Sessions(fakePeople{})
	if f.pushKey != nil {
		people = nobody{}
	}
	if _, err := Mount(e, Options{Sessions: people, Accounts: account.New(account.Options{Store: fakePeople{}}), Keys: access, AuditLog: access, Sources: live, Scanner: live, Standings: live, Schedules: live, Receiver: live, Previewer: live, Inventor: f, PushKey: f.pushKey, Brands: f, Evidence: f, Ranker: f, Explainer: f, Viewer: f, Segments: f, BrandSettings: BrandSettings{Choices: f, QueryTester: f, Alarms: f}, Importer: f, Topics: f, Teacher: f, Relevance: f, Auditor: f, Identity: f, Circle: f, Workflow: newFakeWorkflow(f), Privacy: newFakePrivacy(f), Version: "test", Settings: f.settings, YouTube: f.youTube, Query: fakeQuery, Now: func() time.Time { return fakeNow }, MaxUpload: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	s := &testServer{Server: httptest.NewServer(e), fake: f, live: live, log: &log, engine: e}
	s.client = &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		s.Close()
	})
	return s
}

// do sends a request; head holds "Name: value" lines.
func (s *testServer) do(t testing.TB, method, path, body string, head ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range head {
		k, v, _ := strings.Cut(h, ": ")
		if k == "Host" {
			r.Host = v
		}
		r.Header.Set(k, v)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

const (
	asJSON = "Content-Type: application/json"
	cafe   = "/api/v1/brands/Caf%C3%A9%20%C3%91and%C3%BA"

	invented = "/api/v1/brands/Invented"
)

func TestEndpoints(t *testing.T) {
	s := serve(t, newFake(120))
	farReach, _ := scoring.Preset("far-reach")
	for _, c := range []struct {
		name, method, path, body string
		head                     []string
		status                   int
		want                     []string // each in the answer
		not                      []string // none in the answer
	}{
		{name: "health", path: "/api/v1/health", status: 200, want: []string{`"status":"ok"`, `"2026-03-01T12:00:00Z"`}},
		{name: "version", path: "/api/v1/version", status: 200, want: []string{`"version":"test"`, `"formula":"` + scoring.Version + `"`}},
		{name: "brands", path: "/api/v1/brands", status: 200, want: []string{`"demo":true`, `"name":"Café Ñandú"`, `"handle":"cafe"`, `"platform":null`}, not: []string{"$schema"}},
		{name: "brand", path: cafe, status: 200, want: []string{`"created":"2026-03-01T12:00:00Z"`, `"demo":false`}},
		{name: "invented brand", path: invented, status: 200, want: []string{`"demo":true`}},
		{name: "invented advocates", path: invented + "/advocates?limit=1", status: 200, want: []string{`"demo":true`}},
		{name: "invented person", path: invented + "/advocates/p003", status: 200, want: []string{`"demo":true`}},
		{name: "brand without regard to case", path: "/api/v1/brands/caf%C3%A9%20%C3%B1and%C3%BA", status: 200, want: []string{`"Café Ñandú"`}},
		{name: "brand with slash, plus and percent", path: "/api/v1/brands/a%2Fb%20c+d%25", status: 200, want: []string{`"a/b c+d%"`}},
		{name: "no brand", path: "/api/v1/brands/nobody", status: 404, want: []string{`"code":"not_found"`, `"request_id":"`}},
		{name: "create", method: "POST", path: "/api/v1/brands", body: `{"name":" Té/2 ","own_accounts":[{"platform":"x","handle":"@TE"}]}`, head: []string{asJSON}, status: 201, want: []string{`"Té/2"`, `"handle":"te"`}},
		{name: "created", path: "/api/v1/brands/T%C3%A9%2F2", status: 200, want: []string{`"Té/2"`}},
		{name: "create again", method: "POST", path: "/api/v1/brands", body: `{"name":"TÉ/2"}`, head: []string{asJSON}, status: 409, want: []string{`"code":"conflict"`}},
		{name: "create invisible", method: "POST", path: "/api/v1/brands", body: `{"name":"a\u0000b"}`, head: []string{asJSON}, status: 422},
		{name: "create dots", method: "POST", path: "/api/v1/brands", body: `{"name":".."}`, head: []string{asJSON}, status: 422},
		{name: "unknown property is not echoed", method: "POST", path: "/api/v1/brands", body: `{"name":"Q","token":"hunter2"}`, head: []string{asJSON}, status: 422, want: []string{"unexpected property", "body.token"}, not: []string{"hunter2"}},
		{name: "wrong type is not echoed", method: "POST", path: "/api/v1/brands", body: `{"name":{"secret":"hunter2"}}`, head: []string{asJSON}, status: 422, not: []string{"hunter2"}},
		{name: "duplicate key", method: "POST", path: "/api/v1/brands", body: `{"name":"Q","NAME":"R"}`, head: []string{asJSON}, status: 400, want: []string{"more than once"}},
		{name: "no JSON", method: "POST", path: "/api/v1/brands", body: `{"name":`, head: []string{asJSON}, status: 400},
		{name: "two JSON values", method: "POST", path: "/api/v1/brands", body: `{"name":"Q"} {}`, head: []string{asJSON}, status: 400},
		{name: "no body", method: "POST", path: "/api/v1/brands", head: []string{asJSON}, status: 400},
		{name: "form", method: "POST", path: "/api/v1/brands", body: "name=x", head: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415},
		{name: "large", method: "POST", path: "/api/v1/brands", body: `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, head: []string{asJSON}, status: 413},
		{name: "deep", method: "POST", path: "/api/v1/brands", body: strings.Repeat("[", 5000), head: []string{asJSON}, status: 400},
		{name: "change", method: "PATCH", path: cafe, body: `{"query":"café OR \"ñandú\""}`, head: []string{asJSON}, status: 200, want: []string{`OR`}},
		{name: "change to a bad query", method: "PATCH", path: cafe, body: `{"query":"café ("}`, head: []string{asJSON}, status: 422, want: []string{"A parenthesis is not closed."}},
		{name: "create with a bad query", method: "POST", path: "/api/v1/brands", body: `{"name":"Q","query":"("}`, head: []string{asJSON}, status: 422},
		{name: "change nothing", method: "PATCH", path: cafe, body: `{}`, head: []string{asJSON}, status: 422},
		{name: "own accounts", path: cafe + "/own-accounts", status: 200, want: []string{`"handle":"cafe"`}},
		{name: "add own account", method: "POST", path: cafe + "/own-accounts", body: `{"platform":"x","key":"42"}`, head: []string{asJSON}, status: 201, want: []string{`"key":"42"`, `"handle":"cafe"`}},
		{name: "own account without name", method: "POST", path: cafe + "/own-accounts", body: `{"platform":"x"}`, head: []string{asJSON}, status: 422},
		{name: "remove own account", method: "DELETE", path: cafe + "/own-accounts?platform=x&key=42", status: 204},
		{name: "remove it again", method: "DELETE", path: cafe + "/own-accounts?platform=x&key=42", status: 404},
		{name: "advocates", path: cafe + "/advocates?limit=2", status: 200, want: []string{
			`"rank":1`, `"id":"p000"`, `"as_of":"2026-03-01T12:00:00Z"`, `"data_version":"10"`, `"share":22.5`, `"value":null`, `"imputed":false`,
			`"key":"90071992547409930"`, `"views":null`, `"next_cursor":"`, `"own_accounts_left_out"`, `"unknown_time"`, `"demo":false`,
		}, not: []string{"javascript:", `"url"`, `"verified"`}},
		{name: "how sure", path: cafe + "/advocates?limit=2", status: 200, want: []string{
			`"uncertainty":{"score_low":31.5,"score_high":62,"score_safe":34.25,"rank_first":3,"rank_last":11,"top_20":0.75,"small_sample":true}`,
			`"rank_first":null,"rank_last":null,"top_20":null`, `"mode":"expected"`, `"strength":7.5`,
		}},
		{name: "safe", path: cafe + "/advocates?limit=1&mode=safe", status: 200, want: []string{`"mode":"safe"`}},
		{name: "safe and by score", path: cafe + "/advocates?limit=1&mode=safe&sort=score", status: 200, want: []string{`"mode":"safe"`}},
		{name: "safe person", path: cafe + "/advocates/p003?mode=safe", status: 200, want: []string{`"mode":"safe"`}},
		{name: "safe but sorted otherwise", path: cafe + "/advocates?mode=safe&sort=recent", status: 422, want: []string{`"location":"query.mode"`}},
		{name: "unknown mode", path: cafe + "/advocates?mode=bold", status: 422, want: []string{"query.mode"}},
		{name: "defaults are the ranker's", path: cafe + "/advocates?limit=1", status: 200, want: []string{`"blend":"arithmetic"`, `"weights":{"affinity":0,"volume":1,"reach":0,"network":0}`}},
		{name: "blend asked for", path: cafe + "/advocates?limit=1&blend=geometric", status: 200, want: []string{`"blend":"geometric"`}},
		{name: "YouTube apart", path: cafe + "/advocates?limit=1", status: 200, want: []string{`{"code":"ranked_apart","count":6,"detail":"YouTube's people are not ranked until`}},
		{name: "YouTube not yet", path: cafe + "/advocates?platform=youtube", status: 403, want: []string{`"code":"forbidden"`}},
		{name: "critics left out", path: cafe + "/advocates", status: 200, want: []string{`{"code":"critics_left_out","count":5,"detail":null}`}},
		{name: "critics too", path: cafe + "/advocates?all=true", status: 200, want: []string{`"unknown_time"`}, not: []string{"critics_left_out"}},
		{name: "own weights", path: cafe + "/advocates?limit=1&weights=affinity=1,reach=1", status: 200, want: []string{`"weights":{"affinity":0.5,"volume":0,"reach":0.5,"network":0}`}},
		{name: "preset", path: cafe + "/advocates?limit=1&preset=far-reach", status: 200, want: []string{fmt.Sprintf(`"reach":%v`, farReach[scoring.Reach])}},
		{name: "preset and weights", path: cafe + "/advocates?preset=steady&weights=reach=1", status: 422, want: []string{`"location":"query.weights"`}},
		{name: "no weight", path: cafe + "/advocates?weights=reach=0", status: 422, want: []string{`"location":"query.weights"`}},
		{name: "weights NaN", path: cafe + "/advocates?weights=reach=NaN", status: 422, want: []string{`"location":"query.weights"`}, not: []string{"NaN"}},
		{name: "weights of what", path: cafe + "/advocates/p003?weights=hunter2=1", status: 422, want: []string{`"location":"query.weights"`, "numbers from 0 up"}, not: []string{"hunter2"}},
		{name: "empty weights", path: cafe + "/advocates?weights=", status: 422, want: []string{`"location":"query.weights"`, "leave it out"}},
		{name: "empty weights of a person", path: cafe + "/advocates/p003?weights", status: 422, want: []string{`"location":"query.weights"`}},
		{name: "unknown preset", path: cafe + "/advocates?preset=best", status: 422, want: []string{"query.preset"}},
		{name: "unknown parameter", path: cafe + "/advocates?limt=2", status: 422, want: []string{"query.limt"}},
		{name: "parameter twice", path: cafe + "/advocates?limit=2&limit=3", status: 422, want: []string{"more than once", `"location":"query.limit"`}},
		{name: "semicolon", path: cafe + "/advocates?limit=2;all=1", status: 422},
		{name: "limit", path: cafe + "/advocates?limit=201", status: 422, want: []string{"query.limit"}},
		{name: "since after until", path: cafe + "/advocates?since=2026-02-02&until=2026-02-01", status: 422, want: []string{`"location":"query.since"`}},
		{name: "since and until on one day", path: cafe + "/advocates?since=2026-02-02&until=2026-02-02", status: 200},
		{name: "no time", path: cafe + "/advocates?since=yesterday", status: 422, want: []string{"Since is neither", `"location":"query.since"`}, not: []string{"yesterday"}},
		{name: "no language", path: cafe + "/advocates?lang=klingon", status: 422, want: []string{`"location":"query.lang"`}, not: []string{"klingon"}},
		{name: "no language of mentions", path: cafe + "/mentions?lang=klingon", status: 422, want: []string{`"location":"query.lang"`}},
		{name: "a language that models do not know", path: cafe + "/advocates?lang=tlh", status: 200},
		{name: "no end", path: cafe + "/mentions?until=hunter2", status: 422, want: []string{`"location":"query.until"`}, not: []string{"hunter2"}},
		{name: "no cursor", path: cafe + "/advocates?cursor=abc", status: 422, want: []string{`"location":"query.cursor"`}},
		{name: "advocates of no brand", path: "/api/v1/brands/nobody/advocates", status: 404},
		{name: "person", path: cafe + "/advocates/p003", status: 200, want: []string{`"id":"p003"`, `"platforms":[{"platform":"x"`, `"start":"2026-0`, `"top_posts":[{`}},
		{name: "no person", path: cafe + "/advocates/p999", status: 404},
		{name: "merged person", path: cafe + "/advocates/p-old?lang=es", status: 307},
		{name: "mentions", path: cafe + "/mentions?limit=3&authored=true", status: 200, want: []string{`"id":"18446744073709551100"`, `"sentiment":null`, `"url":"https://example.org/0"`, `"url":null,"verified":true`}},
		{name: "mentions have keys", path: cafe + "/mentions?limit=1", status: 200, want: []string{`"key":"` + mentionKey("x", "18446744073709551100") + `"`, `"left_out":null`, `"tone":"neutral"`}},
		{name: "mentions left out", path: cafe + "/mentions?left_out=true", status: 200, want: []string{`"left_out":"rule"`}},
		{name: "label", method: "PUT", path: cafe + "/mentions/" + mentionKey("x", "18446744073709551100") + "/label", body: `{"label":"negative"}`, head: []string{asJSON}, status: 200, want: []string{`"changed":1`, `"rescored":40`, `"turned":4`, `"in_use":true`, `"macro_f1":{"before":0.5,"after":0.75,"gain_low":0.125,"gain_high":0.25}`}},
		{name: "label by the platform's id", method: "PUT", path: cafe + "/mentions/18446744073709551100/label", body: `{"label":"neutral"}`, head: []string{asJSON}, status: 200, want: []string{`"changed":1`}},
		{name: "label by platform and id", method: "PUT", path: cafe + "/mentions/x%2F18446744073709551100/label", body: `{"label":"neutral"}`, head: []string{asJSON}, status: 200, want: []string{`"changed":0`}},
		{name: "unlabel", method: "DELETE", path: cafe + "/mentions/" + mentionKey("x", "18446744073709551100") + "/label", status: 200, want: []string{`"changed":1`, `"in_use":false`, `"accuracy":null`}},
		{name: "label nothing", method: "PUT", path: cafe + "/mentions/" + mentionKey("x", "nowhere") + "/label", body: `{"label":"neutral"}`, head: []string{asJSON}, status: 404},
		{name: "label of no brand", method: "PUT", path: "/api/v1/brands/nobody/mentions/x/label", body: `{"label":"neutral"}`, head: []string{asJSON}, status: 404},
		{name: "corrections", path: cafe + "/corrections?limit=1", status: 200, want: []string{
			`"labels":{"positive":0,"neutral":0,"negative":1}`, `"in_use":true`, `"macro_f1":{"before":0.5,"after":0.75,"gain_low":0.125,"gain_high":0.25}`, `"model":"v1"`, `"resting":false`,
			`"key":"` + mentionKey("x", "18446744073709551100") + `"`, `"label":"negative"`, `"model_label":"positive"`, `"by":"person:u1"`, `"next_cursor":"`,
		}},
		{name: "corrections of no brand", path: "/api/v1/brands/nobody/corrections", status: 404},
		{name: "corrections after nothing", path: cafe + "/corrections?cursor=zzz", status: 422},
		{name: "mark", method: "PUT", path: cafe + "/mentions/" + mentionKey("x", "18446744073709551100") + "/relevance", body: `{"about":false}`, head: []string{asJSON}, status: 200, want: []string{`"changed":1`, `"marked_out":1`, `"marked_back":0`, `"left_out":12`, `"in_use":true`, `"caught":14`}},
		{name: "unmark", method: "DELETE", path: cafe + "/mentions/18446744073709551100/relevance", status: 200, want: []string{`"changed":1`, `"in_use":false`}},
		{name: "mark nothing", method: "PUT", path: cafe + "/mentions/nowhere/relevance", body: `{"about":true}`, head: []string{asJSON}, status: 404},
		{name: "no mark", method: "PUT", path: cafe + "/mentions/x/relevance", body: `{}`, head: []string{asJSON}, status: 422},
		{name: "relevance", path: cafe + "/relevance", status: 200, want: []string{`"enabled":true`, `"in_use":true`, `mango lassi`, `"unmarked":31`, `"key":"` + mentionKey("x", "18446744073709551100") + `","platform":"x","id":"18446744073709551100"`}, not: []string{`"x/1844`}},
		{name: "relevance of no brand", path: "/api/v1/brands/nobody/relevance", status: 404},
		{name: "relevance off", method: "PUT", path: cafe + "/relevance", body: `{"enabled":false}`, head: []string{asJSON}, status: 200, want: []string{`"returned":9`, `"in_use":false`}},
		{name: "audit sample", path: cafe + "/sentiment/audit?n=10&seed=3", status: 200, want: []string{`"n":10`, `"seed":3`, `"key":"` + mentionKey("x", "18446744073709551100") + `"`}, not: []string{"positive"}},
		{name: "audit of too many", path: cafe + "/sentiment/audit?n=100000", status: 422},
		{name: "audit", method: "POST", path: cafe + "/sentiment/audit", body: `{"n":10,"seed":3,"answers":[{"key":"x/18446744073709551100","answer":"negative"}]}`, head: []string{asJSON}, status: 200, want: []string{`"answered":1`, `"accuracy":{"value":0,`, `"precision":{"value":1,`, `{"model":"positive","person":"negative","count":1,"share":1}`}},
		{name: "audit by key", method: "POST", path: cafe + "/sentiment/audit", body: `{"n":10,"seed":3,"answers":[{"key":"` + mentionKey("x", "18446744073709551100") + `","answer":"negative"}]}`, head: []string{asJSON}, status: 200, want: []string{`"answered":1`}},
		{name: "audit of nothing answered", method: "POST", path: cafe + "/sentiment/audit", body: `{"n":10,"seed":3,"answers":[]}`, head: []string{asJSON}, status: 200, want: []string{`"accuracy":null`}},
		{name: "audit of another sample", method: "POST", path: cafe + "/sentiment/audit", body: `{"n":10,"seed":3,"answers":[{"key":"x/1","answer":"not_ours"}]}`, head: []string{asJSON}, status: 422},
		{name: "no label", method: "PUT", path: cafe + "/mentions/x/label", body: `{"label":"hunter2"}`, head: []string{asJSON}, status: 422, want: []string{"body.label"}, not: []string{"hunter2"}},
		{name: "mentions, sort", path: cafe + "/mentions?sort=loudest", status: 422},
		{name: "identities", path: cafe + "/identities?min_confidence=0.5", status: 200, want: []string{`"total":1`, `"id":"p-m","platform":"mastodon"`, `"confidence":0.96,"level":"very-likely"`, `"code":"own-page","weight":4.5`, `"en":"both profiles link to`, `"es":"los dos perfiles`}},
		{name: "identities, more certain", path: cafe + "/identities?min_confidence=0.97", status: 200, want: []string{`"total":0,"items":[]`}},
		{name: "identities, no chance", path: cafe + "/identities?min_confidence=2", status: 422, want: []string{"query.min_confidence"}},
		{name: "identities of no brand", path: "/api/v1/brands/nobody/identities", status: 404},
		{name: "identity decisions", path: cafe + "/identities/decisions", status: 200, want: []string{`"decision":"accepted","confidence":0.75,"reasons":[]`, `"at":"2026-03-01T12:00:00Z"`}},
		{name: "accept an identity", method: "PUT", path: cafe + "/identities/p-m/x%2Fana0", body: `{"decision":"accepted"}`, head: []string{asJSON}, status: 200, want: []string{`"decision":"accepted","confidence":null`, `"by":"person:u1"`}},
		{name: "reject an identity", method: "PUT", path: cafe + "/identities/p-m/p000", body: `{"decision":"rejected"}`, head: []string{asJSON}, status: 200, want: []string{`"decision":"rejected"`}},
		{name: "accept what nothing speaks for", method: "PUT", path: cafe + "/identities/p000/youtube%2FUC1", body: `{"decision":"accepted"}`, head: []string{asJSON}, status: 409, want: []string{`"code":"conflict"`}},
		{name: "decide otherwise", method: "PUT", path: cafe + "/identities/p-m/p000", body: `{"decision":"hunter2"}`, head: []string{asJSON}, status: 422, want: []string{"body.decision"}, not: []string{"hunter2"}},
		{name: "undo an identity", method: "DELETE", path: cafe + "/identities/p-m/x%2Fana0", status: 204},
		{name: "undo what was not decided", method: "DELETE", path: cafe + "/identities/a/b", status: 404},
		{name: "person with links", path: cafe + "/advocates/p003", status: 200, want: []string{`"links":[{"a":{"id":"p-m"`, `"last":"2026-03-01T12:00:00Z"},"score":{"total":89.7,`}},
		{name: "topics", path: cafe + "/topics", status: 200, want: []string{
			`"brand":"Café Ñandú","demo":false,"author":null,"data_version":"10","read":10,"more":false,"unreadable":1,"tone":{"positive":0.4,"neutral":0.1,"negative":0.2,"unknown":0.3}`,
			`"mentions":4,"authors":3,"tone":{"positive":0.75,"neutral":0,"negative":0,"unknown":0.25},"z":2.5,"typical":null,"examples":[{"platform":"x","id":"18446744073709551100","key":"` + mentionKey("x", "18446744073709551100") + `"}]`,
			`"blame":[]`, `"phrase":"café molido","lang":null`, `"z":null`, `"typical":[]`,
		}},
		{name: "topics of an author", path: cafe + "/topics?author=p003&limit=3&lang=es-MX&since=2026-01-01", status: 200, want: []string{`"author":"p003"`, `"phrase":"tin box"`, `"typical":1.5`}},
		{name: "topics of a merged author", path: cafe + "/topics?author=p-old", status: 200, want: []string{`"author":"p001"`}},
		{name: "topics of nobody", path: cafe + "/topics?author=q", status: 404, want: []string{`"code":"not_found"`}},
		{name: "topics of no brand", path: "/api/v1/brands/nobody/topics", status: 404},
		{name: "topics of an invented brand", path: invented + "/topics", status: 200, want: []string{`"demo":true`}},
		{name: "topics, limit", path: cafe + "/topics?limit=201", status: 422, want: []string{"query.limit"}},
		{name: "topics, window", path: cafe + "/topics?since=2026-02-02&until=2026-02-01", status: 422, want: []string{`"location":"query.since"`}},
		{name: "topics, parameter of rankings", path: cafe + "/topics?preset=steady", status: 422, want: []string{"query.preset"}},
		{name: "topics of YouTube, not yet", path: cafe + "/topics?platform=youtube", status: 403, want: []string{`"code":"forbidden"`}},
		{name: "imports", path: cafe + "/imports", status: 200, want: []string{`"cut_last_line"`, `"progress":1`}},
		{name: "import", path: cafe + "/imports/imp1", status: 200, want: []string{`"state":"done"`, `"error":null`, `"unmatched":1`}},
		{name: "no import", path: cafe + "/imports/nope", status: 404},
		{name: "import of another brand", path: "/api/v1/brands/a%2Fb%20c+d%25/imports/imp1", status: 404},
		{name: "upload", method: "POST", path: cafe + "/imports?name=..%2Fetc%2Fe.csv&map=author%3Duser&map=text%3Dbody", body: "a,b\n", head: []string{"Content-Type: text/csv"}, status: 202, want: []string{`"state":"running"`, `"name":"e.csv"`, `"size_bytes":4`}},
		{name: "empty upload", method: "POST", path: cafe + "/imports", head: []string{"Content-Type: text/csv"}, status: 422},
		{name: "failed import", path: cafe + "/imports/imp0", status: 200, want: []string{`say date_order=dmy or date_order=mdy`}, not: []string{"--", strings.Repeat("x", mostOfFile+1)}},
		{name: "refused mapping", method: "POST", path: cafe + "/imports?map=author=a", body: "x", status: 422, want: []string{"Say map=text=Message"}, not: []string{"--map"}},
		{name: "refused upload", method: "POST", path: cafe + "/imports?timezone=Nowhere/At_All", body: "x", status: 422, want: []string{"no time zone"}, not: []string{"canary"}},
		{name: "large upload", method: "POST", path: cafe + "/imports", body: strings.Repeat("x", 2<<20), status: 413},
		{name: "upload for no brand", method: "POST", path: "/api/v1/brands/nobody/imports", body: "x", status: 404},
		{name: "form without boundary", method: "POST", path: cafe + "/imports", body: "x", head: []string{"Content-Type: multipart/form-data"}, status: 415},
		{name: "form cut short", method: "POST", path: cafe + "/imports", body: "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nx", head: []string{"Content-Type: multipart/form-data; boundary=b"}, status: 400},
		{name: "kinds of sources", path: "/api/v1/source-kinds", status: 200, want: []string{`"title":{"es":"De pago","en":"Paid"}`, `"secret":true`, `"usd":0.005,"daily":null`}},
		{name: "sources", path: "/api/v1/sources", status: 200, want: []string{`"name":"forum","kind":"forum","brand":null,"enabled":true,"stored":false`, `"secrets":["token"]`, `"days":3`, `"monthly_usd":20`}, not: []string{secretCanary}},
		{name: "set a source, secret stays", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"days":5},"monthly_usd":2.5}`, head: []string{asJSON}, status: 200, want: []string{`"secrets":["token"]`, `"days":5`, `"monthly_usd":2.5`}, not: []string{secretCanary}},
		{name: "the secret does not go elsewhere", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"server":"https://evil.example"}}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.settings.token"`}, not: []string{secretCanary, "evil"}},
		{name: "nor to a further server", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"servers":["evil.example"]}}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.settings.token"`}},
		{name: "a list of words is no place", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"servers":["golang"]}}`, head: []string{asJSON}, status: 200},
		{name: "address and secret", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"server":"https://two.example","token":"other"}}`, head: []string{asJSON}, status: 200, want: []string{"two.example"}, not: []string{"other"}},
		{name: "secret removed", method: "PUT", path: "/api/v1/sources/paid", body: `{"kind":"paid","settings":{"server":"https://two.example","token":null}}`, head: []string{asJSON}, status: 422, want: []string{"is missing"}},
		{name: "source of another kind has no old secrets", method: "PUT", path: "/api/v1/sources/forum", body: `{"kind":"paid"}`, head: []string{asJSON}, status: 422},
		{name: "new source", method: "PUT", path: "/api/v1/sources/new%20one", body: `{"kind":"forum","brand":"CAFÉ ñandú","enabled":false}`, head: []string{asJSON, "If-None-Match: *"}, status: 201, want: []string{`"brand":"Café Ñandú"`, `"enabled":false`, `"stored":true`}},
		{name: "new source, taken", method: "PUT", path: "/api/v1/sources/new%20one", body: `{"kind":"forum"}`, head: []string{asJSON, "If-None-Match: *"}, status: 412, want: []string{`"code":"precondition_failed"`}},
		{name: "source of no kind", method: "PUT", path: "/api/v1/sources/x", body: `{"kind":"hunter2"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.kind"`}, not: []string{"hunter2"}},
		{name: "source of no brand", method: "PUT", path: "/api/v1/sources/x", body: `{"kind":"forum","brand":"nobody"}`, head: []string{asJSON}, status: 404},
		{name: "source without a name", method: "PUT", path: "/api/v1/sources/..", body: `{"kind":"forum"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"path.source"`}},
		{name: "source, unknown parameter", method: "PUT", path: "/api/v1/sources/x?new=1", body: `{"kind":"forum"}`, head: []string{asJSON}, status: 422},
		{name: "probe", method: "POST", path: "/api/v1/sources/forum/probe", status: 200, want: []string{`"works":true`, `"reason":"answers"`}},
		{name: "probe what does not work", method: "POST", path: "/api/v1/sources/paid/probe", status: 200, want: []string{`"works":false`, `"kind":"auth"`, `"fix":"get a new one"`}},
		{name: "probe nothing", method: "POST", path: "/api/v1/sources/nothing/probe", status: 404},
		{name: "remove a source", method: "DELETE", path: "/api/v1/sources/new%20one", status: 204},
		{name: "remove it again", method: "DELETE", path: "/api/v1/sources/new%20one", status: 404},
		{name: "no schedule", path: cafe + "/schedule", status: 200, want: []string{`"cron":null`, `"next":[]`}},
		{name: "schedule", method: "PUT", path: cafe + "/schedule", body: `{"cron":"0  7 * * *","zone":"Europe/Madrid","monthly_usd":12}`, head: []string{asJSON}, status: 200, want: []string{`"cron":"0 7 * * *"`, `"zone":"Europe/Madrid"`, `"monthly_usd":12`, `"next":["2026-03-02T06:00:00Z","2026-03-03T06:00:00Z"`}},
		{name: "scheduled", path: cafe + "/schedule", status: 200, want: []string{`"2026-03-06T06:00:00Z"]`}},
		{name: "schedule that never comes", method: "PUT", path: cafe + "/schedule", body: `{"cron":"0 0 30 2 *"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.cron"`}},
		{name: "schedule is not echoed", method: "PUT", path: cafe + "/schedule", body: `{"cron":"hunter2"}`, head: []string{asJSON}, status: 422, not: []string{"hunter2"}},
		{name: "schedule on Mars", method: "PUT", path: cafe + "/schedule", body: `{"cron":"@daily","zone":"Mars/hunter2"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.zone"`}, not: []string{"hunter2"}},
		{name: "why", path: cafe + "/advocates/p000/why", status: 200, want: []string{`"total":120`, `"versus":null`, `"code":"share","component":"volume"`, `"en":"Affinity brings 22.5 of the 90.0 points."`, `"es":"La afinidad aporta 22,5 de los 90,0 puntos."`, `"id":"18446744073709551100"`, `"sentiment":0.25,"scored":4`}, not: []string{canary}},
		{name: "why, versus", path: cafe + "/advocates/%40ana0/why?versus=%40ana9", status: 200, want: []string{`"ratio":1.0`, `"words":[{"es":"@ana0 y @ana9 tienen`, `"component":"network","value":null,"other":null,"ratio":1,"points":0`}},
		{name: "why of two", path: cafe + "/advocates/%40twin/why", status: 422, want: []string{"x:twin (id p001), mastodon:twin"}},
		{name: "why of nobody", path: cafe + "/advocates/nobody/why", status: 404},
		{name: "why versus nobody", path: cafe + "/advocates/p001/why?versus=nobody", status: 404},
		{name: "views", path: cafe + "/views", status: 200, want: []string{`"name":"rising","says":{"es":"Personas que publican`, `"name":"rivals"`}},
		{name: "views of no brand", path: "/api/v1/brands/nobody/views", status: 404},
		{name: "view", path: cafe + "/views/rising?limit=2&rivals=a,b", status: 200, want: []string{`"total":120`, `"empty":null`, `"low":1.5,"high":4`, `"es":"Respondió o citó a tus cuentas 3 veces."`, `"en":"a+b: too few`, `"rival":"Other"`, `"next_cursor":"`}},
		{name: "empty view", path: cafe + "/views/connectors", status: 200, want: []string{`"items":[]`, `"empty":{"es":"Ninguna fuente`, `"next_cursor":null`}},
		{name: "no view", path: cafe + "/views/best", status: 422, want: []string{"path.view"}},
		{name: "view of YouTube", path: cafe + "/views/rising?platform=youtube", status: 403},
		{name: "grid", path: cafe + "/rfv", status: 200, want: []string{`"recency":5,"frequency":4,"people":3,"values":[0,0,0,0,2],"unknown":1,"group":"champions"`, `"value_cuts":[0.1,0.2,0.3,0.4]`, `"es":"Publicaron en los últimos 30 días, en 5 días o más."`}},
		{name: "where", path: cafe + "/advocates?where=score%20%3E%3D%2060%20and%20not%20platform%20%3D%20x", status: 200},
		{name: "where to fix", path: cafe + "/advocates?where=score%20%3E%3D%20hunter2", status: 422, want: []string{"query.where", "character 10"}, not: []string{"hunter2"}},
		{name: "no segments", path: cafe + "/segments", status: 200, want: []string{`"items":[]`}},
		{name: "save a segment", method: "PUT", path: cafe + "/segments/Peque%C3%B1os%20%2F%20fieles", body: `{"where":"score >= 60 and followers < 5000"}`, head: []string{asJSON}, status: 201, want: []string{`"name":"Pequeños / fieles"`, `"where":"score >= 60 and followers < 5000"`}},
		{name: "save it again", method: "PUT", path: cafe + "/segments/PEQUE%C3%91OS%20%2F%20fieles", body: `{"where":"score >= 70"}`, head: []string{asJSON}, status: 200, want: []string{`"where":"score >= 70"`}},
		{name: "save nonsense", method: "PUT", path: cafe + "/segments/x", body: `{"where":"hunter2 > 1"}`, head: []string{asJSON}, status: 422, want: []string{"body.where", "character 1"}, not: []string{"hunter2"}},
		{name: "segment", path: cafe + "/segments/peque%C3%B1os%20%2F%20fieles", status: 200, want: []string{`"updated":"2026-03-01T12:00:00Z"`}},
		{name: "members", path: cafe + "/segments/peque%C3%B1os%20%2F%20fieles/members?limit=2", status: 200, want: []string{`"items":[{"rank":1`, `"next_cursor":"`}},
		{name: "members of no segment", path: cafe + "/segments/none/members", status: 404},
		{name: "remove a segment", method: "DELETE", path: cafe + "/segments/peque%C3%B1os%20%2F%20fieles", status: 204},
		{name: "no such segment", path: cafe + "/segments/peque%C3%B1os%20%2F%20fieles", status: 404},
		{name: "voice", path: "/api/v1/voice", status: 200, want: []string{`"mentions":1,"mention_share":0.25`, `"advocates":null,"advocate_share":null`, `"since":"2026-03-01T11:00:00Z"`}, not: []string{`"Invented"`}},
		{name: "voice of some", path: "/api/v1/voice?brands=invented,CAF%C3%89%20%C3%B1and%C3%BA", status: 200, want: []string{`"brand":"Invented","demo":true`, `"brand":"Café Ñandú","demo":false`}},
		{name: "voice of nobody", path: "/api/v1/voice?brands=nobody", status: 404},
		{name: "rivals", method: "PATCH", path: cafe, body: `{"rivals":["invented"]}`, head: []string{asJSON}, status: 200, want: []string{`"rivals":["invented"]`}},
		{name: "view of the brand's rivals", path: cafe + "/views/rivals", status: 200, want: []string{`"en":"invented: too few`}},
		{name: "rivals that are not here", method: "PATCH", path: cafe, body: `{"rivals":["nobody"]}`, head: []string{asJSON}, status: 404},
		{name: "portfolio", path: cafe + "/portfolio?k=3", status: 200, want: []string{`"heard":3`, `"reachable":4`, `"reached":4`, `"enough":null,"complete":true`, `"adds":3,"already":0,"reached":3`, `"adds":1,"already":0,"reached":4`, `"group":[3,4]`, `"first":[3,3,4]`}},
		{name: "portfolio that tells too little", path: cafe + "/portfolio?k=1", status: 200, want: []string{`"reached":3`, `"enough":null,"complete":false`, `"group":[3],"first":[3]`}},
		{name: "portfolio with a quota", path: cafe + "/portfolio?k=3&quota=x%3D1,lang:es%3D2", status: 200, want: []string{`"reached":3`, `"group":[3]`}},
		{name: "portfolio with no quota", path: cafe + "/portfolio?quota=x", status: 422, want: []string{"such as mastodon=3"}},
		{name: "portfolio with a quota for nobody", path: cafe + "/portfolio?quota=mastodon%3D1", status: 422, want: []string{"nobody speaks about the brand"}},
		{name: "backtest", path: cafe + "/backtest", status: 200, want: []string{`"verdict":"short_history"`, `"k":50`, `"targets":[]`, `"es":"Hay poco histórico`, `"en":"Too little history`, `"pooled":{"brands":[`}},
		{name: "backtest of no time", path: cafe + "/backtest?at=yesterday", status: 422, want: []string{"query.at"}},
		{name: "backtest outside the window", path: cafe + "/backtest?at=2026-02-01&until=2026-01-01", status: 422, want: []string{"leaves no time before or after"}},
		{name: "portfolio of nobody", path: cafe + "/portfolio?k=0", status: 422, want: []string{"query.k"}},
		{name: "spending", path: cafe + "/spending", status: 200, want: []string{`"month":"2026-03"`, `"total_usd":1.6`, `"monthly_usd":12`, `{"source":"paid","unit":"post","units":300,"usd":1.5}`}},
		{name: "spending of a month", path: cafe + "/spending?month=2026-02", status: 200, want: []string{`"total_usd":0`, `"items":[]`}},
		{name: "spending of no month", path: cafe + "/spending?month=2026-13", status: 422, want: []string{"query.month"}},
		{name: "no schedule any more", method: "DELETE", path: cafe + "/schedule", status: 204},
		{name: "sources of a brand", path: cafe + "/sources", status: 200, want: []string{
			`"state":"failed","failure":"schema"`, `"failing_since":"2026-02-24T12:00:00Z"`, `"watched_since":"2026-02-20T12:00:00Z","watched_until":"2026-02-26T12:00:00Z"`,
			`"gaps":[{"from":"2026-02-23T12:00:00Z","to":"2026-02-25T12:00:00Z"},{"from":"2026-02-21T12:00:00Z","to":"2026-02-22T12:00:00Z"}]`, `"source":"paid","kind":"paid","state":null`,
		}},
		{name: "scans", path: cafe + "/scans?limit=1", status: 200, want: []string{`"id":"1"`, `"state":"paused","kind":"budget","reason":"the budget is used up","fix":"raise it","until":"2026-03-01T13:00:00Z"`, `"new":4,"spent_usd":1.5`}},
		{name: "scan", path: cafe + "/scans/1", status: 200, want: []string{`"id":"1"`, `"estimated_posts":null,"estimated_usd":null`, `"estimated_posts":900,"estimated_usd":4.5`}},
		{name: "scan of another brand", path: invented + "/scans/1", status: 404},
		{name: "no scan", path: cafe + "/scans/99", status: 404},
		{name: "a scan's id is a number", path: cafe + "/scans/x", status: 404},
		{name: "events of no scan", path: cafe + "/scans/99/events", status: 404},
		{name: "events of no brand", path: "/api/v1/brands/nobody/scans/1/events", status: 404},
		{name: "start a scan", method: "POST", path: cafe + "/scans", status: 202, want: []string{`"state":"running"`, `"finished":null`, `"sources":null`, `"since":null`}},
		{name: "start a scan of some", method: "POST", path: cafe + "/scans", body: `{"sources":["forum"],"since":"2026-02-01"}`, head: []string{asJSON}, status: 202, want: []string{`"sources":["forum"]`, `"since":"2026-02-01T00:00:00Z"`}},
		{name: "scan from the future", method: "POST", path: cafe + "/scans", body: `{"since":"2026-04-01"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.since"`}},
		{name: "scan since when", method: "POST", path: cafe + "/scans", body: `{"since":"hunter2"}`, head: []string{asJSON}, status: 422, want: []string{`"location":"body.since"`}, not: []string{"hunter2"}},
		{name: "scan, unknown parameter", method: "POST", path: cafe + "/scans?await=true", status: 422},
		{name: "scan, unknown field", method: "POST", path: cafe + "/scans", body: `{"platforms":["x"]}`, head: []string{asJSON}, status: 422},
		{name: "a scan is under way", method: "POST", path: invented + "/scans", status: 409, want: []string{`"code":"conflict"`}},
		{name: "scan of no brand", method: "POST", path: "/api/v1/brands/nobody/scans", status: 404},
		{name: "push", method: "POST", path: cafe + "/mentions", body: "[{\"text\":\n\"ok\"}, {}]", head: []string{asJSON}, status: 200, want: []string{`"rows":2,"new":1,"changed":0,"repeated":0,"suppressed":0,"unmatched":0,"rejected":1,"rejects":[{"row":2,"field":"text","reason":`, `say platform=x`}, not: []string{strings.Repeat("x", mostOfFile+1)}},
		{name: "push lines", method: "POST", path: cafe + "/mentions?match=query", body: "{\"text\":\"ok\"}\n\n{\"te", head: []string{"Content-Type: application/x-ndjson"}, status: 200, want: []string{`"rows":2,"new":1`}},
		{name: "push one object on many lines", method: "POST", path: cafe + "/mentions", body: "{\n\"text\":\n\"ok\"}\n", head: []string{asJSON}, status: 200, want: []string{`"rows":1,"new":1`}},
		{name: "push nothing", method: "POST", path: cafe + "/mentions", body: " ", head: []string{asJSON}, status: 422},
		{name: "push an empty array", method: "POST", path: cafe + "/mentions", body: "[]", head: []string{asJSON}, status: 422},
		{name: "push half an array", method: "POST", path: cafe + "/mentions", body: `[{"text":"ok"},`, head: []string{asJSON}, status: 400},
		{name: "push what is packed", method: "POST", path: cafe + "/mentions", body: "\x1f\x8b\x08\x00", head: []string{asJSON}, status: 400},
		{name: "push a form", method: "POST", path: cafe + "/mentions", body: "a=b", head: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415},
		{name: "push too much", method: "POST", path: cafe + "/mentions", body: strings.Repeat("x", maxPush+1), head: []string{asJSON}, status: 413},
		{name: "push to no brand", method: "POST", path: "/api/v1/brands/nobody/mentions", body: "[{}]", head: []string{asJSON}, status: 404},
		{name: "push, unknown parameter", method: "POST", path: cafe + "/mentions?key=1", body: "[{}]", head: []string{asJSON}, status: 422},
		{name: "push when the disk is full", method: "POST", path: cafe + "/mentions", body: `["` + canary + `"]`, head: []string{asJSON}, status: 503, want: []string{"The disk is full."}},
		{name: "remove", method: "DELETE", path: "/api/v1/brands/T%C3%A9%2F2", status: 204},
		{name: "removed", path: "/api/v1/brands/T%C3%A9%2F2", status: 404},
		{name: "no route", path: "/api/v1/nothing", status: 404},
		{name: "no trailing slash", path: "/api/v1/brands/", status: 404},
		{name: "no method", method: "PUT", path: cafe, body: "{}", head: []string{asJSON}, status: 405},
		{name: "path not UTF-8", path: "/api/v1/brands/%FF", status: 422},
		{name: "NUL", path: "/api/v1/brands/a%00b", status: 422},
		{name: "Accept is not obeyed", path: "/api/v1/brands/nobody", head: []string{"Accept: json"}, status: 404},
		{name: "host", path: "/api/v1/health", head: []string{"Host: evil.example"}, status: 421, want: []string{`"code":"misdirected"`}},
		{name: "configured host", path: "/api/v1/health", head: []string{"Host: ADALID.example.:8443"}, status: 200},
		{name: "loopback host", path: "/api/v1/health", head: []string{"Host: [::1]:80"}, status: 200},
		{name: "cross origin", method: "DELETE", path: cafe, head: []string{"Sec-Fetch-Site: cross-site"}, status: 403},
		{name: "foreign origin", method: "POST", path: cafe + "/imports", body: "x", head: []string{"Origin: https://evil.example"}, status: 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, body := s.do(t, c.method, c.path, c.body, c.head...)
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d: %.400s", resp.StatusCode, c.status, body)
			}
			for _, w := range c.want {
				if !strings.Contains(body, w) {
					t.Errorf("answer lacks %s: %.2000s", w, body)
				}
			}
			for _, n := range c.not {
				if strings.Contains(body, n) {
					t.Errorf("answer holds %s: %.2000s", n, body)
				}
			}
			apitest.CheckAnswer(t, resp, body)
		})
	}
}

func TestMultipart(t *testing.T) {
	s := serve(t, newFake(40))
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "exportación.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte("id,text\n1,hola\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	resp, body := s.do(t, "POST", cafe+"/imports", form.String(), "Content-Type: "+w.FormDataContentType())
	if resp.StatusCode != 202 || !strings.Contains(body, `"exportación.csv"`) || !strings.Contains(body, `"size_bytes":15`) {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	loc := resp.Header.Get("Location")
	if resp, body = s.do(t, "GET", loc, ""); resp.StatusCode != 200 || !strings.Contains(body, `"running"`) {
		t.Errorf("%s: %d %s", loc, resp.StatusCode, body)
	}
}
