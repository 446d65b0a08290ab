package collectortest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Answer is one recorded answer of a platform.
type Answer struct {
	File    string // relative to the folder of recordings
	Method  string `json:"method"`
	URI     string `json:"uri"`
	Status  int    `json:"status"`
	Headers map[string]any
	Body    json.RawMessage `json:"body"`
}

// Response is the answer as a client would see it.
func (a Answer) Response() *http.Response {
	h := http.Header{}
	for k, v := range a.Headers {
		switch v := v.(type) {
		case string:
			h.Set(k, v)
		case []any:
			for _, one := range v {
				if s, ok := one.(string); ok {
					h.Add(k, s)
				}
			}
		}
	}
	return &http.Response{StatusCode: cmp.Or(a.Status, 200), Header: h, Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body))}
}

// wireFolder is where recorded answers lie, from a collector's folder.
const wireFolder = "../../../shared/data/wire"

// named is the folder that a variable names; a relative one may be meant from
// the top of the repository, where go test was started, as well.
func named(variable, fallback string) string {
	folder := cmp.Or(os.Getenv(variable), fallback)
	if _, err := os.Stat(folder); err != nil && !filepath.IsAbs(folder) {
		return filepath.Join("..", "..", folder)
	}
	return folder
}

// Wire reads the recorded answers of one folder of ADALID_WIRE_DIR. Without
// that folder the test is skipped; with CI=true it fails. Files without the
// envelope of a recording are one answer with status 200.
func Wire(t *testing.T, folder string) []Answer {
	t.Helper()
	root := filepath.Join(named("ADALID_WIRE_DIR", wireFolder), folder)
	if _, err := os.Stat(root); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no recorded answers: set ADALID_WIRE_DIR (%v)", err)
		}
		t.Skip("no recorded answers: set ADALID_WIRE_DIR")
	}
	var answers []Answer
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := readMaybeZipped(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		answers = append(answers, inside(name, body)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func inside(name string, body []byte) []Answer {
	var envelope struct {
		Responses []Answer `json:"responses"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Responses == nil {
		return []Answer{{File: name, Method: "GET", Status: 200, Body: body}}
	}
	for i := range envelope.Responses {
		envelope.Responses[i].File = name
	}
	return envelope.Responses
}

func readMaybeZipped(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(path, ".gz") {
		return io.ReadAll(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
