package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/privacy"
	"adalid/internal/workflow"
)

// Informed says how somebody stands who is to be told that data are kept about
// them (GDPR Art. 14).
type Informed struct {
	Person   string // id
	Platform adalid.Platform
	Handle   string    // as the latest profile shows it; "" unknown
	Stored   time.Time // when the first of their accounts was stored; for accounts stored before that was noted, when the brand was made
	Due      time.Time // until when to inform them at the latest
	At       time.Time // when they were informed; zero: not yet
	By       string    // who did
	Channel  string    // by what: mail, a message, …
}

// Overdue tells whether somebody should have been informed by now.
func (i Informed) Overdue(now time.Time) bool { return i.At.IsZero() && now.After(i.Due) }

// Notices lists how the people of a brand stand: those first who have to be
// informed soonest, those informed last, then by id.
func (s *Store) Notices(ctx context.Context, brand string) ([]Informed, error) {
	var list []Informed
	err := s.read(ctx, "list notices", func(x *session) error {
		b, err := findBrand(x, brand)
		if err == nil {
			list, err = notices(x, b, "notice.List", b.id)
		}
		return err
	})
	slices.SortFunc(list, func(a, b Informed) int {
		if a.At.IsZero() != b.At.IsZero() {
			return cmp.Compare(bit(!a.At.IsZero()), bit(!b.At.IsZero()))
		}
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Person, b.Person))
	})
	return list, err
}

// Notice gives how one person stands; NotFound when nobody has the id.
func (s *Store) Notice(ctx context.Context, brand, person string) (Informed, error) {
	var i Informed
	err := s.read(ctx, "read a notice", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, accounts, err := followed(x, b, person)
		if err != nil {
			return err
		}
		ids := make([]int64, len(accounts))
		for i, a := range accounts {
			ids[i] = a.id
		}
		of, err := notices(x, b, "notice.Of", b.id, jsonList(ids))
		if err == nil {
			i = of[0]
		}
		return err
	})
	return i, err
}

// notices makes one entry per person of the accounts that a query gives.
func notices(x *session, b brandRow, query string, args ...any) ([]Informed, error) {
	var list []Informed
	at := map[string]int{}
	err := x.query(query, func(r row) error {
		person := r.text(3)
		i, ok := at[person]
		if !ok {
			i = len(list)
			at[person] = i
			list = append(list, Informed{Person: person, Platform: adalid.Platform(r.text(1)), Handle: r.text(8), Stored: storedSince(r.opt(4), b)})
		}
		list[i].account(r, b)
		return nil
	}, args...)
	for i := range list {
		list[i].Due = privacy.InformWithin(list[i].Stored)
	}
	return list, err
}

// account adds one account of the person: whoever was told about one was told.
func (i *Informed) account(r row, b brandRow) {
	if at := storedSince(r.opt(4), b); at.Before(i.Stored) {
		i.Stored = at
	}
	if at := r.opt(5).time(); !at.IsZero() && (i.At.IsZero() || at.Before(i.At)) {
		i.At, i.Channel, i.By = at, r.text(6), r.text(7)
	}
}

func storedSince(at optional, b brandRow) time.Time {
	if at.ok {
		return at.time()
	}
	return b.Created
}

// mostChannel is how many characters the channel of a notice may have.
const mostChannel = 200

// SetInformed records that a person was informed, by what and by whom; a zero at
// takes it back. Invalid without a channel, or with a time that has not come;
// NotFound when nobody has the id.
func (s *Store) SetInformed(ctx context.Context, brand, person string, i Informed) error {
	channel := strings.TrimSpace(clean(i.Channel))
	switch {
	case !i.At.IsZero() && channel == "":
		return adalid.Errorf(adalid.Invalid, "say by what the person was informed, such as mail or a direct message")
	case len([]rune(channel)) > mostChannel:
		return adalid.Errorf(adalid.Invalid, "by what somebody was informed is said in at most %d characters", mostChannel)
	case i.At.After(s.now()):
		return adalid.Errorf(adalid.Invalid, "nobody can have been informed in the future")
	}
	return s.write(ctx, "record a notice", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		k := &kept{x: x, b: b, by: actorOf(ctx), at: s.now().Unix()}
		if err := k.find(person); err != nil {
			return err
		}
		c := event{kind: workflow.OfNotice}
		if c.from, err = k.informed(); err != nil {
			return err
		}
		for _, a := range k.list {
			id := personID(a.platform, a.key)
			if i.At.IsZero() {
				_, err = x.exec("notice.Remove", b.id, id)
			} else {
				_, err = x.exec("notice.Set", b.id, id, i.At.Unix(), channel, clipped(i.By))
			}
			if err != nil {
				return err
			}
		}
		if c.to, err = k.informed(); err != nil || c.from == nil && c.to == nil || c.from != nil && c.to != nil && *c.from == *c.to {
			return err
		}
		_, err = k.note(c)
		return err
	})
}

// informed gives by what and when a person was informed, as the history has it.
func (k *kept) informed() (v *workflow.Value, err error) {
	_, err = k.x.one("notice.Told", func(r row) error {
		v = &workflow.Value{Value: r.text(1), Text: r.opt(0).time().Format(time.RFC3339)}
		return nil
	}, k.b.id, k.accounts)
	return v, err
}

// OptOutOf gives what a link to the opt-out page says of a person.
func (s *Store) OptOutOf(ctx context.Context, brand, person string) (privacy.Link, error) {
	var l privacy.Link
	err := s.read(ctx, "find whom a link is for", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, accounts, err := followed(x, b, person)
		if err == nil {
			l = privacy.Link{Brand: b.id, Account: personID(accounts[0].platform, accounts[0].key)}
		}
		return err
	})
	return l, err
}
