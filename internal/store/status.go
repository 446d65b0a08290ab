package store

import (
	"context"
	"time"

	"adalid/internal/workflow"
)

// stageRow is a status as one account has it.
type stageRow struct {
	workflow.Stage
	account string
	n       int64
	at      time.Time
	by      workflow.Actor
}

// formerStage is a status that was replaced.
type formerStage struct {
	Status, Reason, Text string
	N                    int64
}

// stage gives where a person stands: the latest of the accounts.
func (k *kept) stage() (stageRow, error) {
	rows, err := k.stages()
	if err != nil || len(rows) == 0 {
		return stageRow{Stage: workflow.Stage{Status: workflow.Candidate}}, err
	}
	return rows[len(rows)-1], nil
}

func (k *kept) stages() (rows []stageRow, err error) {
	err = k.x.query("status.Of", func(r row) error {
		rows = append(rows, stageRow{
			Stage:   workflow.Stage{Status: workflow.Status(r.text(1)), Reason: workflow.Reason(r.text(2)), Text: r.text(3)},
			account: r.text(0), n: r.int(4), at: r.opt(5).time(), by: workflow.Actor{Mark: r.text(6), Name: r.text(7)},
		})
		return nil
	}, k.b.id, k.accounts)
	return rows, err
}

// setStage gives a person another status and tells whether it is another one.
func (k *kept) setStage(to workflow.Stage) (bool, error) {
	rows, err := k.stages()
	if err != nil {
		return false, err
	}
	was := stageRow{Stage: workflow.Stage{Status: workflow.Candidate}}
	var former *formerStage
	for _, r := range rows {
		was = r
		if r.account == k.person {
			former = &formerStage{string(r.Status), string(r.Reason), r.Text, r.n}
		}
	}
	if was.Stage == to {
		return false, nil
	}
	n, err := k.note(event{kind: workflow.OfStatus, from: was.Value(), to: to.Value(), former: former})
	if err != nil {
		return false, err
	}
	k.restaged(was.Stage, to)
	_, err = k.x.exec("status.Set", k.b.id, k.person, string(to.Status), string(to.Reason), clean(to.Text), n)
	return true, err
}

func (k *kept) restaged(was, now workflow.Stage) {
	k.shown = true
	k.hidden = k.hidden || (was.Status == workflow.NotAFit) != (now.Status == workflow.NotAFit)
}

// SetStatus says where a person stands; Invalid as Stage.Check, NotFound when
// nobody has the id. The same again changes nothing.
func (s *Store) SetStatus(ctx context.Context, a workflow.About, to workflow.Stage) error {
	to, err := to.Check()
	if err != nil {
		return err
	}
	return s.keep(ctx, "set a status", a, func(k *kept) error {
		_, err := k.setStage(to)
		return err
	})
}
