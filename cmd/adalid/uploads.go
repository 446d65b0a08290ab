package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/config"
	"adalid/internal/store"
	"adalid/web/api"
)

// uploads imports what clients upload: the file and a note about it lie in a
// folder of the data directory until the import is done, so a restart
// continues what was cut short. Imports run one after the other. Of several
// servers on one folder the one that locked the file imports it; the others
// read its note.
type uploads struct {
	dir    string
	cfg    *config.Config
	store  *store.Store
	now    func() time.Time
	log    *slog.Logger
	ctx    context.Context // of the server, not of a request
	queue  chan string
	worker sync.WaitGroup

	mu    sync.Mutex
	known map[string]*upload
}

// upload is one uploaded file and its import, as kept on disk.
type upload struct {
	Status  api.ImportStatus  `json:"status"`
	Options api.ImportOptions `json:"options"`
}

const (
	uploadsKept    = 200 // notes about finished imports
	uploadsWaiting = 64
	uploadRejects  = 10 // rejected rows that are shown

	uploadsAbandoned = 24 * time.Hour // after the last byte of an upload without a note
)

func uploadsIn(dir string) string { return filepath.Join(dir, "uploads") }

func (a *app) newUploads(ctx context.Context, cfg *config.Config, s *store.Store, log *slog.Logger) (*uploads, error) {
	u := &uploads{
		dir: uploadsIn(cfg.Data.Dir), cfg: cfg, store: s, now: a.now, log: log,
		ctx: ctx, known: map[string]*upload{},
	}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, adalid.Wrapf(adalid.Unavailable, err, "cannot create the folder for uploads %s: %v", u.dir, err)
	}
	if err := u.load(); err != nil {
		return nil, err
	}
	u.worker.Go(u.work)
	return u, nil
}

// load reads the notes of earlier runs and queues what was not finished.
func (u *uploads) load() error {
	notes, err := filepath.Glob(filepath.Join(u.dir, "*.json"))
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	var open []*upload
	for _, path := range notes {
		one, err := u.noted(strings.TrimSuffix(filepath.Base(path), ".json"))
		if err != nil || one.Status.ID == "" {
			u.log.Warn("a note about an upload cannot be read; it is left alone", "file", filepath.Base(path), "error", err)
			continue
		}
		u.known[one.Status.ID] = one
		if one.Status.State == api.ImportRunning {
			open = append(open, one)
		}
	}
	slices.SortFunc(open, func(x, y *upload) int { return newestFirst(y.Status, x.Status) })
	u.queue = make(chan string, max(len(open), uploadsWaiting))
	for _, one := range open {
		u.queue <- one.Status.ID
	}
	return u.sweep()
}

// sweep removes what uploads left that were cut off before they had arrived.
// Young files may still be arriving at another process.
func (u *uploads) sweep() error {
	files, err := os.ReadDir(u.dir)
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	for _, f := range files {
		id, data := strings.CutSuffix(f.Name(), ".data")
		if !data && !strings.HasSuffix(f.Name(), ".new") || u.known[id] != nil {
			continue
		}
		if info, err := f.Info(); err != nil || u.now().Sub(info.ModTime()) < uploadsAbandoned {
			continue
		}
		if err := os.Remove(filepath.Join(u.dir, f.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			u.log.Warn("a file of an upload that was cut off could not be removed", "file", f.Name(), "error", err)
		}
	}
	return nil
}

// wait returns once the worker has stopped; the server's context ends it.
func (u *uploads) wait() { u.worker.Wait() }

// Start keeps the body and queues its import.
func (u *uploads) Start(ctx context.Context, brand, name string, body io.Reader, o api.ImportOptions) (api.ImportStatus, error) {
	b, err := u.store.Brand(ctx, brand)
	if err != nil {
		return api.ImportStatus{}, err
	}
	if _, err := u.fileOptions(o, ""); err != nil {
		return api.ImportStatus{}, err
	}
	id := strings.ToLower(rand.Text())
	one := &upload{Options: o, Status: api.ImportStatus{ID: id, Brand: b.Name, Name: name, State: api.ImportRunning, Started: u.now().UTC()}}
	if err := u.keep(id, body); err != nil {
		return api.ImportStatus{}, err
	}
	if err := u.note(one); err != nil {
		return api.ImportStatus{}, errors.Join(err, os.Remove(u.path(id)))
	}
	u.mu.Lock()
	u.known[id] = one
	status := one.Status
	u.mu.Unlock()
	select {
	case u.queue <- id:
		return status, nil
	default:
		u.forget(id)
		return api.ImportStatus{}, adalid.Errorf(adalid.RateLimited, "%d imports are waiting already; try again when some are done", uploadsWaiting)
	}
}

func (u *uploads) path(id string) string { return filepath.Join(u.dir, id+".data") }

func (u *uploads) keep(id string, body io.Reader) (err error) {
	f, err := os.OpenFile(u.path(id), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return adalid.Wrapf(adalid.Unavailable, err, "the upload cannot be kept; is the disk full?")
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(u.path(id)))
		}
	}()
	if _, err := io.Copy(f, body); err != nil {
		if adalid.CodeOf(err) != "" {
			return err
		}
		var pathErr *os.PathError
		if errors.As(err, &pathErr) {
			return adalid.Wrapf(adalid.Unavailable, err, "the upload cannot be kept; is the disk full?")
		}
		return adalid.Wrapf(adalid.Invalid, err, "the upload ended before its end or is larger than allowed")
	}
	return f.Sync()
}

// note writes what is known about an upload, whole or not at all.
func (u *uploads) note(one *upload) error {
	u.mu.Lock()
	raw, err := json.Marshal(one)
	u.mu.Unlock()
	if err != nil {
		return fmt.Errorf("encode upload note: %w", err)
	}
	text, err := u.store.Redacted(context.WithoutCancel(u.ctx), one.Status.Brand, string(raw))
	if err != nil {
		return err
	}
	path := filepath.Join(u.dir, one.Status.ID+".json")
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return adalid.Wrapf(adalid.Unavailable, err, "the upload cannot be kept; is the disk full?")
	}
	return os.Rename(path+".new", path)
}

// reread takes over what the notes say by now of imports that have ended.
func (u *uploads) reread() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, one := range u.known {
		if one.Status.State == api.ImportRunning {
			continue
		}
		if noted, err := u.noted(id); err == nil {
			one.Status = noted.Status
		}
	}
}

func (u *uploads) forget(id string) {
	u.mu.Lock()
	delete(u.known, id)
	u.mu.Unlock()
	_ = os.Remove(u.path(id)) // gone already is fine
	_ = os.Remove(filepath.Join(u.dir, id+".json"))
}

// Status tells how far one import is.
func (u *uploads) Status(_ context.Context, brand, id string) (api.ImportStatus, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	one, ok := u.known[id]
	if !ok || !strings.EqualFold(one.Status.Brand, brand) {
		return api.ImportStatus{}, adalid.Errorf(adalid.NotFound, "there is no import %q of this brand", id)
	}
	return u.status(one), nil
}

// List gives a brand's imports, newest first.
func (u *uploads) List(_ context.Context, brand string) ([]api.ImportStatus, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []api.ImportStatus
	for _, one := range u.known {
		if strings.EqualFold(one.Status.Brand, brand) {
			out = append(out, u.status(one))
		}
	}
	slices.SortFunc(out, newestFirst)
	return out, nil
}

func newestFirst(x, y api.ImportStatus) int {
	return cmp.Or(y.Started.Compare(x.Started), cmp.Compare(x.ID, y.ID))
}

// status is how far an import is: of a running one what its note says, for
// another server could be at it.
func (u *uploads) status(one *upload) api.ImportStatus {
	if one.Status.State == api.ImportRunning {
		if noted, err := u.noted(one.Status.ID); err == nil {
			return noted.Status
		}
	}
	return one.Status
}

// prune drops the oldest notes about finished imports.
func (u *uploads) prune() {
	u.mu.Lock()
	var done []api.ImportStatus
	for _, one := range u.known {
		if one.Status.State != api.ImportRunning {
			done = append(done, one.Status)
		}
	}
	u.mu.Unlock()
	slices.SortFunc(done, newestFirst)
	for _, s := range done[min(len(done), uploadsKept):] {
		u.forget(s.ID)
	}
}
