package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"adalid/web/api"
)

// asker sends requests as somebody to a brand of a server.
type asker struct {
	s    *server
	here string // address of the brand
	head map[string]string
}

func (a asker) ask(method, path, body string) (*http.Response, string) {
	a.s.t.Helper()
	return a.s.ask(method, a.here+path, strings.NewReader(body), func(r *http.Request) {
		for name, value := range a.head {
			r.Header.Set(name, value)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
	})
}

// must asks and gives the answer, which has that status.
func (a asker) must(status int, method, path, body string) string {
	a.s.t.Helper()
	answer, text := a.ask(method, path, body)
	if answer.StatusCode != status {
		a.s.t.Fatalf("%s %s %s: %d, want %d: %.600s", method, path, body, answer.StatusCode, status, text)
	}
	return text
}

func (a asker) list(query string) api.AdvocateList {
	a.s.t.Helper()
	return decode[api.AdvocateList](a.s.t, a.must(200, "GET", "/advocates?limit=200"+query, ""))
}

// all gives everybody in a list.
func (a asker) all(query string) (items []api.Advocate) {
	a.s.t.Helper()
	for cursor := ""; ; {
		page := a.list(query + cursor)
		items = append(items, page.Items...)
		if page.NextCursor == nil {
			return items
		}
		cursor = "&cursor=" + url.QueryEscape(*page.NextCursor)
	}
}

func idsOf(list []api.Advocate, keeps func(api.Advocate) bool) []string {
	ids := []string{}
	for _, p := range list {
		if keeps == nil || keeps(p) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// crew is a server with the invented brand, and those who ask.
func crew(t *testing.T) (as map[string]asker, stranger asker) {
	t.Helper()
	dir := t.TempDir()
	s := serve(t, dir, []string{"ADALID_SERVER_KEY_RATE=1000", "ADALID_SERVER_KEY_BURST=10000"}, "--demo")
	brand := decode[api.BrandList](t, s.get("/api/v1/brands")).Items[0].Name
	here := "/api/v1/brands/" + url.PathEscape(brand)
	ok(t, dir, "brand", "add", "Other")
	const password = "tres tristes tigres tragan trigo"
	// The owner first: there is nobody yet, and somebody has to own every brand.
	for _, u := range []struct{ email, role string }{{"ida@brand.example", "owner"}, {"eva@brand.example", brand + "=analyst"}} {
		if r := cli(t, dir, password+"\n", "user", "add", u.email, "--role", u.role); r.code != 0 {
			t.Fatal(r.err)
		}
	}
	as = map[string]asker{}
	for _, role := range []string{"viewer", "analyst", "manager"} {
		key := strings.TrimSpace(ok(t, dir, "key", "add", "--name", "key of "+role, "--role", role, "--brand", brand))
		as[role] = asker{s, here, map[string]string{"Authorization": "Bearer " + key}}
	}
	key := strings.TrimSpace(ok(t, dir, "key", "add", "--name", "other", "--role", "owner", "--brand", "Other"))
	stranger = asker{s, here, map[string]string{"Authorization": "Bearer " + key}}
	answer, text := s.ask("POST", "/api/v1/session", strings.NewReader(`{"email":"eva@brand.example","password":"`+password+`"}`), header("Content-Type", "application/json"))
	if answer.StatusCode >= 300 {
		t.Fatalf("sign-in: %d %s", answer.StatusCode, text)
	}
	var cookies []string
	for _, c := range answer.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	as["eva"] = asker{s, here, map[string]string{"Cookie": strings.Join(cookies, "; ")}}
	return as, stranger
}

// TestWorkflowOverTheAPI: on the real server, what is changed shows at once in lists,
// views, exports and people, filters equal a filter of the whole list, and each may
// do what their role says.
func TestWorkflowOverTheAPI(t *testing.T) {
	long(t)
	t.Parallel()
	as, stranger := crew(t)
	viewer, analyst, manager, eva := as["viewer"], as["analyst"], as["manager"], as["eva"]
	people := viewer.all("&all=true")
	if len(people) < 40 {
		t.Fatalf("%d people", len(people))
	}
	at := func(i int) string { return "/advocates/" + people[i].ID }
	if people[0].Status != "candidate" || people[0].StatusSince != nil || len(people[0].Tags) != 0 || people[0].Owner.V != nil {
		t.Errorf("%+v", people[0].Handled)
	}

	// The ETag follows every change that the list shows, and cached pages with it.
	before, _ := viewer.ask("GET", "/advocates?limit=5", "")
	again, _ := viewer.ask("GET", "/advocates?limit=5", "")
	if tag := before.Header.Get("ETag"); tag == "" || tag != again.Header.Get("ETag") {
		t.Errorf("%q, then %q", tag, again.Header.Get("ETag"))
	}
	conditional := viewer
	conditional.head = map[string]string{"Authorization": viewer.head["Authorization"], "If-None-Match": before.Header.Get("ETag")}
	conditional.must(304, "GET", "/advocates?limit=5", "")
	tags := map[string]bool{before.Header.Get("ETag"): true}
	colleagues := decode[api.ColleagueList](t, viewer.must(200, "GET", "/colleagues", ""))
	if len(colleagues.Items) != 2 {
		t.Fatalf("%+v", colleagues)
	}
	evaID := colleagues.Items[slices.IndexFunc(colleagues.Items, func(c api.Colleague) bool { return c.Name == "eva" })].ID
	for _, c := range []struct{ method, path, body string }{
		{"PUT", "/status", `{"status":"shortlisted"}`},
		{"PATCH", "/tags", `{"add":["VIP","Feria ñ"]}`},
		{"PUT", "/owner", `{"user":"` + evaID + `"}`},
		{"POST", "/tasks", `{"text":"write","due":"2026-12-24","assignee":"` + evaID + `"}`},
	} {
		status := 200
		if c.method == "POST" {
			status = 201
		}
		analyst.must(status, c.method, at(0)+c.path, c.body)
		for _, path := range []string{"/advocates?limit=5", at(0)} {
			answer, text := conditional.ask("GET", path, "")
			if tag := answer.Header.Get("ETag"); answer.StatusCode != 200 || tag == "" || tags[tag] {
				t.Errorf("after %s %s: %d, ETag %q", c.path, path, answer.StatusCode, tag)
			} else {
				tags[tag] = true
			}
			if !strings.Contains(text, `"status":"shortlisted"`) {
				t.Errorf("after %s %s lacks the status", c.path, path)
			}
		}
	}
	first := viewer.list("&all=true").Items[0]
	if first.Status != "shortlisted" || first.StatusSince == nil || !slices.Equal(first.Tags, []string{"Feria ñ", "VIP"}) || first.Owner.V == nil || *first.Owner.V != (api.Colleague{ID: evaID, Name: "eva"}) || first.OpenTasks != 1 {
		t.Errorf("%+v", first.Handled)
	}

	// Many at once, over pages whose cursor stays good while nobody leaves the list.
	page := decode[api.AdvocateList](t, viewer.must(200, "GET", "/advocates?limit=5&all=true", ""))
	order, err := json.Marshal(map[string]any{"people": idsOf(people[3:23], nil), "status": map[string]string{"status": "contacted"}, "add_tags": []string{"wave"}, "owner": evaID})
	if err != nil {
		t.Fatal(err)
	}
	batch := decode[api.Batch](t, analyst.must(201, "POST", "/batches", string(order)))
	if batch.Changed != 20 {
		t.Errorf("%+v", batch)
	}
	viewer.must(200, "GET", "/advocates?limit=5&all=true&cursor="+url.QueryEscape(*page.NextCursor), "")
	analyst.must(200, "PUT", at(30)+"/status", `{"status":"not_a_fit","reason":"on_our_team","text":"in Lugo"}`)
	viewer.must(409, "GET", "/advocates?limit=5&all=true&cursor="+url.QueryEscape(*page.NextCursor), "")
	filtered := decode[api.AdvocateList](t, viewer.must(200, "GET", "/advocates?limit=5&status=contacted", ""))
	analyst.must(200, "PUT", at(4)+"/status", `{"status":"paused"}`)
	viewer.must(409, "GET", "/advocates?limit=5&status=contacted&cursor="+url.QueryEscape(*filtered.NextCursor), "")

	everybody := viewer.all("&all=true&include=automated,repeaters,circle,not_a_fit")
	fit := func(p api.Advocate) bool { return p.Status != "not_a_fit" }
	for query, keeps := range map[string]func(api.Advocate) bool{
		"&status=contacted":                  func(p api.Advocate) bool { return p.Status == "contacted" },
		"&status=contacted,paused":           func(p api.Advocate) bool { return p.Status == "contacted" || p.Status == "paused" },
		"&status=not_a_fit":                  func(p api.Advocate) bool { return p.Status == "not_a_fit" },
		"&tag=WAVE":                          func(p api.Advocate) bool { return slices.Contains(p.Tags, "wave") },
		"&tag=vip,feria%20%C3%B1":            func(p api.Advocate) bool { return len(p.Tags) == 2 },
		"&owner=" + evaID + "&status=paused": func(p api.Advocate) bool { return p.Owner.V != nil && p.Status == "paused" },
		"&owner=none":                        func(p api.Advocate) bool { return p.Owner.V == nil && fit(p) },
		"&tasks=open":                        func(p api.Advocate) bool { return p.OpenTasks > 0 },
		"&tasks=none":                        func(p api.Advocate) bool { return p.OpenTasks == 0 && fit(p) },
		"":                                   fit,
	} {
		got := idsOf(viewer.all("&all=true&include=automated,repeaters,circle"+query), nil)
		if want := idsOf(everybody, keeps); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: %d people, want %d", query, len(got), len(want))
		}
	}
	mine := idsOf(eva.all("&all=true&owner=me"), nil)
	if want := idsOf(everybody, func(p api.Advocate) bool { return p.Owner.V != nil && p.Owner.V.ID == evaID }); !slices.Equal(mine, want) || len(mine) != 21 {
		t.Errorf("eva has %d, want %d", len(mine), len(want))
	}
	if got := analyst.all("&owner=me"); len(got) != 0 {
		t.Errorf("a key owns %d", len(got))
	}
	note := viewer.list("").Notes
	if !slices.ContainsFunc(note, func(n api.Note) bool { return n.Code == "not_a_fit_left_out" && n.Count == 1 }) {
		t.Errorf("%+v", note)
	}
	shortlist := decode[api.View](t, viewer.must(200, "GET", "/views/shortlist", ""))
	if shortlist.Total != 1 || shortlist.Items[0].Person.ID != people[0].ID || shortlist.Items[0].Person.Status != "shortlisted" || len(shortlist.Items[0].Reasons) != 1 {
		t.Errorf("%+v", shortlist)
	}
	if narrowed := decode[api.View](t, viewer.must(200, "GET", "/views/shortlist?tag=nobody-has-it", "")); narrowed.Total != 0 || narrowed.Empty == nil {
		t.Errorf("%+v", narrowed)
	}
	export := manager.must(200, "GET", "/exports/advocates?format=csv&tag=wave&all=true", "")
	if lines := strings.Split(strings.TrimSpace(export), "\n"); len(lines) != 1+20 || !strings.HasSuffix(lines[0], ",status,status_since,tags,owner,open_tasks") || !strings.Contains(lines[1], ",contacted,") || !strings.HasSuffix(lines[1], ",wave,eva,0") {
		t.Errorf("%d lines: %s\n%s", len(lines), lines[0], lines[1])
	}
	where := idsOf(viewer.all("&all=true&where="+url.QueryEscape("status = contacted and owner = eva and not tag = vip")), nil)
	if len(where) != 19 {
		t.Errorf("an expression finds %d", len(where))
	}

	// Taking the batch back leaves what was changed since.
	viewer.must(403, "DELETE", "/batches/"+batch.ID, "")
	eva.must(403, "DELETE", "/batches/"+batch.ID, "")
	stranger.must(404, "DELETE", "/batches/"+batch.ID, "")
	undone := decode[api.BatchUndone](t, manager.must(200, "DELETE", "/batches/"+batch.ID, ""))
	if undone.Restored != 19 || undone.Kept != 1 {
		t.Errorf("%+v", undone)
	}
	manager.must(409, "DELETE", "/batches/"+batch.ID, "")
	for i, p := range viewer.all("&all=true")[:25] {
		want := "candidate"
		switch p.ID {
		case people[0].ID:
			want = "shortlisted"
		case people[4].ID:
			want = "paused"
		}
		if p.Status != want || len(p.Tags) != 0 && p.ID != people[0].ID {
			t.Errorf("place %d: %+v, want %s", i, p.Handled, want)
		}
	}

	// Roles.
	made := decode[api.TeamNote](t, eva.must(201, "POST", at(1)+"/notes", `{"text":"mine <b>"}`))
	if made.By.Kind != "person" || *made.By.ID != evaID || made.Text != "mine <b>" {
		t.Errorf("%+v", made)
	}
	for _, c := range []struct{ method, path, body string }{
		{"PUT", at(1) + "/status", `{"status":"paused"}`},
		{"PUT", at(1) + "/owner", `{"user":null}`},
		{"PATCH", at(1) + "/tags", `{"add":["x"]}`},
		{"POST", at(1) + "/notes", `{"text":"x"}`},
		{"POST", at(1) + "/tasks", `{"text":"x"}`},
		{"POST", "/batches", string(order)},
		{"POST", "/saved-views", `{"name":"x","query":{}}`},
		{"DELETE", at(1) + "/notes/" + made.ID, ""},
	} {
		viewer.must(403, c.method, c.path, c.body)
		stranger.must(404, c.method, c.path, c.body)
	}
	for _, path := range []string{at(1) + "/workflow", at(1) + "/history", "/tags", "/tasks", "/colleagues", "/saved-views"} {
		viewer.must(200, "GET", path, "")
		stranger.must(404, "GET", path, "")
	}
	analyst.must(403, "PUT", at(1)+"/notes/"+made.ID, `{"text":"theirs"}`)
	analyst.must(403, "DELETE", at(1)+"/notes/"+made.ID, "")
	analyst.must(404, "DELETE", at(2)+"/notes/"+made.ID, "")
	eva.must(200, "PUT", at(1)+"/notes/"+made.ID, `{"text":"still mine"}`)
	manager.must(204, "DELETE", at(1)+"/notes/"+made.ID, "")
	history := decode[api.ChangeList](t, viewer.must(200, "GET", at(1)+"/history", ""))
	if len(history.Items) != 3 || history.Items[0].By.Kind != "key" || history.Items[0].To.V != nil || strings.Contains(viewer.must(200, "GET", at(1)+"/history", ""), "mine") {
		t.Errorf("%+v", history)
	}
	long := decode[api.ChangeList](t, viewer.must(200, "GET", at(3)+"/history?limit=4", ""))
	rest := decode[api.ChangeList](t, viewer.must(200, "GET", at(3)+"/history?limit=200&cursor="+url.QueryEscape(*long.NextCursor), ""))
	if len(long.Items) != 4 || len(rest.Items) != 2 || rest.NextCursor != nil || !long.Items[0].Undo || rest.Items[1].Batch == nil {
		t.Errorf("%d and %d changes", len(long.Items), len(rest.Items))
	}
	viewer.must(422, "GET", at(4)+"/history?cursor="+url.QueryEscape(*long.NextCursor), "")

	// Tasks.
	tasks := decode[api.TaskList](t, eva.must(200, "GET", "/tasks?assignee=me", ""))
	if tasks.Total != 1 || *tasks.Items[0].Due != "2026-12-24" || tasks.Items[0].Person.ID != people[0].ID || len(tasks.Items[0].Person.Accounts) == 0 {
		t.Errorf("%+v", tasks)
	}
	task := at(0) + "/tasks/" + tasks.Items[0].ID
	analyst.must(422, "PATCH", task, `{}`)
	analyst.must(422, "PATCH", task, `{"due":"yesterday"}`)
	done := decode[api.Task](t, analyst.must(200, "PATCH", task, `{"done":true,"due":null}`))
	if !done.Done || done.Due != nil || done.Assignee.V == nil || done.DoneBy.V == nil || done.Text != "write" {
		t.Errorf("%+v", done)
	}
	if open := decode[api.TaskList](t, viewer.must(200, "GET", "/tasks", "")); open.Total != 0 {
		t.Errorf("%+v", open)
	}

	// Saved views.
	saved := decode[api.SavedView](t, eva.must(201, "POST", "/saved-views", `{"name":"Mine","query":{"status":"shortlisted,contacted","owner":"me","sort":"recent","view":"rising","columns":"score,tags","min_mentions":"3","all":"true"},"shared":true}`))
	if !saved.Mine || !saved.Shared || saved.Query["min_mentions"] != "3" {
		t.Errorf("%+v", saved)
	}
	for _, bad := range []string{`{"x":"1"}`, `{"limit":"3"}`, `{"cursor":"a"}`, `{"sort":"worst"}`, `{"status":"hunter2"}`, `{"min_mentions":"many"}`, `{"where":"score >"}`, `{"since":"soon"}`, `{"all":"1"}`, `{"columns":"<b>"}`, `{"include":"everybody"}`, `{"view":"nothing"}`, `{"sort":1}`} {
		if text := eva.must(422, "POST", "/saved-views", `{"name":"Bad","query":`+bad+`}`); strings.Contains(text, "hunter2") {
			t.Errorf("%s is repeated: %s", bad, text)
		}
	}
	if list := decode[api.SavedViewList](t, viewer.must(200, "GET", "/saved-views", "")); len(list.Items) != 1 || list.Items[0].Mine {
		t.Errorf("%+v", list)
	}
	analyst.must(403, "DELETE", "/saved-views/"+saved.ID, "")
	analyst.must(403, "PUT", "/saved-views/"+saved.ID, `{"name":"Ours","query":{}}`)
	manager.must(204, "DELETE", "/saved-views/"+saved.ID, "")
}

// TestWorkflowOnTheCommandLine: the same from the terminal; who has no account is
// local in the history.
func TestWorkflowOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"status", "Tea", "@ann"}, `"status": "candidate"`},
		{[]string{"status", "tea", "@ann", "Shortlisted"}, `"status": "shortlisted"`},
		{[]string{"tag", "tea", "@ann", "+VIP", "+fair 2026"}, `"fair 2026",`},
		{[]string{"tag", "tea", "@ann", "-vip", "+new"}, `"new"`},
		{[]string{"note", "tea", "@ann", "likes Oolong"}, `"text": "likes Oolong"`},
		{[]string{"tasks", "add", "tea", "@ann", "send some", "--due", "2026-12-24"}, `"due": "2026-12-24"`},
		{[]string{"tasks", "tea"}, `"total": 1`},
		{[]string{"status", "tea", "@bob", "not_a_fit", "--reason", "automated", "--text", "a bot"}, `"reason": "automated"`},
		{[]string{"rank", "tea"}, `"not_a_fit_left_out"`},
		{[]string{"rank", "tea", "--where", "status = shortlisted and tag = new and tasks > 0"}, `"total": 1`},
		{[]string{"rank", "tea", "--include", "not_a_fit"}, `"not_a_fit"`},
		{[]string{"views", "tea", "shortlist"}, `"total": 1`},
	} {
		out := ok(t, dir, append(c.args, "--json")...)
		if !json.Valid([]byte(out)) || !strings.Contains(out, c.want) {
			t.Errorf("%v lacks %s:\n%s", c.args, c.want, out)
		}
	}
	table := ok(t, dir, "status", "tea", "@ann")
	for _, want := range []string{"shortlisted", "fair 2026, new", "Note of ", "local:\nlikes Oolong", "due 2026-12-24: send some"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
	if out := ok(t, dir, "rank", "tea"); !strings.Contains(out, "1 left out as not a fit (--include not_a_fit)") {
		t.Errorf("the list does not say who is left out:\n%s", out)
	}
	if out := ok(t, dir, "tag", "--format", "csv", "tea", "@ann"); !strings.HasPrefix(out, "person,status,reason,text,since,owner,tags,notes,open_tasks\n") {
		t.Errorf("%s", out)
	}
	list := decode[api.TaskList](t, ok(t, dir, "tasks", "tea", "--json"))
	ok(t, dir, "tasks", "done", "tea", "@ann", list.Items[0].ID)
	if out := ok(t, dir, "tasks", "tea"); out != "There are none.\n" {
		t.Errorf("%s", out)
	}
	for _, bad := range [][]string{
		{"status", "tea", "@ann", "hunter2"},
		{"status", "tea", "@ann", "not_a_fit"},
		{"status", "tea", "@ann", "--reason", "other"},
		{"tag", "tea", "@ann", "vip"},
		{"tag", "tea", "@ann", "+a", "-A"},
		{"note", "tea", "@ann", " "},
		{"tasks", "add", "tea", "@ann", "x", "--due", "soon"},
		{"tasks", "tea", "--state", "some"},
	} {
		if r := cli(t, dir, "", bad...); r.code != 2 {
			t.Errorf("%v: exit %d, %s", bad, r.code, r.err)
		}
	}
	if r := cli(t, dir, "", "status", "tea", "@nobody", "paused"); r.code != 1 {
		t.Errorf("nobody: exit %d, %s", r.code, r.err)
	}
	log := ok(t, dir, "audit-log", "--json")
	for _, want := range []string{`"status"`, `"tag"`, `"note"`, `"tasks add"`, `"tasks done"`} {
		if !strings.Contains(log, `"action": `+want) {
			t.Errorf("the audit log lacks %s", want)
		}
	}
}
