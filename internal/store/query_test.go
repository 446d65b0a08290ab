package store

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestQueriesPrepare prepares every file against the newest schema and asks
// how it would run: nothing may walk through a whole table of mentions,
// roll-ups or edges.
func TestQueriesPrepare(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	db := sqlDB(t, s)
	texts, err := queries()
	must(t, err)
	if len(texts) < 50 {
		t.Fatalf("only %d queries", len(texts))
	}
	walks := regexp.MustCompile(`^SCAN (m|mention|rollup|edge)\b`)
	for name, text := range texts {
		st, err := db.PrepareContext(context.Background(), text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		must(t, st.Close())
		if name == "backup.Write" || strings.HasPrefix(name, "check.") {
			continue
		}
		args := make([]any, strings.Count(text, "?"))
		rows, err := db.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			must(t, rows.Scan(&id, &parent, &unused, &detail))
			if walks.MatchString(detail) {
				t.Errorf("%s walks through a table: %s", name, detail)
			}
		}
		must(t, rows.Close())
	}
}

// TestQueriesAreUsed keeps files without a caller out.
func TestQueriesAreUsed(t *testing.T) {
	texts, err := queries()
	must(t, err)
	sources := sourceText(t)
	for name := range texts {
		table, isRemove := strings.CutSuffix(name, ".RemoveBrand")
		if !strings.Contains(sources, `"`+name+`"`) && !(isRemove && strings.Contains(sources, `"`+table+`"`)) {
			t.Errorf("nothing uses query/%s.sql", name)
		}
	}
}

func TestQueryText(t *testing.T) {
	once, err := queryText("edge.Upsert", 1)
	must(t, err)
	thrice, err := queryText("edge.Upsert", 3)
	must(t, err)
	if got, want := strings.Count(thrice, "?"), 3*strings.Count(once, "?"); got != want {
		t.Errorf("three tuples have %d parameters, want %d", got, want)
	}
	if !strings.HasSuffix(thrice, once[strings.Index(once, "ON CONFLICT"):]) {
		t.Errorf("the end of the statement is lost: %s", thrice)
	}
	if _, err := queryText("edge.Nothing", 1); err == nil {
		t.Error("an unknown query has a text")
	}
	if _, err := queryText("edge.Between", 2); err == nil {
		t.Error("a query without tuples was repeated")
	}
	if slices.Contains(bulkSizes[:], 0) || bulkSizes[len(bulkSizes)-1] != 1 {
		t.Error("bulk sizes must end with 1")
	}
}
