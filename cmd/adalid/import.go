package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/file"
	"adalid/config"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// importFlags are the command line of import.
type importFlags struct {
	brand, brandColumn string
	match, format      string
	maps               []string
	platform           string
	dateOrder, zone    string
	year               int
	rejects            string
	noSentiment        bool
}

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import --brand B FILE…",
		Short: "Read exports of mentions: CSV, JSONL, tweets, archives; plain or .gz; - is standard input",
		Long: `Reads one or many files and stores their mentions. The format, the columns,
the encoding and the date order are recognised; what was found is shown.
Rows that cannot be used never stop an import: they are counted, explained and,
with --rejects, written to a file. An import that was cut short continues where
it was when the same command is given again; repeating a finished one changes
nothing.`,
		Example: `  adalid import --brand "Café Lumbre" mentions.csv
  adalid import --brand Acme --match query --rejects bad.jsonl 2026-*.jsonl.gz
  adalid import --brand-column airline --map author=screen_name tweets.csv
  zcat all.jsonl.gz | adalid import --brand Acme -`,
		Args: args(cobra.MinimumNArgs(1), "at least one FILE (or - for standard input)"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if large(paths) {
				store.ReserveCache()
			}
			err := a.withStore(cmd.Context(), func(s *store.Store) error {
				return a.importFiles(cmd.Context(), s, f, paths)
			})
			return stopped(cmd.Context(), err, goesOn)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.brand, "brand", "", "the brand that every row is about")
	flags.StringVar(&f.brandColumn, "brand-column", "", "column that names each row's brand, instead of --brand")
	flags.StringVar(&f.match, "match", "all", "all: every row counts; query: only what the brand's query matches")
	flags.StringVar(&f.format, "format", "auto", "auto, canonical, csv, tweets-v1, tweets-v2, x-archive, mastodon")
	flags.StringArrayVar(&f.maps, "map", nil, "FIELD=COLUMN or FIELD='{col}|{col}'; may be repeated")
	flags.StringVar(&f.platform, "platform", "", "platform of rows that name none (default x)")
	flags.StringVar(&f.dateOrder, "date-order", "", "dmy, mdy, ymd or auto (reads the whole file first)")
	flags.StringVar(&f.zone, "timezone", "", "zone of times that name none, like Europe/Madrid")
	flags.IntVar(&f.year, "year", 0, "year of dates that name none")
	flags.StringVar(&f.rejects, "rejects", "", "write the rows that cannot be used to this file (JSONL); one of an earlier import is replaced")
	flags.BoolVar(&f.noSentiment, "no-sentiment", false, "leave every mention unscored (faster)")
	return cmd
}

func (f *importFlags) check() error {
	switch {
	case f.brand != "" && f.brandColumn != "":
		return adalid.Errorf(adalid.Invalid, "--brand and --brand-column contradict each other: give one of them")
	case strings.TrimSpace(f.brand) == "" && f.brandColumn == "":
		return adalid.Errorf(adalid.Invalid, "whose mentions are these? Give --brand NAME, or --brand-column COLUMN when the rows name their brand")
	case f.match != string(scan.MatchAll) && f.match != string(scan.MatchQuery):
		return adalid.Errorf(adalid.Invalid, "--match is %q; it can be all or query", f.match)
	}
	return nil
}

// options turns the flags into the file collector's, with the configuration's
// defaults.
func (f *importFlags) options(cfg *config.Config, paths []string, stdin io.Reader, now func() time.Time) (file.Options, error) {
	o := file.Options{
		Paths: paths, Stdin: stdin, Format: file.Format(f.format), BrandColumn: f.brandColumn,
		Platform: adalid.Platform(strings.ToLower(f.platform)), Year: f.year,
		PageSize: cfg.Import.PageSize, Now: now,
	}
	order := cfg.Import.DateOrder
	if f.dateOrder != "" {
		order = f.dateOrder
	}
	o.DateOrder = file.DateOrder(order)
	zone := cfg.Import.Timezone
	if f.zone != "" {
		zone = f.zone
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return o, adalid.Errorf(adalid.Invalid, "--timezone %q is not known; use a name like Europe/Madrid or UTC", zone)
	}
	o.Timezone = location
	for _, text := range f.maps {
		m, err := file.ParseMapping(text)
		if err != nil {
			return o, err
		}
		o.Map = append(o.Map, m)
	}
	return o, nil
}

// large tells whether files hold so much that reading them faster is worth some
// memory: 64 MiB, of which a packed file holds eight times its size.
func large(paths []string) bool {
	total := int64(0)
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && strings.HasSuffix(path, ".gz") {
			total += 8 * info.Size()
		} else if err == nil {
			total += info.Size()
		}
	}
	return total >= 64<<20
}

func (a *app) importFiles(ctx context.Context, s *store.Store, f importFlags, paths []string) (err error) {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	options, err := f.options(cfg, paths, a.in, a.now)
	if err != nil {
		return err
	}
	if err := checkRejects(f.rejects, paths); err != nil {
		return err
	}
	job, err := openFiles(options, scan.Matching(f.match))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, job.close()) }()
	if a.getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(importHeap * int64(max(cfg.Import.PageSize, 12_800))))
	}
	a.showMapping(job.files)
	learned := &learner{store: s}
	job.Brand, job.Store, job.Learner = f.brand, s, learned
	if !f.noSentiment {
		if learned.model, err = newModel(); err != nil {
			return err
		}
		job.Sentiment = learned.model
	}
	rejects := &rejectLog{path: f.rejects}
	defer func() { err = errors.Join(err, rejects.close()) }()
	job.OnStart, job.OnReject = rejects.begin, rejects.add
	meter := a.newMeter()
	job.OnProgress = meter.show
	report, err := runImport(ctx, s, a.now, job.Job)
	if err == nil && report.Rows > 0 && report.Rejected == report.Rows && !report.Resumed {
		err = fmt.Errorf("none of the %s rows could be used, so nothing was imported; the reasons are above, and --map says which column is which field", group(report.Rows))
	}
	if err == nil {
		err = cutOff(report.Notices)
	}
	meter.done()
	if err == nil || report.Rows > 0 {
		a.summarise(report, rejects, meter.elapsed(), err)
	}
	return err
}

// columnNames are those of columns, of which some have none.
func columnNames(columns []string) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		if names[i] = c; strings.TrimSpace(c) == "" {
			names[i] = "(no name)"
		}
	}
	return names
}

// cutOff is the error of archives that end early: nobody shall take a part for the
// whole.
func cutOff(notices []collectors.Notice) error {
	for _, n := range notices {
		if n.Code == collectors.CutArchive {
			return adalid.Errorf(adalid.Invalid, "the archive is cut off; what comes after is missing: %s; what was read is stored, fetch the file again", printable(strings.Join(n.Examples, ", ")))
		}
	}
	return nil
}

// importHeap is the memory in bytes, per mention of a page, near which the
// garbage collector runs more often: 250 MiB with pages of the default size.
// Pages are large and short-lived, so the heap would else grow far over what is
// in use, beside SQLite's page cache, which the collector does not see.
const importHeap = 8 << 10

// fileJob is a scan over files that have to be closed.
type fileJob struct {
	scan.Job
	files, ahead *file.Collector
}

// openFiles opens the files of an import; with a query it opens them twice,
// because answers to the brand's own accounts can stand before the row that
// tells whose account it is.
func openFiles(options file.Options, matching scan.Matching) (*fileJob, error) {
	files, err := file.New(options)
	if err != nil {
		return nil, err
	}
	job := &fileJob{files: files}
	job.Job = scan.Job{Matching: matching, Source: files.Source(), Finite: true, Collector: files}
	if matching == scan.MatchQuery {
		if job.ahead, err = files.Again(); err != nil {
			return nil, errors.Join(err, files.Close())
		}
		job.Ahead = job.ahead
	}
	return job, nil
}

func (j *fileJob) close() error {
	if j.ahead == nil {
		return j.files.Close()
	}
	return errors.Join(j.files.Close(), j.ahead.Close())
}

// runImport keeps a line about the run in the database, whatever its end. The
// line of brands that rows name themselves has no brand.
func runImport(ctx context.Context, s *store.Store, now func() time.Time, job scan.Job) (scan.Report, error) {
	started := now()
	job.Remover = s
	report, err := scan.Run(ctx, job)
	entry := store.ScanRecord{
		Brand: job.Brand, Kind: store.ImportScan, Source: job.Source, State: store.Done,
		Rows: report.Rows, Rejected: report.Rejected, Saved: report.Saved, Started: started, Finished: now(),
	}
	switch {
	case errors.Is(err, context.Canceled):
		entry.State, entry.Reason = store.Stopped, "interrupted"
	case err != nil:
		entry.State, entry.Reason = store.Failed, describe(err)
	}
	ctx = context.WithoutCancel(ctx) // an interrupt is worth a line too
	id, noted := s.StartScan(ctx, entry)
	switch {
	case noted == nil:
		noted = s.FinishScan(ctx, id, entry)
	case adalid.CodeOf(noted) == adalid.NotFound && report.Saved == (scan.Saved{}):
		noted = nil // no row could be used: there is no brand to note it for
	}
	if err == nil {
		err = noted
	}
	return report, err
}

// showMapping says which columns became which fields.
func (a *app) showMapping(c *file.Collector) {
	if a.json {
		return
	}
	for _, found := range c.Mapping() {
		if len(found.Columns) == 0 {
			continue
		}
		fmt.Fprintf(a.err, "%s: %s, %s. Columns recognised:\n", found.File, found.Format, found.Encoding)
		for _, m := range found.Columns {
			fmt.Fprintf(a.err, "  %-14s ← %s\n", m.Field, printable(m.Column))
		}
		if len(found.Ignored) > 0 {
			fmt.Fprintf(a.err, "  not used: %s\n", printable(strings.Join(columnNames(found.Ignored), ", ")))
		}
	}
}
