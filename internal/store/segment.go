package store

import (
	"context"
	"strings"

	"adalid"
	"adalid/internal/rank"
)

// mostSegments is how many filter expressions a brand keeps.
const mostSegments = 200

func scanSegment(r row) rank.Saved {
	return rank.Saved{Name: r.text(0), Where: r.text(1), Created: r.opt(2).time(), Updated: r.opt(3).time()}
}

// Segments lists a brand's saved segments by name.
func (s *Store) Segments(ctx context.Context, brand string) ([]rank.Saved, error) {
	var list []rank.Saved
	err := s.read(ctx, "list segments", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		list, err = segments(x, b.id)
		return err
	})
	return list, err
}

func segments(x *session, brand int64) (list []rank.Saved, err error) {
	err = x.query("segment.List", func(r row) error {
		list = append(list, scanSegment(r))
		return nil
	}, brand)
	return list, err
}

// Segment gives a saved segment by its name, compared without regard to case;
// NotFound when there is none.
func (s *Store) Segment(ctx context.Context, brand, name string) (rank.Saved, error) {
	var saved rank.Saved
	err := s.read(ctx, "read segment", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		var found bool
		if saved, found, err = findSegment(x, b.id, name); err == nil && !found {
			err = noSegment(name)
		}
		return err
	})
	return saved, err
}

func findSegment(x *session, brand int64, name string) (saved rank.Saved, found bool, err error) {
	found, err = x.one("segment.Get", func(r row) error {
		saved = scanSegment(r)
		return nil
	}, brand, folded(name))
	return saved, found, err
}

func noSegment(name string) error {
	return adalid.Errorf(adalid.NotFound, "there is no segment %q", name)
}

// SaveSegment keeps an expression under a name, in place of the one that has it,
// and tells whether it is a new one. Invalid when the name or the expression
// cannot be used; Conflict when a brand has too many.
func (s *Store) SaveSegment(ctx context.Context, brand string, saved rank.Saved) (created bool, err error) {
	if err := saved.Check(); err != nil {
		return false, err
	}
	name, now := strings.TrimSpace(saved.Name), seconds(s.now())
	err = s.write(ctx, "save segment", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		all, err := segments(x, b.id)
		if err != nil {
			return err
		}
		_, found, err := findSegment(x, b.id, name)
		if err != nil {
			return err
		}
		if !found && len(all) >= mostSegments {
			return adalid.Errorf(adalid.Conflict, "a brand keeps at most %d segments; remove one first", mostSegments)
		}
		created = !found
		_, err = x.exec("segment.Set", b.id, folded(name), clean(name), clean(saved.Where), now.v)
		return err
	})
	return created, err
}

// RemoveSegment forgets a saved segment; NotFound when there is none.
func (s *Store) RemoveSegment(ctx context.Context, brand, name string) error {
	return s.write(ctx, "remove segment", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		n, err := x.exec("segment.Remove", b.id, folded(name))
		if err == nil && n == 0 {
			err = noSegment(name)
		}
		return err
	})
}

// SetRivals names the brands that compete with a brand, in place of those named
// before. NotFound when one of them is not stored, Invalid when it is the brand
// itself.
func (s *Store) SetRivals(ctx context.Context, brand string, rivals []string) error {
	return s.write(ctx, "set rivals", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if _, err := x.exec("rival.Clear", b.id); err != nil {
			return err
		}
		for _, name := range rivals {
			rival, err := findBrand(x, strings.TrimSpace(name))
			if err != nil {
				return err
			}
			if rival.id == b.id {
				return adalid.Errorf(adalid.Invalid, "a brand does not compete with itself")
			}
			if _, err := x.exec("rival.Add", b.id, rival.id); err != nil {
				return err
			}
		}
		return nil
	})
}

func rivalsOf(x *session, brand int64) (names []string, err error) {
	err = x.query("rival.List", func(r row) error {
		names = append(names, r.text(0))
		return nil
	}, brand)
	return names, err
}
