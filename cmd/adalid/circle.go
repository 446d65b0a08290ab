package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/authenticity"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

// circleRoles are the words for a role on the command line.
var circleRoles = []string{string(authenticity.Staff), string(authenticity.Agency), string(authenticity.Reseller), string(authenticity.Partner)}

// circleColumns are a stable contract; new ones go to the end.
var circleColumns = []string{"person", "handle", "platform", "status", "role", "probability", "reasons"}

func (a *app) circleCommand() *cobra.Command {
	var format, lang string
	cmd := &cobra.Command{
		Use:   "circle BRAND",
		Short: "Who probably works for the brand or is paid by it, and who does",
		Long: `Lists who is suggested as staff, agency, reseller or paid partner by what bio,
links, reposts and sponsored posts show, with reasons, and what was decided.
Whom you confirm is left out of the ranking. A suggestion moves nobody, but for
an account that is surely called as the brand: it is left out until you dismiss
the suggestion.`,
		Example: `  adalid circle Acme
  adalid circle confirm Acme @acme_ana staff
  adalid circle dismiss Acme @fan
  adalid circle undo Acme @acme_ana`,
		Args: args(cobra.ExactArgs(1), "one BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if lang != "en" && lang != "es" {
				return adalid.Errorf(adalid.Invalid, "--lang is %q; it can be en or es", lang)
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if err := a.judged(cmd.Context(), s, b.Name); err != nil {
					return err
				}
				members, err := s.Circle(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				return a.printCircle(b, members, format, lang)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the reasons: en or es")
	cmd.AddCommand(a.circleConfirm(), a.circleDecide("dismiss", "Say that somebody is not of the circle", new("")), a.circleDecide("undo", "Take a decision back", nil))
	return cmd
}

func (a *app) circleConfirm() *cobra.Command {
	return &cobra.Command{
		Use: "confirm BRAND PERSON " + strings.Join(circleRoles, "|"), Short: "Say what somebody is to the brand",
		Long: `PERSON is an id of the ranking or a handle, with the platform before it where
several have it: x/ana.`,
		Args: args(cobra.ExactArgs(3), "a BRAND, a PERSON and a role"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			role := strings.ToLower(given[2])
			if !slices.Contains(circleRoles, role) {
				return adalid.Errorf(adalid.Invalid, "a role is %s, not %q", strings.Join(circleRoles, ", "), given[2])
			}
			return a.decideRole(cmd.Context(), given[0], given[1], &role)
		},
	}
}

// circleDecide is a command that records one role, or takes it back.
func (a *app) circleDecide(name, short string, role *string) *cobra.Command {
	return &cobra.Command{
		Use: name + " BRAND PERSON", Short: short,
		Args: args(cobra.ExactArgs(2), "a BRAND and a PERSON"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.decideRole(cmd.Context(), given[0], given[1], role)
		},
	}
}

func (a *app) decideRole(ctx context.Context, brand, called string, role *string) error {
	return a.withPerson(ctx, brand, called, func(s *store.Store, b adalid.Brand, person string) error {
		if role == nil {
			if err := decidedRole(ctx, s, b.Name, person); err != nil {
				return err
			}
		}
		if err := s.DecideRole(ctx, b.Name, person, role, a.whoever()); err != nil {
			return err
		}
		what := "is not decided about any more"
		if role != nil {
			what = "is " + cmp.Or(*role, "in no part of the circle")
		}
		result := map[string]any{"brand": b.Name, "person": person, "role": role}
		if role != nil && *role == "" {
			return a.reportCleared(ctx, s, cleared{b, person, called}, result, what)
		}
		return a.report(result, "%s %s.\n", printable(called), what)
	})
}

// decidedRole refuses to take a decision back that nobody made.
func decidedRole(ctx context.Context, s *store.Store, brand, person string) error {
	members, err := s.Circle(ctx, brand)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Person.ID == person && m.Role != nil {
			return nil
		}
	}
	return adalid.Errorf(adalid.NotFound, "nothing was decided about this person")
}

// withPerson is withBrand for a command about one person.
func (a *app) withPerson(ctx context.Context, brand, called string, do func(*store.Store, adalid.Brand, string) error) error {
	return a.withBrand(ctx, brand, func(s *store.Store, b adalid.Brand) error {
		person, err := s.FindPerson(ctx, b.Name, called)
		if adalid.CodeOf(err) == adalid.NotFound { // called as the list shows people
			cfg, failed := a.settings()
			if failed != nil {
				return failed
			}
			person, err = a.ranker(cfg, s).FindPerson(ctx, b.Name, called, rank.Query{All: true})
		}
		if err != nil {
			return err
		}
		return do(s, b, person)
	})
}

func (a *app) printCircle(b adalid.Brand, members []rank.CircleMember, format, lang string) error {
	if format == "json" {
		return a.printJSON(api.CircleList{Brand: b.Name, Demo: b.Demo, Items: api.WireCircle(members)})
	}
	if len(members) == 0 && format == "table" {
		fmt.Fprintln(a.out, "Nobody is suggested, and nothing was decided.")
		return nil
	}
	rows := newRows(a.out, format, circleColumns)
	for _, m := range api.WireCircle(members) {
		var p any = ""
		role, why := text(m.Role), sentences{}
		if len(m.Suggestions) > 0 {
			first := m.Suggestions[0]
			p, why = math.Round(first.Probability*100)/100, saidReasons(first.Reasons, lang)
			if m.Status == "suggested" {
				role = first.Role
			}
		}
		account := api.Account{}
		if len(m.Accounts) > 0 {
			account = m.Accounts[0]
		}
		err := rows.write([]cellValue{m.ID, cmp.Or(text(account.Handle), text(account.Name), account.Key), account.Platform, m.Status, role, p, why})
		if err != nil {
			return err
		}
	}
	return rows.close()
}

// saidReasons are reasons in a language, each with its weight.
func saidReasons(list []api.Reason, lang string) sentences {
	out := make(sentences, len(list))
	for i, r := range list {
		words := r.Text.EN
		if lang == "es" {
			words = r.Text.ES
		}
		out[i] = fmt.Sprintf("%s (%+.2f)", words, r.Weight)
	}
	return out
}

func (a *app) authenticityMark() *cobra.Command {
	var undo bool
	cmd := &cobra.Command{
		Use:   "mark BRAND PERSON genuine|automated",
		Short: "Overrule what the rules say of somebody",
		Long: `Your word wins over every rule, also that on repetition: whom you mark as genuine
is listed unless the circle or a status keeps them out, whom you mark as automated
is left out. --undo takes it back. PERSON
is an id of the ranking or a handle, with the platform before it where several
have it: x/ana.`,
		Example: `  adalid authenticity mark Acme @ana genuine
  adalid authenticity mark Acme @ana --undo`,
		Args: args(cobra.RangeArgs(2, 3), "a BRAND, a PERSON and genuine or automated"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			var genuine *bool
			switch {
			case undo && len(given) == 2:
			case !undo && len(given) == 3 && (given[2] == "genuine" || given[2] == "automated"):
				yes := given[2] == "genuine"
				genuine = &yes
			default:
				return adalid.Errorf(adalid.Invalid, "say genuine or automated, or --undo")
			}
			return a.withPerson(cmd.Context(), given[0], given[1], func(s *store.Store, b adalid.Brand, person string) error {
				if err := s.DecideGenuine(cmd.Context(), b.Name, person, genuine, a.whoever()); err != nil {
					return err
				}
				what := "is judged by the rules again"
				if genuine != nil {
					what = "counts as " + given[2] + " from now on"
				}
				result := map[string]any{"brand": b.Name, "person": person, "genuine": genuine}
				if genuine != nil && *genuine {
					return a.reportCleared(cmd.Context(), s, cleared{b, person, given[1]}, result, what)
				}
				return a.report(result, "%s %s.\n", printable(given[1]), what)
			})
		},
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "take your word back")
	return cmd
}
