package all_test

import (
	"cmp"
	"slices"
	"testing"

	"adalid/collectors"
	"adalid/collectors/all"
)

func TestNames(t *testing.T) {
	list := all.All()
	if len(list) == 0 {
		t.Fatal("there is no source")
	}
	byName := func(a, b collectors.Definition) int { return cmp.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(list, byName) || len(slices.CompactFunc(list, func(a, b collectors.Definition) bool { return a.Name == b.Name })) != len(all.All()) {
		t.Error("names are to be unique and in order")
	}
}
