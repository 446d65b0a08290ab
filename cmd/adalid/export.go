package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/export"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

type exportFlags struct {
	rankFlags
	sort, person      string
	authored, leftOut bool
	output            string
}

// The flags that one of the two tables alone understands.
var (
	advocateFlags = []string{"min-mentions", "preset", "weights", "blend", "include", "where", "all", "safe", "sort"}
	mentionFlags  = []string{"person", "authored", "left-out"}
)

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export BRAND advocates|mentions",
		Short: "Write all advocates or all mentions to a file, for a spreadsheet or another program",
		Long: `Writes every row of the ranking, or every mention, as CSV, XLSX or JSON Lines.
However many there are, they pass through little memory. A file appears under its
name only when it is whole.

Text that a spreadsheet would take for a formula has an apostrophe before it in CSV
and XLSX; "adalid import" of the CSV takes it away again. CSV and JSON Lines of
mentions can be imported as they are.`,
		Example: `  adalid export Acme mentions --output mentions.xlsx
  adalid export Acme advocates --where 'score >= 60' --format csv > advocates.csv`,
		Args:              args(cobra.ExactArgs(2), "a BRAND and advocates or mentions"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := f.check(cmd, given[1]); err != nil {
				return err
			}
			f.format = f.shape(a.json)
			format, err := export.ParseFormat(f.format)
			if err != nil {
				return err
			}
			if format == export.XLSX && f.output == "" && a.terminal(a.out) {
				return adalid.Errorf(adalid.Invalid, "xlsx is not for a terminal: give --output FILE")
			}
			return a.export(cmd, given[0], given[1], format, &f)
		},
	}
	f.registerFormula(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.all, "all", false, "advocates: everybody, critics and whoever --include names included")
	flags.BoolVar(&f.safe, "safe", false, "advocates: sort by the lower end of the score")
	flags.StringVar(&f.sort, "sort", "", "advocates: score, affinity, volume, reach, network, mentions, engagement or recent")
	flags.StringVar(&f.person, "person", "", "mentions: only what this person wrote (the id that exports and the API show)")
	flags.BoolVar(&f.authored, "authored", false, "mentions: leave reposts out")
	flags.BoolVar(&f.leftOut, "left-out", false, "mentions: only those that count nowhere, as not about the brand")
	flags.StringVar(&f.format, "format", "", "csv, xlsx or jsonl (default: by the ending of --output, else csv, with --json jsonl)")
	flags.StringVar(&f.output, "output", "", "the file to write; one of that name is replaced (default: standard output)")
	return cmd
}

// check settles what the flags leave open and refuses those that mean nothing.
func (f *exportFlags) check(cmd *cobra.Command, what string) error {
	foreign := mentionFlags
	switch what {
	case "mentions":
		foreign = advocateFlags
	case "advocates":
	default:
		return adalid.Errorf(adalid.Invalid, "there is no export of %q: advocates or mentions", what)
	}
	for _, name := range foreign {
		if cmd.Flags().Changed(name) {
			return adalid.Errorf(adalid.Invalid, "--%s means nothing for %s", name, what)
		}
	}
	sorts := []string{"", "score", "affinity", "volume", "reach", "network", "mentions", "engagement", "recent"}
	if !slices.Contains(sorts, f.sort) {
		return adalid.Errorf(adalid.Invalid, "--sort can be %s", strings.Join(sorts[1:], ", "))
	}
	if f.safe && f.sort != "" && f.sort != string(rank.ByScore) {
		return adalid.Errorf(adalid.Invalid, "--safe sorts by the lower end of the score; leave out --sort")
	}
	return nil
}

// shape is the format to write: --json wins over --format on standard output, and
// beside --output it says only how the end is told.
func (f *exportFlags) shape(asJSON bool) string {
	usual := "csv"
	if asJSON {
		usual = "jsonl"
	}
	if asJSON && f.output == "" {
		return usual
	}
	return cmp.Or(f.format, strings.TrimPrefix(strings.ToLower(filepath.Ext(f.output)), "."), usual)
}

// exportMemory is what Go's collector aims at while a workbook is written, which
// makes much garbage: the process stays under 100 MB.
const exportMemory = 48 << 20

// export writes to the file or to standard output.
func (a *app) export(cmd *cobra.Command, brand, what string, format export.Format, f *exportFlags) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	q, err := f.query()
	if err != nil {
		return err
	}
	if format == export.XLSX && a.getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(exportMemory))
	}
	rows := int64(0)
	to := api.ExportFile{Out: a.out, Format: format, TempDir: cfg.Data.Dir}
	write := func(ctx context.Context) error {
		meter := a.newRowMeter()
		to.Tick = meter.tick
		return a.withBrand(ctx, brand, func(s *store.Store, b adalid.Brand) error {
			a.noteDemo(b.Demo, "en")
			var err error
			if what == "mentions" {
				posts := &countedPosts{PostReader: s, rows: &rows}
				err = api.WriteMentions(ctx, to, posts, b.Name, rank.PostQuery{
					Person: f.person, Platform: q.Platform, Lang: q.Lang, Since: q.Since, Until: q.Until, Authored: f.authored, LeftOut: f.leftOut,
				})
			} else {
				rows, err = a.exportAdvocates(ctx, s, b.Name, to, q, f)
			}
			meter.done()
			return err
		})
	}
	if f.output == "" {
		out := bufio.NewWriterSize(a.out, 64<<10)
		to.Out = out
		err = errors.Join(write(cmd.Context()), out.Flush())
	} else {
		err = whole(f.output, 0o600, func(file *os.File) error {
			if to.Out = file; isRegular(file) { // then there is room beside it
				to.TempDir = filepath.Dir(file.Name())
			}
			return write(cmd.Context())
		})
	}
	if errors.Is(err, context.Canceled) {
		return adalid.Wrapf(adalid.Unavailable, err, "stopped; the export was not finished")
	}
	if err != nil {
		return err
	}
	if f.output != "" {
		return a.report(map[string]any{"file": f.output, "rows": rows}, "%s written to %s.\n", counted(rows, "row"), f.output)
	}
	return nil
}

func (a *app) exportAdvocates(ctx context.Context, s *store.Store, brand string, to api.ExportFile, q rank.Query, f *exportFlags) (int64, error) {
	cfg, err := a.settings()
	if err != nil {
		return 0, err
	}
	q.Limit, q.Sort, q.Safe, q.Intervals = 0, rank.Sort(f.sort), f.safe, true
	ranker, err := a.rankerOf(ctx, cfg, s, brand)
	if err != nil {
		return 0, err
	}
	r, err := ranker.Rank(ctx, brand, q)
	if err != nil {
		return 0, err
	}
	return int64(len(r.Entries)), api.WriteAdvocates(to, r)
}

// countedPosts is a reader of posts that counts them.
type countedPosts struct {
	rank.PostReader
	rows *int64
}

// Posts implements rank.PostReader.
func (c *countedPosts) Posts(ctx context.Context, brand string, q rank.PostQuery) ([]rank.Post, string, error) {
	posts, next, err := c.PostReader.Posts(ctx, brand, q)
	*c.rows += int64(len(posts))
	return posts, next, err
}

// rowMeter tells on a terminal all the time, else now and then, how many rows
// there are.
type rowMeter struct {
	a             *app
	screen        bool
	started, last time.Time
}

func (a *app) newRowMeter() *rowMeter {
	now := a.now()
	return &rowMeter{a, a.terminal(a.err), now, now}
}

func (m *rowMeter) tick(rows int64) {
	now := m.a.now()
	rate := int64(float64(rows) / max(now.Sub(m.started).Seconds(), .001))
	switch {
	case m.screen:
		fmt.Fprintf(m.a.err, "\r%s rows, %s/s ", group(rows), group(rate))
	case now.Sub(m.last) >= linesEvery:
		m.last = now
		fmt.Fprintf(m.a.err, "%s written, %s rows/s\n", counted(rows, "row"), group(rate))
	}
}

func (m *rowMeter) done() {
	if m.screen {
		fmt.Fprint(m.a.err, "\r\x1b[K")
	}
}
