// Package export writes tables row by row, of any length, which spreadsheets can
// open without running anything that stands in them.
package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/collectors/file"
)

// Format names how a table is written.
type Format string

// The formats.
const (
	CSV   Format = "csv"   // RFC 4180, UTF-8, LF
	XLSX  Format = "xlsx"  // Office Open XML
	JSONL Format = "jsonl" // JSON Lines
)

// ParseFormat reads the name of a format; others are Invalid.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case CSV, XLSX, JSONL:
		return f, nil
	}
	return "", adalid.Errorf(adalid.Invalid, "there is no export format %q: csv, xlsx or jsonl", name)
}

// MediaType is what an answer with such a table calls itself.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/jsonl; charset=utf-8"
}

// Writer takes the rows of one table. Rows and the cells in them come in the
// order of the columns; a cell is a string, a bool, an int, an int64, a float64, a
// []string, a time.Time, a pointer to one of those, or nil. A nil pointer, a zero
// time and nil are unknown: an empty cell, in JSON null. In CSV and XLSX no text
// begins like a formula: see file.Escape. Close completes the table; Abort gives
// up and may follow Close. After an error only Abort makes sense.
type Writer interface {
	Row(cells ...any) error
	Close() error
	Abort()
}

// Options describe a table.
type Options struct {
	Format  Format
	Columns []string
	Sheet   string // name of an XLSX sheet, at most 20 plain characters
	TempDir string // where XLSX keeps rows until Close; "" is the system's
}

// New begins a table on out. It is Invalid to ask for another format than those
// above, Unavailable when XLSX has no room to work.
func New(out io.Writer, o Options) (Writer, error) {
	switch o.Format {
	case CSV:
		w := &csvWriter{w: csv.NewWriter(out), cells: make([]string, len(o.Columns))}
		return w, w.head(o.Columns)
	case JSONL:
		w := &jsonWriter{w: bufio.NewWriterSize(out, 64<<10)}
		for _, c := range o.Columns {
			name, err := json.Marshal(c)
			if err != nil {
				return nil, fmt.Errorf("export: name a column: %w", err)
			}
			w.names = append(w.names, string(name))
		}
		return w, nil
	case XLSX:
		return newWorkbook(out, o)
	}
	_, err := ParseFormat(string(o.Format))
	return nil, err
}

// plain gives a cell without pointers; what is unknown is nil.
func plain(cell any) any {
	switch v := cell.(type) {
	case *string:
		return deref(v)
	case *bool:
		return deref(v)
	case *int:
		return deref(v)
	case *int64:
		return deref(v)
	case *float64:
		return deref(v)
	case *time.Time:
		if v == nil {
			return nil
		}
		return plain(*v)
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(time.RFC3339)
	case []string:
		if v == nil {
			return nil
		}
	}
	return cell
}

func deref[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// text gives a cell as it may stand in a table; a number that is less than 0
// begins with its sign and is no formula.
func text(cell any) string {
	switch v := plain(cell).(type) {
	case nil:
		return ""
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []string:
		return file.Escape(strings.Join(v, " "))
	case string:
		return file.Escape(v)
	default:
		return file.Escape(fmt.Sprint(v))
	}
}

type csvWriter struct {
	w     *csv.Writer
	cells []string
}

func (w *csvWriter) head(columns []string) error { return w.w.Write(columns) }

func (w *csvWriter) Row(cells ...any) error {
	w.cells = w.cells[:0]
	for _, c := range cells {
		w.cells = append(w.cells, text(c))
	}
	return w.w.Write(w.cells)
}

func (w *csvWriter) Close() error {
	w.w.Flush()
	return w.w.Error()
}

func (w *csvWriter) Abort() {}

type jsonWriter struct {
	w     *bufio.Writer
	names []string
}

func (w *jsonWriter) Row(cells ...any) error {
	lead := "{"
	for i, c := range cells {
		value, err := json.Marshal(plain(c))
		if err != nil {
			return fmt.Errorf("export: write %s: %w", w.names[i], err)
		}
		_, _ = w.w.WriteString(lead) // bufio keeps the first error
		_, _ = w.w.WriteString(w.names[i])
		_, _ = w.w.WriteString(":")
		_, _ = w.w.Write(value)
		lead = ","
	}
	_, err := w.w.WriteString("}\n")
	return err
}

func (w *jsonWriter) Close() error { return w.w.Flush() }

func (w *jsonWriter) Abort() {}
