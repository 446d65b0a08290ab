package store

import (
	"context"
	"testing"

	"adalid"
)

// TestShowable: who was erased is not shown from a platform either, nor by the
// handle in the posts of others.
func TestShowable(t *testing.T) {
	ctx := context.Background()
	s := openKeyed(t, t.TempDir())
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	posts := []adalid.Mention{
		said("x", "1", "k-4711", "Zorrilla", "I love acme", 1).Mention,
		said("x", "2", "k-2", "bob", "thanks @zorrilla, acme is great", 1).Mention,
	}
	before, err := s.Showable(ctx, posts)
	must(t, err)
	if len(before) != 2 || before[1].Text != posts[1].Text {
		t.Errorf("nobody was erased: %+v", before)
	}
	_, err = s.Erase(ctx, Erasure{Person: "x/zorrilla"})
	must(t, err)
	after, err := s.Showable(ctx, posts)
	must(t, err)
	if len(after) != 1 || after[0].Text != "thanks @…, acme is great" || posts[1].Text == after[0].Text {
		t.Errorf("%+v", after)
	}
}
