package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/language"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/internal/topics"
	"adalid/web/api"
)

// topicFlags are the command line of topics.
type topicFlags struct {
	window
	author string
	limit  int
	format string
}

func (a *app) topicsCommand() *cobra.Command {
	var f topicFlags
	cmd := &cobra.Command{
		Use:   "topics BRAND",
		Short: "What do people praise or blame?",
		Long: `Lists phrases that are commoner in good mentions than in bad ones, and the other
way round, then what else is much spoken of. z is the log-odds ratio in standard
errors: beyond 2 it is hardly chance. English phrases are nouns with their
adjectives, those of other languages runs of one to three words.

The newest 5,000 mentions are read, of an author the newest 1,000; reposts, paid
posts and the brand's own accounts are left out.`,
		Example: `  adalid topics Acme --since 2026-01-01 --lang en
  adalid topics Acme --author @ann --limit 5
  adalid topics Acme --format csv > topics.csv`,
		Args: args(cobra.ExactArgs(1), "one BRAND"),
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(f.format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if f.limit < 1 || f.limit > 200 {
				return adalid.Errorf(adalid.Invalid, "--limit is %d; a list has 1 to 200 topics", f.limit)
			}
			span, err := f.span()
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				return a.topics(cmd.Context(), s, b, span, f, format)
			})
		},
		ValidArgsFunction: a.completeBrands,
	}
	f.window.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.author, "author", "", "only this person: @handle, the platform's own id, or the id that the API gives")
	flags.IntVar(&f.limit, "limit", 15, "topics of each list")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) topics(ctx context.Context, s *store.Store, b adalid.Brand, span store.Span, f topicFlags, format string) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	q := topics.Query{Brand: b, Since: span.Since, Until: span.Until, Platform: span.Platform, Lang: span.Lang, Limit: f.limit}
	who := ""
	if f.author != "" {
		if q.Author, who, err = personNamed(ctx, s, b.Name, f.author, span.Platform); err != nil {
			return err
		}
	}
	r, err := a.ranker(cfg, s).topics(s).Find(ctx, q)
	if err != nil {
		return err
	}
	if b.Demo {
		fmt.Fprintln(a.err, "Invented brand: nobody who said this exists.")
	}
	switch format {
	case "json":
		list := api.Topics(r)
		list.Brand, list.Demo = b.Name, b.Demo
		if q.Author != "" {
			list.Author = &q.Author
		}
		return a.printJSON(list)
	case "csv":
		return a.topicsCSV(b.Name, r)
	}
	a.topicsTable(b.Name, who, r)
	return nil
}

// personNamed finds whom a handle, a platform's id or a person's id means.
func personNamed(ctx context.Context, s *store.Store, brand, name string, platform adalid.Platform) (id, shown string, err error) {
	name = strings.TrimSpace(name)
	handle := strings.TrimPrefix(name, "@")
	var ids, places []string
	err = s.Accounts(ctx, brand, func(account rank.Account) error {
		named := slices.ContainsFunc(account.Profiles, func(p rank.Profile) bool {
			return p.Handle != "" && strings.EqualFold(p.Handle, handle)
		})
		byID := account.Person == name
		if !byID && (platform != "" && platform != account.Platform || !named && account.Key != name) {
			return nil
		}
		if !slices.Contains(ids, account.Person) {
			ids = append(ids, account.Person)
		}
		if !slices.Contains(places, string(account.Platform)) {
			places = append(places, string(account.Platform))
		}
		return nil
	})
	switch {
	case err != nil:
		return "", "", err
	case len(ids) == 0:
		return "", "", adalid.Errorf(adalid.NotFound, "nobody named %q wrote about %q; all authors: adalid authors %q", name, brand, brand)
	case len(ids) > 1 && len(places) > 1:
		return "", "", adalid.Errorf(adalid.Invalid, "%q is somebody on each of %s; say which with --platform", name, strings.Join(places, ", "))
	case len(ids) > 1:
		return "", "", adalid.Errorf(adalid.Invalid, "%d people went by the name %q; give the author's id instead: adalid authors %q", len(ids), name, brand)
	}
	return ids[0], name, nil
}

// topics makes what answers `adalid topics` and the API.
func (r ranker) topics(s *store.Store) topicFinder {
	return topicFinder{r, topics.New(topics.Options{
		Source: topicSource{s, r.youTube},
		Identify: func(tag, text string) string {
			lang, _ := language.Identify(tag, text)
			return lang
		},
	})}
}

// topicFinder keeps the rule for YouTube that rankings keep.
type topicFinder struct {
	ranker ranker
	finder *topics.Finder
}

// Find answers one query; YouTube's people only after its amendment.
func (t topicFinder) Find(ctx context.Context, q topics.Query) (topics.Report, error) {
	if err := t.ranker.allowed(rank.Query{Platform: q.Platform}); err != nil {
		return topics.Report{}, err
	}
	return t.finder.Find(ctx, q)
}

// Groups tells what names groups of people; YouTube's only after its amendment.
func (t topicFinder) Groups(ctx context.Context, q topics.Query, count int, of func(string) int) ([]topics.Group, error) {
	if err := t.ranker.allowed(rank.Query{Platform: q.Platform}); err != nil {
		return nil, err
	}
	return t.finder.Groups(ctx, q, count, of)
}

// topicSource reads mentions from the store.
type topicSource struct {
	*store.Store
	youTube bool
}

// Mentions reads page by page. Mentions from YouTube are apart, as its people
// are in rankings.
func (t topicSource) Mentions(ctx context.Context, q topics.Query, most int) (list []topics.Mention, more bool, err error) {
	apart := q.Platform != adalid.YouTube && (q.Author == "" || !t.youTube)
	page := rank.PostQuery{Person: q.Author, Platform: q.Platform, Lang: q.Lang, Since: q.Since, Until: q.Until, Authored: true, Limit: 200}
	for seen := 0; seen < most; {
		page.Limit = min(page.Limit, most-seen)
		posts, next, err := t.Posts(ctx, q.Brand.Name, page)
		if err != nil {
			return nil, false, err
		}
		for _, p := range posts {
			if p.Own || p.Sponsored || apart && p.Platform == adalid.YouTube {
				continue
			}
			list = append(list, topics.Mention{Platform: p.Platform, ID: p.ID, Person: p.Person, Lang: p.Lang, Text: p.Text, Net: p.Sentiment, Copy: p.Copy, Created: p.CreatedAt, Engagement: p.Engagement()})
		}
		if next == "" {
			return list, false, nil
		}
		seen += len(posts)
		page.After = next
	}
	return list, true, nil
}

func (a *app) topicsCSV(brand string, r topics.Report) error {
	rows := newRows(a.out, "csv", []string{"brand", "list", "phrase", "lang", "mentions", "authors", "positive", "neutral", "negative", "unknown", "z", "typical", "examples", "engagement"})
	for _, l := range []struct {
		name   string
		topics []topics.Topic
	}{{"praise", r.Praise}, {"blame", r.Blame}, {"common", r.Common}, {"typical", r.Typical}, {"moving", r.Moving}} {
		for _, t := range l.topics {
			var examples []string
			var engagement cellValue
			if t.Engaged > 0 {
				engagement = t.Engagement
			}
			for _, e := range t.Examples {
				examples = append(examples, string(e.Platform)+":"+e.ID)
			}
			err := rows.write([]cellValue{
				brand, l.name, t.Phrase, t.Lang, t.Mentions, t.Authors, t.Positive, t.Neutral, t.Negative, t.Unknown,
				optional(t.Z), optional(t.Typical), strings.Join(examples, " "), engagement,
			})
			if err != nil {
				return err
			}
		}
	}
	return rows.close()
}

func (a *app) topicsTable(brand, who string, r topics.Report) {
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	whose := "What people praise and blame"
	if who != "" {
		whose = "What " + printable(who) + " praises and blames"
	}
	newest := ""
	if r.More {
		newest = " newest"
	}
	fmt.Fprintf(a.out, "%s  %s\n", p.in(bold, printable(brand)), whose)
	fmt.Fprintf(a.out, "%s%s mentions read: %s positive, %s neutral, %s negative, %s unknown.\n", group(int64(r.Read)), newest,
		group(int64(r.Positive)), group(int64(r.Neutral)), group(int64(r.Negative)), group(int64(r.Unknown)))
	z := func(t topics.Topic) *float64 { return t.Z }
	if len(r.Praise)+len(r.Blame) > 0 {
		fmt.Fprintln(a.out)
		a.columns(topicColumn(p, "praised", green, r.Praise, z), topicColumn(p, "blamed", red, r.Blame, z))
	}
	common := topicColumn(p, "also spoken of", cyan, r.Common, nil)
	switch {
	case len(r.Typical) > 0:
		typical := topicColumn(p, "more than others", cyan, r.Typical, func(t topics.Topic) *float64 { return t.Typical })
		fmt.Fprintln(a.out)
		a.columns(typical, common)
	case len(r.Common) > 0:
		fmt.Fprintln(a.out)
		half := (len(r.Common) + 1) / 2
		a.columns(common[:half+1], append([]string{topicHead(p, "")}, common[half+1:]...))
	case len(r.Praise)+len(r.Blame) == 0:
		fmt.Fprintln(a.out, "\nNo phrase is said often enough. Import mentions, or widen the filters.")
	}
	if r.Positive+r.Negative == 0 && r.Read > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, "No mention has a known good or bad sentiment: nothing is praised or blamed."))
	}
	if r.Unreadable > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, group(int64(r.Unreadable))+" mentions have no words, or are in a script without spaces between them"))
	}
}

// columns prints two lists side by side.
func (a *app) columns(left, right []string) {
	for i := range max(len(left), len(right)) {
		l, r := strings.Repeat(" ", topicWidth), ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		fmt.Fprintln(a.out, strings.TrimRight(l+"   "+r, " "))
	}
}

// topicWidth is how many cells a line of topicColumn takes.
const topicWidth = 26 + 1 + 2 + 1 + 8 + 1 + 6 + 1 + 6 + 1 + 5

func topicHead(p paint, title string) string {
	return p.in(faint, fmt.Sprintf("%s %-2s %-8s %6s %6s %5s", fit(title, 26), "", "", "said", "people", "z"))
}

// topicColumn gives a list line by line under its head: the bars are as long as
// the value, or where there is none as the mentions.
func topicColumn(p paint, title, tone string, list []topics.Topic, value func(topics.Topic) *float64) []string {
	length := func(t topics.Topic) float64 {
		if value == nil {
			return float64(t.Mentions)
		}
		return math.Abs(*value(t))
	}
	longest := 0.0
	for _, t := range list {
		longest = max(longest, length(t))
	}
	lines := []string{topicHead(p, title)}
	for _, t := range list {
		shown := t.Z
		if value != nil {
			shown = value(t)
		}
		z := fmt.Sprintf("%5s", "")
		if shown != nil {
			z = fmt.Sprintf("%+5.1f", *shown)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %6s %6s %s", p.in(bold, fit(t.Phrase, 26)), p.in(faint, fit(t.Lang, 2)),
			p.in(tone, bar(length(t)/longest, 8)), group(int64(t.Mentions)), strconv.Itoa(t.Authors), z))
	}
	return lines
}
