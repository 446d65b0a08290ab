package api

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/topics"
)

// Network is who ties themselves to whom around a brand.
type Network struct {
	Brand       string             `json:"brand"`
	Demo        bool               `json:"demo" doc:"Invented people."`
	Receipt     Receipt            `json:"receipt" doc:"What score and rank were made from."`
	TooFew      bool               `json:"too_few" doc:"Too few people or mentions to rank: nobody has a score."`
	TooFewTies  bool               `json:"too_few_ties" doc:"Fewer than 50 posts tie people to each other: groups and places say little."`
	Provisional bool               `json:"provisional" doc:"A scan is under way: what it brought so far is counted, more is to come."`
	Gaps        []Gap              `json:"gaps" nullable:"false" doc:"When platforms were not read since their first scan."`
	Counts      NetworkCounts      `json:"counts"`
	Nodes       []NetworkNode      `json:"nodes" nullable:"false" doc:"People, most attention first."`
	Edges       []NetworkEdge      `json:"edges" nullable:"false" doc:"Pairs of them, most posts first; at most 12,000."`
	Named       bool               `json:"named" doc:"Communities have their terms and tone; false where words=false was asked for, and where reading the texts took too long: ask again."`
	Communities []NetworkCommunity `json:"communities" nullable:"false" doc:"Of at least 3 people, largest first; at most 24, of all people whatever limit says."`
}

// NetworkCounts say how much of a network is shown.
type NetworkCounts struct {
	People      int   `json:"people" doc:"Tied to anybody."`
	Pairs       int   `json:"pairs" doc:"Of people tied to each other."`
	Posts       int64 `json:"posts" doc:"That tie them."`
	Communities int   `json:"communities" doc:"Of any size."`
	LeftOut     int   `json:"left_out" doc:"Tied people who are left out for what is known of them: likely automated, repeating themselves, in the brand's circle, organisations or not a fit; include shows them."`
}

// NetworkNode is a person of a network.
type NetworkNode struct {
	ID           string   `json:"id" doc:"Of the advocate."`
	Name         *string  `json:"name"`
	Handle       *string  `json:"handle"`
	Platforms    []string `json:"platforms" nullable:"false"`
	X            float64  `json:"x" doc:"Place in the picture, in [0, 1]."`
	Y            float64  `json:"y"`
	Share        float64  `json:"share" doc:"PageRank: the share of all attention, in [0, 1]; what a picture sizes people by."`
	Community    int      `json:"community" doc:"id of a community, listed or not."`
	Bridge       float64  `json:"bridge" doc:"Participation coefficient: 0 when all ties lie in one community, near 1 when they are spread over many."`
	Connector    bool     `json:"connector" doc:"Tied to at least three people, spread as over at least one and a half communities."`
	Counterparts int      `json:"counterparts" doc:"People tied to, shown or not."`
	Mentions     int64    `json:"mentions" doc:"Own posts about the brand."`
	Score        *float64 `json:"score" doc:"In [0, 100]; null: nothing own to score, or too few to rank."`
	Rank         *int     `json:"rank" doc:"Place in the ranking of the same question; null: not in it."`
	Segment      *string  `json:"segment" enum:"advocate,critic,unranked" doc:"null: no own post in the window."`
}

// NetworkEdge is a pair of people who are tied.
type NetworkEdge struct {
	A      int         `json:"a" doc:"Place of a person in nodes, from 0."`
	B      int         `json:"b"`
	Weight int64       `json:"weight" doc:"Posts in which either ties to the other."`
	Kinds  NetworkKind `json:"kinds"`
	Mutual bool        `json:"mutual" doc:"Both did."`
}

// NetworkKind tells a pair's posts apart.
type NetworkKind struct {
	Answers int64 `json:"answers" doc:"Replies and quotes."`
	Names   int64 `json:"names" doc:"Reposts, and posts that name the other."`
}

// NetworkCommunity is a group of people who have more to do with each other than
// with the rest.
type NetworkCommunity struct {
	ID       int             `json:"id"`
	People   int             `json:"people"`
	Shown    int             `json:"shown" doc:"Of them in nodes."`
	Terms    []NetworkTerm   `json:"terms" doc:"What they say more than everybody else, most typical first; empty where nothing stands out, null where not named."`
	Read     *int            `json:"read" doc:"Their mentions among the newest 5,000 of the brand; null where not named."`
	Positive *float64        `json:"positive" doc:"Share of positive mentions among those of them that could be judged; null where none could, or not named."`
	Top      []NetworkPerson `json:"top" nullable:"false" doc:"Who has most attention, up to three."`
}

// NetworkTerm is a phrase that names a community.
type NetworkTerm struct {
	Phrase   string  `json:"phrase"`
	Lang     *string `json:"lang" doc:"null: unknown."`
	Mentions int     `json:"mentions" doc:"Of the community, that hold it."`
	People   int     `json:"people"`
	Typical  float64 `json:"typical" doc:"Log-odds ratio of the community against everybody else, in standard errors."`
}

// NetworkPerson names a person.
type NetworkPerson struct {
	ID     string  `json:"id"`
	Name   *string `json:"name"`
	Handle *string `json:"handle"`
}

type (
	networkInput struct {
		BrandPath
		Filters
		Limit       int    `query:"limit" minimum:"1" maximum:"3000" default:"1000" doc:"People shown: those with most attention."`
		Words       bool   `query:"words" default:"true" doc:"Names communities by what they speak about, which reads texts and may take some seconds for new data."`
		IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`
	}
	networkAnswer struct {
		ETag string `header:"ETag"`
		Body encoded[Network]
	}
)

// Naming communities reads texts: so long an answer waits for it, and so many
// terms it gives each.
const (
	wordsTime = 4 * time.Second
	mostWords = 5
)

func (s *server) registerNetwork(a huma.API) {
	o := described(op(http.MethodGet, "/brands/{brand}/network", "get-network", "Who talks to whom: people, ties, communities"),
		"since, until and platform choose the ties; the other filters choose who is shown and how people are ranked.")
	register(a, also(o, "304", "Nothing changed since the answer with that ETag"), s.getNetwork)
}

func (s *server) getNetwork(ctx context.Context, in *networkInput) (*networkAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	state, err := s.Evidence.State(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	tag := s.etag(b, state, account.From(ctx).On(b.Name).String(), "network", b.Name, b.Query, fingerprint(q), strconv.Itoa(q.Limit), strconv.FormatBool(in.Words))
	if matches(in.IfNoneMatch, tag) {
		return nil, notModified(tag)
	}
	if page, ok := s.networks.get(tag); ok {
		return &networkAnswer{tag, page}, nil
	}
	words := NetworkWords{Patience: wordsTime}
	if in.Words {
		words.Finder = s.Topics
	}
	out, err := DrawNetwork(ctx, s.Viewer, words, b, q)
	if err != nil {
		return nil, err
	}
	if out.Receipt.DataVersion != strconv.FormatInt(state.DataVersion, 10) || out.Named != in.Words {
		tag = "" // changed in between, or not all of what was asked
	}
	page, err := s.networks.add(tag, out)
	return &networkAnswer{tag, page}, err
}

// NetworkWords says what names the communities of a network.
type NetworkWords struct {
	Finder   TopicFinder   // nil: nothing does
	Patience time.Duration // how long it may take before they stay without words; 0: as long as it takes
}

// DrawNetwork gives the network that a query asks for.
func DrawNetwork(ctx context.Context, viewer Viewer, words NetworkWords, b adalid.Brand, q rank.Query) (Network, error) {
	n, err := viewer.Network(ctx, b.Name, q)
	if err != nil {
		return Network{}, err
	}
	out := wireNetwork(n, b)
	if words.Finder == nil {
		return out, nil
	}
	timed, cancel := ctx, context.CancelFunc(func() {})
	if words.Patience > 0 {
		timed, cancel = context.WithTimeout(ctx, words.Patience)
	}
	defer cancel()
	groups, err := words.Finder.Groups(timed, topics.Query{
		Brand: b, Since: q.Since, Until: q.Until, Platform: q.Platform, Lang: q.Lang, Limit: mostWords,
	}, len(n.Communities), n.Member)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return out, nil
	}
	if err != nil {
		return Network{}, err
	}
	out.Named = true
	for i, g := range groups {
		out.Communities[i].name(g)
	}
	return out, nil
}

func wireNetwork(n rank.Network, b adalid.Brand) Network {
	out := Network{
		Brand: b.Name, Demo: b.Demo, Receipt: wireReceipt(n.Ranking), TooFew: n.TooFew, TooFewTies: n.TooFewTies, Provisional: n.Provisional, Gaps: wireGaps(n.Gaps),
		Counts: NetworkCounts{
			People: n.TiedPeople, Pairs: n.Pairs, Posts: n.Posts, Communities: n.CommunityAll,
			LeftOut: n.LeftOut.Automated + n.LeftOut.Repeaters + n.LeftOut.Circle + n.LeftOut.Organisations + n.LeftOut.Unfit,
		},
		Nodes: make([]NetworkNode, len(n.People)), Edges: make([]NetworkEdge, len(n.Ties)), Communities: make([]NetworkCommunity, len(n.Communities)),
	}
	for i, p := range n.People {
		out.Nodes[i] = wireTied(p)
	}
	for i, t := range n.Ties {
		out.Edges[i] = NetworkEdge{A: t.A, B: t.B, Weight: t.Posts, Kinds: NetworkKind{t.Answers, t.Posts - t.Answers}, Mutual: t.Mutual}
	}
	for i, c := range n.Communities {
		out.Communities[i] = NetworkCommunity{ID: c.Number, People: c.People, Shown: c.Shown, Top: make([]NetworkPerson, len(c.Top))}
		for j, p := range c.Top {
			out.Communities[i].Top[j] = NetworkPerson{p.ID, some(p.Name), some(p.Handle)}
		}
	}
	return out
}

func wireTied(p rank.Tied) NetworkNode {
	n := NetworkNode{
		ID: p.ID, Name: some(p.Name), Handle: some(p.Handle), Platforms: make([]string, len(p.Platforms)),
		X: placeOf(p.X), Y: placeOf(p.Y), Share: p.Share, Community: p.Community, Bridge: p.Bridge, Connector: p.Connector,
		Counterparts: p.Counterparts, Mentions: p.Mentions, Score: p.Score, Segment: some(string(p.Segment)),
	}
	for i, platform := range p.Platforms {
		n.Platforms[i] = string(platform)
	}
	if p.Rank > 0 {
		n.Rank = &p.Rank
	}
	return n
}

// placeOf keeps what a screen can show.
func placeOf(x float64) float64 { return math.Round(x*1e5) / 1e5 }

func (c *NetworkCommunity) name(g topics.Group) {
	c.Terms, c.Read = make([]NetworkTerm, len(g.Terms)), &g.Read
	for i, t := range g.Terms {
		c.Terms[i] = NetworkTerm{Phrase: t.Phrase, Lang: some(t.Lang), Mentions: t.Mentions, People: t.Authors, Typical: *t.Typical}
	}
	if judged := g.Positive + g.Neutral + g.Negative; judged > 0 {
		share := float64(g.Positive) / float64(judged)
		c.Positive = &share
	}
}
