package adalid

import (
	"errors"
	"fmt"
)

// Code classifies an Error; the HTTP status and the exit code follow from it,
// each in one switch.
type Code string

// The codes. Anything without a code is an internal error.
const (
	NotFound     Code = "not_found"    // the named thing does not exist
	Invalid      Code = "invalid"      // the input is wrong; the message says where and why
	Conflict     Code = "conflict"     // it contradicts what is stored
	Forbidden    Code = "forbidden"    // not allowed
	Unauthorized Code = "unauthorized" // nobody is signed in
	RateLimited  Code = "rate_limited" // allowed, but not now
	Unavailable  Code = "unavailable"  // a needed part is busy, full or gone; trying again can help
)

// Error is a failure with a code and a message that may be shown to the person
// who caused it. It never carries secrets or internal text; Err does, and goes
// to the log only.
type Error struct {
	Code    Code
	Message string // one sentence: what is wrong and, where possible, what to do
	Err     error  // the cause, or nil
}

// Error gives the message and the cause, for logs and the terminal.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error without a cause.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrapf makes an Error whose cause is err; only the formatted message is shown
// to clients.
func Wrapf(code Code, err error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// CodeOf gives the code of the first coded error in err's chain, or "" for an
// internal error and for nil.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
