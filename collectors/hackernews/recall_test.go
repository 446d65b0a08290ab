package hackernews

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// post is one item of the fake.
type post struct {
	id, at, indexed int64
	author, text    string
	parent, story   int64 // of comments
}

// fake is a search with the limits of the real one: newest first, a thousand
// results for a query, posts that appear late.
type fake struct {
	t        *testing.T
	posts    []post // newest first
	now      *time.Time
	most     int // hits of a page, 0 as asked
	requests int
}

func (f *fake) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	f.requests++
	q := r.URL.Query()
	per, _ := strconv.Atoi(q.Get("hitsPerPage"))
	if f.most > 0 {
		per = f.most
	}
	page, _ := strconv.Atoi(q.Get("page"))
	var found []map[string]any
	total := 0
	for _, p := range f.posts {
		if p.indexed > f.now.Unix() || !p.within(q.Get("numericFilters")) || !p.tagged(q.Get("tags")) || !strings.Contains(" "+p.text+" ", " "+strings.Trim(q.Get("query"), `"`)+" ") && q.Get("query") != "" {
			continue
		}
		if total >= page*per && total < (page+1)*per && total < deepest {
			found = append(found, p.hit())
		}
		total++
	}
	answer := map[string]any{"hits": found, "nbHits": total, "hitsPerPage": per, "page": page}
	if page*per >= deepest {
		answer = map[string]any{"hits": []any{}, "nbHits": 0, "hitsPerPage": per, "message": "you can only fetch the 1000 hits for this query"}
	} else if found == nil {
		answer["hits"] = []any{}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		f.t.Fatal(err)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(string(body)))}, nil
}

func (p post) within(window string) bool {
	for condition := range strings.SplitSeq(window, ",") {
		if low, ok := strings.CutPrefix(condition, "created_at_i>="); ok {
			if n, err := strconv.ParseInt(low, 10, 64); err != nil || p.at < n {
				return false
			}
		} else if high, ok := strings.CutPrefix(condition, "created_at_i<="); ok {
			if n, err := strconv.ParseInt(high, 10, 64); err != nil || p.at > n {
				return false
			}
		}
	}
	return true
}

// tagged reads tags as the search does: a comma is "and", inside brackets "or".
func (p post) tagged(tags string) bool {
	own := []string{"story", "author_" + p.author, fmt.Sprint("story_", cmp.Or(p.story, p.id))}
	if p.story != 0 {
		own[0] = "comment"
	}
	for tags != "" {
		one := ""
		if strings.HasPrefix(tags, "(") {
			one, tags, _ = strings.Cut(tags[1:], ")")
			tags = strings.TrimPrefix(tags, ",")
		} else {
			one, tags, _ = strings.Cut(tags, ",")
		}
		if !slices.ContainsFunc(strings.Split(one, ","), func(t string) bool { return slices.Contains(own, t) }) {
			return false
		}
	}
	return true
}

func (p post) hit() map[string]any {
	h := map[string]any{"objectID": fmt.Sprint(p.id), "created_at_i": p.at, "author": p.author}
	if p.story == 0 {
		h["title"] = p.text
	} else {
		h["comment_text"], h["parent_id"], h["story_id"] = p.text, p.parent, p.story
	}
	return h
}

const (
	written = 2600 // posts that name the brand
	replied = 300  // comments on the brand's stories that do not
)

// month is a month of posts: quiet days, storms, a second fuller than a page,
// posts that reach the search up to an hour and a half late.
func month(r *rand.Rand, begin time.Time) (list []post) {
	id := int64(48000000)
	add := func(at time.Duration, author, text string, story int64) int64 {
		id++
		p := post{id: id, at: begin.Add(at).Unix(), author: author, text: text, parent: story, story: story}
		if p.indexed = p.at; r.IntN(4) == 0 {
			p.indexed += r.Int64N(90 * 60)
		}
		list = append(list, p)
		return id
	}
	long := 30 * 24 * time.Hour
	for n := range written {
		at := time.Duration(r.Int64N(int64(long)))
		switch {
		case n < 230:
			at = 9*24*time.Hour + 5*time.Second
		case n < 480:
			at = 20*24*time.Hour + 5*time.Second
		case n%3 == 0:
			at = time.Duration(r.IntN(3)*10+5)*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour)))
		}
		add(at, fmt.Sprint("u", n), []string{"the acme kettle", "acme coffee is fine", "a zafirox"}[n%3], 4000*int64(n%2))
	}
	for n := range replied / 10 {
		at := time.Duration(r.Int64N(int64(long - 50*time.Hour)))
		s := add(at, "acme_team", "our news "+fmt.Sprint(n), 0)
		for range 10 {
			add(at+time.Duration(r.Int64N(int64(48*time.Hour))), "reader", "nice", s)
		}
	}
	slices.SortFunc(list, func(a, b post) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.id, a.id)) })
	return list
}

func TestRecall(t *testing.T) {
	for name, most := range map[string]int{"pages as asked": 0, "pages of 40": 40} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) { recall(t, most, rand.New(rand.NewPCG(seed, 7))) })
		}
	}
}

// recall scans now and then for a month. Every page goes to a collector of its
// own; some are lost before they are stored and read again.
func recall(t *testing.T, most int, r *rand.Rand) {
	begin := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
	now := begin.Add(12 * 24 * time.Hour)
	f := &fake{t: t, posts: month(r, begin), now: &now, most: most}
	q := collectors.Query{
		Brand: adalid.Brand{Own: []adalid.OwnAccount{{Platform: platform, Handle: "acme_team"}}},
		Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}, {Kind: collectors.Word, Text: "zafirox"}}, Since: begin,
	}
	got := map[string]bool{}
	var cursor collectors.Cursor
	pages, again, end := 0, 0, begin.Add(31*24*time.Hour)
	for last := false; !last; now = now.Add(time.Duration(r.Int64N(int64(40 * time.Hour)))) {
		if last = !now.Before(end); last {
			now = now.Add(4 * time.Hour)
		}
		for more := true; more; pages++ {
			p, err := made(t, f, &now).Collect(t.Context(), q, cursor)
			if err != nil {
				t.Fatal(err)
			}
			if pages > 5000 {
				t.Fatal("no end")
			}
			now = now.Add(time.Duration(r.IntN(40)) * time.Second)
			if r.IntN(6) == 0 {
				again++
				continue // lost before it was stored: the same cursor once more
			}
			for _, m := range p.Mentions {
				got[m.ID] = true
			}
			for _, o := range p.Observed {
				for _, p := range f.posts {
					if at := time.Unix(p.at, 0); !at.Before(o.From) && at.Before(o.To) && !got[fmt.Sprint(p.id)] {
						t.Fatalf("%v is said to be known, but the post of %v is not", o, at.UTC())
					}
				}
			}
			cursor, more = p.Next, p.More
		}
	}
	missing := 0
	for _, p := range f.posts {
		if !got[fmt.Sprint(p.id)] {
			missing++
		}
	}
	if missing > 0 || len(got) != len(f.posts) {
		t.Errorf("%d of %d posts are missing", missing, len(f.posts))
	}
	t.Logf("%d posts, %d pages, %d requests, %d pages read again, cursor %d bytes", len(f.posts), pages, f.requests, again, len(cursor))
}
