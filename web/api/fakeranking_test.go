package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

// fakeSure says that every second person is a critic, who has no places.
func fakeSure(i int) *rank.Sureness {
	s := &rank.Sureness{Low: 31.5, High: 62, Safe: 34.25, Small: true}
	if i%2 == 0 {
		s.Place = &rank.Places{First: 3, Last: 11, Top: .75}
	}
	return s
}

func (f *fake) ranking(brand string, q rank.Query) rank.Ranking {
	f.ranked++
	w := q.Weights
	if w == (scoring.Weights{}) {
		w = scoring.Weights{scoring.Volume: 1} // a default of its own, as a configuration gives one
	}
	absent := rank.Absent{Automated: 14, Organisations: 3}
	if q.Include.Automated {
		absent.Automated = 0
	}
	if q.Include.Organisations {
		absent.Organisations = 0
	}
	return rank.Ranking{
		Absent: absent, Unjudged: 2,
		Brand: brand, AsOf: fakeNow, DataVersion: f.version, Formula: scoring.Version, Weights: w, Blend: cmp.Or(q.Blend, scoring.Arithmetic),
		Safe: q.Safe, Strength: 7.5, People: len(f.people), Mentions: 4000, Own: 1, Critics: 5, Apart: 6, NoTime: 3, Total: len(f.people),
	}
}

func (f *fake) Rank(_ context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err != nil {
		return rank.Ranking{}, err
	}
	if q.Platform == adalid.YouTube && !f.youTube {
		return rank.Ranking{}, adalid.Errorf(adalid.Forbidden, "not before its amendment is accepted")
	}
	r := f.ranking(b.Name, q)
	from := min(q.Offset, len(f.people))
	to := len(f.people)
	if q.Limit > 0 {
		to = min(to, from+q.Limit)
	}
	r.Entries = slices.Clone(f.people[from:to])
	for i := range r.Entries {
		if q.Intervals {
			r.Entries[i].Sure = fakeSure(i)
		}
	}
	return r, nil
}

func (f *fake) Person(_ context.Context, brand, id string, q rank.Query) (rank.Detail, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err != nil {
		return rank.Detail{}, err
	}
	for _, e := range f.people {
		if e.Person.ID == id {
			return rank.Detail{
				Ranking: f.ranking(b.Name, q), Entry: e,
				Platforms: []rank.PlatformEvidence{{Platform: "x", Evidence: e.Evidence, Score: e.Score}}, Weeks: []rank.Week{{Start: fakeNow.Truncate(7 * 24 * time.Hour), Mentions: 3, Sentiment: ptr(.25)}},
			}, nil
		}
	}
	return rank.Detail{}, adalid.Errorf(adalid.NotFound, "There is no such person.")
}

// Audience has the first person heard by three, the second by two of these and
// the third by another one.
func (f *fake) Audience(_ context.Context, brand string, q rank.Query, least float64) (*rank.Audience, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(brand)
	if err != nil {
		return nil, err
	}
	a := &rank.Audience{Ranking: f.ranking(b.Name, q), People: 9, Entry: func(i int) rank.Entry { return f.people[i] }}
	a.Platforms = []adalid.Platform{"x"}
	for _, e := range f.people {
		if e.Score != nil && e.Score.Total >= least {
			a.Candidates = append(a.Candidates, rank.Candidate{Score: e.Score.Total, Followers: e.Evidence.Followers, Platforms: a.Platforms, Lang: "es"})
		}
	}
	if len(a.Candidates) > 2 {
		a.Listens = []rank.Listens{{Candidate: 0, Person: 5}, {Candidate: 0, Person: 6}, {Candidate: 0, Person: 7}, {Candidate: 1, Person: 5}, {Candidate: 1, Person: 6}, {Candidate: 2, Person: 8}}
	}
	return a, nil
}

// Heard and Middle let a backtest see that these people have too little history.
func (f *fake) Heard(context.Context, string, rank.Query) (map[string]int, error) { return nil, nil }

func (f *fake) Middle(context.Context, string, rank.Query) (time.Time, error) {
	return fakeNow.AddDate(0, 0, -30), nil
}
