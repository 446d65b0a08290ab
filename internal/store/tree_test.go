package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
)

// whole is what an index is made of.
type whole struct {
	Rows     []rank.Row
	Accounts []rank.Account
	Edges    []rank.Edge
}

// byPage reads it as the store does.
func byPage(x *session, brand int64) (w whole, err error) {
	err = wholeRollups(x, brand, func(r rank.Row) error { w.Rows = append(w.Rows, r); return nil })
	if err != nil {
		return w, err
	}
	list, err := newListing(x, brand)
	if err != nil {
		return w, err
	}
	err = list.each(func(a rank.Account) error { w.Accounts = append(w.Accounts, a); return nil })
	if err != nil {
		return w, err
	}
	return w, wholeEdges(x, brand, func(e rank.Edge) error { w.Edges = append(w.Edges, e); return nil })
}

// bySQL reads it by queries.
func bySQL(x *session, brand int64) (w whole, err error) {
	err = rollups(x, brand, NoDay, maxDay, func(r *rank.Row) error { w.Rows = append(w.Rows, *r); return nil })
	if err != nil {
		return w, err
	}
	shown := map[int64][]profileRow{}
	err = x.query("profile.List", func(r row) error {
		shown[r.int(0)] = append(shown[r.int(0)], profileRow{r.int(0), r.int(1), r.text(2), r.text(3)})
		return nil
	}, brand)
	if err != nil {
		return w, err
	}
	own, err := ownAccounts(x, brand)
	if err != nil {
		return w, err
	}
	err = x.query("author.List", func(r row) error {
		a := rank.Account{ID: r.int(0), Platform: adalid.Platform(r.text(1)), Key: r.text(2), Person: r.text(3)}
		w.Accounts = append(w.Accounts, newOwnRules(own).completed(a, shown[a.ID]))
		return nil
	}, brand)
	if err != nil {
		return w, err
	}
	return w, edges(x, brand, NoDay, maxDay, func(k edgeKey, n int32) error { w.Edges = append(w.Edges, k.edge(n)); return nil })
}

// sameWhole compares both ways to read every brand, and those that are none.
func sameWhole(t *testing.T, x *session) (rows int) {
	t.Helper()
	for brand := int64(-1); brand < 6; brand++ {
		want, err := bySQL(x, brand)
		must(t, err)
		got, err := byPage(x, brand)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("brand %d (-SQL +pages):\n%.2000s", brand, d)
		}
		rows += len(got.Rows) + len(got.Accounts) + len(got.Edges)
	}
	return rows
}

// scribbler writes whatever the columns can hold, past the store.
type scribbler struct {
	r  *rand.Rand
	db *sql.DB
	tx *sql.Tx
}

func (s *scribbler) begin(t *testing.T) {
	t.Helper()
	var err error
	s.tx, err = s.db.Begin()
	must(t, err)
}

// insert adds a row where there is none with its key.
func (s *scribbler) insert(t *testing.T, table, columns string, values ...any) {
	t.Helper()
	places := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
	_, err := s.tx.Exec(fmt.Sprintf("INSERT OR IGNORE INTO %s (%s) VALUES (%s)", table, columns, places), values...)
	must(t, err)
}

// number gives integers of up to so many bits and either sign.
func (s *scribbler) number(bits int) int64 {
	n := int64(s.r.Uint64() >> (65 - s.r.IntN(bits)))
	if s.r.IntN(2) == 0 {
		return -n
	}
	return n
}

// perhaps is a number or NULL.
func (s *scribbler) perhaps(bits int) any {
	if s.r.IntN(4) == 0 {
		return nil
	}
	return s.number(bits)
}

// text is sometimes one for overflow pages.
func (s *scribbler) text() string {
	if s.r.IntN(40) == 0 {
		return strings.Repeat("año ", s.r.IntN(20_000))
	}
	return strings.Repeat("ñ", s.r.IntN(4)) + fmt.Sprint(s.r.IntN(1000))
}

const rollupColumns = `posts, own, reposted, organic, likes, likes_known, reposts, reposts_known, replies, replies_known,
	quotes, quotes_known, views, views_known, engagement_known, weight, sentiment_weight, sentiment_sum, scored,
	followers_max, following_last, profile, first_at, last_at, last_id`

func (s *scribbler) fill(t *testing.T, n int) {
	t.Helper()
	for range n {
		brand, author := 1+s.r.IntN(4), s.r.IntN(300)
		day := any(s.r.IntN(40) - 10)
		if s.r.IntN(9) == 0 {
			day = math.MinInt32
		}
		values := []any{brand, day, author, []string{"en", "es", "zh-Hant", ""}[s.r.IntN(4)]}
		for range 24 {
			values = append(values, s.perhaps(31))
		}
		for _, wide := range []int{4, 11, 12, 13, 15, 16, 19, 20} { // of 64 bits in rank.Row
			values[wide+4] = s.perhaps(64)
		}
		s.insert(t, "rollup", "brand, day, author, lang, "+rollupColumns, append(values, s.text())...)
		account := fmt.Sprint("p", author)
		s.insert(t, "author", "brand, id, account, platform, key", brand, author, account, []string{"x", "mastodon"}[author%2], s.text())
		s.insert(t, "profile", "brand, author, n, handle, name, bio, url, verified", brand, s.r.IntN(320), s.r.IntN(4), s.text(), s.text(), s.text(), s.text(), s.perhaps(2))
		if s.r.IntN(20) == 0 {
			s.insert(t, "alias", "brand, person, moved", brand, account, fmt.Sprint("p", s.r.IntN(300)))
		}
		s.insert(t, "edge", "brand, day, kind, source, target, weight", brand, day, s.r.IntN(4), author, s.text(), s.perhaps(31))
	}
}

// TestPagesSayWhatSQLSays reads the tables of an index in both ways, in one
// transaction, whatever another connection does meanwhile.
func TestPagesSayWhatSQLSays(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	for _, name := range []string{"b", "c", "d"} {
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: name, Own: []adalid.OwnAccount{{Platform: "x", Handle: "7"}}}))
	}
	w := &scribbler{r: rand.New(rand.NewPCG(1, 2)), db: sqlDB(t, s)}
	do := func(text string) {
		t.Helper()
		_, err := w.tx.Exec(text)
		must(t, err)
	}
	read := func(f func(*session)) {
		t.Helper()
		must(t, s.read(ctx, "compare", func(x *session) error { f(x); return nil }))
	}
	read(func(x *session) { sameWhole(t, x) })

	w.begin(t) // rows of before there was the column copies
	do("ALTER TABLE rollup DROP COLUMN copies")
	w.fill(t, 1500)
	do("ALTER TABLE rollup ADD COLUMN copies INTEGER NOT NULL DEFAULT 0")
	w.fill(t, 500)
	do("UPDATE rollup SET copies = author WHERE day % 3 = 0")
	must(t, w.tx.Commit())
	read(func(x *session) {
		before := sameWhole(t, x)
		w.begin(t)
		w.fill(t, 500)
		do("DELETE FROM rollup WHERE author % 5 = 0")
		do("DELETE FROM edge WHERE brand = 2")
		do("DELETE FROM author WHERE id % 7 = 0")
		do("DELETE FROM profile WHERE n = 1")
		if sameWhole(t, x) != before {
			t.Error("what another connection has not committed is seen")
		}
		must(t, w.tx.Commit())
		if sameWhole(t, x) != before {
			t.Error("what was committed after the transaction began is seen")
		}
	})
	var wal int
	must(t, w.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&wal, new(int), new(int)))
	read(func(x *session) { sameWhole(t, x) })
}

// The store's own tables are those that are read by page: the brand first, then
// the columns in the order in which they are decoded.
func TestColumnsLieAsTheyAreRead(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	texts, err := queries()
	must(t, err)
	list, _, _ := strings.Cut(strings.TrimPrefix(texts["rollup.Between"], "SELECT "), "FROM")
	for table, want := range map[string]string{
		"rollup":  "brand, " + strings.Join(strings.Fields(list), " "),
		"author":  "brand, id, account, platform, key, stored_at",
		"profile": "brand, author, n, handle, name, bio, url, verified, created_at",
		"edge":    "brand, day, kind, source, target, weight",
	} {
		var got string
		must(t, sqlDB(t, s).QueryRow("SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_xinfo(?) ORDER BY seqno)",
			"sqlite_autoindex_"+table+"_1").Scan(&got))
		if got != want {
			t.Errorf("%s: %s\nwant %s", table, got, want)
		}
		// A row of before a column was added reads as NULL or 0 there.
		var other int
		must(t, sqlDB(t, s).QueryRow("SELECT count(*) FROM pragma_table_info(?) WHERE dflt_value NOT IN ('0', 'NULL')", table).Scan(&other))
		if other != 0 {
			t.Errorf("%s: %d columns have a default that reading by page does not know", table, other)
		}
	}
}
