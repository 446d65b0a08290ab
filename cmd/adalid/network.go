package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/graph"
	"adalid/internal/store"
	"adalid/web/api"
)

// networkFlags are the command line of network.
type networkFlags struct {
	rankFlags
	edges, words bool
}

func (a *app) networkCommand() *cobra.Command {
	var f networkFlags
	cmd := &cobra.Command{
		Use:   "network BRAND",
		Short: "Who talks to whom, in which communities, and who connects them?",
		Long: `Lists the people who reply to, quote, repost or name each other in posts about
the brand, those with most attention first: attention is the share that a reader
who follows ties would give them (PageRank). Communities are people who have more
to do with each other than with the rest, named by what they say more than
everybody else. bridge is 0 for who is tied within one community, near 1 for who
is tied to many; + marks connectors, tied to three people or more of several.

--since, --until and --platform choose the ties; the other filters choose who is
listed. With --edges, lists the pairs instead. The brand's own accounts are left
out, for else everybody is tied through them.`,
		Example: `  adalid network Acme
  adalid network Acme --since 2026-01-01 --limit 1000 --format csv > people.csv
  adalid network Acme --edges --format csv > ties.csv`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			q, err := a.question(&f.rankFlags)
			if err != nil {
				return err
			}
			if f.limit < 1 || f.limit > graph.MostPlaced {
				return adalid.Errorf(adalid.Invalid, "--limit is %d; a network shows 1 to %d people", f.limit, graph.MostPlaced)
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, s *store.Store, b adalid.Brand) error {
				var words api.NetworkWords
				if f.words && !f.edges {
					words.Finder = ranker.topics(s)
				}
				n, err := api.DrawNetwork(ctx, ranker, words, b, q.query)
				if err != nil {
					return err
				}
				return a.printNetwork(n, f.edges, q.format)
			})
		},
	}
	f.registerFormula(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 50, "how many people")
	flags.BoolVar(&f.edges, "edges", false, "list the pairs of people tied to each other")
	flags.BoolVar(&f.words, "words", true, "name communities by what they speak about")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) printNetwork(n api.Network, edges bool, format string) error {
	a.noteDemo(n.Demo, "en")
	switch {
	case format == "json":
		return a.printJSON(n)
	case edges:
		return a.networkEdges(n, format)
	case format == "csv":
		return a.networkCSV(n)
	}
	a.networkTable(n)
	return nil
}

// tiedName is how a person of a network is shown.
func tiedName(handle, name *string, id string) string {
	return called(text(handle), text(name), id)
}

func (a *app) networkEdges(n api.Network, format string) error {
	rows := newRows(a.out, format, []string{"brand", "a", "a_handle", "b", "b_handle", "weight", "answers", "names", "mutual"})
	for _, e := range n.Edges {
		x, y := n.Nodes[e.A], n.Nodes[e.B]
		if err := rows.write([]cellValue{n.Brand, x.ID, text(x.Handle), y.ID, text(y.Handle), e.Weight, e.Kinds.Answers, e.Kinds.Names, e.Mutual}); err != nil {
			return err
		}
	}
	return rows.close()
}

func (a *app) networkCSV(n api.Network) error {
	named := communityNames(n)
	rows := newRows(a.out, "csv", []string{"brand", "person", "handle", "name", "platforms", "share", "community", "community_terms", "bridge", "connector", "counterparts", "mentions", "rank", "score", "segment", "x", "y"})
	for _, x := range n.Nodes {
		place := ""
		if x.Rank != nil {
			place = strconv.Itoa(*x.Rank)
		}
		err := rows.write([]cellValue{
			n.Brand, x.ID, text(x.Handle), text(x.Name), strings.Join(x.Platforms, "+"), x.Share, x.Community, named[x.Community], x.Bridge, x.Connector,
			x.Counterparts, x.Mentions, place, optional(x.Score), text(x.Segment), x.X, x.Y,
		})
		if err != nil {
			return err
		}
	}
	return rows.close()
}

// communityNames gives the terms of each community that has some.
func communityNames(n api.Network) map[int]string {
	names := map[int]string{}
	for _, c := range n.Communities {
		var words []string
		for _, t := range c.Terms {
			words = append(words, t.Phrase)
		}
		names[c.ID] = strings.Join(words[:min(len(words), 3)], " · ")
	}
	return names
}

func (a *app) networkTable(n api.Network) {
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  as of %s\n", p.in(bold, printable(n.Brand)), asOf(n.Receipt))
	c := n.Counts
	fmt.Fprintf(a.out, "%s tied to each other in %s by %s; %s.\n",
		counted(c.People, "person"), counted(c.Pairs, "pair"), counted(c.Posts, "post"), counted(c.Communities, "community"))
	if n.TooFewTies {
		fmt.Fprintf(a.out, "Too few links yet (%s). Networks need about 50 mentions of people by people.\n", group(c.Posts))
	}
	names := communityNames(n)
	if len(n.Communities) > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, fmt.Sprintf("%4s  %7s %9s  %-44s %s", "com", "people", "positive", "speaks of", "most attention")))
	}
	for _, c := range n.Communities {
		positive, top := "—", []string{}
		if c.Positive != nil {
			positive = fmt.Sprintf("%.0f %%", *c.Positive*100)
		}
		for _, t := range c.Top {
			top = append(top, printable(tiedName(t.Handle, t.Name, t.ID)))
		}
		fmt.Fprintf(a.out, "%4d  %7s %9s  %s %s\n", c.ID, group(int64(c.People)), positive, fit(cmp.Or(names[c.ID], "—"), 44), strings.Join(top, ", "))
	}
	if len(n.Nodes) > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, fmt.Sprintf("%4s  %-24s %-12s %9s %4s %7s %12s %9s %6s %5s", "#", "person", "platform", "attention", "com", "bridge", "counterparts", "mentions", "rank", "score")))
	}
	for i, x := range n.Nodes {
		mark, place, score := " ", "—", "—"
		if x.Connector {
			mark = "+"
		}
		if x.Rank != nil {
			place = group(int64(*x.Rank))
		}
		if x.Score != nil {
			score = fmt.Sprintf("%.1f", *x.Score)
		}
		fmt.Fprintf(a.out, "%4d  %s %s %7.2f %% %4d %6.2f%s %12s %9s %6s %5s\n", i+1, p.in(bold, fit(tiedName(x.Handle, x.Name, x.ID), 24)), fit(strings.Join(x.Platforms, "+"), 12),
			x.Share*100, x.Community, x.Bridge, mark, group(int64(x.Counterparts)), group(x.Mentions), place, score)
	}
	a.networkNotes(p, n)
}

func (a *app) networkNotes(p paint, n api.Network) {
	var notes []string
	if more := n.Counts.People - n.Counts.LeftOut - len(n.Nodes); more > 0 && len(n.Nodes) > 0 {
		notes = append(notes, counted(more, "more person")+" (--limit)")
	}
	if n.Counts.LeftOut > 0 {
		notes = append(notes, counted(n.Counts.LeftOut, "person")+" left out as likely automated, repeating themselves, of the brand's circle or called as the brand, organisations, or not a fit (--include)")
	}
	if !n.Named && len(n.Communities) > 0 {
		notes = append(notes, "communities are not named")
	}
	for _, g := range n.Gaps {
		notes = append(notes, fmt.Sprintf("%s: no data from %s to %s", g.Platform, g.From.Format("2006-01-02 15:04"), g.To.Format("2006-01-02 15:04 UTC")))
	}
	if len(notes) > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, strings.Join(notes, "\n")))
	}
}
