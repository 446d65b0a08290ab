package config_test

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"adalid/config"
)

var update = flag.Bool("update", false, "write the expected messages")

// canary marks the invented secrets of the fixtures; no message may hold it.
const canary = "canary"

func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil || len(files) < 45 {
		t.Fatalf("%d wrong configurations (%v), want 45 or more", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".bad.yaml"), func(t *testing.T) {
			name := filepath.ToSlash(path)
			err := config.Check(name)
			var problems *config.Error
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want a *config.Error", err)
			}
			got := err.Error() + "\n"
			if strings.Contains(got, canary) || strings.Contains(got, "98213465720984561") {
				t.Fatalf("the message shows a secret:\n%s", got)
			}
			golden := strings.TrimSuffix(path, ".yaml") + ".want"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// defaults are what default.yaml says; written out so that a change is seen.
func defaults() config.Config {
	return config.Config{
		Data: config.Data{Dir: "data"},
		Server: config.Server{
			Address: "127.0.0.1:8080", ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
			ShutdownTimeout: 10 * time.Second, MaxUpload: 1e9, KeyRate: 20, KeyBurst: 100,
		},
		Log:     config.Log{Level: "info", Format: "text"},
		Alarms:  config.Alarms{Language: "en"},
		Mail:    config.Mail{Language: "en"},
		Import:  config.Import{PageSize: 32000, DateOrder: "auto", Timezone: "UTC"},
		Ranking: config.Ranking{HalfLifeDays: 30, Preset: "balanced", Blend: "geometric", BrandsInMemory: 16, Memory: 1e9},
	}
}

func changed(change func(c *config.Config)) config.Config {
	c := defaults()
	change(&c)
	return c
}

func TestGoodFiles(t *testing.T) {
	want := map[string]config.Config{
		"empty":          defaults(),
		"only_comments":  defaults(),
		"empty_sections": defaults(),
		"one_key":        changed(func(c *config.Config) { c.Log.Level = "debug" }),
		"flow": changed(func(c *config.Config) {
			c.Server.Address, c.Server.Hosts, c.Log.Format = "[::1]:9000", []string{"a.example", "10.0.0.7"}, "json"
		}),
		"byte_order_mark_and_crlf": changed(func(c *config.Config) { c.Server.Address, c.Server.Hosts = ":0", []string{"a.example"} }),
		"every_key": {
			Data: config.Data{Dir: "/var/lib/adalid"},
			Server: config.Server{
				Address: "0.0.0.0:80", PublicURL: "https://advocates.brand.example", Hosts: []string{"advocates.example.org"}, ReadTimeout: 30 * time.Second,
				WriteTimeout: 90 * time.Minute, ShutdownTimeout: time.Second, MaxUpload: 2 << 30, MetricsToken: "invented-token-of-a-test", KeyRate: .5, KeyBurst: 3,
			},
			Log:   config.Log{Level: "warn", Format: "json"},
			Fetch: config.Fetch{Contact: "ops@brand.example", AllowHosts: []string{"feeds.lan", "10.0.0.7:8080", "[::1]:9000"}},
			Alarms: config.Alarms{
				MailTo:     []string{"team@brand.example", "ops@brand.example"},
				WebhookURL: "https://hooks.brand.example/adalid", WebhookSecret: "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u", Language: "es",
			},
			Mail:    config.Mail{From: "adalid@brand.example", Server: "mail.brand.example:587", User: "adalid", Password: "invented-password", Language: "es"},
			OIDC:    config.OIDC{Issuer: "https://login.brand.example", ClientID: "adalid", ClientSecret: "invented-secret"},
			Import:  config.Import{PageSize: 100, DateOrder: "dmy", Timezone: "Europe/Madrid"},
			Ranking: config.Ranking{HalfLifeDays: 7.5, Preset: "far-reach", Blend: "arithmetic", BrandsInMemory: 3, Memory: 64e6},
			YouTube: config.YouTube{DerivedMetricsAccepted: true, AcceptedBy: "Invented Person", AcceptedOn: "2026-01-31"},
			Push:    config.Push{Secret: "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u"},
			Privacy: config.Privacy{Key: "aW52ZW50ZWQta2V5LW9mLWEtdGVzdC0tLS0tLS0tLS0=", Controller: "Invented Ltd", Contact: "privacy@invented.example", URL: "https://people.invented.example"},
		},
		"document_markers": changed(func(c *config.Config) { c.Log.Level = "error" }),
		"block_text":       changed(func(c *config.Config) { c.Data.Dir, c.YouTube.AcceptedBy = "/var/lib/adalid", "Invented Person" }),
		"quoted_keys":      changed(func(c *config.Config) { c.Log.Level = "debug" }),
		"sizes":            changed(func(c *config.Config) { c.Server.MaxUpload = 500e3 }),
		"limits": changed(func(c *config.Config) {
			c.Server.ReadTimeout, c.Server.WriteTimeout, c.Server.ShutdownTimeout = 24*time.Hour, time.Second, 10*time.Minute
			c.Server.MaxUpload, c.Import.PageSize, c.Ranking.HalfLifeDays, c.Ranking.BrandsInMemory = 100e9, 50000, 3650, 1
		}),
	}
	files, _ := filepath.Glob("testdata/*.good.yaml")
	if len(files) != len(want) {
		t.Errorf("%d files for %d expectations", len(files), len(want))
	}
	for name, want := range want {
		path := "testdata/" + name + ".good.yaml"
		got, err := config.Load(config.Options{Path: path})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want.Server.Hosts == nil {
			got.Server.Hosts = append([]string(nil), got.Server.Hosts...)
		}
		if want.Fetch.AllowHosts == nil {
			got.Fetch.AllowHosts = append([]string(nil), got.Fetch.AllowHosts...)
		}
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if err := config.Check(path); err != nil {
			t.Errorf("%s: Check: %v", name, err)
		}
	}
}

// Every key of the struct stands in default.yaml below a comment of its own,
// and default.yaml has no others (Load refuses unknown ones).
func TestDefaultDescribesEveryKey(t *testing.T) {
	if _, err := config.Load(config.Options{}); err != nil {
		t.Fatal(err)
	}
	var sections map[string]map[string]any
	if err := yaml.Unmarshal(config.Default(), &sections); err != nil {
		t.Fatal(err)
	}
	var inFile []string
	for section, keys := range sections {
		for key := range maps.Keys(keys) {
			inFile = append(inFile, section+"."+key)
		}
	}
	slices.Sort(inFile)
	inStruct := structKeys("", reflect.TypeFor[config.Config]())
	slices.Sort(inStruct)
	if diff := cmp.Diff(inStruct, inFile); diff != "" {
		t.Errorf("-struct +default.yaml:\n%s", diff)
	}
	lines := strings.Split(string(config.Default()), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "  #") && !strings.HasPrefix(lines[i-1], "  # ") {
			t.Errorf("default.yaml:%d: no comment above %q", i+1, line)
		}
	}
}

func structKeys(section string, typ reflect.Type) []string {
	var list []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		if path := section + f.Tag.Get("yaml"); f.Type.Kind() == reflect.Struct {
			list = append(list, structKeys(path+".", f.Type)...)
		} else {
			list = append(list, path)
		}
	}
	return list
}

func TestFilesThatCannotBeRead(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.yaml")
	for _, err := range []error{config.Check(missing), config.Check(t.TempDir()), config.Check("")} {
		var problems *config.Error
		if err == nil || errors.As(err, &problems) {
			t.Errorf("got %v, want an error of reading", err)
		}
	}
	if err := config.Check(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no fs.ErrNotExist", err)
	}
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, bytes.Repeat([]byte("# x\n"), 20_000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := config.Check(large); err == nil || !strings.Contains(err.Error(), "larger than 64KiB") {
		t.Errorf("a large file: %v", err)
	}
}

func TestSizeString(t *testing.T) {
	for size, want := range map[config.Size]string{0: "0B", 1: "1B", 1000: "1KB", 1024: "1KiB", 64 << 20: "64MiB", 256e6: "256MB", 1e12: "1TB", 1500: "1500B"} {
		if got := size.String(); got != want {
			t.Errorf("%d: %s, want %s", int64(size), got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(config.Default(), "ADALID_LOG_LEVEL=info")
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "ADALID_SERVER_METRICS_TOKEN_FILE=settings.yaml")
	}
	f.Fuzz(func(t *testing.T, text []byte, variable string) {
		c, err := config.Load(config.Options{
			Path: "settings.yaml", Environ: []string{variable},
			ReadFile: func(string) ([]byte, error) { return text, nil },
		})
		if (c == nil) != (err != nil) {
			t.Fatalf("config %v, error %v", c, err)
		}
		var problems *config.Error
		if err == nil {
			return
		}
		if !errors.As(err, &problems) || len(problems.Problems) == 0 {
			t.Fatalf("error %v of type %T", err, err)
		}
		for _, p := range problems.Problems {
			if p.Message == "" || p.Source == "default.yaml" || strings.ContainsAny(p.Message, "\x1b\r\n") {
				t.Fatalf("problem %+v", p)
			}
		}
	})
}
