package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/match"
	"adalid/internal/store"
)

func (a *app) brandCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "brand", Short: "Add, list, change and test brands"}
	cmd.AddCommand(a.brandAdd(), a.brandList(), a.brandShow(), a.brandEdit(), a.brandRemove(), a.brandTest(), a.brandOwn(), a.brandSchedule(), a.brandRanking())
	return cmd
}

func (a *app) brandAdd() *cobra.Command {
	var query string
	cmd := &cobra.Command{
		Use:     "add NAME",
		Short:   "Follow a brand",
		Example: `  adalid brand add "Café Lumbre" --query '("cafe lumbre" OR @cafelumbre) -receta'`,
		Args:    args(cobra.ExactArgs(1), "one NAME"),
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := checkQuery(query); err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				name := strings.TrimSpace(names[0])
				if err := s.CreateBrand(cmd.Context(), adalid.Brand{Name: name, Query: query}); err != nil {
					return err
				}
				b, err := s.Brand(cmd.Context(), name)
				if err != nil {
					return err
				}
				return a.report(brandAnswer(b), "Brand %q added.\n", b.Name)
			})
		},
	}
	cmd.Flags().StringVar(&query, "query", "", "what belongs to the brand (see docs/queries.md)")
	return cmd
}

// parseQuery tells what is wrong with a query in one sentence, for clients.
func parseQuery(query string) error {
	_, err := match.Parse(query)
	return err
}

// checkQuery refuses a query that cannot be parsed, with the place marked.
func checkQuery(query string) error {
	if query == "" {
		return nil
	}
	if _, err := match.Parse(query); err != nil {
		return queryError(query, err)
	}
	return nil
}

func (a *app) brandList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The brands and their queries",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withData(cmd.Context(), func(s *store.Store) error {
				brands, err := s.Brands(cmd.Context())
				if err != nil {
					return err
				}
				if len(brands) == 0 && format == "table" {
					fmt.Fprintln(a.err, `No brand yet. Import an export with: adalid import --brand "My brand" FILE`)
					return nil
				}
				rows := newRows(a.out, format, []string{"brand", "query", "own_accounts", "demo", "created"})
				for _, b := range brands {
					if err := rows.write([]cellValue{b.Name, b.Query, len(b.Own), b.Demo, b.Created}); err != nil {
						return err
					}
				}
				return rows.close()
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) brandShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "One brand: query, own accounts, what is stored",
		Args:              args(cobra.ExactArgs(1), "one NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(_ *store.Store, b adalid.Brand) error {
				return a.showBrand(b)
			})
		},
	}
}

type shownBrand struct {
	Name    string   `json:"brand"`
	Query   string   `json:"query"`
	Own     []string `json:"own_accounts"`
	Rivals  []string `json:"rivals"`
	Demo    bool     `json:"demo"`
	Created string   `json:"created"`
}

func brandAnswer(b adalid.Brand) shownBrand {
	shown := shownBrand{Name: b.Name, Query: b.Query, Own: []string{}, Rivals: append([]string{}, b.Rivals...), Demo: b.Demo, Created: cellText(b.Created)}
	for _, o := range b.Own {
		shown.Own = append(shown.Own, ownText(o))
	}
	return shown
}

func (a *app) showBrand(b adalid.Brand) error {
	shown := brandAnswer(b)
	if a.json {
		return a.printJSON(shown)
	}
	fmt.Fprintf(a.out, "brand         %s\nquery         %s\nown accounts  %s\nrivals        %s\ncreated       %s\n",
		b.Name, cmp.Or(b.Query, "(none: everything imported for it counts)"), cmp.Or(strings.Join(shown.Own, ", "), "(none)"),
		cmp.Or(strings.Join(shown.Rivals, ", "), "(none)"), shown.Created)
	return nil
}

func ownText(o adalid.OwnAccount) string {
	text := "@" + o.Handle
	if o.Handle == "" {
		text = "author:" + o.Key
	}
	if o.Platform != "" {
		text += " on " + string(o.Platform)
	}
	return text
}

func (a *app) brandEdit() *cobra.Command {
	var query string
	var rivals []string
	cmd := &cobra.Command{
		Use:               "edit NAME [--query Q] [--rival NAME…]",
		Short:             "Change a brand's query or rivals; what is stored stays",
		Args:              args(cobra.ExactArgs(1), "one NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			changesQuery, changesRivals := cmd.Flags().Changed("query"), cmd.Flags().Changed("rival")
			if !changesQuery && !changesRivals {
				return adalid.Errorf(adalid.Invalid, "nothing to change: give --query '…' or --rival NAME")
			}
			if err := checkQuery(query); err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if changesRivals {
					if err := s.SetRivals(cmd.Context(), b.Name, slices.DeleteFunc(rivals, func(r string) bool { return r == "" })); err != nil {
						return err
					}
				}
				if changesQuery {
					b.Query = query
					if err := s.UpdateBrand(cmd.Context(), b); err != nil {
						return err
					}
				}
				b, err := s.Brand(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				if !changesQuery {
					return a.report(brandAnswer(b), "Brand %q changed.\n", b.Name)
				}
				return a.report(brandAnswer(b), "Brand %q changed. It applies to what is collected from now on.\n", b.Name)
			})
		},
	}
	cmd.Flags().StringVar(&query, "query", "", "what belongs to the brand (see docs/queries.md)")
	cmd.Flags().StringArrayVar(&rivals, "rival", nil, "a brand followed here that competes with it; once for each, in place of those named before; \"\" for none")
	return cmd
}

func (a *app) brandRemove() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:               "remove NAME --yes",
		Short:             "Remove a brand with all of its mentions",
		Args:              args(cobra.ExactArgs(1), "one NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			if !yes {
				return adalid.Errorf(adalid.Invalid, "this deletes every mention of %q for good; add --yes to do it (adalid backup FILE first keeps a copy)", names[0])
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if err := s.RemoveBrand(cmd.Context(), b.Name); err != nil {
					return err
				}
				return a.report(map[string]string{"removed": b.Name}, "Brand %q and its mentions are removed.\n", b.Name)
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "really remove it")
	return cmd
}

func (a *app) brandOwn() *cobra.Command {
	var brand, platform string
	var remove bool
	cmd := &cobra.Command{
		Use:   "own-account --brand B [--platform P] HANDLE|author:KEY…",
		Short: "Mark the brand's own and staff accounts: kept, shown apart, never candidates",
		Args:  args(cobra.MinimumNArgs(1), "at least one HANDLE or author:KEY"),
		RunE: func(cmd *cobra.Command, names []string) error {
			if brand == "" {
				return adalid.Errorf(adalid.Invalid, "whose accounts are these? Give --brand NAME")
			}
			accounts, err := ownAccounts(platform, names)
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), brand, func(s *store.Store, b adalid.Brand) error {
				change := s.AddOwnAccounts
				if remove {
					change = s.RemoveOwnAccounts
				}
				if err := change(cmd.Context(), b.Name, accounts); err != nil {
					return err
				}
				said := sayMarked(cmd.Context(), s, b, accounts)
				if remove {
					said = sayUnmarked(b, accounts)
				}
				if b, err = s.Brand(cmd.Context(), b.Name); err != nil {
					return err
				}
				return a.report(brandAnswer(b), "%s", said)
			})
		},
	}
	cmd.Flags().StringVar(&brand, "brand", "", "the brand")
	cmd.Flags().StringVar(&platform, "platform", "", "only on this platform")
	cmd.Flags().BoolVar(&remove, "remove", false, "take the mark away")
	return cmd
}

// sayMarked says how many accounts are marked now and which of them nobody stored
// has yet: a handle may be spelt wrongly.
func sayMarked(ctx context.Context, s *store.Store, b adalid.Brand, accounts []adalid.OwnAccount) string {
	said := counted(len(accounts), "account") + " marked as the brand's own.\n"
	for _, o := range accounts {
		name := o.Handle
		if o.Platform != "" {
			name = string(o.Platform) + ":" + name
		}
		if _, err := s.FindPerson(ctx, b.Name, name); o.Handle != "" && adalid.CodeOf(err) == adalid.NotFound {
			said += "No stored account is called @" + printable(o.Handle) + " yet; it will count once one comes.\n"
		}
	}
	return said
}

// sayUnmarked says which of the accounts that were marked before are so no more.
func sayUnmarked(before adalid.Brand, accounts []adalid.OwnAccount) string {
	said, taken := "", 0
	for _, o := range accounts {
		if slices.Contains(before.Own, o) {
			taken++
			continue
		}
		said += printable(cmp.Or(o.Handle, "author:"+o.Key)) + " was not marked.\n"
	}
	if taken > 0 {
		said = counted(taken, "account") + " no longer marked as the brand's own.\n" + said
	}
	return said
}

func ownAccounts(platform string, names []string) ([]adalid.OwnAccount, error) {
	var out []adalid.OwnAccount
	for _, n := range names {
		o := adalid.OwnAccount{Platform: adalid.Platform(strings.ToLower(platform))}
		if key, ok := strings.CutPrefix(n, "author:"); ok {
			o.Key = key
		} else {
			o.Handle = strings.ToLower(strings.TrimPrefix(n, "@"))
		}
		if o.Key == "" && o.Handle == "" {
			return nil, adalid.Errorf(adalid.Invalid, "%q names no account; write a HANDLE or author:KEY", n)
		}
		out = append(out, o)
	}
	return out, nil
}

// texts gives the texts to test: from files, from the arguments, or, without
// any, one per line of standard input.
func (a *app) texts(paths []string, given []string) ([]string, error) {
	out := given
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "cannot read %s: %v", path, err)
		}
		lines, err := readLines(f)
		_ = f.Close() // only read from
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	if len(paths) == 0 && len(given) == 0 {
		return readLines(a.in)
	}
	return out, nil
}

func readLines(r io.Reader) ([]string, error) {
	var out []string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) != "" {
			out = append(out, lines.Text())
		}
	}
	return out, lines.Err()
}

// brandToTest gives the query to test: a stored brand's or the one on the
// command line.
func brandToTest(ctx context.Context, s *store.Store, name, query string) (adalid.Brand, error) {
	if query != "" {
		return adalid.Brand{Name: name, Query: query}, nil
	}
	b, err := s.Brand(ctx, name)
	if adalid.CodeOf(err) == adalid.NotFound {
		return b, unknownBrand(ctx, s, name)
	}
	if err == nil && b.Query == "" {
		err = adalid.Errorf(adalid.Invalid, "brand %q has no query to test; try one with --query '…'", b.Name)
	}
	return b, err
}
