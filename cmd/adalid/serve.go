package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/config"
	"adalid/internal/demo"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web"
	"adalid/web/api"
	"adalid/web/lite"
)

type serveFlags struct {
	address string
	hosts   []string
	noAuth  bool
	demo    bool
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the ranking: web page, API, metrics",
		Long: `Serves the page under /lite, the API under /api/v1 and metrics under /metrics.
While nobody has an account and only this machine reaches the server, nobody signs
in. On any other address, or with server.hosts or server.public_url set, it prints
a link at its start with which the first account is made. As soon as there is an
account, everybody has to sign in.`,
		Args: args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.settings()
			if err != nil {
				return err
			}
			if f.address != "" {
				cfg.Server.Address = f.address
			}
			cfg.Server.Hosts = append(cfg.Server.Hosts, f.hosts...)
			if _, err := web.Exposed(cfg.Server.Address); err != nil {
				return adalid.Errorf(adalid.Invalid, "%v", err)
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				if f.demo {
					if err := a.loadDemo(cmd.Context(), s); err != nil {
						return err
					}
				}
				return a.serve(cmd.Context(), cfg, s, f.noAuth)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.address, "address", "", "host:port to listen on (default: server.address, 127.0.0.1:8080)")
	flags.StringSliceVar(&f.hosts, "host", nil, "further host name under which the service is reached")
	flags.BoolVar(&f.noAuth, "no-auth-i-understand", false, "as long as nobody has an account, let everybody who reaches the server read and change everything")
	flags.BoolVar(&f.demo, "demo", false, "with nothing stored yet, load an invented brand to look at")
	return cmd
}

// serve answers until ctx ends, then lets the requests in flight finish.
func (a *app) serve(ctx context.Context, cfg *config.Config, s *store.Store, noAuth bool) error {
	log := a.logger(cfg)
	ctx, stop := context.WithCancel(ctx)
	uploads, err := a.newUploads(ctx, cfg, s, log)
	if err != nil {
		stop()
		return err
	}
	defer uploads.wait()
	defer stop() // before the waits: defers run backwards
	teacher, err := a.newTeacher(ctx, s, log)
	if err != nil {
		return err
	}
	defer teacher.wait()
	defer stop()
	keeper, err := a.keep(ctx, cfg, s)
	if err != nil {
		return err
	}
	defer keeper.wait()
	defer stop()
	assessor := a.assess(ctx, s, keeper.log)
	defer assessor.wait()
	defer stop()
	receiver, err := a.newReceiver(cfg, s)
	if err != nil {
		return err
	}
	keys := newKeyring(ctx, s, a.now, keeper.log)
	defer keys.wait()
	defer stop()
	door, err := a.openDoor(ctx, cfg, s, doorOptions{noAuth: noAuth, client: keeper.client, log: log})
	if err != nil {
		return err
	}
	defer door.accounts.Wait()
	ranker := a.ranker(cfg, s)
	defer ranker.Close()
	finder := ranker.topics(s)
	people := newIdentities(s)
	eraser := newEraser(ctx, s, a.vault(cfg), teacher.learner, log)
	previews := &previewer{keeper: keeper}
	for _, forget := range []func(){ranker.Forget, finder.finder.Forget, people.forget, uploads.reread, previews.forget} {
		eraser.OnErased(forget)
	}
	eraser.keep()
	defer eraser.wait()
	defer stop()
	rights := a.newRights(cfg, eraser, ranker)
	handler, err := web.New(web.Options{
		API: api.Options{
			Brands: s, Evidence: s, Ranker: ranker, Explainer: ranker, Viewer: ranker, Segments: s, Importer: uploads, Teacher: teacher, Relevance: teacher, Auditor: teacher, Identity: people, Circle: s, Workflow: s, Privacy: rights, Query: parseQuery,
			Topics:  finder,
			Sources: keeper, Scanner: keeper, Standings: keeper, Sessions: door.sessions, Accounts: door.accounts, Figures: keeper, Schedules: schedules{s}, Receiver: receiver, Previewer: previews, Inventor: &inventor{app: a, store: s}, PushKey: cfg.Push.Key(),
			Settings: ranker.Settings(), YouTube: ranker.youTube,
			Check: func(ctx context.Context) error { _, err := s.Brands(ctx); return err }, Now: a.now, MaxUpload: int64(cfg.Server.MaxUpload),
			Keys: keys, AuditLog: s, KeyRate: cfg.Server.KeyRate, KeyBurst: cfg.Server.KeyBurst,
			Stopping: ctx.Done(), TempDir: cfg.Data.Dir, BrandSettings: a.brandSettings(cfg, s),
		},
		Lite:   lite.Options{SignOn: door.signOn, Sessions: door.sessions, Accounts: door.accounts, Brands: s, Evidence: s, Ranker: ranker, YouTube: ranker.youTube},
		OptOut: lite.OptOutOptions{OptOuts: eraser, Controller: cfg.Privacy.Controller, Contact: cfg.Privacy.Contact},
		Hosts:  door.hosts, Logger: log, Version: buildVersion().Version, Now: a.now,
		MetricsToken: cfg.Server.MetricsToken.Reveal(),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Server.Address)
	if err != nil {
		return adalid.Wrapf(adalid.Unavailable, err, "cannot listen on %s: %v; is another adalid running? --address 127.0.0.1:0 takes any free port", cfg.Server.Address, errors.Unwrap(err))
	}
	if err := a.sayWhoGetsIn(ctx, door, listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	fmt.Fprintf(a.err, "Adalid is at http://%s/  (Ctrl-C stops it)\n", listener.Addr())
	return web.Serve(ctx, listener, handler, web.ServeOptions{
		Logger: log, Read: cfg.Server.ReadTimeout, Write: cfg.Server.WriteTimeout, Stop: cfg.Server.ShutdownTimeout,
	})
}

// hostOf gives the host name of an address, none of "".
func hostOf(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	return []string{u.Hostname()}
}

// loadDemo fills an empty database with an invented brand.
func (a *app) loadDemo(ctx context.Context, s *store.Store) error {
	brands, err := s.Brands(ctx)
	if err != nil {
		return err
	}
	if len(brands) > 0 {
		whole, err := a.demoLoaded(ctx, s, brands)
		if err != nil || whole {
			return err
		}
	}
	if err := a.invent(ctx, s); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "Loaded the invented brand %q: nobody in it exists. Add yours: adalid import --brand \"My brand\" export.csv\n", demo.Brand)
	return nil
}

// invent loads the invented brand.
func (a *app) invent(ctx context.Context, s *store.Store) error {
	world, err := demo.Invent(demo.Options{Seed: demoSeed, Until: a.now().UTC()})
	if err != nil {
		return err
	}
	if err := s.CreateBrand(ctx, world.Brand); err != nil {
		return err
	}
	learned, err := newLearner(s)
	if err != nil {
		return err
	}
	_, err = runImport(ctx, s, a.now, scan.Job{
		Brand: world.Brand.Name, Matching: scan.MatchAll,
		Collector: invented(world.Mentions), Store: s, Sentiment: learned.model, Learner: learned,
	})
	if err != nil {
		return fmt.Errorf("load the invented brand: %w", err)
	}
	return a.judged(ctx, s, world.Brand.Name)
}

// demoLoaded tells whether there is anything to keep. An invented brand whose
// loading was cut short is removed, to be loaded anew.
func (a *app) demoLoaded(ctx context.Context, s *store.Store, brands []adalid.Brand) (bool, error) {
	if len(brands) != 1 || !brands[0].Demo {
		return true, nil
	}
	whole, err := loadedWhole(ctx, s, brands[0], a.now())
	if adalid.CodeOf(err) == adalid.Conflict {
		return true, nil // a live scan goes on and brings it to its end
	}
	return whole, err
}

const demoSeed = 1
