package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/internal/store"
	"adalid/web/api"
)

// TestServeContinuesAnUpload: a server killed with -9 in the middle of an
// import goes on with it at its next start, and its counts cover both parts.
func TestServeContinuesAnUpload(t *testing.T) {
	long(t)
	t.Parallel()
	source := generated(t, sized(20_000), sized(4_000))
	calm := t.TempDir()
	want := importJSON(t, calm, "--brand", "B", source)

	dir := t.TempDir()
	ok(t, dir, "brand", "add", "B")
	pages := []string{"ADALID_IMPORT_PAGE_SIZE=500"}
	s := serve(t, dir, pages)
	location := s.upload("B", "?name=export.jsonl", opened(t, source), nil)
	eventually(t, "first page of the import", func() bool { return decode[api.Import](t, s.get(location)).Rows > 0 })
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.ends
	if differences(t, dir) != 0 {
		t.Error("the roll-ups differ from the mentions after the kill")
	}
	if out := ok(t, dir, "authors", "B", "--format", "csv"); strings.Count(out, "\n") < 2 {
		t.Error("nothing was stored before the kill")
	}

	s = serve(t, dir, pages)
	status := s.done(location)
	if status.State != "done" || status.Rows != want.Rows || status.New != want.New || status.Rejected != 0 || *status.Progress != 1 ||
		status.Rows != status.New+status.Changed+status.Repeated+status.Rejected {
		t.Errorf("status %+v\nwant %+v", status, want)
	}
	s.stop()
	same(t, "killed and continued", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestTwoServersOnOneFolder: unfinished uploads are imported by one of two
// servers that start at the same time, and both tell how it went.
func TestTwoServersOnOneFolder(t *testing.T) {
	t.Parallel()
	source := generated(t, sized(6_000), sized(1_500))
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	calm, dir := t.TempDir(), t.TempDir()
	ok(t, calm, "import", "--brand", "B", source)
	ok(t, dir, "brand", "add", "B")
	if err := os.Mkdir(filepath.Join(dir, "uploads"), 0o700); err != nil {
		t.Fatal(err)
	}
	ids := []string{"one", "two", "three"}
	lines := slices.Collect(strings.Lines(string(text)))
	third := len(lines) / len(ids)
	for i, id := range ids {
		part := strings.Join(lines[i*third:(i+1)*third], "")
		note, err := json.Marshal(upload{Status: api.ImportStatus{ID: id, Brand: "B", State: api.ImportRunning, Started: time.Unix(int64(i), 0)}})
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{id + ".json": note, id + ".data": []byte(part)} {
			if err := os.WriteFile(filepath.Join(dir, "uploads", name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	pages := []string{"ADALID_IMPORT_PAGE_SIZE=500"}
	servers := []*server{serve(t, dir, pages), serve(t, dir, pages)}
	for _, s := range servers {
		for _, id := range ids {
			if status := s.done("/api/v1/brands/B/imports/" + id); status.State != "done" || status.Rows != int64(third) {
				t.Errorf("import %s: %+v", id, status)
			}
		}
	}
	for _, s := range servers {
		s.stop()
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if scans, err := s.Scans(t.Context(), "B", 10); err != nil || len(scans) != len(ids) {
		t.Errorf("%d imports ran for %d uploads: %+v, %v", len(scans), len(ids), scans, err)
	}
	same(t, "two servers", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestClaim: of two servers one has an upload, and the other learns how it
// ended.
func TestClaim(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	servers := [2]*uploads{}
	for i := range servers {
		servers[i] = &uploads{ctx: t.Context(), store: s, dir: dir, log: slog.New(slog.DiscardHandler)}
	}
	one := upload{Status: api.ImportStatus{ID: "one", State: api.ImportRunning}}
	if err := errors.Join(os.WriteFile(servers[0].path("one"), []byte("x"), 0o600), servers[0].note(&one)); err != nil {
		t.Fatal(err)
	}
	other := one
	release, mine := servers[0].claim(&one)
	if !mine {
		t.Fatal("a free upload cannot be claimed")
	}
	if _, mine := servers[1].claim(&other); mine {
		t.Error("an upload is claimed twice")
	}
	one.Status.Rows = 7
	if err := servers[0].note(&one); err != nil {
		t.Fatal(err)
	}
	if got := servers[1].status(&other); got.Rows != 7 {
		t.Errorf("the other server shows %d rows", got.Rows)
	}
	release() // as the end of the process does
	release, mine = servers[1].claim(&other)
	if !mine || other.Status.Rows != 7 {
		t.Errorf("claimed %t with %d rows after the first server is gone", mine, other.Status.Rows)
	}
	other.Status.State = api.ImportDone
	if err := servers[1].note(&other); err != nil {
		t.Fatal(err)
	}
	release()
	if _, mine := servers[0].claim(&one); mine || one.Status.State != api.ImportDone {
		t.Errorf("claimed %t in state %s what the other server has finished", mine, one.Status.State)
	}
	if err := os.Remove(servers[0].path("one")); err != nil {
		t.Fatal(err)
	}
	if _, mine := servers[0].claim(&one); mine {
		t.Error("claimed what is gone")
	}
}

// TestUploadsThatAreGone: an upload waiting for its import does not bring back
// a brand that was removed meanwhile, and what a crash left of uploads that
// never arrived is swept up.
func TestUploadsThatAreGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	uploads := filepath.Join(dir, "uploads")
	if err := os.MkdirAll(uploads, 0o700); err != nil {
		t.Fatal(err)
	}
	note := upload{Status: api.ImportStatus{ID: "one", Brand: "Gone", State: api.ImportRunning, Started: time.Now()}}
	raw, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-48 * time.Hour)
	for name, text := range map[string]string{
		"one.json": string(raw), "one.data": strings.Join(fewRows, ""), "torn.json": "{",
		"cut.data": "half a fi", "young.data": "still com", "two.json.new": "{",
	} {
		path := filepath.Join(uploads, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if name != "young.data" {
			if err := os.Chtimes(path, long, long); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := serve(t, dir, nil)
	eventually(t, "end of the import", func() bool {
		raw, err := os.ReadFile(filepath.Join(uploads, "one.json"))
		return err == nil && strings.Contains(string(raw), `"failed"`)
	})
	if list := decode[api.BrandList](t, s.get("/api/v1/brands")); len(list.Items) != 0 {
		t.Errorf("brands %+v", list)
	}
	s.stop()
	files, err := filepath.Glob(filepath.Join(uploads, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	if got := strings.Join(files, " "); got != "one.json torn.json young.data" {
		t.Errorf("left: %s", got)
	}
}
