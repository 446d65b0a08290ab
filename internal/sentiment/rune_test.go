package sentiment

import (
	"testing"
	"unicode"
)

// TestLetters holds the shortcuts of isLetter and isDigit to what Unicode says.
func TestLetters(t *testing.T) {
	for c := rune(0); c <= unicode.MaxRune; c++ {
		letter := unicode.IsLetter(c) || unicode.IsMark(c)
		switch c {
		case 'ª', 'º', 0xfe0f: // what follows a number, and what only changes an emoji
			letter = false
		}
		if isLetter(c) != letter || isDigit(c) != unicode.IsDigit(c) {
			t.Errorf("%U: letter %v, digit %v", c, isLetter(c), isDigit(c))
		}
	}
}

// TestSieve: whatever the lexicon holds passes its sieve, and little else does.
func TestSieve(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	held := map[uint32]bool{}
	for _, key := range m.lex.keys {
		if held[key] = true; key != 0 && !m.lex.passes(key) {
			t.Fatalf("%x does not pass", key)
		}
	}
	passed := 0
	const keys = 100_000
	for i := range uint64(keys) {
		if key := lexiconKey(i, english, true); !held[key] && m.lex.passes(key) {
			passed++
		}
	}
	if passed > keys/10 {
		t.Errorf("%d of %d other keys pass", passed, keys)
	}
}
