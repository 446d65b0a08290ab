package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/all"
	"adalid/internal/store"
)

// TestSampleSettings: the sample.yaml of every kind of source is one that can be
// checked and added as it is.
func TestSampleSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, d := range all.All() {
		sample := filepath.Join("..", "..", "collectors", d.Name, "sample.yaml")
		ok(t, dir, "config", "check", "--source", d.Name, sample)
		ok(t, dir, "source", "add", d.Name, "--file", sample, "--name", "my-"+d.Name)
	}
	listed := ok(t, dir, "source", "list", "--format", "csv")
	for _, want := range []string{"my-x,x,", "token=(secret) account=@acmecafe days=7", "my-youtube,youtube,"} {
		if !strings.Contains(listed, want) {
			t.Errorf("%q is not among the sources:\n%s", want, listed)
		}
	}
	if strings.Contains(listed, "EXAMPLE-EXAMPLE") {
		t.Error("the list shows a secret")
	}
}

// TestSettingsOfSourcesAreChecked: what a source cannot be made from is refused
// when it is entered, not at the first scan, and what is missing comes with
// where to get it.
func TestSettingsOfSourcesAreChecked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "source.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"source", "add", "x"}, `setting "token" is missing; get it at https://console.x.com`},
		{[]string{"source", "add", "youtube", "--set", "amendment_accepted_by=Ann", "--set", "amendment_accepted_on=2026-01-31"}, "https://console.cloud.google.com/apis/credentials"},
		{[]string{"source", "add", "x", "--set", "token=t", "--set", "days=0"}, `"days"`},
		{[]string{"source", "add", "x", "--file", file("token: [canary"), "--set", "token=t"}, "no settings of a source"},
		{[]string{"source", "add", "x", "--file", file("- canary")}, "no settings of a source"},
		{[]string{"source", "add", "x", "--file", file("bearer_token: canary")}, `no setting "bearer_token"`},
		{[]string{"source", "add", "x", "--file", filepath.Join(dir, "none.yaml")}, "cannot read the settings"},
		{[]string{"config", "check", "--source", "x", file("days: 7")}, `"token" is missing`},
		{[]string{"config", "check", "--source", "tiktok", file("days: 7")}, "there is no kind of source"},
	} {
		r := cli(t, dir, "", c.args...)
		if r.code != 2 && r.code != 1 || !strings.Contains(r.err, c.want) || strings.Contains(r.err, "canary") {
			t.Errorf("%q: exit %d, want %q\n%s", c.args, r.code, c.want, r.err)
		}
	}
}

// TestExamplesNameSettings: the settings in the examples of the help are those
// of their kinds.
func TestExamplesNameSettings(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, d := range all.All() {
		for _, f := range d.Fields {
			kinds[d.Name+" "+f.Key] = true
		}
	}
	seen := 0
	for line := range strings.Lines((&app{kinds: all.All()}).sourceAdd().Example) {
		words := strings.Fields(line)
		for i, w := range words {
			if w != "--set" {
				continue
			}
			key, _, _ := strings.Cut(words[i+1], "=")
			if seen++; !kinds[words[3]+" "+key] {
				t.Errorf("%s has no setting %q: %s", words[3], key, line)
			}
		}
	}
	if seen < 3 {
		t.Errorf("%d settings in the examples", seen)
	}
}

// TestDoctorOfPlatforms asks a platform of every kind that refuses: each is told
// in one line what is wrong, and where its keys come from; one that answers is
// fine.
func TestDoctorOfPlatforms(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"error":"no"}`))
	}))
	defer refusing.Close()
	dir := t.TempDir()
	settings := filepath.Join(dir, "adalid.yaml")
	text := "data:\n  dir: " + dir + "\nfetch:\n  allow_hosts: [" + strings.TrimPrefix(refusing.URL, "http://") + "]\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var kinds []collectors.Definition
	for _, d := range all.All() {
		if slices.Contains(d.Can, collectors.Probe) {
			kinds = append(kinds, toward(d, refusing.URL))
		}
	}
	kinds = append(kinds, newForum(0).open().definition("forum"))
	var out, errs strings.Builder
	a := &app{streams: streams{strings.NewReader(""), &out, &errs}, now: time.Now, kinds: kinds}
	root := func(args ...string) error {
		out.Reset()
		r := a.root()
		r.SetArgs(append([]string{"--config", settings}, args...))
		return r.ExecuteContext(context.Background())
	}
	for _, d := range kinds {
		args := []string{"source", "add", d.Name, "--file", filepath.Join("..", "..", "collectors", d.Name, "sample.yaml")}
		if d.Name == "forum" {
			args = []string{"source", "add", d.Name, "--set", "token=good"}
		}
		if err := root(args...); err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
	}
	if err := root("doctor", "--platforms", "--json"); err == nil {
		t.Error("doctor is content with platforms that refuse")
	}
	findings := decode[[]finding](t, out.String())
	for _, d := range kinds {
		i := slices.IndexFunc(findings, func(f finding) bool { return f.Check == d.Name })
		if i < 0 {
			t.Errorf("nothing is said of %s", d.Name)
			continue
		}
		f := findings[i]
		if d.Name == "forum" {
			if f.Severity != store.Fine {
				t.Errorf("a platform that answers: %+v", f)
			}
			continue
		}
		needsKeys := d.KeysAt != "" && !slices.Contains(d.Can, collectors.Keyless)
		if f.Severity != store.Broken || strings.Contains(f.Message, "\n") || needsKeys && !strings.Contains(f.Message, d.KeysAt) {
			t.Errorf("%s: %s %q, want where keys are got: %s", d.Name, f.Severity, f.Message, d.KeysAt)
		}
		t.Logf("%s: %s", d.Name, f.Message)
	}
}

// toward is a kind whose requests all go to one server.
func toward(d collectors.Definition, server string) collectors.Definition {
	made := d.New
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		s.HTTP = elsewhere{s.HTTP, strings.TrimPrefix(server, "http://")}
		return made(s)
	}
	return d
}

type elsewhere struct {
	collectors.Doer
	host string
}

func (e elsewhere) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = "http", e.host, ""
	return e.Doer.Do(r)
}
