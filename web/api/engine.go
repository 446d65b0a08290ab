package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// EngineOptions are what NewEngine needs.
type EngineOptions struct {
	Hosts   []string              // host names served besides loopback, without port
	Logger  *slog.Logger          // nil: no log
	Metrics prometheus.Registerer // nil: no metrics
	Now     func() time.Time      // nil: time.Now
	Timeout time.Duration         // for one answer, uploads excepted; 0: 30 s
}

// NewEngine makes the gin engine that everything is served on. Each answer of
// it, refusals and panics included, has a request id and security headers, is
// logged and counted; each failure is a Problem.
func NewEngine(o EngineOptions) (*gin.Engine, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	meter, err := newMeter(o.Metrics)
	if err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes to stdout
	e := gin.New()
	e.RedirectTrailingSlash = false
	e.HandleMethodNotAllowed = true
	e.UseEscapedPath = true // a brand's name may contain a slash
	e.UnescapePathValues = false
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("api: trusted proxies: %w", err)
	}
	e.Use(identify, observe(o, meter), recoverer(o.Logger), checkHost(o.Hosts), checkOrigin(), checkAddress, deadline(o.Timeout))
	e.NoRoute(func(c *gin.Context) { Refuse(c, http.StatusNotFound, "There is nothing at this address.") })
	e.NoMethod(refuseMethod)
	return e, nil
}

// refuseMethod names the methods that work: those of the routes, and HEAD,
// which the server answers as GET.
func refuseMethod(c *gin.Context) {
	allow := c.Writer.Header().Get("Allow")
	if methods := strings.Split(allow, ", "); slices.Contains(methods, http.MethodGet) && !slices.Contains(methods, http.MethodHead) {
		c.Header("Allow", allow+", "+http.MethodHead)
	}
	Refuse(c, http.StatusMethodNotAllowed, "This address does not take that method; Allow names those it takes.")
}

var requestID = regexp.MustCompile(`^[A-Za-z0-9_.-]{8,64}$`)

// identify sets what every answer carries.
func identify(c *gin.Context) {
	id := c.GetHeader(RequestIDHeader)
	if !requestID.MatchString(id) {
		id = rand.Text()
	}
	h := c.Writer.Header()
	h.Set(RequestIDHeader, id)
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache") // files of the app say otherwise
}

// meter counts answers.
type meter struct {
	answers  *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMeter(r prometheus.Registerer) (*meter, error) {
	m := &meter{
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "adalid_http_requests_total", Help: "Answered requests.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "adalid_http_request_duration_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "adalid_http_requests_in_flight", Help: "Requests being answered now.",
		}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.answers, m.seconds, m.inFlight} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("api: register metrics: %w", err)
		}
	}
	return m, nil
}

// observe logs and counts answers. Both name the route, never the address:
// addresses carry what people searched for, and labels must stay few.
func observe(o EngineOptions, m *meter) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := o.Now()
		m.inFlight.Inc()
		defer func() {
			m.inFlight.Dec()
			took := o.Now().Sub(start)
			method, route, status := methodLabel(c.Request.Method), c.FullPath(), c.Writer.Status()
			if route == "" {
				route = "none"
			}
			m.answers.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
			m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
			level, attrs := slog.LevelInfo, []slog.Attr{
				slog.String("method", method), slog.String("route", route), slog.Int("status", status),
				slog.Int("bytes", max(c.Writer.Size(), 0)), slog.Duration("took", took),
				slog.String("request_id", c.Writer.Header().Get(RequestIDHeader)), slog.String("remote", c.RemoteIP()),
			}
			if err := c.Errors.Last(); err != nil {
				attrs = append(attrs, slog.String("error", err.Error()))
			}
			if status >= 500 {
				level = slog.LevelError
			}
			o.Logger.LogAttrs(context.WithoutCancel(c.Request.Context()), level, "request", attrs...)
		}()
		c.Next()
	}
}

func methodLabel(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// recoverer answers panics. An answer that has begun cannot be taken back: the
// connection is cut so that nobody mistakes it for a whole one.
func recoverer(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			r := recover()
			if r == nil {
				return
			}
			if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(r)
			}
			ctx := c.Request.Context()
			if ctx.Err() == nil {
				log.ErrorContext(ctx, "panic", "value", fmt.Sprint(r), "route", c.FullPath(),
					"request_id", c.Writer.Header().Get(RequestIDHeader), "stack", string(debug.Stack()))
			}
			if c.Writer.Written() {
				panic(http.ErrAbortHandler)
			}
			cause := fmt.Errorf("panic: %v", r)
			WriteProblem(c, ProblemOf(cause), cause)
		}()
		c.Next()
	}
}

// checkHost refuses requests for host names that are not ours, so that a page
// elsewhere cannot reach a local server by letting its own name point here.
func checkHost(hosts []string) gin.HandlerFunc {
	ours := map[string]bool{"localhost": true}
	for _, h := range hosts {
		ours[hostname(h)] = true
	}
	return func(c *gin.Context) {
		host := hostname(c.Request.Host)
		if ip := net.ParseIP(host); ours[host] || ip != nil && ip.IsLoopback() {
			return
		}
		Refuse(c, http.StatusMisdirectedRequest, "This server does not answer for that host name. Add the name to the configured hosts if it should.")
	}
}

// hostname gives the name or address of a Host header in its plain form.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// checkOrigin refuses changes that another site's page asks a browser to make.
func checkOrigin() gin.HandlerFunc {
	guard := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if guard.Check(c.Request) != nil {
			Refuse(c, http.StatusForbidden, "Pages of other sites may not change anything here.")
		}
	}
}

const (
	maxAddress    = 32 << 10 // bytes of path and query
	maxParameters = 200      // of a query
)

// checkAddress bounds what has to be taken apart before anything is known of a
// request.
func checkAddress(c *gin.Context) {
	if len(c.Request.URL.EscapedPath())+len(c.Request.URL.RawQuery) > maxAddress || strings.Count(c.Request.URL.RawQuery, "&") >= maxParameters {
		Refuse(c, http.StatusRequestURITooLong, "The address is too long, or has too many parameters.")
	}
}

func deadline(d time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		if isUpload(c) || isLong(c) || isExport(c) {
			return // bounded by its own progress, or by what it waits for
		}
		ctx, cancel := context.WithTimeout(c.Request.Context(), d)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
		c.Next()
	}
}
