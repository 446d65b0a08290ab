package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"adalid/config"
)

// Excerpts hide what follows a key that sounds secret, so every secret must.
func TestSecretsSoundSecret(t *testing.T) {
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := f.Tag.Get("yaml")
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type)
			}
			if f.Type == reflect.TypeFor[config.Secret]() && !strings.Contains(name, "token") && !strings.Contains(name, "secret") &&
				!strings.Contains(name, "password") && !strings.Contains(name, "key") {
				t.Errorf("the secret %s has a name that excerpts do not hide", name)
			}
		}
	}
	walk(reflect.TypeFor[config.Config]())
}

func TestSecretsStayHidden(t *testing.T) {
	c, err := config.Load(config.Options{Environ: []string{"ADALID_SERVER_METRICS_TOKEN=canary-long-enough"}})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "config", c, "token", c.Server.MetricsToken)
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "config", c, "token", c.Server.MetricsToken)
	j, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	y, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Server.MetricsToken
	all := fmt.Sprintf("%v %+v %#v %s %q %x %X %d %v", c, *c, c, s, s, s, s, s, []any{s, &s}) + string(j) + string(y) + log.String()
	if strings.Contains(all, canary) || strings.Contains(strings.ToLower(all), fmt.Sprintf("%x", canary)) {
		t.Errorf("the secret shows in\n%s", all)
	}
	if s.Reveal() != "canary-long-enough" || config.Secret("").String() != "" {
		t.Error("Reveal or an empty secret is wrong")
	}
}

// Whatever follows a secret and however it is opened, no message holds it.
func FuzzSecretInFile(f *testing.F) {
	openings := []string{"", `"`, "'", "[", "{", "|\n    ", "\n    ", "\n    - ", "&a ", "!!int ", "{a: "}
	for i := range openings {
		for _, after := range []string{"", "\n", ": x", "\n  adress: 1", "\"", "']", "\n\tx", "\n x: [", "}", "\n---\na: 1", ", metrics_token: 1", " # x\n  metrics_token: 2"} {
			f.Add(uint8(i), after)
		}
	}
	f.Fuzz(func(t *testing.T, opening uint8, after string) {
		text := "server:\n  metrics_token: " + openings[int(opening)%len(openings)] + canary + after
		_, err := config.Load(config.Options{Path: "settings.yaml", ReadFile: func(string) ([]byte, error) { return []byte(text), nil }})
		if err != nil && !strings.Contains(after, "can") && strings.Contains(err.Error(), canary) {
			t.Fatalf("the message about\n%s\nis\n%v", text, err)
		}
	})
}
