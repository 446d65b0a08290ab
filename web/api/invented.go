package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
)

// Inventor loads the invented brand.
type Inventor interface {
	// LoadDemo gives the invented brand and loads it where it is not there; Conflict
	// when a brand of its name is real, or is only being loaded.
	LoadDemo(ctx context.Context) (b adalid.Brand, created bool, err error)
}

type demoAnswer struct {
	Status   int
	Location string `header:"Location"`
	Body     Brand
}

func (s *server) registerDemo(a huma.API) {
	o := described(op(http.MethodPost, "/demo", "load-demo", "Load the invented brand"),
		"For looking around: nobody in it exists. It is there at once where it was loaded before; remove-brand removes it again.")
	register(a, also(o, "201", "It was loaded"), s.loadDemo)
}

func (s *server) loadDemo(ctx context.Context, _ *empty) (*demoAnswer, error) {
	b, created, err := s.Inventor.LoadDemo(ctx)
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return &demoAnswer{status, brandURL(b.Name), wireBrand(ctx, b)}, nil
}
