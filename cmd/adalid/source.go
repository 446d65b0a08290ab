package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/scan"
	"adalid/internal/store"
)

func (a *app) sourceCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "source", Short: "The live sources: which there are, their settings, whether they work"}
	cmd.AddCommand(a.sourceKinds(), a.sourceList(), a.sourceAdd(), a.sourceEdit(), a.sourceRemove(), a.sourceProbe())
	return cmd
}

func (a *app) sourceKinds() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "What can be read, and which settings it needs",
		Args:  args(cobra.MaximumNArgs(1), "at most one KIND"),
		RunE: func(_ *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if len(names) == 1 {
				d, err := a.kindOf(names[0])
				if err != nil {
					return err
				}
				return a.printKind(d, format)
			}
			rows := newRows(a.out, format, []string{"kind", "title", "needs", "can", "about"})
			for _, d := range a.kinds {
				var can []string
				for _, c := range d.Can {
					can = append(can, string(c))
				}
				if err := rows.write([]cellValue{d.Name, d.Title["en"], needs(d), strings.Join(can, " "), d.About["en"]}); err != nil {
					return err
				}
			}
			return rows.close()
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func needs(d collectors.Definition) string {
	var required []string
	for _, f := range d.Fields {
		if f.Required {
			required = append(required, f.Key)
		}
	}
	if len(required) == 0 {
		return "nothing"
	}
	return strings.Join(required, " ")
}

func (a *app) printKind(d collectors.Definition, format string) error {
	if format == "table" {
		fmt.Fprintf(a.out, "%s: %s\n", d.Title["en"], d.About["en"])
		if d.KeysAt != "" {
			fmt.Fprintf(a.out, "Keys: %s\n", d.KeysAt)
		}
	}
	rows := newRows(a.out, format, []string{"setting", "kind", "required", "secret", "default", "title", "help"})
	for _, f := range d.Fields {
		if err := rows.write([]cellValue{f.Key, string(f.Kind), f.Required, f.Secret, f.Default, f.Title["en"], f.Help["en"]}); err != nil {
			return err
		}
	}
	return rows.close()
}

func (a *app) kindOf(name string) (collectors.Definition, error) {
	var names []string
	for _, d := range a.kinds {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	hint := didYouMean(names, name, "")
	return collectors.Definition{}, adalid.Errorf(adalid.Invalid, "there is no kind of source %q%s All of them: %s", name, orDot(hint), strings.Join(names, ", "))
}

func orDot(hint string) string {
	if hint == "" {
		return "."
	}
	return hint
}

func (a *app) sourceList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The sources that are read, with those that need no setting",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				stored, err := s.Sources(cmd.Context())
				if err != nil {
					return err
				}
				rows := newRows(a.out, format, []string{"source", "kind", "brand", "enabled", "monthly_usd", "settings"})
				for _, x := range a.listed(stored) {
					if err := rows.write([]cellValue{x.Name, x.Collector, x.Brand, x.Enabled, dollars(x.Monthly), a.shownSettings(x)}); err != nil {
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

// listed is what is read: the stored sources, those of one brand and those
// switched off too, and the kinds that need no setting.
func (a *app) listed(stored []scan.Source) []scan.Source {
	list := scan.Sources(stored, a.kinds, "")
	for _, s := range stored {
		if !slices.ContainsFunc(list, func(x scan.Source) bool { return x.Name == s.Name }) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y scan.Source) int { return strings.Compare(x.Name, y.Name) })
	return list
}

func dollars(micros *int64) *float64 {
	if micros == nil {
		return nil
	}
	d := float64(*micros) / 1e6
	return &d
}

// shownSettings is what may be shown of a source's settings.
func (a *app) shownSettings(s scan.Source) string {
	values := map[string]json.RawMessage{}
	if json.Unmarshal(s.Settings, &values) != nil {
		return "damaged"
	}
	d, err := a.kindOf(s.Collector)
	if err != nil {
		return "of a kind that this version does not have"
	}
	var parts []string
	for _, f := range d.Fields {
		value, set := values[f.Key]
		switch {
		case set && f.Secret:
			parts = append(parts, f.Key+"=(secret)")
		case set:
			parts = append(parts, f.Key+"="+strings.Trim(string(value), `"`))
		}
	}
	return strings.Join(parts, " ")
}

type sourceFlags struct {
	name, brand string
	file        string
	set         []string
	monthly     float64
	off, on     bool
}

func (f *sourceFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.set, "set", nil, "a setting as KEY=VALUE; lists with commas; KEY=@FILE and KEY=- read a file and standard input, for secrets")
	flags.StringVar(&f.file, "file", "", "a YAML file with its settings, such as a collector's sample.yaml; --set wins over it")
	flags.StringVar(&f.brand, "brand", "", "read it for this brand only")
	flags.Float64Var(&f.monthly, "monthly-usd", 0, "what a calendar month may cost, for paid platforms")
}

func (a *app) sourceAdd() *cobra.Command {
	var f sourceFlags
	cmd := &cobra.Command{
		Use:   "add KIND",
		Short: "Add a source",
		Example: `  adalid source add mastodon --set servers=mastodon.social,fosstodon.org
  adalid source add x --set token=@token.txt --monthly-usd 20
  adalid source add youtube --file youtube.yaml
  adalid source add rss --name news --set urls=https://example.org/feed.xml`,
		Args: args(cobra.ExactArgs(1), "one KIND; see them with: adalid source kinds"),
		RunE: func(cmd *cobra.Command, kinds []string) error {
			d, err := a.kindOf(kinds[0])
			if err != nil {
				return err
			}
			x := scan.Source{Name: strings.TrimSpace(f.name), Collector: d.Name, Brand: f.brand, Settings: []byte("{}"), Enabled: true}
			if x.Name == "" {
				x.Name = d.Name
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				stored, err := s.Sources(cmd.Context())
				if err != nil {
					return err
				}
				if slices.ContainsFunc(stored, func(y scan.Source) bool { return y.Name == x.Name }) {
					return adalid.Errorf(adalid.Conflict, "there is already a source %q; change it with: adalid source edit %s, or give the new one another --name", x.Name, x.Name)
				}
				return a.storeSource(cmd, s, d, x, f)
			})
		},
	}
	cmd.Flags().StringVar(&f.name, "name", "", "name of the source (default: KIND)")
	f.register(cmd)
	return cmd
}

func (a *app) sourceEdit() *cobra.Command {
	var f sourceFlags
	cmd := &cobra.Command{
		Use:   "edit SOURCE",
		Short: "Change a source's settings, or switch it off and on",
		Args:  args(cobra.ExactArgs(1), "one SOURCE"),
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				x, d, err := a.findSource(cmd.Context(), s, names[0])
				if err != nil {
					return err
				}
				switch {
				case f.on && f.off:
					return adalid.Errorf(adalid.Invalid, "--on and --off exclude each other")
				case f.on || f.off:
					x.Enabled = f.on
				}
				if cmd.Flags().Changed("brand") {
					x.Brand = f.brand
				}
				return a.storeSource(cmd, s, d, x, f)
			})
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&f.off, "off", false, "do not read it any more; settings and mentions stay")
	cmd.Flags().BoolVar(&f.on, "on", false, "read it again")
	return cmd
}

func (a *app) storeSource(cmd *cobra.Command, s *store.Store, d collectors.Definition, x scan.Source, f sourceFlags) error {
	var err error
	if f.file != "" {
		if x.Settings, err = sourceFile(f.file); err != nil {
			return err
		}
	}
	if x.Settings, err = a.settle(d, x.Settings, f.set); err != nil {
		return err
	}
	if err := d.Check(x.Settings); err != nil {
		return err
	}
	if cmd.Flags().Changed("monthly-usd") {
		if f.monthly < 0 || f.monthly > 1e6 {
			return adalid.Errorf(adalid.Invalid, "--monthly-usd is %v; it can be 0 to 1000000", f.monthly)
		}
		micros := int64(f.monthly*1e6 + .5)
		x.Monthly = &micros
	}
	if err := s.SetSource(cmd.Context(), x); err != nil {
		return err
	}
	return a.report(map[string]any{"source": x.Name, "kind": x.Collector, "enabled": x.Enabled},
		"Source %q stored. Test it: adalid source probe %s\n", x.Name, x.Name)
}

// sourceFile reads a source's settings from a YAML file.
func sourceFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "cannot read the settings: %v", err)
	}
	settings, err := config.Source(text)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "%s: %v", path, err)
	}
	return settings, nil
}

// settle applies KEY=VALUE to the settings' JSON.
func (a *app) settle(d collectors.Definition, settings []byte, set []string) ([]byte, error) {
	values := map[string]any{}
	if err := json.Unmarshal(settings, &values); err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "the stored settings are damaged; remove the source and add it again")
	}
	for _, pair := range set {
		key, text, ok := strings.Cut(pair, "=")
		i := slices.IndexFunc(d.Fields, func(f collectors.Field) bool { return f.Key == key })
		if !ok || i < 0 {
			return nil, adalid.Errorf(adalid.Invalid, "--set %q is not KEY=VALUE with a setting of %s; see them with: adalid source kinds %s", key, d.Name, d.Name)
		}
		text, err := a.valueOf(key, text)
		if err != nil {
			return nil, err
		}
		switch d.Fields[i].Kind {
		case collectors.ListField:
			values[key] = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' })
		case collectors.NumberField, collectors.BoolField:
			values[key] = json.RawMessage(text)
		default:
			values[key] = text
		}
		if text == "" {
			delete(values, key)
		}
	}
	out, err := json.Marshal(values)
	if err != nil {
		return nil, adalid.Errorf(adalid.Invalid, "a number or true/false is expected where --set gives another text")
	}
	return out, nil
}

// valueOf reads secrets from where they do not end in a shell's history.
func (a *app) valueOf(key, text string) (string, error) {
	var from []byte
	var err error
	switch {
	case text == "-":
		from, err = io.ReadAll(io.LimitReader(a.in, 1<<20))
	case strings.HasPrefix(text, "@") && len(text) > 1:
		from, err = os.ReadFile(text[1:])
	default:
		return text, nil
	}
	if err != nil {
		return "", adalid.Wrapf(adalid.Invalid, err, "cannot read the value of %s: %v", key, err)
	}
	return strings.TrimSpace(string(from)), nil
}

func (a *app) findSource(ctx context.Context, s *store.Store, name string) (scan.Source, collectors.Definition, error) {
	stored, err := s.Sources(ctx)
	if err != nil {
		return scan.Source{}, collectors.Definition{}, err
	}
	var names []string
	for _, x := range a.listed(stored) {
		if x.Name == name {
			d, err := a.kindOf(x.Collector)
			return x, d, err
		}
		names = append(names, x.Name)
	}
	return scan.Source{}, collectors.Definition{}, adalid.Errorf(adalid.NotFound, "there is no source %q%s All of them: %s", name, orDot(didYouMean(names, name, "")), strings.Join(names, ", "))
}

func (a *app) sourceRemove() *cobra.Command {
	return &cobra.Command{
		Use:   "remove SOURCE",
		Short: "Forget a source's settings; its mentions stay",
		Args:  args(cobra.ExactArgs(1), "one SOURCE"),
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				if err := s.RemoveSource(cmd.Context(), names[0]); err != nil {
					return err
				}
				return a.report(map[string]string{"removed": names[0]}, "Source %q removed; what it brought stays.\n", names[0])
			})
		},
	}
}

func (a *app) sourceProbe() *cobra.Command {
	return &cobra.Command{
		Use:   "probe [SOURCE…]",
		Short: "Test whether sources answer and their keys are good",
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				for _, name := range names {
					if _, _, err := a.findSource(cmd.Context(), s, name); err != nil {
						return err
					}
				}
				findings, err := a.probe(cmd.Context(), s, names)
				if err != nil {
					return err
				}
				if err := a.printFindings(findings); err != nil {
					return err
				}
				if slices.ContainsFunc(findings, func(f finding) bool { return f.Severity == store.Broken }) {
					return adalid.Errorf(adalid.Unavailable, "not every source can be read")
				}
				return nil
			})
		},
	}
}

// probe tests sources, all that are read when none is named.
func (a *app) probe(ctx context.Context, s *store.Store, names []string) ([]finding, error) {
	cfg, err := a.settings()
	if err != nil {
		return nil, err
	}
	live, client, err := a.live(cfg, s, listener{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	stored, err := s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var findings []finding
	for _, x := range a.listed(stored) {
		if len(names) > 0 && !slices.Contains(names, x.Name) {
			continue
		}
		p := live.Probe(ctx, x)
		severity := map[scan.State]store.Severity{scan.Done: store.Fine, scan.Paused: store.Warning}[p.State]
		if severity == "" {
			severity = store.Broken
		}
		message := p.Reason
		if p.Fix != "" {
			message += "; " + p.Fix
		}
		findings = append(findings, finding{x.Name, severity, message})
	}
	return findings, nil
}
