package graph

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// parts is into how many pieces work is cut, on however many threads: sums
// over pieces, added up in their order, then have the same bits on any machine.
const parts = 64

// alone is how much work is done faster than others are called to help.
const alone = 1 << 14

// inParts does all parts, on as many threads as the program may use when work
// (in elementary steps) is enough of it. Parts must not depend on each other.
func inParts(work int, do func(part int)) {
	threads := min(runtime.GOMAXPROCS(0), parts)
	if work < alone {
		threads = 1
	}
	var next atomic.Int32
	take := func() {
		for part := next.Add(1) - 1; part < parts; part = next.Add(1) - 1 {
			do(int(part))
		}
	}
	var others sync.WaitGroup
	for range threads - 1 {
		others.Go(take)
	}
	take()
	others.Wait()
}

// cut splits rows, which start at start, into parts of about the same number
// of entries; a row costs as much as a few entries.
func cut(start []int32) [parts + 1]int {
	const row = 4
	rows := len(start) - 1
	cost := func(r int) int { return int(start[r]) + row*r }
	var bounds [parts + 1]int
	r := 0
	for part := range parts {
		bounds[part] = r
		for r < rows && cost(r)*parts < cost(rows)*(part+1) {
			r++
		}
	}
	bounds[parts] = rows
	return bounds
}
