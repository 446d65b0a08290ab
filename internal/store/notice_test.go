package store

import (
	"context"
	"testing"
	"time"

	"adalid"
	"adalid/internal/scan"
)

func TestNotices(t *testing.T) {
	ctx := context.Background()
	now := stamped()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Key: testKey, Now: func() time.Time { return now }})
	must(t, err)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", []scan.Mention{said("x", "1", "a", "ann", "hi", 0)})
	now = now.AddDate(0, 0, 20)
	saveAll(t, s, "acme", []scan.Mention{said("x", "2", "b", "bob", "hi", 0), said("x", "3", "a", "ann", "hi again", 1)})
	now = now.AddDate(0, 0, 12)
	list, err := s.Notices(ctx, "acme")
	must(t, err)
	if len(list) != 2 || list[0].Handle != "ann" || !list[0].Overdue(now) || list[1].Overdue(now) || !list[0].Stored.Equal(stamped()) {
		t.Fatalf("%+v", list)
	}
	for _, bad := range []Informed{{At: now}, {At: now.Add(time.Hour), Channel: "mail"}} {
		code(t, adalid.Invalid, s.SetInformed(ctx, "acme", list[0].Person, bad))
	}
	code(t, adalid.NotFound, s.SetInformed(ctx, "acme", "aaaaaaaaaaaaaaaa", Informed{At: now, Channel: "mail"}))
	must(t, s.SetInformed(ctx, "acme", list[0].Person, Informed{At: now, Channel: " mail ", By: "me"}))
	one, err := s.Notice(ctx, "acme", list[0].Person)
	must(t, err)
	if one.Overdue(now) || one.Channel != "mail" || one.By != "me" || !one.At.Equal(now) {
		t.Errorf("%+v", one)
	}
	after, err := s.Notices(ctx, "acme")
	must(t, err)
	if after[0].Handle != "bob" {
		t.Errorf("who was informed comes last: %+v", after)
	}
	must(t, s.SetInformed(ctx, "acme", one.Person, Informed{}))
	if one, err = s.Notice(ctx, "acme", one.Person); err != nil || !one.At.IsZero() {
		t.Errorf("taken back: %+v, %v", one, err)
	}
}

func TestRetentionRules(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	s, err := Open(ctx, Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	must(t, err)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	var list []scan.Mention
	for i := range 30 {
		list = append(list, said("x", string(rune('a'+i)), "k", "ann", "hi", i), said("mastodon", string(rune('a'+i)), "m"+string(rune('a'+i)), "bob", "hi", i))
	}
	untimed := said("x", "untimed", "u", "uma", "hi", 0)
	untimed.CreatedAt, untimed.ObservedAt = time.Time{}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ageless := said("x", "ageless", "v", "vic", "hi", 0)
	ageless.CreatedAt = time.Time{}
	saveAll(t, s, "acme", append(list, untimed, ageless))
	if out, err := s.ApplyRetention(ctx, "acme"); err != nil || out != nil {
		t.Fatalf("without a rule: %v, %v", out, err)
	}
	for _, bad := range []int64{-1, mostDays + 1} {
		code(t, adalid.Invalid, s.SetRetention(ctx, "acme", Retention{Days: bad}))
	}
	must(t, s.SetRetention(ctx, "acme", Retention{Days: 10, By: "me"}))
	must(t, s.SetRetention(ctx, "acme", Retention{Platform: "mastodon", Days: 0}))
	out, err := s.ApplyRetention(ctx, "acme")
	must(t, err)
	if len(out) != 1 || out[0] != (Expired{"x", 22}) { // days 1 to 21 of March at 9:00, and the untimed one
		t.Errorf("expired %+v", out)
	}
	must(t, s.SetRetention(ctx, "acme", Retention{Platform: "mastodon", Days: 5}))
	if out, err = s.ApplyRetention(ctx, "acme"); err != nil || len(out) != 1 || out[0] != (Expired{"mastodon", 26}) {
		t.Errorf("expired %+v, %v", out, err)
	}
	if out, err = s.ApplyRetention(ctx, "acme"); err != nil || out != nil {
		t.Errorf("again: %+v, %v", out, err)
	}
	report, err := s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 || report.Mentions != 14 {
		t.Errorf("%+v", report)
	}
	removals, err := s.Removals(ctx, "acme", 10)
	must(t, err)
	if len(removals) != 2 || removals[0].Reason != scan.RemovedOld {
		t.Errorf("%+v", removals)
	}
	if _, err := s.FindPerson(ctx, "acme", "mastodon/ma"); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("somebody of whom nothing is left: %v", err)
	}
	must(t, s.DropRetention(ctx, "acme", "mastodon"))
	rules, err := s.Retentions(ctx, "acme")
	must(t, err)
	if len(rules) != 1 || rules[0].Days != 10 || rules[0].By != "me" {
		t.Errorf("%+v", rules)
	}
}
