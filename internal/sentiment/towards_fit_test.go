package sentiment

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

var (
	fitFrom     = flag.String("fit", "", "fit the weights towards a brand on these files of testdata, between commas")
	fitCheck    = flag.String("check", "", "files of testdata to try them on")
	fitWrite    = flag.Bool("write", false, "keep the weights in towards/weights.txt")
	fitShow     = flag.Bool("show", false, "show what is wrong on the files to fit on and to check")
	fitOrdinary = flag.String("ordinary", "", "files of ordinary texts that keep the weights from seeing comparisons everywhere: label, text; with blanks between")
	fitEvery    = flag.Int("every", 10, "take every so manieth ordinary text")
	fitShare    = flag.Float64("share", .03, "weight of an ordinary text")
	fitPull     = flag.Float64("pull", .01, "how strongly grammar.txt holds the weights")
)

// fitRow is what the model sees of one text.
type fitRow struct {
	label   int
	text    string
	sayings []saying
	signed  [signedCount]float32
	plain   [plainCount]float32
	used    bool
	rivals  bool
	base    [classCount]float32
	weight  float32
}

func fitRows(t *testing.T, m *Model, files string) (rows []fitRow) {
	for file := range strings.SplitSeq(files, ",") {
		path := file
		if !strings.Contains(file, "/") {
			path = "testdata/" + file
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			row := fitRow{label: map[string]int{"negative": 0, "neutral": 1, "positive": 2}[f[0]], text: f[0] + " " + f[2] + ": " + f[3]}
			r := m.reading()
			if !m.read(r, f[3], f[1]) {
				continue
			}
			z := m.logits(r)
			r.lay()
			if NewTerms(strings.Split(f[2], ",")...).find(r) {
				m.idiom(r, &z)
				r.view.look(r, m, m.towards, &z)
				v := &r.view
				row.used = v.used
				row.sayings = append([]saying{}, v.sayings...)
				row.signed, row.plain, row.rivals = v.signed, v.plain, v.rivals
				var names []string
				for _, n := range v.names {
					names = append(names, r.text[r.tokens[r.places[n.from].token].start:r.tokens[r.places[n.to-1].token].end])
				}
				row.text += " " + fmt.Sprintf("%q", names)
			}
			row.base = z
			row.weight = 1
			rows = append(rows, row)
			m.readings.Put(r)
		}
	}
	return rows
}

// ordinary reads texts about the first account or name in them.
func ordinary(t *testing.T, m *Model, file string) (rows []fitRow) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n, lang := 0, "en"
	if strings.Contains(file, "spanish") {
		lang = "es"
	}
	for line := range strings.Lines(string(data)) {
		label, text, found := strings.Cut(strings.TrimSpace(line), "\t")
		if n++; !found || len(label) != 1 || n%*fitEvery != 0 {
			continue
		}
		name := ""
		for k, w := range strings.Fields(text) {
			if w = strings.Trim(w, ".,:;!?\"'()"); len(w) > 3 && (w[0] == '@' || k > 0 && w[0] >= 'A' && w[0] <= 'Z' && w != strings.ToUpper(w)) {
				name = w
				break
			}
		}
		about := NewTerms(name)
		if about == nil {
			continue
		}
		r := m.reading()
		if m.read(r, text, lang) {
			z := m.logits(r)
			r.lay()
			if about.find(r) {
				m.idiom(r, &z)
				if r.view.look(r, m, m.towards, &z); r.view.used {
					v := &r.view
					rows = append(rows, fitRow{label: int(label[0] - '0'), sayings: append([]saying{}, v.sayings...), signed: v.signed, plain: v.plain, used: true, rivals: v.rivals, base: z, weight: float32(*fitShare)})
				}
			}
		}
		m.readings.Put(r)
	}
	t.Logf("%s: %d ordinary texts", file, len(rows))
	return rows
}

func top(z [classCount]float32) int {
	best := 1
	for i := range z {
		if z[i] > z[best] {
			best = i
		}
	}
	return best
}

func (row *fitRow) answer(w *towards) (z [classCount]float32) {
	if z = row.base; row.used {
		w.weigh(row.view(), &z)
	}
	return z
}

func (row *fitRow) view() *view {
	return &view{sayings: row.sayings, signed: row.signed, plain: row.plain, rivals: row.rivals}
}

// TestFitTowards fits the weights; see docs/sentiment.md for its command.
func TestFitTowards(t *testing.T) {
	if *fitFrom == "" {
		t.Skip("only with -fit")
	}
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.towards, err = newTowards(false); err != nil {
		t.Fatal(err)
	}
	rows := fitRows(t, m, *fitFrom)
	w := m.towards
	for _, file := range strings.Fields(*fitOrdinary) {
		rows = append(rows, ordinary(t, m, file)...)
	}
	for regime := range regimes {
		g := &w.signed[regime]
		g[signedOwn], g[signedOther], g[signedConceded], g[signedNumbers], g[signedArrows] = .4, -.2, .5, 1.5, 2
		g[signedParallel] = -.3
	}
	start := *w
	for epoch := range 600 {
		rate := float32(1) / (1 + float32(epoch)/100)
		var g towards
		for i := range rows {
			row := &rows[i]
			if !row.used {
				continue
			}
			z := row.answer(w)
			hi := max(z[0], z[1], z[2])
			var p [classCount]float32
			sum := float32(0)
			for k := range p {
				p[k] = float32(math.Exp(float64(z[k] - hi)))
				sum += p[k]
			}
			for k := range p {
				p[k] /= sum
				if k == row.label {
					p[k]--
				}
			}
			good, none := (p[2]-p[0])*row.weight, p[1]*row.weight
			regime := 0
			if row.rivals {
				regime = 1
			}
			for _, s := range row.sayings {
				g.relations[s.relation] += good * s.value
			}
			for k, x := range row.signed {
				g.signed[regime][k] += good * x
			}
			for k, x := range row.plain {
				g.plain[regime][k] += none * x
			}
		}
		n := float32(1000)
		pull := float32(*fitPull) / 10
		step := func(w, g, start *float32, speed float32) {
			*w -= rate * speed * (*g/n + pull*(*w-*start))
		}
		for k := range w.relations {
			step(&w.relations[k], &g.relations[k], &start.relations[k], 4)
		}
		for regime := range regimes {
			for k := range w.signed[regime] {
				step(&w.signed[regime][k], &g.signed[regime][k], &start.signed[regime][k], .5)
			}
			for k := range w.plain[regime] {
				step(&w.plain[regime][k], &g.plain[regime][k], &start.plain[regime][k], .5)
			}
		}
	}
	for _, files := range []string{*fitFrom, *fitCheck} {
		if files == "" {
			continue
		}
		for file := range strings.SplitSeq(files, ",") {
			rows, right, used := fitRows(t, m, file), 0, 0
			for i := range rows {
				if rows[i].used {
					used++
				}
				got := top(rows[i].answer(w))
				if got == rows[i].label {
					right++
				} else if *fitShow {
					t.Logf("%d used %v: %s %v", got-1, rows[i].used, rows[i].text, describe(w, rows[i].sayings))
				}
			}
			t.Logf("%s: %d of %d right, %.3f; weights asked for %d", file, right, len(rows), float64(right)/float64(len(rows)), used)
		}
	}
	if *fitWrite {
		if err := os.WriteFile("towards/weights.txt", []byte(w.encode()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func describe(w *towards, sayings []saying) (out []string) {
	for _, s := range sayings {
		out = append(out, fmt.Sprintf("%s %.1f×%.1f", relationName(int(s.relation)), w.relations[s.relation], s.value))
	}
	return out
}

func relationName(k int) string {
	m, rest := k%int(modeCount), k/int(modeCount)
	return strings.TrimSpace(classNames[rest/int(slotCount)] + " " + slotNames[rest%int(slotCount)] + " " + modeNames[m])
}

func (t *towards) encode() string {
	var b strings.Builder
	b.WriteString("# What grammar.txt became on the sentences of testdata: a class, a place, under\n# what, and how good that is for the brand. Made by TestFitTowards.\n")
	for k, x := range t.relations {
		if math.Abs(float64(x)) >= .005 {
			fmt.Fprintf(&b, "%s %.2f\n", relationName(k), x)
		}
	}
	for regime, beside := range [regimes]string{"", "beside "} {
		for k, x := range t.signed[regime] {
			fmt.Fprintf(&b, "signed %s %s%.3f\n", signedNames[k], beside, x)
		}
		for k, x := range t.plain[regime] {
			fmt.Fprintf(&b, "plain %s %s%.3f\n", plainNames[k], beside, x)
		}
	}
	return b.String()
}
