package dedupe_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"adalid/internal/dedupe"
)

func TestNormalise(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"Hello, World!", "hello world"},
		{"  a   b  ", "a b"},
		{"a1b22c", "a b c"},
		{"snake_case_", "snake_case_"},
		{"HTTPS://T.example/Ab?x=1 tail", "tail"},
		{"seehttp://t.example/x tail", "see tail"},
		{"http:// alone", "http alone"},
		{"http:/x https//y", "http x https y"},
		{"hthttp://x end", "ht end"},
		{"(https://t.example/x) and", "and"},
		{"https://t.example/x\u3000tail", "tail"},
		{"https://t.example/x\x1ctail", "tail"},
		{"@ana_99's cup", "s cup"},
		{"@ñandú ok", "ok"},
		{"a @ b @@c d", "a b d"},
		{"mail ana@nova.example", "mail ana example"},
		{"@http://x", "x"},
		{"¡Qué CAFÉ más RICO!", "qué café más rico"},
		{"Straße STRASSE ẞ", "straße strasse ß"},
		{"ΟΔΟΣ οδος", "οδοσ οδοσ"},
		{"İstanbul", "istanbul"},
		{"٣ كوب 3 १२", "كوب"},
		{"m² Ⅳ ½", "m² ⅳ ½"},
		{"不好，我不喜欢。", "不好 我不喜欢"},
		{"don't", "don t"},
		{"so good 👍🏽❤️!!", "so good"},
		{"bad\xffbyte\xc3", "bad byte"},
		{"[K]elvin \u212a", "k elvin k"},
	}
	for _, tt := range tests {
		if got := string(dedupe.Normalise(tt.in, nil)); got != tt.want {
			t.Errorf("Normalise(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := string(dedupe.Normalise("B c", []byte("a|"))); got != "a|b c" {
		t.Errorf("appending gives %q", got)
	}
}

// The rule as regular expressions; Go's classes spelled out to mean Unicode.
var (
	dropped   = regexp.MustCompile(`https?://[^\s\x1c-\x1f\x0b\x{85}\p{Z}]+|@[\p{L}\p{N}_]+|\p{Nd}+`)
	separator = regexp.MustCompile(`[^\p{L}\p{N}_]+`)
)

func byRegexp(text string) string {
	low := strings.ReplaceAll(strings.ToLower(text), "ς", "σ")
	return strings.TrimSpace(separator.ReplaceAllString(dropped.ReplaceAllString(low, " "), " "))
}

func FuzzNormalise(f *testing.F) {
	for _, s := range benchTexts() {
		f.Add(s)
	}
	for _, s := range []string{"http://", "https://\u0085x", "@@@", "a\x1cb", "ﬃ ǅ İ ς", "\xf0\x9f", "HTTPS://a\u2028b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := string(dedupe.Normalise(text, nil))
		if utf8.ValidString(text) {
			if want := byRegexp(text); got != want {
				t.Fatalf("Normalise(%q) = %q, want %q", text, got, want)
			}
		}
		if (dedupe.TextHash(text) == 0) != (got == "") {
			t.Fatalf("TextHash(%q) = %d for %q", text, dedupe.TextHash(text), got)
		}
		if again := string(dedupe.Normalise(got, nil)); again != got {
			t.Fatalf("normalising %q again gives %q", got, again)
		}
	})
}

// dataFolder gives the folder of development data, or skips.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "mentions")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("development data: %v", err)
		}
		t.Skipf("development data: %v", err)
	}
	return dir
}

type canonical struct {
	Brand        string `json:"brand"`
	PostID       string `json:"post_id"`
	Author       string `json:"author"`
	Text         string `json:"text"`
	Likes        *int64 `json:"likes"`
	Reposts      *int64 `json:"reposts"`
	IsRepost     bool   `json:"is_repost"`
	BrandAccount bool   `json:"brand_account"`
}

// readCanonical gives the distinct rows of a set, counters at their largest.
func readCanonical(t *testing.T, path string) []*canonical {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var rows []*canonical
	seen := map[[2]string]*canonical{}
	for d := json.NewDecoder(z); d.More(); {
		r := new(canonical)
		if err := d.Decode(r); err != nil {
			t.Fatal(err)
		}
		old := seen[[2]string{r.Brand, r.PostID}]
		if old == nil {
			seen[[2]string{r.Brand, r.PostID}] = r
			rows = append(rows, r)
			continue
		}
		old.Likes, old.Reposts = larger(old.Likes, r.Likes), larger(old.Reposts, r.Reposts)
	}
	return rows
}

func larger(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

type repeater struct {
	Author     string
	Posts      int
	Share      float64
	Engagement int64
}

// repeaters lists the authors of at least five own posts of which at least
// 60 % say what an earlier one said.
func repeaters(rows []*canonical) []repeater {
	posts := map[string]map[string]*canonical{}
	for _, r := range rows {
		if r.BrandAccount || r.IsRepost {
			continue
		}
		if posts[r.Author] == nil {
			posts[r.Author] = map[string]*canonical{}
		}
		posts[r.Author][r.PostID] = r
	}
	var out []repeater
	for author, own := range posts {
		texts, engagement := map[string]bool{}, int64(0)
		for _, r := range own {
			texts[string(dedupe.Normalise(r.Text, nil))] = true
			engagement += value(r.Likes) + value(r.Reposts)
		}
		share := 1 - float64(len(texts))/float64(len(own))
		if len(own) >= 5 && share >= .6 {
			out = append(out, repeater{author, len(own), math.Round(share*1000) / 1000, engagement})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Posts != out[j].Posts {
			return out[i].Posts > out[j].Posts
		}
		return out[i].Author < out[j].Author
	})
	return out
}

func TestRepeatersOfRealSets(t *testing.T) {
	dir := dataFolder(t)
	for _, set := range []string{"pfizer", "demonetization", "sustainability"} {
		t.Run(set, func(t *testing.T) {
			f, err := os.Open(filepath.Join(dir, "expected", set+".repeaters.csv"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines, err := csv.NewReader(f).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			var want []repeater
			for _, l := range lines[1:] {
				posts, _ := strconv.Atoi(l[1])
				share, _ := strconv.ParseFloat(l[2], 64)
				engagement, _ := strconv.ParseInt(l[3], 10, 64)
				want = append(want, repeater{l[0], posts, share, engagement})
			}
			rows := readCanonical(t, filepath.Join(dir, "mentions", set+".jsonl.gz"))
			if diff := cmp.Diff(want, repeaters(rows)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, r := range rows[:min(len(rows), 1000)] { // the expressions are slow
				if got, want := string(dedupe.Normalise(r.Text, nil)), byRegexp(r.Text); got != want {
					t.Fatalf("Normalise(%q) = %q, want %q", r.Text, got, want)
				}
			}
		})
	}
}

func BenchmarkNormalise(b *testing.B) {
	texts, buf, i := benchTexts(), make([]byte, 0, 1024), 0
	b.ReportAllocs()
	for b.Loop() {
		buf = dedupe.Normalise(texts[i%len(texts)], buf[:0])
		i++
	}
}
