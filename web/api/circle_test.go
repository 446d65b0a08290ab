package api

import (
	"context"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/web/api/apitest"
)

// decisions are what fake people were decided about, by person.
type decisions struct {
	roles   map[string]string
	genuine map[string]bool
}

// suggestion is what the evidence says of the second person.
var suggestion = []rank.Suggestion{{Role: "staff", Probability: .75, Reasons: []rank.Clue{{Code: "works-there", Weight: 4.5}}}}

// Circle implements Circle.
func (f *fake) Circle(_ context.Context, brand string) ([]rank.CircleMember, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return nil, err
	}
	var list []rank.CircleMember
	for _, e := range f.people[:min(2, len(f.people))] {
		m := rank.CircleMember{Person: e.Person, Suggestions: suggestion}
		if role, ok := f.decided.roles[e.Person.ID]; ok {
			m.Role, m.By, m.At = &role, "api "+canary, fakeNow
		}
		list = append(list, m)
	}
	return list, nil
}

// DecideRole implements Circle.
func (f *fake) DecideRole(_ context.Context, brand, person string, role *string, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.knows(brand, person); err != nil {
		return err
	}
	if role == nil {
		delete(f.decided.roles, person)
		return nil
	}
	f.decided.roles[person] = *role
	return nil
}

// DecideGenuine implements Circle.
func (f *fake) DecideGenuine(_ context.Context, brand, person string, genuine *bool, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.knows(brand, person); err != nil {
		return err
	}
	if genuine == nil {
		delete(f.decided.genuine, person)
		return nil
	}
	f.decided.genuine[person] = *genuine
	return nil
}

func (f *fake) knows(brand, person string) error {
	if _, err := f.find(brand); err != nil {
		return err
	}
	for _, e := range f.people {
		if e.Person.ID == person {
			return nil
		}
	}
	return adalid.Errorf(adalid.NotFound, "There is no such person.")
}

func TestCircleEndpoints(t *testing.T) {
	f := newFake(40)
	f.people[0].Flags = []rank.Flag{
		{Code: rank.FlagCircle, Role: "agency", Team: true},
		{Code: rank.FlagAutomated, Probability: ptr(.5), Reasons: []rank.Clue{{Code: "no-followers", Weight: 1.75, Values: []int64{400}}}},
	}
	s := serve(t, f)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want, not                []string
	}{
		{name: "flags", path: cafe + "/advocates?limit=1", status: 200, want: []string{
			`{"code":"circle","probability":null,"role":"agency","team":true,"reasons":[]}`,
			`{"code":"automated","probability":0.5,"role":null,"team":false,"reasons":[{"code":"no-followers","weight":1.75,"values":[400],"text":{"en":"nobody follows it after 400 days","es":"nadie la sigue después de 400 días"}}]}`,
			`{"code":"automated_left_out","count":14,"detail":"include=automated lists them."}`,
			`{"code":"organisations_left_out","count":3,"detail":"include=organisations lists them."}`, `{"code":"not_judged","count":2,`,
		}},
		{name: "no flags", path: cafe + "/advocates/p003", status: 200, want: []string{`"flags":[]`}},
		{name: "included", path: cafe + "/advocates?include=automated,circle", status: 200, not: []string{"automated_left_out"}},
		{name: "include what", path: cafe + "/advocates?include=hunter2", status: 422, want: []string{"query.include"}, not: []string{"hunter2"}},
		{name: "organisations", path: cafe + "/advocates?include=not_a_fit,organisations,circle,repeaters,automated", status: 200, not: []string{"organisations_left_out"}},
		{name: "organisations as once", path: cafe + "/advocates?organisations=hide", status: 422, want: []string{"query.organisations"}},
		{name: "circle", path: cafe + "/circle", status: 200, want: []string{
			`"id":"p000"`, `"status":"suggested","role":null,"decided_at":null`, `"role":"staff","probability":0.75`, `"es":"su biografía dice que trabaja para la marca"`,
		}, not: []string{"canary", "javascript:", `"url"`, `"bio"`}},
		{name: "confirm", method: "PUT", path: cafe + "/circle/p001", body: `{"role":"paid-partner"}`, status: 204},
		{name: "confirmed", path: cafe + "/circle", status: 200, want: []string{`"status":"confirmed","role":"paid-partner","decided_at":"2026-03-01T12:00:00Z"`}, not: []string{"canary"}},
		{name: "dismiss", method: "PUT", path: cafe + "/circle/p001", body: `{"role":"none"}`, status: 204},
		{name: "dismissed", path: cafe + "/circle", status: 200, want: []string{`"status":"dismissed","role":null`}},
		{name: "undo", method: "DELETE", path: cafe + "/circle/p001", status: 204},
		{name: "undone", path: cafe + "/circle", status: 200, not: []string{"dismissed", "confirmed"}},
		{name: "no such role", method: "PUT", path: cafe + "/circle/p001", body: `{"role":"hunter2"}`, status: 422, want: []string{"body.role"}, not: []string{"hunter2"}},
		{name: "no such person", method: "PUT", path: cafe + "/circle/nobody", body: `{"role":"staff"}`, status: 404},
		{name: "no such brand", path: "/api/v1/brands/nobody/circle", status: 404},
		{name: "automated", method: "PUT", path: cafe + "/advocates/p001/authenticity", body: `{"verdict":"automated"}`, status: 204},
		{name: "no verdict", method: "PUT", path: cafe + "/advocates/p001/authenticity", body: `{"verdict":"hunter2"}`, status: 422, not: []string{"hunter2"}},
		{name: "verdict on nobody", method: "PUT", path: cafe + "/advocates/nobody/authenticity", body: `{"verdict":"genuine"}`, status: 404},
		{name: "verdict taken back", method: "DELETE", path: cafe + "/advocates/p001/authenticity", status: 204},
	} {
		t.Run(c.name, func(t *testing.T) {
			var head []string
			if c.body != "" {
				head = []string{asJSON}
			}
			resp, body := s.do(t, c.method, c.path, c.body, head...)
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
	if len(f.decided.genuine)+len(f.decided.roles) != 0 {
		t.Errorf("left over: %+v", f.decided)
	}
}

// TestStandingMakesOtherTags: what is known of accounts changes an answer, so it
// changes its ETag and the cursors.
func TestStandingMakesOtherTags(t *testing.T) {
	f := newFake(120)
	s := serve(t, f)
	first, page := s.do(t, "GET", cafe+"/advocates?limit=2", "")
	_, after, _ := strings.Cut(page, `"next_cursor":"`)
	cursor, _, _ := strings.Cut(after, `"`)
	f.mu.Lock()
	f.standing = 99
	f.mu.Unlock()
	again, _ := s.do(t, "GET", cafe+"/advocates?limit=2", "")
	if a, b := first.Header.Get("ETag"), again.Header.Get("ETag"); a == "" || a == b {
		t.Errorf("ETags %q and %q", a, b)
	}
	if resp, body := s.do(t, "GET", cafe+"/advocates?limit=2&cursor="+cursor, ""); resp.StatusCode != 409 {
		t.Errorf("an old cursor: %d %.200s", resp.StatusCode, body)
	}
}
