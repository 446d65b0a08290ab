package collectors

import "context"

// Meter books what costs money or quota. What is booked and never settled, as
// after a crash, counts as spent.
type Meter interface {
	// Reserve books units before the request that uses them up, as many of most
	// as the budget still allows. Fewer than least is an *Error of kind Budget.
	Reserve(ctx context.Context, unit string, least, most int64) (Reservation, error)
}

// Reservation is what a Meter has booked.
type Reservation interface {
	Granted() int64 // units, from least to most
	// Settle says what the request really used up. Ids name what was read, for
	// units that are charged once per object and UTC day; nil counts n units.
	Settle(ctx context.Context, n int64, ids []string) error
}

// Free is a Meter that allows everything.
type Free struct{}

// Reserve grants most.
func (Free) Reserve(_ context.Context, _ string, _, most int64) (Reservation, error) {
	return free(most), nil
}

type free int64

func (f free) Granted() int64                              { return int64(f) }
func (free) Settle(context.Context, int64, []string) error { return nil }
