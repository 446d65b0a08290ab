package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/scan"
)

// Schedule says when a brand is scanned by itself.
type Schedule struct {
	Brand   string      `json:"brand"`
	Cron    *string     `json:"cron" doc:"null: it is scanned on request only."`
	Zone    *string     `json:"zone" doc:"Time zone of cron."`
	Monthly *float64    `json:"monthly_usd" doc:"What the brand may cost in a calendar month over all sources; null: no limit beside theirs."`
	Next    []time.Time `json:"next" nullable:"false" doc:"The next five runs, in UTC."`
}

// ScheduleChange is a schedule as it shall be.
type ScheduleChange struct {
	Cron    string   `json:"cron" minLength:"1" maxLength:"200" doc:"Five fields (minute hour day month weekday), or @hourly, @daily, @every 6h."`
	Zone    string   `json:"zone,omitempty" maxLength:"64" doc:"IANA name. Left out: UTC."`
	Monthly *float64 `json:"monthly_usd,omitempty" minimum:"0" maximum:"1000000" doc:"Left out: no limit beside those of the sources."`
}

type (
	scheduleAnswer      struct{ Body Schedule }
	scheduleChangeInput struct {
		BrandPath
		Body ScheduleChange
	}
)

// shownRuns is how many of the next runs are told.
const shownRuns = 5

func (s *server) registerSchedules(a huma.API) {
	const path = "/brands/{brand}/schedule"
	register(a, op(http.MethodGet, path, "get-schedule", "When the brand is scanned by itself"), s.getSchedule)
	register(a, op(http.MethodPut, path, "set-schedule", "Scan the brand by itself"), s.setSchedule)
	register(a, op(http.MethodDelete, path, "remove-schedule", "Scan the brand on request only"), s.removeSchedule)
}

func (s *server) getSchedule(ctx context.Context, in *BrandPath) (*scheduleAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	p, scheduled, err := s.Schedules.Schedule(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	if !scheduled {
		return &scheduleAnswer{Schedule{Brand: b.Name, Next: []time.Time{}}}, nil
	}
	schedule, err := scan.NewSchedule(p.Spec, p.Zone)
	if err != nil {
		return nil, err
	}
	return &scheduleAnswer{wireSchedule(p, schedule)}, nil
}

func (s *server) setSchedule(ctx context.Context, in *scheduleChangeInput) (*scheduleAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	if _, err := scan.NewSchedule("@daily", in.Body.Zone); err != nil { // its words repeat the value
		return nil, invalid("body.zone", "there is no time zone of that name; use one such as Europe/Madrid, America/Mexico_City or UTC")
	}
	schedule, err := scan.NewSchedule(in.Body.Cron, in.Body.Zone)
	if err != nil {
		return nil, invalid("body.cron", "cron is no specification of times that come; examples: 0 7 * * * (every day at 7:00), */30 * * * * (every half hour), 0 9 * * 1 (Mondays at 9:00), @every 6h")
	}
	p := scan.Plan{Brand: b.Name, Spec: schedule.Spec, Zone: schedule.Zone, Monthly: micros(in.Body.Monthly)}
	p.At, p.Run = schedule.Next(s.Now())
	if err := s.Schedules.SetSchedule(ctx, p); err != nil {
		return nil, err
	}
	return &scheduleAnswer{wireSchedule(p, schedule)}, nil
}

func (s *server) removeSchedule(ctx context.Context, in *BrandPath) (*empty, error) {
	return nil, s.Schedules.RemoveSchedule(ctx, in.Brand)
}

func wireSchedule(p scan.Plan, schedule scan.Schedule) Schedule {
	out := Schedule{Brand: p.Brand, Cron: &p.Spec, Zone: some(p.Zone), Monthly: usd(p.Monthly), Next: []time.Time{}}
	if out.Zone == nil {
		out.Zone = some("UTC")
	}
	for at := p.At; len(out.Next) < shownRuns; at, _ = schedule.Next(at) {
		out.Next = append(out.Next, at.UTC())
	}
	return out
}
