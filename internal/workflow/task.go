package workflow

import (
	"cmp"
	"time"

	"adalid"
)

// Task is something to do about somebody.
type Task struct {
	ID       string // a number; later ones are greater
	Person   string // id
	Text     string
	Due      time.Time  // midnight UTC of a day; zero: none
	Assignee *Colleague // nil: nobody
	DoneAt   time.Time  // zero: open
	DoneBy   Actor
	By       Actor
	At       time.Time
}

// NewTask says what is to be done.
type NewTask struct {
	Text     string
	Due      time.Time // its day counts; zero: none
	Assignee string    // id of a user; "" nobody
}

// TaskPatch says what to change of a task; nil stays.
type TaskPatch struct {
	Text     *string
	Due      *time.Time // zero: none
	Assignee *string    // "" nobody
	Done     *bool
}

// CheckTask gives the text of a task as it is kept; Invalid when it is empty, too
// long or cannot be read.
func CheckTask(text string) (string, error) { return checkText("a task", text, LongestTask, true) }

// Day gives midnight UTC of a time's day, zero for zero.
func Day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(24 * time.Hour)
}

// OpenFirst compares tasks: open ones before done ones, then those first that are
// due first, those without a day last, then the older first.
func OpenFirst(a, b Task) int {
	return cmp.Or(
		cmp.Compare(one(!a.DoneAt.IsZero()), one(!b.DoneAt.IsZero())),
		cmp.Compare(one(a.Due.IsZero()), one(b.Due.IsZero())), a.Due.Compare(b.Due),
		cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID),
	)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TaskPage is a page of a brand's tasks.
type TaskPage struct {
	Items  []Task
	Total  int                        // of all pages
	Next   string                     // After of the next; "" on the last
	People map[string][]adalid.Author // accounts of whom they are about, by id
}

// TaskQuery asks for tasks of a brand, in the order of OpenFirst.
type TaskQuery struct {
	Done     bool   // done ones instead of open ones
	Assignee string // id of a user; "" everybody's
	After    string // where the page before ended; "" the first
	Limit    int    // at least 1
}
