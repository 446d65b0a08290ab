package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"runtime"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/scoring"
)

var problemType = reflect.TypeFor[Problem]()

// Health is the answer of a service that can do its work.
type Health struct {
	Status string    `json:"status" enum:"ok"`
	Time   time.Time `json:"time" doc:"The server's clock."`
}

// Version names what is running.
type Version struct {
	Version string `json:"version" doc:"Of the program."`
	Formula string `json:"formula" doc:"Of the scoring."`
	API     string `json:"api"`
	Go      string `json:"go"`
}

type healthAnswer struct{ Body Health }

type versionAnswer struct{ Body Version }

type specAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *server) registerStatus(a huma.API) {
	register(a, op(http.MethodGet, "/health", "get-health", "Whether the service can do its work"),
		func(ctx context.Context, _ *empty) (*healthAnswer, error) {
			if s.Check != nil {
				if err := s.Check(ctx); err != nil {
					return nil, adalid.Wrapf(adalid.Unavailable, err, "The service cannot do its work now; its log says why.")
				}
			}
			return &healthAnswer{Health{Status: "ok", Time: s.Now().UTC()}}, nil
		})
	register(a, op(http.MethodGet, "/version", "get-version", "What is running"),
		func(context.Context, *empty) (*versionAnswer, error) {
			return &versionAnswer{Version{s.Version, scoring.Version, "v1", runtime.Version()}}, nil
		})
	spec := op(http.MethodGet, "/openapi.json", "get-openapi", "This description")
	spec.Responses = map[string]*huma.Response{"200": {
		Description: "OpenAPI 3.1",
		Content:     map[string]*huma.MediaType{"application/openapi+json": {Schema: &huma.Schema{Type: "object"}}},
	}}
	register(a, spec, func(context.Context, *empty) (*specAnswer, error) {
		return &specAnswer{"application/openapi+json", s.spec()}, nil
	})
}

// describe gives the OpenAPI file: indented, the same bytes each time.
func describe(o *huma.OpenAPI) []byte {
	raw, err := json.Marshal(o)
	if err != nil {
		return nil // a description of plain structs always marshals; a test holds it
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil
	}
	out.WriteByte('\n')
	return out.Bytes()
}
