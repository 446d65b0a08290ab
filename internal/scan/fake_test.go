package scan_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// ledger is a scan.Store that writes down what it was asked for, in order.
type ledger struct {
	brands  []adalid.Brand
	cursors map[string]string // brand, a bar, source
	pages   []scan.Page
	log     []string
	seen    map[string]bool

	beforeSave func(n int) error // called with the number of pages saved so far
	create     error
}

func (l *ledger) Brands(context.Context) ([]adalid.Brand, error) { return slices.Clone(l.brands), nil }

func (l *ledger) CreateBrand(_ context.Context, b adalid.Brand) error {
	l.log = append(l.log, "create "+b.Name)
	if l.create == nil {
		l.brands = append(l.brands, b)
	}
	return l.create
}

func (l *ledger) Cursor(_ context.Context, brand, source string) (scan.Position, error) {
	if c, ok := l.cursors[brand+"|"+source]; ok {
		return scan.Position{Cursor: collectors.Cursor(c)}, nil
	}
	return scan.Position{}, nil
}

func (l *ledger) Ready(*scan.Batch) {}

func (l *ledger) Save(ctx context.Context, p scan.Page) (scan.Saved, error) {
	if l.beforeSave != nil {
		if err := l.beforeSave(len(l.pages)); err != nil {
			return scan.Saved{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return scan.Saved{}, err
	}
	l.log = append(l.log, fmt.Sprintf("save %d", len(l.pages)+1))
	l.pages = append(l.pages, p)
	if p.Cursor != nil {
		if l.cursors == nil {
			l.cursors = map[string]string{}
		}
		l.cursors[p.Brand+"|"+p.Source] = string(p.Cursor)
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	var saved scan.Saved
	for _, b := range p.Batches {
		for _, m := range b.Mentions {
			if key := b.Brand + " " + m.ID; l.seen[key] {
				saved.Repeated++
			} else {
				l.seen[key] = true
				saved.New++
			}
		}
	}
	return saved, nil
}

// stored lists brand and id of every mention saved, in order.
func (l *ledger) stored() string {
	var out []string
	for _, p := range l.pages {
		for _, b := range p.Batches {
			for _, m := range b.Mentions {
				out = append(out, b.Brand+" "+m.ID)
			}
		}
	}
	return strings.Join(out, ", ")
}

// shelf is a collector over pages in memory; its cursor is the number of the
// next page.
type shelf struct {
	pages []collectors.Page
	fail  map[int]error // page → why it cannot be read
	asked []string      // the cursors it was called with
}

func (s *shelf) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	s.asked = append(s.asked, string(from))
	if err := ctx.Err(); err != nil {
		return collectors.Page{}, err
	}
	n := 0
	if from != nil {
		var err error
		if n, err = strconv.Atoi(string(from)); err != nil {
			return collectors.Page{}, err
		}
	}
	if s.fail[n] != nil {
		return collectors.Page{}, s.fail[n]
	}
	page := s.pages[n]
	page.Rows = cmp.Or(page.Rows, int64(len(page.Mentions)+len(page.Rejects)))
	page.Read, page.Size = int64(n+1)*10, int64(len(s.pages))*10
	page.Next, page.More = collectors.Cursor(strconv.Itoa(n+1)), n+1 < len(s.pages)
	return page, nil
}

// page is a page of mentions alone.
func page(mentions ...adalid.Mention) collectors.Page { return collectors.Page{Mentions: mentions} }

func post(id, text string) adalid.Mention {
	return adalid.Mention{Platform: adalid.X, ID: id, Text: text, Author: adalid.Author{Platform: adalid.X, Key: "k" + id, Handle: "h" + id}}
}

func named(brand string, m adalid.Mention) adalid.Mention {
	m.Brand = brand
	return m
}

func run(t *testing.T, job scan.Job) scan.Report {
	t.Helper()
	report, err := scan.Run(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
