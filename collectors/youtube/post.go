package youtube

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
)

// videoOf reads a video; where it cannot be used, field and why say so.
func videoOf(raw json.RawMessage, at time.Time) (m adalid.Mention, v video, field, why string) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return m, v, "", "is no video as YouTube documents it"
	}
	s := v.Snippet
	switch {
	case !videoID.MatchString(v.ID):
		return m, v, "post_id", "there is no id"
	case s == nil || !channelID.MatchString(s.Channel):
		return m, v, "author", "YouTube does not say whose video it is"
	}
	m = adalid.Mention{
		Platform: adalid.YouTube, ID: v.ID, URL: "https://www.youtube.com/watch?v=" + v.ID, ObservedAt: at,
		Author: adalid.Author{Platform: adalid.YouTube, Key: s.Channel, Name: clean(s.Name), URL: "https://www.youtube.com/channel/" + s.Channel},
		Lang:   strings.ToLower(s.Language), Text: strings.TrimSpace(clean(s.Title + "\n\n" + s.Description)),
		Views: v.Statistics.Views.value(), Likes: v.Statistics.Likes.value(), Replies: v.Statistics.Comments.value(),
	}
	if m.Lang == "" {
		m.Lang = strings.ToLower(s.Audio)
	}
	var ok bool
	if m.CreatedAt, ok = moment(s.PublishedAt); !ok {
		return m, v, "created_at", "is no time"
	}
	if m.Text == "" {
		return m, v, "text", "there is no text"
	}
	m.Mentions = handles(m.Text)
	m.Sponsored = v.Placement.Paid || collectors.Sponsored(m.Text)
	return m, v, "", ""
}

// take adds a thread's comments to the page and gives when its first was written.
func take(out *collectors.Page, i int, raw json.RawMessage, p part, at time.Time) (published int64) {
	var t thread
	if err := json.Unmarshal(raw, &t); err != nil || t.Snippet.Top == nil {
		out.Rows++
		out.Rejects = append(out.Rejects, reject(i, "", "is no thread of comments as YouTube documents it", raw))
		return 0
	}
	to := p.handle
	for n, one := range slices.Concat([]json.RawMessage{t.Snippet.Top}, t.Replies.Comments) {
		out.Rows++
		m, field, why := commentOf(one, t.Snippet.Video, at)
		if n == 0 {
			published = m.CreatedAt.Unix()
			m.Replies = t.Snippet.Replies.value()
			if m.CreatedAt.IsZero() {
				published = 0
			}
		}
		if why != "" {
			out.Rejects = append(out.Rejects, reject(i, field, why, one))
			continue
		}
		if n > 0 || m.Author.Key != p.channel {
			m.ReplyTo = to
		}
		if n == 0 {
			to = strings.ToLower(m.Author.Handle) // those that follow answer it
		}
		out.Mentions = append(out.Mentions, m)
	}
	return published
}

// commentOf reads a comment; where it cannot be used, field and why say so.
func commentOf(raw json.RawMessage, under string, at time.Time) (m adalid.Mention, field, why string) {
	var c comment
	if err := json.Unmarshal(raw, &c); err != nil {
		return m, "", "is no comment as YouTube documents it"
	}
	s := c.Snippet
	if !commentID.MatchString(c.ID) || s == nil {
		return m, "post_id", "there is no id"
	}
	m = adalid.Mention{Platform: adalid.YouTube, ID: c.ID, ObservedAt: at, Likes: s.Likes.value()}
	var ok bool
	if m.CreatedAt, ok = moment(s.PublishedAt); !ok {
		return m, "created_at", "is no time"
	}
	if m.Author, ok = c.author(); !ok {
		return m, "author", "YouTube does not say who wrote it"
	}
	if m.Text = strings.TrimSpace(clean(s.Original)); m.Text == "" {
		m.Text = strings.TrimSpace(clean(s.Display))
	}
	if m.Text == "" {
		return m, "text", "there is no text"
	}
	if under == "" {
		under = s.Video
	}
	if videoID.MatchString(under) {
		m.URL = "https://www.youtube.com/watch?v=" + under + "&lc=" + c.ID
	}
	m.Mentions = handles(m.Text)
	m.Sponsored = collectors.Sponsored(m.Text)
	return m, "", ""
}

// author is who wrote a comment: a channel id, else the handle, which is unique
// too. A mere name is nobody.
func (c *comment) author() (adalid.Author, bool) {
	s := c.Snippet
	a := adalid.Author{Platform: adalid.YouTube, Key: s.Channel.ID, Name: clean(s.Name), URL: s.URL}
	if i := strings.LastIndex(s.URL, "/channel/"); a.Key == "" && i >= 0 {
		a.Key = s.URL[i+len("/channel/"):]
	}
	if h, is := strings.CutPrefix(s.Name, "@"); is {
		a.Handle = h
	}
	if !channelID.MatchString(a.Key) {
		a.Key = strings.ToLower(a.Handle)
	}
	return a, a.Key != ""
}

func (ch *channel) author() adalid.Author {
	a := adalid.Author{
		Platform: adalid.YouTube, Key: ch.ID, Handle: strings.TrimPrefix(ch.Snippet.Handle, "@"),
		Name: clean(ch.Snippet.Title), Bio: clean(ch.Snippet.Description), URL: "https://www.youtube.com/channel/" + ch.ID,
	}
	if !ch.Statistics.Hidden {
		a.Followers = ch.Statistics.Subscribers.value()
	}
	a.Created, _ = moment(ch.Snippet.PublishedAt)
	return a
}

// invisible characters say nothing, but keep words from being found.
var invisible = strings.NewReplacer("\x00", "", "\u200b", "", "\u2060", "", "\ufeff", "")

func clean(s string) string { return invisible.Replace(s) }

var mentioned = regexp.MustCompile(`(?:^|[^\pL\pN_.@/])@([\pL\pN_][\pL\pN_.·-]{1,28}[\pL\pN_])`)

// handles gives the accounts that a text names.
func handles(text string) (list []string) {
	for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
		if h := strings.ToLower(m[1]); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

// maxRaw is how much of a row that cannot be used is kept.
const maxRaw = 4 << 10

func reject(i int, field, why string, raw json.RawMessage) collectors.Reject {
	return collectors.Reject{Source: "youtube", Row: int64(i + 1), Field: field, Column: field, Reason: why, Raw: string(raw[:min(len(raw), maxRaw)])}
}

// maxQuery is how long a search may be; YouTube documents no limit.
const maxQuery = 400

// queries gives the searches that together ask for all terms, and what cannot
// be asked for, one sentence each.
func queries(terms []collectors.Term) (list, warnings []string) {
	var asked []string
	for _, t := range terms {
		text := strings.Join(strings.Fields(strings.NewReplacer(`"`, " ", "|", " ").Replace(t.Text)), " ")
		switch {
		case text == "" || t.Kind == collectors.From:
			continue
		case t.Kind == collectors.Prefix || t.Kind == collectors.Inside:
			warnings = append(warnings, fmt.Sprintf("YouTube searches whole words only: %s was searched for as a word.", text))
		case utf8.RuneCountInString(text) > maxQuery-2:
			warnings = append(warnings, fmt.Sprintf("One term is too long for a search of %d characters: it was not searched for.", maxQuery))
			continue
		}
		switch {
		case t.Kind == collectors.Tag:
			text = "#" + text
		case t.Kind == collectors.Handle:
			text = "@" + text
		case strings.ContainsAny(text, " -"):
			text = `"` + text + `"`
		}
		if !slices.Contains(asked, text) {
			asked = append(asked, text)
		}
	}
	for len(asked) > 0 {
		n, any := 1, asked[0]
		for n < len(asked) && utf8.RuneCountInString(any+"|"+asked[n]) <= maxQuery {
			any += "|" + asked[n]
			n++
		}
		list, asked = append(list, any), asked[n:]
	}
	return list, warnings
}
