package api

import (
	"context"
	"io"
	"time"

	"adalid"
	"adalid/internal/audit"
	"adalid/internal/backtest"
	"adalid/internal/rank"
	"adalid/internal/relevance"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
	"adalid/internal/topics"
)

// Brands keeps the brands. Unknown names are an adalid.Error with code
// NotFound, taken ones Conflict, unusable queries Invalid, and so are names that
// adalid.CheckBrandName refuses.
type Brands interface {
	Brands(ctx context.Context) ([]adalid.Brand, error) // by name
	Brand(ctx context.Context, name string) (adalid.Brand, error)
	CreateBrand(ctx context.Context, b adalid.Brand) error
	UpdateBrand(ctx context.Context, b adalid.Brand) error // the query of the brand of that name; own accounts stay
	RemoveBrand(ctx context.Context, name string) error
	SetRivals(ctx context.Context, brand string, rivals []string) error // NotFound for a name that is not stored
	AddOwnAccounts(ctx context.Context, brand string, own []adalid.OwnAccount) error
	RemoveOwnAccounts(ctx context.Context, brand string, own []adalid.OwnAccount) error
}

// Evidence gives what rankings rest on.
type Evidence interface {
	// State tells the brand's data version; it is cheap.
	State(ctx context.Context, brand string) (rank.State, error)
	// Posts gives one page of posts and the cursor of the next, "" at the end.
	// A cursor it did not make is Invalid.
	Posts(ctx context.Context, brand string, q rank.PostQuery) ([]rank.Post, string, error)
	// MovedTo gives the id of the person whom the one named id was merged
	// into, "" when there was no merge.
	MovedTo(ctx context.Context, brand, id string) (string, error)
}

// Ranker answers who a brand's advocates are.
type Ranker interface {
	Rank(ctx context.Context, brand string, q rank.Query) (rank.Ranking, error)
	// Person gives one person in the ranking that q asks for, NotFound for an
	// unknown id and for one without a mention in the window.
	Person(ctx context.Context, brand, id string, q rank.Query) (rank.Detail, error)
	// Audience tells who listens to those who score at least so much.
	Audience(ctx context.Context, brand string, q rank.Query, least float64) (*rank.Audience, error)
	backtest.Ranker
}

// Explainer says why people have the scores they have.
type Explainer interface {
	// FindPerson gives the id of the person whom an id, a handle or platform:handle
	// means: NotFound for nobody, Invalid for several.
	FindPerson(ctx context.Context, brand, name string, q rank.Query) (string, error)
	// Why explains a score and, with the id of another, the difference.
	Why(ctx context.Context, brand, person, versus string, q rank.Query) (rank.Explanation, error)
	// Prove adds the posts that show it.
	Prove(ctx context.Context, posts rank.PostReader, e *rank.Explanation, q rank.Query) error
}

// Viewer finds people by questions other than who comes first.
type Viewer interface {
	View(ctx context.Context, brand string, q rank.ViewQuery) (rank.View, error)
	Grid(ctx context.Context, brand string, q rank.Query) (rank.Grid, error)
	Voice(ctx context.Context, brands []string, q rank.Query) (rank.Voice, error)
	// Network gives who ties themselves to whom.
	Network(ctx context.Context, brand string, q rank.Query) (rank.Network, error)
}

// Segments keeps filter expressions under names: NotFound for a name that is not
// kept, Invalid for what cannot be used.
type Segments interface {
	Segments(ctx context.Context, brand string) ([]rank.Saved, error)
	Segment(ctx context.Context, brand, name string) (rank.Saved, error)
	SaveSegment(ctx context.Context, brand string, s rank.Saved) (created bool, err error)
	RemoveSegment(ctx context.Context, brand, name string) error
}

// TopicFinder tells what people praise and blame: NotFound for an unknown
// author.
type TopicFinder interface {
	Find(ctx context.Context, q topics.Query) (topics.Report, error)
	// Groups tells what names each of count groups of people.
	Groups(ctx context.Context, q topics.Query, count int, of func(person string) int) ([]topics.Group, error)
}

// Teacher takes a team's own judgements, which win over the models, and lets
// the models learn from them.
type Teacher interface {
	// Correct records labels of a brand's mentions, all of them or none. NotFound
	// when there is no such mention, Invalid when several platforms have one.
	Correct(ctx context.Context, brand string, c []Correction, by string) (Taught, error)
	// Corrections tells which labels there are, the newest first, and what was
	// learned from them. NotFound for an unknown brand, Invalid for a place that
	// no page ended at.
	Corrections(ctx context.Context, brand string, q CorrectionQuery) (Corrections, error)
	// Explain tells what decided about a mention's sentiment, by at most limit
	// reasons; the errors are those of Correct.
	Explain(ctx context.Context, brand string, m NamedMention, limit int) (Explained, error)
}

// CorrectionQuery asks for a page of labelled mentions.
type CorrectionQuery struct {
	After string // Next of the page before; "" for the first
	Limit int    // 0: all
}

// Corrections are a brand's labels and what was learned from them.
type Corrections struct {
	Negative, Neutral, Positive int // labels of each class

	Effect  sentiment.Effect
	InUse   bool
	Resting bool      // it was learned with another version of the model, which it holds for
	Learned time.Time // zero: nothing was
	Model   string    // version of the model

	Items []CorrectedMention
	Next  string // "" on the last page
}

// CorrectedMention is a mention with a label of the team.
type CorrectedMention struct {
	AuditItem
	Label   adalid.Label
	Model   adalid.Label // the model's likeliest class; "": not scored
	By      string
	At      time.Time
	LeftOut bool // it is not about the brand, and nothing is learned from it
}

// NamedMention is what people call a mention by.
type NamedMention struct {
	Platform adalid.Platform // "": the one that has the id
	ID       string
}

// Explained is a mention with what decided about its sentiment.
type Explained struct {
	Platform    adalid.Platform
	ID          string
	Repost      bool
	Net         *float64     // stored, in [-1, 1], a multiple of a millionth; nil: not scored
	Tone        adalid.Label // stored; "": not scored
	Team        adalid.Label // "": none
	Residual    bool         // a brand's residual is in use
	Explanation sentiment.Explanation
}

// Correction is a team's label of one mention; "" takes it back.
type Correction struct {
	Platform adalid.Platform // "": the one that has the id
	ID       string
	Label    adalid.Label
}

// Taught says what corrections did.
type Taught struct {
	Changed  int64 // mentions whose label is another one now
	Rescored int64 // mentions whose sentiment, as the model sees it, is another one now, be it by little
	Turned   int64 // of these: of another class
	Pending  bool  // the walk over the brand's mentions goes on
	Effect   sentiment.Effect
}

// Relevance takes a team's word on which mentions are about the brand, and
// leaves out what a model learned from it takes for something else.
type Relevance interface {
	// Mark records marks of a brand's mentions, all of them or none; the errors
	// are those of Teacher.Correct.
	Mark(ctx context.Context, brand string, marks []RelevanceMark, by string) (Marked, error)
	// RelevanceState tells what was learned and what would teach more.
	RelevanceState(ctx context.Context, brand string) (RelevanceState, error)
	// SwitchRelevance lets the model leave mentions out, or none.
	SwitchRelevance(ctx context.Context, brand string, on bool) (Marked, error)
}

// RelevanceMark says whether a mention is about the brand; nil takes it back.
type RelevanceMark struct {
	Platform adalid.Platform // "": the one that has the id
	ID       string
	About    *bool
}

// Marked says what marks did.
type Marked struct {
	Changed    int64 // mentions whose mark is another one now
	MarkedOut  int64 // of these: counted before and do not now
	MarkedBack int64 // of these: count again
	LeftOut    int64 // mentions that the rule leaves out now and that counted before
	Returned   int64 // mentions that count again by the rule
	Pending    bool  // the walk over the brand's mentions goes on
	InUse      bool
	Effect     relevance.Effect
}

// RelevanceState is what was learned from a brand's marks.
type RelevanceState struct {
	Off    bool // switched off by the team
	InUse  bool
	Effect relevance.Effect
	// Next are the mentions whose marks would teach most, Exclude what the
	// query might leave out.
	Next    []AuditItem
	Exclude []relevance.Exclusion
}

// Auditor draws samples of mentions to judge and tells what the answers mean.
type Auditor interface {
	// AuditSample draws n mentions; the same seed draws the same ones as long as
	// nothing is stored.
	AuditSample(ctx context.Context, brand string, n int, seed uint64) ([]AuditItem, error)
	// Audit reports on answers to the sample of the same n and seed; their keys
	// are platform/id.
	Audit(ctx context.Context, brand string, n int, seed uint64, answers []audit.Answer) (audit.Report, error)
}

// AuditItem is a mention to judge, without what the model says of it: that
// would sway the answer.
type AuditItem struct {
	Platform adalid.Platform
	ID       string
	URL      string
	Author   string
	Lang     string
	Text     string
}

// Importer takes uploaded exports.
type Importer interface {
	// Start reads body to its end, keeps it and returns; the import itself
	// goes on after the request, so it must not use ctx. Input that can be
	// refused at once is Invalid.
	Start(ctx context.Context, brand, name string, body io.Reader, o ImportOptions) (ImportStatus, error)
	// Status tells how far an import of the brand is; NotFound for others.
	Status(ctx context.Context, brand, id string) (ImportStatus, error)
	// List gives the brand's imports, newest first.
	List(ctx context.Context, brand string) ([]ImportStatus, error)
}

// ImportOptions say how to read an upload; the zero value recognises
// everything by itself.
type ImportOptions struct {
	Format    string   // auto, canonical, csv, tweets-v1, tweets-v2, x-archive, mastodon; "" is auto
	Match     string   // all or query; "" is all
	Platform  string   // for rows that name none
	Map       []string // FIELD=COLUMN or FIELD=TEMPLATE
	DateOrder string   // dmy, mdy, ymd, auto; "" is auto
	Timezone  string   // IANA name for times without a zone; "" is UTC
	Year      int      // for dates without a year; 0: not given
}

// ImportState is how far an import is.
type ImportState string

// The states of an import.
const (
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportFailed  ImportState = "failed"
)

// ImportStatus tells how far an import is and what it did.
type ImportStatus struct {
	ID    string // opaque, URL-safe
	Brand string
	Name  string // of the uploaded file, as the client gave it
	State ImportState

	Rows, New, Changed, Repeated, Rejected int64
	Suppressed                             int64 // of people who were erased; nothing of them is stored
	Unmatched                              int64 // rows that the brand's query did not want
	Read, Size                             int64 // bytes; Size 0: unknown
	Notices                                []ImportNotice
	Rejects                                []RejectedRow // the first ten
	Error                                  string        // one sentence for the client; "" unless failed

	Started, Finished time.Time // Finished is zero while running
}

// ImportNotice is a known trap met in an import: its code, how often, and up
// to three examples.
type ImportNotice struct {
	Code     string
	Count    int64
	Examples []string
}

// Sources keeps the configured live sources. What is wrong with settings is
// Invalid and names the field.
type Sources interface {
	// SourceKinds tells what can be read and which settings it needs, by name.
	SourceKinds() []SourceKind
	// Sources lists the stored sources and the kinds that are read without one,
	// by name.
	Sources(ctx context.Context) ([]ListedSource, error)
	// SetSource stores a source in place of the one of that name.
	SetSource(ctx context.Context, s scan.Source) error
	// RemoveSource removes a stored source; NotFound when there is none.
	RemoveSource(ctx context.Context, name string) error
}

// ListedSource is a source, stored or read because its kind needs no setting.
type ListedSource struct {
	scan.Source
	Stored bool
}

// Scanner reads live sources.
type Scanner interface {
	// StartScan starts a scan that goes on after the request and gives the id of
	// its record. Conflict with a *scan.UnderWay inside when the brand is being
	// scanned.
	StartScan(ctx context.Context, o scan.Order) (int64, error)
	// ScanRecords gives the latest scans of a brand, the newest first; with id
	// only that one, NotFound when the brand has none of it.
	ScanRecords(ctx context.Context, brand string, id int64, limit int) ([]scan.Record, error)
	// WatchScan tells that the record of a scan may have changed; it never holds
	// the scan up. The channel is closed when the server stops and nothing more
	// will change. RateLimited when too many watch; stop has to be called.
	WatchScan(id int64) (changed <-chan struct{}, stop func(), err error)
	// ProbeSource tests a source with a request or two; NotFound when there is
	// none of that name.
	ProbeSource(ctx context.Context, name string) (scan.Standing, error)
}

// Standings tells how a brand does at its sources.
type Standings interface {
	// Standings lists the sources of a brand with what is known of each, by name.
	Standings(ctx context.Context, brand string) ([]SourceStanding, error)
	// Spent tells what a brand has spent in the UTC month of a time, by source
	// and unit.
	Spent(ctx context.Context, brand string, month time.Time) ([]Spending, error)
}

// SourceStanding is how a brand does at a source.
type SourceStanding struct {
	Source  scan.Source
	Health  scan.Health // zero State: it was never read
	Watched []Watched   // by time
}

// Watched is a span of time of which everything was read: From is included, To
// is not.
type Watched struct{ From, To time.Time }

// Spending is what one kind of unit came to.
type Spending struct {
	Source, Unit  string
	Platform      adalid.Platform // of the source; "" when it was removed
	Units, Micros int64           // micros: millionths of a US dollar
}

// Schedules keeps when brands are scanned by themselves.
type Schedules interface {
	// Schedule gives a brand's plan, false when it has none.
	Schedule(ctx context.Context, brand string) (scan.Plan, bool, error)
	SetSchedule(ctx context.Context, p scan.Plan) error
	RemoveSchedule(ctx context.Context, brand string) error
}

// Receiver takes mentions that others send in.
type Receiver interface {
	// Receive stores canonical rows, one JSON object a line, and returns when
	// they are on disk: all of those that can be used, or none.
	Receive(ctx context.Context, brand string, lines []byte, o PushOptions) (Received, error)
	// BeginPush takes a sender's key for the body that the hash is of: the stored
	// answer where there is one, nil where the request is to be worked on.
	// Invalid when the key came with another body, Conflict while its twin is
	// being worked on.
	BeginPush(ctx context.Context, brand, key string, body []byte) ([]byte, error)
	// EndPush keeps the answer; nil gives the key back.
	EndPush(ctx context.Context, brand, key string, answer []byte) error
}

// PushOptions say how to read rows that were sent in.
type PushOptions struct {
	Match    string // all or query; "" is all
	Platform string // of rows that name none; "" is x
}

// Received says what became of rows that were sent in.
type Received struct {
	Rows, New, Changed, Repeated int64
	Suppressed                   int64 // of people who were erased; nothing of them is stored
	Rejected                     int64
	Unmatched                    int64 // rows that the brand's query did not want
	Rejects                      []RejectedRow
}

// RejectedRow is a row that could not be used.
type RejectedRow struct {
	Row    int64  // from 1; 0 when it is not known
	Field  string // "" when the row as a whole is wrong
	Reason string
	Column string // as the source calls it; "" when it has no names, or was not kept
}

// Figures are what /metrics shows of live scans.
type Figures interface {
	// SourceFigures lists figures by source since the server was started.
	SourceFigures(ctx context.Context) ([]SourceFigures, error)
}

// SourceFigures are what was read at a source, for all brands together.
type SourceFigures struct {
	Source                  string
	Platform                string // of its posts
	Pages, Mentions, Micros int64
	Monthly                 *int64           // millionths of a US dollar that a month may cost; nil: it is free, or may cost nothing
	Errors                  map[string]int64 // by what stopped the source
	Succeeded               time.Time        // last read to its end; zero: never
}
