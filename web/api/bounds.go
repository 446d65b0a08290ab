package api

import (
	"github.com/danielgtaylor/huma/v2"
)

// maxListed bounds a text in a list that a request brings, where the list does
// not say less; struct tags bound the list but not what is in it.
const maxListed = 1000 // characters

// boundLists bounds the texts in lists of parameters and bodies.
func boundLists(o *huma.OpenAPI) {
	for _, item := range o.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				boundItems(o, p.Schema)
			}
			if op.RequestBody == nil {
				continue
			}
			for _, m := range op.RequestBody.Content {
				boundItems(o, m.Schema)
			}
		}
	}
}

func boundItems(o *huma.OpenAPI, s *huma.Schema) {
	for s != nil && s.Ref != "" {
		s = o.Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil {
		return
	}
	for _, p := range s.Properties {
		if p.Type == huma.TypeArray {
			boundItems(o, p)
		}
	}
	item := s.Items
	for item != nil && item.Ref != "" {
		item = o.Components.Schemas.SchemaFromRef(item.Ref)
	}
	if item != nil && item.Type == huma.TypeString && item.MaxLength == nil && item.Enum == nil && item.Pattern == "" {
		most := maxListed
		item.MaxLength = &most
		item.PrecomputeMessages()
	}
}
