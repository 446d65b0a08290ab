package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rivo/uniseg"

	"adalid/internal/rank"
	"adalid/scoring"
)

// paint adds colours where the output is a terminal.
type paint bool

func (p paint) in(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

const (
	bold  = "1"
	faint = "2"
	green = "32"
	red   = "31"
	cyan  = "36"
)

// bar draws v of [0, 1] in width cells with eighths of a cell.
func bar(v float64, width int) string {
	eighths := int(v*float64(width)*8 + 0.5)
	full, rest := eighths/8, eighths%8
	out := strings.Repeat("█", full)
	if rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return out + strings.Repeat(" ", max(0, width-uniseg.StringWidth(out)))
}

// printable drops what would steer the terminal: control characters and marks
// that turn the direction of writing.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}

// fit cuts or fills text to width cells.
func fit(text string, width int) string {
	text = printable(text)
	if uniseg.StringWidth(text) <= width {
		return text + strings.Repeat(" ", width-uniseg.StringWidth(text))
	}
	var out strings.Builder
	used := 0
	graphemes := uniseg.NewGraphemes(text)
	for graphemes.Next() {
		if used+graphemes.Width() > width-1 {
			break
		}
		out.WriteString(graphemes.Str())
		used += graphemes.Width()
	}
	return out.String() + "…" + strings.Repeat(" ", max(0, width-1-used))
}

func (a *app) rankingTable(r rank.Ranking, youTube bool) {
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  as of %s\n", p.in(bold, r.Brand), r.AsOf.UTC().Format("2006-01-02 15:04 UTC"))
	order := ""
	if r.Safe {
		order = " In the order of what the score is at least with 90 % chance."
	}
	fmt.Fprintf(a.out, "%s, %s%s. Weights: %s (%s).%s\n\n",
		counted(r.People, "person"), counted(r.Mentions, "mention"), since(r.Since), weights(r.Weights), r.Blend, order)
	switch {
	case len(r.Entries) == 0:
		fmt.Fprintln(a.out, "Nobody to list. Import mentions, or widen the filters.")
	case r.TooFew:
		fmt.Fprintln(a.out, "Too few to rank (a ranking needs 30 people and 100 mentions). The people and their evidence:")
		fmt.Fprintln(a.out)
		a.evidenceRows(p, r)
	default:
		a.scoreRows(p, r)
	}
	a.footer(p, r, youTube)
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " since " + t.UTC().Format("2006-01-02")
}

func weights(w scoring.Weights) string {
	var parts []string
	for i, name := range scoring.Names {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", name, w[i]*100))
	}
	return strings.Join(parts, ", ")
}

func (a *app) scoreRows(p paint, r rank.Ranking) {
	head := fmt.Sprintf("%4s  %-24s %-10s %5s %-10s  %-7s %-11s %-8s %-8s %-8s %-8s  %8s %9s", "#", "person", "platform", "score", "", "between", "place", "affinity", "volume", "reach", "network", "mentions", "sentiment")
	fmt.Fprintln(a.out, p.in(faint, head))
	for _, e := range r.Entries {
		var parts []string
		for _, part := range e.Score.Parts {
			parts = append(parts, cell(p, part))
		}
		tone := green
		if e.Segment == rank.Critic {
			tone = red
		}
		fmt.Fprintf(a.out, "%4d  %s %s %5.1f %s  %s %s  %8s %s\n", e.Rank, p.in(bold, fit(shown(e), 24)), fit(platforms(e), 10),
			e.Score.Total, p.in(tone, bar(e.Score.Total/100, 10)), sure(p, e.Sure), strings.Join(parts, " "),
			group(e.Evidence.Mentions), mood(p, e.Evidence.Sentiment))
		a.badges(p, e)
	}
}

// badges says what has to be known of a person under the row.
func (a *app) badges(p paint, e rank.Entry) {
	for _, f := range e.Flags {
		fmt.Fprintln(a.out, p.in(faint, "      "+printable(badge(f))))
	}
}

// sure shows the interval of a score and that of a place, with a "?" where the
// sample is small.
func sure(p paint, s *rank.Sureness) string {
	if s == nil {
		return strings.Repeat(" ", 19)
	}
	between := fmt.Sprintf("%.0f–%.0f", s.Low, s.High)
	place := "—"
	if s.Place != nil {
		place = fmt.Sprintf("%d–%d", s.Place.First, s.Place.Last)
		if s.Place.First == s.Place.Last {
			place = strconv.Itoa(s.Place.First)
		}
	}
	if s.Small {
		place += " ?"
	}
	return p.in(faint, fit(between, 7)+" "+fit(place, 11))
}

func (a *app) evidenceRows(p paint, r rank.Ranking) {
	fmt.Fprintln(a.out, p.in(faint, fmt.Sprintf("%4s  %-24s %-10s %8s %6s %9s  %s", "#", "person", "platform", "mentions", "days", "sentiment", "last")))
	for _, e := range r.Entries {
		fmt.Fprintf(a.out, "%4d  %s %s %8s %6d %s  %s\n", e.Rank, p.in(bold, fit(shown(e), 24)), fit(platforms(e), 10),
			group(e.Evidence.Mentions), e.Evidence.ActiveDays, mood(p, e.Evidence.Sentiment),
			time.Unix(e.Evidence.Last, 0).UTC().Format(time.DateOnly))
		a.badges(p, e)
	}
}

// cell shows one component: a bar, "—" where it is unknown for everybody, and
// a "~" where the brand's median stands in for this person.
func cell(p paint, part scoring.Part) string {
	if part.Value == nil {
		return fit("—", 8)
	}
	mark := " "
	if part.Imputed {
		mark = "~"
	}
	return p.in(cyan, bar(*part.Value, 4)) + fmt.Sprintf("%3.0f", *part.Value*100) + mark
}

func mood(p paint, s *float64) string {
	switch {
	case s == nil:
		return fmt.Sprintf("%9s", "unknown")
	case *s < 0:
		return p.in(red, fmt.Sprintf("%+9.2f", *s))
	}
	return p.in(green, fmt.Sprintf("%+9.2f", *s))
}

func shown(e rank.Entry) string {
	a := e.Person.Accounts[0]
	return called(a.Handle, a.Name, a.Key)
}

// called is how an account is shown: by what is known of it that says most.
func called(handle, name, key string) string {
	if handle != "" {
		return "@" + handle
	}
	return cmp.Or(name, key)
}

func platforms(e rank.Entry) string {
	names := make([]string, len(e.Person.Accounts))
	for i, a := range e.Person.Accounts {
		names[i] = string(a.Platform)
	}
	return strings.Join(slices.Compact(names), "+")
}

// footer says who is not in the list and why.
func (a *app) footer(p paint, r rank.Ranking, youTube bool) {
	var out []string
	add := func(n int64, what, text string) {
		if n > 0 {
			out = append(out, counted(n, what)+text)
		}
	}
	add(int64(max(0, r.Total-len(r.Entries))), "more person", " (--limit, --all)")
	if len(r.Entries) > 0 && r.Entries[0].Sure != nil {
		out = append(out, "between and place: where the score and the place truly lie with 90 % chance; ?: fewer than five posts")
	}
	add(int64(r.Critics), "critic", ": worth answering, not inviting (--all)")
	add(int64(r.Own), "own or staff account", " left out")
	out = append(out, absent(r.Absent)...)
	if r.Unjudged > 0 {
		out = append(out, group(int64(r.Unjudged))+" listed without a look at whether they are automated yet")
	}
	add(int64(r.BelowMin), "person", " under --min-mentions")
	add(int64(r.Filtered), "person", " whom the filter expression leaves out")
	if youTube {
		add(int64(r.Apart), "YouTube person", ", ranked apart (--platform youtube)")
	} else {
		add(int64(r.Apart), "YouTube person", ", not ranked until YouTube's derived-metrics amendment is accepted in the configuration")
	}
	add(r.Later, "mention", " newer than the last scan left out (--until includes them)")
	add(r.NoTime, "mention", " without a time left out")
	add(r.Future, "mention", " dated in the future left out")
	if r.Provisional {
		out = append(out, "provisional: a scan is under way, more is to come")
	}
	for _, g := range r.Gaps {
		out = append(out, gapLine(g, r.AsOf))
	}
	for i, name := range scoring.Names {
		if unknownToAll(r, i) {
			out = append(out, "— "+name+": unknown for everybody listed, left out; the other components weigh more")
		}
	}
	if imputed(r) {
		out = append(out, "~ unknown for this person: the brand's median stands in")
	}
	if len(out) > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, strings.Join(out, "\n")))
	}
}

// gapLine names a time in which a platform was not read.
func gapLine(g rank.Period, asOf time.Time) string {
	const layout = "2006-01-02 15:04"
	if g.To.Equal(asOf) {
		return fmt.Sprintf("%s: no data since %s UTC (adalid source probe says why)", g.Platform, g.From.UTC().Format(layout))
	}
	return fmt.Sprintf("%s: no data from %s to %s UTC", g.Platform, g.From.UTC().Format(layout), g.To.UTC().Format(layout))
}

// unknownToAll tells whether a component is known of nobody in the list.
func unknownToAll(r rank.Ranking, component int) bool {
	for _, e := range r.Entries {
		if e.Score == nil || e.Score.Parts[component].Value != nil {
			return false
		}
	}
	return len(r.Entries) > 0
}

func imputed(r rank.Ranking) bool {
	for _, e := range r.Entries {
		if e.Score == nil {
			continue
		}
		for _, part := range e.Score.Parts {
			if part.Imputed {
				return true
			}
		}
	}
	return false
}
