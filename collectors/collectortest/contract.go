package collectortest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// OpenAPI is what a platform's contract document says of requests.
type OpenAPI struct {
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Parameters      map[string]parameter `json:"parameters"`
		Schemas         map[string]schema    `json:"schemas"`
		SecuritySchemes map[string]parameter `json:"securitySchemes"` // an API key may stand in the query
	} `json:"components"`
}

type parameter struct {
	Ref      string `json:"$ref"`
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Schema   schema `json:"schema"`
}

type schema struct {
	Ref       string            `json:"$ref"`
	Type      any               `json:"type"` // a text, in OpenAPI 3.1 also a list
	Format    string            `json:"format"`
	Pattern   string            `json:"pattern"`
	Enum      []json.RawMessage `json:"enum"`
	Minimum   *float64          `json:"minimum"`
	Maximum   *float64          `json:"maximum"`
	MinLength *int              `json:"minLength"`
	MaxLength *int              `json:"maxLength"`
	MinItems  *int              `json:"minItems"`
	MaxItems  *int              `json:"maxItems"`
	Unique    bool              `json:"uniqueItems"`
	Items     *schema           `json:"items"`
	AllOf     []schema          `json:"allOf"`
	AnyOf     []schema          `json:"anyOf"`
	OneOf     []schema          `json:"oneOf"`
}

// contractFolder is where contract documents lie, from a collector's folder.
const contractFolder = "../../../shared/data/contracts"

// Contract reads a platform's contract document, OpenAPI as JSON, from
// ADALID_CONTRACTS_DIR. Without it the test is skipped; with CI=true it fails.
func Contract(t *testing.T, file string) *OpenAPI {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(named("ADALID_CONTRACTS_DIR", contractFolder), file))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no contract document: set ADALID_CONTRACTS_DIR (%v)", err)
		}
		t.Skip("no contract documents: set ADALID_CONTRACTS_DIR")
	}
	var d OpenAPI
	if err := json.Unmarshal(text, &d); err != nil || len(d.Paths) == 0 {
		t.Fatalf("%s is no contract document: %v", file, err)
	}
	return &d
}

// Check gives everything in which a request is outside the contract: a path or
// method that does not exist, parameters that are not documented, missing,
// of another kind or out of range. Credentials and bodies are not looked at.
func (d *OpenAPI) Check(r *http.Request) error {
	path, found, values := d.operation(r)
	if found == nil {
		return fmt.Errorf("%s %s is not in the contract", r.Method, r.URL.Path)
	}
	var faults []error
	fault := func(name string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s %s: parameter %q %w", r.Method, path, name, err))
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("%s %s: the query cannot be read: %w", r.Method, path, err)
	}
	known := map[string]bool{}
	for _, p := range found {
		given := values[p.Name]
		if p.In == "query" {
			given = slices.Concat(query[p.Name], query[p.Name+"[]"])
			known[p.Name], known[p.Name+"[]"] = true, d.resolve(p.Schema).is("array")
		} else if p.In != "path" {
			continue
		}
		switch {
		case given != nil:
			fault(p.Name, d.check(p.Schema, given))
		case p.Required:
			fault(p.Name, errors.New("is missing"))
		}
	}
	for _, s := range d.Components.SecuritySchemes {
		known[s.Name] = known[s.Name] || s.In == "query"
	}
	for name := range query {
		if !known[name] {
			fault(name, errors.New("is not documented"))
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

// operation finds the path of a request, its parameters and what the request
// has in the place of those in the path.
func (d *OpenAPI) operation(r *http.Request) (path string, found []parameter, values map[string][]string) {
	fewest := -1
	for template, methods := range d.Paths {
		raw, ok := methods[strings.ToLower(cmp.Or(r.Method, http.MethodGet))]
		if !ok {
			continue
		}
		in, ok := d.match(template, r.URL.EscapedPath())
		if !ok || fewest >= 0 && len(in) >= fewest {
			continue
		}
		var op struct {
			Parameters []parameter `json:"parameters"`
		}
		var shared []parameter
		if json.Unmarshal(raw, &op) != nil || methods["parameters"] != nil && json.Unmarshal(methods["parameters"], &shared) != nil {
			continue
		}
		fewest, path, values = len(in), template, in
		found = make([]parameter, 0, len(op.Parameters))
		for _, p := range slices.Concat(shared, op.Parameters) {
			if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
				p = d.Components.Parameters[name]
			}
			found = append(found, p)
		}
	}
	return path, found, values
}

// match holds a path against a template below any of the servers.
func (d *OpenAPI) match(template, path string) (map[string][]string, bool) {
	bases := []string{""}
	for _, s := range d.Servers {
		if u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(s.URL)); err == nil {
			bases = append(bases, strings.TrimSuffix(u.Path, "/"))
		}
	}
	want := strings.Split(template, "/")
next:
	for _, base := range bases {
		rest, ok := strings.CutPrefix(path, base)
		have := strings.Split(rest, "/")
		if !ok || len(have) != len(want) {
			continue
		}
		values := map[string][]string{}
		for i, w := range want {
			name, isName := strings.CutPrefix(w, "{")
			switch value, err := url.PathUnescape(have[i]); {
			case isName && err == nil && value != "":
				values[strings.TrimSuffix(name, "}")] = []string{value}
			case w != have[i]:
				continue next
			}
		}
		return values, true
	}
	return nil, false
}

func (d *OpenAPI) resolve(s schema) schema {
	for range 20 {
		name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/")
		if !ok {
			break
		}
		s = d.Components.Schemas[name]
	}
	return s
}

func (s schema) is(kind string) bool {
	if list, ok := s.Type.([]any); ok {
		return slices.Contains(list, any(kind))
	}
	return s.Type == kind
}

// check holds the values given for a parameter against its schema.
func (d *OpenAPI) check(s schema, given []string) error {
	s = d.resolve(s)
	if !s.is("array") {
		if len(given) > 1 {
			return fmt.Errorf("is given %d times", len(given))
		}
		return d.checkOne(s, given[0])
	}
	var items []string
	for _, g := range given {
		items = append(items, strings.Split(g, ",")...)
	}
	switch distinct := slices.Compact(slices.Sorted(slices.Values(items))); {
	case s.MinItems != nil && len(items) < *s.MinItems || s.MaxItems != nil && len(items) > *s.MaxItems:
		return fmt.Errorf("has %d items", len(items))
	case s.Unique && len(distinct) < len(items):
		return errors.New("names an item twice")
	case s.Items == nil:
		return nil
	}
	var faults []error
	for _, item := range items {
		faults = append(faults, d.checkOne(d.resolve(*s.Items), item))
	}
	return errors.Join(faults...)
}

func (d *OpenAPI) checkOne(s schema, v string) error {
	for _, part := range s.AllOf {
		if err := d.check(part, []string{v}); err != nil {
			return err
		}
	}
	for _, choice := range [][]schema{s.AnyOf, s.OneOf} {
		if len(choice) > 0 && !slices.ContainsFunc(choice, func(c schema) bool { return d.check(c, []string{v}) == nil }) {
			return fmt.Errorf("is %q, which is none of its forms", v)
		}
	}
	allowed := func(e json.RawMessage) bool { return string(e) == v || string(e) == strconv.Quote(v) }
	switch n, err := strconv.ParseFloat(v, 64); {
	case len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, allowed):
		return fmt.Errorf("is %q, which is none of %s", v, s.Enum)
	case s.is("string"):
		return s.checkText(v)
	case s.is("boolean") && v != "true" && v != "false":
		return fmt.Errorf("is %q, not true or false", v)
	case !s.is("integer") && !s.is("number"):
		return nil
	case err != nil || s.is("integer") && strings.Trim(v, "-0123456789") != "":
		return fmt.Errorf("is %q, which is no number of its kind", v)
	case s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum:
		return fmt.Errorf("is %s, which is out of range", v)
	}
	return nil
}

func (s schema) checkText(v string) error {
	if n := utf8.RuneCountInString(v); s.MinLength != nil && n < *s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		return fmt.Errorf("has %d characters", n)
	}
	if s.Pattern != "" {
		if ok, err := regexp.MatchString(s.Pattern, v); err == nil && !ok {
			return fmt.Errorf("is %q, which does not match %s", v, s.Pattern)
		}
	}
	if _, err := time.Parse(time.RFC3339, v); s.Format == "date-time" && err != nil {
		return fmt.Errorf("is %q, which is no time", v)
	}
	return nil
}
