package main

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
	"adalid/web/api"
)

// mostWatches bounds how many follow scans at the same time.
const mostWatches = 100

// watches wakes those who follow a scan. Each has room for one wake-up: who is
// slow finds all that happened meanwhile in one look, and holds nobody up.
type watches struct {
	mu     sync.Mutex
	closed bool
	by     map[chan struct{}]int64 // → the scan
}

func (w *watches) add(id int64) (<-chan struct{}, func(), error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.by) >= mostWatches {
		return nil, nil, adalid.Errorf(adalid.RateLimited, "%d follow scans already; ask for the scan itself instead", mostWatches)
	}
	wake := make(chan struct{}, 1)
	if w.closed {
		close(wake)
		return wake, func() {}, nil
	}
	if w.by == nil {
		w.by = map[chan struct{}]int64{}
	}
	w.by[wake] = id
	return wake, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.by, wake)
	}, nil
}

func (w *watches) tell(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for wake, of := range w.by {
		if of != id {
			continue
		}
		select {
		case wake <- struct{}{}:
		default: // it has not looked since the last time
		}
	}
}

// close tells all that nothing more will happen.
func (w *watches) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for wake := range w.by {
		close(wake)
		delete(w.by, wake)
	}
}

// figures counts by source what this server has read.
type figures struct {
	mu   sync.Mutex
	by   map[string]*api.SourceFigures
	last map[reading]scan.Report // of what is being read
}

type reading struct {
	scan   int64
	source string
}

// failures are the values of the label that says what stopped a source.
var failures = []collectors.Kind{
	collectors.Auth, collectors.Forbidden, collectors.NotEntitled, collectors.RateLimited, collectors.Quota,
	collectors.Budget, collectors.Transient, collectors.Gone, collectors.Schema,
}

func (f *figures) of(source string) *api.SourceFigures {
	if f.by == nil {
		f.by, f.last = map[string]*api.SourceFigures{}, map[reading]scan.Report{}
	}
	if f.by[source] == nil {
		f.by[source] = &api.SourceFigures{Source: source, Errors: map[string]int64{}}
	}
	return f.by[source]
}

// count adds what was read since the last time.
func (f *figures) count(id int64, s scan.Standing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, at := f.of(s.Source), reading{id, s.Source}
	before := f.last[at]
	x.Pages += s.Report.Pages - before.Pages
	x.Mentions += s.Report.Saved.New - before.Saved.New
	f.last[at] = s.Report
	if s.State == scan.Running {
		return
	}
	delete(f.last, at)
	switch {
	case slices.Contains(failures, s.Kind):
		x.Errors[string(s.Kind)]++
	case s.Kind != "":
		x.Errors["other"]++
	case s.State == scan.Failed:
		x.Errors["internal"]++
	}
}

func (f *figures) spent(source string, micros int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.of(source).Micros += micros
}

// list gives the figures of all sources, those that nothing was read of too, by
// name.
func (f *figures) list(all []api.ListedSource) []api.SourceFigures {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range all {
		f.of(x.Name)
	}
	var out []api.SourceFigures
	for _, x := range f.by {
		copied := *x
		copied.Errors = maps.Clone(x.Errors)
		out = append(out, copied)
	}
	slices.SortFunc(out, func(x, y api.SourceFigures) int { return cmp.Compare(x.Source, y.Source) })
	return out
}
