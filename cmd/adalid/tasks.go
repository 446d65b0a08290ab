package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
	"adalid/internal/workflow"
	"adalid/web/api"
)

func (a *app) tasksCommand() *cobra.Command {
	var format, state string
	var limit int
	cmd := &cobra.Command{
		Use:   "tasks BRAND",
		Short: "What is to be done about a brand's people",
		Example: `  adalid tasks Acme
  adalid tasks add Acme @ana "Send a parcel" --due 2026-12-01
  adalid tasks done Acme @ana 17`,
		Args: args(cobra.ExactArgs(1), "one BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if !slices.Contains([]string{"open", "done"}, state) || limit < 1 {
				return adalid.Errorf(adalid.Invalid, "--state can be open or done, and --limit 1 or more")
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				page, err := s.Tasks(cmd.Context(), b.Name, workflow.TaskQuery{Done: state == "done", Limit: limit})
				if err != nil {
					return err
				}
				return a.printTasks(page, format)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&state, "state", "open", "open or done")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many to list")
	cmd.AddCommand(a.tasksAdd(), a.tasksDone())
	return cmd
}

func (a *app) printTasks(page workflow.TaskPage, format string) error {
	if format == "json" {
		return a.printJSON(api.WireTasks(page))
	}
	if len(page.Items) == 0 && format == "table" {
		fmt.Fprintln(a.out, "There are none.")
		return nil
	}
	rows := newRows(a.out, format, []string{"task", "person", "handle", "text", "due", "assignee", "done"})
	for _, t := range page.Items {
		handle, assignee := "", ""
		if list := page.People[t.Person]; len(list) > 0 {
			handle = called(list[0].Handle, list[0].Name, list[0].Key)
		}
		if t.Assignee != nil {
			assignee = t.Assignee.Name
		}
		due := ""
		if !t.Due.IsZero() {
			due = t.Due.UTC().Format(time.DateOnly)
		}
		if err := rows.write([]cellValue{t.ID, t.Person, handle, t.Text, due, assignee, t.DoneAt}); err != nil {
			return err
		}
	}
	return rows.close()
}

func (a *app) tasksAdd() *cobra.Command {
	var format, due string
	cmd := &cobra.Command{
		Use:   "add BRAND PERSON TEXT",
		Short: "Add something to do about a person",
		Args:  args(cobra.ExactArgs(3), "a BRAND, a PERSON and a TEXT"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			n := workflow.NewTask{Text: given[2]}
			if due != "" {
				var err error
				if n.Due, err = time.Parse(time.DateOnly, due); err != nil {
					return adalid.Errorf(adalid.Invalid, "--due %q is no day; write it like 2026-01-31", due)
				}
			}
			return a.handle(cmd.Context(), given[0], given[1], format, func(s *store.Store, about workflow.About) error {
				_, err := s.AddTask(cmd.Context(), about, n)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&due, "due", "", "the day until which, such as 2026-01-31")
	return cmd
}

func (a *app) tasksDone() *cobra.Command {
	var format string
	var undo bool
	cmd := &cobra.Command{
		Use:   "done BRAND PERSON TASK",
		Short: "Say that a task is done",
		Args:  args(cobra.ExactArgs(3), "a BRAND, a PERSON and the number of a TASK"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			done := !undo
			return a.handle(cmd.Context(), given[0], given[1], format, func(s *store.Store, about workflow.About) error {
				_, err := s.ChangeTask(cmd.Context(), about, given[2], workflow.TaskPatch{Done: &done})
				return err
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().BoolVar(&undo, "undo", false, "it is open again")
	return cmd
}
