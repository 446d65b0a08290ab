// Package demo invents worlds from a seed: one believable enough to show what
// a ranking looks like, and files of any size to measure with.
package demo

// Brand is the invented brand's name, Rival that of its invented competitor.
const (
	Brand = "Tostalba"
	Rival = "Molinegro"
)
