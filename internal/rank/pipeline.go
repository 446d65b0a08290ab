package rank

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"adalid"
)

// The statuses of the ambassador pipeline, as internal/workflow has them, that mean
// something to a ranking.
const (
	candidateStatus   = "candidate" // of everybody of whom nothing was decided
	shortlistedStatus = "shortlisted"
	ambassadorStatus  = "ambassador"
	unfitStatus       = "not_a_fit"
)

var statuses = []string{candidateStatus, shortlistedStatus, "contacted", "in_conversation", ambassadorStatus, "paused", unfitStatus}

// Pipelines tells what a team keeps of people.
type Pipelines interface {
	// Pipelines yields everybody of whom the team keeps anything that a list shows,
	// each once, in any order.
	Pipelines(ctx context.Context, brand string, yield func(Pipeline) error) error
}

// Pipeline is what a team keeps of a person, as far as lists show it.
type Pipeline struct {
	Person    string    // id
	Status    string    // one of the pipeline's
	Since     time.Time // when that was decided; zero: never
	Tags      []string  // without regard to case in order, each once
	Owner     string    // id of the user who looks after the person; "" nobody
	OwnerName string
	OpenTasks int
}

// Kept asks for people by what the team keeps of them; the zero value asks for
// everybody.
type Kept struct {
	Statuses string // separated by commas, each one of the pipeline's; "" all
	Tags     string // separated by commas: all of them, without regard to case; "" whatever
	Owner    string // id of a user, NoOwner; "" whoever
	Tasks    string // OpenTask, NoTask; "" whatever
}

// What Kept.Owner and Kept.Tasks can be besides an id.
const (
	NoOwner  = "none"
	OpenTask = "open"
	NoTask   = "none"
)

// Check refuses, as Invalid, a status or a word for tasks that does not exist.
func (k Kept) Check() error {
	for _, status := range words(k.Statuses) {
		if !slices.Contains(statuses, status) {
			return adalid.Errorf(adalid.Invalid, "a status is one of %s", strings.Join(statuses, ", "))
		}
	}
	if !slices.Contains([]string{"", OpenTask, NoTask}, k.Tasks) {
		return adalid.Errorf(adalid.Invalid, "tasks are asked for with %s or %s", OpenTask, NoTask)
	}
	return nil
}

// words parts a list; none of "".
func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// holds tells whether somebody is asked for.
func (k Kept) holds(p *Pipeline) bool {
	if list := words(k.Statuses); list != nil && !slices.Contains(list, p.Status) {
		return false
	}
	for _, tag := range words(k.Tags) {
		if !slices.ContainsFunc(p.Tags, func(has string) bool { return strings.EqualFold(has, tag) }) {
			return false
		}
	}
	switch {
	case k.Owner == NoOwner && p.Owner != "", k.Owner != "" && k.Owner != NoOwner && p.Owner != k.Owner:
		return false
	case k.Tasks == OpenTask && p.OpenTasks == 0, k.Tasks == NoTask && p.OpenTasks > 0:
		return false
	}
	return true
}

// AsksPipeline tells whether the answer to a query depends on more of what the team
// keeps than on who is not a fit.
func (q Query) AsksPipeline() bool {
	return q.Kept != (Kept{}) || q.whereFields(func(f *whereField) bool { return f.pipeline })
}

// asksStatus tells whether a query says itself which statuses it wants; then nobody
// is left out for theirs.
func (q Query) asksStatus() bool {
	return q.Kept.Statuses != "" || q.whereFields(func(f *whereField) bool { return f.name == "status" })
}

// whereFields tells whether its expressions ask for a field that is so.
func (q Query) whereFields(is func(*whereField) bool) bool {
	root, err := q.condition()
	return err == nil && root != nil && root.fields(is)
}

func (c *condition) fields(is func(*whereField) bool) bool {
	return c.field != nil && is(c.field) || slices.ContainsFunc(c.parts, func(part *condition) bool { return part.fields(is) })
}

// pipeline is Pipelines by the numbers of an index: most people are not in it.
type pipeline struct {
	version, unfit int64
	of             map[int32]*Pipeline // by person
	people         []int32             // those in it, in order
}

// chosen tells whom the team has taken up.
func (p *Pipeline) chosen() bool { return p.Status != candidateStatus && p.Status != unfitStatus }

var nothingKept = &Pipeline{Status: candidateStatus}

// at gives what is kept of a person.
func (p *pipeline) at(person int32) *Pipeline {
	if p != nil {
		if has, ok := p.of[person]; ok {
			return has
		}
	}
	return nothingKept
}

// pipeline gives what the team keeps of an index's people, read anew where it
// changed. It is as large as what was decided, not as the brand.
func (r *Ranker) pipeline(ctx context.Context, brand string, x *index, state State) (*pipeline, error) {
	x.mu.Lock()
	known := x.pipeline
	x.mu.Unlock()
	if known != nil && known.version == state.Pipeline {
		return known, nil
	}
	p := &pipeline{version: state.Pipeline, unfit: state.Unfit, of: map[int32]*Pipeline{}}
	if r.pipelines != nil && state.Pipeline != 0 {
		err := r.pipelines.Pipelines(ctx, brand, func(has Pipeline) error {
			if person, ok := x.people.find(has.Person, 0, x.people.len()); ok {
				p.of[int32(person)] = &has
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("what the team keeps: %w", err)
		}
	}
	p.people = slices.Sorted(maps.Keys(p.of))
	x.mu.Lock()
	x.pipeline = p
	x.mu.Unlock()
	return p, nil
}

// eachKept calls with the candidates of whom the team keeps anything.
func (w *window) eachKept(with func(i int32, p *Pipeline)) {
	if w.pipeline == nil {
		return
	}
	for _, person := range w.pipeline.people {
		if i, ok := slices.BinarySearch(w.people, person); ok {
			with(int32(i), w.pipeline.of[person])
		}
	}
}

// asked names who is listed as far as it follows from what the team keeps: equal
// values list the same people of a window.
type asked struct {
	kept    Kept
	version int64
}

func (w *window) asked(q Query) asked {
	if w.pipeline == nil {
		return asked{kept: q.Kept}
	}
	if q.AsksPipeline() {
		return asked{q.Kept, w.pipeline.version}
	}
	return asked{q.Kept, w.pipeline.unfit}
}

// withKept gives marks with those that follow from what the team keeps; the list
// given stays as it is.
func (w *window) withKept(list []mark, q Query) []mark {
	if q.Kept == (Kept{}) && (w.pipeline == nil || len(w.pipeline.people) == 0) {
		return list
	}
	list = slices.Clone(list)
	if !q.Kept.holds(nothingKept) {
		for i := range list {
			list[i] |= 1 << notAsked
		}
	}
	w.eachKept(func(i int32, p *Pipeline) {
		list[i] &^= 1 << notAsked
		if !q.Kept.holds(p) {
			list[i] |= 1 << notAsked
		}
		if p.Status == unfitStatus {
			list[i] |= 1 << isUnfit
		}
		if p.chosen() && q.asksStatus() {
			list[i] &^= guessed
		}
	})
	return list
}

// keptHits finds the candidates of a status, whatever the rules guess of them.
func (v *viewer) keptHits(status string) func() ([]hit, error) {
	return func() (hits []hit, err error) {
		v.w.eachKept(func(i int32, p *Pipeline) {
			listed := v.o.marks[i]&v.o.hide&^guessed == 0 && v.o.where.holds(i)
			if p.Status == status && v.w.sums[i].own >= int64(v.query.MinMentions) && listed {
				hits = append(hits, hit{person: i, key: v.score(i)})
			}
		})
		return hits, nil
	}
}

func (v *viewer) shortlist() ([]hit, error)   { return v.keptHits(shortlistedStatus)() }
func (v *viewer) ambassadors() ([]hit, error) { return v.keptHits(ambassadorStatus)() }

func (v *viewer) tellStatus(h hit) Member {
	p := v.w.pipeline.at(v.w.people[h.person])
	if p.Since.IsZero() {
		return Member{}
	}
	return Member{Reasons: []Reason{reason("status_"+p.Status, p.Since)}}
}
