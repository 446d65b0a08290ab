package account

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"adalid"
)

// Bounds of a password: length is what makes one strong, as NIST SP 800-63B has
// it, so there are no rules of composition.
const (
	ShortestPassword = 12   // characters
	LongestPassword  = 1024 // bytes
)

// What hashing costs: the second choice of RFC 9106, section 4.
const (
	hashMemory = 64 << 10 // KiB
	hashRounds = 3
	hashLanes  = 4
)

// How many hashes are worked out at once, and how many wait for how long. One is
// for whoever asks, one for those who have shown something that only they can
// have: a browser that signed in before, a link, a session. So a flood of
// sign-ins by strangers leaves the people of the house their own way in. Whether
// an address has an account plays no part, so that waiting tells nothing of it.
const (
	strangersHashes   = 1
	trustedHashes     = 1 // both together 128 MiB
	mostWaiting       = 16
	strangersPatience = 3 * time.Second
	trustedPatience   = 5 * time.Second
)

// BusyFor is after how long it is worth to try again what was Unavailable.
const BusyFor = 5 * time.Second

// nobodys is a hash that no password is known to have. It is checked where there
// is no other, so that an address nobody has takes as long as one somebody has.
const nobodys = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGhhcyB0aGlzMQ$VGhlcmUgaXMgbm8gcGFzc3dvcmQgd2l0aCB0aGlzISE"

//go:embed commonest.txt
var commonest string

// Passwords hashes and checks passwords, few at a time: each takes 64 MiB.
type Passwords struct {
	strangers, trusted lane
	runs               atomic.Int64
}

// lane is a bounded number of hashes, and a bounded number of those who wait.
type lane struct {
	slots, queue chan struct{} // who is in queue has a slot or waits for one
	wait         time.Duration
}

func newLane(slots int, wait time.Duration) lane {
	return lane{make(chan struct{}, slots), make(chan struct{}, slots+mostWaiting), wait}
}

// NewPasswords makes one of it; the zero value is of no use.
func NewPasswords() *Passwords {
	return &Passwords{strangers: newLane(strangersHashes, strangersPatience), trusted: newLane(trustedHashes, trustedPatience)}
}

// Runs tells how many hashes were worked out.
func (p *Passwords) Runs() int64 { return p.runs.Load() }

// Hash gives the argon2id hash of a password in PHC form, for somebody who is
// known by a link or a session; Unavailable when too many are being worked out.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	done, err := p.enter(ctx, &p.trusted)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: hashMemory, Iterations: hashRounds, Parallelism: hashLanes, SaltLength: 16, KeyLength: 32})
	if err != nil {
		return "", fmt.Errorf("account: hash a password: %w", err)
	}
	return hash, nil
}

// Check tells whether the password is the one of the hash; "" is the hash of
// nobody and takes as long. trusted says that the browser has signed in before.
// Unavailable when too many are being worked out.
func (p *Passwords) Check(ctx context.Context, password, hash string, trusted bool) (bool, error) {
	of := &p.strangers
	if trusted {
		of = &p.trusted
	}
	done, err := p.enter(ctx, of)
	if err != nil {
		return false, err
	}
	defer done()
	known := hash != ""
	if !known {
		hash = nobodys
	}
	if len(password) > LongestPassword {
		password, known = "", false
	}
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("account: check a password: %w", err)
	}
	return same && known, nil
}

// enter waits for a slot of a lane. Where as many wait as may, it refuses at once:
// who would wait in vain had better be told.
func (p *Passwords) enter(ctx context.Context, of *lane) (leave func(), err error) {
	busy := adalid.Errorf(adalid.Unavailable, "too many are signing in at once; try again in a moment")
	select {
	case of.queue <- struct{}{}:
	default:
		return nil, busy
	}
	patience := time.NewTimer(of.wait)
	defer patience.Stop()
	select {
	case of.slots <- struct{}{}:
		p.runs.Add(1)
		return func() { <-of.slots; <-of.queue }, nil
	case <-patience.C:
		err = busy
	case <-ctx.Done():
		err = fmt.Errorf("account: wait for other passwords: %w", ctx.Err())
	}
	<-of.queue
	return nil, err
}

// Weakness is why a password cannot be used; "" it can.
type Weakness string

// The weaknesses.
const (
	NoText      Weakness = "no_text"
	TooShort    Weakness = "too_short"
	TooLong     Weakness = "too_long"
	LikeAddress Weakness = "like_address" // made of the address
	Common      Weakness = "common"       // among the commonest
)

// Weak tells why a new password cannot be used.
func Weak(password, email string) Weakness {
	folded := strings.ToLower(strings.TrimSpace(password))
	name, _, _ := strings.Cut(FoldEmail(email), "@")
	switch {
	case !utf8.ValidString(password):
		return NoText
	case utf8.RuneCountInString(password) < ShortestPassword:
		return TooShort
	case len(password) > LongestPassword:
		return TooLong
	case email != "" && folded == FoldEmail(email), name != "" && strings.Contains(folded, name) && strings.Trim(strings.ReplaceAll(folded, name, ""), "0123456789@.-_ ") == "":
		return LikeAddress
	case isCommon(folded):
		return Common
	}
	return ""
}

// CheckPassword refuses a new password that is too short, too long, the address,
// or among the commonest, as Invalid.
func CheckPassword(password, email string) error {
	switch Weak(password, email) {
	case NoText:
		return adalid.Errorf(adalid.Invalid, "the password is not text")
	case TooShort:
		return adalid.Errorf(adalid.Invalid, "the password is too short: at least %d characters; several words make a good one", ShortestPassword)
	case TooLong:
		return adalid.Errorf(adalid.Invalid, "the password is too long: at most %d bytes", LongestPassword)
	case LikeAddress:
		return adalid.Errorf(adalid.Invalid, "the password is made of the address; choose another one")
	case Common:
		return adalid.Errorf(adalid.Invalid, "that is one of the commonest passwords; choose another one")
	}
	return nil
}

// isCommon tells whether a password is one of the list, or something short of it
// written several times.
func isCommon(folded string) bool {
	for line := range strings.Lines(commonest) {
		word := strings.TrimSpace(line)
		if word == "" {
			continue
		}
		if folded == word || strings.Trim(strings.ReplaceAll(folded, word, ""), "0123456789!.?*#@$- ") == "" && strings.Contains(folded, word) {
			return true
		}
	}
	first, _ := utf8.DecodeRuneInString(folded)
	return strings.Trim(folded, string(first)) == ""
}
