package store

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// dataDir gives the folder of the development data.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "mentions")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the development data are not at %s", dir)
		}
		t.Skipf("the development data are not at %s", dir)
	}
	return dir
}

func readGzip(t *testing.T, path string, read func(*bufio.Reader)) {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	read(bufio.NewReader(z))
}

// canonical is what this test reads of a canonical row.
type canonical struct {
	Brand      string   `json:"brand"`
	PostID     string   `json:"post_id"`
	Author     string   `json:"author"`
	Handle     string   `json:"handle"`
	Name       string   `json:"name"`
	Followers  *int64   `json:"followers"`
	Following  *int64   `json:"following"`
	CreatedAt  string   `json:"created_at"`
	Lang       string   `json:"lang"`
	Text       string   `json:"text"`
	Likes      *int64   `json:"likes"`
	Reposts    *int64   `json:"reposts"`
	Replies    *int64   `json:"replies"`
	Quotes     *int64   `json:"quotes"`
	Views      *int64   `json:"views"`
	IsRepost   bool     `json:"is_repost"`
	RepostOf   string   `json:"repost_of"`
	ReplyTo    string   `json:"reply_to"`
	Mentions   []string `json:"mentions"`
	OwnAccount bool     `json:"brand_account"`
}

// readSet gives the mentions of a set by brand.
func readSet(t *testing.T, path string) map[string][]scan.Mention {
	t.Helper()
	set := map[string][]scan.Mention{}
	readGzip(t, path, func(r *bufio.Reader) {
		for d := json.NewDecoder(r); d.More(); {
			var c canonical
			must(t, d.Decode(&c))
			m := scan.Mention{Mention: adalid.Mention{
				Platform: adalid.X, ID: c.PostID, Lang: c.Lang, Text: c.Text,
				Author: adalid.Author{Key: c.Author, Handle: c.Handle, Name: c.Name, Followers: c.Followers, Following: c.Following},
				Likes:  c.Likes, Reposts: c.Reposts, Replies: c.Replies, Quotes: c.Quotes, Views: c.Views,
				Repost: c.IsRepost, RepostOf: c.RepostOf, ReplyTo: c.ReplyTo, Mentions: c.Mentions, OwnAccount: c.OwnAccount,
			}}
			if c.CreatedAt != "" {
				at, err := time.Parse(time.RFC3339, c.CreatedAt)
				must(t, err)
				m.CreatedAt = at
			}
			h := fnv.New64a()
			fmt.Fprint(h, strings.ToLower(c.Text))
			m.TextHash = h.Sum64()
			fmt.Fprint(h, show(m))
			m.RowHash = h.Sum64()
			set[c.Brand] = append(set[c.Brand], m)
		}
	})
	return set
}

// readExpected gives the rows of an expected file without its header, cut to
// the named columns.
func readExpected(t *testing.T, path string, columns []string) []string {
	t.Helper()
	var rows []string
	readGzip(t, path, func(r *bufio.Reader) {
		table, err := csv.NewReader(r).ReadAll()
		must(t, err)
		for _, line := range table[1:] {
			var cells []string
			for _, c := range columns {
				cells = append(cells, line[slices.Index(table[0], c)])
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
	})
	return rows
}

var (
	authorColumns = strings.Split("brand author handle posts own reposts_made likes reposts replies quotes views followers_max following_last first last days brand_account out_w out_deg in_w in_deg rp_in_w rp_in_deg", " ")
	edgeColumns   = []string{"kind", "brand", "src_author", "dst_handle", "weight"}
)

// expectedAuthor writes figures as the expected files do: a counter that the
// source does not have is 0 there.
func expectedAuthor(c AuthorCounts) string {
	number := func(p *int64, unknown string) string {
		if p == nil {
			return unknown
		}
		return strconv.FormatInt(*p, 10)
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	own := "False"
	if c.BrandAccount {
		own = "True"
	}
	cells := []string{c.Brand, c.Author, c.Handle}
	for _, n := range []int64{c.Posts, c.Own, c.RepostsMade} {
		cells = append(cells, strconv.FormatInt(n, 10))
	}
	for _, p := range []*int64{c.Likes, c.Reposts, c.Replies, c.Quotes, c.Views} {
		cells = append(cells, number(p, "0"))
	}
	cells = append(cells, number(c.FollowersMax, ""), number(c.FollowingLast, ""), at(c.First), at(c.Last),
		strconv.FormatInt(c.Days, 10), own, strconv.FormatInt(c.OutW, 10), strconv.FormatInt(c.OutDeg, 10))
	for _, p := range []*int64{c.InW, c.InDeg, c.RpInW, c.RpInDeg} {
		cells = append(cells, number(p, ""))
	}
	return strings.Join(cells, "|")
}

// TestExpectedFigures stores every real set, in its own order and shuffled,
// and compares authors and edges with the expected files, cell by cell.
func TestExpectedFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make test runs it once, without the race detector")
	}
	dir := dataDir(t)
	files, err := filepath.Glob(filepath.Join(dir, "mentions", "*.jsonl.gz"))
	must(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".jsonl.gz")
		t.Run(name, func(t *testing.T) {
			set := readSet(t, file)
			authors := readExpected(t, filepath.Join(dir, "expected", name+".authors.csv.gz"), authorColumns)
			edges := readExpected(t, filepath.Join(dir, "expected", name+".edges.csv.gz"), edgeColumns)
			for seed := range uint64(2) {
				if raced && (seed == 0 || len(authors) > 2000) {
					continue
				}
				s := open(t, t.TempDir())
				gotAuthors, gotEdges := storeSet(t, s, set, seed)
				must(t, s.Close())
				slices.Sort(authors)
				slices.Sort(edges)
				equal(t, "authors", gotAuthors, authors)
				equal(t, "edges", gotEdges, edges)
			}
		})
	}
}

func storeSet(t *testing.T, s *Store, set map[string][]scan.Mention, seed uint64) (authors, edges []string) {
	t.Helper()
	ctx := context.Background()
	for brand, rows := range set {
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: brand}))
		if seed > 0 {
			rows = slices.Clone(rows)
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		for page := range slices.Chunk(rows, 777) {
			_, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: brand, Mentions: page}}})
			must(t, err)
		}
		must(t, s.Authors(ctx, brand, Span{}, func(c AuthorCounts) error {
			authors = append(authors, expectedAuthor(c))
			return nil
		}))
		must(t, s.EdgeTotals(ctx, brand, Span{}, func(e EdgeTotal) error {
			if kind := map[rank.EdgeKind]string{rank.MentionEdge: "mention", rank.RepostEdge: "repost"}[e.Kind]; kind != "" {
				edges = append(edges, strings.Join([]string{kind, brand, e.Source, e.Target, strconv.FormatInt(e.Weight, 10)}, "|"))
			}
			return nil
		}))
	}
	report, err := s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild found %+v", report)
	}
	slices.Sort(authors)
	slices.Sort(edges)
	return authors, edges
}
