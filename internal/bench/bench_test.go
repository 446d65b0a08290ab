package bench

import "testing"

// measure calls do with one post after the other and reports texts per second.
func measure(b *testing.B, posts []post, do func(post)) {
	b.ReportAllocs()
	n, bytes := 0, 0
	for b.Loop() {
		p := posts[n%len(posts)]
		do(p)
		n++
		bytes += len(p.text)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(bytes)/float64(n), "bytes/text")
}

func demoPosts(b *testing.B, langs ...string) []post {
	b.Helper()
	out, err := posts(langs...)
	if err != nil || len(out) < 500 {
		b.Fatalf("%d posts, %v", len(out), err)
	}
	return out
}
