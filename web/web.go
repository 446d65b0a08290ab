// Package web serves everything that speaks HTTP: the API, the page under
// /lite, the app where it was built, and the metrics.
package web

import (
	"crypto/subtle"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"adalid/web/api"
	"adalid/web/lite"
)

// Options are what the server needs. Logger, Version and Now also go to API
// and Lite where those leave them out.
type Options struct {
	API          api.Options
	Lite         lite.Options
	OptOut       lite.OptOutOptions   // without OptOuts there is no such page
	Hosts        []string             // host names served besides loopback
	Logger       *slog.Logger         // nil: no log
	Metrics      *prometheus.Registry // nil: one of its own
	Version      string               // of the program
	MetricsToken string               // what /metrics asks for as a bearer token; "": somebody who may see every brand
	Now          func() time.Time     // nil: time.Now
	UI           fs.FS                // the built app; nil: the embedded one; without index.html at its top it counts as not built
}

// New makes the handler of everything.
func New(o Options) (http.Handler, error) {
	return build(o, pageRules(o), func(*gin.Engine) {})
}

// build is New with other rules and routes; more adds these.
func build(o Options, rules map[string]api.Rule, more func(*gin.Engine)) (http.Handler, error) {
	o = o.complete()
	o.API.Pages = rules
	if o.Lite.Accounts != nil {
		o.API.SignInPage = lite.SignInPage
	}
	e, err := api.NewEngine(api.EngineOptions{Hosts: o.Hosts, Logger: o.Logger, Metrics: o.Metrics, Now: o.Now})
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	description, err := api.Mount(e, o.API)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if o.API.Figures != nil {
		if err := o.Metrics.Register(api.NewScanMeter(o.API.Figures, o.Now)); err != nil {
			return nil, fmt.Errorf("web: register metrics: %w", err)
		}
	}
	page, err := lite.New(o.Lite)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	for _, p := range lite.Paths {
		e.GET(p, gin.WrapH(page))
	}
	for _, p := range lite.Posts {
		e.POST(p, gin.WrapH(page))
	}
	if o.OptOut.OptOuts != nil {
		objection, err := lite.NewOptOut(o.OptOut)
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		e.GET(lite.OptOutPath, gin.WrapH(objection))
		e.POST(lite.OptOutPath, gin.WrapH(objection))
	}
	e.GET("/metrics", guard(o.MetricsToken), gin.WrapH(promhttp.HandlerFor(o.Metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})))
	more(e)
	if err := api.CheckRoutes(e, description, rules); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	e.NoRoute(app(o.UI))
	h, err := gzipped(e)
	if err != nil {
		return nil, err
	}
	return answerHead(h), nil
}

// guard asks for a bearer token, compared in constant time.
func guard(token string) gin.HandlerFunc {
	want := []byte("Bearer " + token)
	return func(c *gin.Context) {
		if token != "" && subtle.ConstantTimeCompare([]byte(c.GetHeader("Authorization")), want) != 1 {
			c.Header("WWW-Authenticate", "Bearer")
			api.Refuse(c, http.StatusUnauthorized, "This address asks for a bearer token.")
		}
	}
}

func (o Options) complete() Options {
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
		o.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	if o.UI == nil {
		o.UI = built()
	}
	o.UI = whole(o.UI)
	if o.API.Version == "" {
		o.API.Version = o.Version
	}
	if o.API.Now == nil {
		o.API.Now = o.Now
	}
	if o.Lite.Logger == nil {
		o.Lite.Logger = o.Logger
	}
	if o.OptOut.Logger == nil {
		o.OptOut.Logger = o.Logger
	}
	if o.OptOut.Now == nil {
		o.OptOut.Now = o.Now
	}
	return o
}

// answerHead answers HEAD as GET without the body, which net/http leaves out.
func answerHead(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(api.ForHead(r.Context())) // a copy: the server looks at its own to see that it was HEAD
			r.Method = http.MethodGet
		}
		h.ServeHTTP(w, r)
	})
}

// app answers what no route does: files of the app, its index for its own
// addresses, and without an app the way to /lite.
func app(ui fs.FS) gin.HandlerFunc {
	return func(c *gin.Context) {
		name := strings.TrimPrefix(path.Clean("/"+c.Request.URL.Path), "/")
		switch {
		case c.Request.Method != http.MethodGet, under(name, "api"), under(name, "lite"), under(name, "metrics"):
			api.Refuse(c, http.StatusNotFound, "There is nothing at this address.")
		case ui == nil:
			c.Header("Location", lite.Prefix)
			c.Data(http.StatusFound, "text/plain; charset=utf-8", []byte("This build has no web app: run make ui with Node installed. The page at "+lite.Prefix+" needs none.\n"))
		default:
			serveApp(c, ui, name)
		}
	}
}

func under(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func serveApp(c *gin.Context, ui fs.FS, name string) {
	asset := under(name, "assets")
	if info, err := fs.Stat(ui, name); err != nil || info.IsDir() {
		if asset {
			api.Refuse(c, http.StatusNotFound, "There is no such file.")
			return
		}
		name = "index.html"
	}
	if asset {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Header("Cache-Control", "no-cache")
	}
	c.Status(http.StatusOK) // gin began with 404
	stored := name
	if asset {
		c.Header("Vary", "Accept-Encoding")
		stored = compressed(c, ui, name)
	}
	body, err := fs.ReadFile(ui, stored)
	if err != nil {
		api.WriteProblem(c, api.ProblemOf(err), err)
		return
	}
	c.Data(http.StatusOK, contentType(name), body)
}

// compressed gives the name of the file to send for name: the one that the
// build compressed, where there is one and the client takes it.
func compressed(c *gin.Context, ui fs.FS, name string) string {
	takes := c.GetHeader("Accept-Encoding")
	for _, e := range []struct{ coding, ending string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(takes, e.coding) {
			continue
		}
		if _, err := fs.Stat(ui, name+e.ending); err == nil {
			c.Header("Content-Encoding", e.coding)
			return name + e.ending
		}
	}
	return name
}

// accepts says whether an Accept-Encoding header names the coding without
// refusing it (RFC 9110, 12.5.3).
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, rest, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.TrimSpace(rest)
			return !strings.HasPrefix(q, "q=0") || strings.Trim(q[3:], ".0") != ""
		}
	}
	return false
}
