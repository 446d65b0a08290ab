package file

import (
	"fmt"
	"strings"
	"time"

	"adalid"
)

// months by the first letters of their names, English and Spanish.
var monthNames = [12][]string{
	{"jan", "ene"},
	{"feb"},
	{"mar"},
	{"apr", "abr"},
	{"may"},
	{"jun"},
	{"jul"},
	{"aug", "ago"},
	{"sep", "set"},
	{"oct"},
	{"nov"},
	{"dec", "dic"},
}

var longMonths = strings.Fields("january february march april may june july august september october november december " +
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre setiembre sept")

var fillers = strings.Fields("mon tue wed thu fri sat sun tues thur thurs monday tuesday wednesday thursday friday saturday sunday " +
	"lun mar mié mie jue vie sáb sab dom lunes martes miércoles miercoles jueves viernes sábado sabado domingo " +
	"de del a las la el at of on h hs hrs t")

// monthNumber gives 1 to 12 for the name of a month, short or long, else 0.
func monthNumber(w string) int {
	for i, names := range monthNames {
		for _, n := range names {
			if w == n {
				return i + 1
			}
			if strings.HasPrefix(w, n) {
				for _, l := range longMonths {
					if w == l {
						return i + 1
					}
				}
			}
		}
	}
	return 0
}

func fillerWord(w string) bool {
	for _, f := range fillers {
		if f == w {
			return true
		}
	}
	return false
}

// build makes a time of what was read.
func (d *dates) build(p datePart) (time.Time, error) {
	y, m, day, err := d.date(p)
	if err != nil {
		return time.Time{}, err
	}
	h := p.clock[0]
	if p.half != 0 {
		if h < 1 || h > 12 {
			return time.Time{}, errDateRange
		}
		h %= 12
		if p.half > 0 {
			h += 12
		}
	}
	zone := p.zone
	if zone == nil {
		zone = d.zone
	}
	return makeTime([6]int{y, m, day, h, p.clock[1], p.clock[2]}, zone)
}

func (d *dates) date(p datePart) (y, m, day int, err error) {
	if p.month > 0 {
		return d.named(p)
	}
	switch p.count {
	case 3:
		if p.digits[0] == 4 {
			return p.num[0], p.num[1], p.num[2], nil
		}
		return numeric(p, d.order, d.lastYear())
	case 2:
		if d.year == 0 {
			return 0, 0, 0, errDateYear
		}
		p.num[2], p.digits[2] = d.year, 4
		return numeric(p, d.order, d.lastYear())
	}
	return 0, 0, 0, errDate
}

// named reads a date whose month is a word: the four-digit number is the year,
// else the last one; 31 dic has none.
func (d *dates) named(p datePart) (y, m, day int, err error) {
	switch {
	case p.count == 1 && p.digits[0] <= 2:
		if d.year == 0 {
			return 0, 0, 0, errDateYear
		}
		return d.year, p.month, p.num[0], nil
	case p.count != 2:
		return 0, 0, 0, errDate
	case p.digits[0] == 4:
		return p.num[0], p.month, p.num[1], nil
	}
	return fullYear(p.num[1], p.digits[1], d.lastYear()), p.month, p.num[0], nil
}

func numeric(p datePart, o DateOrder, last int) (y, m, day int, err error) {
	a, b, c := p.num[0], p.num[1], p.num[2]
	switch o {
	case DMY:
		return fullYear(c, p.digits[2], last), b, a, nil
	case MDY:
		return fullYear(c, p.digits[2], last), a, b, nil
	case YMD:
		if p.digits[2] == 4 {
			return 0, 0, 0, errDateRange
		}
		return fullYear(a, p.digits[0], last), b, c, nil
	}
	return 0, 0, 0, errDateOrder
}

// fullYear completes a year of two digits; last is the latest it can be.
func fullYear(n, digits, last int) int {
	switch {
	case digits == 4:
		return n
	case 2000+n <= last:
		return 2000 + n
	}
	return 1900 + n
}

// lastYear is the latest year that two digits can mean.
func (d *dates) lastYear() int {
	if d.now == 0 {
		return 2068
	}
	return d.now + 1
}

// orderVote finds the one order that every date of a column allows.
type orderVote struct {
	open  bool // some date depends on the order
	rules [3]string
	alive [3]bool
	shown []string
}

var voteOrders = [3]DateOrder{DMY, MDY, YMD}

func newOrderVote() *orderVote { return &orderVote{alive: [3]bool{true, true, true}} }

// depends says whether a date's meaning depends on the order.
func depends(s string) (datePart, bool) {
	s = strings.TrimSpace(s)
	if missing(s) {
		return datePart{}, false
	}
	if _, ok := parseISO(s, time.UTC); ok {
		return datePart{}, false
	}
	if _, ok, _ := parseEpoch(s); ok {
		return datePart{}, false
	}
	p, err := readDate(s)
	if err != nil || p.month > 0 || p.count < 2 || p.digits[0] > 2 || p.count == 3 && p.digits[2] == 3 {
		return p, false
	}
	return p, true
}

// see takes one date into account. Dates that no order allows say nothing.
func (v *orderVote) see(s string, row int64) {
	p, ok := depends(s)
	if !ok {
		return
	}
	if p.count == 2 {
		p.num[2], p.digits[2] = 2000, 4 // a leap year
	}
	var fits [3]bool
	some := false
	for i, o := range voteOrders {
		if o == YMD && p.sep != '-' { // 20/12/31 is no custom anywhere
			continue
		}
		y, m, d, err := numeric(p, o, 2068)
		fits[i] = err == nil && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
		some = some || fits[i]
	}
	if !some {
		return
	}
	v.open = true
	place := fmt.Sprintf("row %d: %s", row, s)
	if len(v.shown) < 3 {
		v.shown = append(v.shown, place)
	}
	for i := range fits {
		if !fits[i] && v.alive[i] {
			v.alive[i] = false
			v.rules[i] = place
		}
	}
}

// decide gives the order, AutoOrder where no date depends on one, and an
// Invalid error where more than one or none is left.
func (v *orderVote) decide(file, column string) (DateOrder, error) {
	if !v.open {
		return AutoOrder, nil
	}
	var left []string
	for i, o := range voteOrders {
		if v.alive[i] {
			left = append(left, string(o))
		}
	}
	switch len(left) {
	case 1:
		return DateOrder(left[0]), nil
	case 0:
		return "", adalid.Errorf(adalid.Invalid,
			"%s: the dates in column %q contradict each other (%s; %s); say --date-order dmy or --date-order mdy, the rows that do not fit are then rejected",
			file, column, v.rules[0], v.rules[1])
	}
	return "", adalid.Errorf(adalid.Invalid,
		"%s: the dates in column %q can be read in more than one way (%s); say --date-order %s",
		file, column, strings.Join(v.shown, "; "), strings.Join(left, " or --date-order "))
}
