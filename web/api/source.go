package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/scan"
)

// Words are a text for people, by language.
type Words struct {
	ES string `json:"es"`
	EN string `json:"en"`
}

// SourceKind is a kind of source that can be read.
type SourceKind struct {
	Name     string        `json:"name"`
	Platform string        `json:"platform" doc:"Of its posts."`
	Title    Words         `json:"title"`
	About    Words         `json:"about" doc:"What it reads and what access costs."`
	KeysAt   *string       `json:"keys_at" doc:"Where credentials are given out; null: none are needed."`
	Keyless  bool          `json:"keyless" doc:"It is read without any setting."`
	Can      []string      `json:"can" nullable:"false" doc:"search, replies, stream, check, hydrate, probe, keyless."`
	Fields   []SourceField `json:"fields" nullable:"false" doc:"Its settings, in the order of a form."`
	Costs    []SourceCost  `json:"costs" nullable:"false" doc:"What is paid for or counted; empty: it is free."`
}

// SourceField is one setting of a kind of source.
type SourceField struct {
	Key      string   `json:"key"`
	Kind     string   `json:"kind" enum:"text,url,list,number,bool,choice"`
	Title    Words    `json:"title"`
	Help     Words    `json:"help"`
	Required bool     `json:"required"`
	Secret   bool     `json:"secret" doc:"It can be written, never read."`
	Default  *string  `json:"default"`
	Options  []string `json:"options" nullable:"false" doc:"Of a choice."`
}

// SourceCost is what one unit costs.
type SourceCost struct {
	Unit  string  `json:"unit"`
	Title Words   `json:"title"`
	USD   float64 `json:"usd" doc:"For one unit; 0: it is counted, not paid for."`
	Daily *int64  `json:"daily" doc:"Units that a day allows; null: no such limit."`
}

// SourceKindList is every kind of source, by name.
type SourceKindList struct {
	Items []SourceKind `json:"items" nullable:"false"`
}

// Source is a configured use of a kind of source.
type Source struct {
	Name     string         `json:"name"`
	Kind     string         `json:"kind"`
	Brand    *string        `json:"brand" doc:"The only brand it is read for; null: every one."`
	Enabled  bool           `json:"enabled"`
	Stored   bool           `json:"stored" doc:"false: nothing was configured, its kind needs nothing."`
	Monthly  *float64       `json:"monthly_usd" doc:"What a calendar month may cost; null: nothing."`
	Settings map[string]any `json:"settings" doc:"Without the secret ones."`
	Secrets  []string       `json:"secrets" nullable:"false" doc:"Keys of the secret settings that have a value."`
}

// SourceList is every source, by name.
type SourceList struct {
	Items []Source `json:"items" nullable:"false"`
}

// SourceChange is a source as it shall be.
type SourceChange struct {
	Kind     string         `json:"kind" minLength:"1" maxLength:"100"`
	Brand    string         `json:"brand,omitempty" maxLength:"200" doc:"Read it for this brand only."`
	Enabled  *bool          `json:"enabled,omitempty" doc:"Left out: true."`
	Monthly  *float64       `json:"monthly_usd,omitempty" minimum:"0" maximum:"1000000" doc:"What a calendar month may cost. Left out: nothing."`
	Settings map[string]any `json:"settings,omitempty" doc:"By key, as the kind's fields say. A secret that is left out stays as it is, null removes it."`
}

// Probe says whether a source answers.
type Probe struct {
	Source string     `json:"source"`
	Works  bool       `json:"works"`
	State  string     `json:"state" enum:"done,paused,failed,stopped"`
	Kind   *string    `json:"kind" doc:"What is wrong: auth, forbidden, not_entitled, rate_limited, quota, budget, transient, gone, schema."`
	Reason string     `json:"reason" doc:"One sentence."`
	Fix    *string    `json:"fix" doc:"What to do."`
	Until  *time.Time `json:"until" doc:"When it may work again."`
}

// SourcePath is the address of a source.
type SourcePath struct {
	Source string `path:"source" maxLength:"200" doc:"Name of the source, percent-encoded."`
}

type (
	sourceKindsAnswer struct{ Body SourceKindList }
	sourcesAnswer     struct{ Body SourceList }
	sourceAnswer      struct {
		Status int
		Body   Source
	}
	probeAnswer       struct{ Body Probe }
	sourceChangeInput struct {
		SourcePath
		IfNoneMatch string `header:"If-None-Match" maxLength:"200" doc:"* creates the source only if there is none of that name."`
		Body        SourceChange
	}
)

func (s *server) registerSources(a huma.API) {
	register(a, op(http.MethodGet, "/source-kinds", "list-source-kinds", "What can be read, and which settings it needs"), s.listSourceKinds)
	register(a, op(http.MethodGet, "/sources", "list-sources", "The live sources"), s.listSources)
	put := described(op(http.MethodPut, "/sources/{source}", "set-source", "Add a source, or replace its settings"),
		"Secrets are written, never read: what is left out of them stays. Where the settings name a new address or server, they have to be given again.")
	register(a, also(put, "201", "The source is new"), s.setSource)
	register(a, described(op(http.MethodDelete, "/sources/{source}", "remove-source", "Forget a source's settings"), "What it brought stays."), s.removeSource)
	register(a, described(op(http.MethodPost, "/sources/{source}/probe", "probe-source", "Test whether a source answers"),
		"Sends a request or two to the platform. The answer is 200 also where the source does not work: it says why, and what to do."), s.probeSource)
}

func (s *server) listSourceKinds(context.Context, *empty) (*sourceKindsAnswer, error) {
	return &sourceKindsAnswer{SourceKindList{s.Sources.SourceKinds()}}, nil
}

func (s *server) listSources(ctx context.Context, _ *empty) (*sourcesAnswer, error) {
	all, err := s.Sources.Sources(ctx)
	if err != nil {
		return nil, err
	}
	kinds := s.Sources.SourceKinds()
	list := SourceList{Items: []Source{}}
	for _, x := range all {
		if maySetSource(ctx, x.Brand) == nil {
			list.Items = append(list.Items, wireSource(x, kinds))
		}
	}
	return &sourcesAnswer{list}, nil
}

// sourceName is what a new source may be called.
var sourceName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]{0,99}$`)

func (s *server) setSource(ctx context.Context, in *sourceChangeInput) (*sourceAnswer, error) {
	if err := maySetSource(ctx, in.Body.Brand); err != nil {
		return nil, err // whose the source is now, the rule has seen to
	}
	kinds := s.Sources.SourceKinds()
	i := slices.IndexFunc(kinds, func(k SourceKind) bool { return k.Name == in.Body.Kind })
	if i < 0 {
		return nil, invalid("body.kind", "there is no such kind of source; /source-kinds lists them")
	}
	s.changing.Lock() // what is kept of the secrets is read before it is written
	defer s.changing.Unlock()
	all, err := s.Sources.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var old ListedSource
	if at := slices.IndexFunc(all, func(x ListedSource) bool { return x.Name == in.Source }); at >= 0 {
		old = all[at]
	}
	switch {
	case old.Stored && in.IfNoneMatch == "*":
		return nil, newProblem(http.StatusPreconditionFailed, "There is a source of that name already.")
	case !old.Stored && !sourceName.MatchString(in.Source):
		return nil, invalid("path.source", "a source's name begins with a letter or digit and has letters, digits, spaces, dots, dashes and underscores, 100 at most")
	}
	next := scan.Source{Name: in.Source, Collector: in.Body.Kind, Enabled: in.Body.Enabled == nil || *in.Body.Enabled, Monthly: micros(in.Body.Monthly)}
	if in.Body.Brand != "" {
		b, err := s.Brands.Brand(ctx, in.Body.Brand)
		if err != nil {
			return nil, err
		}
		next.Brand = b.Name
	}
	if next.Settings, err = mergeSettings(kinds[i], in.Body.Settings, old); err != nil {
		return nil, err
	}
	if err := s.Sources.SetSource(ctx, next); err != nil {
		return nil, err
	}
	status := http.StatusCreated
	if old.Stored {
		status = http.StatusOK
	}
	return &sourceAnswer{status, wireSource(ListedSource{next, true}, kinds)}, nil
}

// maySetSource is nil where who asks may configure what is read for a brand; ""
// means all of them.
func maySetSource(ctx context.Context, brand string) error {
	rule := account.Rule{Scope: account.OnBrand, Least: account.Manager}
	if brand == "" {
		rule.Scope = account.Installation
	}
	return account.Authorise(account.From(ctx), rule, brand)
}

// mergeSettings gives the settings' JSON: those given, and the stored secrets
// that are not among them. Secrets do not go along to another address.
func mergeSettings(kind SourceKind, given map[string]any, old ListedSource) (json.RawMessage, error) {
	values := maps.Clone(given)
	if values == nil {
		values = map[string]any{}
	}
	before := map[string]any{}
	if old.Stored && old.Collector == kind.Name {
		if err := json.Unmarshal(old.Settings, &before); err != nil {
			return nil, fmt.Errorf("api: read the settings of source %q: %w", old.Name, err)
		}
	}
	moved := false
	for _, f := range kind.Fields {
		moved = moved || f.moved(values, before)
	}
	for _, f := range kind.Fields {
		kept, had := before[f.Key]
		if _, now := values[f.Key]; !f.Secret || !had || now {
			continue
		}
		if moved {
			return nil, invalid("body.settings."+f.Key, "the settings name another address: give "+f.Key+" again, so that it does not go where it was not meant for")
		}
		values[f.Key] = kept
	}
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == nil })
	out, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("api: write settings: %w", err)
	}
	return out, nil
}

// moved tells whether a setting names a place that it did not name before.
func (f SourceField) moved(now, before map[string]any) bool {
	_, given := now[f.Key]
	if f.Secret && !given {
		return false // it stays as it is
	}
	was := f.places(before)
	return slices.ContainsFunc(f.places(now), func(p string) bool { return !slices.Contains(was, p) })
}

// places lists the addresses and servers that a setting names.
func (f SourceField) places(settings map[string]any) []string {
	value := settings[f.Key]
	if value == nil && f.Default != nil {
		value = *f.Default
	}
	switch text, _ := value.(string); f.Kind {
	case "url":
		return []string{text}
	case "list":
		var hosts []string
		for _, x := range append(asList(value), strings.Split(text, ",")...) {
			if strings.Contains(x, ".") {
				hosts = append(hosts, x)
			}
		}
		return hosts
	}
	return nil
}

func asList(v any) (texts []string) {
	list, _ := v.([]any)
	for _, x := range list {
		texts = append(texts, fmt.Sprint(x))
	}
	return texts
}

func (s *server) removeSource(ctx context.Context, in *SourcePath) (*empty, error) {
	return nil, s.Sources.RemoveSource(ctx, in.Source)
}

func (s *server) probeSource(ctx context.Context, in *SourcePath) (*probeAnswer, error) {
	p, err := s.Scanner.ProbeSource(ctx, in.Source)
	if err != nil {
		return nil, err
	}
	return &probeAnswer{Probe{
		Source: p.Source, Works: p.State == scan.Done, State: string(p.State), Kind: some(string(p.Kind)),
		Reason: p.Reason, Fix: some(p.Fix), Until: known(p.Until),
	}}, nil
}

// wireSource shows a source without its secrets. Of a kind that is not there
// nothing is known to be harmless, so no setting is shown.
func wireSource(x ListedSource, kinds []SourceKind) Source {
	out := Source{
		Name: x.Name, Kind: x.Collector, Brand: some(x.Brand), Enabled: x.Enabled, Stored: x.Stored, Monthly: usd(x.Monthly),
		Settings: map[string]any{}, Secrets: []string{},
	}
	values := map[string]any{}
	i := slices.IndexFunc(kinds, func(k SourceKind) bool { return k.Name == x.Collector })
	if i < 0 || json.Unmarshal(x.Settings, &values) != nil {
		return out
	}
	for _, f := range kinds[i].Fields {
		v, set := values[f.Key]
		switch {
		case set && f.Secret:
			out.Secrets = append(out.Secrets, f.Key)
		case set:
			out.Settings[f.Key] = v
		}
	}
	return out
}

// usd gives dollars for millionths of them.
func usd(micros *int64) *float64 {
	if micros == nil {
		return nil
	}
	d := float64(*micros) / 1e6
	return &d
}

func micros(usd *float64) *int64 {
	if usd == nil {
		return nil
	}
	m := int64(*usd*1e6 + .5)
	return &m
}
