package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/file"
	"adalid/internal/scan"
	"adalid/web/api"
)

func (u *uploads) work() {
	for {
		select {
		case <-u.ctx.Done():
			return
		case id := <-u.queue:
			u.importOne(id)
		}
	}
}

func (u *uploads) importOne(id string) {
	u.mu.Lock()
	one := u.known[id]
	u.mu.Unlock()
	if one == nil || !u.importClaimed(one) {
		return
	}
	if err := os.Remove(u.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		u.log.Warn("an uploaded file could not be removed", "import", id, "error", err)
	}
	u.prune()
}

// importClaimed imports an upload, unless another server does, and notes its
// end; false when the file is still needed or not ours.
func (u *uploads) importClaimed(one *upload) bool {
	release, mine := u.claim(one)
	if !mine {
		return false
	}
	defer release()
	id, err := one.Status.ID, u.run(one)
	if errors.Is(err, context.Canceled) {
		return false // the next start of a server continues it
	}
	u.mu.Lock()
	one.Status.State, one.Status.Finished = api.ImportDone, u.now().UTC()
	if err != nil {
		level := slog.LevelError
		if adalid.CodeOf(err) == adalid.Invalid { // a file that cannot be used is nobody's alarm
			level = slog.LevelInfo
		}
		one.Status.State, one.Status.Error = api.ImportFailed, one.named(cmp.Or(messages(err), "internal error; the server's log tells more"))
		u.log.Log(u.ctx, level, "import of an upload failed", "import", id, "error", err)
	}
	u.mu.Unlock()
	if err := u.note(one); err != nil {
		u.log.Error("the end of an import could not be noted; it will run again", "import", id, "error", err)
		return false
	}
	return true
}

// named says a sentence about the file under the name its owner gave it.
func (one *upload) named(text string) string {
	return strings.ReplaceAll(text, one.Status.ID+".data", cmp.Or(one.Status.Name, "the upload"))
}

// claim takes an upload for this process; false when another server has it or
// has finished it. release gives it back.
func (u *uploads) claim(one *upload) (release func(), mine bool) {
	release = func() {}
	f, err := os.Open(u.path(one.Status.ID))
	if err == nil { // else the import says what is wrong, unless its end was reached elsewhere
		release = func() { _ = f.Close() } // only read from
		free, err := lock(f)
		if err != nil {
			u.log.Warn("an upload could not be locked; another server could import it too", "import", one.Status.ID, "error", err)
		} else if !free {
			release()
			return nil, false
		}
	}
	if noted, err := u.noted(one.Status.ID); err == nil { // another server may have been at it
		u.mu.Lock()
		one.Status = noted.Status
		u.mu.Unlock()
	}
	if one.Status.State != api.ImportRunning {
		release()
		return nil, false
	}
	return release, true
}

// noted reads the note about an upload.
func (u *uploads) noted(id string) (*upload, error) {
	raw, err := os.ReadFile(filepath.Join(u.dir, id+".json"))
	if err != nil {
		return nil, fmt.Errorf("read upload note: %w", err)
	}
	var one upload
	if err := json.Unmarshal(raw, &one); err != nil {
		return nil, fmt.Errorf("read upload note: %w", err)
	}
	return &one, nil
}

func (u *uploads) fileOptions(o api.ImportOptions, path string) (file.Options, error) {
	f := importFlags{
		format: cmp.Or(o.Format, "auto"), maps: o.Map, platform: o.Platform,
		dateOrder: o.DateOrder, zone: o.Timezone, year: o.Year,
	}
	return f.options(u.cfg, []string{path}, nil, u.now)
}

func (u *uploads) run(one *upload) (err error) {
	if _, err := u.store.Brand(u.ctx, one.Status.Brand); err != nil {
		return err // removed since: an import must not bring it back
	}
	options, err := u.fileOptions(one.Options, u.path(one.Status.ID))
	if err != nil {
		return err
	}
	job, err := openFiles(options, scan.Matching(cmp.Or(one.Options.Match, string(scan.MatchAll))))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, job.close()) }()
	learned, err := newLearner(u.store)
	if err != nil {
		return err
	}
	job.Brand, job.Store, job.Sentiment, job.Learner = one.Status.Brand, u.store, learned.model, learned
	job.OnProgress = func(r scan.Report) { u.progress(one, r) }
	job.OnReject = func(x collectors.Reject) error {
		u.mu.Lock()
		defer u.mu.Unlock()
		if rejects := &one.Status.Rejects; len(*rejects) < uploadRejects {
			*rejects = append(slices.Clip(*rejects), api.RejectedRow{Row: x.Row, Field: x.Field, Column: x.Column, Reason: one.named(x.Reason)})
		}
		return nil
	}
	_, err = runImport(u.ctx, u.store, u.now, job.Job)
	return err
}

// progress notes on disk what a page brought and then shows it, so that a
// restart counts on from there.
func (u *uploads) progress(one *upload, r scan.Report) {
	next := *one
	s, t := &next.Status, r.Total()
	s.Rows, s.Rejected, s.Unmatched = t.Rows, t.Rejected, t.Unmatched
	s.New, s.Changed, s.Repeated = t.Saved.New, t.Saved.Changed, t.Saved.Repeated
	s.Suppressed = t.Saved.Suppressed
	s.Read, s.Size = r.Read, r.Size
	s.Notices = nil
	for _, n := range t.Notices {
		s.Notices = append(s.Notices, api.ImportNotice{Code: string(n.Code), Count: n.Count, Examples: n.Examples})
	}
	for i := range s.Notices {
		s.Notices[i].Examples = slices.Clone(s.Notices[i].Examples)
		for j, text := range s.Notices[i].Examples {
			s.Notices[i].Examples[j] = one.named(text)
		}
	}
	if err := u.note(&next); err != nil {
		u.log.Warn("the progress of an import could not be noted", "import", s.ID, "error", err)
	}
	u.mu.Lock()
	one.Status = next.Status
	u.mu.Unlock()
}
