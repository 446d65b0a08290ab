package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

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

// Assessment is what the rules make of an account.
type Assessment struct {
	Author       int64
	Automated    float64 // in [0, 1], as Organisation; kept to the millionth
	Organisation float64
	Said         rank.Said
	Seen         uint64 // hash of the own posts that Texts was made from
	Texts        []byte // JSON of the caller's: what was read in texts; nil: nothing
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
