package api

import (
	"adalid/internal/authenticity"
	"adalid/internal/rank"
)

// Flag is what has to be known of a listed person.
type Flag struct {
	Code        string   `json:"code" enum:"circle,automated,repeater,organisation,genuine"`
	Probability *float64 `json:"probability" doc:"In [0, 1]; null where it is no guess."`
	Role        *string  `json:"role" enum:"staff,agency,reseller,paid-partner" doc:"Of circle; null for the others."`
	Team        bool     `json:"team" doc:"The team said so; without it circle is a suggestion, automated what the rules make of it."`
	Reasons     []Reason `json:"reasons" nullable:"false" doc:"Rules that hold; none where the team said so."`
}

// Reason is a rule that holds, in words.
type Reason struct {
	Code   string   `json:"code"`
	Weight float64  `json:"weight" doc:"What it adds to the log-odds; below 0 it speaks against."`
	Values []int64  `json:"values" nullable:"false" doc:"The numbers of the sentence."`
	Text   Sentence `json:"text"`
}

// Sentence is a sentence in both languages.
type Sentence struct {
	EN string `json:"en"`
	ES string `json:"es"`
}

func wireFlags(flags []rank.Flag) []Flag {
	out := make([]Flag, len(flags))
	for i, f := range flags {
		out[i] = Flag{string(f.Code), f.Probability, some(f.Role), f.Team, wireReasons(f.Reasons)}
	}
	return out
}

func wireReasons(list []rank.Clue) []Reason {
	out := make([]Reason, len(list))
	for i, r := range list {
		said := authenticity.Reason(r)
		out[i] = Reason{r.Code, r.Weight, append([]int64{}, r.Values...), Sentence{said.Say("en"), said.Say("es")}}
	}
	return out
}
