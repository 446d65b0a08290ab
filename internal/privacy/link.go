package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// Link is what a link to the opt-out page says: who it was made for, as an
// account's id, and which brand's notice it stood in.
type Link struct {
	Brand   int64 // the store's id
	Account string
}

const (
	linkVersion = 1
	linkTag     = 16 // bytes of the HMAC
	mostLink    = 200
)

// Sign gives the token of a link: it does not expire, and whoever has no key can
// neither make one nor find out whom one is for.
func Sign(key []byte, l Link) string {
	body := binary.AppendVarint([]byte{linkVersion}, l.Brand)
	body = append(body, l.Account...)
	return base64.RawURLEncoding.EncodeToString(append(body, tag(key, body)...))
}

// Verify reads a token; false for everything that Sign did not make with the same
// key.
func Verify(key []byte, token string) (Link, bool) {
	if len(token) > mostLink || strings.ContainsAny(token, "\r\n") { // the decoder skips line ends
		return Link{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 2+linkTag {
		return Link{}, false
	}
	body, sum := raw[:len(raw)-linkTag], raw[len(raw)-linkTag:]
	if !hmac.Equal(tag(key, body), sum) || body[0] != linkVersion {
		return Link{}, false
	}
	brand, n := binary.Varint(body[1:])
	if n <= 0 {
		return Link{}, false
	}
	return Link{Brand: brand, Account: string(body[1+n:])}, true
}

func tag(key, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("opt-out\x00"))
	m.Write(body)
	return m.Sum(nil)[:linkTag]
}
