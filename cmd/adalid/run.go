package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/config"
	"adalid/internal/store"
)

// streams are the three a command talks through: data on out, words on err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// app is what every command shares.
type app struct {
	streams
	environ []string
	now     func() time.Time

	dataDir    string
	configPath string
	json       bool
	loaded     *config.Config
}

// run executes one command line and gives the exit code: 0 done, 1 failed, 2
// wrong usage.
func run(ctx context.Context, args []string, std streams, environ []string) int {
	a := &app{streams: std, environ: environ, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := exitCode(err)
	fmt.Fprintln(std.err, "adalid: "+describe(err))
	return code
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "adalid",
		Short: "Find the people who sincerely help your brand",
		Long: `Adalid reads mentions of a brand, scores the people behind them and ranks
those who speak well of it, keep doing it, are heard and connect others.

First steps:
  adalid import --brand "My brand" export.csv
  adalid rank "My brand"
  adalid serve`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	flags := root.PersistentFlags()
	flags.StringVar(&a.dataDir, "data-dir", "", "folder of the database (default: data.dir of the configuration)")
	flags.StringVar(&a.configPath, "config", "", "configuration file (default: $ADALID_CONFIG, else the embedded one)")
	flags.BoolVar(&a.json, "json", false, "answer in JSON")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see: %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(
		a.importCommand(), a.brandCommand(), a.rankCommand(), a.authorsCommand(), a.edgesCommand(),
		a.serveCommand(), a.configCommand(), a.doctorCommand(), a.backupCommand(), a.restoreCommand(),
		a.rebuildCommand(), a.versionCommand(),
	)
	return root
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// exitCode is the one place where an error becomes an exit code.
func exitCode(err error) int {
	if errors.As(err, new(usageError)) || strings.HasPrefix(err.Error(), "unknown command") {
		return 2
	}
	switch adalid.CodeOf(err) {
	case adalid.Invalid:
		return 2
	default:
		return 1
	}
}

// describe gives the sentence for the terminal: the message alone of a coded
// error, the whole chain of an internal one.
func describe(err error) string {
	var coded *adalid.Error
	switch {
	case errors.As(err, &coded):
		return coded.Message
	case errors.Is(err, context.Canceled):
		return "stopped; what was read is stored. The same command continues where it was"
	}
	return err.Error()
}

// args wraps a cobra argument check so that a failure counts as wrong usage.
func args(check cobra.PositionalArgs, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if err := check(cmd, given); err != nil {
			return usageError{fmt.Errorf("%s needs %s; see: %s --help", cmd.CommandPath(), what, cmd.CommandPath())}
		}
		return nil
	}
}

// settings loads the configuration once.
func (a *app) settings() (*config.Config, error) {
	if a.loaded != nil {
		return a.loaded, nil
	}
	cfg, err := config.Load(config.Options{Path: a.configPath, Environ: a.environ})
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "%v", err)
	}
	if a.dataDir != "" {
		cfg.Data.Dir = a.dataDir
	}
	a.loaded = cfg
	return cfg, nil
}

func (a *app) getenv(name string) string {
	for _, pair := range a.environ {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	return ""
}

// withStore opens the database for the time of one command.
func (a *app) withStore(ctx context.Context, do func(*store.Store) error) (err error) {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: cfg.Data.Dir, Now: a.now, Logger: a.logger(cfg)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}

func (a *app) logger(cfg *config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		level = slog.LevelInfo // the configuration was validated when loaded
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.err, options))
	}
	return slog.New(slog.NewTextHandler(a.err, options))
}

// terminal tells whether w is a screen that can show colours and a moving bar.
func (a *app) terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || a.getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(f)
}
