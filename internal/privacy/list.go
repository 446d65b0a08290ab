package privacy

import (
	"slices"
	"strings"
	"sync"
)

// List recognises those who were erased. It does not change and may be used by
// several goroutines.
type List struct {
	hash    *Hasher
	entries map[Entry]bool

	mu         sync.Mutex
	young, old map[string]bool // what was asked before
}

// remembered bounds each of the two halves of what a List remembers of words:
// few words make up most of what people write.
const remembered = 50_000

// NewList makes a list of entries that h made.
func NewList(h *Hasher, entries []Entry) *List {
	l := &List{hash: h, entries: make(map[Entry]bool, len(entries)), young: map[string]bool{}}
	for _, e := range entries {
		l.entries[e] = true
	}
	return l
}

// Empty tells whether nobody is on the list; nil is such a list.
func (l *List) Empty() bool { return l == nil || len(l.entries) == 0 }

// Len is the number of entries.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.entries)
}

// Has tells whether an entry is on the list.
func (l *List) Has(e Entry) bool { return l != nil && l.entries[e] }

func (l *List) any(kind string, scopes []string, parts ...string) bool {
	if l.Empty() {
		return false
	}
	key := kind + "\x00" + strings.Join(scopes, "\x00") + "\x01" + strings.Join(parts, "\x00")
	l.mu.Lock()
	found, known := l.young[key]
	if !known {
		found, known = l.old[key]
	}
	l.mu.Unlock()
	if known {
		return found
	}
	found = slices.ContainsFunc(scopes, func(scope string) bool {
		return l.entries[l.hash.entry(append([]string{kind, scope}, parts...)...)]
	})
	l.mu.Lock()
	if len(l.young) >= remembered {
		l.young, l.old = make(map[string]bool, remembered), l.young
	}
	l.young[key] = found
	l.mu.Unlock()
	return found
}

// Account tells whether an account was erased under one of the scopes.
func (l *List) Account(scopes []string, account string) bool {
	return l.any("account", scopes, account)
}

// Handle tells whether who has the handle on the platform was erased.
func (l *List) Handle(scopes []string, platform, handle string) bool {
	folded := Fold(handle)
	return folded != "" && l.any("handle", scopes, platform, folded)
}

// Named tells which words of a text name somebody. Where the platform of the
// text is known, a handle that is no distinctive word is one of that platform.
func (l *List) Named(scopes []string, platform string) Named {
	return func(word string, marked bool) bool {
		folded := Fold(word)
		switch {
		case Distinctive(folded):
			return l.any("name", scopes, folded)
		case !marked || folded == "":
			return false
		case platform == "":
			return l.any("name", scopes, folded)
		}
		return l.any("handle", scopes, platform, folded)
	}
}

// Redact is the function Redact with what the list knows.
func (l *List) Redact(scopes []string, platform, text string) string {
	if l.Empty() || text == "" {
		return text
	}
	return Redact(text, l.Named(scopes, platform))
}
