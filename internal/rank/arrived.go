package rank

import "slices"

// arrivedRows are rows in the order in which the store gives them, in blocks:
// how many there will be is not known, and one growing column would be copied
// again and again.
type arrivedRows struct {
	langs  interner
	blocks []*rows
}

const blockRows = 1 << 15

func (a *arrivedRows) add(r Row) error {
	lang := a.langs.number(r.Lang)
	if len(a.blocks) == 0 {
		a.begin()
	}
	last := a.blocks[len(a.blocks)-1]
	if n := len(last.day); n >= blockRows && (last.day[n-1] < r.Day || last.day[n-1] == r.Day && last.account[n-1] != int32(r.Account)) {
		a.begin() // an account's day is in one block
		last = a.blocks[len(a.blocks)-1]
	}
	return last.add(&r, lang)
}

func (a *arrivedRows) begin() {
	block := &rows{}
	for _, c := range block.columns() {
		c.grow(blockRows + 64) // a few languages more
	}
	a.blocks = append(a.blocks, block)
}

// joined gives all rows as one, and forgets them.
func (a *arrivedRows) joined() (all rows) {
	a.blocks = slices.DeleteFunc(a.blocks, func(b *rows) bool { return len(b.day) == 0 })
	parts := make([][]column, len(a.blocks))
	for i, b := range a.blocks {
		parts[i] = b.columns()
	}
	joinAll(all.columns(), parts)
	a.blocks = nil
	return all
}
