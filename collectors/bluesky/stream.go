package bluesky

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"

	"adalid/collectors"
)

// pace is how fast a stream becomes pages.
type pace struct {
	fill  int           // mentions after which a page is handed on
	soon  time.Duration // or when the first of them has waited so long
	late  time.Duration // pages without mentions, for deletions and the cursor
	quiet time.Duration // silence after which a replay is left to the next call
	span  time.Duration // how long one page of a replay is read
	ping  time.Duration // how often the connection is tried
}

// usual is the pace outside of tests.
var usual = pace{fill: batch, soon: time.Second, late: 10 * time.Second, quiet: 10 * time.Second, span: 20 * time.Second, ping: 30 * time.Second}

const (
	// rewind is read again by the next connection: servers do not keep exactly
	// the same order.
	rewind = 5 * time.Second
	// handover is read again where a stream goes on from a search, whose index
	// lags behind.
	handover = 2 * time.Minute
	// largestAsked is what the server is asked to leave out beyond, largestRead
	// what ends the connection: bytes of one message.
	largestAsked, largestRead = 256 << 10, 1 << 20
	// gap is from when it is told that Jetstream no longer holds what was asked.
	gap = 5 * time.Minute
)

// feed is an open connection to Jetstream. Its goroutines end with close.
type feed struct {
	conn   *websocket.Conn
	events chan []byte
	failed chan error // holds one error, after the last event
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// dial opens Jetstream at a time in unix microseconds; 0 is now.
func (c *collector) dial(ctx context.Context, cursor int64) (*feed, error) {
	v := url.Values{"wantedCollections": {postType}, "maxMessageSizeBytes": {strconv.Itoa(largestAsked)}}
	if cursor > 0 {
		v.Set("cursor", strconv.FormatInt(cursor, 10))
	}
	conn, _, err := websocket.Dial(ctx, c.set.Jetstream+"/subscribe?"+v.Encode(), &websocket.DialOptions{HTTPClient: collectors.Client(c.http)})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if refusal(err) != nil {
			return nil, explained(refusal(err))
		}
		return nil, &collectors.Error{
			Kind: collectors.Schema, Message: "the server at the Jetstream address does not speak as Jetstream does", Err: err,
			Fix: "Check the address of Jetstream in the settings.",
		}
	}
	conn.SetReadLimit(largestRead)
	ctx, cancel := context.WithCancel(ctx)
	f := &feed{conn: conn, events: make(chan []byte, 256), failed: make(chan error, 1), cancel: cancel}
	f.done.Go(func() { f.read(ctx) })
	f.done.Go(func() { f.watch(ctx, c.pace.ping) })
	return f, nil
}

// read passes messages on until the connection ends.
func (f *feed) read(ctx context.Context) {
	for {
		_, message, err := f.conn.Read(ctx)
		if err != nil {
			f.failed <- err
			close(f.events)
			return
		}
		select {
		case f.events <- message:
		case <-ctx.Done():
			f.failed <- ctx.Err()
			close(f.events)
			return
		}
	}
}

// watch tries the connection, so that one that died in silence is noticed.
func (f *feed) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			wait, cancel := context.WithTimeout(ctx, 2*every)
			err := f.conn.Ping(wait)
			if cancel(); err != nil {
				f.cancel()
			}
		case <-ctx.Done():
			return
		}
	}
}

// close ends the connection and waits for its goroutines.
func (f *feed) close() {
	f.cancel()
	_ = f.conn.CloseNow() // nothing is left to be said
	f.done.Wait()
}

// broke says why a connection ended.
func broke(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return &collectors.Error{Kind: collectors.Schema, Message: "Jetstream sent a message beyond the agreed size", Err: err}
	}
	return &collectors.Error{Kind: collectors.Transient, Message: "the connection to Jetstream broke off", Err: err}
}

// Stream reads posts as they appear, from where the last stream or search
// stopped. It ends with an error when the connection does: whoever calls it
// calls it again with the last cursor.
func (c *collector) Stream(ctx context.Context, q collectors.Query, from collectors.Cursor, save func(collectors.Page) error) error {
	st, err := decodeCursor(from)
	if err != nil {
		return err
	}
	b, err := c.listen(ctx, q)
	if err != nil {
		return err
	}
	f, err := c.dial(ctx, b.from(&st, c.now()))
	if err != nil {
		return err
	}
	defer f.close()
	caught, present := false, c.now().UnixMicro()
	soon, late := time.NewTimer(c.pace.soon), time.NewTicker(c.pace.late)
	soon.Stop()
	defer late.Stop()
	for {
		due := false
		select {
		case message, ok := <-f.events:
			if !ok {
				return f.lost(ctx, b, func() error { return c.hand(ctx, b, &st, save) })
			}
			before := len(b.mentions)
			b.event(message)
			if before == 0 && len(b.mentions) == 1 {
				soon.Reset(c.pace.soon)
			}
			if due = b.full(c.pace.fill); !caught && b.last >= present {
				caught, due = true, true // tell at once that the present is reached
			}
		case <-soon.C:
			due = true
		case <-late.C:
			due = b.passed
		case <-ctx.Done():
			return ctx.Err()
		}
		if due {
			if err := c.hand(ctx, b, &st, save); err != nil {
				return err
			}
			soon.Stop()
		}
	}
}

// lost hands on what came before the connection ended, and says why it did.
func (f *feed) lost(ctx context.Context, b *listener, hand func() error) error {
	err := <-f.failed
	if ctx.Err() == nil && b.passed {
		if err := hand(); err != nil {
			return err
		}
	}
	return broke(ctx, err)
}

// hand completes a page, saves it and begins the next.
func (c *collector) hand(ctx context.Context, b *listener, st *state, save func(collectors.Page) error) error {
	page, err := c.page(ctx, b, st)
	if err != nil {
		return err
	}
	page.More = true
	return save(page)
}

// replay reads one page of what Jetstream holds since the last call, until it
// has caught up: what Collect does without credentials.
func (c *collector) replay(ctx context.Context, q collectors.Query, st state) (collectors.Page, error) {
	b, err := c.listen(ctx, q)
	if err != nil {
		return collectors.Page{}, err
	}
	began := c.now()
	if st.Live == 0 {
		since := began.Add(-time.Duration(c.set.ReplayHours) * time.Hour)
		if q.Since.After(since) {
			since = q.Since
		}
		st.Live = since.UnixMicro()
	}
	f, err := c.dial(ctx, b.from(&st, began))
	if err != nil {
		return collectors.Page{}, err
	}
	defer f.close()
	more, err := c.catchUp(ctx, f, b, reach{beyond: st.Live, until: began.UnixMicro()})
	if err == nil && more && b.last <= st.Live {
		err = collectors.Errorf(collectors.Schema, "Jetstream sends the same posts again and again")
	}
	if err != nil {
		return collectors.Page{}, err
	}
	page, err := c.page(ctx, b, &st)
	page.More = more
	return page, err
}

// reach says which events a page of a replay has to bring: some beyond what was
// read before, none beyond the call. Unix microseconds.
type reach struct{ beyond, until int64 }

// catchUp reads until the events are as young as the call, the stream falls
// silent, or the page is full; then there is more. Silence proves nothing, a
// server may still be looking for where to begin: the cursor stays at the last
// event.
func (c *collector) catchUp(ctx context.Context, f *feed, b *listener, r reach) (more bool, err error) {
	span, quiet := time.NewTimer(c.pace.span), time.NewTimer(c.pace.quiet)
	defer span.Stop()
	defer quiet.Stop()
	for {
		select {
		case message, ok := <-f.events:
			if !ok {
				return false, broke(ctx, <-f.failed)
			}
			b.event(message)
			if b.last >= r.until {
				return false, nil
			}
			if b.full(pageSize) && b.last > r.beyond {
				return true, nil
			}
			quiet.Reset(c.pace.quiet)
		case <-span.C:
			return b.last > 0, nil
		case <-quiet.C:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
