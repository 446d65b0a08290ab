package web

import (
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
	readTimeout   = 30 * time.Second // uploads move it while they keep coming
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	stopTimeout   = 12 * time.Second
	maxHeader     = 64 << 10
)

// CheckAddr refuses addresses that others can reach, because nobody has to
// sign in yet; noAuth is the operator's word that this is understood.
func CheckAddr(addr string, noAuth bool) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the address %q is not of the form host:port, such as 127.0.0.1:8080", addr)
	}
	if ip := net.ParseIP(host); noAuth || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("refusing to listen on %s: others could reach it, and there are no accounts yet, "+
		"so they could read and change everything; listen on 127.0.0.1, or give --no-auth-i-understand", addr)
}

// Serve answers on l until ctx ends. Then it takes no new requests, answers
// those it has, for at most 12 seconds, and returns; requests cut off are an
// error. It closes l.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	return serve(ctx, l, h, log, stopTimeout)
}

func serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger, patience time.Duration) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
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
