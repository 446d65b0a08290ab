// Package scoring turns what is known of a person's mentions into a score from
// 0 to 100 with its reasons.
package scoring

// Version names the formula. It is part of every receipt; a change of the
// formula changes it.
const Version = "8"

// Component is one of the four things a score is made of.
type Component int

// The components, in the order in which they are shown everywhere.
const (
	Affinity Component = iota // how well the person speaks of the brand
	Volume                    // how much and how steadily
	Reach                     // how many can hear it, and how many react
	Network                   // how well the person connects the conversation
	components
)

// Names are the components' names in code, API and files, in order.
var Names = [components]string{"affinity", "volume", "reach", "network"}

// Weights weigh the components, in order. They are not negative and not all
// zero; scoring normalises them to sum 1.
type Weights [components]float64

// Blend is how components become a score.
type Blend string

// The blends.
const (
	Geometric  Blend = "geometric"  // 100 · Π cᵢ^wᵢ, the default: a weakness cannot be bought off
	Arithmetic Blend = "arithmetic" // 100 · Σ wᵢ·cᵢ
)

// Signals is what is known of one account in one window, decayed to as-of.
type Signals struct {
	Platform string // scales of reach and network are fitted per platform

	Effective  float64 // v: decayed own organic mentions, copies at 1/k², a day capped at 1 + ln(1+n)
	ActiveDays float64 // d: decayed days with own organic mentions, a day of nothing but copies at the sum of theirs

	// What only the uncertainty needs. 0: not told.
	Days       float64 // with own organic mentions, undecayed
	DaySquares float64 // Σ over days of what the day adds to v times what it adds to d

	SentimentSum    float64            // Σ w·s over scored own organic mentions, s in [−1, 1]
	SentimentWeight float64            // Σ w of the same
	Lang            string             // of all that was scored; "" where it is several or none
	LangWeights     map[string]float64 // where Lang is "": Σ w per language, for the prior mean: only proportions matter; nil when nothing was scored

	SentimentWhole    *float64 // Σ w·s without preferring recent posts; nil: as SentimentSum
	SentimentEvidence float64  // posts of equal weight that the mean is worth, at most SentimentWeight; 0: as many

	Views     *float64 // of the own mentions of the day that got most; nil: no views known
	Followers *float64 // largest seen in the window

	Engagement      float64 // Σ likes + 2·reposts + replies + quotes over own mentions with a known counter
	EngagementPosts float64 // how many own mentions that is; 0: unknown

	PageRank     *float64 // times the number of nodes, so that 1 is the mean; nil: no network known for the platform
	Counterparts *float64 // distinct accounts tied to; nil as above
	Bridging     *float64 // participation coefficient, how evenly ties spread over communities, in [0, 1); nil as above
}

// Part is one component of a score.
type Part struct {
	Name    string   `json:"name"`
	Value   *float64 `json:"value"`   // in [0, 1]; null: unknown for the whole platform or brand, left out
	Weight  float64  `json:"weight"`  // after leaving out what is unknown; the weights sum to 1
	Share   float64  `json:"share"`   // points of the score; the shares sum to the score
	Imputed bool     `json:"imputed"` // unknown for this person: the brand's median stands in
}

// Score is a person's score with its parts: enough to recompute it.
type Score struct {
	Total  float64          `json:"total"` // 0 to 100
	Blend  Blend            `json:"blend"`
	Mean   *float64         `json:"mean"`   // shrunk mean sentiment in [−1, 1]; null when unknown
	Critic bool             `json:"critic"` // own posts speak against the brand, whatever others say
	Parts  [components]Part `json:"parts"`
}
