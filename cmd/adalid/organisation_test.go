package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid/internal/authenticity"
	"adalid/internal/rank"
)

// TestOrganisationsOnTheCommandLine: a station is left out and counted, listed with
// its badge when asked for, and brought back by the team's word; a person whose bio
// names a shop stays.
func TestOrganisationsOnTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	rows := "tweet_id,author_id,username,created_at,text,user_description\n"
	for i := range 20 {
		name, bio := fmt.Sprint("Fan", i), ""
		switch i {
		case 3:
			name = "RadioZarlona"
		case 5:
			bio = "Nova fan since the first shop."
		}
		rows += fmt.Sprintf("%d,a%d,%s,2026-01-02T10:00:00Z,nova is fine and so is number %s,%s\n", 900+i, i, name, strings.Repeat("x", i+1), bio)
	}
	file := filepath.Join(dir, "nova.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "import", "--no-sentiment", "--brand", "Nova", file)
	for _, c := range []struct {
		before, args []string
		listed       bool
	}{
		{nil, nil, false},
		{nil, []string{"--include", "organisations"}, true},
		{nil, []string{"--all"}, true},
		{[]string{"authenticity", "mark", "Nova", "radiozarlona", "genuine"}, nil, true},
		{[]string{"authenticity", "mark", "Nova", "radiozarlona", "--undo"}, nil, false},
	} {
		if c.before != nil {
			ok(t, dir, c.before...)
		}
		out := ok(t, dir, append([]string{"rank", "Nova"}, c.args...)...)
		file := ok(t, dir, append([]string{"export", "Nova", "advocates", "--format", "csv"}, c.args...)...)
		if strings.Contains(out, "@RadioZarlona ") != c.listed || strings.Contains(file, "RadioZarlona") != c.listed || strings.Contains(out, "1 left out as organisations (--include organisations)") == c.listed {
			t.Errorf("%v %v:\n%s\n%s", c.before, c.args, out, file)
		}
		if !strings.Contains(out, "@Fan5 ") || c.listed && !strings.Contains(out, "an organisation (59 %): its name has") {
			t.Errorf("%v %v: badges are missing:\n%s", c.before, c.args, out)
		}
	}
	if r := cli(t, dir, "", "rank", "Nova", "--no-organisations"); r.code != 2 {
		t.Errorf("--no-organisations: exit %d, %s", r.code, r.err)
	}
}

// TestWhoIsLeftOutAsOrganisation: of the labelled profiles that the ranking leaves
// out, at most one in seven are not a brand's; of those that only carry the badge
// nearly as many are people.
func TestWhoIsLeftOutAsOrganisation(t *testing.T) {
	profiles := labelledProfiles(t)
	var out, badge [2]int // others, brands
	for _, p := range profiles {
		class := 0
		if p.brand {
			class = 1
		}
		k := authenticity.NatureOf(p.Profile, authenticity.Behaviour{})
		switch {
		case leavesOut(k):
			out[class]++
		case k.Organisation():
			badge[class]++
		}
	}
	t.Logf("of %d profiles left out: %d brands, %d others; badge alone: %d brands, %d others", len(profiles), out[1], out[0], badge[1], badge[0])
	if n := out[0] + out[1]; 7*out[0] > n || out[1] < 280 {
		t.Errorf("%d of %d left out are no brands", out[0], n)
	}
}

// leavesOut is the line of the ranking.
func leavesOut(k authenticity.Kind) bool {
	named := slices.ContainsFunc(k.Reasons, func(r authenticity.Reason) bool { return slices.Contains(rank.NameClues[:], r.Code) })
	return k.Probability >= rank.OrganisationOut || named && k.Probability >= rank.OrganisationBadge
}

type labelled struct {
	authenticity.Profile
	brand bool
}

// labelledProfiles reads what people said of profiles: a woman's, a man's, a
// brand's, or unknown, which counts as no brand.
func labelledProfiles(t *testing.T) (list []labelled) {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData(t), "accounts", "gender_brand", "gender-classifier-DFE-791531.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := csv.NewReader(plain)
	in.LazyQuotes = true
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	label, name, bio := slices.Index(rows[0], "gender"), slices.Index(rows[0], "name"), slices.Index(rows[0], "description")
	for _, r := range rows[1:] {
		if r[label] == "" {
			continue
		}
		text := []rune{} // the file is ISO 8859-1
		for _, b := range []byte(r[bio]) {
			text = append(text, rune(b))
		}
		about := string(text)
		list = append(list, labelled{authenticity.Profile{Handle: r[name], Bio: &about}, r[label] == "brand"})
	}
	return list
}
