package demo

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// grammars hold one file per language: "== name" opens a section, every other
// line is one way to say it, {name} puts in a line of another section. Under
// "== instead" of a later file, "old => new" takes the place of a line before.
//
//go:embed grammar/*.txt
var grammars embed.FS

// grammar is how people of one language speak: section name → ways to say it.
type grammar struct {
	sections map[string][]string
	repair   *strings.Replacer // what sections put together get wrong: "a iced" → "an iced"
}

// readGrammar reads the grammar of a language.
func readGrammar(lang string) (grammar, error) {
	g := grammar{sections: map[string][]string{}}
	return g, g.read(lang)
}

// read adds the sections of a file.
func (g *grammar) read(file string) error {
	src, err := grammars.ReadFile("grammar/" + file + ".txt")
	if err != nil {
		return fmt.Errorf("demo: read grammar: %w", err)
	}
	var name string
	var repairs []string
	for line := range strings.Lines(string(src)) {
		line = strings.TrimRight(line, "\r\n")
		section, opens := strings.CutPrefix(line, "== ")
		from, to, _ := strings.Cut(line, " => ")
		switch {
		case line == "":
		case opens:
			name = section
		case name == "instead":
			if err := g.reword(from, to); err != nil {
				return err
			}
		case name == "repair":
			repairs = append(repairs, " "+from+" ", " "+to+" ")
		default:
			g.sections[name] = append(g.sections[name], line)
		}
	}
	if g.repair == nil {
		g.repair = strings.NewReplacer(repairs...)
	}
	return nil
}

// reword puts one way to say it in the place of another.
func (g *grammar) reword(from, to string) error {
	for _, lines := range g.sections {
		if i := slices.Index(lines, from); i >= 0 {
			lines[i] = to
			return nil
		}
	}
	return fmt.Errorf("demo: read grammar: nobody says %q", from)
}

// say makes a text of a section; words stand in for sections of their name.
func (g grammar) say(r *rand.Rand, section string, words map[string]string) string {
	var b strings.Builder
	g.expand(&b, r, "{"+section+"}", words)
	return g.repair.Replace(b.String())
}

// expand writes a line with its sections put in.
func (g grammar) expand(b *strings.Builder, r *rand.Rand, line string, words map[string]string) {
	for {
		open := strings.IndexByte(line, '{')
		if open < 0 {
			b.WriteString(line)
			return
		}
		b.WriteString(line[:open])
		size := strings.IndexByte(line[open:], '}')
		name := line[open+1 : open+size]
		line = line[open+size+1:]
		word, ok := words[name]
		if lines := g.sections[name]; !ok && len(lines) > 0 {
			word = lines[r.IntN(len(lines))]
		}
		g.expand(b, r, word, words)
	}
}

// sentenceCase puts a capital at the beginning of every sentence.
func sentenceCase(s string) string {
	var b strings.Builder
	begins := true
	for i, c := range s {
		if begins {
			b.WriteRune(unicode.ToUpper(c))
		} else {
			b.WriteRune(c)
		}
		switch {
		case strings.ContainsRune(".!?", c) && strings.HasPrefix(s[i+1:], " "):
			begins = true
		case !strings.ContainsRune(" ¿¡", c):
			begins = false
		}
	}
	return b.String()
}

// bare is a text without what a copy may differ in: case, digits, marks,
// handles. Equal bare texts are copies.
func bare(s string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(strings.ToLower(s)) {
		if word[0] == '@' || strings.HasPrefix(word, "http") {
			continue
		}
		letters := strings.Map(func(c rune) rune {
			if unicode.IsLetter(c) {
				return c
			}
			return -1
		}, word)
		if letters != "" {
			b.WriteString(letters + " ")
		}
	}
	return b.String()
}
