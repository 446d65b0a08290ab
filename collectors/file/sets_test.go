package file

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// dataDir is the folder of the development data, which is no part of the
// repository.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "mentions")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the development data are missing: %v", err)
		}
		t.Skip("no development data")
	}
	return dir
}

// readAll reads everything through one collector, page after page.
func readAll(t testing.TB, opt Options) (ms []adalid.Mention, all collectors.Page) {
	t.Helper()
	c, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return drain(t, c, nil)
}

func drain(t testing.TB, c *Collector, from collectors.Cursor) (ms []adalid.Mention, all collectors.Page) {
	t.Helper()
	notices := map[collectors.NoticeCode]int{}
	for {
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, p.Mentions...)
		all.Rejects = append(all.Rejects, p.Rejects...)
		all.Gone = append(all.Gone, p.Gone...)
		all.Rows += p.Rows
		all.Read, all.Size, all.Next = p.Read, p.Size, p.Next
		for _, n := range p.Notices {
			i, ok := notices[n.Code]
			if !ok {
				notices[n.Code] = len(all.Notices)
				all.Notices = append(all.Notices, n)
				continue
			}
			all.Notices[i].Count += n.Count
			all.Notices[i].Naive += n.Naive
			all.Notices[i].Counted += n.Counted
		}
		if !p.More {
			return ms, all
		}
		from = p.Next
	}
}

func notice(all collectors.Page, code collectors.NoticeCode) collectors.Notice {
	for _, n := range all.Notices {
		if n.Code == code {
			return n
		}
	}
	return collectors.Notice{}
}

// A raw file, and how to read it so that it equals its canonical form.
var rawSets = []struct {
	set, file string
	brandCol  string
	maps      []string
	canonical func(*adalid.Mention) bool // prepares a canonical row; false leaves it out
	unsaid    []string                   // fields that the raw file does not hold
	rows      int64
	byContent bool // the raw ids are damaged
}{
	{
		set: "airline", file: "airline.csv.gz", brandCol: "airline", maps: []string{"label=sentiment"}, rows: 11914,
		unsaid: []string{"Lang"},
	},
	{set: "es_8m", file: "3_Data_Cleansing_8M.csv.gz", rows: 5301},
	{set: "sustainability", file: "tweets170820-50.csv.gz", brandCol: "search", rows: 2792},
	{set: "hackernews_all", file: "hacker_news.csv.gz", rows: 20100, unsaid: []string{"Lang", "Mentions"}},
	{
		set: "pfizer", file: "vaccination_tweets.csv.gz", maps: []string{"author={user_name}|{user_created}"}, rows: 8082,
		canonical: func(m *adalid.Mention) bool { return m.Brand == "pfizer" },
	},
	{set: "demonetization", file: "demonetization-tweets.csv.gz", rows: 8000, byContent: true},
	{set: "fifa2018", file: "FIFA.csv.gz", maps: []string{"author=Name"}, rows: 382},
	{set: "es_latinr", file: "tweets_latinR.csv.gz", maps: []string{"author=nombre_usuario"}, rows: 622},
}

func TestRawFilesEqualCanonical(t *testing.T) {
	dir := dataDir(t)
	for _, s := range rawSets {
		t.Run(s.set, func(t *testing.T) {
			opt := Options{Paths: []string{filepath.Join(dir, "mentions", s.set, s.file)}, BrandColumn: s.brandCol}
			if s.set == "hackernews_all" {
				opt.Paths = []string{filepath.Join(dir, "mentions", "hackernews", s.file)}
			}
			for _, m := range s.maps {
				mapping, err := ParseMapping(m)
				if err != nil {
					t.Fatal(err)
				}
				opt.Map = append(opt.Map, mapping)
			}
			raw, all := readAll(t, opt)
			want, _ := readAll(t, Options{Paths: []string{filepath.Join(dir, "mentions", s.set+".jsonl.gz")}, BrandColumn: "brand"})
			if all.Rows != s.rows || len(all.Rejects) != 0 {
				t.Errorf("%d rows and %d rejected, want %d and 0; first: %+v", all.Rows, len(all.Rejects), s.rows, all.Rejects[:min(1, len(all.Rejects))])
			}
			t.Logf("%s: %+v", s.set, all.Notices)
			key := func(m *adalid.Mention) string {
				if s.byContent {
					return contentKey(m)
				}
				id, _ := cleanID(m.ID) // tables write 1.17e+18 out, canonical ids stand as written
				if s.brandCol == "" {
					return id
				}
				return m.Brand + " " + id
			}
			rawBy, wantBy := map[string]adalid.Mention{}, map[string]adalid.Mention{}
			for _, m := range raw {
				merge(rawBy, key(&m), m)
			}
			for _, m := range want {
				if s.canonical == nil || s.canonical(&m) {
					merge(wantBy, key(&m), m)
				}
			}
			wrong := 0
			for k, m := range wantBy {
				got, ok := rawBy[k]
				if !ok {
					t.Fatalf("%s is in the canonical file only: %s", k, m.Text)
				}
				if d := different(got, m, s.unsaid); d != "" {
					if wrong++; wrong < 6 {
						t.Errorf("%s: %s", k, d)
					}
				}
			}
			if wrong > 0 || len(rawBy) != len(wantBy) {
				t.Errorf("%d of %d rows differ, raw has %d", wrong, len(wantBy), len(rawBy))
			}
		})
	}
}

// merge keeps the first row of a post with the largest counters, as the
// canonical files are to be read.
func merge(by map[string]adalid.Mention, k string, m adalid.Mention) {
	old, ok := by[k]
	if !ok {
		by[k] = m
		return
	}
	for _, c := range [][2]**int64{{&old.Likes, &m.Likes}, {&old.Reposts, &m.Reposts}, {&old.Replies, &m.Replies}} {
		if *c[1] != nil && (*c[0] == nil || **c[1] > **c[0]) {
			*c[0] = *c[1]
		}
	}
	by[k] = old
}

// The traps that the development data are known to hold.
func TestTraps(t *testing.T) {
	dir := filepath.Join(dataDir(t), "mentions")
	for _, tt := range []struct {
		file, mapping  string
		code           collectors.NoticeCode
		count          int64
		naive, counted int64
	}{
		{"demonetization/demonetization-tweets.csv.gz", "", collectors.RepostCounters, 6224, 1338106, 5285},
		{"demonetization/demonetization-tweets.csv.gz", "", collectors.DamagedIDs, 8000, 0, 0},
		{"demonetization/demonetization-tweets.csv.gz", "", collectors.Encoding, 1, 0, 0},
		{"es_8m/3_Data_Cleansing_8M.csv.gz", "", collectors.RepostCounters, 2437, 101432, 42},
		{"fifa2018/FIFA.csv.gz", "author=Name", collectors.RepostCounters, 324, 433950, 26},
		{"fifa2018/FIFA.csv.gz", "author=Name", collectors.CutLastLine, 1, 0, 0},
		{"es_latinr/tweets_latinR.csv.gz", "", collectors.ConflictMarkers, 21, 0, 0},
		{"es_latinr/tweets_latinR.csv.gz", "", collectors.RepeatedHeaders, 1, 0, 0},
		{"es_latinr/tweets_latinR.csv.gz", "", collectors.RoundedIDs, 622, 0, 0},
		{"vaccine_damaged/vaccination_all_tweets.csv.gz", "author={user_name}|{user_created}", collectors.DamagedIDs, 9999, 0, 0},
		{"vaccine_damaged/vaccination_all_tweets.csv.gz", "author={user_name}|{user_created}", collectors.Encoding, 1, 0, 0},
	} {
		opt := Options{Paths: []string{filepath.Join(dir, tt.file)}}
		if tt.mapping != "" {
			m, err := ParseMapping(tt.mapping)
			if err != nil {
				t.Fatal(err)
			}
			opt.Map = []Mapping{m}
		}
		_, all := readAll(t, opt)
		if n := notice(all, tt.code); n.Count != tt.count || n.Naive != tt.naive || n.Counted != tt.counted {
			t.Errorf("%s: %+v, want %+v; rejects %d", tt.file, n, tt, len(all.Rejects))
		}
	}
}

// different compares what canonical rows hold.
func different(got, want adalid.Mention, unsaid []string) string {
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	var out []string
	names := strings.Fields("CreatedAt Lang Text Likes Reposts Replies Quotes Views Repost RepostOf ReplyTo Mentions Label Platform Sponsored")
	for _, n := range names {
		if !contains(unsaid, n) && !equal(g.FieldByName(n), w.FieldByName(n)) {
			out = append(out, fmt.Sprintf("%s is %v, want %v", n, show(g.FieldByName(n)), show(w.FieldByName(n))))
		}
	}
	for _, n := range []string{"Key", "Handle", "Name", "Followers", "Following", "Verified", "Platform"} {
		a, b := g.FieldByName("Author").FieldByName(n), w.FieldByName("Author").FieldByName(n)
		if !equal(a, b) {
			out = append(out, fmt.Sprintf("Author.%s is %v, want %v", n, show(a), show(b)))
		}
	}
	return strings.Join(out, "; ")
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func equal(a, b reflect.Value) bool {
	if t, ok := a.Interface().(time.Time); ok {
		return t.Equal(b.Interface().(time.Time))
	}
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func show(v reflect.Value) any {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		return v.Elem().Interface()
	}
	if v.Kind() == reflect.String {
		return fmt.Sprintf("%q", v.String())
	}
	return v.Interface()
}
