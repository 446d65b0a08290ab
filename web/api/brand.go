package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
)

// Brand is a brand as the API shows it.
type Brand struct {
	Name        string       `json:"name"`
	Query       string       `json:"query" doc:"What the brand's mentions match; empty: only what is imported as a whole."`
	OwnAccounts []OwnAccount `json:"own_accounts" nullable:"false"`
	Rivals      []string     `json:"rivals" nullable:"false" doc:"Names of brands followed here that compete with it."`
	Demo        bool         `json:"demo" doc:"Invented people."`
	Created     *time.Time   `json:"created"`
}

// BrandList is all brands, by name.
type BrandList struct {
	Items []Brand `json:"items" nullable:"false"`
}

// NewBrand asks for a brand.
type NewBrand struct {
	Name        string          `json:"name" minLength:"1" maxLength:"200" doc:"Unique without regard to case."`
	Query       string          `json:"query,omitempty" maxLength:"10000"`
	OwnAccounts []NewOwnAccount `json:"own_accounts,omitempty" nullable:"false" maxItems:"1000"`
}

// BrandChange says what to change of a brand; what is left out stays.
type BrandChange struct {
	Query  *string   `json:"query,omitempty" maxLength:"10000"`
	Rivals *[]string `json:"rivals,omitempty" nullable:"false" maxItems:"50" doc:"All brands followed here that compete with it."`
}

// BrandPath is the address of a brand.
type BrandPath struct {
	Brand string `path:"brand" maxLength:"200" doc:"Name of the brand, percent-encoded."`
}

type (
	brandsAnswer struct{ Body BrandList }
	brandAnswer  struct{ Body Brand }
	brandCreated struct {
		Location string `header:"Location"`
		Body     Brand
	}
	newBrandInput    struct{ Body NewBrand }
	brandChangeInput struct {
		BrandPath
		Body BrandChange
	}
)

func (s *server) registerBrands(a huma.API) {
	register(a, op(http.MethodGet, "/brands", "list-brands", "All brands"), s.listBrands)
	register(a, created(op(http.MethodPost, "/brands", "create-brand", "Follow a brand")), s.createBrand)
	register(a, op(http.MethodGet, "/brands/{brand}", "get-brand", "One brand"), s.getBrand)
	register(a, op(http.MethodPatch, "/brands/{brand}", "change-brand", "Change a brand's query or rivals"), s.changeBrand)
	register(a, described(op(http.MethodDelete, "/brands/{brand}", "remove-brand", "Stop following a brand"),
		"Removes the brand with everything stored about it."), s.removeBrand)
}

func (s *server) listBrands(ctx context.Context, _ *empty) (*brandsAnswer, error) {
	brands, err := s.readableBrands(ctx)
	if err != nil {
		return nil, err
	}
	out := BrandList{Items: make([]Brand, len(brands))}
	for i, b := range brands {
		out.Items[i] = wireBrand(ctx, b)
	}
	return &brandsAnswer{out}, nil
}

func (s *server) createBrand(ctx context.Context, in *newBrandInput) (*brandCreated, error) {
	b := adalid.Brand{Name: strings.TrimSpace(in.Body.Name), Query: in.Body.Query, Created: s.Now().UTC().Truncate(time.Second)}
	if err := s.checkQuery(b.Query); err != nil {
		return nil, err
	}
	for _, n := range in.Body.OwnAccounts {
		own, err := n.account()
		if err != nil {
			return nil, err
		}
		b.Own = append(b.Own, own)
	}
	if err := s.Brands.CreateBrand(ctx, b); err != nil {
		return nil, err
	}
	return &brandCreated{brandURL(b.Name), wireBrand(ctx, b)}, nil
}

func (s *server) getBrand(ctx context.Context, in *BrandPath) (*brandAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return &brandAnswer{wireBrand(ctx, b)}, nil
}

func (s *server) changeBrand(ctx context.Context, in *brandChangeInput) (*brandAnswer, error) {
	if in.Body.Query == nil && in.Body.Rivals == nil {
		return nil, adalid.Errorf(adalid.Invalid, "Nothing to change: give a query or rivals.")
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	if in.Body.Query != nil {
		b.Query = *in.Body.Query
		if err := s.checkQuery(b.Query); err != nil {
			return nil, err
		}
	}
	if in.Body.Rivals != nil { // first: it can be refused
		if err := s.setRivals(ctx, b, *in.Body.Rivals); err != nil {
			return nil, err
		}
	}
	if in.Body.Query != nil {
		if err := s.Brands.UpdateBrand(ctx, b); err != nil {
			return nil, err
		}
	}
	if b, err = s.Brands.Brand(ctx, b.Name); err != nil {
		return nil, err
	}
	return &brandAnswer{wireBrand(ctx, b)}, nil
}

// setRivals replaces the rivals that who asks may see; the others stay.
func (s *server) setRivals(ctx context.Context, b adalid.Brand, names []string) error {
	for _, name := range names {
		if err := account.MayRead(ctx, name); err != nil {
			return err
		}
	}
	_, hidden := splitRivals(ctx, b)
	return s.Brands.SetRivals(ctx, b.Name, append(slices.Clone(names), hidden...))
}

// splitRivals gives a brand's rivals that who asks may see, and the others.
func splitRivals(ctx context.Context, b adalid.Brand) (shown, hidden []string) {
	for _, name := range b.Rivals {
		if account.MayRead(ctx, name) == nil {
			shown = append(shown, name)
		} else {
			hidden = append(hidden, name)
		}
	}
	return shown, hidden
}

func (s *server) removeBrand(ctx context.Context, in *BrandPath) (*empty, error) {
	return nil, s.Brands.RemoveBrand(ctx, in.Brand)
}

// checkQuery refuses queries that nothing could ever match with.
func (s *server) checkQuery(query string) error {
	if s.Query == nil || query == "" {
		return nil
	}
	return s.Query(query)
}

func brandURL(name string) string { return Prefix + "/brands/" + url.PathEscape(name) }

func wireBrand(ctx context.Context, b adalid.Brand) Brand {
	shown, _ := splitRivals(ctx, b)
	return Brand{Name: b.Name, Query: b.Query, OwnAccounts: wireOwn(b.Own), Rivals: append([]string{}, shown...), Demo: b.Demo, Created: known(b.Created)}
}
