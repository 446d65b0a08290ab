// Package privacy knows how people who were erased are recognised without being
// named, how their handles are taken out of what others wrote, and what people
// are told: notices, and signed links with which they object.
package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"adalid"
)

// Entry stands for somebody who was erased: an HMAC with SHA-256 under the key of
// the installation. Without the key nobody can find out whom it stands for, not
// even by trying all handles there are.
type Entry [sha256.Size]byte

// Everywhere is the scope of an entry that holds for every brand.
const Everywhere = ""

// Hasher makes entries.
type Hasher struct{ key []byte }

// NewHasher makes entries with a key of its own; the same key, the same entries.
func NewHasher(key []byte) *Hasher { return &Hasher{key} }

func (h *Hasher) entry(parts ...string) Entry {
	m := hmac.New(sha256.New, h.key)
	m.Write([]byte(strings.Join(parts, "\x00"))) // none of them holds a NUL
	return Entry(m.Sum(nil))
}

// Check is an entry that stands for nobody: equal ones come from equal keys.
func (h *Hasher) Check() Entry { return h.entry("check") }

// Account is the entry of an account by its id, which is a hash of platform and
// author key. scope is the folded name of a brand, or Everywhere.
func (h *Hasher) Account(scope, account string) Entry { return h.entry("account", scope, account) }

// Handle is the entry of a handle on a platform, compared without regard to case.
func (h *Hasher) Handle(scope, platform, handle string) Entry {
	return h.entry("handle", scope, platform, Fold(handle))
}

// Name is the entry of a handle wherever it is written, on whatever platform.
func (h *Hasher) Name(scope, handle string) Entry { return h.entry("name", scope, Fold(handle)) }

// Fold gives the form in which handles are compared: lower case, without @.
func Fold(handle string) string {
	return strings.ToLower(strings.TrimLeft(strings.TrimSpace(handle), "@＠"))
}

// Subject is an account that is to be recognised once it is erased.
type Subject struct {
	Account  string // its id: a hash of platform and key
	Platform string
	Key      string   // author key; "" unknown
	Handles  []string // all it was seen under
}

// Entries gives the entries of a subject, without repetition, in order of what
// they are made of.
func (h *Hasher) Entries(scope string, s Subject) []Entry {
	var list []Entry
	seen := map[Entry]bool{}
	add := func(e Entry) {
		if !seen[e] {
			seen[e] = true
			list = append(list, e)
		}
	}
	if s.Account != "" {
		add(h.Account(scope, s.Account))
	}
	for _, handle := range s.Handles {
		if Fold(handle) != "" {
			add(h.Handle(scope, s.Platform, handle))
			add(h.Name(scope, handle))
		}
	}
	if Distinctive(s.Key) {
		add(h.Name(scope, s.Key))
	}
	return list
}

// Line is one line of the suppression list beside the database.
type Line struct {
	Entry Entry
	At    time.Time // whole seconds
}

const (
	listHead = "adalid-suppressed 1 "
	maxLines = 10_000_000
)

// EncodeHead begins a suppression list whose entries come from the key of h.
func EncodeHead(h *Hasher) string {
	check := h.Check()
	return listHead + hex.EncodeToString(check[:]) + "\n"
}

// Encode gives the line with its end.
func (l Line) Encode() string {
	return hex.EncodeToString(l.Entry[:]) + " " + strconv.FormatInt(l.At.Unix(), 10) + "\n"
}

// DecodeList reads a suppression list: the check entry of the key that it was
// made with, and its lines. A last line that a power cut left unfinished is left
// out; anything else that is wrong is Invalid.
func DecodeList(text string) (check Entry, lines []Line, err error) {
	head, rest, whole := strings.Cut(text, "\n")
	sum, ok := strings.CutPrefix(head, listHead)
	if !ok || !whole || !decodeEntry(sum, &check) {
		return check, nil, adalid.Errorf(adalid.Invalid, "this is no list of suppressed people, or its first line is damaged")
	}
	for n := 2; rest != ""; n++ {
		var line string
		if line, rest, whole = strings.Cut(rest, "\n"); !whole {
			break
		}
		l, err := decodeLine(line)
		if err != nil || n > maxLines {
			return check, nil, adalid.Errorf(adalid.Invalid, "line %d of the list of suppressed people is damaged", n)
		}
		lines = append(lines, l)
	}
	return check, lines, nil
}

func decodeLine(line string) (l Line, err error) {
	sum, at, ok := strings.Cut(line, " ")
	second, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || !decodeEntry(sum, &l.Entry) {
		return l, fmt.Errorf("no entry: %q", line)
	}
	l.At = time.Unix(second, 0).UTC()
	return l, nil
}

func decodeEntry(text string, e *Entry) bool {
	if len(text) != 2*len(e) {
		return false
	}
	n, err := hex.Decode(e[:], []byte(text))
	return err == nil && n == len(e)
}
