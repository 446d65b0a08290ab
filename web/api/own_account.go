package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
)

// OwnAccount names an account of the brand itself or of its staff.
type OwnAccount struct {
	Platform *string `json:"platform" doc:"null: on every platform."`
	Handle   *string `json:"handle" doc:"Lower case, without @; null when the key names the account."`
	Key      *string `json:"key" doc:"The platform's own id of the account."`
}

// OwnAccountList is the own accounts of a brand.
type OwnAccountList struct {
	Items []OwnAccount `json:"items" nullable:"false"`
}

// NewOwnAccount marks an account as the brand's own; one of handle and key is
// given.
type NewOwnAccount struct {
	Platform string `json:"platform,omitempty" pattern:"^[a-z0-9_.-]{1,32}$" doc:"Left out: on every platform."`
	Handle   string `json:"handle,omitempty" maxLength:"200"`
	Key      string `json:"key,omitempty" maxLength:"200"`
}

type (
	ownAnswer   struct{ Body OwnAccountList }
	newOwnInput struct {
		BrandPath
		Body NewOwnAccount
	}
	removeOwnInput struct {
		BrandPath
		Platform string `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$"`
		Handle   string `query:"handle" maxLength:"200"`
		Key      string `query:"key" maxLength:"200"`
	}
)

func (s *server) registerOwnAccounts(a huma.API) {
	const path = "/brands/{brand}/own-accounts"
	register(a, op(http.MethodGet, path, "list-own-accounts", "Accounts of the brand itself and its staff"), s.listOwn)
	register(a, described(created(op(http.MethodPost, path, "add-own-account", "Mark an account as the brand's own")),
		"Its mentions stay, and it is no candidate. Marking it again changes nothing."), s.addOwn)
	register(a, described(op(http.MethodDelete, path, "remove-own-account", "Unmark an account"),
		"Rows of a later import that flag the account mark it again."), s.removeOwn)
}

func (s *server) listOwn(ctx context.Context, in *BrandPath) (*ownAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return &ownAnswer{OwnAccountList{wireOwn(b.Own)}}, nil
}

func (s *server) addOwn(ctx context.Context, in *newOwnInput) (*ownAnswer, error) {
	own, err := in.Body.account()
	if err != nil {
		return nil, err
	}
	if err := s.Brands.AddOwnAccounts(ctx, in.Brand, []adalid.OwnAccount{own}); err != nil {
		return nil, err
	}
	return s.listOwn(ctx, &in.BrandPath)
}

func (s *server) removeOwn(ctx context.Context, in *removeOwnInput) (*empty, error) {
	own, err := NewOwnAccount{in.Platform, in.Handle, in.Key}.account()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(b.Own, own) {
		return nil, adalid.Errorf(adalid.NotFound, "This account is not marked as the brand's own.")
	}
	return nil, s.Brands.RemoveOwnAccounts(ctx, b.Name, []adalid.OwnAccount{own})
}

func (n NewOwnAccount) account() (adalid.OwnAccount, error) {
	own := adalid.OwnAccount{
		Platform: adalid.Platform(n.Platform),
		Handle:   strings.ToLower(strings.TrimPrefix(strings.TrimSpace(n.Handle), "@")),
		Key:      n.Key,
	}
	if (own.Handle == "") == (own.Key == "") || !plain(own.Handle) || !plain(own.Key) {
		return own, adalid.Errorf(adalid.Invalid, "Name the account by its handle or by its key, one of the two.")
	}
	return own, nil
}

func wireOwn(own []adalid.OwnAccount) []OwnAccount {
	out := make([]OwnAccount, len(own))
	for i, o := range own {
		out[i] = OwnAccount{some(string(o.Platform)), some(o.Handle), some(o.Key)}
	}
	return out
}
