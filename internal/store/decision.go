package store

import (
	"cmp"
	"context"
	"strings"
	"time"

	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// decision is what the team decided about an account; nil: nothing.
type decision struct {
	genuine *bool
	role    *string // in the brand's circle; "": in none of it
	roleBy  string
	roleAt  time.Time
}

func scanDecision(r row) decision {
	var d decision
	if v := r.opt(1); v.ok {
		genuine := v.v == 0
		d.genuine = &genuine
	}
	if r.opt(4).ok {
		role := r.text(4)
		d.role, d.roleBy, d.roleAt = &role, r.text(5), r.opt(6).time()
	}
	return d
}

// DecideGenuine records the team's word on all accounts of a person; nil takes
// it back. NotFound when nobody has the id.
func (s *Store) DecideGenuine(ctx context.Context, brand, person string, genuine *bool, by string) error {
	var value any
	if genuine != nil {
		value = bit(!*genuine)
	}
	said := func(d decision) *workflow.Value {
		if d.genuine == nil {
			return nil
		}
		return &workflow.Value{Value: map[bool]string{true: "genuine", false: "automated"}[*d.genuine]}
	}
	return s.decide(ctx, deciding{brand, person, "decision.Automated", by, workflow.OfAuthenticity, said}, value)
}

// DecideRole records a person's role in the brand's circle, "" for none of it;
// nil takes it back. NotFound when nobody has the id.
func (s *Store) DecideRole(ctx context.Context, brand, person string, role *string, by string) error {
	var value any
	if role != nil {
		value = clipped(*role)
	}
	said := func(d decision) *workflow.Value {
		if d.role == nil {
			return nil
		}
		return &workflow.Value{Value: cmp.Or(*d.role, "none")}
	}
	return s.decide(ctx, deciding{brand, person, "decision.Role", by, workflow.OfCircle, said}, value)
}

// deciding says what is decided about whom, and by whom; said is how the history
// has a decision.
type deciding struct {
	brand, person, query, by string
	kind                     workflow.Kind
	said                     func(decision) *workflow.Value
}

// said is what stands of one account.
func (d deciding) of(x *session, brand, author int64) (v *workflow.Value, err error) {
	_, err = x.one("decision.Of", func(r row) error {
		v = d.said(scanDecision(r))
		return nil
	}, brand, author)
	return v, err
}

// note adds to a person's history what was decided, unless it stood before.
func (d deciding) note(x *session, b brandRow, by workflow.Actor, at int64, was []*workflow.Value) error {
	k := &kept{x: x, b: b, by: by, at: at}
	err := k.find(d.person)
	if err != nil {
		return err
	}
	c, differs := event{kind: d.kind}, false
	for i, a := range k.list {
		if c.to, err = d.of(x, b.id, a.id); err != nil {
			return err
		}
		if c.from == nil {
			c.from = was[i]
		}
		differs = differs || (c.to == nil) != (was[i] == nil) || c.to != nil && *c.to != *was[i]
	}
	if differs {
		_, err = k.note(c)
	}
	return err
}

func (s *Store) decide(ctx context.Context, d deciding, value any) error {
	return s.write(ctx, "record a decision", func(x *session) error {
		b, err := findBrand(x, d.brand)
		if err != nil {
			return err
		}
		_, accounts, err := followed(x, b, d.person)
		if err != nil {
			return err
		}
		by, at := any(clipped(d.by)), optional{s.now().Unix(), true}
		if value == nil {
			by, at = nil, optional{}
		}
		var was []*workflow.Value
		for _, a := range accounts {
			v, err := d.of(x, b.id, a.id)
			if err != nil {
				return err
			}
			was = append(was, v)
			if _, err := x.exec(d.query, b.id, a.id, value, by, at); err != nil {
				return err
			}
			if _, err := x.exec("decision.Prune", b.id, a.id); err != nil {
				return err
			}
		}
		if err := d.note(x, b, actorOf(ctx), s.now().Unix(), was); err != nil {
			return err
		}
		return raiseStanding(x, b.id)
	})
}

// FindPerson gives the id of the person that people call by this: the id itself,
// or the handle of an account, with or without @ and, where several platforms
// have it, with the platform before it: x/ana or x:ana. NotFound when nobody is
// called so, Invalid when several are, with all of them.
func (s *Store) FindPerson(ctx context.Context, brand, called string) (string, error) {
	id := ""
	err := s.read(ctx, "find a person", func(x *session) (err error) {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		id, err = findPerson(x, b, called)
		return err
	})
	return id, err
}

func findPerson(x *session, b brandRow, called string) (string, error) {
	if err := rank.CheckName(called); err != nil {
		return "", err
	}
	if moved, err := movedTo(x, b.id, called); err != nil || moved != "" {
		return moved, err
	}
	if accounts, err := accountsOf(x, b.id, called); err != nil || len(accounts) > 0 {
		return called, err
	}
	platform, handle := calledHandle(called)
	if handle == "" {
		return "", nobody(b.Name)
	}
	var list []rank.Namesake
	err := x.query("profile.Called", func(r row) error {
		list = append(list, rank.Namesake{ID: r.text(0), Shown: r.text(1)})
		return nil
	}, b.id, handle, platform)
	switch {
	case err != nil:
		return "", err
	case len(list) == 0:
		return "", nobody(b.Name)
	case len(list) > 1:
		return "", rank.SeveralCalled(list)
	}
	return list[0].ID, nil
}

// calledHandle parts platform/@handle and platform:@handle; the platform is ""
// where none is named. What begins with did: is the key of a Bluesky account.
func calledHandle(called string) (platform, handle string) {
	called = strings.ToLower(clean(strings.TrimSpace(called)))
	at := strings.IndexAny(called, "/:")
	if at > 0 && at < len(called)-1 && !strings.HasPrefix(called, "did:") {
		platform, called = called[:at], called[at+1:]
	}
	return platform, strings.TrimPrefix(called, "@")
}
