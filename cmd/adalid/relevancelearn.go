package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"adalid"
	"adalid/internal/match"
	"adalid/internal/relevance"
	"adalid/internal/store"
)

// onlooker shows mentions to the relevance model as it wants to see them.
type onlooker struct{ matcher *match.Matcher }

// newOnlooker looks for the terms of a brand's query, or its name without one.
func newOnlooker(b adalid.Brand) (onlooker, error) {
	if b.Query == "" {
		b.Query = strconv.Quote(b.Name)
	}
	m, err := match.Compile([]adalid.Brand{b})
	if err != nil { // a name that is no query
		b.Query = ""
		m, err = match.Compile([]adalid.Brand{b})
	}
	return onlooker{m}, err
}

// post gives a mention as the model sees it. What answers or quotes the brand's
// own accounts is a conversation and always about the brand.
func (o onlooker) post(m *adalid.Mention) (p relevance.Post, conversation bool) {
	p = relevance.Post{Text: m.Text, Author: string(m.Author.Platform) + "/" + m.Author.Key, Lang: m.Lang}
	if m.Author.Key == "" {
		p.Author = ""
	}
	for _, hit := range o.matcher.Match(match.DocOf(*m), nil) {
		conversation = conversation || hit.Conversation
		for _, s := range hit.Spans {
			p.Terms = append(p.Terms, relevance.Span{Start: s.Start, End: s.End})
		}
	}
	return p, conversation
}

// decodeRelevance reads a relevance model; what it gives tells whether a
// mention is left out. Conflict when the model is of another version.
func decodeRelevance(model []byte, b adalid.Brand) (func(*adalid.Mention) bool, error) {
	m, err := relevance.Decode(model)
	if err != nil {
		return nil, err
	}
	o, err := newOnlooker(b)
	if err != nil {
		return nil, err
	}
	return func(mention *adalid.Mention) bool {
		p, conversation := o.post(mention)
		return !conversation && m.Score(p) < relevance.Threshold
	}, nil
}

// onlookers is how many mentions without a mark training and suggestions see.
const onlookers = 3000

// evidence is what a relevance model is trained from.
type evidence struct {
	marks []relevance.Mark
	pool  []relevance.Post
	of    []*store.Judged // of each in pool
}

func (l *learner) evidence(ctx context.Context, b adalid.Brand) (e evidence, err error) {
	o, err := newOnlooker(b)
	if err != nil {
		return e, err
	}
	err = l.store.Judged(ctx, b.Name, func(m *store.Judged) error {
		if m.About != nil {
			p, _ := o.post(&m.Mention)
			e.marks = append(e.marks, relevance.Mark{Post: p, About: *m.About})
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	err = l.store.Sample(ctx, b.Name, onlookers, func(m *store.Judged) error {
		if m.About != nil || m.Repost || m.Text == "" || m.OwnAccount {
			return nil
		}
		if p, conversation := o.post(&m.Mention); !conversation {
			e.pool = append(e.pool, p)
			e.of = append(e.of, m)
		}
		return nil
	})
	return e, err
}

// relevanceReport is stored beside a relevance model.
type relevanceReport struct {
	relevance.Effect
	Off bool `json:"off"` // the team switched the rule off
}

func readReport(m *store.Learned) (r relevanceReport, err error) {
	if m == nil {
		return r, nil
	}
	if err := json.Unmarshal(m.Report, &r); err != nil {
		return r, fmt.Errorf("read the report on a relevance model: %w", err)
	}
	return r, nil
}

// refitRelevance learns anew from all marks which mentions are about the
// brand. The mentions follow with apply.
func (l *learner) refitRelevance(ctx context.Context, brand string, change func(*relevanceReport)) (relevanceReport, error) {
	b, err := l.store.Brand(ctx, brand)
	if err != nil {
		return relevanceReport{}, err
	}
	stored, err := l.store.Lessons(ctx, b.Name)
	if err != nil {
		return relevanceReport{}, err
	}
	report, err := readReport(stored.Kind(store.LearnedRelevance))
	if err != nil {
		return report, err
	}
	if change != nil {
		change(&report)
	}
	e, err := l.evidence(ctx, b)
	if err != nil {
		return report, err
	}
	m, effect := relevance.Train(e.marks, e.pool)
	if report.Effect = effect; len(e.marks) == 0 && !report.Off {
		_, err := l.store.DropLearned(ctx, b.Name, store.LearnedRelevance)
		return report, err
	}
	text, err := json.Marshal(report)
	if err != nil {
		return report, fmt.Errorf("encode the report on a relevance model: %w", err)
	}
	_, err = l.store.SetLearned(ctx, b.Name, store.Learned{
		Kind: store.LearnedRelevance, Model: m.Encode(), Report: text, InUse: effect.Helps && !report.Off,
	})
	return report, err
}
