package lemmy

import (
	"context"
	"time"

	"adalid/collectors"
)

// page reads the next page of a feed and moves its walk on. It changes the walk
// only when the page is good.
func (c *collector) page(ctx context.Context, f feed, to *walk, since time.Time) (collectors.Page, error) {
	w, now := *to, c.now()
	if w.Began == 0 {
		w.Began = now.Unix()
		if w.From == 0 {
			if since.IsZero() {
				since = now.AddDate(0, 0, -c.days)
			}
			w.From = since.Unix()
		}
	}
	page, limit := window(w.Offset)
	items, err := c.list(ctx, f, page, limit)
	if err != nil {
		return collectors.Page{}, err
	}
	untold, err := w.advance(f, items, page, limit)
	if err != nil {
		return collectors.Page{}, err
	}
	if w.Done {
		w = walk{Mark: w.Began, From: w.From, Done: true}
	}
	p := pageOf(f, items, now)
	if untold != "" {
		p.Warnings = append(p.Warnings, f.server.host()+" "+untold)
	}
	*to = w
	return p, nil
}

// advance says where the walk goes after a page; untold is what it had to leave
// out, "" nothing.
func (w *walk) advance(f feed, items []item, page, limit int) (untold string, err error) {
	start := (page - 1) * limit
	first, last, ordered := span(items)
	missing := len(items) == 0 && w.Offset > 0 || last != 0 && w.Last != 0 && first < w.Last
	if missing && w.Gaps < mostGaps {
		// The page should begin with what was read last. It does not: entries
		// vanished above, and others moved up into pages read before.
		w.Offset, w.Before = max(0, start-leastPage<<w.Gaps), 0
		w.Gaps++
		return "", nil
	}
	if missing {
		untold = "loses posts faster than they can be read; some may be missing"
	}
	if w.Stale++; w.Before == 0 || last < w.Before {
		w.Stale = 0
	}
	if w.Stale >= mostStale {
		return "", fault(f.server, "gives the same page again and again")
	}
	w.Offset, w.Before = start+len(items), last
	if last != 0 && (w.Last == 0 || last < w.Last) {
		w.Last = last
	}
	w.Done = len(items) < limit || ordered && last < w.stop().UnixMicro()
	if !w.Done && w.Offset+mostPage > deepest {
		w.Done, untold = true, "has more results than can be paged through; older ones were not read"
		w.From = max(w.From, time.UnixMicro(w.Last).Unix())
	}
	return untold, nil
}

// stop is when everything before is known.
func (w *walk) stop() time.Time {
	if w.Mark == 0 {
		return time.Unix(w.From, 0)
	}
	return time.Unix(w.Mark, 0).Add(-late)
}

// span gives the times of the first and the last entry, pinned ones left out,
// and whether all are in order, the newest first; zeros where there are none.
func span(items []item) (first, last int64, ordered bool) {
	ordered = true
	for _, it := range items {
		if it.top || it.at.IsZero() {
			continue
		}
		at := it.at.UnixMicro()
		if first == 0 {
			first = at
		}
		if last != 0 && at > last {
			ordered = false
		}
		last = at
	}
	return first, last, ordered && last != 0
}
