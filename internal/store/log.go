package store

import (
	"log/slog"
	"os"
)

// The write-ahead log is moved into the database beside the writer each time
// it has grown by walStep, and emptied by the writer itself at walLimit: beside
// a writer that never rests it would grow for ever.
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
	next   int64         // size that asks for the next one beside the writer
	full   int64         // size that makes the writer empty the log
}

func newLog(path string, logger *slog.Logger) *waLog {
	return &waLog{path: path, logger: logger, busy: make(chan struct{}, 1), next: walStep, full: walLimit}
}

// tend does what the size of the log asks for after a transaction of writer.
func (l *waLog) tend(writer *direct) {
	info, err := os.Stat(l.path + "-wal")
	switch {
	case err != nil || info.Size() <= l.next:
	case info.Size() <= l.full:
		l.beside(info.Size())
	default:
		l.empty(writer, info.Size())
	}
}

// beside starts a checkpoint unless one is running.
func (l *waLog) beside(size int64) {
	select {
	case l.busy <- struct{}{}:
	default:
		return
	}
	l.next = size + walStep
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

// empty moves the rest of the log; where a long reader keeps it from that, it
// tries again when the log has doubled.
func (l *waLog) empty(writer *direct, size int64) {
	l.busy <- struct{}{}
	defer func() { <-l.busy }()
	emptied, err := writer.checkpoint("TRUNCATE")
	if err != nil || !emptied {
		l.next, l.full = size+walStep, 2*size
		l.logger.Warn("store: the log could not be emptied, a long reader holds it", "bytes", size, "err", err)
		return
	}
	l.next, l.full = walStep, walLimit
}

func (l *waLog) close() error {
	l.busy <- struct{}{}
	if l.conn == nil {
		return nil
	}
	return l.conn.close()
}
