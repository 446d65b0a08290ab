package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid/internal/authenticity"
	"adalid/internal/dedupe"
)

const inventedProfiles = `{"id":"1","handle":"ines_ruiz","name":"Inés Ruiz","description":"Café y bicis. Opiniones mías","url":"https://ines.example","created_at":"2019-05-01T00:00:00Z","followers":340,"following":210}
{"id":"2","handle":"maria83920174","created_at":"2025-11-01T00:00:00Z","as_of":"2026-03-01T00:00:00Z","followers":0,"following":0}
not a row

{"id":"3","description":"Official account of the shops of Nova. Our news","followers":"many"}
{"id":4,"description":"Official account of the shops of Nova. Our news","bot":true}
`

func TestAuthenticityCSV(t *testing.T) {
	t.Parallel()
	r := cli(t, t.TempDir(), inventedProfiles, "authenticity", "--format", "csv", "--as-of", "2026-03-01")
	if r.code != 0 {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	for _, want := range []string{"line 3: no valid JSON", "line 5: followers is of the wrong kind (string)", "2 of 5 lines could not be read"} {
		if !strings.Contains(r.err, want) {
			t.Errorf("stderr lacks %q:\n%s", want, r.err)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "id,authenticity,reasons,organisation,organisation_reasons" {
		t.Errorf("columns %s", got)
	}
	if len(rows) != 4 || rows[1][0] != "1" || rows[2][0] != "2" || rows[3][0] != "4" {
		t.Fatalf("rows %q", rows)
	}
	value := func(row, column int) float64 {
		v, err := strconv.ParseFloat(rows[row][column], 64)
		if err != nil || v < 0 || v > 1 {
			t.Fatalf("row %d, column %d: %q", row, column, rows[row][column])
		}
		return v
	}
	if value(1, 1) < 0.9 || value(2, 1) > 0.5 || value(3, 1) > 0.2 {
		t.Errorf("authenticity %s, %s, %s", rows[1][1], rows[2][1], rows[3][1])
	}
	if value(1, 3) > 0.5 || value(3, 3) < 0.9 {
		t.Errorf("organisation %s, %s", rows[1][3], rows[3][3])
	}
	if want := "nobody follows it after 120 days (+1.75); it follows nobody after 120 days (+1.75); its handle ends in 8 digits, as made by a machine (+0.50)"; rows[2][2] != want {
		t.Errorf("reasons %q, want %q", rows[2][2], want)
	}
}

func TestAuthenticityFormats(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := cli(t, dir, inventedProfiles, "authenticity", "--json", "--lang", "es", "--as-of", "2026-03-01")
	var rows []struct {
		ID           string
		Authenticity float64
		Reasons      []spoken
	}
	if err := json.Unmarshal([]byte(r.out), &rows); err != nil || len(rows) != 3 {
		t.Fatalf("%v\n%s", err, r.out)
	}
	if first := rows[1].Reasons[0]; first.Code != "no-followers" || first.Weight != 1.75 || first.Text != "nadie la sigue después de 120 días" {
		t.Errorf("first reason %+v", first)
	}
	if r := cli(t, dir, inventedProfiles, "authenticity"); r.code != 0 || !strings.Contains(r.out, "authenticity") || !strings.Contains(r.out, "4") {
		t.Errorf("table: exit %d\n%s", r.code, r.out)
	}
	for _, c := range []struct {
		stdin, want string
		args        []string
	}{
		{"", "there is no profile", nil},
		{"nonsense\n", "line 1: no valid JSON", nil},
		{inventedProfiles, "it can be table, csv, json", []string{"--format", "tsv"}},
		{inventedProfiles, "it can be en or es", []string{"--lang", "fr"}},
		{inventedProfiles, "--as-of is", []string{"--as-of", "yesterday"}},
		{strings.Repeat("x", longestLine+1), "line 1 is longer than 16 MB", nil},
	} {
		if r := cli(t, dir, c.stdin, append([]string{"authenticity"}, c.args...)...); r.code != 2 || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: exit %d, want 2 and %q\n%s", c.args, r.code, c.want, r.err)
		}
	}
}

// interrupted gives its text, and then Ctrl-C is pressed while it waits for more.
type interrupted struct {
	text io.Reader
	stop func()
	done <-chan struct{}
}

func (r *interrupted) Read(p []byte) (int, error) {
	n, err := r.text.Read(p)
	if err == io.EOF {
		r.stop()
		<-r.done
	}
	return n, err
}

// Ctrl-C while standard input waits for more: what is done is written, JSON is
// whole, and the exit code tells.
func TestAuthenticityStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	waiting, end := context.WithCancel(context.Background())
	defer end()
	var out, errs bytes.Buffer
	in := &interrupted{strings.NewReader(inventedProfiles), stop, waiting.Done()}
	code := run(ctx, []string{"--data-dir", t.TempDir(), "authenticity", "--format", "json"}, streams{in, &out, &errs}, nil)
	var rows []map[string]any
	if err := json.Unmarshal(out.Bytes(), &rows); err != nil || code != 1 {
		t.Errorf("exit %d, %v\n%s", code, err, out.String())
	}
	if want := fmt.Sprintf("stopped after %d profiles", len(rows)); !strings.Contains(errs.String(), want) {
		t.Errorf("stderr lacks %q:\n%s", want, errs.String())
	}
}

// The two packages may not import each other, and have to agree.
func TestNearCopiesAreOneThing(t *testing.T) {
	if authenticity.NearBits != dedupe.NearBits {
		t.Errorf("near copies differ in %d bits at most in one package and %d in the other", authenticity.NearBits, dedupe.NearBits)
	}
}

// expectedRepeaters are the authors of a set that only repeat themselves, by
// equal texts.
func expectedRepeaters(t *testing.T, data, set string) map[string]bool {
	f, err := os.Open(filepath.Join(data, "expected", set+".repeaters.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, r := range rows[1:] {
		out[r[0]] = true
	}
	return out
}

// ownPosts gives the own posts of a set by author, each post once.
func ownPosts(t *testing.T, data, set string) map[string][]authenticity.Post {
	f, err := os.Open(filepath.Join(data, "mentions", set+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	out, seen := map[string][]authenticity.Post{}, map[string]bool{}
	for in := json.NewDecoder(z); ; {
		var row struct {
			ID      string `json:"post_id"`
			Author  string
			Text    string
			Created *time.Time `json:"created_at"`
			Own     bool       `json:"brand_account"`
			Repost  bool       `json:"is_repost"`
		}
		if err := in.Decode(&row); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		if row.Own || row.Repost || seen[row.Author+"\x00"+row.ID] {
			continue
		}
		seen[row.Author+"\x00"+row.ID] = true
		p := authenticity.Post{Text: dedupe.TextHash(row.Text), Near: dedupe.NearHash(row.Text)}
		if row.Created != nil {
			p.At = *row.Created
		}
		out[row.Author] = append(out[row.Author], p)
	}
}

// TestRepeatersAreFound: everybody on the lists of the development data is a
// repeater; near copies add a few who are on none.
func TestRepeatersAreFound(t *testing.T) {
	data := sharedData(t)
	lists, err := filepath.Glob(filepath.Join(data, "expected", "*.repeaters.csv"))
	if err != nil || len(lists) == 0 {
		t.Fatalf("no lists of repeaters in %s: %v", data, err)
	}
	for _, list := range lists {
		set := strings.TrimSuffix(filepath.Base(list), ".repeaters.csv")
		posts, want, more := ownPosts(t, data, set), expectedRepeaters(t, data, set), 0
		for author := range want {
			if r := authenticity.Repeats(posts[author]); !r.Repeater() {
				t.Errorf("%s: a repeater with %d posts, %d copies is not found", set, r.Posts, r.Copies)
			}
		}
		active := 0
		for author, list := range posts {
			if len(list) >= 5 {
				active++
			}
			if authenticity.Repeats(list).Repeater() && !want[author] {
				more++
			}
		}
		if more > len(want)+active/50 {
			t.Errorf("%s: near copies add %d repeaters to %d, of %d authors with five posts", set, more, len(want), active)
		}
		t.Logf("%s: %d repeaters by equal texts, %d more by near copies, of %d authors with five posts", set, len(want), more, active)
	}
}

// sharedTexts is what authors share with others, as judge asks for it.
func sharedTexts(posts map[string][]authenticity.Post) map[string]*authenticity.Copies {
	authors := slices.Sorted(maps.Keys(posts))
	var list []authenticity.Indexed
	short := map[uint64]bool{}
	for i, author := range authors {
		for _, p := range posts[author] {
			at := int64(math.MinInt64)
			if !p.At.IsZero() {
				at = p.At.Unix()
			}
			list = append(list, authenticity.Indexed{Text: p.Text, At: at, Author: int32(i)})
			short[p.Text] = p.Near == 0
		}
	}
	out := map[string]*authenticity.Copies{}
	for i, c := range authenticity.SharedTexts(list, len(authors), func(text uint64) bool { return short[text] }) {
		out[authors[i]] = &c
	}
	return out
}

// TestBehaviourSuspectsFew holds the rules of behaviour to posts of people that
// nobody labelled: hardly anybody is suspected, nobody is left out by them
// alone, and different texts are hardly ever near copies.
func TestBehaviourSuspectsFew(t *testing.T) {
	data := sharedData(t)
	for _, set := range []string{"airline", "pfizer", "sustainability", "demonetization", "hackernews_all", "es_8m", "es_latinr"} {
		posts := ownPosts(t, data, set)
		shared := sharedTexts(posts)
		var long []authenticity.Post
		badges := 0
		for _, author := range slices.Sorted(maps.Keys(posts)) {
			list := posts[author]
			b := authenticity.Measure(list)
			b.Copies = shared[author] // by equal texts, as judge has them
			a := authenticity.Assess(authenticity.Profile{}, b, time.Time{})
			if a.Probability >= authenticity.LeaveOut {
				t.Errorf("%s: left out by %+v", set, a.Reasons)
			}
			if a.Probability >= authenticity.Badge {
				badges++
			}
			for _, p := range list {
				if p.Near != 0 {
					long = append(long, p)
				}
			}
		}
		near, pairs := 0, 300_000
		random := rand.New(rand.NewPCG(1, 2))
		for range pairs {
			a, b := long[random.IntN(len(long))], long[random.IntN(len(long))]
			if a.Text != b.Text && bits.OnesCount64(a.Near^b.Near) <= dedupe.NearBits {
				near++
			}
		}
		t.Logf("%s: %d of %d authors with a badge; %d of %d random pairs near", set, badges, len(posts), near, pairs)
		if badges*100 > len(posts) || near*2000 > pairs {
			t.Errorf("%s: %d of %d authors suspected, %d of %d random pairs near copies", set, badges, len(posts), near, pairs)
		}
	}
}
