package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"adalid/internal/scan"
)

// board shows one line for each source of a scan: redrawn in place on a
// terminal, otherwise a line when a source ends and now and then between.
type board struct {
	out    io.Writer
	screen bool
	now    func() time.Time

	mu    sync.Mutex
	order []string
	lines map[string]string
	drawn int
	last  map[string]time.Time
}

func (a *app) newBoard() *board {
	return &board{out: a.err, screen: a.terminal(a.err), now: a.now, lines: map[string]string{}, last: map[string]time.Time{}}
}

func (b *board) show(_ string, _ int64, s scan.Standing) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.lines[s.Source]; !known {
		b.order = append(b.order, s.Source)
		b.last[s.Source] = b.now()
	}
	b.lines[s.Source] = scanLine(s)
	if b.screen {
		b.draw()
		return
	}
	if s.State != scan.Running || b.now().Sub(b.last[s.Source]) >= linesEvery {
		b.last[s.Source] = b.now()
		fmt.Fprintln(b.out, b.lines[s.Source])
	}
}

// draw writes all lines over the ones before.
func (b *board) draw() {
	var s strings.Builder
	if b.drawn > 0 {
		fmt.Fprintf(&s, "\x1b[%dA", b.drawn)
	}
	for _, name := range b.order {
		s.WriteString("\x1b[2K" + b.lines[name] + "\n")
	}
	b.drawn = len(b.order)
	_, _ = io.WriteString(b.out, s.String()) // a line that cannot be drawn must not stop the scan
}

// done tells the sum.
func (b *board) done(r scan.Result) {
	if r.ID == 0 {
		return
	}
	var found int64
	for _, s := range r.Standings {
		found += s.Report.Saved.New
		for _, w := range s.Report.Warnings {
			fmt.Fprintf(b.out, "%s: %s\n", s.Source, w)
		}
	}
	fmt.Fprintf(b.out, "%s new mentions of %s.", group(found), r.Brand)
	if r.Reason != "" {
		fmt.Fprintf(b.out, " %s.", strings.ToUpper(r.Reason[:1])+r.Reason[1:])
	}
	fmt.Fprintf(b.out, " See who they come from: adalid rank %q\n", r.Brand)
}
