package file

import (
	"strings"
	"unicode"
)

// ExportMark is the column by which a table is known as one that this product
// wrote: its cells are escaped as Escape does, an empty cell is unknown, and
// every quote in it is where it belongs.
const ExportMark = "adalid_export"

// triggers are what makes a spreadsheet take a cell for a formula or a command,
// in all the widths in which it can be written.
const triggers = "=+-@＝＋－＠﹦﹢﹣﹫−"

// quotes are what a spreadsheet, or whoever prepares a table for one, may take
// away from the beginning of a cell.
const quotes = "'\"`´‘’‚‛“”„‟«»‹›＇＂"

// risky tells whether a spreadsheet could take a text for a formula: its first
// character besides spaces, quotes and what cannot be seen is one of triggers,
// or before that there is a tab or the end of a line.
func risky(text string) bool {
	for _, r := range text {
		switch {
		case r == '\t' || r == '\r' || r == '\n':
			return true
		case strings.ContainsRune(quotes, r) || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			return strings.ContainsRune(triggers, r)
		}
	}
	return false
}

// Escape gives a text as it may stand in a cell of a table that people open in
// spreadsheets: with an apostrophe before what would be taken for a formula.
// Unescape gives back any text that Escape was given.
func Escape(text string) string {
	if risky(text) {
		return "'" + text
	}
	return text
}

// Unescape takes back what Escape did. Of a text that Escape did not give it can
// take an apostrophe that belongs to it, so it is for tables with ExportMark.
func Unescape(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && risky(rest) {
		return rest
	}
	return cell
}
