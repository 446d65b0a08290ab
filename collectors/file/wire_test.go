package file

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Recorded answers of both API versions: every post in them is read, and its id
// digit by digit.
func TestRecordedAnswers(t *testing.T) {
	dir := os.Getenv("ADALID_WIRE_DIR")
	if dir == "" {
		dir = filepath.Join(dataDir(t), "wire")
	}
	if _, err := os.Stat(dir); err != nil && !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir) // from the top of the repository
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no recorded answers: set ADALID_WIRE_DIR (%v)", err)
		}
		t.Skip("no recorded answers: set ADALID_WIRE_DIR")
	}
	for _, tt := range []struct {
		folder string
		format Format
		ours   []string // parts of the addresses whose answers hold posts
	}{
		{"x_v11", TweetsV1, []string{"/statuses/", "/search/tweets", "/lists/statuses"}},
		{"x_v2", TweetsV2, []string{"/list_tweets", "/tweets/1293593516040269825", "quote_tweets", "/mentions", "783214/tweets", "84839422/tweets"}},
	} {
		files, err := filepath.Glob(filepath.Join(dir, tt.folder, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no answers in %s: %v", tt.folder, err)
		}
		for _, name := range files {
			for _, r := range recorded(t, name) {
				if !containsAny(r.URI, tt.ours) || containsAny(r.URI, []string{"retweeters", "liking_users"}) {
					t.Logf("not ours: %s", r.URI)
					continue
				}
				ids := postIDs(t, r.Body)
				ms, all := readAll(t, Options{Paths: []string{write(t, "in.json", r.Body)}, Format: tt.format})
				if all.Rows != int64(len(ids)) {
					t.Errorf("%s: %d rows, want %d", r.URI, all.Rows, len(ids))
				}
				if tt.format == TweetsV1 && len(ms) != len(ids) {
					t.Errorf("%s: %d posts, want %d; %+v", r.URI, len(ms), len(ids), all.Rejects)
				}
				for i, m := range ms {
					if m.ID != ids[i] || m.CreatedAt.IsZero() && tt.format == TweetsV1 {
						t.Errorf("%s: post %d is %s of %v, want %s", r.URI, i, m.ID, m.CreatedAt, ids[i])
					}
				}
				for _, x := range all.Rejects { // recorded without expansions
					if x.Field != "author" {
						t.Errorf("%s: %+v", r.URI, x)
					}
				}
			}
		}
	}
}

type answer struct {
	URI  string          `json:"uri"`
	Body json.RawMessage `json:"body"`
}

func recorded(t *testing.T, name string) []answer {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var file struct{ Responses []answer }
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		t.Fatal(err)
	}
	return file.Responses
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// postIDs finds the ids of the posts in an answer as they are written.
func postIDs(t *testing.T, body []byte) []string {
	t.Helper()
	type post struct {
		IDStr string          `json:"id_str"`
		ID    json.RawMessage `json:"id"`
	}
	var many struct {
		Statuses []post          `json:"statuses"`
		Data     json.RawMessage `json:"data"`
	}
	var list []post
	if json.Unmarshal(body, &list) != nil {
		if err := json.Unmarshal(body, &many); err != nil {
			t.Fatal(err)
		}
		one := body
		if many.Data != nil {
			one = many.Data
		}
		if list = many.Statuses; list == nil && json.Unmarshal(one, &list) != nil {
			list = make([]post, 1)
			if err := json.Unmarshal(one, &list[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	var ids []string
	for _, p := range list {
		if p.IDStr == "" {
			p.IDStr = strings.Trim(string(p.ID), `"`)
		}
		ids = append(ids, p.IDStr)
	}
	return ids
}
