package api

import (
	"encoding/json"
	"net/url"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Null is an object or null on the wire.
type Null[T any] struct{ V *T }

// MarshalJSON writes the object or null.
func (n Null[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.V) }

// UnmarshalJSON reads the object or null.
func (n *Null[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &n.V) }

// Schema says that null is possible, which huma's own schema does not.
func (Null[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

// some gives nil for "", which means unknown in the vocabulary.
func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// known gives nil for the zero time, which means unknown in the vocabulary.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// unix gives nil for 0, which means unknown in roll-ups.
func unix(s int64) *time.Time {
	if s == 0 {
		return nil
	}
	t := time.Unix(s, 0).UTC()
	return &t
}

// link gives addresses of the web only: what a stranger wrote could be a
// script.
func link(s string) *string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil
	}
	return &s
}
