package lite

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

// form is the filters as the address gives them.
type form struct {
	Lang, Brand, Since, Until, Platform, Language, Least, Preset string
	Include                                                      string // as in the API
	All                                                          bool
	From                                                         int // entries before this page
}

const perPage = 100

var (
	platform = regexp.MustCompile(`^[a-z0-9_.-]{1,32}$`)
	language = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
)

// query turns the form into a question; false when a field cannot be read.
func (f form) query() (rank.Query, bool) {
	q := rank.Query{Platform: adalid.Platform(f.Platform), Lang: strings.ToLower(f.Language), All: f.All, Offset: f.From, Limit: perPage, Intervals: true}
	ok := (f.Platform == "" || platform.MatchString(f.Platform)) && (f.Language == "" || language.MatchString(f.Language))
	day := func(s string, end time.Duration) time.Time {
		if s == "" {
			return time.Time{}
		}
		t, err := time.Parse(time.DateOnly, s)
		ok = ok && err == nil
		return t.Add(end)
	}
	include, err := rank.ParseInclude(f.Include)
	ok = ok && err == nil
	q.Include = include
	q.Since, q.Until = day(f.Since, 0), day(f.Until, 24*time.Hour-time.Second)
	if f.Least != "" {
		n, err := strconv.Atoi(f.Least)
		ok = ok && err == nil && n >= 1
		q.MinMentions = n
	}
	if f.Preset != "" {
		w, known := scoring.Preset(f.Preset)
		ok = ok && known
		q.Weights = w
	}
	return q, ok && (q.Since.IsZero() || q.Until.IsZero() || !q.Since.After(q.Until))
}

// address is the form as the address of a page.
func (f form) address(path string) string {
	v := url.Values{}
	for name, s := range map[string]string{
		"lang": f.Lang, "brand": f.Brand, "since": f.Since, "until": f.Until, "platform": f.Platform,
		"language": f.Language, "min": f.Least, "preset": f.Preset, "include": f.Include,
	} {
		if s != "" {
			v.Set(name, s)
		}
	}
	if f.All {
		v.Set("all", "1")
	}
	if f.From > 0 {
		v.Set("from", strconv.Itoa(f.From))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// view is what the template shows.
type view struct {
	W      *words
	Form   form
	Style  string
	Brands []string

	Platforms []string // to choose from
	Brand     string   // "" when there is nothing to show
	Demo      bool
	Alone     bool   // single-user mode
	As        string // who is signed in; "" nobody
	Problem   string
	ID        string // of the person, on a person's page

	AsOf, People   string
	Made, Asked    string // how scores are made; the question in one line, for paper
	TooFew         bool
	Imputed        bool // a value shown is the median
	Sure           bool // the list says how sure it is
	Notes          []string
	Absent         []absentees
	Rows           []row
	Previous, Next string
	Person         *row
	Reasons        []string // why the person has the score
	Facts          []fact
	Apart          []apart // what each platform's accounts alone are; none for one platform
	Weeks          []week
	Posts          []post
}

// row is a person of the table.
type row struct {
	W                                              *words
	Rank                                           int
	Name, Handle, Platforms, Address, Segment      string
	Score, Mentions, Followers, Engagement, LastOn string
	Parts                                          []part
	Places                                         string // where the person may truly stand
	Small                                          bool   // small sample
	Badges                                         []badge
}

// part is a component of a score.
type part struct {
	Name    string
	Known   bool
	Value   string // in [0, 1], for the bar
	Shown   string // from 0 to 100
	Imputed bool
}

// apart is what a person is on one platform.
type apart struct{ Platform, Score, Mentions, Days string }

type fact struct{ Name, Value string }

type week struct {
	Start string
	Count int64
	Most  int64
}

type post struct{ When, Platform, Text, Lang, Address, Reactions string }

// view reads the address.
func (h *handler) view(r *http.Request) *view {
	in := r.URL.Query()
	get := func(name string) string {
		s := strings.TrimSpace(in.Get(name))
		if len(s) > 200 {
			s = strings.ToValidUTF8(s[:200], "")
		}
		return s
	}
	f := form{
		Lang: get("lang"), Brand: get("brand"), Since: get("since"), Until: get("until"),
		Platform: strings.ToLower(get("platform")), Language: get("language"), Least: get("min"), Preset: get("preset"), Include: get("include"), All: get("all") != "",
	}
	if n, err := strconv.Atoi(get("from")); err == nil && n > 0 && n < 1<<30 {
		f.From = n
	}
	w := choose(f.Lang, r.Header.Get("Accept-Language"))
	if f.Lang != w.Lang {
		f.Lang = ""
	}
	return &view{W: w, Form: f}
}

// OtherLanguage is this page in the other language.
func (v *view) OtherLanguage() string {
	f := v.Form
	f.Lang = v.W.Other
	return f.address(v.path())
}

// List is the address of the list with the same filters.
func (v *view) List() string { return v.Form.address(Prefix) }

// Cleared is the list without filters.
func (v *view) Cleared() string { return form{Lang: v.Form.Lang, Brand: v.Form.Brand}.address(Prefix) }

func (v *view) path() string {
	if v.ID != "" {
		return Prefix + "/people/" + url.PathEscape(v.ID)
	}
	return Prefix
}

// PlatformChoices are the platforms of the brand's people and, so that it is
// seen, the one of the address.
func (v *view) PlatformChoices() []string {
	if p := v.Form.Platform; platform.MatchString(p) && !slices.Contains(v.Platforms, p) {
		return append(slices.Clone(v.Platforms), p)
	}
	return v.Platforms
}

// Presets are the choices of weights.
func (v *view) Presets() []string { return scoring.Presets() }

// Lead is the sentence under the title.
func (v *view) Lead() string { return fmt.Sprintf(v.W.Lead, v.Brand) }

// Caption names the table.
func (v *view) Caption() string { return fmt.Sprintf(v.W.Caption, v.Brand) }

// ranking fills in the list; youTube tells whether its people may be asked for.
func (v *view) ranking(r rank.Ranking, q rank.Query, youTube bool) {
	v.heading(r)
	for _, p := range r.Platforms {
		if p != adalid.YouTube || youTube {
			v.Platforms = append(v.Platforms, string(p))
		}
	}
	for _, e := range r.Entries {
		v.Rows = append(v.Rows, v.row(e))
	}
	if !r.TooFew && len(v.Rows) > 0 {
		v.Made = v.made(r.Blend, r.Weights, leftOut(r.Entries...))
	}
	v.Asked = v.asked(r)
	turn := func(from int) string {
		f := v.Form
		f.From = max(from, 0)
		return f.address(Prefix)
	}
	if q.Offset > 0 {
		v.Previous = turn(q.Offset - perPage)
	}
	if next := q.Offset + len(r.Entries); next < r.Total && len(r.Entries) > 0 {
		v.Next = turn(next)
	}
	apart := v.W.ApartOff
	if youTube {
		apart = v.W.ApartOut
	}
	for _, n := range []struct {
		text  plural
		count int64
	}{
		{v.W.CriticsOut, int64(r.Critics)},
		{v.W.OwnOut, int64(r.Own)},
		{v.W.Unjudged, int64(r.Unjudged)},
		{v.W.BelowOut, int64(r.BelowMin)},
		{apart, int64(r.Apart)},
		{v.W.LaterOut, r.Later},
		{v.W.NoTimeOut, r.NoTime},
		{v.W.FutureOut, r.Future},
	} {
		if shown := n.text == v.W.CriticsOut && q.All; n.count > 0 && !shown {
			v.Notes = append(v.Notes, v.W.of(n.text, n.count))
		}
	}
	v.Absent = v.absent(r.Absent)
	if r.Provisional {
		v.Notes = append(v.Notes, v.W.Provisional)
	}
	for _, g := range r.Gaps {
		const layout = "2006-01-02 15:04"
		from, to := g.From.UTC().Format(layout), g.To.UTC().Format(layout)
		if g.To.Equal(r.AsOf) {
			v.Notes = append(v.Notes, fmt.Sprintf(v.W.GapSince, g.Platform, from))
			continue
		}
		v.Notes = append(v.Notes, fmt.Sprintf(v.W.GapFrom, g.Platform, from, to))
	}
}

func (v *view) heading(r rank.Ranking) {
	v.AsOf = v.W.NoTimes
	if !r.AsOf.IsZero() {
		v.AsOf = fmt.Sprintf(v.W.AsOf, r.AsOf.UTC().Format("2006-01-02 15:04"))
	}
	v.People = fmt.Sprintf(v.W.People, v.W.of(v.W.OnePerson, int64(r.People)), v.W.of(v.W.OneMention, r.Mentions))
	v.TooFew = r.TooFew
}

func (v *view) row(e rank.Entry) row {
	w := v.W
	f := v.Form
	f.From = 0
	out := row{
		W: w, Rank: e.Rank, Segment: w.Segments[string(e.Segment)], Address: f.address(Prefix + "/people/" + url.PathEscape(e.Person.ID)),
		Mentions: w.number(e.Evidence.Mentions), Followers: v.count(e.Evidence.Followers), Engagement: v.count(e.Evidence.Engagement),
	}
	var on []string
	for _, a := range e.Person.Accounts {
		out.Name, out.Handle = cmp.Or(out.Name, a.Name), cmp.Or(out.Handle, a.Handle)
		on = append(on, string(a.Platform))
	}
	if len(e.Person.Accounts) > 0 {
		out.Name = cmp.Or(out.Name, out.Handle, e.Person.Accounts[0].Key)
	}
	out.Platforms = strings.Join(slices.Compact(on), ", ")
	out.Badges = v.badges(e.Flags)
	if e.Evidence.Last != 0 {
		out.LastOn = time.Unix(e.Evidence.Last, 0).UTC().Format(time.DateOnly)
	}
	if e.Score == nil {
		return out
	}
	out.Score = w.decimal(e.Score.Total, 1)
	if s := e.Sure; s != nil {
		v.Sure, out.Small = true, s.Small
		if s.Place != nil {
			out.Places = w.span(s.Place.First, s.Place.Last)
		}
	}
	for i, p := range e.Score.Parts {
		shown := part{Name: w.Components[i], Imputed: p.Imputed}
		v.Imputed = v.Imputed || p.Imputed
		if p.Value != nil {
			shown.Known, shown.Value = true, strconv.FormatFloat(*p.Value, 'f', 3, 64)
			shown.Shown = strconv.Itoa(int(math.Round(100 * *p.Value)))
		}
		out.Parts = append(out.Parts, shown)
	}
	return out
}

// count writes a number that may be unknown, "" then.
func (v *view) count(n *int64) string {
	if n == nil {
		return ""
	}
	return v.W.number(*n)
}

// detail fills in a person's page.
func (v *view) detail(d rank.Detail, posts []rank.Post) {
	v.heading(d.Ranking)
	person := v.row(d.Entry)
	v.Person = &person
	if s := d.Entry.Score; s != nil {
		var used scoring.Weights
		for i, p := range s.Parts {
			used[i] = p.Weight
		}
		v.Made = v.made(s.Blend, used, leftOut(d.Entry))
	}
	for _, r := range d.Entry.Reasons() {
		v.Reasons = append(v.Reasons, r.Say(v.W.Lang))
	}
	e, w := d.Entry.Evidence, v.W
	if len(d.Platforms) > 1 {
		for _, p := range d.Platforms {
			a := apart{Platform: string(p.Platform), Mentions: w.number(p.Evidence.Mentions), Days: w.number(int64(p.Evidence.ActiveDays))}
			if p.Score != nil {
				a.Score = w.decimal(p.Score.Total, 1)
			}
			v.Apart = append(v.Apart, a)
		}
	}
	v.Facts = []fact{
		{w.Mentions, person.Mentions},
		{w.Days, w.number(int64(e.ActiveDays))},
		{w.Reposts, w.number(e.Reposts)},
		{w.Sponsored, w.number(e.Sponsored)},
		{w.Conversation, w.number(e.Conversation)},
		{w.Sentiment, ""},
		{w.Engagement, person.Engagement},
		{w.Views, v.count(e.Views)},
		{w.Followers, person.Followers},
		{w.Counterparts, ""},
		{w.LastSeen, person.LastOn},
	}
	if s := d.Entry.Sure; s != nil {
		v.Facts = append(v.Facts, fact{w.Between, w.decimal(s.Low, 0) + "–" + w.decimal(s.High, 0)})
		if p := s.Place; p != nil {
			v.Facts = append(v.Facts, fact{w.Places, person.Places},
				fact{w.TopChance, w.decimal(100*p.Top, 0) + w.Percent})
		}
	}
	if e.Sentiment != nil {
		v.Facts[5].Value = w.decimal(*e.Sentiment, 2)
	}
	if e.Counterparts != nil {
		v.Facts[9].Value = w.number(int64(*e.Counterparts))
	}
	most := int64(1)
	for _, k := range d.Weeks {
		most = max(most, k.Mentions)
	}
	for _, k := range d.Weeks[max(0, len(d.Weeks)-26):] {
		v.Weeks = append(v.Weeks, week{k.Start.UTC().Format(time.DateOnly), k.Mentions, most})
	}
	for _, p := range posts {
		v.Posts = append(v.Posts, v.post(p))
	}
}

func (v *view) post(p rank.Post) post {
	out := post{Platform: string(p.Platform), Text: p.Text, Lang: p.Lang}
	if !p.CreatedAt.IsZero() {
		out.When = p.CreatedAt.UTC().Format("2006-01-02 15:04")
	}
	if strings.HasPrefix(p.URL, "https://") || strings.HasPrefix(p.URL, "http://") {
		out.Address = p.URL
	}
	out.Reactions = v.count(p.Engagement())
	return out
}
