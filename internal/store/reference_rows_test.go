package store

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"adalid"
	"adalid/internal/scan"

	"pgregory.net/rapid"
)

// Random rows: few values everywhere, so that everything collides.

var refStart = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// drawRows draws rows of which many are variations of others: the same mention
// with one field changed.
func drawRows(t *rapid.T) []scan.Mention {
	rows := rapid.SliceOfN(rapid.Custom(drawRow), 1, 40).Draw(t, "rows")
	for range rapid.IntRange(0, 20).Draw(t, "variations") {
		m := rapid.SampledFrom(rows).Draw(t, "of")
		other := drawRow(t)
		switch rapid.IntRange(0, 8).Draw(t, "field") {
		case 0:
			m.Author.Followers = other.Author.Followers
		case 1:
			m.Author.Following = other.Author.Following
		case 2:
			m.Author.Handle = other.Author.Handle
		case 3:
			m.Author.Key = other.Author.Key
		case 4:
			m.CreatedAt = other.CreatedAt
		case 5:
			m.Lang = other.Lang
		case 6:
			m.TextHash, m.Repost = other.TextHash, other.Repost
		case 7:
			m.Likes, m.Sentiment = other.Likes, other.Sentiment
		case 8:
			m.Mentions, m.ReplyTo = other.Mentions, other.ReplyTo
		}
		m.ObservedAt = other.ObservedAt
		rows = append(rows, hashed(m))
	}
	return rows
}

// hashed sets the hash that decides between rows seen at the same time.
func hashed(m scan.Mention) scan.Mention {
	m.RowHash = 0
	h := fnv.New64a()
	fmt.Fprint(h, show(m))
	m.RowHash = h.Sum64()
	return m
}

func drawRow(t *rapid.T) scan.Mention {
	count := rapid.Ptr(rapid.Int64Range(0, 3), true)
	handle := rapid.SampledFrom([]string{"amy", "bob", "cat", "dan", ""})
	var m scan.Mention
	m.Platform = rapid.SampledFrom([]adalid.Platform{"x", "mastodon"}).Draw(t, "platform")
	m.ID = rapid.SampledFrom([]string{"1", "10", "11", "2", "3", "4", "5", "6", "ß", "9"}).Draw(t, "id")
	m.Author.Key = rapid.SampledFrom([]string{"a", "b", "c d", "é"}).Draw(t, "key")
	m.Author.Handle = rapid.SampledFrom([]string{"Amy", "amy", "Bob", ""}).Draw(t, "handle")
	m.Author.Name = rapid.SampledFrom([]string{"N", "M"}).Draw(t, "name")
	m.Author.Followers, m.Author.Following = count.Draw(t, "followers"), count.Draw(t, "following")
	if sec := rapid.SampledFrom([]int{-1, 0, 1, 1, 43200, 86399, 86400, 100000, 200000}).Draw(t, "second"); sec >= 0 {
		m.CreatedAt = refStart.Add(time.Duration(sec) * time.Second)
	}
	if sec := rapid.IntRange(0, 2).Draw(t, "observed"); sec > 0 {
		m.ObservedAt = refStart.Add(time.Duration(sec) * time.Hour)
	}
	m.Lang = rapid.SampledFrom([]string{"en", "es", "es-mx", ""}).Draw(t, "lang")
	m.Text = rapid.SampledFrom([]string{"one", "two"}).Draw(t, "text")
	m.TextHash = rapid.SampledFrom([]uint64{0, 7, 1 << 63, 9}).Draw(t, "texthash")
	m.Likes, m.Reposts, m.Replies = count.Draw(t, "likes"), count.Draw(t, "reposts"), count.Draw(t, "replies")
	m.Quotes, m.Views = count.Draw(t, "quotes"), count.Draw(t, "views")
	m.Repost = rapid.IntRange(0, 3).Draw(t, "repost") == 0
	m.RepostOf, m.ReplyTo, m.QuoteOf = handle.Draw(t, "repostof"), handle.Draw(t, "replyto"), handle.Draw(t, "quoteof")
	m.Mentions = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"amy", "bob", "cat"}), 0, 3, rapid.ID).Draw(t, "mentions")
	m.Sponsored = rapid.IntRange(0, 4).Draw(t, "sponsored") == 0
	m.LeftOut = rapid.IntRange(0, 4).Draw(t, "leftout") == 0
	if s := rapid.IntRange(-1, 3).Draw(t, "sentiment"); s >= 0 {
		m.Sentiment = &adalid.Sentiment{Positive: float64(s) / 3, Negative: 0.4}
	}
	return hashed(m)
}

// saveInPages stores rows in pages of random size.
func saveInPages(t *rapid.T, s *Store, rows []scan.Mention) {
	for len(rows) > 0 {
		n := rapid.IntRange(1, len(rows)).Draw(t, "page")
		saved, err := s.Save(context.Background(), scan.Page{Brand: "acme", Source: "test", Batches: []scan.Batch{{Brand: "Acme", Mentions: rows[:n]}}})
		if err != nil {
			t.Fatal(err)
		}
		if saved.New+saved.Changed+saved.Repeated != int64(n) {
			t.Fatalf("%d rows saved as %+v", n, saved)
		}
		rows = rows[n:]
	}
}

// refDistinct keeps one row per mention.
func refDistinct(rows []scan.Mention) []scan.Mention {
	seen := map[Key]bool{}
	return refKeep(rows, func(m scan.Mention) bool {
		k := Key{m.Platform, m.ID}
		first := !seen[k]
		seen[k] = true
		return first
	})
}

func secondsOf(n int64) time.Duration { return time.Duration(n) * time.Second }
