package authenticity

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

//go:embed called.txt
var calledFile string

// sense is what a word of a name tells of who bears it.
type sense uint8

// The sections of called.txt, in this order.
const (
	plain  sense = iota // nothing, though it looks like the others
	body                // what no person calls themself
	trade               // what people call themselves too, but seldom
	hint                // what fits both
	place               // a country, a continent, the language of an edition
	person              // a title, a job, a role among people, a liking
	given               // a given name
)

var senseNames = map[string]sense{"[plain]": plain, "[body]": body, "[trade]": trade, "[hint]": hint, "[place]": place, "[person]": person, "[given]": given}

// speaks tells the senses by which an organisation is known.
func (s sense) speaks() bool { return s == body || s == trade || s == hint || s == place }

// glossary is called.txt read.
type glossary struct {
	senses       map[string]sense // by word, or by phrase with single spaces
	begins, ends map[string]sense // by what a handle in one word may begin or end with
	longest      int              // words of a phrase
}

var called = readGlossary(calledFile)

// affixLetters is how long a word is that may be found in a handle that is
// written as one; shorter ones need a mark of their own.
const affixLetters = 6

func readGlossary(file string) glossary {
	g := glossary{senses: map[string]sense{}, begins: map[string]sense{}, ends: map[string]sense{}}
	var s sense
	for line := range strings.Lines(file) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			if w[0] == '[' {
				s = senseNames[w]
				continue
			}
			g.add(w, s)
		}
	}
	return g
}

func (g *glossary) add(w string, s sense) {
	bare := strings.Trim(w, "+")
	long := len(bare) >= affixLetters && !strings.Contains(bare, "_")
	if long || w[len(w)-1] == '+' || s == given && len(bare) >= 4 {
		g.begins[bare] = s
	}
	if s != given && (long || w[0] == '+') {
		g.ends[bare] = s
	}
	phrase := strings.ReplaceAll(bare, "_", " ")
	g.senses[phrase] = s
	g.longest = max(g.longest, strings.Count(phrase, " ")+1)
}

// naming is what the display name and the handle tell of an account.
type naming struct {
	body, trade, place, person bool
	given                      bool // a given name stands in front
	belongs                    bool // somebody at an organisation, not it: "Ana, Radio Zarlona"
	acronym                    bool
	domain                     bool // it is called as a site is
	edition                    bool // it ends in a place: "Zarlona Noticias México"
	hints                      int  // different ones
}

// nameOf reads the display name and the handle. Where there is a display name,
// that alone tells whether somebody is called by a given name.
func nameOf(p Profile) naming {
	var n naming
	local := localHandle(p)
	name, handle := parted(tags.ReplaceAllString(p.Name, " ")), handleWords(local)
	seen := map[string]bool{}
	n.read(senses(name), seen)
	n.read(senses(handle), seen)
	shown := name
	if len(name) == 0 {
		shown = handle
	}
	n.given = startsGiven(shown) || len(name) == 0 && len(handle) > 0 && called.startsLike(handle[0])
	n.edition = edition(name) || len(name) == 0 && edition(parted(local))
	n.belongs = belongs(p.Name, n.given)
	n.acronym = acronym(p.Name) || p.Name == "" && acronym(capitals(apart(local)))
	n.domain = siteName.MatchString(strings.TrimSpace(p.Name))
	return n
}

// tags are what somebody supports, not what they are.
var tags = regexp.MustCompile(`#\S*`)

// edition tells names that end in a place, as those of branches do.
func edition(list []string) bool {
	found := senses(list)
	if len(found) == 0 {
		return false
	}
	last := found[len(found)-1]
	before, ends := strings.CutSuffix(strings.Join(list, " "), last.word)
	return ends && last.sense == place && before != ""
}

// told is a word or phrase of a name and its sense.
type told struct {
	word  string
	sense sense
}

func (n *naming) read(list []told, seen map[string]bool) {
	for _, t := range list {
		n.body = n.body || t.sense == body
		n.trade = n.trade || t.sense == trade
		n.place = n.place || t.sense == place
		n.person = n.person || t.sense == person
		if t.sense == hint && !seen[t.word] {
			n.hints++
		}
		seen[t.word] = true
	}
}

// fold gives the words of a text as called.txt writes them.
func fold(text string) []string {
	text = plainLetters.Replace(strings.ToLower(cut(text)))
	return strings.FieldsFunc(text, func(r rune) bool { return r != '\'' && !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// longestName is how much of a name is looked at, in bytes.
const longestName = 200

func cut(text string) string {
	if len(text) > longestName {
		return strings.ToValidUTF8(text[:longestName], "")
	}
	return text
}

// localHandle gives a handle without its server, of a domain the first part:
// whose it is and in which country tells nothing of the account.
func localHandle(p Profile) string {
	handle, _, _ := strings.Cut(cut(p.Handle), "@")
	if p.Platform == "bluesky" {
		handle, _, _ = strings.Cut(handle, ".")
	}
	return handle
}

// handleWords gives the words of a handle. What is written as one is parted where
// a word of the glossary begins or ends it.
func handleWords(handle string) []string {
	var out []string
	for _, w := range strings.Fields(apart(handle)) {
		parts := called.part(strings.Join(fold(w), ""))
		if len(parts) == 1 {
			parts = fold(capitals(w))
		}
		out = append(out, parts...)
	}
	return out
}

// parted gives the words of a text, also those that only a capital sets apart.
func parted(text string) []string { return fold(capitals(apart(text))) }

var wordStart = regexp.MustCompile(`([A-Z]{2,}|[0-9])([A-Z][a-z])`)

// capitals parts what stands before a word with a capital: "FNZ7Radio" is
// "FNZ7 Radio".
func capitals(text string) string { return wordStart.ReplaceAllString(text, "$1 $2") }

// leastRest is how many letters have to be left of a handle beside a word.
const leastRest = 2

// part parts a word of a handle into the longest of the glossary that begins or
// ends it and what is left.
func (g *glossary) part(w string) []string {
	if _, known := g.senses[w]; known {
		return []string{w}
	}
	head, tail := 0, 0
	for n := 2; n <= len(w)-leastRest; n++ {
		if s, ok := g.begins[w[:n]]; ok && s != given {
			head = n
		}
		if _, ok := g.ends[w[len(w)-n:]]; ok {
			tail = n
		}
	}
	switch {
	case tail > 0 && tail >= head:
		return append(g.name(w[:len(w)-tail]), w[len(w)-tail:])
	case head > 0:
		return append([]string{w[:head]}, g.part(w[head:])...)
	}
	return []string{w}
}

// name parts what stands before a word in a handle where a given name begins it.
func (g *glossary) name(w string) []string {
	for n := len(w); n >= 4; n-- {
		if g.begins[w[:n]] == given {
			return []string{w[:n]}
		}
	}
	return []string{w}
}

// startsLike tells a word of a handle that begins with a given name of some
// length: "marinaruiz".
func (g *glossary) startsLike(w string) bool {
	for n := 5; n <= len(w); n++ {
		if g.begins[w[:n]] == given {
			return true
		}
	}
	return false
}

// senses looks the words up, the longest phrases first.
func senses(list []string) []told {
	var out []told
	for i := 0; i < len(list); {
		n := min(called.longest, len(list)-i)
		for ; n > 0; n-- {
			phrase := strings.Join(list[i:i+n], " ")
			if s, ok := called.senses[phrase]; ok {
				out = append(out, told{phrase, s})
				break
			}
		}
		i += max(n, 1)
	}
	return out
}

// fillers stand before the names of people.
var fillers = []string{"the", "real", "its", "it's", "im", "i'm", "iam", "dj", "mc", "dr", "dra", "mr", "mrs", "ms", "miss", "prof", "sir", "lady", "don", "san", "el", "la", "not", "just", "call", "me", "official", "oficial"}

func startsGiven(list []string) bool {
	for _, w := range list {
		if !slices.Contains(fillers, w) {
			return called.senses[w] == given
		}
	}
	return false
}

// What stands between somebody and where they work or come from.
var (
	between = regexp.MustCompile(`\s[-–—|/·•@]\s*|,\s|\s@|[|(]|\s(?i:at|from|en|bei|von|chez|na|no|em|presso)\s`)
	of      = regexp.MustCompile(`\s(?i:de|del|of|da|do|di|du|der|die)\s`)
)

// belongs tells somebody at an organisation: "Ana Ruiz, Radio Zarlona", "Ana de
// Radio Zarlona". Before the sign stand two words or a given name, and none
// that organisations have.
func belongs(name string, given bool) bool {
	at := between.FindStringIndex(name)
	if at == nil && given {
		at = of.FindStringIndex(name)
	}
	if at == nil {
		return false
	}
	before := fold(name[:at[0]])
	if n := len(before); n == 0 || n > 3 || n != 2 && !given {
		return false
	}
	return !slices.ContainsFunc(senses(before), func(t told) bool { return t.sense.speaks() })
}

var acronymForm = regexp.MustCompile(`^([A-Z]{3,6}|EU|UN|UK)$`)

// acronym tells names that begin with capitals: "FNZ", "ORZ Zarlona". Where all
// words are capitals, somebody only writes loud.
func acronym(name string) bool {
	list := strings.Fields(cut(name))
	if len(list) == 0 || len(list) > 4 || !acronymForm.MatchString(list[0]) {
		return false
	}
	if _, known := called.senses[strings.ToLower(list[0])]; known {
		return false
	}
	return len(list) == 1 || strings.ToUpper(list[1]) != list[1] || called.senses[strings.ToLower(list[1])] == place
}

// siteName is a name that is a site's.
var siteName = regexp.MustCompile(`^(?i:(https?://)?(www\.)?[a-z0-9][a-z0-9-]{2,}\.(com|net|org|info|news|tv|fm|radio|app|shop|store|es|mx|ar|cl|pe|uy|ec|br|pt|fr|de|it|ch|at|eu|uk|us|ca|au|in|co|io)(\.[a-z]{2})?)$`)
