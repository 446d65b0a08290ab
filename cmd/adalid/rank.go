package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/config"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/scoring"
	"adalid/web/api"
)

// rankFlags are the command line of rank.
type rankFlags struct {
	window
	minMentions     int
	preset, weights string
	blend           string
	where           string
	limit           int
	all, safe       bool
	include         string
	format          string
}

func (a *app) rankCommand() *cobra.Command {
	var f rankFlags
	cmd := &cobra.Command{
		Use:   "rank BRAND",
		Short: "Who are the brand's advocates?",
		Long: `Ranks the people who speak about the brand by affinity, volume, reach and
network. Own and staff accounts are never candidates; critics are listed with
--all. Under 30 people or 100 mentions there is evidence but no score.

A score is what the mentions say, and mentions are few: "between" is where 90 %
of the scores lie that a person may truly have, "place" where the person may
truly stand, "?" marks those of whom there are fewer than five posts. --safe puts
people in the order of what their score is at least with 90 % chance.`,
		Example: `  adalid rank Acme --limit 20
  adalid rank Acme --since 2026-01-01 --lang es --preset true-fans
  adalid rank Acme --safe --limit 10
  adalid rank Acme --weights affinity=.4,volume=.2,reach=.2,network=.2 --all --format csv`,
		Args: args(cobra.ExactArgs(1), "one BRAND"),
		RunE: func(cmd *cobra.Command, names []string) error {
			if f.all && cmd.Flags().Changed("limit") {
				return adalid.Errorf(adalid.Invalid, "--limit and --all contradict each other: give one of them")
			}
			q, err := a.question(&f)
			if err != nil {
				return err
			}
			q.query.Safe, q.query.Intervals = f.safe, true
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, _ *store.Store, b adalid.Brand) error {
				ranking, err := ranker.Rank(ctx, b.Name, q.query)
				if err != nil {
					return err
				}
				a.noteDemo(b.Demo, "en")
				return a.printRanking(ranking, api.Shown{Demo: b.Demo, All: q.query.All, YouTube: ranker.youTube}, q.format)
			})
		},
		ValidArgsFunction: a.completeBrands,
	}
	f.registerFormula(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 25, "how many people to list; 0 for everybody but critics")
	flags.BoolVar(&f.all, "all", false, "everybody, critics and whoever --include names included")
	flags.BoolVar(&f.safe, "safe", false, "sort by the lower end of the score: who is surely good first")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

// registerFormula adds the flags that choose mentions and how people are weighed.
func (f *rankFlags) registerFormula(cmd *cobra.Command) {
	f.window.register(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.minMentions, "min-mentions", 0, "only people with at least so many own mentions")
	flags.StringVar(&f.preset, "preset", "", "balanced, true-fans, far-reach, connectors or steady")
	flags.StringVar(&f.weights, "weights", "", "your own weights, like affinity=.4,volume=.2,reach=.2,network=.2")
	flags.StringVar(&f.blend, "blend", "", "geometric or arithmetic")
	flags.StringVar(&f.include, "include", "", "list whom the default leaves out: automated,repeaters,circle,organisations,not_a_fit")
	flags.StringVar(&f.where, "where", "", "only people of whom this holds, like 'score >= 60 and followers < 5000' (see docs/views.md)")
}

func (f *rankFlags) query() (rank.Query, error) {
	q := rank.Query{Where: f.where, MinMentions: f.minMentions, All: f.all, Limit: f.limit}
	if f.minMentions < 0 || f.limit < 0 {
		return q, adalid.Errorf(adalid.Invalid, "--min-mentions and --limit cannot be negative")
	}
	if _, err := rank.ParseWhere(f.where); err != nil {
		return q, err
	}
	var err error
	if q.Include, err = rank.ParseInclude(f.include); err != nil {
		return q, err
	}
	if f.all {
		q.Limit, q.Include = 0, rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true, Unfit: true}
	}
	span, err := f.span()
	if err != nil {
		return q, err
	}
	q.Since, q.Until, q.Platform, q.Lang = span.Since, span.Until, span.Platform, span.Lang
	if q.Weights, err = f.chosenWeights(); err != nil || f.blend == "" {
		return q, err
	}
	q.Blend, err = scoring.ParseBlend(f.blend)
	return q, err
}

// chosenWeights gives the weights of the flags; none leave the ranker's own.
func (f *rankFlags) chosenWeights() (scoring.Weights, error) {
	if f.weights == "" && f.preset == "" {
		return scoring.Weights{}, nil
	}
	if f.weights == "" {
		w, ok := scoring.Preset(f.preset)
		if !ok {
			return w, adalid.Errorf(adalid.Invalid, "there is no preset %q; the presets are %s", f.preset, strings.Join(scoring.Presets(), ", "))
		}
		return w, nil
	}
	if f.preset != "" {
		return scoring.Weights{}, adalid.Errorf(adalid.Invalid, "--preset and --weights contradict each other: give one of them")
	}
	return scoring.ParseWeights(f.weights)
}

// ranker is the one ranking that the terminal, the API and the page share.
type ranker struct {
	*rank.Ranker
	youTube bool
}

func (a *app) ranker(cfg *config.Config, s *store.Store) ranker {
	f := formulaOf(cfg)
	return ranker{rank.New(rank.Options{
		Weights: f.Weights, Blend: f.Blend, Choices: s,
		Store: s, Standing: s, Pipeline: s, Now: a.now, HalfLife: f.HalfLife,
		Brands: cfg.Ranking.BrandsInMemory, Memory: int64(cfg.Ranking.Memory), Dir: s.IndexDir(), Logger: a.logger(cfg),
	}), cfg.YouTube.DerivedMetricsAccepted}
}

// formulaOf is how the configuration weighs people.
func formulaOf(cfg *config.Config) api.Formula {
	weights, _ := scoring.Preset(cfg.Ranking.Preset) // the configuration knows the presets
	return api.Formula{Weights: weights, Blend: scoring.Blend(cfg.Ranking.Blend), HalfLife: time.Duration(cfg.Ranking.HalfLifeDays * 24 * float64(time.Hour))}
}

// rankerOf is the ranking of a brand whose accounts have been looked at.
func (a *app) rankerOf(ctx context.Context, cfg *config.Config, s *store.Store, brand string) (ranker, error) {
	if err := a.judged(ctx, s, brand); err != nil {
		return ranker{}, err
	}
	return a.ranker(cfg, s), nil
}

// Rank answers one query; YouTube's people only after its amendment.
func (r ranker) Rank(ctx context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	if err := r.allowed(q); err != nil {
		return rank.Ranking{}, err
	}
	return r.Ranker.Rank(ctx, brand, q)
}

// Person shows one person; YouTube's people only after its amendment.
func (r ranker) Person(ctx context.Context, brand, id string, q rank.Query) (rank.Detail, error) {
	if err := r.allowed(q); err != nil {
		return rank.Detail{}, err
	}
	detail, err := r.Ranker.Person(ctx, brand, id, q)
	if err == nil { // whoever is on YouTube only is found there without being asked for
		err = r.allowed(rank.Query{Platform: detail.Platform})
	}
	if err != nil {
		return rank.Detail{}, err
	}
	return detail, nil
}

// Audience tells who listens; to YouTube's people only after its amendment.
func (r ranker) Audience(ctx context.Context, brand string, q rank.Query, least float64) (*rank.Audience, error) {
	if err := r.allowed(q); err != nil {
		return nil, err
	}
	return r.Ranker.Audience(ctx, brand, q, least)
}

// FindPerson finds a person by name; YouTube's people only after its amendment.
func (r ranker) FindPerson(ctx context.Context, brand, name string, q rank.Query) (string, error) {
	if err := r.allowed(q); err != nil {
		return "", err
	}
	return r.Ranker.FindPerson(ctx, brand, name, q)
}

// Why explains a score; those of YouTube's people only after its amendment.
func (r ranker) Why(ctx context.Context, brand, person, versus string, q rank.Query) (rank.Explanation, error) {
	if err := r.allowed(q); err != nil {
		return rank.Explanation{}, err
	}
	e, err := r.Ranker.Why(ctx, brand, person, versus, q)
	if err == nil { // as in Person
		err = r.allowed(rank.Query{Platform: e.Platform})
	}
	if err != nil {
		return rank.Explanation{}, err
	}
	return e, nil
}

// View finds people by a question; YouTube's only after its amendment.
func (r ranker) View(ctx context.Context, brand string, q rank.ViewQuery) (rank.View, error) {
	if err := r.allowed(q.Query); err != nil {
		return rank.View{}, err
	}
	return r.Ranker.View(ctx, brand, q)
}

// Grid counts people by recency, frequency and value; YouTube's only after its
// amendment.
func (r ranker) Grid(ctx context.Context, brand string, q rank.Query) (rank.Grid, error) {
	if err := r.allowed(q); err != nil {
		return rank.Grid{}, err
	}
	return r.Ranker.Grid(ctx, brand, q)
}

// Network gives who ties themselves to whom; YouTube's people only after its
// amendment.
func (r ranker) Network(ctx context.Context, brand string, q rank.Query) (rank.Network, error) {
	if err := r.allowed(q); err != nil {
		return rank.Network{}, err
	}
	return r.Ranker.Network(ctx, brand, q)
}

// Voice compares brands; YouTube's people count only after its amendment.
func (r ranker) Voice(ctx context.Context, brands []string, q rank.Query) (rank.Voice, error) {
	if err := r.allowed(q); err != nil {
		return rank.Voice{}, err
	}
	return r.Ranker.Voice(ctx, brands, q)
}

func (r ranker) allowed(q rank.Query) error {
	if q.Platform == adalid.YouTube && !r.youTube {
		return adalid.Errorf(adalid.Forbidden, "YouTube allows rankings of its people only after its derived-metrics amendment was accepted; set youtube.derived_metrics_accepted when it was")
	}
	return nil
}

func (a *app) printRanking(r rank.Ranking, shown api.Shown, format string) error {
	switch format {
	case "json":
		return a.printJSON(api.Advocates(r, shown))
	case "csv":
		return a.rankingCSV(r)
	}
	a.rankingTable(r, shown.YouTube)
	return nil
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (a *app) rankingCSV(r rank.Ranking) error {
	w := csv.NewWriter(a.out)
	header := append([]string{"rank", "brand", "author", "handle", "score"}, scoring.Names[:]...)
	if err := w.Write(append(header, "segment", "score_low", "score_high", "score_safe", "rank_first", "rank_last", "top_20", "small_sample", "flags")); err != nil {
		return err
	}
	for _, e := range r.Entries {
		author := e.Person.Accounts[0]
		row := []string{strconv.Itoa(e.Rank), r.Brand, author.Key, author.Handle}
		if e.Score == nil {
			row = append(row, "", "", "", "", "")
		} else {
			row = append(row, number(e.Score.Total))
			for _, p := range e.Score.Parts {
				row = append(row, optional(p.Value))
			}
		}
		row = append(append(row, string(e.Segment)), sureCells(e.Sure)...)
		if err := w.Write(append(row, flagCodes(e.Flags))); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// sureCells are the columns of how sure a score is; unknown is empty.
func sureCells(s *rank.Sureness) []string {
	if s == nil {
		return make([]string, 7)
	}
	cells := []string{number(s.Low), number(s.High), number(s.Safe), "", "", "", strconv.FormatBool(s.Small)}
	if p := s.Place; p != nil {
		cells[3], cells[4], cells[5] = strconv.Itoa(p.First), strconv.Itoa(p.Last), number(p.Chance())
	}
	return cells
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}
