package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"adalid"
	"adalid/internal/secret"
)

const vector = "a325fcc5695aebf577e814188eac2aeb78157a2c23d22136743710cf44da4e7a"

const given = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"

func load(t testing.TB, text string) secret.Key {
	t.Helper()
	k, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestParse(t *testing.T) {
	raw, _ := hex.DecodeString(given)
	want := load(t, given)
	for _, text := range []string{
		strings.ToUpper(given), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		"# a word\n  " + given + "  \r\n", "\n" + given + ",",
	} {
		if k := load(t, text); !bytes.Equal(k.Derive("x"), want.Derive("x")) {
			t.Errorf("%q is another key", text)
		}
	}
	for _, text := range []string{"", "#", "\n", given[2:], given + "00", "passphrase", given + " short", strings.Repeat(given+" ", 17), strings.Repeat("=", 43)} {
		k, err := secret.Parse(text)
		if adalid.CodeOf(err) != adalid.Invalid || !k.Zero() {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && len(text) > 8 && strings.Contains(err.Error(), text[:8]) {
			t.Errorf("the message shows the key: %v", err)
		}
	}
}

// The test vector was computed with another implementation of RFC 5869.
func TestDerive(t *testing.T) {
	k := load(t, given)
	if got := hex.EncodeToString(k.Derive("suppression")); got != vector {
		t.Errorf("derived %s, want %s", got, vector)
	}
	if bytes.Equal(k.Derive("a"), k.Derive("b")) || bytes.Equal(k.Derive("a"), load(t, strings.Repeat("ab", 32)).Derive("a")) {
		t.Error("another purpose or key derives the same")
	}
	if two := load(t, given+" "+strings.Repeat("cd", 32)); !bytes.Equal(two.Derive("a"), k.Derive("a")) || two.ID() != k.ID() || len(k.ID()) != 8 {
		t.Error("a newer key changes what is derived")
	}
	if z := (secret.Key{}); z.Derive("a") != nil || z.ID() != "" {
		t.Error("the zero key derives something")
	}
}

func TestSeal(t *testing.T) {
	old, other := load(t, given), load(t, strings.Repeat("ab", 32))
	both := load(t, given+"\n"+strings.Repeat("ab", 32))
	for _, plain := range []string{"", "token", strings.Repeat("x", 100_000)} {
		sealed, err := old.Seal("source", []byte(plain), []byte("a"))
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := old.Seal("source", []byte(plain), []byte("a")); again == sealed {
			t.Error("the nonce repeats")
		}
		if plain != "" && strings.Contains(sealed, plain) {
			t.Error("the text shows")
		}
		for _, k := range []secret.Key{old, both} {
			if got, err := k.Open("source", sealed, []byte("a")); err != nil || string(got) != plain {
				t.Errorf("opened %d bytes, %v", len(got), err)
			}
		}
		if !old.Fresh(sealed) || both.Fresh(sealed) || other.Fresh(sealed) {
			t.Error("Fresh does not tell the newest key")
		}
		for what, err := range map[string]error{
			"other key":     second(other.Open("source", sealed, []byte("a"))),
			"no key":        second(secret.Key{}.Open("source", sealed, []byte("a"))),
			"other purpose": second(old.Open("sources", sealed, []byte("a"))),
			"other place":   second(old.Open("source", sealed, []byte("b"))),
			"cut":           second(old.Open("source", sealed[:len(sealed)-4], []byte("a"))),
			"padded":        second(old.Open("source", sealed+"\n", []byte("a"))),
			"empty":         second(old.Open("source", "", []byte("a"))),
		} {
			want := secret.ErrDamaged
			if what == "other key" || what == "no key" {
				want = secret.ErrOtherKey
			}
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
	}
	if _, err := (secret.Key{}).Seal("source", nil, nil); err == nil {
		t.Error("the zero key seals")
	}
}

func second(_ []byte, err error) error { return err }

// Whatever stands where sealed text is expected, it opens only when it was sealed.
func FuzzOpen(f *testing.F) {
	k := load(f, given)
	const sealed = "ATXSgHcvnHinz-Bn9KxLdraGJ-TNbDEJhec0P4lDOHLneTYSRJo" // workers have to agree on it
	f.Add(sealed)
	f.Add(sealed[:7])
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, text string) {
		if plain, err := k.Open("source", text, []byte("a")); (err == nil) != (text == sealed) || err == nil && string(plain) != "token" {
			t.Fatalf("%q opens as %q, %v", text, plain, err)
		}
	})
}

func TestKeyStaysHidden(t *testing.T) {
	k := load(t, given)
	raw, _ := hex.DecodeString(given)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("key", "key", k)
	slog.New(slog.NewTextHandler(&log, nil)).Info("key", "key", k)
	j, _ := json.Marshal(struct{ K secret.Key }{k})
	all := fmt.Sprintf("%v %+v %#v %s %x %X %d %v", k, k, k, k, k, k, k, []any{&k}) + string(j) + log.String()
	for _, show := range []string{given[:16], base64.StdEncoding.EncodeToString(raw)[:12], "[1 2 3", "1, 2, 3", "0x1"} {
		if strings.Contains(strings.ToLower(all), strings.ToLower(show)) {
			t.Errorf("%s shows in\n%s", show, all)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	k, err := secret.Load(secret.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	again, err := secret.Load(secret.Options{Dir: dir})
	if err != nil || again.ID() != k.ID() {
		t.Fatal("another key the second time:", err)
	}
	other, err := secret.Load(secret.Options{Dir: dir, Given: given})
	if err != nil || other.ID() == k.ID() || other.ID() != load(t, given).ID() {
		t.Error("the given key does not win:", err)
	}
	if _, err := secret.Load(secret.Options{Dir: dir, Given: "nonsense"}); adalid.CodeOf(err) != adalid.Invalid {
		t.Error(err)
	}
	path := filepath.Join(dir, secret.FileName)
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
		t.Error("left behind:", names)
	}
	if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(secret.Options{Dir: dir}); adalid.CodeOf(err) != adalid.Unavailable {
		t.Error("a damaged file is made again or used:", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Load(secret.Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o604, 0o640, 0o620, 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Load(secret.Options{Dir: dir}); adalid.CodeOf(err) != adalid.Unavailable || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestRotate(t *testing.T) {
	dir := t.TempDir()
	if _, err := secret.Rotate(dir); err == nil {
		t.Error("rotates a key that is not there")
	}
	k, err := secret.Load(secret.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	first, err := k.Seal("p", []byte("x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		next, err := secret.Rotate(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := next.Open("p", first, nil); err != nil || next.Fresh(first) || next.ID() != k.ID() {
			t.Fatal("the first key is lost:", err)
		}
		sealed, err := next.Seal("p", []byte("y"), nil)
		if err != nil {
			t.Fatal(err)
		}
		read, err := secret.Load(secret.Options{Dir: dir})
		if got, openErr := read.Open("p", sealed, nil); err != nil || openErr != nil || string(got) != "y" || !read.Fresh(sealed) {
			t.Fatal("the file does not hold the new key:", err, openErr)
		}
		if _, err := k.Open("p", sealed, nil); !errors.Is(err, secret.ErrOtherKey) {
			t.Fatal("the old key opens:", err)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 1 {
		t.Error("left behind:", names)
	}
}

// Eight goroutines in each of four processes make the key of one folder.
func TestFirstUseAtOnce(t *testing.T) {
	const variable = "ADALID_TEST_SECRET_DIR"
	if dir := os.Getenv(variable); dir != "" {
		ids := at8(t, dir)
		fmt.Println("id", ids[0])
		return
	}
	for range 5 {
		dir := filepath.Join(t.TempDir(), "data")
		outs := make([][]byte, 4)
		var wait sync.WaitGroup
		for i := range outs {
			wait.Go(func() {
				cmd := exec.Command(os.Args[0], "-test.run=^TestFirstUseAtOnce$")
				cmd.Env = append(os.Environ(), variable+"="+dir)
				outs[i], _ = cmd.CombinedOutput()
			})
		}
		wait.Wait()
		want := "id " + at8(t, dir)[0]
		for _, out := range outs {
			if !strings.Contains(string(out), want) {
				t.Fatalf("want %s, a process says %s", want, out)
			}
		}
	}
}

func at8(t *testing.T, dir string) []string {
	ids := make([]string, 8)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			k, err := secret.Load(secret.Options{Dir: dir})
			if err != nil {
				t.Error(err)
			}
			ids[i] = k.ID()
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatal("not all get the same key:", ids)
		}
	}
	return ids
}
