package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"adalid/collectors"
	"adalid/collectors/all"
	"adalid/config"
	"adalid/web/api"
)

// canaries gives every secret of the configuration a value that nothing else has,
// as a settings file and as what must not show.
func canaries(t *testing.T) (path string, words []string) {
	t.Helper()
	file := map[string]map[string]string{}
	typ := reflect.TypeFor[config.Config]()
	for i := range typ.NumField() {
		section := typ.Field(i)
		for j := range section.Type.NumField() {
			f := section.Type.Field(j)
			if f.Type != reflect.TypeFor[config.Secret]() {
				continue
			}
			word := fmt.Sprintf("canary-%d-%d-0123456789abcdefghijkl", i, j)
			value := word
			switch tag := f.Tag.Get("validate"); {
			case strings.Contains(tag, "webhook"):
				value = "whsec_" + base64.StdEncoding.EncodeToString([]byte(word))
			case strings.Contains(tag, "privacykey"):
				value = base64.StdEncoding.EncodeToString([]byte(word)[:32])
			}
			words = append(words, word[:24], strings.TrimPrefix(value, "whsec_")[:24])
			name := section.Tag.Get("yaml")
			if file[name] == nil {
				file[name] = map[string]string{}
			}
			file[name][f.Tag.Get("yaml")] = value
		}
	}
	if len(file) < 4 {
		t.Fatal("the secrets of the configuration are not found:", file)
	}
	text, err := yaml.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "adalid.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, words
}

// canarySources adds a source of every kind, its sample with other secrets, and
// gives the secrets.
func canarySources(t *testing.T, dir string, flags ...string) (words []string) {
	t.Helper()
	for _, d := range all.All() {
		args := append(slices.Clone(flags), "source", "add", d.Name, "--name", "my-"+d.Name, "--file", filepath.Join("..", "..", "collectors", d.Name, "sample.yaml"))
		secret := false
		for i, f := range d.Fields {
			if !f.Secret || f.Kind != collectors.TextField {
				continue
			}
			word := fmt.Sprintf("canary%s%d0123456789abcdefghijklmnopqrs", strings.ReplaceAll(d.Name, "-", ""), i)
			args, words, secret = append(args, "--set", f.Key+"="+word), append(words, word), true
		}
		if secret {
			ok(t, dir, args...)
			ok(t, dir, append(slices.Clone(flags), "source", "edit", "my-"+d.Name, "--off")...) // nobody is to be asked
		} else if slices.Contains(d.Can, collectors.Keyless) {
			ok(t, dir, append(slices.Clone(flags), "source", "add", d.Name)...)
			ok(t, dir, append(slices.Clone(flags), "source", "edit", d.Name, "--off")...)
		}
	}
	if len(words) < 4 {
		t.Fatal("the secrets of the sources are not found:", words)
	}
	return words
}

// TestCanaries: the secrets of the configuration and of every kind of source are in
// no answer, no output, no log at its most talkative, no file.
func TestCanaries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, words := canaries(t)
	words = append(words, canarySources(t, dir, "--config", path)...)
	if !strings.Contains(settingsOf(t, dir, "ADALID_CONFIG="+path), words[len(words)-1]) {
		t.Fatal("the control: the secrets of sources are not stored")
	}
	for _, w := range slices.Clone(words) {
		words = append(words, base64.StdEncoding.EncodeToString([]byte(w))[:24], fmt.Sprintf("%x", w), strings.ToUpper(w))
	}
	seen := 0
	check := func(what, text string) {
		t.Helper()
		seen++
		for _, w := range words {
			if i := strings.Index(text, w); i >= 0 {
				t.Errorf("%s shows %s:\n%.300s", what, w, text[max(0, i-100):])
				return
			}
		}
	}
	for _, args := range [][]string{
		{"config", "check", path},
		{"config", "show"},
		{"doctor"},
		{"doctor", "--json"},
		{"source", "list"},
		{"source", "list", "--json"},
		{"source", "kinds", "x"},
		{"brand", "list"},
		{"source", "edit", "my-x", "--set", "days=0"},
		{"source", "edit", "my-x", "--set", "nothing=1"},
		{"source", "add", "my-x"},
		{"secrets", "rotate"},
		{"spending", "Tea"},
		{"backup", filepath.Join(t.TempDir(), "backup.db")},
	} {
		r := cli(t, dir, "", append([]string{"--config", path}, args...)...)
		check(strings.Join(args, " "), r.out+r.err)
		if args[0] == "backup" {
			b, err := os.ReadFile(args[1])
			if err != nil {
				t.Fatal(err)
			}
			check("the backup", string(b))
		}
	}
	s := serve(t, dir, []string{"ADALID_LOG_LEVEL=debug"}, "--demo", "--config", path)
	get := func(method, address, body string) {
		req, err := http.NewRequest(method, s.base+address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer wrong")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		check(method+" "+address, fmt.Sprint(resp.Header, string(text)))
	}
	var description struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/openapi.json")), &description); err != nil {
		t.Fatal(err)
	}
	brand := decode[api.BrandList](t, s.get("/api/v1/brands")).Items[0].Name
	for at, methods := range description.Paths {
		for method := range methods {
			address := strings.NewReplacer("{brand}", brand, "{source}", "my-x").Replace(at)
			if method = strings.ToUpper(method); method == http.MethodDelete || strings.HasSuffix(at, "/scans") || strings.HasSuffix(at, "/topics") {
				address += "?unknown=1"
			}
			get(method, api.Prefix+address, "{}")
			get(method, api.Prefix+address, `{"kind":"x","settings":{"days":0,"token":5,"x":[`)
			get(method, api.Prefix+address, `{"kind":"x","settings":{"days":0,"account":{}}}`)
		}
	}
	for _, address := range []string{"/metrics", "/lite", "/lite/brands/" + brand, "/", "/none", "/health", "/api/v1/sources/my-x"} {
		get(http.MethodGet, address, "")
	}
	check("the running database", files(t, dir))
	s.stop()
	check("the log", s.said())
	check("the database", files(t, dir))
	if !strings.Contains(s.said(), "level=DEBUG") && !strings.Contains(s.said(), "level=INFO") {
		t.Error("nothing was logged")
	}
	if seen < 150 {
		t.Errorf("only %d texts were looked at", seen)
	}
}

// files gives all that lies below a folder.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
