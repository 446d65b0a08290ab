// Package apitest makes requests that are wrong in some way and says what an
// answer of the API has to look like, for tests over any store.
package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is what the description says of one operation.
type Operation struct {
	Method, Path string // the path as in the description, with {brand} and {id}
	ID           string `json:"operationId"`
	Parameters   []struct {
		Name string `json:"name"`
		In   string `json:"in"`
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

// Operations reads the description of the API, in a fixed order.
func Operations(description []byte) ([]Operation, error) {
	var d struct {
		Paths      map[string]map[string]Operation `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(description, &d); err != nil {
		return nil, fmt.Errorf("apitest: read the description: %w", err)
	}
	var out []Operation
	for path, methods := range d.Paths {
		for method, o := range methods {
			o.Method, o.Path = strings.ToUpper(method), path
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
	slices.SortFunc(out, func(a, b Operation) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// odd are values that something somewhere stumbles over.
var odd = []string{
	"", " ", "0", "-1", "1e400", "NaN", "+Inf", "99999999999999999999999", "0x1f", "1_000", "true", "null", "[]", "{}",
	"../../etc/passwd", "..", ".", "%", "%00", "\x00", "a\r\nX-Injected: 1", "\xff\xfe", "\u202e", "🙈🙉🙊", "ﬀ", "İ", "ｓｅｌｅｃｔ",
	"'; DROP TABLE mentions;--", "' OR 1=1--", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "=cmd|'/C calc'!A0",
	"2026-13-45", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "2026-01-01T00:00:00+99:99", "geometric,arithmetic", "affinity=", "affinity=1,affinity=1",
	"reach=1e309", "reach=-1", "=1", ",,,", "p001;all=1", "a&b=c", "Caf\u00e9", "Cafe\u0301", "xx-yy-zz-" + "q", strings.Repeat("a", 300), strings.Repeat("ñ", 5000), strings.Repeat("(", 3000),
	"bm90LmEuY3Vyc29y",
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

// Target is what the requests go to.
type Target struct {
	Host, Prefix  string
	Brand, Person string   // that exist there
	Odd           []string // further values that something could stumble over
}

// Malformed makes one request that is wrong in some way.
func (o Operation) Malformed(r *rand.Rand, to Target) (*http.Request, error) {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	odd := slices.Concat(odd, to.Odd)
	path := o.Path
	query := url.Values{}
	raw := ""
	badPath := r.IntN(3) == 0
	for _, p := range o.Parameters {
		switch {
		case p.In == "path" && badPath:
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(pick(odd)), 1)
		case p.In == "path" && p.Name == "brand":
			path = strings.Replace(path, "{brand}", url.PathEscape(to.Brand), 1)
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(to.Person), 1)
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
	method := o.Method
	if r.IntN(10) == 0 {
		method = []string{"PUT", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "get", "DELETE", "POST"}[r.IntN(8)]
	}
	if (method == "DELETE" || method == "POST" && outward(o.Path)) && !badPath {
		query.Add("force", "1") // else the request would be right: the brand gone, a platform asked
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
	req, err := http.NewRequest(method, "http://"+to.Host, body)
	if err != nil {
		return nil, err
	}
	full := to.Prefix + path
	plainPath, err := url.PathUnescape(full)
	if err != nil {
		return nil, err
	}
	req.URL.Path, req.URL.RawPath, req.URL.RawQuery = plainPath, full, query.Encode()+raw
	req.Header.Set("Content-Type", ct)
	switch r.IntN(12) {
	case 0:
		req.Header.Set("If-None-Match", strings.Map(visible, pick(odd)))
	case 1:
		req.Header.Set("Accept", strings.Map(visible, pick(odd)))
	case 2:
		req.Header.Set(requestID, strings.Map(visible, pick(odd)))
	case 3:
		req.Host = []string{"evil.example", "127.0.0.1.evil.example", "[", "a b", "localhost:99999", "2130706433"}[r.IntN(6)]
	case 4:
		req.Header.Set("Origin", "https://evil.example")
	}
	return req, nil
}

// outward tells operations that make the server ask platforms.
func outward(path string) bool {
	return strings.HasSuffix(path, "/scans") || strings.HasSuffix(path, "/probe")
}

// visible keeps what may stand in a header.
func visible(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}
