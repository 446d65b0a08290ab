package store

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"adalid"
	"adalid/internal/scan"
)

// Rescored counts what Rescore did.
type Rescored struct {
	Mentions int64 // looked at by this call
	Changed  int64 // of which sentiment or the rule's word changed
	Turned   int64 // of these: of another class now, such as negative instead of neutral
	LeftOut  int64 // of these: left out by the rule now, and counted before; not those with a mark, which wins
	Returned int64 // of these: count again
}

// Rescore walks all mentions of a brand, reposts included, and asks judge what
// the models make of each now: its sentiment, nil for none, and whether a rule
// leaves it out. What differs is rewritten with its roll-ups, edges and copy
// numbers, a page in a transaction. One that was cut short goes on where it
// was. When another model is put into use meanwhile it ends with Conflict: who
// did that rescores. progress may be nil.
func (s *Store) Rescore(ctx context.Context, brand string, judge func(*Judged) (sentiment *adalid.Sentiment, leftOut bool), progress func(done int64)) (Rescored, error) {
	var total Rescored
	version, at, err := s.rescoreFrom(ctx, brand)
	if err != nil {
		return total, err
	}
	for {
		page, err := s.walk(ctx, brand, at, rescorePage)
		if err != nil {
			return total, err
		}
		total.Mentions += int64(len(page))
		fresh := make([]verdict, 0, len(page))
		for _, m := range page {
			sentiment, out := judge(&m)
			v := verdict{Key: Key{m.Platform, m.ID}, out: out}
			v.sentiment, v.tone = scored(sentiment)
			if out != m.Ruled || !v.agrees(&m) {
				fresh = append(fresh, v)
			}
		}
		last := len(page) < rescorePage
		if len(page) > 0 {
			at = Key{page[len(page)-1].Platform, page[len(page)-1].ID}
		}
		if err := s.rewrite(ctx, brand, rescoring{version, at, last}, fresh, &total); err != nil {
			return total, err
		}
		if progress != nil {
			progress(total.Mentions)
		}
		if last {
			return total, nil
		}
	}
}

// rescorePage is how many mentions Rescore takes at a time: it bounds how long
// it keeps others from writing.
const rescorePage = 2000

// verdict is what the models say of a mention now.
type verdict struct {
	Key
	sentiment optional
	tone      optional
	out       bool
}

func (v verdict) agrees(m *Judged) bool {
	net := m.Sentiment
	if net == nil || !v.sentiment.ok {
		return (net != nil) == v.sentiment.ok
	}
	return v.sentiment.v == int64(math.Round(*net*1e6)) && labelOf(v.tone.v) == m.Tone
}

// rescoring is how far Rescore is; as JSON it is kept between calls.
type rescoring struct {
	Version int64
	After   Key
	last    bool
}

const rescoreCursor = "rescore"

// rescoreFrom tells where to begin: after what an earlier call has done, unless
// the models have changed since.
func (s *Store) rescoreFrom(ctx context.Context, brand string) (version int64, after Key, err error) {
	err = s.read(ctx, "begin to rescore", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		version = b.learned
		_, err = x.one("cursor.Get", func(r row) error {
			var c rescoring
			if json.Unmarshal(r.bytes(0), &c) == nil && c.Version == version {
				after = c.After
			}
			return nil
		}, b.id, rescoreCursor)
		return err
	})
	return version, after, err
}

// Walk yields all mentions of a brand, by platform and id, those that are left
// out too. Between pages the database may change.
func (s *Store) Walk(ctx context.Context, brand string, yield func(*Judged) error) error {
	for at := (Key{}); ; {
		page, err := s.walk(ctx, brand, at, rescorePage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := yield(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < rescorePage {
			return nil
		}
		at = Key{page[len(page)-1].Platform, page[len(page)-1].ID}
	}
}

// Sample yields about n mentions, spread evenly over the brand's authors; the
// same ones as long as nothing is stored or removed.
func (s *Store) Sample(ctx context.Context, brand string, n int, yield func(*Judged) error) error {
	return s.read(ctx, "sample mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		last := int64(0)
		if _, err := x.one("author.MaxID", func(r row) error { last = r.int(0); return nil }, b.id); err != nil {
			return err
		}
		if n < 1 || last < 1 {
			return nil
		}
		places := min(int64(n), last)
		each, seen := (int64(n)+places-1)/places, map[Key]bool{}
		for i := range places {
			err := x.query("mention.Sample", func(r row) error {
				j := scanJudged(b.Name, r)
				if k := (Key{j.Platform, j.ID}); !seen[k] {
					seen[k] = true
					return yield(j)
				}
				return nil
			}, b.id, 1+i*last/places, each)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) walk(ctx context.Context, brand string, after Key, limit int) ([]Judged, error) {
	var page []Judged
	err := s.read(ctx, "read mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		page = make([]Judged, 0, limit)
		return x.query("mention.Walk", func(r row) error {
			page = append(page, *scanJudged(b.Name, r))
			return nil
		}, b.id, clean(string(after.Platform)), clean(after.ID), limit)
	})
	return page, err
}

// rewrite stores verdicts that differ, and how far the walk is.
func (s *Store) rewrite(ctx context.Context, brand string, at rescoring, fresh []verdict, total *Rescored) error {
	var n Rescored
	err := s.write(ctx, "rescore", func(x *session) error {
		n = Rescored{}
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if b.learned != at.Version {
			return adalid.Errorf(adalid.Conflict, "what was learned about brand %q has changed meanwhile; its mentions are judged anew with that", b.Name)
		}
		rows, err := revised(x, b.id, fresh, &n)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			if err := errors.Join(s.applyJudged(x, b, rows), touch(x, b.id)); err != nil {
				return err
			}
		}
		if at.last {
			if _, err := x.exec("brand.SetRescored", at.Version, b.id); err != nil {
				return err
			}
			_, err = x.exec("cursor.Remove", b.id, rescoreCursor)
			return err
		}
		c, err := json.Marshal(at)
		if err != nil {
			return err
		}
		err = setCursor(x, b.id, scan.Page{Source: rescoreCursor, Cursor: c}, scan.Saved{})
		return err
	})
	if err == nil {
		total.Changed += n.Changed
		total.Turned += n.Turned
		total.LeftOut += n.LeftOut
		total.Returned += n.Returned
	}
	return err
}

// revised gives the changes that verdicts make to rows as they are stored now.
func revised(x *session, brand int64, fresh []verdict, n *Rescored) ([]rowChange, error) {
	asked := make([]*post, len(fresh))
	for i, v := range fresh {
		asked[i] = &post{fact: fact{platform: clean(string(v.Platform)), id: clean(v.ID)}}
	}
	stored, err := storedPosts(x, brand, asked)
	if err != nil {
		return nil, err
	}
	rows := make([]rowChange, 0, len(fresh))
	for i, v := range fresh {
		old := stored[asked[i].mentionKey()]
		if old == nil { // deleted meanwhile
			continue
		}
		now := *old
		now.sentiment, now.tone, now.ruled = v.sentiment, v.tone, v.out
		if now.sentiment == old.sentiment && now.tone == old.tone && now.ruled == old.ruled {
			continue
		}
		n.Changed++
		n.Turned += bit(now.tone != old.tone)
		n.LeftOut += bit(now.out() && !old.out())
		n.Returned += bit(!now.out() && old.out())
		rows = append(rows, rowChange{old: old, now: &now, judged: true})
	}
	return rows, nil
}
