package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/all"
	"adalid/config"
	"adalid/internal/store"
)

// streams are the three a command talks through: data on out, words on err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// shared lets several goroutines write: the log and the progress of a scan's
// sources go the same way.
type shared struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes everything at once.
func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

// app is what every command shares.
type app struct {
	streams
	environ []string
	now     func() time.Time
	kinds   []collectors.Definition // of live sources

	dataDir    string
	configPath string
	json       bool
	loaded     *config.Config
	doing      doing
}

// run executes one command line and gives the exit code: 0 done, 1 failed, 2
// wrong usage.
func run(ctx context.Context, args []string, std streams, environ []string) int {
	a := &app{streams: std, environ: environ, now: time.Now, kinds: all.All()}
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
	if _, file := a.err.(*os.File); !file { // a file takes writes one after the other by itself
		a.err = &shared{w: a.err}
	}
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
	root.PersistentPreRun = a.begins
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	flags := root.PersistentFlags()
	flags.StringVar(&a.dataDir, "data-dir", "", "folder of the database (default: data.dir of the configuration)")
	flags.StringVar(&a.configPath, "config", "", "configuration file (default: $ADALID_CONFIG, else the embedded one)")
	flags.BoolVar(&a.json, "json", false, "answer in JSON")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		a.importCommand(), a.scanCommand(), a.sourceCommand(), a.spendingCommand(), a.brandCommand(), a.rankCommand(), a.whyCommand(), a.viewsCommand(), a.segmentsCommand(), a.voiceCommand(), a.portfolioCommand(), a.networkCommand(), a.backtestCommand(), a.topicsCommand(), a.exportCommand(), a.authorsCommand(), a.edgesCommand(),
		a.serveCommand(), a.userCommand(), a.keyCommand(), a.auditLogCommand(), a.configCommand(), a.doctorCommand(), a.backupCommand(), a.restoreCommand(), a.secretsCommand(), a.eraseCommand(), a.personCommand(), a.noticeCommand(), a.retentionCommand(),
		a.rebuildCommand(), a.sentimentCommand(), a.relevanceCommand(), a.authenticityCommand(), a.circleCommand(), a.identityCommand(), a.statusCommand(), a.noteCommand(), a.tagCommand(), a.tasksCommand(), a.versionCommand(), a.languageCommand(),
	)
	root.InitDefaultCompletionCmd() // before its unknown subcommands can be refused
	refuseUnknown(root)
	refuseUnknownHelp(root)
	a.complete(root)
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

// describe gives the sentence for the terminal: the messages alone of coded
// errors, the whole chain of an internal one.
func describe(err error) string {
	switch {
	case adalid.CodeOf(err) != "":
		return messages(err)
	case noRoom(err):
		return "the disk is full; free some space and try again"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return err.Error()
}

// goesOn is what stopping an import or a scan means.
const goesOn = "stopped; what was read is stored. The same command continues where it was"

// stopped says what is left of a command that was interrupted; other errors stay.
func stopped(ctx context.Context, err error, words string) error {
	if err == nil || ctx.Err() == nil || adalid.CodeOf(err) != "" {
		return err
	}
	return adalid.Wrapf(adalid.Unavailable, errors.Join(err, ctx.Err()), "%s", words)
}

// messages joins the messages of the coded errors in a chain, "" without any;
// what lies between them goes to the log only.
func messages(err error) string {
	var coded *adalid.Error
	if !errors.As(err, &coded) {
		return ""
	}
	if inner := messages(coded.Err); inner != "" {
		return coded.Message + ": " + inner
	}
	return coded.Message
}

// report ends a command that changes something: its result in JSON, or a
// sentence on the terminal.
func (a *app) report(result any, format string, args ...any) error {
	if a.json {
		return a.printJSON(result)
	}
	fmt.Fprintf(a.err, format, args...)
	return nil
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
		return nil, adalid.Errorf(adalid.Invalid, "%v", err)
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

// withData is withStore for commands that only make sense with something
// stored: they do not leave an empty database behind.
func (a *app) withData(ctx context.Context, do func(*store.Store) error) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	if err := anythingIn(cfg.Data.Dir); err != nil {
		return err
	}
	return a.withStore(ctx, do)
}

// anythingIn is NotFound for a data folder without a database.
func anythingIn(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); errors.Is(err, fs.ErrNotExist) {
		return adalid.Errorf(adalid.NotFound, "there is nothing in the data folder %q yet; import something first: adalid import --brand \"My brand\" export.csv (or name another folder with --data-dir)", dir)
	}
	return nil
}

// withStore opens the database for the time of one command.
func (a *app) withStore(ctx context.Context, do func(*store.Store) error) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	return a.withVault(ctx, a.vault(cfg), do)
}

func (a *app) withVault(ctx context.Context, v *vault, do func(*store.Store) error) (err error) {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: cfg.Data.Dir, Now: a.now, Logger: a.logger(cfg), Vault: v, Key: v.suppression})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = do(s)
	return errors.Join(err, a.note(ctx, s, err))
}

// withBrand is withStore for a command about one stored brand.
func (a *app) withBrand(ctx context.Context, name string, do func(*store.Store, adalid.Brand) error) error {
	return a.withData(ctx, func(s *store.Store) error {
		b, err := s.Brand(ctx, strings.TrimSpace(name))
		if adalid.CodeOf(err) == adalid.NotFound {
			return unknownBrand(ctx, s, name)
		}
		if err != nil {
			return err
		}
		return do(s, b)
	})
}

// unknownBrand says what there is instead of the brand that was asked for.
func unknownBrand(ctx context.Context, s *store.Store, name string) error {
	brands, err := s.Brands(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, b := range brands {
		names = append(names, b.Name)
	}
	if len(names) == 0 {
		return adalid.Errorf(adalid.NotFound, "there is no brand %q yet; import its mentions: adalid import --brand %q FILE", name, name)
	}
	hint := didYouMean(names, name, "")
	if hint == "" {
		hint = "."
	}
	return adalid.Errorf(adalid.NotFound, "there is no brand %q%s All of them: adalid brand list", name, hint)
}

func (a *app) logger(cfg *config.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		level = slog.LevelInfo // the configuration was validated when loaded
	}
	options := &slog.HandlerOptions{Level: level}
	if cfg.Log.Format == "json" {
		options.ReplaceAttr = harmless // the text handler quotes what cannot be seen
		return slog.New(slog.NewJSONHandler(a.err, options))
	}
	return slog.New(slog.NewTextHandler(a.err, options))
}

// harmless takes from a text in the log what would steer a terminal that shows it.
func harmless(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(printable(v))
	case error:
		a.Value = slog.StringValue(printable(v.Error()))
	}
	return a
}

// terminal tells whether w is a screen that can show colours and a moving bar.
func (a *app) terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || a.getenv("TERM") == "dumb" {
		return false
	}
	return isTerminal(f)
}
