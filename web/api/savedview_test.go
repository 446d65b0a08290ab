package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid/internal/workflow"
)

// TestViewsOfOnce: views that were kept when organisations had a parameter of their
// own are answered as questions that the list takes; the rest stays.
func TestViewsOfOnce(t *testing.T) {
	for _, c := range []struct{ stored, want map[string]string }{
		{nil, map[string]string{}},
		{map[string]string{"organisations": "hide", "sort": "recent"}, map[string]string{"sort": "recent"}},
		{map[string]string{"organisations": "show"}, map[string]string{"include": "organisations"}},
		{map[string]string{"organisations": "show", "include": "circle"}, map[string]string{"include": "circle,organisations"}},
		{map[string]string{"include": "organisations"}, map[string]string{"include": "organisations"}},
	} {
		got := (&server{}).wireView(t.Context(), workflow.SavedView{Query: c.stored}).Query
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v:\n%s", c.stored, diff)
		}
	}
}
