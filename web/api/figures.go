package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// mostSources bounds the label values of metrics; further sources count as one.
const mostSources = 100

// scanMeter shows the figures of live scans, read when they are asked for.
type scanMeter struct {
	figures                                      Figures
	now                                          func() time.Time
	pages, mentions, errors, usd, budget, behind *prometheus.Desc
}

// NewScanMeter makes the metrics of live scans.
func NewScanMeter(f Figures, now func() time.Time) prometheus.Collector {
	if now == nil {
		now = time.Now
	}
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("adalid_scan_"+name, help, append([]string{"platform", "source"}, labels...), nil)
	}
	return &scanMeter{
		figures: f, now: now,
		pages:    desc("pages_total", "Pages stored from live sources."),
		mentions: desc("mentions_total", "Mentions from live sources that were not known before."),
		errors:   desc("errors_total", "Scans of a source that something stopped.", "kind"),
		usd:      desc("spent_usd_total", "What reading cost, in US dollars."),
		budget:   desc("budget_usd", "What the source may cost in a calendar month, in US dollars; absent where no limit was set."),
		behind:   desc("lag_seconds", "Time since the source was last read to its end, for any brand."),
	}
}

// Describe implements prometheus.Collector.
func (m *scanMeter) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.pages, m.mentions, m.errors, m.usd, m.budget, m.behind} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (m *scanMeter) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // a scrape brings no context
	defer cancel()
	all, err := m.figures.SourceFigures(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(m.pages, err)
		return
	}
	for _, f := range few(all) {
		counter := func(d *prometheus.Desc, v float64, labels ...string) {
			to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, append([]string{f.Platform, f.Source}, labels...)...)
		}
		counter(m.pages, float64(f.Pages))
		counter(m.mentions, float64(f.Mentions))
		counter(m.usd, float64(f.Micros)/1e6)
		for _, kind := range slices.Sorted(maps.Keys(f.Errors)) {
			counter(m.errors, float64(f.Errors[kind]), kind)
		}
		gauge := func(d *prometheus.Desc, v float64) {
			to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, f.Platform, f.Source)
		}
		if f.Monthly != nil {
			gauge(m.budget, float64(*f.Monthly)/1e6)
		}
		if !f.Succeeded.IsZero() {
			gauge(m.behind, m.now().Sub(f.Succeeded).Seconds())
		}
	}
}

// few sums up what lies beyond the first sources.
func few(all []SourceFigures) []SourceFigures {
	if len(all) <= mostSources {
		return all
	}
	rest := SourceFigures{Source: "(others)", Errors: map[string]int64{}}
	for _, f := range all[mostSources-1:] {
		rest.Pages += f.Pages
		rest.Mentions += f.Mentions
		rest.Micros += f.Micros
		for kind, n := range f.Errors {
			rest.Errors[kind] += n
		}
	}
	return append(slices.Clone(all[:mostSources-1]), rest)
}
