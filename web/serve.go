package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"path"
	"time"
)

// How long the server waits for slow clients and, when it stops, for answers
// on their way.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 120 * time.Second
	maxHeader     = 64 << 10
)

// Exposed tells whether others than this computer can reach an address to listen
// on.
func Exposed(addr string) (bool, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false, fmt.Errorf("the address %q is not of the form host:port, such as 127.0.0.1:8080", addr)
	}
	ip := net.ParseIP(host)
	return host != "localhost" && !(ip != nil && ip.IsLoopback()), nil
}

// ServeOptions bound how long clients may take; zero is the default.
type ServeOptions struct {
	Logger *slog.Logger  // nil: no log
	Read   time.Duration // for a request; 0: 30 s; uploads move it while they keep coming
	Write  time.Duration // for an answer, from the end of the request's headers; 0: 60 s
	Stop   time.Duration // for requests under way when the server stops; 0: 12 s
}

// Serve answers on l until ctx ends. Then it takes no new requests, answers
// those it has, for at most o.Stop, and returns; requests cut off are an
// error. It closes l.
func Serve(ctx context.Context, l net.Listener, h http.Handler, o ServeOptions) error {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	patience := cmp.Or(o.Stop, 12*time.Second)
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: cmp.Or(o.Read, 30*time.Second), WriteTimeout: cmp.Or(o.Write, time.Minute),
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Serve(l) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("web: serve: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := s.Shutdown(wait)
	if err != nil {
		err = fmt.Errorf("web: requests were cut off after %s: %w", patience, errors.Join(err, s.Close()))
	}
	<-stopped
	return err
}

// contentType goes by the name's ending; the system's own table is not asked,
// so that every machine answers the same.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	case ".map":
		return "application/json"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}
