package sentiment

import "strings"

// invented are names to fill frames with.
var invented = strings.Fields("Lumbre Nerva Zandoril Quopper Vintello Brasmund Oskavia Fendrick Tulvane Morquil Jespera Waldrune Plinkett Corvusa Dremly Hasparo Yulbeck Kintosa Rubelow Sarvenda")

var labelBy = map[byte]string{'+': "positive", '-': "negative", '0': "neutral"}

// frames fills the frames with names: rows as in the other files.
func frames(text string) (rows []string) {
	n := 0
	for line := range strings.Lines(text) {
		if strings.Contains("+-0", line[:1]) {
			rows = append(rows, named(line, n)...)
			n++
		}
	}
	return rows
}

// named fills a frame with the names of a number: a row for each of them that
// the frame judges.
func named(frame string, n int) (rows []string) {
	x, y := invented[n%len(invented)], invented[(n*7+3)%len(invented)]
	if x == y {
		y = invented[(n+1)%len(invented)]
	}
	words := strings.Fields(frame[6:])
	for i, w := range words {
		switch bare := strings.TrimRight(w, ".,:;?!"); {
		case bare == "X" || bare == "X's":
			words[i] = x + w[1:]
		case bare == "Y" || bare == "Y's":
			words[i] = y + w[1:]
		}
	}
	body := strings.Join(words, " ")
	rows = append(rows, labelBy[frame[0]]+"\t"+frame[3:5]+"\t"+x+"\t"+body)
	if frame[1] != '.' {
		rows = append(rows, labelBy[frame[1]]+"\t"+frame[3:5]+"\t"+y+"\t"+body)
	}
	return rows
}

// facts makes rows of a good fact about one and a bad one about another.
func facts(text string) (rows []string) {
	told := map[string][]string{}
	for line := range strings.Lines(text) {
		if strings.Contains("+-", line[:1]) {
			told[line[:4]] = append(told[line[:4]], strings.Split(strings.TrimSpace(line[5:]), " / ")...)
		}
	}
	for _, lang := range []string{"en", "es"} {
		good, bad := told["+ "+lang], told["- "+lang]
		for i := range max(len(good), len(bad)) {
			x, y := invented[i%len(invented)], invented[(i+5)%len(invented)]
			a, b := good[i*7%len(good)], bad[i*11%len(bad)]
			body := x + ": " + a + ". " + y + ": " + b + "."
			if i%2 == 1 {
				body = y + ", " + b + ". " + x + ", " + a + "."
			}
			rows = append(rows, "positive\t"+lang+"\t"+x+"\t"+body, "negative\t"+lang+"\t"+y+"\t"+body)
		}
	}
	return rows
}
