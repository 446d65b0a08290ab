package sentiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"adalid"
)

// permitted lists the files whose licences let their weights ship; bigEnglish
// is the one that would drown the others.
var permitted = []string{
	"umsab_arabic_train.tsv", "umsab_english_train.tsv", "umsab_french_train.tsv", "umsab_german_train.tsv",
	"umsab_hindi_train.tsv", "umsab_italian_train.tsv", "umsab_portuguese_train.tsv", "umsab_spanish_train.tsv", bigEnglish,
}

const (
	bigEnglish   = "semeval2013_2016_english_train.tsv"
	validationOf = "umsab_%s_val.tsv"
	folds        = 5
)

// corpus is the training texts as features.
type corpus struct {
	samples  []*sample
	fold     []int // by the letters of the text: copies of one text share a fold
	file     []int // index into files
	files    []TrainingFile
	features int
	buckets  []uint32 // bucket of each feature
	texts    []string
	entries  map[uint32]int8 // the lexicon before the rows corrected it
}

// readCorpus reads what there is of the permitted files in dir. Texts that also
// stand in a validation file are left out, so that those stay unseen.
func readCorpus(dir string) (*corpus, error) {
	entries, err := trainingLexicon()
	if err != nil {
		return nil, err
	}
	c := &corpus{entries: entries}
	lex := newLexicon(entries)
	r := newReading(&lex, newRoles(), nil)
	unseen, err := validationTexts(dir, r)
	if err != nil {
		return nil, err
	}
	for _, name := range permitted {
		rows, sum, err := readFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		n := c.add(r, name, rows, unseen)
		c.files = append(c.files, TrainingFile{name, n, sum})
		if name == bigEnglish {
			if err := c.addGlossed(r, rows, unseen); err != nil {
				return nil, err
			}
		}
	}
	if len(c.files) == 0 {
		return nil, adalid.Errorf(adalid.NotFound, "there is nothing to learn from in %q: it holds none of the files umsab_LANGUAGE_train.tsv and %s", dir, bigEnglish)
	}
	c.number()
	return c, nil
}

func readFile(path string) ([]Row, string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, "", fmt.Errorf("sentiment: %w", err)
	}
	rows, err := ReadRows(bytes.NewReader(data), LangOfFile(path))
	if adalid.CodeOf(err) != "" { // whoever is shown coded messages alone needs the file's name in one
		return nil, "", adalid.Wrapf(adalid.Invalid, err, "%s", filepath.Base(path))
	}
	if err != nil {
		return nil, "", fmt.Errorf("sentiment: %s: %w", filepath.Base(path), err)
	}
	sum := sha256.Sum256(data)
	return rows, hex.EncodeToString(sum[:]), nil
}

// validationTexts gives the keys of the texts that must stay unseen.
func validationTexts(dir string, r *reading) (map[uint64]bool, error) {
	unseen := map[uint64]bool{}
	for _, l := range languageNames[1:] {
		rows, _, err := readFile(filepath.Join(dir, fmt.Sprintf(validationOf, l)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			r.read(row.Text, languageOf(row.Lang))
			if key, long := r.textKey(); long {
				unseen[key] = true
			}
		}
	}
	return unseen, nil
}

// textKey is equal for texts of the same words; long tells whether there are
// enough of them for that to be no coincidence.
func (r *reading) textKey() (key uint64, long bool) {
	key = hashStart
	n := 0
	for i := range r.tokens {
		if r.tokens[i].kind == word {
			key = key*31 + r.tokens[i].hash
			n++
		}
	}
	return mix(key), n > 3
}

// add turns rows into samples, each class with the same weight in all.
func (c *corpus) add(r *reading, name string, rows []Row, unseen map[uint64]bool) int {
	first := len(c.samples)
	for _, row := range rows {
		l := languageOf(row.Lang)
		r.read(row.Text, l)
		if key, _ := r.textKey(); !unseen[key] {
			c.take(r, row, key)
		}
	}
	weight := float32(1)
	if name == bigEnglish {
		weight = bigEnglishWeight
	}
	return c.balance(first, weight)
}

// take makes a sample of what r has read; texts of the same key share a fold.
func (c *corpus) take(r *reading, row Row, key uint64) {
	r.list()
	s := &sample{lang: r.lang, label: classOf(row.Label), dense: r.dense}
	s.words, s.chars = append(s.words, r.words...), append(s.chars, r.chars...)
	c.samples = append(c.samples, s)
	c.texts = append(c.texts, r.text)
	c.fold = append(c.fold, int(key%folds))
	c.file = append(c.file, len(c.files))
}

// balance gives the samples from first on their weights: on average the given
// one, each class the same in all. It tells how many they are.
func (c *corpus) balance(first int, weight float32) int {
	var count [classCount]float32
	added := c.samples[first:]
	for _, s := range added {
		count[s.label]++
	}
	for _, s := range added {
		s.weight = float32(len(added)) / float32(classCount) / count[s.label] * weight
	}
	return len(added)
}

// What the glossary adds: of each language one English row in so many, and the
// weight of such a row.
const (
	glossedName   = "glossary.tsv"
	glossedEvery  = 5
	glossedWeight = .15
)

// addGlossed makes rough rows in other languages of English ones. A row stays
// in the fold of the English text, so that nothing is learnt from what is held
// out.
func (c *corpus) addGlossed(r *reading, rows []Row, unseen map[uint64]bool) error {
	total := 0
	for column, to := range glossed {
		g, err := readGlossary(column)
		if err != nil {
			return err
		}
		first := len(c.samples)
		for i := column; i < len(rows); i += glossedEvery {
			r.read(rows[i].Text, english)
			key, _ := r.textKey()
			if unseen[key] {
				continue
			}
			r.read(g.translate(r, key), to)
			c.take(r, rows[i], key)
		}
		total += c.balance(first, glossedWeight)
	}
	sum := sha256.Sum256([]byte(glossaryFile))
	c.files = append(c.files, TrainingFile{glossedName, total, hex.EncodeToString(sum[:])})
	return nil
}

// rough tells whether a sample was made by the glossary: it speaks for nothing
// that is measured.
func (c *corpus) rough(i int) bool { return c.files[c.file[i]].Name == glossedName }

// priorWeight is how many rows of evidence the valence of an entry is worth. The
// Portuguese rows, which talk of television shows, bear correcting the words of
// opinion six times as fast as those of other languages do.
const (
	priorWeight        = 10
	portugueseEvidence = 6
)

// correct makes the lexicon of the entries and of how the chosen rows speak:
// an entry whose word stands mostly in texts of the other kind counts less, in
// the end nothing. Then it computes the dense features of all samples with it.
func (c *corpus) correct(in func(int) bool) lexicon {
	full := newLexicon(c.entries)
	r := newReading(&full, newRoles(), nil)
	type evidence struct{ n, net float32 }
	seen := map[uint32]evidence{}
	for i, s := range c.samples {
		if !in(i) {
			continue
		}
		r.read(c.texts[i], s.lang)
		for k := range r.tokens {
			t := &r.tokens[k]
			if t.kind != word || t.valence == 0 || t.flags&negated != 0 {
				continue
			}
			_, key := r.lex.valence(r.letters[t.from:t.to], t.hash, s.lang)
			e, weight := seen[key], s.weight
			if s.lang == portuguese {
				weight *= portugueseEvidence
			}
			e.n += weight
			e.net += weight * float32(int(s.label)-int(neutral))
			seen[key] = e
		}
	}
	entries := map[uint32]int8{}
	for key, v := range c.entries {
		e := seen[key]
		new := (priorWeight*float32(v) + e.net*fullValence) / (priorWeight + e.n)
		if new*float32(v) <= 0 {
			continue
		}
		entries[key] = int8(max(-127, min(127, new)))
	}
	lex := newLexicon(entries)
	r = newReading(&lex, r.roles, nil)
	for i, s := range c.samples {
		r.read(c.texts[i], s.lang)
		s.dense = r.dense
	}
	return lex
}

// fullValence is the valence, in the lexicon's units, of a word that stands in
// texts of one kind only.
const fullValence = 4 * valenceUnit

// number replaces buckets by consecutive numbers of those seen often enough.
func (c *corpus) number() {
	seen := make([]uint32, modelBuckets)
	for _, s := range c.samples {
		for _, block := range [2][]uint32{s.words, s.chars} {
			for _, b := range block {
				seen[b]++
			}
		}
	}
	for b, n := range seen {
		seen[b] = math.MaxUint32
		if n >= leastSeen {
			seen[b] = uint32(len(c.buckets))
			c.buckets = append(c.buckets, uint32(b))
		}
	}
	c.features = len(c.buckets)
	for _, s := range c.samples {
		s.words, s.chars = renumber(s.words, seen), renumber(s.chars, seen)
	}
}

func renumber(list, numbers []uint32) []uint32 {
	kept := list[:0]
	for _, b := range list {
		if n := numbers[b]; n != math.MaxUint32 {
			kept = append(kept, n)
		}
	}
	return kept
}
