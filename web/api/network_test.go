package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/topics"
)

// Network ties the first three people to each other: two of them are a
// community, the third was only named.
func (f *fake) Network(ctx context.Context, brand string, q rank.Query) (rank.Network, error) {
	one := q
	one.Limit = 1
	r, err := f.Rank(ctx, brand, one)
	if err != nil {
		return rank.Network{}, err
	}
	r.Entries = nil
	score := 61.5
	n := rank.Network{
		Ranking: r, TiedPeople: 12, Pairs: 20, Posts: 49, CommunityAll: 4, TooFewTies: true, LeftOut: rank.Absent{Automated: 2, Circle: 1, Repeaters: 3, Organisations: 4, Unfit: 5},
		People: []rank.Tied{
			{ID: "p000", Name: hostile, Handle: "h0", Platforms: []adalid.Platform{"x", "mastodon"}, X: 1. / 3, Y: 1, Share: .5, Bridge: .375, Connector: true, Counterparts: 3, Mentions: 7, Rank: 1, Score: &score, Segment: rank.Advocate},
			{ID: "p001", Handle: "h1", Platforms: []adalid.Platform{"x"}, Share: .3, Counterparts: 1, Mentions: 2, Segment: rank.Unranked},
			{ID: "p002", Platforms: []adalid.Platform{"x"}, Share: .2, Community: 1, Counterparts: 1},
		},
		Ties:        []rank.Tie{{A: 0, B: 1, Posts: 4, Answers: 3, Mutual: true}, {A: 0, B: 2, Posts: 1}},
		Communities: []rank.Community{{People: 8, Shown: 2, Top: []rank.Tied{{ID: "p000", Name: hostile}}}, {Number: 1, People: 3, Shown: 1}},
		Member:      func(string) int { return 0 },
	}
	n.People = n.People[:min(len(n.People), q.Limit)]
	if len(n.People) < 3 {
		n.Ties = nil
	}
	return n, nil
}

// Groups names the first of groups.
func (f *fake) Groups(_ context.Context, q topics.Query, count int, of func(string) int) ([]topics.Group, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mute != nil {
		return nil, f.mute
	}
	f.topics = append(f.topics, q)
	out := make([]topics.Group, count)
	if count > 0 && of("p000") == 0 {
		out[0] = topics.Group{Read: 9, Positive: 3, Neutral: 1, Unknown: 5, Terms: []topics.Topic{{Phrase: hostile, Lang: "en", Mentions: 4, Authors: 3, Typical: ptr(2.5)}}}
	}
	return out, nil
}

func networkOf(t *testing.T, s *testServer, query string) (n Network, tag string) {
	t.Helper()
	resp, body := s.do(t, "GET", cafe+"/network"+query, "")
	if resp.StatusCode != 200 {
		t.Fatalf("%s: %d %s", query, resp.StatusCode, body)
	}
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		t.Fatal(err)
	}
	return n, resp.Header.Get("ETag")
}

func TestNetwork(t *testing.T) {
	s := serve(t, newFake(40))
	n, _ := networkOf(t, s, "")
	if n.Counts != (NetworkCounts{12, 20, 49, 4, 15}) || !n.TooFewTies || !n.Named || len(n.Nodes) != 3 || len(n.Edges) != 2 {
		t.Fatalf("%+v", n)
	}
	first, third := n.Nodes[0], n.Nodes[2]
	if first.X != .33333 || *first.Rank != 1 || *first.Score != 61.5 || *first.Segment != "advocate" || !first.Connector || first.Platforms[1] != "mastodon" {
		t.Errorf("the first person is %+v", first)
	}
	if third.Rank != nil || third.Score != nil || third.Segment != nil || third.Name != nil || third.Handle != nil {
		t.Errorf("who said nothing is %+v", third)
	}
	if e := n.Edges[0]; e != (NetworkEdge{0, 1, 4, NetworkKind{3, 1}, true}) {
		t.Errorf("a tie is %+v", e)
	}
	named, other := n.Communities[0], n.Communities[1]
	if len(named.Terms) != 1 || named.Terms[0].Typical != 2.5 || *named.Positive != .75 || *named.Read != 9 || named.Top[0].ID != "p000" {
		t.Errorf("a community is %+v", named)
	}
	if other.Terms == nil || other.Positive != nil || len(other.Top) != 0 {
		t.Errorf("a community of which nothing was judged is %+v", other)
	}
	if n, _ := networkOf(t, s, "?words=false&limit=1"); n.Named || n.Communities[0].Terms != nil || n.Communities[0].Read != nil || len(n.Nodes) != 1 {
		t.Errorf("without words: %+v", n)
	}
	for query, status := range map[string]int{"?limit=0": 422, "?limit=3001": 422, "?limit=3000": 200, "?words=maybe": 422, "?platform=youtube": 403, "?where=score%20%3E": 422, "?since=2026-02-01&until=2026-01-01": 422, "?nothing=1": 422} {
		if resp, body := s.do(t, "GET", cafe+"/network"+query, ""); resp.StatusCode != status {
			t.Errorf("%s: %d %s, want %d", query, resp.StatusCode, body, status)
		}
	}
}

// TestNetworkIsDrawnOnce: the same question about the same data is answered from
// memory, and known answers are not sent again.
func TestNetworkIsDrawnOnce(t *testing.T) {
	s := serve(t, newFake(40))
	_, tag := networkOf(t, s, "")
	asked := s.ranked
	if _, again := networkOf(t, s, ""); again != tag || tag == "" || s.ranked != asked {
		t.Errorf("drawn %d times more, tags %q %q", s.ranked-asked, tag, again)
	}
	if resp, _ := s.do(t, "GET", cafe+"/network", "", "If-None-Match: "+tag); resp.StatusCode != 304 || s.ranked != asked {
		t.Errorf("%d, want 304", resp.StatusCode)
	}
	for _, other := range []string{"?limit=2", "?words=false", "?platform=x", "?since=2026-01-01", "?where=score%20%3E%201"} {
		if _, t2 := networkOf(t, s, other); t2 == tag {
			t.Errorf("%s has the same tag", other)
		}
	}
	s.mu.Lock()
	s.version++
	s.mu.Unlock()
	if _, t2 := networkOf(t, s, ""); t2 == tag {
		t.Error("other data have the same tag")
	}
}

// TestErasureDropsPages: after an erasure no page is answered from memory.
func TestErasureDropsPages(t *testing.T) {
	s := serve(t, newFake(40))
	for _, path := range []string{"/network", "/advocates?limit=5"} {
		before := s.ranked
		s.do(t, "GET", cafe+path, "")
		first := s.ranked - before
		s.do(t, "GET", cafe+path, "")
		again := s.ranked - before - first
		if resp, body := s.do(t, "DELETE", cafe+"/advocates/p002", ""); resp.StatusCode != 200 {
			t.Fatal(resp.StatusCode, body)
		}
		before = s.ranked
		s.do(t, "GET", cafe+path, "")
		if after := s.ranked - before; first != 1 || again != 0 || after != 1 {
			t.Errorf("%s is ranked %d, %d and after the erasure %d times; want 1, 0, 1", path, first, again, after)
		}
	}
}

// TestNetworkWithoutWords: where reading texts takes too long, the picture comes
// without names and is not kept; other failures stay failures.
func TestNetworkWithoutWords(t *testing.T) {
	s := serve(t, newFake(40))
	s.mute = context.DeadlineExceeded
	n, tag := networkOf(t, s, "")
	if n.Named || tag != "" || len(n.Nodes) != 3 || n.Communities[0].Terms != nil {
		t.Errorf("tag %q, %+v", tag, n.Communities)
	}
	s.mute = errors.New(canary)
	if resp, body := s.do(t, "GET", cafe+"/network", ""); resp.StatusCode != 500 || strings.Contains(body, "canary") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	s.mute = nil
	if n, tag := networkOf(t, s, ""); !n.Named || tag == "" {
		t.Errorf("it is not named later: %+v", n.Communities)
	}
}
