package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/internal/audit"
	"adalid/internal/identity"
	"adalid/internal/rank"
	"adalid/internal/relevance"
	"adalid/internal/sentiment"
	"adalid/internal/topics"
	"adalid/scoring"
)

var fakeNow = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// canary is internal text: it may reach the log, never a client.
const canary = "/srv/adalid/store.go: sql: no such table: canary_7f3a"

// fake is an invented brand world in memory.
type fake struct {
	mu       sync.Mutex
	brands   map[string]adalid.Brand // by lower-case name
	version  int64
	people   []rank.Entry
	moved    map[string]string
	imports  []ImportStatus
	label    adalid.Label // of the mention that Correct knows
	fail     error        // what every call answers, when set
	mute     error        // of what names groups
	ranked   int          // how often a ranking was made
	topics   []topics.Query
	decided  decisions
	standing int64

	segments map[string]rank.Saved // by lower-case name
	choices  map[string][]rank.Choice

	settings string // of the ranking
	youTube  bool   // its amendment is accepted
	pushKey  []byte // signs what is sent in
}

// hostile is what strangers write into every field they control.
const hostile = `<script>alert("x")</script>&'\u202e` + "\t=cmd|' /C calc'!A0"

func newFake(people int) *fake {
	f := &fake{
		brands:  map[string]adalid.Brand{},
		version: 7,
		choices: map[string][]rank.Choice{},
		decided: decisions{map[string]string{}, map[string]bool{}},
		moved:   map[string]string{"p-old": "p001"},
	}
	for _, name := range []string{"Café Ñandú", "a/b c+d%", hostile[:25]} {
		f.brands[strings.ToLower(name)] = adalid.Brand{Name: name, Query: "café", Created: fakeNow, Own: []adalid.OwnAccount{{Handle: "cafe"}}}
	}
	f.brands["invented"] = adalid.Brand{Name: "Invented", Demo: true}
	for i := range people {
		f.people = append(f.people, fakeEntry(i))
	}
	f.imports = []ImportStatus{{
		ID: "imp0", Brand: "Café Ñandú", State: ImportFailed,
		Error: `e.csv: the dates in column "` + strings.Repeat("x", 300) + `" can be read in more than one way (row 1: ` + strings.Repeat("x", 300) + `); say --date-order dmy or --date-order mdy`,
	}, {
		ID: "imp1", Brand: "Café Ñandú", Name: "export.csv", State: ImportDone, Rows: 4, New: 2, Rejected: 1, Unmatched: 1,
		Read: 10, Size: 10, Notices: []ImportNotice{{"cut_last_line", 1, []string{"line 4"}}}, Started: fakeNow, Finished: fakeNow,
	}}
	return f
}

func ptr[T any](v T) *T { return &v }

func fakeEntry(i int) rank.Entry {
	e := rank.Entry{
		Rank: i + 1, Segment: rank.Advocate,
		Person: adalid.Person{ID: fmt.Sprintf("p%03d", i), Accounts: []adalid.Author{{
			Platform: "x", Key: "9007199254740993" + strconv.Itoa(i), Handle: fmt.Sprintf("ana%d", i), Name: "Ana " + hostile,
			URL: "javascript:alert(1)", Verified: ptr(true), Followers: ptr(int64(1000 - i)),
		}}},
		Evidence: rank.Evidence{Mentions: int64(50 - i%40), Reposts: 2, ActiveDays: 9, Followers: ptr(int64(1000 - i)), First: fakeNow.Unix() - 9e5, Last: fakeNow.Unix()},
	}
	total := 90 - float64(i)/10
	e.Score = &scoring.Score{Total: total, Blend: scoring.Geometric, Mean: ptr(.4)}
	for j, n := range scoring.Names {
		e.Score.Parts[j] = scoring.Part{Name: n, Value: ptr(.5), Weight: .25, Share: total / 4}
	}
	e.Score.Parts[scoring.Network].Value = nil
	return e
}

func (f *fake) find(name string) (adalid.Brand, error) {
	if f.fail != nil {
		return adalid.Brand{}, f.fail
	}
	b, ok := f.brands[strings.ToLower(name)]
	if !ok {
		return b, adalid.Errorf(adalid.NotFound, "There is no brand of that name.")
	}
	return b, nil
}

func fakeQuery(q string) error {
	if strings.Count(q, "(") != strings.Count(q, ")") {
		return adalid.Errorf(adalid.Invalid, "a parenthesis is not closed")
	}
	return nil
}

func (f *fake) Brands(context.Context) ([]adalid.Brand, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []adalid.Brand
	for _, b := range f.brands {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b adalid.Brand) int { return cmp.Compare(a.Name, b.Name) })
	return out, f.fail
}

func (f *fake) Brand(_ context.Context, name string) (adalid.Brand, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(name)
}

func (f *fake) CreateBrand(_ context.Context, b adalid.Brand) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := adalid.CheckBrandName(b.Name); err != nil {
		return err
	}
	if _, err := f.find(b.Name); err == nil {
		return adalid.Errorf(adalid.Conflict, "There is a brand of that name.")
	}
	f.brands[strings.ToLower(b.Name)] = b
	return f.fail
}

func (f *fake) UpdateBrand(_ context.Context, b adalid.Brand) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	old, err := f.find(b.Name)
	if err != nil {
		return err
	}
	b.Own = old.Own
	f.brands[strings.ToLower(b.Name)] = b
	f.version++
	return nil
}

func (f *fake) AddOwnAccounts(_ context.Context, brand string, own []adalid.OwnAccount) error {
	return f.changeOwn(brand, func(old []adalid.OwnAccount) []adalid.OwnAccount {
		return append(slices.Clone(old), own...)
	})
}

func (f *fake) RemoveOwnAccounts(_ context.Context, brand string, own []adalid.OwnAccount) error {
	return f.changeOwn(brand, func(old []adalid.OwnAccount) []adalid.OwnAccount {
		return slices.DeleteFunc(slices.Clone(old), func(o adalid.OwnAccount) bool { return slices.Contains(own, o) })
	})
}

func (f *fake) changeOwn(brand string, change func([]adalid.OwnAccount) []adalid.OwnAccount) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err != nil {
		return err
	}
	b.Own = change(b.Own)
	f.brands[strings.ToLower(b.Name)] = b
	f.version++
	return nil
}

func (f *fake) RemoveBrand(_ context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(name); err != nil {
		return err
	}
	delete(f.brands, strings.ToLower(name))
	return nil
}

func (f *fake) State(_ context.Context, brand string) (rank.State, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.find(brand)
	return rank.State{DataVersion: f.version, Standing: f.standing, Newest: fakeNow}, err
}

func (f *fake) MovedTo(_ context.Context, _, id string) (string, error) {
	return f.moved[id], nil
}

func (f *fake) Posts(_ context.Context, brand string, q rank.PostQuery) ([]rank.Post, string, error) {
	start := 0
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil {
			return nil, "", adalid.Errorf(adalid.Invalid, "The cursor cannot be read.")
		}
		start = n
	}
	const all = 120
	var out []rank.Post
	for i := start; i < min(all, start+q.Limit); i++ {
		out = append(out, rank.Post{
			Mention: adalid.Mention{
				Brand: brand, Platform: "x", ID: "18446744073709551" + strconv.Itoa(100+i), URL: "https://example.org/" + strconv.Itoa(i),
				CreatedAt: fakeNow, Author: fakeEntry(i % 40).Person.Accounts[0], Text: hostile, Likes: ptr(int64(i)),
			},
			Person: fmt.Sprintf("p%03d", i%40), Copy: 1, Tone: adalid.Neutral,
		})
		if q.LeftOut {
			out[len(out)-1].LeftOut = rank.ByRule
		}
	}
	next := ""
	if start+q.Limit < all {
		next = strconv.Itoa(start + q.Limit)
	}
	return out, next, nil
}

// Correct knows one mention.
func (f *fake) Correct(_ context.Context, brand string, c []Correction, by string) (Taught, error) {
	if _, err := f.Brand(context.Background(), brand); err != nil {
		return Taught{}, err
	}
	id := strings.TrimPrefix(c[0].ID, "x/")
	if id != "18446744073709551100" || len(c) != 1 || by == "" {
		return Taught{}, adalid.Errorf(adalid.NotFound, "There is no such mention.")
	}
	t := Taught{}
	if f.label != c[0].Label {
		t.Changed = 1
	}
	if f.label = c[0].Label; f.label != "" {
		t.Rescored, t.Turned = 40, 4
		t.Effect.Labels, t.Effect.Tested, t.Effect.Helps = 30, true, true
		t.Effect.MacroF1 = sentiment.Compared{Before: .5, After: .75, Low: .125, High: .25}
	}
	return t, nil
}

// Corrections has the label of the mention that Correct knows, on two pages.
func (f *fake) Corrections(_ context.Context, brand string, q CorrectionQuery) (Corrections, error) {
	c := Corrections{Negative: 1, Model: "v1", InUse: true, Learned: fakeNow, Items: []CorrectedMention{{
		AuditItem: fakeItems[0], Label: adalid.Negative, Model: adalid.Positive, By: "person:u1", At: fakeNow,
	}}}
	c.Effect = sentiment.Effect{Labels: 1, Tested: true, MacroF1: sentiment.Compared{Before: .5, After: .75, Low: .125, High: .25}}
	if c.Next = "second"; q.After == c.Next {
		c.Next = ""
	} else if q.After != "" {
		return c, foreignCursor()
	}
	return c, f.fail
}

// Explain knows the mention that Correct knows, and one in a language that no
// model does.
func (f *fake) Explain(_ context.Context, brand string, m NamedMention, limit int) (Explained, error) {
	if _, err := f.Brand(context.Background(), brand); err != nil {
		return Explained{}, err
	}
	e := Explained{Platform: "x", ID: strings.TrimPrefix(m.ID, "x/"), Team: f.label}
	switch e.ID {
	case "18446744073709551100":
		s := adalid.Sentiment{Negative: .125, Neutral: .125, Positive: .75}
		e.Net, e.Tone, e.Residual = ptr(.625), adalid.Positive, true
		e.Explanation = sentiment.Explanation{Sentiment: &s, Tag: "es", Lang: "es", Rest: sentiment.Push{Toward: .25}, Reasons: []sentiment.Reason{
			{Text: hostile, Kind: sentiment.ByWords, Push: sentiment.Push{Toward: 1.5, Opinion: .75, Learned: .5}},
			{Text: "capitals", Kind: sentiment.ByForm, Code: "capitals", Push: sentiment.Push{Toward: -1, Opinion: .5}},
		}[:min(limit, 2)]}
	case "18446744073709551101":
		e.Explanation = sentiment.Explanation{Unknown: sentiment.UnknownLanguage, Tag: "ca", Reasons: []sentiment.Reason{}}
	default:
		return e, adalid.Errorf(adalid.NotFound, "There is no such mention.")
	}
	return e, nil
}

// Mark knows the mention that Correct knows.
func (f *fake) Mark(_ context.Context, brand string, marks []RelevanceMark, by string) (Marked, error) {
	if _, err := f.Brand(context.Background(), brand); err != nil {
		return Marked{}, err
	}
	if id := strings.TrimPrefix(marks[0].ID, "x/"); id != "18446744073709551100" || by == "" {
		return Marked{}, adalid.Errorf(adalid.NotFound, "There is no such mention.")
	}
	m := Marked{Changed: 1, MarkedOut: 1}
	if marks[0].About != nil {
		m.LeftOut, m.InUse = 12, true
		m.Effect = relevance.Effect{Marks: 40, About: 22, NotAbout: 18, Caught: 14, Lost: 1, Helps: true, Why: "it helps"}
	}
	return m, nil
}

// SwitchRelevance brings nine mentions back, or none.
func (f *fake) SwitchRelevance(_ context.Context, brand string, on bool) (Marked, error) {
	if f.fail != nil || on {
		return Marked{InUse: on}, f.fail
	}
	return Marked{Returned: 9}, nil
}

// RelevanceState has one of everything.
func (f *fake) RelevanceState(_ context.Context, brand string) (RelevanceState, error) {
	return RelevanceState{
		InUse: true, Effect: relevance.Effect{Marks: 40, Caught: 14}, Next: fakeItems,
		Exclude: []relevance.Exclusion{{Query: `-"mango lassi"`, MarkedNot: 2, Unmarked: 31, Wrong: 1}},
	}, f.fail
}

var fakeItems = []AuditItem{{Platform: "x", ID: "18446744073709551100", Author: "ana0", Lang: "es", Text: hostile}}

// AuditSample is of one mention.
func (f *fake) AuditSample(_ context.Context, brand string, n int, seed uint64) ([]AuditItem, error) {
	return fakeItems, f.fail
}

// Audit takes answers to the one mention.
func (f *fake) Audit(_ context.Context, brand string, n int, seed uint64, answers []audit.Answer) (audit.Report, error) {
	if f.fail != nil {
		return audit.Report{}, f.fail
	}
	return audit.Assess(audit.Sample{
		Total: 10, Strata: []audit.Stratum{{Class: adalid.Positive, Lang: "es", Size: 10, Drawn: 1}},
		Drawn: []audit.Drawn{{Item: audit.Item{Key: "x/18446744073709551100", Class: adalid.Positive}}},
	}, answers)
}

var (
	fakeOne = identity.Account{ID: "p000", Author: adalid.Author{Platform: "x", Key: "1", Handle: "ana0", Name: "Ana " + hostile}}
	fakeTwo = identity.Account{ID: "p-m", Author: adalid.Author{Platform: "mastodon", Key: "ana@a.example", Handle: "ana@a.example"}}
)

// SuggestIdentities knows one pair.
func (f *fake) SuggestIdentities(_ context.Context, brand string, least float64) ([]identity.Suggestion, error) {
	s := identity.Suggestion{A: fakeTwo, B: fakeOne, Confidence: .96, Reasons: []identity.Reason{{Code: "own-page", Weight: 4.5, Values: []string{hostile}}}}
	if f.fail != nil || least > s.Confidence {
		return nil, f.fail
	}
	return []identity.Suggestion{s}, nil
}

// Identities has the pair for everybody.
func (f *fake) Identities(_ context.Context, brand, person string) ([]IdentityDecision, error) {
	return []IdentityDecision{{A: fakeTwo, B: fakeOne, Accepted: true, Confidence: ptr(.75), By: hostile, At: fakeNow}}, f.fail
}

// DecideIdentity joins nobody of YouTube.
func (f *fake) DecideIdentity(_ context.Context, brand string, accounts [2]string, accepted bool, by string) (IdentityDecision, error) {
	if strings.HasPrefix(accounts[1], "youtube/") {
		return IdentityDecision{}, adalid.Errorf(adalid.Conflict, "nothing speaks for it")
	}
	return IdentityDecision{A: fakeTwo, B: fakeOne, Accepted: accepted, By: by, At: fakeNow}, f.fail
}

// UndoIdentity knows the pair.
func (f *fake) UndoIdentity(_ context.Context, brand string, accounts [2]string) error {
	if accounts != [2]string{"p-m", "x/ana0"} {
		return adalid.Errorf(adalid.NotFound, "nothing was decided about these two accounts")
	}
	return f.fail
}

// Find gives topics made of what strangers write.
func (f *fake) Find(_ context.Context, q topics.Query) (topics.Report, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.fail != nil:
		return topics.Report{}, f.fail
	case q.Platform == adalid.YouTube && !f.youTube:
		return topics.Report{}, adalid.Errorf(adalid.Forbidden, "not before its amendment is accepted")
	case q.Author != "" && !strings.HasPrefix(q.Author, "p0"):
		return topics.Report{}, adalid.Errorf(adalid.NotFound, "There is no such person.")
	}
	f.topics = append(f.topics, q)
	r := topics.Report{
		DataVersion: f.version, Read: 10, Unreadable: 1, Positive: 4, Neutral: 1, Negative: 2, Unknown: 3,
		Praise: []topics.Topic{{Phrase: hostile, Lang: "en", Mentions: 4, Authors: 3, Positive: 3, Unknown: 1, Z: ptr(2.5), Examples: []topics.Example{{Platform: "x", ID: "18446744073709551100"}}}},
		Common: []topics.Topic{{Phrase: "café molido", Mentions: 2, Authors: 1, Unknown: 2}},
	}
	if q.Author != "" {
		r.Typical = []topics.Topic{{Phrase: "tin box", Lang: "en", Mentions: 1, Authors: 1, Neutral: 1, Typical: ptr(1.5)}}
	}
	return r, nil
}

func (f *fake) Start(_ context.Context, brand, name string, body io.Reader, o ImportOptions) (ImportStatus, error) {
	n, err := io.Copy(io.Discard, body)
	if err != nil {
		return ImportStatus{}, fmt.Errorf("read upload: %w", err)
	}
	if len(o.Map) == 1 {
		return ImportStatus{}, adalid.Errorf(adalid.Invalid, "say --map text=Message")
	}
	if strings.Contains(o.Timezone, "Nowhere") {
		return ImportStatus{}, adalid.Wrapf(adalid.Invalid, errors.New(canary), "There is no time zone of that name.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	st := ImportStatus{ID: fmt.Sprintf("imp%d", len(f.imports)+1), Brand: brand, Name: name, State: ImportRunning, Size: n, Started: fakeNow}
	f.imports = append(f.imports, st)
	return st, f.fail
}

func (f *fake) Status(_ context.Context, brand, id string) (ImportStatus, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, st := range f.imports {
		if st.Brand == brand && st.ID == id {
			return st, nil
		}
	}
	return ImportStatus{}, adalid.Errorf(adalid.NotFound, "There is no such import.")
}

func (f *fake) List(_ context.Context, brand string) ([]ImportStatus, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []ImportStatus
	for _, st := range slices.Backward(f.imports) {
		if st.Brand == brand {
			out = append(out, st)
		}
	}
	return out, nil
}
