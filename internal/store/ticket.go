package store

import (
	"context"
	"slices"

	"adalid"
	access "adalid/internal/account"
)

func scanTicket(r row) (t access.Ticket, roles string) {
	return access.Ticket{
		Hash: r.text(0), Kind: access.TicketKind(r.text(1)), User: r.text(2), Email: r.text(4), MadeBy: r.text(5),
		Made: r.opt(6).time(), Expires: r.opt(7).time(),
	}, r.text(3)
}

// tickets gives those of a query, with their roles.
func tickets(x *session, query string, args ...any) (list []access.Ticket, err error) {
	var roles []string
	err = x.query(query, func(r row) error {
		t, text := scanTicket(r)
		list, roles = append(list, t), append(roles, text)
		return nil
	}, args...)
	for i := 0; err == nil && i < len(list); i++ {
		list[i].Grants, err = ticketGrants(x, roles[i])
	}
	return list, err
}

// AddTicket keeps a ticket in place of those for the same, and forgets what is over.
func (s *Store) AddTicket(ctx context.Context, t access.Ticket) error {
	return s.write(ctx, "add ticket", func(x *session) error {
		roles, err := grantsText(x, t.Grants)
		if err != nil {
			return err
		}
		if _, err := x.exec("ticket.Sweep", s.now().Unix()); err != nil {
			return err
		}
		if err := replaceTickets(x, t, s.now().Unix()); err != nil {
			return err
		}
		_, err = x.exec("ticket.Add", t.Hash, string(t.Kind), t.User, roles, clean(t.Email), t.MadeBy, seconds(t.Made), seconds(t.Expires))
		return err
	})
}

// replaceTickets forgets those that are for the same as t, addresses compared as
// those of users are.
func replaceTickets(x *session, t access.Ticket, now int64) error {
	var same []string
	err := x.query("ticket.List", func(r row) error {
		if old, _ := scanTicket(r); old.User == t.User && old.MadeBy == t.MadeBy && access.FoldEmail(old.Email) == access.FoldEmail(clean(t.Email)) {
			same = append(same, old.Hash)
		}
		return nil
	}, string(t.Kind), now)
	for i := 0; err == nil && i < len(same); i++ {
		_, err = x.exec("ticket.Remove", same[i])
	}
	return err
}

// Ticket gives the ticket of a hash, false where there is none or it is over.
func (s *Store) Ticket(ctx context.Context, hash string) (t access.Ticket, found bool, err error) {
	err = s.read(ctx, "find ticket", func(x *session) error {
		list, err := tickets(x, "ticket.Get", hash, s.now().Unix())
		if len(list) > 0 {
			t, found = list[0], true
		}
		return err
	})
	return t, found, err
}

// Invitations lists those that can still be accepted, by address.
func (s *Store) Invitations(ctx context.Context) (list []access.Ticket, err error) {
	err = s.read(ctx, "list invitations", func(x *session) error {
		list, err = tickets(x, "ticket.List", string(access.Invitation), s.now().Unix())
		return err
	})
	return list, err
}

// NarrowTicket takes roles out of a ticket, if there is one, and forgets it when
// none are left.
func (s *Store) NarrowTicket(ctx context.Context, hash string, without []access.Grant) error {
	return s.write(ctx, "narrow ticket", func(x *session) error {
		list, err := tickets(x, "ticket.Get", hash, s.now().Unix())
		if err != nil || len(list) == 0 {
			return err
		}
		left := slices.DeleteFunc(list[0].Grants, func(g access.Grant) bool { return slices.Contains(without, g) })
		if len(left) == 0 {
			_, err = x.exec("ticket.Remove", hash)
			return err
		}
		roles, err := grantsText(x, left)
		if err == nil {
			_, err = x.exec("ticket.Narrow", roles, hash)
		}
		return err
	})
}

// useTicket takes a ticket away, so that only one of those who bring it gets
// what it is for.
func useTicket(x *session, hash string, s *Store) error {
	if hash == "" {
		return nil
	}
	list, err := tickets(x, "ticket.Get", hash, s.now().Unix())
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return adalid.Errorf(adalid.NotFound, "this link does not work: it was used, or is over, or was never made")
	}
	if list[0].Kind == access.Setup {
		if any, err := anyUser(x); err != nil || any {
			if err == nil {
				err = adalid.Errorf(adalid.Conflict, "somebody has an account already; ask them for an invitation")
			}
			return err
		}
	}
	_, err = x.exec("ticket.Remove", hash)
	return err
}
