package config_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid/config"
)

func TestEnvironmentOfEveryKey(t *testing.T) {
	env := map[string]string{
		"data.dir":                         "/var/lib/adalid",
		"server.address":                   "0.0.0.0:80",
		"server.hosts":                     " a.example, b.example,",
		"fetch.contact":                    "ops@brand.example",
		"fetch.allow_hosts":                "feeds.lan,10.0.0.7:8080",
		"alarms.mail_to":                   "team@brand.example",
		"mail.from":                        "adalid@brand.example",
		"mail.server":                      "mail.brand.example:587",
		"mail.user":                        "adalid",
		"mail.password":                    "invented-password",
		"mail.language":                    "es",
		"oidc.issuer":                      "https://login.brand.example",
		"oidc.client_id":                   "adalid",
		"oidc.client_secret":               "invented-secret",
		"server.public_url":                "https://advocates.brand.example",
		"alarms.webhook_url":               "https://hooks.brand.example/adalid",
		"alarms.webhook_secret":            "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u",
		"alarms.language":                  "es",
		"server.read_timeout":              "30s",
		"server.write_timeout":             "31s",
		"server.shutdown_timeout":          "32s",
		"server.max_upload":                "33MB",
		"server.metrics_token":             "invented-token-of-a-test",
		"server.key_rate":                  "2.5",
		"server.key_burst":                 "9",
		"log.level":                        "debug",
		"log.format":                       "json",
		"import.page_size":                 "101",
		"import.date_order":                "mdy",
		"import.timezone":                  "America/Lima",
		"ranking.half_life_days":           "7.5",
		"ranking.preset":                   "steady",
		"ranking.blend":                    "arithmetic",
		"ranking.brands_in_memory":         "7",
		"ranking.memory":                   "5MB",
		"youtube.derived_metrics_accepted": "true",
		"youtube.accepted_by":              "Invented: Person #1",
		"youtube.accepted_on":              "2026-01-31",
		"push.secret":                      "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u",
		"privacy.key":                      "aW52ZW50ZWQta2V5LW9mLWEtdGVzdC0tLS0tLS0tLS0=",
		"privacy.controller":               "Invented Ltd",
		"privacy.contact":                  "privacy@invented.example",
		"privacy.url":                      "https://people.invented.example",
	}
	want := config.Config{
		Data: config.Data{Dir: "/var/lib/adalid"},
		Server: config.Server{
			Address: "0.0.0.0:80", PublicURL: "https://advocates.brand.example", Hosts: []string{"a.example", "b.example"}, ReadTimeout: 30 * time.Second, WriteTimeout: 31 * time.Second,
			ShutdownTimeout: 32 * time.Second, MaxUpload: 33e6, MetricsToken: "invented-token-of-a-test", KeyRate: 2.5, KeyBurst: 9,
		},
		Log:   config.Log{Level: "debug", Format: "json"},
		Fetch: config.Fetch{Contact: "ops@brand.example", AllowHosts: []string{"feeds.lan", "10.0.0.7:8080"}},
		Alarms: config.Alarms{
			MailTo:     []string{"team@brand.example"},
			WebhookURL: "https://hooks.brand.example/adalid", WebhookSecret: "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u", Language: "es",
		},
		Mail:    config.Mail{From: "adalid@brand.example", Server: "mail.brand.example:587", User: "adalid", Password: "invented-password", Language: "es"},
		OIDC:    config.OIDC{Issuer: "https://login.brand.example", ClientID: "adalid", ClientSecret: "invented-secret"},
		Import:  config.Import{PageSize: 101, DateOrder: "mdy", Timezone: "America/Lima"},
		Ranking: config.Ranking{HalfLifeDays: 7.5, Preset: "steady", Blend: "arithmetic", BrandsInMemory: 7, Memory: 5e6},
		YouTube: config.YouTube{DerivedMetricsAccepted: true, AcceptedBy: "Invented: Person #1", AcceptedOn: "2026-01-31"},
		Push:    config.Push{Secret: "whsec_aW52ZW50ZWQtc2VjcmV0LW9mLWEtdGVzdC4u"},
		Privacy: config.Privacy{Key: "aW52ZW50ZWQta2V5LW9mLWEtdGVzdC0tLS0tLS0tLS0=", Controller: "Invented Ltd", Contact: "privacy@invented.example", URL: "https://people.invented.example"},
	}
	if key := want.Alarms.WebhookKey(); string(key) != "invented-secret-of-a-test.." || (config.Alarms{}).WebhookKey() != nil {
		t.Errorf("the key of alarms is %q", key)
	}
	if key := want.Push.Key(); string(key) != "invented-secret-of-a-test.." || (config.Push{}).Key() != nil {
		t.Errorf("the key is %q", key)
	}
	var environ []string
	for _, path := range structKeys("", reflect.TypeFor[config.Config]()) {
		value, ok := env[path]
		if !ok {
			t.Errorf("no value for %s in this test", path)
		}
		environ = append(environ, "ADALID_"+strings.ToUpper(strings.ReplaceAll(path, ".", "_"))+"="+value)
	}
	got, err := config.Load(config.Options{Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPrecedence(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("a.yaml", "log: {level: warn, format: json}\nserver: {hosts: [a.example, b.example], metrics_token: token-of-the-file-xx}\n")
	token := write("token", "\n  token-of-the-secret-file \r\n")
	got, err := config.Load(config.Options{Environ: []string{
		"ADALID_CONFIG=" + file, "ADALID_LOG_LEVEL=error", "ADALID_LOG_LEVEL=debug", "ADALID_LOG_FORMAT=", "ADALID_SERVER_HOSTS=c.example",
		"ADALID_SERVER_METRICS_TOKEN_FILE=" + token, "ADALID_SERVER_METRICS_TOKEN=",
		"ADALID_DATA=/x", "ADALID_WIRE_DIR=/x", "ADALID_TEST_POSTGRES=x", "ADALID_SLOW=1", "PATH=/bin", "ADALIDX=1", "broken",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Log.Level != "error" || got.Log.Format != "json" || got.Import.DateOrder != "auto" {
		t.Errorf("environment, file, default: %+v %+v", got.Log, got.Import)
	}
	if !slices.Equal(got.Server.Hosts, []string{"c.example"}) {
		t.Errorf("hosts %q", got.Server.Hosts)
	}
	if got.Server.MetricsToken.Reveal() != "token-of-the-secret-file" {
		t.Errorf("token %q", got.Server.MetricsToken.Reveal())
	}
	other := write("b.yaml", "log: {level: info}\n")
	got, err = config.Load(config.Options{Path: other, Environ: []string{"ADALID_CONFIG=" + file}})
	if err != nil || got.Log.Format != "text" {
		t.Errorf("a named file wins over ADALID_CONFIG: %+v, %v", got, err)
	}
}

func TestBadEnvironment(t *testing.T) {
	read := func(name string) ([]byte, error) {
		switch name {
		case "ok":
			return []byte("canary-of-a-file-long-enough"), nil
		case "short":
			return []byte("canary"), nil
		case "empty":
			return []byte(" \n"), nil
		case "large":
			return bytes.Repeat([]byte("canary"), 20_000), nil
		case "odd":
			return nil, errors.New("canary")
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	tests := []struct {
		name, want string
		environ    []string
	}{
		{"unknown", "ADALID_SERVER_ADRESS: unknown variable; did you mean ADALID_SERVER_ADDRESS?", []string{"ADALID_SERVER_ADRESS=x"}},
		{"unknown far from all", "ADALID_KUBERNETES_REPLICAS: unknown variable; no setting has this name", []string{"ADALID_KUBERNETES_REPLICAS=3"}},
		{"section left out", "ADALID_ADDRESS: unknown variable; did you mean ADALID_SERVER_ADDRESS?", []string{"ADALID_ADDRESS=x"}},
		{"lower case", "ADALID_log_level: unknown variable; did you mean ADALID_LOG_LEVEL?", []string{"ADALID_log_level=info"}},
		{"dots", "ADALID_LOG.LEVEL: unknown variable; did you mean ADALID_LOG_LEVEL?", []string{"ADALID_LOG.LEVEL=info"}},
		{"bare prefix", "ADALID_: unknown variable; no setting has this name", []string{"ADALID_=x"}},
		{"a file for what is no secret", "ADALID_LOG_LEVEL_FILE: unknown variable; did you mean ADALID_LOG_LEVEL?", []string{"ADALID_LOG_LEVEL_FILE=ok"}},
		{"near a variable of tests", "ADALID_TESTS: unknown variable; no setting has this name", []string{"ADALID_TESTS=x"}},
		{"duration", `ADALID_SERVER_READ_TIMEOUT: "30" is not a duration; write a number and its unit, such as 30s, 5m or 1h30m`, []string{"ADALID_SERVER_READ_TIMEOUT=30"}},
		{"size", `ADALID_SERVER_MAX_UPLOAD: "lots" is not a size; write a whole number and its unit, such as 500KB, 64MB or 2GiB`, []string{"ADALID_SERVER_MAX_UPLOAD=lots"}},
		{"size out of range", "ADALID_SERVER_MAX_UPLOAD: 1B is too small; at least 1KB", []string{"ADALID_SERVER_MAX_UPLOAD=1B"}},
		{"integer", `ADALID_IMPORT_PAGE_SIZE: "1e3" is not a whole number`, []string{"ADALID_IMPORT_PAGE_SIZE=1e3"}},
		{"number", `ADALID_RANKING_HALF_LIFE_DAYS: "inf" is not a number`, []string{"ADALID_RANKING_HALF_LIFE_DAYS=inf"}},
		{"bool", `ADALID_YOUTUBE_DERIVED_METRICS_ACCEPTED: "1" is neither true nor false`, []string{"ADALID_YOUTUBE_DERIVED_METRICS_ACCEPTED=1"}},
		{"choice", `ADALID_LOG_LEVEL: "warning" is not one of debug, info, warn, error; did you mean "warn"?`, []string{"ADALID_LOG_LEVEL=warning"}},
		{"list entry", `ADALID_SERVER_HOSTS: "b:80" is not a host name; write it without scheme, port and path, such as advocates.example.org`, []string{"ADALID_SERVER_HOSTS=a.example,b:80"}},
		{"amendment", "ADALID_YOUTUBE_DERIVED_METRICS_ACCEPTED: needs youtube.accepted_by and youtube.accepted_on: who accepted the amendment, and on which day", []string{"ADALID_YOUTUBE_DERIVED_METRICS_ACCEPTED=true"}},
		{"control characters", `ADALID_LOG_LEVEL: "a\x1b[31mb\n" is not one of debug, info, warn, error`, []string{"ADALID_LOG_LEVEL=a\x1b[31mb\n"}},
		{"short secret", "ADALID_SERVER_METRICS_TOKEN: must have at least 16 characters", []string{"ADALID_SERVER_METRICS_TOKEN=canary"}},
		{"both", "ADALID_SERVER_METRICS_TOKEN_FILE: both it and ADALID_SERVER_METRICS_TOKEN are set; keep one", []string{"ADALID_SERVER_METRICS_TOKEN=canary-long-enough", "ADALID_SERVER_METRICS_TOKEN_FILE=ok"}},
		{"missing file", "ADALID_SERVER_METRICS_TOKEN_FILE: the file it names cannot be read: file does not exist", []string{"ADALID_SERVER_METRICS_TOKEN_FILE=canary-itself"}},
		{"odd error", "ADALID_SERVER_METRICS_TOKEN_FILE: the file it names cannot be read", []string{"ADALID_SERVER_METRICS_TOKEN_FILE=odd"}},
		{"empty file", "ADALID_SERVER_METRICS_TOKEN_FILE: the file it names is empty", []string{"ADALID_SERVER_METRICS_TOKEN_FILE=empty"}},
		{"large file", "ADALID_SERVER_METRICS_TOKEN_FILE: the file it names is larger than 64KiB", []string{"ADALID_SERVER_METRICS_TOKEN_FILE=large"}},
		{"short secret in a file", "ADALID_SERVER_METRICS_TOKEN_FILE: must have at least 16 characters", []string{"ADALID_SERVER_METRICS_TOKEN_FILE=short"}},
		{
			"several", "ADALID_LOG_FORMAT: \"xml\" is not one of text, json\nADALID_LOG_LEVEL: \"loud\" is not one of debug, info, warn, error",
			[]string{"ADALID_LOG_LEVEL=loud", "ADALID_LOG_FORMAT=xml"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Load(config.Options{Environ: tt.environ, ReadFile: read})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the message shows a secret: %v", err)
			}
		})
	}
}
