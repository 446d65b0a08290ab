package main

import (
	"fmt"
	"os"
	"testing"
)

type importSize struct{ rows, authors int }

func importSizes() []importSize {
	if os.Getenv("ADALID_SLOW") != "" {
		return []importSize{{100_000, 30_000}, {1_000_000, 300_000}}
	}
	return []importSize{{100_000, 30_000}}
}

// BenchmarkImport is a whole import: parse, match, dedupe, roll-ups, edges,
// on disk with full sync. ADALID_SLOW=1 adds the million of docs/benchmarks.md.
func BenchmarkImport(b *testing.B) {
	for _, size := range importSizes() {
		source := generated(b, size.rows, size.authors)
		for _, sentiment := range []bool{false, true} {
			b.Run(fmt.Sprintf("rows=%d/sentiment=%t", size.rows, sentiment), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					args := []string{"import", "--brand", "B", source}
					if !sentiment {
						args = append(args, "--no-sentiment")
					}
					ok(b, b.TempDir(), args...)
				}
				b.ReportMetric(float64(size.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
