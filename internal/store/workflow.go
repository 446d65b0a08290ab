package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	access "adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// kept is what the team keeps of one person, in a transaction. What is written
// goes to the account that names the person, but for notes and tasks that are there
// already: their history stays where they are. What is read is of all accounts.
type kept struct {
	x        *session
	b        brandRow
	person   string      // id, which is that of the first account
	list     []accountID // by platform and key
	accounts string      // JSON list of their ids
	by       workflow.Actor
	at       int64
	batch    optional
	undo     bool

	shown, hidden bool // whether lists show what changed, and whether who is listed did
}

// keep runs do on a person in a transaction that writes; NotFound when nobody has
// the id.
func (s *Store) keep(ctx context.Context, what string, a workflow.About, do func(*kept) error) error {
	return s.write(ctx, what, func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		k := &kept{x: x, b: b, by: a.By, at: s.now().Unix()}
		if err := k.find(a.Person); err != nil {
			return err
		}
		if err := do(k); err != nil {
			return err
		}
		return k.end()
	})
}

// find turns to a person; NotFound when nobody has the id.
func (k *kept) find(person string) (err error) {
	if k.person, k.list, err = followed(k.x, k.b, person); err != nil {
		return err
	}
	ids := make([]string, len(k.list))
	for i, a := range k.list {
		ids[i] = personID(a.platform, a.key)
	}
	slices.Sort(ids)
	k.accounts = jsonList(ids)
	return nil
}

// jsonList writes texts or numbers for json_each.
func jsonList[T string | int64](list []T) string {
	raw, err := json.Marshal(list)
	if err != nil {
		panic("store: a list of texts or numbers: " + err.Error())
	}
	return string(raw)
}

// end tells lists that something changed.
func (k *kept) end() error {
	if !k.shown {
		return nil
	}
	k.shown = false
	return raiseWorkflow(k.x, k.b.id, k.hidden)
}

func raiseWorkflow(x *session, brand int64, hidden bool) error {
	n, err := nextVersion(x)
	if err == nil {
		_, err = x.exec("workflow.Raise", brand, n, bit(hidden))
	}
	return err
}

// event is one entry of the history, before it has a number.
type event struct {
	account  string // "": that which names the person
	kind     workflow.Kind
	item     string
	from, to *workflow.Value
	former   any // rows to put back; nil: none, or nothing to take back
}

// note adds to the history and gives the entry's number.
func (k *kept) note(c event) (int64, error) {
	n, err := nextVersion(k.x)
	if err != nil {
		return 0, err
	}
	was, err := valueText(c.from)
	if err != nil {
		return 0, err
	}
	now, err := valueText(c.to)
	if err != nil {
		return 0, err
	}
	var former any
	if k.batch.ok && !k.undo {
		raw, err := json.Marshal(c.former)
		if err != nil {
			return 0, fmt.Errorf("former rows: %w", err)
		}
		former = string(raw)
	}
	_, err = k.x.exec("event.Add", k.b.id, cmp.Or(c.account, k.person), n, k.at, clipped(k.by.Mark), clipped(k.by.Name),
		string(c.kind), clean(c.item), was, now, k.batch, bit(k.undo), former)
	return n, err
}

func valueText(v *workflow.Value) (any, error) {
	if v == nil {
		return nil, nil
	}
	raw, err := json.Marshal(v)
	return clean(string(raw)), err
}

func readValue(r row, i int) (*workflow.Value, error) {
	text := r.text(i)
	if text == "" {
		return nil, nil
	}
	v := new(workflow.Value)
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return nil, fmt.Errorf("value of a change: %w", err)
	}
	return v, nil
}

// actorOf is who acts in a context, as the history names them.
func actorOf(ctx context.Context) workflow.Actor {
	a := access.From(ctx)
	if a.Kind == "" {
		return workflow.Local()
	}
	return workflow.Actor{Mark: a.Mark(), Name: a.Name}
}

// Workflow gives what the team keeps of a person; NotFound when nobody has the id.
func (s *Store) Workflow(ctx context.Context, brand, person string) (workflow.Person, error) {
	var p workflow.Person
	err := s.read(ctx, "read what the team keeps of a person", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		k := &kept{x: x, b: b}
		if err := k.find(person); err != nil {
			return err
		}
		p.ID = k.person
		stage, err := k.stage()
		if err != nil {
			return err
		}
		p.Stage, p.Since, p.By = stage.Stage, stage.at, stage.by
		if p.Owner, _, err = k.owner(); err != nil {
			return err
		}
		tags, err := k.tags()
		if err != nil {
			return err
		}
		p.Tags = tags.names()
		if p.Notes, err = k.notes(); err != nil {
			return err
		}
		p.Tasks, err = k.tasks()
		return err
	})
	return p, err
}

// History gives a person's changes, the newest first, and before which number the
// next page begins, 0 after the last. before 0 begins with the newest.
func (s *Store) History(ctx context.Context, brand, person string, before int64, limit int) (list []workflow.Change, next int64, err error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	err = s.read(ctx, "read the history of a person", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		k := &kept{x: x, b: b}
		if err := k.find(person); err != nil {
			return err
		}
		return x.query("event.Of", func(r row) error {
			c := workflow.Change{
				N: r.int(0), At: time.Unix(r.int(1), 0).UTC(), By: workflow.Actor{Mark: r.text(2), Name: r.text(3)},
				Kind: workflow.Kind(r.text(4)), Item: r.text(5), Undo: r.int(9) != 0,
			}
			if batch := r.opt(8); batch.ok {
				c.Batch = strconv.FormatInt(batch.v, 10)
			}
			var err error
			if c.From, err = readValue(r, 6); err == nil {
				c.To, err = readValue(r, 7)
			}
			list = append(list, c)
			return err
		}, b.id, k.accounts, before, limit+1)
	})
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].N
	}
	return list, next, err
}

var _ rank.Pipelines = (*Store)(nil)

// Pipelines yields what lists show of everybody of whom the team keeps anything,
// by person; it implements rank.Pipelines.
func (s *Store) Pipelines(ctx context.Context, brand string, yield func(rank.Pipeline) error) error {
	return s.read(ctx, "read what the team keeps", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		of := map[string]*rank.Pipeline{}
		at := func(person string) *rank.Pipeline {
			p := of[person]
			if p == nil {
				p = &rank.Pipeline{Person: person, Status: string(workflow.Candidate)}
				of[person] = p
			}
			return p
		}
		for _, q := range [...]struct {
			name string
			take func(row)
		}{
			{"status.List", func(r row) { // the latest comes last
				p := at(r.text(0))
				p.Status, p.Since = r.text(1), r.opt(3).time()
			}},
			{"owner.List", func(r row) {
				p := at(r.text(0))
				p.Owner, p.OwnerName = r.text(1), r.text(3)
			}},
			{"tagged.List", func(r row) {
				p := at(r.text(0))
				if n := len(p.Tags); n == 0 || !strings.EqualFold(p.Tags[n-1], r.text(2)) {
					p.Tags = append(p.Tags, r.text(2))
				}
			}},
			{"task.OpenCounts", func(r row) { at(r.text(0)).OpenTasks = int(r.int(1)) }},
		} {
			err := x.query(q.name, func(r row) error { q.take(r); return nil }, b.id)
			if err != nil {
				return err
			}
		}
		people := make([]string, 0, len(of))
		for person := range of {
			people = append(people, person)
		}
		slices.Sort(people)
		for _, person := range people {
			if err := yield(*of[person]); err != nil {
				return err
			}
		}
		return nil
	})
}

// What the team keeps by account: how to remove that, and how to pass it on.
var (
	keptRemovals = [...]string{"status.RemoveAccount", "owner.RemoveAccount", "tagged.RemoveAccount", "note.RemoveAccount", "task.RemoveAccount", "event.RemoveAccount"}
	keptBequests = [...]string{"status.PassOn", "owner.PassOn", "tagged.PassOn", "note.PassOn", "task.PassOn", "event.PassOn"}
)

// forgetKept removes what the team keeps of an account, and what the history of
// others says of it.
func forgetKept(x *session, brand int64, account string) error {
	gone := int64(0)
	for _, name := range keptRemovals {
		n, err := x.exec(name, brand, account)
		if err != nil {
			return err
		}
		gone += n
	}
	for _, name := range [...]string{"event.RemoveOther", "event.RemoveFormer"} {
		if _, err := x.exec(name, brand, account); err != nil {
			return err
		}
	}
	if gone == 0 {
		return nil
	}
	return raiseWorkflow(x, brand, true)
}

// heir is the account of the same person that gets what the team keeps of one that
// goes; "" where there is none, and of one that is being erased.
func (s *Store) heir(x *session, brand, author int64) (string, error) {
	account, err := accountOf(x, brand, author)
	if err != nil {
		return "", err
	}
	group, _, err := joined(x, brand, account)
	if err != nil || len(group) < 2 {
		return "", err
	}
	list, err := s.suppressing(x)
	if err != nil {
		return "", err
	}
	brands, err := listBrands(x)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(brands, func(b brandRow) bool { return b.id == brand })
	if at >= 0 && !list.Empty() {
		doomed, err := doomedOf(x, brand, newRedactor(list, brands[at].Name))
		if err != nil || slices.ContainsFunc(doomed, func(a accountID) bool { return a.id == author }) {
			return "", err
		}
	}
	if group[0] == account {
		return group[1], nil
	}
	return group[0], nil
}

// passOn gives what the team keeps of an account that goes to its heir.
func passOn(x *session, brand, author int64, heir string) error {
	account, err := accountOf(x, brand, author)
	if err != nil || heir == "" {
		return err
	}
	for _, name := range keptBequests {
		if _, err := x.exec(name, brand, account, heir); err != nil {
			return err
		}
	}
	return nil
}
