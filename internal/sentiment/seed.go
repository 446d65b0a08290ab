package sentiment

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jonreiter/govader"
)

//go:embed seeds
var seedFiles embed.FS

// trainingLexicon unites VADER's lexicon, for English and for emoticons and
// emoji, with our own words of opinion of all languages.
func trainingLexicon() (map[uint32]int8, error) {
	entries := map[uint32]int8{}
	addVADER(entries)
	for l := arabic; l < languageCount; l++ {
		if err := addSeeds(entries, languageCodes[l]+".txt", l); err != nil {
			return nil, err
		}
	}
	if err := addSeeds(entries, "emoji.txt", anyLanguage); err != nil {
		return nil, err
	}
	return entries, nil
}

func toValence(v float64) int8 { return int8(max(-127, min(127, v*valenceUnit))) }

// addVADER takes the words for English and sums up the descriptions of emoji.
func addVADER(entries map[uint32]int8) {
	v := govader.NewSentimentIntensityAnalyzer()
	for _, w := range slices.Sorted(maps.Keys(v.Lexicon)) {
		valence := v.Lexicon[w]
		if end, mood := readEmoticonWhole(w); end {
			entries[lexiconKey(hashRune(hashStart^uint64(emoticon), mood), anyLanguage, false)] = toValence(moodValence(mood))
			continue
		}
		if c := foldWord(w); c != "" && isLetter([]rune(c)[0]) {
			entries[lexiconKey(hashString(c), english, false)] = toValence(valence)
		}
	}
	for _, e := range slices.Sorted(maps.Keys(v.EmojiDict)) {
		description := v.EmojiDict[e]
		sum := 0.
		for _, w := range strings.Fields(description) {
			sum += v.Lexicon[w]
		}
		if sum != 0 {
			entries[lexiconKey(emojiHash(e), anyLanguage, false)] = toValence(sum)
		}
	}
}

func emojiHash(e string) uint64 {
	for _, c := range e {
		return hashRune(hashStart^uint64(emoji), c)
	}
	return 0
}

func readEmoticonWhole(w string) (bool, rune) {
	end, mood := readEmoticon(w+" ", 0)
	return end == len(w), mood
}

// moodValence is what VADER gives the commonest emoticon of each mood.
func moodValence(mood rune) float64 {
	switch mood {
	case smile, laugh, kiss, heart:
		return 2
	case joke:
		return 1.2
	case frown, cry, broke:
		return -2
	case doubt:
		return -1.2
	}
	return 0
}

// addSeeds reads lines of a valence and words; * ends a stem.
func addSeeds(entries map[uint32]int8, file string, lang language) error {
	data, err := seedFiles.ReadFile("seeds/" + file)
	if err != nil {
		return fmt.Errorf("sentiment: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		v, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			return fmt.Errorf("sentiment: %s: %w", file, err)
		}
		for _, w := range fields[1:] {
			stem := strings.HasSuffix(w, "*")
			w = strings.TrimSuffix(w, "*")
			key := lexiconKey(hashString(foldWord(w)), lang, stem)
			if lang == anyLanguage {
				key = lexiconKey(emojiHash(w), lang, false)
			}
			entries[key] = toValence(v)
		}
	}
	return nil
}
