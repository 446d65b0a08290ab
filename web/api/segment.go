package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/rank"
)

// Segment is a filter expression that a team keeps under a name.
type Segment struct {
	Name    string     `json:"name"`
	Where   string     `json:"where" doc:"Its members are whoever meets this when asked."`
	Created *time.Time `json:"created"`
	Updated *time.Time `json:"updated"`
}

// SegmentList is a brand's segments, by name.
type SegmentList struct {
	Items []Segment `json:"items" nullable:"false"`
}

// NewSegment says what to keep.
type NewSegment struct {
	Where string `json:"where" minLength:"1" maxLength:"2000" doc:"Such as score >= 60 and followers < 5000; see docs/views.md."`
}

// SegmentPath is the address of a segment.
type SegmentPath struct {
	BrandPath
	Segment string `path:"segment" maxLength:"400" doc:"Name of the segment, percent-encoded; compared without regard to case."`
}

type (
	segmentsAnswer struct{ Body SegmentList }
	segmentAnswer  struct{ Body Segment }
	segmentSaved   struct {
		Status   int
		Location string `header:"Location"`
		Body     Segment
	}
	newSegmentInput struct {
		SegmentPath
		Body NewSegment
	}
	membersInput struct {
		SegmentPath
		Filters
		KeptChoice
		Sort        string `query:"sort" enum:"score,affinity,volume,reach,network,mentions,engagement,recent" doc:"Descending. Left out: score."`
		Limit       int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor      string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before."`
		IfNoneMatch string `header:"If-None-Match" maxLength:"1000"`
	}
)

func (s *server) registerSegments(a huma.API) {
	const path = "/brands/{brand}/segments"
	const one = path + "/{segment}"
	register(a, op(http.MethodGet, path, "list-segments", "Saved segments"), s.listSegments)
	register(a, op(http.MethodGet, one, "get-segment", "One saved segment"), s.getSegment)
	save := op(http.MethodPut, one, "save-segment", "Keep a filter expression under a name")
	register(a, also(save, "201", "It is a new one"), s.saveSegment)
	register(a, op(http.MethodDelete, one, "remove-segment", "Forget a saved segment"), s.removeSegment)
	members := op(http.MethodGet, one+"/members", "list-segment-members", "Who is in a segment now")
	members = described(members, "Lists them as the ranking does, critics too where the expression holds for them; where narrows it further.")
	register(a, also(members, "304", "Nothing changed since the answer with that ETag"), s.listMembers)
}

func (s *server) listSegments(ctx context.Context, in *BrandPath) (*segmentsAnswer, error) {
	list, err := s.Segments.Segments(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	out := SegmentList{Items: make([]Segment, len(list))}
	for i, x := range list {
		out.Items[i] = WireSegment(x)
	}
	return &segmentsAnswer{out}, nil
}

// WireSegment gives a segment as the API shows it.
func WireSegment(x rank.Saved) Segment {
	return Segment{x.Name, x.Where, known(x.Created), known(x.Updated)}
}

func (s *server) getSegment(ctx context.Context, in *SegmentPath) (*segmentAnswer, error) {
	x, err := s.Segments.Segment(ctx, in.Brand, in.Segment)
	if err != nil {
		return nil, err
	}
	return &segmentAnswer{WireSegment(x)}, nil
}

func (s *server) saveSegment(ctx context.Context, in *newSegmentInput) (*segmentSaved, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	if _, err := rank.ParseWhere(in.Body.Where); err != nil {
		return nil, invalid("body.where", err.Error())
	}
	made, err := s.Segments.SaveSegment(ctx, b.Name, rank.Saved{Name: in.Segment, Where: in.Body.Where})
	if err != nil {
		return nil, err
	}
	x, err := s.Segments.Segment(ctx, b.Name, in.Segment)
	if err != nil {
		return nil, err
	}
	out := &segmentSaved{Status: http.StatusOK, Body: WireSegment(x)}
	if made {
		out.Status, out.Location = http.StatusCreated, brandURL(b.Name)+"/segments/"+url.PathEscape(x.Name)
	}
	return out, nil
}

func (s *server) removeSegment(ctx context.Context, in *SegmentPath) (*empty, error) {
	return nil, s.Segments.RemoveSegment(ctx, in.Brand, in.Segment)
}

func (s *server) listMembers(ctx context.Context, in *membersInput) (*advocatesAnswer, error) {
	x, err := s.Segments.Segment(ctx, in.Brand, in.Segment)
	if err != nil {
		return nil, err
	}
	list := &advocatesInput{
		BrandPath: in.BrandPath, AdvocateChoice: AdvocateChoice{Filters: in.Filters, KeptChoice: in.KeptChoice, Sort: in.Sort, All: true}, Limit: in.Limit, Cursor: in.Cursor, IfNoneMatch: in.IfNoneMatch,
	}
	q, err := list.query(ctx)
	if err != nil {
		return nil, err
	}
	q.Segment = x.Where
	return s.answerAdvocates(ctx, list, q)
}
