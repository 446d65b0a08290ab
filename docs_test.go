package adalid_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPackagesAreExplained compares docs/dependencies.md with the packages of
// the web app, which stand there with exact versions.
func TestPackagesAreExplained(t *testing.T) {
	var file struct {
		Dependencies    map[string]string `json:"dependencies"`
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal([]byte(read(t, "web/ui/package.json")), &file); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, list := range []map[string]string{file.Dependencies, file.DevDependencies} {
		for name, version := range list {
			want = append(want, name)
			if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version) {
				t.Errorf("%s is not pinned: %s", name, version)
			}
		}
	}
	_, page, _ := strings.Cut(read(t, "docs/dependencies.md"), "## In the web app")
	page, _, _ = strings.Cut(page, "\n## ")
	for _, line := range regexp.MustCompile(`(?m)^- (.+?), [A-Z]+[A-Za-z0-9.-]*: .+$`).FindAllStringSubmatch(page, -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(line[1], -1) {
			got = append(got, name[1])
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("docs/dependencies.md explains\n%s\npackage.json has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDependenciesAreExplained compares docs/dependencies.md with go.mod and that
// of internal/bench: every direct requirement and every tool has its line, and no
// line is left over.
func TestDependenciesAreExplained(t *testing.T) {
	mod, page := read(t, "go.mod"), read(t, "docs/dependencies.md")
	var all, want, got []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+( // indirect)?$`).FindAllStringSubmatch(mod, -1) {
		all = append(all, m[1])
		if m[2] == "" {
			want = append(want, m[1])
		}
	}
	_, tools, _ := strings.Cut(mod, "\ntool (")
	for tool := range strings.FieldsSeq(strings.TrimSuffix(strings.TrimSpace(tools), ")")) {
		i := slices.IndexFunc(all, func(m string) bool { return tool == m || strings.HasPrefix(tool, m+"/") })
		if i < 0 {
			t.Fatalf("no requirement holds the tool %s", tool)
		}
		want = append(want, all[i])
	}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+\.\S+/?\S*) \| (\S+) \| .+ \|$`).FindAllStringSubmatch(page, -1) {
		got = append(got, m[1])
	}
	peers := regexp.MustCompile(`(?m)^\t(\S+\.\S+) v\S+$`).FindAllStringSubmatch(read(t, "internal/bench/go.mod"), -1)
	for _, m := range peers {
		if !slices.Contains(want, m[1]) {
			want = append(want, m[1])
		}
	}
	if len(peers) == 0 {
		t.Error("internal/bench/go.mod requires no peer")
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("docs/dependencies.md explains\n%s\ngo.mod requires\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPeersMeetTheProduct: a module that both go.mod and that of internal/bench
// require stands there in one version, or the peers do not build.
func TestPeersMeetTheProduct(t *testing.T) {
	versions := map[string]string{}
	require := regexp.MustCompile(`(?m)^\t(\S+\.\S+) (v\S+)`)
	for _, m := range require.FindAllStringSubmatch(read(t, "go.mod"), -1) {
		versions[m[1]] = m[2]
	}
	shared := 0
	for _, m := range require.FindAllStringSubmatch(read(t, "internal/bench/go.mod"), -1) {
		if v := versions[m[1]]; v != "" {
			if shared++; v != m[2] {
				t.Errorf("%s is %s in go.mod and %s in internal/bench/go.mod: run go mod tidy there", m[1], v, m[2])
			}
		}
	}
	if shared == 0 {
		t.Error("the two have nothing in common")
	}
}

// TestLinksLead follows the links between the pages of this repository.
func TestLinksLead(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pages := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (d.Name()[0] == '.' || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		pages++
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
				t.Errorf("%s links to %s, which does not exist", name, m[1])
			} else if anchor != "" && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s links to %s, and %s has no such heading", name, m[1], file)
			}
		}
		return nil
	})
	if err != nil || pages < 10 {
		t.Fatalf("%d pages, %v", pages, err)
	}
}

// anchors are the headings of a page as links name them.
func anchors(page string) (out []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		out = append(out, regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(m[1]), ""))
		out[len(out)-1] = strings.ReplaceAll(out[len(out)-1], " ", "-")
	}
	return out
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
