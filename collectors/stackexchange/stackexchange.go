// Package stackexchange collects questions and answers that name a brand from
// the sites of the Stack Exchange network.
package stackexchange

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "stackexchange"

const (
	base       = "https://api.stackexchange.com"
	searchPath = "/2.3/search/excerpts"
	postsPath  = "/2.3/posts/"
	infoPath   = "/2.3/info"
)

// unit is what the platform counts.
const unit = "request"

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "stackexchange",
		Platform: platform,
		Title:    collectors.Label{"en": "Stack Exchange", "es": "Stack Exchange"},
		About: collectors.Label{
			"en": "Questions and answers on Stack Overflow and its sister sites that name the brand. Free; 300 requests a day without a key, 10,000 with one.",
			"es": "Preguntas y respuestas de Stack Overflow y sus sitios hermanos que nombran la marca. Gratis; 300 peticiones al día sin clave y 10.000 con ella.",
		},
		KeysAt: "https://stackapps.com/apps/oauth/register",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Check, collectors.Probe, collectors.Keyless},
		Costs: []collectors.Cost{{
			Unit: unit, Daily: 10_000,
			Title: collectors.Label{"en": "Requests", "es": "Peticiones"},
		}},
		Limits: collectors.Limits{
			// More than 30 a second are cut off. A wait that an answer asks for is
			// about its method alone, so each has a line of its own.
			Rates: []collectors.Rate{
				{Path: searchPath, Requests: 10, Per: time.Second},
				{Path: postsPath, Requests: 10, Per: time.Second},
				{Path: infoPath, Requests: 5, Per: time.Second},
			},
			Backoff: "backoff",
		},
		New: newCollector,
	}
}

func fields() []collectors.Field {
	return []collectors.Field{
		{
			Key: "sites", Kind: collectors.ListField, Default: "stackoverflow",
			Title: collectors.Label{"en": "Sites", "es": "Sitios"},
			Help: collectors.Label{
				"en": "Names or hosts of the sites to search: stackoverflow, es.stackoverflow, unix, coffee.stackexchange.com.",
				"es": "Nombres o dominios de los sitios en los que se busca: stackoverflow, es.stackoverflow, unix, coffee.stackexchange.com.",
			},
		},
		{
			Key: "key", Kind: collectors.TextField,
			Title: collectors.Label{"en": "API key", "es": "Clave de API"},
			Help: collectors.Label{
				"en": "Of an application registered at Stack Apps; no secret. It raises the daily quota from 300 to 10,000 requests.",
				"es": "De una aplicación registrada en Stack Apps; no es secreta. Sube la cuota diaria de 300 a 10.000 peticiones.",
			},
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "30",
			Title: collectors.Label{"en": "Days of the first scan", "es": "Días de la primera lectura"},
			Help: collectors.Label{
				"en": "How far back the first scan reaches where nothing else is asked for.",
				"es": "Hasta cuándo se remonta la primera lectura si no se pide otra cosa.",
			},
		},
	}
}

type settings struct {
	Sites []string `json:"sites"`
	Key   string   `json:"key"`
	Days  int      `json:"days"`
}

type collector struct {
	hosts []string // of the sites
	key   string
	days  int
	http  collectors.Doer
	now   func() time.Time
	meter collectors.Meter
}

func newCollector(setup collectors.Setup) (collectors.Collector, error) {
	var in settings
	if err := setup.Decode(&in); err != nil {
		return nil, err
	}
	if in.Days < 1 || in.Days > 3650 {
		return nil, adalid.Errorf(adalid.Invalid, "stackexchange: setting \"days\" has to be from 1 to 3650")
	}
	if strings.ContainsFunc(in.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, adalid.Errorf(adalid.Invalid, "stackexchange: setting \"key\" holds characters that no key has")
	}
	c := &collector{key: in.Key, days: in.Days, http: setup.HTTP, now: setup.Now, meter: setup.Meter}
	for _, site := range in.Sites {
		host := hostOf(site)
		if host == "" {
			return nil, adalid.Errorf(adalid.Invalid, "stackexchange: setting \"sites\": %q is no name of a site; write stackoverflow or unix.stackexchange.com", site)
		}
		if !slices.Contains(c.hosts, host) {
			c.hosts = append(c.hosts, host)
		}
	}
	if len(c.hosts) == 0 {
		return nil, adalid.Errorf(adalid.Invalid, "stackexchange: setting \"sites\" names no site")
	}
	return c, nil
}

var siteName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// hostOf gives the host of a site, which is the same however the site is
// named; "" where it cannot be one.
func hostOf(site string) string {
	site = strings.ToLower(strings.TrimSpace(site))
	site = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "www."), "/")
	if !siteName.MatchString(site) {
		return ""
	}
	last := site[strings.LastIndexByte(site, '.')+1:]
	switch {
	case slices.Contains([]string{"com", "net", "org"}, last):
		return site
	case slices.Contains([]string{"stackoverflow", "serverfault", "superuser", "askubuntu", "stackapps"}, last):
		return site + ".com"
	case last == "mathoverflow":
		return site + ".net"
	}
	return site + ".stackexchange.com"
}
