package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"adalid"
)

// APIKey is what is known of an API key: everything but the key itself, of which
// only a hash is kept.
type APIKey struct {
	ID      string // the part of the key that is shown
	Name    string // what the team calls it
	Brand   string // the only brand it is for; EveryBrand: all of them
	Role    Role
	MadeBy  string // Actor.Mark of who made it
	Made    time.Time
	Expires time.Time // zero: never
	Used    time.Time // last use, to about a minute; zero: never
	Revoked time.Time // zero: it was not
}

// KeyPrefix is what every key begins with, so that scanners for leaked secrets
// know one when they see it.
const KeyPrefix = "adk_"

// keyForm is a key: its prefix, 12 characters of id, 26 of secret, in base32.
var keyForm = regexp.MustCompile(`^adk_([a-z2-7]{12})_[a-z2-7]{26}$`)

// NewKey makes a key: its id, 60 random bits, and its text, which has 130 more
// that are kept nowhere.
func NewKey() (id, text string) {
	id = strings.ToLower(rand.Text()[:12])
	return id, KeyPrefix + id + "_" + strings.ToLower(rand.Text())
}

// KeyID gives the id of the key that a text may be, false for what has not the
// form of one.
func KeyID(text string) (id string, ok bool) {
	m := keyForm.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// HashKey gives what is kept of a key: SHA-256 of its text in hexadecimal. Its
// secret is random and long enough that a slow hash would add nothing.
func HashKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ErrKey is the answer to every key that does not open: it does not tell a key
// that never was from one that was revoked.
func ErrKey() error {
	return adalid.Errorf(adalid.Unauthorized, "this API key is not valid here; it may be mistyped, expired or revoked")
}

// Open gives who acts with a key's text, of which hash is kept; Unauthorized
// when it is another text, or when the key has expired or was revoked.
func (k APIKey) Open(text, hash string, now time.Time) (Actor, error) {
	same := subtle.ConstantTimeCompare([]byte(HashKey(text)), []byte(hash)) == 1
	if !same || !k.Alive(now) {
		return Actor{}, ErrKey()
	}
	return Actor{Kind: Key, ID: k.ID, Name: k.Name, Roles: map[string]Role{Fold(k.Brand): k.Role}}, nil
}

// Alive tells whether a key has neither expired nor been revoked.
func (k APIKey) Alive(now time.Time) bool {
	return k.Revoked.IsZero() && (k.Expires.IsZero() || now.Before(k.Expires))
}

// longestKeyName bounds a key's name, in characters.
const longestKeyName = 100

// Check refuses keys that cannot be made: a name that is empty, long or not to be
// printed, no role, an end that is past.
func (k APIKey) Check(now time.Time) error {
	visible := strings.IndexFunc(k.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
	switch {
	case strings.TrimSpace(k.Name) == "" || len([]rune(k.Name)) > longestKeyName || !visible:
		return adalid.Errorf(adalid.Invalid, "a key needs a name of at most %d characters that says what it is for", longestKeyName)
	case k.Role < Viewer || k.Role > Owner:
		return adalid.Errorf(adalid.Invalid, "a key needs a role: viewer, analyst, manager or owner")
	case !k.Expires.IsZero() && !k.Expires.After(now):
		return adalid.Errorf(adalid.Invalid, "a key cannot end before it begins")
	}
	return nil
}
