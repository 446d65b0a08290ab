package topics

import (
	_ "embed"
	"maps"
	"strings"
	"sync"
)

//go:embed empty.txt
var emptyWords string

// emptiness says how little a word names.
type emptiness uint8

const (
	full  emptiness = iota
	weak            // only together with a full one
	empty           // never, but inside of a phrase
)

// emptyLists are the words that name nothing by language, and those of all
// languages together under "".
var emptyLists = sync.OnceValue(func() map[string]map[string]emptiness {
	lists := map[string]map[string]emptiness{"": {}}
	for line := range strings.Lines(emptyWords) {
		tags, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		list := map[string]emptiness{}
		for w := range strings.FieldsSeq(words) {
			name, isWeak := strings.CutSuffix(fold(w), "~")
			list[name] = empty
			if isWeak {
				list[name] = weak
			}
			lists[""][name] = max(lists[""][name], list[name])
		}
		for tag := range strings.FieldsSeq(tags) {
			lists[tag] = list
		}
	}
	maps.Copy(lists["hi"], lists["en"]) // romanised Hindi is mixed with English
	for _, list := range lists {
		maps.Copy(list, lists["*"])
	}
	return lists
})

// emptyOf gives the list of a language; that of all where there is none.
func emptyOf(lang string) map[string]emptiness {
	lists := emptyLists()
	if list := lists[lang]; list != nil {
		return list
	}
	return lists[""]
}
