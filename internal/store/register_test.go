package store

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/workflow"
)

var update = flag.Bool("update", false, "rewrite the table of docs/privacy.md")

// schemaColumns lists every column of a fresh database.
func schemaColumns(t *testing.T, s *Store) (list []string) {
	t.Helper()
	must(t, s.read(t.Context(), "", func(x *session) error {
		return x.plain("SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') ORDER BY 1, c.cid", func(r row) error {
			list = append(list, r.text(0)+"."+r.text(1))
			return nil
		})
	}))
	return list
}

// registerFaults compares a register with a schema.
func registerFaults(schema []string, columns []Column) (faults []string) {
	known := map[string]bool{}
	for _, c := range columns {
		name := c.Table + "." + c.Name
		if known[name] {
			faults = append(faults, name+" is in the register twice")
		}
		known[name] = true
		if c.What == "" || c.Kept == "" || c.Whose != Persons && c.Whose != Colleagues && c.Whose != Nobodys {
			faults = append(faults, name+" is described badly")
		}
		for _, e := range c.Erasure {
			if e != RowGoes && e != TextGoes && e != JSONGoes && e != NamesDrop && e != Kept {
				faults = append(faults, name+": there is no treatment "+string(e))
			}
		}
		if c.Whose == Persons && c.treated(Kept) && c.Table != "suppression" && c.Table != "audit_log" {
			faults = append(faults, name+" is about a person and outlives their erasure")
		}
	}
	there := map[string]bool{}
	for _, name := range schema {
		if there[name] = true; !known[name] {
			faults = append(faults, name+" is not in the register: say in internal/store/register.txt whom it is about")
		}
	}
	for name := range known {
		if !there[name] {
			faults = append(faults, name+" is in the register and not in the schema")
		}
	}
	return faults
}

func TestRegisterNamesEveryColumn(t *testing.T) {
	s := openKeyed(t, t.TempDir())
	defer s.Close()
	schema := schemaColumns(t, s)
	columns, err := Register()
	must(t, err)
	for _, f := range registerFaults(schema, columns) {
		t.Error(f)
	}
	if n := len(registerFaults(append(schema, "mention.shoe_size"), columns)); n != 1 {
		t.Errorf("a column without an entry gives %d faults", n)
	}
	if n := len(registerFaults(schema[1:], columns)); n != 1 {
		t.Errorf("an entry without a column gives %d faults", n)
	}
	t.Log(len(schema), "columns")
}

// TestPrivacyDocument keeps the table of docs/privacy.md to the register.
func TestPrivacyDocument(t *testing.T) {
	const path, begin, end = "../../docs/privacy.md", "<!-- register: begin -->\n", "<!-- register: end -->"
	raw, err := os.ReadFile(path)
	must(t, err)
	before, rest, ok1 := strings.Cut(string(raw), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("docs/privacy.md lost the place of the register")
	}
	want := before + begin + registerMarkdown(t) + end + after
	if *update {
		must(t, os.WriteFile(path, []byte(want), 0o644))
	} else if want != string(raw) {
		t.Error("the register in docs/privacy.md is not that of the program; run go test ./internal/store -run PrivacyDocument -update")
	}
}

func registerMarkdown(t *testing.T) string {
	columns, err := Register()
	must(t, err)
	words := map[Treatment]string{RowGoes: "row goes", TextGoes: "words rewritten", JSONGoes: "words rewritten", NamesDrop: "rows that name them go", Kept: "stays"}
	var out strings.Builder
	out.WriteString("| table | column | about | what | erasure | kept |\n|---|---|---|---|---|---|\n")
	for _, c := range columns {
		var how []string
		for _, e := range c.Erasure {
			how = append(how, words[e])
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", c.Table, c.Name, c.Whose, c.What, strings.Join(how, ", "), c.Kept)
	}
	return out.String()
}

// TestDossierShowsEveryTable: whatever the register says is about people is in
// what a person gets.
func TestDossierShowsEveryTable(t *testing.T) {
	ctx := t.Context()
	s := openKeyed(t, t.TempDir())
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith(gone))
	person, err := s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	must(t, s.SetLabel(ctx, "acme", Key{"x", "own-1"}, adalid.Positive, "me"))
	must(t, s.DecideRole(ctx, "acme", person, new("staff"), "me"))
	must(t, s.AddOwnAccounts(ctx, "acme", []adalid.OwnAccount{{Platform: "x", Handle: strings.ToLower(gone)}}))
	_, err = s.Decide(ctx, "acme", Link{A: person, B: bob, Accepted: true, Basis: []byte(`{}`)})
	must(t, err)
	person, err = s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	must(t, s.SetInformed(ctx, "acme", person, Informed{At: stamped(), Channel: "mail", By: "me"}))
	keepAll(t, s, workflow.About{Brand: "acme", Person: person, By: workflow.Local()})
	must(t, s.write(ctx, "", func(x *session) error {
		for _, text := range []string{
			"INSERT INTO assessment SELECT brand, id, 1, 1, '', 1, '' FROM author WHERE key = 'k-4711'",
			"INSERT INTO charged VALUES ('x', 1, 'user', 'k-4711')",
			"INSERT INTO edge SELECT brand, 99, 1, id, 'carol', 1 FROM author WHERE key = 'k-4711'",
		} {
			if err := x.plain(text, nil); err != nil {
				return err
			}
		}
		return nil
	}))
	d, err := s.Dossier(ctx, "acme", person)
	must(t, err)
	shown := map[string]bool{}
	for _, table := range d.Tables {
		shown[table.Name] = len(table.Rows) > 0
	}
	columns, err := Register()
	must(t, err)
	for _, c := range columns {
		if c.Whose == Persons && !c.treated(Kept) && !shown[c.Table] {
			t.Errorf("nothing of %s.%s is shown", c.Table, c.Name)
		}
	}
	if !shown["mention_of_others"] {
		t.Error("posts of others that name the person are missing")
	}
	if _, err := s.Dossier(ctx, "acme", "aaaaaaaaaaaaaaaa"); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("a dossier of nobody: %v", err)
	}
	t.Log(len(shown), "tables")
}
