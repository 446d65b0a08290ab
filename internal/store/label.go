package store

import (
	"context"

	"adalid"
)

// SetLabel records a team's own judgement of a mention; it wins over the model
// as long as it stands. "" takes it back. NotFound when there is no such
// mention, Invalid for a label that does not exist. The command
// `sentiment correct` will call it.
func (s *Store) SetLabel(ctx context.Context, brand string, k Key, label adalid.Label, by string) error {
	value, ok := labelValue(label)
	if !ok {
		return adalid.Errorf(adalid.Invalid, "there is no label %q; use positive, neutral, negative, or nothing to take it back", label)
	}
	return s.write(ctx, "set label", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		var old *fact
		platform, id := clean(string(k.Platform)), clean(k.ID)
		_, err = x.one("mention.Find", func(r row) error {
			f := scanFact(r)
			old = &f
			return nil
		}, b.id, platform, id)
		if err != nil {
			return err
		}
		if old == nil {
			return adalid.Errorf(adalid.NotFound, "brand %q has no mention %q on %q", b.Name, k.ID, k.Platform)
		}
		if value.ok {
			_, err = x.exec("label.Set", b.id, platform, id, value.v, clean(by), s.now().Unix())
		} else {
			_, err = x.exec("label.Remove", b.id, platform, id)
		}
		if err != nil || old.label == value {
			return err
		}
		now := *old
		now.label = value
		l := newLedger(b.id)
		if err := l.write(x, l.total([]change{{old, &now}})); err != nil {
			return err
		}
		return touch(x, b.id)
	})
}
