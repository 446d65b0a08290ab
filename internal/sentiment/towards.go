package sentiment

import (
	"embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
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
	wordClassCount
)

var classNames = [wordClassCount]string{
	"better", "worse", "more", "less", "not_as", "beat", "lose", "leave", "join", "move", "downgrade", "swap", "back", "prefer", "any_day",
	"buy", "should", "regret", "gladly", "miss", "never_failed", "stop", "unfair", "people", "attack", "boycott", "defend", "support", "alone",
	"how_dare", "same", "wish", "could_be", "like", "learn", "instead", "beside", "makes_look", "nothing_like", "top", "bottom", "lost_customer",
	"ask", "news", "concede", "but", "meanwhile", "good_sign", "bad_sign", "at", "fail", "near",
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
	signedLeaning // towards negative, whatever else
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
	"numbers", "arrows", "gladly", "first", "parallel", "other_only", "leaning",
}

var plainNames = [plainCount]string{
	"one", "asks", "asks_class", "asks_moved", "same", "news", "at", "at_beside", "beside", "moves", "no_moves", "own", "no_clause", "neutral", "opinion", "or", "at_unmoved", "near", "same_both", "news_unmoved", "asks_beside", "asks_own",
}

const relationCount = int(wordClassCount) * int(slotCount) * int(modeCount)

func relation(c wordClass, s slot, m mode) uint16 {
	return uint16((int(c)*int(slotCount)+int(s))*int(modeCount) + int(m))
}

// regimes are texts that name only the brand, and those that name others too.
const regimes = 2

// towards weighs how a text speaks of a brand.
type towards struct {
	words     [languageCount]*classTable
	relations [relationCount]float32 // good for the brand, or bad
	signed    [regimes][signedCount]float32
	plain     [regimes][plainCount]float32 // evidence for no opinion
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

// newTowards reads the files of towards; without the weights where fit starts.
func newTowards(weights bool) (*towards, error) {
	t := &towards{}
	for _, l := range []language{english, spanish} {
		data, err := towardsFiles.ReadFile("towards/" + languageCodes[l] + ".txt")
		if err != nil {
			return nil, fmt.Errorf("sentiment: %w", err)
		}
		if t.words[l], err = readClasses(string(data), l); err != nil {
			return nil, err
		}
	}
	name := "towards/weights.txt"
	if !weights {
		name = "towards/grammar.txt"
	}
	data, err := towardsFiles.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("sentiment: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			if weights {
				err = t.readWeight(f)
			} else {
				err = t.readGrammar(f)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// mute are classes that only tell under what other words stand.
var mute = setOf(classStop, classPeople, classAsk, classNews, classConcede, classBut, classMeanwhile, classAt, classNear, classSame, classShould, classCouldBe, classNothing, classMore, classLess, classWish)

// silent are classes that say nothing without a negation or a wish.
var silent = setOf(classLike, classNotAs)

const grammarWeight = 1.2

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
		for m := range modeCount {
			x := w * modeSigns[m]
			switch {
			case silent.has(wordClass(c)):
				x = w
				if m == modePlain {
					x = 0
				}
			case wordClass(c) == classBuy && m == modePlain:
				x = .2 * w
			case wordClass(c) == classLose || wordClass(c) == classUnfair:
				x = w
			case m == modeNot && (wordClass(c) == classTop || wordClass(c) == classBetter):
				x = -.7 * w
			}
			t.relations[relation(wordClass(c), slot(s), m)] = x
		}
	}
	return nil
}

// readWeight takes a line such as "prefer after 1.25" or "leave after not 2".
func (t *towards) readWeight(f []string) error {
	w64, err := strconv.ParseFloat(f[len(f)-1], 32)
	w := float32(w64)
	if err != nil {
		return fmt.Errorf("sentiment: weight %q: %w", f, err)
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
	c, s, m := indexOf(classNames[:], f[0]), indexOf(slotNames[:], f[1]), 0
	if len(f) > 3 {
		m = indexOf(modeNames[:], f[2])
	}
	if c < 0 || s < 0 || m < 0 {
		return fmt.Errorf("sentiment: weight %q", f)
	}
	t.relations[relation(wordClass(c), slot(s), mode(m))] = w
	return nil
}

// name is where a text names the brand or another.
type name struct {
	from, to int // places
	brand    bool
	ordinal  bool
	near     bool    // only beside what happens
	before   float32 // a number before it and one after, -1 without
	after    float32
}

// saying is what a word of a class says of the brand.
type saying struct {
	relation uint16
	value    float32
}

// view is how a text speaks of a brand.
type view struct {
	names    []name
	sayings  []saying
	signed   [signedCount]float32
	plain    [plainCount]float32
	classes  classSet // of the whole text
	rivals   bool
	moved    bool // words of a class around the brand
	used     bool // something to weigh
	compared bool // with another name
	where    int  // place of the word that says most
}

const (
	shareOfOthers = .5 // what is said of another name counts for the brand, turned around
	reachAfter    = 12
	reachBefore   = 14
)

var (
	leads       = map[uint64]uint8{}
	ordinals    = map[uint64]int{}
	loose       = setOf(classAt, classNear)
	comparing   = setOf(classBetter, classWorse, classNotAs, classPrefer, classLike)
	closed      = setOf(classTop, classBottom, classGoodSign, classBadSign, classAnyDay)
	comparisons = setOf(classBetter, classWorse)
	openClass   = setOf(classBut, classConcede, classMeanwhile)
)

func init() {
	for lead, words := range [leadCount]string{leadFrom: "from of de del desde off", leadTo: "to into onto a al hacia", leadFor: "for with on por con para about against sobre contra", leadThan: "than over que antes before", leadAt: "at in en inside outside near by behind"} {
		for w := range strings.FieldsSeq(words) {
			leads[hashString(w)] = uint8(lead)
		}
	}
	for w := range strings.FieldsSeq("former primera primero primeros primeras") {
		ordinals[hashString(w)] = 1
	}
	for w := range strings.FieldsSeq("latter second segunda segundo segundos segundas") {
		ordinals[hashString(w)] = 2
	}
}

// classify finds the classes of the places.
func (t *classTable) classify(r *reading) (all classSet) {
	for i := range r.places {
		p := &r.places[i]
		p.classes, p.span = 0, 1
		if p.brand > 0 || t.filter[filterWord(p.hash)]&(1<<(p.hash&63)) == 0 {
			continue
		}
		for _, e := range t.entries[p.hash] {
			if r.follows(i+1, e.rest) {
				if p.classes == 0 {
					p.span = 1 + len(e.rest)
				}
				p.classes |= e.classes
			}
		}
		all |= p.classes
	}
	return all
}

func (r *reading) follows(at int, hashes []uint64) bool {
	if at+len(hashes) > len(r.places) {
		return false
	}
	for k, h := range hashes {
		if r.places[at+k].hash != h || r.places[at+k].brand > 0 {
			return false
		}
	}
	return true
}

// name finds the names of a text; places must be classified.
func (v *view) name(r *reading, m *Model, headline bool) {
	v.names, v.rivals = v.names[:0], false
	for i := 0; i < len(r.places); i++ {
		p := &r.places[i]
		n := name{from: i, to: i + 1, before: -1, after: -1}
		switch {
		case p.brand > 0:
			n.brand = true
		case len(v.names) > 1 && ordinals[p.hash] > 0:
			n.brand, n.ordinal = v.names[ordinals[p.hash]-1].brand, true
		case r.stranger(m, i, headline):
			for n.to < len(r.places) && (r.capital(n.to) && r.stranger(m, n.to, headline) || r.capital(i) && n.to+1 < len(r.places) && r.places[n.to].hash == hashOf && r.capital(n.to+1)) {
				n.to++
			}
			v.rivals = true
		default:
			continue
		}
		_, n.near = r.located(i)
		if i > 0 {
			n.before = r.numberAt(i - 1)
			if n.before < 0 && i > 1 && r.places[i-1].stop {
				n.before = r.numberAt(i - 2)
			}
		}
		for k := n.to; k < min(n.to+3, len(r.places)); k++ {
			if n.after = r.numberAt(k); n.after >= 0 {
				break
			}
		}
		v.names = append(v.names, n)
		i = n.to - 1
	}
}

// noRegret stands before a regret that is none, or the only one.
var noRegret = wordSet("no zero only cero solo unico ningun ninguno")

var hashOf, hashA = hashString("of"), hashString("a")

func (r *reading) capital(i int) bool {
	c, _ := next(r.text, r.tokens[r.places[i].token].start)
	return unicode.IsUpper(c)
}

func (r *reading) numberAt(i int) float32 {
	t := &r.tokens[r.places[i].token]
	if t.kind != number {
		return -1
	}
	x := float32(0)
	for _, c := range r.text[t.start:t.end] {
		if c < '0' || c > '9' {
			break
		}
		x = x*10 + float32(c-'0')
	}
	return min(x, 1000)
}

// stranger tells whether a place looks like the name of another: an account, a
// capital inside a sentence, or a word nobody knows.
func (r *reading) stranger(m *Model, i int, headline bool) bool {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if t.kind == mention {
		return p.brand == 0
	}
	if t.kind != word || p.brand > 0 || t.to-t.from < 3 || t.flags&stretched != 0 || p.classes&^loose != 0 {
		return false
	}
	capital := r.capital(i)
	if !capital && (t.valence != 0 || t.to-t.from < 5 || r.learnt(m, p.hash) > 0) || openers[p.hash] || leads[p.hash] > 0 || determiners[p.hash] {
		return false
	}
	if _, known := r.lex.find(lexiconKey(p.hash, r.lang, false)); known {
		return false
	}
	for k := t.from; k < t.to; k++ {
		if r.letters[k] == '\'' && k > t.from && k < t.from+3 { // I'm, it's
			return false
		}
	}
	if capital && !headline && t.flags&shouted == 0 && (i > 0 && !r.ends(i-1) || i+1 < len(r.places) && r.places[i+1].word && r.capital(i+1) && r.places[i+1].classes == 0) {
		return true
	}
	return !capital || t.to-t.from > 3 && r.learnt(m, p.hash) < 2
}

// learnt tells how many of a word's two features have a weight: a name nobody
// knew has none, but for chance.
func (r *reading) learnt(m *Model, hash uint64) (n int) {
	b, c := r.bucket(hash*seedWord), r.bucket((hash+uint64(r.lang+1)*seedLanguage)*seedWord)
	if m.weights[b*columns] != 0 || m.weights[b*columns+1] != 0 {
		n++
	}
	if m.weights[c*columns] != 0 || m.weights[c*columns+1] != 0 {
		n++
	}
	return n
}

// bounds gives the first place of the sentence that holds a place and the place
// behind its last.
func (r *reading) bounds(i int) (from, to int) {
	for from = i; from > 0 && !r.ends(from-1); from-- {
	}
	for to = i; to < len(r.places) && !r.ends(to); to++ {
	}
	return from, to
}

// ends tells whether a sentence ends with a place.
func (r *reading) ends(i int) bool {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if t.kind != punctuation {
		return false
	}
	c := r.letters[t.from]
	return p.stop && c != ',' && c != ':' || c == '?'
}

// modeOf tells under what the word at a place stands.
func (r *reading) modeOf(i, from, to int, c wordClass) mode {
	not := false
	for k := i - 1; k >= from && k >= i-4; k-- {
		p := &r.places[k]
		if p.stop || p.classes&openClass != 0 {
			break
		}
		if p.classes.has(classNothing) || p.word && r.roles.of(r.lang, p.hash) == negator {
			not = true
			break
		}
	}
	var here, earlier classSet // in the sentence
	var around, ahead classSet // between the commas
	behind := false
	for k := from; k < to; k++ {
		p := &r.places[k]
		classes := p.classes
		if classes.has(classRegret) && (r.tokens[p.token].flags&negated != 0 || k > 0 && noRegret[r.places[k-1].hash]) {
			classes &^= 1 << classRegret
		}
		if p.stop && k < i {
			around, ahead = 0, 0
		}
		if k < i {
			earlier |= classes
			ahead |= classes
		}
		if classes.has(c) {
			classes &^= 1 << classRegret
		} else {
			here |= classes
		}
		if behind = behind || k > i && p.stop; !behind {
			around |= classes
		}
	}
	out := modePlain
	switch c {
	case classAttack:
		if here&setOf(classStop, classUnfair) != 0 || earlier.has(classPeople) {
			out = modeRegret
		}
	case classBoycott:
		if here&setOf(classUnfair) != 0 || earlier.has(classStop) {
			out = modeRegret
		}
	case classDefend:
		if here.has(classHowDare) || earlier.has(classPeople) {
			out = modeRegret
		}
	case classLike, classBuy, classLeave, classJoin, classMove, classBack, classPrefer, classSwap, classTop:
		switch {
		case around.has(classRegret):
			out = modeRegret
		case ahead&setOf(classShould, classWish) != 0:
			out = modeShould
		}
	}
	if not {
		out++
	}
	return out
}

// say collects what the word of a class at place i says of the brand.
func (v *view) say(r *reading, i int, c wordClass, t *towards, strongest *float32) {
	from, to := r.bounds(i)
	var at [slotCount]int // index of the name + 1
	first, second := slotBefore, slotAfter
	end := i + r.places[i].span
	comma := end
	for comma < to && (!r.places[comma].stop || r.letters[r.tokens[r.places[comma].token].from] != ',') {
		comma++
	}
	if closed.has(c) {
		for k := i - 1; k >= from; k-- {
			if r.places[k].stop {
				from = k
				break
			}
		}
	}
	for k := range v.names {
		n := &v.names[k]
		switch {
		case n.near || n.from >= i && n.to <= end:
		case n.to <= i && n.from >= from && n.from >= i-reachBefore:
			if at[slotBefore] > 0 && v.names[at[slotBefore]-1].brand != n.brand {
				at[slotBefore2] = at[slotBefore]
			}
			at[slotBefore] = k + 1
		case n.to <= i && n.from < from && !closed.has(c):
			at[slotAgo] = k + 1
		case n.from >= end && n.from < comma && n.from <= i+reachAfter:
			if second == slotCount {
				continue
			}
			s := second + slot(r.leadTo(n.from, end, comparing.has(c)))
			if second == slotAfter2 && v.names[first].brand == n.brand {
				continue
			}
			at[s] = k + 1
			if first = slot(k); second == slotAfter {
				second = slotAfter2
			} else {
				second = slotCount
			}
		}
	}
	if at[slotBefore] > 0 || second != slotAfter {
		at[slotAgo] = 0
	}
	m := r.modeOf(i, from, to, c)
	if c == classBeat && m == modeNot && at[slotAfter] == 0 && end < to && r.places[end].classes.has(classNothing) { // a X no le gana nadie
		at[slotAfter], at[slotBefore] = at[slotBefore], 0
	}
	own := false
	for _, k := range at {
		own = own || k > 0 && v.names[k-1].brand
	}
	for place, k := range at {
		s := slot(place)
		if k == 0 || own && !v.names[k-1].brand {
			continue
		}
		value := float32(1)
		if !own {
			value = -shareOfOthers
		}
		if s == slotAfter+leadThan && at[slotBefore] > 0 {
			s = slotAfter2 + leadThan // than X, said of another; else of nothing: nothing is better than X
		}
		n := relation(c, s, m)
		v.sayings = append(v.sayings, saying{n, value})
		if x := t.relations[n] * value; x > .02 || x < -.02 {
			v.moved = v.moved || own
			v.compared = v.compared || v.rivals && comparisons.has(c) && (s == slotAfter+leadThan || s == slotAfter2+leadThan)
			if x = max(x, -x); x > *strongest {
				*strongest, v.where = x, i
			}
		}
	}
}

// leadTo tells what leads to a name from the place behind a word.
func (r *reading) leadTo(name, after int, comparing bool) uint8 {
	for k := after; comparing && k < name; k++ {
		if leads[r.places[k].hash] == leadThan {
			return leadThan
		}
	}
	for k := name - 1; k >= after && k >= name-3; k-- {
		if l := leads[r.places[k].hash]; l == leadThan {
			break
		} else if l > 0 && (r.lang != english || r.places[k].hash != hashA) {
			return l
		}
		if !determiners[r.places[k].hash] && !r.places[k].word {
			break
		}
	}
	return leadNone
}

// look takes in how a text speaks of the brand; places must be found.
func (v *view) look(r *reading, m *Model, t *towards, z *[classCount]float32) {
	headline := r.headline()
	v.classes = t.words[r.lang].classify(r)
	v.name(r, m, headline)
	addressed := v.addressed(r)
	if v.used = false; addressed && !v.rivals {
		return
	}
	v.sayings, v.moved, v.compared, v.where = v.sayings[:0], false, false, -1
	v.signed, v.plain = [signedCount]float32{}, [plainCount]float32{}
	strongest := float32(0)
	for i := 0; i < len(r.places); i++ {
		p := &r.places[i]
		if p.classes == 0 {
			continue
		}
		classes := r.settle(p.classes, i) &^ mute
		if classes.has(classUnfair) && v.classes&setOf(classAttack, classBoycott) == 0 && r.tokens[p.token].flags&negated == 0 {
			classes &^= 1 << classUnfair
		}
		for c := wordClass(0); classes>>c != 0; c++ {
			if classes.has(c) {
				v.say(r, i, c, t, &strongest)
			}
		}
	}
	if !v.moved && !v.rivals && v.classes&setOf(classNear, classNews) == 0 && !v.marked(r) {
		return // as most texts
	}
	v.clauses(r, m)
	v.measure(r, z)
	v.used = v.moved || v.rivals || v.signed[signedArrows] != 0 || v.plain[plainNear] > 0 || v.plain[plainNewsUnmoved] > 0 || v.plain[plainAsksOwn] > 0
	if addressed && !v.compared {
		v.used = false
	}
}

// marked tells whether the text asks or holds an arrow.
func (v *view) marked(r *reading) bool {
	if r.dense[denseAsks] > 0 {
		return true
	}
	for i := range r.places {
		if r.arrow(i) != 0 {
			return true
		}
	}
	return false
}

// settle decides more and less by what follows them.
func (r *reading) settle(s classSet, i int) classSet {
	if s&setOf(classMore, classLess) == 0 {
		return s
	}
	than, tone := false, float32(0)
	for k := i + 1; k < min(i+9, len(r.places)) && !r.ends(k); k++ {
		if k <= i+2 {
			tone += r.tokens[r.places[k].token].valence
		}
		than = than || leads[r.places[k].hash] == leadThan
	}
	better := (tone >= 0) == s.has(classMore)
	s &^= setOf(classMore, classLess)
	if than && better {
		return s | 1<<classBetter
	}
	if than {
		return s | 1<<classWorse
	}
	return s
}

// clauses weighs what each clause says for the name it is about.
func (v *view) clauses(r *reading, m *Model) {
	owner, next := 0, 0 // 0 nobody, 1 the brand, 2 another
	turned, conceded, opened := false, false, true
	var opens [3]bool
	for i := range r.places {
		p := &r.places[i]
		if p.stop || r.ends(i) || p.classes&openClass != 0 {
			opened = true
			if p.classes.has(classBut) {
				turned, conceded = true, false
			}
			if p.classes.has(classConcede) {
				conceded = true
			}
			if r.ends(i) {
				turned, conceded = false, false
			} else if p.stop && conceded {
				conceded, turned = false, true
			}
		}
		for next < len(v.names) && v.names[next].from == i {
			side := 2
			if v.names[next].brand {
				side = 1
			}
			located, near := r.located(i)
			if owner == 0 || opened || !located && !r.thanBefore(i) {
				owner = side
				opens[side] = true
				if conceded {
					v.signed[signedConceded] -= float32(3 - 2*side)
				}
				if turned {
					v.signed[signedConceded] += float32(3 - 2*side)
				}
			}
			if side == 1 {
				if located {
					v.plain[plainAt] = 1
					if owner == 2 || next > 0 {
						v.plain[plainAtBeside] = 1
					}
					if !v.moved {
						v.plain[plainAtUnmoved] = 1
					}
				}
				if near {
					v.plain[plainNear] = 1
				}
			}
			opened = false
			next++
		}
		tone, words := r.tone2(m, i)
		if conceded {
			tone, words = tone*.3, words*.3
		}
		switch owner {
		case 0:
			v.signed[signedFree] += tone
			v.signed[signedFreeWords] += words
		case 1:
			v.signed[signedOwn] += tone
			v.signed[signedOwnWords] += words
			if turned {
				v.signed[signedOwnTurned] += tone
			}
		case 2:
			v.signed[signedOther] += tone
			v.signed[signedOtherWords] += words
			if turned {
				v.signed[signedOtherTurned] += tone
			}
		}
	}
	if opens[1] && opens[2] && v.plain[plainNear] == 0 {
		s := &v.signed
		s[signedParallel] = bound(s[signedOther])
		if s[signedOwn] == 0 {
			s[signedOtherOnly] = s[signedParallel] + s[signedOtherWords]
		} else if s[signedOther] == 0 {
			s[signedFirst] = s[signedOwn]
		}
		s[signedOtherOnly] = bound(s[signedOtherOnly])
	}
	for i := signedOwn; i <= signedConceded; i++ {
		v.signed[i] = bound(v.signed[i])
	}
}

func (r *reading) thanBefore(i int) bool {
	for k := i - 1; k >= 0 && k >= i-2; k-- {
		if leads[r.places[k].hash] == leadThan {
			return true
		}
	}
	return false
}

// addressed tells whether the text is written to the brand: it opens with its
// account. The model has learnt on such texts and knows them well.
func (v *view) addressed(r *reading) bool {
	for i := range r.places {
		p := &r.places[i]
		switch {
		case r.tokens[p.token].kind == mention && p.brand > 0:
			return true
		case r.tokens[p.token].kind != mention && !p.stop:
			return false
		}
	}
	return false
}

// located tells whether the name at a place is where something happens, or what
// something happens beside.
func (r *reading) located(i int) (at, near bool) {
	k := i - 1
	for k >= 0 && determiners[r.places[k].hash] && r.places[k].classes == 0 {
		k--
	}
	for j := k; j >= 0 && j >= k-3; j-- {
		near = near || r.places[j].classes.has(classNear) && !r.places[j].classes.has(classBeside) && j+r.places[j].span > k
	}
	return k >= 0 && r.places[k].classes.has(classAt), near
}

// tone2 gives the tone of a place by the lexicon and by the model's weights.
func (r *reading) tone2(m *Model, i int) (tone, words float32) {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if p.brand > 0 || t.kind == punctuation || t.kind == number {
		return 0, 0
	}
	tone = t.valence / 4
	b, c := r.bucket(t.featureHash()*seedWord), r.bucket((t.featureHash()+uint64(r.lang+1)*seedLanguage)*seedWord)
	w := int(m.weights[b*columns+1]) - int(m.weights[b*columns])
	if t.kind == word {
		w += int(m.weights[c*columns+1]) - int(m.weights[c*columns])
	}
	if t.flags&negated != 0 {
		tone *= -.74
		c = r.bucket((t.featureHash() + seedNegated) * seedWord)
		w += int(m.weights[c*columns+1]) - int(m.weights[c*columns])
	}
	return tone, float32(w) * m.Scale * .5
}

// measure fills what is left of the measures.
func (v *view) measure(r *reading, z *[classCount]float32) {
	s, p := &v.signed, &v.plain
	base := max(-3, min(3, z[positive]-z[negative]))
	if v.rivals {
		s[signedBaseBeside] = base
	} else {
		s[signedBase] = base
	}
	if v.moved {
		s[signedBaseMoved] = base
	}
	if v.classes.has(classGladly) {
		s[signedGladly] = base
	}
	s[signedLeaning] = 1
	v.numbers(r)
	p[plainOne] = 1
	asks := r.dense[denseAsks] > 0
	if asks {
		p[plainAsks] = 1
	}
	for k := range v.names {
		if _, to := r.bounds(v.names[k].from); asks && v.names[k].brand && to < len(r.places) && r.letters[r.tokens[r.places[to].token].from] == '?' {
			p[plainAsksOwn] = 1
		}
	}
	if v.classes.has(classAsk) && asks {
		p[plainAsksClass] = 1
	}
	if asks && v.moved {
		p[plainAsksMoved] = 1
	}
	if v.classes.has(classSame) {
		p[plainSame] = 1
	}
	if v.classes.has(classNews) {
		p[plainNews] = 1
	}
	if v.rivals {
		p[plainBeside] = 1
		if v.classes.has(classSame) && !v.moved {
			p[plainSameBoth] = 1
		}
		if asks {
			p[plainAsksBeside] = 1
		}
	}
	if v.classes.has(classNews) && !v.moved {
		p[plainNewsUnmoved] = 1
	}
	p[plainMoves] = min(float32(len(v.sayings)), 6) / 3
	if !v.moved {
		p[plainNoMoves] = 1
	}
	p[plainOwn] = max(s[signedOwn], -s[signedOwn])
	if s[signedOwn] == 0 {
		p[plainNoClause] = 1
	}
	p[plainNeutral] = max(-3, min(3, z[neutral]-max(z[negative], z[positive])))
	p[plainOpinion] = max(base, -base)
	if len(v.names) > 1 && v.or(r) {
		p[plainOr] = 1
	}
}

var hashesOr = [...]uint64{hashString("or"), hashString("o"), hashString("vs"), hashString("u")}

// or tells whether two names are offered as a choice.
func (v *view) or(r *reading) bool {
	for k := 1; k < len(v.names); k++ {
		for i := v.names[k-1].to; i < v.names[k].from && i < v.names[k-1].to+3; i++ {
			for _, h := range hashesOr {
				if r.places[i].hash == h {
					return true
				}
			}
		}
	}
	return false
}

// numbers compares marks, places in a list and signs such as X > Y.
func (v *view) numbers(r *reading) {
	for k := range v.names {
		for l := range v.names[:k] {
			a, b := &v.names[l], &v.names[k]
			if a.brand == b.brand {
				continue
			}
			side := float32(1)
			if b.brand {
				side = -1
			}
			switch {
			case a.after >= 0 && b.after >= 0 && a.after != b.after && a.before < 0:
				v.signed[signedNumbers] += side * sign(a.after-b.after)
			case a.before >= 0 && b.before >= 0 && a.before != b.before:
				v.signed[signedNumbers] += side * sign(b.before-a.before)
			}
		}
	}
	for k := range v.names {
		n := &v.names[k]
		if n.brand && n.to < len(r.places) {
			v.signed[signedArrows] += r.arrow(n.to)
		}
		if n.brand && n.from > 0 {
			v.signed[signedArrows] -= r.arrow(n.from - 1)
		}
	}
	v.signed[signedNumbers], v.signed[signedArrows] = bound(v.signed[signedNumbers]), bound(v.signed[signedArrows])
}

// arrow is 1 for >, -1 for <.
func (r *reading) arrow(i int) float32 {
	if t := &r.tokens[r.places[i].token]; t.kind == punctuation {
		switch r.letters[t.from] {
		case '>':
			return 1
		case '<':
			return -1
		}
	}
	return 0
}

func sign(x float32) float32 { return float32(math.Copysign(1, float64(x))) }

// weigh adds to the logits what a view tells.
func (t *towards) weigh(v *view, z *[classCount]float32) {
	var good, none float32
	for _, s := range v.sayings {
		good += t.relations[s.relation] * s.value
	}
	regime := 0
	if v.rivals {
		regime = 1
	}
	for i, x := range v.signed {
		good += t.signed[regime][i] * x
	}
	for i, x := range v.plain {
		none += t.plain[regime][i] * x
	}
	z[negative] -= good
	z[neutral] += none
	z[positive] += good
}

// cause is the word that says most of the brand.
func (v *view) cause(r *reading) cause {
	if v.where < 0 {
		return cause{"named beside others", "brand"}
	}
	p := &r.places[v.where]
	last := r.places[min(v.where+p.span, len(r.places))-1].token
	return cause{r.text[r.tokens[p.token].start:r.tokens[last].end], "brand"}
}
