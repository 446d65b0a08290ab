package store

import (
	"bytes"
	"context"
	"math"
	"time"

	"adalid"
	access "adalid/internal/account"
)

func scanEntry(r row) access.Entry {
	return access.Entry{
		N: r.int(0), At: time.Unix(r.int(1), 0).UTC(), Kind: access.Kind(r.text(2)), Actor: r.text(3), Action: r.text(4),
		BrandID: r.int(5), Brand: r.text(6), Object: r.text(7), Outcome: r.text(8), Hash: r.bytes(9),
	}
}

// AppendAudit adds an entry to the audit log, sealed with the hash of the one
// before it; its N, At, BrandID and Hash are set here. A brand that is not stored
// is left out: what strangers ask for is not kept.
func (s *Store) AppendAudit(ctx context.Context, e access.Entry) error {
	err := s.write(ctx, "add to the audit log", func(x *session) error {
		if err := s.stillThere(x); err != nil {
			return err
		}
		var previous []byte
		e.N = 1
		if _, err := x.one("audit_log.Last", func(r row) error {
			e.N, previous = r.int(0)+1, r.bytes(1)
			return nil
		}); err != nil {
			return err
		}
		e.At, e.BrandID = s.now().UTC().Truncate(time.Second), 0
		if e.Brand != "" {
			b, err := findBrand(x, e.Brand)
			if err != nil && adalid.CodeOf(err) != adalid.NotFound {
				return err
			}
			e.BrandID = b.id
		}
		e.Actor, e.Action, e.Object, e.Outcome = clean(e.Actor), clean(e.Action), clean(e.Object), clean(e.Outcome)
		e.Hash = e.Seal(previous)
		_, err := x.exec("audit_log.Add", e.N, e.At.Unix(), string(e.Kind), e.Actor, e.Action, e.BrandID, e.Object, e.Outcome, e.Hash)
		return err
	})
	if err == nil {
		s.audited.Store(&auditHead{e.N, e.Hash})
	}
	return err
}

// auditHead is the last entry of the audit log that this process wrote.
type auditHead struct {
	n    int64
	hash []byte
}

// stillThere says in the log when the last entry that this process wrote is gone
// or another one: the chain alone does not show that its end was cut off.
func (s *Store) stillThere(x *session) error {
	head := s.audited.Load()
	if head == nil {
		return nil
	}
	same := false
	_, err := x.one("audit_log.Hash", func(r row) error {
		same = bytes.Equal(r.bytes(0), head.hash)
		return nil
	}, head.n)
	if err == nil && !same {
		s.logger.Error("the audit log was changed: an entry that this process wrote is not there any more", "entry", head.n)
		s.audited.Store(nil)
	}
	return err
}

// AuditLog lists entries, the newest first; NotFound for a brand that is not
// stored.
func (s *Store) AuditLog(ctx context.Context, q access.LogQuery) ([]access.Entry, error) {
	if q.Before <= 0 {
		q.Before = math.MaxInt64
	}
	var list []access.Entry
	err := s.read(ctx, "read the audit log", func(x *session) error {
		name, args := "audit_log.List", []any{q.Before, q.Limit}
		if q.Brand != "" {
			b, err := findBrand(x, q.Brand)
			if err != nil {
				return err
			}
			name, args = "audit_log.OfBrand", append(args, b.id)
		}
		return x.query(name, func(r row) error {
			list = append(list, scanEntry(r))
			return nil
		}, args...)
	})
	return list, err
}

// auditPage is how many entries a walk reads in one transaction, so that it does
// not hold back the log of the database.
const auditPage = 10_000

// AuditChain walks along the whole audit log and tells how far it is as it was
// written. each, unless nil, is given every sound entry.
func (s *Store) AuditChain(ctx context.Context, each func(*access.Entry)) (access.Chain, error) {
	var chain access.Chain
	for last, more := int64(0), true; more && chain.Broken == 0; {
		more = false
		err := s.read(ctx, "walk the audit log", func(x *session) error {
			return x.query("audit_log.Walk", func(r row) error {
				e := scanEntry(r)
				last, more = e.N, true
				if chain.Add(&e) && each != nil {
					each(&e)
				}
				return nil
			}, last, auditPage)
		})
		if err != nil {
			return chain, err
		}
	}
	return chain, nil
}
