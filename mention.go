package adalid

import (
	"time"
	"unicode"
)

// Platform names where a mention was posted, in lower case: "x", "mastodon",
// "bluesky", "reddit", "youtube", "hackernews", …
type Platform string

// The platforms that code treats by name. YouTube's terms keep its people in a
// ranking of their own.
const (
	X       Platform = "x"
	YouTube Platform = "youtube"
)

// titles are how platforms write themselves where a capital does not do.
var titles = map[Platform]string{
	YouTube: "YouTube", "hackernews": "Hacker News", "stackexchange": "Stack Exchange", "rss": "RSS",
}

// Title is the platform's name as people write it: "X", "Mastodon", "YouTube". A
// platform that nobody here knows begins with a capital.
func (p Platform) Title() string {
	if t, ok := titles[p]; ok || p == "" {
		return t
	}
	letters := []rune(p)
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}

// Mention is one post about a brand as its source gave it. Its key is (brand,
// Platform, ID). A nil pointer, a zero time and an empty string mean "the
// source does not say", never zero.
type Mention struct {
	Brand      string    // the brand named by the source's row; "" when whoever collects decides
	Platform   Platform  // "" until the collector or the import's default fills it
	ID         string    // native id of the post, of any length
	URL        string    // canonical link
	ObservedAt time.Time // when the counters were read; zero for files that do not say
	CreatedAt  time.Time // UTC, whole seconds; zero when unknown
	Author     Author    // the account, with what was known of it at the time of the post
	Lang       string    // BCP 47 tag as the source gives it, lower case
	Text       string

	Likes, Reposts, Replies, Quotes, Views *int64 // the platform's counters; a scan takes those below 0 or above 10^12 for unknown

	Repost   bool     // a repost; its counters belong to the original
	RepostOf string   // handle of the original's author, lower case
	ReplyTo  string   // handle of the account answered, lower case
	QuoteOf  string   // handle of the account quoted, lower case
	Mentions []string // handles named in the post: lower case, distinct, in order of appearance

	OwnAccount bool  // the source says that the brand itself wrote it
	Sponsored  bool  // paid partnership, advertising tag, coupon or affiliate link
	Label      Label // human reference label of research data; scoring never reads it
}

// Label is a person's judgement of how a mention speaks of the brand.
type Label string

// The labels. "" means not labelled.
const (
	Positive Label = "positive"
	Neutral  Label = "neutral"
	Negative Label = "negative"
)

// Sentiment is how a text speaks of the brand: three calibrated probabilities
// that sum to 1. Where a text could not be scored there is no Sentiment at all
// (a nil pointer), never a neutral one.
type Sentiment struct{ Negative, Neutral, Positive float64 }

// Label gives the likeliest class; on a tie the one nearer to neutral.
func (s Sentiment) Label() Label {
	switch {
	case s.Negative > s.Neutral && s.Negative > s.Positive:
		return Negative
	case s.Positive > s.Neutral && s.Positive > s.Negative:
		return Positive
	}
	return Neutral
}

// Net gives p(positive) − p(negative), in [−1, 1].
func (s Sentiment) Net() float64 { return s.Positive - s.Negative }
