package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid/collectors/all"
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
