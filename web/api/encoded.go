package api

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	lru "github.com/hashicorp/golang-lru/v2"
)

// encoded is a T that is JSON already: a page is encoded once for everybody who
// asks the same of the same data.
type encoded[T any] struct{ json []byte }

// How many pages are kept: 50 people of a list take about 60 KB, so 15 MB, and
// with the longest pages 60; networks, of 1,000 people by default, take 20.
const (
	keptPages    = 256
	keptNetworks = 24
)

// pages are encoded answers by their ETag, which names everything they depend
// on: so none is ever out of date, only no longer asked for.
type pages[T any] struct {
	kept *lru.Cache[string, encoded[T]]
}

func newPages[T any](most int) pages[T] {
	kept, err := lru.New[string, encoded[T]](most)
	if err != nil {
		panic("api: a fixed size: " + err.Error())
	}
	return pages[T]{kept}
}

func (p pages[T]) get(tag string) (encoded[T], bool) { return p.kept.Get(tag) }

// add encodes a page and keeps it under its tag; "" keeps nothing.
func (p pages[T]) add(tag string, page T) (encoded[T], error) {
	var b bytes.Buffer
	if err := huma.DefaultJSONFormat.Marshal(&b, page); err != nil {
		return encoded[T]{}, err
	}
	e := encoded[T]{b.Bytes()}
	if tag != "" {
		p.kept.Add(tag, e)
	}
	return e, nil
}

// MarshalJSON gives the bytes as they are.
func (e encoded[T]) MarshalJSON() ([]byte, error) { return e.json, nil }

// Schema is that of T.
func (encoded[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

func (e encoded[T]) writeTo(w io.Writer) error {
	_, err := w.Write(e.json)
	return err
}

// formats are huma's, but for what is encoded already.
func formats() map[string]huma.Format {
	json := huma.Format{Unmarshal: json.Unmarshal, Marshal: func(w io.Writer, v any) error {
		if e, ok := v.(interface{ writeTo(io.Writer) error }); ok {
			return e.writeTo(w)
		}
		return huma.DefaultJSONFormat.Marshal(w, v)
	}}
	return map[string]huma.Format{"application/json": json, "json": json}
}
