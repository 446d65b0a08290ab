package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
)

// APIKey is an API key, without the key itself.
type APIKey struct {
	ID      string     `json:"id" doc:"The part of the key between its two underscores."`
	Name    string     `json:"name"`
	Brand   *string    `json:"brand" doc:"The only brand it is for; null: all of them."`
	Role    string     `json:"role" enum:"viewer,analyst,manager,owner"`
	MadeBy  string     `json:"made_by" doc:"person:ID or key:ID; local: somebody at the server."`
	Made    *time.Time `json:"made"`
	Expires *time.Time `json:"expires" doc:"null: never."`
	Used    *time.Time `json:"used" doc:"Last use, to about a minute; null: never."`
	Revoked *time.Time `json:"revoked" doc:"null: it was not."`
	Alive   bool       `json:"alive" doc:"It opens: neither expired nor revoked."`
}

// APIKeyList is the keys of the brands that who asks is an owner of.
type APIKeyList struct {
	Items []APIKey `json:"items" nullable:"false"`
}

// NewAPIKey asks for a key.
type NewAPIKey struct {
	Name    string     `json:"name" minLength:"1" maxLength:"100" doc:"What it is for."`
	Brand   string     `json:"brand,omitempty" maxLength:"200" doc:"The only brand it is for. Left out: all of them."`
	Role    string     `json:"role" enum:"viewer,analyst,manager,owner"`
	Expires *time.Time `json:"expires,omitempty" doc:"Left out: never."`
}

// APIKeyMade is a new key with its text.
type APIKeyMade struct {
	APIKey
	Key string `json:"key" doc:"The key itself, for the header Authorization: Bearer. It is shown this once and kept nowhere."`
}

type (
	keyPath struct {
		ID string `path:"id" maxLength:"40"`
	}
	keysAnswer  struct{ Body APIKeyList }
	newKeyInput struct{ Body NewAPIKey }
	keyCreated  struct {
		Location string `header:"Location"`
		Body     APIKeyMade
	}
)

func (s *server) registerKeys(a huma.API) {
	register(a, op(http.MethodGet, "/keys", "list-keys", "API keys, the newest first"), s.listKeys)
	register(a, described(created(op(http.MethodPost, "/keys", "create-key", "Make an API key")),
		"The key is shown this once. It cannot do more than who makes it: no other brand, no longer than the key that makes it."), s.createKey)
	register(a, described(op(http.MethodDelete, "/keys/{id}", "revoke-key", "End an API key"),
		"At once, and with it all keys that were made with it."), s.revokeKey)
}

// keyRule is what a key of a brand is made, seen and ended by.
func keyRule(brand string) account.Rule {
	if brand == account.EveryBrand {
		return account.Rule{Scope: account.Installation, Least: account.Owner}
	}
	return account.Rule{Scope: account.OnBrand, Least: account.Owner}
}

func (s *server) listKeys(ctx context.Context, _ *empty) (*keysAnswer, error) {
	all, err := s.Keys.APIKeys(ctx)
	if err != nil {
		return nil, err
	}
	list := APIKeyList{Items: []APIKey{}}
	for _, k := range all {
		if account.Authorise(account.From(ctx), keyRule(k.Brand), k.Brand) == nil {
			list.Items = append(list.Items, WireKey(k, s.Now()))
		}
	}
	return &keysAnswer{list}, nil
}

func (s *server) createKey(ctx context.Context, in *newKeyInput) (*keyCreated, error) {
	actor := account.From(ctx)
	if err := account.Authorise(actor, keyRule(in.Body.Brand), in.Body.Brand); err != nil {
		return nil, err
	}
	role, err := account.ParseRole(in.Body.Role)
	if err != nil {
		return nil, err
	}
	k := account.APIKey{Name: in.Body.Name, Brand: in.Body.Brand, Role: role, MadeBy: actor.Mark()}
	if in.Body.Expires != nil {
		k.Expires = in.Body.Expires.UTC().Truncate(time.Second)
	}
	if err := s.outlives(ctx, actor, k.Expires); err != nil {
		return nil, err
	}
	account.NoteOf(ctx).Brand = k.Brand
	made, text, err := s.Keys.MakeKey(ctx, k)
	if err != nil {
		return nil, err
	}
	return &keyCreated{Prefix + "/keys/" + made.ID, APIKeyMade{WireKey(made, s.Now()), text}}, nil
}

// outlives refuses a key that would open longer than the one that makes it.
func (s *server) outlives(ctx context.Context, actor account.Actor, end time.Time) error {
	if actor.Kind != account.Key {
		return nil
	}
	all, err := s.Keys.APIKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range all {
		if k.ID == actor.ID && !k.Expires.IsZero() && (end.IsZero() || end.After(k.Expires)) {
			return adalid.Errorf(adalid.Forbidden, "a key makes no key that lasts longer than itself: give an end before its own")
		}
	}
	return nil
}

func (s *server) revokeKey(ctx context.Context, in *keyPath) (*empty, error) {
	return nil, s.Keys.RevokeKey(ctx, in.ID)
}

// WireKey gives a key as the API shows it; the terminal answers the same with
// --json.
func WireKey(k account.APIKey, now time.Time) APIKey {
	return APIKey{
		ID: k.ID, Name: k.Name, Brand: some(k.Brand), Role: k.Role.String(), MadeBy: cmp.Or(k.MadeBy, "local"), Made: known(k.Made),
		Expires: known(k.Expires), Used: known(k.Used), Revoked: known(k.Revoked), Alive: k.Alive(now),
	}
}
