package sentiment

import (
	"fmt"
	"strconv"
	"strings"
)

// What is measured beside the words of the classes. Signed measures say good or
// bad for the brand, plain ones whether there is an opinion at all.
const (
	signedBase = iota // of the model, with no other name
	signedBaseBeside
	signedBaseMoved // with words of a class around the brand
	signedOwn
	signedOwnWords
	signedOther
	signedOtherWords
	signedFree
	signedFreeWords
	signedOwnTurned // after a but
	signedOtherTurned
	signedConceded
	signedNumbers
	signedArrows
	signedGladly
	signedFirst
	signedParallel // tone of the other, each with a clause of its own
	signedOtherOnly
	signedLeaning  // towards negative, whatever else
	signedBaseLong // the more of a text there is
	signedCount
)

const (
	plainOne = iota
	plainAsks
	plainAsksClass
	plainAsksMoved
	plainSame
	plainNews
	plainAt
	plainAtBeside
	plainBeside
	plainMoves
	plainNoMoves
	plainOwn
	plainNoClause
	plainNeutral
	plainOpinion
	plainOr
	plainAtUnmoved
	plainNear
	plainSameBoth
	plainNewsUnmoved
	plainAsksBeside
	plainAsksOwn
	plainLong
	plainTag // the brand is named by tags only
	plainNeutralTag
	plainCount
)

var signedNames = [signedCount]string{
	"base", "base_beside", "base_moved", "own", "own_words", "other", "other_words", "free", "free_words", "own_turned", "other_turned", "conceded",
	"numbers", "arrows", "gladly", "first", "parallel", "other_only", "leaning", "base_long",
}

var plainNames = [plainCount]string{
	"one", "asks", "asks_class", "asks_moved", "same", "news", "at", "at_beside", "beside", "moves", "no_moves", "own", "no_clause", "neutral", "opinion", "or", "at_unmoved", "near", "same_both", "news_unmoved", "asks_beside", "asks_own",
	"long", "tag", "neutral_tag",
}

// The regimes are texts that name only the brand, those that hold accounts
// beside it, and those that name others in words.
const (
	alone = iota
	besideAccounts
	besideNames
	regimes
)

var regimeNames = [regimes]string{"alone", "accounts", "names"}

// readWeight takes a line such as "prefer after 1.25" or "leave after not 2".
func (t *towards) readWeight(f []string) error {
	w64, err := strconv.ParseFloat(f[len(f)-1], 32)
	w := float32(w64)
	if err != nil {
		return fmt.Errorf("sentiment: weight %q: %w", f, err)
	}
	if f[0] == "scale" {
		t.scale = w
		return nil
	}
	if f[0] == "signed" || f[0] == "plain" {
		regime := indexOf(regimeNames[:], f[2])
		if i := indexOf(signedNames[:], f[1]); f[0] == "signed" && i >= 0 && regime >= 0 {
			t.signed[regime][i] = w
			return nil
		}
		if i := indexOf(plainNames[:], f[1]); f[0] == "plain" && i >= 0 && regime >= 0 {
			t.plain[regime][i] = w
			return nil
		}
		return fmt.Errorf("sentiment: weight %q", f)
	}
	return fmt.Errorf("sentiment: weight %q", f)
}

// weigh adds to the logits what a view tells.
func (t *towards) weigh(v *view, z *[classCount]float32) {
	var good float32
	for _, c := range v.cues {
		good += float32(t.cues[c.at]) * c.x
	}
	t.measured(v, good*t.scale, z)
}

// measured adds to the logits what the cues tell, and the measures.
func (t *towards) measured(v *view, good float32, z *[classCount]float32) {
	var none float32
	for i, x := range v.signed {
		good += t.signed[v.regime][i] * x
	}
	for i, x := range v.plain {
		none += t.plain[v.regime][i] * x
	}
	z[negative] -= good
	z[neutral] += none
	z[positive] += good
}

// readWeights reads what a fit has written.
func (t *towards) readWeights() error {
	data, err := towardsFiles.ReadFile("towards/weights.txt")
	if err != nil {
		return fmt.Errorf("sentiment: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			if err := t.readWeight(f); err != nil {
				return err
			}
		}
	}
	cues, err := towardsFiles.ReadFile("towards/cues.bin")
	if err != nil {
		return fmt.Errorf("sentiment: %w", err)
	}
	if len(cues) != len(t.cues) {
		return fmt.Errorf("sentiment: %d weights of cues, want %d", len(cues), len(t.cues))
	}
	for i, b := range cues {
		t.cues[i] = int8(b)
	}
	return nil
}
