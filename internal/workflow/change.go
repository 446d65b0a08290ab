package workflow

import (
	"strings"
	"time"

	"adalid"
)

// Kind says what a change is a change of.
type Kind string

// The kinds.
const (
	OfStatus       Kind = "status"
	OfOwner        Kind = "owner"         // Value is the user's id, Text the name then
	OfNote         Kind = "note"          // Item is the note; its texts go from the history when it is removed
	OfTag          Kind = "tag"           // Item is the tag as it is compared
	OfTask         Kind = "task"          // Item is the task; as with notes
	OfTaskDue      Kind = "task_due"      // Value is a date
	OfTaskAssignee Kind = "task_assignee" // as OfOwner
	OfTaskDone     Kind = "task_done"     // Value is open or done
	OfIdentity     Kind = "identity"      // Item is the other account, Value accepted or rejected
	OfCircle       Kind = "circle"        // Value is the role, or none
	OfAuthenticity Kind = "authenticity"  // Value is genuine or automated
	OfNotice       Kind = "notice"        // Value is the channel, Text the time
)

// Value is what something was, or is from then on.
type Value struct {
	Value  string `json:"value"`
	Reason string `json:"reason,omitempty"` // of a status
	Text   string `json:"text,omitempty"`
}

// Change is an entry of a person's history.
type Change struct {
	N        int64 // rises with time
	At       time.Time
	By       Actor
	Kind     Kind
	Item     string // "" where the kind has none
	From, To *Value // nil: there was nothing; there is nothing any more
	Batch    string // of which it is part; "" none
	Undo     bool   // it takes back what the batch did
}

// Value gives a stage as the history has it.
func (s Stage) Value() *Value {
	return &Value{Value: string(s.Status), Reason: string(s.Reason), Text: s.Text}
}

// Value gives an owner as the history has it, nil for nobody.
func (c *Colleague) Value() *Value {
	if c == nil {
		return nil
	}
	return &Value{Value: c.ID, Text: c.Name}
}

// Order says what to change of many people at once.
type Order struct {
	People            []string // ids; each is changed once
	Stage             *Stage   // nil: as it is
	AddTags, DropTags []string
	Owner             *string // id of a user, "" for nobody; nil: as it is
}

// Check gives an order as it is carried out; Invalid when it changes nothing, or
// names too many or nobody.
func (o Order) Check() (Order, error) {
	switch {
	case len(o.People) == 0:
		return o, adalid.Errorf(adalid.Invalid, "say whom to change")
	case len(o.People) > MostInBatch:
		return o, adalid.Errorf(adalid.Invalid, "at most %d people can be changed at once", MostInBatch)
	case o.Stage == nil && o.Owner == nil && len(o.AddTags)+len(o.DropTags) == 0:
		return o, adalid.Errorf(adalid.Invalid, "say what to change: a status, tags or an owner")
	}
	if o.Stage != nil {
		stage, err := o.Stage.Check()
		if err != nil {
			return o, err
		}
		o.Stage = &stage
	}
	var err error
	if o.AddTags, o.DropTags, err = CheckTags(o.AddTags, o.DropTags); err != nil {
		return o, err
	}
	return o, nil
}

// CheckTags gives tags to add and to drop as they are kept, each once; Invalid when
// one is no tag, or is to be added and dropped.
func CheckTags(add, drop []string) (adds, drops []string, err error) {
	seen := map[string]bool{}
	for i, list := range [...][]string{add, drop} {
		for _, name := range list {
			if name, err = CheckTag(name); err != nil {
				return nil, nil, err
			}
			which, known := seen[FoldTag(name)]
			switch {
			case known && which != (i == 0):
				return nil, nil, adalid.Errorf(adalid.Invalid, "a tag is to be added and taken away")
			case known:
				continue
			case i == 0:
				adds = append(adds, name)
			default:
				drops = append(drops, name)
			}
			seen[FoldTag(name)] = i == 0
		}
	}
	if len(adds) > MostTags {
		return nil, nil, tooManyTags()
	}
	return adds, drops, nil
}

func tooManyTags() error {
	return adalid.Errorf(adalid.Invalid, "a person has at most %d tags", MostTags)
}

// CheckTagCount refuses more tags than a person may have.
func CheckTagCount(n int) error {
	if n > MostTags {
		return tooManyTags()
	}
	return nil
}

// Batch says what an order did. The four counts sum to the people it named.
type Batch struct {
	ID        string
	Changed   int
	Unchanged int // they were like that already
	Refused   int // they would have too many tags; nothing of them was changed
	Unknown   int // nobody has the id
	At        time.Time
	Until     time.Time // until then it can be taken back
}

// Undone says what taking a batch back did, in people.
type Undone struct {
	Restored int // everything that the batch changed of them is as before
	Kept     int // something of them stays, because it was changed since
}

// MayUndo refuses to take a batch back: Conflict when it was taken back before or
// is too old, Forbidden for who did not make it and does not manage the brand.
func (b Batch) MayUndo(a About, made Actor, undone bool, now time.Time) error {
	switch {
	case made.Mark != a.By.Mark && !a.Manages:
		return adalid.Errorf(adalid.Forbidden, "who made this change, and who manages the brand, can take it back")
	case undone:
		return adalid.Errorf(adalid.Conflict, "this change was taken back already")
	case now.After(b.At.Add(UndoWithin)):
		return adalid.Errorf(adalid.Conflict, "a change of many people can be taken back for %d hours", UndoWithin/time.Hour)
	}
	return nil
}

// MayEdit refuses to change or remove what somebody else wrote.
func (a About) MayEdit(wrote Actor) error {
	if a.Manages || strings.EqualFold(wrote.Mark, a.By.Mark) {
		return nil
	}
	return adalid.Errorf(adalid.Forbidden, "this is somebody else's; who wrote it and who manages the brand can change it")
}
