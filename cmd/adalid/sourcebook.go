package main

import (
	"cmp"
	"context"
	"slices"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// sourceBook tells the API which sources there can be and which there are.
type sourceBook struct {
	kinds []collectors.Definition
	store *store.Store
}

var (
	_ api.Sources   = sourceBook{}
	_ api.Scanner   = (*keeper)(nil)
	_ api.Standings = (*keeper)(nil)
	_ api.Figures   = (*keeper)(nil)
	_ api.Schedules = schedules{}
	_ api.Receiver  = (*receiver)(nil)
)

// SourceKinds implements api.Sources.
func (b sourceBook) SourceKinds() []api.SourceKind {
	list := make([]api.SourceKind, len(b.kinds))
	for i, d := range b.kinds {
		list[i] = shownKind(d)
	}
	slices.SortFunc(list, func(x, y api.SourceKind) int { return cmp.Compare(x.Name, y.Name) })
	return list
}

func shownKind(d collectors.Definition) api.SourceKind {
	k := api.SourceKind{
		Name: d.Name, Platform: string(d.Platform), Title: words(d.Title), About: words(d.About),
		Keyless: slices.Contains(d.Can, collectors.Keyless), Can: []string{}, Fields: []api.SourceField{}, Costs: []api.SourceCost{},
	}
	if d.KeysAt != "" {
		k.KeysAt = &d.KeysAt
	}
	for _, c := range d.Can {
		k.Can = append(k.Can, string(c))
	}
	for _, f := range d.Fields {
		x := api.SourceField{
			Key: f.Key, Kind: string(f.Kind), Title: words(f.Title), Help: words(f.Help), Required: f.Required, Secret: f.Secret,
			Options: append([]string{}, f.Options...),
		}
		if f.Default != "" {
			x.Default = &f.Default
		}
		k.Fields = append(k.Fields, x)
	}
	for _, c := range d.Costs {
		x := api.SourceCost{Unit: c.Unit, Title: words(c.Title), USD: float64(c.Micros) / 1e6}
		if c.Daily > 0 {
			x.Daily = &c.Daily
		}
		k.Costs = append(k.Costs, x)
	}
	return k
}

func words(l collectors.Label) api.Words { return api.Words{ES: l["es"], EN: l["en"]} }

// Sources implements api.Sources.
func (b sourceBook) Sources(ctx context.Context) ([]api.ListedSource, error) {
	stored, err := b.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var list []api.ListedSource
	for _, s := range stored {
		list = append(list, api.ListedSource{Source: s, Stored: true})
	}
	for _, s := range scan.Sources(nil, b.kinds, "") {
		if !slices.ContainsFunc(stored, func(x scan.Source) bool { return x.Name == s.Name }) {
			list = append(list, api.ListedSource{Source: s})
		}
	}
	slices.SortFunc(list, func(x, y api.ListedSource) int { return cmp.Compare(x.Name, y.Name) })
	return list, nil
}

// SetSource implements api.Sources.
func (b sourceBook) SetSource(ctx context.Context, s scan.Source) error {
	i := slices.IndexFunc(b.kinds, func(d collectors.Definition) bool { return d.Name == s.Collector })
	if i < 0 {
		return adalid.Errorf(adalid.Invalid, "there is no such kind of source")
	}
	if err := b.kinds[i].Check(s.Settings); err != nil {
		return err
	}
	return b.store.SetSource(ctx, s)
}

// RemoveSource implements api.Sources.
func (b sourceBook) RemoveSource(ctx context.Context, name string) error {
	return b.store.RemoveSource(ctx, name)
}

// schedules tells the API when brands are scanned; setting and removing are the
// store's.
type schedules struct{ *store.Store }

// Schedule implements api.Schedules.
func (s schedules) Schedule(ctx context.Context, brand string) (scan.Plan, bool, error) {
	return planOf(ctx, s.Store, brand)
}
