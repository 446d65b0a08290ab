// Package secret keeps the key of an installation and seals with it what must not
// be readable at rest: the keys and tokens of platforms.
package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"adalid"
)

// Size is how many bytes a key has.
const Size = 32

// maxKeys bounds how many keys an installation can have: the first one and the
// newest ones.
const maxKeys = 16

// Key is the secret of one installation. It is a list of keys of Size bytes: the
// first is what Derive starts from, so that what was derived once stays the same;
// the newest seals; each of them opens. The zero Key derives nothing and seals
// nothing. However it is printed, logged or encoded, the keys are not there.
type Key struct{ keys [][]byte }

// ErrOtherKey is what Open says of text that was sealed with a key that is not
// at hand; ErrDamaged of text that nobody sealed in this form, or that was
// sealed for another purpose or bound to something else.
var (
	ErrOtherKey = errors.New("secret: sealed with another key")
	ErrDamaged  = errors.New("secret: not sealed like this")
)

// Parse reads keys, each 32 bytes in base64 (either alphabet, with or without
// padding) or in hexadecimal, separated by spaces, line ends or commas; lines
// that begin with # are left out. Text without a key, with more than 16 or with
// one that is not like this is Invalid; the message does not show it.
func Parse(text string) (Key, error) {
	var k Key
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r <= ' ' || r == ',' }) {
			key, ok := decode(word)
			if !ok {
				return Key{}, adalid.Errorf(adalid.Invalid, "key %d is not 32 bytes in base64 or hexadecimal, such as openssl rand -base64 32 prints", len(k.keys)+1)
			}
			k.keys = append(k.keys, key)
		}
	}
	if len(k.keys) == 0 || len(k.keys) > maxKeys {
		return Key{}, adalid.Errorf(adalid.Invalid, "there are %d keys, not 1 to %d", len(k.keys), maxKeys)
	}
	return k, nil
}

func decode(word string) (key []byte, ok bool) {
	var err error
	if len(word) == 2*Size {
		key, err = hex.DecodeString(word)
	} else {
		word = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(word, "="))
		key, err = base64.RawStdEncoding.DecodeString(word)
	}
	return key, err == nil && len(key) == Size
}

// fresh gives a key nobody had before.
func fresh() []byte {
	key := make([]byte, Size)
	_, _ = rand.Read(key) // never fails
	return key
}

// String hides the keys.
func (k Key) String() string { return "[secret]" }

// Format hides the keys from every verb of package fmt.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// MarshalText hides the keys from encoders.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// LogValue hides the keys from logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Zero tells the zero Key.
func (k Key) Zero() bool { return len(k.keys) == 0 }

// Derive gives 32 bytes for a purpose: by HKDF with SHA-256 (RFC 5869) without
// salt from the first key. They are the same for as long as the installation
// keeps its key, also after Rotate; nil of the zero Key.
func (k Key) Derive(purpose string) []byte {
	if k.Zero() {
		return nil
	}
	return expand(k.keys[0], "adalid derive "+purpose)
}

// ID names the installation's key without telling anything of it: 8 hexadecimal
// digits that stay after Rotate, "" of the zero Key. What was derived under
// another ID cannot be compared with what is derived now.
func (k Key) ID() string {
	if k.Zero() {
		return ""
	}
	return hex.EncodeToString(idOf(k.keys[0]))
}

func idOf(key []byte) []byte { return expand(key, "adalid id")[:idSize] }

// expand is HKDF, which fails for longer output only.
func expand(key []byte, info string) []byte {
	out, _ := hkdf.Key(sha256.New, key, nil, info, Size)
	return out
}

// The form of what is sealed, before base64: version, id of the key, nonce,
// what AES-256-GCM makes of the text.
const (
	version   = 1
	idSize    = 4
	headSize  = 1 + idSize
	nonceSize = 12
	tagSize   = 16
)

func gcm(key []byte, purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(expand(key, "adalid seal "+purpose))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal encrypts text with the newest key, AES-256-GCM and a random nonce. Only
// Open with the same purpose and the same bound bytes, such as the name of what
// the text belongs to, gives it back. What it gives is base64 without padding,
// safe in URLs and JSON, 33 bytes longer than the text before that.
func (k Key) Seal(purpose string, plain, bound []byte) (string, error) {
	if k.Zero() {
		return "", errors.New("secret: there is no key to seal with")
	}
	key := k.keys[len(k.keys)-1]
	aead, err := gcm(key, purpose)
	if err != nil {
		return "", fmt.Errorf("secret: seal: %w", err)
	}
	head := append([]byte{version}, idOf(key)...)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(slices.Clip(head), nil, plain, append(slices.Clip(head), bound...))), nil
}

// Open gives back what Seal took, whichever of the keys sealed it: ErrOtherKey,
// ErrDamaged.
func (k Key) Open(purpose, sealed string, bound []byte) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) < headSize+nonceSize+tagSize || raw[0] != version || strings.ContainsAny(sealed, "\r\n") {
		return nil, ErrDamaged
	}
	head := raw[:headSize:headSize]
	i := slices.IndexFunc(k.keys, func(key []byte) bool { return bytes.Equal(idOf(key), head[1:]) })
	if i < 0 {
		return nil, ErrOtherKey
	}
	aead, err := gcm(k.keys[i], purpose)
	if err != nil {
		return nil, fmt.Errorf("secret: open: %w", err)
	}
	plain, err := aead.Open(nil, nil, raw[headSize:], append(head, bound...))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// Fresh tells whether the newest key sealed the text, so that it need not be
// sealed again.
func (k Key) Fresh(sealed string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	return err == nil && !k.Zero() && len(raw) >= headSize && raw[0] == version && bytes.Equal(idOf(k.keys[len(k.keys)-1]), raw[1:headSize])
}
