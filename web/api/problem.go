package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid"
)

// RequestIDHeader carries the id of a request, in both directions.
const RequestIDHeader = "X-Request-Id"

// statusGone is what the access log shows for clients that left before the
// answer; nobody receives it.
const statusGone = 499

// Problem is the answer to every request that fails (RFC 9457).
type Problem struct {
	Title     string       `json:"title" doc:"What kind of problem it is."`
	Status    int          `json:"status" doc:"HTTP status of the answer."`
	Code      string       `json:"code" doc:"Machine-readable kind: invalid, not_found, conflict, forbidden, rate_limited, unavailable, internal, …"`
	Detail    string       `json:"detail" doc:"One sentence about this case."`
	RequestID string       `json:"request_id,omitempty" doc:"Finds this request in the server's log."`
	Errors    []FieldError `json:"errors,omitempty" nullable:"false" doc:"What is wrong with which part of the request."`
}

// FieldError says what is wrong with one part of a request. It never repeats
// the value.
type FieldError struct {
	Location string `json:"location,omitempty" doc:"Such as query.limit or body.name."`
	Message  string `json:"message" doc:"What is expected."`
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names problems as such.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the one place where an error code becomes an HTTP status.
func statusOf(code adalid.Code) int {
	switch code {
	case adalid.NotFound:
		return http.StatusNotFound
	case adalid.Invalid:
		return http.StatusUnprocessableEntity
	case adalid.Conflict:
		return http.StatusConflict
	case adalid.Forbidden:
		return http.StatusForbidden
	case adalid.Unauthorized:
		return http.StatusUnauthorized
	case adalid.RateLimited:
		return http.StatusTooManyRequests
	case adalid.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// codeOf names a status for machines.
func codeOf(status int) string {
	switch status {
	case http.StatusNotFound:
		return string(adalid.NotFound)
	case http.StatusConflict:
		return string(adalid.Conflict)
	case http.StatusUnauthorized:
		return string(adalid.Unauthorized)
	case http.StatusPreconditionFailed:
		return "precondition_failed"
	case http.StatusForbidden:
		return string(adalid.Forbidden)
	case http.StatusTooManyRequests:
		return string(adalid.RateLimited)
	case http.StatusServiceUnavailable:
		return string(adalid.Unavailable)
	case http.StatusMethodNotAllowed:
		return "method_not_allowed"
	case http.StatusRequestTimeout:
		return "timeout"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	case http.StatusMisdirectedRequest:
		return "misdirected"
	case http.StatusTemporaryRedirect:
		return "moved"
	}
	if status >= 500 {
		return "internal"
	}
	return string(adalid.Invalid)
}

func newProblem(status int, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Code: codeOf(status), Detail: detail}
}

// invalid says what is wrong with one part of a request; the message never
// repeats the value.
func invalid(location, message string) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, sentence(message))
	p.Errors = []FieldError{{Location: location, Message: message}}
	return p
}

// ProblemOf turns a handler's error into what the client may see: the message
// of a coded error, nothing of any other.
func ProblemOf(err error) *Problem {
	var p *Problem
	var coded *adalid.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &coded) && statusOf(coded.Code) < 500, coded != nil && coded.Code == adalid.Unavailable:
		return newProblem(statusOf(coded.Code), sentence(coded.Message))
	case errors.Is(err, context.Canceled):
		return &Problem{Title: "Client Closed Request", Status: statusGone, Code: "canceled", Detail: "The request was given up."}
	case errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusServiceUnavailable, "The answer took too long. Try again, or ask for less.")
	default:
		return newProblem(http.StatusInternalServerError, "Internal error. The request id finds it in the server's log.")
	}
}

// WriteProblem answers with p and ends the request. The cause, when there is
// one, goes to the access log.
func WriteProblem(c *gin.Context, p *Problem, cause error) {
	if cause != nil {
		_ = c.Error(cause)
	}
	c.Abort()
	if c.Writer.Written() {
		return // too late to say anything
	}
	p.RequestID = c.Writer.Header().Get(RequestIDHeader)
	body, err := json.Marshal(p)
	if err != nil {
		_ = c.Error(err)
	}
	c.Data(p.Status, p.ContentType(""), append(body, '\n'))
}

// Refuse answers a request that cannot be served with status and detail.
func Refuse(c *gin.Context, status int, detail string) {
	WriteProblem(c, newProblem(status, detail), nil)
}

// overrideErrors makes huma answer with our Problem. huma keeps its error
// makers in package variables, so this is set once for the process; what is
// set keeps no state.
var overrideErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return fromHuma(status, msg, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		for _, err := range errs {
			if status >= 500 && err != nil {
				_ = humagin.Unwrap(ctx).Error(err) // for the access log
			}
		}
		return fromHuma(status, msg, errs)
	}
})

// sign is huma's last step before an answer is written: it gives problems
// their request id.
func sign(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*Problem); ok {
		p.RequestID = humagin.Unwrap(ctx).Writer.Header().Get(RequestIDHeader)
	}
	return v, nil
}

// fromHuma turns huma's errors into a Problem. Handler errors arrive with
// status 500, refused requests with a status below.
func fromHuma(status int, msg string, errs []error) *Problem {
	if status >= 500 {
		return ProblemOf(errors.Join(errs...))
	}
	p := newProblem(status, sentence(msg))
	for i, err := range errs {
		var d *huma.ErrorDetail
		if i == maxFieldErrors || !errors.As(err, &d) {
			break
		}
		p.Errors = append(p.Errors, FieldError{Location: clean(d.Location), Message: message(d.Message)})
	}
	return p
}

const maxFieldErrors = 20

// message leaves out what encoding/json says about our types.
func message(m string) string {
	if strings.Contains(m, "json:") || strings.Contains(m, "Go ") {
		return "the value cannot be read"
	}
	return m
}

// clean makes a location, parts of which the client chose, fit to print.
func clean(s string) string {
	const longest = 100
	n := 0
	return strings.Map(func(r rune) rune {
		n++
		if n > longest || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// sentence gives a message the form of a sentence.
func sentence(msg string) string {
	switch msg {
	case "":
		return ""
	case "validation failed":
		return "The request is not as it should be; errors says where."
	}
	first, size := utf8.DecodeRuneInString(msg)
	msg = string(unicode.ToUpper(first)) + msg[size:]
	if !strings.HasSuffix(msg, ".") {
		msg += "."
	}
	return msg
}
