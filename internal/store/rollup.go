package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// State tells the brand's data version and facts about its time range.
func (s *Store) State(ctx context.Context, brand string) (rank.State, error) {
	var st rank.State
	err := s.read(ctx, "read state", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		st = rank.State{DataVersion: b.version, Mark: b.mark}
		now := s.now().Unix()
		for _, q := range []struct {
			name string
			args []any
			take func(row)
		}{
			{"scan.LastEnd", []any{b.id}, func(r row) { st.LastScan = r.opt(0).time() }},
			{"mention.NewestCounted", []any{b.id, now}, func(r row) { st.Newest = r.opt(0).time() }},
			{"mention.CountUntimed", []any{b.id}, func(r row) { st.NoTime = r.int(0) }},
			{"mention.CountAfter", []any{b.id, now}, func(r row) { st.Future = r.int(0) }},
			{"assessed.Get", []any{b.id}, func(r row) { st.Standing = r.int(2) }},
			{"workflow.Get", []any{b.id}, func(r row) { st.Pipeline, st.Unfit = r.int(0), r.int(1) }},
			{"standing.Leased", []any{b.id, now}, func(r row) { st.Scanning = r.int(0) > 0 }},
		} {
			_, err := x.one(q.name, func(r row) error {
				q.take(r)
				return nil
			}, q.args...)
			if err != nil {
				return err
			}
		}
		if st.Own, err = ownAccounts(x, b.id); err != nil {
			return err
		}
		return x.query("observed.ByPlatform", func(r row) error {
			st.Observed = append(st.Observed, rank.Period{Platform: adalid.Platform(r.text(0)), From: r.opt(1).time(), To: r.opt(2).time()})
			return nil
		}, b.id, int64(settles/time.Second))
	})
	return st, err
}

// settles is for how long at most a platform shows late what was posted: a day
// in YouTube's search. Its collectors say only of what is older that it is known
// completely; up to their last reading it was read too, and will be once more,
// so that nobody needs to hear of a gap.
const settles = 25 * time.Hour

// Accounts yields every account that wrote about the brand, by ID. A number in
// Profiles that no post uses any more is an empty Profile. Texts of neighbours
// share memory: who keeps a few for long clones them, here and in Days and Edges.
func (s *Store) Accounts(ctx context.Context, brand string, yield func(rank.Account) error) error {
	return s.read(ctx, "read accounts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		list, err := newListing(x, b.id)
		if err != nil {
			return err
		}
		return list.each(yield)
	})
}

// profileRow is one profile of one author.
type profileRow struct {
	author, n    int64
	handle, name string
}

// ownRules answers which accounts are the brand's own.
type ownRules map[adalid.OwnAccount]bool

func newOwnRules(accounts []adalid.OwnAccount) ownRules {
	own := ownRules{}
	for _, a := range accounts {
		own[a] = true
	}
	return own
}

func (o ownRules) key(platform, key string) bool {
	return len(o) > 0 && (o[adalid.OwnAccount{Platform: adalid.Platform(platform), Key: key}] || o[adalid.OwnAccount{Key: key}])
}

func (o ownRules) handle(platform, handle string) bool {
	if len(o) == 0 || handle == "" {
		return false
	}
	handle = strings.ToLower(handle)
	return o[adalid.OwnAccount{Platform: adalid.Platform(platform), Handle: handle}] || o[adalid.OwnAccount{Handle: handle}]
}

// Days yields the whole-day roll-ups, by day, account, language; those of
// mentions without a time come first, with Day NoDay.
func (s *Store) Days(ctx context.Context, brand string, yield func(rank.Row) error) error {
	return s.read(ctx, "read roll-ups", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return wholeRollups(x, b.id, yield)
	})
}

const maxDay = 1<<31 - 1

// rollups reads the roll-ups of the days from to to, both included.
func rollups(x *session, brand int64, from, to int32, yield func(*rank.Row) error) error {
	return x.query("rollup.Between", func(r row) error {
		row := scanRollup(r)
		return yield(&row)
	}, brand, from, to)
}

// scanRollup reads the columns of rollup.columns.
func scanRollup(r row) rank.Row {
	row := rank.Row{
		Day: int32(r.int(0)), Account: r.int(1), Lang: r.text(2),
		Posts: int32(r.int(3)), Own: int32(r.int(4)), Reposted: int32(r.int(5)), Organic: int32(r.int(6)),
		EngagementKnown: int32(r.int(17)), Weight: r.int(18), SentimentWeight: r.int(19), SentimentSum: r.int(20),
		Scored: int32(r.int(21)), FollowersMax: r.opt(22).pointer(), FollowingLast: r.opt(23).pointer(),
		Profile: int32(r.int(24)), First: r.int(25), Last: r.int(26), LastID: r.text(27), Copies: int32(r.int(28)),
	}
	for i, sum := range [counters]*rank.Sum{&row.Likes, &row.Reposts, &row.Replies, &row.Quotes, &row.Views} {
		*sum = rank.Sum{Total: r.int(7 + 2*i), Known: int32(r.int(8 + 2*i))}
	}
	return row
}

// DayPart yields the rows made from the mentions with from ≤ created_at ≤ to,
// in the order of Days.
func (s *Store) DayPart(ctx context.Context, brand string, from, to time.Time, yield func(rank.Row) error) error {
	return s.read(ctx, "read part of a day", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		t := newTally()
		err = factsBetween(x, b.id, period{ceilSecond(from), to.Unix()}, func(f *fact) error {
			t.addRow(f)
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range t.sortedRows() {
			if err := yield(*r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tally) sortedRows() []*rank.Row {
	return slices.SortedFunc(maps.Values(t.rows), compareRows)
}

// period is a span of whole seconds, both ends included.
type period struct{ from, to int64 }

func ceilSecond(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}

func factsBetween(x *session, brand int64, p period, f func(*fact) error) error {
	return x.query("mention.Between", func(r row) error {
		fact := scanFact(r)
		return f(&fact)
	}, brand, p.from, p.to)
}

// Span is the part of a brand's mentions that figures are made of.
type Span struct {
	Since, Until time.Time       // both included; zero: open. With one set, mentions without time are left out
	Platform     adalid.Platform // "" all
	Lang         string          // "" all; else a primary subtag
}

// parts says which roll-ups and which raw rows make up a span.
type parts struct {
	timed        bool   // leaves out mentions without time
	span         period // the whole span
	head, tail   period // raw rows before and after the whole days; from > to: none
	first, until int32  // whole days, both included
}

func (s Span) parts() parts {
	none := period{1, 0}
	p := parts{
		timed: !s.Since.IsZero() || !s.Until.IsZero(), head: none, tail: none,
		span: period{minSecond, maxSecond}, first: NoDay, until: maxDay,
	}
	if p.timed {
		p.first = NoDay + 1
	}
	if !s.Since.IsZero() {
		p.span.from = max(minSecond, ceilSecond(s.Since))
	}
	if !s.Until.IsZero() {
		p.span.to = min(maxSecond, s.Until.Unix())
	}
	firstDay, lastDay := day(optional{p.span.from, true}), day(optional{p.span.to, true})
	dayStart := func(d int32) int64 { return int64(d) * secondsPerDay }
	if !s.Since.IsZero() {
		p.first = firstDay
		if p.span.from != dayStart(firstDay) {
			p.first++
			p.head = period{p.span.from, min(p.span.to, dayStart(p.first)-1)}
		}
	}
	if !s.Until.IsZero() {
		p.until = lastDay
		if p.span.to != dayStart(lastDay+1)-1 {
			p.until--
			p.tail = period{max(p.span.from, dayStart(lastDay)), p.span.to}
			if p.head.from <= p.head.to && p.head.to == p.span.to {
				p.tail = none // one day, both ends inside it
			}
		}
	}
	return p
}

// langMatches compares a language tag with a filter by primary subtag.
func langMatches(filter, tag string) bool {
	if filter == "" {
		return true
	}
	primary, _, _ := strings.Cut(tag, "-")
	return strings.EqualFold(filter, primary)
}

// rows yields the roll-ups of a span in order of day.
func (p parts) rows(x *session, brand int64, yield func(*rank.Row) error) error {
	part := func(at period) error {
		if at.from > at.to {
			return nil
		}
		t := newTally()
		err := factsBetween(x, brand, at, func(f *fact) error {
			t.addRow(f)
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range t.sortedRows() {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	}
	if err := part(p.head); err != nil {
		return err
	}
	if err := rollups(x, brand, p.first, p.until, yield); err != nil {
		return err
	}
	return part(p.tail)
}
