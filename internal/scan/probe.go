package scan

import (
	"context"
	"slices"
	"strings"

	"adalid/collectors"
)

// ofKeys are the refusals that other credentials may cure.
var ofKeys = []collectors.Kind{collectors.Auth, collectors.Forbidden, collectors.NotEntitled}

// withKeys adds to what is to be done where credentials come from. Kinds that
// work without any have many servers: what they say themselves names the right one.
func withKeys(fix string, d collectors.Definition) string {
	switch {
	case d.KeysAt == "" || strings.Contains(fix, d.KeysAt):
		return fix
	case fix == "":
		return "get new credentials at " + d.KeysAt
	case slices.Contains(d.Can, collectors.Keyless):
		return fix
	}
	return strings.TrimSuffix(fix, ".") + " (keys: " + d.KeysAt + ")"
}

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
		if d, ok := l.Definition(s); ok && slices.Contains(ofKeys, now.Kind) {
			now.Fix = withKeys(now.Fix, d)
		}
		return now
	}
	return Standing{Source: s.Name, State: Done, Reason: "answers, and the credentials are good"}
}
