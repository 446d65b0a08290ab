package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/privacy"
	"adalid/internal/store"
	"adalid/web/api"
)

// eraser erases people, for the terminal, the API and the opt-out page: from the
// database and what lies beside it, from what was learned, from notes about
// uploads and from the memory of this process.
type eraser struct {
	store   *store.Store
	uploads string // folder of the notes
	learned *learner
	key     func() ([]byte, error) // signs links
	log     *slog.Logger

	ctx    context.Context // of the server, for what goes on after an answer
	work   sync.WaitGroup
	one    sync.Mutex // one erasure at a time
	mu     sync.Mutex // guards what follows
	forget []func()   // drop what is in memory
	seen   [2]int64   // entries when that was done last, see store.Suppressions

	objecting map[string]bool // accounts that are being erased by their link
}

func newEraser(ctx context.Context, s *store.Store, v *vault, learned *learner, log *slog.Logger) *eraser {
	return &eraser{ctx: ctx, store: s, uploads: uploadsIn(filepath.Dir(s.Path())), learned: learned, key: v.optOut, log: log, objecting: map[string]bool{}}
}

// OnErased adds something that is called after an erasure, by whichever process.
func (e *eraser) OnErased(forget func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forget = append(e.forget, forget)
}

// erase does all of it.
func (e *eraser) erase(ctx context.Context, order store.Erasure) (store.Erased, error) {
	e.one.Lock()
	defer e.one.Unlock()
	out, err := e.store.Erase(ctx, order)
	if err == nil {
		err = e.relearn(ctx, out)
	}
	err = errors.Join(err, redactNotes(ctx, e.store, e.uploads))
	e.drop()
	return out, err
}

// relearn fits models anew from the judgements that are left.
func (e *eraser) relearn(ctx context.Context, out store.Erased) error {
	for _, b := range out.Brands {
		stored, err := e.store.Lessons(ctx, b.Brand)
		if err != nil {
			return err
		}
		if stored.Kind(store.LearnedSentiment) != nil {
			if _, err := e.learned.refit(ctx, b.Brand); err != nil {
				return err
			}
		}
		if stored.Kind(store.LearnedRelevance) != nil {
			if _, err := e.learned.refitRelevance(ctx, b.Brand, nil); err != nil {
				return err
			}
		}
		if _, err := e.learned.apply(ctx, b.Brand); err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) drop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range e.forget {
		f()
	}
}

// erasedLook is how often the server looks whether another process has erased
// somebody.
const erasedLook = time.Second

// watch drops what is in memory when another process erases somebody, and again
// when it is done.
func (e *eraser) watch() {
	all, due, err := e.store.Suppressions(e.ctx)
	now := [2]int64{all, due}
	e.mu.Lock()
	before := e.seen
	e.mu.Unlock()
	if err == nil && now != before {
		if err = redactNotes(e.ctx, e.store, e.uploads); err == nil { // this process knows notes too
			e.mu.Lock()
			e.seen = now
			e.mu.Unlock()
		}
		e.drop()
	}
	if err != nil && e.ctx.Err() == nil {
		e.log.Warn("it could not be seen whether somebody was erased", "error", err)
	}
}

// keep starts the watch; it works until the server's context ends.
func (e *eraser) keep() { e.work.Go(func() { every(e.ctx, erasedLook, e.watch) }) }

func (e *eraser) wait() { e.work.Wait() }

// erasing is an erasure under way.
type erasing struct {
	out store.Erased
	err error
}

// begin erases without anybody having to wait for it.
func (e *eraser) begin(order store.Erasure) <-chan erasing {
	done := make(chan erasing, 1)
	e.work.Go(func() {
		out, err := e.erase(e.ctx, order)
		if err != nil && e.ctx.Err() == nil && adalid.CodeOf(err) != adalid.NotFound {
			e.log.Error("an erasure did not end; it goes on with the next start or erasure", "error", err)
		}
		done <- erasing{out, err}
	})
	return done
}

// erasePatience is how long an answer of the API waits for an erasure.
const erasePatience = 20 * time.Second

// Erase implements api.Privacy.
func (e *eraser) Erase(ctx context.Context, brand, person string) (api.Erasure, error) {
	select {
	case end := <-e.begin(store.Erasure{Brand: brand, Person: person}):
		if end.err != nil {
			return api.Erasure{}, end.err
		}
		return wireErased(end.out, true), nil
	case <-ctx.Done():
	case <-time.After(erasePatience):
	}
	return api.Erasure{}, nil // it goes on
}

// wireErased gives what an erasure did as the API and --json show it.
func wireErased(out store.Erased, done bool) api.Erasure {
	r := api.Erasure{
		Done: done, Suppressed: out.Suppressed, RemovedFiles: append([]string{}, out.Copies...),
		Accounts: wireErasedAccounts(out.Accounts), Namesakes: wireErasedAccounts(out.Namesakes),
		Brands: []api.ErasedBrand{}, Texts: []api.ErasedTexts{},
	}
	for _, b := range out.Brands {
		r.Brands = append(r.Brands, api.ErasedBrand{Brand: b.Brand, Accounts: b.Accounts, Mentions: b.Mentions, Rewritten: b.Rewritten})
	}
	for _, t := range out.Texts {
		r.Texts = append(r.Texts, api.ErasedTexts{Table: t.Table, Rows: t.Rows})
	}
	return r
}

func wireErasedAccounts(list []store.ErasedAccount) []api.ErasedAccount {
	out := []api.ErasedAccount{}
	for _, a := range list {
		out = append(out, api.ErasedAccount{Brand: a.Brand, Platform: string(a.Platform), ID: a.ID})
	}
	return out
}

// Link gives the address of the opt-out page for a person.
func (e *eraser) link(ctx context.Context, base, brand, person string) (string, error) {
	l, err := e.store.OptOutOf(ctx, brand, person)
	if err != nil {
		return "", err
	}
	key, err := e.key()
	if err != nil {
		return "", err
	}
	return base + "/lite/opt-out?t=" + privacy.Sign(key, l), nil
}

// Valid implements lite.OptOuts.
func (e *eraser) Valid(token string) bool {
	key, err := e.key()
	if err != nil {
		return false
	}
	_, ok := privacy.Verify(key, token)
	return ok
}

// OptOut implements lite.OptOuts: it answers at once, and the same whether
// anything is stored or not. Who was erased already, or is being erased, costs
// nothing more.
func (e *eraser) OptOut(token string) error {
	key, err := e.key()
	if err != nil {
		return err
	}
	l, ok := privacy.Verify(key, token)
	if !ok {
		return adalid.Errorf(adalid.NotFound, "this link is not valid")
	}
	if !e.enter(l.Account) {
		return nil // it is being done
	}
	if done, err := e.store.ErasedEverywhere(e.ctx, l.Account); err != nil || done {
		e.leave(l.Account)
		return err
	}
	end := e.begin(store.Erasure{Person: l.Account})
	e.work.Go(func() {
		defer e.leave(l.Account)
		e.record(l.Account, (<-end).err)
	})
	return nil
}

// enter tells whether nobody erases the account yet by their link, who then does.
func (e *eraser) enter(account string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.objecting[account] {
		return false
	}
	e.objecting[account] = true
	return true
}

func (e *eraser) leave(account string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.objecting, account)
}

// recordWithin is how long an entry of the audit log may take when the server
// stops meanwhile.
const recordWithin = 10 * time.Second

// record writes down how an objection ended; of who objected only the id, which
// tells nobody anything without what was erased.
func (e *eraser) record(person string, did error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), recordWithin)
	defer cancel()
	entry := account.Entry{Kind: account.Subject, Action: "opt-out", Object: person, Outcome: outcome(did)}
	if err := e.store.AppendAudit(ctx, entry); err != nil {
		e.log.Error("an objection is not in the audit log", "error", err)
	}
}

// redactNotes takes people who were erased out of the notes about uploads.
func redactNotes(ctx context.Context, s *store.Store, dir string) error {
	notes, err := filepath.Glob(filepath.Join(dir, "*.json"))
	for _, path := range notes {
		raw, readErr := os.ReadFile(path)
		if readErr != nil {
			continue // removed meanwhile
		}
		text, redactErr := s.Redacted(ctx, "", string(raw))
		if redactErr != nil {
			return redactErr
		}
		if text != string(raw) {
			err = errors.Join(err, os.WriteFile(path+".redacted.new", []byte(text), 0o600), os.Rename(path+".redacted.new", path))
		}
	}
	return err
}
