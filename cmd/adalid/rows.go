package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// rowWriter writes rows of one shape as a table, CSV or a JSON array.
type rowWriter interface {
	write([]cellValue) error
	close() error
}

func newRows(out io.Writer, format string, columns []string) rowWriter {
	switch format {
	case "csv":
		w := &csvRows{w: csv.NewWriter(out)}
		w.err = w.w.Write(columns)
		return w
	case "json":
		return &jsonRows{w: bufio.NewWriter(out), columns: columns}
	}
	return &tableRows{w: out, rows: [][]string{columns}}
}

// csvRows writes texts as they are: these tables are for programs, which compare
// them. Tables for spreadsheets come from adalid export.
type csvRows struct {
	w   *csv.Writer
	err error
}

func (r *csvRows) write(cells []cellValue) error {
	if r.err != nil {
		return r.err
	}
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = cellText(c)
	}
	return r.w.Write(texts)
}

func (r *csvRows) close() error {
	r.w.Flush()
	return r.w.Error()
}

type jsonRows struct {
	w       *bufio.Writer
	columns []string
	n       int
}

func (r *jsonRows) write(cells []cellValue) error {
	lead := ",\n "
	if r.n == 0 {
		lead = "[\n "
	}
	r.n++
	_, _ = r.w.WriteString(lead) // bufio keeps the first error for Flush
	for i, c := range cells {
		_, _ = r.w.WriteString([]string{"{", ", "}[min(i, 1)])
		if t, ok := c.(time.Time); ok && t.IsZero() {
			c = nil
		}
		value, err := json.Marshal(c)
		if err != nil {
			return err
		}
		_, _ = r.w.WriteString(`"` + r.columns[i] + `": `)
		_, _ = r.w.Write(value)
	}
	_, err := r.w.WriteString("}")
	return err
}

func (r *jsonRows) close() error {
	if r.n == 0 {
		_, _ = r.w.WriteString("[")
	}
	_, _ = r.w.WriteString("\n]\n")
	return r.w.Flush()
}

// sentences is a cell of them: one after the other in CSV, lines of their own in
// a table, for they fit into no column and a reason that is cut is none.
type sentences []string

// tableRows aligns columns once all rows are known.
type tableRows struct {
	w     io.Writer
	rows  [][]string
	under [][]string   // by row: the lines below it
	below map[int]bool // the columns that hold sentences
}

func (r *tableRows) write(cells []cellValue) error {
	texts, lines := make([]string, len(cells)), []string(nil)
	for i, c := range cells {
		list, is := c.(sentences)
		if !is {
			texts[i] = cellText(c)
			continue
		}
		if r.below == nil {
			r.below = map[int]bool{}
		}
		r.below[i] = true
		lead := strings.TrimSuffix(r.rows[0][i], "reasons") // those of organisation_reasons say what they are of
		if lead != "" {
			lead = strings.TrimSuffix(lead, "_") + ": "
		}
		for _, text := range list {
			lines = append(lines, lead+text)
		}
	}
	r.rows, r.under = append(r.rows, texts), append(r.under, lines)
	return nil
}

const (
	widestCell = 28
	underRow   = "      " // in front of the lines below a row
)

func (r *tableRows) close() error {
	widths := make([]int, len(r.rows[0]))
	for _, row := range r.rows {
		for i, c := range row {
			widths[i] = min(widestCell, max(widths[i], len([]rune(c))))
		}
	}
	out := bufio.NewWriter(r.w)
	for n, row := range r.rows {
		var line strings.Builder
		for i, c := range row {
			if r.below[i] {
				continue
			}
			line.WriteString(fit(c, widths[i]) + "  ")
		}
		_, _ = out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		if n == 0 {
			continue // the names of the columns
		}
		for _, text := range r.under[n-1] {
			_, _ = out.WriteString(underRow + printable(text) + "\n")
		}
	}
	return out.Flush()
}

var edgeNames = map[rank.EdgeKind]string{
	rank.MentionEdge: "mention", rank.RepostEdge: "repost", rank.ReplyEdge: "reply", rank.QuoteEdge: "quote",
}

func edgeKinds(asked []string) (map[string]bool, error) {
	wanted := map[string]bool{}
	for _, k := range asked {
		known := false
		for _, name := range edgeNames {
			known = known || name == k
		}
		if !known {
			return nil, adalid.Errorf(adalid.Invalid, "--kind %q is not known; it can be mention, repost, reply, quote", k)
		}
		wanted[k] = true
	}
	return wanted, nil
}
