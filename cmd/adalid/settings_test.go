package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"adalid/collectors/file"
	"adalid/config"
	"adalid/scoring"
	"adalid/web/api"
)

// TestSettingsNameWhatThereIs: the words that config accepts, that the shell
// offers and that the parts know are the same.
func TestSettingsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	allowed := func(section any, field string) []string {
		f, ok := reflect.TypeOf(section).FieldByName(field)
		if !ok {
			t.Fatalf("config has no field %s", field)
		}
		_, list, ok := strings.Cut(f.Tag.Get("validate"), "oneof=")
		if !ok {
			t.Fatalf("config.%s is no choice: %s", field, f.Tag)
		}
		return strings.Fields(list)
	}
	if got := allowed(config.Ranking{}, "Preset"); !slices.Equal(got, scoring.Presets()) {
		t.Errorf("config knows the presets %q, scoring %q", got, scoring.Presets())
	}
	blends := allowed(config.Ranking{}, "Blend")
	for _, name := range blends {
		if b, err := scoring.ParseBlend(name); err != nil || string(b) != name {
			t.Errorf("config knows the blend %q, scoring does not: %v", name, err)
		}
	}
	if want := []string{string(string(scoring.Geometric)), string(string(scoring.Arithmetic))}; !slices.Equal(blends, want) || !slices.Equal(choices("rank", "blend"), want) {
		t.Errorf("config knows the blends %q, scoring %q, the shell %q", blends, want, choices("rank", "blend"))
	}
	orders := allowed(config.Import{}, "DateOrder")
	for _, name := range slices.Concat(orders, choices("import", "date-order")) {
		if o, err := file.ParseDateOrder(name); err != nil || string(o) != name || !slices.Contains(orders, name) {
			t.Errorf("the date order %q: %v", name, err)
		}
	}
	for _, name := range choices("import", "format") {
		if f, err := file.ParseFormat(name); err != nil || string(f) != name {
			t.Errorf("the shell offers the format %q: %v", name, err)
		}
	}
	if _, err := file.ParseFormat("?"); err == nil || !strings.Contains(err.Error(), strings.Join(choices("import", "format"), ", ")) {
		t.Errorf("the formats are %v, the shell offers %q", err, choices("import", "format"))
	}
	for _, kind := range choices("edges", "kind") {
		if _, err := edgeKinds([]string{kind}); err != nil {
			t.Error(err)
		}
	}
}

// TestSettingsReachTheCommands: a file and the environment change what commands
// do, flags win over both.
func TestSettingsReachTheCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "below", "data")
	settings := filepath.Join(dir, "adalid.yaml")
	text := "data:\n  dir: " + data + "\nranking:\n  preset: steady\n  blend: arithmetic\nimport:\n  timezone: Europe/Madrid\n  date_order: dmy\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(dir, "t.csv")
	if err := os.WriteFile(table, []byte("id,text,author,date\n1,tea,ann,03/04/2026 10:00\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := func(environ []string, args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if code := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs}, environ); code != 0 {
			t.Fatalf("%v: exit %d\n%s", args, code, errs.String())
		}
		return out.String()
	}
	with(nil, "--config", settings, "import", "--brand", "Tea", table)
	if _, err := os.Stat(filepath.Join(data, "adalid.db")); err != nil {
		t.Error("data.dir is not where the database is:", err)
	}
	environ := []string{"ADALID_CONFIG=" + settings}
	if out := with(environ, "authors", "Tea", "--format", "csv"); !strings.Contains(out, "2026-04-03T08:00:00Z") {
		t.Errorf("date_order and timezone of the settings are not used:\n%s", out)
	}
	weights, _ := scoring.Preset("steady")
	list := decode[api.AdvocateList](t, with(environ, "rank", "Tea", "--json"))
	if list.Receipt.Blend != string(scoring.Arithmetic) || list.Receipt.Weights.Volume != weights[1] {
		t.Errorf("preset and blend of the settings are not used: %s, %v", list.Receipt.Blend, list.Receipt.Weights)
	}
	list = decode[api.AdvocateList](t, with(append(environ, "ADALID_RANKING_BLEND=geometric"), "rank", "Tea", "--json", "--preset", "balanced"))
	weights, _ = scoring.Preset("balanced")
	if list.Receipt.Blend != string(scoring.Geometric) || list.Receipt.Weights.Volume != weights[1] {
		t.Errorf("the environment and flags do not win: %s, %v", list.Receipt.Blend, list.Receipt.Weights)
	}
	with(environ, "import", "--brand", "Other", "--date-order", "mdy", "--timezone", "UTC", table)
	if out := with(environ, "authors", "Other", "--format", "csv"); !strings.Contains(out, "2026-03-04T10:00:00Z") {
		t.Errorf("flags do not win over the settings:\n%s", out)
	}
}
