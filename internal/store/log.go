package store

import "log/slog"

// The write-ahead log is moved into the database beside the writer each time
// it has grown by walStep, and by the writer itself at walLimit, which then
// begins it anew: beside a writer that never rests it would grow for ever. The
// file keeps its size: writing over what is there costs the file system less
// than making room again.
const (
	walStep  = 16 << 20  // bytes
	walLimit = 128 << 20 // bytes
)

// waLog tends the write-ahead log. Its methods belong to the writer.
type waLog struct {
	path   string // of the database
	logger *slog.Logger
	busy   chan struct{} // held while a checkpoint runs beside the writer
	conn   *direct       // which runs it; guarded by busy
	size   int64         // bytes that the writer has put into the log since it was begun
	next   int64         // size that asks for the next one beside the writer
	full   int64         // size that makes the writer begin the log anew
}

func newLog(path string, logger *slog.Logger) *waLog {
	return &waLog{path: path, logger: logger, busy: make(chan struct{}, 1), next: walStep, full: walLimit}
}

// tend does what the size of the log asks for after a transaction of writer.
func (l *waLog) tend(writer *direct) {
	l.size += writer.written()
	switch {
	case l.size <= l.next:
	case l.size <= l.full:
		l.beside()
	default:
		l.renew(writer)
	}
}

// beside starts a checkpoint unless one is running.
func (l *waLog) beside() {
	select {
	case l.busy <- struct{}{}:
	default:
		return
	}
	l.next = l.size + walStep
	go func() {
		defer func() { <-l.busy }()
		if l.conn == nil {
			var err error
			if l.conn, err = dial(l.path, readerCache, plain); err != nil {
				l.logger.Warn("store: no connection to tend the log", "err", err)
				return
			}
		}
		if _, err := l.conn.checkpoint("PASSIVE"); err != nil {
			l.logger.Warn("store: the log could not be moved into the database", "err", err)
		}
	}()
}

// renew moves the rest of the log; where a long reader keeps it from that, it
// tries again when the log has doubled.
func (l *waLog) renew(writer *direct) {
	l.busy <- struct{}{}
	defer func() { <-l.busy }()
	moved, err := writer.checkpoint("RESTART")
	if err != nil || !moved {
		l.next, l.full = l.size+walStep, 2*l.size
		l.logger.Warn("store: the log could not be emptied, a long reader holds it", "bytes", l.size, "err", err)
		return
	}
	l.size, l.next, l.full = 0, walStep, walLimit
}

func (l *waLog) close() error {
	l.busy <- struct{}{}
	if l.conn == nil {
		return nil
	}
	return l.conn.close()
}
