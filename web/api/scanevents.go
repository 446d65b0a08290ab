package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid/internal/scan"
)

const (
	longestWait = 10 * time.Minute // of ?wait=true
	lookAgain   = 2 * time.Second  // at a scan that another process may be running
	heartbeat   = 15 * time.Second // of a silent stream, so that proxies keep it open
	writeWithin = 30 * time.Second // a listener that takes longer is cut off
)

// isLong tells requests that bound themselves: they wait for a scan.
func isLong(c *gin.Context) bool {
	path := c.FullPath()
	return c.Request.Method == http.MethodPost && path == Prefix+"/brands/:brand/scans" ||
		c.Request.Method == http.MethodGet && path == Prefix+"/brands/:brand/scans/:id/events"
}

type headKey struct{}

// ForHead marks the context of a HEAD request that is answered as GET: nothing
// has to be waited for, because nothing of it is sent.
func ForHead(ctx context.Context) context.Context { return context.WithValue(ctx, headKey{}, true) }

func headOnly(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }

func (s *server) registerScanEvents(a huma.API, path string) {
	o := described(op(http.MethodGet, path, "watch-scan", "Follow a scan as server-sent events"),
		"The data of every event is the scan as get-scan answers it: progress at once and after every change, end when it has ended, and then the stream ends. "+
			"Changes that come faster than a listener reads are told together. After a broken connection ask again: the first event says it all.")
	o.Responses = map[string]*huma.Response{"200": {
		Description: "Events progress and end",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: "string"}}},
	}}
	register(a, o, s.watchScan)
}

func (s *server) watchScan(ctx context.Context, in *scanPath) (*huma.StreamResponse, error) {
	r, err := s.scanRecord(ctx, in.Brand, in.ID)
	if err != nil {
		return nil, err
	}
	changed, stop, err := s.Scanner.WatchScan(r.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer stop()
		c := humagin.Unwrap(hc)
		out := &stream{w: c.Writer, c: http.NewResponseController(c.Writer)}
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("Cache-Control", "private, no-cache")
		hc.SetHeader("X-Accel-Buffering", "no")
		if headOnly(hc.Context()) {
			hc.SetStatus(http.StatusOK)
			return
		}
		err := s.follow(hc.Context(), r.Brand, r.ID, changed, out)
		if err != nil && hc.Context().Err() == nil {
			_ = c.Error(err) // for the access log; the answer has begun
		}
	}}, nil
}

// follow writes what becomes of a scan until it has ended, the listener is gone
// or the server stops.
func (s *server) follow(ctx context.Context, brand string, id int64, changed <-chan struct{}, out *stream) error {
	look, beat, rights := time.NewTicker(lookAgain), time.NewTicker(heartbeat), time.NewTicker(s.lookAtRights())
	defer look.Stop()
	defer beat.Stop()
	defer rights.Stop()
	for last := false; ; {
		r, err := s.scanRecord(ctx, brand, strconv.FormatInt(id, 10))
		if err != nil {
			return err
		}
		if err := out.tell(wireScan(r), r.State != scan.Running); err != nil || r.State != scan.Running || last {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-changed:
			last = !open
		case <-look.C:
		case <-rights.C:
			if stillAllowed(ctx) != nil {
				return nil // the key was revoked, say: the stream ends, and asking again says why
			}
		case <-beat.C:
			if err := out.write([]byte(": still here\n\n")); err != nil {
				return err
			}
		}
	}
}

// waitFor returns when a scan has ended, when it has taken too long or when the
// server stops.
func (s *server) waitFor(ctx context.Context, c *gin.Context, brand string, id int64) error {
	out := &stream{w: c.Writer, c: http.NewResponseController(c.Writer)}
	if err := out.until(longestWait + writeWithin); err != nil {
		return err
	}
	changed, stop, err := s.Scanner.WatchScan(id)
	if err != nil {
		return nil // too many wait: it is answered at once, and Location tells how far it is
	}
	defer stop()
	enough, look, rights := time.NewTimer(longestWait), time.NewTicker(lookAgain), time.NewTicker(s.lookAtRights())
	defer enough.Stop()
	defer look.Stop()
	defer rights.Stop()
	for {
		r, err := s.scanRecord(ctx, brand, strconv.FormatInt(id, 10))
		if err != nil || r.State != scan.Running {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-enough.C:
			return nil
		case _, open := <-changed:
			if !open {
				return nil
			}
		case <-rights.C:
			if err := stillAllowed(ctx); err != nil {
				return err
			}
		case <-look.C:
		}
	}
}

// stream is an answer that takes longer than others may.
type stream struct {
	w    io.Writer
	c    *http.ResponseController
	told []byte // the last event
}

// until moves the limit of the answer.
func (o *stream) until(d time.Duration) error {
	return supported(o.c.SetWriteDeadline(time.Now().Add(d))) // of the connection, not of the service
}

func supported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// tell writes an event if it says anything new.
func (o *stream) tell(r Scan, ended bool) error {
	data, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("api: write an event: %w", err)
	}
	name := "progress"
	if ended {
		name = "end"
	} else if bytes.Equal(data, o.told) {
		return nil
	}
	o.told = data
	return o.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data))
}

func (o *stream) write(b []byte) error {
	if err := o.until(writeWithin); err != nil {
		return err
	}
	if _, err := o.w.Write(b); err != nil {
		return err
	}
	return supported(o.c.Flush())
}
