package store

import (
	"slices"
	"strings"
	"testing"

	"adalid"
)

// TestDossierPlan: posts of others that name a person are found by who has an
// edge to them, each by its author; a search by the brand alone would go through
// all mentions for every edge.
func TestDossierPlan(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	texts, err := queries()
	must(t, err)
	rows, err := sqlDB(t, s).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+texts["mention.Naming"], 1, `["ana"]`, `[7]`)
	must(t, err)
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		plan = append(plan, detail)
	}
	must(t, rows.Close())
	first := slices.IndexFunc(plan, func(d string) bool { return d == "MATERIALIZE tied" })
	then := slices.Index(plan, "SEARCH m USING INDEX mention_author (brand=? AND author=?)")
	if first < 0 || then < first {
		t.Errorf("mentions are not found by their author:\n%s", strings.Join(plan, "\n"))
	}
	for _, d := range plan {
		if strings.HasPrefix(d, "SEARCH edge") && slices.Index(plan, d) > then {
			t.Errorf("edges are gone through again for every mention:\n%s", strings.Join(plan, "\n"))
		}
	}
}

// TestDossierNamesOthers: of the posts of others those are given that name the
// person, each once, and nobody else's.
func TestDossierNamesOthers(t *testing.T) {
	ctx := t.Context()
	s := openKeyed(t, t.TempDir())
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	list := crowdWith(gone)
	saveAll(t, s, "acme", list)
	lower := strings.ToLower(gone)
	named := 0
	for _, m := range list {
		if m.Author.Key != "k-4711" && (slices.Contains(m.Mentions, lower) || slices.Contains([]string{m.ReplyTo, m.QuoteOf, m.RepostOf}, lower)) {
			named++
		}
	}
	extra := said("x", "about-nobody", "k1", "bob1", "hello", 1)
	extra.Mentions = []string{lower + "2", "carol"}
	saveAll(t, s, "acme", append(list[:0:0], extra))
	person, err := s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	d, err := s.Dossier(ctx, "acme", person)
	must(t, err)
	last := d.Tables[len(d.Tables)-1]
	if last.Name != "mention_of_others" || len(last.Rows) != named || named == 0 {
		t.Errorf("%d rows in %s, %d posts name them", len(last.Rows), last.Name, named)
	}
	for _, row := range last.Rows {
		for _, c := range last.Columns {
			if _, ok := row[c.Name]; !ok {
				t.Fatalf("no %s in %v", c.Name, row)
			}
		}
	}
}
