package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid"
	"adalid/internal/scan"
)

// Scan is one scan of a brand over its live sources.
type Scan struct {
	ID       string     `json:"id"`
	Brand    string     `json:"brand"`
	State    string     `json:"state" enum:"running,done,failed,stopped" doc:"stopped: the server ended; what was left goes on at its next start, with the same sources."`
	Reason   *string    `json:"reason" doc:"One sentence; null: all went well."`
	Started  *time.Time `json:"started"`
	Finished *time.Time `json:"finished" doc:"null while it runs."`
	Sources  []string   `json:"sources" nullable:"true" doc:"The sources that it was asked for; null: all of the brand's."`
	Since    *time.Time `json:"since" doc:"How far back the first scan of a source was to reach; null: as far as the source says."`
	New      int64      `json:"new" doc:"Over all sources."`
	SpentUSD float64    `json:"spent_usd"`
	Legs     []ScanLeg  `json:"legs" nullable:"false" doc:"What it did at each source, by source; those that have not begun are not in it."`
}

// ScanLeg is what a scan did at one source.
type ScanLeg struct {
	Source     string     `json:"source"`
	State      string     `json:"state" enum:"running,done,paused,failed,stopped" doc:"paused: it goes on by itself at until. failed: somebody has to do something, or the next scan tries again."`
	Kind       *string    `json:"kind" doc:"What stopped it: auth, forbidden, not_entitled, rate_limited, quota, budget, transient, gone, schema; null: nothing, or an error of ours."`
	Reason     *string    `json:"reason" doc:"One sentence."`
	Fix        *string    `json:"fix" doc:"What to do."`
	Until      *time.Time `json:"until" doc:"When a paused one goes on."`
	Pages      int64      `json:"pages"`
	Read       int64      `json:"read" doc:"Posts read, also those that are not about the brand."`
	New        int64      `json:"new"`
	Changed    int64      `json:"changed"`
	Repeated   int64      `json:"repeated"`
	Suppressed int64      `json:"suppressed" doc:"Of people who were erased: nothing of them is stored."`
	Rejected   int64      `json:"rejected"`
	Gone       int64      `json:"gone" doc:"Taken out because they no longer exist; counted at the end."`
	SpentUSD   float64    `json:"spent_usd" doc:"Counted at the end."`
	Started    *time.Time `json:"started"`
	Finished   *time.Time `json:"finished"`

	EstimatedPosts *int64   `json:"estimated_posts" doc:"What there was to read at most, as a paid source said beforehand. null: it was not asked, which it is once in 20 hours, or does not tell."`
	EstimatedUSD   *float64 `json:"estimated_usd" doc:"What that was to cost at most."`
}

// ScanList is a brand's scans, newest first.
type ScanList struct {
	Items []Scan `json:"items" nullable:"false"`
}

// NewScan says what to scan.
type NewScan struct {
	Sources []string `json:"sources,omitempty" nullable:"false" maxItems:"50" doc:"Names of sources or platforms. Left out: all of the brand's."`
	Since   string   `json:"since,omitempty" maxLength:"40" doc:"How far back the first scan of a source reaches: RFC 3339 time or date. Left out: as far as the source says."`
}

type newScanInput struct {
	BrandPath
	Wait bool     `query:"wait" doc:"Answer when the scan has ended, after ten minutes at the latest."`
	Body *NewScan `doc:"Left out: all sources."`

	c *gin.Context
}

// Resolve keeps the connection, whose time limits a long wait moves.
func (in *newScanInput) Resolve(ctx huma.Context) []error {
	in.c = humagin.Unwrap(ctx)
	return nil
}

type (
	scanPath struct {
		BrandPath
		ID string `path:"id" maxLength:"200"`
	}
	scansInput struct {
		BrandPath
		Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	scanAnswer  struct{ Body Scan }
	scanStarted struct {
		Status   int
		Location string `header:"Location"`
		Body     Scan
	}
	scansAnswer struct{ Body ScanList }
)

func (s *server) registerScans(a huma.API) {
	const path = "/brands/{brand}/scans"
	register(a, op(http.MethodGet, path, "list-scans", "Scans of the brand, newest first"), s.listScans)
	start := described(op(http.MethodPost, path, "start-scan", "Read what is new at the live sources"),
		"The scan goes on after the answer; Location tells how far it is. While the brand is being scanned the answer is 409 and Location names that scan.")
	start.DefaultStatus = http.StatusAccepted
	register(a, also(also(start, "200", "The scan has ended; only with wait"), "409", "A scan is under way; Location names it"), s.startScan)
	register(a, op(http.MethodGet, path+"/{id}", "get-scan", "How far a scan is"), s.getScan)
	s.registerScanEvents(a, path+"/{id}/events")
}

func (s *server) listScans(ctx context.Context, in *scansInput) (*scansAnswer, error) {
	records, err := s.Scanner.ScanRecords(ctx, in.Brand, 0, in.Limit)
	if err != nil {
		return nil, err
	}
	list := ScanList{Items: make([]Scan, len(records))}
	for i, r := range records {
		list.Items[i] = wireScan(r)
	}
	return &scansAnswer{list}, nil
}

func (s *server) getScan(ctx context.Context, in *scanPath) (*scanAnswer, error) {
	r, err := s.scanRecord(ctx, in.Brand, in.ID)
	if err != nil {
		return nil, err
	}
	return &scanAnswer{wireScan(r)}, nil
}

// scanRecord finds a scan; what is no id at all is as unknown as another.
func (s *server) scanRecord(ctx context.Context, brand, id string) (scan.Record, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 {
		n = -1
	}
	records, err := s.Scanner.ScanRecords(ctx, brand, n, 1)
	if err != nil {
		return scan.Record{}, err
	}
	if len(records) == 0 {
		return scan.Record{}, adalid.Errorf(adalid.NotFound, "The brand has no such scan.")
	}
	return records[0], nil
}

func (s *server) startScan(ctx context.Context, in *newScanInput) (*scanStarted, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	order := scan.Order{Brand: b.Name}
	if in.Body != nil {
		order.Only = in.Body.Sources
		if order.Since, err = s.parseSince(in.Body.Since); err != nil {
			return nil, err
		}
	}
	id, err := s.Scanner.StartScan(ctx, order)
	if err != nil {
		return nil, underWay(b.Name, err)
	}
	if in.Wait {
		if err := s.waitFor(ctx, in.c, b.Name, id); err != nil {
			return nil, err
		}
	}
	r, err := s.scanRecord(ctx, b.Name, strconv.FormatInt(id, 10))
	if err != nil {
		return nil, err
	}
	status := http.StatusAccepted
	if in.Wait && r.State != scan.Running {
		status = http.StatusOK
	}
	return &scanStarted{status, scanURL(b.Name, id), wireScan(r)}, nil
}

func (s *server) parseSince(text string) (time.Time, error) {
	t, err := parseTime("since", text, 0)
	var p *Problem
	switch {
	case errors.As(err, &p):
		return t, invalid("body.since", p.Errors[0].Message)
	case err == nil && t.After(s.Now()):
		return t, invalid("body.since", "since lies ahead")
	}
	return t, err
}

// underWay names the scan that another one has to wait for.
func underWay(brand string, err error) error {
	var at *scan.UnderWay
	if !errors.As(err, &at) || at.ID == 0 {
		return err
	}
	return huma.ErrorWithHeaders(newProblem(http.StatusConflict, "A scan of this brand is under way already; Location names it."),
		http.Header{"Location": {scanURL(brand, at.ID)}})
}

func scanURL(brand string, id int64) string {
	return brandURL(brand) + "/scans/" + strconv.FormatInt(id, 10)
}

func wireScan(r scan.Record) Scan {
	out := Scan{
		ID: strconv.FormatInt(r.ID, 10), Brand: r.Brand, State: string(r.State), Reason: some(r.Reason),
		Started: known(r.Started), Finished: known(r.Finished), Sources: r.Only, Since: known(r.Since), Legs: make([]ScanLeg, len(r.Legs)),
	}
	for i, l := range r.Legs {
		out.Legs[i] = ScanLeg{
			Source: l.Source, State: string(l.State), Kind: some(string(l.Kind)), Reason: some(l.Reason), Fix: some(l.Fix), Until: known(l.Until),
			Pages: l.Pages, Read: l.Rows, New: l.Saved.New, Changed: l.Saved.Changed, Repeated: l.Saved.Repeated, Suppressed: l.Saved.Suppressed, Rejected: l.Rejected,
			Gone: l.Gone, SpentUSD: float64(l.Micros) / 1e6, Started: known(l.Started), Finished: known(l.Finished),
			EstimatedPosts: l.EstimatedPosts, EstimatedUSD: usd(l.EstimatedMicros),
		}
		out.New += l.Saved.New
		out.SpentUSD += out.Legs[i].SpentUSD
	}
	return out
}
