package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/scoring"
)

// AdvocateList is a page of a ranking.
type AdvocateList struct {
	Brand       string     `json:"brand"`
	Demo        bool       `json:"demo" doc:"Invented people."`
	Receipt     Receipt    `json:"receipt"`
	TooFew      bool       `json:"too_few" doc:"Too few people or mentions to rank: people with evidence, without scores."`
	Counts      Counts     `json:"counts"`
	Notes       []Note     `json:"notes" nullable:"false" doc:"What the list leaves out or cannot know."`
	Provisional bool       `json:"provisional" doc:"A scan is under way: what it brought so far is counted, more is to come."`
	Gaps        []Gap      `json:"gaps" nullable:"false" doc:"When platforms were not read since their first scan: nobody ages there meanwhile, and what was said then may be missing."`
	Items       []Advocate `json:"items" nullable:"false"`
	NextCursor  *string    `json:"next_cursor" doc:"null on the last page."`
}

// Receipt says what scores were made from; with the component values it
// recomputes them.
type Receipt struct {
	Formula     string     `json:"formula" doc:"Version of the scoring."`
	Blend       string     `json:"blend"`
	Weights     Weights    `json:"weights"`
	Mode        string     `json:"mode" enum:"expected,safe" doc:"expected: people stand in the order of their score; safe: of what their score is at least with 90 % chance."`
	Strength    *float64   `json:"strength" doc:"How many posts the usual sentiment weighs in each person's mean; learned from the brand's people, 2 to 50. null: too few to rank."`
	AsOf        *time.Time `json:"as_of" doc:"Ages and windows count back from here; null when nothing has a time."`
	Since       *time.Time `json:"since" doc:"null: all history."`
	DataVersion string     `json:"data_version"`
}

// Weights of the four components; they sum to 1.
type Weights struct {
	Affinity float64 `json:"affinity"`
	Volume   float64 `json:"volume"`
	Reach    float64 `json:"reach"`
	Network  float64 `json:"network"`
}

// Counts of a ranking.
type Counts struct {
	Total    int   `json:"total" doc:"Entries of the whole list."`
	People   int   `json:"people" doc:"Candidates in the window."`
	Mentions int64 `json:"mentions" doc:"Their own mentions."`
}

// Note is something a reader of the list has to know, with how many it
// concerns.
type Note struct {
	Code   string  `json:"code" enum:"too_few,critics_left_out,own_accounts_left_out,automated_left_out,repeaters_left_out,circle_left_out,organisations_left_out,not_a_fit_left_out,not_judged,below_min_mentions,filtered_out,ranked_apart,later,unknown_time,future_time"`
	Count  int64   `json:"count"`
	Detail *string `json:"detail" doc:"What can be done about it on this server, in English; null where the code says all."`
}

// Gap is a time in which a platform was not read.
type Gap struct {
	Platform string    `json:"platform"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to" doc:"The list's as_of where it lasts."`
}

// Advocate is one person of a ranking.
type Advocate struct {
	Rank     *int        `json:"rank" doc:"From 1, over the whole list; null for a person whom the filters leave out of it."`
	ID       string      `json:"id" doc:"Opaque; stable for this person."`
	Segment  string      `json:"segment" enum:"advocate,critic,unranked"`
	Score    Null[Score] `json:"score" doc:"null: too few to rank."`
	Sure     Null[Sure]  `json:"uncertainty" doc:"How far score and rank can be trusted; null: too few to rank."`
	Accounts []Account   `json:"accounts" nullable:"false"`
	Evidence Counted     `json:"evidence"`
	Flags    []Flag      `json:"flags" nullable:"false" doc:"What has to be known of the person, at most one of a kind; none says nothing for or against."`
	Handled
}

// Sure says how far a score and a rank can be trusted.
type Sure struct {
	ScoreLow    float64  `json:"score_low" doc:"90 % interval of the score."`
	ScoreHigh   float64  `json:"score_high"`
	ScoreSafe   float64  `json:"score_safe" doc:"What the score is at least with 90 % chance: what mode=safe sorts by."`
	RankFirst   *int     `json:"rank_first" doc:"90 % interval of the place by score among those listed; null for critics, for who is not in the list, and where it is sorted by something else."`
	RankLast    *int     `json:"rank_last"`
	Top20       *float64 `json:"top_20" doc:"Chance to be truly among the first 20, in [0, 1]; null as above."`
	SmallSample bool     `json:"small_sample" doc:"Fewer than five own posts that are not sponsored: what is usual weighs about as much as what the person said."`
}

// Account is one account of a person.
type Account struct {
	Platform  string  `json:"platform"`
	Key       string  `json:"key" doc:"The platform's own id."`
	Handle    *string `json:"handle"`
	Name      *string `json:"name"`
	Followers *int64  `json:"followers"`
}

// Score is a score with its parts.
type Score struct {
	Total     float64     `json:"total" minimum:"0" maximum:"100"`
	Sentiment *float64    `json:"sentiment" doc:"Shrunk mean in [-1, 1]."`
	Parts     []ScorePart `json:"parts" nullable:"false"`
}

// ScorePart is one component of a score.
type ScorePart struct {
	Name    string   `json:"name" enum:"affinity,volume,reach,network"`
	Value   *float64 `json:"value" doc:"In [0, 1]; null: unknown for everybody here, so left out."`
	Weight  float64  `json:"weight" doc:"After leaving out what is unknown."`
	Share   float64  `json:"share" doc:"Points of the score; shares sum to the score."`
	Imputed bool     `json:"imputed" doc:"Unknown for this person: the median stands in."`
}

// Counted is what a score rests on: counts in the window, undecayed.
type Counted struct {
	Mentions     int64      `json:"mentions"`
	Reposts      int64      `json:"reposts" doc:"Made by the person."`
	Sponsored    int64      `json:"sponsored" doc:"Left out of affinity and volume."`
	Conversation int64      `json:"conversation" doc:"Replies and quotes to the brand's own accounts."`
	ActiveDays   int        `json:"active_days"`
	Scored       int64      `json:"scored" doc:"Mentions with known sentiment."`
	Sentiment    *float64   `json:"sentiment" doc:"Mean of those, in [-1, 1]."`
	Engagement   *int64     `json:"engagement"`
	Views        *int64     `json:"views"`
	Followers    *int64     `json:"followers"`
	Counterparts *int       `json:"counterparts" doc:"Distinct accounts tied to."`
	First        *time.Time `json:"first"`
	Last         *time.Time `json:"last"`
}

// AdvocateChoice is which advocates are listed, and in which order.
type AdvocateChoice struct {
	Filters
	KeptChoice
	Sort string `query:"sort" enum:"score,affinity,volume,reach,network,mentions,engagement,recent" doc:"Descending. Left out: score."`
	Mode string `query:"mode" enum:"expected,safe" default:"expected" doc:"safe: sorted by what each score is at least with 90 % chance; only where sort is left out or score."`
	All  bool   `query:"all" doc:"Critics too and, where too few to rank, everybody."`
}

// query turns the choice into a question for all of the ranking.
func (in AdvocateChoice) query(ctx context.Context) (rank.Query, error) {
	q, err := in.Filters.query()
	q.Kept = in.KeptChoice.kept(ctx)
	q.Sort, q.All = rank.Sort(in.Sort), in.All
	q.Safe, q.Intervals = in.Mode == safeMode, true
	if err == nil && q.Safe && q.Sort != "" && q.Sort != rank.ByScore {
		return q, invalid("query.mode", "a safe list is sorted by the lower end of the score; leave out sort")
	}
	return q, err
}

type advocatesInput struct {
	BrandPath
	AdvocateChoice
	Limit       int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor      string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before. It holds for this question and these data; when the data changed the answer is 409."`
	IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`
}

type advocatesAnswer struct {
	ETag string `header:"ETag"`
	Body encoded[AdvocateList]
}

func (s *server) registerAdvocates(a huma.API) {
	register(a, also(op(http.MethodGet, "/brands/{brand}/advocates", "list-advocates", "Who the brand's advocates are"),
		"304", "Nothing changed since the answer with that ETag"), s.listAdvocates)
	person := op(http.MethodGet, "/brands/{brand}/advocates/{id}", "get-advocate", "One person, with the evidence")
	person = also(person, "304", "Nothing changed since the answer with that ETag")
	register(a, also(person, "307", "The person was merged into another; Location says whom"), s.getAdvocate)
}

func (s *server) listAdvocates(ctx context.Context, in *advocatesInput) (*advocatesAnswer, error) {
	q, err := in.query(ctx)
	if err != nil {
		return nil, err
	}
	return s.answerAdvocates(ctx, in, q)
}

// answerAdvocates gives the page that was asked for of a question.
func (s *server) answerAdvocates(ctx context.Context, in *advocatesInput, q rank.Query) (*advocatesAnswer, error) {
	q.Limit = in.Limit
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	state, err := s.Evidence.State(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	question := digest("advocates", b.Name, fingerprint(q))
	if q.Offset, err = parseOffset(in.Cursor, question, listVersion(state, q)); err != nil {
		return nil, err
	}
	tag := s.etag(b, state, account.From(ctx).On(b.Name).String(), question, strconv.Itoa(q.Offset), strconv.Itoa(q.Limit))
	if matches(in.IfNoneMatch, tag) {
		return nil, notModified(tag)
	}
	if page, ok := s.rankings.get(tag); ok {
		return &advocatesAnswer{tag, page}, nil
	}
	r, err := s.Ranker.Rank(ctx, b.Name, q)
	if err != nil {
		return nil, err
	}
	if r.DataVersion != state.DataVersion {
		tag = "" // changed in between: the tag would name other data
	}
	list := Advocates(r, Shown{Demo: b.Demo, All: q.All, YouTube: s.YouTube})
	if next := q.Offset + len(r.Entries); next < r.Total && len(r.Entries) > 0 {
		list.NextCursor = some(cursor{question, max(r.DataVersion, listVersion(state, q)), strconv.Itoa(next)}.String())
	}
	page, err := s.rankings.add(tag, list)
	return &advocatesAnswer{tag, page}, err
}

// etag names an answer by everything it depends on: the data, the moment up to
// which mentions count, the program, its settings, the question. It is a weak one:
// the same answer is sent plain and gzipped.
func (s *server) etag(b adalid.Brand, st rank.State, question ...string) string {
	facts := fmt.Sprintf("%s|%s|%q|%t|%t|%t|%d|%d|%d|%d|%v|%d|%d", s.Version, scoring.Version, s.Settings, s.YouTube, b.Demo, st.Scanning,
		st.DataVersion, st.LastScan.UnixNano(), st.Newest.UnixNano(), st.Future, st.Own, st.Standing, st.Pipeline)
	return `W/"` + digest(append(question, facts)...) + `"`
}

// matches compares as RFC 9110 section 13.1.2 says: weakly, any of a list.
func matches(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

func notModified(tag string) error {
	return huma.ErrorWithHeaders(newProblem(http.StatusNotModified, ""),
		http.Header{"ETag": {tag}})
}

// Shown says what a ranking does not say of itself.
type Shown struct {
	Demo    bool // its people are invented
	All     bool // critics were asked for
	YouTube bool // YouTube's people may be ranked
}

// Advocates gives a ranking as the API shows it, without the cursor of the next
// page. The terminal answers the same with --json.
func Advocates(r rank.Ranking, o Shown) AdvocateList {
	list := AdvocateList{
		Brand: r.Brand, Demo: o.Demo, Receipt: wireReceipt(r), TooFew: r.TooFew,
		Counts: Counts{r.Total, r.People, r.Mentions}, Notes: wireNotes(r, o), Gaps: wireGaps(r.Gaps), Provisional: r.Provisional,
		Items: make([]Advocate, len(r.Entries)),
	}
	for i, e := range r.Entries {
		list.Items[i] = wireEntry(e)
	}
	return list
}

// The modes of a list.
const (
	expectedMode = "expected"
	safeMode     = "safe"
)

func wireReceipt(r rank.Ranking) Receipt {
	w, mode := r.Weights, expectedMode
	if r.Safe {
		mode = safeMode
	}
	var strength *float64
	if r.Strength > 0 {
		strength = &r.Strength
	}
	return Receipt{
		Mode: mode, Strength: strength,
		Formula: r.Formula, Blend: string(r.Blend), AsOf: known(r.AsOf), Since: known(r.Since),
		DataVersion: strconv.FormatInt(r.DataVersion, 10),
		Weights:     wireWeights(w),
	}
}

func wireGaps(gaps []rank.Period) []Gap {
	out := make([]Gap, len(gaps))
	for i, g := range gaps {
		out[i] = Gap{string(g.Platform), g.From.UTC(), g.To.UTC()}
	}
	return out
}

// wireNotes says what a ranking leaves out; all of the critics are in it, or
// none.
func wireNotes(r rank.Ranking, o Shown) []Note {
	few, critics := int64(0), int64(r.Critics)
	if r.TooFew {
		few = int64(r.People)
	}
	if o.All {
		critics = 0
	}
	apart := "YouTube's people are not ranked until its derived-metrics amendment is accepted in the configuration."
	if o.YouTube {
		apart = "YouTube's people have a ranking of their own: platform=youtube."
	}
	notes := []Note{}
	for _, n := range []Note{
		{"too_few", few, nil},
		{"critics_left_out", critics, nil},
		{"own_accounts_left_out", int64(r.Own), nil},
		{"automated_left_out", int64(r.Absent.Automated), some("include=automated lists them.")},
		{"repeaters_left_out", int64(r.Absent.Repeaters), some("include=repeaters lists them.")},
		{"circle_left_out", int64(r.Absent.Circle), some("include=circle lists them.")},
		{"organisations_left_out", int64(r.Absent.Organisations), some("include=organisations lists them.")},
		{"not_a_fit_left_out", int64(r.Absent.Unfit), some("include=not_a_fit lists them.")},
		{"not_judged", int64(r.Unjudged), some("The server has not looked yet at whether they are automated; it is on its way.")},
		{"below_min_mentions", int64(r.BelowMin), nil},
		{"filtered_out", int64(r.Filtered), nil},
		{"ranked_apart", int64(r.Apart), &apart},
		{"later", r.Later, nil},
		{"unknown_time", r.NoTime, nil},
		{"future_time", r.Future, nil},
	} {
		if n.Count > 0 {
			notes = append(notes, n)
		}
	}
	return notes
}

func wireEntry(e rank.Entry) Advocate {
	var place *int
	if e.Rank > 0 {
		place = &e.Rank
	}
	return Advocate{
		Rank: place, ID: e.Person.ID, Segment: string(e.Segment),
		Score: wireScore(e.Score), Sure: wireSure(e.Sure), Accounts: wireAccounts(e.Person.Accounts), Evidence: wireCounted(e.Evidence), Flags: wireFlags(e.Flags),
		Handled: wirePipeline(e.Pipeline),
	}
}

func wireSure(s *rank.Sureness) Null[Sure] {
	if s == nil {
		return Null[Sure]{}
	}
	out := &Sure{ScoreLow: s.Low, ScoreHigh: s.High, ScoreSafe: s.Safe, SmallSample: s.Small}
	if p := s.Place; p != nil {
		out.RankFirst, out.RankLast, out.Top20 = &p.First, &p.Last, &p.Top
	}
	return Null[Sure]{out}
}

// WireScore gives a score as the API shows it, null for nil.
func WireScore(sc *scoring.Score) Null[Score] { return wireScore(sc) }

func wireScore(sc *scoring.Score) Null[Score] {
	if sc == nil {
		return Null[Score]{}
	}
	out := &Score{Total: sc.Total, Sentiment: sc.Mean, Parts: make([]ScorePart, len(sc.Parts))}
	for i, p := range sc.Parts {
		out.Parts[i] = ScorePart{p.Name, p.Value, p.Weight, p.Share, p.Imputed}
	}
	return Null[Score]{out}
}

func wireAccounts(as []adalid.Author) []Account {
	out := make([]Account, len(as))
	for i, a := range as {
		out[i] = wireAccount(a)
	}
	return out
}

func wireAccount(a adalid.Author) Account {
	return Account{string(a.Platform), a.Key, some(a.Handle), some(a.Name), a.Followers}
}

func wireCounted(e rank.Evidence) Counted {
	return Counted{
		e.Mentions, e.Reposts, e.Sponsored, e.Conversation, e.ActiveDays, e.Scored, e.Sentiment,
		e.Engagement, e.Views, e.Followers, e.Counterparts, unix(e.First), unix(e.Last),
	}
}
