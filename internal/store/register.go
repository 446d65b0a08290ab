package store

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Whose says whom a column is about.
type Whose string

// Whom columns are about.
const (
	Persons    Whose = "person"    // somebody whose posts were read
	Colleagues Whose = "colleague" // somebody of the team
	Nobodys    Whose = "nobody"
)

// Treatment is what an erasure does with a column.
type Treatment string

// The treatments. A column has one or two.
const (
	RowGoes   Treatment = "row"  // the person's row goes
	TextGoes  Treatment = "text" // words that name the person are rewritten, in rows of others too
	JSONGoes  Treatment = "json" // the same, of the strings in a JSON
	NamesDrop Treatment = "drop" // a row that names the person goes, whoever's it is
	Kept      Treatment = "keep"
)

// Column is one column of the database in the register of personal data.
type Column struct {
	Table, Name string
	Whose       Whose
	Erasure     []Treatment
	What        string // it is, in a few words
	Kept        string // how long
}

// treated tells whether an erasure does this with the column.
func (c Column) treated(t Treatment) bool { return slices.Contains(c.Erasure, t) }

// registerTable is one table of the register.
type registerTable struct {
	name    string
	how     string   // a person's rows are found: author, account, post, handle, none
	by      []string // columns, for author and account
	columns []Column
}

// rewritten tells whether an erasure goes through what the column holds.
func (c Column) rewritten() bool {
	return c.treated(TextGoes) || c.treated(JSONGoes) || c.treated(NamesDrop)
}

//go:embed register.txt
var registerText string

// Register lists every column of the database, by table in the order of the
// file: whom it is about, what an erasure does with it and how long it is kept.
func Register() ([]Column, error) {
	tables, err := register()
	var all []Column
	for _, t := range tables {
		all = append(all, t.columns...)
	}
	return all, err
}

func register() (tables []registerTable, err error) {
	for n, line := range strings.Split(registerText, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if head, ok := strings.CutPrefix(line, "table "); ok {
			name, how, _ := strings.Cut(head, " ")
			how, by, _ := strings.Cut(how, "=")
			t := registerTable{name: name, how: how}
			if by != "" {
				t.by = strings.Split(by, ",")
			}
			tables = append(tables, t)
			continue
		}
		parts := strings.Split(line, "|")
		if len(parts) != 5 || len(tables) == 0 {
			return nil, fmt.Errorf("store: register line %d: %q", n+1, line)
		}
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		t := &tables[len(tables)-1]
		for _, name := range strings.Fields(parts[0]) {
			c := Column{Table: t.name, Name: name, Whose: Whose(parts[1]), What: parts[3], Kept: parts[4]}
			for _, how := range strings.Split(parts[2], ",") {
				c.Erasure = append(c.Erasure, Treatment(strings.TrimSpace(how)))
			}
			t.columns = append(t.columns, c)
		}
	}
	return tables, nil
}
