package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/config"
	"adalid/internal/privacy"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

// rights answers for the rights of people whose posts are stored, for the
// terminal and the API.
type rights struct {
	*eraser
	told   config.Privacy
	base   string // of links, without a slash at its end; "" where others reach the opt-out page is not set
	ranker ranker
	now    func() time.Time
}

var _ api.Privacy = rights{}

func (a *app) newRights(cfg *config.Config, e *eraser, r ranker) rights {
	base := cmp.Or(cfg.Privacy.URL, cfg.Server.PublicURL)
	return rights{e, cfg.Privacy, strings.TrimRight(base, "/"), r, a.now}
}

// Dossier implements api.Privacy.
func (r rights) Dossier(ctx context.Context, brand, person string) (api.Dossier, error) {
	d, err := r.store.Dossier(ctx, brand, person)
	if err != nil {
		return api.Dossier{}, err
	}
	out := api.Dossier{Brand: d.Brand, Person: d.Person, Made: r.now().UTC().Truncate(time.Second), Tables: []api.DossierTable{}}
	for _, t := range d.Tables {
		out.Tables = append(out.Tables, wireDossier(t))
	}
	if out.About, err = r.about(ctx, d); err != nil {
		return out, err
	}
	detail, err := r.ranker.Person(ctx, d.Brand, d.Person, rank.Query{All: true, Include: rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true, Unfit: true}})
	switch code := adalid.CodeOf(err); {
	case err == nil:
		out.Score = api.WireScore(detail.Entry.Score)
	case code == adalid.NotFound || code == adalid.Forbidden: // without a mention that counts, or not ranked at all
	default:
		return out, err
	}
	return out, nil
}

func (r rights) about(ctx context.Context, d store.Dossier) (api.DossierAbout, error) {
	kept, err := r.kept(ctx, d.Brand, "en")
	if err != nil {
		return api.DossierAbout{}, err
	}
	person, err := r.store.Person(ctx, d.Brand, d.Person)
	if err != nil {
		return api.DossierAbout{}, err
	}
	return api.DossierAbout{
		Controller: r.told.Controller, Contact: r.told.Contact,
		Purpose:    fmt.Sprintf("to find out who recommends %q in public, and to thank them", d.Brand),
		Basis:      "a legitimate interest, GDPR Art. 6 (1) (f)",
		Sources:    platformsOf(person),
		Recipients: "those of the team who look after the brand; nobody else",
		Retention:  kept,
		Logic:      "affinity, volume, reach and network of the public posts, weighed and joined to a score from 0 to 100; no decision is made by it alone",
		Rights:     "to have it corrected or erased, to have its use limited, to object at any time, and to complain to a data protection authority (GDPR Art. 16 to 21 and 77)",
	}, nil
}

func platformsOf(p adalid.Person) []string {
	list := []string{}
	for _, a := range p.Accounts {
		list = append(list, string(a.Platform))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// kept says in words how long a brand's posts are kept, "" without a rule.
func (r rights) kept(ctx context.Context, brand, lang string) (string, error) {
	rules, err := r.store.Retentions(ctx, brand)
	var parts []string
	for _, x := range rules {
		on := x.Platform.Title()
		switch {
		case x.Days == 0 && lang == "es":
			parts = append(parts, on+": sin límite")
		case x.Days == 0:
			parts = append(parts, on+": without limit")
		case lang == "es":
			parts = append(parts, strings.TrimPrefix(on+": ", ": ")+strconv.FormatInt(x.Days, 10)+" días después de publicarse")
		default:
			parts = append(parts, strings.TrimPrefix(on+": ", ": ")+strconv.FormatInt(x.Days, 10)+" days after they were posted")
		}
	}
	return strings.Join(parts, "; "), err
}

// exact is the greatest number that every reader of JSON keeps as it is.
const exact = 1 << 53

func wireDossier(t store.DossierTable) api.DossierTable {
	out := api.DossierTable{Table: t.Name, Columns: []api.DossierColumn{}, Rows: t.Rows}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, api.DossierColumn{Name: c.Name, What: c.What, About: string(c.Whose), Kept: c.Kept})
	}
	for _, row := range out.Rows {
		for name, v := range row {
			switch v := v.(type) {
			case int64:
				if strings.HasSuffix(name, "_at") {
					row[name] = time.Unix(v, 0).UTC()
				} else if v > exact || v < -exact {
					row[name] = strconv.FormatInt(v, 10)
				}
			case []byte:
				row[name] = base64.StdEncoding.EncodeToString(v)
			}
		}
	}
	return out
}

// Notices implements api.Privacy.
func (r rights) Notices(ctx context.Context, brand string) ([]api.Notice, error) {
	list, err := r.store.Notices(ctx, brand)
	out := make([]api.Notice, len(list))
	for i, x := range list {
		out[i] = r.notice(x)
	}
	return out, err
}

func (r rights) notice(x store.Informed) api.Notice {
	n := api.Notice{Person: x.Person, Platform: string(x.Platform), Stored: x.Stored, Due: x.Due, State: "due"}
	if x.Handle != "" {
		n.Handle = &x.Handle
	}
	switch {
	case !x.At.IsZero():
		n.State, n.InformedAt, n.Channel, n.InformedBy = "informed", &x.At, &x.Channel, &x.By
	case x.Overdue(r.now()):
		n.State = "overdue"
	}
	return n
}

// Notice implements api.Privacy.
func (r rights) Notice(ctx context.Context, brand, person, lang string) (api.NoticeDetail, error) {
	x, err := r.store.Notice(ctx, brand, person)
	if err != nil {
		return api.NoticeDetail{}, err
	}
	who, err := r.store.Person(ctx, brand, x.Person)
	if err != nil {
		return api.NoticeDetail{}, err
	}
	var link *string
	if r.base != "" {
		address, err := r.link(ctx, r.base, brand, x.Person)
		if err != nil {
			return api.NoticeDetail{}, err
		}
		link = &address
	}
	kept, err := r.kept(ctx, brand, lang)
	if err != nil {
		return api.NoticeDetail{}, err
	}
	letter := privacy.Letter{
		Lang: lang, Controller: r.told.Controller, Contact: r.told.Contact, Brand: brand,
		Platforms: platformsOf(who), Since: x.Stored, Kept: kept, Link: text(link),
	}
	said, err := letter.Text()
	return api.NoticeDetail{Notice: r.notice(x), Text: said, Missing: letter.Missing(), Link: link}, err
}

// SetInformed implements api.Privacy.
func (r rights) SetInformed(ctx context.Context, brand, person string, at time.Time, channel, by string) error {
	return r.store.SetInformed(ctx, brand, person, store.Informed{At: at, Channel: channel, By: by})
}

// Retention implements api.Privacy: the rules of platforms themselves come last.
func (r rights) Retention(ctx context.Context, brand string) ([]api.Retention, error) {
	rules, err := r.store.Retentions(ctx, brand)
	if err != nil {
		return nil, err
	}
	list := []api.Retention{}
	for _, x := range rules {
		one := api.Retention{Platform: string(x.Platform), SetBy: &x.By, SetAt: &x.At}
		if x.Platform == "" {
			one.Platform = "all"
		}
		if x.Days > 0 {
			one.Days = &x.Days
		}
		list = append(list, one)
	}
	for _, p := range slices.Sorted(maps.Keys(retention)) {
		list = append(list, api.Retention{Platform: string(p), Days: new(int64(retention[p] / (24 * time.Hour))), Fixed: true})
	}
	return list, nil
}

// SetRetention implements api.Privacy.
func (r rights) SetRetention(ctx context.Context, brand, platform string, days *int64, by string) error {
	if days == nil {
		return r.store.DropRetention(ctx, brand, adalid.Platform(platform))
	}
	return r.store.SetRetention(ctx, brand, store.Retention{Platform: adalid.Platform(platform), Days: *days, By: by})
}
