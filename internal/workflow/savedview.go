package workflow

import (
	"time"
	"unicode/utf8"

	"adalid"
)

// SavedView is a question for a list under a name.
type SavedView struct {
	ID      string
	Name    string            // unique among those shared, and among one's own, without regard to case
	Query   map[string]string // as the address of the list has it
	Shared  bool              // with everybody who sees the brand; else only By sees it
	By      Actor
	Created time.Time
	Updated time.Time
}

// Bounds of the question of a saved view.
const (
	mostParameters = 40
	longestKey     = 40
	longestValue   = 2000 // characters, as those of a filter expression
)

// Check gives a view as it is kept; Invalid when its name cannot be read or its
// question is too long. Which parameters there are is the list's to know.
func (v SavedView) Check() (SavedView, error) {
	name, err := checkText("the name of a view", v.Name, LongestViewName, false)
	if err != nil {
		return v, err
	}
	v.Name = name
	if len(v.Query) > mostParameters {
		return v, adalid.Errorf(adalid.Invalid, "a view has at most %d parameters", mostParameters)
	}
	for key, value := range v.Query {
		if len(key) > longestKey || utf8.RuneCountInString(value) > longestValue || !readable(key, false) || !readable(value, true) {
			return v, adalid.Errorf(adalid.Invalid, "a parameter of the view is too long or cannot be read")
		}
	}
	return v, nil
}
