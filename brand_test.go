package adalid_test

import (
	"strings"
	"testing"

	"adalid"
)

func TestCheckBrandName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Café Lumbre", ""},
		{"a/b c+d% <i>", ""},
		{"...", ""},
		{".NET", ""},
		{"日本", ""},
		{"🍵", ""},
		{strings.Repeat("ñ", 200), ""},
		{"", "needs a name"},
		{" \t", "needs a name"},
		{".", "only dots"},
		{" .. ", "only dots"},
		{"a\nb", "line breaks"},
		{"a\x00b", "control characters"},
		{"a\x1b[1mb", "control characters"},
		{"a\u200bb", "not visible"},
		{"\u202eb", "not visible"},
		{"\u2028b\u2028c", "line breaks"},
		{"a\xffb", "UTF-8"},
		{strings.Repeat("ñ", 201), "at most 200 characters, not 201"},
	} {
		err := adalid.CheckBrandName(c.name)
		if c.want == "" && err != nil {
			t.Errorf("%q: %v", c.name, err)
		}
		if c.want != "" && (adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want one that says %q", c.name, err, c.want)
		}
	}
}
