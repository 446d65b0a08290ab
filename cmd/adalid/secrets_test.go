package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors/all"
	"adalid/internal/scan"
	"adalid/internal/secret"
	"adalid/internal/store"
)

const (
	token    = "canary-token-of-a-test-0123456789"
	replaced = "canary-replaced-token-0123456789"
)

// holding lists the files below dir in which a text stands, in the form in which
// the files of a database could hold it.
func holding(t testing.TB, dir, text string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// clearSource stores a source as versions before this one did.
func clearSource(t testing.TB, dir string, settings ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetSource(t.Context(), scan.Source{Name: "x", Collector: "x", Settings: json.RawMessage(settings[0]), Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// This version overwrites what it replaces, earlier ones did not.
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName)+"?_pragma=secure_delete(0)")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range settings[1:] {
		if _, err := db.ExecContext(t.Context(), "UPDATE source SET settings = ?", text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func settingsOf(t testing.TB, dir string, environ ...string) string {
	t.Helper()
	a := &app{environ: environ, kinds: all.All(), dataDir: dir}
	a.err = new(bytes.Buffer)
	var text string
	err := a.withStore(t.Context(), func(s *store.Store) error {
		stored, err := s.Sources(t.Context())
		for _, x := range stored {
			text += string(x.Settings)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestSecretsAtRest: what an earlier version left readable is sealed at the next
// start, in the copy that is made before the schema changes, in free space and
// in the log too, and so is what is added.
func TestSecretsAtRest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := strings.Repeat("r", 40_000) // pages of its own, free when it is replaced
	clearSource(t, dir, `{"token":"`+replaced+long+`","days":3}`, `{"token":"`+replaced+`","days":7}`, `{"token":"`+token+`","days":7}`)
	for _, text := range []string{token, replaced} {
		if holding(t, dir, text) == nil {
			t.Fatal("the control: an earlier version leaves nothing readable")
		}
	}
	ok(t, dir, "source", "list")
	ok(t, dir, "source", "add", "youtube", "--set", "key=AIza"+token, "--set", "amendment_accepted_by=Ann", "--set", "amendment_accepted_on=2026-01-31")
	for _, text := range []string{token, replaced, long[:100]} {
		if names := holding(t, dir, text); names != nil {
			t.Errorf("%s stands in %q", text, names)
		}
	}
	if got := settingsOf(t, dir); !strings.Contains(got, `"`+token+`"`) || !strings.Contains(got, `"AIza`+token) || !strings.Contains(got, `"days":7`) {
		t.Errorf("opened as %s", got)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	ok(t, dir, "backup", backup)
	if names := holding(t, filepath.Dir(backup), token); names != nil {
		t.Error("the backup shows the token")
	}
}

// TestSecretsElsewhere: without the key everything but the secrets works, and
// what to do is said; with the key brought along everything works.
func TestSecretsElsewhere(t *testing.T) {
	t.Parallel()
	here, there := t.TempDir(), t.TempDir()
	ok(t, here, "source", "add", "x", "--set", "token="+token, "--set", "days=5")
	backup := filepath.Join(t.TempDir(), "backup.db")
	ok(t, here, "backup", backup)
	ok(t, there, "restore", backup)
	if listed := ok(t, there, "source", "list"); !strings.Contains(listed, "token=(secret) days=5") {
		t.Error(listed)
	}
	r := cli(t, there, "", "doctor")
	if r.code != 1 || !strings.Contains(r.out, `the keys of "x" cannot be read`) || !strings.Contains(r.out, secret.FileName) {
		t.Errorf("doctor: exit %d\n%s", r.code, r.out)
	}
	r = cli(t, there, "", "source", "edit", "x", "--set", "days=6")
	if r.code != 2 || !strings.Contains(r.err, `setting "token" was encrypted with another key`) {
		t.Errorf("edit: exit %d\n%s", r.code, r.err)
	}
	key, err := os.ReadFile(filepath.Join(here, secret.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if got := settingsOf(t, there, "ADALID_PRIVACY_KEY="+strings.Split(string(key), "\n")[1]); !strings.Contains(got, token) {
		t.Error("the key from the environment does not open:", got)
	}
	if err := os.WriteFile(filepath.Join(there, secret.FileName), key, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := settingsOf(t, there); !strings.Contains(got, token) {
		t.Error("the key that was brought along does not open:", got)
	}
	if out := ok(t, there, "doctor"); !strings.Contains(out, "can be read") {
		t.Error(out)
	}
	if err := os.Remove(filepath.Join(there, secret.FileName)); err != nil {
		t.Fatal(err)
	}
	ok(t, there, "source", "edit", "x", "--set", "token="+replaced)
	if got := settingsOf(t, there); !strings.Contains(got, replaced) || !strings.Contains(got, `"days":5`) {
		t.Error("set again:", got)
	}
}

// TestSecretsRotate: a process that is running reads what another one encrypted
// with a new key, and a rotation that is cut short loses nothing.
func TestSecretsRotate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "source", "add", "x", "--set", "token="+token)
	a := &app{kinds: all.All(), dataDir: dir}
	a.err = new(bytes.Buffer)
	sealed := func() string { // as it stands in the file
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stored, err := s.Sources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(stored[0].Settings)
	}
	before := sealed()
	old, err := secret.Load(secret.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = a.withStore(t.Context(), func(s *store.Store) error {
		read := func(what string) {
			stored, err := s.Sources(t.Context())
			if err != nil || !strings.Contains(string(stored[0].Settings), token) {
				t.Errorf("%s: %v, %v", what, stored, err)
			}
		}
		read("before")
		if out := ok(t, dir, "secrets", "rotate", "--json"); !strings.Contains(out, `"sources": 1`) {
			t.Error(out)
		}
		read("after")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	after := sealed()
	var values map[string]map[string]string
	if err := json.Unmarshal([]byte(after), &values); err != nil {
		t.Fatal(err)
	}
	_, openErr := old.Open(sourcePurpose, values["token"]["$sealed"], boundTo(scan.Source{Name: "x", Collector: "x"}, "token"))
	if after == before || openErr != secret.ErrOtherKey {
		t.Errorf("the old key opens what the new one sealed: %v", openErr)
	}
	// Cut short after the key was made: nothing is sealed with it yet.
	err = a.withStore(t.Context(), func(s *store.Store) error {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.Reseal(ctx, func() error {
			_, err := secret.Rotate(dir)
			cancel()
			return err
		})
		return err
	})
	if err == nil {
		t.Error("a rotation whose context ended succeeds")
	}
	if sealed() != after || !strings.Contains(settingsOf(t, dir), token) {
		t.Error("a rotation that was cut short changed something")
	}
}

// TestSealedIsBoundToItsSource: what was sealed for one source opens for no
// other, and nobody can put sealed text in by a setting.
func TestSealedIsBoundToItsSource(t *testing.T) {
	t.Parallel()
	a := &app{kinds: all.All(), dataDir: t.TempDir()}
	cfg, err := a.settings()
	if err != nil {
		t.Fatal(err)
	}
	v := a.vault(cfg)
	x := scan.Source{Name: "x", Collector: "x", Settings: json.RawMessage(`{"token":"` + token + `","days":7,"account":null}`)}
	sealed, err := v.Seal(x)
	if err != nil || strings.Contains(string(sealed), token) || !strings.Contains(string(sealed), `"days":7`) {
		t.Fatalf("%s, %v", sealed, err)
	}
	if again, err := v.Seal(scan.Source{Name: "x", Collector: "x", Settings: sealed}); err != nil || string(again) != string(sealed) {
		t.Errorf("sealed again: %s, %v", again, err)
	}
	for _, other := range []scan.Source{{Name: "y", Collector: "x"}, {Name: "x", Collector: "youtube"}} {
		other.Settings = sealed
		if got := v.Open(other); strings.Contains(string(got), token) {
			t.Errorf("%s of %s opens it", other.Name, other.Collector)
		}
	}
	if got, err := v.Seal(scan.Source{Name: "z", Collector: "gone", Settings: x.Settings}); err != nil || strings.Contains(string(got), "7") && strings.Contains(string(got), `"days":7`) {
		t.Errorf("of a kind that is not there something stays readable: %s, %v", got, err)
	}
	d, err := a.kindOf("x")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(sealed); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "another key") {
		t.Error(err)
	}
}
