package rank

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/scoring"
)

// Options are what a Ranker needs.
type Options struct {
	Store    Store
	Standing Standings        // nil: nobody is judged
	Pipeline Pipelines        // nil: the team keeps nothing
	Choices  Choices          // nil: every brand is weighed as the next two say
	Now      func() time.Time // as-of of a brand without dated mentions; nil: time.Now
	HalfLife time.Duration    // after which a mention counts half; 0: 30 days
	Brands   int              // brands kept in memory, the least recently used dropped first; 0: 16
	Memory   int64            // bytes that their indexes and the answers they remember may take together, but for the index and the last answer of the one in use; 0: 1 GiB
	Dir      string           // folder of snapshots, from which large brands start at once; "": none
	Logger   *slog.Logger     // nil: silent
	Weights  scoring.Weights  // of a query that gives none, for a brand that chose none; all zero: preset balanced
	Blend    scoring.Blend    // the same; "": geometric
}

// Ranker answers who a brand's advocates are. It may be used concurrently.
type Ranker struct {
	store     Store
	standings Standings
	pipelines Pipelines
	choices   Choices
	now       func() time.Time
	halfLife  float64 // days
	brands    int
	memory    int64
	dir       string
	logger    *slog.Logger
	weights   scoring.Weights
	blend     scoring.Blend

	mu    sync.Mutex
	slots map[string]*slot // by brand, lower case
	tick  uint64
}

// slot keeps the newest index of a brand.
type slot struct {
	index *index
	size  int64 // bytes of the index and of the answers it remembers
	kept  int64 // data version of the snapshot
	used  uint64
	busy  chan struct{} // holds one token; who has it loads
}

// New makes a Ranker.
func New(o Options) *Ranker {
	r := &Ranker{
		store: o.Store, standings: o.Standing, pipelines: o.Pipeline, choices: o.Choices, now: o.Now, halfLife: o.HalfLife.Hours() / 24,
		brands: o.Brands, memory: cmp.Or(o.Memory, 1<<30), dir: o.Dir, logger: o.Logger, slots: map[string]*slot{},
		weights: o.Weights, blend: cmp.Or(o.Blend, scoring.Geometric),
	}
	if r.weights == (scoring.Weights{}) {
		r.weights, _ = scoring.Preset(scoring.Presets()[0])
	}
	if r.logger == nil {
		r.logger = slog.New(slog.DiscardHandler)
	}
	if r.now == nil {
		r.now = time.Now
	}
	if r.halfLife <= 0 {
		r.halfLife = 30
	}
	if r.brands <= 0 {
		r.brands = 16
	}
	return r
}

// Settings is a digest of the settings that an answer depends on besides its
// query and the brand's data: half-life, default weights and blend, version of
// the formula. It is the same for equal settings, in every process: 16
// hexadecimal digits.
func (r *Ranker) Settings() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %x %x %s", scoring.Version, r.halfLife, r.weights, r.blend))
	return hex.EncodeToString(sum[:8])
}

// tries is how often an answer starts again because the data changed while it
// was made. After that the last one is given: it lies between two versions, and
// whoever asks again gets the next.
const tries = 3

// Rank lists the people of a brand. What is wrong with the query, or with the
// weights or blend of the Options where it gives none, comes back as an
// adalid.Error with code Invalid; errors of the store come back wrapped, so an
// unknown brand keeps the store's code.
func (r *Ranker) Rank(ctx context.Context, brand string, q Query) (Ranking, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return Ranking{}, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return Ranking{}, fmt.Errorf("rank: %w", err)
	}
	return w.ranking(brand, q), nil
}

// complete fills in what the zero values mean for a brand, or, with "", for
// several, and refuses what makes no sense.
func (r *Ranker) complete(ctx context.Context, brand string, q Query) (Query, error) {
	q, err := r.weigh(ctx, brand, q)
	if err != nil {
		return q, err
	}
	q.Sort = cmp.Or(q.Sort, ByScore)
	if !slices.Contains(sorts, q.Sort) {
		return q, adalid.Errorf(adalid.Invalid, "a ranking cannot be sorted by %q; it can by %s", q.Sort, joined(sorts))
	}
	switch {
	case q.Safe && q.Sort != ByScore:
		return q, adalid.Errorf(adalid.Invalid, "a safe list is sorted by the score's lower end, not by %s: leave out one of them", q.Sort)
	case q.MinMentions < 0 || q.Offset < 0 || q.Limit < 0:
		return q, adalid.Errorf(adalid.Invalid, "least mentions, offset and limit are numbers from 0 up")
	case !q.Since.IsZero() && !q.Until.IsZero() && q.Until.Before(q.Since):
		return q, adalid.Errorf(adalid.Invalid, "the window ends (%s) before it begins (%s)",
			q.Until.UTC().Format(time.RFC3339), q.Since.UTC().Format(time.RFC3339))
	}
	if _, err := q.condition(); err != nil {
		return q, err
	}
	if err := q.Kept.Check(); err != nil {
		return q, err
	}
	q.MinMentions = max(q.MinMentions, 1)
	q.Platform = adalid.Platform(strings.ToLower(string(q.Platform)))
	q.Lang = primary(q.Lang)
	return q, nil
}

// sorts are the orders that a query may ask for.
var sorts = []Sort{ByScore, ByAffinity, ByVolume, ByReach, ByNetwork, ByMentions, ByEngagement, ByRecent}

func joined(sorts []Sort) string {
	names := make([]string, len(sorts))
	for i, s := range sorts {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// primary gives the primary subtag of a language tag, lower case.
func primary(lang string) string {
	if i := strings.IndexAny(lang, "-_"); i >= 0 {
		lang = lang[:i]
	}
	return strings.ToLower(lang)
}

// window gives the people of the brand in the query's window.
func (r *Ranker) window(ctx context.Context, brand string, q Query) (*window, error) {
	for try := 1; ; try++ {
		state, err := r.store.State(ctx, brand)
		if err != nil {
			return nil, fmt.Errorf("state of %q: %w", brand, err)
		}
		x, err := r.index(ctx, brand, state)
		if err != nil {
			return nil, fmt.Errorf("load %q: %w", brand, err)
		}
		w, err := x.window(ctx, r, x.span(q, state, r.now))
		if err != nil {
			return nil, fmt.Errorf("window of %q: %w", brand, err)
		}
		r.weighIndex(brand, x)
		if w, err = r.withStanding(ctx, brand, w, state); err != nil {
			return nil, fmt.Errorf("window of %q: %w", brand, err)
		}
		if !w.parted || try == tries {
			return w, nil
		}
		// Parts of days come from the database as it is now.
		after, err := r.store.State(ctx, brand)
		if err != nil {
			return nil, fmt.Errorf("state of %q: %w", brand, err)
		}
		if after.DataVersion == x.version {
			return w, nil
		}
	}
}

// index gives the brand's index of the state's data version; whoever comes
// first loads it, the others wait.
func (r *Ranker) index(ctx context.Context, brand string, state State) (*index, error) {
	s := r.slot(strings.ToLower(brand))
	if x := r.current(s, state); x != nil {
		return x, nil
	}
	select {
	case <-s.busy:
		defer func() { s.busy <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if x := r.current(s, state); x != nil {
		return x, nil
	}
	if x := r.follow(ctx, s, state); x != nil {
		return x, nil
	}
	if x := r.fromSnapshot(s, brand, state); x != nil {
		return x, nil
	}
	for try := 1; ; try++ {
		x, err := load(ctx, r.store, brand, state)
		if err != nil {
			return nil, err
		}
		after, err := r.store.State(ctx, brand)
		if err != nil {
			return nil, err
		}
		if after.DataVersion == state.DataVersion || try == tries {
			r.keep(s, x)
			r.snapshot(s, x)
			return x, nil
		}
		state = after
	}
}

// follow brings a slot's index up to date where the store knows what changed;
// nil when everything has to be read again.
func (r *Ranker) follow(ctx context.Context, s *slot, state State) *index {
	changer, ok := r.store.(Changer)
	r.mu.Lock()
	x := s.index
	r.mu.Unlock()
	if !ok || x == nil || !slices.Equal(x.rules, state.Own) {
		return nil
	}
	c, known, err := changer.Changes(ctx, x.brand, x.version, state.DataVersion)
	if err != nil || !known {
		return nil // whoever reads everything meets the same error
	}
	after, err := r.store.State(ctx, x.brand)
	if err != nil || after.DataVersion != state.DataVersion {
		return nil
	}
	next, err := x.updated(state, c)
	if err != nil {
		return nil
	}
	r.keep(s, next)
	return next
}

// Close keeps what is newer in memory than on disk, so that the next start has
// it. The Ranker still answers.
func (r *Ranker) Close() {
	r.mu.Lock()
	slots := slices.Collect(maps.Values(r.slots))
	r.mu.Unlock()
	for _, s := range slots {
		<-s.busy
		r.mu.Lock()
		x := s.index
		r.mu.Unlock()
		if x != nil {
			r.snapshot(s, x) // unless the data have changed since
		}
		s.busy <- struct{}{}
	}
}

// Forget drops what is in memory of all brands. Somebody may have been erased: an
// index that was made before knows them still.
func (r *Ranker) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.slots)
}

// slot finds the brand's slot or makes one.
func (r *Ranker) slot(brand string) *slot {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.slots[brand]
	if s == nil {
		s = &slot{busy: make(chan struct{}, 1)}
		s.busy <- struct{}{}
		r.slots[brand] = s
	}
	r.tick++
	s.used = r.tick
	r.drop()
	return s
}

// keep makes an index the slot's.
func (r *Ranker) keep(s *slot, x *index) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.index, s.size = x, sizeOf(x.columns())
	r.drop()
}

// drop forgets the least used brands while there are too many or too large
// ones; the last one used stays.
func (r *Ranker) drop() {
	for {
		oldest, least, total := "", r.tick, int64(0)
		for name, s := range r.slots {
			total += s.size
			if s.used < least {
				oldest, least = name, s.used
			}
		}
		if oldest == "" || len(r.slots) <= r.brands && total <= r.memory {
			return
		}
		delete(r.slots, oldest)
	}
}

// leastSnapshot is the size of the smallest index that is worth a file: below
// it the roll-ups are read as fast.
const leastSnapshot = 4 << 20

// fromSnapshot makes the brand's snapshot the slot's index; nil when there is
// none of these data.
func (r *Ranker) fromSnapshot(s *slot, brand string, state State) *index {
	if r.dir == "" {
		return nil
	}
	x, err := readSnapshot(r.dir, brand, state)
	if err != nil {
		if !errors.Is(err, errOther) {
			r.logger.Warn("the saved index cannot be used and is built again", "brand", brand, "error", err)
		}
		return nil
	}
	r.keep(s, x)
	s.kept = x.version
	return x
}

// snapshot keeps a slot's index as a file. That it cannot is no reason not to
// answer.
func (r *Ranker) snapshot(s *slot, x *index) {
	if r.dir == "" || s.kept == x.version || sizeOf(x.columns()) < leastSnapshot {
		return
	}
	if !r.fresh(x) {
		return
	}
	if err := x.save(r.dir); err != nil {
		r.logger.Warn("the index was not saved: the next start builds it again", "brand", x.brand, "error", err)
		return
	}
	if !r.fresh(x) {
		// Who was erased meanwhile may be in it, and whoever erased them may have
		// looked for saved indexes before this one was there.
		_ = os.Remove(snapshotFile(r.dir, x.brand)) // gone already is fine
		return
	}
	s.kept = x.version
}

// fresh tells whether an index is of the data as they are now. An older one is
// of no use as a file, and may hold people who were erased since.
func (r *Ranker) fresh(x *index) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	state, err := r.store.State(ctx, x.brand)
	return err == nil && state.DataVersion == x.version
}

// current gives the slot's index when it is of the state's data, else nil.
func (r *Ranker) current(s *slot, state State) *index {
	r.mu.Lock()
	defer r.mu.Unlock()
	if x := s.index; x != nil && x.version == state.DataVersion && slices.Equal(x.rules, state.Own) {
		return x
	}
	return nil
}
