package store

import (
	"context"
	"strconv"

	"adalid"
	"adalid/internal/workflow"
)

func scanNote(r row) workflow.Note {
	return workflow.Note{
		ID: strconv.FormatInt(r.int(0), 10), Text: r.text(1), By: workflow.Actor{Mark: r.text(2), Name: r.text(3)}, At: r.opt(4).time(),
		ChangedBy: workflow.Actor{Mark: r.text(5), Name: r.text(6)}, ChangedAt: r.opt(7).time(),
	}
}

func (k *kept) notes() (list []workflow.Note, err error) {
	err = k.x.query("note.Of", func(r row) error {
		list = append(list, scanNote(r))
		return nil
	}, k.b.id, k.accounts)
	return list, err
}

// number reads the id of a note, task, batch or view; 0, which none has, for what
// is no number.
func number(id string) int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return 0
	}
	return n
}

// noteOf gives a note and the account that it was written to.
func (k *kept) noteOf(id string) (n workflow.Note, account string, err error) {
	found, err := k.x.one("note.Get", func(r row) error {
		n, account = scanNote(r), r.text(8)
		return nil
	}, k.b.id, k.accounts, number(id))
	if err == nil && !found {
		err = adalid.Errorf(adalid.NotFound, "there is no such note about this person")
	}
	return n, account, err
}

// AddNote keeps a remark on a person and gives it with its id; Invalid as
// workflow.CheckNote, Conflict when there are too many, NotFound when nobody has
// the person's id.
func (s *Store) AddNote(ctx context.Context, a workflow.About, text string) (n workflow.Note, err error) {
	if text, err = workflow.CheckNote(text); err != nil {
		return n, err
	}
	err = s.keep(ctx, "add a note", a, func(k *kept) error {
		all, err := k.notes()
		if err != nil {
			return err
		}
		if len(all) >= workflow.MostNotes {
			return adalid.Errorf(adalid.Conflict, "a person has at most %d notes; remove one first", workflow.MostNotes)
		}
		id, err := nextVersion(k.x)
		if err != nil {
			return err
		}
		text = clean(text)
		if _, err := k.x.exec("note.Add", k.b.id, id, k.person, text, clipped(k.by.Mark), clipped(k.by.Name), k.at); err != nil {
			return err
		}
		if _, err := k.note(event{kind: workflow.OfNote, item: taskID(id), to: &workflow.Value{Value: text}}); err != nil {
			return err
		}
		n, _, err = k.noteOf(taskID(id))
		return err
	})
	return n, err
}

// ChangeNote replaces the text of a note; besides the errors of AddNote it is
// Forbidden for who neither wrote it nor manages the brand.
func (s *Store) ChangeNote(ctx context.Context, a workflow.About, id, text string) (n workflow.Note, err error) {
	if text, err = workflow.CheckNote(text); err != nil {
		return n, err
	}
	err = s.keep(ctx, "change a note", a, func(k *kept) error {
		was, account, err := k.noteOf(id)
		if err == nil {
			err = a.MayEdit(was.By)
		}
		if n = was; err != nil || was.Text == clean(text) {
			return err
		}
		text = clean(text)
		if _, err := k.x.exec("note.Change", k.b.id, number(id), text, clipped(k.by.Mark), clipped(k.by.Name), k.at); err != nil {
			return err
		}
		if _, err := k.note(event{account: account, kind: workflow.OfNote, item: id, from: &workflow.Value{Value: was.Text}, to: &workflow.Value{Value: text}}); err != nil {
			return err
		}
		n, _, err = k.noteOf(id)
		return err
	})
	return n, err
}

// RemoveNote removes a note, and its texts from the history; the errors are those
// of ChangeNote.
func (s *Store) RemoveNote(ctx context.Context, a workflow.About, id string) error {
	return s.keep(ctx, "remove a note", a, func(k *kept) error {
		was, account, err := k.noteOf(id)
		if err == nil {
			err = a.MayEdit(was.By)
		}
		if err != nil {
			return err
		}
		if _, err := k.x.exec("note.Remove", k.b.id, number(id)); err != nil {
			return err
		}
		return k.blank(account, workflow.OfNote, id)
	})
}

// blank takes the texts of something that was removed from the history and adds
// that it was.
func (k *kept) blank(account string, kind workflow.Kind, item string) error {
	if _, err := k.note(event{account: account, kind: kind, item: item, from: &workflow.Value{}}); err != nil {
		return err
	}
	_, err := k.x.exec("event.Blank", k.b.id, string(kind), item)
	return err
}
