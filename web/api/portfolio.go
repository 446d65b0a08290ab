package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/langtag"
	"adalid/internal/portfolio"
	"adalid/internal/rank"
)

// Portfolio is a group of people who together reach the most distinct people.
type Portfolio struct {
	Brand       string          `json:"brand"`
	Demo        bool            `json:"demo" doc:"Invented people."`
	Receipt     Receipt         `json:"receipt"`
	TooFew      bool            `json:"too_few" doc:"Too few people or mentions to rank, so nobody is chosen."`
	Provisional bool            `json:"provisional" doc:"A scan is under way: what it brought so far is counted, more is to come."`
	Gaps        []Gap           `json:"gaps" nullable:"false" doc:"When platforms were not read since their first scan."`
	Candidates  int             `json:"candidates" doc:"People whom the ranking lists with at least the score asked for."`
	Heard       int             `json:"heard" doc:"Those of them whom anybody was seen to reply to, repost, quote or name."`
	Reachable   int             `json:"reachable" doc:"Distinct people who reacted to any candidate."`
	Reached     int             `json:"reached" doc:"Those whom the group reaches."`
	Enough      *int            `json:"enough" doc:"The first number of people after which each further one adds less than 2 % of those reached already; every k from it on says the same. Null: each of the group adds more, and a k of 51 tells, unless nobody else adds anybody (complete)."`
	Complete    bool            `json:"complete" doc:"Nobody else who may be chosen adds anybody: a larger k gives the same group."`
	Picks       []PortfolioPick `json:"picks" nullable:"false" doc:"In the order of choice; fewer than asked for where nobody else adds anybody."`
	Curves      Curves          `json:"curves"`
}

// PortfolioPick is one person of the group.
type PortfolioPick struct {
	Person  Advocate `json:"person"`
	Adds    int      `json:"adds" doc:"People whom nobody chosen before reaches."`
	Already int      `json:"already" doc:"The person's other listeners, whom somebody chosen before reaches."`
	Reached int      `json:"reached" doc:"People whom all up to here reach together."`
}

// Curves compare the group with simpler choices: element n is how many distinct
// people the first n+1 reach.
type Curves struct {
	Group     []int `json:"group" nullable:"false"`
	First     []int `json:"first" nullable:"false" doc:"The first of the ranking."`
	Followers []int `json:"followers" doc:"Candidates with most followers; shorter than the others where fewer have theirs known, null where nobody has."`
}

// PortfolioOptions say how to choose.
type PortfolioOptions struct {
	Size   int
	Least  float64 // score
	Quotas []string
}

type (
	portfolioAnswer struct{ Body Portfolio }
	portfolioInput  struct {
		BrandPath
		Filters
		Size   int      `query:"k" minimum:"1" maximum:"500" default:"10" doc:"People to choose."`
		Least  float64  `query:"min_score" minimum:"0" maximum:"100" doc:"Score that a chosen person has at least."`
		Quotas []string `query:"quota" maxItems:"20" doc:"At most so many from a platform or with a language, such as mastodon=3,lang:es=5."`
	}
)

func (s *server) registerPortfolio(a huma.API) {
	o := op(http.MethodGet, "/brands/{brand}/portfolio", "get-portfolio", "The people who together reach the most")
	register(a, described(o, "Chooses, one after the other, who adds most people that nobody chosen before reaches. Reached are those who were seen to reply to a person's posts about the brand, to repost, quote or name the person."), s.getPortfolio)
}

func (s *server) getPortfolio(ctx context.Context, in *portfolioInput) (*portfolioAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	p, err := ChoosePortfolio(ctx, s.Ranker, b, q, PortfolioOptions{in.Size, in.Least, in.Quotas})
	return &portfolioAnswer{p}, err
}

// ChoosePortfolio chooses among the people whom a query ranks. A quota that
// cannot be read is Invalid.
func ChoosePortfolio(ctx context.Context, ranker Ranker, b adalid.Brand, q rank.Query, o PortfolioOptions) (Portfolio, error) {
	if math.IsNaN(o.Least) {
		return Portfolio{}, adalid.Errorf(adalid.Invalid, "the least score is a number from 0 to 100")
	}
	heard, err := ranker.Audience(ctx, b.Name, q, o.Least)
	if err != nil {
		return Portfolio{}, err
	}
	limits, err := quotas(o.Quotas, heard)
	if err != nil {
		return Portfolio{}, err
	}
	ties := make([]portfolio.Tie, len(heard.Listens))
	for i, l := range heard.Listens {
		ties[i] = portfolio.Tie{Candidate: l.Candidate, Member: l.Person}
	}
	all := portfolio.Gather(len(heard.Candidates), heard.People, ties)
	picks, err := portfolio.Choose(all, oneMore(o.Size, all.Candidates()), limits)
	if err != nil {
		return Portfolio{}, err
	}
	enough, complete := enough(picks), len(picks) <= o.Size
	picks = picks[:min(o.Size, len(picks))]
	p := Portfolio{
		Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(heard.Ranking), TooFew: heard.TooFew,
		Provisional: heard.Provisional, Gaps: wireGaps(heard.Gaps),
		Candidates: len(heard.Candidates), Enough: enough, Complete: complete, Picks: make([]PortfolioPick, len(picks)),
		Curves: curves(all, heard, picks, o.Size),
	}
	p.Heard, p.Reachable = reachable(all)
	for i, x := range picks {
		p.Reached = x.Reached
		p.Picks[i] = PortfolioPick{wireEntry(heard.Entry(x.Candidate)), x.Adds, len(all.Of(x.Candidate)) - x.Adds, x.Reached}
	}
	return p, nil
}

// oneMore is how many to choose so that the next one after the group says
// whether its last was worth asking. A size that is none stays as it is, to be
// refused by its own number.
func oneMore(size, candidates int) int {
	if size < 1 || size >= candidates {
		return size
	}
	return size + 1
}

// enough is after how many to stop, nil where the picks do not tell.
func enough(picks []portfolio.Pick) *int {
	n, known := portfolio.Enough(picks)
	if !known {
		return nil
	}
	return &n
}

// reachable counts the candidates whom somebody hears, and who hears any.
func reachable(all portfolio.Audiences) (heard, people int) {
	order := make([]int, all.Candidates())
	for c := range order {
		order[c] = c
		if len(all.Of(c)) > 0 {
			heard++
		}
	}
	if curve := portfolio.Reach(all, order); len(curve) > 0 {
		people = curve[len(curve)-1]
	}
	return heard, people
}

// curves follow the group, the first of the ranking and those with most
// followers, of whom equals stand as they are ranked.
func curves(all portfolio.Audiences, heard *rank.Audience, picks []portfolio.Pick, size int) Curves {
	c := Curves{Group: make([]int, len(picks))}
	for i, p := range picks {
		c.Group[i] = p.Reached
	}
	order := make([]int, all.Candidates())
	for i := range order {
		order[i] = i
	}
	size = min(size, len(order))
	c.First = portfolio.Reach(all, order[:size])
	known := slices.DeleteFunc(order, func(i int) bool { return heard.Candidates[i].Followers == nil })
	if len(known) > 0 {
		slices.SortStableFunc(known, func(i, j int) int {
			return cmp.Compare(*heard.Candidates[j].Followers, *heard.Candidates[i].Followers)
		})
		c.Followers = portfolio.Reach(all, known[:min(size, len(known))])
	}
	return c
}

// quotas reads limits such as mastodon=3 and lang:es=5.
func quotas(texts []string, heard *rank.Audience) ([]portfolio.Limit, error) {
	var limits []portfolio.Limit
	given := map[quota]bool{}
	for _, text := range texts {
		q, most, err := readQuota(text, heard.Platforms)
		if err != nil {
			return nil, err
		}
		if given[q] {
			return nil, adalid.Errorf(adalid.Invalid, "a quota is given twice for %s", cmp.Or(string(q.platform), "lang:"+q.lang))
		}
		given[q] = true
		l := portfolio.Limit{Candidates: make([]bool, len(heard.Candidates)), Most: most}
		for i, c := range heard.Candidates {
			l.Candidates[i] = q.lang != "" && c.Lang == q.lang || q.lang == "" && slices.Contains(c.Platforms, q.platform)
		}
		limits = append(limits, l)
	}
	return limits, nil
}

// quota says whom a limit is on: those of a platform or, where lang is not "",
// those with a language.
type quota struct {
	platform adalid.Platform
	lang     string
}

func readQuota(text string, platforms []adalid.Platform) (q quota, most int, err error) {
	name, number, found := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "=")
	most, err = strconv.Atoi(strings.TrimSpace(number))
	name = strings.TrimSpace(name)
	if !found || err != nil || most < 0 || name == "" {
		return q, 0, adalid.Errorf(adalid.Invalid, "a quota is a platform or a language with a number from 0 up, such as mastodon=3 or lang:es=5")
	}
	if written, byLang := strings.CutPrefix(name, "lang:"); byLang {
		tag, known := langtag.Asked(written)
		if q.lang, _, _ = strings.Cut(tag, "-"); !known || q.lang == "" {
			return q, 0, adalid.Errorf(adalid.Invalid, "a quota names a language that is not known here; write its code or its name, such as lang:es=5")
		}
		return q, most, nil
	}
	q.platform = adalid.Platform(strings.TrimPrefix(name, "platform:"))
	if !slices.Contains(platforms, q.platform) {
		return q, 0, adalid.Errorf(adalid.Invalid, "a quota names a platform on which nobody speaks about the brand; a language is written lang:es=5")
	}
	return q, most, nil
}
