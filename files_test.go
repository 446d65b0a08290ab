package adalid_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// writers says which source files make files, and under which names docs/privacy.md
// tells of them.
var writers = map[string][]string{
	"cmd/adalid/audit.go":           {"`audit` samples"},
	"cmd/adalid/eraser.go":          {"uploads/*.json"},
	"cmd/adalid/language.go":        {"`language` models"},
	"cmd/adalid/outputfile.go":      {"`export`", "`sentiment train`"},
	"cmd/adalid/person.go":          {"`--output`"},
	"cmd/adalid/rejectlog.go":       {"`--rejects`"},
	"cmd/adalid/uploads.go":         {"uploads/*.data", "uploads/*.json"},
	"collectors/file/open.go":       {"adalid-import-*"},
	"internal/export/workbook.go":   {"adalid-export-*"},
	"internal/rank/snapshot.go":     {"index/*.index"},
	"internal/secret/file.go":       {"instance.key"},
	"internal/store/backup.go":      {"adalid.db.restore-*", "*.tmp-*", "`backup`"},
	"internal/store/reader.go":      {"readers/*"},
	"internal/store/store.go":       {"adalid.db"},
	"internal/store/suppression.go": {"suppressed.new-*"},
}

var makesFile = regexp.MustCompile(`\bos\.(Create|CreateTemp|OpenFile|WriteFile|MkdirTemp)\(`)

// TestFilesAreKnown: whatever writes files is named in docs/privacy.md, since a
// person may be in them.
func TestFilesAreKnown(t *testing.T) {
	doc, err := os.ReadFile("docs/privacy.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	tree := os.DirFS(".")
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && skipped(tree, name):
			return fs.SkipDir
		case err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "collectors/collectortest/"):
			return err
		}
		src, err := fs.ReadFile(tree, name)
		if err == nil && makesFile.Match(src) {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		if writers[name] == nil {
			t.Errorf("%s makes files that docs/privacy.md does not tell of", name)
		}
		for _, said := range writers[name] {
			if !strings.Contains(string(doc), said) {
				t.Errorf("docs/privacy.md lacks %s of %s", said, name)
			}
		}
	}
	for name := range writers {
		if !slices.Contains(found, name) {
			t.Errorf("%s makes no files any more", name)
		}
	}
}
