package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"adalid/collectors"
)

// Why a span ended by itself.
var (
	errTotal = errors.New("the time for the whole request is over")
	errIdle  = errors.New("the answer stopped coming, or came too slowly")
)

// span is the life of a request, from the call to the last byte of its answer.
type span struct {
	parent context.Context
	ctx    context.Context
	cancel context.CancelCauseFunc
	total  *time.Timer
}

func newSpan(parent context.Context, total time.Duration) *span {
	ctx, cancel := context.WithCancelCause(parent)
	return &span{parent, ctx, cancel, time.AfterFunc(total, func() { cancel(errTotal) })}
}

func (s *span) end() {
	s.total.Stop()
	s.cancel(context.Canceled)
}

// ended is why a context is over: Canceled or DeadlineExceeded are in it.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return errors.Join(ctx.Err(), cause)
	}
	return ctx.Err()
}

// fault turns an error of the network into an *collectors.Error. The errors of
// net/http are not passed on: some quote what the server sent, and timeouts of
// net look like those of a context.
func (s *span) fault(err error) error {
	if s.parent.Err() != nil {
		return ended(s.parent)
	}
	if cause := context.Cause(s.ctx); cause == errTotal || cause == errIdle {
		return &collectors.Error{Kind: collectors.Transient, Message: "the platform answers too slowly", Err: cause}
	}
	if e := (*collectors.Error)(nil); errors.As(err, &e) {
		return e
	}
	if r := (*refusal)(nil); errors.As(err, &r) {
		return r.fault()
	}
	return networkFault(err)
}

// lasting marks the cause of a failure that asking again at once does not cure.
type lasting struct{ error }

// moment tells whether a failure without an answer may be gone at once.
func moment(err error) bool {
	var e *collectors.Error
	return errors.As(err, &e) && e.Kind == collectors.Transient && !errors.As(e.Err, new(lasting)) && e.Err != errTotal && e.Err != errIdle
}

func networkFault(err error) *collectors.Error {
	var (
		dns  *net.DNSError
		op   *net.OpError
		cert *tls.CertificateVerificationError
		rec  tls.RecordHeaderError
		name x509.HostnameError
		over net.Error
	)
	fault := func(kind collectors.Kind, message, fix string, cause error) *collectors.Error {
		return &collectors.Error{Kind: kind, Message: message, Fix: fix, Err: cause}
	}
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault(collectors.Transient, "no such host is known", "check how the host is written", lasting{errors.New("no address for " + dns.Name)})
	case errors.As(err, &cert) || errors.As(err, &name):
		return fault(collectors.Forbidden, "the host's certificate is not valid for it", "check how the host is written, and the clock of this machine", lasting{errors.New("certificate not verified")})
	case errors.As(err, &rec):
		return fault(collectors.Schema, "the host does not speak https on this port", "try the address with http://", lasting{errors.New("no TLS")})
	case strings.Contains(err.Error(), "headers exceeded") || strings.Contains(err.Error(), "header list larger"):
		return fault(collectors.Schema, "the answer's headers are too large", "", lasting{errors.New("more than 256 KiB of headers")})
	case errors.As(err, &over) && over.Timeout():
		return fault(collectors.Transient, "the platform answers too slowly", "", lasting{errors.New("timeout while connecting or waiting for the answer")})
	case errors.As(err, &op):
		return fault(collectors.Transient, "the platform cannot be reached", "", errors.New(op.Op+" failed: "+lastOf(op.Err)))
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fault(collectors.Transient, "the platform broke off the connection", "", errors.New("connection closed"))
	}
	return fault(collectors.Transient, "the platform could not be asked", "", errors.New("the connection failed, or what came is not HTTP"))
}

// lastOf is the text of the innermost error: that of a system call.
func lastOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
