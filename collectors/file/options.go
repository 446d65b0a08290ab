package file

import (
	"fmt"
	"io"
	"strings"
	"time"

	"adalid"
)

// Format names how mentions are written in a file.
type Format string

// The formats.
const (
	Auto      Format = "auto"      // looks at the beginning of each file
	Canonical Format = "canonical" // JSON Lines, one object per (post, brand)
	CSV       Format = "csv"       // tables separated by comma, semicolon, tab or bar
	TweetsV1  Format = "tweets-v1" // tweets as the v1.1 API gave them
	TweetsV2  Format = "tweets-v2" // posts as the v2 API gives them, single or in pages
	XArchive  Format = "x-archive" // tweets.js of X's own "download your archive"
	Mastodon  Format = "mastodon"  // outbox.json of a Mastodon export
)

var formats = []string{"auto", "canonical", "csv", "tweets-v1", "tweets-v2", "x-archive", "mastodon"}

// ParseFormat reads the name of a format; "" is Auto. An unknown name is an
// Invalid error.
func ParseFormat(s string) (Format, error) {
	name, err := oneOf("format", s, formats)
	return Format(name), err
}

// DateOrder says how dates written in numbers alone are to be read.
type DateOrder string

// The orders. AutoOrder decides by the whole file and refuses to guess.
const (
	AutoOrder DateOrder = "auto"
	DMY       DateOrder = "dmy"
	MDY       DateOrder = "mdy"
	YMD       DateOrder = "ymd"
)

// ParseDateOrder reads the name of a date order; "" is AutoOrder. An unknown
// name is an Invalid error.
func ParseDateOrder(s string) (DateOrder, error) {
	name, err := oneOf("date order", s, []string{"auto", "dmy", "mdy", "ymd"})
	return DateOrder(name), err
}

func oneOf(what, s string, names []string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return "auto", nil
	}
	for _, n := range names {
		if n == s {
			return n, nil
		}
	}
	return "", adalid.Errorf(adalid.Invalid, "%q is no %s; the choice is %s", s, what, strings.Join(names, ", "))
}

// Options say what to read and how. The zero value of everything but Paths is
// a good default.
type Options struct {
	Paths []string  // files and pipes in the order in which they are read; "-" is Stdin
	Stdin io.Reader // what "-" reads

	Format      Format          // "" is Auto
	Platform    adalid.Platform // of rows that name none; "" is "x", for a Mastodon outbox "mastodon"
	Map         []Mapping       // which column holds which field, before any automatic choice
	BrandColumn string          // the column (canonical: "brand") that names each row's brand; "" leaves Mention.Brand empty
	DateOrder   DateOrder       // "" is AutoOrder
	Timezone    *time.Location  // of times without a zone; nil is UTC
	Year        int             // of dates without a year; 0 refuses them

	PageSize int              // rows per page; 0 is 25000
	Now      func() time.Time // the clock, for years of two digits and times that lie ahead; nil is time.Now
}

const (
	defaultPageSize = 25000
	maxRow          = 16 << 20 // bytes of one row; longer ones are rejected
	maxPage         = 32 << 20 // bytes of rows after which a page ends early
	maxRaw          = 4 << 10  // bytes of a rejected row that are shown
	maxDepth        = 200      // nesting of JSON values
)

func (o *Options) fill() error {
	var err error
	if o.Format, err = ParseFormat(string(o.Format)); err != nil {
		return err
	}
	if o.DateOrder, err = ParseDateOrder(string(o.DateOrder)); err != nil {
		return err
	}
	if len(o.Paths) == 0 {
		return adalid.Errorf(adalid.Invalid, "no file to read; name one, or - for standard input")
	}
	stdin := 0
	for _, p := range o.Paths {
		if p == "-" {
			stdin++
		}
	}
	if stdin > 1 || stdin == 1 && o.Stdin == nil {
		return adalid.Errorf(adalid.Invalid, "standard input can be read once, and only where there is one")
	}
	if o.Year != 0 && (o.Year < 1970 || o.Year > 2200) {
		return adalid.Errorf(adalid.Invalid, "year %d is not between 1970 and 2200", o.Year)
	}
	if err := checkMap(o.Map); err != nil {
		return err
	}
	o.Platform = adalid.Platform(strings.ToLower(strings.TrimSpace(string(o.Platform))))
	if o.Timezone == nil {
		o.Timezone = time.UTC
	}
	if o.PageSize <= 0 {
		o.PageSize = defaultPageSize
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

// key says everything that changes what rows become, for the source name.
func (o *Options) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "1|%s|%s|%s|%s|%s|%d", o.Format, o.Platform, o.BrandColumn, o.DateOrder, o.Timezone, o.Year)
	for _, m := range o.Map {
		fmt.Fprintf(&b, "|%q=%q", m.Field, m.Column)
	}
	return b.String()
}
