package main

import "strings"

// counted says how many there are of something: "1 person", "2,000 own accounts".
func counted[N int | int64](n N, what string) string {
	return group(int64(n)) + " " + plural(n, what)
}

// plural is the word for so many of something, whose name ends in its noun.
func plural[N int | int64](n N, what string) string {
	if n == 1 {
		return what
	}
	if before, is := strings.CutSuffix(what, "person"); is {
		return before + "people"
	}
	if before, is := strings.CutSuffix(what, "ity"); is {
		return before + "ities"
	}
	return what + "s"
}
