package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/identity"
)

// Identities suggests which accounts are one person's, and keeps what the team
// decides. Accounts are named by the id of a suggestion, or as platform/handle
// or platform/key.
type Identities interface {
	// SuggestIdentities gives the pairs that nothing was decided about, likeliest
	// first, from this confidence on.
	SuggestIdentities(ctx context.Context, brand string, least float64) ([]identity.Suggestion, error)
	// Identities lists what was decided; of a person only the accepted links
	// between that one's accounts, "" for everything.
	Identities(ctx context.Context, brand, person string) ([]IdentityDecision, error)
	// DecideIdentity records a decision and gives the one that stands. NotFound
	// for an unknown account, Conflict when it contradicts another decision or
	// when the platform's terms allow no such link.
	DecideIdentity(ctx context.Context, brand string, accounts [2]string, accepted bool, by string) (IdentityDecision, error)
	// UndoIdentity takes a decision back; NotFound when there is none.
	UndoIdentity(ctx context.Context, brand string, accounts [2]string) error
}

// IdentityDecision is what was decided about two accounts, with what it rests on
// as it was then.
type IdentityDecision struct {
	A, B       identity.Account
	Accepted   bool
	Confidence *float64 // nil: nothing was weighed
	Reasons    []identity.Reason
	By         string
	At         time.Time
}

// IdentityList is suggestions that accounts are one person's.
type IdentityList struct {
	Brand string               `json:"brand"`
	Demo  bool                 `json:"demo" doc:"Invented people."`
	Total int                  `json:"total" doc:"Suggestions of at least that confidence."`
	Items []IdentitySuggestion `json:"items" nullable:"false" doc:"Likeliest first. Nothing follows from them before somebody accepts."`
}

// IdentitySuggestion says how likely two accounts are one person's.
type IdentitySuggestion struct {
	A          IdentityAccount  `json:"a"`
	B          IdentityAccount  `json:"b"`
	Confidence float64          `json:"confidence" minimum:"0" maximum:"1"`
	Level      string           `json:"level" enum:"very-likely,likely,possible"`
	Reasons    []IdentityReason `json:"reasons" nullable:"false"`
}

// IdentityAccount is an account as its platform shows it.
type IdentityAccount struct {
	ID       string  `json:"id" doc:"Names the account here. It is the id of the person that the account is by itself."`
	Platform string  `json:"platform"`
	Key      string  `json:"key" doc:"The platform's own id."`
	Handle   *string `json:"handle"`
	Name     *string `json:"name"`
}

// IdentityReason is one rule that holds for two accounts.
type IdentityReason struct {
	Code   string   `json:"code"`
	Weight float64  `json:"weight" doc:"What it adds to the log-odds; below 0 it speaks against."`
	Values []string `json:"values" nullable:"false" doc:"Handles, names and addresses, as strangers wrote them."`
	Text   Spoken   `json:"text"`
}

// Spoken is a sentence in both languages.
type Spoken struct {
	EN string `json:"en"`
	ES string `json:"es"`
}

// IdentityLink is a decision about two accounts.
type IdentityLink struct {
	A          IdentityAccount  `json:"a"`
	B          IdentityAccount  `json:"b"`
	Decision   string           `json:"decision" enum:"accepted,rejected"`
	Confidence *float64         `json:"confidence" doc:"When it was decided; null where nothing was weighed."`
	Reasons    []IdentityReason `json:"reasons" nullable:"false" doc:"What it rests on, as it was then."`
	By         string           `json:"by"`
	At         time.Time        `json:"at"`
}

// IdentityLinkList is what was decided about accounts.
type IdentityLinkList struct {
	Brand string         `json:"brand"`
	Items []IdentityLink `json:"items" nullable:"false"`
}

// IdentityChange decides about two accounts.
type IdentityChange struct {
	Decision string `json:"decision" enum:"accepted,rejected" doc:"rejected: they are not one person's, and are not suggested again."`
}

type (
	identitiesInput struct {
		BrandPath
		Least float64 `query:"min_confidence" minimum:"0" maximum:"1" default:"0.5" doc:"Nothing below 0.1 is suggested."`
		Limit int     `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}
	identitiesAnswer struct{ Body IdentityList }
	linksAnswer      struct{ Body IdentityLinkList }
	linkAnswer       struct{ Body IdentityLink }
	// PairPath is the address of two accounts.
	PairPath struct {
		BrandPath
		A string `path:"a" minLength:"1" maxLength:"500" doc:"id of an account, or platform/handle or platform/key, encoded."`
		B string `path:"b" minLength:"1" maxLength:"500"`
	}
	decideInput struct {
		PairPath
		Body IdentityChange
	}
)

func (s *server) registerIdentities(a huma.API) {
	const path = "/brands/{brand}/identities"
	register(a, described(op(http.MethodGet, path, "list-identities", "Accounts on different platforms that may be one person's"),
		"Suggested from public profiles alone: links, handles, names and biographies. Pairs that somebody decided about, and those of one person already, are left out."), s.listIdentities)
	register(a, op(http.MethodGet, path+"/decisions", "list-identity-decisions", "What was decided about accounts, and on what basis"), s.listIdentityLinks)
	register(a, described(op(http.MethodPut, path+"/{a}/{b}", "decide-identity", "Say that two accounts are one person's, or that they are not"),
		"The basis is recorded: who, when, the reasons and the confidence of that moment. Deciding the same again changes nothing. An account of X is joined with one elsewhere only where public profiles give a reason."), s.decideIdentity)
	register(a, described(op(http.MethodDelete, path+"/{a}/{b}", "undo-identity", "Take a decision about two accounts back"),
		"The person comes apart as far as no other accepted link holds; nothing is lost."), s.undoIdentity)
}

func (s *server) listIdentities(ctx context.Context, in *identitiesInput) (*identitiesAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	found, err := s.Identity.SuggestIdentities(ctx, b.Name, in.Least)
	if err != nil {
		return nil, err
	}
	out := IdentityList{Brand: b.Name, Demo: b.Demo, Total: len(found), Items: []IdentitySuggestion{}}
	for i := range found[:min(in.Limit, len(found))] {
		out.Items = append(out.Items, WireSuggestion(&found[i]))
	}
	return &identitiesAnswer{out}, nil
}

func (s *server) listIdentityLinks(ctx context.Context, in *BrandPath) (*linksAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	items, err := s.identityLinks(ctx, b.Name, "")
	return &linksAnswer{IdentityLinkList{b.Name, items}}, err
}

func (s *server) identityLinks(ctx context.Context, brand, person string) ([]IdentityLink, error) {
	list, err := s.Identity.Identities(ctx, brand, person)
	items := make([]IdentityLink, len(list))
	for i := range list {
		items[i] = WireDecision(&list[i])
	}
	return items, err
}

func (s *server) decideIdentity(ctx context.Context, in *decideInput) (*linkAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	d, err := s.Identity.DecideIdentity(ctx, b.Name, [2]string{in.A, in.B}, in.Body.Decision == "accepted", account.From(ctx).Mark())
	return &linkAnswer{WireDecision(&d)}, err
}

func (s *server) undoIdentity(ctx context.Context, in *PairPath) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return nil, s.Identity.UndoIdentity(ctx, b.Name, [2]string{in.A, in.B})
}

// WireSuggestion gives the wire's form of a suggestion.
func WireSuggestion(s *identity.Suggestion) IdentitySuggestion {
	return IdentitySuggestion{wireIdentity(&s.A), wireIdentity(&s.B), s.Confidence, string(identity.LevelOf(s.Confidence)), wireIdentityReasons(s.Reasons)}
}

// WireDecision gives the wire's form of a decision.
func WireDecision(d *IdentityDecision) IdentityLink {
	l := IdentityLink{wireIdentity(&d.A), wireIdentity(&d.B), "rejected", d.Confidence, wireIdentityReasons(d.Reasons), d.By, d.At.UTC()}
	if d.Accepted {
		l.Decision = "accepted"
	}
	return l
}

func wireIdentity(a *identity.Account) IdentityAccount {
	return IdentityAccount{a.ID, string(a.Platform), a.Key, some(a.Handle), some(a.Name)}
}

func wireIdentityReasons(reasons []identity.Reason) []IdentityReason {
	out := make([]IdentityReason, len(reasons))
	for i, r := range reasons {
		out[i] = IdentityReason{r.Code, r.Weight, append([]string{}, r.Values...), Spoken{r.Say("en"), r.Say("es")}}
	}
	return out
}
