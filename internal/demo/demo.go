// Package demo invents worlds from a seed: one believable enough to show what
// a ranking looks like, and files of any size to measure with.
package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"adalid"
)

// Brand is the invented brand's name, Rival that of its invented competitor.
const (
	Brand = "Tostalba"
	Rival = "Molinegro"
)

// days is how far back a world reaches.
const days = 120

// Options says which world to invent.
type Options struct {
	Seed  int64     // same seed and Until, same world
	Until time.Time // when it ends; no post is later
}

// World is an invented brand, what people wrote about it, and what each person
// was invented to be. Nobody in it exists.
type World struct {
	Brand    adalid.Brand
	Mentions []adalid.Mention   // by time; about 6,000 to 8,000
	Roles    map[string]Role    // by RoleKey
	NetViews map[string]float64 // of a [Trial], by RoleKey: views a month of posts that speak well less those of posts that speak badly, as people were invented to be; 0 for who is not genuine or of the circle
}

// Role is what an account was invented to be.
type Role string

// The roles.
const (
	Advocate       Role = "advocate"        // speaks well, often, for months, and is answered
	SmallFan       Role = "small_fan"       // speaks well now and then, hardly heard
	Connector      Role = "connector"       // names and answers many people in several communities
	Critic         Role = "critic"          // speaks badly, more than once
	RivalFan       Role = "rival_fan"       // speaks badly in favour of the competitor
	Celebrity      Role = "celebrity"       // one kind post, a huge audience
	AngryCelebrity Role = "angry_celebrity" // one angry post, a huge audience
	Creator        Role = "creator"         // paid, says so
	BargainHunter  Role = "bargain_hunter"  // writes of codes and prices
	Repeater       Role = "repeater"        // says the same every day
	Bot            Role = "bot"             // posts adverts like clockwork
	OwnAccount     Role = "own_account"     // the brand itself
	Staff          Role = "staff"           // works for the brand; among Brand.Own
	Agency         Role = "agency"          // paid to praise, does not say so
	Reseller       Role = "reseller"        // a shop that sells the brand; in a Trial only, as the next four
	Defender       Role = "defender"        // speaks well and answers those who complain
	Talker         Role = "talker"          // speaks often, neither well nor badly
	CopyRing       Role = "copy_ring"       // posts what others of the ring post in the same minute
	LinkSpammer    Role = "link_spammer"    // praises in order to place a link
	PasserBy       Role = "passer_by"       // everybody else
)

// RoleKey is the key of an account in World.Roles.
func RoleKey(platform adalid.Platform, key string) string { return string(platform) + "/" + key }

// Invent makes the world of a seed. The error is a defect of the grammar files
// in the binary.
func Invent(o Options) (World, error) {
	w := &writer{
		r:     rand.New(rand.NewPCG(uint64(o.Seed), 1)),
		until: o.Until.Unix(),
		said:  map[string]bool{},
		taken: map[string]bool{},
		cast:  cast,
	}
	w.day0 = (w.until/86400 - days + 1) * 86400
	for i, lang := range languages {
		g, err := readGrammar(lang)
		if err != nil {
			return World{}, fmt.Errorf("demo: invent: %w", err)
		}
		w.grammars[i] = g
	}
	w.populate()
	w.settleIdentities()
	for _, s := range w.schedule() {
		w.write(s)
	}
	w.settleCounters(0)
	return w.world(), nil
}

// world hands out what was written.
func (w *writer) world() World {
	own := []adalid.OwnAccount{}
	roles := map[string]Role{}
	for _, p := range w.people {
		roles[RoleKey(p.author.Platform, p.author.Key)] = p.part.role
		if p.part.role == OwnAccount || p.part.role == Staff && w.trial == nil {
			own = append(own, adalid.OwnAccount{Platform: p.author.Platform, Handle: p.handle})
		}
	}
	name := strings.ToLower(Brand)
	out := World{Roles: roles, Brand: adalid.Brand{
		Name: Brand, Query: name + " OR @" + name + " OR #" + name, Own: own, Demo: true,
		Created: time.Unix(w.day0, 0).UTC(),
	}}
	for _, e := range w.events {
		out.Mentions = append(out.Mentions, e.mention)
	}
	if w.trial != nil {
		out.NetViews = w.netViews()
	}
	return out
}
