package store

import (
	"context"
	"strings"
	"time"

	"adalid"
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
	return s.decide(ctx, deciding{brand, person, "decision.Automated", by}, value)
}

// DecideRole records a person's role in the brand's circle, "" for none of it;
// nil takes it back. NotFound when nobody has the id.
func (s *Store) DecideRole(ctx context.Context, brand, person string, role *string, by string) error {
	var value any
	if role != nil {
		value = clipped(*role)
	}
	return s.decide(ctx, deciding{brand, person, "decision.Role", by}, value)
}

// deciding says what is decided about whom, and by whom.
type deciding struct{ brand, person, query, by string }

func (s *Store) decide(ctx context.Context, d deciding, value any) error {
	return s.write(ctx, "record a decision", func(x *session) error {
		b, err := findBrand(x, d.brand)
		if err != nil {
			return err
		}
		person := d.person
		if moved, err := movedTo(x, b.id, person); err != nil {
			return err
		} else if moved != "" {
			person = moved
		}
		accounts, err := accountsOf(x, b.id, person)
		if err != nil {
			return err
		}
		if len(accounts) == 0 {
			return nobody(b.Name)
		}
		by, at := any(clipped(d.by)), optional{s.now().Unix(), true}
		if value == nil {
			by, at = nil, optional{}
		}
		for _, a := range accounts {
			if _, err := x.exec(d.query, b.id, a.id, value, by, at); err != nil {
				return err
			}
			if _, err := x.exec("decision.Prune", b.id, a.id); err != nil {
				return err
			}
		}
		return raiseStanding(x, b.id)
	})
}

// FindPerson gives the id of the person that people call by this: the id itself,
// or the handle of an account, with or without @ and, where several platforms
// have it, with the platform before it: x/ana. NotFound and Invalid as for
// mentions.
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
	var ids []string
	err := x.query("profile.Called", func(r row) error {
		ids = append(ids, r.text(0))
		return nil
	}, b.id, handle, platform)
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", nobody(b.Name)
	case len(ids) > 1:
		return "", adalid.Errorf(adalid.Invalid, "several people of brand %q are called so; write the platform before it, such as x/%s, or the person's id", b.Name, handle)
	}
	return ids[0], nil
}

// calledHandle parts platform/@handle; the platform is "" where none is named.
func calledHandle(called string) (platform, handle string) {
	called = strings.ToLower(clean(strings.TrimSpace(called)))
	if before, after, ok := strings.Cut(called, "/"); ok && before != "" && after != "" {
		platform, called = before, after
	}
	return platform, strings.TrimPrefix(called, "@")
}
