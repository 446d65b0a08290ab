package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
)

// QueryTester tries a query on stored mentions before it is put into use.
type QueryTester interface {
	// TryQuery compares a query with the one of the brand. Invalid for one that
	// cannot be read.
	TryQuery(ctx context.Context, b adalid.Brand, t QueryTrial) (QueryTried, error)
}

// QueryTrial is what to try.
type QueryTrial struct {
	Query    string
	Text     string // also this one; "": none
	Lang     string
	Platform adalid.Platform
	Author   string // handle of the text's author
}

// QueryTried says what a query does to stored mentions.
type QueryTried struct {
	Text    TriedText // of QueryTrial.Text
	Read    int64     // mentions that were looked at, of the newest
	All     bool      // these are all that are stored
	Both    int64     // match now and would
	Neither int64
	Gained  TriedPosts // match only with the new query
	Lost    TriedPosts // match only with the present one
	Hints   []string   // what is probably meant otherwise, in one sentence each
}

// TriedPosts are a number of mentions with some of them.
type TriedPosts struct {
	Count    int64
	Examples []TriedPost // the newest
}

// TriedPost is a mention and where the query that matches it does so.
type TriedPost struct {
	Platform        adalid.Platform
	ID, Handle, URL string
	Lang, Text      string
	Spans           []TriedSpan
}

// TriedText says whether a text matches.
type TriedText struct {
	Matched bool
	Because string // one sentence
	Spans   []TriedSpan
}

// TriedSpan is where a term was found, in UTF-16 units, as browsers count.
type TriedSpan struct {
	Start, End int
	Term       string
}

// NewQueryTest asks what a query would do.
type NewQueryTest struct {
	Query    string `json:"query" maxLength:"10000" doc:"Empty: it matches nothing but what answers or quotes the brand's own accounts."`
	Text     string `json:"text,omitempty" maxLength:"20000" doc:"A text to try it on, beside the stored mentions."`
	Lang     string `json:"lang,omitempty" maxLength:"35" doc:"Of the text."`
	Platform string `json:"platform,omitempty" maxLength:"32" doc:"Of the text."`
	Author   string `json:"author,omitempty" maxLength:"200" doc:"Handle of the text's author."`
}

// QueryTest says what a query would do.
type QueryTest struct {
	Read    int64            `json:"read" doc:"Stored mentions that were looked at."`
	All     bool             `json:"all" doc:"These are all that are stored; false: the newest of them."`
	Both    int64            `json:"both" doc:"Match now and would."`
	Neither int64            `json:"neither" doc:"Match with neither query: they came by an import or a source that takes everything."`
	Gained  QueryTestPosts   `json:"gained" doc:"Match only with the new query. What was never stored is not counted: a wider query shows its gain with the next scan."`
	Lost    QueryTestPosts   `json:"lost" doc:"Match only with the present query. They stay stored when it changes."`
	Text    Null[QueryMatch] `json:"text" doc:"Of the text that was sent; null without one."`
	Hints   []string         `json:"hints" nullable:"false" doc:"What is probably meant otherwise."`
}

// QueryTestPosts are a number of mentions with some of them.
type QueryTestPosts struct {
	Count    int64           `json:"count"`
	Examples []QueryTestPost `json:"examples" nullable:"false" doc:"The newest, 20 at most."`
}

// QueryTestPost is a mention and where the query that matches it does so.
type QueryTestPost struct {
	Key      string      `json:"key"`
	Platform string      `json:"platform"`
	Handle   *string     `json:"handle"`
	URL      *string     `json:"url"`
	Lang     *string     `json:"lang"`
	Text     string      `json:"text"`
	Spans    []MatchSpan `json:"spans" nullable:"false"`
}

// QueryMatch says whether a text matches.
type QueryMatch struct {
	Matched bool        `json:"matched"`
	Because string      `json:"because" doc:"One sentence."`
	Spans   []MatchSpan `json:"spans" nullable:"false"`
}

// MatchSpan is where a term was found.
type MatchSpan struct {
	Start int    `json:"start" doc:"In UTF-16 units of the text."`
	End   int    `json:"end"`
	Term  string `json:"term" doc:"As the query writes it."`
}

type (
	queryTestInput struct {
		BrandPath
		Body NewQueryTest
	}
	queryTestAnswer struct{ Body QueryTest }
)

func (s *server) registerQueryTest(a huma.API) {
	register(a, described(op(http.MethodPost, "/brands/{brand}/query-test", "test-query", "What would another query do"),
		"Compares it with the present one on what is stored and changes nothing."), s.testQuery)
}

func (s *server) testQuery(ctx context.Context, in *queryTestInput) (*queryTestAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	if err := s.checkQuery(in.Body.Query); err != nil {
		return nil, invalid("body.query", err.Error())
	}
	t := in.Body
	got, err := s.QueryTester.TryQuery(ctx, b, QueryTrial{
		Query: t.Query, Text: t.Text, Lang: t.Lang, Platform: adalid.Platform(strings.ToLower(t.Platform)), Author: strings.TrimPrefix(t.Author, "@"),
	})
	if adalid.CodeOf(err) == adalid.RateLimited {
		err = huma.ErrorWithHeaders(err, http.Header{"Retry-After": {"2"}})
	}
	if err != nil {
		return nil, err
	}
	out := QueryTest{
		Read: got.Read, All: got.All, Both: got.Both, Neither: got.Neither,
		Gained: wireTried(got.Gained), Lost: wireTried(got.Lost), Hints: append([]string{}, got.Hints...),
	}
	if t.Text != "" {
		out.Text.V = &QueryMatch{got.Text.Matched, got.Text.Because, wireSpans(got.Text.Spans)}
	}
	return &queryTestAnswer{out}, nil
}

func wireTried(p TriedPosts) QueryTestPosts {
	out := QueryTestPosts{p.Count, make([]QueryTestPost, len(p.Examples))}
	for i, x := range p.Examples {
		out.Examples[i] = QueryTestPost{mentionKey(x.Platform, x.ID), string(x.Platform), some(x.Handle), link(x.URL), some(x.Lang), x.Text, wireSpans(x.Spans)}
	}
	return out
}

func wireSpans(spans []TriedSpan) []MatchSpan {
	out := make([]MatchSpan, len(spans))
	for i, x := range spans {
		out[i] = MatchSpan(x)
	}
	return out
}
