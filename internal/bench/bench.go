// Package bench runs Adalid beside its peers: the same invented posts, one
// after the other on one core, in the same run. It is a module of its own, so
// that the product's go.mod does not name what only comparisons need.
package bench

import (
	"fmt"
	"slices"
	"time"

	"adalid/internal/demo"
)

// post is an invented text and the tag of the language it was written in.
type post struct{ text, lang string }

// posts gives the texts of the demo's world in some languages, each text once.
func posts(langs ...string) ([]post, error) {
	world, err := demo.Invent(demo.Options{Seed: 1, Until: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)})
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	var out []post
	seen := map[string]bool{}
	for _, m := range world.Mentions {
		if slices.Contains(langs, m.Lang) && !seen[m.Text] {
			seen[m.Text] = true
			out = append(out, post{m.Text, m.Lang})
		}
	}
	return out, nil
}
