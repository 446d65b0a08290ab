package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// operation is what the description says of one operation.
type operation struct {
	method, path string
	ID           string `json:"operationId"`
	Parameters   []struct {
		Name   string         `json:"name"`
		In     string         `json:"in"`
		Schema map[string]any `json:"schema"`
	} `json:"parameters"`
	Body *struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			} `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
	properties []string // of the JSON body
}

// operations reads the golden description, in a fixed order.
func operations(t *testing.T) []operation {
	t.Helper()
	raw, err := os.ReadFile("testdata/openapi.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, methods := range d.Paths {
		for method, o := range methods {
			o.method, o.path = strings.ToUpper(method), path
			if o.Body != nil {
				ref := o.Body.Content["application/json"].Schema.Ref
				for p := range d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]].Properties {
					o.properties = append(o.properties, p)
				}
				slices.Sort(o.properties)
			}
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// odd are values that something somewhere stumbles over.
var odd = []string{
	"", " ", "0", "-1", "1e400", "NaN", "+Inf", "99999999999999999999999", "0x1f", "1_000", "true", "null", "[]", "{}",
	"../../etc/passwd", "..", ".", "%", "%00", "\x00", "a\r\nX-Injected: 1", "\xff\xfe", "\u202e", "🙈🙉🙊", "ﬀ", "İ", "ｓｅｌｅｃｔ",
	"'; DROP TABLE mentions;--", "' OR 1=1--", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "=cmd|'/C calc'!A0",
	"2026-13-45", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "2026-01-01T00:00:00+99:99", "geometric,arithmetic", "affinity=", "affinity=1,affinity=1",
	"reach=1e309", "reach=-1", "=1", ",,,", "p001;all=1", "a&b=c", "Caf\u00e9", "Cafe\u0301", "xx-yy-zz-" + "q", strings.Repeat("a", 300), strings.Repeat("ñ", 5000), strings.Repeat("(", 3000),
	cursor{"x", 1, "1"}.String(), cursor{strings.Repeat("0", 24), 7, "50"}.String(), "bm90LmEuY3Vyc29y",
}

// oddJSON are bodies that are not what is asked for.
var oddJSON = []string{
	``, ` `, `null`, `true`, `0`, `-`, `1e400`, `"x"`, `[]`, `{}`, `{`, `}`, `[`, `{"`, `{"name"`, `{"name":}`, `{"name":"x",}`, `{"name":"x"}{"name":"y"}`, `{'name':'x'}`,
	`{"name":null}`, `{"name":1}`, `{"name":[]}`, `{"name":{}}`, `{"name":""}`, `{"name":"x","name":"y"}`, `{"name":"x","Name":"y"}`, `{"query":1e999}`, `{"query":false}`,
	`{"name":"x","own_accounts":{}}`, `{"name":"x","own_accounts":[null]}`, `{"name":"x","own_accounts":[{}]}`, `{"name":"x","own_accounts":[{"handle":1}]}`, `{"platform":"X Y"}`, `{"platform":null,"handle":null}`,
	`{"__proto__":{}}`, `{"name":"\ud800"}`, "{\"name\":\"\xff\"}", `{"name":"\u0000"}`, "\ufeff{}", strings.Repeat(`{"a":`, 2000), strings.Repeat(`[`, 100000), `{"name":` + strings.Repeat(`[`, 20) + strings.Repeat(`]`, 20) + `}`,
	`{"name":"` + strings.Repeat("x", 2000) + `"}`, `{"key":"a","handle":"b"}`, `{"handle":"@"}`, `<xml/>`, `name=x`, "\x1f\x8b\x08\x00",
}

var oddTypes = []string{"", "text/plain", "application/xml", "application/json; charset=", "application/+json", ";", "json", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/problem+json", "application/json;+x"}

// malformed makes one request that is wrong in some way.
func malformed(r *rand.Rand, o operation, host string) *http.Request {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	path := o.path
	query := url.Values{}
	raw := ""
	badPath := r.IntN(3) == 0
	for _, p := range o.Parameters {
		switch {
		case p.In == "path" && badPath:
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(pick(odd)), 1)
		case p.In == "path" && p.Name == "brand":
			path = strings.Replace(path, "{brand}", "Caf%C3%A9%20%C3%91and%C3%BA", 1)
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", "p001", 1)
		case p.In == "query" && r.IntN(3) == 0:
			query.Add(p.Name, pick(odd))
			if r.IntN(8) == 0 {
				query.Add(p.Name, pick(odd)) // twice
			}
		}
	}
	switch r.IntN(8) {
	case 0:
		query.Add(pick(odd), pick(odd)) // unknown
	case 1:
		raw = "&" + []string{"limit=%zz", "a;b", "%", "limit=%ff", "limit=1%0d%0a", "=&=&&&", strings.Repeat("a=1&", 500)}[r.IntN(7)]
	}
	method := o.method
	if r.IntN(10) == 0 {
		method = []string{"PUT", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "get", "DELETE", "POST"}[r.IntN(8)]
	}
	if method == "DELETE" && !badPath {
		query.Add("force", "1") // else the request would be right, and the brand gone
	}
	var body io.Reader
	ct := "application/json"
	if method == "POST" || method == "PATCH" || method == "PUT" || r.IntN(20) == 0 {
		body = bytes.NewReader([]byte(pick(oddJSON)))
		if len(o.properties) > 0 && r.IntN(2) == 0 {
			b, _ := json.Marshal(map[string]any{pick(o.properties): pick(odd), pick(o.properties): r.IntN(3), pick(odd): nil})
			body = bytes.NewReader(b)
		}
		if r.IntN(4) == 0 {
			ct = pick(oddTypes)
		}
	}
	req, err := http.NewRequest(method, "http://"+host, body)
	if err != nil {
		panic(err) // the list of methods is wrong
	}
	full := Prefix + path
	plainPath, err := url.PathUnescape(full)
	if err != nil {
		panic(err)
	}
	req.URL.Path, req.URL.RawPath, req.URL.RawQuery = plainPath, full, query.Encode()+raw
	req.Header.Set("Content-Type", ct)
	switch r.IntN(12) {
	case 0:
		req.Header.Set("If-None-Match", strings.Map(visible, pick(odd)))
	case 1:
		req.Header.Set("Accept", strings.Map(visible, pick(odd)))
	case 2:
		req.Header.Set(RequestIDHeader, strings.Map(visible, pick(odd)))
	case 3:
		req.Host = []string{"evil.example", "127.0.0.1.evil.example", "[", "a b", "localhost:99999", "2130706433"}[r.IntN(6)]
	case 4:
		req.Header.Set("Origin", "https://evil.example")
	}
	return req
}

// visible keeps what may stand in a header.
func visible(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

func TestMalformedRequests(t *testing.T) {
	ops := operations(t)
	const requests = 5000
	seeds := []uint64{1, 2, 3}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serve(t, newFake(120))
			s.client.Timeout = 5 * time.Second
			r := rand.New(rand.NewPCG(seed, 0))
			statuses := map[int]int{}
			for i := range requests {
				o := ops[i%len(ops)]
				req := malformed(r, o, strings.TrimPrefix(s.URL, "http://"))
				resp, err := s.client.Do(req)
				if err != nil {
					t.Fatalf("%s %s: %v", req.Method, req.URL, err)
				}
				body, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				statuses[resp.StatusCode]++
				if resp.StatusCode >= 500 {
					t.Errorf("%s %s: %d %s", req.Method, req.URL, resp.StatusCode, body)
				}
				if resp.Header.Get("X-Injected") != "" {
					t.Errorf("%s %s: header injected", req.Method, req.URL)
				}
				if fromServer := resp.StatusCode == 400 && resp.Header.Get(RequestIDHeader) == ""; fromServer {
					continue // net/http itself refused the Host header before anything of ours ran
				}
				if req.Method != "HEAD" {
					checkAnswer(t, resp, string(body))
				}
				if req.Method == "DELETE" && resp.StatusCode == 204 {
					t.Errorf("%s %s deleted something", req.Method, req.URL)
				}
			}
			t.Logf("%v", statuses)
			if statuses[422] < requests/10 || statuses[405] == 0 || statuses[415] == 0 || statuses[421] == 0 {
				t.Errorf("the requests reach too little: %v", statuses)
			}
		})
	}
}

// TestEveryOperationSucceeds proves that what the generator maltreats can be
// reached.
func TestEveryOperationSucceeds(t *testing.T) {
	s := serve(t, newFake(120))
	bodies := map[string]string{
		"create-brand":    `{"name":"Nueva"}`,
		"change-brand":    `{"query":"café"}`,
		"add-own-account": `{"handle":"staff"}`,
		"start-import":    `id,text`,
	}
	queries := map[string]string{"remove-own-account": "?handle=staff"}
	ids := map[string]string{"get-import": "imp1", "get-advocate": "p001"}
	ops := operations(t)
	last := slices.IndexFunc(ops, func(o operation) bool { return o.ID == "remove-brand" })
	ops = append(slices.Delete(slices.Clone(ops), last, last+1), ops[last])
	for _, o := range ops {
		path := strings.NewReplacer("{brand}", "Caf%C3%A9%20%C3%91and%C3%BA", "{id}", ids[o.ID]).Replace(o.path)
		resp, body := s.do(t, o.method, Prefix+path+queries[o.ID], bodies[o.ID], asJSON)
		if resp.StatusCode >= 300 {
			t.Errorf("%s: %s %s: %d %s", o.ID, o.method, path, resp.StatusCode, body)
		}
	}
}
