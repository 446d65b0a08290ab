package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/rank"
)

// Circle keeps what a team decides about people. Unknown people are NotFound.
type Circle interface {
	// Circle lists who is suggested for the brand's circle and about whom the
	// team decided.
	Circle(ctx context.Context, brand string) ([]rank.CircleMember, error)
	// DecideRole records a person's role in the circle, "" for none of it; nil
	// takes it back.
	DecideRole(ctx context.Context, brand, person string, role *string, by string) error
	// DecideGenuine records whether a person is genuine; nil takes it back.
	DecideGenuine(ctx context.Context, brand, person string, genuine *bool, by string) error
}

// CircleList is a brand's circle.
type CircleList struct {
	Brand string         `json:"brand"`
	Demo  bool           `json:"demo" doc:"Invented people."`
	Items []CircleMember `json:"items" nullable:"false" doc:"Undecided people first, the likeliest first."`
}

// CircleMember is somebody who is suggested for the circle or was decided about.
type CircleMember struct {
	ID          string       `json:"id" doc:"As in the ranking."`
	Accounts    []Account    `json:"accounts" nullable:"false"`
	Status      string       `json:"status" enum:"suggested,confirmed,dismissed"`
	Role        *string      `json:"role" enum:"staff,agency,reseller,paid-partner" doc:"Confirmed; null for others."`
	DecidedAt   *time.Time   `json:"decided_at"`
	Suggestions []Suggestion `json:"suggestions" nullable:"false" doc:"Roles that the evidence speaks for, the likeliest first. A suggestion moves nobody but an account that is called as the brand: with brand-account among the reasons, from 0.7 on, the default list leaves it out until a team decides."`
}

// Suggestion is a role that somebody probably has.
type Suggestion struct {
	Role        string   `json:"role" enum:"staff,agency,reseller,paid-partner"`
	Probability float64  `json:"probability"`
	Reasons     []Reason `json:"reasons" nullable:"false"`
}

// NewRole is a team's word on somebody and the circle.
type NewRole struct {
	Role string `json:"role" enum:"staff,agency,reseller,paid-partner,none" doc:"none: in none of it, so the suggestion is dismissed."`
}

// NewVerdict is a team's word on an account.
type NewVerdict struct {
	Verdict string `json:"verdict" enum:"genuine,automated"`
}

type (
	circleAnswer struct{ Body CircleList }

	// DecidedPath is the address of somebody who is decided about.
	DecidedPath struct {
		BrandPath
		ID string `path:"id" maxLength:"200"`
	}
	newRoleInput struct {
		DecidedPath
		Body NewRole
	}
	newVerdictInput struct {
		DecidedPath
		Body NewVerdict
	}
)

func (s *server) registerCircle(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/circle", "list-circle", "Who belongs to the brand's circle, or probably does"), s.listCircle)
	const member = "/brands/{brand}/circle/{id}"
	register(a, described(op(http.MethodPut, member, "decide-circle", "Confirm somebody's role in the circle, or dismiss the suggestion"),
		"Whom a team confirms is left out of the default ranking. A later decision replaces an earlier one."), s.setRole)
	register(a, described(op(http.MethodDelete, member, "undo-circle", "Take a decision about the circle back"),
		"The suggestion, if there is one, stands again."), s.removeRole)
	const verdict = "/brands/{brand}/advocates/{id}/authenticity"
	register(a, described(op(http.MethodPut, verdict, "decide-authenticity", "Say that somebody is genuine, or automated"),
		"A team's word wins over every rule, also that on repetition."), s.setVerdict)
	register(a, described(op(http.MethodDelete, verdict, "undo-authenticity", "Take that word back"),
		"The rules count again."), s.removeVerdict)
}

func (s *server) listCircle(ctx context.Context, in *BrandPath) (*circleAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	members, err := s.Circle.Circle(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	return &circleAnswer{CircleList{b.Name, b.Demo, WireCircle(members)}}, nil
}

// WireCircle gives the circle as the API shows it; the terminal answers the same
// with --json.
func WireCircle(members []rank.CircleMember) []CircleMember {
	out := make([]CircleMember, len(members))
	for i, m := range members {
		out[i] = CircleMember{
			ID: m.Person.ID, Accounts: wireAccounts(m.Person.Accounts), Status: "suggested", DecidedAt: known(m.At),
			Suggestions: make([]Suggestion, len(m.Suggestions)),
		}
		switch {
		case m.Role != nil && *m.Role == "":
			out[i].Status = "dismissed"
		case m.Role != nil:
			out[i].Status, out[i].Role = "confirmed", m.Role
		}
		for j, g := range m.Suggestions {
			out[i].Suggestions[j] = Suggestion{g.Role, g.Probability, wireReasons(g.Reasons)}
		}
	}
	return out
}

func (s *server) setRole(ctx context.Context, in *newRoleInput) (*empty, error) {
	role := in.Body.Role
	if role == "none" {
		role = ""
	}
	return s.decideRole(ctx, in.DecidedPath, &role)
}

func (s *server) removeRole(ctx context.Context, in *DecidedPath) (*empty, error) {
	return s.decideRole(ctx, *in, nil)
}

func (s *server) decideRole(ctx context.Context, in DecidedPath, role *string) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return nil, s.Circle.DecideRole(ctx, b.Name, in.ID, role, account.From(ctx).Mark())
}

func (s *server) setVerdict(ctx context.Context, in *newVerdictInput) (*empty, error) {
	genuine := in.Body.Verdict == "genuine"
	return s.decideGenuine(ctx, in.DecidedPath, &genuine)
}

func (s *server) removeVerdict(ctx context.Context, in *DecidedPath) (*empty, error) {
	return s.decideGenuine(ctx, *in, nil)
}

func (s *server) decideGenuine(ctx context.Context, in DecidedPath, genuine *bool) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return nil, s.Circle.DecideGenuine(ctx, b.Name, in.ID, genuine, account.From(ctx).Mark())
}
