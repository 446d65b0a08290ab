package store

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/scan"
)

// byJob is a platform that looks posts up by jobs.
type byJob struct {
	checked
	size  int
	work  *jobs
	begin func() error
}

// jobs are those that the platform was handed.
type jobs struct {
	handed [][]string
	looks  int // at a job, until it is done
	fail   bool
}

const jobLooks = 3 // the third look finds a job done

func (b byJob) JobBatch() int { return b.size }

func (b byJob) StartJob(_ context.Context, ids []string) (collectors.Cursor, error) {
	if b.begin != nil {
		if err := b.begin(); err != nil {
			return nil, err
		}
	}
	b.work.handed = append(b.work.handed, ids)
	b.work.looks = 0
	return json.Marshal(len(b.work.handed))
}

func (b byJob) EndJob(_ context.Context, job collectors.Cursor) (gone []string, done bool, err error) {
	var n int
	if err := json.Unmarshal(job, &n); err != nil {
		return nil, false, err
	}
	if b.work.fail {
		return nil, false, collectors.Errorf(collectors.Gone, "the job failed")
	}
	if b.work.looks++; b.work.looks < jobLooks {
		return nil, false, nil
	}
	for _, id := range b.work.handed[n-1] {
		if b.gone[id] {
			gone = append(gone, id)
		}
	}
	return gone, true, nil
}

type byJobReader struct {
	byJob
	checkedReader
}

func (r byJobReader) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	return r.checkedReader.Collect(ctx, q, from)
}

func (b byJob) definition(name string) collectors.Definition {
	d := b.checked.definition(name)
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		return byJobReader{b, checkedReader{b.checked, &platformReader{b.platform, s}}}, nil
	}
	return d
}

// TestSweepByJob hands the stored posts over, job by job, from process to
// process, asks for none of them by itself, and takes out what a job says is
// gone; where jobs are refused or fail the posts are looked up one by one.
func TestSweepByJob(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    int
		begin   error
		fail    bool
		handed  int // jobs on the first day
		lookups bool
	}{
		{"jobs", 40, nil, false, 3, false},
		{"switched off", 0, nil, false, 0, true},
		{"refused", 40, collectors.Errorf(collectors.NotEntitled, "no jobs"), false, 0, true},
		{"failed", 40, nil, true, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
			s := openAt(t, t.TempDir(), clock)
			defer s.Close()
			b := byJob{
				checked: checked{platform: newPlatform("one", clock, 95, time.Hour), gone: map[string]bool{}, asked: new([]string), calls: new(int)},
				size:    c.size, work: &jobs{fail: c.fail}, begin: func() error { return c.begin },
			}
			for i := 3; i < 95; i += 7 {
				b.gone[b.posts[i].ID] = true
			}
			clock.step(2 * time.Hour)
			_, err := liveScanner(s, clock, b.definition("one")).Scan(t.Context(), scan.Order{Brand: "acme"})
			must(t, err)
			var removed int64
			for range 60 { // fifteen hours, each quarter of one in a process of its own
				n, err := liveScanner(s, clock, b.definition("one")).Sweep(t.Context(), "acme", s, nil)
				must(t, err)
				removed += n
				clock.step(15 * time.Minute)
			}
			all := slices.Concat(b.work.handed...)
			if len(b.work.handed) != c.handed || !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
				t.Errorf("%d jobs of %d posts, want %d jobs", len(b.work.handed), len(all), c.handed)
			}
			if c.lookups != (len(*b.asked) == 95) || !c.lookups && len(*b.asked) > 0 {
				t.Errorf("%d posts looked up one by one", len(*b.asked))
			}
			if removed != int64(len(b.gone)) || count(t, s, "mention") != 95-len(b.gone) {
				t.Errorf("%d of %d taken out, %d left", removed, len(b.gone), count(t, s, "mention"))
			}
			at, err := s.Sweep(t.Context(), "acme", "one")
			must(t, err)
			if at.Ended.IsZero() || at.Job != nil {
				t.Errorf("the look has not ended: %+v", at)
			}
			wantSound(t, s)
		})
	}
}

var _ collectors.JobChecker = byJobReader{}
