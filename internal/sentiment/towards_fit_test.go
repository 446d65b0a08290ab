package sentiment

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	fitFrom     = flag.String("fit", "", "fit the weights towards a brand on these files of testdata, between commas")
	fitOut      = flag.String("leave", "", "files of testdata, between commas, each also tried on weights fitted without it")
	fitWrite    = flag.Bool("write", false, "keep the weights")
	fitShow     = flag.Bool("show", false, "show what is wrong on the files left out")
	fitOrdinary = flag.String("ordinary", "", "files of ordinary texts that keep the weights from seeing comparisons everywhere: label, text; with blanks between")
	fitShare    = flag.Float64("share", .22, "weight of an ordinary text")
	fitPull     = flag.Float64("pull", 3, "how strongly what was there holds the weights")
	fitRate     = flag.Float64("rate", .05, "size of a step")
	fitSeeds    = flag.Int("seeds", 10, "orders of the rows whose weights are averaged")
	fitSeen     = flag.Int("seen", 3, "texts that must hold a cue")
	fitMade     = flag.Float64("made", 1.5, "weight of a fact or a frame")
	fitHard     = flag.Float64("hard", .4, "weight of a row of the writers from 9 on")
	fitFloor    = flag.Float64("floor", -.15, "least weight of the tone of a text that names only the brand")
	fitUsual    = flag.Float64("usual", 1.2, "weight of a row that speaks as people usually do")
	fitEpochs   = flag.Int("epochs", 15, "how often each row is seen")
)

// measuring are the files that measure the weights.
var measuring = []string{
	"towards_writer3.tsv", "towards_writer5.tsv", "towards_writer20.tsv", "towards_writer21.tsv",
	"towards_writer24.tsv", "towards_writer25.tsv", "towards_plain2.tsv",
	"towards_writer36.tsv", "towards_writer37.tsv", "towards_plain9.tsv",
	"towards_writer41.tsv", "towards_writer42.tsv", "towards_plain12.tsv",
}

// fitRow is what the model sees of one text.
type fitRow struct {
	label  int
	text   string
	cues   []cue
	signed [signedCount]float32
	plain  [plainCount]float32
	used   bool
	regime int
	base   [classCount]float32
	weight float32
	file   string
	id     int
}

func fitRows(t *testing.T, m *Model, files string) (rows []fitRow) {
	ids := map[string]int{}
	for file := range strings.SplitSeq(files, ",") {
		if slices.Contains(measuring, file) {
			t.Fatalf("%s measures the weights, it must not make them", file)
		}
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Lines(string(data))
		switch file {
		case "towards_facts.txt":
			lines = slices.Values(facts(string(data)))
		case "towards_frames.txt", "towards_basic.txt":
			lines = slices.Values(frames(string(data)))
		}
		for line := range lines {
			f := strings.Split(strings.TrimSpace(line), "\t")
			row := fitRow{label: map[string]int{"negative": 0, "neutral": 1, "positive": 2}[f[0]], text: f[0] + " " + f[2] + ": " + f[3], file: file}
			if ids[f[3]] == 0 {
				ids[f[3]] = len(ids) + 1
			}
			row.id = ids[f[3]]
			r := m.reading()
			if !m.read(r, f[3], f[1]) {
				continue
			}
			z := m.logits(r)
			r.lay()
			if NewTerms(strings.Split(f[2], ",")...).find(r) {
				m.idiom(r, &z)
				r.view.look(r, m, m.towards, &z)
				row.take(&r.view)
				var names []string
				for _, n := range r.view.names {
					names = append(names, r.text[r.tokens[r.places[n.from].token].start:r.tokens[r.places[n.to-1].token].end])
				}
				row.text += " " + fmt.Sprintf("%q", names)
			}
			row.base = z
			row.weight = 1
			switch {
			case strings.HasSuffix(file, ".txt"):
				row.weight = float32(*fitMade)
			case hardFile(file):
				row.weight = float32(*fitHard)
			case usualFile(file):
				row.weight = float32(*fitUsual)
			case file == "towards_more.tsv": // many alike
				row.weight = .5
			}
			rows = append(rows, row)
			m.readings.Put(r)
		}
	}
	return rows
}

// hardFile tells whether a file is of the writers from 9 on. They were asked for
// the hardest they could think of; at full weight ordinary praise suffers.
func hardFile(file string) bool {
	var n int
	k, _ := fmt.Sscanf(file, "towards_writer%d.tsv", &n)
	return k == 1 && n > 8 && n < 20
}

// usualFile tells whether a file is of the writers from 22 on, who were asked
// for what people usually post, or of posts that only name the brand.
func usualFile(file string) bool {
	var n int
	k, _ := fmt.Sscanf(file, "towards_writer%d.tsv", &n)
	return k == 1 && n > 21 || strings.HasPrefix(file, "towards_plain")
}

func (row *fitRow) take(v *view) {
	row.used = v.used
	if v.used {
		row.cues = append([]cue{}, v.cues...)
		row.signed, row.plain, row.regime = v.signed, v.plain, v.regime
	}
}

// ordinary reads texts about the first account, tag or name in them, all but
// those that TestOrdinaryTexts measures with.
func ordinary(t *testing.T, m *Model, file string) (rows []fitRow) {
	all := 0
	for x := range ordinaryTexts(t, file, false) {
		all++
		r := m.reading()
		if m.read(r, x.text, x.lang) {
			z := m.logits(r)
			r.lay()
			if x.about.find(r) {
				m.idiom(r, &z)
				if r.view.look(r, m, m.towards, &z); r.view.used {
					row := fitRow{label: x.label, base: z, weight: float32(*fitShare), id: 1000000 + len(rows), file: "ordinary"}
					row.take(&r.view)
					rows = append(rows, row)
				}
			}
		}
		m.readings.Put(r)
	}
	t.Logf("%s: %d of %d ordinary texts", file, len(rows), all)
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

// toneMeasures are the measures of how good or bad a text sounds.
var toneMeasures = []int{signedBase, signedBaseMoved, signedOwn, signedGladly}

// fitted are weights that are being fitted.
type fitted struct {
	cues  [1 << cueBits]float32
	dense towards // its measures only
}

func (row *fitRow) answer(w *fitted) (z [classCount]float32) {
	if z = row.base; row.used {
		var good float32
		for _, c := range row.cues {
			good += w.cues[c.at] * c.x
		}
		w.dense.measured(&view{signed: row.signed, plain: row.plain, regime: row.regime}, good, &z)
	}
	return z
}

// fit gives the weights that rows outside a file lead to, from those of start.
func fit(start *towards, rows []fitRow, without string) *fitted {
	var mean fitted
	for seed := range *fitSeeds {
		mean.add(fitOnce(start, rows, without, uint64(seed+1)), 1/float32(*fitSeeds))
	}
	return &mean
}

// fitOnce fits with the rows in the order of a seed.
func fitOnce(start *towards, rows []fitRow, without string, seed uint64) *fitted {
	var w fitted
	for at, x := range start.prior {
		w.cues[at] = x
	}
	for regime := range regimes {
		g := &w.dense.signed[regime]
		g[signedOwn], g[signedOther], g[signedConceded], g[signedNumbers], g[signedArrows] = .4, -.2, .5, 1.5, 2
		g[signedParallel] = -.3
		if regime == besideNames {
			g[signedBaseBeside] = -.5 // the tone of the whole says little of one of two
		}
	}
	from := w
	seen, last := map[uint16]int{}, map[uint16]int{}
	for i := range rows {
		if row := &rows[i]; row.file != without && row.used {
			for _, c := range row.cues {
				if last[c.at] != row.id {
					last[c.at] = row.id
					seen[c.at]++
				}
			}
		}
	}
	g2 := make([]float32, len(w.cues))
	var s2 [regimes][signedCount]float32
	var p2 [regimes][plainCount]float32
	total := 0
	for i := range rows {
		if rows[i].file != without && rows[i].used {
			total++
		}
	}
	rate, pull := float32(*fitRate), float32(*fitPull)/float32(total)
	step := func(w, from, g2 *float32, g float32, pull float32) {
		g += pull * (*w - *from)
		*g2 += g * g
		*w -= rate * g / (1e-6 + float32(math.Sqrt(float64(*g2))))
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	var mean fitted
	for epoch := range *fitEpochs {
		for i := range order {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int(seed>>33) % (i + 1)
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			row := &rows[i]
			if !row.used || row.file == without {
				continue
			}
			z := row.answer(&w)
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
			for _, c := range row.cues {
				if seen[c.at] >= *fitSeen {
					step(&w.cues[c.at], &from.cues[c.at], &g2[c.at], good*c.x, pull*30)
				}
			}
			for k, x := range row.signed {
				if x != 0 {
					step(&w.dense.signed[row.regime][k], &from.dense.signed[row.regime][k], &s2[row.regime][k], good*x, pull)
				}
			}
			for _, k := range toneMeasures { // whose own words are turned round is rare, however often such sentences are invented
				w.dense.signed[alone][k] = max(w.dense.signed[alone][k], float32(*fitFloor))
			}
			for k, x := range row.plain {
				if x != 0 {
					step(&w.dense.plain[row.regime][k], &from.dense.plain[row.regime][k], &p2[row.regime][k], none*x, pull)
				}
			}
		}
		if epoch >= *fitEpochs/3 {
			mean.add(&w, 1/float32(*fitEpochs-*fitEpochs/3))
		}
	}
	return &mean
}

// add adds a share of other weights.
func (w *fitted) add(o *fitted, share float32) {
	for i := range w.cues {
		w.cues[i] += share * o.cues[i]
	}
	for regime := range regimes {
		for k := range w.dense.signed[regime] {
			w.dense.signed[regime][k] += share * o.dense.signed[regime][k]
		}
		for k := range w.dense.plain[regime] {
			w.dense.plain[regime][k] += share * o.dense.plain[regime][k]
		}
	}
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
	began := time.Now()
	rows := fitRows(t, m, *fitFrom)
	for _, file := range strings.Fields(*fitOrdinary) {
		rows = append(rows, ordinary(t, m, file)...)
	}
	report := func(w *fitted, file, how string) float64 {
		all, right := 0, 0
		var table [3][3]int
		var kinds [3][2]int
		for i := range rows {
			if rows[i].file == file {
				all++
				g := top(rows[i].answer(w))
				table[rows[i].label][g]++
				k := 0
				if rows[i].regime > 0 {
					k = 1
				} else if !rows[i].used {
					k = 2
				}
				kinds[k][1]++
				if g == rows[i].label {
					kinds[k][0]++
				}
				if got := top(rows[i].answer(w)); got == rows[i].label {
					right++
				} else if *fitShow && how == "left out" {
					t.Logf("%d used %v: %s", got-1, rows[i].used, rows[i].text)
				}
			}
		}
		share := float64(right) / float64(all)
		t.Logf("%s %s: %d of %d right, %.3f %v alone, beside, unused %v", how, file, right, all, share, table, kinds)
		return share
	}
	sum, n := map[string]float64{}, map[string]float64{}
	if *fitOut != "" {
		for file := range strings.SplitSeq(*fitOut, ",") {
			x := report(fit(m.towards, rows, file), file, "left out")
			kind := "first"
			switch {
			case strings.Contains(file, "plain"):
				kind = "plain"
			case usualFile(file):
				kind = "usual"
			case hardFile(file):
				kind = "hard"
			case strings.Contains(file, "dev"):
				kind = "dev"
			}
			sum[kind] += x
			n[kind]++
		}
		for kind := range n {
			t.Logf("MEAN %s %.3f", kind, sum[kind]/n[kind])
		}
	}
	if *fitWrite {
		w := fit(m.towards, rows, "")
		for file := range strings.SplitSeq(*fitFrom, ",") {
			report(w, file, "fitted")
		}
		if err := w.write(); err != nil {
			t.Fatal(err)
		}
	}
	t.Log(time.Since(began))
}

// write keeps the weights, those of cues in one byte each.
func (w *fitted) write() error {
	high := float32(0)
	for _, x := range w.cues {
		high = max(high, x, -x)
	}
	var b strings.Builder
	b.WriteString("# What the measures of a text weigh for and against a brand (signed) and for no\n# opinion (plain), alone and beside other names. Made by TestFitTowards.\n")
	fmt.Fprintf(&b, "scale cues %g\n", high/127)
	for regime, name := range regimeNames {
		for k, x := range w.dense.signed[regime] {
			fmt.Fprintf(&b, "signed %s %s %.3f\n", signedNames[k], name, x)
		}
		for k, x := range w.dense.plain[regime] {
			fmt.Fprintf(&b, "plain %s %s %.3f\n", plainNames[k], name, x)
		}
	}
	cues := make([]byte, len(w.cues))
	for i, x := range w.cues {
		cues[i] = byte(int8(math.Round(float64(x / high * 127))))
	}
	if err := os.WriteFile("towards/cues.bin", cues, 0o644); err != nil {
		return err
	}
	return os.WriteFile("towards/weights.txt", []byte(b.String()), 0o644)
}
