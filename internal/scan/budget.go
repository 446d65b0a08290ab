package scan

import (
	"context"
	"fmt"
	"time"

	"adalid/collectors"
)

// Booking says for whom something is spent.
type Booking struct {
	Brand  string
	Source string
	Leg    int64
	Unit   string
	Price  int64     // millionths of a US dollar for one unit
	Daily  int64     // units that a day allows; 0: no such limit
	Zone   string    // IANA zone of that day; "" UTC
	At     time.Time // when it is booked
	Minor  bool      // beside the reading of posts: a quarter of what a day allows is enough
}

// Purse keeps what is spent: all brands and processes book in the same one.
type Purse interface {
	// Book takes up to most units, never more than the limits of the source and
	// the brand leave for today, and gives how many and the entry's id; 0 when
	// they leave fewer than least, with the time from which more may be left.
	Book(ctx context.Context, b Booking, least, most int64) (granted, id int64, until time.Time, err error)
	// Settle says what a booking came to: n units and those of the ids that
	// were not charged today already.
	Settle(ctx context.Context, id int64, b Booking, n int64, ids []string) error
}

// meter is the collectors.Meter of one leg.
type meter struct {
	purse   Purse
	now     Clock
	booking Booking
	costs   []collectors.Cost
	zone    string
}

// Reserve books units of a paid or counted kind; others are free.
func (m *meter) Reserve(ctx context.Context, unit string, least, most int64) (collectors.Reservation, error) {
	b, counted := m.booking, false
	for _, c := range m.costs {
		if c.Unit == unit {
			b.Unit, b.Price, b.Daily, b.Zone, counted = unit, c.Micros, c.Daily, m.zone, true
		}
	}
	if !counted {
		return collectors.Free{}.Reserve(ctx, unit, least, most)
	}
	b.At = m.now()
	granted, id, until, err := m.purse.Book(ctx, b, least, most)
	if err != nil {
		return nil, fmt.Errorf("scan: book %s: %w", unit, err)
	}
	if granted < least {
		return nil, usedUp(b, until)
	}
	return &reservation{m.purse, b, id, granted}, nil
}

// usedUp says why nothing can be booked: a platform's quota is nobody's money.
func usedUp(b Booking, until time.Time) error {
	if b.Price == 0 {
		e := collectors.Errorf(collectors.Quota, "the %d units of %q that %s allows a day are used up", b.Daily, b.Unit, b.Source)
		e.Until, e.Fix = until, "it goes on by itself; brands that share the source share its quota"
		return e
	}
	e := collectors.Errorf(collectors.Budget, "the budget of %s is used up for now", b.Source)
	e.Until = until
	e.Fix = fmt.Sprintf("raise its monthly limit if more shall be read: adalid source edit %s --monthly-usd N; or the brand's, where it has one: adalid brand schedule BRAND --monthly-usd N", b.Source)
	return e
}

type reservation struct {
	purse   Purse
	booking Booking
	id      int64
	granted int64
}

func (r *reservation) Granted() int64 { return r.granted }

func (r *reservation) Settle(ctx context.Context, n int64, ids []string) error {
	// What was read was paid for, also when the scan has just been stopped.
	if err := r.purse.Settle(context.WithoutCancel(ctx), r.id, r.booking, n, ids); err != nil {
		return fmt.Errorf("scan: settle %s: %w", r.booking.Unit, err)
	}
	return nil
}

// Allowance is what a limit for a UTC month leaves to spend now, in millionths:
// what is left of the month is spread evenly over its remaining days, so that
// the last day can still read, and what a day leaves goes to the next ones.
func Allowance(monthly, before, today int64, now time.Time) int64 {
	now = now.UTC()
	days := time.Date(now.Year(), now.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	share := (monthly - before) / int64(days-now.Day()+1)
	return max(0, min(share, monthly-before)-today)
}
