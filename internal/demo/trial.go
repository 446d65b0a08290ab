package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
)

// Site is the invented brand's own site.
const Site = "tostalba.example"

// TrialOptions says which world to put a ranking on trial with.
type TrialOptions struct {
	Seed   int64     // same options, same world
	Until  time.Time // when it ends; no post is later
	Crisis bool      // the same world with a wave of anger in its last week
}

// Trial invents a world to judge a ranking by. It is less tidy than that of
// [Invent]: fans carry the brand in their bios, hand out codes and repeat
// themselves; who works for the brand does not always say so, and none of them
// is among Brand.Own; bots speak well, some from accounts that look like
// anybody's. The crisis is added to the world of the same seed and changes
// nothing else in it but reactions. The error is a defect of the grammar files.
func Trial(o TrialOptions) (World, error) {
	w := &writer{
		r:     rand.New(rand.NewPCG(uint64(o.Seed), 2)),
		until: o.Until.Unix(),
		said:  map[string]bool{},
		taken: map[string]bool{},
		cast:  trialCast,
		trial: &trial{brand: map[adalid.Platform][]int{}, angry: map[adalid.Platform][]int{}, rings: map[int]ringPost{}},
	}
	w.day0 = (w.until/86400 - days + 1) * 86400
	for i, lang := range languages {
		g, err := readGrammar(lang)
		if err == nil {
			err = g.read("trial." + lang)
		}
		if err != nil {
			return World{}, fmt.Errorf("demo: trial: %w", err)
		}
		w.grammars[i] = g
	}
	w.populate()
	for _, s := range w.schedule() {
		w.write(s)
	}
	w.settleCounters(0)
	if o.Crisis {
		w.r = rand.New(rand.NewPCG(uint64(o.Seed), 3))
		calm := len(w.events)
		for _, s := range w.crisis() {
			w.write(s)
		}
		w.settleCounters(calm)
		slices.SortStableFunc(w.events, func(a, b event) int { return a.mention.CreatedAt.Compare(b.mention.CreatedAt) })
	}
	return w.world(), nil
}

// trial is what a writer remembers for a [Trial] only.
type trial struct {
	brand map[adalid.Platform][]int // events of the brand's own accounts
	angry map[adalid.Platform][]int // events that speak badly
	rings map[int]ringPost          // the last post of each ring of copies
}

type ringPost struct {
	at   int64
	text string
}

// disguise is how a person of a trial differs from others of the same part.
type disguise struct {
	host  string  // that posts link to
	links float64 // part of posts that do
	voice string  // section spoken now and then instead of the usual
	often float64 // how often
	ring  int     // number of the ring from 1 that posts the same; 0: none
}

// ringSize is how many accounts post the same.
const ringSize = 4

// trialCast is everybody of a [Trial]; three in five people are passers-by.
var trialCast = []part{
	{role: OwnAccount, people: 6, posts: [2]int{30, 45}, rhythm: steady, followers: 24_000, spread: .5, response: .5, acts: [acts]float64{3, 6, 0, 1, 0}, moods: [moods]float64{0, 1, 0}, voice: "announce", english: .5, draw: 4},
	{role: Staff, people: 9, posts: [2]int{12, 40}, rhythm: steady, followers: 700, spread: .7, response: 1.2, acts: [acts]float64{6, 3, 1, 2, 0}, moods: [moods]float64{6, 2, 0}, voice: "staff", english: .6, draw: 2},
	{role: Agency, people: 5, posts: [2]int{18, 36}, rhythm: steady, followers: 1_500, spread: .5, response: .6, acts: [acts]float64{5, 1, 2, 5, 0}, moods: [moods]float64{8, 1, 0}, voice: "agency", english: .6, draw: .7},
	{role: Reseller, people: 6, posts: [2]int{15, 36}, rhythm: steady, followers: 1_800, spread: .6, response: .8, acts: [acts]float64{8, 2, 0, 1, 0}, moods: [moods]float64{5, 2, 0}, voice: "shopvoice", english: .5, draw: 1},
	{role: Creator, people: 7, posts: [2]int{8, 20}, rhythm: burst, followers: 40_000, spread: .8, response: 1.2, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "sponsored", english: .5, draw: 5},
	{role: Advocate, people: 24, posts: [2]int{22, 60}, rhythm: steady, followers: 2_200, spread: .8, response: 2, acts: [acts]float64{11, 6, 2, 1.5, 2}, moods: [moods]float64{17, 2.5, .8}, english: .6, draw: 8},
	{role: Connector, people: 8, posts: [2]int{30, 52}, rhythm: steady, followers: 1_800, spread: .6, response: 1.4, acts: [acts]float64{3, 9, 3, 3, .5}, moods: [moods]float64{9, 4, .8}, english: .6, draw: 5},
	{role: Defender, people: 9, posts: [2]int{14, 34}, rhythm: steady, followers: 900, spread: .7, response: 1.3, acts: [acts]float64{4, 8, .5, 1, 1}, moods: [moods]float64{10, 2, .6}, english: .6, draw: 3},
	{role: SmallFan, people: 60, posts: [2]int{2, 10}, rhythm: scattered, followers: 160, spread: .8, response: 1.2, acts: [acts]float64{7, 3, .5, 2, 1.5}, moods: [moods]float64{12, 4, .7}, english: .5, draw: 1},
	{role: Critic, people: 14, posts: [2]int{8, 22}, rhythm: burst, followers: 700, spread: .9, response: 1.6, acts: [acts]float64{6, 3, 1, .5, 4}, moods: [moods]float64{.7, 1, 15}, english: .6, draw: 2},
	{role: RivalFan, people: 6, posts: [2]int{8, 18}, rhythm: steady, followers: 500, spread: .7, response: 1, acts: [acts]float64{7, 3, 1, .5, 0}, moods: [moods]float64{0, .5, 9}, voice: "rivalfan", english: .6, draw: 1},
	{role: Talker, people: 10, posts: [2]int{22, 50}, rhythm: steady, followers: 3_000, spread: 1, response: 1, acts: [acts]float64{8, 4, 1, 2, 0}, moods: [moods]float64{.6, 12, .6}, english: .5, draw: 3},
	{role: Celebrity, people: 4, posts: [2]int{1, 1}, followers: 900_000, spread: .8, response: 1.5, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "celebrity.good", english: .5, draw: 25},
	{role: AngryCelebrity, people: 2, posts: [2]int{1, 1}, followers: 500_000, spread: .6, response: 2, acts: [acts]float64{1}, moods: [moods]float64{0, 0, 1}, voice: "celebrity.bad", english: .5, draw: 25},
	{role: BargainHunter, people: 12, posts: [2]int{10, 30}, rhythm: scattered, followers: 350, spread: .8, response: .5, acts: [acts]float64{9, .5, 0, 2, .5}, moods: [moods]float64{0, 1, 0}, voice: "deal", english: .5, draw: .4},
	{role: Repeater, people: 6, posts: [2]int{24, 55}, rhythm: mornings, followers: 250, spread: .8, response: .5, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "greeting", english: .5, copies: true, draw: .2},
	{role: Bot, people: 8, posts: [2]int{40, 70}, rhythm: clock, followers: 60, spread: .7, response: .1, acts: [acts]float64{8, 0, 0, 2, 0}, moods: [moods]float64{1}, voice: "bot", english: .6, copies: true, draw: 0},
	{role: CopyRing, people: 3 * ringSize, posts: [2]int{18, 26}, rhythm: inStep, followers: 400, spread: .8, response: .3, acts: [acts]float64{1}, moods: [moods]float64{1}, english: .67, draw: .2},
	{role: LinkSpammer, people: 7, posts: [2]int{25, 50}, rhythm: steady, followers: 180, spread: .9, response: .1, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "spam", english: .6, draw: .1},
	{role: PasserBy, people: 320, posts: [2]int{1, 9}, rhythm: scattered, followers: 220, spread: 1.2, response: 1, acts: [acts]float64{6, 4, .6, 2, 1}, moods: [moods]float64{4, 5, 2}, english: .5, draw: .6},
}

// bend makes a person of a trial one of their kind: what the bio says, where
// links lead, what the account looks like.
func (w *writer) bend(p *person, n int) {
	r, a := w.r, &p.author
	bio, host, url := "trial.bio", "", ""
	among := func(weights ...float64) int { return weighted(r, weights...) }
	shop := strings.ToLower(w.surname()) + ".example"
	switch p.part.role {
	case OwnAccount:
		return
	case Celebrity, AngryCelebrity:
		bio = "bio.celebrity"
	case Staff:
		bio = []string{"trial.staff", "trial.disclaimer", "trial.bio", "trial.bio"}[among(55, 15, 25, 5)]
		if bio != "trial.staff" && r.IntN(8) > 0 || r.IntN(4) == 0 {
			host, url, p.links = Site, "https://"+Site, .3+.6*r.Float64()
		}
	case Agency:
		if bio = "trial.agency"; r.IntN(5) == 0 {
			bio = "trial.bio"
		}
		if bio == "trial.bio" || r.IntN(2) == 0 {
			host, p.links = Site, .6+.35*r.Float64()
		}
	case Reseller:
		bio = []string{"trial.reseller", "trial.shop"}[among(6, 4)]
		host, url, p.links = shop, "https://www."+shop, .6+.4*r.Float64()
	case Creator:
		bio = []string{"trial.partner", "bio.creator", "trial.bio"}[among(4, 4, 2)]
		p.voice, p.often = "praise", .2+.5*r.Float64()
	case Advocate, Connector, Defender, SmallFan, Talker, PasserBy:
		w.bendGenuine(p, &bio, &host, &url)
	case BargainHunter:
		p.voice, p.often = "bargain", r.Float64()
		if host = "gangas.example"; r.IntN(5) == 0 {
			host = "gangas.example/?coupon=tostalba"
		}
		p.links = .5 * r.Float64()
	case LinkSpammer:
		host, p.links = shop, .85+.15*r.Float64()
		bio = "trial.spam"
	case CopyRing:
		p.ring = 1 + n/ringSize
	}
	w.age(p)
	a.Bio, a.URL, p.host = "", url, host
	if r.IntN(12) > 0 || strings.HasPrefix(bio, "trial.") && p.part.role != PasserBy {
		a.Bio = sentenceCase(w.grammars[p.lang].say(r, bio, w.words(p, "")))
	}
}

// bendGenuine gives people who are what they seem what makes them look
// otherwise: the brand in the bio, a job elsewhere, links, codes to share.
func (w *writer) bendGenuine(p *person, bio, host, url *string) {
	r := w.r
	switch weighted(r, 70, 18, 12) {
	case 1:
		if p.part.role != Talker {
			*bio = "bio.fan"
		}
	case 2:
		*bio = "bio.trap"
	}
	switch weighted(r, 76, 10, 8, 6) {
	case 1: // a blog of one's own
		*host = strings.ReplaceAll(p.handle, "@", ".") + ".blog.example"
		*url, p.links = "https://"+*host, .3*r.Float64()
	case 2: // links to what is liked
		*host, p.links = Site, .3*r.Float64()
	case 3:
		if p.part.role != Talker && p.part.role != PasserBy {
			p.voice, p.often = "refer", .03+.05*r.Float64()
		}
	}
	if p.voice == "" && r.IntN(7) == 0 && p.part.role == Advocate {
		p.voice, p.often = "greeting", .15+.2*r.Float64()
	}
}

// age gives accounts that are not people's the look of what they are, or, one
// in three, of anybody.
func (w *writer) age(p *person) {
	r, a := w.r, &p.author
	switch p.part.role {
	case Bot, Repeater, LinkSpammer, CopyRing:
	default:
		return
	}
	if r.IntN(3) == 0 || p.part.role == CopyRing && r.IntN(2) == 0 {
		return
	}
	a.Created = time.Unix(w.day0-int64(2+r.IntN(160))*86400, 0).UTC()
	if a.Following != nil {
		a.Following = number(w.lognormal(1_800, .6))
	}
}

// ringTimes are the moments of a ring, the same for its members but for
// seconds; a third of them are each one's own.
func (w *writer) ringTimes(p *person, n int) []int64 {
	common := rand.New(rand.NewPCG(uint64(w.day0)+uint64(p.ring), 4))
	out := make([]int64, n)
	for i := range out {
		at := w.day0 + common.Int64N((days-1)*86400)
		if i%3 == 2 {
			at = w.day0 + w.r.Int64N((days-1)*86400)
		}
		out[i] = at + w.r.Int64N(40)
	}
	return out
}

// together gives the text that the ring posted in the last minute, or has it
// post this one.
func (w *writer) together(p *person, at int64, text string) string {
	last, ok := w.trial.rings[p.ring]
	if ok && at-last.at < 60 {
		return last.text
	}
	w.trial.rings[p.ring] = ringPost{at, text}
	return text
}

// ownVoice gives the section that a person of a trial speaks in now and then.
func (w *writer) ownVoice(p *person, e *event) string {
	switch {
	case p.voice == "" || e.mood == bad || w.r.Float64() >= p.often:
		return ""
	case p.voice == "greeting" || p.voice == "refer" || p.voice == "praise":
		e.mood = good
	}
	return p.voice
}

// link ends some posts of a person with a link.
func (w *writer) link(p *person, text string) string {
	if p.host == "" || w.r.Float64() >= p.links {
		return text
	}
	host, query, _ := strings.Cut(p.host, "/")
	return text + " https://" + host + "/" + strconv.Itoa(w.r.IntN(900)) + query
}

// trialTarget finds whom the brand's people repost and whom defenders answer;
// −1 leaves it to what everybody does.
func (w *writer) trialTarget(p *person, s slot, did act) int {
	var list []int
	switch {
	case did == repost && (p.part.role == Staff || p.part.role == Agency) && w.r.IntN(10) > 0:
		list = w.trial.brand[p.author.Platform]
	case did == reply && p.part.role == Defender && w.r.IntN(4) > 0:
		list = w.trial.angry[p.author.Platform]
	}
	for range 8 {
		if len(list) == 0 {
			break
		}
		at := list[len(list)-1-w.r.IntN(min(len(list), 30))]
		m := &w.events[at].mention
		if old := s.at - m.CreatedAt.Unix(); w.events[at].who != s.who && 0 <= old && old < 14*86400 &&
			(did != repost || strings.Contains(strings.ToLower(m.Text), strings.ToLower(Brand))) {
			return at
		}
	}
	return -1
}

// remember keeps an event where people of a trial look for it.
func (t *trial) remember(p *person, e *event, n int) {
	switch {
	case e.mention.Repost:
	case p.part.role == OwnAccount:
		t.brand[p.author.Platform] = append(t.brand[p.author.Platform], n)
	case e.mood == bad:
		t.angry[p.author.Platform] = append(t.angry[p.author.Platform], n)
	}
}

// crisis says who posts what in the last week: most of those who pass by are
// angry, fans worry, defenders answer, the others go on as before.
func (w *writer) crisis() []slot {
	r := w.r
	var slots []slot
	add := func(who, least, most int, say string, m mood) {
		for range least + r.IntN(most-least+1) {
			at := w.until - 7*86400 + r.Int64N(7*86400)
			slots = append(slots, slot{at: at, who: who, say: say, mood: m})
		}
	}
	for who := range w.people {
		switch chance := r.IntN(10); w.people[who].part.role {
		case PasserBy:
			if chance < 6 {
				add(who, 1, 3, "outrage", bad)
			}
		case Critic:
			add(who, 2, 5, "outrage", bad)
		case Talker:
			add(who, 1, 3, "news", plain)
		case Defender:
			add(who, 3, 7, "defend", good)
		case SmallFan, Advocate, Connector:
			switch {
			case chance < 4:
				add(who, 1, 2, "worried", plain)
			case chance < 5:
				add(who, 1, 1, "complaint", bad)
			}
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int { return cmp.Compare(a.at, b.at) })
	return slots
}

// netViews is what a person's posts bring in a month: views of posts that speak
// well less those of posts that speak badly, as the person was invented. Who
// posts once is not expected back; machines are seen by nobody who counts, and
// what the brand's circle says is the brand's own voice.
func (w *writer) netViews() map[string]float64 {
	counts := map[int][moods]float64{}
	for i := range w.events {
		e := &w.events[i]
		if !e.mention.Repost {
			c := counts[e.who]
			c[e.mood]++
			counts[e.who] = c
		}
	}
	out := map[string]float64{}
	for who := range w.people {
		p := &w.people[who]
		key := RoleKey(p.author.Platform, p.author.Key)
		switch p.part.role {
		case Advocate, Connector, Defender, SmallFan, Critic, RivalFan, Talker, PasserBy:
			out[key] = p.audience * (counts[who][good] - counts[who][bad]) * 30 / days
		default:
			out[key] = 0
		}
	}
	return out
}
