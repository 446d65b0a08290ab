package scan

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/match"
)

// Source is one configured use of a collector. A collector that needs no
// setting is a source of its own name until one is stored for it.
type Source struct {
	Name      string          // unique; the key of cursors
	Collector string          // collectors.Definition.Name
	Brand     string          // "" every brand
	Settings  json.RawMessage // checked against the definition; holds secrets
	Enabled   bool
	Monthly   *int64 // millionths of a US dollar that a UTC month may cost; nil: nothing
}

// State says how a scan of one source stands.
type State string

// The states.
const (
	Running State = "running"
	Done    State = "done"   // caught up
	Paused  State = "paused" // goes on by itself at Until
	Failed  State = "failed" // a person has to do something, or the next scan tries again
	Stopped State = "stopped"
)

// Standing is what came of one source in a scan.
type Standing struct {
	Source string
	State  State
	Kind   collectors.Kind // of what stopped it; "" when nothing did
	Reason string          // one sentence; "" when nothing stopped it
	Fix    string          // what to do; may be empty
	Until  time.Time       // when a paused one goes on
	Report Report

	Estimate *Estimate // of a paid source, made before it was read; nil: it was not asked this time
}

// Sources lists the stored sources of a brand, and those of collectors that
// need no setting, by name.
func Sources(stored []Source, definitions []collectors.Definition, brand string) []Source {
	var list []Source
	named := map[string]bool{}
	for _, s := range stored {
		named[s.Name] = true
		if s.Enabled && (s.Brand == "" || fold(s.Brand) == fold(brand)) {
			list = append(list, s)
		}
	}
	for _, d := range definitions {
		if slices.Contains(d.Can, collectors.Keyless) && !named[d.Name] {
			list = append(list, Source{Name: d.Name, Collector: d.Name, Settings: json.RawMessage("{}"), Enabled: true})
		}
	}
	slices.SortFunc(list, func(a, b Source) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// QueryOf gives a brand's query; its name in quotes where it has none.
func QueryOf(b adalid.Brand) string {
	if b.Query != "" {
		return b.Query
	}
	return strconv.Quote(strings.NewReplacer(`"`, " ", `\`, " ").Replace(b.Name))
}

// SearchTerms gives what to ask platforms for, so that nothing that the brand's
// query matches is missed.
func SearchTerms(b adalid.Brand) ([]collectors.Term, error) {
	q, err := match.Parse(QueryOf(b))
	if err != nil {
		return nil, err
	}
	var terms []collectors.Term
	for _, t := range q.SearchTerms() {
		kind := collectors.Word
		switch {
		case t.Kind == match.SearchText && strings.Contains(t.Text, " "):
			kind = collectors.Phrase
		case t.Kind == match.SearchPrefix:
			kind = collectors.Prefix
		case t.Kind == match.SearchInside:
			kind = collectors.Inside
		case t.Kind == match.SearchHandle:
			kind = collectors.Handle
		case t.Kind == match.SearchTag:
			kind = collectors.Tag
		case t.Kind == match.SearchFrom:
			kind = collectors.From
		}
		terms = append(terms, collectors.Term{Kind: kind, Text: t.Text})
	}
	return terms, nil
}

// standing says what an error of a run means for its source.
func standing(source string, report Report, err error, now time.Time) Standing {
	s := Standing{Source: source, State: Done, Report: report}
	var refused *collectors.Error
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		s.State, s.Reason = Stopped, "it was told to stop; the next scan goes on where it was"
	case errors.Is(err, ErrLease):
		s.State, s.Reason = Stopped, "another process reads this source"
	case errors.As(err, &refused):
		s.State, s.Kind, s.Reason, s.Fix, s.Until = Failed, refused.Kind, refused.Message, refused.Fix, refused.Until
		switch refused.Kind {
		case collectors.RateLimited, collectors.Quota, collectors.Budget, collectors.Transient:
			s.State = Paused
			if s.Until.IsZero() {
				s.Until = now.Add(retryAfter)
			}
		}
	default:
		s.State, s.Reason = Failed, "an error of Adalid's own stopped it; the log says more"
		if adalid.CodeOf(err) != "" {
			s.Reason = err.Error()
		}
	}
	return s
}

// retryAfter is how long a source rests that failed without saying for how
// long: less than package alarm gives to what passes by itself.
const retryAfter = 3 * time.Minute
