package store

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"adalid/internal/privacy"
)

// purgeTexts goes through every column that the register says may name somebody,
// but for those of mentions. What it runs is made of the register's own words.
func (s *Store) purgeTexts(ctx context.Context, list *privacy.List, brands []brandRow) (texts []Text, err error) {
	tables, err := register()
	if err != nil {
		return nil, err
	}
	p := &textPurge{list: list, names: map[int64]string{}}
	for _, b := range brands {
		p.names[b.id], p.all = b.Name, append(p.all, b.Name)
	}
	for _, t := range tables {
		if t.name == "mention" || t.name == "edge" {
			continue // with their roll-ups, see purgeNames
		}
		n := int64(0)
		err := s.write(ctx, "take names out of "+t.name, func(x *session) (err error) {
			n, err = p.table(x, t)
			return err
		})
		if err != nil {
			return texts, err
		}
		if n > 0 {
			texts = append(texts, Text{t.name, n})
		}
	}
	if len(p.touched) > 0 {
		s.cache.drop()
	}
	return texts, nil
}

type textPurge struct {
	list    *privacy.List
	names   map[int64]string // of brands, by id
	all     []string
	touched map[int64]bool
}

// guard is who is looked for in a row of a brand; 0: of any.
func (p *textPurge) guard(brand int64) redactor {
	if name, ok := p.names[brand]; ok {
		return newRedactor(p.list, name)
	}
	return newRedactor(p.list, p.all...)
}

// found is a row of which something has to change.
type found struct {
	brand int64
	key   []any
	texts []string // what the columns hold from now on
	drop  bool
}

func (p *textPurge) table(x *session, t registerTable) (int64, error) {
	var columns []Column
	for _, c := range t.columns {
		if c.rewritten() {
			columns = append(columns, c)
		}
	}
	if len(columns) == 0 {
		return 0, nil
	}
	keys, branded, err := keysOf(x, t.name)
	if err != nil {
		return 0, err
	}
	rows, err := p.find(x, t.name, keys, branded, columns)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if err := p.change(x, t.name, keys, columns, r); err != nil {
			return 0, err
		}
	}
	return int64(len(rows)), nil
}

// keysOf gives the columns of a table's primary key and whether it says whose
// brand a row is; the table "brand" does by its own id.
func keysOf(x *session, table string) (keys []string, branded string, err error) {
	branded = "0"
	err = x.plain("SELECT name, pk FROM pragma_table_info('"+table+"')", func(r row) error {
		if r.int(1) > 0 {
			keys = append(keys, r.text(0))
		}
		if r.text(0) == "brand" {
			branded = "brand"
		}
		return nil
	})
	if table == "brand" {
		branded = "id"
	}
	return keys, branded, err
}

func (p *textPurge) find(x *session, table string, keys []string, branded string, columns []Column) (rows []found, err error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	extra := "''"
	if table == "profile" {
		extra = "handle"
	}
	if table == "own_account" {
		extra = "platform"
	}
	text := "SELECT " + branded + ", " + extra + ", " + strings.Join(names, ", ") + ", " + strings.Join(keys, ", ") + " FROM " + table
	return rows, x.plain(text, func(r row) error {
		g := p.guard(r.int(0))
		f := found{brand: r.int(0)}
		changed := false
		for i, c := range columns {
			was := r.text(2 + i)
			now := p.redacted(g, c, r.text(1), was)
			if now != was && c.treated(NamesDrop) {
				f.drop = true
			}
			changed = changed || now != was
			f.texts = append(f.texts, now)
		}
		if !changed {
			return nil
		}
		for i := range keys {
			f.key = append(f.key, r.any(2+len(columns)+i))
		}
		rows = append(rows, f)
		return nil
	})
}

// redacted is what a column of a row may hold from now on; extra is its handle
// or platform.
func (p *textPurge) redacted(g redactor, c Column, extra, was string) string {
	table, column := c.Table, c.Name
	switch {
	case was == "":
		return was
	case table == "profile":
		as := identity{handle: extra, name: was}
		g.identity("", &as)
		return as.name
	case table == "own_account" && column == "handle":
		if g.list.Named(g.scopes, extra)(was, true) {
			return ""
		}
		return was
	case table == "own_account" && column == "key":
		if g.list.Account(g.scopes, personID(extra, was)) {
			return ""
		}
		return was
	case table == "cursor" && column == "cursor":
		if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(was, "=")); err == nil && g.text("", string(raw)) != string(raw) {
			return ""
		}
	case table == "brand" && column == "query":
		if now := g.text("", was); now != was {
			return strings.ReplaceAll(now, privacy.Mark, markInQuery)
		}
		return was
	}
	if c.treated(JSONGoes) {
		return privacy.RedactJSON(was, func(text string) string { return g.text("", text) })
	}
	return g.text("", was)
}

// markInQuery is a mark that the language of queries takes for a word and for a
// handle: a query that cannot be read would stop the scans of its brand.
const markInQuery = "erasedperson"

func (p *textPurge) change(x *session, table string, keys []string, columns []Column, f found) error {
	where := strings.Join(keys, " = ? AND ") + " = ?"
	if f.drop {
		if err := x.plain("DELETE FROM "+table+" WHERE "+where, nil, f.key...); err != nil {
			return err
		}
	} else {
		sets := make([]string, len(columns))
		args := make([]any, len(columns), len(columns)+len(keys))
		for i, c := range columns {
			sets[i], args[i] = c.Name+" = iif("+c.Name+" IS NULL, NULL, ?)", f.texts[i]
		}
		more := ""
		if table == "source" {
			more = ", enabled = 0"
		}
		text := "UPDATE OR REPLACE " + table + " SET " + strings.Join(sets, ", ") + more + " WHERE " + where
		if err := x.plain(text, nil, append(args, f.key...)...); err != nil {
			return err
		}
	}
	if _, known := p.names[f.brand]; !known || slices.Contains([]string{"scan", "alarm", "pushed", "cursor", "removal", "sweep"}, table) {
		return nil // nothing that a ranking is made of
	}
	if p.touched == nil {
		p.touched = map[int64]bool{}
	}
	p.touched[f.brand] = true
	x.newsOf(f.brand).all = true
	if table == "profile" {
		if _, err := x.exec("brand.RaiseEpoch", f.brand); err != nil {
			return err
		}
	}
	return touch(x, f.brand)
}
