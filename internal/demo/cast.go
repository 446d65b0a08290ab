package demo

// act is what a post does.
type act int

const (
	post act = iota
	reply
	quote
	repost
	toBrand // answers the brand's own account
	acts
)

// mood is how a post speaks of the brand.
type mood int

const (
	good mood = iota
	plain
	bad
	moods
)

// rhythm is how a person's posts lie in time.
type rhythm int

const (
	scattered rhythm = iota // any day, more of them around the two events
	steady                  // evenly over the whole time
	burst                   // within a few weeks
	clock                   // every so many hours, to the minute
	mornings                // most days, early
	inStep                  // with the others of a ring
)

// part is a role in the play: how many people have it and how they behave.
type part struct {
	role      Role
	people    int
	posts     [2]int // fewest and most of one person
	rhythm    rhythm
	followers float64        // median
	spread    float64        // standard deviation of the logarithm of followers and response
	response  float64        // reactions per viewer, 1 is ordinary
	acts      [acts]float64  // weights
	moods     [moods]float64 // weights
	voice     string         // section of original posts instead of those of the mood
	english   float64        // share of people who write English
	copies    bool           // texts may repeat
	draw      float64        // how likely others turn to this person's posts, 1 is ordinary
}

// cast is everybody, the brand first.
var cast = []part{
	{role: OwnAccount, people: 6, posts: [2]int{60, 100}, rhythm: steady, followers: 24_000, spread: .5, response: .5, acts: [acts]float64{3, 6, 0, 1, 0}, moods: [moods]float64{0, 1, 0}, voice: "announce", english: .5, draw: 4},
	{role: Staff, people: 5, posts: [2]int{15, 35}, rhythm: steady, followers: 500, spread: .5, response: 1, acts: [acts]float64{5, 3, 1, 2, 0}, moods: [moods]float64{5, 2, 0}, voice: "staff", english: .6, draw: 1},
	{role: Agency, people: 3, posts: [2]int{22, 36}, rhythm: steady, followers: 1_500, spread: .4, response: .4, acts: [acts]float64{5, 0, 2, 5, 0}, moods: [moods]float64{1, 0, 0}, voice: "agency", english: .67, draw: .5},
	{role: Advocate, people: 26, posts: [2]int{28, 60}, rhythm: steady, followers: 2_600, spread: .7, response: 2.2, acts: [acts]float64{11, 6, 2, 1.5, 2}, moods: [moods]float64{19, 1.5, .2}, english: .62, draw: 9},
	{role: Connector, people: 10, posts: [2]int{36, 56}, rhythm: steady, followers: 1_800, spread: .6, response: 1.4, acts: [acts]float64{3, 9, 3, 3, .5}, moods: [moods]float64{9, 5, 1}, english: .6, draw: 5},
	{role: SmallFan, people: 90, posts: [2]int{3, 11}, rhythm: scattered, followers: 160, spread: .8, response: 1.2, acts: [acts]float64{7, 3, .5, 2, 1.5}, moods: [moods]float64{15, 4, .3}, english: .5, draw: 1},
	{role: Critic, people: 18, posts: [2]int{8, 22}, rhythm: burst, followers: 700, spread: .9, response: 1.6, acts: [acts]float64{6, 3, 1, .5, 4}, moods: [moods]float64{0, .5, 15}, english: .67, draw: 2},
	{role: RivalFan, people: 12, posts: [2]int{8, 18}, rhythm: steady, followers: 500, spread: .7, response: 1, acts: [acts]float64{7, 3, 1, .5, 0}, moods: [moods]float64{0, .5, 9}, voice: "rivalfan", english: .6, draw: 1},
	{role: Celebrity, people: 5, posts: [2]int{1, 1}, followers: 900_000, spread: .8, response: 1.5, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "celebrity.good", english: .6, draw: 25},
	{role: AngryCelebrity, people: 3, posts: [2]int{1, 1}, followers: 500_000, spread: .6, response: 2, acts: [acts]float64{1}, moods: [moods]float64{0, 0, 1}, voice: "celebrity.bad", english: .67, draw: 25},
	{role: Creator, people: 6, posts: [2]int{7, 14}, rhythm: burst, followers: 60_000, spread: .6, response: 1.2, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "sponsored", english: .5, draw: 5},
	{role: BargainHunter, people: 16, posts: [2]int{10, 26}, rhythm: scattered, followers: 300, spread: .8, response: .5, acts: [acts]float64{9, .5, 0, 2, .5}, moods: [moods]float64{0, 1, 0}, voice: "deal", english: .5, draw: .4},
	{role: Repeater, people: 8, posts: [2]int{30, 55}, rhythm: mornings, followers: 200, spread: .6, response: .4, acts: [acts]float64{1}, moods: [moods]float64{1}, voice: "greeting", english: .5, copies: true, draw: .2},
	{role: Bot, people: 12, posts: [2]int{45, 75}, rhythm: clock, followers: 45, spread: .5, response: .05, acts: [acts]float64{8, 0, 0, 3, 0}, moods: [moods]float64{1}, voice: "bot", english: .6, copies: true, draw: 0},
	{role: PasserBy, people: 560, posts: [2]int{1, 9}, rhythm: scattered, followers: 220, spread: 1.2, response: 1, acts: [acts]float64{6, 4, .6, 2, 1}, moods: [moods]float64{4, 5, 2}, english: .5, draw: .6},
}

// community is a circle of people who mostly talk among themselves.
type community struct {
	lang      int     // in languages
	scene     string  // section of what their days look like
	weight    float64 // of people of the language
	platforms []share
}

type share struct {
	platform string
	weight   float64
}

// languages of the grammar files; community.lang and person.lang point here.
var languages = [...]string{"en", "es"}

var communities = []community{
	{0, "scene.espresso", 3, []share{{"reddit", 5}, {"x", 4}, {"youtube", 1}}},
	{0, "scene.filter", 3, []share{{"instagram", 4}, {"x", 3}, {"bluesky", 3}}},
	{0, "scene.desk", 3, []share{{"x", 4}, {"mastodon", 4}, {"bluesky", 3}}},
	{0, "scene.bike", 2, []share{{"x", 5}, {"mastodon", 2}, {"instagram", 1}}},
	{1, "scene.barrio", 4, []share{{"x", 6}, {"instagram", 3}, {"bluesky", 1}}},
	{1, "scene.finca", 3, []share{{"x", 4}, {"instagram", 3}, {"youtube", 1}, {"reddit", 1}}},
	{1, "scene.despacio", 2, []share{{"mastodon", 4}, {"bluesky", 3}, {"reddit", 2}}},
}

// platforms lists where people are; the brand has one account on each.
var platforms = []string{"x", "mastodon", "bluesky", "reddit", "instagram", "youtube"}
