package account

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"adalid"
)

func TestWeak(t *testing.T) {
	const email = "ana.ruiz@brand.example"
	for password, want := range map[string]Weakness{
		"tres tristes tigres": "", "ñandú ñandú!": "", strings.Repeat("palabra ", 128): "", "Áéíóú-ñandú-7": "",
		"elevenchars": TooShort, "ññññññ": TooShort, "": TooShort,
		strings.Repeat("long", 257): TooLong,
		email:                       LikeAddress, "Ana.Ruiz@Brand.Example": LikeAddress, "ana.ruiz2026!": "", "ana.ruiz2026": LikeAddress,
		"Password1234": Common, "password password": Common, "contraseña2026!": Common, "qwertyuiop123": Common, "aaaaaaaaaaaaaa": Common, "1234567890123456": Common,
		"correct horse battery staple": Common, "a password of mine": "",
		"\xff\xfe............": NoText,
	} {
		if got := Weak(password, email); got != want {
			t.Errorf("Weak(%q) = %q, want %q", password, got, want)
		}
		if err := CheckPassword(password, email); (err == nil) != (want == "") || err != nil && adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("CheckPassword(%q) = %v", password, err)
		}
	}
}

// TestHashes: the parameters stand in the hash, equal passwords have other ones,
// and nobody's is no password's.
func TestHashes(t *testing.T) {
	p := NewPasswords()
	a, err := p.Hash(t.Context(), "tres tristes tigres")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(a, "$argon2id$v=19$m=65536,t=3,p=4$") || !strings.HasPrefix(nobodys, a[:strings.LastIndex(a[:40], "$")]) {
		t.Errorf("hash %s costs otherwise than that of nobody", a)
	}
	if b, _ := p.Hash(t.Context(), "tres tristes tigres"); a == b {
		t.Error("no salt")
	}
	for _, c := range []struct {
		password, hash string
		want           bool
	}{{"tres tristes tigres", a, true}, {"tres tristes tigre", a, false}, {"", "", false}, {"anything", "", false}, {strings.Repeat("x", 5000), a, false}} {
		if got, err := p.Check(t.Context(), c.password, c.hash); err != nil || got != c.want {
			t.Errorf("Check(%.20q) = %t, %v", c.password, got, err)
		}
	}
	if p.Runs() != 7 {
		t.Errorf("%d hashes were worked out", p.Runs())
	}
}

// TestFewAtATime: no more than two hashes at once; others wait, and not for ever.
func TestFewAtATime(t *testing.T) {
	p := NewPasswords()
	p.wait = time.Millisecond
	p.slots <- struct{}{}
	p.slots <- struct{}{}
	if _, err := p.Check(t.Context(), "x", ""); adalid.CodeOf(err) != adalid.Unavailable {
		t.Errorf("a third at once: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	p.wait = time.Hour
	if _, err := p.Hash(gone, "x"); err == nil {
		t.Error("a request that was given up goes on")
	}
	if p.Runs() != 0 {
		t.Error("counted what was not worked out")
	}
}

// TestGuesses: ten in a quarter of an hour that slides, given back where right,
// bounded in memory, without forgetting an account.
func TestGuesses(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	g := newGuesses(func() time.Time { return at }, 10, 15*time.Minute)
	g.cap = 100
	for i := range 10 {
		at = at.Add(time.Minute)
		if _, ok := g.take("ana", true); !ok {
			t.Fatalf("the %d. is refused", i+1)
		}
	}
	for i := range 10_000 {
		g.take(fmt.Sprint("nobody", i), false)
	}
	if len(g.other) > 100 {
		t.Errorf("%d keys in memory", len(g.other))
	}
	if _, ok := g.take("ana", true); ok {
		t.Error("many others made it forget an account")
	}
	at = at.Add(6 * time.Minute) // the first is a quarter of an hour ago
	back, ok := g.take("ana", true)
	if _, more := g.take("ana", true); !ok || more {
		t.Errorf("after the window slid by one: %t, %t", ok, more)
	}
	back()
	back() // once is enough
	if _, ok := g.take("ana", true); !ok {
		t.Error("a right password counts")
	}
	if _, ok := g.take("ana", true); ok {
		t.Error("giving back twice gives two")
	}
	at = at.Add(-time.Hour)
	if _, ok := g.take("ana", true); !ok {
		t.Error("a clock that was set back keeps somebody out")
	}
}

// FuzzDevice: whatever a cookie holds, it is a device only when it is the one
// that was made.
func FuzzDevice(f *testing.F) {
	u, now := User{ID: "u1", Password: "hash"}, time.Unix(1_700_000_000, 0)
	made := newDevice(u, now)
	for _, seed := range []string{made, "", "...", "u1.a.99999999999.", made + ".", strings.ToUpper(made)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cookie string) {
		if id := deviceOf(u, cookie, now); id != "" && cookie != made {
			t.Errorf("%q is the device %q", cookie, id)
		}
	})
	if deviceOf(u, made, now) == "" || deviceOf(u, made, now.Add(DeviceLife)) != "" || deviceOf(User{ID: "u1", Password: "new"}, made, now) != "" || deviceOf(User{ID: "u2", Password: "hash"}, made, now) != "" {
		f.Error("a device outlives its time, its password or its user")
	}
}

// FuzzEmail: what passes is one address that a mail header can carry.
func FuzzEmail(f *testing.F) {
	for _, seed := range []string{"ana@brand.example", "Ana <ana@brand.example>", "a@b\r\nBcc: c@d", `"a b"@c.example`, "ana@", "ñ@brand.example", "a@b,c@d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		if CheckEmail(email) == nil && (strings.ContainsAny(email, "\r\n\t <>,;\"\x00") || strings.Count(email, "@") < 1 || len(email) > 254) {
			t.Errorf("%q is an address", email)
		}
	})
}
