package sentiment

import (
	"embed"
	"fmt"
	"strings"
)

// Towards a brand: which names a text holds, which words of comparison, change,
// defence and regret stand where around them, and what the clauses about each
// name say. A small linear model weighs that; it was fitted on invented
// sentences, see towards_fit_test.go.

//go:embed towards
var towardsFiles embed.FS

// wordClass is a kind of words; the files of towards name them.
type wordClass uint8

const (
	classBetter wordClass = iota
	classWorse
	classMore
	classLess
	classNotAs
	classBeat
	classLose
	classLeave
	classJoin
	classMove
	classDowngrade
	classSwap
	classBack
	classPrefer
	classAnyDay
	classBuy
	classShould
	classRegret
	classGladly
	classMiss
	classNeverFailed
	classStop
	classUnfair
	classPeople
	classAttack
	classBoycott
	classDefend
	classSupport
	classAlone
	classHowDare
	classSame
	classWish
	classCouldBe
	classLike
	classLearn
	classInstead
	classBeside
	classMakesLook
	classNothing
	classTop
	classBottom
	classLostCustomer
	classAsk
	classNews
	classConcede
	classBut
	classMeanwhile
	classGoodSign
	classBadSign
	classAt
	classFail
	classNear
	classFine
	classPoor
	classDislike
	wordClassCount
)

var classNames = [wordClassCount]string{
	"better", "worse", "more", "less", "not_as", "beat", "lose", "leave", "join", "move", "downgrade", "swap", "back", "prefer", "any_day",
	"buy", "should", "regret", "gladly", "miss", "never_failed", "stop", "unfair", "people", "attack", "boycott", "defend", "support", "alone",
	"how_dare", "same", "wish", "could_be", "like", "learn", "instead", "beside", "makes_look", "nothing_like", "top", "bottom", "lost_customer",
	"ask", "news", "concede", "but", "meanwhile", "good_sign", "bad_sign", "at", "fail", "near", "fine", "poor", "dislike",
}

type classSet uint64

func (s classSet) has(c wordClass) bool { return s>>c&1 != 0 }

func setOf(classes ...wordClass) (s classSet) {
	for _, c := range classes {
		s |= 1 << c
	}
	return s
}

// slot is where a name stands as seen from a word of a class.
type slot uint8

const (
	slotBefore slot = iota
	slotBefore2
	slotAgo
	slotAfter  // and four more for what leads to the name
	slotAfter2 = slotAfter + leadCount
	slotCount  = slotAfter2 + leadCount
)

const (
	leadNone = iota
	leadFrom
	leadTo
	leadFor
	leadThan
	leadAt
	leadCount
)

var slotNames = [slotCount]string{
	"before", "before2", "ago", "after", "after.from", "after.to", "after.for", "after.than", "after.at", "after2", "after2.from", "after2.to", "after2.for", "after2.than", "after2.at",
}

// mode is under what a word of a class stands.
type mode uint8

const (
	modePlain mode = iota
	modeNot
	modeShould
	modeShouldNot
	modeRegret
	modeRegretNot
	modeCount
)

var modeSigns = [modeCount]float32{1, -1, 1, -1, -1, 1}

// towards weighs how a text speaks of a brand.
type towards struct {
	words   [languageCount]*classTable
	grammar [wordClassCount][slotCount]bool // which classes say something where
	cues    [1 << cueBits]int8              // good for the name, or bad
	scale   float32                         // of one step of cues
	prior   map[uint16]float32              // what the weights of cues start from when they are fitted
	signed  [regimes][signedCount]float32
	plain   [regimes][plainCount]float32 // evidence for no opinion
	common  wordTable                    // words that are no names
	usual   wordTable                    // words that are none where a sentence opens
}

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// readWords reads the words of a file.
func readWords(file string) (wordTable, error) {
	data, err := towardsFiles.ReadFile("towards/" + file + ".txt")
	if err != nil {
		return wordTable{}, fmt.Errorf("sentiment: %w", err)
	}
	words := map[uint64]uint16{}
	for line := range strings.Lines(string(data)) {
		for w := range strings.FieldsSeq(line) {
			if line[0] != '#' {
				words[literalHash(w)] = 1
			}
		}
	}
	return newWordTable(words), nil
}

// newTowards reads the files of towards.
func newTowards() (*towards, error) {
	t := &towards{prior: map[uint16]float32{}}
	var err error
	for _, l := range []language{english, spanish} {
		data, err := towardsFiles.ReadFile("towards/" + languageCodes[l] + ".txt")
		if err != nil {
			return nil, fmt.Errorf("sentiment: %w", err)
		}
		if t.words[l], err = readClasses(string(data), l); err != nil {
			return nil, err
		}
	}
	if t.common, err = readWords("common"); err != nil {
		return nil, err
	}
	if t.usual, err = readWords("words"); err != nil {
		return nil, err
	}
	grammar, err := towardsFiles.ReadFile("towards/grammar.txt")
	if err != nil {
		return nil, fmt.Errorf("sentiment: %w", err)
	}
	for line := range strings.Lines(string(grammar)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			if err := t.readGrammar(f); err != nil {
				return nil, err
			}
		}
	}
	for c, w := range map[wordClass]float32{classFine: 1, classPoor: -1} {
		t.prior[cueAt(seedOwned+uint64(c))], t.prior[cueAt(seedOwned+uint64(c)+ownedNegated)] = .6*w, -.4*w
	}
	return t, t.readWeights()
}

// ownedNegated tells a class of a clause from the same under a negator.
const ownedNegated = 1000

// mute are classes that only tell under what other words stand.
var mute = setOf(classStop, classPeople, classAsk, classNews, classConcede, classBut, classMeanwhile, classAt, classNear, classSame, classShould, classCouldBe, classNothing, classMore, classLess, classWish, classFine, classPoor)

// silent are classes that say nothing without a negation or a wish.
var silent = setOf(classLike, classNotAs)

const grammarWeight = 1

// readGrammar takes a line such as "prefer after+ after.than-".
func (t *towards) readGrammar(f []string) error {
	c := indexOf(classNames[:], f[0])
	for _, one := range f[1:] {
		s := indexOf(slotNames[:], strings.TrimRight(one, "+-"))
		if c < 0 || s < 0 {
			return fmt.Errorf("sentiment: grammar %q", f)
		}
		w := float32(grammarWeight)
		if strings.HasSuffix(one, "-") {
			w = -w
		}
		if wordClass(c) == classBuy {
			w *= .2
		}
		t.grammar[c][s] = true
		t.prior[cueAt(seedSlot+slotHash(wordClass(c), slot(s)))] = w
	}
	return nil
}
