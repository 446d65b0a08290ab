package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

const (
	maxJSONBody  = 1 << 20
	maxJSONDepth = 16
)

// repeatable are the query parameters that may be given more than once.
var repeatable = []string{"map"}

// filled are the query parameters that cannot be empty: whoever gives one means
// something, and huma takes an empty one for one left out.
var filled = []string{"weights"}

// gate refuses what huma lets pass: odd encodings, parameters given twice,
// JSON with duplicate keys, without an end of nesting, or of another type.
func gate(c *gin.Context) {
	c.Request.Header.Del("Accept") // JSON is all there is
	fault := unescapeParams(c.Params)
	if fault == nil {
		fault = checkQuery(c.Request.URL.RawQuery)
	}
	if fault != nil {
		WriteProblem(c, fault, nil)
		return
	}
	switch c.Request.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		if !isUpload(c) && !isPush(c) && !bodyless(c) {
			checkBody(c)
		}
	}
}

// isUpload tells whether the request brings a file instead of JSON.
func isUpload(c *gin.Context) bool {
	return c.Request.Method == http.MethodPost && strings.HasSuffix(c.FullPath(), "/imports")
}

// bodyless tells requests that bring nothing and say so: huma knows whether
// the operation can do without.
func bodyless(c *gin.Context) bool {
	return c.Request.ContentLength == 0 && c.GetHeader("Content-Type") == ""
}

// unescapeParams decodes path parameters and says what is wrong with them, or
// nil. gin would decode them as it does queries, and make a space of the plus
// in a name.
func unescapeParams(params gin.Params) *Problem {
	for i, p := range params {
		v, err := url.PathUnescape(p.Value)
		if err != nil || !plain(v) {
			return invalid("path."+p.Key, fmt.Sprintf("the %s in the address is not plain text in UTF-8", p.Key))
		}
		params[i].Value = v
	}
	return nil
}

// checkQuery says what is wrong with a query, or nil.
func checkQuery(raw string) *Problem {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return invalid("query", "the query of the address cannot be read; check its percent-encoding")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		vs, at := values[name], "query."+clean(name)
		if len(vs) > 1 && !slices.Contains(repeatable, name) {
			return invalid(at, fmt.Sprintf("the parameter %s is given more than once", clean(name)))
		}
		if !plain(name) || slices.ContainsFunc(vs, func(v string) bool { return !plain(v) }) {
			return invalid(at, fmt.Sprintf("the parameter %s is not plain text in UTF-8", clean(name)))
		}
		if slices.Contains(filled, name) && slices.Contains(vs, "") {
			return invalid(at, fmt.Sprintf("the parameter %s is empty; leave it out for the server's own", name))
		}
	}
	return nil
}

// plain tells whether s is UTF-8 without control characters.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// checkBody reads a JSON body whole and puts it back when it is fit for huma.
func checkBody(c *gin.Context) {
	ct, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || ct != "application/json" {
		Refuse(c, http.StatusUnsupportedMediaType, "Send the body as application/json.")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxJSONBody))
	if err != nil {
		WriteProblem(c, bodyProblem(err), nil)
		return
	}
	if fault := checkJSON(body); len(body) > 0 && fault != "" {
		Refuse(c, http.StatusBadRequest, fault)
		return
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(body))
}

// bodyProblem says why a body could not be read.
func bodyProblem(err error) *Problem {
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit))
	case errors.As(err, &network) && network.Timeout():
		return newProblem(http.StatusRequestTimeout, "The body came too slowly.")
	default:
		return newProblem(http.StatusBadRequest, "The body could not be read to its end.")
	}
}

// checkJSON says what is wrong with a body, or "": it has to be one JSON value
// in UTF-8, its nesting bounded, each key of an object given once. Keys that
// differ in case only count as one, because decoding treats them so.
func checkJSON(body []byte) string {
	const notJSON = "The body is not JSON."
	if !utf8.Valid(body) {
		return notJSON
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var open []map[string]bool // keys of the objects around; nil for an array
	isKey := false
	for {
		t, err := d.Token()
		if err != nil {
			return notJSON
		}
		if key, ok := t.(string); ok && isKey {
			keys := open[len(open)-1]
			if key = strings.ToLower(key); keys[key] {
				return "The JSON has an object in which a key is given more than once."
			}
			keys[key], isKey = true, false
			continue
		}
		switch t {
		case json.Delim('{'):
			open = append(open, map[string]bool{})
		case json.Delim('['):
			open = append(open, nil)
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if len(open) > maxJSONDepth {
			return fmt.Sprintf("The JSON is nested deeper than %d levels.", maxJSONDepth)
		}
		if len(open) == 0 {
			break
		}
		isKey = open[len(open)-1] != nil
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return notJSON
	}
	return ""
}
