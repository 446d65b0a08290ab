package sentiment

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"adalid"
)

// class is a label as the model counts them.
type class uint8

const (
	negative class = iota
	neutral
	positive
	classCount
)

var classLabels = [classCount]adalid.Label{adalid.Negative, adalid.Neutral, adalid.Positive}

// Row is one labelled text.
type Row struct {
	Text  string
	Lang  string // BCP 47, "" unknown
	Label adalid.Label
}

// ReadRows reads lines of label, tab and text; labels are 0, 1, 2 or negative,
// neutral, positive. Lang becomes the language of every row.
func ReadRows(r io.Reader, lang string) ([]Row, error) {
	var rows []Row
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		label, text, found := strings.Cut(strings.TrimSuffix(lines.Text(), "\r"), "\t")
		c, ok := labelOf(strings.TrimPrefix(label, "\ufeff"))
		switch {
		case !found && strings.TrimSpace(label) == "":
			continue
		case !found || !ok:
			return nil, adalid.Errorf(adalid.Invalid, "line %d is not a label (0, 1, 2 or negative, neutral, positive), a tab and a text", n)
		}
		rows = append(rows, Row{text, lang, c})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("sentiment: read rows: %w", err)
	}
	return rows, nil
}

func labelOf(s string) (adalid.Label, bool) {
	for i, l := range classLabels {
		if s == string(l) || s == string(rune('0'+i)) {
			return l, true
		}
	}
	return "", false
}

func classOf(l adalid.Label) class {
	switch l {
	case adalid.Negative:
		return negative
	case adalid.Positive:
		return positive
	}
	return neutral
}

// LangOfFile tells the language of a file of research data by its name, such
// as umsab_spanish_val.tsv; "" when the name does not say.
func LangOfFile(path string) string {
	for _, part := range strings.FieldsFunc(strings.ToLower(filepath.Base(path)), func(c rune) bool { return c == '_' || c == '.' || c == '-' }) {
		for l, name := range languageNames {
			if l > 0 && part == name {
				return languageCodes[l]
			}
		}
	}
	return ""
}
