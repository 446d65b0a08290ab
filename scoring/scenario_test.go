package scoring_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adalid/scoring"
)

// A scenario is a small story about a brand's people with what must come out:
//
//	# why
//	crowd 60 on x: posts 1..4, sentiment -0.1..0.6, followers 50..900
//	person Ana on x: posts 6, days 5, sentiment 0.7, likes 5
//	expect Ana above Bea with true-fans
//
// Facts: posts (own ones), days (active ones; else one per post), ago (days
// since the newest), copies (posts of one text), sponsored (how many of the
// posts), sentiment (mean) or unscored, lang, likes and views (per post),
// followers, ranks (PageRank times people), contacts (counterparts), bridging
// (participation coefficient). In a crowd
// a..b spreads evenly, each fact in an order of its own.
type scenario struct {
	names  []string // "" in a crowd
	people [][]scoring.Signals
	expect []expectation
}

type expectation struct {
	line  int
	words []string
}

// fact is a number or a range.
type fact struct{ low, high float64 }

func parseScenario(text string) (scenario, error) {
	var s scenario
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		kind, rest, _ := strings.Cut(line, " ")
		var err error
		switch kind {
		case "", "#":
		case "expect":
			s.expect = append(s.expect, expectation{i + 1, strings.Fields(rest)})
		case "crowd", "person":
			err = s.add(kind == "crowd", rest)
		default:
			err = fmt.Errorf("%q is none of crowd, person, expect, #", kind)
		}
		if err != nil {
			return s, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if len(s.expect) == 0 {
		return s, fmt.Errorf("nothing is expected")
	}
	return s, nil
}

func (s *scenario) add(crowd bool, text string) error {
	head, list, ok := strings.Cut(text, ":")
	if !ok {
		return fmt.Errorf("facts follow a colon")
	}
	name, platform, _ := strings.Cut(head, " on ")
	count := 1
	if crowd {
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of people", name)
		}
		name, count = "", n
	}
	facts, lang := map[string]fact{}, "es"
	for item := range strings.SplitSeq(list, ",") {
		words := strings.Fields(item)
		switch {
		case len(words) == 1 && words[0] == "unscored":
			facts["unscored"] = fact{}
		case len(words) == 2 && words[0] == "lang":
			lang = words[1]
		case len(words) == 2 && slices.Contains(factNames, words[0]):
			f, err := parseFact(words[1])
			if err != nil {
				return err
			}
			facts[words[0]] = f
		default:
			return fmt.Errorf("%q is no fact; facts are unscored, lang, %s", strings.TrimSpace(item), strings.Join(factNames, ", "))
		}
	}
	for i := range count {
		s.names = append(s.names, name)
		s.people = append(s.people, []scoring.Signals{signals(facts, i, count, platform, lang)})
	}
	return nil
}

var factNames = []string{"posts", "days", "ago", "copies", "sponsored", "sentiment", "likes", "views", "followers", "ranks", "contacts", "bridging"}

func parseFact(text string) (fact, error) {
	low, high, ranged := strings.Cut(text, "..")
	if !ranged {
		high = low
	}
	a, err := strconv.ParseFloat(low, 64)
	if err != nil {
		return fact{}, fmt.Errorf("%q is no number", low)
	}
	b, err := strconv.ParseFloat(high, 64)
	if err != nil {
		return fact{}, fmt.Errorf("%q is no number", high)
	}
	return fact{a, b}, nil
}

// signals makes the signals of person i of n.
func signals(facts map[string]fact, i, n int, platform, lang string) scoring.Signals {
	known := func(name string) (float64, bool) {
		f, ok := facts[name]
		if f.low == f.high || !ok {
			return f.low, ok
		}
		// A step that shares no divisor with most n visits every place once.
		step := 2*slices.Index(factNames, name) + 7
		x := f.low + (f.high-f.low)*float64(i*step%n)/float64(n-1)
		if name != "sentiment" && name != "ranks" && name != "bridging" {
			x = math.Round(x)
		}
		return x, true
	}
	number := func(name string, otherwise float64) float64 {
		if x, ok := known(name); ok {
			return x
		}
		return otherwise
	}
	pointer := func(name string) *float64 {
		if x, ok := known(name); ok {
			return &x
		}
		return nil
	}
	copies := number("copies", 0)
	posts := number("posts", copies)
	organic := posts - number("sponsored", 0)
	days := min(number("days", posts), max(organic, 0))
	s := scoring.Signals{Platform: platform, Views: pointer("views"), Followers: pointer("followers")}
	s.PageRank, s.Counterparts, s.Bridging = pointer("ranks"), pointer("contacts"), pointer("bridging")
	weight := organic
	if copies > 0 {
		weight = 0
		for k := 1.0; k <= copies; k++ {
			weight += 1 / (k * k)
		}
	}
	for day := range int(days) {
		decay := math.Pow(.5, (float64(day)+number("ago", 0))/30)
		s.ActiveDays += decay
		s.Effective += decay * min(weight/days, 1+math.Log1p(organic/days))
	}
	if mean, ok := known("sentiment"); ok && weight > 0 {
		s.SentimentWeight, s.SentimentSum = weight, weight*mean
		s.LangWeights = map[string]float64{lang: 1}
	}
	if likes, ok := known("likes"); ok {
		s.Engagement, s.EngagementPosts = likes*posts, posts
	}
	return s
}

// world answers expectations.
type world struct {
	scenario
	scale *scoring.Scale
}

func (w world) person(name string) ([]scoring.Signals, error) {
	i := slices.Index(w.names, name)
	if i < 0 || name == "" {
		return nil, fmt.Errorf("nobody is called %q", name)
	}
	return w.people[i], nil
}

// settings reads "with PRESET" or "with arithmetic" at the end.
func settings(words []string) ([]string, scoring.Weights, scoring.Blend, error) {
	w, _ := scoring.Preset("balanced")
	if len(words) < 2 || words[len(words)-2] != "with" {
		return words, w, scoring.Geometric, nil
	}
	name := words[len(words)-1]
	words = words[:len(words)-2]
	if name == string(scoring.Arithmetic) {
		return words, w, scoring.Arithmetic, nil
	}
	w, ok := scoring.Preset(name)
	if !ok {
		return nil, w, "", fmt.Errorf("there is no preset %q", name)
	}
	return words, w, scoring.Geometric, nil
}

// holds tells whether an expectation is met, and what is the case.
func (w world) holds(e expectation) (bool, string, error) {
	words, weights, blend, err := settings(e.words)
	if err != nil {
		return false, "", err
	}
	component := -1
	if len(words) > 2 && words[1] == "of" {
		if component = slices.Index(scoring.Names[:], words[0]); component < 0 {
			return false, "", fmt.Errorf("there is no component %q", words[0])
		}
		words = words[2:]
	}
	if len(words) < 2 {
		return false, "", fmt.Errorf("%q expects nothing", strings.Join(e.words, " "))
	}
	a, err := w.person(words[0])
	if err != nil {
		return false, "", err
	}
	score := w.scale.Score(a, weights, blend)
	if component >= 0 {
		return w.partHolds(score.Parts[component], component, words[1:])
	}
	said := strings.Join(words[1:], " ")
	switch {
	case said == "is a critic", said == "is no critic":
		return score.Critic == (said == "is a critic"), fmt.Sprintf("mean %v", score.Mean), nil
	case strings.HasPrefix(said, "in the first "):
		n, err := strconv.Atoi(strings.TrimPrefix(said, "in the first "))
		place := 1
		for _, other := range w.people {
			if w.scale.Score(other, weights, blend).Total > score.Total {
				place++
			}
		}
		return place <= n, fmt.Sprintf("place %d", place), err
	case len(words) >= 3 && (words[1] == "above" || words[1] == "not" && words[2] == "below"):
		b, err := w.person(words[len(words)-1])
		if err != nil {
			return false, "", err
		}
		other := w.scale.Score(b, weights, blend)
		return score.Total > other.Total || words[1] == "not" && score.Total == other.Total,
			fmt.Sprintf("%.2f against %.2f", score.Total, other.Total), nil
	}
	return false, "", fmt.Errorf("%q is no expectation", said)
}

func (w world) partHolds(p scoring.Part, component int, words []string) (bool, string, error) {
	value := func(p scoring.Part) float64 {
		if p.Value == nil {
			return math.NaN()
		}
		return *p.Value
	}
	is := fmt.Sprintf("%s is %.3f, imputed %v", p.Name, value(p), p.Imputed)
	switch said := strings.Join(words, " "); {
	case said == "left out":
		return p.Value == nil, is, nil
	case said == "imputed":
		return p.Imputed, is, nil
	case said == "at the floor":
		return value(p) == scoring.Floor, is, nil
	case words[0] == "above" || strings.HasPrefix(said, "as of "):
		b, err := w.person(words[len(words)-1])
		if err != nil {
			return false, "", err
		}
		other := w.scale.Components(b).Value[component]
		return words[0] == "above" && value(p) > other || words[0] == "as" && near(value(p), other), fmt.Sprintf("%s, the other's %.3f", is, other), nil
	default:
		return false, "", fmt.Errorf("%q is no expectation of a component", said)
	}
}

func TestScenarios(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.scenario"))
	if err != nil || len(files) < 12 {
		t.Fatalf("%d scenarios, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".scenario"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := parseScenario(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			w := world{s, scoring.Fit(s.people)}
			for _, e := range s.expect {
				if ok, is, err := w.holds(e); err != nil || !ok {
					t.Errorf("%s:%d: expect %s: %s %v", file, e.line, strings.Join(e.words, " "), is, err)
				}
			}
		})
	}
}

func TestWrongScenarios(t *testing.T) {
	for text, say := range map[string]string{
		"":                         "nothing is expected",
		"wish Ana rich":            "line 1: \"wish\" is none of",
		"#\nperson Ana posts 3":    "line 2: facts follow a colon",
		"crowd many: posts 3":      "no number of people",
		"person Ana: luck 3":       "is no fact",
		"person Ana: posts few":    "\"few\" is no number",
		"person Ana: posts 1..few": "\"few\" is no number",
	} {
		if _, err := parseScenario(text); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", text, err, say)
		}
	}
	s, err := parseScenario("person Ana: posts 3\nexpect Ana rich\nexpect Bea above Ana\nexpect Ana above Ana with luck\nexpect charm of Ana imputed\nexpect Ana")
	if err != nil {
		t.Fatal(err)
	}
	w := world{s, scoring.Fit(s.people)}
	for _, e := range s.expect {
		if _, _, err := w.holds(e); err == nil {
			t.Errorf("%v is an expectation", e.words)
		}
	}
}
