// Package rank keeps a brand's roll-ups as columns in memory and answers who
// its advocates are.
package rank

import (
	"context"
	"math"
	"time"

	"adalid"
	"adalid/scoring"
)

// NoDay is the Day of rows and edges made from mentions without created_at.
const NoDay = math.MinInt32

// Store is what ranking needs of the database. Rows come ordered as said, so
// that the same data give the same bytes. Rows and edges of mentions without a
// time may come with day NoDay and are skipped.
type Store interface {
	// State tells the brand's data version and facts about its time range.
	State(ctx context.Context, brand string) (State, error)
	// Accounts yields every account that wrote about the brand, by ID.
	Accounts(ctx context.Context, brand string, yield func(Account) error) error
	// Days yields the whole-day roll-ups, by day, account, language.
	Days(ctx context.Context, brand string, yield func(Row) error) error
	// DayPart yields the same rows made from the mentions with
	// from ≤ created_at ≤ to; both times lie in one UTC day.
	DayPart(ctx context.Context, brand string, from, to time.Time, yield func(Row) error) error
	// Edges yields the whole-day edges, by day, kind, source, target.
	Edges(ctx context.Context, brand string, yield func(Edge) error) error
	// EdgesPart is to Edges what DayPart is to Days.
	EdgesPart(ctx context.Context, brand string, from, to time.Time, yield func(Edge) error) error
}

// State is what a ranking has to know before it starts.
type State struct {
	DataVersion int64               // rises with every change of the brand's data
	Mark        int64               // another at random with every version: a database that was put back tells its own from others
	LastScan    time.Time           // end of the last completed scan of a live source, or the latest page of one under way that brought something new; zero without one
	Newest      time.Time           // newest created_at that is not in the future; zero without one
	NoTime      int64               // mentions without created_at
	Future      int64               // mentions created in the future
	Own         []adalid.OwnAccount // own and staff accounts, by rule and by flagged rows
	Observed    []Period            // when live sources were watched; none where everything came from files
	Scanning    bool                // a live source is being read: more is to come
	Standing    int64               // rises with every change of what Standings gives; 0: nothing yet
	Pipeline    int64               // the same of what Pipelines gives
	Unfit       int64               // Pipeline when somebody last became no fit, or a fit again
}

// Account is one author of the brand.
type Account struct {
	ID       int64  // the store's number; never leaves the server
	Person   string // adalid.Person.ID
	Platform adalid.Platform
	Key      string
	Own      bool      // the brand's own or staff
	Profiles []Profile // every name the account was seen under; Row.Profile points into it
}

// Profile is how an account presented itself.
type Profile struct{ Handle, Name string }

// Row is what one account did in one language on one UTC day. Posts with a
// near copy before them weigh 1/k²; weights and sums of s are stored as whole
// billionths, so that the order of addition never matters.
type Row struct {
	Account int64
	Day     int32 // created_at / 86400, or NoDay
	Lang    string

	Posts, Own, Reposted int32 // all posts; authored ones; reposts made
	Organic              int32 // own and not sponsored
	Copies               int32 // own posts that repeat an earlier one of the account: k > 1

	// Sums over own posts; Known counts the posts whose source gave the value.
	Likes, Reposts, Replies, Quotes, Views Sum
	EngagementKnown                        int32 // own posts with at least one of likes, reposts, replies, quotes

	Weight          int64 // Σ 1/k² over organic posts, in billionths
	SentimentWeight int64 // Σ 1/k² over scored organic posts, in billionths
	SentimentSum    int64 // Σ s/k² over the same, in billionths
	Scored          int32 // scored organic posts

	FollowersMax  *int64
	FollowingLast *int64 // of the day's last post
	Profile       int32  // of the day's last post, index into Account.Profiles
	First, Last   int64  // unix seconds
	LastID        string // id of the day's last post by (created_at, id)
}

// Sum is a sum over posts of which only Known told the value.
type Sum struct {
	Total int64
	Known int32
}

// EdgeKind is how a post ties its author to another account.
type EdgeKind uint8

// The kinds of edges. A post that names and answers the same account makes a
// Mention and a Reply edge; the graph counts the larger of the two.
const (
	MentionEdge EdgeKind = iota
	RepostEdge
	ReplyEdge
	QuoteEdge
)

// Edge is how often one account tied itself to a handle of its platform on one
// day.
type Edge struct {
	Day    int32 // as in Row
	Kind   EdgeKind
	Source int64  // Account.ID
	Target string // handle, lower case
	Weight int32  // posts
}

// Query asks for a ranking. The zero value asks for the default one.
type Query struct {
	Since, Until time.Time       // zero: all history; as-of
	Platform     adalid.Platform // "" is all but YouTube, whose people are ranked apart
	Lang         string          // "" all; matches the primary subtag
	MinMentions  int             // own mentions a listed person has at least; 0 means 1
	Weights      scoring.Weights // all zero: Options.Weights
	Blend        scoring.Blend   // "": Options.Blend
	Sort         Sort            // "": score
	Safe         bool            // by the 10 % quantile of the score instead of the score; only with ByScore
	Intervals    bool            // entries say how sure they are
	All          bool            // critics too and, where too few to rank, everybody
	Where        string          // only people of whom this holds, in the grammar of ParseWhere; "" everybody
	Segment      string          // the expression of a saved segment, which has to hold too
	Include      Include         // who is listed although the default list leaves them out
	Kept         Kept            // only people of whom the team keeps that
	Offset       int
	Limit        int // 0: no limit
}

// wheres are the expressions of a query: what asks the same has the same.
type wheres struct{ segment, where string }

func (q Query) wheres() wheres { return wheres{q.Segment, q.Where} }

// Sort names an order of a ranking; ties break by more mentions, then person.
type Sort string

// The orders. All are descending.
const (
	ByScore      Sort = "score"
	ByAffinity   Sort = "affinity"
	ByVolume     Sort = "volume"
	ByReach      Sort = "reach"
	ByNetwork    Sort = "network"
	ByMentions   Sort = "mentions"
	ByEngagement Sort = "engagement"
	ByRecent     Sort = "recent"
)

// Ranking is the answer to a Query.
type Ranking struct {
	Brand       string
	AsOf        time.Time
	Since       time.Time // zero: all history
	DataVersion int64
	Formula     string // scoring.Version
	Weights     scoring.Weights
	Blend       scoring.Blend
	Safe        bool    // as asked
	Strength    float64 // κ: how many posts the usual sentiment weighs in each person's mean; 0 when too few to rank

	TooFew   bool   // under 30 people or 100 mentions: entries have no score
	People   int    // candidates in the window: at least one own mention, not the brand's own
	Mentions int64  // their own mentions
	Critics  int    // people listed only by All
	Own      int    // own and staff accounts left out
	BelowMin int    // people under MinMentions
	Filtered int    // people who would be listed but for Where or Kept
	Absent   Absent // people left out by what is known of them
	Unjudged int    // people listed of whom the rules have not said yet how likely they are automated
	Apart    int    // YouTube people, left out of this list
	NoTime   int64  // mentions left out because their time is unknown
	Future   int64  // mentions left out because they lie in the future
	Later    int64  // mentions left out because they are newer than the last scan; Until includes them

	Provisional bool // a scan is under way: what it brings is in here as far as it is stored

	Gaps []Period // when platforms were not watched since their first scan, up to AsOf; nobody ages in them

	Platforms []adalid.Platform // where people speak about the brand, whatever was asked, in order
	Platform  adalid.Platform   // as asked; "" all but YouTube
	Lang      string            // primary subtag, as asked; "" all

	Total   int // entries that match, before Offset and Limit
	Entries []Entry
}

// Segment says what a person is to the brand.
type Segment string

// The segments.
const (
	// Advocate is who is not known to be a critic: speaks well of the brand, or
	// has no post that could be scored. The latter's affinity is Imputed, or left
	// out where nobody's sentiment is known.
	Advocate Segment = "advocate"
	Critic   Segment = "critic"   // worth answering, not inviting
	Unranked Segment = "unranked" // too few to rank
)

// Entry is one person of a ranking.
type Entry struct {
	Rank     int // from 1, over the whole list
	Person   adalid.Person
	Segment  Segment
	Score    *scoring.Score // nil when too few to rank
	Sure     *Sureness      // nil when not asked for, and when too few to rank
	Evidence Evidence
	Flags    []Flag // what has to be known of the person, at most one of a kind
	Pipeline Pipeline
}

// Evidence is what a score rests on: counts in the window, undecayed.
type Evidence struct {
	Mentions     int64    `json:"mentions"`     // own posts about the brand
	Reposts      int64    `json:"reposts"`      // reposts made
	Sponsored    int64    `json:"sponsored"`    // own posts left out of affinity and volume
	Conversation int64    `json:"conversation"` // replies and quotes to the brand's own accounts
	ActiveDays   int      `json:"active_days"`
	Scored       int64    `json:"scored"`    // own organic posts whose sentiment is known
	Sentiment    *float64 `json:"sentiment"` // mean net sentiment of those, unshrunk, in [−1, 1]
	Engagement   *int64   `json:"engagement"`
	Views        *int64   `json:"views"`
	Followers    *int64   `json:"followers"`
	Counterparts *int     `json:"counterparts"` // distinct accounts tied to, by any of the person's accounts
	First        int64    `json:"first"`        // unix seconds
	Last         int64    `json:"last"`
}
