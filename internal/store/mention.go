package store

import (
	"cmp"
	"context"
	"slices"

	"adalid"
	"adalid/internal/privacy"
	"adalid/internal/scan"
)

// Key names a mention inside a brand.
type Key struct {
	Platform adalid.Platform
	ID       string
}

// Save stores the page with its roll-ups, edges and cursor in one transaction:
// when it returns nil, all of it is on disk. Merging follows the rules of
// scoring: rows may come in any order and as often as they like. A replayed page
// is on disk with the next one that is not, or before. An unknown
// brand is an Error with code NotFound. The data version of a brand rises when
// something a reader can see changed.
func (s *Store) Save(ctx context.Context, p scan.Page) (scan.Saved, error) {
	batches := slices.Clone(p.Batches)
	slices.SortStableFunc(batches, func(a, b scan.Batch) int { return cmp.Compare(a.Brand, b.Brand) })
	var saved scan.Saved
	err := s.writeSynced(ctx, "save page", !p.Replayed, func(x *session) error {
		saved = scan.Saved{}
		for _, b := range batches {
			n, err := s.saveBatch(x, b)
			if err != nil {
				return err
			}
			saved.Add(n)
		}
		if p.Cursor == nil && p.Leg == nil {
			return nil
		}
		brand, err := cursorBrand(x, p.Brand)
		if err != nil {
			return err
		}
		if p.Leg != nil {
			if err := s.saveLeg(x, brand, p.Source, p.Leg, saved); err != nil {
				return err
			}
		}
		if p.Cursor == nil {
			return nil
		}
		list, err := s.suppressing(x)
		if err != nil {
			return err
		}
		p.Told = []byte(newRedactor(list, p.Brand).text("", string(p.Told)))
		return setCursor(x, brand, p, saved)
	})
	if err != nil {
		return scan.Saved{}, err
	}
	return saved, nil
}

// Cursor gives where the source of (brand, source) was left, nothing when it
// was never read.
func (s *Store) Cursor(ctx context.Context, brand, source string) (scan.Position, error) {
	var at scan.Position
	err := s.read(ctx, "read cursor", func(x *session) error {
		id, err := cursorBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("cursor.Get", func(r row) error {
			at = scan.Position{Cursor: r.bytes(0), Told: r.bytes(1), Saved: scan.Saved{New: r.int(2), Changed: r.int(3), Repeated: r.int(4), Suppressed: r.int(5)}}
			return nil
		}, id, clean(source))
		return err
	})
	return at, err
}

func setCursor(x *session, brand int64, p scan.Page, saved scan.Saved) error {
	_, err := x.exec("cursor.Set", brand, clean(p.Source), []byte(p.Cursor), p.Told,
		saved.New, saved.Changed, saved.Repeated, bit(p.First), saved.Suppressed)
	return err
}

// cursorBrand gives the id under which a cursor is kept: 0 where rows name
// their own brand.
func cursorBrand(x *session, name string) (int64, error) {
	if name == "" {
		return 0, nil
	}
	b, err := findBrand(x, name)
	return b.id, err
}

func (s *Store) saveBatch(x *session, b scan.Batch) (scan.Saved, error) {
	var saved scan.Saved
	brand, err := findBrand(x, b.Brand)
	if err != nil {
		return saved, err
	}
	if b.Lessons != brand.learned {
		return saved, scan.ErrStale
	}
	s.cache.use(brand.id, brand.epoch)
	known, err := s.seen.use(x, brand.id)
	if err != nil {
		return saved, err
	}
	list, err := s.suppressing(x)
	if err != nil {
		return saved, err
	}
	ready, ok := b.Work.(*foldedBatch)
	if !ok || ready.without != list {
		ready = s.fold(brand.Name, b.Mentions, list)
	}
	posts, flagged := ready.posts, ready.flagged
	saved.Suppressed = ready.suppressed
	saved.Repeated = int64(len(b.Mentions)-len(posts)) - ready.suppressed

	asked := make([]*post, 0, len(posts)) // the others are new
	for _, p := range posts {
		if known.mention(p.hashes.mention) {
			asked = append(asked, p)
		}
	}
	stored, err := storedPosts(x, brand.id, asked)
	if err != nil {
		return saved, err
	}
	changes := make([]rowChange, 0, len(posts))
	for _, p := range posts {
		var old *post
		if len(asked) > 0 && asked[0] == p {
			old, asked = stored[p.mentionKey()], asked[1:]
		}
		if old == nil {
			changes = append(changes, rowChange{now: p})
			continue
		}
		now := *old
		visible := now.merge(p)
		if visible || now.observed != old.observed || now.rowHash != old.rowHash || now.counter != old.counter {
			changes = append(changes, rowChange{old: old, now: &now, visible: visible})
		} else {
			saved.Repeated++
		}
	}
	r, err := s.newResolver(x, brand.id, known)
	if err != nil {
		return saved, err
	}
	if err := r.resolve(movedPosts(changes)); err != nil {
		return saved, err
	}
	for i := range changes {
		switch c := &changes[i]; {
		case c.old == nil:
			saved.New++
		case c.visible || c.old.author != c.now.author || c.old.profile != c.now.profile:
			saved.Changed++
		default:
			saved.Repeated++
		}
	}
	marked, err := markOwn(x, brand.id, flagged)
	if err != nil {
		return saved, err
	}
	numbering := make(chan *copier, 1)
	go func() { numbering <- newCopier(target{brand.id, r.first, known}, changes) }() // while authors are written
	err = r.write()
	if c := <-numbering; err == nil {
		err = s.apply(x, c, changes)
	}
	if err != nil {
		return saved, err
	}
	if saved.New+saved.Changed > 0 || marked {
		err = touch(x, brand.id)
	}
	return saved, err
}

// rowChange is a change of a whole row; without a row now it is a deletion.
type rowChange struct {
	old, now *post
	visible  bool
	judged   bool // only what is thought of it changed: sentiment, label, whether it counts
}

func movedPosts(changes []rowChange) []*post {
	posts := make([]*post, 0, len(changes))
	for _, c := range changes {
		if c.now.moved {
			posts = append(posts, c.now)
		}
	}
	return posts
}

// mentionKey names a row inside a brand.
type mentionKey struct{ platform, id string }

func (f *fact) mentionKey() mentionKey { return mentionKey{f.platform, f.id} }

// foldedBatch is what Ready makes of a batch: its rows, those of one mention merged
// with each other, in order of appearance, and which authors the rows flag as
// the brand's own.
type foldedBatch struct {
	posts      []*post
	flagged    []adalid.OwnAccount
	suppressed int64         // rows of people who were erased, left out
	without    *privacy.List // who that was
}

// Ready makes rows of a batch's mentions.
func (s *Store) Ready(b *scan.Batch) { b.Work = s.fold(b.Brand, b.Mentions, s.suppressed.Load()) }

// fold is where every mention passes that is to be stored: people on the list
// are left out, and what others say of them loses their handles. The hashes of a
// row stay those of what the source said, so that the same row is known again.
func (s *Store) fold(brand string, mentions []scan.Mention, without *privacy.List) *foldedBatch {
	guard := newRedactor(without, brand)
	all := make([]post, len(mentions))
	byKey := make(map[mentionKey]*post, len(mentions))
	f := &foldedBatch{posts: make([]*post, 0, len(mentions)), without: without}
	for i := range all {
		p := &all[i]
		p.set(&mentions[i])
		if guard.erased(p.platform, p.key, p.as.handle) {
			f.suppressed++
			continue
		}
		guard.post(p)
		p.hashes = s.cache.hash(p)
		if mentions[i].OwnAccount {
			f.flagged = append(f.flagged, adalid.OwnAccount{Platform: adalid.Platform(p.platform), Key: p.key})
		}
		if known := byKey[p.mentionKey()]; known != nil {
			known.merge(p)
			continue
		}
		byKey[p.mentionKey()] = p
		f.posts = append(f.posts, p)
	}
	return f
}

// storedPosts gives what the database holds of the posts asked for.
func storedPosts(x *session, brand int64, asked []*post) (map[mentionKey]*post, error) {
	stored := map[mentionKey]*post{}
	err := x.lookup(lookup{
		name: "mention.ByKeys", n: len(asked), width: 2, rest: []any{brand},
		key: func(i int) {
			x.text(asked[i].platform)
			x.text(asked[i].id)
		},
	}, func(r row) error {
		p := scanPost(r)
		stored[p.mentionKey()] = p
		return nil
	})
	return stored, err
}

// target says where changes go.
type target struct {
	brand    int64
	firstNew int64      // authors from this id on are made in this transaction
	seen     *brandSeen // nil: not known
}

// apply writes the changed rows, of which the copier was made, and everything
// that follows from them.
func (s *Store) apply(x *session, numbering *copier, rows []rowChange) error {
	brand := numbering.brand
	changes, err := numbering.number(x)
	if err != nil {
		return err
	}
	l, totals := newLedger(brand), make(chan total, 1)
	go func() { totals <- l.total(changes) }() // adds up while the rows are written
	if err := writeRows(x, brand, rows); err != nil {
		return err
	}
	for _, c := range changes[len(rows):] {
		if _, err := x.exec("mention.SetCopy", c.now.copy, c.now.rowid); err != nil {
			return err
		}
	}
	t := <-totals
	x.newsOf(brand).noteDays(t)
	if err := l.write(x, t); err != nil {
		return err
	}
	return s.sweep(x, brand, rows)
}

func writeRows(x *session, brand int64, rows []rowChange) error {
	var added []*post
	for _, c := range rows {
		switch {
		case c.old == nil:
			added = append(added, c.now)
		case c.now == nil:
			if _, err := x.exec("mention.Delete", c.old.rowid); err != nil {
				return err
			}
		default:
			if err := updateRow(x, c); err != nil {
				return err
			}
			if err := rule(x, brand, c); err != nil {
				return err
			}
		}
	}
	err := x.insert("mention.Insert", len(added), func(i int) {
		p := added[i]
		x.int(brand)
		x.text(p.platform)
		x.text(p.id)
		x.int(p.author)
		x.int(p.profile)
		x.opt(p.created)
		x.text(p.lang)
		x.int(p.indexedHash())
		p.pushRest(x)
	})
	if err != nil {
		return err
	}
	for _, p := range added {
		if err := rule(x, brand, rowChange{now: p}); err != nil {
			return err
		}
	}
	return nil
}

// rule keeps the row of label in step with a mention.
func rule(x *session, brand int64, c rowChange) error {
	was, hidden := false, optional{}
	if c.old != nil {
		was, hidden = c.old.ruled, c.old.hiddenHash()
	}
	now := c.now
	if was == now.ruled && hidden == now.hiddenHash() {
		return nil
	}
	_, err := x.exec("label.Rule", brand, now.platform, now.id, bit(now.ruled), now.hiddenHash())
	if err == nil && !now.ruled {
		_, err = x.exec("label.Prune", brand, now.platform, now.id)
	}
	return err
}

// updateRow leaves the indexes alone where it can.
func updateRow(x *session, c rowChange) error {
	old, now := c.old, c.now
	if old.author != now.author || old.created != now.created || old.indexedHash() != now.indexedHash() {
		if _, err := x.exec("mention.Move", now.author, now.profile, now.created, now.indexedHash(), now.rowid); err != nil {
			return err
		}
	}
	if c.judged {
		_, err := x.exec("mention.SetScore", now.sentiment, now.tone, now.copy, now.rowid)
		return err
	}
	x.args = x.args[:0]
	x.int(now.profile)
	x.text(now.lang)
	now.pushRest(x)
	x.int(now.rowid)
	_, err := x.run("mention.Update", 1, x.args)
	return err
}

// pushRest pushes the columns from copy to text.
func (p *post) pushRest(x *session) {
	x.int(p.copy)
	x.int(bit(p.repost))
	x.int(bit(p.sponsored))
	for _, c := range p.counter {
		x.opt(c.optional)
	}
	x.opt(p.followers)
	x.opt(p.following)
	x.opt(p.sentiment)
	x.opt(p.tone)
	x.some(p.repostOf)
	x.some(p.replyTo)
	x.some(p.quoteOf)
	x.some(p.handles)
	x.opt(optional{p.observed, p.observed != never})
	x.int(int64(p.rowHash))
	x.blob(p.counterTimes())
	x.some(p.url)
	x.some(p.reference)
	x.text(p.text)
}
