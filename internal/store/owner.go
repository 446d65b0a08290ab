package store

import (
	"context"

	"adalid"
	"adalid/internal/workflow"
)

// formerOwner is an owner who was replaced.
type formerOwner struct {
	User *string
	N    int64
}

// ownerRow is whose a person is, as one account has it.
type ownerRow struct {
	account string
	who     *workflow.Colleague // nil: nobody
	n       int64
}

func (k *kept) owners() (rows []ownerRow, err error) {
	err = k.x.query("owner.Of", func(r row) error {
		rows = append(rows, ownerRow{r.text(0), colleague(r, 1, 3), r.int(2)})
		return nil
	}, k.b.id, k.accounts)
	return rows, err
}

// colleague reads a user's id and name; nil for nobody.
func colleague(r row, id, name int) *workflow.Colleague {
	if r.text(id) == "" {
		return nil
	}
	return &workflow.Colleague{ID: r.text(id), Name: r.text(name)}
}

// owner gives who looks after a person, nil for nobody, and the row of the account
// that names the person.
func (k *kept) owner() (who *workflow.Colleague, own *ownerRow, err error) {
	rows, err := k.owners()
	for i, r := range rows { // the latest comes last
		who = r.who
		if r.account == k.person {
			own = &rows[i]
		}
	}
	return who, own, err
}

// setOwner lets somebody look after a person, nil: nobody; and tells whether that
// is another one.
func (k *kept) setOwner(to *workflow.Colleague) (bool, error) {
	was, own, err := k.owner()
	if err != nil || sameColleague(was, to) {
		return false, err
	}
	var former *formerOwner
	if own != nil {
		former = &formerOwner{N: own.n}
		if own.who != nil {
			former.User = &own.who.ID
		}
	}
	n, err := k.note(event{kind: workflow.OfOwner, from: was.Value(), to: to.Value(), former: former})
	if err != nil {
		return false, err
	}
	k.shown = true
	_, err = k.x.exec("owner.Set", k.b.id, k.person, userID(to), n)
	return true, err
}

func sameColleague(a, b *workflow.Colleague) bool {
	return (a == nil) == (b == nil) && (a == nil || a.ID == b.ID)
}

// userID is what is stored of a colleague.
func userID(c *workflow.Colleague) any {
	if c == nil {
		return nil
	}
	return c.ID
}

// colleague finds somebody who can be given something to do, nil for ""; Invalid
// when nobody of that id can sign in and sees the brand.
func (k *kept) colleague(user string) (*workflow.Colleague, error) {
	if user == "" {
		return nil, nil
	}
	var c *workflow.Colleague
	_, err := k.x.one("colleague.Get", func(r row) error {
		c = colleague(r, 0, 1)
		return nil
	}, k.b.id, clean(user))
	if err == nil && c == nil {
		err = adalid.Errorf(adalid.Invalid, "nobody with that id can sign in and sees the brand")
	}
	return c, err
}

// SetOwner says which user looks after a person, "" for nobody. Invalid when there
// is no such user who can sign in and sees the brand, NotFound when nobody has the
// person's id.
func (s *Store) SetOwner(ctx context.Context, a workflow.About, user string) error {
	return s.keep(ctx, "set an owner", a, func(k *kept) error {
		to, err := k.colleague(user)
		if err == nil {
			_, err = k.setOwner(to)
		}
		return err
	})
}

// Colleagues lists who can sign in and sees a brand, by address.
func (s *Store) Colleagues(ctx context.Context, brand string) (list []workflow.Colleague, err error) {
	err = s.read(ctx, "list colleagues", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("colleague.List", func(r row) error {
			list = append(list, *colleague(r, 0, 1))
			return nil
		}, b.id)
	})
	return list, err
}

// releaseUser takes everything from a user that they looked after or had to do, and
// the views that only they saw.
func releaseUser(x *session, user string, by workflow.Actor, at int64) error {
	type owned struct {
		brand, id int64 // id of a task; 0: the person
		account   string
	}
	var list []owned
	err := x.query("owner.OfUser", func(r row) error {
		list = append(list, owned{r.int(0), 0, r.text(1)})
		return nil
	}, user)
	if err != nil {
		return err
	}
	err = x.query("task.OfUser", func(r row) error {
		list = append(list, owned{r.int(0), r.int(1), r.text(2)})
		return nil
	}, user)
	if err != nil {
		return err
	}
	was := &workflow.Value{Value: user}
	if _, err := x.one("user.Get", func(r row) error {
		was.Text = scanUser(r).Name
		return nil
	}, user); err != nil {
		return err
	}
	brands := map[int64]*kept{}
	for _, o := range list {
		k := brands[o.brand]
		if k == nil {
			k = &kept{x: x, b: brandRow{id: o.brand}, by: by, at: at, shown: true}
			brands[o.brand] = k
		}
		c := event{account: o.account, kind: workflow.OfOwner, from: was}
		if o.id != 0 {
			c.kind, c.item = workflow.OfTaskAssignee, taskID(o.id)
		}
		n, err := k.note(c)
		if err != nil {
			return err
		}
		if o.id != 0 {
			_, err = x.exec("task.Unassign", o.brand, o.id)
		} else {
			_, err = x.exec("owner.Set", o.brand, o.account, nil, n)
		}
		if err != nil {
			return err
		}
	}
	for _, k := range brands {
		if err := k.end(); err != nil {
			return err
		}
	}
	_, err = x.exec("saved_view.RemoveOf", "person:"+user)
	return err
}

// renamedUser tells the lists that show a user's name that it is another one.
func renamedUser(x *session, user string) error {
	var brands []int64
	err := x.query("workflow.OfUser", func(r row) error {
		brands = append(brands, r.int(0))
		return nil
	}, user)
	for _, brand := range brands {
		if err == nil {
			err = raiseWorkflow(x, brand, false)
		}
	}
	return err
}
