package bluesky

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/collectortest"
)

func TestContract(t *testing.T) { collectortest.Run(t, Definition()) }

func TestSettingsThatAreRefused(t *testing.T) {
	for name, settings := range map[string]string{
		"app_password": `{"handle":"brisa.example"}`,
		"handle":       `{"app_password":"x"}`,
		"days":         `{"days":0}`,
		"replay_hours": `{"replay_hours":100}`,
		"server":       `{"server":"bsky.social"}`,
		"appview":      `{"appview":"https://user:secret@api.example"}`,
		"jetstream":    `{"jetstream":"ftp://stream.example"}`,
	} {
		d := Definition()
		_, err := d.New(collectors.Setup{Decode: func(into any) error { return d.Decode([]byte(settings), into) }, Now: now})
		if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", settings, err)
		}
	}
}

// Every recorded post is read, from wherever in the answer it stands; answers of
// methods that are not called are listed.
func TestRecordedAnswers(t *testing.T) {
	answers, posts, profiles := 0, 0, 0
	for _, a := range collectortest.Wire(t, "bluesky") {
		answers++
		var body struct {
			Thread  struct{ Post json.RawMessage }
			Follows []json.RawMessage
			Value   json.RawMessage
		}
		if err := json.Unmarshal(a.Body, &body); err != nil {
			t.Fatalf("%s: %v", a.File, err)
		}
		switch {
		case body.Thread.Post != nil:
			_, p, why := decodePost(body.Thread.Post)
			if why != "" {
				t.Fatalf("%s: %s", a.File, why)
			}
			known := people{}
			p.tells(known)
			m := p.mention(known, now())
			if !strings.HasPrefix(m.ID, "at://"+m.Author.Key+"/") || m.QuoteOf == "" || m.CreatedAt.Year() != 2023 {
				t.Errorf("%s: %+v", a.File, m)
			}
			posts++
		case body.Follows != nil:
			for _, raw := range body.Follows {
				var p profile
				if err := json.Unmarshal(raw, &p); err != nil || author(p).Key == "" || author(p).Handle == "" || author(p).Created.IsZero() {
					t.Errorf("%s: %s: %v", a.File, raw, err)
				}
				profiles++
			}
		case bytes.Contains(body.Value, []byte(`"app.bsky.feed.post"`)):
			r, why := decodeRecord(body.Value)
			if why != "" || r.Text == "" || r.lang() == "" {
				t.Errorf("%s: %q %+v", a.File, why, r)
			}
			posts++
		default:
			t.Logf("not ours: %s", a.File)
		}
	}
	t.Logf("%d answers: %d posts and %d profiles decoded", answers, posts, profiles)
	if posts == 0 || profiles == 0 {
		t.Error("nothing was decoded")
	}
}

func TestFilter(t *testing.T) {
	terms := []collectors.Term{
		{Kind: collectors.Word, Text: "café"},
		{Kind: collectors.Phrase, Text: "straße acme"},
		{Kind: collectors.Tag, Text: "brisa"},
		{Kind: collectors.Handle, Text: "acme.example"},
		{Kind: collectors.Word, Text: "ラーメン"},
		{Kind: collectors.Word, Text: "👍"},
		{Kind: collectors.Word, Text: ""},
	}
	f := newFilter(terms)
	for text, want := range map[string]bool{
		"CAFE": true, "Cafe\u0301s": true, "ｃａｆé": true, "caf": false, "": false,
		"Acme, in der STRASSE": true, "strasse": false, "#Brisa!": true, "@acme.example ok": true, "acme example": true,
		"今日のラーメン": true, "so good 👍🏽": true, "ac\u00adme": false, "ca\u00adfé": true, "caf&eacute;": true, "caf\xff": false,
	} {
		if got := f.passes(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if newFilter(nil).passes("anything") || newFilter([]collectors.Term{{Text: "!"}}).passes("!") {
		t.Error("without terms everything passes")
	}
}

func BenchmarkEvents(b *testing.B) {
	l := &listener{terms: newFilter(acme.Terms), own: people{"did:plc:brisa": "brisa.example"}}
	event := []byte(commit(1, "teo", "create", "3abc", text("Hoy otra vez en la cafetería, el café sigue siendo el mejor 😊", "facets", []any{})))
	b.ReportAllocs()
	b.SetBytes(int64(len(event)))
	for b.Loop() {
		l.event(event)
	}
	if len(l.mentions) != 0 {
		b.Fatal("it matches nothing")
	}
}

// Whatever an answer or an event holds: no panic, ids byte by byte, times that
// can be believed, texts without NUL.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"uri":"at://did:plc:a/app.bsky.feed.post/3k","author":{"did":"did:plc:a","handle":"a.example"},"record":{"text":"acme","createdAt":"1974-01-01T00:00:00Z","facets":[{"index":{"byteStart":1,"byteEnd":3},"features":[{"did":"did:plc:b"}]}]},"indexedAt":"2026-10-20T10:00:00Z"}`,
		`{"did":"did:plc:a","time_us":1792486800000000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3k","record":{"text":"acme","reply":{"parent":{"uri":"at://did:plc:b/x/y"}},"embed":{"record":{"record":{"uri":"at://did:plc:c/app.bsky.feed.post/3"}}}}}}`,
		`{"did":"did:plc:a","time_us":-1,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"3k"}}`,
		`{"uri":"at://","record":null}`, `[]`, `{"record":{"text":"\u0000","facets":[1,{}],"langs":[]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		check := func(p post) {
			m := p.mention(people{"did:plc:b": "b.example"}, now())
			if m.ID != p.uri || m.Author.Key == "" {
				t.Fatalf("%+v", m)
			}
			if m.CreatedAt.After(p.indexed) || m.CreatedAt.Nanosecond() != 0 || strings.ContainsRune(m.Text, 0) {
				t.Fatalf("created %v, indexed %v, %q", m.CreatedAt, p.indexed, m.Text)
			}
			for _, h := range m.Mentions {
				if handle(h) != h {
					t.Fatalf("handle %q", h)
				}
			}
		}
		if _, p, why := decodePost(raw); why == "" {
			check(p)
		}
		l := &listener{terms: newFilter(acme.Terms), own: people{"did:plc:b": "b.example"}}
		l.event(raw)
		for _, p := range l.mentions {
			check(p)
		}
	})
}
