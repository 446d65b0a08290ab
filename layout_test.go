package adalid_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// plan says who may import whom of ours. The first row whose pkg matches wins;
// "." is the root, "a/" everything below a, "*" anything; a package without a
// row is not on the plan.
var plan = []struct{ pkg, may string }{
	{".", ""},
	{"cmd/", "*"},
	{"config internal/mail internal/sqlitefile internal/langtag", ""},
	{"internal/language", "internal/langtag"},
	{"internal/match", ". internal/langtag"},
	{"scoring collectors internal/account internal/secret internal/dedupe internal/sentiment internal/relevance internal/privacy internal/audit internal/identity internal/authenticity internal/graph internal/topics", "."},
	{"internal/portfolio internal/workflow internal/program internal/campaign internal/survey internal/impact internal/demo internal/cluster", "."},
	{"collectors/all", "collectors collectors/"},
	{"collectors/file", ". collectors internal/langtag"},
	{"collectors/ internal/fetch", ". collectors"},
	{"internal/export", ". collectors/file"},
	{"internal/scan", ". collectors internal/langtag internal/match internal/dedupe internal/sentiment internal/identity internal/authenticity"},
	{"internal/alarm", ". collectors internal/scan internal/mail"},
	{"internal/rank", ". scoring internal/graph internal/langtag"},
	{"internal/backtest", ". scoring internal/rank"},
	{"internal/store", ". scoring collectors internal/scan internal/alarm internal/rank internal/graph internal/sqlitefile internal/workflow internal/account internal/privacy internal/program internal/campaign internal/survey internal/impact"},
	{"web/api/apitest", ""},
	{"web/session", ". internal/account"},
	{"web/api web/lite", ". web/api/apitest internal/langtag internal/export scoring internal/rank internal/backtest internal/portfolio internal/graph internal/scan internal/sentiment internal/relevance internal/audit internal/topics internal/identity internal/authenticity internal/workflow internal/account internal/program internal/campaign internal/survey internal/impact"},
	{"web", "web/"},
}

// rooms says where what comes from outside may be imported: the first row with
// a matching prefix wins, "" means in tests only. A third party without a row
// is refused.
var rooms = []struct{ pkgs, prefixes string }{
	{"", "C github.com/google/go-cmp go.uber.org/goleak pgregory.net/rapid"}, // no cgo: the binary is static
	{"internal/store", "database/sql modernc.org github.com/pressly/goose"},
	{"web web/", "github.com/gin-gonic github.com/danielgtaylor/huma github.com/prometheus github.com/hashicorp/golang-lru"},
	{"web", "github.com/klauspost/compress"},
	{"web/session", "github.com/alexedwards/scs"},
	{"internal/account", "github.com/alexedwards/argon2id github.com/coreos/go-oidc golang.org/x/oauth2"},
	{"internal/account internal/fetch web web/", "golang.org/x/time"},
	{"internal/export", "github.com/xuri/excelize"},
	{"internal/fetch", "code.dny.dev/ssrf"},
	{"internal/cluster", "github.com/redis github.com/hibiken/asynq"},
	{"internal/scan", "github.com/robfig/cron"},
	{"internal/mail", "github.com/wneessen/go-mail"},
	{"internal/topics", "github.com/jdkato/prose"},
	{"internal/sentiment", "github.com/jonreiter/govader"},
	{"internal/match", "github.com/BobuSumisu/aho-corasick"},
	{"internal/match internal/dedupe", "github.com/clipperhouse/uax29"},
	{"internal/langtag internal/match internal/dedupe collectors/file collectors/bluesky", "golang.org/x/text"},
	{"collectors/file collectors/x", "github.com/dghubble/go-twitter"},
	{"collectors/rss", "github.com/mmcdole/gofeed"},
	{"collectors collectors/", "golang.org/x/net/html"},
	{"collectors/bluesky", "github.com/coder/websocket"},
	{"config collectors/collectortest", "github.com/goccy/go-yaml github.com/go-playground/validator"},
	{"cmd/", "github.com/spf13/cobra github.com/schollz/progressbar github.com/rivo/uniseg golang.org/x/term"},
}

// within tells whether pkg is one of the space-separated list.
func within(list, pkg string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(f string) bool {
		return f == "*" || f == pkg || strings.HasSuffix(f, "/") && strings.HasPrefix(pkg, f)
	})
}

// importFault says what is wrong with pkg importing dep, or "".
func importFault(pkg, may, dep string, test bool) string {
	if ours, ok := strings.CutPrefix(dep+"/", "adalid/"); ok {
		// Collectors are held to the suite by themselves, and all of them through
		// the product's client.
		suite := test && (ours == "collectors/collectortest/" && strings.HasPrefix(pkg, "collectors/") ||
			pkg == "internal/fetch" && within("collectors/", ours))
		if ours = path.Clean(ours); ours != pkg && !within(may, ours) && !suite {
			return "must not import " + dep
		}
		return ""
	}
	room := slices.IndexFunc(rooms, func(r struct{ pkgs, prefixes string }) bool {
		return slices.ContainsFunc(strings.Fields(r.prefixes), func(p string) bool { return strings.HasPrefix(dep+"/", p+"/") })
	})
	first, _, _ := strings.Cut(dep, "/")
	switch {
	case test:
		return ""
	case pkg == "." && !within("errors fmt strings time cmp slices unicode", dep):
		return "the root must not import " + dep
	case room < 0 && strings.Contains(first, "."):
		return dep + " has no room on the floor plan"
	case room >= 0 && !within(rooms[room].pkgs, pkg):
		return "must not import " + dep + ": its room is " + strconv.Quote(rooms[room].pkgs)
	}
	return ""
}

// skipped tells whether a folder is none of the plan's business.
func skipped(tree fs.FS, dir string) bool {
	_, err := fs.Stat(tree, path.Join(dir, "go.mod"))
	return dir != "." && (err == nil || path.Base(dir) == "testdata" || path.Base(dir)[0] == '.' || within("web/ui web/dist", dir))
}

// violations walks a source tree and lists what is not according to plan.
func violations(tree fs.FS) (faults []string, err error) {
	documented := map[string]bool{}
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && skipped(tree, name):
			return fs.SkipDir
		case err != nil || d.IsDir() || path.Ext(name) != ".go":
			return err
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		pkg, base, test := path.Dir(name), strings.TrimSuffix(path.Base(name), ".go"), strings.HasSuffix(name, "_test.go")
		for _, n := range []string{strings.TrimSuffix(base, "_test"), strings.TrimSuffix(file.Name.Name, "_test")} {
			if within("util utils common helper helpers types models core manager", n) {
				faults = append(faults, name+": such names attract everything")
			}
		}
		row := slices.IndexFunc(plan, func(r struct{ pkg, may string }) bool { return within(r.pkg, pkg) })
		if row < 0 {
			faults = append(faults, name+": "+pkg+" is not on the floor plan")
			return nil
		}
		for _, spec := range file.Imports {
			dep, _ := strconv.Unquote(spec.Path.Value)
			if fault := importFault(pkg, plan[row].may, dep, test); fault != "" {
				faults = append(faults, name+": "+fault)
			}
		}
		doc := file.Doc.Text()
		documented[pkg] = documented[pkg] || strings.HasPrefix(doc, "Package ") || strings.HasPrefix(doc, "Command ")
		return nil
	})
	for pkg, ok := range documented {
		if !ok {
			faults = append(faults, pkg+": no comment that begins \"Package \" or \"Command \"")
		}
	}
	slices.Sort(faults)
	return faults, err
}

func TestLayout(t *testing.T) {
	if faults, err := violations(os.DirFS(".")); err != nil || faults != nil {
		t.Error(err, strings.Join(faults, "\n"))
	}
}
