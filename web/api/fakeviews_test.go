package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

// FindPerson knows ids and the handles of the fake people; "twin" is called by two.
func (f *fake) FindPerson(_ context.Context, brand, name string, _ rank.Query) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return "", err
	}
	if name == "@twin" {
		return "", adalid.Errorf(adalid.Invalid, "2 people are called so: x:twin (id p001), mastodon:twin (id p002)")
	}
	for _, e := range f.people {
		if e.Person.ID == name || "@"+e.Person.Accounts[0].Handle == name {
			return e.Person.ID, nil
		}
	}
	return "", adalid.Errorf(adalid.NotFound, "There is no such person.")
}

// Why has one claim for each reason of the entry.
func (f *fake) Why(ctx context.Context, brand, person, versus string, q rank.Query) (rank.Explanation, error) {
	d, err := f.Person(ctx, brand, person, q)
	if err != nil {
		return rank.Explanation{}, err
	}
	e := rank.Explanation{Detail: d, Signals: []scoring.Signals{{Platform: "x", Effective: 2.5, SentimentSum: 1, SentimentWeight: 4}}}
	for _, r := range d.Entry.Reasons() {
		e.Claims = append(e.Claims, rank.Claim{Reason: r, Component: "volume"})
	}
	if versus != "" {
		other, err := f.Person(ctx, brand, versus, q)
		if err != nil {
			return e, err
		}
		v := rank.Compare(d.Entry, other.Entry)
		e.Versus = &v
	}
	return e, nil
}

// Prove gives the first claim two posts.
func (f *fake) Prove(ctx context.Context, posts rank.PostReader, e *rank.Explanation, _ rank.Query) (err error) {
	e.Claims[0].Posts, _, err = posts.Posts(ctx, e.Brand, rank.PostQuery{Limit: 2})
	return err
}

// View has two people; that of connectors nobody.
func (f *fake) View(ctx context.Context, brand string, q rank.ViewQuery) (rank.View, error) {
	q.Query.Limit = min(q.Limit, 2)
	r, err := f.Rank(ctx, brand, q.Query)
	v := rank.View{Ranking: r, Name: q.Name, Says: rank.Reason{Code: "view_rising"}, Notes: []rank.Reason{{Code: "rivals_not_counted", Values: []any{strings.Join(q.Rivals, "+")}}}}
	if q.Name == rank.Connectors {
		v.Entries, v.Total, v.Empty = nil, 0, &rank.Reason{Code: "empty_network"}
	}
	for range v.Entries {
		v.Members = append(v.Members, rank.Member{
			Reasons: []rank.Reason{{Code: "conversation", Values: []any{3}}}, Figures: []rank.Figure{{Name: "momentum", Value: 2, Low: ptr(1.5), High: ptr(4.0)}},
			Posts: []rank.PostID{{Platform: "x", ID: "18446744073709551100"}}, Rival: "Other", Here: &rank.Evidence{Mentions: 1},
		})
	}
	return v, err
}

// Grid has everybody in one cell.
func (f *fake) Grid(ctx context.Context, brand string, q rank.Query) (rank.Grid, error) {
	r, err := f.Rank(ctx, brand, q)
	return rank.Grid{
		Ranking: r, ValueCuts: []float64{.1, .2, .3, .4}, Cells: []rank.Cell{{Recency: 5, Frequency: 4, People: 3, Values: [6]int{1, 0, 0, 0, 0, 2}, Group: "champions"}},
		Groups: []rank.Group{{Name: "champions", People: 3, Says: rank.Reason{Code: "rfv_champions"}}},
	}, err
}

// Voice gives each brand one more mention than the one before.
func (f *fake) Voice(_ context.Context, brands []string, _ rank.Query) (rank.Voice, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := rank.Voice{Since: fakeNow.Add(-time.Hour), Until: fakeNow}
	for i, name := range brands {
		b, err := f.find(name)
		if err != nil {
			return v, err
		}
		v.Brands = append(v.Brands, rank.BrandVoice{Brand: b.Name, Mentions: int64(i + 1), MentionShare: ptr(.25)})
	}
	return v, nil
}

func (f *fake) SetRivals(_ context.Context, brand string, rivals []string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err != nil {
		return err
	}
	for _, name := range rivals {
		if _, err := f.find(name); err != nil {
			return err
		}
	}
	b.Rivals = rivals
	f.brands[strings.ToLower(b.Name)] = b
	return nil
}

func (f *fake) Segments(_ context.Context, brand string) ([]rank.Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.find(brand)
	return slices.SortedFunc(func(yield func(rank.Saved) bool) {
		for _, s := range f.segments {
			if !yield(s) {
				return
			}
		}
	}, func(a, b rank.Saved) int { return cmp.Compare(a.Name, b.Name) }), err
}

func (f *fake) Segment(_ context.Context, brand, name string) (rank.Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return rank.Saved{}, err
	}
	s, ok := f.segments[strings.ToLower(name)]
	if !ok {
		return s, adalid.Errorf(adalid.NotFound, "There is no segment of that name.")
	}
	return s, nil
}

func (f *fake) SaveSegment(_ context.Context, brand string, s rank.Saved) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.find(brand); err != nil {
		return false, err
	}
	if err := s.Check(); err != nil {
		return false, err
	}
	_, found := f.segments[strings.ToLower(s.Name)]
	s.Created, s.Updated = fakeNow, fakeNow
	if f.segments == nil {
		f.segments = map[string]rank.Saved{}
	}
	f.segments[strings.ToLower(s.Name)] = s
	return !found, nil
}

func (f *fake) RemoveSegment(ctx context.Context, brand, name string) error {
	if _, err := f.Segment(ctx, brand, name); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.segments, strings.ToLower(name))
	return nil
}

// RankingChoices are those made since the start.
func (f *fake) RankingChoices(_ context.Context, brand string, limit int) ([]rank.Choice, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	list := f.choices[b.Name]
	return slices.Clone(list[:min(limit, len(list))]), err
}

func (f *fake) ChooseRanking(_ context.Context, brand string, c rank.Choice) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err == nil {
		f.choices[b.Name] = append([]rank.Choice{c}, f.choices[b.Name]...)
		f.standing++
	}
	return err
}

// TryQuery finds one text that only the new query matches.
func (f *fake) TryQuery(_ context.Context, b adalid.Brand, t QueryTrial) (QueryTried, error) {
	return QueryTried{
		Text: TriedText{Matched: strings.Contains(t.Text, t.Query), Because: "it says so"}, Read: 3, All: true, Both: 1, Neither: 1,
		Gained: TriedPosts{1, []TriedPost{{Platform: "x", ID: "1", Handle: "ana", URL: "javascript:alert(1)", Text: b.Name, Spans: []TriedSpan{{0, 1, "c"}}}}},
	}, nil
}

// BrandAlarms has one that lasts.
func (f *fake) BrandAlarms(_ context.Context, brand string, _ int) ([]AlarmRecord, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := f.find(brand)
	return []AlarmRecord{{Source: "forum", Kind: "auth", Reason: "refused", Since: fakeNow}}, err
}
