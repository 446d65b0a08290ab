package store

import (
	"context"
	"slices"

	"adalid/internal/workflow"
)

// tagRow is a tag of one account.
type tagRow struct {
	Account      string
	Folded, Name string
	N            int64
}

// tagRows are those of a person, by tag.
type tagRows []tagRow

// names gives each tag once.
func (t tagRows) names() []string {
	names := []string{}
	for i, r := range t {
		if i == 0 || t[i-1].Folded != r.Folded {
			names = append(names, r.Name)
		}
	}
	return names
}

// of gives the rows of one tag.
func (t tagRows) of(folded string) (rows []tagRow) {
	for _, r := range t {
		if r.Folded == folded {
			rows = append(rows, r)
		}
	}
	return rows
}

func (k *kept) tags() (rows tagRows, err error) {
	err = k.x.query("tagged.Of", func(r row) error {
		rows = append(rows, tagRow{r.text(0), r.text(1), r.text(2), r.int(3)})
		return nil
	}, k.b.id, k.accounts)
	return rows, err
}

// wouldHave counts the tags that a person has after a change.
func (t tagRows) wouldHave(add, drop []string) int {
	folded := []string{}
	for _, name := range t.names() {
		folded = append(folded, workflow.FoldTag(name))
	}
	for _, name := range add {
		if f := workflow.FoldTag(name); !slices.Contains(folded, f) {
			folded = append(folded, f)
		}
	}
	for _, name := range drop {
		if i := slices.Index(folded, workflow.FoldTag(name)); i >= 0 {
			folded = slices.Delete(folded, i, i+1)
		}
	}
	return len(folded)
}

// setTags adds and drops tags and tells whether that changed any.
func (k *kept) setTags(add, drop []string) (changed bool, err error) {
	rows, err := k.tags()
	if err != nil {
		return false, err
	}
	if n := rows.wouldHave(add, drop); n > len(rows.names()) {
		if err := workflow.CheckTagCount(n); err != nil {
			return false, err
		}
	}
	for _, name := range drop {
		has := rows.of(workflow.FoldTag(name))
		if len(has) == 0 {
			continue
		}
		changed = true
		if _, err := k.note(event{kind: workflow.OfTag, item: has[0].Folded, from: &workflow.Value{Value: has[0].Name}, former: has}); err != nil {
			return changed, err
		}
		for _, r := range has {
			if _, err := k.x.exec("tagged.Remove", k.b.id, r.Account, r.Folded); err != nil {
				return changed, err
			}
		}
	}
	for _, name := range add {
		folded := workflow.FoldTag(name)
		if len(rows.of(folded)) > 0 {
			continue
		}
		changed = true
		if _, err := k.x.one("tagged.Spelling", func(r row) error { // the brand spells it one way
			name = r.text(0)
			return nil
		}, k.b.id, folded); err != nil {
			return changed, err
		}
		n, err := k.note(event{kind: workflow.OfTag, item: folded, to: &workflow.Value{Value: name}})
		if err == nil {
			_, err = k.x.exec("tagged.Set", k.b.id, k.person, folded, clean(name), n)
		}
		if err != nil {
			return changed, err
		}
	}
	k.shown = k.shown || changed
	return changed, nil
}

// ChangeTags adds and drops tags of a person; Invalid as workflow.CheckTags, or
// when there would be too many; NotFound when nobody has the id. A tag that is
// there, or is not, changes nothing.
func (s *Store) ChangeTags(ctx context.Context, a workflow.About, add, drop []string) error {
	add, drop, err := workflow.CheckTags(add, drop)
	if err != nil {
		return err
	}
	return s.keep(ctx, "change tags", a, func(k *kept) error {
		_, err := k.setTags(add, drop)
		return err
	})
}

// Tags lists a brand's tags with how many people have each, by name.
func (s *Store) Tags(ctx context.Context, brand string) (list []workflow.TagCount, err error) {
	err = s.read(ctx, "list tags", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("tagged.Counts", func(r row) error {
			list = append(list, workflow.TagCount{Name: r.text(0), People: int(r.int(1))})
			return nil
		}, b.id)
	})
	return list, err
}
