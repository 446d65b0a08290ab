package scan

import (
	"fmt"
	"hash/fnv"
	"runtime"
	"strings"
	"sync"

	"adalid"
	"adalid/collectors"
	"adalid/internal/dedupe"
	"adalid/internal/langtag"
	"adalid/internal/match"
	"adalid/internal/sentiment"
)

// prepare computes what the store needs beside the row itself. Sentiment costs
// most, so the rows are spread over the processors.
func prepare(batches []Batch, scorer Scorer, terms func(brand string) *sentiment.Terms, lessons map[string]Lessons) {
	var work sync.WaitGroup
	workers := max(1, runtime.GOMAXPROCS(0)-1) // one is left to whoever stores the page before
	for i, b := range batches {
		about, learned := terms(b.Brand), lessons[fold(b.Brand)]
		batches[i].Lessons = learned.Version
		if scorer == nil || learned.Scorer == nil { // --no-sentiment means it
			learned.Scorer = scorer
		}
		size := (len(b.Mentions) + workers - 1) / workers
		for from := 0; from < len(b.Mentions); from += size {
			part := b.Mentions[from:min(from+size, len(b.Mentions))]
			work.Go(func() {
				for i := range part {
					prepareOne(&part[i], learned, about)
				}
			})
		}
	}
	work.Wait()
}

func prepareOne(m *Mention, learned Lessons, about *sentiment.Terms) {
	boundCounters(&m.Mention) // before the row's hash, which holds two of them
	m.TextHash = dedupe.TextHash(m.Text)
	m.RowHash = dedupe.RowHash(m.Mention)
	if learned.Scorer != nil && !m.Repost {
		m.Sentiment = learned.Scorer.Score(m.Text, m.Lang, about)
	}
	m.LeftOut = learned.LeftOut != nil && learned.LeftOut(&m.Mention)
}

// mostCounted is the largest number that a platform's counter is believed to
// show: the video seen most has some 10^10 views. A million posts that all show
// it, with reposts counted twice, still sum up within 64 bits.
const mostCounted = 1_000_000_000_000

// boundCounters makes counters that cannot be unknown: one alone would
// outweigh whatever the others say, and several would overflow their sums.
func boundCounters(m *adalid.Mention) {
	for _, c := range [...]**int64{&m.Likes, &m.Reposts, &m.Replies, &m.Quotes, &m.Views, &m.Author.Followers, &m.Author.Following} {
		if *c != nil && (**c < 0 || **c > mostCounted) {
			*c = nil
		}
	}
}

// brandSet knows the brands there were when the run began and which rows belong
// to them. After learnOwn it does not change, so that pages can be made ready
// while earlier ones are being stored.
type brandSet struct {
	matching Matching
	brands   []adalid.Brand
	index    map[string]int // folded name → brands
	matcher  *match.Matcher
	hits     []match.Hit
	named    map[string]*sentiment.Terms // folded name → its terms, as far as asked for
}

func newBrandSet(brands []adalid.Brand, matching Matching) (*brandSet, error) {
	s := &brandSet{matching: matching, brands: brands, index: map[string]int{}, named: map[string]*sentiment.Terms{}}
	for i, b := range brands {
		s.index[fold(b.Name)] = i
	}
	return s, s.compile()
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (s *brandSet) compile() error {
	if s.matching != MatchQuery {
		return nil
	}
	var err error
	if s.matcher, err = match.Compile(s.brands); err != nil {
		return fmt.Errorf("scan: compile brand queries: %w", err)
	}
	return nil
}

// canonical gives the brand's name as stored.
func (s *brandSet) canonical(name string) (string, bool) {
	if i, ok := s.index[fold(name)]; ok {
		return s.brands[i].Name, true
	}
	return strings.TrimSpace(name), false
}

// settings is what beside the source decides what a run stores: a run with
// other settings starts anew instead of going on where another one was cut.
func (s *brandSet) settings(brand string, scorer Scorer) string {
	version := "none"
	if scorer != nil {
		version = scorer.Version()
	}
	if s.matching != MatchQuery {
		return fmt.Sprintf(" match=%s sentiment=%s", s.matching, version)
	}
	h := fnv.New64a()
	for _, b := range s.brands {
		if brand == "" || fold(b.Name) == fold(brand) {
			fmt.Fprintf(h, "%q %q\n", fold(b.Name), b.Query)
		}
	}
	return fmt.Sprintf(" match=%s:%x sentiment=%s", s.matching, h.Sum64(), version)
}

// terms is TermsOf for a brand of the set, or one that is new.
func (s *brandSet) terms(brand string) *sentiment.Terms {
	key := fold(brand)
	if t, ok := s.named[key]; ok {
		return t
	}
	b := adalid.Brand{Name: brand}
	if i, ok := s.index[key]; ok {
		b.Own = s.brands[i].Own
	}
	t := TermsOf(b)
	s.named[key] = t
	return t
}

// TermsOf gives the words by which texts name a brand: its name and its own
// handles.
func TermsOf(b adalid.Brand) *sentiment.Terms {
	names := []string{strings.TrimSpace(b.Name)}
	for _, own := range b.Own {
		names = append(names, own.Handle)
	}
	return sentiment.NewTerms(names...)
}

func (s *brandSet) hasQuery(name string) bool {
	i, ok := s.index[fold(name)]
	return ok && s.brands[i].Query != ""
}

// brand gives what is known of a brand; only its name when it is new.
func (s *brandSet) brand(name string) adalid.Brand {
	if i, ok := s.index[fold(name)]; ok {
		return s.brands[i]
	}
	return adalid.Brand{Name: name}
}

func (s *brandSet) own(brand string, account adalid.OwnAccount) {
	if i, ok := s.index[fold(brand)]; ok {
		s.brands[i].Own = append(s.brands[i].Own, account)
		delete(s.named, fold(brand))
	}
}

// batches sorts a page's rows by brand, in order of first appearance. With
// only set every row is about that brand; a row without any brand, or with one
// that cannot be, is rejected.
func (s *brandSet) batches(rows []adalid.Mention, only string, matching Matching) ([]Batch, []collectors.Reject) {
	var out []Batch
	var rejects []collectors.Reject
	at := map[string]int{} // by folded name; below 0 for one that cannot be
	for r := range rows {
		m := &rows[r]
		m.Lang, _ = langtag.Read(m.Lang) // before queries and models ask for it
		brand := brandOf(only, m.Brand)
		if strings.TrimSpace(brand) == "" {
			rejects = append(rejects, collectors.Reject{Field: "brand", Reason: fmt.Sprintf("post %s names no brand", m.ID)})
			continue
		}
		if matching == MatchQuery && !s.matches(brand, *m) {
			continue
		}
		key := fold(brand)
		i, ok := at[key]
		if !ok {
			i = len(out)
			if only == "" && adalid.CheckBrandName(brand) != nil {
				i = -1
			}
			at[key] = i
		}
		if i < 0 {
			rejects = append(rejects, collectors.Reject{Field: "brand", Reason: fmt.Sprintf("post %s: %v", m.ID, adalid.CheckBrandName(brand))})
			continue
		}
		if !ok {
			out = append(out, Batch{Brand: brand})
			if only != "" { // mentions are large: growing the slice would copy them several times
				out[i].Mentions = make([]Mention, 0, len(rows))
			}
		}
		out[i].Mentions = append(out[i].Mentions, Mention{Mention: *m})
		out[i].Mentions[len(out[i].Mentions)-1].Brand = ""
	}
	return out, rejects
}

func (s *brandSet) matches(brand string, m adalid.Mention) bool {
	want, ok := s.index[fold(brand)]
	if !ok || s.brands[want].Query == "" {
		return true // nothing to match with: createBrands says what to do
	}
	s.hits = s.matcher.Brands(match.DocOf(m), s.hits[:0])
	for _, h := range s.hits {
		if h.Brand == want {
			return true
		}
	}
	return false
}
