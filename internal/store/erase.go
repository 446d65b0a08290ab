package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"adalid"
	"adalid/internal/privacy"
	"adalid/internal/rank"
)

// Erasure says whom to erase, and for which brands.
type Erasure struct {
	Brand  string // "" every brand, those to come included
	Person string // an id, or the handle of an account as FindPerson takes it
}

// Erased says what an erasure did.
type Erased struct {
	Cleared
	Accounts   []ErasedAccount // those found, by platform and id; none: they were not stored
	Namesakes  []ErasedAccount // accounts with one of the handles elsewhere, which stay: nobody said that they are the same person's
	Handles    []string        // that the person had, for whoever looks whether anything is left; not to be kept
	Suppressed int             // entries that keep the person from coming back
}

// ErasedAccount names an account without its handle or key.
type ErasedAccount struct {
	Brand    string
	Platform adalid.Platform
	ID       string // that of the person it was by itself
}

// Erase removes a person from the database, its log, what lies beside it and
// what others wrote, and keeps them from coming back: after that nothing tells
// that they were here but an HMAC. All accounts go that accepted links make the
// person's. Somebody who is not stored is only kept from coming; NotFound when a
// person's id or a handle without a platform means nobody. It may be repeated,
// and one that was cut short goes on when the database is opened next.
func (s *Store) Erase(ctx context.Context, e Erasure) (Erased, error) {
	var out Erased
	h, err := s.hash()
	if err != nil {
		return out, err
	}
	scope := privacy.Everywhere
	if e.Brand != "" {
		b, err := s.Brand(ctx, e.Brand)
		if err != nil {
			return out, err
		}
		scope = folded(b.Name)
	}
	subjects, err := s.subjects(ctx, e, &out)
	if err != nil {
		return out, err
	}
	if len(subjects) == 0 {
		subject, ok := stranger(e.Person)
		if !ok {
			return out, adalid.Errorf(adalid.NotFound, "nobody of that name is stored; to keep somebody out who was never stored, name the platform too: x/handle")
		}
		subjects = append(subjects, subject)
	}
	var entries []privacy.Entry
	for _, subject := range subjects {
		entries = append(entries, h.Entries(scope, subject)...)
	}
	if err := s.suppress(ctx, entries); err != nil {
		return out, err
	}
	out.Suppressed = len(entries)
	out.Cleared, err = s.purge(ctx)
	return out, err
}

// Erasable tells which accounts an erasure would take, and which with the same
// handle it would leave; none when nobody is stored under that name.
func (s *Store) Erasable(ctx context.Context, e Erasure) (Erased, error) {
	var out Erased
	_, err := s.subjects(ctx, e, &out)
	return out, err
}

// stranger is somebody who is not stored, as far as a name says who.
func stranger(called string) (privacy.Subject, bool) {
	called = strings.TrimSpace(called)
	if isAccountID(called) {
		return privacy.Subject{Account: called}, true
	}
	platform, handle := calledHandle(called)
	if platform == "" || handle == "" {
		return privacy.Subject{}, false
	}
	// Sources without ids of their own have the handle as key.
	return privacy.Subject{Account: personID(platform, handle), Platform: platform, Key: handle, Handles: []string{handle}}, true
}

func isAccountID(s string) bool {
	raw, err := personEncoding.DecodeString(s)
	return err == nil && len(raw) == 10
}

// subjects finds the accounts of a person: in each brand those that links join
// to one that is known already, until nothing is added.
func (s *Store) subjects(ctx context.Context, e Erasure, out *Erased) (list []privacy.Subject, err error) {
	err = s.read(ctx, "find whom to erase", func(x *session) error {
		brands, err := listBrands(x)
		if err != nil {
			return err
		}
		if e.Brand != "" {
			b, err := findBrand(x, e.Brand)
			if err != nil {
				return err
			}
			brands = []brandRow{b}
		}
		people, err := calledPeople(x, brands, e.Person)
		if err != nil {
			return err
		}
		f := &subjectFinder{x: x, known: map[string]int{}, done: map[string]bool{}}
		for more := len(people) > 0; more; {
			before := len(f.list) + len(f.out)
			for _, b := range brands {
				if err := f.brand(b, people); err != nil {
					return err
				}
			}
			for account := range f.known {
				if !slices.Contains(people, account) {
					people = append(people, account)
				}
			}
			slices.Sort(people)
			more = len(f.list)+len(f.out) > before
		}
		list, out.Accounts = f.list, f.out
		for _, s := range list {
			out.Handles = append(out.Handles, s.Handles...)
		}
		out.Namesakes, err = namesakes(x, brands, f)
		return err
	})
	return list, err
}

// calledPeople gives the ids of the people that a name means in some brands; a
// name that means several in one of them is Invalid.
func calledPeople(x *session, brands []brandRow, called string) (ids []string, err error) {
	for _, b := range brands {
		id, err := findPerson(x, b, called)
		switch {
		case adalid.CodeOf(err) == adalid.NotFound:
		case err != nil:
			return nil, err
		default:
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	platform, _ := calledHandle(called)
	if platform != "" || len(ids) < 2 {
		return ids, nil
	}
	return ids, samePerson(x, brands, ids)
}

// samePerson refuses ids of several brands, found by a bare handle, unless an
// account is common to all of them.
func samePerson(x *session, brands []brandRow, ids []string) error {
	on, shown := map[string]bool{}, map[string]string{}
	for _, b := range brands {
		for _, id := range ids {
			accounts, err := shownAccounts(x, b.id, id)
			if err != nil {
				return err
			}
			for _, a := range accounts {
				on[string(a.Platform)], shown[id] = true, string(a.Platform)+":"+cmp.Or(a.Handle, a.Key)
			}
		}
	}
	if len(on) < 2 {
		return nil
	}
	var list []rank.Namesake
	for _, id := range ids {
		list = append(list, rank.Namesake{ID: id, Shown: shown[id]})
	}
	return rank.SeveralCalled(list)
}

type subjectFinder struct {
	x     *session
	list  []privacy.Subject
	known map[string]int // account → list
	done  map[string]bool
	out   []ErasedAccount
}

func (f *subjectFinder) brand(b brandRow, people []string) error {
	for _, person := range people {
		if moved, err := movedTo(f.x, b.id, person); err != nil {
			return err
		} else if moved != "" {
			person = moved
		}
		accounts, err := accountsOf(f.x, b.id, person)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if err := f.account(b, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *subjectFinder) account(b brandRow, a accountID) error {
	id := personID(a.platform, a.key)
	if f.done[b.Name+"\x00"+id] {
		return nil
	}
	f.done[b.Name+"\x00"+id] = true
	f.out = append(f.out, ErasedAccount{b.Name, adalid.Platform(a.platform), id})
	at, ok := f.known[id]
	if !ok {
		at = len(f.list)
		f.known[id] = at
		f.list = append(f.list, privacy.Subject{Account: id, Platform: a.platform, Key: a.key})
	}
	return f.x.query("profile.OfAuthor", func(r row) error {
		if h := privacy.Fold(r.text(1)); h != "" && !slices.Contains(f.list[at].Handles, h) {
			f.list[at].Handles = append(f.list[at].Handles, h)
		}
		return nil
	}, b.id, a.id)
}

// namesakes gives the accounts that have one of the handles and stay.
func namesakes(x *session, brands []brandRow, f *subjectFinder) (list []ErasedAccount, err error) {
	handles := map[string]bool{}
	for _, s := range f.list {
		for _, h := range s.Handles {
			handles[h] = true
		}
	}
	for _, b := range brands {
		same := map[int64]bool{}
		err := x.query("profile.Known", func(r row) error {
			same[r.int(0)] = same[r.int(0)] || handles[privacy.Fold(r.text(1))]
			return nil
		}, b.id)
		if err != nil {
			return nil, err
		}
		err = x.query("author.Plain", func(r row) error {
			if _, ours := f.known[r.text(3)]; same[r.int(0)] && !ours && !f.handled(r.text(1)) {
				list = append(list, ErasedAccount{b.Name, adalid.Platform(r.text(1)), r.text(3)})
			}
			return nil
		}, b.id)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// handled tells whether an account goes because its handle does.
func (f *subjectFinder) handled(platform string) bool {
	return slices.ContainsFunc(f.list, func(s privacy.Subject) bool { return s.Platform == platform })
}
