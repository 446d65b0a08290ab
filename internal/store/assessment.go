package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"adalid"
	"adalid/internal/rank"
)

var _ rank.Standings = (*Store)(nil)

// Assessed says what a brand's assessments agree with; both are 0 where it has
// none.
type Assessed struct {
	DataVersion int64
	Rules       int64 // the version of the rules that made them
}

// Assessed tells which data the brand's assessments were made from.
func (s *Store) Assessed(ctx context.Context, brand string) (Assessed, error) {
	var a Assessed
	err := s.read(ctx, "read what was assessed", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("assessed.Get", func(r row) error {
			a = Assessed{r.int(0), r.int(1)}
			return nil
		}, b.id)
		return err
	})
	return a, err
}

// SetAssessed records that all assessments of the brand agree with these data.
func (s *Store) SetAssessed(ctx context.Context, brand string, a Assessed) error {
	return s.write(ctx, "record what was assessed", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.exec("assessed.Set", b.id, a.DataVersion, a.Rules)
		return err
	})
}

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

// Assessment is what the rules make of an account.
type Assessment struct {
	Author       int64
	Automated    float64 // in [0, 1], as Organisation; kept to the millionth
	Organisation float64
	Said         rank.Said
	Seen         uint64 // hash of the own posts that Texts was made from
	Texts        []byte // JSON of the caller's: what was read in texts; nil: nothing
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

// share turns millionths into a share.
func share(millionths int64) float64 { return float64(millionths) / 1e6 }

func millionths(share float64) int64 { return int64(math.Round(share * 1e6)) }

func parseSaid(text string) (rank.Said, error) {
	var said rank.Said
	if text == "" {
		return said, nil
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		return said, fmt.Errorf("reasons of an assessment: %w", err)
	}
	return said, nil
}

func (a *Assessment) said() (string, error) {
	if a.Said.Empty() {
		return "", nil
	}
	text, err := json.Marshal(a.Said)
	return string(text), err
}

// Equal tells whether two assessments are the same as stored.
func (a *Assessment) Equal(b *Assessment) bool {
	if millionths(a.Automated) != millionths(b.Automated) || millionths(a.Organisation) != millionths(b.Organisation) || a.Seen != b.Seen || !bytes.Equal(a.Texts, b.Texts) {
		return false
	}
	x, errX := a.said()
	y, errY := b.said()
	return errX == nil && errY == nil && x == y
}

// SetAssessments stores assessments in place of those of the same accounts;
// those of accounts that are gone meanwhile are left out.
func (s *Store) SetAssessments(ctx context.Context, brand string, list []Assessment) error {
	if len(list) == 0 {
		return nil
	}
	texts := make([]string, len(list))
	for i := range list {
		var err error
		if texts[i], err = list[i].said(); err != nil {
			return fmt.Errorf("store: reasons of an assessment: %w", err)
		}
	}
	return s.write(ctx, "store assessments", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		there := map[int64]bool{}
		err = x.query("author.Between", func(r row) error {
			there[r.int(0)] = true
			return nil
		}, b.id, list[0].Author, list[len(list)-1].Author)
		if err != nil {
			return err
		}
		kept := make([]int, 0, len(list))
		for i := range list {
			if there[list[i].Author] {
				kept = append(kept, i)
			}
		}
		err = x.insert("assessment.Set", len(kept), func(i int) {
			a := &list[kept[i]]
			x.int(b.id)
			x.int(a.Author)
			x.int(millionths(a.Automated))
			x.int(millionths(a.Organisation))
			x.text(texts[kept[i]])
			x.int(int64(a.Seen))
			x.text(string(a.Texts))
		})
		if err != nil {
			return err
		}
		return raiseStanding(x, b.id)
	})
}

// raiseStanding says that what is known of a brand's accounts changed.
func raiseStanding(x *session, brand int64) error {
	n, err := nextVersion(x)
	if err != nil {
		return err
	}
	_, err = x.exec("assessed.Raise", brand, n)
	return err
}

// AccountStandings implements rank.Standings.
func (s *Store) AccountStandings(ctx context.Context, brand string, yield func(rank.Standing) error) error {
	return s.read(ctx, "read standings of accounts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		decided := map[int64]decision{}
		err = x.query("decision.List", func(r row) error {
			decided[r.int(0)] = scanDecision(r)
			return nil
		}, b.id)
		if err != nil {
			return err
		}
		err = x.query("assessment.Known", func(r row) error {
			st := rank.Standing{Account: r.int(0), Judged: true, Automated: share(r.int(1)), Organisation: share(r.int(2))}
			var err error
			if st.Said, err = parseSaid(r.text(3)); err != nil {
				return err
			}
			if d, ok := decided[st.Account]; ok {
				st.Genuine, st.Role = d.genuine, d.role
				delete(decided, st.Account)
			}
			return yield(st)
		}, b.id)
		if err != nil {
			return err
		}
		for author, d := range decided { // in any order
			if err := yield(rank.Standing{Account: author, Genuine: d.genuine, Role: d.role}); err != nil {
				return err
			}
		}
		return nil
	})
}

// clipped keeps what people write of themselves to a length.
func clipped(who string) string {
	const longest = 200
	who = clean(who)
	if len(who) > longest {
		who = strings.ToValidUTF8(who[:longest], "")
	}
	return who
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
