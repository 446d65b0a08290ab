package store

import (
	"context"
	"encoding/json"
	"fmt"

	"adalid"
	"adalid/internal/workflow"
)

func scanView(r row) (workflow.SavedView, error) {
	v := workflow.SavedView{
		ID: taskID(r.int(0)), Name: r.text(1), Shared: r.int(3) != 0, By: workflow.Actor{Mark: r.text(4), Name: r.text(5)},
		Created: r.opt(6).time(), Updated: r.opt(7).time(),
	}
	if err := json.Unmarshal([]byte(r.text(2)), &v.Query); err != nil {
		return v, fmt.Errorf("question of a saved view: %w", err)
	}
	return v, nil
}

// SavedViews lists the views that somebody sees: those shared first, by name.
func (s *Store) SavedViews(ctx context.Context, brand string, by workflow.Actor) (list []workflow.SavedView, err error) {
	err = s.read(ctx, "list saved views", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("saved_view.List", func(r row) error {
			v, err := scanView(r)
			list = append(list, v)
			return err
		}, b.id, clipped(by.Mark))
	})
	return list, err
}

// SaveView keeps a view, in place of the one of its ID or, without, as a new one,
// and gives it as it is then. Invalid as SavedView.Check; Conflict when the name is
// taken or there are too many; NotFound when there is none of that ID which a.By
// sees; Forbidden for who neither made it nor manages the brand, and for who would
// make somebody else's private: they would not see it any more.
func (s *Store) SaveView(ctx context.Context, a workflow.About, v workflow.SavedView) (saved workflow.SavedView, err error) {
	if v, err = v.Check(); err != nil {
		return v, err
	}
	query, err := json.Marshal(v.Query)
	if err != nil {
		return v, fmt.Errorf("store: question of a view: %w", err)
	}
	if v.Query == nil {
		query = []byte("{}")
	}
	err = s.write(ctx, "save a view", func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		id, made, moves := number(v.ID), a.By, true
		if v.ID != "" {
			was, err := viewOf(x, b.id, a, v.ID)
			if err != nil {
				return err
			}
			if made, moves = was.By, was.Shared != v.Shared; moves && made.Mark != clipped(a.By.Mark) {
				return adalid.Errorf(adalid.Forbidden, "this view is somebody else's; only who made it can keep it for themselves")
			}
		} else if id, err = nextVersion(x); err != nil {
			return err
		}
		if err := roomForView(x, b.id, id, moves, made, v); err != nil {
			return err
		}
		if _, err := x.exec("saved_view.Set", b.id, id, bit(v.Shared), clipped(made.Mark), clipped(made.Name), folded(v.Name), clean(v.Name), clean(string(query)), s.now().Unix()); err != nil {
			return err
		}
		saved, err = viewOf(x, b.id, a, taskID(id))
		return err
	})
	return saved, err
}

// viewOf gives a view that somebody may change.
func viewOf(x *session, brand int64, a workflow.About, id string) (v workflow.SavedView, err error) {
	found, err := x.one("saved_view.Get", func(r row) (err error) {
		v, err = scanView(r)
		return err
	}, brand, clipped(a.By.Mark), number(id))
	if err == nil && !found {
		err = adalid.Errorf(adalid.NotFound, "there is no such view")
	}
	if err == nil {
		err = a.MayEdit(v.By)
	}
	return v, err
}

// roomForView refuses a name that is taken and, for one that moves there, a view
// too many among those shared or somebody's own.
func roomForView(x *session, brand, id int64, moves bool, made workflow.Actor, v workflow.SavedView) error {
	taken, others := false, int64(0)
	err := x.query("saved_view.Named", func(r row) error {
		taken = taken || r.int(0) != id
		return nil
	}, brand, folded(v.Name), bit(v.Shared), clipped(made.Mark))
	if err != nil {
		return err
	}
	if _, err := x.one("saved_view.Count", func(r row) error {
		others = r.int(0)
		return nil
	}, brand, bit(v.Shared), clipped(made.Mark)); err != nil {
		return err
	}
	switch {
	case taken:
		return adalid.Errorf(adalid.Conflict, "there is a view of that name already")
	case others >= workflow.MostSavedViews && moves:
		return adalid.Errorf(adalid.Conflict, "there are %d views already; remove one first", others)
	}
	return nil
}

// RemoveView forgets a view; the errors are those of SaveView.
func (s *Store) RemoveView(ctx context.Context, a workflow.About, id string) error {
	return s.write(ctx, "remove a view", func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		if _, err := viewOf(x, b.id, a, id); err != nil {
			return err
		}
		_, err = x.exec("saved_view.Remove", b.id, number(id))
		return err
	})
}
