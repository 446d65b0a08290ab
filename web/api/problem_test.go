package api

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"adalid"
	"adalid/web/api/apitest"
)

func TestTold(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"e.csv is empty", "e.csv is empty"},
		{"row 3 has no year; say --year", "row 3 has no year; say year"},
		{`--match is "some"; it can be all or query`, `match is "some"; it can be all or query`},
		{`--timezone "Mars" is not known`, `timezone="Mars" is not known`},
		{"say --date-order dmy, mdy or ymd", "say date_order=dmy, mdy or ymd"},
		{"give the account: --map author=ID --map handle=NAME", "give the account: map=author=ID map=handle=NAME"},
		{`map --map author='{user}|{since}' (the columns are: "a", "b)")`, `map map=author='{user}|{since}' (the columns are: "a", "b)")`},
		{`no column "` + long + `"; say --format csv`, `no column "` + long[:197] + `…"; say format=csv`},
		{"(keys: " + long + "); say --format csv", "(keys: " + long[:191] + "…); say format=csv"},
	} {
		if got := told(c.in); got != c.want {
			t.Errorf("told(%.80q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzTold(f *testing.F) {
	f.Add(`no column "é` + strings.Repeat("é", 300) + `" (a: "b)c") --map x`)
	f.Add("((((\"\\\"'{}'--year --map")
	f.Fuzz(func(t *testing.T, text string) {
		got := told(text)
		if len(got) > mostTold || utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("told(%q) = %q", text, got)
		}
	})
}

func TestErrorsNeverLeak(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		want   string
	}{
		{"uncoded", errors.New(canary), 500, "Internal error"},
		{"coded with a cause", adalid.Wrapf(adalid.Unavailable, errors.New(canary), "The disk is full."), 503, "The disk is full."},
		{"rate", adalid.Wrapf(adalid.RateLimited, errors.New(canary), "Not so fast."), 429, "Not so fast."},
		{"forbidden", adalid.Wrapf(adalid.Forbidden, errors.New(canary), "Not yours."), 403, "Not yours."},
		{"unknown code", adalid.Wrapf("odd", errors.New(canary), canary), 500, "Internal error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(1)
			f.fail = c.err
			s := serve(t, f)
			for _, path := range []string{"/api/v1/brands", cafe, cafe + "/advocates", cafe + "/advocates/p001", cafe + "/mentions", cafe + "/imports"} {
				resp, body := s.do(t, "GET", path, "")
				if resp.StatusCode != c.status || !strings.Contains(body, c.want) {
					t.Errorf("%s: %d %s", path, resp.StatusCode, body)
				}
				apitest.CheckAnswer(t, resp, body)
			}
			s.Close()
			if !strings.Contains(s.log.String(), "canary_7f3a") {
				t.Error("the cause is not in the log")
			}
		})
	}
}

func TestPanicBecomesProblem(t *testing.T) {
	e, err := NewEngine(EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	Mount(e, Options{}) // without anything to answer from
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", cafe+"/advocates", nil)
	r.Host = "localhost"
	e.ServeHTTP(w, r)
	resp := w.Result()
	resp.Request = r
	if resp.StatusCode != 500 || strings.Contains(w.Body.String(), "nil pointer") {
		t.Errorf("%d %s", resp.StatusCode, w.Body)
	}
	apitest.CheckAnswer(t, resp, w.Body.String())
}
