package file

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/collectors"
)

// mentionRule is the written rule, slowly: Go has no look-behind, so the sign
// before and the one after are checked by hand.
var mentionRule = regexp.MustCompile(`[@＠][A-Za-z0-9_]+`)

func slowMentions(text string) []string {
	var out []string
	for _, at := range mentionRule.FindAllStringIndex(text, -1) {
		h := strings.TrimLeft(text[at[0]:at[1]], "@＠")
		before, after := text[:at[0]], text[at[1]:]
		if len(h) > 15 || strings.HasPrefix(after, "@") || strings.HasPrefix(after, "…") {
			continue
		}
		if before != "" && strings.ContainsAny(before[len(before)-1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_!#$%&*@/") {
			continue
		}
		if h = strings.ToLower(h); !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

func FuzzMentions(f *testing.F) {
	for _, s := range []string{"hi @a and ＠b", "@a@b", "x@y", "RT @x: @cut…", "@@a", "＠@a", "@sixteenletters12 @é"} {
		f.Add(s)
	}
	handle := regexp.MustCompile(`^[a-z0-9_]{1,15}$`)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		got := (&page{}).textMentions(text)
		if want := slowMentions(text); !slices.Equal(got, want) {
			t.Fatalf("%q mentions %q, want %q", text, got, want)
		}
		for _, h := range got {
			if !handle.MatchString(h) {
				t.Fatalf("%q is no handle", h)
			}
		}
	})
}

func FuzzCounts(f *testing.F) {
	for _, s := range []string{"11.7K", "1,2 mil", "1.234", "123.0", "9223372036854775807", "1e18", "1.2E+04", "-5", "1 234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseCount(s)
		if n < 0 || !ok && n != 0 && len(s) > 18 {
			t.Fatalf("%q is %d %v", s, n, ok)
		}
		if ok {
			if again, ok2 := parseCount(strings.TrimSpace(" " + s + " ")); !ok2 || again != n {
				t.Fatalf("%q is %d, without space %d", s, n, again)
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2020-12-20T06:06:44Z", "Sun Dec 20 06:06:44 +0000 2020", "20 dic 2020", "Dec 20, 2020, 3:04 PM", "23-11-2016 18:40", "1608444404999", "3:04 p. m. 1/2/21"} {
		f.Add(s, "dmy", 2020)
	}
	f.Fuzz(func(t *testing.T, s, order string, year int) {
		d := dates{order: DateOrder(order), zone: time.UTC, year: year}
		at, err := d.parse(s)
		depends(s)
		if err != nil {
			if !at.IsZero() {
				t.Fatalf("%q is refused and %v", s, at)
			}
			return
		}
		if at.Year() < 1969 || at.Year() > 2201 || at.Nanosecond() != 0 || at.Location() != time.UTC {
			t.Fatalf("%q is %v", s, at)
		}
		if again, err := d.parse(at.Format(time.RFC3339)); err == nil && !again.Equal(at) {
			t.Fatalf("%q is %v, and then %v", s, at, again)
		}
	})
}

// The scanner accepts what encoding/json accepts and reads the same values.
func FuzzCanonicalLine(f *testing.F) {
	for _, s := range []string{
		`{"post_id":"1","author":"a","text":"x"}`, `{"text":"\ud83d\ude00 \ud83d \u00e9 \n \/"}`, `{"a":[1,{"b":[]}],"text":null}`,
		`{"post_id":12345678901234567890,"likes":1.5e3,"is_repost":true,"mentions":["a","b"]}`, `{"text":"cut`, `{"text":"a",}`, `{} x`, `{"\u0074ext":"key"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		var sc scanner
		sc.reset(s)
		texts := map[string]string{}
		ok := sc.open('{')
		for ok && sc.member() {
			k := sc.key
			if sc.peek() == '"' {
				v, good := sc.str()
				if good {
					texts[k] = v
				}
				continue
			}
			delete(texts, k)
			sc.skip(0)
		}
		ok = ok && sc.err == nil && sc.atEnd()
		var want map[string]any
		err := json.Unmarshal([]byte(s), &want)
		object := strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{")
		if ok != (err == nil && object) && strings.Count(s, "[")+strings.Count(s, "{") < maxDepth {
			t.Fatalf("%q: accepted %v, encoding/json says %v", s, ok, err)
		}
		if !ok {
			return
		}
		for k, v := range texts {
			if w, is := want[k].(string); strings.IndexByte(k, 0) < 0 && is && strings.ReplaceAll(w, "\x00", "") != v {
				t.Fatalf("%q: %q is %q, want %q", s, k, v, w)
			}
		}
	})
}

// A file of any content is read without a panic, and reading it page by page
// with a new collector each time gives what reading it at once gives.
func fuzzFile(f *testing.F, format Format, seeds ...string) {
	for i, s := range seeds {
		f.Add([]byte(s), uint8(i+1))
	}
	f.Add(invented(f, format, 5), uint8(2))
	f.Add(gzipped(f, invented(f, format, 5)), uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, size uint8) {
		if len(b) > 1<<16 {
			return
		}
		path := filepath.Join(t.TempDir(), "in")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		opt := Options{Paths: []string{path}, Format: format, Map: account(format)}
		want, err := collectPages(opt, false)
		if err != nil {
			if adalid.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for _, m := range want.Mentions {
			if m.ID == "" || m.Platform == "" || m.Author.Key == "" || !utf8.ValidString(m.Text) || strings.IndexByte(m.Text, 0) >= 0 {
				t.Fatalf("half a mention: %+v", m)
			}
		}
		opt.PageSize = 1 + int(size)%5
		got, err := collectPages(opt, true)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("resumed (-straight +resumed):\n%s", d)
		}
	})
}

// collectPages gives the mentions, rejects and rows of all pages, with a new
// collector for each page if fresh.
func collectPages(opt Options, fresh bool) (all collectors.Page, err error) {
	var c *Collector
	var from collectors.Cursor
	for range 1 << 17 {
		if c == nil || fresh {
			if c != nil {
				c.Close()
			}
			if c, err = New(opt); err != nil {
				return all, err
			}
		}
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			c.Close()
			return all, err
		}
		all.Mentions, all.Rejects, all.Rows = append(all.Mentions, p.Mentions...), append(all.Rejects, p.Rejects...), all.Rows+p.Rows
		if !p.More {
			return all, c.Close()
		}
		from = p.Next
	}
	return all, bytes.ErrTooLarge
}

func FuzzCSV(f *testing.F) {
	h := "id,date,user,text\n"
	fuzzFile(f, CSV, h+"1,2020-01-01,a,\"x\n", h+"1,2020-01-01,a,\"x\"y\"\n2,2020-01-01,b,z\n", h+"<<<<<<< a\n1,2020-01-01,a,b\n", strings.ReplaceAll(h, "\n", "\r")+"1,2020-01-01,a,b\r",
		"id;fecha;usuario;texto\n1;20 dic 2020;a;b;;\n", h+"1,2020-01-01,a,caf\xe9\n2,2020-01-01,a,\x00\n", h+"1,13/02/2020,a,b\n2,03/02/2020,a,b", "\xff\xfei\x00d\x00")
}

func FuzzCanonicalFile(f *testing.F) {
	fuzzFile(f, Canonical, `{"post_id":"1","author":"a","text":"x"}`+"\n{", "\n\n[]\n", `{"post_id":"1","author":"a","text":"\xff"}`, "{\"post_id\":\"1\",\"author\":\"a\",\"text\":\"\\u0000 @b\"}\r\n")
}

func FuzzTweetsV1(f *testing.F) {
	fuzzFile(f, TweetsV1, `[{"id":1.5,"user":{"id":"x"}},{]`, `{"statuses":[{"id":1,"text":"a","user":{"screen_name":"b"}}]}`, `{"delete":{"status":{"id":1}}}`, `{"a":`+"\n"+`{"id_str":"1","text":"t","user":{"id":1}}`+"\n")
}

func FuzzTweetsV2(f *testing.F) {
	fuzzFile(f, TweetsV2, `{"data":[{"id":"1","text":"a","author_id":"2"}],"includes":{"users":[{"id":"2","username":"b"}]}}`, `{"errors":[{"title":"x"}]}`, `{"data":{"id":"1"}}`, `{"id":1,"text":"RT @a: b","author_id":2,"referenced_posts":[{"type":"reposted"}]}`)
}

func FuzzArchive(f *testing.F) {
	fuzzFile(f, XArchive, `window.YTD.tweets.part0 = [{"tweet":{"id_str":"1","full_text":"a","favorite_count":"1"}}]`, `YTD.x=[];window.YTD.tweets.part1 = [`, `[{"tweet":5}]`)
}

func FuzzOutbox(f *testing.F) {
	fuzzFile(f, Mastodon, `{"orderedItems":[{"type":"Announce","actor":"https://a.b/users/c","to":"as:Public","object":"https://a.b/users/d/statuses/1"}]}`, `{"orderedItems":[{"type":"Create","actor":"https://a.b/@c","cc":["Public"],"object":{"id":"1","content":"<p>x<br>y"}}`)
}
