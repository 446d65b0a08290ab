package store

import (
	"context"
	"strings"

	"adalid/internal/privacy"
)

// Dossier is everything that is stored about a person, table by table, as the
// register says where to look (GDPR Art. 15).
type Dossier struct {
	Brand  string
	Person string
	Tables []DossierTable // those with rows, in the order of the register
}

// DossierTable is what one table holds about a person.
type DossierTable struct {
	Name    string
	Columns []Column // those shown: the ones about people, and what tells the rows apart
	Rows    []map[string]any
}

// Dossier gives what is stored about a person, NotFound when nobody has the id.
// Posts in which others name the person are among it, without who wrote them.
func (s *Store) Dossier(ctx context.Context, brand, person string) (Dossier, error) {
	d := Dossier{Brand: brand, Person: person}
	tables, err := register()
	if err != nil {
		return d, err
	}
	err = s.read(ctx, "collect what is known of a person", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		d.Brand = b.Name
		of, accounts, err := followed(x, b, person)
		if err != nil {
			return err
		}
		d.Person = of
		who, err := describe(x, b, accounts)
		if err != nil {
			return err
		}
		for _, t := range tables {
			rows, err := who.rows(x, t)
			if err != nil {
				return err
			}
			if rows != nil {
				d.Tables = append(d.Tables, *rows)
			}
		}
		named, err := who.named(x)
		if err == nil && named != nil {
			d.Tables = append(d.Tables, *named)
		}
		return err
	})
	return d, err
}

// described is a person by everything that rows name them by, as JSON lists.
type described struct {
	brand                            int64
	authors, accounts, keys, handles string
	handleList                       []string
	platforms                        map[string]bool
}

func describe(x *session, b brandRow, list []accountID) (w described, err error) {
	w = described{brand: b.id, platforms: map[string]bool{}}
	var authors []int64
	var accounts, keys []string
	for _, a := range list {
		authors, accounts, keys = append(authors, a.id), append(accounts, personID(a.platform, a.key)), append(keys, a.key)
		w.platforms[a.platform] = true
		err := x.query("profile.OfAuthor", func(r row) error {
			if h := privacy.Fold(r.text(1)); h != "" {
				w.handleList = append(w.handleList, h)
			}
			return nil
		}, b.id, a.id)
		if err != nil {
			return w, err
		}
	}
	w.authors, w.accounts, w.keys, w.handles = jsonList(authors), jsonList(accounts), jsonList(keys), jsonList(w.handleList)
	return w, nil
}

const inList = " IN (SELECT value FROM json_each(?))"

// where gives the condition for a table's rows about the person, "" when the
// table has none.
func (w described) where(t registerTable) (condition string, args []any) {
	each := func(list string, columns ...string) {
		var parts []string
		for _, c := range columns {
			parts, args = append(parts, c+inList), append(args, list)
		}
		condition = strings.Join(parts, " OR ")
	}
	switch t.how {
	case "author":
		each(w.authors, t.by...)
	case "account":
		each(w.accounts, t.by...)
	case "post":
		return "(platform, id) IN (SELECT m.platform, m.id FROM mention m WHERE m.brand = ? AND m.author" + inList + ")", []any{w.brand, w.authors}
	case "handle":
		return "handle" + inList + " OR key" + inList, []any{w.handles, w.keys}
	case "key":
		return "id" + inList + " OR id IN (SELECT m.id FROM mention m WHERE m.brand = ? AND m.author" + inList + ")", []any{w.keys, w.brand, w.authors}
	}
	return condition, args
}

func (w described) rows(x *session, t registerTable) (*DossierTable, error) {
	condition, args := w.where(t)
	if condition == "" {
		return nil, nil
	}
	out := &DossierTable{Name: t.name}
	for _, c := range t.columns {
		if c.Whose != Colleagues { // who of the team did something is theirs
			out.Columns = append(out.Columns, c)
		}
	}
	if t.how != "key" {
		condition, args = "brand = ? AND ("+condition+")", append([]any{w.brand}, args...)
	}
	return w.fill(x, out, " FROM "+t.name+" WHERE "+condition, args)
}

func (w described) fill(x *session, out *DossierTable, from string, args []any) (*DossierTable, error) {
	names := make([]string, len(out.Columns))
	for i, c := range out.Columns {
		names[i] = c.Name
	}
	err := x.plain("SELECT "+strings.Join(names, ", ")+from, func(r row) error {
		one := make(map[string]any, len(names))
		for i, name := range names {
			one[name] = r.any(i)
		}
		out.Rows = append(out.Rows, one)
		return nil
	}, args...)
	if err != nil || len(out.Rows) == 0 {
		return nil, err
	}
	return out, nil
}

// named gives the posts of others that name the person, as far as they are about
// the person: where, when, what it says; not who wrote it.
func (w described) named(x *session) (*DossierTable, error) {
	out := &DossierTable{Name: "mention_of_others"}
	all, err := Register()
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Table == "mention" && (c.Name == "platform" || c.Name == "created_at" || c.Name == "text") {
			out.Columns = append(out.Columns, c)
		}
	}
	err = x.query("mention.Naming", func(r row) error {
		out.Rows = append(out.Rows, map[string]any{"platform": r.any(0), "created_at": r.any(1), "text": r.any(2)})
		return nil
	}, w.brand, w.handles, w.authors)
	if err != nil || len(out.Rows) == 0 {
		return nil, err
	}
	return out, nil
}
