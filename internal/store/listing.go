package store

import (
	"fmt"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/sqlitefile"
)

// listing reads the accounts of a brand with their profiles.
type listing struct {
	authors, profiles *sqlitefile.Cursor
	own               ownRules
	moved             map[string]string // person by the account that was joined to it
	platforms         map[string]adalid.Platform

	ahead   profileRow // the next profile, when there is one
	more    bool
	shown   []profileRow // of the account that was read last
	profile []rank.Profile
}

func newListing(x *session, brand int64) (*listing, error) {
	accounts, err := ownAccounts(x, brand)
	if err != nil {
		return nil, err
	}
	l := &listing{own: newOwnRules(accounts), moved: map[string]string{}, platforms: map[string]adalid.Platform{}}
	err = x.query("alias.List", func(r row) error {
		l.moved[r.text(0)] = r.text(1)
		return nil
	}, brand)
	if err != nil {
		return nil, err
	}
	if l.authors, err = x.records("author", brand); err != nil {
		return nil, err
	}
	if l.profiles, err = x.records("profile", brand); err != nil {
		return nil, err
	}
	l.advance()
	return l, nil
}

// each yields the accounts in order of their numbers.
func (l *listing) each(yield func(rank.Account) error) error {
	for l.authors.Next() {
		a := l.account()
		for l.more && l.ahead.author <= a.ID {
			if l.ahead.author == a.ID {
				l.shown = append(l.shown, l.ahead)
			}
			l.advance()
		}
		if l.authors.Err() != nil || l.profiles.Err() != nil {
			break
		}
		a.Profiles = l.room(len(l.shown))
		if err := yield(l.own.completed(a, l.shown)); err != nil {
			return err
		}
	}
	if err := l.authors.Err(); err != nil {
		return fmt.Errorf("author: %w", err)
	}
	if err := l.profiles.Err(); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return nil
}

// account reads the columns of author behind the brand.
func (l *listing) account() rank.Account {
	l.shown = l.shown[:0]
	a := rank.Account{ID: l.authors.Int(), Person: l.authors.Text()}
	name := l.authors.Bytes()
	platform, known := l.platforms[string(name)]
	if !known {
		platform = adalid.Platform(name)
		l.platforms[string(name)] = platform
	}
	a.Platform, a.Key = platform, l.authors.Text()
	if len(l.moved) > 0 {
		if person, joined := l.moved[a.Person]; joined {
			a.Person = person
		}
	}
	return a
}

// advance reads the columns of the next profile behind the brand.
func (l *listing) advance() {
	if l.more = l.profiles.Next(); l.more {
		p := l.profiles
		l.ahead = profileRow{author: p.Int(), n: p.Int(), handle: p.Text(), name: p.Text()}
	}
}

// room gives an empty slice for n profiles, many of them in one allocation.
func (l *listing) room(n int) []rank.Profile {
	if n == 0 {
		return nil
	}
	if n > len(l.profile) {
		l.profile = make([]rank.Profile, max(n, 512))
	}
	free := l.profile[:0:n]
	l.profile = l.profile[n:]
	return free
}
