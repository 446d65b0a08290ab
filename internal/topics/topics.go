// Package topics tells what people praise or blame about a brand: phrases that
// are commoner in good mentions than in bad ones, and the other way round.
//
// English phrases are noun phrases, by the part-of-speech tagger of prose;
// those of the other languages are runs of one to three words. Either way the
// score is the log-odds ratio with an informative Dirichlet prior of Monroe,
// Colaresi & Quinn, "Fightin' Words" (Political Analysis 16, 2008).
package topics

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"adalid"
)

// What one answer reads at most. Tagging English is the slow part: a megabyte
// takes about four seconds, so that no client waits for ten.
const (
	MostMentions   = 5000 // newest ones of everybody
	MostByAuthor   = 1000 // newest ones of the author asked for
	mostEnglish    = 1e6  // bytes that are tagged; the rest is left out
	longestText    = 1000 // bytes of a text that are looked at
	longestEnglish = 500
)

// leaning is the net sentiment beyond which a mention counts as good or bad.
const leaning = .1

// Mention is what of a post matters here.
type Mention struct {
	Platform adalid.Platform
	ID       string
	Person   string // adalid.Person.ID of its author
	Lang     string // tag of the source, "" when it gives none
	Text     string
	Net      *float64 // net sentiment in [−1, 1]; nil: unknown
	Copy     int      // the k-th near copy by its author, which weighs 1/k²; 1 for a new text

	Created    time.Time // UTC; zero: unknown
	Engagement *int64    // rank.Engagement of it; nil: unknown
}

// Source gives mentions.
type Source interface {
	// DataVersion rises with every change of the brand's data.
	DataVersion(ctx context.Context, brand string) (int64, error)
	// Mentions gives the newest mentions that the query wants, newest first, and
	// whether there are more than most. Reposts, paid posts and those of the
	// brand's own accounts are not among them. NotFound for an unknown author.
	Mentions(ctx context.Context, q Query, most int) (list []Mention, more bool, err error)
}

// Query asks for the topics of a brand.
type Query struct {
	Brand        adalid.Brand
	Author       string    // adalid.Person.ID; "" everybody
	Since, Until time.Time // zero: no bound
	Platform     adalid.Platform
	Lang         string // primary subtag; "" all
	Limit        int    // topics of each list
}

// Topic is a phrase with what was said in the mentions that hold it. Counts are
// mentions, each once.
type Topic struct {
	Phrase   string // in the form that most mentions have
	Lang     string // primary subtag, "" where it is unknown
	Mentions int
	Authors  int // distinct people

	Positive, Neutral, Negative, Unknown int // they sum to Mentions

	// Z is the log-odds ratio of good against bad mentions in units of its
	// standard error: above 0 praised, below 0 blamed. nil where no mention of
	// the language is good, or none is bad; of an author who has only one of the
	// two, the other is everybody's.
	Z *float64
	// Typical is the same of the author asked for against everybody else; nil
	// without an author.
	Typical *float64

	Reactions // to its mentions

	Examples []Example // up to 3, those that fit the list first, then newest
}

// Reactions are what is known of how far mentions were reacted to.
type Reactions struct {
	Engagement int64 // summed over those of which it is known
	Engaged    int   // how many these are; 0: Engagement is unknown
}

func (r *Reactions) add(engagement *int64) {
	if engagement != nil {
		r.Engagement += *engagement
		r.Engaged++
	}
}

// Moment is what was said on a platform in an hour of the day.
type Moment struct {
	Platform adalid.Platform
	Hour     int // of UTC, 0 to 23; −1: of unknown time
	Mentions int
	Reactions
}

// Example names a mention.
type Example struct {
	Platform adalid.Platform
	ID       string
}

// Report answers a Query.
type Report struct {
	DataVersion int64
	Read        int  // mentions read
	More        bool // older ones were left out
	Unreadable  int  // of Read: in a script without spaces between words, or without any word

	Positive, Neutral, Negative, Unknown int // they sum to Read

	Praise  []Topic  // by Z, greatest first
	Blame   []Topic  // by Z, least first
	Common  []Topic  // neither, by mentions
	Typical []Topic  // what the author asked for says more than others, by Typical
	Moving  []Topic  // whose mentions were reacted to, by Engagement; also those of the other lists
	Moments []Moment // of Read, by platform and hour; hours without a mention are left out
}

// Options are what a Finder needs.
type Options struct {
	Source Source
	// Identify gives the language of a text as a primary subtag, "" when it is
	// unknown; tag is what the source says. nil believes the tag.
	Identify func(tag, text string) string
	Kept     int // readings kept in memory; 0: 8
}

// Finder answers queries. It keeps what it read of a data version, and loads
// the English tagger (30 MB) when the first English text needs it. It may be
// used concurrently; one query at a time reads texts.
type Finder struct {
	source   Source
	identify func(tag, text string) string
	english  func() (*tagger, error)
	busy     chan struct{} // holds one token; who has it reads

	mu   sync.Mutex
	kept []reading // most recently used first
	most int
}

// reading is a corpus and what it was read for.
type reading struct {
	key    string
	corpus *corpus
}

// New makes a Finder. It costs nothing until it is asked.
func New(o Options) *Finder {
	f := &Finder{
		source: o.Source, identify: o.Identify, english: sync.OnceValues(newTagger),
		busy: make(chan struct{}, 1), most: o.Kept,
	}
	if f.identify == nil {
		f.identify = func(tag, _ string) string { return primary(tag) }
	}
	if f.most <= 0 {
		f.most = 8
	}
	f.busy <- struct{}{}
	return f
}

// primary gives the primary subtag of a language tag, lower case.
func primary(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return strings.ToLower(tag)
}

// Find gives the topics. Errors of the source come back wrapped, so an unknown
// author keeps its code.
func (f *Finder) Find(ctx context.Context, q Query) (Report, error) {
	if q.Limit < 1 || q.Limit > 200 {
		return Report{}, adalid.Errorf(adalid.Invalid, "a list of topics has 1 to 200 entries, not %d", q.Limit)
	}
	author := q.Author
	q.Author = ""
	all, err := f.corpus(ctx, q, MostMentions)
	if err != nil || author == "" {
		return report(all, nil, q.Limit), err
	}
	q.Author = author
	mine, err := f.corpus(ctx, q, MostByAuthor)
	if err != nil {
		return Report{}, err
	}
	return report(all, &mine, q.Limit), nil
}

// versioned is a corpus and the data version it was read from.
type versioned struct {
	*corpus
	version int64
	author  string
}

// corpus gives what was read of the query's mentions, reading them where that
// was not done for these data.
func (f *Finder) corpus(ctx context.Context, q Query, most int) (versioned, error) {
	version, err := f.source.DataVersion(ctx, q.Brand.Name)
	if err != nil {
		return versioned{}, fmt.Errorf("topics: data version: %w", err)
	}
	own := ownTerms(q.Brand)
	key := fmt.Sprintf("%q %d %d %d %q %q %q %q", q.Brand.Name, version, q.Since.Unix(), q.Until.Unix(), q.Platform, q.Lang, q.Author, own)
	if c := f.known(key); c != nil {
		return versioned{c, version, q.Author}, nil
	}
	select {
	case <-f.busy:
	case <-ctx.Done():
		return versioned{}, ctx.Err()
	}
	if c := f.known(key); c != nil {
		f.busy <- struct{}{}
		return versioned{c, version, q.Author}, nil
	}
	if err := ctx.Err(); err != nil {
		f.busy <- struct{}{}
		return versioned{}, err
	}
	// Who does not wait for the end leaves the work to who asks next.
	done := make(chan readResult, 1)
	go func() {
		defer func() { f.busy <- struct{}{} }()
		alone, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRead)
		defer cancel()
		c, err := f.tryRead(alone, q, most, own)
		if err == nil {
			if after, err := f.source.DataVersion(alone, q.Brand.Name); err == nil && after == version {
				f.keep(key, c) // else the data changed while they were read
			}
		}
		done <- readResult{c, err}
	}()
	select {
	case r := <-done:
		return versioned{r.corpus, version, q.Author}, r.err
	case <-ctx.Done():
		return versioned{}, ctx.Err()
	}
}

// readResult is a corpus or why there is none.
type readResult struct {
	corpus *corpus
	err    error
}

// longestRead ends a reading that nobody waits for.
const longestRead = 1 * time.Minute

// tryRead is read on a goroutine of its own: what a text makes the tagger stumble
// over costs an answer, not the server.
func (f *Finder) tryRead(ctx context.Context, q Query, most int, own []string) (c *corpus, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			c, err = nil, fmt.Errorf("topics: reading failed: %v", fault)
		}
	}()
	return f.read(ctx, q, most, own)
}

func (f *Finder) known(key string) *corpus {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, r := range f.kept {
		if r.key == key {
			copy(f.kept[1:i+1], f.kept[:i])
			f.kept[0] = r
			return r.corpus
		}
	}
	return nil
}

// Forget drops what is kept. Somebody may have been erased: what was read before
// holds their words still.
func (f *Finder) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.kept)
	f.kept = f.kept[:0]
}

func (f *Finder) keep(key string, c *corpus) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept = append([]reading{{key, c}}, f.kept[:min(len(f.kept), f.most-1)]...)
}

// read reads the texts.
func (f *Finder) read(ctx context.Context, q Query, most int, own []string) (*corpus, error) {
	mentions, more, err := f.source.Mentions(ctx, q, most)
	if err != nil {
		return nil, fmt.Errorf("topics: read mentions: %w", err)
	}
	b := newBuilder()
	terms := newTerms(own)
	tagged := 0
	for _, m := range mentions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text := legible(m.Text, longestText)
		lang := primary(f.identify(m.Lang, text))
		if lang == "en" {
			text = legible(text, longestEnglish)
			if tagged += len(text); tagged > mostEnglish {
				return b.corpus(true), nil
			}
		}
		tokens := terms.mark(scan(text, lang))
		var phrases []found
		if lang == "en" {
			tagger, err := f.english()
			if err != nil {
				return nil, err
			}
			phrases = tagger.nounPhrases(tokens)
		} else {
			phrases = grams(tokens, lang)
		}
		b.add(m, lang, phrases, unreadable(tokens))
	}
	return b.corpus(more), nil
}
