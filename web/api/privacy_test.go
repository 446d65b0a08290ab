package api

import (
	"context"
	"strings"
	"testing"
	"time"
)

// fakePrivacy answers for the people of a fake; nobody is really erased.
type fakePrivacy struct {
	*fake
	slow     bool
	forget   []func()
	informed map[string]Notice
	days     map[string]*int64
	everyone []string // erased from every brand
}

func newFakePrivacy(f *fake) *fakePrivacy {
	return &fakePrivacy{fake: f, informed: map[string]Notice{}, days: map[string]*int64{}}
}

func (f *fakePrivacy) OnErased(forget func()) { f.forget = append(f.forget, forget) }

func (f *fakePrivacy) Erase(_ context.Context, brand, person string) (Erasure, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if brand == "" {
		f.everyone = append(f.everyone, person)
		return Erasure{Done: !f.slow, Accounts: []ErasedAccount{}, Brands: []ErasedBrand{}, Texts: []ErasedTexts{}, RemovedFiles: []string{}, Namesakes: []ErasedAccount{}}, nil
	}
	if err := f.knows(brand, person); err != nil {
		return Erasure{}, err
	}
	for _, forget := range f.forget {
		forget()
	}
	return Erasure{Done: !f.slow, Brands: []ErasedBrand{{Brand: brand, Accounts: 1, Mentions: 7, Rewritten: 2}}, Accounts: []ErasedAccount{{brand, "x", person}}, Texts: []ErasedTexts{}, RemovedFiles: []string{}, Namesakes: []ErasedAccount{}}, nil
}

func (f *fakePrivacy) Dossier(_ context.Context, brand, person string) (Dossier, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.knows(brand, person); err != nil {
		return Dossier{}, err
	}
	return Dossier{Brand: brand, Person: person, Made: fakeNow, About: DossierAbout{Sources: []string{"x"}}, Tables: []DossierTable{
		{"profile", []DossierColumn{{"name", "name", "person", "posts"}}, []map[string]any{{"name": hostile}}},
	}}, nil
}

func (f *fakePrivacy) Notices(_ context.Context, brand string) ([]Notice, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return nil, err
	}
	var list []Notice
	for i, e := range f.people {
		n := Notice{Person: e.Person.ID, Platform: "x", Stored: fakeNow.AddDate(0, 0, -i), Due: fakeNow.AddDate(0, 1, -i), State: "due"}
		if i > 31 {
			n.State = "overdue"
		}
		if done, ok := f.informed[e.Person.ID]; ok {
			n.State, n.InformedAt, n.Channel, n.InformedBy = "informed", done.InformedAt, done.Channel, done.InformedBy
		}
		list = append(list, n)
	}
	return list, nil
}

func (f *fakePrivacy) Notice(ctx context.Context, brand, person, lang string) (NoticeDetail, error) {
	all, err := f.Notices(ctx, brand)
	for _, n := range all {
		if n.Person == person {
			return NoticeDetail{Notice: n, Text: "text in " + lang, Missing: []string{}, Link: new("http://127.0.0.1/lite/opt-out?t=x")}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return NoticeDetail{}, f.knows(brand, person)
}

func (f *fakePrivacy) SetInformed(_ context.Context, brand, person string, at time.Time, channel, by string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.knows(brand, person); err != nil {
		return err
	}
	delete(f.informed, person)
	if !at.IsZero() {
		f.informed[person] = Notice{InformedAt: &at, Channel: &channel, InformedBy: &by}
	}
	return nil
}

func (f *fakePrivacy) Retention(_ context.Context, brand string) ([]Retention, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return nil, err
	}
	list := []Retention{}
	for _, p := range []string{"", "x"} {
		if days, ok := f.days[p]; ok {
			list = append(list, Retention{Platform: p, Days: days})
		}
	}
	return list, nil
}

func (f *fakePrivacy) SetRetention(_ context.Context, brand, platform string, days *int64, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return err
	}
	delete(f.days, platform)
	if days != nil {
		f.days[platform] = days
	}
	return nil
}

func TestPrivacyEndpoints(t *testing.T) {
	f := newFake(40)
	s := serve(t, f)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want, not                []string
	}{
		{name: "notices", path: cafe + "/notices?limit=2", status: 200, want: []string{`"total":40`, `"due":40,"overdue":8,"informed":0`, `"state":"due"`}},
		{name: "overdue", path: cafe + "/notices?state=overdue", status: 200, want: []string{`"total":8`}, not: []string{`"state":"due"`}},
		{name: "page after the last", path: cafe + "/notices?offset=1000", status: 200, want: []string{`"items":[]`}},
		{name: "state of what", path: cafe + "/notices?state=hunter2", status: 422, not: []string{"hunter2"}},
		{name: "notice", path: cafe + "/advocates/p001/notice?lang=es", status: 200, want: []string{`"text":"text in es"`, `"informed_at":null`}},
		{name: "notice of nobody", path: cafe + "/advocates/nobody/notice", status: 404},
		{name: "inform", method: "PUT", path: cafe + "/advocates/p001/notice", body: `{"channel":"mail"}`, status: 204},
		{name: "informed", path: cafe + "/notices?state=informed", status: 200, want: []string{`"channel":"mail"`, `"informed_at":"2026-03-01T12:00:00Z"`, `"total":1`}},
		{name: "inform by nothing", method: "PUT", path: cafe + "/advocates/p001/notice", body: `{"channel":""}`, status: 422},
		{name: "not informed", method: "DELETE", path: cafe + "/advocates/p001/notice", status: 204},
		{name: "data", path: cafe + "/advocates/p001/data", status: 200, want: []string{`"person":"p001"`, `"score":null`, `"table":"profile"`}},
		{name: "data of nobody", path: cafe + "/advocates/nobody/data", status: 404},
		{name: "keep", method: "PUT", path: cafe + "/retention/x", body: `{"days":90}`, status: 204},
		{name: "keep for ever", method: "PUT", path: cafe + "/retention/all", body: `{"days":null}`, status: 204},
		{name: "kept", path: cafe + "/retention", status: 200, want: []string{`"platform":"x","days":90`}},
		{name: "keep for no day", method: "PUT", path: cafe + "/retention/x", body: `{"days":0}`, status: 422},
		{name: "keep where", method: "PUT", path: cafe + "/retention/a%20b", body: `{"days":1}`, status: 422},
		{name: "default", method: "DELETE", path: cafe + "/retention/x", status: 204},
		{name: "erase nobody", method: "DELETE", path: cafe + "/advocates/nobody", status: 404},
		{name: "erase", method: "DELETE", path: cafe + "/advocates/p002", status: 200, want: []string{`"done":true`, `"mentions":7,"rewritten":2`}},
		{name: "erase everywhere", method: "POST", path: "/api/v1/erasures", body: `{"person":"x/somebody"}`, status: 200, want: []string{`"done":true`}},
		{name: "erase no name", method: "POST", path: "/api/v1/erasures", body: `{"person":""}`, status: 422},
		{name: "no such brand", method: "DELETE", path: "/api/v1/brands/nobody/advocates/p001", status: 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			var head []string
			if c.body != "" {
				head = []string{asJSON}
			}
			method := c.method
			if method == "" {
				method = "GET"
			}
			resp, body := s.do(t, method, c.path, c.body, head...)
			if resp.StatusCode != c.status {
				t.Fatalf("%d %s", resp.StatusCode, body)
			}
			for _, w := range c.want {
				if !strings.Contains(string(body), w) {
					t.Errorf("no %s in %s", w, body)
				}
			}
			for _, w := range append(c.not, "canary") {
				if strings.Contains(string(body), w) {
					t.Errorf("%s in %s", w, body)
				}
			}
		})
	}
}
