package api

import (
	"fmt"
	"time"

	"adalid"
	"adalid/internal/langtag"
	"adalid/internal/rank"
	"adalid/scoring"
)

// Filters choose the mentions and the formula of a ranking.
type Filters struct {
	Since       string `query:"since" maxLength:"40" doc:"RFC 3339 time, or a date (its beginning, UTC). Left out: all history."`
	Until       string `query:"until" maxLength:"40" doc:"RFC 3339 time, or a date (its end, UTC). Left out: the last scan, else the newest mention."`
	Platform    string `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$" doc:"Left out: all but youtube, whose people are ranked apart, once its amendment is accepted in the configuration."`
	Lang        string `query:"lang" pattern:"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$" maxLength:"35" doc:"Language of the mentions."`
	MinMentions int    `query:"min_mentions" minimum:"1" maximum:"1000000" doc:"Own mentions a listed person has at least."`
	Preset      string `query:"preset" enum:"balanced,true-fans,far-reach,connectors,steady" doc:"Named weights. Left out: those that the brand chose (/brands/{brand}/ranking), else the server's setting ranking.preset; the receipt says what was used."`
	Weights     string `query:"weights" maxLength:"200" doc:"Own weights instead of a preset, such as affinity=.4,volume=.2,reach=.2,network=.2; what is left out weighs 0."`
	Include     string `query:"include" pattern:"^(automated|repeaters|circle|organisations|not_a_fit)(,(automated|repeaters|circle|organisations|not_a_fit)){0,4}$" maxLength:"80" doc:"Lists whom the default leaves out: automated (at least 80 % likely), repeaters (at least 5 own posts, 60 % of them repeated), circle (confirmed staff, agencies, resellers, paid partners, and accounts at least 70 % likely the brand's own for what they are called), organisations (at least 50 % likely where the name says it, else 80 %), not_a_fit (by the status that the team gave); separated by commas."`
	Where       string `query:"where" maxLength:"2000" doc:"Only people of whom this holds, such as score >= 60 and followers < 5000; see docs/views.md."`
	Blend       string `query:"blend" enum:"geometric,arithmetic" doc:"How components become a score. Left out: as the brand chose, else the server's setting ranking.blend; the receipt says what was used."`
}

// query turns filters into a question for the ranking. Weights and blend that
// are left out stay zero: the ranker has the defaults.
func (f Filters) query() (rank.Query, error) {
	lang, known := langtag.Asked(f.Lang)
	q := rank.Query{
		Platform: adalid.Platform(f.Platform), Lang: lang,
		MinMentions: f.MinMentions, Blend: scoring.Blend(f.Blend), Where: f.Where,
	}
	if !known {
		return q, invalid("query.lang", "lang is no language that is known here; write its code, such as es, en, ca, gl, eu or ja, or its name")
	}
	if _, err := rank.ParseWhere(f.Where); err != nil {
		return q, invalid("query.where", err.Error())
	}
	var err error
	if q.Include, err = rank.ParseInclude(f.Include); err != nil {
		return q, invalid("query.include", "include takes automated, repeaters, circle, organisations and not_a_fit, separated by commas")
	}
	if q.Since, err = parseTime("since", f.Since, 0); err != nil {
		return q, err
	}
	if q.Until, err = parseTime("until", f.Until, 24*time.Hour-time.Second); err != nil {
		return q, err
	}
	if !q.Since.IsZero() && !q.Until.IsZero() && q.Since.After(q.Until) {
		return q, invalid("query.since", "since lies after until")
	}
	switch {
	case f.Weights != "" && f.Preset != "":
		return q, invalid("query.weights", "give a preset or weights, not both")
	case f.Weights != "":
		if q.Weights, err = scoring.ParseWeights(f.Weights); err != nil { // its words repeat the value
			err = invalid("query.weights", "weights are numbers from 0 up by component, not all 0, such as affinity=.4,volume=.2,reach=.2,network=.2")
		}
	case f.Preset != "":
		q.Weights, _ = scoring.Preset(f.Preset) // its name was checked against the description
	}
	return q, err
}

// parseTime reads a time or a date; a date means the moment end after its
// beginning.
func parseTime(name, s string, end time.Duration) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		if t, err = time.Parse(time.DateOnly, s); err == nil {
			t = t.Add(end)
		}
	}
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}, invalid("query."+name, name+" is neither a time such as 2026-03-01T12:00:00Z nor a date such as 2026-03-01")
	}
	return t.UTC().Truncate(time.Second), nil // mentions have whole seconds
}

// fingerprint is the question in one canonical line, without the page.
func fingerprint(q rank.Query) string {
	return fmt.Sprintf("%d|%d|%s|%s|%d|%v|%s|%s|%t|%t|%s|%q|%q|%q",
		q.Since.UnixNano(), q.Until.UnixNano(), q.Platform, q.Lang, q.MinMentions, q.Weights, q.Blend, q.Sort, q.All, q.Safe, q.Include, q.Segment, q.Where, q.Kept)
}
