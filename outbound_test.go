package adalid_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// outbound names what opens connections to other machines, by package. Only
// internal/fetch may use it: there the guard and the limits are.
var outbound = map[string]string{
	"net/http":          "Get Head Post PostForm DefaultClient DefaultTransport Client Transport ProxyFromEnvironment",
	"net":               "Dial DialTimeout DialTCP DialUDP DialIP DialUnix Dialer DefaultResolver Resolver",
	"crypto/tls":        "Dial DialWithDialer Dialer",
	"net/smtp":          "Dial SendMail",
	"net/rpc":           "Dial DialHTTP DialHTTPPath",
	"net/http/httputil": "NewSingleHostReverseProxy ReverseProxy",
}

// allowedOutbound are the uses that cannot leave: an http.Client over a Doer,
// and one that tests hand in.
var allowedOutbound = []string{
	"collectors/definition.go: http.Client", "collectors/collectortest/collectortest.go: http.Client", "collectors/collectortest/collectortest.go: http.Transport", "web/api/apitest/storm.go: http.Client",
	"internal/account/signon.go: http.Client",
}

// outboundFaults lists where files outside internal/fetch, tests excepted,
// reach for the network by themselves.
func outboundFaults(tree fs.FS) (faults []string, err error) {
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && skipped(tree, name):
			return fs.SkipDir
		case err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || path.Dir(name) == "internal/fetch":
			return err
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		faults = append(faults, outboundIn(name, file)...)
		return nil
	})
	slices.Sort(faults)
	return slices.Compact(faults), err
}

func outboundIn(name string, file *ast.File) (faults []string) {
	imported := map[string]string{} // the name in this file: the package
	for _, spec := range file.Imports {
		dep, _ := strconv.Unquote(spec.Path.Value)
		local := path.Base(dep)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if _, watched := outbound[dep]; watched && local == "." {
			faults = append(faults, name+": imports "+dep+" without its name")
		}
		imported[local] = dep
	}
	fault := func(use string) {
		if use = name + ": " + use; !slices.Contains(allowedOutbound, use) {
			faults = append(faults, use)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && slices.Contains(strings.Fields(outbound[imported[x.Name]]), s.Sel.Name) {
				fault(path.Base(imported[x.Name]) + "." + s.Sel.Name)
			}
		}
		return true
	})
	return faults
}

func TestOneOutboundClient(t *testing.T) {
	if faults, err := outboundFaults(os.DirFS(".")); err != nil || faults != nil {
		t.Error(err, "only internal/fetch may open connections:\n"+strings.Join(faults, "\n"))
	}
}

// TestOutboundSeesPlantedFaults shows that TestOneOutboundClient can fail.
func TestOutboundSeesPlantedFaults(t *testing.T) {
	for _, c := range []struct {
		file, src string
		want      []string
	}{
		{"web/a.go", `package web; import "net/http"; var _ = http.StatusOK; type h struct{ http.Server }`, nil},
		{"internal/fetch/a.go", `package fetch; import "net"; var _ net.Dialer`, nil},
		{"internal/fetch/deep/a.go", `package deep; import "net"; var _ net.Dialer`, []string{"internal/fetch/deep/a.go: net.Dialer"}},
		{"web/a_test.go", `package web; import "net/http"; var _, _ = http.Get("x")`, nil},
		{"web/a.go", `package web; import "net/http"; var _, _ = http.Get("x")`, []string{"web/a.go: http.Get"}},
		{"web/a.go", `package web; import web "net/http"; var _ = &web.Client{}`, []string{"web/a.go: http.Client"}},
		{"web/a.go", `package web; import . "net/http"; var _, _ = Get("x")`, []string{"web/a.go: imports net/http without its name"}},
		{"web/a.go", `package web; import "net/http"; var get = http.DefaultClient.Do; var _ http.Transport`, []string{"web/a.go: http.DefaultClient", "web/a.go: http.Transport"}},
		{"collectors/definition.go", `package collectors; import "net/http"; var _ http.Client`, nil},
		{"collectors/definition.go", `package collectors; import "net/http"; var _ = http.DefaultTransport`, []string{"collectors/definition.go: http.DefaultTransport"}},
		{"collectors/x/a.go", `package x; import ("net"; "crypto/tls"); var _, _ = net.Dial, tls.Dial`, []string{"collectors/x/a.go: net.Dial", "collectors/x/a.go: tls.Dial"}},
		{"cmd/adalid/a.go", `package main; import "net/smtp"; var _ = smtp.SendMail`, []string{"cmd/adalid/a.go: smtp.SendMail"}},
		{"cmd/adalid/a.go", `package main; import "net"; var _, _ = net.Listen("tcp", ":0")`, nil},
	} {
		got, err := outboundFaults(fstest.MapFS{c.file: {Data: []byte(c.src)}})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %s\ngot %q, %v\nwant %q", c.file, c.src, got, err, c.want)
		}
	}
}
