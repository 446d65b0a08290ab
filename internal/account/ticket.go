package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// TicketKind is what a link that works once is for.
type TicketKind string

// The kinds of tickets.
const (
	Setup      TicketKind = "setup"      // the first account
	Invitation TicketKind = "invitation" // an account, or roles for one
	Reset      TicketKind = "reset"      // a new password
)

// How long a link works.
const (
	setupLife      = 24 * time.Hour
	invitationLife = 7 * 24 * time.Hour
	resetLife      = time.Hour
)

// life is how long a ticket works.
func (k TicketKind) life() time.Duration {
	switch k {
	case Setup:
		return setupLife
	case Invitation:
		return invitationLife
	case Reset:
		return resetLife
	}
	return 0
}

// Ticket is what is kept of a link that works once. The secret in the link is
// not kept, only its hash.
type Ticket struct {
	Hash    string // SHA-256 of the secret, in hexadecimal
	Kind    TicketKind
	User    string // whose password it is for; "" otherwise
	Email   string // who is invited; "" otherwise
	Grants  []Grant
	MadeBy  string // the id of a user; "" the product or the command line
	Made    time.Time
	Expires time.Time
}

// ID names a ticket to those who may take it back. It opens nothing.
func (t Ticket) ID() string { return t.Hash[:min(16, len(t.Hash))] }

// HashSecret gives what is kept of a secret of at least 128 random bits, which
// needs no salt.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newTicket makes a ticket and the secret of its link: 130 random bits.
func newTicket(k TicketKind, now time.Time) (t Ticket, secret string) {
	secret = rand.Text()
	return Ticket{Hash: HashSecret(secret), Kind: k, Made: now, Expires: now.Add(k.life())}, secret
}
