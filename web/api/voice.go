package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
)

// Voice compares how much is said of brands, and by how many.
type Voice struct {
	Since     time.Time    `json:"since"`
	Until     time.Time    `json:"until" doc:"Where the data of all brands reach, unless asked for."`
	Mentions  int64        `json:"mentions" doc:"Of all brands."`
	People    int          `json:"people" doc:"Of each brand, added up: who speaks of several counts for each."`
	Advocates int          `json:"advocates" doc:"Of the brands with enough people to rank, added up."`
	Brands    []BrandVoice `json:"brands" nullable:"false"`
}

// BrandVoice is one brand's part. Shares are null where there is nothing to
// share.
type BrandVoice struct {
	Brand         string   `json:"brand"`
	Demo          bool     `json:"demo" doc:"Invented people."`
	DataVersion   string   `json:"data_version"`
	Mentions      int64    `json:"mentions"`
	MentionShare  *float64 `json:"mention_share" doc:"Share of voice, in [0, 1]."`
	People        int      `json:"people"`
	PeopleShare   *float64 `json:"people_share"`
	Advocates     *int     `json:"advocates" doc:"People whom the ranking lists without critics; null: too few to rank."`
	AdvocateShare *float64 `json:"advocate_share"`
	Gaps          []Gap    `json:"gaps" nullable:"false" doc:"When platforms were not read within the window: what was said then is missing here."`
	RankedApart   int      `json:"ranked_apart" doc:"YouTube's people, left out."`
	WithoutTime   int64    `json:"without_time" doc:"Mentions left out because their time is unknown."`
}

type (
	voiceAnswer struct{ Body Voice }
	voiceInput  struct {
		Filters
		Brands []string `query:"brands" maxItems:"50" doc:"Names. Left out: all that are not invented."`
	}
)

func (s *server) registerVoice(a huma.API) {
	register(a, described(op(http.MethodGet, "/voice", "get-voice", "Share of voice and of advocates across brands"),
		"Of the last 28 days up to where the data of all brands reach, unless since and until say otherwise."), s.getVoice)
}

func (s *server) getVoice(ctx context.Context, in *voiceInput) (*voiceAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	all, err := s.readableBrands(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range in.Brands {
		if err := account.MayRead(ctx, name); err != nil {
			return nil, err
		}
	}
	v, err := CompareVoices(ctx, s.Viewer, all, in.Brands, q)
	if err != nil {
		return nil, err
	}
	return &voiceAnswer{v}, nil
}

// CompareVoices compares the brands of those names or, without any, all that are
// not invented; all of them where every one is.
func CompareVoices(ctx context.Context, viewer Viewer, all []adalid.Brand, names []string, q rank.Query) (Voice, error) {
	demo, called := map[string]bool{}, map[string]string{}
	var invented []string
	for _, b := range all {
		demo[b.Name], called[strings.ToLower(b.Name)] = b.Demo, b.Name
		if b.Demo {
			invented = append(invented, b.Name)
		}
	}
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = cmp.Or(called[strings.ToLower(strings.TrimSpace(name))], name)
	}
	if len(names) == 0 {
		for _, b := range all {
			if !b.Demo {
				names = append(names, b.Name)
			}
		}
		if len(names) == 0 {
			names = invented
		}
	}
	v, err := viewer.Voice(ctx, names, q)
	if err != nil {
		return Voice{}, err
	}
	out := Voice{Since: v.Since, Until: v.Until, Mentions: v.Mentions, People: v.People, Advocates: v.Advocates, Brands: []BrandVoice{}}
	for _, b := range v.Brands {
		out.Brands = append(out.Brands, BrandVoice{
			Brand: b.Brand, Demo: demo[b.Brand], DataVersion: strconv.FormatInt(b.DataVersion, 10), Mentions: b.Mentions, MentionShare: b.MentionShare,
			People: b.People, PeopleShare: b.PeopleShare, Advocates: b.Advocates, AdvocateShare: b.AdvocateShare,
			Gaps: wireGaps(b.Gaps), RankedApart: b.Apart, WithoutTime: b.NoTime,
		})
	}
	return out, nil
}
