package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"adalid"
	access "adalid/internal/account"
	"adalid/internal/privacy"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// keepAll lets the team keep one of everything of a person.
func keepAll(t *testing.T, s *Store, a workflow.About) {
	t.Helper()
	ctx := t.Context()
	must(t, s.SetStatus(ctx, a, workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "said no"}))
	must(t, s.ChangeTags(ctx, a, []string{"VIP", "Madrid"}, nil))
	_, err := s.AddNote(ctx, a, "met in May")
	must(t, err)
	_, err = s.AddTask(ctx, a, workflow.NewTask{Text: "write", Due: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)})
	must(t, err)
}

// team is a store with a brand of three people and two colleagues, one of whom sees
// another brand only.
type team struct {
	*Store
	now           time.Time
	ann, bob, cat string // ids of people
	eva, ida      workflow.Actor
}

func newTeam(t *testing.T) *team {
	t.Helper()
	m := &team{now: stamped(), eva: workflow.Actor{Mark: "person:eva", Name: "Eva"}, ida: workflow.Actor{Mark: "person:ida", Name: "Ida"}}
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Key: testKey, Now: func() time.Time { return m.now }})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	m.Store = s
	must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: "acme"}))
	save(t, s, note("x", "1", "ann", 1), note("mastodon", "2", "ann", 2), note("x", "3", "cat", 3))
	must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: "other"}))
	m.ann, m.bob, m.cat = personID("x", "ann"), personID("mastodon", "ann"), personID("x", "cat")
	for _, u := range [][2]string{{"boss", access.EveryBrand}, {"eva", "acme"}, {"ida", "acme"}, {"out", "other"}} {
		id, brand := u[0], u[1]
		role := access.Analyst
		if brand == access.EveryBrand {
			role = access.Owner
		}
		name := strings.ToUpper(id[:1]) + id[1:]
		must(t, s.AddUser(t.Context(), access.User{
			ID: id, Email: id + "@brand.example", Name: name, Password: "x", Created: m.now, Grants: []access.Grant{{Brand: brand, Role: role}},
		}, ""))
	}
	return m
}

func (m *team) about(person string, by workflow.Actor) workflow.About {
	return workflow.About{Brand: "acme", Person: person, By: by}
}

func (m *team) of(t *testing.T, person string) workflow.Person {
	t.Helper()
	p, err := m.Workflow(t.Context(), "acme", person)
	must(t, err)
	return p
}

// told gives a person's history in short, the oldest first.
func (m *team) told(t *testing.T, person string) (lines []string) {
	t.Helper()
	show := func(v *workflow.Value) string {
		if v == nil {
			return "-"
		}
		return strings.Trim(v.Value+"/"+v.Reason+"/"+v.Text, "/")
	}
	for before := int64(0); ; {
		list, next, err := m.History(t.Context(), "acme", person, before, 2)
		must(t, err)
		for _, c := range list {
			line := fmt.Sprintf("%s %s %s→%s", c.By.Name, c.Kind, show(c.From), show(c.To))
			if c.Undo {
				line += " undone"
			}
			lines = append(lines, line)
			if c.At.IsZero() || c.N == 0 {
				t.Errorf("%+v", c)
			}
		}
		if before = next; next == 0 {
			slices.Reverse(lines)
			return lines
		}
	}
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// TestEveryChangeIsInTheHistory: each once, with who, from what and to what; what
// changes nothing is not.
func TestEveryChangeIsInTheHistory(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a := m.about(m.ann, m.eva)
	for range 2 {
		must(t, m.SetStatus(ctx, a, workflow.Stage{Status: workflow.Shortlisted}))
		must(t, m.SetOwner(ctx, a, "ida"))
		must(t, m.ChangeTags(ctx, a, []string{"VIP", "vip"}, []string{"none"}))
	}
	must(t, m.SetStatus(ctx, m.about(m.ann, m.ida), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: " no "}))
	must(t, m.SetOwner(ctx, a, ""))
	must(t, m.ChangeTags(ctx, a, []string{"new"}, []string{"VIP"}))
	n, err := m.AddNote(ctx, a, "first\r\nline")
	must(t, err)
	n, err = m.ChangeNote(ctx, a, n.ID, "second")
	must(t, err)
	task, err := m.AddTask(ctx, a, workflow.NewTask{Text: "write", Due: time.Date(2026, 4, 1, 13, 0, 0, 0, time.UTC), Assignee: "eva"})
	must(t, err)
	yes, no, text, nobody := true, false, "call", ""
	for _, p := range []workflow.TaskPatch{{Done: &yes}, {Done: &yes}, {Done: &no, Text: &text}, {Due: &time.Time{}, Assignee: &nobody}} {
		task, err = m.ChangeTask(ctx, a, task.ID, p)
		must(t, err)
	}
	must(t, m.DecideRole(ctx, "acme", m.ann, new("staff"), "me"))
	must(t, m.DecideRole(ctx, "acme", m.ann, new("staff"), "me"))
	must(t, m.DecideGenuine(access.With(ctx, access.Actor{Kind: access.Person, ID: "eva", Name: "Eva"}), "acme", m.ann, &yes, "me"))
	must(t, m.DecideGenuine(ctx, "acme", m.ann, nil, "me"))
	must(t, m.SetInformed(ctx, "acme", m.ann, Informed{At: m.now, Channel: "mail"}))
	must(t, m.SetInformed(ctx, "acme", m.ann, Informed{}))
	_, err = m.Decide(ctx, "acme", Link{A: m.ann, B: m.cat, Basis: []byte("{}")})
	must(t, err)
	must(t, m.Undo(ctx, "acme", m.cat, m.ann))
	want(t, "history", m.told(t, m.ann), []string{
		"Eva status candidate→shortlisted",
		"Eva owner -→ida//Ida",
		"Eva tag -→VIP",
		"Ida status shortlisted→not_a_fit/other/no",
		"Eva owner ida//Ida→-",
		"Eva tag VIP→-",
		"Eva tag -→new",
		"Eva note -→first\nline",
		"Eva note first\nline→second",
		"Eva task -→write",
		"Eva task_due -→2026-04-01",
		"Eva task_assignee -→eva//Eva",
		"Eva task_done open→done",
		"Eva task write→call",
		"Eva task_done done→open",
		"Eva task_due 2026-04-01→-",
		"Eva task_assignee eva//Eva→-",
		"local circle -→staff",
		"Eva authenticity -→genuine",
		"local authenticity genuine→-",
		"local notice -→mail//" + m.now.UTC().Format(time.RFC3339),
		"local notice mail//" + m.now.UTC().Format(time.RFC3339) + "→-",
		"local identity -→rejected",
		"local identity rejected→-",
	})
	want(t, "history of the other", m.told(t, m.cat), []string{"local identity -→rejected", "local identity rejected→-"})

	// What is removed is removed from the history too.
	must(t, m.RemoveNote(ctx, a, n.ID))
	must(t, m.RemoveTask(ctx, a, task.ID))
	for _, line := range m.told(t, m.ann) {
		if strings.Contains(line, "second") || strings.Contains(line, "write") || strings.Contains(line, "call") {
			t.Errorf("a text that was removed: %s", line)
		}
	}
	if got := m.told(t, m.ann); len(got) != 26 || got[25] != "Eva task →-" || got[24] != "Eva note →-" {
		t.Errorf("%q", got[len(got)-2:])
	}
	p := m.of(t, m.ann)
	if len(p.Notes)+len(p.Tasks) != 0 || p.Stage.Status != workflow.NotAFit || p.Stage.Text != "no" || p.By != m.ida || !p.Since.Equal(m.now) || p.Owner != nil {
		t.Errorf("%+v", p)
	}
}

// TestWhatCannotBeKept: what is refused changes nothing and is not in the history.
func TestWhatCannotBeKept(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a := m.about(m.ann, m.eva)
	n, err := m.AddNote(ctx, a, "mine")
	must(t, err)
	task, err := m.AddTask(ctx, a, workflow.NewTask{Text: "do"})
	must(t, err)
	before := m.told(t, m.ann)
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprint("t", i)
	}
	_, changing := m.ChangeNote(ctx, m.about(m.ann, m.ida), n.ID, "theirs")
	_, wrongPerson := m.ChangeNote(ctx, m.about(m.cat, m.eva), n.ID, "x")
	_, noTask := m.ChangeTask(ctx, m.about(m.cat, m.eva), task.ID, workflow.TaskPatch{})
	_, assigned := m.AddTask(ctx, a, workflow.NewTask{Text: "x", Assignee: "out"})
	_, long := m.AddNote(ctx, a, strings.Repeat("ñ", 4001))
	_, invisible := m.AddNote(ctx, a, "a\u202eb")
	_, blank := m.AddTask(ctx, a, workflow.NewTask{Text: " \n"})
	_, elsewhere := m.Workflow(ctx, "other", m.ann)
	_, nobody := m.AddNote(ctx, m.about("nobody", m.eva), "x")
	for name, c := range map[string]struct {
		err  error
		code adalid.Code
	}{
		"no status":        {m.SetStatus(ctx, a, workflow.Stage{Status: "x"}), adalid.Invalid},
		"no reason":        {m.SetStatus(ctx, a, workflow.Stage{Status: workflow.NotAFit}), adalid.Invalid},
		"a reason too":     {m.SetStatus(ctx, a, workflow.Stage{Status: workflow.Paused, Reason: workflow.Other}), adalid.Invalid},
		"long reason":      {m.SetStatus(ctx, a, workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: strings.Repeat("x", 501)}), adalid.Invalid},
		"no user":          {m.SetOwner(ctx, a, "nobody"), adalid.Invalid},
		"another's user":   {m.SetOwner(ctx, a, "out"), adalid.Invalid},
		"assigned":         {assigned, adalid.Invalid},
		"many tags":        {m.ChangeTags(ctx, a, many, nil), adalid.Invalid},
		"long tag":         {m.ChangeTags(ctx, a, []string{strings.Repeat("x", 41)}, nil), adalid.Invalid},
		"tag with a comma": {m.ChangeTags(ctx, a, []string{"a,b"}, nil), adalid.Invalid},
		"both":             {m.ChangeTags(ctx, a, []string{"a"}, []string{"A"}), adalid.Invalid},
		"somebody else's":  {changing, adalid.Forbidden},
		"removing it":      {m.RemoveNote(ctx, m.about(m.ann, m.ida), n.ID), adalid.Forbidden},
		"another person":   {wrongPerson, adalid.NotFound},
		"another's task":   {noTask, adalid.NotFound},
		"no note":          {m.RemoveNote(ctx, a, "x"), adalid.NotFound},
		"long":             {long, adalid.Invalid},
		"invisible":        {invisible, adalid.Invalid},
		"blank":            {blank, adalid.Invalid},
		"another brand":    {elsewhere, adalid.NotFound},
		"nobody":           {nobody, adalid.NotFound},
	} {
		if adalid.CodeOf(c.err) != c.code {
			t.Errorf("%s: %v, want %s", name, c.err, c.code)
		}
	}
	must(t, m.ChangeTags(ctx, a, many[:20], nil))
	code(t, adalid.Invalid, m.ChangeTags(ctx, a, []string{"more"}, nil))
	must(t, m.ChangeTags(ctx, a, []string{"more"}, []string{"t0"}))
	after := m.told(t, m.ann)
	want(t, "history", after[:2], before)
	if len(after) != 2+20+2 {
		t.Errorf("%d changes: %q", len(after), after)
	}
	manager := m.about(m.ann, m.ida)
	manager.Manages = true
	must(t, m.RemoveNote(ctx, manager, n.ID))
}

// TestBatchUndo: what a batch changed is as before to the letter; what was changed
// since stays.
func TestBatchUndo(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	people := []string{m.ann, m.bob, m.cat}
	must(t, m.SetStatus(ctx, m.about(m.ann, m.ida), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "why"}))
	must(t, m.SetOwner(ctx, m.about(m.ann, m.ida), "ida"))
	must(t, m.ChangeTags(ctx, m.about(m.bob, m.ida), []string{"Old", "both"}, nil))
	look := func() (all []workflow.Person) {
		for _, p := range people {
			all = append(all, m.of(t, p))
		}
		return all
	}
	pipelines := func() (all []rank.Pipeline) {
		must(t, m.Pipelines(ctx, "acme", func(p rank.Pipeline) error { all = append(all, p); return nil }))
		return all
	}
	before, listed := look(), pipelines()
	m.now = m.now.Add(time.Hour)
	eva := "eva"
	o := workflow.Order{
		People: append([]string{"nobody", m.ann}, people...), Stage: &workflow.Stage{Status: workflow.Shortlisted},
		AddTags: []string{"Both", "new"}, DropTags: []string{"old"}, Owner: &eva,
	}
	done, err := m.ChangeMany(ctx, m.about("", m.eva), o)
	must(t, err)
	if done.Changed != 3 || done.Unknown != 1 || done.Unchanged != 1 || done.Refused != 0 || !done.Until.Equal(m.now.Add(24*time.Hour)) {
		t.Errorf("%+v", done)
	}
	for _, p := range look() {
		if p.Stage.Status != workflow.Shortlisted || p.Owner == nil || p.Owner.ID != "eva" || !slices.Equal(p.Tags, []string{"both", "new"}) && !slices.Equal(p.Tags, []string{"Both", "new"}) {
			t.Errorf("%+v", p)
		}
	}
	_, err = m.UndoBatch(ctx, m.about("", m.ida), done.ID)
	code(t, adalid.Forbidden, err)
	back, err := m.UndoBatch(ctx, m.about("", m.eva), done.ID)
	must(t, err)
	if back != (workflow.Undone{Restored: 3}) {
		t.Errorf("%+v", back)
	}
	if d := cmp.Diff(before, look()); d != "" {
		t.Errorf("not as before (-want +got):\n%s", d)
	}
	if d := cmp.Diff(listed, pipelines(), cmpopts.IgnoreSliceElements(func(p rank.Pipeline) bool { return p.Status == "candidate" && p.Owner == "" && p.Tags == nil })); d != "" {
		t.Errorf("lists are not as before (-want +got):\n%s", d)
	}
	_, err = m.UndoBatch(ctx, m.about("", m.eva), done.ID)
	code(t, adalid.Conflict, err)
	if got := m.told(t, m.bob); len(got) != 2+4+4 || !strings.HasSuffix(got[9], " undone") {
		t.Errorf("%q", got)
	}

	// Again, and one of them is changed before it is taken back.
	done, err = m.ChangeMany(ctx, m.about("", m.eva), o)
	must(t, err)
	must(t, m.SetStatus(ctx, m.about(m.cat, m.ida), workflow.Stage{Status: workflow.Contacted}))
	must(t, m.ChangeTags(ctx, m.about(m.bob, m.ida), []string{"old"}, nil))
	must(t, m.ChangeTags(ctx, m.about(m.bob, m.ida), nil, []string{"old"}))
	manager := m.about("", m.ida)
	manager.Manages = true
	back, err = m.UndoBatch(ctx, manager, done.ID)
	must(t, err)
	if back != (workflow.Undone{Restored: 1, Kept: 2}) {
		t.Errorf("%+v", back)
	}
	now := look()
	if d := cmp.Diff(before[0], now[0]); d != "" {
		t.Errorf("ann (-want +got):\n%s", d)
	}
	if now[2].Stage.Status != workflow.Contacted || now[2].Owner != nil || len(now[2].Tags) != 0 || slices.Contains(now[1].Tags, "Old") || slices.Contains(now[1].Tags, "new") {
		t.Errorf("%+v\n%+v", now[1], now[2])
	}

	// A batch on a batch: the later one first.
	one, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: people, Stage: &workflow.Stage{Status: workflow.Paused}, DropTags: []string{"both"}})
	must(t, err)
	two, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: people, Stage: &workflow.Stage{Status: workflow.Ambassador}, AddTags: []string{"both"}})
	must(t, err)
	for _, id := range []string{two.ID, one.ID} {
		if back, err = m.UndoBatch(ctx, m.about("", m.eva), id); err != nil || back.Kept != 0 {
			t.Errorf("%+v, %v", back, err)
		}
	}
	if d := cmp.Diff(now, look()); d != "" {
		t.Errorf("two batches (-want +got):\n%s", d)
	}

	late, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: people, Stage: &workflow.Stage{Status: workflow.Paused}})
	must(t, err)
	m.now = m.now.Add(24*time.Hour + time.Second)
	_, err = m.UndoBatch(ctx, m.about("", m.eva), late.ID)
	code(t, adalid.Conflict, err)
	_, err = m.ApplyRetention(ctx, "acme")
	must(t, err)
	var former int
	must(t, sqlDB(t, m.Store).QueryRowContext(ctx, "SELECT count(*) FROM event WHERE former IS NOT NULL").Scan(&former))
	if former != 0 {
		t.Errorf("%d rows to put back are kept although nobody can", former)
	}
	for _, bad := range []string{"", "0", "x", "99999"} {
		_, err = m.UndoBatch(ctx, m.about("", m.eva), bad)
		code(t, adalid.NotFound, err)
	}
	elsewhere := m.about("", m.eva)
	elsewhere.Brand = "other"
	_, err = m.UndoBatch(ctx, elsewhere, late.ID)
	code(t, adalid.NotFound, err)
	_, err = m.ChangeMany(ctx, elsewhere, o)
	code(t, adalid.Invalid, err) // eva does not see it
	o.Owner = nil
	_, err = m.ChangeMany(ctx, elsewhere, o)
	code(t, adalid.NotFound, err)
	_, err = m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: make([]string, 501), Stage: o.Stage})
	code(t, adalid.Invalid, err)
	_, err = m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: people})
	code(t, adalid.Invalid, err)
}

// TestUndoFailsAsAWhole: that colleagues cannot be read does not mean that the
// owner before is gone.
func TestUndoFailsAsAWhole(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	must(t, m.SetOwner(ctx, m.about(m.ann, m.ida), "ida"))
	nobody := ""
	done, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: []string{m.ann}, Owner: &nobody})
	must(t, err)
	rename := func(from, to string) {
		must(t, m.write(ctx, "", func(x *session) error { return x.plain("ALTER TABLE "+from+" RENAME TO "+to, nil) }))
	}
	rename("role", "elsewhere")
	if out, err := m.UndoBatch(ctx, m.about("", m.eva), done.ID); err == nil {
		t.Errorf("taken back without colleagues: %+v", out)
	}
	rename("elsewhere", "role")
	out, err := m.UndoBatch(ctx, m.about("", m.eva), done.ID)
	must(t, err)
	if p := m.of(t, m.ann); out.Restored != 1 || p.Owner == nil || p.Owner.ID != "ida" {
		t.Errorf("%+v, %+v", out, p.Owner)
	}
}

// TestBatchLeavesFullPeopleAlone: who would have too many tags is not changed at all.
func TestBatchLeavesFullPeopleAlone(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	var tags []string
	for i := range 20 {
		tags = append(tags, fmt.Sprint("t", i))
	}
	must(t, m.ChangeTags(ctx, m.about(m.ann, m.eva), tags, nil))
	done, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: []string{m.ann, m.cat}, Stage: &workflow.Stage{Status: workflow.Paused}, AddTags: []string{"more"}})
	must(t, err)
	if done.Refused != 1 || done.Changed != 1 || m.of(t, m.ann).Stage.Status != workflow.Candidate {
		t.Errorf("%+v", done)
	}
}

// TestMergedPeopleLoseNothing: what was kept of two is kept of the one they become,
// the later decision counts, and taking that back gives each their own again.
func TestMergedPeopleLoseNothing(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a, b := m.ann, m.cat
	keep := func(person, tag, text string, status workflow.Status, owner string) {
		about := m.about(person, m.eva)
		must(t, m.SetStatus(ctx, about, workflow.Stage{Status: status}))
		must(t, m.SetOwner(ctx, about, owner))
		must(t, m.ChangeTags(ctx, about, []string{tag, "shared"}, nil))
		_, err := m.AddNote(ctx, about, text)
		must(t, err)
		_, err = m.AddTask(ctx, about, workflow.NewTask{Text: text})
		must(t, err)
	}
	keep(a, "one", "of ann", workflow.Contacted, "eva")
	keep(b, "two", "of cat", workflow.Ambassador, "ida")
	wasA, wasB, toldA, toldB := m.of(t, a), m.of(t, b), m.told(t, a), m.told(t, b)

	join := func() { accept(t, m.Store, a, b) }
	join()
	p := m.of(t, b)
	if p.ID != min(a, b) || p.Stage.Status != workflow.Ambassador || p.Owner.ID != "ida" || !slices.Equal(p.Tags, []string{"one", "shared", "two"}) || len(p.Notes) != 2 || len(p.Tasks) != 2 {
		t.Errorf("%+v", p)
	}
	both := m.told(t, a)
	if len(both) != len(toldA)+len(toldB)+1 || both[len(both)-1] != "local identity -→accepted" {
		t.Errorf("%q", both)
	}
	listed := 0
	must(t, m.Pipelines(ctx, "acme", func(l rank.Pipeline) error {
		listed++
		if l.Person != p.ID || l.Status != "ambassador" || l.Owner != "ida" || l.OwnerName != "Ida" || !slices.Equal(l.Tags, p.Tags) || l.OpenTasks != 2 {
			t.Errorf("%+v", l)
		}
		return nil
	}))
	counts, err := m.Tags(ctx, "acme")
	must(t, err)
	if listed != 1 || !slices.Contains(counts, workflow.TagCount{Name: "shared", People: 1}) {
		t.Errorf("%d people, %+v", listed, counts)
	}
	page, err := m.Tasks(ctx, "acme", workflow.TaskQuery{Limit: 9})
	must(t, err)
	if len(page.Items) != 2 || page.Items[0].Person != p.ID || len(page.People[p.ID]) != 2 {
		t.Errorf("%+v", page)
	}

	must(t, m.Undo(ctx, "acme", a, b))
	if d := cmp.Diff([]workflow.Person{wasA, wasB}, []workflow.Person{m.of(t, a), m.of(t, b)}); d != "" {
		t.Errorf("apart again (-want +got):\n%s", d)
	}
	want(t, "history of one", m.told(t, a), append(toldA, "local identity -→accepted", "local identity accepted→-"))
	want(t, "history of the other", m.told(t, b), append(toldB, "local identity -→accepted", "local identity accepted→-"))

	// A batch while they are one, taken back when they are two again.
	join()
	done, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: []string{a, b}, Stage: &workflow.Stage{Status: workflow.Paused}, AddTags: []string{"three"}, DropTags: []string{"shared", "one"}})
	must(t, err)
	if done.Changed != 1 || done.Unchanged != 1 {
		t.Errorf("%+v", done)
	}
	if p := m.of(t, a); p.Stage.Status != workflow.Paused || !slices.Equal(p.Tags, []string{"three", "two"}) {
		t.Errorf("%+v", p)
	}
	must(t, m.Undo(ctx, "acme", a, b))
	back, err := m.UndoBatch(ctx, m.about("", m.eva), done.ID)
	must(t, err)
	if back.Restored != 1 || back.Kept != 0 {
		t.Errorf("%+v", back)
	}
	if d := cmp.Diff([]workflow.Person{wasA, wasB}, []workflow.Person{m.of(t, a), m.of(t, b)}); d != "" {
		t.Errorf("after the batch (-want +got):\n%s", d)
	}
}

// TestNotesStayWithTheirAccount: what is changed about a note or a task while two
// are joined is the history of that one of them whose it is.
func TestNotesStayWithTheirAccount(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a, b := min(m.ann, m.cat), max(m.ann, m.cat) // a names both
	n, err := m.AddNote(ctx, m.about(b, m.eva), "one")
	must(t, err)
	doomed, err := m.AddNote(ctx, m.about(b, m.eva), "three")
	must(t, err)
	task, err := m.AddTask(ctx, m.about(b, m.eva), workflow.NewTask{Text: "four"})
	must(t, err)
	accept(t, m.Store, a, b)
	both, yes, five := m.about(a, m.eva), true, "five"
	_, err = m.ChangeNote(ctx, both, n.ID, "two")
	must(t, err)
	_, err = m.ChangeNote(ctx, both, doomed.ID, "six")
	must(t, err)
	_, err = m.ChangeTask(ctx, both, task.ID, workflow.TaskPatch{Text: &five, Done: &yes, Due: &m.now})
	must(t, err)
	must(t, m.RemoveNote(ctx, both, doomed.ID))
	must(t, m.Undo(ctx, "acme", a, b))
	want(t, "history of the other", m.told(t, a), []string{"local identity -→accepted", "local identity accepted→-"})
	want(t, "history", m.told(t, b), []string{
		"Eva note -→one", "Eva note -→", "Eva task -→four", "local identity -→accepted", "Eva note one→two", "Eva note →",
		"Eva task four→five", "Eva task_due -→2026-05-06", "Eva task_done open→done", "Eva note →-", "local identity accepted→-",
	})

	// Wherever a text is in the history, it goes with its note.
	must(t, m.write(ctx, "", func(x *session) error {
		return x.plain("UPDATE event SET account = '"+a+"' WHERE kind = 'note' AND item = '"+n.ID+"'", nil)
	}))
	must(t, m.RemoveNote(ctx, m.about(b, m.eva), n.ID))
	want(t, "history of the other", m.told(t, a), []string{"Eva note -→", "local identity -→accepted", "Eva note →", "local identity accepted→-"})
	must(t, m.write(ctx, "", func(x *session) error {
		return x.plain("DELETE FROM event WHERE kind = 'note' AND account = '"+a+"'", nil)
	}))
	_, err = m.Erase(ctx, Erasure{Brand: "acme", Person: b})
	must(t, err)
	var left int
	must(t, sqlDB(t, m.Store).QueryRowContext(ctx, "SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM task) + (SELECT count(*) FROM event)").Scan(&left))
	if left != 0 {
		t.Errorf("%d rows are left of somebody who was erased", left)
	}
}

// TestTwoAtOnce: many change the same person at the same time; all of it is there.
func TestTwoAtOnce(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	const each = 20
	var wait sync.WaitGroup
	for _, by := range []workflow.Actor{m.eva, m.ida} {
		wait.Go(func() {
			a := m.about(m.ann, by)
			for i := range each {
				status := []workflow.Status{workflow.Contacted, workflow.Paused}[i%2]
				_, errNote := m.AddNote(ctx, a, fmt.Sprint(by.Name, i))
				_, errTask := m.AddTask(ctx, a, workflow.NewTask{Text: fmt.Sprint(by.Name, i)})
				errTag := m.ChangeTags(ctx, a, []string{fmt.Sprint(by.Name, i%5)}, nil)
				for _, err := range []error{m.SetStatus(ctx, a, workflow.Stage{Status: status}), errNote, errTask, errTag} {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	p := m.of(t, m.ann)
	if len(p.Notes) != 2*each || len(p.Tasks) != 2*each || len(p.Tags) != 10 {
		t.Errorf("%d notes, %d tasks, %d tags", len(p.Notes), len(p.Tasks), len(p.Tags))
	}
	last, kinds := "candidate", map[workflow.Kind]int{}
	list, _, err := m.History(ctx, "acme", m.ann, 0, 1000)
	must(t, err)
	slices.Reverse(list)
	for _, c := range list {
		kinds[c.Kind]++
		if c.Kind == workflow.OfStatus {
			if c.From.Value != last {
				t.Fatalf("a change from %s follows one to %s", c.From.Value, last)
			}
			last = c.To.Value
		}
	}
	if last != string(p.Stage.Status) || kinds[workflow.OfNote] != 2*each || kinds[workflow.OfTask] != 2*each || kinds[workflow.OfTag] != 10 {
		t.Errorf("%s, %v", last, kinds)
	}
}

// TestLeavingColleagues: what they looked after is nobody's, and the history keeps
// who they were.
func TestLeavingColleagues(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a := m.about(m.ann, m.eva)
	must(t, m.SetOwner(ctx, a, "eva"))
	_, err := m.AddNote(ctx, a, "mine")
	must(t, err)
	_, err = m.AddTask(ctx, a, workflow.NewTask{Text: "do", Assignee: "eva"})
	must(t, err)
	for _, v := range []workflow.SavedView{{Name: "own"}, {Name: "ours", Shared: true}} {
		_, err := m.SaveView(ctx, a, v)
		must(t, err)
	}
	state, err := m.State(ctx, "acme")
	must(t, err)
	_, err = m.ChangeUser(ctx, "eva", "", func(u *access.User) error { u.Name = "Eva María"; return nil })
	must(t, err)
	renamed, err := m.State(ctx, "acme")
	must(t, err)
	if renamed.Pipeline <= state.Pipeline || m.of(t, m.ann).Owner.Name != "Eva María" {
		t.Error("a new name does not show")
	}
	must(t, m.RemoveUser(access.With(ctx, access.Actor{Kind: access.Person, ID: "boss", Name: "Boss"}), "eva"))
	p := m.of(t, m.ann)
	if p.Owner != nil || p.Tasks[0].Assignee != nil || p.Notes[0].By != m.eva {
		t.Errorf("%+v", p)
	}
	got := m.told(t, m.ann)
	want(t, "history", got[len(got)-2:], []string{"Boss owner eva//Eva María→-", "Boss task_assignee eva//Eva María→-"})
	views, err := m.SavedViews(ctx, "acme", m.eva)
	must(t, err)
	if len(views) != 1 || views[0].Name != "ours" {
		t.Errorf("%+v", views)
	}
	colleagues, err := m.Colleagues(ctx, "acme")
	must(t, err)
	if d := cmp.Diff([]workflow.Colleague{{ID: "boss", Name: "Boss"}, {ID: "ida", Name: "Ida"}}, colleagues); d != "" {
		t.Error(d)
	}
}

// TestErasedPeopleLeaveNothingKept: nothing that the team kept of somebody is left,
// nor their handle in what it kept of others.
func TestErasedPeopleLeaveNothingKept(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := openKeyed(t, dir)
	defer func() { must(t, s.Close()) }()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith(gone))
	person, err := s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	of := func(p string) workflow.About { return workflow.About{Brand: "acme", Person: p, By: workflow.Local()} }
	keepAll(t, s, of(person))
	must(t, s.SetStatus(ctx, of(bob), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "quarrels with @" + gone}))
	must(t, s.ChangeTags(ctx, of(bob), []string{"friend of " + gone}, nil))
	_, err = s.AddNote(ctx, of(bob), "knows @"+gone)
	must(t, err)
	_, err = s.AddTask(ctx, of(bob), workflow.NewTask{Text: "ask about " + gone})
	must(t, err)
	_, err = s.SaveView(ctx, of(""), workflow.SavedView{Name: "near " + gone, Query: map[string]string{"where": "handle = " + strings.ToLower(gone)}, Shared: true})
	must(t, err)
	done, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{person, bob}, DropTags: []string{"VIP", "friend of " + gone}, AddTags: []string{"late"}})
	must(t, err)
	// Somebody who was never stored, in what a batch replaced; and a batch that
	// has nothing to do with either.
	const never = "Quiroga_Perales88"
	carl, err := s.FindPerson(ctx, "acme", "x/bob2")
	must(t, err)
	must(t, s.SetStatus(ctx, of(carl), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "works for " + never}))
	must(t, s.ChangeTags(ctx, of(carl), []string{"met " + never}, nil))
	replaced, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{carl}, Stage: &workflow.Stage{Status: workflow.Paused}, DropTags: []string{"met " + never}})
	must(t, err)
	dana, err := s.FindPerson(ctx, "acme", "x/bob3")
	must(t, err)
	must(t, s.SetStatus(ctx, of(dana), workflow.Stage{Status: workflow.Shortlisted}))
	apart, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{dana}, Stage: &workflow.Stage{Status: workflow.Paused}})
	must(t, err)
	_, err = s.Decide(ctx, "acme", Link{A: person, B: bob, Basis: []byte("{}")})
	must(t, err)
	if found := traces(t, dir, gone); len(found) < 3 {
		t.Fatalf("the control finds %v: this test proves nothing", found)
	}
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: person})
	must(t, err)
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: "x/" + never})
	must(t, err)
	for _, handle := range []string{gone, never} {
		if found := traces(t, dir, handle); len(found) != 0 {
			t.Errorf("left: %v", found)
		}
	}
	for _, id := range []string{apart.ID, replaced.ID} {
		back, err := s.UndoBatch(ctx, of(""), id)
		must(t, err)
		if back != (workflow.Undone{Restored: 1}) {
			t.Errorf("a batch that names nobody who is stored: %+v", back)
		}
	}
	if p, err := s.Workflow(ctx, "acme", carl); err != nil || p.Stage.Text != "works for …" || !slices.Equal(p.Tags, []string{"met …"}) {
		t.Errorf("%+v, %v", p, err)
	}
	must(t, s.read(ctx, "", func(x *session) error {
		for _, table := range []string{"status", "owner", "tagged", "note", "task", "event"} {
			if err := x.plain("SELECT * FROM "+table+" WHERE account = '"+person+"'", func(row) error {
				t.Errorf("a row of %s is left", table)
				return nil
			}); err != nil {
				return err
			}
		}
		return x.plain("SELECT 1 FROM event WHERE item = '"+person+"' OR instr(former, '"+person+"') > 0", func(row) error {
			t.Error("the history of others names the account")
			return nil
		})
	}))
	p, err := s.Workflow(ctx, "acme", bob)
	must(t, err)
	if len(p.Notes) != 1 || p.Notes[0].Text != "knows @…" || p.Tasks[0].Text != "ask about …" || !slices.Contains(p.Tags, "late") {
		t.Errorf("%+v", p)
	}
	if _, err := s.UndoBatch(ctx, of(""), done.ID); err != nil {
		t.Error(err)
	}
	must(t, s.RemoveBrand(ctx, "acme"))
	for _, table := range []string{"workflow", "status", "owner", "tagged", "note", "task", "event", "batch", "saved_view"} {
		var left int
		must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&left))
		if left != 0 {
			t.Errorf("%d rows of %s outlive the brand", left, table)
		}
	}
}

// TestErasedBehindEscapes: what JSON writes another way hides no handle.
func TestErasedBehindEscapes(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := openKeyed(t, dir)
	defer func() { must(t, s.Close()) }()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith("Bystander_1"))
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	a := workflow.About{Brand: "acme", Person: bob, By: workflow.Local()}
	_, err = s.AddNote(ctx, a, "asked:\n"+gone+"\tsaid \"no\"")
	must(t, err)
	_, err = s.AddNote(ctx, a, "mail <"+gone+"> & co")
	must(t, err)
	_, err = s.AddTask(ctx, a, workflow.NewTask{Text: "call\n" + gone})
	must(t, err)
	must(t, s.ChangeTags(ctx, a, []string{"<" + gone + ">"}, nil))
	must(t, s.SetStatus(ctx, a, workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "<" + gone + "> asked"}))
	done, err := s.ChangeMany(ctx, a, workflow.Order{People: []string{bob}, Stage: &workflow.Stage{Status: workflow.Paused}, DropTags: []string{"<" + gone + ">"}})
	must(t, err)
	_, err = s.SaveView(ctx, a, workflow.SavedView{Name: "near", Query: map[string]string{"where": "likes > 3 and handle<" + gone, "text": "a\n" + gone}})
	must(t, err)
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: "x/" + gone})
	must(t, err)
	if found := traces(t, dir, gone); len(found) != 0 {
		t.Errorf("left: %v", found)
	}
	var empty int
	must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM event WHERE was = '' OR now = '' OR former = ''").Scan(&empty))
	if empty != 0 {
		t.Errorf("%d changes hold an empty text where there was nothing", empty)
	}
	_, err = s.UndoBatch(ctx, a, done.ID)
	must(t, err)
	var texts []string
	list, _, err := s.History(ctx, "acme", bob, 0, 99)
	must(t, err)
	for _, c := range slices.Backward(list) {
		if c.To != nil {
			texts = append(texts, strings.TrimSpace(c.To.Value+" "+c.To.Text))
		}
		if c.Kind == workflow.OfNote && c.From != nil {
			t.Errorf("a note that was added has a text before it: %+v", c.From)
		}
	}
	want(t, "history", texts, []string{"asked:\n…\tsaid \"no\"", "mail <…> & co", "call\n…", "<…>", "not_a_fit <…> asked", "paused", "not_a_fit <…> asked", "<…>"})
	views, err := s.SavedViews(ctx, "acme", a.By)
	must(t, err)
	if len(views) != 1 || !maps.Equal(views[0].Query, map[string]string{"where": "likes > 3 and handle<…", "text": "a\n…"}) {
		t.Errorf("%+v", views)
	}
}

// TestKeptIsPassedOn: when one account of a person goes because its posts did, the
// other has what the team kept; when the last goes, nothing is left.
func TestKeptIsPassedOn(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	keepAll(t, m.Store, m.about(m.ann, m.eva))
	keepAll(t, m.Store, m.about(m.bob, m.eva))
	must(t, m.ChangeTags(ctx, m.about(m.bob, m.eva), []string{"only"}, nil))
	accept(t, m.Store, m.ann, m.bob)
	was := m.of(t, m.ann)
	first, second := Key{"x", "1"}, Key{"mastodon", "2"}
	left := m.bob
	if was.ID == m.bob {
		first, second, left = second, first, m.ann
	}
	_, err := m.Delete(ctx, "acme", []Key{first})
	must(t, err)
	now := m.of(t, left)
	if d := cmp.Diff(was, now, cmpopts.IgnoreFields(workflow.Person{}, "ID"), cmpopts.IgnoreFields(workflow.Task{}, "Person")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	_, err = m.Delete(ctx, "acme", []Key{second})
	must(t, err)
	var rows int
	must(t, sqlDB(t, m.Store).QueryRowContext(ctx, "SELECT (SELECT count(*) FROM status) + (SELECT count(*) FROM tagged) + (SELECT count(*) FROM note) + (SELECT count(*) FROM task) + (SELECT count(*) FROM event)").Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows about nobody", rows)
	}
}

// TestErasedBequeathNothing: what the team kept of an account that is being erased
// goes with it, whoever takes its posts out first.
func TestErasedBequeathNothing(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	keepAll(t, m.Store, m.about(m.ann, m.eva))
	accept(t, m.Store, m.ann, m.bob)
	h, err := m.hash()
	must(t, err)
	must(t, m.suppress(ctx, []privacy.Entry{h.Account("acme", m.ann)}))
	_, err = m.Delete(ctx, "acme", []Key{{"x", "1"}})
	must(t, err)
	if p := m.of(t, m.bob); len(p.Notes)+len(p.Tasks)+len(p.Tags) != 0 || p.Stage.Status != workflow.Candidate {
		t.Errorf("%+v", p)
	}
}

// TestTaskPages: by due, then number, whatever the size of the pages.
func TestTaskPages(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	yes := true
	for i := range 30 {
		n := workflow.NewTask{Text: fmt.Sprint(i)}
		if i%4 > 0 {
			n.Due = time.Date(2026, 4, 1+i%5, 0, 0, 0, 0, time.UTC)
		}
		if i%3 == 0 {
			n.Assignee = "eva"
		}
		task, err := m.AddTask(ctx, m.about([]string{m.ann, m.cat}[i%2], m.eva), n)
		must(t, err)
		if i%10 == 9 {
			_, err = m.ChangeTask(ctx, m.about([]string{m.ann, m.cat}[i%2], m.eva), task.ID, workflow.TaskPatch{Done: &yes})
			must(t, err)
		}
	}
	for _, q := range []workflow.TaskQuery{{}, {Done: true}, {Assignee: "eva"}} {
		var whole []workflow.Task
		for _, limit := range []int{100, 1, 7} {
			q.Limit, q.After = limit, ""
			var got []workflow.Task
			for {
				page, err := m.Tasks(ctx, "acme", q)
				must(t, err)
				got = append(got, page.Items...)
				if page.Total < len(got) {
					t.Errorf("%d of %d", len(got), page.Total)
				}
				if q.After = page.Next; page.Next == "" {
					break
				}
			}
			if whole == nil {
				whole = got
			}
			if d := cmp.Diff(whole, got); d != "" || !slices.IsSortedFunc(got, workflow.OpenFirst) || len(got) == 0 {
				t.Errorf("%+v, pages of %d: %s", q, limit, d)
			}
		}
	}
	_, err := m.Tasks(ctx, "acme", workflow.TaskQuery{Limit: 1, After: "x"})
	code(t, adalid.Invalid, err)
}

// TestSavedViews: who sees and changes which.
func TestSavedViews(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	eva, ida := m.about("", m.eva), m.about("", m.ida)
	own, err := m.SaveView(ctx, eva, workflow.SavedView{Name: " Quiet ", Query: map[string]string{"sort": "recent"}})
	must(t, err)
	_, err = m.SaveView(ctx, ida, workflow.SavedView{Name: "quiet"})
	must(t, err)
	_, err = m.SaveView(ctx, eva, workflow.SavedView{Name: "QUIET"})
	code(t, adalid.Conflict, err)
	shared, err := m.SaveView(ctx, eva, workflow.SavedView{Name: "quiet", Shared: true})
	must(t, err)
	_, err = m.SaveView(ctx, ida, workflow.SavedView{Name: "quiet", Shared: true})
	code(t, adalid.Conflict, err)
	names := func(by workflow.Actor) (out []string) {
		list, err := m.SavedViews(ctx, "acme", by)
		must(t, err)
		for _, v := range list {
			out = append(out, fmt.Sprint(v.Name, " ", v.Shared, " ", v.By.Name))
		}
		return out
	}
	want(t, "eva sees", names(m.eva), []string{"quiet true Eva", "Quiet false Eva"})
	want(t, "ida sees", names(m.ida), []string{"quiet true Eva", "quiet false Ida"})
	code(t, adalid.NotFound, m.RemoveView(ctx, ida, own.ID))
	code(t, adalid.Forbidden, m.RemoveView(ctx, ida, shared.ID))
	ida.Manages = true
	code(t, adalid.NotFound, m.RemoveView(ctx, ida, own.ID))
	shared.Name, shared.Query = "Loud", map[string]string{"status": "paused"}
	changed, err := m.SaveView(ctx, ida, shared)
	must(t, err)
	if changed.Name != "Loud" || changed.By != m.eva || !maps.Equal(changed.Query, shared.Query) {
		t.Errorf("%+v", changed)
	}

	// Who manages the brand does not learn what others call their own views.
	for _, name := range []string{"quiet", "no such"} {
		hers := shared
		hers.Name, hers.Shared = name, false
		_, err = m.SaveView(ctx, ida, hers)
		code(t, adalid.Forbidden, err)
	}
	want(t, "eva sees", names(m.eva), []string{"Loud true Eva", "Quiet false Eva"})

	// A view that is there takes a place where it was none before.
	for i := range workflow.MostSavedViews - 1 {
		_, err := m.SaveView(ctx, eva, workflow.SavedView{Name: fmt.Sprint("own ", i)})
		must(t, err)
	}
	shared.Shared = false
	_, err = m.SaveView(ctx, eva, shared)
	code(t, adalid.Conflict, err)
	own.Name = "Still"
	own, err = m.SaveView(ctx, eva, own)
	must(t, err)
	for i := range workflow.MostSavedViews - 1 {
		_, err := m.SaveView(ctx, ida, workflow.SavedView{Name: fmt.Sprint("ours ", i), Shared: true})
		must(t, err)
	}
	moved := own
	moved.Shared = true
	_, err = m.SaveView(ctx, eva, moved)
	code(t, adalid.Conflict, err)
	must(t, m.RemoveView(ctx, ida, shared.ID))
	moved, err = m.SaveView(ctx, eva, moved)
	must(t, err)
	moved.Shared = false
	_, err = m.SaveView(ctx, eva, moved)
	must(t, err)
	elsewhere := eva
	elsewhere.Brand = "other"
	code(t, adalid.NotFound, m.RemoveView(ctx, elsewhere, own.ID))
}

// TestOldDecisionsBeginTheHistory: what was decided before there was a history is in
// it when the schema is brought up.
func TestOldDecisionsBeginTheHistory(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir)
	save(t, s, note("x", "1", "ann", 1), note("x", "2", "bob", 2))
	ann, bob := personID("x", "ann"), personID("x", "bob")
	must(t, s.DecideRole(ctx, "acme", ann, new("staff"), "me"))
	must(t, s.DecideGenuine(ctx, "acme", ann, new(true), "person:eva"))
	must(t, s.SetInformed(ctx, "acme", ann, Informed{At: stamped(), Channel: "mail", By: "me"}))
	_, err := s.Decide(ctx, "acme", Link{A: ann, B: bob, Basis: []byte("{}"), By: "me"})
	must(t, err)
	db := sqlDB(t, s)
	for _, table := range []string{"workflow", "status", "owner", "tagged", "note", "task", "event", "batch", "saved_view", "ranking"} {
		_, err := db.ExecContext(ctx, "DROP TABLE "+table)
		must(t, err)
	}
	_, err = db.ExecContext(ctx, "DELETE FROM goose_db_version WHERE version_id >= 12")
	must(t, err)
	must(t, db.Close())
	must(t, s.Close())
	s = open(t, dir)
	m := &team{Store: s}
	defer func() { must(t, s.Close()) }()
	got := m.told(t, ann)
	slices.Sort(got)
	want(t, "history", got, []string{"me circle -→staff", "me identity -→rejected", "me notice -→mail//" + stamped().UTC().Format(time.RFC3339), "person:eva authenticity -→genuine"})
	want(t, "of the other", m.told(t, bob), []string{"me identity -→rejected"})
	must(t, s.SetStatus(ctx, workflow.About{Brand: "acme", Person: ann, By: workflow.Local()}, workflow.Stage{Status: workflow.Paused}))
	if after := m.told(t, ann); after[len(after)-1] != "local status candidate→paused" {
		t.Errorf("%q", after)
	}
}

// BenchmarkPipelines: what lists show of 5,000 people whom a team decided about.
func BenchmarkPipelines(b *testing.B) {
	ctx := b.Context()
	s, err := Open(ctx, Options{Dir: b.TempDir(), Key: testKey})
	must(b, err)
	defer s.Close()
	must(b, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	const people = 5000
	var list []string
	for i := 0; i < people; i += 1000 {
		page := newCrowd(people, people).page(0)[:0]
		for j := range 1000 {
			key := fmt.Sprint("k", i+j)
			page = append(page, said("x", key, key, key, "hello", 1))
			list = append(list, personID("x", key))
		}
		saveAll(b, s, "acme", page)
	}
	for part := range slices.Chunk(list, workflow.MostInBatch) {
		_, err := s.ChangeMany(ctx, workflow.About{Brand: "acme", By: workflow.Local()}, workflow.Order{People: part, Stage: &workflow.Stage{Status: workflow.Shortlisted}, AddTags: []string{"vip"}})
		must(b, err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			n := 0
			must(b, s.Pipelines(ctx, "acme", func(rank.Pipeline) error { n++; return nil }))
			if n != people {
				b.Fatal(n)
			}
		}
	})
	b.Run("a batch of 500 and back", func(b *testing.B) {
		for b.Loop() {
			a := workflow.About{Brand: "acme", By: workflow.Local()}
			done, err := s.ChangeMany(ctx, a, workflow.Order{People: list[:500], Stage: &workflow.Stage{Status: workflow.Paused}, AddTags: []string{"new"}})
			must(b, err)
			_, err = s.UndoBatch(ctx, a, done.ID)
			must(b, err)
		}
	})
}
