package store

import (
	"context"
	"time"

	"adalid"
	"adalid/internal/workflow"
)

// Link is what was decided about two accounts, named by the ids of the persons
// that they are by themselves.
type Link struct {
	A, B     string // A is the lesser
	Accepted bool   // one person's; else they are not, and are not suggested again
	Basis    []byte // JSON: what the decision rests on, as it was then
	By       string
	At       time.Time

	// The accounts as their latest posts showed them; only Links fills them in.
	AuthorA, AuthorB adalid.Author
}

// Decide records that two accounts are one person's, or that they are not. It
// gives the decision that stands: an equal one made before keeps who, when and
// why, and changes nothing. NotFound when there is no such account, Conflict
// when it contradicts other decisions. An At of zero becomes now.
func (s *Store) Decide(ctx context.Context, brand string, l Link) (Link, error) {
	l.A, l.B = ordered(l.A, l.B)
	if l.A == l.B {
		return Link{}, adalid.Errorf(adalid.Invalid, "an account is one person's with itself; name two")
	}
	if l.At.IsZero() {
		l.At = s.now()
	}
	l.At = l.At.UTC().Truncate(time.Second)
	err := s.write(ctx, "decide link", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		for _, account := range [...]string{l.A, l.B} {
			if known, err := x.one("author.ByAccount", ignored, b.id, account); err != nil || !known {
				return orNobody(err, b.Name)
			}
		}
		before, known, err := getLink(x, b.id, l.A, l.B)
		if err != nil {
			return err
		}
		if known && before.Accepted == l.Accepted {
			l = before
			return nil
		}
		if _, err := x.exec("link.Set", b.id, l.A, l.B, bit(l.Accepted), clean(string(l.Basis)), clean(l.By), l.At.Unix()); err != nil {
			return err
		}
		if err := consistent(x, b.id, l); err != nil {
			return err
		}
		var was *workflow.Value
		if known {
			was = before.value()
		}
		if err := l.note(ctx, x, b, was, l.value()); err != nil {
			return err
		}
		return regroup(x, b.id, l.A, l.B)
	})
	if err != nil {
		return Link{}, err
	}
	return l, nil
}

// value is how the history has a decision.
func (l Link) value() *workflow.Value {
	return &workflow.Value{Value: map[bool]string{true: "accepted", false: "rejected"}[l.Accepted]}
}

// note adds a decision to the history of both accounts, so that each has it when
// they are two people again.
func (l Link) note(ctx context.Context, x *session, b brandRow, was, now *workflow.Value) error {
	k := &kept{x: x, b: b, by: actorOf(ctx), at: l.At.Unix()}
	for _, of := range [...][2]string{{l.A, l.B}, {l.B, l.A}} {
		if _, err := k.note(event{account: of[0], kind: workflow.OfIdentity, item: of[1], from: was, to: now}); err != nil {
			return err
		}
	}
	return nil
}

func ignored(row) error { return nil }

func orNobody(err error, brand string) error {
	if err != nil {
		return err
	}
	return nobody(brand)
}

// Undo takes a decision about two accounts back; NotFound when there is none.
// What else was decided stands, so a person falls apart only as far as no other
// link holds.
func (s *Store) Undo(ctx context.Context, brand, a, b string) error {
	a, b = ordered(a, b)
	return s.write(ctx, "undo link", func(x *session) error {
		br, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		before, known, err := getLink(x, br.id, a, b)
		if err != nil {
			return err
		}
		if !known {
			return adalid.Errorf(adalid.NotFound, "nothing was decided about these two accounts")
		}
		if _, err := x.exec("link.Remove", br.id, a, b); err != nil {
			return err
		}
		before.At = s.now()
		if err := before.note(ctx, x, br, before.value(), nil); err != nil {
			return err
		}
		return regroup(x, br.id, a, b)
	})
}

// Links lists what was decided, by the accounts; of a person only the accepted
// links between that one's accounts, "" for everything.
func (s *Store) Links(ctx context.Context, brand, person string) ([]Link, error) {
	var list []Link
	err := s.read(ctx, "list links", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		all, err := allLinks(x, b.id)
		if err != nil {
			return err
		}
		of, err := accountsOf(x, b.id, person)
		if err != nil {
			return err
		}
		has := map[string]bool{}
		for _, a := range of {
			has[personID(a.platform, a.key)] = true
		}
		for _, l := range all {
			if person != "" && (!l.Accepted || !has[l.A] || !has[l.B]) {
				continue
			}
			if l.AuthorA, err = shownAccount(x, b.id, l.A); err != nil {
				return err
			}
			if l.AuthorB, err = shownAccount(x, b.id, l.B); err != nil {
				return err
			}
			list = append(list, l)
		}
		return nil
	})
	return list, err
}

// shownAccount gives an account as its latest post showed it.
func shownAccount(x *session, brand int64, account string) (a adalid.Author, err error) {
	var of accountID
	_, err = x.one("author.ByAccount", func(r row) error {
		of = accountID{r.int(0), r.text(1), r.text(2)}
		return nil
	}, brand, account)
	if err != nil {
		return a, err
	}
	_, err = x.one("mention.Latest", func(r row) error {
		a = scanIdentity(r.after(2)).author(of.platform, of.key)
		return nil
	}, brand, of.id)
	return a, err
}

// Shown yields every account as its latest post showed it, with the id of the
// person that it is by itself, in no order that means anything.
func (s *Store) Shown(ctx context.Context, brand string, yield func(id string, a adalid.Author) error) error {
	type latest struct {
		author      int64
		account     string
		as          accountKey
		shown       adalid.Author
		moreThanOne bool
	}
	return s.read(ctx, "read profiles", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		var last latest
		var several []latest
		give := func() error {
			switch {
			case last.author == 0:
				return nil
			case last.moreThanOne:
				several = append(several, last)
				return nil
			}
			return yield(last.account, last.shown)
		}
		err = x.query("profile.Shown", func(r row) error {
			if last.author == r.int(0) {
				last.moreThanOne = true
				return nil
			}
			if err := give(); err != nil {
				return err
			}
			k := accountKey{r.text(2), r.text(3)}
			last = latest{author: r.int(0), account: r.text(1), as: k, shown: scanIdentity(r.after(5)).author(k.platform, k.key)}
			return nil
		}, b.id)
		if err != nil {
			return err
		}
		if err := give(); err != nil {
			return err
		}
		for _, a := range several {
			_, err := x.one("mention.Latest", func(r row) error {
				return yield(a.account, scanIdentity(r.after(2)).author(a.as.platform, a.as.key))
			}, b.id, a.author)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func scanLink(r row) Link {
	return Link{
		A: r.text(0), B: r.text(1), Accepted: r.int(2) != 0, Basis: []byte(r.text(3)), By: r.text(4),
		At: time.Unix(r.int(5), 0).UTC(),
	}
}

func getLink(x *session, brand int64, a, b string) (l Link, found bool, err error) {
	found, err = x.one("link.Get", func(r row) error {
		l = scanLink(r)
		return nil
	}, brand, a, b)
	return l, found, err
}

func allLinks(x *session, brand int64) (list []Link, err error) {
	err = x.query("link.List", func(r row) error {
		list = append(list, scanLink(r))
		return nil
	}, brand)
	return list, err
}
