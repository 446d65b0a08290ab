package authenticity

import (
	"math"
	"strings"
	"time"
	"unicode"
)

// facts are what the rules look at, worked out once for an account.
type facts struct {
	Profile
	Behaviour
	dated    bool          // age is known
	age      time.Duration // of the account at as-of; 0 when unknown
	empty    bool          // the source says that bio, link and place are empty
	saysBot  bool
	namedBot bool
	digits   int64 // at the end of the handle
}

func gather(p Profile, b Behaviour, asOf time.Time) facts {
	f := facts{Profile: p, Behaviour: b}
	if f.dated = !p.Created.IsZero() && !asOf.IsZero() && !p.Created.After(asOf); f.dated {
		f.age = asOf.Sub(p.Created)
	}
	f.empty = blank(p.Bio) && blank(p.URL) && blank(p.Location)
	bio := words(text(p.Bio))
	f.saysBot = !bio.hasAny(botDenials) && bio.hasAny(botPhrases)
	f.namedBot = !bio.hasAny(botDenials) && (namesBot(p.Handle) || words(p.Name).hasAny(botNames))
	f.digits = int64(len(p.Handle) - len(strings.TrimRightFunc(p.Handle, func(r rune) bool { return '0' <= r && r <= '9' })))
	return f
}

// What a bio says of an account that is automated, and what takes it back.
var (
	botPhrases = phrases("i am a bot", "i'm a bot", "this is a bot", "bot account", "twitter bot", "automated account", "automated tweets", "automated posts", "fully automated",
		"posts automatically", "tweets automatically", "run by a bot", "beep boop", "bot by", "a bot that", "bot created by", "bot made by",
		"soy un bot", "es un bot", "cuenta automatizada", "cuenta automática", "publicaciones automáticas", "tuits automáticos", "publica automáticamente", "un bot que", "bot creado por", "bot hecho por")
	botNames   = phrases("bot", "robot")
	botDenials = phrases("not a bot", "no bot", "no bots", "isn't a bot", "no soy un bot", "no es un bot", "ningún bot", "ni un bot")
)

// namesBot tells handles that set "bot" apart at an end: nova_bot, NovaBot,
// bot_nova. Abbot and talbot are people.
func namesBot(handle string) bool {
	lower := strings.ToLower(handle)
	rest, ends := strings.CutSuffix(lower, "bot")
	if ends && (strings.HasSuffix(rest, "_") || strings.HasSuffix(rest, "-") || strings.HasSuffix(handle, "Bot") && rest != "") {
		return true
	}
	return strings.HasPrefix(lower, "bot_") || strings.Contains(lower, "_bot_")
}

// wordList is a text as its words, lower case, each between single spaces, so
// that phrases can be looked for.
type wordList string

// longestBio is how much of a text is looked at, in bytes: more than the
// longest bio of any platform.
const longestBio = 8000

// words keeps letters, digits, apostrophes and the signs of handles and tags.
func words(text string) wordList {
	var out strings.Builder
	out.WriteByte(' ')
	gap := true
	for i, r := range text {
		if i >= longestBio {
			break
		}
		switch {
		case r == '’':
			r = '\''
			fallthrough
		case r == '\'' || r == '@' || r == '#' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r):
			out.WriteRune(unicode.ToLower(r))
			gap = false
		case !gap:
			out.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		out.WriteByte(' ')
	}
	return wordList(out.String())
}

// phrases are words in a row, each set between spaces.
func phrases(list ...string) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = " " + p + " "
	}
	return out
}

func (w wordList) hasAny(list []string) bool {
	if len(w) <= 1 {
		return false // most accounts have no bio
	}
	for _, p := range list {
		if strings.Contains(string(w), p) {
			return true
		}
	}
	return false
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// filled and blank are both false for what the source does not say.
func filled(s *string) bool { return s != nil && strings.TrimSpace(*s) != "" }
func blank(s *string) bool  { return s != nil && strings.TrimSpace(*s) == "" }

func known(counts ...*int64) bool {
	for _, n := range counts {
		if n == nil {
			return false
		}
	}
	return true
}

func is(n *int64, low, high int64) bool { return n != nil && low <= *n && *n <= high }

func number(n *int64) []int64 {
	if n == nil {
		return nil
	}
	return []int64{*n}
}

func days(d time.Duration) []int64 { return []int64{int64(d / day)} }

func percent(part, whole int) int64 {
	return int64(math.Round(100 * float64(part) / float64(max(1, whole))))
}

// says makes a rule of something without numbers, isTrue of a mark that can be
// unknown.
func says(holds func(*facts) bool) func(*facts) ([]int64, bool) {
	return func(f *facts) ([]int64, bool) { return nil, holds(f) }
}

func isTrue(mark func(*facts) *bool) func(*facts) ([]int64, bool) {
	return says(func(f *facts) bool { v := mark(f); return v != nil && *v })
}

// exchange tells accounts with at least so many on both sides, neither of
// them more than half as many again as the other.
func exchange(least int64) func(*facts) ([]int64, bool) {
	return func(f *facts) ([]int64, bool) {
		if !known(f.Following, f.Followers) {
			return nil, false
		}
		low, high := min(*f.Following, *f.Followers), max(*f.Following, *f.Followers)
		return []int64{*f.Following, *f.Followers}, low >= least && float64(high) <= 1.5*float64(low)
	}
}

// oneSided tells accounts that follow at least 500 and so many times as many as
// follow them.
func oneSided(times int64) func(*facts) ([]int64, bool) {
	return func(f *facts) ([]int64, bool) {
		if !known(f.Following, f.Followers) {
			return nil, false
		}
		return []int64{*f.Following, *f.Followers}, *f.Following >= 500 && *f.Following/times > *f.Followers
	}
}
