//go:build race

package store

// raced says that the race detector is on: SQLite in Go is ten times slower
// under it, and it looks for races, not for wrong sums.
const raced = true
