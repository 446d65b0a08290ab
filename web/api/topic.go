package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/topics"
)

// TopicList is what people praise and blame.
type TopicList struct {
	Brand       string  `json:"brand"`
	Demo        bool    `json:"demo" doc:"Invented people."`
	Author      *string `json:"author" doc:"id of the advocate whose mentions these are; null: everybody's."`
	DataVersion string  `json:"data_version"`
	Read        int     `json:"read" doc:"Mentions read: the newest 5000, of one author 1000. Reposts, paid posts and the brand's own are not among them."`
	More        bool    `json:"more" doc:"Older mentions were not read."`
	Unreadable  int     `json:"unreadable" doc:"Of those read, without any word or in a script that does not part words."`
	Tone        Tone    `json:"tone" doc:"Of the mentions read."`
	Praise      []Topic `json:"praise" nullable:"false" doc:"Commoner in good mentions than in bad ones, by z."`
	Blame       []Topic `json:"blame" nullable:"false" doc:"Commoner in bad mentions than in good ones, by z."`
	Common      []Topic `json:"common" nullable:"false" doc:"Neither, by mentions; also what is said where the sentiment is unknown."`
	Typical     []Topic `json:"typical" nullable:"false" doc:"What the author says more than everybody else; empty without author."`
	Moving      []Topic `json:"moving" nullable:"false" doc:"Topics by the engagement of their mentions; also those of the other lists."`

	Moments []TopicMoment `json:"moments" nullable:"false" doc:"The mentions read by platform and hour of the day; hours without any are left out."`
}

// TopicMoment is what was said on a platform in an hour of the day.
type TopicMoment struct {
	Platform   string `json:"platform"`
	Hour       *int   `json:"hour" doc:"Of UTC, 0 to 23; null: the time is unknown."`
	Mentions   int    `json:"mentions"`
	Engagement *int64 `json:"engagement" doc:"Likes + 2·reposts + replies + quotes, summed over the mentions of which it is known; null: of none."`
	Engaged    int    `json:"engaged" doc:"Mentions whose engagement is known."`
}

// Tone is how mentions speak of the brand: shares in [0, 1] that sum to 1, all
// 0 without mentions.
type Tone struct {
	Positive float64 `json:"positive"`
	Neutral  float64 `json:"neutral"`
	Negative float64 `json:"negative"`
	Unknown  float64 `json:"unknown" doc:"Not scored; that is not neutral."`
}

// Topic is a phrase with what was said in the mentions that hold it.
type Topic struct {
	Phrase   string       `json:"phrase" doc:"In its most frequent form."`
	Lang     *string      `json:"lang" doc:"null: unknown."`
	Mentions int          `json:"mentions"`
	Authors  int          `json:"authors" doc:"Distinct people."`
	Tone     Tone         `json:"tone"`
	Z        *float64     `json:"z" doc:"Log-odds ratio of good against bad mentions in standard errors; null where either are missing in this language; of an author who has only one of them, the other is everybody's."`
	Typical  *float64     `json:"typical" doc:"The same of the author against everybody else; null without author."`
	Examples []MentionRef `json:"examples" nullable:"false" doc:"Up to three mentions, those that fit the list first."`

	Engagement *int64 `json:"engagement" doc:"Of its mentions, as in moments; null: unknown of all."`
}

// MentionRef names a mention.
type MentionRef struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Key      string `json:"key" doc:"Names the mention in addresses, as in the list of mentions."`
}

type topicsInput struct {
	BrandPath
	Since       string `query:"since" maxLength:"40" doc:"RFC 3339 time, or a date (its beginning, UTC)."`
	Until       string `query:"until" maxLength:"40" doc:"RFC 3339 time, or a date (its end, UTC)."`
	Platform    string `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$" doc:"Left out: all but youtube, as in rankings."`
	Lang        string `query:"lang" pattern:"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$" maxLength:"35"`
	Author      string `query:"author" maxLength:"200" doc:"id of an advocate: what this person praises and blames, and says more than others."`
	Limit       int    `query:"limit" minimum:"1" maximum:"200" default:"15" doc:"Topics of each list."`
	IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`
}

type topicsAnswer struct {
	ETag string `header:"ETag"`
	Body TopicList
}

func (s *server) registerTopics(a huma.API) {
	o := described(op(http.MethodGet, "/brands/{brand}/topics", "list-topics", "What people praise and blame"),
		"The first answer about new data reads texts and takes up to some seconds; further ones are immediate.")
	register(a, also(o, "304", "Nothing changed since the answer with that ETag"), s.listTopics)
}

func (s *server) listTopics(ctx context.Context, in *topicsInput) (*topicsAnswer, error) {
	f := Filters{Since: in.Since, Until: in.Until, Platform: in.Platform, Lang: in.Lang}
	window, err := f.query()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	state, err := s.Evidence.State(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	author := in.Author
	if author != "" {
		if to, err := s.Evidence.MovedTo(ctx, b.Name, author); err != nil {
			return nil, err
		} else if to != "" {
			author = to
		}
	}
	tag := s.etag(b, state, "topics", b.Name, b.Query, fingerprint(window), author, strconv.Itoa(in.Limit))
	if matches(in.IfNoneMatch, tag) {
		return nil, notModified(tag)
	}
	r, err := s.Topics.Find(ctx, topics.Query{
		Brand: b, Author: author, Since: window.Since, Until: window.Until,
		Platform: window.Platform, Lang: window.Lang, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	if r.DataVersion != state.DataVersion {
		tag = ""
	}
	list := Topics(r)
	list.Brand, list.Demo, list.Author = b.Name, b.Demo, some(author)
	return &topicsAnswer{tag, list}, nil
}

// Topics gives a report as the API shows it, without brand and author. The
// terminal answers the same with --json.
func Topics(r topics.Report) TopicList {
	return TopicList{
		DataVersion: strconv.FormatInt(r.DataVersion, 10), Read: r.Read, More: r.More, Unreadable: r.Unreadable,
		Tone:   wireTone(r.Positive, r.Neutral, r.Negative, r.Unknown),
		Praise: wireTopics(r.Praise), Blame: wireTopics(r.Blame), Common: wireTopics(r.Common), Typical: wireTopics(r.Typical),
		Moving: wireTopics(r.Moving), Moments: wireMoments(r.Moments),
	}
}

func wireMoments(list []topics.Moment) []TopicMoment {
	out := make([]TopicMoment, len(list))
	for i, m := range list {
		out[i] = TopicMoment{Platform: string(m.Platform), Mentions: m.Mentions, Engagement: wireReactions(m.Reactions), Engaged: m.Engaged}
		if m.Hour >= 0 {
			out[i].Hour = &m.Hour
		}
	}
	return out
}

func wireReactions(r topics.Reactions) *int64 {
	if r.Engaged == 0 {
		return nil
	}
	return &r.Engagement
}

func wireTone(positive, neutral, negative, unknown int) Tone {
	all := float64(max(1, positive+neutral+negative+unknown))
	return Tone{float64(positive) / all, float64(neutral) / all, float64(negative) / all, float64(unknown) / all}
}

func wireTopics(list []topics.Topic) []Topic {
	out := make([]Topic, len(list))
	for i, t := range list {
		out[i] = Topic{
			Phrase: t.Phrase, Lang: some(t.Lang), Mentions: t.Mentions, Authors: t.Authors,
			Tone: wireTone(t.Positive, t.Neutral, t.Negative, t.Unknown), Z: t.Z, Typical: t.Typical,
			Examples: make([]MentionRef, len(t.Examples)), Engagement: wireReactions(t.Reactions),
		}
		for j, e := range t.Examples {
			out[i].Examples[j] = MentionRef{string(e.Platform), e.ID, mentionKey(e.Platform, e.ID)}
		}
	}
	return out
}
