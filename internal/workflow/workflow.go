// Package workflow says what a team keeps of the people of a ranking: where each
// stands on the way to an ambassador, who looks after them, notes, tags, tasks and
// saved views, and what a change of these is.
package workflow

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adalid"
)

// Bounds of what a team keeps. Lengths are characters.
const (
	LongestNote     = 4000
	LongestReason   = 500
	LongestTask     = 500
	LongestTag      = 40
	LongestViewName = 100
	MostTags        = 20   // of a person
	MostNotes       = 1000 // of a person
	MostTasks       = 1000 // of a person, done ones included
	MostSavedViews  = 200  // that a brand shares, and as many that somebody keeps for themselves
	MostInBatch     = 500  // people
)

// UndoWithin is how long a batch can be taken back.
const UndoWithin = 24 * time.Hour

// Actor is who changes something.
type Actor struct {
	Mark string // person:ID, key:ID, local; see account.Actor.Mark
	Name string // as colleagues see it
}

// Local is who has no account: the command line, and whoever sits at a computer
// that serves only itself.
func Local() Actor { return Actor{"local", "local"} }

// User gives the id of the account, "" for those who are no signed-in person.
func (a Actor) User() string {
	id, ok := strings.CutPrefix(a.Mark, "person:")
	if !ok {
		return ""
	}
	return id
}

// About says whom a change is about, and who makes it.
type About struct {
	Brand, Person string
	By            Actor
	Manages       bool // By may change what others wrote
}

// Colleague is somebody with an account who sees a brand.
type Colleague struct{ ID, Name string }

// Person is what the team keeps of somebody.
type Person struct {
	ID    string
	Stage Stage
	Since time.Time // of the stage; zero: nothing was ever decided
	By    Actor     // who decided it
	Owner *Colleague
	Tags  []string // by name, without regard to case
	Notes []Note   // newest first
	Tasks []Task   // as OpenFirst sorts them
}

// Note is a remark on somebody, in plain text.
type Note struct {
	ID        string
	Text      string
	By        Actor
	At        time.Time
	ChangedBy Actor     // of the last change
	ChangedAt time.Time // zero: never
}

// CheckNote gives a note's text as it is kept; Invalid when it is empty, too long
// or cannot be read.
func CheckNote(text string) (string, error) { return checkText("a note", text, LongestNote, true) }

// checkText refuses what is empty, longer than most, or not readable.
func checkText(what, text string, most int, lines bool) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return "", adalid.Errorf(adalid.Invalid, "%s needs a text", what)
	case utf8.RuneCountInString(text) > most:
		return "", adalid.Errorf(adalid.Invalid, "%s has at most %d characters", what, most)
	case !readable(text, lines):
		return "", adalid.Errorf(adalid.Invalid, "%s cannot hold characters that are not visible", what)
	}
	return text, nil
}

// readable tells whether a text holds nothing that is not seen, but for joiners of
// letters and, in several lines, ends of lines and tabs.
func readable(text string, lines bool) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		switch {
		case r == '\n' || r == '\t':
			return !lines
		case r == '\u200d' || r == '\u200c': // emoji, and scripts that need them
			return false
		}
		return !unicode.IsGraphic(r)
	})
}

// CheckTag gives a tag as it is kept, Invalid when it cannot be one: 1 to 40
// characters on one line without comma and quotation mark, which separate tags in
// questions.
func CheckTag(name string) (string, error) {
	name, err := checkText("a tag", name, LongestTag, false)
	if err == nil && strings.ContainsAny(name, `,"`) {
		err = adalid.Errorf(adalid.Invalid, "a tag cannot hold commas or quotation marks")
	}
	return name, err
}

// FoldTag gives the form in which tags are compared.
func FoldTag(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// TagCount is a tag with how many people have it.
type TagCount struct {
	Name   string
	People int
}
