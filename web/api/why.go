package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

// Why says why a person has a score.
type Why struct {
	Brand    string           `json:"brand"`
	Demo     bool             `json:"demo" doc:"Invented people."`
	Receipt  Receipt          `json:"receipt" doc:"With the values and weights of the parts it recomputes the score to the last bit."`
	Total    int              `json:"total" doc:"Entries of the list that the rank is a place in, critics included."`
	Advocate Advocate         `json:"advocate"`
	Claims   []Claim          `json:"claims" nullable:"false" doc:"What is said of the person, the biggest share of the score first."`
	Signals  []AccountSignals `json:"signals" nullable:"false" doc:"What the components were made from, by account."`
	Versus   Null[WhyVersus]  `json:"versus" doc:"null: nobody was compared with."`
}

// Claim is a sentence with stored posts that show it.
type Claim struct {
	Code      string    `json:"code"`
	Component *string   `json:"component" enum:"affinity,volume,reach,network"`
	Words     Said      `json:"words"`
	Posts     []Mention `json:"posts" nullable:"false" doc:"At most three."`
}

// AccountSignals are what is known of one account, decayed to as-of.
type AccountSignals struct {
	Platform     string   `json:"platform"`
	Key          string   `json:"key"`
	Mentions     float64  `json:"mentions" doc:"Own unpaid posts, decayed, copies and loud days held back."`
	ActiveDays   float64  `json:"active_days" doc:"Decayed; of several accounts together on the first."`
	Sentiment    *float64 `json:"sentiment" doc:"Mean of scored posts, recent ones preferred, before it is weighed against what is usual; in [-1, 1]."`
	Scored       float64  `json:"scored" doc:"How many scored posts that is, copies held back."`
	Views        *float64 `json:"views" doc:"Of the best day."`
	Followers    *float64 `json:"followers"`
	Engagement   *float64 `json:"engagement"`
	EngagementOf float64  `json:"engagement_of" doc:"Posts of which reactions are known."`
	PageRank     *float64 `json:"page_rank" doc:"1 is the mean."`
	Counterparts *float64 `json:"counterparts"`
	Bridging     *float64 `json:"bridging" doc:"Participation coefficient over communities, in [0, 1)."`
}

// WhyVersus says what makes one score differ from another.
type WhyVersus struct {
	Advocate    Advocate     `json:"advocate" doc:"The other person."`
	Ratio       *float64     `json:"ratio" doc:"This score over the other's; null where there are none."`
	Points      *float64     `json:"points" doc:"This score minus the other's."`
	Differences []Difference `json:"differences" nullable:"false" doc:"The biggest reason first. Geometric: the ratios multiply to ratio; arithmetic: the points add up to points."`
	Words       []Said       `json:"words" nullable:"false"`
}

// Difference is what one component does.
type Difference struct {
	Component string   `json:"component" enum:"affinity,volume,reach,network"`
	Value     *float64 `json:"value"`
	Other     *float64 `json:"other"`
	Ratio     float64  `json:"ratio"`
	Points    float64  `json:"points"`
}

type (
	whyAnswer struct{ Body Why }
	whyInput  struct {
		BrandPath
		ID string `path:"id" maxLength:"200" doc:"The person's id, a handle with or without @, or platform:handle."`
		Filters
		Versus string `query:"versus" maxLength:"200" doc:"Another person, named alike, to compare with."`
	}
)

func (s *server) registerWhy(a huma.API) {
	o := op(http.MethodGet, "/brands/{brand}/advocates/{id}/why", "explain-advocate", "Why a person has this score")
	register(a, described(o, "Shares that sum to the score, what each component was made from, and stored posts that show it; with versus, what makes the difference."), s.getWhy)
}

func (s *server) getWhy(ctx context.Context, in *whyInput) (*whyAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	w, err := Explain(ctx, s.Explainer, s.Evidence, b, q, in.ID, in.Versus)
	if err != nil {
		return nil, err
	}
	return &whyAnswer{w}, nil
}

// Explain says why a person has a score and, unless versus is "", what makes the
// difference to another. People are named as Explainer.FindPerson says.
func Explain(ctx context.Context, x Explainer, posts rank.PostReader, b adalid.Brand, q rank.Query, person, versus string) (Why, error) {
	q.Intervals = true
	id, err := x.FindPerson(ctx, b.Name, person, q)
	if err != nil {
		return Why{}, err
	}
	if versus != "" {
		if versus, err = x.FindPerson(ctx, b.Name, versus, q); err != nil {
			return Why{}, err
		}
	}
	e, err := x.Why(ctx, b.Name, id, versus, q)
	if err != nil {
		return Why{}, err
	}
	if err := x.Prove(ctx, posts, &e, q); err != nil {
		return Why{}, err
	}
	out := Why{
		Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(e.Ranking), Total: e.Ranking.Total, Advocate: wireEntry(e.Entry),
		Claims: make([]Claim, len(e.Claims)), Signals: make([]AccountSignals, len(e.Signals)),
	}
	for i, c := range e.Claims {
		out.Claims[i] = Claim{c.Code, some(c.Component), say(c.Reason), wirePosts(c.Posts)}
	}
	for i, g := range e.Signals {
		out.Signals[i] = wireSignals(g, e.Entry.Person.Accounts[i])
	}
	if e.Versus != nil {
		v := wireVersus(*e.Versus)
		out.Versus.V = &v
	}
	return out, nil
}

// say gives a reason in both languages.
func say(r rank.Reason) Said { return Said{r.Say("es"), r.Say("en")} }

func sayAll(list []rank.Reason) []Said {
	out := make([]Said, len(list))
	for i, r := range list {
		out[i] = say(r)
	}
	return out
}

func wireSignals(g scoring.Signals, a adalid.Author) AccountSignals {
	out := AccountSignals{
		Platform: g.Platform, Key: a.Key, Mentions: g.Effective, ActiveDays: g.ActiveDays, Scored: g.SentimentWeight,
		Views: g.Views, Followers: g.Followers, EngagementOf: g.EngagementPosts, PageRank: g.PageRank, Counterparts: g.Counterparts, Bridging: g.Bridging,
	}
	if g.SentimentWeight > 0 {
		mean := g.SentimentSum / g.SentimentWeight
		out.Sentiment = &mean
	}
	if g.EngagementPosts > 0 {
		out.Engagement = &g.Engagement
	}
	return out
}

func wireVersus(v rank.Versus) WhyVersus {
	out := WhyVersus{Advocate: wireEntry(v.Entry), Differences: make([]Difference, len(v.Differences)), Words: sayAll(v.Reasons)}
	if v.Differences != nil {
		out.Points = &v.Points
		if v.Ratio > 0 {
			out.Ratio = &v.Ratio
		}
	}
	for i, d := range v.Differences {
		out.Differences[i] = Difference(d)
	}
	return out
}
