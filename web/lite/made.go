package lite

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"adalid/internal/rank"
	"adalid/scoring"
)

// made says how scores come from their parts: with which blend, with which
// weights, and what happens where a part is unknown.
func (v *view) made(blend scoring.Blend, weights scoring.Weights, leftOut bool) string {
	parts := v.weights(weights)
	if parts == "" {
		return ""
	}
	text := v.W.Made
	if blend == scoring.Arithmetic {
		text = v.W.MadeMean
	}
	text = fmt.Sprintf(text, parts)
	if leftOut {
		text += " " + v.W.LeftOut
	}
	return text
}

// leftOut tells whether a part of some score is unknown.
func leftOut(entries ...rank.Entry) bool {
	return slices.ContainsFunc(entries, func(e rank.Entry) bool {
		return e.Score != nil && slices.ContainsFunc(e.Score.Parts[:], func(p scoring.Part) bool { return p.Value == nil })
	})
}

// weights lists the parts that weigh anything with their percentage.
func (v *view) weights(weights scoring.Weights) string {
	sum := 0.0
	for _, f := range weights {
		sum += f
	}
	var list []string
	for i, f := range weights {
		if f <= 0 {
			continue
		}
		percent, decimals := 100*f/sum, 1
		if math.Abs(percent-math.Round(percent)) < .05 {
			decimals = 0
		}
		list = append(list, v.W.Components[i]+" "+v.W.decimal(percent, decimals)+v.W.Percent)
	}
	return strings.Join(list, ", ")
}

// asked is the question in one line, for a printed list: it has no form.
func (v *view) asked(r rank.Ranking) string {
	w, f := v.W, v.Form
	preset := w.OwnWeights
	for _, p := range scoring.Presets() {
		if known, _ := scoring.Preset(p); known == r.Weights {
			preset = w.PresetNames[p]
		}
	}
	until := f.Until
	if until == "" && !r.AsOf.IsZero() {
		until = r.AsOf.UTC().Format(time.DateOnly)
	}
	facts := []fact{
		{w.Brand, v.Brand},
		{w.Since, cmp.Or(f.Since, w.AllHistory)},
		{w.Until, until},
		{w.Platform, cmp.Or(f.Platform, w.AnyPlatform)},
		{w.Language, cmp.Or(f.Language, w.AnyLanguage)},
		{w.Least, f.Least},
		{w.Preset, preset},
	}
	var line []string
	for _, one := range facts {
		if one.Value != "" {
			line = append(line, one.Name+": "+one.Value)
		}
	}
	if f.All {
		line = append(line, w.Critics)
	}
	return strings.Join(line, " · ")
}
