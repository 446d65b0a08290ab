package file

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/collectors"
)

var update = flag.Bool("update", false, "write the golden files")

// row is a mention as golden files show it: what is unknown is left out.
type row struct {
	Brand      string   `json:"brand,omitempty"`
	Platform   string   `json:"platform"`
	ID         string   `json:"id"`
	URL        string   `json:"url,omitempty"`
	Observed   string   `json:"observed_at,omitempty"`
	Created    string   `json:"created_at,omitempty"`
	Author     string   `json:"author"`
	Handle     string   `json:"handle,omitempty"`
	Name       string   `json:"name,omitempty"`
	Bio        string   `json:"bio,omitempty"`
	Profile    string   `json:"profile,omitempty"`
	Joined     string   `json:"author_created,omitempty"`
	Followers  *int64   `json:"followers,omitempty"`
	Following  *int64   `json:"following,omitempty"`
	Verified   *bool    `json:"verified,omitempty"`
	Lang       string   `json:"lang,omitempty"`
	Text       string   `json:"text"`
	Likes      *int64   `json:"likes,omitempty"`
	Reposts    *int64   `json:"reposts,omitempty"`
	Replies    *int64   `json:"replies,omitempty"`
	Quotes     *int64   `json:"quotes,omitempty"`
	Views      *int64   `json:"views,omitempty"`
	Repost     bool     `json:"is_repost,omitempty"`
	RepostOf   string   `json:"repost_of,omitempty"`
	ReplyTo    string   `json:"reply_to,omitempty"`
	QuoteOf    string   `json:"quote_of,omitempty"`
	Mentions   []string `json:"mentions,omitempty"`
	OwnAccount bool     `json:"brand_account,omitempty"`
	Sponsored  bool     `json:"sponsored,omitempty"`
	Label      string   `json:"label,omitempty"`
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func rowOf(m adalid.Mention) row {
	a := m.Author
	return row{
		Brand: m.Brand, Platform: string(m.Platform), ID: m.ID, URL: m.URL, Observed: stamp(m.ObservedAt), Created: stamp(m.CreatedAt),
		Author: a.Key, Handle: a.Handle, Name: a.Name, Bio: a.Bio, Profile: a.URL, Joined: stamp(a.Created),
		Followers: a.Followers, Following: a.Following, Verified: a.Verified, Lang: m.Lang, Text: m.Text,
		Likes: m.Likes, Reposts: m.Reposts, Replies: m.Replies, Quotes: m.Quotes, Views: m.Views,
		Repost: m.Repost, RepostOf: m.RepostOf, ReplyTo: m.ReplyTo, QuoteOf: m.QuoteOf, Mentions: m.Mentions,
		OwnAccount: m.OwnAccount, Sponsored: m.Sponsored, Label: string(m.Label),
	}
}

// golden is what a case must give.
type golden struct {
	Error    string              `json:"error,omitempty"`
	Found    []Found             `json:"found,omitempty"`
	Rows     int64               `json:"rows"`
	Mentions []row               `json:"mentions"`
	Gone     []string            `json:"gone,omitempty"`
	Rejects  []collectors.Reject `json:"rejects,omitempty"`
	Notices  []collectors.Notice `json:"notices,omitempty"`
}

// caseOptions reads a case's folder: the files in.*, and args with one flag of
// the import command per line.
func caseOptions(t testing.TB, dir string) Options {
	t.Helper()
	opt := Options{Now: func() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }}
	paths, err := filepath.Glob(filepath.Join(dir, "in*"))
	if err != nil {
		t.Fatal(err)
	}
	opt.Paths = paths
	b, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch name {
		case "":
		case "--format":
			opt.Format = Format(value)
		case "--platform":
			opt.Platform = adalid.Platform(value)
		case "--brand-column":
			opt.BrandColumn = value
		case "--date-order":
			opt.DateOrder = DateOrder(value)
		case "--timezone":
			if opt.Timezone, err = time.LoadLocation(value); err != nil {
				t.Fatal(err)
			}
		case "--year":
			opt.Year, _ = strconv.Atoi(value)
		case "--map":
			field, column, _ := strings.Cut(value, "=")
			opt.Map = append(opt.Map, Mapping{Field: field, Column: column})
		default:
			t.Fatalf("%s: unknown flag %q", dir, name)
		}
	}
	return opt
}

func TestCases(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join("testdata", "*", "args"))
	if err != nil || len(dirs) < 25 {
		t.Fatalf("%d cases, %v", len(dirs), err)
	}
	for _, args := range dirs {
		dir := filepath.Dir(args)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var got golden
			c, err := New(caseOptions(t, dir))
			if err == nil {
				defer c.Close()
				got.Found = c.Mapping()
				err = collectAll(c, &got)
			}
			if err != nil {
				if adalid.CodeOf(err) == "" {
					t.Errorf("the error has no code: %v", err)
				}
				got.Error = err.Error()
			}
			compareGolden(t, filepath.Join(dir, "want.golden.json"), got)
		})
	}
}

func collectAll(c *Collector, got *golden) error {
	var from collectors.Cursor
	for {
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			return err
		}
		for _, m := range p.Mentions {
			got.Mentions = append(got.Mentions, rowOf(m))
		}
		got.Rows += p.Rows
		for _, g := range p.Gone {
			got.Gone = append(got.Gone, string(g.Platform)+" "+g.ID)
		}
		got.Rejects = append(got.Rejects, p.Rejects...)
		got.Notices = append(got.Notices, p.Notices...)
		if !p.More {
			return nil
		}
		from = p.Next
	}
}

func compareGolden(t *testing.T, path string, got golden) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("%s (-want +got, -update writes it):\n%s", path, d)
	}
}
