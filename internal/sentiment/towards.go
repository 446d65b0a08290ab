package sentiment

import (
	"embed"
	"fmt"
	"strconv"
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
	wordClassCount
)

var classNames = [wordClassCount]string{
	"better", "worse", "more", "less", "not_as", "beat", "lose", "leave", "join", "move", "downgrade", "swap", "back", "prefer", "any_day",
	"buy", "should", "regret", "gladly", "miss", "never_failed", "stop", "unfair", "people", "attack", "boycott", "defend", "support", "alone",
	"how_dare", "same", "wish", "could_be", "like", "learn", "instead", "beside", "makes_look", "nothing_like", "top", "bottom", "lost_customer",
	"ask", "news", "concede", "but", "meanwhile", "good_sign", "bad_sign", "at", "fail", "near", "fine", "poor",
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

var (
	modeNames = [modeCount]string{"", "not", "should", "should_not", "regret", "regret_not"}
	modeSigns = [modeCount]float32{1, -1, 1, -1, -1, 1}
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
	signedChars // of the base model, by clause
	signedCharsOther
	signedCharsNet
	signedBaseParallel // each with clauses of its own
	signedBaseNamed    // the other by a name, not an account
	signedLeaning      // towards negative, whatever else
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
	plainCount
)

var signedNames = [signedCount]string{
	"base", "base_beside", "base_moved", "own", "own_words", "other", "other_words", "free", "free_words", "own_turned", "other_turned", "conceded",
	"numbers", "arrows", "gladly", "first", "parallel", "other_only", "chars", "chars_other", "chars_net", "base_parallel", "base_named", "leaning",
}

var plainNames = [plainCount]string{
	"one", "asks", "asks_class", "asks_moved", "same", "news", "at", "at_beside", "beside", "moves", "no_moves", "own", "no_clause", "neutral", "opinion", "or", "at_unmoved", "near", "same_both", "news_unmoved", "asks_beside", "asks_own",
}

// cueBits make the table of weights of cues small.
const cueBits = 16

// regimes are texts that name only the brand, and those that name others too.
const regimes = 2

// towards weighs how a text speaks of a brand.
type towards struct {
	words   [languageCount]*classTable
	grammar [wordClassCount][slotCount]bool // which classes say something where
	cues    [1 << cueBits]int8              // good for the name, or bad
	scale   float32                         // of one step of cues
	prior   map[uint16]float32              // what the weights of cues start from when they are fitted
	signed  [regimes][signedCount]float32
	plain   [regimes][plainCount]float32 // evidence for no opinion
	common  map[uint64]bool              // words that are no names
}

// classTable knows the classes of words and phrases of one language.
type classTable struct {
	entries map[uint64][]classEntry // by the hash of the first word, longest first
	filter  [256]uint64
}

type classEntry struct {
	rest    []uint64
	classes classSet
}

func (t *classTable) add(words []string, c wordClass) {
	var hashes []uint64
	for _, w := range words {
		hashes = append(hashes, literalHash(w))
	}
	h := hashes[0]
	t.filter[filterWord(h)] |= 1 << (h & 63)
	list := t.entries[h]
	at := 0
	for at < len(list) && len(list[at].rest) > len(hashes)-1 {
		at++
	}
	for i := at; i < len(list) && len(list[i].rest) == len(hashes)-1; i++ {
		if equal(list[i].rest, hashes[1:]) {
			list[i].classes |= 1 << c
			return
		}
	}
	list = append(list, classEntry{})
	copy(list[at+1:], list[at:])
	list[at] = classEntry{hashes[1:], 1 << c}
	t.entries[h] = list
}

func equal(a, b []uint64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// endings of regular verbs.
var (
	endingsAR = strings.Fields("ar o as a amos ais an e aste o asteis aron aba abas abamos aban ado ada ados adas ando are ara aras aremos aran aria arian es en emos eis ara aran ase arlo arla arme arse")
	endingsIR = strings.Fields("ir er o es e emos imos en i iste io ieron ia ian ido ida idos idas iendo ire ira iran ere era eran iria eria a as an amos ais iera ieran iese irlo erlo erme irme")
)

// forms gives the forms of a verb, written with ~ at its end.
func forms(w string, l language) []string {
	stem, verb := strings.CutSuffix(w, "~")
	if !verb {
		return []string{w}
	}
	out := []string{stem}
	if l == spanish {
		endings := endingsIR
		if strings.HasSuffix(stem, "ar") {
			endings = endingsAR
		}
		for _, e := range endings {
			out = append(out, stem[:len(stem)-2]+e)
		}
		return out
	}
	last := stem[len(stem)-1]
	switch {
	case last == 'e':
		return append(out, stem+"s", stem+"d", stem[:len(stem)-1]+"ing")
	case last == 'y' && !strings.ContainsRune("aeou", rune(stem[len(stem)-2])):
		return append(out, stem[:len(stem)-1]+"ies", stem[:len(stem)-1]+"ied", stem+"ing")
	}
	return append(out, stem+"s", stem+"es", stem+"ed", stem+"ing", stem+string(last)+"ed", stem+string(last)+"ing")
}

func readClasses(text string, l language) (*classTable, error) {
	t := &classTable{entries: map[uint64][]classEntry{}}
	for line := range strings.Lines(text) {
		name, words, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		c := indexOf(classNames[:], name)
		if c < 0 {
			return nil, fmt.Errorf("sentiment: no class %q", name)
		}
		for w := range strings.FieldsSeq(words) {
			first, rest, _ := strings.Cut(w, "_")
			for _, form := range forms(first, l) {
				phrase := []string{form}
				if rest != "" {
					phrase = append(phrase, strings.Split(rest, "_")...)
				}
				t.add(phrase, wordClass(c))
			}
		}
	}
	return t, nil
}

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// newTowards reads the files of towards.
func newTowards() (*towards, error) {
	t := &towards{prior: map[uint16]float32{}}
	for _, l := range []language{english, spanish} {
		data, err := towardsFiles.ReadFile("towards/" + languageCodes[l] + ".txt")
		if err != nil {
			return nil, fmt.Errorf("sentiment: %w", err)
		}
		if t.words[l], err = readClasses(string(data), l); err != nil {
			return nil, err
		}
	}
	common, err := towardsFiles.ReadFile("towards/common.txt")
	if err != nil {
		return nil, fmt.Errorf("sentiment: %w", err)
	}
	t.common = map[uint64]bool{}
	for line := range strings.Lines(string(common)) {
		for w := range strings.FieldsSeq(line) {
			if line[0] != '#' {
				t.common[literalHash(w)] = true
			}
		}
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

func cueAt(h uint64) uint16 { return uint16(mix(h) >> (64 - cueBits)) }

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
		regime := len(f) - 3 // "beside" stands between for the second
		if i := indexOf(signedNames[:], f[1]); f[0] == "signed" && i >= 0 && regime < regimes {
			t.signed[regime][i] = w
			return nil
		}
		if i := indexOf(plainNames[:], f[1]); f[0] == "plain" && i >= 0 && regime < regimes {
			t.plain[regime][i] = w
			return nil
		}
		return fmt.Errorf("sentiment: weight %q", f)
	}
	return fmt.Errorf("sentiment: weight %q", f)
}
