package main

import (
	"context"
	"fmt"

	"adalid"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// estimated is what a scan of a source would read and cost at most.
type estimated struct {
	Source  string   `json:"source"`
	Posts   *int64   `json:"posts"`            // null: the source does not tell
	USD     *float64 `json:"usd"`              // null: nothing tells
	Monthly *float64 `json:"monthly_usd"`      // its limit; null: nothing may be spent
	Reason  string   `json:"reason,omitempty"` // why it could not be told
}

// estimate tells what a scan would cost before anything is read.
func (a *app) estimate(ctx context.Context, s *store.Store, o scan.Order) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	live, client, err := a.live(cfg, s, listener{})
	if err != nil {
		return err
	}
	defer client.Close()
	list, err := live.Estimate(ctx, o)
	if err != nil {
		return err
	}
	out := make([]estimated, len(list))
	told := 0
	for i, e := range list {
		out[i] = estimated{Source: e.Source, Posts: e.Posts, USD: dollars(e.Micros), Monthly: dollars(e.Monthly), Reason: e.Reason}
		if e.Reason == "" {
			told++
		}
	}
	if a.json {
		err = a.printJSON(out)
	} else {
		for _, e := range out {
			fmt.Fprintln(a.out, estimateLine(e))
		}
	}
	if err == nil && told == 0 && len(list) > 0 {
		err = adalid.Errorf(adalid.Unavailable, "no source could tell")
	}
	return err
}

func estimateLine(e estimated) string {
	line := fmt.Sprintf("%-14s ", e.Source)
	if e.Reason != "" {
		return line + "cannot tell: " + e.Reason
	}
	if e.Posts == nil {
		line += "does not tell how many posts; "
	} else {
		line += fmt.Sprintf("at most %s posts; ", group(*e.Posts))
	}
	switch {
	case e.USD == nil:
		line += "what they cost is not known"
	case *e.USD == 0:
		line += "free"
	default:
		line += fmt.Sprintf("at most US$ %.2f", *e.USD)
	}
	switch {
	case e.USD != nil && *e.USD == 0:
	case e.Monthly == nil:
		line += ", and it has no budget: nothing is read"
	default:
		line += fmt.Sprintf(", of a monthly limit of US$ %.2f", *e.Monthly)
	}
	return line
}
