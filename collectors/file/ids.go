package file

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"adalid"
)

const (
	fullDigits   = 15 // a float keeps this many digits of an integer exactly
	floatExactly = 1 << 53
)

// cleanID gives a native id without what spreadsheets put around it. A whole
// number in exponent form with enough digits is written out; damaged says that
// digits are lost for good (5.70306E+17).
func cleanID(s string) (id string, damaged bool) {
	s = strings.TrimSpace(s)
	if n := len(s); n > 3 && s[0] == '=' && s[1] == '"' && s[n-1] == '"' {
		s = s[2 : n-1]
	}
	s = strings.TrimPrefix(s, "'")
	if missing(s) {
		return "", false
	}
	if c := s[0]; c < '0' || c > '9' {
		return s, false
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == len(s) {
		return s, i >= 17 && strings.HasSuffix(s, "000000000")
	}
	return floatID(s, i)
}

// floatID reads an id of the form digits[.digits][e[+]digits], whose first
// whole digits are given; anything else stays as it is.
func floatID(s string, whole int) (id string, damaged bool) {
	rest, frac := s[whole:], ""
	if rest[0] == '.' || rest[0] == ',' {
		j := 1
		for j < len(rest) && rest[j] >= '0' && rest[j] <= '9' {
			j++
		}
		frac, rest = rest[1:j], rest[j:]
	}
	exp := 0
	short := whole < 10 && frac == "" // 12345e7 may be an id of letters and digits
	if rest != "" {
		if (rest[0] != 'e' && rest[0] != 'E') || len(rest) < 2 {
			return s, false
		}
		n, err := strconv.ParseUint(strings.TrimPrefix(rest[1:], "+"), 10, 8)
		if err != nil || n > 40 || short && rest[1] != '+' {
			return s, false
		}
		exp = int(n)
	} else if frac == "" {
		return s, false
	}
	digits := s[:whole] + frac
	zeros := exp - len(frac)
	significant := len(strings.TrimRight(strings.TrimLeft(digits, "0"), "0"))
	if zeros < 0 {
		tail := digits[max(0, len(digits)+zeros):]
		if strings.Trim(tail, "0") != "" {
			return s, exp > 0
		}
		return digits[:max(0, len(digits)+zeros)], false
	}
	if zeros > 0 && significant < fullDigits && (frac != "" || short) {
		return s, true
	}
	return digits + strings.Repeat("0", zeros), false
}

// contentKey stands for the id of a post that has none: equal for rows that
// say the same thing at the same time by the same author.
func contentKey(m *adalid.Mention) string {
	h := sha256.New()
	at := ""
	if !m.CreatedAt.IsZero() {
		at = strconv.FormatInt(m.CreatedAt.Unix(), 10)
	}
	for _, s := range []string{string(m.Platform), m.Author.Key, at, m.Text} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return "c:" + hex.EncodeToString(h.Sum(nil)[:16])
}

// beyondFloat says that an id is a number that a float cannot hold exactly.
func beyondFloat(id string) bool {
	if len(id) < 16 || len(id) > 20 {
		return false
	}
	n, err := strconv.ParseUint(id, 10, 64)
	return err == nil && n >= floatExactly
}

// statusID finds a post's id in its link: …/status/123.
func statusID(link string) string {
	for _, part := range []string{"/status/", "/statuses/"} {
		if i := strings.LastIndex(link, part); i >= 0 {
			rest := link[i+len(part):]
			j := 0
			for j < len(rest) && rest[j] >= '0' && rest[j] <= '9' {
				j++
			}
			return rest[:j]
		}
	}
	return ""
}

// statusHandle finds the author's handle in the link of a post on X.
func statusHandle(link string) string {
	i := strings.Index(link, "/status/")
	if i < 0 {
		return ""
	}
	h := link[:i]
	h = h[strings.LastIndexByte(h, '/')+1:]
	if h == "" || len(h) > maxHandle || h == "i" || h == "web" {
		return ""
	}
	for j := 0; j < len(h); j++ {
		if !handleByte[h[j]] {
			return ""
		}
	}
	return lower(h)
}
