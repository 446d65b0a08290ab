package rank

import (
	"strings"
	"time"
	"unicode"

	"adalid"
)

// Saved is a filter expression that a team keeps under a name. Its members are
// whoever meets it when it is asked.
type Saved struct {
	Name             string // unique per brand, compared without regard to case
	Where            string // see ParseWhere
	Created, Updated time.Time
}

// mostName is how many characters a segment's name may have.
const mostName = 100

// Check refuses, as Invalid, a name that could not be addressed or read and an
// expression that is empty or cannot be read. Spaces around the name do not
// count.
func (s Saved) Check() error {
	name := strings.TrimSpace(s.Name)
	switch {
	case name == "":
		return adalid.Errorf(adalid.Invalid, "a segment needs a name")
	case strings.Trim(name, ".") == "" && len(name) <= 2:
		return adalid.Errorf(adalid.Invalid, "a segment's name cannot be only dots: browsers remove them from addresses")
	case strings.ToValidUTF8(name, "") != name || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return adalid.Errorf(adalid.Invalid, "a segment's name cannot hold line breaks or characters that are not visible")
	case len([]rune(name)) > mostName:
		return adalid.Errorf(adalid.Invalid, "a segment's name has at most %d characters", mostName)
	case strings.TrimSpace(s.Where) == "":
		return adalid.Errorf(adalid.Invalid, "a segment needs a filter expression, such as score >= 60 and followers < 5000")
	}
	_, err := ParseWhere(s.Where)
	return err
}
