package authenticity_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/internal/authenticity"
)

func ptr[T any](v T) *T { return &v }

func assess(p authenticity.Profile, b authenticity.Behaviour) authenticity.Assessment {
	return authenticity.Assess(p, b, asOf)
}

func codes(a authenticity.Assessment) (out []string) {
	for _, r := range a.Reasons {
		out = append(out, r.Code)
	}
	return out
}

// What the source does not say counts nothing, neither for nor against.
func TestUnknownCountsNothing(t *testing.T) {
	a := assess(authenticity.Profile{}, authenticity.Behaviour{})
	if want := 1 / (1 + math.Exp(-authenticity.Prior)); a.Probability != want || a.Reasons != nil {
		t.Errorf("of nothing: %v %v, want the prior %v and no reasons", a.Probability, codes(a), want)
	}
	old := asOf.AddDate(-1, 0, 0)
	if got := codes(assess(authenticity.Profile{Created: old}, authenticity.Behaviour{})); got != nil {
		t.Errorf("unknown followers made reasons: %v", got)
	}
	if got := codes(assess(authenticity.Profile{Followers: ptr[int64](0), Following: ptr[int64](0)}, authenticity.Behaviour{})); got != nil {
		t.Errorf("an unknown age made reasons: %v", got)
	}
	future := authenticity.Profile{Created: asOf.AddDate(0, 0, 1), Followers: ptr[int64](0)}
	if got := codes(assess(future, authenticity.Behaviour{})); got != nil {
		t.Errorf("a creation after as-of made reasons: %v", got)
	}
	if got := codes(assess(authenticity.Profile{Bio: ptr(""), URL: ptr("")}, authenticity.Behaviour{})); got != nil {
		t.Errorf("an unknown place made the profile empty: %v", got)
	}
}

func TestRules(t *testing.T) {
	year := asOf.AddDate(-1, 0, -1)
	count := func(following, followers int64) authenticity.Profile {
		return authenticity.Profile{Created: year, Following: &following, Followers: &followers}
	}
	cases := []struct {
		name string
		p    authenticity.Profile
		want string
	}{
		{"the platform's mark", authenticity.Profile{DeclaredBot: ptr(true)}, "bot-mark"},
		{"the platform says no", authenticity.Profile{DeclaredBot: ptr(false), Verified: ptr(false), DefaultImage: ptr(false)}, ""},
		{"bio", authenticity.Profile{Bio: ptr("Beep boop! I’m a bot that posts the weather.")}, "bot-bio"},
		{"biografía", authenticity.Profile{Bio: ptr("Soy un bot: el tiempo en Zarlona cada hora")}, "bot-bio"},
		{"denial", authenticity.Profile{Handle: "lucia_bot", Bio: ptr("No soy un bot, me lo preguntan mucho")}, ""},
		{"handle", authenticity.Profile{Handle: "nova_bot"}, "bot-name"},
		{"handle in capitals inside", authenticity.Profile{Handle: "WeatherBot"}, "bot-name"},
		{"a family's name", authenticity.Profile{Handle: "ines_talbot", Name: "Inés Talbot"}, ""},
		{"nobody on either side", count(0, 0), "no-followers follows-nobody"},
		{"a handful", count(40, 3), "few-followers"},
		{"follows for follows", count(4100, 3900), "exchange-many"},
		{"fewer of them", count(1500, 1100), "exchange"},
		{"popular", count(900, 9000), ""},
		{"one-sided", count(600, 90), "one-sided"},
		{"very one-sided", count(3000, 90), "one-sided-many"},
		{"unlisted", authenticity.Profile{Followers: ptr[int64](5000), Listed: ptr[int64](2)}, "unlisted"},
		{"listed", authenticity.Profile{Followers: ptr[int64](5000), Listed: ptr[int64](60)}, "listed"},
		{"new", authenticity.Profile{Created: asOf.AddDate(0, 0, -3)}, "days-old"},
		{"rather new", authenticity.Profile{Created: asOf.AddDate(0, 0, -60)}, "weeks-old"},
		{"old", authenticity.Profile{Created: asOf.AddDate(-6, 0, 0)}, "years-old"},
		{"empty", authenticity.Profile{Bio: ptr(""), URL: ptr(" "), Location: ptr("")}, "empty-profile"},
		{"full", authenticity.Profile{Bio: ptr("Botánica"), URL: ptr("https://ines.example"), Location: ptr("Zarlona")}, "link"},
		{"numbered", authenticity.Profile{Handle: "maria83920174"}, "numbered"},
		{"year of birth", authenticity.Profile{Handle: "maria1987"}, ""},
		{"no picture, verified", authenticity.Profile{DefaultImage: ptr(true), Verified: ptr(true)}, "no-picture verified"},
	}
	for _, c := range cases {
		if got := strings.Join(codes(assess(c.p, authenticity.Behaviour{})), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The receipt: prior and weights give the probability.
func TestWeightsAddUp(t *testing.T) {
	a := assess(authenticity.Profile{DeclaredBot: ptr(true), URL: ptr("https://nova.example"), Created: asOf.AddDate(0, 0, -1)}, authenticity.Behaviour{})
	sum := authenticity.Prior
	for _, r := range a.Reasons {
		sum += r.Weight
	}
	if want := 1 / (1 + math.Exp(-sum)); len(a.Reasons) != 3 || a.Probability != want || a.Probability < authenticity.LeaveOut {
		t.Errorf("%v from %v, want %v", a.Probability, a.Reasons, want)
	}
}

func TestSay(t *testing.T) {
	a := assess(authenticity.Profile{Following: ptr[int64](4100), Followers: ptr[int64](3900)}, authenticity.Behaviour{})
	if got, want := a.Reasons[0].Say("en"), "it follows 4100 accounts and about as many, 3900, follow it: follows given for follows"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := a.Reasons[0].Say("es"), "sigue a 4100 cuentas y la siguen casi tantas, 3900: seguir a cambio de que te sigan"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (authenticity.Reason{Code: "no such rule"}).Say("en"); got != "" {
		t.Errorf("an unknown rule says %q", got)
	}
}

// posts makes own posts at the given seconds; text i is texts[i%len].
func posts(seconds []int, texts ...uint64) (out []authenticity.Post) {
	for i, s := range seconds {
		h := texts[i%len(texts)]
		out = append(out, authenticity.Post{At: asOf.Add(time.Duration(s) * time.Second), Text: h, Near: scatter(h)})
	}
	return out
}

// scatter makes near hashes of different texts differ in half of their bits.
func scatter(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	return h ^ h>>29
}

func TestRepeats(t *testing.T) {
	seconds := []int{0, 100, 200, 300, 400}
	nearly := posts(seconds, 1, 2, 3, 4, 5)
	for i := 1; i < 4; i++ { // three of five with a few bits changed
		nearly[i].Near = nearly[0].Near ^ 0b1011<<i
	}
	short := posts(seconds, 1, 2, 3, 4, 5)
	for i := range short {
		short[i].Near = 0
	}
	cases := []struct {
		name     string
		posts    []authenticity.Post
		copies   int
		repeater bool
	}{
		{"all different", posts(seconds, 1, 2, 3, 4, 5), 0, false},
		{"three of five again", posts(seconds, 1, 1, 1, 1, 5), 3, true},
		{"two of five again", posts(seconds, 1, 1, 1, 4, 5), 2, false},
		{"four posts are too few", posts(seconds[:4], 1), 3, false},
		{"near copies", nearly, 3, true},
		{"too short to be near", short, 0, false},
		{"posts without words", posts(seconds, 0), 4, true},
		{"none", nil, 0, false},
	}
	for _, c := range cases {
		r := authenticity.Repeats(c.posts)
		backwards := slices.Clone(c.posts)
		slices.Reverse(backwards)
		if r.Copies != c.copies || r.Repeater() != c.repeater || authenticity.Repeats(backwards) != r {
			t.Errorf("%s: %d copies, repeater %v, backwards %v; want %d, %v and the same", c.name, r.Copies, r.Repeater(), authenticity.Repeats(backwards), c.copies, c.repeater)
		}
	}
	a := assess(authenticity.Profile{}, authenticity.Measure(posts(seconds, 1, 1, 1, 1, 5)))
	if got := a.Reasons[0].Say("en"); got != "60 % of its 5 own posts repeat an earlier one" {
		t.Errorf("the reason is %q", got)
	}
}

func TestRhythm(t *testing.T) {
	var hourly, irregular, daily, sleepless []int
	at := 0
	for i := range 400 {
		if i < 40 {
			hourly = append(hourly, i*3600+i%7)
			at += 1 << (i % 17)
			irregular = append(irregular, at)
			daily = append(daily, i*86400) // a source that knows days only
		}
		sleepless = append(sleepless, i*3607*3)
	}
	different := make([]uint64, 400)
	for i := range different {
		different[i] = uint64(i + 1)
	}
	cases := []struct {
		name    string
		seconds []int
		want    string
	}{
		{"every hour", hourly, "clockwork"},
		{"as people do", irregular, ""},
		{"only days are known", daily, ""},
		{"few posts", hourly[:15], ""},
		{"day and night", sleepless, "clockwork sleepless"},
	}
	for _, c := range cases {
		a := assess(authenticity.Profile{}, authenticity.Measure(posts(c.seconds, different...)))
		if got := strings.Join(codes(a), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	unknown := make([]authenticity.Post, 30)
	for i := range unknown {
		unknown[i].Text = uint64(i + 1)
	}
	if b := authenticity.Measure(unknown); b.Rhythm != nil {
		t.Errorf("posts without a time have the rhythm %+v", *b.Rhythm)
	}
	if b := authenticity.Measure(nil); b.Repetition != nil || b.Rhythm != nil {
		t.Error("something is known of no posts")
	}
}

// shared is SharedTexts by names of authors.
func shared(by map[string][]authenticity.Post) map[string]*authenticity.Copies {
	authors := slices.Sorted(maps.Keys(by))
	var list []authenticity.Indexed
	for i, author := range authors {
		for _, p := range by[author] {
			at := int64(math.MinInt64)
			if !p.At.IsZero() {
				at = p.At.Unix()
			}
			list = append(list, authenticity.Indexed{Text: p.Text, At: at, Author: int32(i)})
		}
	}
	out := map[string]*authenticity.Copies{}
	for i, c := range authenticity.SharedTexts(list, len(authors), nil) {
		out[authors[i]] = &c
	}
	return out
}

func TestSharedTexts(t *testing.T) {
	seconds := []int{0, 1000, 2000, 3000, 4000, 5000}
	shift := func(by int) (out []int) {
		for _, s := range seconds {
			out = append(out, s+by)
		}
		return out
	}
	world := map[string][]authenticity.Post{
		"uno": posts(seconds, 1, 2, 3, 4, 5, 6), "dos": posts(shift(20), 1, 2, 3, 4, 5, 6), "tres": posts(shift(40), 1, 2, 3, 4, 5, 60),
		"later":   posts(shift(90000), 1, 2, 3, 4, 500, 600), // the same texts a day later
		"alone":   posts(seconds, 11, 12, 13, 14, 15, 16),
		"undated": {{Text: 901, Near: scatter(901)}}, "undated too": {{Text: 901, Near: scatter(901)}},
	}
	got := shared(world)
	want := map[string]authenticity.Copies{
		"uno": {Posts: 6, Shared: 6, InStep: 6, Partners: 2}, "dos": {Posts: 6, Shared: 6, InStep: 6, Partners: 2}, "tres": {Posts: 6, Shared: 5, InStep: 5, Partners: 2},
		"later": {Posts: 6, Shared: 4}, "alone": {Posts: 6},
		"undated": {Posts: 1, Shared: 1}, // at an unknown time nothing is in step
	}
	for author, w := range want {
		if *got[author] != w {
			t.Errorf("%s: %+v, want %+v", author, *got[author], w)
		}
	}
	for author, want := range map[string]string{"uno": "in-step", "later": "copies", "alone": ""} {
		if c := strings.Join(codes(assess(authenticity.Profile{}, authenticity.Behaviour{Copies: got[author]})), " "); c != want {
			t.Errorf("%s: %q, want %q", author, c, want)
		}
	}
}

func TestParseRow(t *testing.T) {
	row, err := authenticity.ParseRow([]byte(`{"id": 900719925474099312345, "handle": "@Ines", "name": null, "description": "", "url": null,
		"created_at": "2020-01-02T03:04:05Z", "as_of": "2026-01-02T04:04:05+01:00", "followers": 0, "following": null, "verified": false, "posts": "many"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := row.Profile
	if row.ID != "900719925474099312345" || p.Handle != "Ines" || *p.Bio != "" || p.URL != nil || *p.Followers != 0 || p.Following != nil || *p.Verified ||
		row.AsOf.Format(time.RFC3339) != "2026-01-02T03:04:05Z" {
		t.Errorf("%+v", row)
	}
	for line, want := range map[string]string{
		`{`:                                   "no valid JSON",
		`{} {}`:                               "no valid JSON",
		`[]`:                                  "has to be a JSON object",
		`{"handle": "ines"}`:                  "id is missing",
		`{"id": ""}`:                          "id is empty",
		`{"id": 1.5}`:                         "a string or a whole number",
		`{"id": {"a": 1}}`:                    "a string or a whole number",
		`{"id": "1", "followers": "secret"}`:  "followers is of the wrong kind (string)",
		`{"id": "1", "followers": -1}`:        "below 0",
		`{"id": "1", "followers": 1e30}`:      "followers is no whole number that fits",
		`{"id": "1", "listed": 1.5}`:          "listed is no whole number that fits",
		`{"id": "1", "created_at": "secret"}`: "a time is not of the form",
	} {
		if _, err := authenticity.ParseRow([]byte(line)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

func FuzzParseRow(f *testing.F) {
	f.Add([]byte(`{"id": "1", "handle": "WeatherBot", "description": "soy un bot", "created_at": "2020-01-02T03:04:05Z", "followers": 9223372036854775807, "following": 0}`))
	f.Add([]byte("{\"id\": 1, \"name\": \"\\ud800\", \"handle\": \"İİİİBot\"}"))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := authenticity.ParseRow(line)
		if err != nil {
			return
		}
		a := assess(row.Profile, authenticity.Behaviour{})
		if row.ID == "" || !(a.Probability > 0 && a.Probability < 1) {
			t.Errorf("%s: %+v", line, a)
		}
		for _, r := range a.Reasons {
			for _, lang := range []string{"es", "en"} {
				if s := r.Say(lang); s == "" || strings.Contains(s, "{") {
					t.Errorf("%s says %q in %s", r.Code, s, lang)
				}
			}
		}
	})
}

// A storm: thousands of accounts post one text in a minute.
func BenchmarkSharedTexts(b *testing.B) {
	var storm []authenticity.Indexed
	for i := range 20_000 {
		storm = append(storm, authenticity.Indexed{Text: 7, At: int64(i % 60), Author: int32(i)}, authenticity.Indexed{Text: uint64(i + 10), At: int64(4000 + i), Author: int32(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		authenticity.SharedTexts(slices.Clone(storm), 20_000, nil)
	}
}

func BenchmarkAssess(b *testing.B) {
	row, err := authenticity.ParseRow([]byte(`{"id": "1", "handle": "ines_ruiz", "name": "Inés Ruiz", "description": "Café, perros y bicicletas. Opiniones mías", "url": "https://ines.example", "location": "Zarlona", "created_at": "2020-01-02T03:04:05Z", "followers": 340, "following": 210, "listed": 4}`))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		assess(row.Profile, authenticity.Behaviour{})
	}
}
