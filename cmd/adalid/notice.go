package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
)

func (a *app) noticeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notice",
		Short: "Who has to be told that data are kept about them, and what to tell them",
		Long: `People whose public posts are stored have to be told so within a month (GDPR
Art. 14). Adalid writes to nobody: it keeps count, and gives the text.`,
	}
	cmd.AddCommand(a.noticeList(), a.noticeSet(), a.noticeText())
	return cmd
}

func (a *app) noticeList() *cobra.Command {
	var format, state string
	var limit int
	cmd := &cobra.Command{
		Use:   "list BRAND",
		Short: "How people stand: those first who have to be informed soonest",
		Example: `  adalid notice list Acme --state overdue
  adalid notice list Acme --limit 0 --format csv > notices.csv`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if state != "all" && state != "due" && state != "overdue" && state != "informed" || limit < 0 {
				return adalid.Errorf(adalid.Invalid, "--state can be all, due, overdue or informed, and --limit 0 or more")
			}
			return a.withRights(cmd.Context(), names[0], func(r rights, b adalid.Brand) error {
				list, err := r.Notices(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				counts, n := map[string]int{}, 0
				rows := newRows(a.out, format, []string{"person", "handle", "platform", "state", "stored", "due", "informed", "channel", "by"})
				for _, x := range list {
					counts[x.State]++
					if state != "all" && x.State != state && !(state == "due" && x.State == "overdue") || limit > 0 && n == limit {
						continue
					}
					n++
					if err := rows.write([]cellValue{x.Person, x.Handle, x.Platform, x.State, x.Stored, x.Due, x.InformedAt, x.Channel, x.InformedBy}); err != nil {
						return err
					}
				}
				fmt.Fprintf(a.err, "%s to be informed, %s of them overdue; %s informed.\n",
					group(int64(counts["due"]+counts["overdue"])), group(int64(counts["overdue"])), group(int64(counts["informed"])))
				return rows.close()
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&state, "state", "all", "all, due, overdue or informed")
	cmd.Flags().IntVar(&limit, "limit", 25, "how many people to list; 0 for all")
	return cmd
}

func (a *app) noticeSet() *cobra.Command {
	var channel, on string
	var undo bool
	cmd := &cobra.Command{
		Use:   "set BRAND PERSON",
		Short: "Record that a person was informed, and by what",
		Example: `  adalid notice set Acme x/ana_example --channel "direct message"
  adalid notice set Acme x/ana_example --undo`,
		Args:              args(cobra.ExactArgs(2), "a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			at := a.now()
			if on != "" {
				var err error
				if at, err = time.Parse(time.DateOnly, on); err != nil {
					return adalid.Errorf(adalid.Invalid, "--on %q is no day; write it like 2026-01-31", on)
				}
			}
			if undo {
				at = time.Time{}
			}
			return a.withRightsOf(cmd.Context(), names, func(r rights, b adalid.Brand, id string) error {
				if err := r.SetInformed(cmd.Context(), b.Name, id, at, channel, "cli"); err != nil {
					return err
				}
				n, err := r.store.Notice(cmd.Context(), b.Name, id)
				if err != nil {
					return err
				}
				return a.report(r.notice(n), "%s: %s.\n", id, r.notice(n).State)
			})
		},
	}
	cmd.Flags().StringVar(&channel, "channel", "", "by what: mail, a direct message, …")
	cmd.Flags().StringVar(&on, "on", "", "the day it was, such as 2026-01-31 (default: now)")
	cmd.Flags().BoolVar(&undo, "undo", false, "take it back")
	return cmd
}

func (a *app) noticeText() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use:   "text BRAND PERSON",
		Short: "What to tell a person, with a link by which they object",
		Long: `Prints a notice after GDPR Art. 14: who holds what, where it comes from, what for,
what rights there are, and a link to a page on which the person can have everything
erased without an account. privacy.controller, privacy.contact and privacy.url of
the configuration say who you are and where the page is; what is not set stands in
[brackets]. Have it checked: it is a template, not legal advice.`,
		Example:           `  adalid notice text Acme x/ana_example --lang es`,
		Args:              args(cobra.ExactArgs(2), "a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withRightsOf(cmd.Context(), names, func(r rights, b adalid.Brand, id string) error {
				n, err := r.Notice(cmd.Context(), b.Name, id, lang)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(n)
				}
				if _, err = fmt.Fprint(a.out, n.Text); err == nil {
					a.sayUnset(n.Missing)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "en", "en or es")
	return cmd
}

// settingOf is what fills a part of a notice.
var settingOf = map[string]string{"controller": "privacy.controller", "contact": "privacy.contact", "link": "privacy.url"}

// sayUnset says which settings fill what a notice leaves in brackets.
func (a *app) sayUnset(missing []string) {
	if len(missing) == 0 {
		return
	}
	var settings []string
	for _, name := range missing {
		settings = append(settings, settingOf[name])
	}
	fmt.Fprintf(a.err, "Fill what is in [brackets] by these settings: %s.\n", strings.Join(settings, ", "))
}
