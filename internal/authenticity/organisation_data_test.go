package authenticity_test

import (
	"encoding/csv"
	"io"
	"testing"

	"adalid/internal/authenticity"
)

// TestRulesTellOrganisations: precision at least 0.6 at a recall of at least
// 0.4 on profiles that people labelled as a woman's, a man's, a brand's or
// unknown. Unknown ones count as no brand, which costs precision. By the handle
// alone few are found, but those surely.
func TestRulesTellOrganisations(t *testing.T) {
	in := csv.NewReader(open(t, "gender_brand", "gender-classifier-DFE-791531.csv.gz"))
	in.LazyQuotes = true
	head, err := in.Read()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[name] = i
	}
	var hit, alarm, missed int
	var bare [2][2]int // by brand or not and flagged or not, bios left aside
	var once [2][2]int // by brand or not and flagged or not, each bio once
	seen, holds := map[string]bool{}, map[string][2]int{}
	for {
		r, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		label := r[at["gender"]]
		if label == "" {
			continue
		}
		bio := fromLatin1(r[at["description"]])
		k := authenticity.NatureOf(authenticity.Profile{Handle: r[at["name"]], Bio: &bio}, authenticity.Behaviour{})
		class := 0
		switch {
		case label == "brand" && k.Organisation():
			hit, class = hit+1, 1
		case label == "brand":
			missed, class = missed+1, 1
		case k.Organisation():
			alarm++
		}
		if !seen[bio] || bio == "" {
			once[class][flag(k)]++
		}
		bare[class][flag(authenticity.NatureOf(authenticity.Profile{Handle: r[at["name"]]}, authenticity.Behaviour{}))]++
		seen[bio] = true
		for _, reason := range k.Reasons {
			n := holds[reason.Code]
			n[class]++
			holds[reason.Code] = n
		}
	}
	precision, recall := float64(hit)/float64(hit+alarm), float64(hit)/float64(hit+missed)
	t.Logf("precision %.3f, recall %.3f: %d of %d brands, %d others", precision, recall, hit, hit+missed, alarm)
	t.Logf("each bio once: precision %.3f, recall %.3f", float64(once[1][1])/float64(once[1][1]+once[0][1]), float64(once[1][1])/float64(once[1][0]+once[1][1]))
	alone := float64(bare[1][1]) / float64(bare[1][1]+bare[0][1])
	t.Logf("by the handle alone: precision %.3f, recall %.3f: %d brands, %d others", alone, float64(bare[1][1])/float64(bare[1][0]+bare[1][1]), bare[1][1], bare[0][1])
	for code, n := range holds {
		t.Logf("  %-12s brands %3d, others %3d", code, n[1], n[0])
	}
	if precision < 0.6 || recall < 0.4 {
		t.Errorf("precision %.3f at recall %.3f, want 0.6 at 0.4", precision, recall)
	}
	if alone < 0.75 || bare[1][1] < 80 {
		t.Errorf("by the handle alone: precision %.3f for %d brands, want 0.75 for 80", alone, bare[1][1])
	}
}

// flag is 1 for an organisation.
func flag(k authenticity.Kind) int {
	if k.Organisation() {
		return 1
	}
	return 0
}

// fromLatin1 gives bytes of ISO 8859-1 as UTF-8.
func fromLatin1(s string) string {
	out := make([]rune, len(s))
	for i := range len(s) {
		out[i] = rune(s[i])
	}
	return string(out)
}
