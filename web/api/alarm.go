package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Alarms tell what is or was wrong with a brand's sources.
type Alarms interface {
	// BrandAlarms lists the latest alarms of a brand, the newest first.
	BrandAlarms(ctx context.Context, brand string, limit int) ([]AlarmRecord, error)
}

// AlarmRecord is something that is or was wrong with a source.
type AlarmRecord struct {
	Source, Kind, Reason, Fix string
	Since, Announced, Over    time.Time // zero: unknown, not yet told, it lasts
}

// AlarmWays are how a team is told, as the configuration says.
type AlarmWays struct {
	Mail     int    // addresses
	Webhook  bool   // an address is posted to
	Language string // of the messages
}

// AlarmList is what is and was wrong with a brand's sources, and who is told.
type AlarmList struct {
	Brand    string  `json:"brand"`
	Mail     int     `json:"mail" doc:"Addresses that a letter goes to: alarms.mail_to of the configuration."`
	Webhook  bool    `json:"webhook" doc:"alarms.webhook_url is set."`
	Language string  `json:"language" enum:"en,es" doc:"Of the messages."`
	Items    []Alarm `json:"items" nullable:"false" doc:"The newest first, 50 at most."`
}

// Alarm is something that is or was wrong with a source.
type Alarm struct {
	Source    string     `json:"source"`
	Kind      string     `json:"kind" doc:"auth, forbidden, not_entitled, rate_limited, quota, budget, transient, gone, schema; silent: nothing new against its habit; empty: an error of Adalid's own."`
	Reason    string     `json:"reason"`
	Fix       *string    `json:"fix"`
	Since     *time.Time `json:"since"`
	Announced *time.Time `json:"announced" doc:"When it was told; null: not yet, or it was over before."`
	Over      *time.Time `json:"over" doc:"null: it lasts."`
}

type alarmsAnswer struct{ Body AlarmList }

// shownAlarms is how many alarms an answer lists.
const shownAlarms = 50

func (s *server) registerAlarms(a huma.API) {
	register(a, described(op(http.MethodGet, "/brands/{brand}/alarms", "list-alarms", "What is and was wrong with the sources, and who is told"),
		"Who is told is a setting of the server, the same for all brands; without any the log alone is told."), s.listAlarms)
}

func (s *server) listAlarms(ctx context.Context, in *BrandPath) (*alarmsAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	list, err := s.Alarms.BrandAlarms(ctx, b.Name, shownAlarms)
	if err != nil {
		return nil, err
	}
	w := s.AlarmWays
	out := AlarmList{Brand: b.Name, Mail: w.Mail, Webhook: w.Webhook, Language: w.Language, Items: make([]Alarm, len(list))}
	for i, x := range list {
		out.Items[i] = Alarm{x.Source, x.Kind, x.Reason, some(x.Fix), known(x.Since), known(x.Announced), known(x.Over)}
	}
	return &alarmsAnswer{out}, nil
}
