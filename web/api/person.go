package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"adalid"
	"adalid/internal/rank"
)

// AdvocateDetail is one person with the evidence.
type AdvocateDetail struct {
	Brand     string             `json:"brand"`
	Demo      bool               `json:"demo" doc:"Invented people."`
	Receipt   Receipt            `json:"receipt"`
	Total     int                `json:"total" doc:"Entries of the list that the rank is a place in, critics included."`
	Advocate  Advocate           `json:"advocate"`
	Platforms []PlatformEvidence `json:"platforms" nullable:"false"`
	Links     []IdentityLink     `json:"links" nullable:"false" doc:"The decisions that make the accounts one person's, each with its basis."`
	Weeks     []Week             `json:"weeks" nullable:"false" doc:"Oldest first, from the person's first active one; at most ten years."`
	TopPosts  []Mention          `json:"top_posts" nullable:"false" doc:"Own posts with the most engagement."`
	Notes     []Note             `json:"notes" nullable:"false"`
}

// PlatformEvidence is what a person did on one platform.
type PlatformEvidence struct {
	Platform string      `json:"platform"`
	Evidence Counted     `json:"evidence"`
	Score    Null[Score] `json:"score" doc:"What the accounts there alone would have on the scale of the list; null: too few to rank, or no mention of their own there. Scores of platforms do not add up."`
}

// Week is what a person did in one week.
type Week struct {
	Start     string   `json:"start" format:"date" doc:"Monday, UTC."`
	Mentions  int64    `json:"mentions"`
	Reposts   int64    `json:"reposts"`
	Scored    int64    `json:"scored" doc:"Mentions with known sentiment."`
	Sentiment *float64 `json:"sentiment" doc:"Mean of the scored ones, in [-1, 1]."`
}

const topPosts = 10

type personInput struct {
	BrandPath
	ID string `path:"id" maxLength:"200"`
	Filters
	KeptChoice
	Mode        string `query:"mode" enum:"expected,safe" default:"expected" doc:"The list that the rank is a place in, as in the list of advocates."`
	IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`

	query string // as the client wrote it, for the address after a merge
}

// Resolve keeps the query.
func (in *personInput) Resolve(ctx huma.Context) []error {
	in.query = humagin.Unwrap(ctx).Request.URL.RawQuery
	return nil
}

type personAnswer struct {
	ETag string `header:"ETag"`
	Body AdvocateDetail
}

func (s *server) getAdvocate(ctx context.Context, in *personInput) (*personAnswer, error) {
	q, err := in.Filters.query()
	if err != nil {
		return nil, err
	}
	q.Kept = in.kept(ctx)
	q.Safe, q.Intervals = in.Mode == safeMode, true
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	state, err := s.Evidence.State(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	if to, err := s.Evidence.MovedTo(ctx, b.Name, in.ID); err != nil {
		return nil, err
	} else if to != "" {
		return nil, moved(brandURL(b.Name)+"/advocates/"+url.PathEscape(to), in.query)
	}
	tag := s.etag(b, state, "advocate", b.Name, in.ID, fingerprint(q))
	if matches(in.IfNoneMatch, tag) {
		return nil, notModified(tag)
	}
	d, err := s.Ranker.Person(ctx, b.Name, in.ID, q)
	if err != nil {
		return nil, err
	}
	posts, _, err := s.Evidence.Posts(ctx, b.Name, rank.PostQuery{
		Person: in.ID, Platform: q.Platform, Lang: q.Lang, Since: q.Since, Until: q.Until,
		Authored: true, Sort: rank.MostEngaged, Limit: topPosts,
	})
	if err != nil {
		return nil, err
	}
	body := s.wireDetail(b, d, posts)
	if body.Links, err = s.identityLinks(ctx, b.Name, in.ID); err != nil {
		return nil, err
	}
	if d.Ranking.DataVersion != state.DataVersion {
		tag = ""
	}
	return &personAnswer{tag, body}, nil
}

// moved tells where a merged person is now, with the same question. It is not for
// ever: links can be undone.
func moved(to, query string) error {
	if query != "" {
		to += "?" + query
	}
	return huma.ErrorWithHeaders(newProblem(http.StatusTemporaryRedirect, "This person was merged into another; Location says whom."),
		http.Header{"Location": {to}})
}

func (s *server) wireDetail(b adalid.Brand, d rank.Detail, posts []rank.Post) AdvocateDetail {
	out := AdvocateDetail{
		Brand: d.Brand, Demo: b.Demo, Receipt: wireReceipt(d.Ranking), Total: d.Total, Advocate: wireEntry(d.Entry),
		Platforms: make([]PlatformEvidence, len(d.Platforms)), Weeks: make([]Week, len(d.Weeks)),
		TopPosts: wirePosts(posts), Notes: wireNotes(d.Ranking, Shown{All: true, YouTube: s.YouTube}),
	}
	for i, p := range d.Platforms {
		out.Platforms[i] = PlatformEvidence{string(p.Platform), wireCounted(p.Evidence), wireScore(p.Score)}
	}
	for i, w := range d.Weeks {
		out.Weeks[i] = Week{w.Start.UTC().Format(time.DateOnly), w.Mentions, w.Reposts, w.Scored, w.Sentiment}
	}
	return out
}
