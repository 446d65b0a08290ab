package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/match"
	"adalid/internal/rank"
	"adalid/internal/relevance"
	"adalid/internal/scan"
	"adalid/web/api"
)

const (
	sampleWithin  = 5 * time.Second // what all sources together may take
	sampleKept    = time.Minute     // how long a sample answers the same words
	failureKept   = 5 * time.Second // how long one answers of which nothing could be read
	samplesKept   = 32
	samplesMinute = 20 // samples that are read in a minute; those from memory are free
	samplesAtOnce = 2
	sampleShown   = 10
	storedLooked  = 300 // mentions of a stored brand that are looked at
)

// previewer reads live samples for brands that somebody is thinking of.
type previewer struct {
	*keeper

	mu     sync.Mutex
	kept   map[string]*liveSample // by what is asked for
	begun  []time.Time            // of the last minute
	atOnce int
}

var _ api.Previewer = (*previewer)(nil)

// liveSample is what the sources gave; its fields may be read when done is
// closed.
type liveSample struct {
	done    chan struct{}
	at      time.Time // when it was begun
	posts   []adalid.Mention
	sources []api.SampledSource
}

// PreviewBrand implements api.Previewer.
func (p *previewer) PreviewBrand(ctx context.Context, d api.Draft) (api.Drafted, error) {
	names := append([]string{d.Name}, d.Also...)
	out := api.Drafted{Query: match.Compose(names, d.Ignore)}
	wide := adalid.Brand{Name: d.Name, Query: match.Compose(names, nil)}
	drafted := adalid.Brand{Name: d.Name, Query: out.Query}
	for _, b := range []adalid.Brand{wide, drafted} {
		if b.Query == "" {
			return out, adalid.Errorf(adalid.Invalid, "these words make no query: there is no letter or digit in them")
		}
		if _, err := match.Parse(b.Query); err != nil {
			return out, adalid.Errorf(adalid.Invalid, "these words make no query: %v", err)
		}
	}
	brands, err := p.store.Brands(ctx)
	if err != nil {
		return out, err
	}
	out.Taken = slices.ContainsFunc(brands, func(b adalid.Brand) bool {
		return strings.EqualFold(b.Name, d.Name) && !strings.EqualFold(b.Name, d.Stored)
	})
	live, err := p.sample(ctx, wide)
	if adalid.CodeOf(err) == adalid.RateLimited { // the rest of the answer is as good
		live, err = p.resting(ctx, err)
	}
	if err != nil {
		return out, err
	}
	out.Sources = slices.Clone(live.sources)
	posts, err := p.store.Showable(ctx, live.posts) // now: somebody may have been erased since it was read
	if err != nil {
		return out, err
	}
	stored := map[string]bool{}
	if d.Stored != "" {
		own, err := p.storedPosts(ctx, d.Stored)
		if err != nil {
			return out, err
		}
		for _, m := range own {
			stored[string(m.Platform)+"/"+m.ID] = true
		}
		if len(own) > 0 {
			out.Sources = append([]api.SampledSource{{Standing: scan.Standing{Source: d.Stored, State: scan.Done}, Posts: int64(len(own))}}, out.Sources...)
			posts = slices.Concat(own, posts)
		}
	}
	return out, look(&out, posts, stored, [2]adalid.Brand{wide, drafted}, d.Marks)
}

// storedPosts are the newest mentions of a brand.
func (p *previewer) storedPosts(ctx context.Context, brand string) (out []adalid.Mention, err error) {
	posts, _, err := p.store.Posts(ctx, brand, rank.PostQuery{Authored: true, Limit: storedLooked})
	for _, post := range posts {
		out = append(out, post.Mention)
	}
	return out, err
}

// look fills in what of the posts matches: the first brand has no words to
// ignore, the second is as drafted.
func look(out *api.Drafted, posts []adalid.Mention, stored map[string]bool, brands [2]adalid.Brand, marks []api.DraftMark) error {
	m, err := match.Compile(brands[:])
	if err != nil {
		return err
	}
	see := func(text, lang string) (p relevance.Post) {
		p = relevance.Post{Text: text, Lang: lang}
		for _, h := range m.Match(match.Doc{Text: text, Lang: lang}, nil) {
			if h.Brand == 0 {
				for _, s := range h.Spans {
					p.Terms = append(p.Terms, relevance.Span{Start: s.Start, End: s.End})
				}
			}
		}
		return p
	}
	judged := map[string]bool{}
	var said []relevance.Mark
	for _, x := range marks {
		judged[x.Text] = true
		said = append(said, relevance.Mark{Post: see(x.Text, x.Lang), About: x.About})
	}
	var matched []api.DraftedPost
	var pool []relevance.Post
	seen := map[string]bool{}
	for _, x := range posts {
		if x.Repost || seen[x.Text] {
			continue
		}
		seen[x.Text] = true
		named, ours := false, false
		for _, h := range m.Match(match.DocOf(x), nil) {
			named, ours = named || h.Brand == 0, ours || h.Brand == 1
		}
		switch {
		case ours:
			p := see(x.Text, x.Lang)
			matched = append(matched, api.DraftedPost{Mention: x, Hits: p.Terms, Stored: stored[string(x.Platform)+"/"+x.ID]})
			if !judged[x.Text] {
				pool = append(pool, p)
			}
		case named:
			out.Ignored++
		}
	}
	out.Matched, out.Posts = int64(len(matched)), mixed(matched)
	out.Exclude = relevance.DraftExclusions(said, pool, 3)
	return nil
}

// mixed chooses what is shown: of each platform in turn the newest, those that
// hold the brand's words in their text first.
func mixed(posts []api.DraftedPost) (out []api.DraftedPost) {
	slices.SortStableFunc(posts, func(a, b api.DraftedPost) int {
		return cmp.Or(cmp.Compare(min(1, len(b.Hits)), min(1, len(a.Hits))), b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	turn := map[adalid.Platform]int{}
	type placed struct {
		turn int
		post api.DraftedPost
	}
	var all []placed
	for _, p := range posts {
		all = append(all, placed{turn[p.Platform], p})
		turn[p.Platform]++
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.post.Platform, b.post.Platform))
	})
	for _, p := range all[:min(len(all), sampleShown)] {
		out = append(out, p.post)
	}
	return out
}

// sample gives what sources say of the words, from memory where they were asked
// for a moment ago. Reading goes on when who asked is gone.
func (p *previewer) sample(ctx context.Context, b adalid.Brand) (*liveSample, error) {
	s, err := p.begin(b)
	if err != nil {
		return nil, err
	}
	select {
	case <-s.done:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// life is how long a sample answers.
func (s *liveSample) life() time.Duration {
	select {
	case <-s.done:
	default:
		return sampleKept // it is being read
	}
	if slices.ContainsFunc(s.sources, func(x api.SampledSource) bool { return x.State == scan.Done }) {
		return sampleKept
	}
	return failureKept
}

func (p *previewer) begin(b adalid.Brand) (*liveSample, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, asked := p.now(), strings.ToLower(b.Query)
	for key, s := range p.kept {
		if now.Sub(s.at) > s.life() {
			delete(p.kept, key)
		}
	}
	if s := p.kept[asked]; s != nil {
		return s, nil
	}
	p.begun = slices.DeleteFunc(p.begun, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	if len(p.begun) >= samplesMinute || p.atOnce >= samplesAtOnce || len(p.kept) >= samplesKept {
		return nil, adalid.Errorf(adalid.RateLimited, "the platforms are asked for %d samples a minute and %d at a time; wait a moment", samplesMinute, samplesAtOnce)
	}
	s := &liveSample{done: make(chan struct{}), at: now}
	if p.kept == nil {
		p.kept = map[string]*liveSample{}
	}
	p.keeper.mu.Lock()
	defer p.keeper.mu.Unlock()
	if p.closed || p.ctx.Err() != nil {
		return nil, adalid.Errorf(adalid.Unavailable, "the server is stopping")
	}
	p.kept[asked], p.begun = s, append(p.begun, now)
	p.atOnce++
	p.work.Go(func() {
		p.read(s, b)
		p.mu.Lock()
		p.atOnce--
		p.mu.Unlock()
		close(s.done)
	})
	return s, nil
}

// sampled are the sources that samples are read of.
func (p *previewer) sampled(ctx context.Context) ([]scan.Source, error) {
	stored, err := p.store.Sources(ctx)
	return slices.DeleteFunc(scan.Sources(stored, p.kinds, ""), func(x scan.Source) bool { return !p.live.Samples(x) }), err
}

// forget drops the samples in memory: somebody in them may have been erased.
func (p *previewer) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.kept) // one being read still answers who waits for it
}

// resting is a sample of sources that are not asked now.
func (p *previewer) resting(ctx context.Context, why error) (*liveSample, error) {
	sources, err := p.sampled(ctx)
	s := &liveSample{}
	for _, x := range sources {
		now := scan.Standing{Source: x.Name, State: scan.Paused, Kind: collectors.RateLimited, Reason: why.Error()}
		s.sources = append(s.sources, api.SampledSource{Standing: now, Platform: platformOf(p.kinds, x.Collector)})
	}
	return s, err
}

// read asks all sources at once.
func (p *previewer) read(s *liveSample, b adalid.Brand) {
	ctx, cancel := context.WithTimeout(p.ctx, sampleWithin)
	defer cancel()
	sources, err := p.sampled(ctx)
	if err != nil {
		p.log("read the sources for a sample", err)
		return
	}
	posts := make([][]adalid.Mention, len(sources))
	s.sources = make([]api.SampledSource, len(sources))
	var work sync.WaitGroup
	for i, x := range sources {
		work.Go(func() {
			found, now := p.readSource(ctx, b, x)
			if now.State != scan.Done && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				now.Kind, now.Reason = "timeout", "it did not answer within "+sampleWithin.String()
			}
			posts[i] = found
			s.sources[i] = api.SampledSource{Standing: now, Platform: platformOf(p.kinds, x.Collector), Posts: int64(len(found))}
		})
	}
	work.Wait()
	s.posts = slices.Concat(posts...)
}

// readSource reads one source on a goroutine of its own: an answer that a
// collector stumbles over costs its part of a sample, not the server.
func (p *previewer) readSource(ctx context.Context, b adalid.Brand, x scan.Source) (found []adalid.Mention, now scan.Standing) {
	defer func() {
		if fault := recover(); fault != nil {
			p.log("read "+x.Name+" for a sample", fmt.Errorf("panic: %v", fault))
			found, now = nil, scan.Standing{Source: x.Name, State: scan.Failed, Kind: collectors.Schema, Reason: "its answer could not be read"}
		}
	}()
	return p.live.Sample(ctx, b, x)
}
