package match

import "strings"

// String prints the query in its canonical form: operators written out, no
// bracket more than needed. Parsing it gives the same query, unless writing the
// operators out made it longer than MaxQuery.
func (q *Query) String() string {
	var b strings.Builder
	q.root.print(&b)
	return b.String()
}
