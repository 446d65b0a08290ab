package scan

import (
	"context"

	"adalid/collectors"
)

// Probe tests with one request, or two, whether a source answers and its
// credentials are good. Reason says so in one sentence either way.
func (l *Live) Probe(ctx context.Context, s Source) Standing {
	collector, err := l.Build(s, s.Brand, 0)
	if err != nil {
		return standing(s.Name, Report{}, err, l.Now())
	}
	prober, ok := collector.(collectors.Prober)
	if !ok {
		return Standing{Source: s.Name, State: Done, Reason: "its settings are complete; it cannot be tested without reading"}
	}
	if err := prober.Probe(ctx); err != nil {
		now := standing(s.Name, Report{}, err, l.Now())
		if d, ok := l.Definition(s); ok && d.KeysAt != "" && now.Kind == collectors.Auth && now.Fix == "" {
			now.Fix = "get new credentials at " + d.KeysAt
		}
		return now
	}
	return Standing{Source: s.Name, State: Done, Reason: "answers, and the credentials are good"}
}
