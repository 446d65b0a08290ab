package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
	"adalid/internal/workflow"
	"adalid/web/api"
)

// handle runs do, unless it is nil, on what the team keeps of a person, and answers
// with what that is then.
func (a *app) handle(ctx context.Context, brand, called, format string, do func(*store.Store, workflow.About) error) error {
	format, err := a.format(format, "table", "csv", "json")
	if err != nil {
		return err
	}
	if do == nil {
		a.doing = doing{} // nothing is changed that would have to be recorded
	}
	return a.withPerson(ctx, brand, called, func(s *store.Store, b adalid.Brand, person string) error {
		if do != nil {
			a.doing.object = person
			if err := do(s, workflow.About{Brand: b.Name, Person: person, By: workflow.Local(), Manages: true}); err != nil {
				return err
			}
		}
		p, err := s.Workflow(ctx, b.Name, person)
		if err != nil {
			return err
		}
		return a.printWorkflow(p, format)
	})
}

// workflowColumns are a stable contract; new ones go to the end.
var workflowColumns = []string{"person", "status", "reason", "text", "since", "owner", "tags", "notes", "open_tasks"}

func (a *app) printWorkflow(p workflow.Person, format string) error {
	if format == "json" {
		return a.printJSON(api.WireWorkflow(p))
	}
	owner, open := "", 0
	if p.Owner != nil {
		owner = p.Owner.Name
	}
	for _, t := range p.Tasks {
		if t.DoneAt.IsZero() {
			open++
		}
	}
	rows := newRows(a.out, format, workflowColumns)
	cells := []cellValue{p.ID, string(p.Stage.Status), string(p.Stage.Reason), p.Stage.Text, p.Since, owner, strings.Join(p.Tags, ", "), len(p.Notes), open}
	if err := rows.write(cells); err != nil {
		return err
	}
	if err := rows.close(); err != nil || format != "table" {
		return err
	}
	for _, n := range p.Notes {
		fmt.Fprintf(a.out, "\nNote of %s, %s:\n%s\n", n.At.UTC().Format(time.DateOnly), printable(cmp.Or(n.By.Name, n.By.Mark)), printableLines(n.Text))
	}
	for _, t := range p.Tasks {
		fmt.Fprintf(a.out, "\nTask %s, %s: %s\n", t.ID, taskState(t), printableLines(t.Text))
	}
	return nil
}

// printableLines is printable for a text of several lines.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

func taskState(t workflow.Task) string {
	switch {
	case !t.DoneAt.IsZero():
		return "done " + t.DoneAt.UTC().Format(time.DateOnly)
	case !t.Due.IsZero():
		return "due " + t.Due.UTC().Format(time.DateOnly)
	}
	return "open"
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func (a *app) statusCommand() *cobra.Command {
	var format, reason, text string
	cmd := &cobra.Command{
		Use:   "status BRAND PERSON [STATUS]",
		Short: "Where a person stands on the way to an ambassador",
		Long: `Shows what the team keeps of a person, or says where the person stands:
` + strings.Join(texts(workflow.Statuses()), ", ") + `.
People who are not_a_fit leave the ranking unless they are asked for; say why with
--reason ` + strings.Join(texts(workflow.Reasons()), ", ") + `.
PERSON is an id of the ranking or a handle, with the platform before it where several
have it: x/ana.`,
		Example: `  adalid status Acme @ana
  adalid status Acme @ana shortlisted
  adalid status Acme @shop not_a_fit --reason on_our_team
  adalid rank Acme --where 'status = shortlisted'`,
		Args: args(cobra.RangeArgs(2, 3), "a BRAND, a PERSON and perhaps a status"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) == 2 {
				if reason != "" || text != "" {
					return adalid.Errorf(adalid.Invalid, "--reason and --text belong to a status")
				}
				return a.handle(cmd.Context(), given[0], given[1], format, nil)
			}
			stage, err := workflow.Stage{Status: workflow.Status(strings.ToLower(given[2])), Reason: workflow.Reason(reason), Text: text}.Check()
			if err != nil {
				return err
			}
			return a.handle(cmd.Context(), given[0], given[1], format, func(s *store.Store, about workflow.About) error {
				return s.SetStatus(cmd.Context(), about, stage)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", "table", "table, csv or json")
	flags.StringVar(&reason, "reason", "", "why a person is not a fit")
	flags.StringVar(&text, "text", "", "the reason in your own words")
	return cmd
}
