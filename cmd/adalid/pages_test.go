package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/web"
	"adalid/web/api"
	"adalid/web/lite"
)

// who signs in is named by a cookie.
type who map[string]account.Actor

func (s who) Actor(r *http.Request) (account.Actor, error) {
	if c, err := r.Cookie("as"); err == nil {
		return s[c.Value], nil
	}
	return account.Actor{}, nil
}

func (who) Begin(*http.Request, account.User, string) ([]*http.Cookie, error) { return nil, nil }
func (who) End(*http.Request) ([]*http.Cookie, error)                         { return nil, nil }
func (who) Device(*http.Request) string                                       { return "" }

// shop is two brands and nobody in them.
type shop struct{}

func (shop) Brands(context.Context) ([]adalid.Brand, error) {
	return []adalid.Brand{{Name: "Brisa"}, {Name: "Otra"}}, nil
}

func (shop) Rank(_ context.Context, brand string, _ rank.Query) (rank.Ranking, error) {
	return rank.Ranking{Brand: brand}, nil
}

func (shop) Person(context.Context, string, string, rank.Query) (rank.Detail, error) {
	return rank.Detail{}, adalid.Errorf(adalid.NotFound, "nobody")
}

func (shop) Posts(context.Context, string, rank.PostQuery) ([]rank.Post, string, error) {
	return nil, "", nil
}

func (shop) MovedTo(_ context.Context, _, id string) (string, error) {
	if id == "merged" {
		return "other", nil
	}
	return "", nil
}

func TestPagesByRole(t *testing.T) {
	sessions := who{
		"brisa": {Kind: account.Person, ID: "1", Roles: map[string]account.Role{"brisa": account.Viewer}},
		"none":  {Kind: account.Person, ID: "2"},
		"all":   {Kind: account.Person, ID: "3", Roles: map[string]account.Role{account.EveryBrand: account.Viewer}},
	}
	get := func(o web.Options, method, path, as string, head ...string) *httptest.ResponseRecorder {
		t.Helper()
		o.API.Sessions = sessions
		o.Lite = lite.Options{Brands: shop{}, Ranker: shop{}, Evidence: shop{}}
		h, err := web.New(o)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(method, path, nil)
		r.Host = "localhost"
		r.AddCookie(&http.Cookie{Name: "as", Value: as})
		for _, h := range head {
			k, v, _ := strings.Cut(h, ": ")
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, c := range []struct {
		path, as  string
		status    int
		want, not string
	}{
		{path: "/lite", as: "", status: 401, not: "Brisa"},
		{path: "/lite/people/merged?brand=Brisa", as: "", status: 401},
		{path: "/lite/style.css", as: "", status: 200},
		{path: "/lite", as: "brisa", status: 200, want: "Brisa", not: "Otra"},
		{path: "/lite?brand=Otra", as: "brisa", status: 404, not: "Otra"},
		{path: "/lite/people/merged?brand=Brisa", as: "brisa", status: 307},
		{path: "/lite/people/merged?brand=Otra", as: "brisa", status: 404, not: "Otra"},
		{path: "/lite", as: "none", status: 200, not: "Brisa"},
		{path: "/lite?brand=Otra", as: "all", status: 200, want: "Otra"},
		{path: "/metrics", as: "", status: 401},
		{path: "/metrics", as: "brisa", status: 403},
		{path: "/metrics", as: "all", status: 200, want: "go_goroutines"},
		{path: "/api/v1/nothing", as: "", status: 404},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			w := get(web.Options{}, method, c.path, c.as)
			body := w.Body.String()
			if w.Code != c.status || !strings.Contains(body, c.want) || c.not != "" && strings.Contains(body, c.not) {
				t.Errorf("%s %s as %q: %d %.300s", method, c.path, c.as, w.Code, body)
			}
		}
	}
	a, b := get(web.Options{}, "GET", "/lite?brand=Otra", "brisa"), get(web.Options{}, "GET", "/lite?brand=Nada", "brisa")
	if a.Body.String() != b.Body.String() {
		t.Errorf("another brand's page is unlike one that is not there:\n%s\n%s", a.Body, b.Body)
	}
	toSignIn := web.Options{API: api.Options{SignInPage: "/lite/sign-in"}}
	if w := get(toSignIn, "GET", "/lite?lang=es", ""); w.Code != 303 || w.Header().Get("Location") != "/lite/sign-in?next=%2Flite%3Flang%3Des" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := get(toSignIn, "GET", "/api/v1/brands", ""); w.Code != 401 {
		t.Errorf("the API leads to a page: %d", w.Code)
	}
	token := web.Options{MetricsToken: "an invented token"}
	if w := get(token, "GET", "/metrics", "all"); w.Code != 401 {
		t.Errorf("with a token configured: %d", w.Code)
	}
	if w := get(token, "GET", "/metrics", "", "Authorization: Bearer an invented token"); w.Code != 200 {
		t.Errorf("with the token: %d", w.Code)
	}
}
