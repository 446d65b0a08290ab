package demo

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// genRow is the canonical row as a reader sees it.
type genRow struct {
	Brand, Platform, Author, Handle, Lang, Text string
	PostID                                      string    `json:"post_id"`
	CreatedAt                                   time.Time `json:"created_at"`
	Followers, Likes, Reposts, Replies          int64
	Views                                       *int64
	IsRepost                                    bool    `json:"is_repost"`
	RepostOf                                    *string `json:"repost_of"`
	ReplyTo                                     *string `json:"reply_to"`
	Mentions                                    []string
}

func generated(t *testing.T, o GenOptions) ([]byte, []genRow) {
	t.Helper()
	var b bytes.Buffer
	if err := Generate(&b, o); err != nil {
		t.Fatal(err)
	}
	var rows []genRow
	for i, line := range bytes.Split(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n")) {
		var r genRow
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("line %d: %v\n%s", i+1, err, line)
		}
		rows = append(rows, r)
	}
	return b.Bytes(), rows
}

func TestGenerateKeepsItsPromises(t *testing.T) {
	o := GenOptions{Rows: 20_000, Authors: 6_000, Seed: 7, Days: 30}
	data, rows := generated(t, o)
	if len(rows) != o.Rows {
		t.Fatalf("%d rows, want %d", len(rows), o.Rows)
	}
	posts, authors, handles := map[string]int{}, map[string]int{}, map[string]string{}
	platforms, langs := map[string]int{}, map[string]int{}
	texts, named := 0, 0
	for i, r := range rows {
		posts[r.PostID]++
		authors[r.Platform+r.Author]++
		platforms[r.Platform]++
		langs[r.Lang]++
		texts += len(r.Text)
		named += len(r.Mentions)
		if h, ok := handles[r.Handle]; ok && h != r.Author {
			t.Fatalf("handle %s belongs to %s and %s", r.Handle, h, r.Author)
		}
		handles[r.Handle] = r.Author
		for _, m := range r.Mentions {
			if m == r.Handle || !strings.Contains(r.Text, "@"+m) {
				t.Fatalf("row %d names %s: %s", i, m, r.Text)
			}
		}
		if r.IsRepost != (r.RepostOf != nil) || r.IsRepost && (r.Likes != 0 || !strings.HasPrefix(r.Text, "RT @"+*r.RepostOf+": ")) {
			t.Fatalf("row %d: repost %v of %v with %d likes: %s", i, r.IsRepost, r.RepostOf, r.Likes, r.Text)
		}
		if r.ReplyTo != nil && r.Mentions[0] != *r.ReplyTo || !strings.Contains(r.Text, Brand) {
			t.Fatalf("row %d: %+v", i, r)
		}
		if until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); !r.CreatedAt.Before(until) || r.CreatedAt.Before(until.AddDate(0, 0, -o.Days)) {
			t.Fatalf("row %d at %v", i, r.CreatedAt)
		}
	}
	if len(posts) != o.Rows-o.Rows/20 {
		t.Errorf("%d distinct posts, want %d", len(posts), o.Rows-o.Rows/20)
	}
	if len(authors) != o.Authors {
		t.Errorf("%d authors, want %d", len(authors), o.Authors)
	}
	most := 0
	for _, n := range authors {
		most = max(most, n)
	}
	if most < 200 {
		t.Errorf("the most active author wrote %d rows: no heavy head", most)
	}
	if len(platforms) != 3 || len(langs) != 4 || langs["en"] < 9_000 || langs["es"] < 5_000 {
		t.Errorf("platforms %v, languages %v", platforms, langs)
	}
	if mean := float64(texts) / float64(len(rows)); mean < 95 || mean > 125 {
		t.Errorf("texts have %.0f bytes on average", mean)
	}
	if mean := float64(named) / float64(len(rows)); mean < .5 || mean > .7 {
		t.Errorf("%.2f handles per row", mean)
	}
	again, _ := generated(t, o)
	if !bytes.Equal(data, again) {
		t.Error("same options, other bytes")
	}
	o.Seed++
	if other, _ := generated(t, o); bytes.Equal(data, other) {
		t.Error("other seed, same bytes")
	}
}

func TestGenerateRefusesWhatCannotBe(t *testing.T) {
	for _, o := range []GenOptions{
		{}, {Rows: 29, Authors: 20}, {Rows: 100, Authors: 19}, {Rows: 100, Authors: 96}, {Rows: 100, Authors: 20, Days: -1},
	} {
		if err := Generate(new(bytes.Buffer), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	if _, rows := generated(t, GenOptions{Rows: 100, Authors: 95}); len(rows) != 100 {
		t.Errorf("%d rows", len(rows))
	}
}

func BenchmarkGenerate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var n counter
		if err := Generate(&n, GenOptions{Rows: 100_000, Authors: 30_000, Seed: 1}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(n))
	}
}

// counter counts the bytes written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
