package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"adalid"
	"adalid/internal/workflow"
)

// ChangeMany carries out an order, all of it in one transaction, and gives the
// batch by which it can be taken back. Invalid as Order.Check and for an owner who
// does not see the brand; NotFound when nobody has any of the ids.
func (s *Store) ChangeMany(ctx context.Context, a workflow.About, o workflow.Order) (out workflow.Batch, err error) {
	if o, err = o.Check(); err != nil {
		return out, err
	}
	err = s.write(ctx, "change many people", func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		now := s.now().UTC().Truncate(time.Second)
		id, err := nextVersion(x)
		if err != nil {
			return err
		}
		out = workflow.Batch{ID: taskID(id), At: now, Until: now.Add(workflow.UndoWithin)}
		if err := s.expireFormer(x, b.id); err != nil {
			return err
		}
		if _, err := x.exec("batch.Add", b.id, id, clipped(a.By.Mark), clipped(a.By.Name), now.Unix()); err != nil {
			return err
		}
		k := &kept{x: x, b: b, by: a.By, at: now.Unix(), batch: optional{id, true}}
		var owner *workflow.Colleague
		if o.Owner != nil {
			if owner, err = k.colleague(*o.Owner); err != nil {
				return err
			}
		}
		done := map[string]bool{}
		for _, person := range o.People {
			err := k.find(person)
			switch {
			case adalid.CodeOf(err) == adalid.NotFound:
				out.Unknown++
				continue
			case err != nil:
				return err
			case done[k.person]:
				out.Unchanged++
				continue
			}
			done[k.person] = true
			if err := k.carryOut(o, owner, &out); err != nil {
				return err
			}
		}
		if len(done) == 0 {
			return adalid.Errorf(adalid.NotFound, "brand %q knows none of these people", b.Name)
		}
		return k.end()
	})
	return out, err
}

// expireFormer forgets what batches replaced that are too old to be taken back.
func (s *Store) expireFormer(x *session, brand int64) error {
	_, err := x.exec("event.Expire", brand, s.now().Add(-workflow.UndoWithin).Unix())
	return err
}

// carryOut changes one person of an order.
func (k *kept) carryOut(o workflow.Order, owner *workflow.Colleague, out *workflow.Batch) error {
	tags, err := k.tags()
	if err != nil {
		return err
	}
	if n := tags.wouldHave(o.AddTags, o.DropTags); n > len(tags.names()) && workflow.CheckTagCount(n) != nil {
		out.Refused++
		return nil
	}
	changed, err := k.setTags(o.AddTags, o.DropTags)
	if err != nil {
		return err
	}
	if o.Stage != nil {
		other, err := k.setStage(*o.Stage)
		if err != nil {
			return err
		}
		changed = changed || other
	}
	if o.Owner != nil {
		other, err := k.setOwner(owner)
		if err != nil {
			return err
		}
		changed = changed || other
	}
	if changed {
		out.Changed++
	} else {
		out.Unchanged++
	}
	return nil
}

// batchChange is what a batch did to one account.
type batchChange struct {
	event
	n      int64
	former []byte
}

// UndoBatch puts back what a batch changed, but for what was changed again since.
// NotFound for an unknown batch, else as Batch.MayUndo.
func (s *Store) UndoBatch(ctx context.Context, a workflow.About, id string) (out workflow.Undone, err error) {
	err = s.write(ctx, "take a change of many people back", func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		now, undone, made, batch := s.now(), false, workflow.Actor{}, workflow.Batch{}
		found, err := x.one("batch.Get", func(r row) error {
			made, batch.At, undone = workflow.Actor{Mark: r.text(0), Name: r.text(1)}, r.opt(2).time(), r.opt(3).ok
			return nil
		}, b.id, number(id))
		if err == nil && !found {
			err = adalid.Errorf(adalid.NotFound, "there is no such change of many people")
		}
		if err == nil {
			err = batch.MayUndo(a, made, undone, now)
		}
		if err != nil {
			return err
		}
		list, err := batchChanges(x, b.id, number(id))
		if err != nil {
			return err
		}
		k := &kept{x: x, b: b, by: a.By, at: now.Unix(), batch: optional{number(id), true}, undo: true}
		restored, people := map[string]bool{}, []string{}
		for _, c := range list {
			back := false
			err := k.find(c.account)
			if err == nil {
				back, err = k.restore(c)
			} else if adalid.CodeOf(err) == adalid.NotFound {
				err = nil
			}
			if err != nil {
				return err
			}
			if all, seen := restored[c.account]; !seen {
				people = append(people, c.account)
				restored[c.account] = back
			} else {
				restored[c.account] = all && back
			}
		}
		for _, person := range people {
			if restored[person] {
				out.Restored++
			} else {
				out.Kept++
			}
		}
		if _, err := x.exec("batch.Undone", b.id, number(id), now.Unix()); err != nil {
			return err
		}
		return k.end()
	})
	return out, err
}

func batchChanges(x *session, brand, batch int64) (list []batchChange, err error) {
	err = x.query("event.OfBatch", func(r row) error {
		c := batchChange{event: event{account: r.text(0), kind: workflow.Kind(r.text(2)), item: r.text(3)}, n: r.int(1), former: []byte(r.text(6))}
		var err error
		if c.from, err = readValue(r, 4); err == nil {
			c.to, err = readValue(r, 5)
		}
		list = append(list, c)
		return err
	}, brand, batch)
	return list, err
}

// restore puts one change back and tells whether it could: not when it was changed
// since, and not when what was there is not known any more.
func (k *kept) restore(c batchChange) (bool, error) {
	if len(c.former) == 0 {
		return false, nil
	}
	switch c.kind {
	case workflow.OfStatus:
		return k.restoreStage(c)
	case workflow.OfOwner:
		return k.restoreOwner(c)
	default:
		return k.restoreTag(c)
	}
}

func (k *kept) restoreStage(c batchChange) (bool, error) {
	was, err := k.stage()
	if err != nil || was.n != c.n || was.account != c.account {
		return false, err
	}
	var former *formerStage
	if err := json.Unmarshal(c.former, &former); err != nil {
		return false, fmt.Errorf("former status: %w", err)
	}
	if former == nil {
		_, err = k.x.exec("status.RemoveAccount", k.b.id, c.account)
	} else {
		_, err = k.x.exec("status.Set", k.b.id, c.account, former.Status, former.Reason, former.Text, former.N)
	}
	if err != nil {
		return false, err
	}
	now, err := k.stage()
	if err != nil {
		return false, err
	}
	k.restaged(was.Stage, now.Stage)
	_, err = k.note(event{account: c.account, kind: c.kind, from: was.Value(), to: now.Value()})
	return true, err
}

func (k *kept) restoreOwner(c batchChange) (bool, error) {
	rows, err := k.owners()
	if err != nil || len(rows) == 0 {
		return false, err
	}
	was := rows[len(rows)-1]
	if was.n != c.n || was.account != c.account {
		return false, nil
	}
	var former *formerOwner
	if err := json.Unmarshal(c.former, &former); err != nil {
		return false, fmt.Errorf("former owner: %w", err)
	}
	switch {
	case former == nil:
		_, err = k.x.exec("owner.RemoveAccount", k.b.id, c.account)
	case former.User == nil:
		_, err = k.x.exec("owner.Set", k.b.id, c.account, nil, former.N)
	default:
		who, gone := k.colleague(*former.User)
		switch {
		case adalid.CodeOf(gone) == adalid.Invalid: // who was the owner is not there any more
			return false, nil
		case gone != nil:
			return false, gone
		}
		_, err = k.x.exec("owner.Set", k.b.id, c.account, userID(who), former.N)
	}
	if err != nil {
		return false, err
	}
	now, _, err := k.owner()
	if err != nil {
		return false, err
	}
	k.shown = true
	_, err = k.note(event{account: c.account, kind: c.kind, from: was.who.Value(), to: now.Value()})
	return true, err
}

func (k *kept) restoreTag(c batchChange) (bool, error) {
	rows, err := k.tags()
	if err != nil {
		return false, err
	}
	has := tagRows(rows).of(c.item)
	if c.to != nil { // it was added
		if len(has) != 1 || has[0].Account != c.account || has[0].N != c.n {
			return false, nil
		}
		_, err = k.x.exec("tagged.Remove", k.b.id, c.account, c.item)
	} else {
		latest := int64(0)
		_, err := k.x.one("event.LatestTag", func(r row) error {
			latest = r.int(0)
			return nil
		}, k.b.id, k.accounts, c.item)
		if err != nil || len(has) > 0 || latest != c.n {
			return false, err
		}
		var former []tagRow
		if err := json.Unmarshal(c.former, &former); err != nil {
			return false, fmt.Errorf("former tags: %w", err)
		}
		for _, r := range former {
			if known, err := k.x.one("author.ByAccount", ignored, k.b.id, r.Account); err != nil || !known {
				return false, err
			}
		}
		for _, r := range former {
			if _, err := k.x.exec("tagged.Set", k.b.id, r.Account, r.Folded, r.Name, r.N); err != nil {
				return false, err
			}
		}
	}
	if err != nil {
		return false, err
	}
	k.shown = true
	_, err = k.note(event{account: c.account, kind: c.kind, item: c.item, from: c.to, to: c.from})
	return true, err
}
