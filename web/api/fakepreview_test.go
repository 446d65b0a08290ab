package api

import (
	"context"
	"strings"

	"adalid"
	"adalid/internal/relevance"
	"adalid/internal/scan"
)

// PreviewBrand finds one post about everything, unless the name says that there
// is no network.
func (f *fakeLive) PreviewBrand(_ context.Context, d Draft) (Drafted, error) {
	if f.brands.fail != nil {
		return Drafted{}, f.brands.fail
	}
	if strings.Contains(d.Name, "(") {
		return Drafted{}, adalid.Errorf(adalid.Invalid, "these words make no query")
	}
	out := Drafted{Query: `"` + d.Name + `"`, Sources: []SampledSource{
		{Standing: scan.Standing{Source: "down", State: scan.Paused, Kind: "transient", Reason: "it cannot be reached"}, Platform: "down"},
	}}
	if d.Name == "Offline" {
		return out, nil
	}
	text := "Día de " + d.Name + " " + hostile
	out.Sources = append(out.Sources, SampledSource{Standing: scan.Standing{Source: "forum", State: scan.Done}, Platform: "forum", Posts: 12})
	out.Matched, out.Ignored = 1, int64(len(d.Ignore))
	out.Posts = []DraftedPost{{
		Mention: adalid.Mention{Platform: "forum", ID: "a/1", Text: text, URL: "javascript:alert(1)", Author: adalid.Author{Handle: "ana"}},
		Hits:    []relevance.Span{{Start: len("Día de "), End: len("Día de " + d.Name)}, {Start: len("Día de "), End: len("Día de ") + 1}},
	}}
	for _, m := range d.Marks {
		if !m.About {
			out.Exclude = append(out.Exclude, relevance.Exclusion{Query: "-" + strings.ToLower(strings.Fields(m.Text + " -")[0]), MarkedNot: 1})
		}
	}
	return out, nil
}

// LoadDemo gives the invented brand, which is there.
func (f *fake) LoadDemo(ctx context.Context) (adalid.Brand, bool, error) {
	b, err := f.Brand(ctx, "Invented")
	if adalid.CodeOf(err) != adalid.NotFound {
		return b, false, err
	}
	b = adalid.Brand{Name: "Invented", Demo: true}
	return b, true, f.CreateBrand(ctx, b)
}
