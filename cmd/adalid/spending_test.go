package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// A month's cost is set against the people that month's mentions show, and
// nobody found makes no price.
func TestSpending(t *testing.T) {
	t.Parallel()
	dir, rows := t.TempDir(), []string(nil)
	for i := range 120 {
		text := "I love Tea, it is wonderful"
		if i%40 == 0 {
			text = "Tea is horrible, I hate it, never again"
		}
		rows = append(rows, fmt.Sprintf(`{"post_id":"%d","author":"u%d","handle":"u%d","platform":"x","text":"%s %d","created_at":"2026-02-%02dT10:00:00Z","likes":3,"lang":"en"}`+"\n", i, i%40, i%40, text, i, 1+i%28))
	}
	ok(t, dir, "import", "--brand", "Tea", write(t, rows))
	if out := ok(t, dir, "spending", "Tea", "--month", "2026-02"); out != "Nothing was spent for Tea in 2026-02.\n" {
		t.Errorf("before anything was spent: %q", out)
	}
	ok(t, dir, "source", "add", "x", "--set", "token=secret", "--monthly-usd", "20")
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, month := range []time.Month{time.February, time.March} {
		b := scan.Booking{Brand: "Tea", Source: "x", Unit: "post", Price: 5000, At: time.Date(2026, month, 20, 0, 0, 0, 0, time.UTC)}
		_, id, _, err := s.Book(t.Context(), b, 1, 120)
		if err == nil {
			err = s.Settle(t.Context(), id, b, 120, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	var r api.SpendingReport
	if err := json.Unmarshal([]byte(ok(t, dir, "spending", "Tea", "--month", "2026-02", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	listed := len(strings.Split(strings.TrimSpace(ok(t, dir, "rank", "Tea", "--since", "2026-02-01", "--until", "2026-02-28", "--platform", "x", "--limit", "0", "--format", "csv")), "\n")) - 1
	if len(r.Platforms) != 1 || r.TotalUSD != .6 || r.Platforms[0].Advocates != listed || listed < 30 || *r.Platforms[0].PerAdvocate != .6/float64(listed) {
		t.Errorf("%d advocates in the ranking; %+v", listed, r)
	}
	if out := ok(t, dir, "spending", "Tea", "--month", "2026-02"); !strings.Contains(out, fmt.Sprintf("x: %d advocates found for US$ 0.60, US$ %.2f each.\n", listed, .6/float64(listed))) {
		t.Errorf("said %q", out)
	}
	if out := ok(t, dir, "spending", "Tea", "--month", "2026-03"); !strings.Contains(out, "x: no advocate found yet for US$ 0.60.\n") {
		t.Errorf("of a month without mentions: %q", out)
	}
	if r := cli(t, dir, "", "spending", "Tea", "--month", "2026-13"); r.code != 2 || !strings.Contains(r.err, `"2026-13" is no month such as 2026-03`) {
		t.Errorf("exit %d: %q", r.code, r.err)
	}
}
