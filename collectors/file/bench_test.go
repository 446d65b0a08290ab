package file

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"adalid/collectors"
)

// canonicalRows gives rows as long as real ones.
func canonicalRows(b *testing.B, n int) []byte {
	b.Helper()
	var out bytes.Buffer
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		row, err := json.Marshal(map[string]any{
			"set": "invented", "brand": "Cafe Brisa", "post_id": fmt.Sprint(570306876897628160 + i), "author": fmt.Sprint(1000 + i%300), "handle": fmt.Sprintf("Mara_%d", i%300),
			"name": "Mara Invented", "followers": i, "following": 80, "verified": false, "created_at": at.Add(time.Duration(i) * time.Second).Format(time.RFC3339),
			"lang": "es", "text": fmt.Sprintf("Hoy otra vez en @CafeBrisa con @Leo_%d, el café sigue siendo el mejor de la ciudad #%d https://e.example/x", i%50, i),
			"likes": i % 90, "reposts": i % 7, "replies": nil, "quotes": nil, "views": nil, "is_repost": false, "repost_of": nil, "reply_to": nil,
			"mentions": []string{"cafebrisa", fmt.Sprintf("leo_%d", i%50)}, "brand_account": false, "label": nil, "src_row": i,
		})
		if err != nil {
			b.Fatal(err)
		}
		out.Write(row)
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func csvRows(n int) []byte {
	var out bytes.Buffer
	out.WriteString("tweet_id,created_at,user_id,screen_name,name,text,retweet_count,favorite_count,followers_count,lang,location,source\n")
	for i := range n {
		fmt.Fprintf(&out, "%d,2026-01-01 10:%02d:%02d,%d,Mara_%d,Mara Invented,\"Hoy otra vez en @CafeBrisa con @Leo_%d, el café sigue siendo \"\"el mejor\"\" de la ciudad https://e.example/x\",%d,%d,%d,es,\"Madrid, España\",Web\n",
			570306876897628160+i, i/60%60, i%60, 1000+i%300, i%300, i%50, i%7, i%90, i)
	}
	return out.Bytes()
}

func benchmark(b *testing.B, text []byte, rows int, opt Options) {
	path := write(b, "in", text)
	opt.Paths = []string{path}
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c, err := New(opt)
		if err != nil {
			b.Fatal(err)
		}
		var from collectors.Cursor
		for n := 0; ; {
			p, err := c.Collect(context.Background(), collectors.Query{}, from)
			if err != nil {
				b.Fatal(err)
			}
			if n += len(p.Mentions); !p.More {
				if n != rows {
					b.Fatalf("%d mentions, want %d", n, rows)
				}
				break
			}
			from = p.Next
		}
		c.Close()
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCanonical(b *testing.B) {
	text := canonicalRows(b, 20000)
	b.Run("plain", func(b *testing.B) { benchmark(b, text, 20000, Options{}) })
	b.Run("gzip", func(b *testing.B) { benchmark(b, gzipped(b, text), 20000, Options{}) })
}

func BenchmarkCSV(b *testing.B) { benchmark(b, csvRows(20000), 20000, Options{}) }

func BenchmarkFormats(b *testing.B) {
	for _, f := range []Format{TweetsV1, TweetsV2, XArchive, Mastodon} {
		b.Run(string(f), func(b *testing.B) { benchmark(b, invented(b, f, 2000), 2000, Options{Map: account(f)}) })
	}
}

func BenchmarkMentions(b *testing.B) {
	text := "Hoy otra vez en @CafeBrisa con ＠Leo_9 y x@y.org, el café sigue siendo el mejor de la ciudad #1 https://e.example/x"
	p := &page{}
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		scanMentions(text, p.addHandle)
		p.fill = p.fill[:0]
	}
}

func BenchmarkDates(b *testing.B) {
	d := dates{order: DMY, zone: time.UTC}
	for _, s := range []string{"2020-12-20T06:06:44Z", "Sun Dec 20 06:06:44 +0000 2020", "23-11-2016 18:40"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
