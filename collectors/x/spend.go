package x

import (
	"context"
	"errors"
	"net"
	"net/http"

	"adalid/collectors"
)

// smallest and largest are how many posts a page may have.
const smallest, largest = 10, 100

// booking is what a page may cost: posts and, where authors come with them, users.
type booking struct {
	size         int64
	posts, users collectors.Reservation
}

// book reserves a page before it is asked for, as large as the budget allows.
func (b *base) book(ctx context.Context, unit string, users bool) (booking, error) {
	k, err := booking{}, ctx.Err()
	if err != nil {
		return k, err // nothing is booked for a request that is not sent
	}
	if k.posts, err = b.meter.Reserve(ctx, unit, smallest, largest); err != nil {
		return k, err
	}
	k.size = min(k.posts.Granted(), largest)
	if !users {
		return k, nil
	}
	if k.users, err = b.meter.Reserve(ctx, userRead, smallest, k.size); err != nil {
		return k, errors.Join(err, k.posts.Settle(ctx, 0, nil))
	}
	k.size = min(k.size, k.users.Granted())
	return k, nil
}

// settle books what was really read.
func (k booking) settle(ctx context.Context, r read) error {
	ctx = context.WithoutCancel(ctx) // it is paid for whether anybody waits or not
	err := k.posts.Settle(ctx, r.unnamed, r.posts)
	if k.users != nil {
		err = errors.Join(err, k.users.Settle(ctx, 0, r.users))
	}
	return err
}

// read names what an answer held.
type read struct {
	posts, users []string
	unnamed      int64 // posts without an id
}

// free says that a request which ended in err cost nothing: X answered with a
// refusal, or it was never sent. Where the answer got lost or cannot be read it
// counts as spent.
func free(err error) bool {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return false
	}
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return true
	}
	if e.Status == 0 || e.Status == http.StatusOK {
		return e.Kind != collectors.Transient && e.Kind != collectors.Schema
	}
	return true
}

// giveBack settles what a failed request has not cost, and passes its error on.
func (k booking) giveBack(ctx context.Context, err error) error {
	if !free(err) {
		return err
	}
	if e := k.settle(ctx, read{}); e != nil {
		return errors.Join(err, e)
	}
	return err
}
