package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Schema is what a description says of one value.
type Schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"` // a name or several
	Format     string             `json:"format"`
	Enum       []any              `json:"enum"`
	Pattern    string             `json:"pattern"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	MinLength  *int               `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	MaxItems   *int               `json:"maxItems"`
	Items      *Schema            `json:"items"`
	Properties map[string]*Schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional any                `json:"additionalProperties"`
}

// Is tells whether a value may be of a type.
func (s *Schema) Is(name string) bool {
	switch t := s.Type.(type) {
	case string:
		return t == name
	case []any:
		return slices.Contains(t, any(name))
	}
	return false
}

// Input is something that a request of an operation brings.
type Input struct {
	Name     string  `json:"name"`
	In       string  `json:"in"` // path, query, header; body
	Required bool    `json:"required"`
	Schema   *Schema `json:"schema"`
}

// Generator makes requests from a description: right ones, ones at the bounds of
// what is allowed, and ones that nobody should ever send.
type Generator struct {
	Operations []Generated
	schemas    map[string]*Schema

	// Examples are values that exist or that a pattern allows, by
	// "operation.parameter" or by parameter.
	Examples map[string]string
	// Bodies are right bodies by operation, where the schema alone does not tell.
	Bodies map[string]string
}

// Generated is an operation with what its requests bring.
type Generated struct {
	ID           string
	Method, Path string
	Inputs       []Input
	Body         *Schema // of JSON; nil: none
	Media        string  // of the body; "" none
}

// NewGenerator reads a description; its operations come in a fixed order.
func NewGenerator(description []byte) (*Generator, error) {
	var d struct {
		Paths map[string]map[string]struct {
			ID         string  `json:"operationId"`
			Parameters []Input `json:"parameters"`
			Body       *struct {
				Content map[string]struct {
					Schema *Schema `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
		Components struct {
			Schemas map[string]*Schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(description, &d); err != nil {
		return nil, fmt.Errorf("apitest: read the description: %w", err)
	}
	g := &Generator{schemas: d.Components.Schemas}
	for path, methods := range d.Paths {
		for method, o := range methods {
			x := Generated{ID: o.ID, Method: strings.ToUpper(method), Path: path, Inputs: o.Parameters}
			if o.Body != nil {
				x.Media = "application/octet-stream"
				if c, ok := o.Body.Content["application/json"]; ok {
					x.Media, x.Body = "application/json", c.Schema
				}
			}
			g.Operations = append(g.Operations, x)
		}
	}
	slices.SortFunc(g.Operations, func(a, b Generated) int { return strings.Compare(a.ID, b.ID) })
	return g, nil
}

// Resolve follows references.
func (g *Generator) Resolve(s *Schema) *Schema {
	for s != nil && s.Ref != "" {
		s = g.schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

// Right makes a request that should succeed: what is required, from Examples and
// Bodies.
func (g *Generator) Right(o Generated, base string) (*http.Request, error) {
	return g.request(nil, o, base)
}

// Any makes a request of which each part is right, at a bound, or hostile.
func (g *Generator) Any(r *rand.Rand, o Generated, base string) (*http.Request, error) {
	return g.request(r, o, base)
}

func (g *Generator) request(r *rand.Rand, o Generated, base string) (*http.Request, error) {
	path, query := o.Path, url.Values{}
	header := http.Header{}
	for _, p := range o.Inputs {
		example := g.example(o.ID, p.Name)
		needed := p.Required || g.Examples[o.ID+"."+p.Name] != ""
		if r == nil && !needed || r != nil && p.In != "path" && r.IntN(3) > 0 {
			continue
		}
		value := example
		if r != nil && (p.In != "path" || r.IntN(4) == 0) {
			value = g.text(r, p.Schema, example)
		}
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			query.Add(p.Name, value)
			if r != nil && r.IntN(20) == 0 {
				query.Add(p.Name, value)
			}
		case "header":
			header.Set(p.Name, strings.Map(visible, value))
		}
	}
	if r != nil && r.IntN(12) == 0 {
		query.Add(odd[r.IntN(len(odd))], "1")
	}
	body := g.body(r, o)
	req, err := http.NewRequest(o.Method, base, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	plainPath, err := url.PathUnescape(req.URL.Path + path)
	if err != nil {
		return nil, err
	}
	req.URL.RawPath, req.URL.Path, req.URL.RawQuery = req.URL.Path+path, plainPath, query.Encode()
	req.Header = header
	if o.Media != "" {
		req.Header.Set("Content-Type", o.Media)
	}
	return req, nil
}

func (g *Generator) example(operation, name string) string {
	if v, ok := g.Examples[operation+"."+name]; ok {
		return v
	}
	return g.Examples[name]
}

func (g *Generator) body(r *rand.Rand, o Generated) []byte {
	right := g.Bodies[o.ID]
	switch {
	case o.Media == "" && (r == nil || r.IntN(20) > 0):
		return nil
	case r == nil || o.Body == nil:
		return []byte(right)
	}
	switch r.IntN(8) {
	case 0:
		return []byte(oddJSON[r.IntN(len(oddJSON))])
	case 1:
		return []byte(right)
	case 2: // cut, or with bytes in it that are no text
		if b := []byte(right); len(b) > 1 {
			at := r.IntN(len(b))
			return slices.Concat(b[:at], [][]byte{nil, {0xff}, {0}, []byte(`"`), []byte(`\u0000`)}[r.IntN(5)], b[at+r.IntN(2):])
		}
	}
	b, err := json.Marshal(g.value(r, o.Body, 0))
	if err != nil {
		return []byte("{")
	}
	if r.IntN(10) == 0 { // a key twice
		b = bytes.Replace(b, []byte("{"), []byte(`{"name":1,"name":2,`), 1)
	}
	return b
}

// value makes a JSON value.
func (g *Generator) value(r *rand.Rand, s *Schema, depth int) any {
	s = g.Resolve(s)
	if s == nil || depth > 4 || r.IntN(12) == 0 {
		return []any{nil, true, -1, 1e300, "", odd[r.IntN(len(odd))], []any{[]any{}}, map[string]any{"a": nil}}[r.IntN(8)]
	}
	switch {
	case s.Is("object"):
		out := map[string]any{}
		for _, name := range sortedKeys(s.Properties) {
			if slices.Contains(s.Required, name) && r.IntN(10) > 0 || r.IntN(2) == 0 {
				out[name] = g.value(r, s.Properties[name], depth+1)
			}
		}
		if r.IntN(8) == 0 {
			out[odd[r.IntN(len(odd))]] = 1
		}
		return out
	case s.Is("array"):
		n := r.IntN(4)
		if s.MaxItems != nil && *s.MaxItems < 2000 && r.IntN(5) == 0 {
			n = *s.MaxItems + r.IntN(2)
		}
		list := make([]any, n)
		for i := range list {
			list[i] = g.value(r, s.Items, depth+1)
		}
		return list
	case s.Is("boolean"):
		return r.IntN(2) == 0
	case s.Is("integer"), s.Is("number"):
		return json.Number(g.number(r, s))
	}
	return g.text(r, s, "x")
}

// text makes the text of a parameter or of a JSON string.
func (g *Generator) text(r *rand.Rand, s *Schema, example string) string {
	s = g.Resolve(s)
	kind := r.IntN(10)
	switch {
	case s == nil || kind < 2:
		return odd[r.IntN(len(odd))]
	case s.Is("boolean"):
		return []string{"true", "false", "1", "TRUE", ""}[r.IntN(5)]
	case s.Is("integer"), s.Is("number"):
		return g.number(r, s)
	case s.Is("array"):
		one := func() string { return g.text(r, s.Items, example) }
		return strings.Join([]string{one(), one()}[:1+r.IntN(2)], ",")
	case len(s.Enum) > 0:
		return fmt.Sprint(s.Enum[r.IntN(len(s.Enum))])
	case kind < 4 && s.MaxLength != nil:
		return strings.Repeat([]string{"a", "é", "🙈", "\\", "("}[r.IntN(5)], max(0, *s.MaxLength-1+r.IntN(3)))
	case kind < 5:
		return ""
	case example == "":
		return odd[r.IntN(len(odd))]
	}
	return example
}

func (g *Generator) number(r *rand.Rand, s *Schema) string {
	values := []string{"0", "1", "-1", "2", "1.5", "1e2", "-0", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e308"}
	for _, bound := range []*float64{s.Minimum, s.Maximum} {
		if bound != nil {
			values = append(values, fmt.Sprintf("%.0f", *bound), fmt.Sprintf("%.0f", *bound-1), fmt.Sprintf("%.0f", *bound+1))
		}
	}
	return values[r.IntN(len(values))]
}

func sortedKeys(m map[string]*Schema) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Unbounded lists what requests may bring without an end: texts without a
// greatest length, a pattern or an enumeration, numbers without a maximum, lists
// without a greatest number of items, maps.
func (g *Generator) Unbounded() (faults []string) {
	for _, o := range g.Operations {
		for _, p := range o.Inputs {
			faults = append(faults, g.unbounded(o.ID+" "+p.In+"."+p.Name, p.Schema, 0)...)
		}
		if o.Body != nil {
			faults = append(faults, g.unbounded(o.ID+" body", o.Body, 0)...)
		}
	}
	return faults
}

func (g *Generator) unbounded(at string, s *Schema, depth int) (faults []string) {
	s = g.Resolve(s)
	if s == nil || depth > 8 {
		return nil
	}
	switch {
	case s.Is("string") && s.MaxLength == nil && s.Enum == nil && s.Pattern == "" && s.Format != "date-time" && s.Format != "binary":
		faults = append(faults, at+": a text without an end")
	case (s.Is("integer") || s.Is("number")) && s.Maximum == nil && s.Enum == nil:
		faults = append(faults, at+": a number without a maximum")
	case s.Is("array") && s.MaxItems == nil:
		faults = append(faults, at+": a list without an end")
	}
	if _, open := s.Additional.(map[string]any); open {
		faults = append(faults, at+": any keys")
	}
	if s.Items != nil {
		faults = append(faults, g.unbounded(at+"[]", s.Items, depth+1)...)
	}
	for _, name := range sortedKeys(s.Properties) {
		faults = append(faults, g.unbounded(at+"."+name, s.Properties[name], depth+1)...)
	}
	return faults
}
