package scoring

import "math"

// The constants of the formula. docs/scoring.md says why each is what it is;
// changing one changes Version.
const (
	// Strength is how many posts the usual weighs where too little is known to
	// learn it, and how many posts without any reaction dilute the response.
	Strength = 5

	leastStrength, mostStrength = 2, 50 // bounds of κ where it is learned

	// Enough is how many known values a brand's own scale needs; with fewer the
	// fixed scale stands in.
	Enough = 30

	topShare      = 1 // where a component reaches 1, but for affinity: at its largest value, or the first of a long list would be equals
	affinityShare = .95
	leastAffinity = .10 // the least mean sentiment that can reach 1

	// neutrality is by how much a mean sentiment lies above nothing when it is
	// neutral. Without it the ratio of two small means, which is mostly noise,
	// decides wherever people are neither fond nor angry.
	neutrality = .5

	// discontent is how far below neutral the mean of somebody's posts lies from
	// where on it tells that they speak against the brand: classifiers lean to
	// either side on posts that say nothing.
	discontent = .1

	// leastScale is the least part of the fixed scale that a brand's own scale
	// can shrink to: where nearly nobody gets a reaction, one is not a success.
	leastScale = .25

	// leastHeard is the least value of what reach and network are made of.
	// Reactions and ties are rare: where hardly anybody gets one, the first would
	// otherwise count as much as many more posts.
	leastHeard = .1

	// reachMix is the part of the exponent that potential reach has in Reach;
	// the response has the rest.
	reachMix = .5

	// What the variance of means is taken for where too few are known: of
	// sentiment, and of ln(1 + reactions per post).
	usualSentiment, usualResponse = .3, 1.5

	// burst is by how many times their squared mean the reactions to the posts
	// of one person vary, beyond what chance adds to a count. Medians over people
	// with five posts or more: 0.7 to 1.8 on the development sets.
	burst = 1

	// bridgeMix is the part of the exponent that bridging has in Network;
	// PageRank and counterparts share the rest evenly.
	bridgeMix = .2
)

// fixed is the scale for brands and platforms with few known values: where a
// component reaches 1, as logarithms but for affinity.
var fixed = struct {
	affinity, volume, potential, response, pageRank, counterparts, bridging float64
	line                                                                    line
}{
	affinity:     .60,
	volume:       math.Log1p(10),     // ten fresh posts on ten days
	potential:    math.Log1p(10_000), // expected views on the best day
	response:     math.Log1p(50),     // after dilution: 2,706 weighted reactions on 20 posts
	pageRank:     math.Log1p(10),     // ten times the mean
	counterparts: math.Log1p(50),     // people
	bridging:     math.Log1p(4),      // as if evenly tied to four communities
	line:         line{slope: .8},    // 1,000 followers: about 250 views
}
