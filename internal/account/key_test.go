package account_test

import (
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/account"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestKeysOpenUntilTheyEnd(t *testing.T) {
	id, text := account.NewKey()
	if other, _ := account.NewKey(); other == id {
		t.Error("two keys with one id")
	}
	if got, ok := account.KeyID(text); !ok || got != id || !strings.HasPrefix(text, "adk_"+id+"_") || len(text) != 4+12+1+26 {
		t.Fatalf("%q: %q, %v", text, got, ok)
	}
	hash := account.HashKey(text)
	if len(hash) != 64 || strings.Contains(hash, text[17:]) {
		t.Fatalf("hash %q", hash)
	}
	k := account.APIKey{ID: id, Name: "till", Brand: " Brisa", Role: account.Manager}
	a, err := k.Open(text, hash, noon)
	if err != nil || a.Kind != account.Key || a.ID != id || a.On("brisa") != account.Manager || a.On("otra") != account.None || a.Mark() != "key:"+id {
		t.Errorf("%+v, %v", a, err)
	}
	all := account.APIKey{ID: id, Role: account.Viewer}
	if a, err := all.Open(text, hash, noon); err != nil || a.Everywhere() != account.Viewer {
		t.Errorf("%+v, %v", a, err)
	}
	ended, revoked := k, k
	ended.Expires, revoked.Revoked = noon, noon.Add(-time.Hour)
	for what, c := range map[string]struct {
		key        account.APIKey
		text, hash string
	}{
		"mistyped": {k, text[:len(text)-1] + "z", hash}, "of another": {k, text, account.HashKey("x")}, "no hash": {k, text, ""},
		"ended": {ended, text, hash}, "revoked": {revoked, text, hash},
	} {
		if a, err := c.key.Open(c.text, c.hash, noon); adalid.CodeOf(err) != adalid.Unauthorized || a.Kind != "" || err.Error() != account.ErrKey().Error() {
			t.Errorf("%s: %+v, %v", what, a, err)
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	_, text := account.NewKey()
	for _, s := range []string{"", "adk_", text + "a", text[1:], strings.ToUpper(text), text[:20], text + "\n", " " + text} {
		if id, ok := account.KeyID(s); ok || id != "" {
			t.Errorf("%q: %q", s, id)
		}
	}
}

func TestKeysThatCannotBeMade(t *testing.T) {
	good := account.APIKey{Name: "dashboard", Role: account.Viewer, Expires: noon.Add(time.Hour)}
	if err := good.Check(noon); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*account.APIKey){
		"no name": func(k *account.APIKey) { k.Name = " " }, "long name": func(k *account.APIKey) { k.Name = strings.Repeat("ñ", 101) },
		"a line break": func(k *account.APIKey) { k.Name = "a\nb" }, "no role": func(k *account.APIKey) { k.Role = account.None },
		"past": func(k *account.APIKey) { k.Expires = noon },
	} {
		k := good
		change(&k)
		if err := k.Check(noon); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestChainNamesTheFirstBrokenEntry(t *testing.T) {
	var log []account.Entry
	var head []byte
	for n := range int64(5) {
		e := account.Entry{N: n + 1, At: noon, Kind: account.Person, Actor: "u", Action: "label-mention", Object: "7", Outcome: "ok"}
		e.Hash = e.Seal(head)
		head = e.Hash
		log = append(log, e)
	}
	walk := func(log []account.Entry) (c account.Chain) {
		for i := range log {
			c.Add(&log[i])
		}
		return c
	}
	if c := walk(log); c.Broken != 0 || c.Entries != 5 || string(c.Head) != string(head) {
		t.Errorf("%+v", c)
	}
	for what, change := range map[string]func(*account.Entry){
		"time": func(e *account.Entry) { e.At = e.At.Add(time.Second) }, "kind": func(e *account.Entry) { e.Kind = account.Key },
		"actor": func(e *account.Entry) { e.Actor = "v" }, "action": func(e *account.Entry) { e.Action = "x" },
		"brand": func(e *account.Entry) { e.BrandID = 1 }, "object": func(e *account.Entry) { e.Object = "" },
		"outcome": func(e *account.Entry) { e.Outcome = "" }, "hash": func(e *account.Entry) { e.Hash = log[0].Hash },
		"a border between fields": func(e *account.Entry) { e.Actor, e.Action = "ul", "abel-mention" },
	} {
		changed := append([]account.Entry{}, log...)
		change(&changed[2])
		if c := walk(changed); c.Broken != 3 || c.Entries != 2 || c.Why == "" {
			t.Errorf("%s: %+v", what, c)
		}
	}
	if c := walk(append(append([]account.Entry{}, log[:1]...), log[2:]...)); c.Broken != 2 {
		t.Errorf("one taken out: %+v", c)
	}
	if c := walk(log[:4]); c.Broken != 0 || string(c.Head) == string(head) {
		t.Errorf("the end cut off shows only beside a head that is known: %+v", c)
	}
}

func FuzzKeyID(f *testing.F) {
	_, text := account.NewKey()
	f.Add(text)
	f.Add("adk__")
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := account.KeyID(s); ok && (len(s) != 43 || s[4:16] != id) {
			t.Errorf("%q: %q", s, id)
		}
	})
}
