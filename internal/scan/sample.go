package scan

import (
	"context"
	"slices"

	"adalid"
	"adalid/collectors"
)

// samplePages bounds what one source is asked for a sample: a query of several
// words asks for each on a page of its own.
const samplePages = 3

// Samples tells whether a sample may be read of a source: it searches, costs
// nothing, and nothing is counted against a quota of the day.
func (l *Live) Samples(s Source) bool {
	d, ok := l.definitions[s.Collector]
	return ok && slices.Contains(d.Can, collectors.Search) && slices.Contains(d.Can, collectors.Keyless) && !slices.Contains(d.Can, collectors.Stream) && len(d.Costs) == 0
}

// Sample reads the newest posts of a source about a brand that need not be
// stored, and keeps nothing: three pages at most, fewer when ctx ends. The posts
// are those that the source gave, also such as the query does not match. The
// standing says how it went; Done is with ctx ended where something was read.
func (l *Live) Sample(ctx context.Context, brand adalid.Brand, s Source) ([]adalid.Mention, Standing) {
	brand.Query = QueryOf(brand)
	fail := func(err error) Standing { return standing(s.Name, Report{}, err, l.Now()) }
	terms, err := SearchTerms(brand)
	if err != nil {
		return nil, fail(err)
	}
	collector, err := l.Build(s, "", 0)
	if err != nil {
		return nil, fail(err)
	}
	var posts []adalid.Mention
	var at collectors.Cursor
	report := Report{}
	for range samplePages {
		page, err := collector.Collect(ctx, collectors.Query{Brand: brand, Terms: terms}, at)
		if err != nil {
			if report.Pages > 0 && ctx.Err() != nil {
				break
			}
			return posts, fail(err)
		}
		report.Pages++
		report.Rows += int64(len(page.Mentions))
		report.Warnings = append(report.Warnings, page.Warnings...)
		posts = append(posts, page.Mentions...)
		if at = page.Next; !page.More {
			break
		}
	}
	return posts, Standing{Source: s.Name, State: Done, Report: report}
}
