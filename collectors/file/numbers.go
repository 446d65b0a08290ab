package file

import (
	"math"
	"strconv"
	"strings"
)

// magnitudes are what readers' numbers end in, English and Spanish, and their
// powers of ten.
var magnitudes = []struct {
	suffix string
	power  int
}{
	{"millones", 6},
	{"millón", 6},
	{"millon", 6},
	{"million", 6},
	{"mill", 6},
	{"mio", 6},
	{"mm", 6},
	{"mn", 6},
	{"m", 6},
	{"thousand", 3},
	{"miles", 3},
	{"mil", 3},
	{"tsd", 3},
	{"k", 3},
	{"billion", 9},
	{"bn", 9},
	{"b", 9},
}

// parseCount reads a count as files show it: 1234, 1,234, 1.234, 123.0, 11.7K,
// 1,2 mil, 1.2E+04. ok is false for what is no whole number from 0 up to
// 2^63−1. One separator before exactly three digits separates thousands.
func parseCount(s string) (n int64, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) <= 18 {
		for i := 0; i < len(s); i++ {
			c := s[i] - '0'
			if c > 9 {
				return parseWritten(s)
			}
			n = n*10 + int64(c)
		}
		return n, len(s) > 0
	}
	return parseWritten(s)
}

func parseWritten(s string) (int64, bool) {
	if len(s) > 40 {
		return 0, false
	}
	s = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(s, "+"), "."))
	power := 0
	for _, m := range magnitudes {
		if t, ok := strings.CutSuffix(s, m.suffix); ok {
			s, power = strings.TrimSpace(t), m.power
			break
		}
	}
	if i := strings.IndexByte(s, 'e'); i > 0 && power == 0 {
		exp, err := strconv.Atoi(strings.TrimPrefix(s[i+1:], "+"))
		if err != nil || exp < 0 || exp > 18 {
			return 0, false
		}
		return scale(strings.Replace(s[:i], ",", ".", 1), exp)
	}
	for _, space := range []string{" ", "\u00a0", "\u202f", "'", "’", "_"} {
		s = strings.ReplaceAll(s, space, "")
	}
	return scale(plainDecimal(s, power), power)
}

// plainDecimal removes thousands separators and makes the decimal one a point.
func plainDecimal(s string, power int) string {
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	last := max(strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ','))
	switch {
	case dots+commas == 0:
		return s
	case dots > 0 && commas > 0: // the last one is the decimal separator
		whole := strings.NewReplacer(".", "", ",", "").Replace(s[:last])
		if min(dots, commas) > 1 || s[last] == '.' && dots > 1 || s[last] == ',' && commas > 1 {
			return ""
		}
		return whole + "." + s[last+1:]
	case dots+commas > 1 || power == 0 && len(s)-last-1 == 3 && last >= 1 && last <= 3 && s[0] != '0':
		if !thousands(s) {
			return ""
		}
		return strings.NewReplacer(".", "", ",", "").Replace(s)
	}
	return s[:last] + "." + s[last+1:]
}

// thousands says that s has groups of three digits after a first one of 1 to 3.
func thousands(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	if len(groups) != strings.Count(s, ".")+strings.Count(s, ",")+1 || len(groups[0]) > 3 {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}

// scale gives digits[.digits] · 10^power exactly; false unless it is whole.
func scale(s string, power int) (int64, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if whole == "" || len(frac) > power {
		return 0, false
	}
	digits := whole + frac + strings.Repeat("0", power-len(frac))
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || n > math.MaxInt64 {
		return 0, false
	}
	return int64(n), true
}

// parseBool reads how tables write yes and no; known is false for a missing
// value, ok for anything else that is neither.
func parseBool(s string) (value, known, ok bool) {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "true", "t", "1", "yes", "y", "sí", "si", "s", "verdadero", "1.0":
		return true, true, true
	case "false", "f", "0", "no", "n", "falso", "0.0":
		return false, true, true
	}
	return false, false, missing(s)
}
