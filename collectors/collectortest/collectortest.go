// Package collectortest is the suite that every collector passes: that its
// definition is complete, that recorded answers give the expected pages, and
// that a source which fails or lies is never taken for one without mentions.
package collectortest

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"adalid/collectors"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Run holds the collector in the current folder to the contract.
func Run(t *testing.T, d collectors.Definition) {
	t.Run("definition", func(t *testing.T) { definition(t, d) })
	t.Run("readme", func(t *testing.T) { readme(t, d) })
	t.Run("sample", func(t *testing.T) {
		if _, err := d.New(Setup(d, Sample(t), noNetwork{})); err != nil {
			t.Errorf("sample.yaml: %v", err)
		}
	})
	t.Run("cases", func(t *testing.T) { cases(t, d) })
	t.Run("refusals", func(t *testing.T) { Refusals(t, d, ".", plain) })
}

// Languages are those in which a definition speaks to people.
var Languages = []string{"en", "es"}

func definition(t *testing.T, d collectors.Definition) {
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != filepath.Base(folder) || d.Platform == "" || d.New == nil {
		t.Errorf("definition %q in folder %s: name, platform and New are needed, the name is the folder's", d.Name, folder)
	}
	labels := map[string]collectors.Label{"title": d.Title, "about": d.About}
	keys := map[string]bool{}
	for _, f := range d.Fields {
		if keys[f.Key] || f.Key != strings.ToLower(f.Key) {
			t.Errorf("field %q is there twice, or not in lower case", f.Key)
		}
		keys[f.Key] = true
		labels["field "+f.Key] = f.Title
		if len(f.Help) > 0 {
			labels["help of field "+f.Key] = f.Help
		}
		if f.Required && slices.Contains(d.Can, collectors.Keyless) {
			t.Errorf("field %q is required of a source that needs no setting", f.Key)
		}
		if f.Kind == collectors.ChoiceField && !slices.Contains(f.Options, f.Default) {
			t.Errorf("field %q: default %q is no option", f.Key, f.Default)
		}
	}
	for _, c := range d.Costs {
		labels["cost "+c.Unit] = c.Title
	}
	for what, label := range labels {
		for _, lang := range Languages {
			if strings.TrimSpace(label[lang]) == "" {
				t.Errorf("%s has no text in %q", what, lang)
			}
		}
	}
	collector, err := d.New(Setup(d, Sample(t), noNetwork{}))
	if err != nil {
		t.Fatal(err)
	}
	for capability, has := range capabilities(collector) {
		if has != slices.Contains(d.Can, capability) {
			t.Errorf("capability %s: declared %v, implemented %v", capability, !has, has)
		}
	}
}

func capabilities(c collectors.Collector) map[collectors.Capability]bool {
	_, check := c.(collectors.Checker)
	_, hydrate := c.(collectors.Hydrator)
	_, probe := c.(collectors.Prober)
	_, stream := c.(collectors.Streamer)
	return map[collectors.Capability]bool{collectors.Check: check, collectors.Hydrate: hydrate, collectors.Probe: probe, collectors.Stream: stream}
}

// headings are what the README of every collector tells.
var headings = []string{"## What it reads", "## Access and keys", "## Limits", "## Cost", "## Terms", "## Settings", "## Try it"}

func readme(t *testing.T, d collectors.Definition) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headings {
		if !bytes.Contains(text, []byte("\n"+h+"\n")) {
			t.Errorf("README.md has no heading %q", h)
		}
	}
	sample, err := os.ReadFile("sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, bytes.TrimSpace(sample)) {
		t.Error("README.md does not hold sample.yaml as it is")
	}
	for _, f := range d.Fields {
		if !bytes.Contains(text, []byte("`"+f.Key+"`")) {
			t.Errorf("README.md does not tell of the setting `%s`", f.Key)
		}
	}
}

// Sample reads the settings of sample.yaml in the current folder.
func Sample(t *testing.T) map[string]any { return SampleIn(t, ".") }

// SampleIn reads the settings of sample.yaml in a collector's folder.
func SampleIn(t *testing.T, folder string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]any{}
	if err := yaml.Unmarshal(text, &settings); err != nil {
		t.Fatalf("sample.yaml: %v", err)
	}
	return settings
}

// Now is the time in every test that does not say another.
var Now = time.Date(2026, 10, 21, 12, 0, 0, 0, time.UTC)

// Setup gives a collector its settings with the defaults of the definition filled in, as
// the product does.
func Setup(d collectors.Definition, settings map[string]any, http collectors.Doer) collectors.Setup {
	return collectors.Setup{
		Decode: func(into any) error {
			text, err := json.Marshal(settings)
			if err != nil {
				return err
			}
			return d.Decode(text, into)
		},
		HTTP:  http,
		Now:   func() time.Time { return Now },
		Meter: collectors.Free{},
	}
}

// noNetwork fails every request: nothing may be sent before Collect.
type noNetwork struct{}

func (noNetwork) Do(r *http.Request) (*http.Response, error) {
	return nil, collectors.Errorf(collectors.Transient, "no request to %s was expected", r.URL.Host)
}

// rewritten sends every request to a test server, whatever its host.
type rewritten struct {
	server *url.URL
	limits collectors.Limits
	client *http.Client
}

// plain is a Doer without any politeness.
func plain(t *testing.T, d collectors.Definition, server string) collectors.Doer {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       5 * time.Second,
	}
	return rewritten{to, d.Limits, client}
}

func (w rewritten) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = w.server.Scheme, w.server.Host, ""
	answer, err := w.client.Do(r)
	if err != nil {
		return nil, &collectors.Error{Kind: collectors.Transient, Message: "the platform did not answer", Err: err}
	}
	return answer, w.limits.Refused(answer, Now)
}
