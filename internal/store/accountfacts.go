package store

import (
	"context"
	"math"

	"adalid"
)

// NoTime is the time of a text whose mention has none.
const NoTime = math.MinInt64

// OwnText is an own post by the hash of its text, which is equal for texts that
// differ only in case, links, handles and digits. Posts without words have none.
type OwnText struct {
	Author int64
	Hash   uint64
	At     int64 // unix seconds, or NoTime
}

// OwnTexts yields the own posts that have words and count, by author, hash and
// time. It reads an index alone.
func (s *Store) OwnTexts(ctx context.Context, brand string, yield func(OwnText) error) error {
	return s.read(ctx, "read hashes of texts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return ownTexts(x, b.id, 0, math.MaxInt64, yield)
	})
}

func ownTexts(x *session, brand, from, to int64, yield func(OwnText) error) error {
	return x.query("mention.OwnTexts", func(r row) error {
		t := OwnText{r.int(0), uint64(r.int(1)), NoTime}
		if at := r.opt(2); at.ok {
			t.At = at.v
		}
		return yield(t)
	}, brand, from, to)
}

// TextOf gives the text of one post of an author with that hash, "" for none.
func (s *Store) TextOf(ctx context.Context, brand string, author int64, hash uint64) (string, error) {
	text := ""
	err := s.read(ctx, "read a text", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("mention.TextByHash", func(r row) error {
			text = r.text(0)
			return nil
		}, b.id, author, int64(hash))
		return err
	})
	return text, err
}

// TextsOf yields the own posts of an author that have words, with their texts, by
// hash and time.
func (s *Store) TextsOf(ctx context.Context, brand string, author int64, yield func(OwnText, string) error) error {
	return s.read(ctx, "read texts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("mention.TextsOf", func(r row) error {
			t := OwnText{author, uint64(r.int(1)), NoTime}
			if at := r.opt(0); at.ok {
				t.At = at.v
			}
			return yield(t, r.text(2))
		}, b.id, author)
	})
}

// AccountFacts is what is stored of an account that rules can look at.
type AccountFacts struct {
	ID             int64
	Author         adalid.Author // as its latest post showed it; Bio and URL "" also where the source does not say
	Person         string        // adalid.Person.ID that it is by itself
	Own            bool          // the brand's own or staff
	Posts          int64         // own posts
	Sponsored      int64         // of them
	Reposts        int64         // made
	RepostsOfBrand int64         // of them, those of the brand's own accounts
	Texts          []OwnText     // by hash and time
	Stored         *Assessment   // nil: none yet
}

// factsPiece is how many authors are read at a time.
const factsPiece = 5000

// AccountFacts yields every account of the brand by ID, in pieces of several
// thousand: between two of them the database may change. progress may be nil and
// is told after each piece.
func (s *Store) AccountFacts(ctx context.Context, brand string, progress func(done, total int64), yield func([]AccountFacts) error) error {
	var f factReader
	if err := s.read(ctx, "read sums of accounts", func(x *session) error { return f.begin(x, brand) }); err != nil {
		return err
	}
	for from := int64(0); from <= f.last; from += factsPiece {
		var piece []AccountFacts
		err := s.read(ctx, "read facts of accounts", func(x *session) (err error) {
			piece, err = f.piece(x, from, from+factsPiece-1)
			return err
		})
		if err != nil {
			return err
		}
		if err := yield(piece); err != nil {
			return err
		}
		if progress != nil {
			progress(min(from+factsPiece-1, f.last), f.last)
		}
	}
	return nil
}

// accountSums are sums over an author's roll-ups.
type accountSums struct {
	own, organic, reposted int64
	profile                int64
	followers, following   optional
	ofBrand                int64 // reposts of the brand's own posts
}

// factReader joins what is stored of accounts.
type factReader struct {
	brand int64
	last  int64 // greatest id of an author
	own   ownRules
	sums  map[int64]accountSums
}

func (f *factReader) begin(x *session, brand string) error {
	b, err := findBrand(x, brand)
	if err != nil {
		return err
	}
	f.brand, f.sums = b.id, map[int64]accountSums{}
	if _, err := x.one("author.MaxID", func(r row) error { f.last = r.int(0); return nil }, b.id); err != nil {
		return err
	}
	if f.own, err = ownHandles(x, b.id); err != nil {
		return err
	}
	err = x.query("rollup.Accounts", func(r row) error {
		f.sums[r.int(0)] = accountSums{own: r.int(1), organic: r.int(2), reposted: r.int(3), profile: r.int(5), followers: r.opt(6), following: r.opt(7)}
		return nil
	}, b.id)
	if err != nil || len(f.own) == 0 {
		return err
	}
	on, err := platforms(x, b.id)
	if err != nil {
		return err
	}
	return x.query("edge.Reposts", func(r row) error {
		source := r.int(0)
		if source < int64(len(on)) && f.own.handle(string(on[source]), r.text(1)) {
			s := f.sums[source]
			s.ofBrand += r.int(2)
			f.sums[source] = s
		}
		return nil
	}, b.id)
}

// piece reads the authors from first to last, both included.
func (f *factReader) piece(x *session, first, last int64) ([]AccountFacts, error) {
	var list []AccountFacts
	at := map[int64]*AccountFacts{}
	err := x.query("author.Between", func(r row) error {
		s := f.sums[r.int(0)]
		list = append(list, AccountFacts{
			ID: r.int(0), Author: adalid.Author{Platform: adalid.Platform(r.text(1)), Key: r.text(2)}, Person: r.text(3),
			Own: f.own.key(r.text(1), r.text(2)), Posts: s.own, Sponsored: s.own - s.organic, Reposts: s.reposted, RepostsOfBrand: s.ofBrand,
		})
		return nil
	}, f.brand, first, last)
	if err != nil {
		return nil, err
	}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	err = x.query("profile.Between", func(r row) error {
		a, as := at[r.int(0)], scanIdentity(r.after(2))
		if a == nil {
			return nil
		}
		a.Own = a.Own || f.own.handle(string(a.Author.Platform), as.handle)
		if s := f.sums[a.ID]; a.Author.Handle == "" || r.int(1) == s.profile {
			a.Author = as.author(string(a.Author.Platform), a.Author.Key)
			a.Author.Followers, a.Author.Following = s.followers.pointer(), s.following.pointer()
		}
		return nil
	}, f.brand, first, last)
	if err != nil {
		return nil, err
	}
	err = ownTexts(x, f.brand, first, last, func(t OwnText) error {
		if a := at[t.Author]; a != nil {
			a.Texts = append(a.Texts, t)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, x.query("assessment.Between", func(r row) error {
		a := at[r.int(0)]
		if a == nil {
			return nil
		}
		said, err := parseSaid(r.text(3))
		a.Stored = &Assessment{a.ID, share(r.int(1)), share(r.int(2)), said, uint64(r.int(4)), nil}
		if text := r.text(5); text != "" {
			a.Stored.Texts = []byte(text)
		}
		return err
	}, f.brand, first, last)
}

// OwnFacts gives the facts of the brand's own accounts that wrote about it, by
// ID, without sums.
func (s *Store) OwnFacts(ctx context.Context, brand string) ([]AccountFacts, error) {
	var list []AccountFacts
	err := s.read(ctx, "read facts of own accounts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		f := factReader{brand: b.id}
		if f.own, err = ownHandles(x, b.id); err != nil {
			return err
		}
		var ids []int64
		err = x.query("own_account.Authors", func(r row) error {
			ids = append(ids, r.int(0))
			return nil
		}, b.id)
		for _, id := range ids {
			if err != nil {
				break
			}
			var one []AccountFacts
			one, err = f.piece(x, id, id)
			list = append(list, one...)
		}
		return err
	})
	return list, err
}

// platforms gives every author's platform by the author's id.
func platforms(x *session, brand int64) ([]adalid.Platform, error) {
	var list []adalid.Platform
	interned := map[string]adalid.Platform{}
	err := x.query("author.List", func(r row) error {
		p, ok := interned[r.text(1)]
		if !ok {
			p = adalid.Platform(r.text(1))
			interned[r.text(1)] = p
		}
		for int64(len(list)) < r.int(0) {
			list = append(list, "")
		}
		list = append(list, p)
		return nil
	}, brand)
	return list, err
}
