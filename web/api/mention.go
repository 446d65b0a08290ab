package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/rank"
)

// MentionList is a page of mentions.
type MentionList struct {
	Items      []Mention `json:"items" nullable:"false"`
	NextCursor *string   `json:"next_cursor" doc:"null on the last page."`
}

// Mention is a post about the brand.
type Mention struct {
	Platform     string     `json:"platform"`
	ID           string     `json:"id" doc:"The platform's own id."`
	Key          string     `json:"key" doc:"Names the mention in addresses: opaque and safe in a URL."`
	URL          *string    `json:"url"`
	CreatedAt    *time.Time `json:"created_at"`
	Author       PostAuthor `json:"author" doc:"As known at the time of the post."`
	Person       string     `json:"person" doc:"id of the advocate who wrote it."`
	Lang         *string    `json:"lang"`
	Text         string     `json:"text"`
	Likes        *int64     `json:"likes"`
	Reposts      *int64     `json:"reposts"`
	Replies      *int64     `json:"replies"`
	Quotes       *int64     `json:"quotes"`
	Views        *int64     `json:"views"`
	Repost       bool       `json:"repost"`
	RepostOf     *string    `json:"repost_of"`
	ReplyTo      *string    `json:"reply_to"`
	QuoteOf      *string    `json:"quote_of"`
	Mentions     []string   `json:"mentions" nullable:"false" doc:"Handles named in the text."`
	OwnAccount   bool       `json:"own_account" doc:"Written by the brand itself."`
	Sponsored    bool       `json:"sponsored"`
	Conversation bool       `json:"conversation" doc:"Answers or quotes the brand's own account."`
	Copy         int        `json:"copy" doc:"1 for a new text, 2 for its author's second of nearly the same words, …"`
	Sentiment    *float64   `json:"sentiment" doc:"In [-1, 1]."`
	Tone         *string    `json:"tone" enum:"positive,neutral,negative" doc:"The likeliest class, or the team's own label; null: not scored."`
	Corrected    bool       `json:"corrected" doc:"The sentiment is a person's own judgement."`
	LeftOut      *string    `json:"left_out" enum:"rule,team" doc:"Why it counts nowhere: a rule, or somebody's mark, takes it for something else. null: it counts."`
}

// PostAuthor is an account with what a post's source tells of it.
type PostAuthor struct {
	Account
	URL      *string `json:"url"`
	Verified *bool   `json:"verified"`
}

// MentionChoice is which mentions are listed.
type MentionChoice struct {
	Since    string `query:"since" maxLength:"40" doc:"RFC 3339 time, or a date (its beginning, UTC)."`
	Until    string `query:"until" maxLength:"40" doc:"RFC 3339 time, or a date (its end, UTC)."`
	Platform string `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$"`
	Lang     string `query:"lang" pattern:"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$" maxLength:"35"`
	Person   string `query:"person" maxLength:"200" doc:"id of an advocate: only what this person wrote."`
	Authored bool   `query:"authored" doc:"Leave reposts out."`
	LeftOut  bool   `query:"left_out" doc:"Only mentions that count nowhere, as not about the brand; they are in no other list."`
}

// query turns the choice into a question for all of the mentions.
func (in MentionChoice) query() (rank.PostQuery, error) {
	window, err := Filters{Since: in.Since, Until: in.Until, Platform: in.Platform, Lang: in.Lang}.query()
	return rank.PostQuery{
		Person: in.Person, Platform: window.Platform, Lang: window.Lang, Since: window.Since, Until: window.Until,
		Authored: in.Authored, LeftOut: in.LeftOut,
	}, err
}

type mentionsInput struct {
	BrandPath
	MentionChoice
	Sort   string `query:"sort" enum:"newest,engagement" doc:"Left out: newest."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"8000" doc:"next_cursor of the page before; it holds for this question."`
}

type mentionsAnswer struct{ Body MentionList }

func (s *server) registerMentions(a huma.API) {
	register(a, op(http.MethodGet, "/brands/{brand}/mentions", "list-mentions", "Posts about the brand"), s.listMentions)
}

func (s *server) listMentions(ctx context.Context, in *mentionsInput) (*mentionsAnswer, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	q.Sort, q.Limit = rank.PostSort(in.Sort), in.Limit
	question := digest("mentions", b.Name, fingerprint(rank.Query{Since: q.Since, Until: q.Until, Platform: q.Platform, Lang: q.Lang}), in.Person, in.Sort, boolean(in.Authored), boolean(in.LeftOut))
	if q.After, err = parseCursor(in.Cursor, question, 0); err != nil {
		return nil, err
	}
	posts, next, err := s.Evidence.Posts(ctx, b.Name, q)
	if err != nil {
		return nil, err
	}
	list := MentionList{Items: wirePosts(posts)}
	if next != "" {
		list.NextCursor = some(cursor{question, 0, next}.String())
	}
	return &mentionsAnswer{list}, nil
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func wirePosts(posts []rank.Post) []Mention {
	out := make([]Mention, len(posts))
	for i, p := range posts {
		m := p.Mention
		out[i] = Mention{
			Platform: string(m.Platform), ID: m.ID, Key: mentionKey(m.Platform, m.ID), URL: link(m.URL), CreatedAt: known(m.CreatedAt),
			Author: PostAuthor{wireAccount(m.Author), link(m.Author.URL), m.Author.Verified}, Person: p.Person, Lang: some(m.Lang), Text: m.Text,
			Likes: m.Likes, Reposts: m.Reposts, Replies: m.Replies, Quotes: m.Quotes, Views: m.Views,
			Repost: m.Repost, RepostOf: some(m.RepostOf), ReplyTo: some(m.ReplyTo), QuoteOf: some(m.QuoteOf),
			Mentions: append([]string{}, m.Mentions...), OwnAccount: p.Own, Sponsored: m.Sponsored,
			Conversation: p.Conversation, Copy: p.Copy, Sentiment: p.Sentiment, Tone: some(string(p.Tone)), Corrected: p.Corrected,
			LeftOut: some(string(p.LeftOut)),
		}
	}
	return out
}
