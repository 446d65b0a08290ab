package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"adalid/internal/privacy"
	"adalid/web/api"
)

// erasedHandle is a handle that nobody has.
const erasedHandle = "Zorrilla_Quetzal77"

// traced gives in which files of a folder a handle stands, in any form.
func traced(t testing.TB, dir, handle string) (list []string) {
	t.Helper()
	forms := privacy.Forms(handle)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		for _, f := range forms {
			if n := bytes.Count(raw, f.Bytes); n > 0 {
				list = append(list, fmt.Sprintf("%s: %d × %s", strings.TrimPrefix(path, dir+"/"), n, f.Name))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// aboutErased writes mentions by somebody and by others about them.
func aboutErased(t testing.TB, handle, prefix string) string {
	t.Helper()
	lower := strings.ToLower(handle)
	var b bytes.Buffer
	add := func(row map[string]any) {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	for i := range 60 {
		at := time.Date(2026, 2, 1+i%28, 10, 0, i, 0, time.UTC).Format(time.RFC3339)
		add(map[string]any{
			"post_id": fmt.Sprintf("%sown-%d", prefix, i), "author": "k-4711", "handle": handle, "name": "Z " + handle, "bio": "I am " + handle,
			"url": "https://x.com/" + handle + "/status/" + fmt.Sprint(i), "text": fmt.Sprintf("I love it so much, day %d, yours %s", i, lower), "created_at": at, "likes": i, "followers": 900,
		})
		other := map[string]any{
			"post_id": fmt.Sprintf("%sother-%d", prefix, i), "author": fmt.Sprintf("bob%d", i%9), "handle": fmt.Sprintf("bob%d", i%9), "bio": "fan of @" + lower,
			"text": fmt.Sprintf("@%s is right, see https://x.com/%s/status/%d and %%40%s", handle, strings.ToUpper(handle), i, lower), "created_at": at,
			"url": "https://x.com/bob/status/1?re=" + lower, "mentions": []string{lower, "carol"}, "reply_to": lower, "likes": 1,
		}
		if i%6 == 0 {
			other["is_repost"], other["repost_of"] = true, lower
		}
		add(other)
	}
	path := filepath.Join(t.TempDir(), "about.jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestErasedPersonLeavesNothing is about somebody who is in every place in which
// the product keeps anything. While the server runs they are erased, and from
// then on no file of the data folder holds their handle in any form, nor does any
// answer, any line of the log, or what a backup made before becomes.
func TestErasedPersonLeavesNothing(t *testing.T) {
	long(t)
	t.Parallel()
	dir := t.TempDir()
	about := aboutErased(t, erasedHandle, "")
	ok(t, dir, "import", "--brand", "Acme", generated(t, sized(60_000), sized(25_000)))
	ok(t, dir, "import", "--brand", "Acme", about)
	ok(t, dir, "import", "--brand", "Other", about)
	backup := filepath.Join(t.TempDir(), "backup.db")
	ok(t, dir, "backup", backup)
	ok(t, dir, "restore", backup) // leaves the replaced database beside the new one
	ok(t, dir, "sentiment", "correct", "Acme", "x/own-3", "positive")
	ok(t, dir, "relevance", "mark", "Acme", "x/own-4", "yes")
	ok(t, dir, "authenticity", "mark", "Acme", "x/"+erasedHandle, "genuine")
	ok(t, dir, "circle", "confirm", "Acme", "x/"+erasedHandle, "staff")
	ok(t, dir, "circle", "undo", "Acme", "x/"+erasedHandle)
	ok(t, dir, "identity", "reject", "Acme", "x/"+erasedHandle, "x/bob3")
	ok(t, dir, "brand", "own-account", "--brand", "Other", "--platform", "x", erasedHandle)
	ok(t, dir, "notice", "set", "Acme", "x/"+erasedHandle, "--channel", "mail")
	ok(t, dir, "segments", "save", "Acme", "of "+strings.ToLower(erasedHandle), `handle = "`+strings.ToLower(erasedHandle)+`"`)
	ok(t, dir, "source", "add", "rss", "--name", "feed", "--set", "urls=https://blog.example/@"+erasedHandle+"/feed")

	s := serve(t, dir, []string{"ADALID_LOG_LEVEL=debug"})
	list := "/api/v1/brands/Acme/advocates?limit=200"
	if !strings.Contains(s.get(list+"&where="+url.QueryEscape(`handle = "`+strings.ToLower(erasedHandle)+`"`)), erasedHandle) {
		t.Fatal("the person is in no answer")
	}
	s.done(s.upload("Acme", "?name="+erasedHandle+".jsonl", opened(t, about), nil))
	pushed := []byte(`{"post_id":"p1","author":"k-4711","handle":"` + erasedHandle + `","text":"hello"}` + "\n" + `{"post_id":"p2","text":5,"handle":"` + erasedHandle + `"}`)
	answer, text := s.ask(http.MethodPost, "/api/v1/brands/Acme/mentions", bytes.NewReader(pushed), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-ndjson")
		r.Header.Set("Idempotency-Key", "from "+erasedHandle)
	})
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("push: %d %s", answer.StatusCode, text)
	}
	found := decode[api.AdvocateList](t, s.get("/api/v1/brands/Acme/advocates?limit=1&where="+url.QueryEscape(`handle = "`+strings.ToLower(erasedHandle)+`"`)))
	if len(found.Items) != 1 {
		t.Fatal("the person is not in the ranking")
	}
	person := found.Items[0].ID
	control := strings.Join(traced(t, dir, erasedHandle), "\n")
	for _, file := range []string{"adalid.db: ", "adalid.db-wal: ", "adalid.db.replaced-", "index/", "uploads/"} {
		if !strings.Contains(control, file) {
			t.Errorf("the control finds nothing in %s; this test proves nothing of it:\n%s", file, control)
		}
	}

	t.Run("erased while the server runs", func(t *testing.T) {
		var out api.Erasure
		if err := json.Unmarshal([]byte(ok(t, dir, "erase", "x/"+erasedHandle, "--yes", "--json")), &out); err != nil {
			t.Fatal(err)
		}
		if !out.Done || len(out.Brands) != 2 || out.Brands[0].Mentions != 61 || out.Brands[1].Mentions != 60 || out.Brands[0].Rewritten != 60 || len(out.FilesLeft) != 0 || *out.FilesLookedAt < 3 {
			t.Errorf("erased %+v", out)
		}
		if left := traced(t, dir, erasedHandle); left != nil {
			t.Errorf("left:\n%s", strings.Join(left, "\n"))
		}
		eventually(t, "server that forgot", func() bool { return !strings.Contains(s.get(list), erasedHandle) })
		for _, path := range []string{
			list, "/api/v1/brands/Acme/mentions?limit=200", "/api/v1/brands/Acme/imports", "/api/v1/brands/Acme/segments", "/api/v1/brands/Other",
			"/api/v1/brands/Acme/circle", "/api/v1/brands/Acme/identities", "/api/v1/sources", "/lite?brand=Acme", "/api/v1/brands/Acme/notices?limit=500",
		} {
			eventually(t, "silence of "+path, func() bool { return !strings.Contains(strings.ToLower(s.get(path)), strings.ToLower(erasedHandle)) })
		}
		if answer, _ := s.ask(http.MethodGet, "/api/v1/brands/Acme/advocates/"+person, nil, nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("the person answers %d", answer.StatusCode)
		}
	})
	t.Run("collected again stores nothing", func(t *testing.T) {
		summary := importJSON(t, dir, "--brand", "Acme", about)
		if summary.Suppressed != 60 || summary.New != 0 {
			t.Errorf("import: %+v", summary)
		}
		status := s.done(s.upload("Other", "?name=again.jsonl", opened(t, aboutErased(t, strings.ToUpper(erasedHandle), "new-")), nil))
		if status.Suppressed != 60 || status.New != 60 {
			t.Errorf("upload: %+v", status)
		}
		answer, text := s.ask(http.MethodPost, "/api/v1/brands/Acme/mentions", bytes.NewReader(pushed), func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-ndjson")
			r.Header.Set("Idempotency-Key", "again from "+erasedHandle)
		})
		if answer.StatusCode != http.StatusOK || decode[api.Pushed](t, text).Suppressed != 1 {
			t.Errorf("push: %d %s", answer.StatusCode, text)
		}
		s.get(list)
		if left := traced(t, dir, erasedHandle); left != nil {
			t.Errorf("left:\n%s", strings.Join(left, "\n"))
		}
	})
	t.Run("roll-ups are those of the mentions", func(t *testing.T) {
		if n := differences(t, dir); n != 0 {
			t.Errorf("%d rows differ", n)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		s.stop() // which saves what is in memory
		if left := traced(t, dir, erasedHandle); left != nil {
			t.Errorf("left:\n%s", strings.Join(left, "\n"))
		}
		if strings.Contains(strings.ToLower(s.said()), strings.ToLower(erasedHandle)) {
			t.Error("the log tells of them")
		}
	})
	t.Run("restored", func(t *testing.T) {
		if traced(t, filepath.Dir(backup), erasedHandle) == nil {
			t.Fatal("the backup does not hold the person: this proves nothing")
		}
		for n := range sized(5) + 1 { // killed in between, and then to its end
			restore := child(t.Context(), dir, "restore", backup)
			if err := restore.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(30+150*n) * time.Millisecond) // the moment of the kill, which nothing else tells
			_ = restore.Process.Kill()
			_ = restore.Wait()
			ok(t, dir, "brand", "list")
			if left := traced(t, dir, erasedHandle); left != nil {
				t.Errorf("after a kill:\n%s", strings.Join(left, "\n"))
			}
		}
		ok(t, dir, "restore", backup)
		if left := traced(t, dir, erasedHandle); left != nil {
			t.Errorf("left:\n%s", strings.Join(left, "\n"))
		}
		if summary := importJSON(t, dir, "--brand", "Other", about); summary.Suppressed != 60 || summary.New != 0 {
			t.Errorf("import: %+v", summary)
		}
		if n := differences(t, dir); n != 0 {
			t.Errorf("%d rows differ", n)
		}
	})
	t.Run("the check can fail", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "planted")
		for _, f := range privacy.Forms(erasedHandle) {
			if err := os.WriteFile(path, append([]byte("xx"), f.Bytes...), 0o600); err != nil {
				t.Fatal(err)
			}
			if traced(t, dir, erasedHandle) == nil {
				t.Errorf("planted as %s it is not found", f.Name)
			}
		}
	})
}

// TestOptOutPage: somebody without an account objects by the link of a notice.
func TestOptOutPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", aboutErased(t, erasedHandle, ""))
	settings := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(settings, []byte("privacy:\n  url: https://objections.example/\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	notice := ok(t, dir, "--config", settings, "notice", "text", "Acme", "x/"+erasedHandle, "--lang", "es")
	if !strings.Contains(notice, "\nhttps://objections.example/lite/opt-out?t=") {
		t.Errorf("the link does not lead to privacy.url:\n%s", notice)
	}
	for lang, want := range map[string]string{"en": "\n[opt-out link]\n", "es": "\n[enlace para oponerse]\n"} {
		said := cli(t, dir, "", "notice", "text", "Acme", "x/"+erasedHandle, "--lang", lang)
		if !strings.HasSuffix(said.err, "these settings: privacy.controller, privacy.contact, privacy.url.\n") {
			t.Errorf("nothing says which settings are missing: %q", said.err)
		}
		bare := said.out
		if !strings.Contains(bare, want) || strings.Contains(bare, "http") {
			t.Errorf("without privacy.url nobody else can open a link:\n%s", bare)
		}
	}
	if n := decode[api.NoticeDetail](t, ok(t, dir, "notice", "text", "Acme", "x/"+erasedHandle, "--json")); n.Link != nil {
		t.Errorf("a link without privacy.url: %s", *n.Link)
	}
	link := regexp.MustCompile(`/lite/opt-out\?t=\S+`).FindString(notice)
	if link == "" || strings.Contains(strings.ToLower(notice), strings.ToLower(erasedHandle)) {
		t.Fatalf("no link in the notice, or a handle:\n%s", notice)
	}
	person := decode[api.NoticeDetail](t, ok(t, dir, "notice", "text", "Acme", "x/"+erasedHandle, "--json")).Person
	s := serve(t, dir, nil)
	page := s.get(link)
	for _, word := range []string{`method="post"`, "Erase everything about me", `lang="en"`} {
		if !strings.Contains(page, word) {
			t.Errorf("the page lacks %q", word)
		}
	}
	if strings.Contains(strings.ToLower(page), "zorrilla") || strings.Contains(page, "<script") || strings.Contains(page, "Acme") {
		t.Error("the page says whom it is for, or has a script")
	}
	if !strings.Contains(s.get(link+"&lang=es"), "Borrar todo sobre mí") {
		t.Error("it is not in Spanish")
	}
	invalid := ""
	for _, bad := range []string{"/lite/opt-out", "/lite/opt-out?t=", "/lite/opt-out?t=abc", link[:len(link)-2], link + "A"} {
		answer, text := s.ask(http.MethodGet, bad, nil, nil)
		text = regexp.MustCompile(`href="/lite/opt-out[^"]*"`).ReplaceAllString(text, "") // the link to the other language repeats what was asked
		if answer.StatusCode != http.StatusNotFound || invalid != "" && text != invalid {
			t.Errorf("%s: %d, another answer than the other invalid ones", bad, answer.StatusCode)
		}
		invalid = text
	}
	post := func() (int, string) {
		token := strings.TrimPrefix(link, "/lite/opt-out?t=")
		answer, text := s.ask(http.MethodPost, "/lite/opt-out", strings.NewReader(url.Values{"t": {token}}.Encode()), func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept-Language", "es-ES,es;q=0.9")
		})
		return answer.StatusCode, text
	}
	status, first := post()
	if status != http.StatusOK || !strings.Contains(first, "Se está borrando") {
		t.Errorf("objecting: %d %s", status, first)
	}
	eventually(t, "end of the erasure", func() bool { return traced(t, dir, erasedHandle) == nil })
	if again := s.get(link); again != page {
		t.Error("the page tells whether somebody is stored")
	}
	if status, second := post(); status != http.StatusOK || second != first {
		t.Errorf("objecting twice: %d, another answer", status)
	}
	limited := false
	for range 30 {
		answer, _ := s.ask(http.MethodGet, link+"A", nil, nil)
		limited = limited || answer.StatusCode == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("the page answers as often as somebody guesses")
	}
	if s.get(link) != page {
		t.Error("who has a link does not get in when others guess")
	}
	objections := func() (list [][]string) {
		rows, err := csv.NewReader(strings.NewReader(ok(t, dir, "audit-log", "--limit", "0", "--format", "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r[2] == "subject" || r[4] == "opt-out" {
				list = append(list, r)
			}
		}
		return list
	}
	eventually(t, "entry of the audit log", func() bool { return len(objections()) > 0 })
	for range 3 { // one that is done costs nothing more
		if status, again := post(); status != http.StatusOK || again != first {
			t.Errorf("objecting again: %d, another answer", status)
		}
	}
	s.stop() // which waits for erasures
	list := objections()
	if len(list) != 1 {
		t.Fatalf("%d erasures by one link: %v", len(list), list)
	}
	if r := list[0]; r[2] != "subject" || r[3] != "" || r[4] != "opt-out" || r[6] != person || r[7] != "ok" {
		t.Errorf("the audit log says %q, want %s", r, person)
	}
	if summary := importJSON(t, dir, "--brand", "Acme", aboutErased(t, erasedHandle, "x")); summary.Suppressed != 60 {
		t.Errorf("collected again: %+v", summary)
	}
}
