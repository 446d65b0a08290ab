// Package hackernews collects stories and comments from Hacker News through its
// public search and item interfaces.
package hackernews

import (
	"net/url"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const (
	platform adalid.Platform = "hackernews"

	defaultSearch = "https://hn.algolia.com"
	defaultItems  = "https://hacker-news.firebaseio.com"
)

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "hackernews",
		Platform: platform,
		Title:    collectors.Label{"en": "Hacker News", "es": "Hacker News"},
		About: collectors.Label{
			"en": "Stories and comments on Hacker News that name the brand, and comments on the brand's own stories. Free, without keys.",
			"es": "Historias y comentarios de Hacker News que nombran la marca, y comentarios a las historias de la propia marca. Gratis y sin claves.",
		},
		Fields: []collectors.Field{
			{
				Key: "days", Kind: collectors.NumberField, Default: "30",
				Title: collectors.Label{"en": "Days of the first scan", "es": "Días de la primera lectura"},
				Help: collectors.Label{
					"en": "How far back the first scan reaches where nothing else is asked for; the search goes back to 2006.",
					"es": "Hasta cuándo se remonta la primera lectura si no se pide otra cosa; el buscador llega hasta 2006.",
				},
			},
			{
				Key: "server", Kind: collectors.URLField, Default: defaultSearch,
				Title: collectors.Label{"en": "Search server", "es": "Servidor de búsqueda"},
				Help:  collectors.Label{"en": "Leave it as it is unless you run a copy.", "es": "Déjalo como está salvo que uses una copia propia."},
			},
			{
				Key: "item_server", Kind: collectors.URLField, Default: defaultItems,
				Title: collectors.Label{"en": "Item server", "es": "Servidor de elementos"},
				Help: collectors.Label{
					"en": "Tells which posts were deleted and how old accounts are.",
					"es": "Dice qué publicaciones se borraron y la antigüedad de las cuentas.",
				},
			},
		},
		Can: []collectors.Capability{
			collectors.Search, collectors.Replies, collectors.Check, collectors.Hydrate, collectors.Probe, collectors.Keyless,
		},
		Limits: collectors.Limits{Rates: []collectors.Rate{
			{Path: searchPath, Requests: 10000, Per: time.Hour},
			{Path: itemPath, Requests: 600, Per: time.Minute}, // no limit is documented: this is our own
		}},
		New: newCollector,
	}
}

// Where the two servers answer.
const (
	searchPath = "/api/v1/"
	itemPath   = "/v0/"
)

type settings struct {
	Days       int    `json:"days"`
	Server     string `json:"server"`
	ItemServer string `json:"item_server"`
}

type collector struct {
	search, items string // without a slash at the end
	days          int
	http          collectors.Doer
	now           func() time.Time
}

func newCollector(setup collectors.Setup) (collectors.Collector, error) {
	var in settings
	if err := setup.Decode(&in); err != nil {
		return nil, err
	}
	if in.Days < 1 || in.Days > 10000 {
		return nil, adalid.Errorf(adalid.Invalid, "hackernews: setting \"days\" has to be from 1 to 10000")
	}
	for field, address := range map[string]string{"server": in.Server, "item_server": in.ItemServer} {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, adalid.Errorf(adalid.Invalid, "hackernews: setting %q: %q is no address of a server; write %s", field, address, defaultSearch)
		}
	}
	return &collector{
		search: strings.TrimRight(in.Server, "/"), items: strings.TrimRight(in.ItemServer, "/"),
		days: in.Days, http: setup.HTTP, now: setup.Now,
	}, nil
}
