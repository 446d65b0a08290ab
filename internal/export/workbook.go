package export

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"adalid"
)

const (
	sheetRows   = 1_048_576 // of one sheet, the header among them
	sheetBytes  = 3 << 30   // of one sheet, about: more than 4 GiB need a form that not every program reads
	cellBytes   = 40        // of a cell besides its text, about
	cellUnits   = 32_767    // UTF-16 units of one cell
	lookForTemp = 500       // rows
)

// workbook writes XLSX. The format keeps its rows in a zip file that can only be
// written from end to end once they are all there, so they wait on disk, in a
// folder of their own. Where the system allows it their files have no name there:
// nothing is left behind, whatever happens to the process.
type workbook struct {
	out     io.Writer
	temp    string
	name    string
	columns []any
	limit   int // rows of a sheet
	file    *excelize.File
	sheet   *excelize.StreamWriter
	sheets  int
	row     int // of the sheet
	bytes   int // the same
	cells   []any
}

func newWorkbook(out io.Writer, o Options) (*workbook, error) {
	temp, err := os.MkdirTemp(o.TempDir, "adalid-export-")
	if err != nil {
		return nil, adalid.Wrapf(adalid.Unavailable, err, "there is no room to prepare an XLSX file; csv and jsonl need none")
	}
	w := &workbook{
		out: out, temp: temp, name: cmp.Or(o.Sheet, "export"), limit: sheetRows,
		file: excelize.NewFile(excelize.Options{TmpDir: temp}),
	}
	// Left to itself the library makes the whole zip file in memory first.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w.out) })
	for _, c := range o.Columns {
		w.columns = append(w.columns, c)
	}
	if err := w.newSheet(); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// newSheet begins the next sheet with the header.
func (w *workbook) newSheet() error {
	if w.sheet != nil {
		if err := w.sheet.Flush(); err != nil {
			return fmt.Errorf("export: end a sheet: %w", err)
		}
	}
	w.sheets++
	name := w.name
	var err error
	if w.sheets == 1 {
		err = w.file.SetSheetName("Sheet1", name)
	} else {
		name += " " + strconv.Itoa(w.sheets)
		_, err = w.file.NewSheet(name)
	}
	if err == nil {
		w.sheet, err = w.file.NewStreamWriter(name)
	}
	if err == nil {
		w.row, w.bytes = 1, 0
		err = w.sheet.SetRow("A1", w.columns)
	}
	if err != nil {
		return fmt.Errorf("export: begin a sheet: %w", err)
	}
	return nil
}

// Row implements Writer.
func (w *workbook) Row(cells ...any) error {
	if w.row == w.limit || w.bytes > sheetBytes {
		if err := w.newSheet(); err != nil {
			return err
		}
	}
	w.row++
	w.cells = w.cells[:0]
	for _, c := range cells {
		switch v := plain(c).(type) {
		case nil, bool, int, int64, float64:
			w.cells = append(w.cells, v)
		default:
			s := cut(text(c))
			w.cells = append(w.cells, s)
			w.bytes += len(s)
		}
	}
	w.bytes += cellBytes * len(w.cells)
	if err := w.sheet.SetRow("A"+strconv.Itoa(w.row), w.cells); err != nil {
		return fmt.Errorf("export: write a row: %w", err)
	}
	if w.row%lookForTemp == 0 {
		w.unname()
	}
	return nil
}

// cut bounds a text to what a cell can hold; "…" says that more was there.
func cut(text string) string {
	if len(text) <= cellUnits {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= cellUnits {
		return text
	}
	end := cellUnits - 1
	if utf16.IsSurrogate(rune(units[end-1])) && units[end-1] < 0xDC00 {
		end-- // a pair stays together
	}
	return string(utf16.Decode(units[:end])) + "…"
}

// unname takes away the names of the files that hold rows; they can still be
// read. Where that is not possible they are removed at the end.
func (w *workbook) unname() {
	entries, err := os.ReadDir(w.temp)
	if err != nil {
		return
	}
	for _, e := range entries {
		_ = os.Remove(filepath.Join(w.temp, e.Name()))
	}
}

// Close implements Writer.
func (w *workbook) Close() error {
	err := w.sheet.Flush()
	if err == nil {
		_, err = w.file.WriteTo(w.out)
	}
	w.Abort()
	if err != nil {
		return fmt.Errorf("export: write the workbook: %w", err)
	}
	return nil
}

// Abort implements Writer.
func (w *workbook) Abort() {
	_ = w.file.Close() // of files that are in nobody's way
	_ = os.RemoveAll(w.temp)
}
