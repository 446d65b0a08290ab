package main

import (
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/store"
	"adalid/web/api"
)

// TestListsNameTheirGaps: the terminal, the API and the page without JavaScript
// name the time in which a platform was not read, and only that.
func TestListsNameTheirGaps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	kinds := []collectors.Definition{newForum(2).open().definition("forum", collectors.Keyless), newForum(1).open().definition("club", collectors.Keyless)}
	s, stop := serveKinds(t, dir, nil, kinds...)
	s.addBrand("Tea")
	s.send("POST", "/api/v1/brands/Tea/scans?wait=true", "", 200)
	if list := decode[api.AdvocateList](t, s.get("/api/v1/brands/Tea/advocates")); len(list.Gaps) != 0 {
		t.Errorf("gaps of a brand that was just read: %+v", list.Gaps)
	}
	stop()
	from := time.Now().UTC().AddDate(0, 0, -10).Truncate(time.Minute)
	to := from.AddDate(0, 0, 5)
	inStore(t, dir, func(s *store.Store) {
		if err := s.Observe(t.Context(), "Tea", "forum", from, to); err != nil {
			t.Fatal(err)
		}
	})
	s, stop = serveKinds(t, dir, nil, kinds...)
	defer stop()
	list := decode[api.AdvocateList](t, s.get("/api/v1/brands/Tea/advocates"))
	if len(list.Gaps) != 1 || list.Gaps[0].Platform != "forum" || !list.Gaps[0].From.Equal(to) || time.Since(list.Gaps[0].To) > 2*time.Hour {
		t.Errorf("gaps %+v, want one of the forum from %v until an hour ago", list.Gaps, to)
	}
	const layout = "2006-01-02 15:04"
	since := to.Format(layout)
	for path, want := range map[string]string{
		"/lite?brand=Tea&lang=en": "forum was not read from " + since + " to ",
		"/lite?brand=Tea&lang=es": "forum no se leyó del " + since + " al ",
	} {
		if page := s.get(path); !strings.Contains(page, want) || strings.Contains(page, "club was not read") {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	if out, want := ok(t, dir, "rank", "Tea"), "forum: no data from "+since+" to "; !strings.Contains(out, want) || strings.Contains(out, "club: no data") {
		t.Errorf("rank does not say %q:\n%s", want, out)
	}
}
