// Package adalid is the vocabulary of a service that finds a brand's true
// advocates in social media.
package adalid

import (
	"strings"
	"time"
	"unicode"
)

// Brand is one name that a team follows.
type Brand struct {
	Name    string       // unique, as the team writes it; compared without regard to case
	Query   string       // in the query language of internal/match; "" matches only what is imported as a whole
	Own     []OwnAccount // accounts of the brand and its staff: kept, marked, never candidates
	Rivals  []string     // names of stored brands that compete with it, in order
	Demo    bool         // invented people from internal/demo
	Created time.Time
}

// OwnAccount names an account of the brand itself or of its staff, by handle
// or by author key; one of the two is set.
type OwnAccount struct {
	Platform Platform // "" on every platform
	Handle   string   // lower case, without @
	Key      string   // Author.Key
}

// maxBrandName is how many characters a brand's name may have.
const maxBrandName = 200

// CheckBrandName refuses, as Invalid, names that could not be addressed or read.
// Spaces around a name do not count.
func CheckBrandName(name string) error {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return Errorf(Invalid, "a brand needs a name")
	case strings.Trim(name, ".") == "" && len(name) <= 2:
		return Errorf(Invalid, "a brand's name cannot be only dots: browsers remove them from addresses")
	case strings.ToValidUTF8(name, "") != name:
		return Errorf(Invalid, "a brand's name has to be UTF-8")
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return Errorf(Invalid, "a brand's name cannot hold line breaks, control characters or others that are not visible")
	}
	if n := len([]rune(name)); n > maxBrandName {
		return Errorf(Invalid, "a brand's name has at most %d characters, not %d", maxBrandName, n)
	}
	return nil
}
