package rank

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"adalid"
)

// From these chances of being automated on, a person keeps a badge and is left
// out of the default list.
const (
	AutomatedBadge = 0.30
	AutomatedOut   = 0.80
)

// OrganisationBadge is the chance from which on an account counts as that of an
// organisation.
const OrganisationBadge = 0.5

// An account that counts as an organisation is left out of the default list where
// one of NameClues speaks for it, else from this chance on: what bios alone suggest is
// a person as often as not just above the badge (docs/authenticity.md).
const OrganisationOut = 0.80

// NameClues are the rules by which an account is called as organisations are.
var NameClues = [...]string{"body-name", "trade-name", "hint-name", "place-name", "site-name", "legal-name", "acronym"}

// Who is suggested for the circle with OwnClue among the reasons is taken for the
// brand's own account from this chance on, and left out of the default list until
// the team decides.
const (
	OwnOut  = 0.70
	OwnClue = "brand-account"
)

// A repeater has at least so many own posts, so large a share of which repeat
// an earlier one of the same account, over all history up to the window's end.
const (
	RepeaterPosts = 5
	repeaterTenth = 6 // of ten
)

// Standings tells what is known of accounts beside their posts about a brand.
type Standings interface {
	// AccountStandings yields every account that was judged or that the team
	// decided something about, in any order.
	AccountStandings(ctx context.Context, brand string, yield func(Standing) error) error
}

// Standing is what is known of one account.
type Standing struct {
	Account      int64 // Account.ID
	Judged       bool  // the rules looked at it; else the next two say nothing
	Automated    float64
	Organisation float64
	Said
	Genuine *bool   // the team's word, which wins over the rules; nil: none
	Role    *string // in the brand's circle, by the team's word; "": in none; nil: not decided
}

// Said is what the rules have to say of an account, as far as it is shown.
type Said struct {
	Automated    []Clue       `json:"automated,omitempty"` // from AutomatedBadge on
	Organisation []Clue       `json:"organisation,omitempty"`
	Circle       []Suggestion `json:"circle,omitempty"` // likeliest first
}

// Empty tells that there is nothing to say.
func (s Said) Empty() bool { return len(s.Automated)+len(s.Organisation)+len(s.Circle) == 0 }

// Clue is one rule that holds for an account: its stable name, what it adds to
// the log-odds, and the numbers that its sentence names.
type Clue struct {
	Code   string  `json:"code"`
	Weight float64 `json:"weight"`
	Values []int64 `json:"values"`
}

// Suggestion is a role in the brand's circle that an account probably has.
type Suggestion struct {
	Role        string  `json:"role"`
	Probability float64 `json:"probability"`
	Reasons     []Clue  `json:"reasons"`
}

// FlagCode names what a badge says.
type FlagCode string

// The badges, in the order in which they are shown.
const (
	FlagCircle       FlagCode = "circle"       // of the brand's circle, or suggested to be
	FlagAutomated    FlagCode = "automated"    // likely automated or otherwise not genuine
	FlagRepeater     FlagCode = "repeater"     // says the same again and again
	FlagOrganisation FlagCode = "organisation" // speaks for an organisation
	FlagGenuine      FlagCode = "genuine"      // the team vouches for it
)

// Flag is a badge of a listed person.
type Flag struct {
	Code        FlagCode
	Probability *float64 // nil where it is no guess
	Role        string   // of FlagCircle
	Team        bool     // the team said so
	Reasons     []Clue   // none where the team said so
}

// Include says who is listed although the default list leaves them out.
type Include struct{ Automated, Repeaters, Circle, Organisations, Unfit bool }

// includes are the words of an Include.
var includes = [...]string{"automated", "repeaters", "circle", "organisations", unfitStatus}

func (i *Include) fields() [len(includes)]*bool {
	return [...]*bool{&i.Automated, &i.Repeaters, &i.Circle, &i.Organisations, &i.Unfit}
}

// ParseInclude reads automated, repeaters, circle, organisations and not_a_fit,
// separated by commas; an adalid.Error with code Invalid for anything else.
func ParseInclude(list string) (Include, error) {
	var out Include
	if list == "" {
		return out, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		i := slices.Index(includes[:], strings.TrimSpace(word))
		if i < 0 {
			return Include{}, adalid.Errorf(adalid.Invalid, "include takes %s, separated by commas", strings.Join(includes[:], ", "))
		}
		*out.fields()[i] = true
	}
	return out, nil
}

// String is what ParseInclude reads.
func (i Include) String() string {
	var words []string
	for n, on := range i.fields() {
		if *on {
			words = append(words, includes[n])
		}
	}
	return strings.Join(words, ",")
}

// standing is Standings by the numbers of an index.
type standing struct {
	version   int64
	of        *index
	automated []float32          // by person: the likeliest of the accounts, −1 unknown
	circle    []bool             // by person: by the team's word, or surely the brand's own without one
	vouched   []bool             // by person: genuine by the team's word, which nothing that is guessed leaves out
	company   []bool             // by person: has an account that is surely an organisation's
	own       map[int32]bool     // by person: has an account that is surely the brand's own
	decided   map[int32]bool     // by person: the team said whether of the circle
	said      map[int32]Standing // by account, where there is something to say
	size      int64              // bytes of all this
}

// standing gives the standings of an index, read anew where they changed.
func (r *Ranker) standing(ctx context.Context, brand string, x *index, version int64) (*standing, error) {
	x.mu.Lock()
	known := x.standing
	x.mu.Unlock()
	if known != nil && known.version == version {
		return known, nil
	}
	s := &standing{
		version: version, of: x, automated: make([]float32, x.people.len()), circle: make([]bool, x.people.len()),
		vouched: make([]bool, x.people.len()), company: make([]bool, x.people.len()), said: map[int32]Standing{},
		own: map[int32]bool{}, decided: map[int32]bool{},
	}
	judged := make([]float32, len(x.accounts))
	for i := range judged {
		judged[i] = -1
	}
	if r.standings != nil {
		err := r.standings.AccountStandings(ctx, brand, func(st Standing) error {
			s.add(st, judged)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("standing of accounts: %w", err)
		}
	}
	for person := range s.own {
		s.circle[person] = s.circle[person] || !s.decided[person]
	}
	for person := range x.people.len() {
		s.automated[person] = s.likeliest(int32(person), judged)
	}
	s.size = s.bytes()
	x.mu.Lock()
	x.standing = s
	x.mu.Unlock()
	return s, nil
}

func (s *standing) add(st Standing, judged []float32) {
	a := s.of.accountOf(st.Account)
	if a < 0 {
		return
	}
	person := s.of.accounts[a].person
	if st.Judged {
		judged[a] = float32(st.Automated)
		s.company[person] = s.company[person] || st.surelyCompany()
	}
	if st.Genuine != nil {
		judged[a] = 1
		if *st.Genuine {
			judged[a] = 0
			s.vouched[person] = true
		}
	}
	if st.Role != nil {
		s.decided[person] = true
		s.circle[person] = s.circle[person] || *st.Role != ""
	}
	if st.surelyOwn() != nil {
		s.own[person] = true
	}
	if len(st.flags()) > 0 {
		s.said[a] = st
	}
}

// surelyOwn is why the rules take the account for the brand's own; nil: they do not.
func (st *Standing) surelyOwn() *Suggestion {
	i := slices.IndexFunc(st.Circle, func(c Suggestion) bool {
		return c.Probability >= OwnOut && slices.ContainsFunc(c.Reasons, func(r Clue) bool { return r.Code == OwnClue })
	})
	if i < 0 {
		return nil
	}
	return &st.Circle[i]
}

// surelyCompany tells whether the rules are sure enough that an account is an
// organisation's to leave it out.
func (st *Standing) surelyCompany() bool {
	named := slices.ContainsFunc(st.Said.Organisation, func(r Clue) bool { return slices.Contains(NameClues[:], r.Code) })
	return st.Organisation >= OrganisationOut || named && st.Organisation >= OrganisationBadge
}

// likeliest is the greatest chance of a person's accounts; −1 where one that is
// not judged keeps it from being known.
func (s *standing) likeliest(person int32, judged []float32) float32 {
	most, unknown := float32(0), false
	for _, a := range s.of.personHas[s.of.personStart[person]:s.of.personStart[person+1]] {
		most, unknown = max(most, judged[a]), unknown || judged[a] < 0
	}
	if unknown && most < AutomatedBadge {
		return -1
	}
	return most
}

// automatedOut tells whether a person is taken for automated; not known is no.
func (s *standing) automatedOut(person int32) bool { return s.automated[person] >= AutomatedOut }

// flags gives a candidate's badges.
func (w *window) flags(i int32) []Flag {
	person, s := w.people[i], w.standing
	x := w.index
	var list []Flag
	for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
		st, ok := s.said[a]
		if !ok {
			continue
		}
		list = append(list, st.flags()...)
	}
	if r := w.repeats(person); r.repeater() {
		share := int64(math.Round(100 * float64(r.copies) / float64(r.posts)))
		list = append(list, Flag{Code: FlagRepeater, Reasons: []Clue{{Code: "repeater", Values: []int64{share, r.posts}}}})
	}
	return oneEach(list)
}

// flags gives the badges of one account.
func (st *Standing) flags() (list []Flag) {
	switch {
	case st.Role != nil && *st.Role != "":
		list = append(list, Flag{Code: FlagCircle, Role: *st.Role, Team: true})
	case st.Role == nil && len(st.Circle) > 0:
		c := &st.Circle[0]
		if own := st.surelyOwn(); own != nil {
			c = own // why the default list leaves it out
		}
		list = append(list, Flag{Code: FlagCircle, Role: c.Role, Probability: &c.Probability, Reasons: c.Reasons})
	}
	switch {
	case st.Genuine != nil && *st.Genuine:
		list = append(list, Flag{Code: FlagGenuine, Team: true})
	case st.Genuine != nil:
		list = append(list, Flag{Code: FlagAutomated, Team: true})
	case st.Judged && st.Automated >= AutomatedBadge:
		p := st.Automated
		list = append(list, Flag{Code: FlagAutomated, Probability: &p, Reasons: st.Said.Automated})
	}
	if st.Judged && st.Organisation >= OrganisationBadge {
		p := st.Organisation
		list = append(list, Flag{Code: FlagOrganisation, Probability: &p, Reasons: st.Said.Organisation})
	}
	return list
}

// oneEach keeps of every kind of badge the one that says most: the team's word,
// else the likeliest.
func oneEach(list []Flag) []Flag {
	order := [...]FlagCode{FlagCircle, FlagAutomated, FlagRepeater, FlagOrganisation, FlagGenuine}
	rank := func(f Flag) (float64, float64) {
		team, p := 0.0, 0.0
		if f.Team {
			team = 1
		}
		if f.Probability != nil {
			p = *f.Probability
		}
		return team, p
	}
	slices.SortStableFunc(list, func(a, b Flag) int {
		aTeam, aP := rank(a)
		bTeam, bP := rank(b)
		return cmp.Or(cmp.Compare(slices.Index(order[:], a.Code), slices.Index(order[:], b.Code)), cmp.Compare(bTeam, aTeam), cmp.Compare(bP, aP))
	})
	return slices.CompactFunc(list, func(a, b Flag) bool { return a.Code == b.Code })
}

// withStanding gives a window of its own with what is known of its people now;
// windows are remembered without.
func (r *Ranker) withStanding(ctx context.Context, brand string, w *window, state State) (*window, error) {
	s, err := r.standing(ctx, brand, w.index, state.Standing)
	if err != nil {
		return nil, err
	}
	p, err := r.pipeline(ctx, brand, w.index, state)
	if err != nil {
		return nil, err
	}
	own := *w
	own.standing, own.pipeline = s, p
	return &own, nil
}
