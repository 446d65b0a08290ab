package lite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/scoring"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hostile are texts that strangers write into every field they control.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</title><script>alert(1)</script>`,
	`</bdi></td><svg/onload=alert(1)>`,
	`javascript:alert(1)`,
	`{{.Brands}}`, `${7*7}`, "\u202egpj.exe", "a\x00b", "&lt;script&gt;", `<!--`, `]]>`, `<a href="https://evil.example">x</a>`,
}

type world struct {
	platforms []rank.PlatformEvidence // of the person
	brands    []adalid.Brand
	r         rank.Ranking
	text      string
	err       error
	asked     rank.Query

	youTube bool // its amendment is accepted
}

func (w *world) Brands(context.Context) ([]adalid.Brand, error) { return w.brands, nil }

func (w *world) Rank(_ context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	w.asked = q
	w.r.Brand = brand
	if q.Platform == adalid.YouTube && !w.youTube {
		return rank.Ranking{}, adalid.Errorf(adalid.Forbidden, "canary: not before its amendment is accepted")
	}
	return w.r, w.err
}

func (w *world) Person(_ context.Context, _, id string, q rank.Query) (rank.Detail, error) {
	w.asked = q
	if id != "p0" {
		return rank.Detail{}, adalid.Errorf(adalid.NotFound, "no")
	}
	return rank.Detail{Ranking: w.r, Entry: w.r.Entries[0], Weeks: []rank.Week{{Start: time.Unix(0, 0), Mentions: 3}}, Platforms: w.platforms}, w.err
}

func (w *world) Posts(context.Context, string, rank.PostQuery) ([]rank.Post, string, error) {
	n := int64(7)
	return []rank.Post{{Mention: adalid.Mention{Text: w.text, URL: w.text, Lang: w.text, Likes: &n, Reposts: ptr(int64(2)), Author: adalid.Author{Handle: w.text}}}}, "", nil
}

func (w *world) MovedTo(_ context.Context, _, id string) (string, error) {
	if id == "old" {
		return "p0", nil
	}
	return "", nil
}

func ptr[T any](v T) *T { return &v }

func newWorld() *world {
	e := rank.Entry{
		Rank: 1, Segment: rank.Advocate, Person: adalid.Person{ID: "p0", Accounts: []adalid.Author{{Platform: "x", Key: "1", Handle: "ana", Name: "Ana"}}},
		Evidence: rank.Evidence{Mentions: 12345, Last: 1767225600},
		Score:    &scoring.Score{Total: 77.13},
	}
	for i, n := range scoring.Names {
		e.Score.Parts[i] = scoring.Part{Name: n, Value: ptr(.42)}
	}
	e.Score.Parts[scoring.Network].Value = nil
	e.Score.Parts[scoring.Reach].Imputed = true
	balanced, _ := scoring.Preset("balanced")
	for i := range e.Score.Parts {
		e.Score.Parts[i].Weight = balanced[i] / .9
	}
	e.Score.Parts[scoring.Network].Weight = 0
	return &world{
		brands: []adalid.Brand{{Name: "Acme"}, {Name: "Café / Ñandú", Demo: true}},
		r: rank.Ranking{
			AsOf: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), People: 512, Mentions: 9386, Critics: 4, Own: 3, BelowMin: 2, Apart: 6, NoTime: 1,
			Weights: balanced, Blend: scoring.Geometric,
			Total: 250, Entries: []rank.Entry{e}, Platforms: []adalid.Platform{"mastodon", "x", "youtube"},
		},
		text: "hola",
	}
}

// get asks the page over loopback.
func get(t *testing.T, w *world, path string, head ...string) (*http.Response, string) {
	t.Helper()
	h, err := New(Options{Brands: w, Ranker: w, Evidence: w, YouTube: w.youTube})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(actingAs(h, account.Local()))
	defer s.Close()
	r, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range head {
		r.Header.Set("Accept-Language", v)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestPages(t *testing.T) {
	empty := newWorld()
	empty.brands = nil
	few := newWorld()
	few.r.TooFew = true
	few.r.Entries[0].Score = nil
	joined := newWorld()
	joined.platforms = []rank.PlatformEvidence{{Platform: "x", Score: joined.r.Entries[0].Score, Evidence: rank.Evidence{Mentions: 1234, ActiveDays: 9}}, {Platform: "mastodon"}}
	broken := newWorld()
	broken.err = errors.New("canary: no such table")
	refused, changed, hurried := newWorld(), newWorld(), newWorld()
	refused.youTube, refused.err = true, adalid.Errorf(adalid.Forbidden, "canary")
	changed.err = fmt.Errorf("rank: %w", adalid.Errorf(adalid.Conflict, "canary"))
	hurried.err = adalid.Errorf(adalid.RateLimited, "canary")
	accepted := newWorld()
	accepted.youTube = true
	one := newWorld()
	one.r.People, one.r.Mentions, one.r.Critics, one.r.Own, one.r.BelowMin, one.r.Apart, one.r.Later, one.r.NoTime, one.r.Future = 1, 1, 1, 1, 1, 1, 1, 1, 1
	mean := newWorld()
	mean.r.Blend, mean.r.Weights = scoring.Arithmetic, scoring.Weights{scoring.Affinity: 2, scoring.Reach: 1}
	mean.r.Entries[0].Score.Blend = scoring.Arithmetic
	whole := newWorld()
	whole.r.Entries[0].Score.Parts[scoring.Network].Value = ptr(.3)
	whole.r.Entries[0].Score.Parts[scoring.Reach].Imputed = false
	invented := newWorld()
	invented.brands = []adalid.Brand{{Name: "Aardvark", Demo: true}, {Name: "Zorro"}}
	none := newWorld()
	none.r.Entries, none.r.Total = nil, 0
	for _, c := range []struct {
		name, path, accept string
		w                  *world
		status             int
		want, not          []string
	}{
		{name: "list", path: "/lite", w: newWorld(), status: 200, want: []string{
			`<html lang="en">`, "<h1>Advocates</h1>", "77.1", `value="0.420"`, "12,345", "2026-03-01 12:00 UTC", "3 of the brand&#39;s own accounts",
			"4 critics are not shown", "2 people with fewer", "1 mention without", "6 people on YouTube are left out: YouTube&#39;s people are not ranked until", "unknown; the median", `<span class="hidden">unknown</span>`, `href="/lite/people/p0?brand=Acme"`,

			"Affinity 20%, Volume 40%, Reach 30%, Network 10%", "results are multiplied", "nobody&#39;s is known there", "* Unknown for this person", "reposts counted twice",
			`<option value="">Server&#39;s default</option>`, `<p class="print">Brand: Acme · From: the beginning · Until: 2026-03-01 · Platform: All · Language: All · Look for: Balanced</p>`,
		}, not: []string{"invented", "style=", "<script", "canary", "choose the platform youtube", "datalist", "already recommend", "own weights"}},
		{name: "platforms", path: "/lite", w: newWorld(), status: 200, want: []string{`<option value="">All</option><option>mastodon</option><option>x</option></select>`}},
		{name: "platform in Spanish", path: "/lite?lang=es&platform=X", w: newWorld(), status: 200, want: []string{`<option value="">Todas</option><option>mastodon</option><option selected>x</option></select>`}},
		{name: "platforms with YouTube", path: "/lite?platform=youtube", w: accepted, status: 200, want: []string{`<option>x</option><option selected>youtube</option></select>`}},
		{name: "YouTube refused", path: "/lite?platform=youtube", w: newWorld(), status: 403, want: []string{"YouTube&#39;s people are not ranked until its derived-metrics amendment is accepted in the configuration.", "<form"}, not: []string{"canary"}},
		{name: "YouTube refused in Spanish", path: "/lite?platform=youtube&lang=es", w: newWorld(), status: 403, want: []string{"no se ordenan mientras su enmienda"}},
		{name: "YouTube allowed", path: "/lite?platform=youtube", w: accepted, status: 200, want: []string{"77.1"}},
		{name: "YouTube apart", path: "/lite", w: accepted, status: 200, want: []string{"6 people on YouTube are ranked apart: choose the platform youtube."}},
		{name: "refused", path: "/lite", w: refused, status: 403, want: []string{"This is not allowed here"}, not: []string{"canary", "YouTube"}},
		{name: "refused person", path: "/lite/people/p0?brand=Acme&lang=es", w: refused, status: 403, want: []string{"Esto no está permitido"}},
		{name: "changed meanwhile", path: "/lite", w: changed, status: 409, want: []string{"Load this page again"}, not: []string{"canary"}},
		{name: "changed meanwhile in Spanish", path: "/lite?lang=es", w: changed, status: 409, want: []string{"cambiaron entretanto"}},
		{name: "too often", path: "/lite", w: hurried, status: 429, want: []string{"Wait a moment"}, not: []string{"canary"}},
		{name: "too often in Spanish", path: "/lite?lang=es", w: hurried, status: 429, want: []string{"Espera un momento"}},
		{name: "one of each", path: "/lite", w: one, status: 200, want: []string{
			"1 person with 1 mention.", "1 critic is not", "1 of the brand&#39;s own accounts is left", "1 person with fewer mentions is left", "1 person on YouTube is left",
			"1 mention newer than the last scan is left out; a date under Until includes it.", "1 mention without", "1 mention dated in the future is",
		}},
		{name: "one of each in Spanish", path: "/lite?lang=es", w: one, status: 200, want: []string{
			"1 persona con 1 mención.", "No se muestra 1 persona crítica.", "Queda fuera 1 cuenta de", "Queda fuera 1 persona con", "Queda fuera 1 persona de YouTube",
			"Queda fuera 1 mención posterior a la última recogida; una fecha en Hasta la incluye.", "Queda fuera 1 mención sin", "Queda fuera 1 mención con fecha futura.",
		}, not: []string{"1 personas", "1 menciones"}},
		{name: "arithmetic", path: "/lite", w: mean, status: 200, want: []string{"parts are averaged by their weights (Affinity 66.7%, Reach 33.3%)", "Look for: own weights"}, not: []string{"multiplied"}},
		{name: "arithmetic in Spanish", path: "/lite?lang=es", w: mean, status: 200, want: []string{"es la media de las partes según su peso (Afinidad 66,7\u00a0%, Alcance 33,3\u00a0%)"}, not: []string{"se multiplican"}},
		{name: "nothing left out", path: "/lite", w: whole, status: 200, want: []string{"results are multiplied"}, not: []string{"is known there", "* Unknown"}},
		{name: "printed filters", path: "/lite?since=2026-01-01&until=2026-02-01&platform=x&language=es&min=3&all=1", w: newWorld(), status: 200, want: []string{
			"Brand: Acme · From: 2026-01-01 · Until: 2026-02-01 · Platform: x · Language: es · Least mentions: 3 · Look for: Balanced · Show critics too</p>",
		}},
		{name: "own brand before invented ones", path: "/lite", w: invented, status: 200, want: []string{"<option selected>Zorro</option><option>Aardvark</option>"}, not: []string{"invented people"}},
		{name: "invented brand asked for", path: "/lite?brand=Aardvark", w: invented, status: 200, want: []string{"<option>Zorro</option><option selected>Aardvark</option>", "invented people"}},
		{name: "Spanish", path: "/lite?lang=es", w: newWorld(), status: 200, want: []string{`<html lang="es">`, "77,1", "12.345", "Embajadores potenciales", "Personas que ya hablan de Acme", "Qué buscar", "Afinidad 20\u00a0%", `placeholder="Todos"`}, not: []string{"Busca<", "o por ejemplo"}},
		{name: "why", path: "/lite/people/p0?brand=Acme", w: newWorld(), status: 200, want: []string{"<h2>Why</h2>", "<li>77.1 points of 100.</li>", "Wrote 12,345 posts on 0 days.", "Network is unknown for everybody here", "Reach is unknown for this person"}},
		{name: "why in Spanish", path: "/lite/people/p0?brand=Acme&lang=es", w: newWorld(), status: 200, want: []string{"<h2>Por qué</h2>", "77,1 puntos de 100.", "Escribió 12.345 publicaciones", "Red: se desconoce para todos"}},
		{name: "Spanish browser", path: "/lite", accept: "fr, es-MX;q=0.8, en;q=0.3", w: newWorld(), status: 200, want: []string{`<html lang="es">`}},
		{name: "other browser", path: "/lite", accept: "fr", w: newWorld(), status: 200, want: []string{`<html lang="en">`}},
		{name: "demo", path: "/lite?brand=caf%C3%A9+%2F+%C3%B1and%C3%BA", w: newWorld(), status: 200, want: []string{"invented people", "adalid import --brand", "Café / Ñandú"}},
		{name: "critics in Spanish", path: "/lite?all=1&lang=es", w: newWorld(), status: 200, want: []string{"· La recomienda"}},
		{name: "critics", path: "/lite?all=1", w: newWorld(), status: 200, want: []string{"checked", "· Advocate"}, not: []string{"critics are not shown"}},
		{name: "too few", path: "/lite", w: few, status: 200, want: []string{"Too few to rank", "Ana"}, not: []string{"<meter", "Network", "How it is made", "* Unknown"}},
		{name: "nobody", path: "/lite?platform=reddit", w: none, status: 200, want: []string{"Nobody matches these filters", `<option>x</option><option selected>reddit</option></select>`}},
		{name: "no brand yet", path: "/lite", w: empty, status: 200, want: []string{"No brand yet", "adalid import --brand"}, not: []string{"<form"}},
		{name: "unknown brand", path: "/lite?brand=nope", w: newWorld(), status: 404, want: []string{"There is no brand of that name", "<form"}},
		{name: "bad filter", path: "/lite?since=soon", w: newWorld(), status: 422, want: []string{"A filter cannot be read"}},
		{name: "bad platform", path: "/lite?platform=a+b", w: newWorld(), status: 422, want: []string{"A filter cannot be read"}, not: []string{"a b"}},
		{name: "broken", path: "/lite", w: broken, status: 500, want: []string{"We could not load this"}, not: []string{"canary"}},
		{name: "person", path: "/lite/people/p0?brand=Acme", w: newWorld(), status: 200, want: []string{"<h1><bdi>Ana</bdi></h1>", "12,345", "1970-01-01", "hola", "Back to the list", "Reactions: 11", "raised to its weight (Affinity 22.2%, Volume 44.4%, Reach 33.3%)", "nobody&#39;s is known there", "* Unknown for this person", "reposts counted twice"}},
		{name: "person of several platforms", path: "/lite/people/p0?brand=Acme&lang=es", w: joined, status: 200, want: []string{"Cada plataforma por separado", `<th scope="row">x</th><td data-label="Puntuación">77,1</td><td data-label="Menciones">1.234</td>`, `<th scope="row">mastodon</th><td data-label="Puntuación"><span`}},
		{name: "no person", path: "/lite/people/px?brand=Acme", w: newWorld(), status: 404, want: []string{"Nobody matches"}},
		{name: "merged", path: "/lite/people/old?brand=Acme&lang=es", w: newWorld(), status: 307},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, body := get(t, c.w, c.path, c.accept)
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d: %s", resp.StatusCode, c.status, body)
			}
			for _, s := range c.want {
				if !strings.Contains(body, s) {
					t.Errorf("page lacks %q:\n%s", s, body)
				}
			}
			for _, s := range c.not {
				if strings.Contains(body, s) {
					t.Errorf("page holds %q", s)
				}
			}
			if strings.Contains(body, "ZgotmplZ") {
				t.Error("a value did not fit its place")
			}
		})
	}
}

func TestFiltersReachTheQuery(t *testing.T) {
	w := newWorld()
	get(t, w, "/lite?brand=Acme&since=2026-01-01&until=2026-01-31&platform=X&language=es-MX&min=3&preset=steady&all=1&from=100")
	steady, _ := scoring.Preset("steady")
	want := rank.Query{
		Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 1, 31, 23, 59, 59, 0, time.UTC),
		Platform: "x", Lang: "es-mx", MinMentions: 3, Weights: steady, All: true, Offset: 100, Limit: perPage, Intervals: true,
	}
	if w.asked != want {
		t.Errorf("asked %+v, want %+v", w.asked, want)
	}
}

func TestPagesOfTheListKeepFilters(t *testing.T) {
	_, body := get(t, newWorld(), "/lite?brand=Acme&preset=steady&from=100&lang=es")
	for _, want := range []string{
		`href="/lite?brand=Acme&amp;lang=es&amp;preset=steady" rel="prev"`,
		`href="/lite?brand=Acme&amp;from=101&amp;lang=es&amp;preset=steady" rel="next"`,
		`href="/lite?brand=Acme&amp;from=100&amp;lang=en&amp;preset=steady" lang="en"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %s", want)
		}
	}
}

// TestStrangersTextIsText plants hostile text in every field and reads the
// pages as a browser does.
func TestStrangersTextIsText(t *testing.T) {
	plain := map[string]string{}
	for _, path := range []string{"/lite", "/lite/people/p0"} {
		_, plain[path] = get(t, newWorld(), path)
	}
	for _, text := range hostile {
		w := newWorld()
		w.text = text
		w.brands = []adalid.Brand{{Name: text}}
		a := &w.r.Entries[0].Person.Accounts[0]
		a.Name, a.Handle, a.Key, a.URL, a.Bio = text, text, text, text, text
		a.Platform = adalid.Platform(text)
		w.r.Platforms = []adalid.Platform{a.Platform}
		for path, harmless := range plain {
			_, body := get(t, w, path)
			if got, want := shape(t, body), shape(t, harmless); got != want {
				t.Errorf("%q changed the page %s:\n%s\n%s", text, path, got, want)
			}
			if visible := strings.ReplaceAll(text, "\x00", "\ufffd"); !strings.Contains(htmlText(t, body), visible) {
				t.Errorf("%s does not show %q", path, text)
			}
			for _, f := range []string{"platform", "language", "min", "since", "preset", "lang", "brand"} {
				_, body := get(t, newWorld(), path+"?"+url.Values{f: {text}}.Encode())
				if strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, "<svg") || strings.Contains(body, "ZgotmplZ") {
					t.Errorf("%s=%q reached the page", f, text)
				}
			}
		}
	}
}

// TestCatalogues checks that both languages say everything, with the same
// placeholders.
func TestCatalogues(t *testing.T) {
	verb := regexp.MustCompile(`%[a-z]`)
	var same func(name string, a, b reflect.Value)
	same = func(name string, a, b reflect.Value) {
		switch a.Kind() {
		case reflect.Struct:
			for i := range a.NumField() {
				same(a.Type().Field(i).Name, a.Field(i), b.Field(i))
			}
		case reflect.Map:
			if a.Len() != b.Len() || a.Len() == 0 {
				t.Errorf("%s: %d and %d entries", name, a.Len(), b.Len())
			}
			for _, k := range a.MapKeys() {
				if !b.MapIndex(k).IsValid() {
					t.Errorf("%s: %s is missing", name, k)
					continue
				}
				same(name+"."+k.String(), a.MapIndex(k), b.MapIndex(k))
			}
		case reflect.Array:
			for i := range a.Len() {
				same(name, a.Index(i), b.Index(i))
			}
		default:
			if a.String() == "" || b.String() == "" {
				t.Errorf("%s: nothing to say", name)
			}
			if x, y := verb.FindAllString(a.String(), -1), verb.FindAllString(b.String(), -1); !reflect.DeepEqual(x, y) {
				t.Errorf("%s: placeholders %v and %v", name, x, y)
			}
		}
	}
	same("", reflect.ValueOf(english), reflect.ValueOf(spanish))
	for _, p := range scoring.Presets() {
		if english.PresetNames[p] == "" {
			t.Errorf("preset %s has no name", p)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -100: "-100", 1234567: "1,234,567"} {
		if got := english.number(n); got != want {
			t.Errorf("number(%d) = %s, want %s", n, got, want)
		}
	}
}

// actingAs lets requests come from somebody, as the guard before the page does.
func actingAs(h http.Handler, a account.Actor) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(account.With(r.Context(), a)))
	})
}
