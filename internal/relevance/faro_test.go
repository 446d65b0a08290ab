package relevance

import "testing"

// A second brand, written after the settings were chosen: "Faro", an invented
// bank beside lighthouses, headlights, a town and a card game. Its 110 texts
// have no authors here: those of an invented file are too tidy.
func TestSecondBrand(t *testing.T) {
	posts, about := texts(t, "testdata/faro.tsv", "faro")
	for i := range posts {
		posts[i].Author = ""
	}
	const seeds = 20
	for _, way := range []struct {
		name  string
		batch int
		least float64
	}{{"proposed four at a time", 4, 0.85}, {"at random", 0, 0.75}} {
		precision, recall := 0., 0.
		for seed := range uint64(seeds) {
			p, r, _ := trial(posts, about, seed, 40, way.batch)
			precision, recall = precision+p/seeds, recall+r/seeds
		}
		t.Logf("40 marks %s: precision %.3f, recall %.3f", way.name, precision, recall)
		if precision < way.least || recall < way.least {
			t.Errorf("40 marks %s: precision %.3f, recall %.3f", way.name, precision, recall)
		}
	}
}
