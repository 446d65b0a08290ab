package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/store"
	"adalid/web/api"
)

// send asks a server of ours and decodes what it answers.
func send[T any](t *testing.T, s *server, method, path, body string) (T, *http.Response) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+api.Prefix+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out T
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil && resp.StatusCode != http.StatusNoContent {
		t.Fatalf("%s %s: %d %v", method, path, resp.StatusCode, err)
	}
	return out, resp
}

// TestChosenRanking: what a team chose for its brand orders every list that names
// no weights, in the API and the terminal, and what stood before can be put back.
func TestChosenRanking(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir, nil, "--demo")
	brands, _ := send[api.BrandList](t, s, "GET", "/brands", "")
	name := brands.Items[0].Name
	here := "/brands/" + url.PathEscape(name)
	order := func(query string) (string, string, api.Receipt) {
		list, resp := send[api.AdvocateList](t, s, "GET", here+"/advocates?limit=20"+query, "")
		var ids []string
		for _, a := range list.Items {
			ids = append(ids, a.ID)
		}
		return strings.Join(ids, " "), resp.Header.Get("ETag"), list.Receipt
	}
	plain, tag, _ := order("")
	reach, _, _ := order("&preset=far-reach&blend=arithmetic")
	if plain == reach {
		t.Fatal("the preset orders nothing anew: the test shows nothing")
	}
	before, _ := send[api.RankingSettings](t, s, "GET", here+"/ranking", "")
	if before.Own || before.Preset == nil || *before.Preset != "balanced" || before.Blend != "geometric" || before.HalfLife != 30 || len(before.History) != 0 {
		t.Errorf("before: %+v", before)
	}
	got, resp := send[api.RankingSettings](t, s, "PUT", here+"/ranking", `{"preset":"far-reach","blend":"arithmetic","reason":"who is heard"}`)
	if resp.StatusCode != 200 || !got.Own || *got.Preset != "far-reach" || got.Blend != "arithmetic" || len(got.History) != 1 || *got.History[0].Reason != "who is heard" || got.History[0].By != "local" || got.History[0].At == nil {
		t.Errorf("%d %+v", resp.StatusCode, got)
	}
	chosen, chosenTag, receipt := order("")
	if chosen != reach || chosenTag == tag || receipt.Blend != "arithmetic" || receipt.Weights.Reach != .55 {
		t.Errorf("after the choice: order as asked for %v, another tag %v, receipt %+v", chosen == reach, chosenTag != tag, receipt)
	}
	if still, _, _ := order("&preset=balanced&blend=geometric"); still != plain {
		t.Error("a question that names weights is answered with others")
	}
	var group api.Portfolio
	if group, _ = send[api.Portfolio](t, s, "GET", here+"/portfolio?k=3", ""); group.Receipt.Blend != "arithmetic" {
		t.Errorf("the portfolio is made with %q", group.Receipt.Blend)
	}
	var told api.AdvocateList
	if err := json.Unmarshal([]byte(ok(t, dir, "rank", name, "--limit", "20", "--json")), &told); err != nil || told.Receipt.Blend != "arithmetic" || told.Items[0].ID != strings.Fields(reach)[0] {
		t.Errorf("the terminal ranks with %q: %v", told.Receipt.Blend, err)
	}
	if out := ok(t, dir, "brand", "ranking", name, "--undo"); !strings.Contains(out, "the server's settings") || !strings.Contains(out, "who is heard") {
		t.Errorf("after --undo:\n%s", out)
	}
	if back, _, _ := order(""); back != plain {
		t.Error("undone, the order is not the one of before")
	}
	for body, want := range map[string]string{
		`{"preset":"steady","weights":{"affinity":1,"volume":0,"reach":0,"network":0}}`: "not both",
		`{"weights":{"affinity":0,"volume":0,"reach":0,"network":0}}`:                   "not all 0",
		`{"reason":"a\nb"}`: "one line",
	} {
		p, resp := send[api.Problem](t, s, "PUT", here+"/ranking", body)
		if resp.StatusCode != 422 || !strings.Contains(fmt.Sprint(p), want) {
			t.Errorf("%s: %d %+v", body, resp.StatusCode, p)
		}
	}
}

// TestTriedQueries: a trial counts what a query would gain and lose on what is
// stored, shows where it matches, and changes nothing.
func TestTriedQueries(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Acme", "--query", "acme")
	r := cli(t, dir, "id,text,author,date\n1,I love Acme,ann,2026-01-01T00:00:00Z\n2,acme recipe 🍰 acme,bob,2026-01-02T00:00:00Z\n3,the other anvil,cy,2026-01-03T00:00:00Z\n4,nothing,dee,2026-01-04T00:00:00Z\n", "import", "--brand", "Acme", "--format", "csv", "-")
	if r.code != 0 {
		t.Fatal(r.err)
	}
	st, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	b, err := st.Brand(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	got, err := newSettingsDesk(st).TryQuery(context.Background(), b, api.QueryTrial{Query: "(acme OR anvil) -recipe", Text: "🍰 an anvil"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Read != 4 || !got.All || got.Both != 1 || got.Neither != 1 || got.Gained.Count != 1 || got.Lost.Count != 1 {
		t.Errorf("%+v", got)
	}
	if x := got.Gained.Examples[0]; x.ID != "3" || len(x.Spans) != 1 || x.Text[x.Spans[0].Start:x.Spans[0].End] != "anvil" {
		t.Errorf("gained: %+v", x)
	}
	if x := got.Lost.Examples[0]; x.ID != "2" || len(x.Spans) != 2 || x.Spans[1].Start != len("acme recipe ")+3 {
		t.Errorf("lost: %+v", x)
	}
	if !got.Text.Matched || len(got.Text.Spans) != 1 || got.Text.Spans[0].Start != 6 || got.Text.Spans[0].End != 11 {
		t.Errorf("the text: %+v", got.Text)
	}
	if _, err := newSettingsDesk(st).TryQuery(context.Background(), b, api.QueryTrial{Query: "((("}); err == nil {
		t.Error("a query that cannot be read is tried")
	}
	if after, err := st.Brand(t.Context(), "acme"); err != nil || after.Query != "acme" {
		t.Errorf("the trial changed the query to %q: %v", after.Query, err)
	}
}

// TestTrialsAreFew: more trials than may run at once are refused, and a place is
// free again when one is over.
func TestTrialsAreFew(t *testing.T) {
	d := newSettingsDesk(nil)
	try := func() adalid.Code {
		_, err := d.TryQuery(context.Background(), adalid.Brand{Name: "Acme", Query: "acme"}, api.QueryTrial{Query: "((("})
		return adalid.CodeOf(err)
	}
	for range triedAtOnce + 1 {
		if code := try(); code == adalid.RateLimited {
			t.Fatal("a trial that is over keeps its place")
		}
	}
	for range triedAtOnce {
		d.trials <- struct{}{}
	}
	if code := try(); code != adalid.RateLimited {
		t.Errorf("one too many is answered with %q", code)
	}
}
