package scan

import (
	"context"
	"fmt"
	"sync"

	"adalid"
)

// UnderWay says that a brand is being scanned already. It comes wrapped in an
// Error with code Conflict.
type UnderWay struct{ ID int64 } // of the scan's record; 0: not made yet

// Error names the scan.
func (u *UnderWay) Error() string { return fmt.Sprintf("scan %d is under way", u.ID) }

// Busy is the error for a brand that is being scanned.
func Busy(brand string, id int64) error {
	return adalid.Wrapf(adalid.Conflict, &UnderWay{id}, "a scan of brand %q is under way already", brand)
}

// Begin records a scan, starts it in a goroutine of work and gives the id of
// its record. A brand that this process scans already is an *UnderWay; what
// Scan would refuse is refused here. The scan ends with ctx.
func (l *Live) Begin(ctx context.Context, o Order, work *sync.WaitGroup) (int64, error) {
	brand, _, err := l.choose(ctx, o)
	if err != nil {
		return 0, err
	}
	if !l.enter(brand.Name) {
		return 0, Busy(brand.Name, l.Doing(brand.Name))
	}
	id, err := l.Legs.StartWhole(ctx, brand.Name)
	if err != nil {
		l.leave(brand.Name)
		return 0, fmt.Errorf("scan: %w", err)
	}
	l.named(brand.Name, id)
	o.Brand, o.Whole = brand.Name, id
	work.Go(func() {
		defer l.leave(brand.Name)
		l.goOn(ctx, o)
	})
	return id, nil
}

// Doing gives the scan by which this process scans a brand, 0 when it does not.
func (l *Live) Doing(brand string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.busy[fold(brand)]
}
