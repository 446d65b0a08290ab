package store

import (
	"context"
	"strings"
	"time"

	"adalid"
)

// LabelOf is a team's judgement of a mention; Label "" takes it back.
type LabelOf struct {
	Key
	Label adalid.Label
}

// MarkOf says whether a mention is about the brand; nil takes it back.
type MarkOf struct {
	Key
	About *bool
}

// SetLabel is SetLabels for one mention.
func (s *Store) SetLabel(ctx context.Context, brand string, k Key, label adalid.Label, by string) error {
	_, err := s.SetLabels(ctx, brand, []LabelOf{{k, label}}, by)
	return err
}

// SetLabels records a team's own judgements; they win over the model as long as
// they stand. It gives how many mentions changed. Either all of them are
// recorded or, with an error, none: NotFound when there is no such mention,
// Invalid for a label that does not exist.
func (s *Store) SetLabels(ctx context.Context, brand string, labels []LabelOf, by string) (int64, error) {
	judgements := make([]judgement, len(labels))
	for i, l := range labels {
		v, ok := labelValue(l.Label)
		if !ok {
			return 0, adalid.Errorf(adalid.Invalid, "there is no label %q; use positive, neutral, negative, or nothing to take it back", l.Label)
		}
		judgements[i] = judgement{l.Key, v}
	}
	n, err := s.judge(ctx, brand, judgements, judging{
		what: "set labels", query: "label.Set", by: by,
		of: func(f *fact) *optional { return &f.label },
	})
	return n.Changed, err
}

// Marked counts what marks did by themselves, without what is learned from them.
type Marked struct {
	Changed  int64 // mentions whose mark is another one now
	LeftOut  int64 // of these: counted before and do not now
	Returned int64 // of these: count again
}

// SetMarks records a team's own word on which mentions are about the brand; it
// wins over every rule as long as it stands. What is marked as not about the
// brand stays stored and counts nowhere. The errors are those of SetLabels.
func (s *Store) SetMarks(ctx context.Context, brand string, marks []MarkOf, by string) (Marked, error) {
	judgements := make([]judgement, len(marks))
	for i, m := range marks {
		judgements[i].Key = m.Key
		if m.About != nil {
			judgements[i].value = optional{bit(*m.About), true}
		}
	}
	return s.judge(ctx, brand, judgements, judging{
		what: "set marks", query: "label.Mark", by: by,
		of: func(f *fact) *optional { return &f.about },
	})
}

// judgement is one value of label or about.
type judgement struct {
	Key
	value optional
}

// judging says which of the two is being set.
type judging struct {
	what, query, by string
	of              func(*fact) *optional
}

func (s *Store) judge(ctx context.Context, brand string, judgements []judgement, how judging) (Marked, error) {
	var n Marked
	err := s.write(ctx, how.what, func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		asked := make([]*post, len(judgements))
		for i, j := range judgements {
			asked[i] = &post{fact: fact{platform: clean(string(j.Platform)), id: clean(j.ID)}}
		}
		stored, err := storedPosts(x, b.id, asked)
		if err != nil {
			return err
		}
		now := map[mentionKey]*post{}
		for i, j := range judgements {
			k := asked[i].mentionKey()
			old := stored[k]
			if old == nil {
				return adalid.Errorf(adalid.NotFound, "brand %q has no mention %q on %q", b.Name, j.ID, j.Platform)
			}
			if now[k] == nil {
				p := *old
				now[k] = &p
			}
			*how.of(&now[k].fact) = j.value
		}
		var rows []rowChange
		at := optional{s.now().Unix(), true}
		for _, p := range sortedPosts(now) {
			old, value := stored[p.mentionKey()], *how.of(&p.fact)
			by, when := any(clean(how.by)), at
			if !value.ok {
				by, when = nil, optional{}
			}
			if value.ok || how.of(&old.fact).ok {
				if _, err := x.exec(how.query, b.id, p.platform, p.id, value, by, when); err != nil {
					return err
				}
			}
			if *how.of(&old.fact) != value {
				rows = append(rows, rowChange{old: old, now: p, judged: true})
			}
		}
		if n = markedRows(rows); n.Changed == 0 {
			return nil
		}
		if err := s.applyJudged(x, b, rows); err != nil {
			return err
		}
		for _, c := range rows {
			if _, err := x.exec("label.Prune", b.id, c.now.platform, c.now.id); err != nil {
				return err
			}
		}
		return touch(x, b.id)
	})
	if err != nil {
		return Marked{}, err
	}
	return n, nil
}

func markedRows(rows []rowChange) Marked {
	n := Marked{Changed: int64(len(rows))}
	for _, c := range rows {
		n.LeftOut += bit(c.now.out() && !c.old.out())
		n.Returned += bit(!c.now.out() && c.old.out())
	}
	return n
}

// applyJudged writes rows of which only what is thought of them changed.
func (s *Store) applyJudged(x *session, b brandRow, rows []rowChange) error {
	s.cache.use(b.id, b.epoch)
	known, err := s.seen.use(x, b.id)
	if err != nil {
		return err
	}
	return s.apply(x, newCopier(target{b.id, noNewAuthors, known}, rows), rows)
}

// Locate finds mentions by what people call them: platform/id, or the id alone
// when platform says the rest or only one platform has it. NotFound when there
// is none, Invalid when there are several.
func (s *Store) Locate(ctx context.Context, brand string, platform adalid.Platform, ids []string) ([]Key, error) {
	keys := make([]Key, len(ids))
	err := s.read(ctx, "find mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if keys[i], err = locate(x, b, platform, id); err != nil {
				return err
			}
		}
		return nil
	})
	return keys, err
}

func locate(x *session, b brandRow, platform adalid.Platform, id string) (Key, error) {
	var found []string
	look := func(platform, id string) error {
		return x.query("mention.Locate", func(r row) error {
			found = append(found, r.text(0))
			return nil
		}, b.id, clean(platform), clean(id))
	}
	if err := look(string(platform), id); err != nil {
		return Key{}, err
	}
	if first, rest, ok := strings.Cut(id, "/"); len(found) == 0 && ok && platform == "" && first != "" {
		if err := look(first, rest); err != nil {
			return Key{}, err
		}
		if len(found) > 0 {
			return Key{adalid.Platform(found[0]), rest}, nil
		}
	}
	switch {
	case len(found) == 1:
		return Key{adalid.Platform(found[0]), id}, nil
	case len(found) > 1:
		return Key{}, adalid.Errorf(adalid.Invalid, "brand %q has a mention %q on %s: write %s/%s, or name the platform", b.Name, id, strings.Join(found, " and "), found[0], id)
	case platform != "":
		return Key{}, adalid.Errorf(adalid.NotFound, "brand %q has no mention %q on %q", b.Name, id, platform)
	}
	return Key{}, adalid.Errorf(adalid.NotFound, "brand %q has no mention %q", b.Name, id)
}

// Judged is a mention with what is thought of it.
type Judged struct {
	adalid.Mention              // Label stays empty: reference labels are no judgements of a team
	Person         string       // adalid.Person.ID of its author
	Sentiment      *float64     // the model's, net; nil: not scored
	Tone           adalid.Label // the model's likeliest class; "": not scored
	Team           adalid.Label
	TeamBy         string
	TeamAt         time.Time
	About          *bool // the team's word on whether it is about the brand; nil: none
	AboutBy        string
	AboutAt        time.Time
	Ruled          bool // a rule leaves it out
	LeftOut        bool // it does not count: by the rule, or by the team's mark
}

// Judged yields the mentions that a team has labelled or marked, by platform
// and id.
func (s *Store) Judged(ctx context.Context, brand string, yield func(*Judged) error) error {
	return s.read(ctx, "read judged mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("label.Judged", func(r row) error { return yield(scanJudged(b.Name, r)) }, b.id)
	})
}

// JudgedMention gives one mention, called as Locate says and with its errors.
func (s *Store) JudgedMention(ctx context.Context, brand string, platform adalid.Platform, id string) (*Judged, error) {
	var found *Judged
	err := s.read(ctx, "read a judged mention", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		k, err := locate(x, b, platform, id)
		if err != nil {
			return err
		}
		_, err = x.one("mention.Judged", func(r row) error {
			found = scanJudged(b.Name, r)
			return nil
		}, b.id, clean(string(k.Platform)), clean(k.ID))
		return err
	})
	return found, err
}

func scanJudged(brand string, r row) *Judged {
	p := scanPost(r)
	who := r.after(factColumns + restColumns + shownColumns)
	j := &Judged{Mention: shownMention(brand, p, r), Person: r.after(factColumns + restColumns).text(1), Ruled: p.ruled, LeftOut: p.out()}
	j.Label = ""
	if p.sentiment.ok {
		net := float64(p.sentiment.v) / 1e6
		j.Sentiment, j.Tone = &net, labelOf(p.tone.v)
	}
	if p.label.ok {
		j.Team, j.TeamBy, j.TeamAt = labelOf(p.label.v), who.text(0), who.opt(1).time()
	}
	if p.about.ok {
		about := p.about.v != 0
		j.About, j.AboutBy, j.AboutAt = &about, who.text(2), who.opt(3).time()
	}
	return j
}
