package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
)

func (r *runner) loadBrands(ctx context.Context) error {
	brands, err := r.Store.Brands(ctx)
	if err != nil {
		return fmt.Errorf("scan: list brands: %w", err)
	}
	if r.Brand != "" { // the others' queries need not be compiled
		brands = slices.DeleteFunc(brands, func(b adalid.Brand) bool { return fold(b.Name) != fold(r.Brand) })
	}
	if r.Live != nil {
		for i := range brands {
			brands[i].Query = QueryOf(brands[i])
		}
	}
	if r.brands, err = newBrandSet(brands, r.Matching); err != nil {
		return err
	}
	if r.Brand == "" {
		return nil
	}
	// As stored: the cursor and the rows speak of the same brand. An unknown one
	// is created with the first page that has a row to keep, so that a source
	// which cannot be read leaves nothing behind.
	r.Brand, _ = r.brands.canonical(r.Brand)
	return r.needQuery(r.Brand)
}

// needQuery refuses to match for a brand that has nothing to match with.
func (r *runner) needQuery(brand string) error {
	if r.Matching == MatchQuery && !r.brands.hasQuery(brand) {
		return adalid.Errorf(adalid.Invalid, "brand %q has no query yet, so --match query cannot tell what belongs to it; add it first: adalid brand add %q --query '…' (or brand edit)", brand, brand)
	}
	return nil
}

// createBrand gives a brand's name as stored and adds brands not seen before.
func (r *runner) createBrand(ctx context.Context, brand string) (string, error) {
	name, known := r.brands.canonical(brand)
	if stored, ok := r.created[fold(name)]; ok {
		return stored, nil
	}
	if err := r.needQuery(name); known || err != nil {
		return name, err
	}
	err := r.Store.CreateBrand(ctx, adalid.Brand{Name: name})
	switch {
	case err == nil:
		r.report.Created = append(r.report.Created, name)
	case adalid.CodeOf(err) != adalid.Conflict: // else another process was faster
		return name, fmt.Errorf("scan: create brand: %w", err)
	}
	r.created[fold(name)] = name
	return name, nil
}

// learnOwn reads the whole source once for rows that its brand wrote itself:
// answers to those accounts belong to the brand even where they stand before
// the row that says so.
func (r *runner) learnOwn(ctx context.Context) error {
	for cursor, more := collectors.Cursor(nil), true; more; {
		page, err := r.Ahead.Collect(ctx, collectors.Query{}, cursor)
		if err != nil {
			return fmt.Errorf("scan: look ahead for own accounts: %w", err)
		}
		for _, m := range page.Mentions {
			if m.OwnAccount && m.Author.Handle != "" {
				r.brands.own(brandOf(r.Brand, m.Brand), adalid.OwnAccount{Platform: m.Platform, Handle: strings.ToLower(m.Author.Handle)})
			}
		}
		cursor, more = page.Next, page.More
	}
	return r.brands.compile()
}

func brandOf(all, row string) string {
	if all != "" {
		return all
	}
	return row
}
