package topics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
)

// hobbies are two groups of people who speak of different things, and one person
// who repeats a word alone.
func hobbies() *list {
	l := &list{version: 1}
	add := func(person, lang, text string, net *float64) {
		l.mentions = append(l.mentions, Mention{Platform: "x", ID: fmt.Sprint(len(l.mentions)), Person: person, Lang: lang, Text: text, Net: net, Copy: 1})
	}
	for i := range 60 {
		who := i % 6
		add(fmt.Sprintf("a%d", who), "en", fmt.Sprintf("I love my cup. We talked about the bike ride on day %d, telunar", i), net(.6))
		add(fmt.Sprintf("b%d", who), "en", fmt.Sprintf("I love my cup. We talked about the knitting pattern on day %d, telunar", i), net(-.6))
		if i%10 == 0 {
			add("b5", "en", "my gramophone, telunar", nil)
		}
		add(fmt.Sprintf("a%d", who), "es", fmt.Sprintf("una taza tras el paseo largo %d", i), nil)
		add(fmt.Sprintf("c%d", who), "es", fmt.Sprintf("una taza con el perro %d", i), nil)
	}
	return l
}

func hobby(person string) int { return strings.Index("ab", person[:1]) }

func TestGroups(t *testing.T) {
	l := hobbies()
	f := New(Options{Source: l})
	q := Query{Brand: tea, Limit: 5}
	groups, err := f.Groups(t.Context(), q, 2, hobby)
	if err != nil {
		t.Fatal(err)
	}
	has := func(g Group, phrase string) bool {
		return slices.ContainsFunc(g.Terms, func(x Topic) bool { return strings.Contains(x.Phrase, phrase) })
	}
	if !has(groups[0], "bike") || !has(groups[0], "paseo") || !has(groups[1], "knitting") || has(groups[0], "knitting") || has(groups[1], "perro") {
		t.Errorf("groups are named %v and %v", phrases(groups[0].Terms, "en"), phrases(groups[1].Terms, "en"))
	}
	for n, g := range groups {
		if has(g, "gramophone") || has(g, "telunar") || slices.Contains(phrases(g.Terms, "en"), "cup") {
			t.Errorf("group %d is named by what one person, everybody, or the brand is: %v", n, phrases(g.Terms, "en"))
		}
		if g.Read != []int{120, 66}[n] || g.Positive+g.Neutral+g.Negative+g.Unknown != g.Read {
			t.Errorf("group %d: %d read as %d, %d, %d, %d", n, g.Read, g.Positive, g.Neutral, g.Negative, g.Unknown)
		}
		for _, x := range g.Terms {
			if x.Authors < groupAuthors || x.Authors > 6 || x.Mentions > 60 || x.Typical == nil || *x.Typical < groupTelling {
				t.Errorf("group %d: %+v counts others too, or nothing", n, x)
			}
		}
	}
	if groups[0].Positive != 60 || groups[1].Negative != 60 {
		t.Errorf("tones are %+v", groups)
	}
	again, err := f.Groups(t.Context(), q, 2, hobby)
	if err != nil || l.reads != 1 {
		t.Errorf("read %d times, %v", l.reads, err)
	}
	if diff := cmp.Diff(groups, again); diff != "" {
		t.Error("the second answer differs:", diff)
	}
	if none, err := f.Groups(t.Context(), q, 0, func(string) int { return 7 }); err != nil || len(none) != 0 {
		t.Errorf("no groups: %v, %v", none, err)
	}
	for _, wrong := range []Query{{Brand: tea}, {Brand: tea, Limit: 201}, {Brand: tea, Limit: 3, Author: "a0"}} {
		if _, err := f.Groups(t.Context(), wrong, 1, hobby); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

// slow lets its reader go on only when it is told to.
type slow struct {
	*list
	begun, resume chan struct{}
}

func (s slow) Mentions(ctx context.Context, q Query, most int) ([]Mention, bool, error) {
	close(s.begun)
	<-s.resume
	return s.list.Mentions(ctx, q, most)
}

// TestReadingOutlivesItsAsker: who leaves early does not waste the work; the
// next one finds it done.
func TestReadingOutlivesItsAsker(t *testing.T) {
	s := slow{hobbies(), make(chan struct{}), make(chan struct{})}
	f := New(Options{Source: s})
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := f.Groups(ctx, Query{Brand: tea, Limit: 3}, 2, hobby)
		gone <- err
	}()
	<-s.begun
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(s.resume)
	if _, err := f.Groups(t.Context(), Query{Brand: tea, Limit: 3}, 2, hobby); err != nil || s.reads != 1 {
		t.Errorf("read %d times, %v", s.reads, err)
	}
}

// falling breaks down over a text.
type falling struct{ *list }

func (falling) Mentions(context.Context, Query, int) ([]Mention, bool, error) { panic("a text") }

func TestReadingThatFallsIsAnError(t *testing.T) {
	f := New(Options{Source: falling{hobbies()}})
	for range 2 { // the next one may try again
		if _, err := f.Find(t.Context(), Query{Brand: tea, Limit: 3}); err == nil || !strings.Contains(err.Error(), "a text") {
			t.Error(err)
		}
	}
}
