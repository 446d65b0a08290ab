package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"adalid/internal/dedupe"
	"adalid/scoring"
)

// A development set as tools/backtest.py of the data reads it: per brand the
// people of the first half, how they are ranked, and what they did in the second.
type (
	tuningSet struct {
		name   string
		brand  string // all rows as this brand; "" as the rows say
		fewest int    // candidates of a brand that counts
	}
	splitBrand struct {
		set    string
		brand  string
		at     time.Time
		people []candidate
		known  map[string]bool // baselines whose column the source has
		count  map[string]int  // who met each target
	}
	candidate struct {
		author string
		tie    string // order of equals
		simple map[string]float64
		target map[string]float64
		score  *scoring.Score // nil: not ranked
	}
)

var tuningSets = []tuningSet{
	{"airline", "", 150},
	{"airline", "all", 150},
	{"pfizer", "pfizer", 150},
	{"sustainability", "sustainability", 150},
	{"hackernews_all", "", 150},
	{"es_latinr", "", 60},
	{"demonetization", "", 150},
}

func (s tuningSet) String() string {
	if s.brand != "" && s.name != s.brand {
		return s.name + " together"
	}
	return s.name
}

// canonical is what the measures read of a canonical row.
type canonical struct {
	Brand, PostID, Author, Text string
	Handle, Label, RepostOf     *string
	CreatedAt                   *time.Time
	Likes, Reposts, Replies     *int64
	Followers                   *int64
	Repost, Own                 bool
}

func (c *canonical) UnmarshalJSON(b []byte) error {
	var r struct {
		Brand     string     `json:"brand"`
		PostID    string     `json:"post_id"`
		Author    string     `json:"author"`
		Handle    *string    `json:"handle"`
		Text      string     `json:"text"`
		Label     *string    `json:"label"`
		CreatedAt *time.Time `json:"created_at"`
		Likes     *int64     `json:"likes"`
		Reposts   *int64     `json:"reposts"`
		Replies   *int64     `json:"replies"`
		Followers *int64     `json:"followers"`
		Repost    bool       `json:"is_repost"`
		Own       bool       `json:"brand_account"`
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return err
	}
	*c = canonical{r.Brand, r.PostID, r.Author, r.Text, r.Handle, r.Label, nil, r.CreatedAt, r.Likes, r.Reposts, r.Replies, r.Followers, r.Repost, r.Own}
	return nil
}

func (c *canonical) engagement() float64 {
	return float64(deref(c.Likes) + 2*deref(c.Reposts) + deref(c.Replies))
}

// firstRows reads the own posts of a set, by brand, each once.
func firstRows(t *testing.T, data string, s tuningSet) map[string][]canonical {
	t.Helper()
	f, err := os.Open(filepath.Join(data, "mentions", s.name+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	seen, all := map[[2]string]int{}, []canonical{}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c canonical
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		key := [2]string{c.Brand, c.PostID}
		if i, ok := seen[key]; ok {
			most := func(a, b *int64) *int64 { return map[bool]*int64{true: a, false: b}[b == nil || a != nil && *a > *b] }
			p := &all[i]
			p.Likes, p.Reposts, p.Replies = most(p.Likes, c.Likes), most(p.Reposts, c.Reposts), most(p.Replies, c.Replies)
			continue
		}
		seen[key] = len(all)
		all = append(all, c)
	}
	out, at := map[string][]canonical{}, map[string]int{}
	for _, c := range all {
		if c.CreatedAt == nil || c.Own || c.Repost {
			continue
		}
		if s.brand == "" {
			out[c.Brand] = append(out[c.Brand], c)
		} else if i, ok := at[c.PostID]; ok { // one post under several brands
			out[s.brand][i] = c
		} else {
			at[c.PostID] = len(out[s.brand])
			out[s.brand] = append(out[s.brand], c)
		}
	}
	return out
}

// cutAt makes candidates of the first posts and targets of what comes after: the
// cut is where the given share of the posts has been written.
func cutAt(set, brand string, rows []canonical, share float64) splitBrand {
	times := make([]int64, len(rows))
	for i, r := range rows {
		times[i] = r.CreatedAt.Unix()
	}
	slices.Sort(times)
	h := splitBrand{set: set, brand: brand, at: time.Unix(times[int(share*float64(len(times)))], 0).UTC(), known: map[string]bool{"count": true, "engagement": true, "mean engagement": true, "count·log engagement": true, "blend": true, "random": true}, count: map[string]int{}}
	posts := map[string][]canonical{}
	for _, r := range rows {
		h.known["followers"] = h.known["followers"] || r.Followers != nil
		if !r.CreatedAt.After(h.at) {
			posts[r.Author] = append(posts[r.Author], r)
		}
	}
	index := map[string]int{}
	for _, author := range slices.Sorted(maps.Keys(posts)) {
		own, texts := posts[author], map[uint64]bool{}
		c := candidate{author: author, tie: digest(author), target: map[string]float64{}, simple: map[string]float64{"count": float64(len(own))}}
		for _, r := range own {
			texts[dedupe.TextHash(r.Text)] = true
			c.simple["engagement"] += r.engagement()
			c.simple["followers"] = max(c.simple["followers"], float64(deref(r.Followers)))
		}
		if n := float64(len(own)); n >= 5 && 1-float64(len(texts))/n >= .6 {
			continue // a repeater
		}
		c.simple["mean engagement"] = c.simple["engagement"] / c.simple["count"]
		c.simple["count·log engagement"] = c.simple["count"] * math.Log2(2+c.simple["engagement"])
		seed := digest("seed1" + author)[:8]
		var n uint32
		fmt.Sscanf(seed, "%x", &n)
		c.simple["random"] = float64(n)
		index[author] = len(h.people)
		h.people = append(h.people, c)
	}
	h.blend()
	for _, r := range rows {
		i, ok := index[r.Author]
		if !ok || !r.CreatedAt.After(h.at) {
			continue
		}
		target := h.people[i].target
		target["returned"] = 1
		target["engaged"] += r.engagement()
		if r.Label != nil && *r.Label == "positive" {
			target["praised"]++
		}
		if r.Label != nil {
			h.count["labels"]++
		}
	}
	return h
}

func digest(s string) string {
	sum := sha1.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// blend adds the sum of the ranks by count, engagement and followers.
func (h *splitBrand) blend() {
	for _, by := range []string{"count", "engagement", "followers"} {
		values := map[float64]bool{}
		for _, c := range h.people {
			values[c.simple[by]] = true
		}
		sorted := slices.Sorted(maps.Keys(values))
		for _, c := range h.people {
			at, _ := slices.BinarySearch(sorted, c.simple[by])
			c.simple["blend"] += float64(at) / float64(max(1, len(sorted)-1))
		}
	}
}

// targets names the targets that the half has anything for.
func (h *splitBrand) targets() (out []string) {
	for _, target := range tuningTargets {
		for _, c := range h.people {
			if c.target[target] > 0 {
				out = append(out, target)
				break
			}
		}
	}
	return out
}

// least is what meets a target: anything, or the top tenth of engagement.
func (h *splitBrand) least(target string) float64 {
	if target != "engaged" {
		return math.SmallestNonzeroFloat64
	}
	var some []float64
	for _, c := range h.people {
		if c.target[target] > 0 {
			some = append(some, c.target[target])
		}
	}
	slices.Sort(some)
	slices.Reverse(some)
	return some[max(0, len(some)/10-1)]
}
