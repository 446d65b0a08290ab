package store

import (
	"context"
	"slices"

	"adalid"
)

// Showable gives those of posts that may be shown before anything of them is
// stored: without the posts of people who were erased, their handles taken out of
// the texts of others.
func (s *Store) Showable(ctx context.Context, posts []adalid.Mention) ([]adalid.Mention, error) {
	err := s.read(ctx, "see who was erased", func(x *session) error {
		list, err := s.suppressing(x)
		if err != nil || list.Empty() {
			return err
		}
		brands, err := listBrands(x)
		if err != nil {
			return err
		}
		var names []string
		for _, b := range brands {
			names = append(names, b.Name)
		}
		g := newRedactor(list, names...)
		posts = slices.DeleteFunc(slices.Clone(posts), func(m adalid.Mention) bool {
			return g.erased(string(m.Platform), m.Author.Key, m.Author.Handle)
		})
		for i := range posts {
			posts[i].Text = g.text(string(posts[i].Platform), posts[i].Text)
		}
		return nil
	})
	return posts, err
}
