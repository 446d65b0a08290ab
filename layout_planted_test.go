package adalid_test

import (
	"slices"
	"testing"
	"testing/fstest"
)

// TestLayoutSeesPlantedFaults shows that the checker of TestLayout can fail.
func TestLayoutSeesPlantedFaults(t *testing.T) {
	const doc = "// Package x is planted.\n"
	for _, c := range []struct {
		name, file, src string
		want            []string
	}{
		{"in order", "internal/rank/a.go", doc + `package rank; import ("sort"; "adalid"; "adalid/scoring")`, nil},
		{"a command may import all", "cmd/adalid/a.go", "// Command adalid is planted.\npackage main; import (\"adalid/config\"; \"github.com/spf13/cobra\")", nil},
		{"own package in its outside test", "scoring/a_test.go", doc + `package scoring_test; import "adalid/scoring"`, nil},
		{"third parties in tests", "internal/rank/a_test.go", doc + `package rank; import "database/sql"`, nil},
		{"not on the plan", "internal/extra/a.go", doc + "package extra", []string{"internal/extra/a.go: internal/extra is not on the floor plan"}},
		{"below a listed package", "scoring/deep/a.go", doc + "package deep", []string{"scoring/deep/a.go: scoring/deep is not on the floor plan"}},
		{"back up", "internal/match/a.go", doc + `package match; import "adalid/internal/store"`, []string{"internal/match/a.go: must not import adalid/internal/store"}},
		{"back up in a test", "internal/match/a_test.go", doc + `package match; import "adalid/web/api"`, []string{"internal/match/a_test.go: must not import adalid/web/api"}},
		{"collector to collector", "collectors/x/a.go", doc + `package x; import "adalid/collectors/file"`, []string{"collectors/x/a.go: must not import adalid/collectors/file"}},
		{"collector into the kitchen", "collectors/file/a.go", doc + `package file; import "adalid/internal/match"`, []string{"collectors/file/a.go: must not import adalid/internal/match"}},
		{"web to store", "web/api/a.go", doc + `package api; import "adalid/internal/store"`, []string{"web/api/a.go: must not import adalid/internal/store"}},
		{"settings outside cmd", "internal/scan/a.go", doc + `package scan; import "adalid/config"`, []string{"internal/scan/a.go: must not import adalid/config"}},
		{"root imports ours", "a.go", doc + `package adalid; import "adalid/scoring"`, []string{"a.go: must not import adalid/scoring"}},
		{"root does I/O", "a.go", doc + `package adalid; import "os"`, []string{"a.go: the root must not import os"}},
		{"SQL outside store", "internal/rank/a.go", doc + `package rank; import "database/sql"`, []string{`internal/rank/a.go: must not import database/sql: its room is "internal/store"`}},
		{"prefix of a path element", "internal/rank/a.go", doc + `package rank; import "database/sqlx"`, nil},
		{"gin outside web", "cmd/adalid/a.go", doc + `package main; import "github.com/gin-gonic/gin"`, []string{`cmd/adalid/a.go: must not import github.com/gin-gonic/gin: its room is "web web/"`}},
		{"cgo", "internal/store/a.go", doc + `package store; import "C"`, []string{`internal/store/a.go: must not import C: its room is ""`}},
		{"no room", "web/a.go", doc + `package web; import "example.org/left-pad"`, []string{"web/a.go: example.org/left-pad has no room on the floor plan"}},
		{"no comment", "web/a.go", "package web", []string{`web: no comment that begins "Package " or "Command "`}},
		{"another comment", "web/a.go", "// Here be dragons.\npackage web", []string{`web: no comment that begins "Package " or "Command "`}},
		{"file name", "web/helpers.go", doc + "package web", []string{"web/helpers.go: such names attract everything"}},
		{"package name", "web/a.go", doc + "package util", []string{"web/a.go: such names attract everything"}},
		{"skipped: pages", "web/ui/a.go", "package ui", nil},
		{"skipped: build output", "web/dist/a.go", "package dist", nil},
		{"skipped: testdata", "internal/match/testdata/a.go", "package a", nil},
		{"skipped: dot folder", ".cache/a.go", "package a", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := violations(fstest.MapFS{c.file: {Data: []byte(c.src)}})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestLayoutSkipsNestedModules(t *testing.T) {
	tree := fstest.MapFS{
		"internal/bench/go.mod": {Data: []byte("module bench")},
		"internal/bench/a.go":   {Data: []byte("package bench")},
	}
	if got, err := violations(tree); err != nil || got != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLayoutRefusesWhatIsNoGo(t *testing.T) {
	if _, err := violations(fstest.MapFS{"a.go": {Data: []byte("pakage a")}}); err == nil {
		t.Error("a file that does not parse must be an error")
	}
}
