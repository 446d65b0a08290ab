package api

import (
	"context"
	"strings"
	"time"

	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// KeptChoice chooses people by what the team keeps of them.
type KeptChoice struct {
	Status []string `query:"status" maxItems:"7" enum:"candidate,shortlisted,contacted,in_conversation,ambassador,paused,not_a_fit" doc:"Only people who stand there; several are separated by commas. People who are not a fit are left out unless this or where names statuses, or include=not_a_fit."`
	Tag    []string `query:"tag" maxItems:"20" doc:"Only people who have all of these tags, without regard to case; separated by commas."`
	Owner  string   `query:"owner" maxLength:"100" doc:"Only people whom this user looks after: an id, me, or none for people whom nobody does."`
	Tasks  string   `query:"tasks" enum:"open,none" doc:"Only people with an open task, or without one."`
}

// me names whoever asks.
const me = "me"

// kept turns the choice into a question for the ranking.
func (c KeptChoice) kept(ctx context.Context) rank.Kept {
	k := rank.Kept{Statuses: strings.Join(c.Status, ","), Tags: strings.Join(c.Tag, ","), Owner: c.Owner, Tasks: c.Tasks}
	if c.Owner == me {
		k.Owner = userOf(ctx, me)
	}
	return k
}

// userOf gives the id of the user who asks, else otherwise: keys and single-user mode
// have no user.
func userOf(ctx context.Context, otherwise string) string {
	if a := account.From(ctx); a.Kind == account.Person {
		return a.ID
	}
	return otherwise
}

// Handled is what the team keeps of a person in a list.
type Handled struct {
	Status      string          `json:"status" enum:"candidate,shortlisted,contacted,in_conversation,ambassador,paused,not_a_fit" doc:"Where the person stands; candidate where nothing was decided."`
	StatusSince *time.Time      `json:"status_since" doc:"null: nothing was ever decided."`
	Tags        []string        `json:"tags" nullable:"false"`
	Owner       Null[Colleague] `json:"owner" doc:"Who of the team looks after the person."`
	OpenTasks   int             `json:"open_tasks"`
}

// Colleague is somebody of the team.
type Colleague struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func wirePipeline(p rank.Pipeline) Handled {
	h := Handled{Status: p.Status, StatusSince: known(p.Since), Tags: append([]string{}, p.Tags...), OpenTasks: p.OpenTasks}
	if h.Status == "" {
		h.Status = string(workflow.Candidate)
	}
	if p.Owner != "" {
		h.Owner.V = &Colleague{p.Owner, p.OwnerName}
	}
	return h
}

// listVersion is the version that positions in a list hold for.
func listVersion(st rank.State, q rank.Query) int64 {
	kept := st.Unfit
	if q.AsksPipeline() {
		kept = st.Pipeline
	}
	return max(st.DataVersion, st.Standing, kept)
}

// viewVersion is listVersion for a view.
func viewVersion(st rank.State, q rank.Query, view string) int64 {
	if name := rank.ViewName(view); name == rank.Shortlist || name == rank.Ambassadors {
		return max(listVersion(st, q), st.Pipeline)
	}
	return listVersion(st, q)
}
