package scoring

import (
	"runtime"
	"sync"
)

// fewPeople are done faster than others are called to help.
const fewPeople = 4096

// inParts splits n people over the processors. Parts must not depend on each
// other: so the result has the same bits however many there are.
func inParts(n int, run func(from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), n/fewPeople+1)
	tasks := make([]func(), parts)
	for part := range parts {
		tasks[part] = func() { run(n*part/parts, n*(part+1)/parts) }
	}
	atOnce(tasks...)
}

// atOnce runs tasks that do not depend on each other and waits for all.
func atOnce(tasks ...func()) {
	var others sync.WaitGroup
	for _, task := range tasks[1:] {
		others.Go(task)
	}
	tasks[0]()
	others.Wait()
}
