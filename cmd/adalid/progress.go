package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"adalid/collectors"
	"adalid/internal/scan"
)

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// meter shows how far an import is: a bar with rate and time left on a
// terminal, a plain line every few seconds otherwise.
type meter struct {
	out     io.Writer
	bar     *progressbar.ProgressBar
	screen  bool
	now     func() time.Time
	started time.Time
	last    time.Time
}

const linesEvery = 10 * time.Second

func (a *app) newMeter() *meter {
	m := &meter{out: a.err, screen: a.terminal(a.err), now: a.now}
	m.started = m.now()
	m.last = m.started
	return m
}

func (m *meter) elapsed() time.Duration { return m.now().Sub(m.started) }

func (m *meter) show(r scan.Report) {
	now := m.now()
	rate := float64(r.Rows) / max(now.Sub(m.started).Seconds(), 0.001)
	if m.screen {
		if m.bar == nil {
			m.bar = progressbar.NewOptions64(max(r.Size, -1),
				progressbar.OptionSetWriter(m.out), progressbar.OptionShowBytes(true),
				progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish())
		}
		m.bar.Describe(fmt.Sprintf("%s rows, %s/s", group(r.Rows), group(int64(rate))))
		_ = m.bar.Set64(r.Read) // a bar that cannot be drawn must not stop the import
		return
	}
	if now.Sub(m.last) < linesEvery {
		return
	}
	m.last = now
	share := ""
	if r.Size > 0 {
		share = fmt.Sprintf(" (%d %%)", r.Read*100/r.Size)
	}
	fmt.Fprintf(m.out, "%s read%s, %s rows/s\n", counted(r.Rows, "row"), share, group(int64(rate)))
}

func (m *meter) done() {
	if m.bar != nil {
		_ = m.bar.Finish()
	}
}

// importSummary is the --json answer of import.
type importSummary struct {
	Rows       int64               `json:"rows"`
	New        int64               `json:"new"`
	Changed    int64               `json:"changed"`
	Repeated   int64               `json:"repeated"`
	Suppressed int64               `json:"suppressed"`
	Rejected   int64               `json:"rejected"`
	Unmatched  int64               `json:"unmatched"`
	Created    []string            `json:"brands_created"`
	Notices    []collectors.Notice `json:"notices"`
	Rejects    []collectors.Reject `json:"rejects"` // the first few
	Resumed    bool                `json:"resumed"`
	Complete   bool                `json:"complete"`
	Seconds    float64             `json:"seconds"`
}

func (a *app) summarise(r scan.Report, rejects *rejectLog, took time.Duration, failed error) {
	notices := r.Notices
	if n := r.Saved.Repeated + r.Saved.Changed; n > 0 {
		notices = append(notices, collectors.Notice{Code: collectors.RepeatedPolls, Count: n})
	}
	if a.json {
		_ = json.NewEncoder(a.out).Encode(importSummary{
			Rows: r.Rows, New: r.Saved.New, Changed: r.Saved.Changed, Repeated: r.Saved.Repeated, Suppressed: r.Saved.Suppressed,
			Rejected: r.Rejected, Unmatched: r.Unmatched, Created: emptyNotNull(r.Created),
			Notices: emptyNotNull(notices), Rejects: emptyNotNull(rejects.first),
			Resumed: r.Resumed, Complete: r.Complete && failed == nil, Seconds: took.Seconds(),
		})
		return
	}
	for _, b := range r.Created {
		fmt.Fprintf(a.err, "Brand %q is new: created.\n", b)
	}
	if r.Resumed {
		fmt.Fprintln(a.err, "Continued an import that had been cut short.")
	}
	fmt.Fprintf(a.err, "%s read in %s: %s, %s updated, %s",
		counted(r.Rows, "row"), took.Round(100*time.Millisecond), counted(r.Saved.New, "new mention"), group(r.Saved.Changed), counted(r.Saved.Repeated, "repeat"))
	if r.Unmatched > 0 {
		fmt.Fprintf(a.err, ", %s not about the brand", group(r.Unmatched))
	}
	if r.Saved.Suppressed > 0 {
		fmt.Fprintf(a.err, ", %s of people who were erased: not stored", group(r.Saved.Suppressed))
	}
	fmt.Fprintf(a.err, ", %s rejected.\n", group(r.Rejected))
	if r.Rows == 0 && !r.Resumed {
		fmt.Fprintln(a.err, "  There are no rows to import, only what stands above them, such as a header. Is it the right file?")
	}
	for _, n := range notices {
		fmt.Fprintln(a.err, "  • "+sentence(n))
	}
	for _, x := range rejects.first {
		fmt.Fprintf(a.err, "  rejected: %s\n", place(x))
	}
	if r.Rejected > 0 && rejects.path == "" {
		fmt.Fprintln(a.err, "  To keep all rejected rows with their reasons, add --rejects bad.jsonl")
	} else if r.Rejected > 0 {
		fmt.Fprintf(a.err, "  All rejected rows with their reasons: %s\n", rejects.path)
	}
}

func emptyNotNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func place(r collectors.Reject) string {
	if r.Row == 0 { // known by its post alone
		return r.Reason
	}
	where := fmt.Sprintf("%s row %d", r.Source, r.Row)
	if r.Line > 0 {
		where += fmt.Sprintf(" (line %d)", r.Line)
	}
	if r.Column != "" {
		where += fmt.Sprintf(", column %s", r.Column)
	} else if r.Field != "" {
		where += fmt.Sprintf(", field %s", r.Field)
	}
	return where + ": " + r.Reason
}

// sentence says a notice in words.
func sentence(n collectors.Notice) string {
	format := map[collectors.NoticeCode]string{
		collectors.RepostCounters:  "reposts with the original's counters: %s; those belong to the original and are not added to whoever reposted it",
		collectors.RepeatedPolls:   "rows of posts that were known already (repeated polls): %s; merged, counters never summed",
		collectors.ConflictMarkers: "merge-conflict lines (<<<<<<<, =======, >>>>>>>): %s; dropped",
		collectors.RepeatedHeaders: "header lines inside the data: %s; dropped",
		collectors.CutLastLine:     "files that end in the middle of a row: %s; the cut row was dropped",
		collectors.CutArchive:      "archives that are cut off: %s; what was read is kept, what comes after is missing",
		collectors.Encoding:        "files that are not UTF-8: %s; decoded from the encoding named here",
		collectors.BrokenText:      "texts that lost characters before they reached us: %s",
		collectors.DamagedIDs:      "damaged ids (like 5.70306E+17): %s; these posts are told apart by platform, author, time and text",
		collectors.RoundedIDs:      "ids rounded by a spreadsheet or a float: %s; kept as they are, links may not open",
		collectors.UnknownTime:     "mentions without a creation time: %s; counted, left out of windows and scores",
		collectors.DeletedPosts:    "posts that no longer exist at their source: %s; taken out where they were stored",
		collectors.FutureTime:      "mentions dated in the future: %s; counted, left out of scores until then. Is the date order or the year right?",
		collectors.UnknownLang:     "posts whose source names no language: %s; it is told from the text, and where it cannot be told, sentiment stays unknown",
	}[n.Code]
	if format == "" {
		format = string(n.Code) + ": %s"
	}
	text := fmt.Sprintf(format, group(n.Count))
	if n.Naive > 0 {
		text += fmt.Sprintf(" (%s reposts summed naively, %s counted)", group(n.Naive), group(n.Counted))
	}
	if len(n.Examples) > 0 {
		text += ": " + printable(strings.Join(n.Examples, "; "))
	}
	return text
}

// group writes 12345 as 12,345.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
