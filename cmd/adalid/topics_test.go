package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid/internal/demo"
	"adalid/internal/store"
	"adalid/web/api"
)

// demoStored gives a folder with the invented brand in a database of its own: it
// is loaded once and copied for each test.
func demoStored(t *testing.T) (dir string) {
	t.Helper()
	demoOnce.Do(func() { demoFile, demoFailed = loadedDemo(t) })
	if demoFile == nil {
		t.Fatal("the invented brand was not loaded: ", demoFailed)
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), demoFile, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

var (
	demoOnce   sync.Once
	demoFile   []byte // the database
	demoFailed error
)

func loadedDemo(t *testing.T) ([]byte, error) {
	dir := t.TempDir()
	var words bytes.Buffer
	a := &app{streams: streams{strings.NewReader(""), &words, &words}, now: demoUntil}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(a.loadDemo(t.Context(), s), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.FileName))
}

// demoUntil is when the invented world of tests ends.
func demoUntil() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// TestTopicsOfTheDemo looks at the whole answer about an invented world, in
// every format and from the API.
func TestTopicsOfTheDemo(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	text := ok(t, dir, "topics", demo.Brand, "--json", "--limit", "12")
	list := decode[api.TopicList](t, text)
	if list.Brand != demo.Brand || !list.Demo || list.Read < 1000 || list.Read > 5000 || list.Author != nil {
		t.Errorf("%s: demo %t, read %d", list.Brand, list.Demo, list.Read)
	}
	has := func(in []api.Topic, phrase string) bool {
		return slices.ContainsFunc(in, func(t api.Topic) bool { return strings.EqualFold(t.Phrase, phrase) })
	}
	if !has(list.Blame, "order") || !has(list.Blame, "app") || has(list.Praise, "order") || len(list.Praise) != 12 || len(list.Blame) != 12 || len(list.Common) != 12 {
		t.Errorf("praise %+v\nblame %+v", list.Praise, list.Blame)
	}
	for _, topic := range slices.Concat(list.Praise, list.Blame, list.Common) {
		if sum := topic.Tone.Positive + topic.Tone.Neutral + topic.Tone.Negative + topic.Tone.Unknown; sum < .999 || sum > 1.001 {
			t.Errorf("%s: shares %+v", topic.Phrase, topic.Tone)
		}
		if p := strings.ToLower(topic.Phrase); strings.Contains(p, "tostalba") || strings.ContainsAny(p, "@#/") {
			t.Errorf("%q is a topic of its own brand", topic.Phrase)
		}
	}
	if again := ok(t, dir, "topics", demo.Brand, "--json", "--limit", "12"); again != text {
		t.Error("the same question has two answers")
	}
	if got := serve(t, dir, nil).get("/api/v1/brands/" + demo.Brand + "/topics?limit=12"); !strings.Contains(got, `"phrase":"`+list.Blame[0].Phrase+`"`) {
		t.Errorf("the API answers %.500s", got)
	}

	csv := csvRowsOf(t, ok(t, dir, "topics", demo.Brand, "--format", "csv", "--limit", "12"))
	if strings.Join(csv[0], ",") != "brand,list,phrase,lang,mentions,authors,positive,neutral,negative,unknown,z,typical,examples,engagement" || len(csv) != 1+4*12 || csv[1][1] != "praise" || csv[1][2] != list.Praise[0].Phrase {
		t.Errorf("%d rows, first %q", len(csv), csv[:2])
	}

	table := cli(t, dir, "", "topics", demo.Brand)
	for _, want := range []string{"What people praise and blame", "mentions read", "praised", "blamed", "also spoken of", "█", list.Praise[0].Phrase, list.Blame[0].Phrase} {
		if !strings.Contains(table.out, want) {
			t.Errorf("the table lacks %q:\n%s", want, table.out)
		}
	}
	for line := range strings.Lines(table.out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 2*topicWidth+3 {
			t.Errorf("a line has %d cells:\n%s", n, line)
		}
	}
	if strings.Contains(table.out, "\x1b[") || !strings.Contains(table.err, "Invented brand") {
		t.Errorf("colours in a file, or not said to be invented: %s", table.err)
	}
	spanish := []string{"topics", demo.Brand, "--lang", "es", "--since", "2026-05-01", "--limit", "3"}
	if out := ok(t, dir, spanish...); !strings.Contains(out, " es ") || strings.Contains(out, "nothing is praised or blamed") {
		t.Errorf("Spanish alone:\n%s", out)
	}
	alone := decode[api.TopicList](t, ok(t, dir, append(spanish, "--json")...))
	for _, topic := range slices.Concat(alone.Praise, alone.Blame, alone.Common) {
		if topic.Lang == nil || *topic.Lang != "es" {
			t.Errorf("%q is among the Spanish ones", topic.Phrase)
		}
	}
}

// TestTopicsOfAnAuthor: by handle, key and id, told apart by platform; what
// the person says more than others.
func TestTopicsOfAnAuthor(t *testing.T) {
	long(t)
	t.Parallel()
	dir := t.TempDir()
	var rows []string
	add := func(author, platform, text, more string) {
		n := len(rows)
		rows = append(rows, fmt.Sprintf(`{"post_id":"%d","author":"%s","handle":"h%s","platform":"%s","text":"%s","created_at":"2026-01-01T10:%02d:00Z","lang":"en"%s}`+"\n", n, author, author, platform, text, n%60, more))
	}
	for i := range 10 {
		add(fmt.Sprint("u", i), "x", "The delivery of Tea was awful, I hate it "+strings.Repeat("so ", i), "")
		add(fmt.Sprint("v", i), "x", "What a lovely packaging, I love it "+strings.Repeat("so ", i), "")
	}
	for i := range 4 {
		add("fan", "x", "their porcelain spoon is great "+strings.Repeat("really ", i), "")
	}
	add("fan", "mastodon", "another account with an old kettle", "")
	add("paid", "x", "sponsored umbrella umbrella", `,"sponsored":true`)
	add("house", "x", "our own lantern", `,"brand_account":true`)
	add("echo", "x", "RT @hu1: borrowed candle", `,"is_repost":true,"repost_of":"hu1"`)
	ok(t, dir, "import", "--brand", "Tea", write(t, rows))

	all := decode[api.TopicList](t, ok(t, dir, "topics", "tea", "--json"))
	if all.Read != 25 || len(all.Praise) == 0 || all.Praise[0].Phrase != "packaging" || len(all.Blame) == 0 || all.Blame[0].Phrase != "delivery" {
		t.Errorf("read %d, praise %+v, blame %+v", all.Read, all.Praise, all.Blame)
	}
	for _, topic := range slices.Concat(all.Praise, all.Blame, all.Common) {
		if slices.Contains([]string{"umbrella", "lantern", "candle"}, topic.Phrase) {
			t.Errorf("%s is of a paid post, of the brand's own or of a repost", topic.Phrase)
		}
	}
	for _, name := range []string{"@HFAN", "hfan", "fan"} {
		r := cli(t, dir, "", "topics", "Tea", "--author", name, "--platform", "x", "--json")
		if r.code != 0 {
			t.Fatal(r.err)
		}
		list := decode[api.TopicList](t, r.out)
		if list.Read != 4 || len(list.Typical) == 0 || list.Typical[0].Phrase != "porcelain spoon" || list.Author == nil {
			t.Errorf("%s: %+v", name, list)
		}
		again := decode[api.TopicList](t, ok(t, dir, "topics", "Tea", "--author", *list.Author, "--platform", "x", "--json"))
		if again.Read != 4 {
			t.Errorf("by id: %+v", again)
		}
	}
	if out := ok(t, dir, "topics", "Tea", "--author", "hfan", "--platform", "x"); !strings.Contains(out, "What hfan praises and blames") || !strings.Contains(out, "more than others") {
		t.Errorf("the table:\n%s", out)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--author", "hfan"}, 2, "--platform"},
		{[]string{"--author", "stranger"}, 1, "adalid authors"},
		{[]string{"--limit", "0"}, 2, "1 to 200"},
		{[]string{"--format", "xml"}, 2, "table, csv, json"},
		{[]string{"--since", "soon"}, 2, `--since is "soon"`},
		{[]string{"--platform", "youtube"}, 1, "amendment"},
	} {
		if r := cli(t, dir, "", append([]string{"topics", "Tea"}, c.args...)...); r.code != c.code || r.out != "" || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: exit %d\n%s%s", c.args, r.code, r.out, r.err)
		}
	}
	ok(t, dir, "brand", "add", "Bare")
	if out := ok(t, dir, "topics", "Bare"); !strings.Contains(out, "No phrase is said often enough") {
		t.Errorf("a brand without mentions:\n%s", out)
	}
	if r := cli(t, dir, "", "topics"); r.code != 2 || !strings.Contains(r.err, "one BRAND") {
		t.Errorf("%+v", r)
	}
}
