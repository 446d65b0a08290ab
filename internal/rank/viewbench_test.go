package rank_test

import (
	"os"
	"strings"
	"testing"

	"adalid/internal/rank"
)

// TestViewsAreDocumented: docs/views.md has every view and every field.
func TestViewsAreDocumented(t *testing.T) {
	raw, err := os.ReadFile("../../docs/views.md")
	if err != nil {
		t.Fatal(err)
	}
	names := rank.WhereFields()
	for _, v := range rank.Views() {
		names = append(names, string(v.Name))
	}
	for _, name := range names {
		if !strings.Contains(string(raw), "`"+name+"`") {
			t.Errorf("docs/views.md lacks %s", name)
		}
	}
}

// BenchmarkView finds the people of each view, BenchmarkWhere those whom an
// expression holds for.
func BenchmarkView(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		r := rank.New(rank.Options{Store: store})
		mustRank(b, r, rank.Query{Limit: 50})
		for _, v := range rank.Views() {
			b.Run(string(v.Name), func(b *testing.B) {
				for b.Loop() {
					if _, err := r.View(ctx, "brand", rank.ViewQuery{Query: rank.Query{Limit: 50}, Name: v.Name, Posts: &memory{}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

func BenchmarkWhere(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		r := rank.New(rank.Options{Store: store})
		mustRank(b, r, rank.Query{Limit: 50})
		for b.Loop() {
			mustRank(b, r, rank.Query{Limit: 50, Where: "recency >= 4 and frequency >= 3 and followers < 5000 and lang = es"})
		}
	})
}
