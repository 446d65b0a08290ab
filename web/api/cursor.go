package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"adalid"
)

// foreignCursor refuses a cursor that some other question's answer gave.
func foreignCursor() error {
	return invalid("query.cursor", "the cursor does not belong to this question; ask again without it")
}

// digest is a short name for a question.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// cursor is where the next page of an answer starts. It holds for one question
// only.
type cursor struct {
	question string // digest of the question
	version  int64  // data version; 0 where pages stay valid as data change
	at       string // offset, or the store's own cursor
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.question + "." + strconv.FormatInt(c.version, 36) + "." + c.at))
}

// parseCursor reads a cursor made for question at the data version; "" is the
// first page.
func parseCursor(s, question string, version int64) (string, error) {
	if s == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return "", foreignCursor()
	}
	parts := strings.SplitN(string(raw), ".", 3)
	if len(parts) != 3 || parts[0] != question || parts[2] == "" || !plain(parts[2]) {
		return "", foreignCursor()
	}
	v, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil {
		return "", foreignCursor()
	}
	if v != version {
		return "", adalid.Errorf(adalid.Conflict, "The brand's data changed since this cursor was made, and positions with it. Ask again without it.")
	}
	return parts[2], nil
}

// parseOffset reads a cursor that counts entries.
func parseOffset(s, question string, version int64) (int, error) {
	at, err := parseCursor(s, question, version)
	if err != nil || at == "" {
		return 0, err
	}
	n, err := strconv.Atoi(at)
	if err != nil || n < 1 || n > 1<<30 {
		return 0, foreignCursor()
	}
	return n, nil
}
