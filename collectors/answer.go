package collectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"
)

// JSON reads the answer into the value that into points to and closes it. What
// is no JSON, is cut short or holds values of other kinds is an *Error of kind
// Schema; an error of the network passes as it is. Numbers keep their digits
// where the target is a json.Number or a RawMessage.
func JSON(r *http.Response, into any) error {
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if e := (*Error)(nil); errors.As(err, &e) {
			return err
		}
		return &Error{Kind: Transient, Status: r.StatusCode, Message: "the platform's answer broke off", Err: err}
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	fault := func(message string, err error) error {
		return &Error{Kind: Schema, Status: r.StatusCode, Message: message, Body: body[:min(len(body), shownBody)], Err: err}
	}
	switch trimmed := bytes.TrimSpace(body); {
	case len(trimmed) == 0:
		return fault("the platform answered with nothing at all", nil)
	case trimmed[0] == '<':
		return fault("the platform answered with a web page instead of data", nil)
	case !utf8.Valid(trimmed):
		return fault("the platform's answer is not UTF-8", nil)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault("the platform's answer is not what its documents promise", err)
	}
	return nil
}
