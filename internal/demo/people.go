package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"adalid"
)

// person is one account and how it behaves.
type person struct {
	part      *part
	author    adalid.Author // followers are of day0 here
	handle    string        // lower case
	given     string        // first name
	lang      int           // in languages
	community int
	ending    string  // of Spanish words that follow the speaker's gender: "o" or "a"
	zone      int     // hours from UTC
	growth    float64 // of followers over the whole time
	audience  float64 // who sees a post, also where followers are not told
	response  float64
	twoTongue bool // writes the other language now and then
	lower     bool // never presses shift
	emoji     float64
	tags      float64
	tellsFoll bool // the source tells the followers of this account
	disguise       // of a Trial
}

// writer invents one world.
type writer struct {
	r        *rand.Rand
	until    int64
	day0     int64 // unix time of the first midnight
	grammars [len(languages)]grammar
	cast     []part
	trial    *trial // nil but in a Trial
	people   []person
	events   []event
	recent   map[string][]int // events per circle, see circle
	said     map[string]bool  // bare texts
	taken    map[string]bool  // handles per platform
	own      map[string]int   // platform → the brand's person
}

// weighted draws an index by weight.
func weighted(r *rand.Rand, weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// lognormal draws around a median; most of the sum is in the tail.
func (w *writer) lognormal(median, spread float64) float64 {
	return median * math.Exp(spread*w.r.NormFloat64())
}

// populate invents everybody of the cast.
func (w *writer) populate() {
	w.own = map[string]int{}
	for i := range w.cast {
		p := &w.cast[i]
		for n := range p.people {
			who := w.person(p, n)
			if p.role == OwnAccount {
				w.own[platforms[n]] = len(w.people)
			}
			w.people = append(w.people, who)
		}
	}
}

// person invents the n-th person of a part.
func (w *writer) person(p *part, n int) person {
	r := w.r
	who := person{
		part: p, zone: []int{0, 1, -5, -3}[weighted(r, 3, 4, 3, 1)], growth: .25 * r.Float64(),
		twoTongue: r.IntN(10) == 0, lower: r.IntN(6) == 0,
		emoji: r.Float64() * r.Float64() * .9, tags: r.Float64() * r.Float64() * .5,
		response: w.lognormal(p.response, p.spread/2),
	}
	if float64(n)+.5 >= p.english*float64(p.people) {
		who.lang = 1
	}
	var weights []float64
	for _, c := range communities {
		if c.lang != who.lang {
			c.weight = 0
		}
		weights = append(weights, c.weight)
	}
	who.community = weighted(r, weights...)
	platform := w.platform(p, n, communities[who.community].platforms)
	if platform == "instagram" {
		who.tags += .5
	}
	who.name(w, platform)
	who.profile(w, platform)
	if w.trial != nil {
		w.bend(&who, n)
	}
	return who
}

// platform chooses where a person of a part is.
func (w *writer) platform(p *part, n int, shares []share) string {
	switch p.role {
	case OwnAccount:
		return platforms[n]
	case Celebrity, AngryCelebrity:
		return []string{"x", "instagram"}[n%2]
	case Creator:
		return []string{"instagram", "youtube", "x"}[n%3]
	case CopyRing:
		return "x"
	case Advocate, Critic, Connector, Defender: // all but YouTube, whose people are ranked apart
		for {
			if s := shares[w.choose(shares)].platform; s != "youtube" {
				return s
			}
		}
	}
	return shares[w.choose(shares)].platform
}

func (w *writer) choose(shares []share) int {
	var weights []float64
	for _, s := range shares {
		weights = append(weights, s.weight)
	}
	return weighted(w.r, weights...)
}

// given names; the second half of each row is female.
var givenNames = [len(languages)][2][]string{
	{
		{"Owen", "Marcus", "Theo", "Caleb", "Hugh", "Dylan", "Felix", "Ned", "Rory", "Silas", "Elliot", "Jonah", "Kit", "Angus", "Leon", "Wes"},
		{"Nora", "Hazel", "Imogen", "Priya", "Tess", "Willa", "Maeve", "Joan", "Edith", "Lena", "Ruth", "Freya", "Dana", "Iris", "Bea", "Mina"},
	},
	{
		{"Iker", "Tomás", "Bruno", "Andrés", "Mateo", "Rubén", "Hugo", "Nico", "Ciro", "Julián", "Gonzalo", "Emilio", "Teo", "Darío", "Pau", "Simón"},
		{"Lucía", "Nerea", "Ximena", "Carmela", "Inés", "Aitana", "Rocío", "Paloma", "Camila", "Alba", "Renata", "Jimena", "Vera", "Noelia", "Abril", "Marta"},
	},
}

// surname makes a family name that nobody has.
func (w *writer) surname() string {
	pick := func(list string) string { f := strings.Fields(list); return f[w.r.IntN(len(f))] }
	return pick("Bar Cal Dor Fen Gal Hol Jur Kel Lar Mon Nal Orv Pel Quin Ras Sol Tar Ulm Var Wen Yar Zan") +
		pick("a e i o u and ell in or us ar en") + pick("bane cero dias fort gundo hurst lleda mar nero quez ridge sola tegui vane way zuri")
}

// name gives the person a name, a handle and a key as the platform makes them.
func (p *person) name(w *writer, platform string) {
	r := w.r
	gender := r.IntN(2)
	p.ending = string("oa"[gender])
	names := givenNames[p.lang][gender]
	p.given = names[r.IntN(len(names))]
	surname := w.surname()
	p.author.Name = p.given + " " + surname
	if p.part.role == OwnAccount {
		p.given, p.author.Name = Brand, Brand
	}
	p.author.Platform = adalid.Platform(platform)
	bareName := strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u").Replace(p.given)
	for try := 0; ; try++ {
		h := handleOf(r, bareName, surname, try)
		if p.part.role == OwnAccount {
			h = Brand
		}
		switch platform {
		case "mastodon":
			h = strings.ToLower(h) + "@" + []string{"kaffeehain.example", "plaza.example", "tinta.example"}[r.IntN(3)]
		case "bluesky":
			h = strings.ReplaceAll(strings.ToLower(h), "_", "-") + ".sky.example"
		case "instagram":
			h = strings.ReplaceAll(strings.ToLower(h), "_", ".")
		}
		p.author.Handle, p.handle = h, strings.ToLower(h)
		if k := platform + "/" + p.handle; !w.taken[k] {
			w.taken[k] = true
			break
		}
	}
	p.author.Key = p.key(r)
	p.author.URL = "https://social.example/" + platform + "/" + p.handle
}

// handleOf makes a handle of at most 15 letters, digits and underscores.
func handleOf(r *rand.Rand, given, surname string, try int) string {
	forms := []string{
		given + surname, given + "_" + surname, given[:1] + "_" + surname, strings.ToLower(given + surname[:3]), surname + given[:1],
		strings.ToLower(given) + "_brews", "cafe_" + strings.ToLower(surname), strings.ToLower(given) + "moka", strings.ToLower(given+"_"+surname[:2]) + "_x",
	}
	h := forms[r.IntN(len(forms))]
	if r.IntN(3) == 0 || try > 0 {
		h = h[:min(len(h), 12)] + strconv.Itoa(r.IntN(90*(try+1))+10)
	}
	return h[:min(len(h), 15)]
}

// key makes what the platform knows the account by.
func (p *person) key(r *rand.Rand) string {
	switch p.author.Platform {
	case "bluesky":
		return "did:plc:" + letters(r, "abcdefghijklmnopqrstuvwxyz234567", 24)
	case adalid.YouTube:
		return "UC" + letters(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 22)
	case "reddit", "mastodon":
		return p.handle
	}
	return strconv.FormatInt(20_000_000+r.Int64N(1_600_000_000_000), 10)
}

// letters draws n of an alphabet.
func letters(r *rand.Rand, alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// profile gives the person followers, a bio and an age of the account.
func (p *person) profile(w *writer, platform string) {
	r := w.r
	p.audience = w.lognormal(p.part.followers, p.part.spread)
	following := w.lognormal(320, .9)
	age := 300 + r.IntN(4200)
	section := "bio"
	switch p.part.role {
	case Staff, Agency, Celebrity, Creator:
		section = "bio." + string(p.part.role)
	case AngryCelebrity:
		section = "bio.celebrity"
	case Bot:
		section, age, following = "", 8+r.IntN(80), w.lognormal(2_500, .4)
	case OwnAccount:
		section, age, following = "", 2_600, 180
		p.author.Bio = "Coffee roasters. Tostadores de café."
	}
	if section != "" && r.IntN(6) > 0 {
		p.author.Bio = sentenceCase(w.grammars[p.lang].say(r, section, w.words(p, "")))
	}
	switch platform {
	case "reddit":
	case "instagram", "youtube":
		p.tellsFoll = p.part.followers > 10_000 || r.IntN(2) == 0
	default:
		p.tellsFoll = true
		p.author.Following = number(following)
	}
	if platform == "x" || platform == "instagram" {
		verified := p.part.followers > 10_000 || r.IntN(25) == 0
		p.author.Verified = &verified
	}
	p.author.Created = time.Unix(w.day0-int64(age)*86400+int64(r.IntN(86400)), 0).UTC()
}

// number makes a known counter.
func number(f float64) *int64 {
	n := int64(math.Round(f))
	return &n
}

// words are what stands for itself in a person's sentences.
func (w *writer) words(p *person, name string) map[string]string {
	return map[string]string{
		"brand": Brand, "rival": Rival, "o": p.ending, "name": name,
		"scene": fmt.Sprintf("{%s}", communities[p.community].scene),
	}
}
