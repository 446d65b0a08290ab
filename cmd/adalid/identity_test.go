package main

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"adalid/web/api"
)

// twoFaced imports a brand in which people have profiles: one links from X to
// Mastodon and back, one has an own site on Bluesky and X, and two share a name
// that many have.
func twoFaced(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	rows := []string{"post_id,platform,author_id,handle,name,bio,text,created_at,lang\n"}
	add := func(platform, author, handle, name, bio string) {
		n := len(rows)
		rows = append(rows, fmt.Sprintf("%d,%s,%s,%s,%s,%q,I like tea number %d,2026-01-%02dT10:00:00Z,en\n", n, platform, author, handle, name, bio, n, n))
	}
	add("x", "11", "lumbrera_v", "Violeta R.", "trains, and https://tuba.example/@violetatrenes")
	add("mastodon", "violetatrenes@tuba.example", "violetatrenes@tuba.example", "Violeta", "also x.com/lumbrera_v")
	add("x", "12", "vokselgrin", "Ilse Vokselgrin", "print. https://vokselgrin.example")
	add("bluesky", "did:plc:ilse", "ilse.bsky.social", "Ilse Vokselgrin", "letters vokselgrin.example")
	add("x", "13", "juangarcia", "Juan García", "Madrid")
	add("bluesky", "did:plc:juan", "juangarcia.bsky.social", "Juan García", "Bogotá")
	add("x", "14", "quillfern", "Odalys Brandt", "")
	add("youtube", "UCxyz", "quillfern", "Odalys Brandt", "")
	add("mastodon", "tern@tuba.example", "tern@tuba.example", "Ketil", "")
	add("x", "15", "", "Somebody", "")
	ok(t, dir, "import", "--no-sentiment", "--brand", "Tea", write(t, rows))
	return dir
}

func identityCSV(t *testing.T, dir string, args ...string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(ok(t, dir, append([]string{"identity"}, append(args, "--format", "csv")...)...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	dir := twoFaced(t)
	before := ok(t, dir, "rank", "Tea", "--all", "--format", "csv")
	rows := identityCSV(t, dir, "Tea")
	if len(rows) != 3 || rows[0][1] != "mastodon/violetatrenes@tuba.example" || rows[0][2] != "x/lumbrera_v" || rows[0][6] != "very-likely" ||
		rows[1][1] != "bluesky/ilse.bsky.social" || rows[1][6] != "likely" || rows[2][1] != "x/quillfern" || !strings.Contains(rows[1][7], "vokselgrin.example") {
		t.Fatalf("suggested are %q", rows)
	}
	if rows := identityCSV(t, dir, "Tea", "--min-confidence", "0.9", "--lang", "es"); len(rows) != 1 || !strings.Contains(rows[0][7], "se enlazan el uno al otro") {
		t.Errorf("the surest, in Spanish: %q", rows)
	}
	if table := ok(t, dir, "identity", "Tea"); !strings.Contains(table, "x/vokselgrin") {
		t.Errorf("the table:\n%s", table)
	}
	list := decode[[]struct {
		Confidence float64
		Reasons    []struct{ Code, Text string }
	}](t, ok(t, dir, "identity", "Tea", "--json"))
	if len(list) != 3 || list[0].Reasons[0].Code != "mutual-links" || list[0].Reasons[0].Text == "" {
		t.Errorf("JSON: %+v", list)
	}

	link := decode[api.IdentityLink](t, ok(t, dir, "identity", "accept", "Tea", "x/@Lumbrera_V", "mastodon/violetatrenes@tuba.example", "--json"))
	if link.Decision != "accepted" || *link.Confidence < .95 || link.Reasons[0].Code != "mutual-links" || link.By == "" || link.At.IsZero() {
		t.Errorf("accepted: %+v", link)
	}
	joined := ok(t, dir, "rank", "Tea", "--all", "--format", "csv")
	if strings.Count(joined, "\n") != strings.Count(before, "\n")-1 {
		t.Errorf("joined, the ranking has %d lines, before %d", strings.Count(joined, "\n"), strings.Count(before, "\n"))
	}
	ok(t, dir, "identity", "reject", "Tea", rows[1][8], rows[1][9])
	if rows := identityCSV(t, dir, "Tea", "--min-confidence", "0"); len(rows) > 0 && rows[0][6] != "possible" {
		t.Errorf("still suggested: %q", rows)
	}
	decided := identityCSV(t, dir, "links", "Tea")
	if len(decided) != 2 || decided[0][3] == decided[1][3] || decided[0][6] == "" || decided[0][7] == "" {
		t.Errorf("decided: %q", decided)
	}
	ok(t, dir, "identity", "undo", "Tea", "mastodon/violetatrenes@tuba.example", "x/11")
	ok(t, dir, "identity", "undo", "Tea", "x/vokselgrin", "bluesky/ilse.bsky.social")
	if after := ok(t, dir, "rank", "Tea", "--all", "--format", "csv"); after != before {
		t.Errorf("after the undo:\n%s\nbefore:\n%s", after, before)
	}
	if again := identityCSV(t, dir, "Tea"); len(again) != 3 {
		t.Errorf("after the undo suggested are %q", again)
	}
	if r := cli(t, dir, "", "identity", "links", "Tea"); r.code != 0 || !strings.Contains(r.err, "nothing to list") {
		t.Errorf("no links: %+v", r)
	}
}

// TestIdentityServed decides over the API and reads the person back.
func TestIdentityServed(t *testing.T) {
	t.Parallel()
	s := serve(t, twoFaced(t), nil)
	const brand = "/api/v1/brands/Tea"
	list := decode[api.IdentityList](t, s.get(brand+"/identities"))
	if list.Total != 3 || len(list.Items) != 3 || list.Items[0].Level != "very-likely" {
		t.Fatalf("suggested are %+v", list)
	}
	a, b := list.Items[0].A, list.Items[0].B
	pair := brand + "/identities/" + a.ID + "/" + url.PathEscape(b.Platform+"/"+*b.Handle)
	s.send("PUT", pair, `{"decision":"accepted"}`, 200)
	one, other := min(a.ID, b.ID), max(a.ID, b.ID)
	person := decode[api.AdvocateDetail](t, s.get(brand+"/advocates/"+one))
	if len(person.Advocate.Accounts) != 2 || len(person.Platforms) != 2 || person.Advocate.Evidence.Mentions != 2 || person.Advocate.Evidence.ActiveDays != 2 ||
		len(person.Links) != 1 || person.Links[0].By != "local" || person.Links[0].Reasons[0].Code != "mutual-links" || *person.Links[0].Confidence < .95 {
		t.Errorf("the person: %+v", person)
	}
	for _, p := range person.Platforms {
		if p.Score.V != nil {
			t.Errorf("a score on %s where there are too few to rank", p.Platform)
		}
	}
	if answer, _ := s.ask("GET", brand+"/advocates/"+other+"?lang=en", nil, nil); answer.StatusCode != 307 || !strings.HasSuffix(answer.Header.Get("Location"), one+"?lang=en") {
		t.Errorf("the old id leads to %q: %s", answer.Header.Get("Location"), answer.Status)
	}
	if list := decode[api.IdentityList](t, s.get(brand+"/identities")); list.Total != 2 {
		t.Errorf("after accepting, %d are suggested", list.Total)
	}
	s.send("DELETE", pair, "", 204)
	s.send("DELETE", pair, "", 404)
	if person := decode[api.AdvocateDetail](t, s.get(brand+"/advocates/"+other)); len(person.Advocate.Accounts) != 1 || len(person.Links) != 0 {
		t.Errorf("after the undo: %+v", person.Advocate.Accounts)
	}
	s.send("PUT", brand+"/identities/"+a.ID+"/"+b.ID, `{"decision":"rejected"}`, 200)
	if text := s.get(brand + "/identities?min_confidence=0"); strings.Contains(text, `"level":"very-likely"`) {
		t.Errorf("the rejected pair is suggested: %s", text)
	}
	if d := decode[api.IdentityLinkList](t, s.get(brand+"/identities/decisions")); len(d.Items) != 1 || d.Items[0].Decision != "rejected" {
		t.Errorf("decisions: %+v", d)
	}
}

func TestIdentityRefuses(t *testing.T) {
	t.Parallel()
	dir := twoFaced(t)
	for want, c := range map[string]struct {
		args []string
		code int
	}{
		"X's terms allow":           {[]string{"accept", "Tea", "x/13", "mastodon/tern@tuba.example"}, 1},
		"the same account":          {[]string{"accept", "Tea", "x/13", "x/juangarcia"}, 2},
		`knows no account "x/none"`: {[]string{"reject", "Tea", "x/none", "x/13"}, 1},
		`knows no account "x/"`:     {[]string{"reject", "Tea", "x/", "x/13"}, 1},
		"nothing was decided":       {[]string{"undo", "Tea", "x/12", "x/13"}, 1},
		"no brand":                  {[]string{"Cocoa"}, 1},
		"--min-confidence":          {[]string{"Tea", "--min-confidence", "2"}, 2},
		"is NaN":                    {[]string{"Tea", "--min-confidence", "NaN"}, 2},
		"--limit":                   {[]string{"Tea", "--limit", "0"}, 2},
		"--lang":                    {[]string{"Tea", "--lang", "fr"}, 2},
		"two accounts":              {[]string{"accept", "Tea", "x/12"}, 2},
	} {
		if r := cli(t, dir, "", append([]string{"identity"}, c.args...)...); r.code != c.code || !strings.Contains(r.err, want) {
			t.Errorf("identity %v: exit %d, %q does not say %q", c.args, r.code, r.err, want)
		}
	}
	ok(t, dir, "identity", "reject", "Tea", "x:12", "Mastodon:@tern@tuba.example")
	ok(t, dir, "identity", "undo", "Tea", "x/12", "mastodon/tern@tuba.example")
	// Elsewhere a team may know better than profiles tell, and YouTube is known
	// without being mixed in.
	link := decode[api.IdentityLink](t, ok(t, dir, "identity", "accept", "Tea", "bluesky/ilse.bsky.social", "mastodon/tern@tuba.example", "--json"))
	if link.Confidence == nil || *link.Confidence >= .1 {
		t.Errorf("a link without evidence keeps the confidence %v", link.Confidence)
	}
	ok(t, dir, "identity", "accept", "Tea", "x/quillfern", "youtube/UCxyz")
	if list := ok(t, dir, "rank", "Tea", "--all", "--format", "csv"); strings.Contains(list, "youtube") || !strings.Contains(list, "quillfern") {
		t.Errorf("YouTube is mixed in:\n%s", list)
	}
}
