package main

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"adalid/internal/authenticity"
	"adalid/internal/rank"
)

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
