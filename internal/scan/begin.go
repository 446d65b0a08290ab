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
	brand, sources, err := l.choose(ctx, o)
	if err != nil {
		return 0, err
	}
	if id, busy := l.doing(brand.Name); busy {
		return 0, Busy(brand.Name, id)
	}
	free := l.enter(brand.Name, sources)
	if len(free) < len(sources) { // somebody was faster
		l.leave(brand.Name, free...)
		return 0, Busy(brand.Name, l.Doing(brand.Name))
	}
	id, err := l.Legs.StartWhole(ctx, o.kept(brand.Name, sources))
	if err != nil {
		l.leave(brand.Name, free...)
		return 0, fmt.Errorf("scan: %w", err)
	}
	o.Brand, o.Whole = brand.Name, id
	l.named(brand.Name, id, free)
	work.Go(func() { l.goOn(ctx, brand, free, o) })
	return id, nil
}

// Doing gives the latest scan by which this process scans a brand, 0 when it
// does not.
func (l *Live) Doing(brand string) int64 {
	id, _ := l.doing(brand)
	return id
}

func (l *Live) doing(brand string) (id int64, busy bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for at, of := range l.busy {
		if at.brand == fold(brand) {
			id, busy = max(id, of), true
		}
	}
	return id, busy
}
