package account

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
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
		if got, err := p.Check(t.Context(), c.password, c.hash, false); err != nil || got != c.want {
			t.Errorf("Check(%.20q) = %t, %v", c.password, got, err)
		}
	}
	if p.Runs() != 7 {
		t.Errorf("%d hashes were worked out", p.Runs())
	}
}

// TestFewAtATime: of 250 who guess at once one is heard, some wait and the others
// are told at once; a browser that signed in before does not stand behind them.
func TestFewAtATime(t *testing.T) {
	p := NewPasswords()
	p.strangers.wait, p.trusted.wait = time.Hour, time.Hour
	const many = 250
	free, answers := make(chan struct{}), make(chan error, many)
	var atOnce, most atomic.Int64
	hold := func(of *lane) {
		leave, err := p.enter(t.Context(), of)
		if err == nil {
			n := atOnce.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			<-free
			atOnce.Add(-1)
			leave()
		}
		answers <- err
	}
	for range many {
		go hold(&p.strangers)
	}
	for range many - strangersHashes - mostWaiting {
		if err := <-answers; adalid.CodeOf(err) != adalid.Unavailable {
			t.Errorf("one too many: %v", err)
		}
	}
	hash, err := p.Hash(t.Context(), "tres tristes tigres")
	if err != nil {
		t.Fatal("strangers keep a link from working:", err)
	}
	if right, err := p.Check(t.Context(), "tres tristes tigres", hash, true); err != nil || !right {
		t.Errorf("strangers keep a known browser out: %t, %v", right, err)
	}
	go hold(&p.trusted)
	close(free)
	for range 1 + strangersHashes + mostWaiting {
		if err := <-answers; err != nil {
			t.Errorf("who waited is refused: %v", err)
		}
	}
	if n := most.Load(); n > strangersHashes+trustedHashes {
		t.Errorf("%d hashes at once", n)
	}
	if len(p.strangers.queue)+len(p.trusted.queue) != 0 {
		t.Error("somebody who left still waits")
	}
}

// TestPatience: nobody waits for ever, and who gave up waits no more.
func TestPatience(t *testing.T) {
	p := NewPasswords()
	for _, of := range []*lane{&p.strangers, &p.trusted} {
		of.wait = time.Millisecond
		for range cap(of.slots) {
			of.slots <- struct{}{}
		}
		if _, err := p.enter(t.Context(), of); adalid.CodeOf(err) != adalid.Unavailable {
			t.Errorf("one more at once: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		of.wait = time.Hour
		if _, err := p.enter(gone, of); err == nil {
			t.Error("a request that was given up goes on")
		}
		if len(of.queue) != 0 {
			t.Error("who gave up still waits")
		}
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
