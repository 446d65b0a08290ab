package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// nearest gives those of names that look like what was typed.
func nearest(names []string, typed string) []string {
	probe := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, n := range names {
		probe.AddCommand(&cobra.Command{Use: strings.ReplaceAll(n, " ", "\u00a0"), Run: func(*cobra.Command, []string) {}})
	}
	var out []string
	for _, s := range probe.SuggestionsFor(strings.ReplaceAll(typed, " ", "\u00a0")) {
		out = append(out, strings.ReplaceAll(s, "\u00a0", " "))
	}
	return out
}

// didYouMean is the end of a sentence about an unknown name, "" without a near
// one.
func didYouMean(names []string, typed, prefix string) string {
	near := nearest(names, typed)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + prefix + strings.Join(near, " or "+prefix) + "?"
}

// flagError says what is wrong with a flag, with the flags that look alike.
func flagError(cmd *cobra.Command, err error) error {
	text, hint := err.Error(), ""
	var unknown interface{ GetSpecifiedName() string }
	var number *strconv.NumError
	switch {
	case strings.HasPrefix(text, "unknown flag") && errors.As(err, &unknown):
		hint = didYouMean(flagNames(cmd), unknown.GetSpecifiedName(), "--")
	case errors.As(err, &number):
		text, _, _ = strings.Cut(text, ": strconv.")
		hint = ": " + map[bool]string{true: "it is true or false", false: "it is a whole number"}[number.Func == "ParseBool"]
	}
	see := "; see"
	if strings.HasSuffix(hint, "?") {
		see = " See"
	}
	return usageError{fmt.Errorf("%s%s%s: %s --help", text, hint, see, cmd.CommandPath())}
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	for _, f := range gather(cmd.Flags().VisitAll) {
		names = append(names, f.Name)
	}
	return names
}

// gather lists what a visitor is shown.
func gather[T any](visit func(func(T))) (out []T) {
	visit(func(v T) { out = append(out, v) })
	return out
}

// refuseUnknown makes the commands that only hold others refuse names they do
// not have, with exit code 2; by itself cobra prints help and reports success.
func refuseUnknown(group *cobra.Command) {
	for _, sub := range group.Commands() {
		refuseUnknown(sub)
	}
	if !group.HasParent() || !group.HasSubCommands() || group.Runnable() {
		return
	}
	group.DisableFlagsInUseLine = true
	group.Args = cobra.ArbitraryArgs
	group.RunE = func(cmd *cobra.Command, given []string) error {
		if len(given) == 0 {
			return cmd.Help()
		}
		return unknownCommand(cmd, given[0])
	}
}

// refuseUnknownHelp makes help refuse what it has no help about, with exit code
// 2; by itself cobra prints the help of the root and reports success.
func refuseUnknownHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		help.Run = nil
		help.RunE = func(_ *cobra.Command, topic []string) error {
			about, rest, err := root.Find(topic)
			if err == nil && len(rest) == 0 {
				return about.Help()
			}
			if err != nil || about == nil {
				about, rest = root, topic
			}
			return unknownCommand(about, rest[0])
		}
	}
}

// unknownCommand says that group has no command of that name, and which it has.
func unknownCommand(group *cobra.Command, name string) error {
	var names []string
	for _, sub := range group.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	hint := didYouMean(names, name, "")
	switch {
	case hint != "":
	case len(names) == 0:
		hint = "; it has no commands"
	default:
		hint = "; it has " + strings.Join(names, ", ")
	}
	return usageError{fmt.Errorf("unknown command %q for %q%s", name, group.CommandPath(), hint)}
}
