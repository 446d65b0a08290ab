package privacy

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"adalid"
)

var testHasher = NewHasher([]byte("key of a test"))

// scopes are what entries of a brand are looked up under.
func scopes(brand string) []string { return []string{Everywhere, brand} }

func listOf(scope string, subjects ...Subject) *List {
	var all []Entry
	for _, s := range subjects {
		all = append(all, testHasher.Entries(scope, s)...)
	}
	return NewList(testHasher, all)
}

func TestRedact(t *testing.T) {
	long := Subject{Account: "a", Platform: "x", Key: "did:plc:abc123def456", Handles: []string{"Zorrilla_Quetzal77"}}
	short := Subject{Account: "b", Platform: "x", Key: "99", Handles: []string{"ana"}}
	remote := Subject{Account: "c", Platform: "mastodon", Key: "7", Handles: []string{"maria.sol@example.social"}}
	accent := Subject{Account: "d", Platform: "x", Key: "8", Handles: []string{"Señora_Luz"}}
	l := listOf(Everywhere, long, short, remote, accent)
	for _, c := range []struct{ platform, text, want string }{
		{"x", "", ""},
		{"x", "nobody here", "nobody here"},
		{"x", "thanks @Zorrilla_Quetzal77!", "thanks @…!"},
		{"x", "by zorrilla_quetzal77.", "by …."},
		{"x", "ZORRILLA_QUETZAL77", "…"},
		{"x", "#zorrilla_quetzal77", "#…"},
		{"x", "@zorrilla_quetzal77_fan is another", "@zorrilla_quetzal77_fan is another"},
		{"x", "https://x.com/zorrilla_quetzal77/status/12?s=20", "https://x.com/…/status/12?s=20"},
		{"x", "https://x.com/%5Aorrilla_Quetzal77/status", "https://x.com/…/status"},
		{"x", "go?u=%40zorrilla_quetzal77&v=1", "go?u=…&v=1"},
		{"x", "https%3A%2F%2Fx.com%2Fzorrilla_quetzal77%2Fstatus", "https:%2F%2Fx.com%2F%E2%80%A6%2Fstatus"},
		{"x", "zorrilla_quetzal77's and zorrilla_quetzal77: yes", "…'s and …: yes"},
		{"x", "at://did:plc:abc123def456/app.bsky", "at://…/app.bsky"},
		{"x", "ana is a name, @ana is a handle, x.com/ana too", "ana is a name, @… is a handle, x.com/… too"},
		{"mastodon", "@ana elsewhere is somebody else", "@ana elsewhere is somebody else"},
		{"", "@ana where nobody knows", "@… where nobody knows"},
		{"mastodon", "@maria.sol@example.social says", "@… says"},
		{"mastodon", "@maria.sol@example.socials says", "@maria.sol@example.socials says"},
		{"x", "señora_luz, @SEÑORA_LUZ and se%C3%B1ora_luz", "…, @… and …"},
		{"x", "100 % sure, 5%", "100 % sure, 5%"},
		{"x", `{"h":"zorrilla_quetzal77","n":1}`, `{"h":"…","n":1}`},
	} {
		if got := l.Redact(scopes("acme"), c.platform, c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.platform, c.text, got, c.want)
		}
	}
	if got := (*List)(nil).Redact(nil, "x", "@ana"); got != "@ana" {
		t.Errorf("nobody on the list: %q", got)
	}
}

// TestRedactJSON: strings are read as what they mean, and nothing else is touched.
func TestRedactJSON(t *testing.T) {
	redact := func(text string) string { return strings.ReplaceAll(text, "nzorro", Mark) }
	for in, want := range map[string]string{
		`{"a" : "x\nzorro", "b":[1.50, "\u003cnzorro\u003e", null]}`: `{"a" : "x\nzorro", "b":[1.50, "\u003c…\u003e", null]}`,
		`{"\u006ezorro":"\"nzorro\\"}`:                               `{"…":"\"…\\"}`,
		`"x\\nzorro"`:                                                `"x\\…"`,
		`nzorro`:                                                     `…`,
		`{"nzorro":`:                                                 `{"…":`,
		"":                                                           "",
	} {
		if got := RedactJSON(in, redact); got != want {
			t.Errorf("%s gives %s, want %s", in, got, want)
		}
	}
}

func TestScopes(t *testing.T) {
	s := Subject{Account: "acc", Platform: "x", Key: "k", Handles: []string{"Somebody_1"}}
	l := listOf("acme", s)
	for scope, want := range map[string]bool{"acme": true, "other": false} {
		if l.Account(scopes(scope), "acc") != want || l.Handle(scopes(scope), "x", "@SOMEBODY_1") != want {
			t.Errorf("scope %s", scope)
		}
	}
	if l.Handle(scopes("acme"), "mastodon", "somebody_1") || l.Handle(scopes("acme"), "x", "") || l.Account(scopes("acme"), "") {
		t.Error("somebody else is on the list")
	}
	if listOf(Everywhere, s).Account(scopes("whatever"), "acc") != true {
		t.Error("everywhere does not hold for a brand")
	}
}

// TestEntriesSayNothing: with another key the same person has other entries.
func TestEntriesSayNothing(t *testing.T) {
	s := Subject{Account: "acc", Platform: "x", Key: "key_of_1", Handles: []string{"Somebody_1", "somebody_1"}}
	a, b := testHasher.Entries("", s), NewHasher([]byte("another")).Entries("", s)
	if len(a) != 4 || len(b) != 4 { // account, handle, name, key
		t.Fatalf("%d and %d entries", len(a), len(b))
	}
	for i := range a {
		if a[i] == b[i] {
			t.Errorf("entry %d is the same under another key", i)
		}
	}
}

func TestListFile(t *testing.T) {
	line := Line{testHasher.Account("", "acc"), time.Unix(1_700_000_000, 0).UTC()}
	text := EncodeHead(testHasher) + line.Encode() + line.Encode()
	check, lines, err := DecodeList(text)
	if err != nil || check != testHasher.Check() || len(lines) != 2 || lines[1] != line {
		t.Fatalf("%v %v %v", check, lines, err)
	}
	if _, lines, err = DecodeList(text[:len(text)-9]); err != nil || len(lines) != 1 {
		t.Errorf("cut off: %v, %v", lines, err)
	}
	for _, bad := range []string{"", "x\n", EncodeHead(testHasher) + "zz 1\n", EncodeHead(testHasher) + line.Encode()[:64] + " x\n"} {
		if _, _, err := DecodeList(bad); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestLinks(t *testing.T) {
	key := []byte("signs links")
	l := Link{Brand: 7, Account: "abcdefghijklmnop"}
	token := Sign(key, l)
	if got, ok := Verify(key, token); !ok || got != l {
		t.Fatalf("%+v %v", got, ok)
	}
	if strings.Contains(token, "abcdef") {
		t.Error("the token shows the account")
	}
	for i := range len(token) {
		for _, c := range []byte{'A', 'b', '-', '='} {
			changed := token[:i] + string(c) + token[i+1:]
			if _, ok := Verify(key, changed); ok && changed != token {
				t.Errorf("a changed token is valid: %s", changed)
			}
		}
	}
	for _, bad := range []string{"", "x", token + "A", token[1:], strings.Repeat("A", 10_000)} {
		if _, ok := Verify(key, bad); ok {
			t.Errorf("%.40q is valid", bad)
		}
	}
	if _, ok := Verify([]byte("another"), token); ok {
		t.Error("valid under another key")
	}
}

func TestLetter(t *testing.T) {
	l := Letter{Controller: "Invented Ltd", Contact: "privacy@invented.example", Brand: "Acme <b>", Platforms: []string{"x", "mastodon"}, Since: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Link: "https://a.example/lite/opt-out?t=T"}
	for lang, words := range map[string][]string{"en": {"Art. 6(1)(f)", "Art. 15", "(77)", "January 2, 2026", "object", "without giving a reason", "never by the score alone", "not sell"}, "es": {"art. 6.1.f", "art. 15", "AEPD (77)", "2 de enero de 2026", "oponerse", "sin dar motivos", "nunca la puntuación", "no lo vendemos"}} {
		l.Lang = lang
		text, err := l.Text()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(words, "Invented Ltd", "privacy@invented.example", "Acme <b>", " X, Mastodon, ", "(16)", "(17)", "(18)", "(21)", l.Link) {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
				t.Errorf("%s lacks %q:\n%s", lang, w, text)
			}
		}
	}
	for lang, want := range map[string][4]string{
		"en": {"\n[opt-out link]\n", "How long: until you object.\n", "[name of your organisation] follows", "write to: [your contact details]\n"},
		"es": {"\n[enlace para oponerse]\n", "Cuánto tiempo: hasta que se oponga.\n", "[nombre de tu organización] sigue", "escriba a: [tus datos de contacto]\n"},
	} {
		text, err := Letter{Lang: lang}.Text()
		for _, w := range want {
			if err != nil || !strings.Contains(text, w) {
				t.Errorf("%s lacks %q (%v):\n%s", lang, w, err, text)
			}
		}
		if all, one := (Letter{Lang: lang}).Missing(), (Letter{Controller: "C", Link: "https://a.example", Contact: " "}).Missing(); strings.Join(all, " ") != "controller contact link" || strings.Join(one, " ") != "contact" || len(l.Missing()) != 0 {
			t.Errorf("missing %q, %q, %q", all, one, l.Missing())
		}
		kept, err := Letter{Lang: lang, Kept: "90 days"}.Text()
		if err != nil || !strings.Contains(kept, ": 90 days.\n") || strings.Contains(kept, want[1]) {
			t.Errorf("%s with a rule (%v):\n%s", lang, err, kept)
		}
	}
	if _, err := (Letter{Lang: "fr"}).Text(); adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("fr: %v", err)
	}
	if due := InformWithin(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)); !due.Equal(time.Date(2026, 2, 15, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("due %v", due)
	}
}

func TestForms(t *testing.T) {
	const handle = "Zorrilla_Quetzal77"
	hits := func(b []byte) (names []string) {
		for _, f := range Forms(handle) {
			if bytes.Contains(b, f.Bytes) {
				names = append(names, f.Name)
			}
		}
		return names
	}
	for n := range 6 {
		text := strings.Repeat("x", n) + handle + "yy"
		for _, b := range []string{base64.StdEncoding.EncodeToString([]byte(text)), base64.RawURLEncoding.EncodeToString([]byte(text))} {
			if len(hits([]byte(b))) == 0 {
				t.Errorf("not found in base64 at %d", n)
			}
		}
	}
	if names := hits([]byte("a text without it, zorrilla quetzal")); names != nil {
		t.Errorf("found %v", names)
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"@ana", "https://x.com/%41na/1", "%", "a.b-c@d:e", "é%C3", "%252541na", "＠ana"} {
		f.Add(s)
	}
	l := listOf(Everywhere, Subject{Platform: "x", Handles: []string{"ana", "Zorrilla_Quetzal77"}})
	f.Fuzz(func(t *testing.T, text string) {
		once := l.Redact(scopes(""), "x", text)
		if again := l.Redact(scopes(""), "x", once); again != once {
			t.Errorf("%q: %q, then %q", text, once, again)
		}
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("%q: %q is no text", text, once)
		}
	})
}

func FuzzDecodeList(f *testing.F) {
	f.Add(EncodeHead(testHasher) + Line{Entry: testHasher.Check()}.Encode())
	f.Add("adalid-suppressed 1 \n\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, lines, err := DecodeList(text)
		if err != nil && adalid.CodeOf(err) != adalid.Invalid {
			t.Error(err)
		}
		for _, l := range lines {
			if back, err := decodeLine(strings.TrimSuffix(l.Encode(), "\n")); err != nil || back != l {
				t.Errorf("%v: %v", l, err)
			}
		}
	})
}

func FuzzVerify(f *testing.F) {
	key := []byte("signs links")
	f.Add(Sign(key, Link{1, "abcdefghijklmnop"}))
	f.Add("AQIB")
	f.Fuzz(func(t *testing.T, token string) {
		if l, ok := Verify(key, token); ok && Sign(key, l) != token {
			t.Errorf("%q is valid and not the only one for %+v", token, l)
		}
	})
}
