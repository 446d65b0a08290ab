package workflow

import (
	"slices"
	"strings"

	"adalid"
)

// Status is where somebody stands on the way to an ambassador. Any may follow any
// other.
type Status string

// The statuses.
const (
	Candidate      Status = "candidate" // of whom nothing was decided
	Shortlisted    Status = "shortlisted"
	Contacted      Status = "contacted"
	InConversation Status = "in_conversation"
	Ambassador     Status = "ambassador"
	Paused         Status = "paused"
	NotAFit        Status = "not_a_fit" // left out of lists unless asked for
)

// Statuses lists them in order.
func Statuses() []Status {
	return []Status{Candidate, Shortlisted, Contacted, InConversation, Ambassador, Paused, NotAFit}
}

// Reason says why somebody is not a fit.
type Reason string

// The reasons.
const (
	OnOurTeam  Reason = "on_our_team"
	NotAboutUs Reason = "not_about_us"
	Automated  Reason = "automated"
	Other      Reason = "other"
)

// Reasons lists them in order.
func Reasons() []Reason { return []Reason{OnOurTeam, NotAboutUs, Automated, Other} }

// Stage is a status with the reason that belongs to NotAFit.
type Stage struct {
	Status Status
	Reason Reason // "" for other statuses
	Text   string // in the team's own words; "" none
}

// Check gives a stage as it is kept; Invalid when the status or the reason does not
// exist, and when a reason is missing or given to a status that has none.
func (s Stage) Check() (Stage, error) {
	s.Text = strings.TrimSpace(s.Text)
	switch {
	case !slices.Contains(Statuses(), s.Status):
		return s, adalid.Errorf(adalid.Invalid, "a status is one of %s", joined(Statuses()))
	case s.Status != NotAFit && (s.Reason != "" || s.Text != ""):
		return s, adalid.Errorf(adalid.Invalid, "only %s has a reason", NotAFit)
	case s.Status != NotAFit:
		return s, nil
	case !slices.Contains(Reasons(), s.Reason):
		return s, adalid.Errorf(adalid.Invalid, "say why it is not a fit: %s", joined(Reasons()))
	case s.Text == "":
		return s, nil
	}
	var err error
	s.Text, err = checkText("a reason", s.Text, LongestReason, true)
	return s, err
}

func joined[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return strings.Join(texts, ", ")
}
