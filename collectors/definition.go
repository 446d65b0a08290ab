package collectors

import (
	"net/http"
	"time"

	"adalid"
)

// Definition describes a kind of source: everything that forms, documents and
// the polite HTTP client need to know of it is data.
type Definition struct {
	Name     string          // the folder: lower case, "mastodon"
	Platform adalid.Platform // of its posts
	Title    Label
	About    Label  // what it reads and what access costs, in one or two sentences
	KeysAt   string // web address where an operator gets the credentials; "" when none are needed
	Fields   []Field
	Can      []Capability
	Costs    []Cost // of what is paid for or counted against a quota; none: free
	Limits   Limits
	New      func(Setup) (Collector, error) // an Error with code Invalid names the field that is wrong
}

// Label is a text for people in every language of the product, by its code.
type Label map[string]string

// Field is one setting of a source.
type Field struct {
	Key      string // in the settings' JSON: lower case with _
	Kind     FieldKind
	Title    Label
	Help     Label  // one sentence; may be empty
	Required bool   // without it the source cannot be used
	Secret   bool   // never shown again, never logged
	Default  string // as the person would type it; "" none
	Options  []string
}

// FieldKind says what a setting looks like in JSON.
type FieldKind string

// The kinds.
const (
	TextField   FieldKind = "text"   // a string
	URLField    FieldKind = "url"    // a string; requests to it are guarded
	ListField   FieldKind = "list"   // strings
	NumberField FieldKind = "number" // an integer
	BoolField   FieldKind = "bool"
	ChoiceField FieldKind = "choice" // one of Options
)

// Capability is something that a kind of source can do.
type Capability string

// The capabilities.
const (
	Search  Capability = "search"  // finds posts by words
	Replies Capability = "replies" // finds what answers the brand's own accounts
	Stream  Capability = "stream"  // brings posts as they appear: a Streamer
	Check   Capability = "check"   // tells which posts are gone: a Checker
	Hydrate Capability = "hydrate" // gives the facts of accounts: a Hydrator
	Probe   Capability = "probe"   // tests the credentials: a Prober
	Keyless Capability = "keyless" // works without any setting
)

// Cost is what one unit costs, in millionths of a US dollar, and how many units
// a UTC day allows; 0 means free, or without a limit.
type Cost struct {
	Unit   string // "post_read"
	Micros int64
	Daily  int64
	Title  Label

	PerPost bool // a post that is read costs one of it at most
}

// Setup is what a collector is made from.
type Setup struct {
	Decode func(into any) error // fills a struct from the source's settings; refuses unknown ones
	HTTP   Doer
	Now    func() time.Time
	Meter  Meter
}

// Doer sends requests politely: it keeps to the platform's limits, guards
// addresses, caps bodies and sets the user agent. Every answer other than 2xx,
// 304 and 101 is an *Error.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client is an http.Client over a Doer, for libraries that need one. Its errors
// quote the whole address: it is not for addresses with secrets in their query.
func Client(d Doer) *http.Client { return &http.Client{Transport: transport{d}} }

type transport struct{ Doer }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t.Do(r) }
