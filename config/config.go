// Package config reads the settings of a process: default.yaml, then a file,
// then the environment, and refuses whatever it does not understand.
package config

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Config holds the settings. default.yaml describes each.
type Config struct {
	Data    Data    `yaml:"data"`
	Server  Server  `yaml:"server"`
	Log     Log     `yaml:"log"`
	Fetch   Fetch   `yaml:"fetch"`
	Alarms  Alarms  `yaml:"alarms"`
	Mail    Mail    `yaml:"mail"`
	OIDC    OIDC    `yaml:"oidc"`
	Import  Import  `yaml:"import"`
	Ranking Ranking `yaml:"ranking"`
	YouTube YouTube `yaml:"youtube"`
	Push    Push    `yaml:"push"`
	Privacy Privacy `yaml:"privacy"`
}

// Data says where everything is kept.
type Data struct {
	Dir string `yaml:"dir" validate:"required"`
}

// Server says how the web server listens.
type Server struct {
	Address         string        `yaml:"address" validate:"address"`
	Hosts           []string      `yaml:"hosts" validate:"unique,dive,host"`      // without port
	PublicURL       string        `yaml:"public_url" validate:"omitempty,public"` // without a path; "": as it listens
	ReadTimeout     time.Duration `yaml:"read_timeout" validate:"min=1s,max=24h"`
	WriteTimeout    time.Duration `yaml:"write_timeout" validate:"min=1s,max=24h"`
	ShutdownTimeout time.Duration `yaml:"shutdown_timeout" validate:"min=1s,max=10m"`
	MaxUpload       Size          `yaml:"max_upload" validate:"min=1000,max=100000000000"`
	MetricsToken    Secret        `yaml:"metrics_token" validate:"omitempty,min=16"` // "": none is asked for
	KeyRate         float64       `yaml:"key_rate" validate:"min=0.1,max=10000"`     // requests a second
	KeyBurst        int           `yaml:"key_burst" validate:"min=1,max=100000"`     // requests at once
}

// Log says what is logged and how.
type Log struct {
	Level  string `yaml:"level" validate:"oneof=debug info warn error"`
	Format string `yaml:"format" validate:"oneof=text json"`
}

// Fetch says how other servers are asked.
type Fetch struct {
	Contact    string   `yaml:"contact" validate:"contact"`                 // "": none
	AllowHosts []string `yaml:"allow_hosts" validate:"unique,dive,outside"` // host, or host:port
}

// Alarms says who is told about sources that fail.
type Alarms struct {
	MailTo        []string `yaml:"mail_to" validate:"unique,dive,email"`
	WebhookURL    string   `yaml:"webhook_url" validate:"omitempty,http_url"`
	WebhookSecret Secret   `yaml:"webhook_secret" validate:"omitempty,webhook"` // whsec_ and base64; "": posts are not signed
	Language      string   `yaml:"language" validate:"oneof=en es"`
}

// Mail says how letters leave.
type Mail struct {
	From     string `yaml:"from" validate:"omitempty,email"`
	Server   string `yaml:"server" validate:"omitempty,address"` // "": none leave
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	Language string `yaml:"language" validate:"oneof=en es"`
}

// OIDC says who else may vouch for people.
type OIDC struct {
	Issuer       string `yaml:"issuer" validate:"omitempty,http_url"` // "": nobody
	ClientID     string `yaml:"client_id"`
	ClientSecret Secret `yaml:"client_secret"`
}

// Import says how exports are read unless a flag says otherwise.
type Import struct {
	PageSize  int    `yaml:"page_size" validate:"min=100,max=50000"` // mentions
	DateOrder string `yaml:"date_order" validate:"oneof=auto dmy mdy ymd"`
	Timezone  string `yaml:"timezone" validate:"timezone"` // time.LoadLocation knows it
}

// Ranking says how people are ranked unless a request says otherwise.
type Ranking struct {
	HalfLifeDays   float64 `yaml:"half_life_days" validate:"min=1,max=3650"`
	Preset         string  `yaml:"preset" validate:"oneof=balanced true-fans far-reach connectors steady"`
	Blend          string  `yaml:"blend" validate:"oneof=geometric arithmetic"`
	BrandsInMemory int     `yaml:"brands_in_memory" validate:"min=1,max=10000"`
	Memory         Size    `yaml:"memory" validate:"min=1000000,max=1000000000000"`
}

// YouTube records whether the derived-metrics amendment was accepted.
type YouTube struct {
	DerivedMetricsAccepted bool   `yaml:"derived_metrics_accepted"`
	AcceptedBy             string `yaml:"accepted_by"`                                          // set when accepted
	AcceptedOn             string `yaml:"accepted_on" validate:"omitempty,datetime=2006-01-02"` // set when accepted
}

// Push says how mentions may be sent in.
type Push struct {
	Secret Secret `yaml:"secret" validate:"omitempty,webhook"` // whsec_ and base64; "": nothing has to be signed
}

// Privacy says how what must not be readable is kept, and what people are told.
type Privacy struct {
	Key        Secret `yaml:"key" validate:"omitempty,privacykey"` // "": that of the data folder
	Controller string `yaml:"controller"`                          // who is responsible; "": notices ask for it
	Contact    string `yaml:"contact"`                             // how people reach them; "" the same
	URL        string `yaml:"url" validate:"omitempty,http_url"`   // where people reach the opt-out page; "": server.public_url
}

//go:embed default.yaml
var defaults []byte

// Default gives default.yaml: every setting with its default and what it means.
func Default() []byte { return slices.Clone(defaults) }

// Options says where settings come from.
type Options struct {
	Path    string   // the settings file; "" takes the one that ADALID_CONFIG names, or none
	Environ []string // "NAME=value", as os.Environ gives them; the first of two equal names counts

	// ReadFile reads the settings file and the files that ADALID_…_FILE name;
	// nil reads from disk.
	ReadFile func(name string) ([]byte, error)
}

// Load gives the defaults, changed by the file, changed by the environment. What
// is wrong with the settings is an *Error that lists all of it.
func Load(o Options) (*Config, error) {
	if o.ReadFile == nil {
		o.ReadFile = readFile
	}
	c := new(Config)
	l := newLoader(c)
	env := variables(o.Environ)
	if o.Path == "" {
		o.Path = env["ADALID_CONFIG"]
	}
	l.file("default.yaml", defaults)
	if o.Path != "" {
		text, err := o.ReadFile(o.Path)
		if err != nil {
			return nil, fmt.Errorf("config: read the settings file: %w", err)
		}
		l.file(o.Path, text)
	}
	l.environment(env, o.ReadFile)
	l.validate()
	if len(l.problems) > 0 {
		return nil, l.error()
	}
	return c, nil
}

// Check tells what is wrong with a settings file, without looking at the
// environment.
func Check(path string) error {
	if path == "" {
		return fmt.Errorf("config: no file to check")
	}
	_, err := Load(Options{Path: path})
	return err
}

// maxFile bounds what is read, so that naming the wrong file does no harm.
const maxFile = 64 << 10

// readFile reads one byte more than may be used, for the size to show.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}
