package file

import (
	"fmt"
	"slices"
	"strings"

	"adalid"
)

// Mapping says which column holds a canonical field. Column may be a template
// of several: "{user_name}|{user_created}".
type Mapping struct {
	Field  string `json:"field"`
	Column string `json:"column"`
}

// Found tells how one input was understood, to be shown before it is read.
type Found struct {
	File      string    `json:"file"`
	Format    Format    `json:"format"`
	Encoding  string    `json:"encoding"`            // "UTF-8", "UTF-16LE", "UTF-16BE" or "Windows-1252"
	Delimiter string    `json:"delimiter,omitempty"` // of tables
	Columns   []Mapping `json:"columns,omitempty"`   // of tables: canonical field and its column, in the order of the fields
	Ignored   []string  `json:"ignored,omitempty"`   // of tables: columns that hold no field
}

// ParseMapping reads FIELD=COLUMN. An unknown field is an Invalid error that
// names the nearest ones.
func ParseMapping(s string) (Mapping, error) {
	field, column, ok := strings.Cut(s, "=")
	field = strings.ToLower(strings.TrimSpace(field))
	if !ok || column == "" {
		return Mapping{}, adalid.Errorf(adalid.Invalid, "%q is no mapping; write FIELD=COLUMN, as in text=Message", s)
	}
	if _, err := fieldNumber(field); err != nil {
		return Mapping{}, err
	}
	return Mapping{Field: field, Column: column}, nil
}

func fieldNumber(name string) (int, error) {
	var names []string
	for i, f := range fieldTable[:fBrand] {
		if f.name == name {
			return i, nil
		}
		names = append(names, f.name)
	}
	return 0, adalid.Errorf(adalid.Invalid, "%q is no field; the nearest %s (all: %s)",
		name, areOrIs(nearest(name, names)), strings.Join(names, ", "))
}

// nearest gives the names at the smallest edit distance, at most three, in
// their own order.
func nearest(name string, names []string) []string {
	out := slices.Clone(names)
	key := headerKey(name)
	far := func(s string) int { return distance(key, headerKey(s)) }
	slices.SortStableFunc(out, func(a, b string) int { return far(a) - far(b) })
	n := min(3, len(out))
	for n > 1 && far(out[n-1]) > far(out[0]) {
		n--
	}
	return out[:n]
}

func areOrIs(names []string) string {
	if len(names) == 1 {
		return "is " + names[0]
	}
	return "are " + strings.Join(names, ", ")
}

// checkMap refuses a field that is mapped twice: one of the columns would be
// lost without a word.
func checkMap(maps []Mapping) error {
	columns := map[string]string{}
	for _, m := range maps {
		if first, twice := columns[m.Field]; twice {
			return adalid.Errorf(adalid.Invalid, "%s is mapped twice, to %q and to %q; a field has one column, or a template of several such as %s='{one} {other}'",
				m.Field, first, m.Column, m.Field)
		}
		columns[m.Field] = m.Column
	}
	return nil
}

// distance is Levenshtein's.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// binding is where a field of a table comes from.
type binding struct {
	field  int
	column string // as shown
	col    int    // −1 for a template
	parts  []part
	key    bool // author: a platform's id column
	fold   bool // author: the handle's column, in lower case
	loose  bool // handle: from a column that may hold names
}

// part is a literal text or, where col ≥ 0, a column of a template.
type part struct {
	text string
	col  int
}

// layout is how a table was understood.
type layout struct {
	comma, eol byte
	header     []string
	start      int64 // offset of the first data row
	lines      int64 // lines before it
	binds      []binding
	ignored    []string
	last       int // the highest column in use
	marks      int64
	exported   bool  // it has ExportMark
	voting     bool  // dates need the whole file to be understood
	err        error // a mapping that this header does not allow
}

func (l *layout) bound(field int) *binding {
	for i := range l.binds {
		if l.binds[i].field == field {
			return &l.binds[i]
		}
	}
	return nil
}

// bind finds the column of every field: first the user's, then by header. The
// first column of the user's that does not exist ends up in l.err.
func (l *layout) bind(opt *Options) {
	used := map[int]bool{}
	wish := func(field int, column string) {
		b, err := l.column(column)
		if err != nil {
			if l.err == nil {
				l.err = err
			}
			return
		}
		b.field = field
		if field == fAuthor { // a key may repeat what the handle or the name says
			l.add(b, map[int]bool{})
			return
		}
		l.add(b, used)
	}
	for _, m := range opt.Map {
		field, err := fieldNumber(m.Field)
		if err != nil {
			l.err = err
			continue
		}
		wish(field, m.Column)
	}
	if opt.BrandColumn != "" {
		wish(fBrand, opt.BrandColumn)
	}
	l.exported = slices.Contains(l.header, ExportMark)
	keys := make([]string, len(l.header))
	for i, h := range l.header {
		keys[i] = headerKey(h)
	}
	for f := range fieldTable {
		if l.bound(f) == nil {
			l.recognise(f, keys, used)
		}
	}
	l.bindAuthor(keys, used)
	slices.SortFunc(l.binds, func(a, b binding) int { return a.field - b.field })
	if b := l.bound(fAuthor); b != nil {
		l.add(*b, used)
	}
	for i, h := range l.header {
		if !used[i] {
			l.ignored = append(l.ignored, h)
		}
	}
}

func (l *layout) add(b binding, used map[int]bool) {
	if b.col >= 0 {
		used[b.col] = true
		l.last = max(l.last, b.col)
	}
	for _, p := range b.parts {
		if p.col >= 0 {
			used[p.col] = true
			l.last = max(l.last, p.col)
		}
	}
	if old := l.bound(b.field); old != nil {
		*old = b
		return
	}
	l.binds = append(l.binds, b)
}

func (l *layout) recognise(field int, keys []string, used map[int]bool) {
	for _, h := range strings.Fields(fieldTable[field].headers) {
		for i, k := range keys {
			if k == h && !used[i] {
				l.add(binding{field: field, column: l.header[i], col: i, key: field == fAuthor}, used)
				return
			}
		}
	}
}

// bindAuthor decides what a column called just "author" is: the key where
// nothing else is, the handle beside an id, the name beside a handle.
func (l *layout) bindAuthor(keys []string, used map[int]bool) {
	author, handle := l.bound(fAuthor), l.bound(fHandle)
	if author != nil && handle != nil && author.col >= 0 && author.col == handle.col {
		author.fold = true
	}
	i := slices.IndexFunc(keys, func(k string) bool { return slices.Contains(authorHeaders, k) })
	if i < 0 || used[i] || author != nil && author.col == i {
		return
	}
	b := binding{column: l.header[i], col: i}
	switch {
	case author == nil && (handle == nil || headerKey(handle.column) == "handle"):
		b.field = fAuthor
		l.add(b, used)
		if handle == nil {
			b.field, b.loose = fHandle, true
			l.add(b, used)
		}
	case handle == nil:
		b.field, b.loose = fHandle, true
		l.add(b, used)
	case l.bound(fName) == nil:
		b.field = fName
		l.add(b, used)
	}
}

// column reads the right side of a mapping: a header or a template.
func (l *layout) column(s string) (binding, error) {
	if i := l.index(s); i >= 0 {
		return binding{column: l.header[i], col: i}, nil
	}
	if !strings.Contains(s, "{") {
		return binding{}, l.unknown(s)
	}
	b := binding{column: s, col: -1}
	for rest := s; rest != ""; {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			b.parts = append(b.parts, part{text: rest, col: -1})
			break
		}
		end := strings.IndexByte(rest[open:], '}')
		if end < 0 {
			return b, adalid.Errorf(adalid.Invalid, "the template %q has a { without }", s)
		}
		name := rest[open+1 : open+end]
		if strings.TrimSpace(name) == "" {
			return b, adalid.Errorf(adalid.Invalid, "the template %q names no column between { and }; write one there, as in {%s}", s, l.guess())
		}
		i := l.index(name)
		if i < 0 {
			return b, l.unknown(name)
		}
		if open > 0 {
			b.parts = append(b.parts, part{text: rest[:open], col: -1})
		}
		b.parts = append(b.parts, part{col: i})
		rest = rest[open+end+1:]
	}
	return b, nil
}

// index finds a column by its exact header, else regardless of case and signs.
func (l *layout) index(name string) int {
	if i := slices.Index(l.header, name); i >= 0 {
		return i
	}
	key := headerKey(name)
	if strings.ContainsAny(name, "{}") {
		return -1
	}
	return slices.IndexFunc(l.header, func(h string) bool { return key != "" && headerKey(h) == key })
}

func (l *layout) unknown(name string) error {
	return adalid.Errorf(adalid.Invalid, "there is no column %q; the nearest %s (the columns are: %s)",
		name, areOrIs(quoted(nearest(name, l.header))), strings.Join(quoted(l.header), ", "))
}

// quoted makes names fit for a message, and says when it leaves some out.
func quoted(names []string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		if len(n) > 60 {
			n = cutText([]byte(n[:60])) + "…"
		}
		out = append(out, fmt.Sprintf("%q", n))
		if len(out) == 60 {
			return append(out, "…")
		}
	}
	return out
}

// missing lists the fields without which a table is of no use.
func (l *layout) missing() []string {
	var out []string
	if l.bound(fText) == nil {
		out = append(out, "text")
	}
	if l.bound(fCreated) == nil && l.bound(fPostID) == nil {
		out = append(out, "created_at or post_id")
	}
	if l.bound(fAuthor) == nil && l.bound(fHandle) == nil {
		out = append(out, "author")
	}
	return out
}

// explain is the error for a table that lacks columns.
func (l *layout) explain(file string) error {
	lacking := l.missing()
	var example []string
	for _, f := range lacking {
		switch name := l.bound(fName); {
		case f == "author" && name != nil && l.bound(fAuthorCreated) != nil:
			example = append(example, fmt.Sprintf("--map author='{%s}|{%s}'", name.column, l.bound(fAuthorCreated).column))
		case f == "author" && name != nil:
			example = append(example, fmt.Sprintf("--map author=%q", name.column))
		default:
			f, _, _ = strings.Cut(f, " ")
			example = append(example, fmt.Sprintf("--map %s=%q", f, l.guess()))
		}
	}
	if len(l.binds) == 0 {
		return adalid.Errorf(adalid.Invalid,
			"%s: the first line names no column this import knows; if it is data, put a line with the names of the columns above it, else map them, for example: %s (the columns found are: %s)",
			file, strings.Join(example, " "), strings.Join(quoted(l.header), ", "))
	}
	return adalid.Errorf(adalid.Invalid, "%s: no column for %s; name it, for example: %s (the columns are: %s)",
		file, strings.Join(lacking, " and "), strings.Join(example, " "), strings.Join(quoted(l.header), ", "))
}

// guess names a column for an example: the first that is not in use.
func (l *layout) guess() string {
	for _, h := range append(slices.Clone(l.ignored), l.header...) {
		if h != "" && len(h) <= 60 {
			return h
		}
	}
	return "COLUMN"
}
