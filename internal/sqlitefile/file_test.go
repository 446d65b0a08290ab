package sqlitefile_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"adalid/internal/sqlitefile"
)

// thing is a row of things behind its brand; fields that point may be NULL.
type thing struct {
	n    int64
	name string
	some *int64
	note *string
	late *int64 // of a column that was added later
}

// String shows what the fields hold.
func (th thing) String() string {
	show := func(p *int64) string {
		if p == nil {
			return "NULL"
		}
		return fmt.Sprint(*p)
	}
	note := ""
	if th.note != nil {
		note = *th.note
	}
	return fmt.Sprintf("%d %q %s %q %s", th.n, th.name, show(th.some), note, show(th.late))
}

// opened opens a file that is in memory.
func opened(b []byte) (*sqlitefile.File, error) {
	size := 0
	if len(b) > 18 {
		size = int(b[16])<<8 | int(b[17])
	}
	if size == 1 {
		size = 1 << 16
	}
	return sqlitefile.Open(func(to []byte, number uint32) ([]byte, error) {
		at := (int(number) - 1) * size
		if at < 0 || at+size > len(b) {
			return nil, errors.New("no such page")
		}
		return append(to, b[at:at+size]...), nil
	}, uint32(len(b)/max(size, 1)))
}

// walked gives the things of a brand from the pages of a file.
func walked(b []byte, root uint32, brand int64) (list []string, err error) {
	file, err := opened(b)
	if err != nil {
		return nil, err
	}
	rows := file.Records(root, brand)
	for rows.Next() {
		th := thing{n: rows.Int(), name: rows.Text()}
		if n, known := rows.Optional(); known {
			th.some = &n
		}
		th.note = new(string(rows.Bytes()))
		if n, known := rows.Optional(); known {
			th.late = &n
		}
		if rows.Err() == nil {
			list = append(list, th.String())
		}
	}
	return list, rows.Err()
}

// rootPage is that of things.
const rootPage = 2

func things(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/things.db") // see things.sql; store compares others with what SQL says
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// expected gives the things of a brand by what things.sql says.
func expected(brand int64) (list []string) {
	for i := range int64(20) {
		th := thing{n: (i - 10) * (i - 10) * (i - 10) * 65537, name: strings.Repeat("ñ", max(int(i), 1)), note: new("")}
		if i%15 == 7 {
			th.name = strings.Repeat("ñ", 300)
		}
		if i%4 != 0 {
			th.note = new(fmt.Sprintf("note %d", i))
		}
		if i%3 == 0 {
			th.late = new(-th.n)
		} else {
			th.some = new(i%3 + 255*(i%5))
		}
		if brand != 300 || th.some == nil || *th.some != 1 {
			list = append(list, th.String())
		}
	}
	return list
}

// Every brand has its records, in order, and no other.
func TestRecords(t *testing.T) {
	for _, brand := range []int64{-2, -1, 0, 1, 299, 300, 301} {
		got, err := walked(things(t), rootPage, brand)
		want := expected(brand)
		if brand != -1 && brand != 1 && brand != 300 {
			want = nil
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("brand %d: %v, %d things, want %d", brand, err, len(got), len(want))
		}
	}
}

// Columns that nobody wants are passed by, also when they go on elsewhere. Who
// takes a text for a number, or a number for a text, is told.
func TestSkip(t *testing.T) {
	file, err := opened(things(t))
	if err != nil {
		t.Fatal(err)
	}
	rows := file.Records(rootPage, 1)
	for rows.Next() {
		n := rows.Int()
		rows.Skip(2)
		if got := rows.Text(); n == -3*3*3*65537 && got != "note 7" {
			t.Error(got)
		}
	}
	if rows.Err() != nil {
		t.Error(rows.Err())
	}
	rows = file.Records(rootPage, 1)
	if rows.Next(); rows.Text() != "" || rows.Err() == nil {
		t.Error("a number is read as a text")
	}
	rows = file.Records(rootPage, 1)
	rows.Next()
	if rows.Skip(1); rows.Int() != 0 || rows.Err() == nil || rows.Next() {
		t.Error("a text is read as a number")
	}
}

// What is no database of ours, or damaged, is refused.
func TestRefused(t *testing.T) {
	whole := things(t)
	with := func(at int, value ...byte) []byte {
		b := slices.Clone(whole)
		copy(b[at:], value)
		return b
	}
	page := (rootPage - 1) * 512
	child := page + 8
	for what, b := range map[string][]byte{
		"empty":          {},
		"short":          whole[:90],
		"cut":            whole[:512*rootPage],
		"other file":     with(0, 'x'),
		"page size":      with(16, 3, 0),
		"reserved":       with(20, 255),
		"UTF-16":         with(59, 2),
		"a table's page": with(page, 0x0d),
		"too many cells": with(page+3, 0xff, 0xff),
		"circle":         with(child, 0, 0, 0, rootPage),
		"no such page":   with(child, 0xff),
		"cell outside":   with(page+12, 0xff, 0xff),
	} {
		for _, brand := range []int64{-1, 1, 300} {
			if _, err := walked(b, rootPage, brand); err != nil {
				break
			}
			if brand == 300 {
				t.Errorf("%s: nothing was said", what)
			}
		}
	}
}

// FuzzRecords reads a database of which bytes are others: there is an end, and
// no panic.
func FuzzRecords(f *testing.F) {
	whole := things(f)
	f.Add(whole)
	f.Add(whole[:512*3])
	r := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		b := slices.Clone(whole)
		for range 1 + r.IntN(20) {
			b[100+r.IntN(len(b)-100)] = byte(r.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for brand := int64(0); brand < 3; brand++ {
			list, err := walked(b, rootPage, brand)
			if len(list) > len(b) {
				t.Errorf("%d records in %d bytes: %v", len(list), len(b), err)
			}
		}
	})
}
