package sentiment

import (
	"fmt"
	"strings"
)

// classTable knows the classes of words and phrases of one language.
type classTable struct {
	entries map[uint64][]classEntry // by the hash of the first word, longest first
	lists   [][]classEntry          // the same, by the numbers of the table
	table   wordTable
	filter  [1024]uint64 // bits of the hashes of the first words
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
	t.filter[h>>40&1023] |= 1 << (h & 63)
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
	t.index()
	return t, nil
}

// index makes the entries quick to find.
func (t *classTable) index() {
	numbers := map[uint64]uint16{}
	t.lists = [][]classEntry{nil}
	for h, list := range t.entries {
		numbers[h] = uint16(len(t.lists))
		t.lists = append(t.lists, list)
	}
	t.table, t.entries = newWordTable(numbers), nil
}

// classify finds the classes of the places.
func (t *classTable) classify(r *reading) (all classSet) {
	for i := range r.places {
		p := &r.places[i]
		p.classes, p.span = 0, 1
		if p.brand > 0 || t.filter[p.hash>>40&1023]&(1<<(p.hash&63)) == 0 {
			continue
		}
		list := t.lists[t.table.of(p.hash)]
		for k := range list {
			e := &list[k]
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
