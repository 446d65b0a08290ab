package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"adalid"
	access "adalid/internal/account"
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
