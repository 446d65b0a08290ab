package file

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// dates reads times as files write them.
type dates struct {
	order DateOrder
	zone  *time.Location
	year  int
	now   int // the year it is; two digits mean no year after the next one
}

// Reasons for which a time is refused.
var (
	errDate      = errors.New("is no date this import knows")
	errDateRange = errors.New("is outside the calendar or the years 1970 to 2200")
	errDateOrder = errors.New("can be read day first and month first; say --date-order dmy, mdy or ymd")
	errDateYear  = errors.New("has no year; say --year")
)

// parse gives a time in UTC, cut to whole seconds.
func (d *dates) parse(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, ok := parseISO(s, d.zone); ok {
		return t, nil
	}
	if t, ok, err := parseEpoch(s); ok {
		return t, err
	}
	p, err := readDate(s)
	if err != nil {
		return time.Time{}, err
	}
	return d.build(p)
}

// parseISO is the fast path: 2020-12-20[T ]06:06[:44[.317]][Z].
func parseISO(s string, zone *time.Location) (time.Time, bool) {
	if len(s) < 16 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' {
		return time.Time{}, false
	}
	n := [6]int{}
	for i, at := range [6][2]int{{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}} {
		if i == 5 && len(s) < 19 {
			break
		}
		for _, c := range []byte(s[at[0] : at[0]+at[1]]) {
			if c < '0' || c > '9' {
				return time.Time{}, false
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	rest := s[min(len(s), 19):]
	if len(s) >= 17 && (len(s) < 19 || s[16] != ':') {
		return time.Time{}, false
	}
	if len(rest) > 1 && rest[0] == '.' {
		i := 1
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		rest = rest[i:]
	}
	switch rest {
	case "Z":
		zone = time.UTC
	case "":
	default:
		return time.Time{}, false
	}
	t, err := makeTime(n, zone)
	return t, err == nil
}

func makeTime(n [6]int, zone *time.Location) (time.Time, error) {
	y, mo, d, h, mi, sec := n[0], n[1], n[2], n[3], n[4], n[5]
	if sec == 60 {
		sec = 59 // a leap second
	}
	if y < 1970 || y > 2200 || mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || sec > 59 {
		return time.Time{}, errDateRange
	}
	return time.Date(y, time.Month(mo), d, h, mi, sec, 0, zone).UTC(), nil
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// parseEpoch reads seconds, milli-, micro- and nanoseconds since 1970, also
// with ".0", and the digits of 20201220 and 20201220060644.
func parseEpoch(s string) (t time.Time, ok bool, err error) {
	if i := strings.IndexByte(s, '.'); i >= 9 && strings.Trim(s[i+1:], "0123456789") == "" {
		s = s[:i]
	}
	if len(s) < 8 {
		return t, false, nil
	}
	var n int64
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || len(s) > 19 {
			return t, false, nil
		}
		n = n*10 + int64(s[i]-'0')
	}
	switch len(s) {
	case 8, 14:
		part := [6]int{}
		for i, at := range [6][2]int{{0, 4}, {4, 2}, {6, 2}, {8, 2}, {10, 2}, {12, 2}} {
			for j := at[0]; j < at[0]+at[1] && j < len(s); j++ {
				part[i] = part[i]*10 + int(s[j]-'0')
			}
		}
		t, err = makeTime(part, time.UTC)
		return t, true, err
	case 9, 10:
	case 12, 13:
		n /= 1e3
	case 15, 16:
		n /= 1e6
	case 18, 19:
		n /= 1e9
	default:
		return t, false, nil
	}
	if n < 0 || n > 7289654400 { // 2200-12-31
		return t, true, errDateRange
	}
	return time.Unix(n, 0).UTC(), true, nil
}

// datePart is a date as written: its numbers, in the order in which they
// stand, and what words said.
type datePart struct {
	num    [3]int // −1 where there is none
	digits [3]int // how many digits each has
	count  int
	sep    byte // between the numbers; 0 in "20 dic 2020"
	month  int  // by name; 0 when only numbers say it
	clock  [3]int
	half   int // +1 p.m., −1 a.m.
	zone   *time.Location
}

// readDate takes a date apart: clock times, offsets, words and numbers, in any
// order.
func readDate(s string) (p datePart, err error) {
	if len(s) > 80 {
		return p, errDate
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			i, err = p.number(s, i)
		case (c == '+' || c == '-') && i > 0 && p.count > 0 && offsetAt(s[i:]) > 0 && (s[i-1] == ' ' || p.clock != [3]int{} || strings.IndexByte(s[:i], ':') > 0):
			n := offsetAt(s[i:])
			p.zone = readOffset(s[i : i+n])
			i += n
		case c >= utf8.RuneSelf || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			i, err = p.word(s, i)
		case strings.IndexByte(" ,.-/|()'", c) >= 0:
			i++
		default:
			err = errDate
		}
		if err != nil {
			return p, err
		}
	}
	if p.count == 0 {
		return p, errDate
	}
	return p, nil
}

func (p *datePart) number(s string, i int) (next int, err error) {
	j, n := i, 0
	for j < len(s) && s[j] >= '0' && s[j] <= '9' && j-i < 5 {
		n = n*10 + int(s[j]-'0')
		j++
	}
	if j < len(s) && s[j] == ':' && j-i <= 2 {
		return p.time(s, i)
	}
	if p.count == 3 || j-i > 4 {
		return 0, errDate
	}
	p.num[p.count], p.digits[p.count] = n, j-i
	p.count++
	if j+1 < len(s) && strings.IndexByte("-/.", s[j]) >= 0 && s[j+1] >= '0' && s[j+1] <= '9' && p.sep == 0 {
		p.sep = s[j]
	}
	if j < len(s) && s[j] == 'T' { // 2020-12-20T…
		j++
	}
	if end := ordinal(s[j:]); end > 0 { // 20th
		j += end
	}
	return j, nil
}

func ordinal(s string) int {
	if len(s) >= 2 && (len(s) == 2 || s[2] < 'a' || s[2] > 'z') {
		switch s[:2] {
		case "st", "nd", "rd", "th":
			return 2
		}
	}
	return 0
}

// time reads 15:04[:05[.999]].
func (p *datePart) time(s string, i int) (next int, err error) {
	for k := range 3 {
		n, j := 0, i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' && j-i < 2 {
			n = n*10 + int(s[j]-'0')
			j++
		}
		if j == i {
			return 0, errDate
		}
		p.clock[k] = n
		i = j
		if i == len(s) || s[i] != ':' || k == 2 {
			break
		}
		i++
	}
	if i+1 < len(s) && (s[i] == '.' || s[i] == ',') && s[i+1] >= '0' && s[i+1] <= '9' {
		for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		}
	}
	return i, nil
}

// word reads a month, a weekday, a.m. or p.m., a zone or a word without meaning.
func (p *datePart) word(s string, i int) (next int, err error) {
	j := i
	for j < len(s) {
		r, n := utf8.DecodeRuneInString(s[j:])
		if !unicode.IsLetter(r) {
			if j == i && (unicode.IsSpace(r) || r == '·' || r == '–') { // narrow no-break space before PM
				return j + n, nil
			}
			break
		}
		j += n
	}
	if j == i {
		return 0, errDate
	}
	w := strings.ToLower(s[i:j])
	if j-i == 1 && j+1 < len(s) && (w == "a" || w == "p") { // "p. m."
		rest := strings.TrimLeft(s[j:], ". \u00a0\u202f")
		if strings.HasPrefix(strings.ToLower(rest), "m") {
			w += "m"
			j = len(s) - len(rest) + 1
		}
	}
	switch {
	case w == "am":
		p.half = -1
	case w == "pm":
		p.half = 1
	case w == "z" || w == "utc" || w == "gmt":
		p.zone = time.UTC
	case p.month == 0 && monthNumber(w) > 0:
		p.month = monthNumber(w)
	case !fillerWord(w):
		return 0, errDate
	}
	return j, nil
}

// offsetAt gives the length of +hh:mm, +hhmm or +hh at the start of s, else 0.
func offsetAt(s string) int {
	digits := 0
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == ':' && i == 3:
		default:
			if digits == 2 || digits == 4 {
				return i
			}
			return 0
		}
	}
	if digits == 2 || digits == 4 {
		return len(s)
	}
	return 0
}

func readOffset(s string) *time.Location {
	sign := 1
	if s[0] == '-' {
		sign = -1
	}
	d := strings.ReplaceAll(s[1:], ":", "") + "00"
	sec := (int(d[0]-'0')*10+int(d[1]-'0'))*3600 + (int(d[2]-'0')*10+int(d[3]-'0'))*60
	return time.FixedZone("", sign*sec)
}
