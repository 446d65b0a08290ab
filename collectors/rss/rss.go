// Package rss collects articles and posts from RSS, Atom and JSON feeds, Google
// Alerts among them.
package rss

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const (
	platform adalid.Platform = "rss"

	maxFeeds = 200
	maxBody  = 10 << 20 // bytes of one feed
)

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "rss",
		Platform: platform,
		Title:    collectors.Label{"en": "Feeds and Google Alerts", "es": "Feeds y Google Alerts"},
		About: collectors.Label{
			"en": "Articles of blogs, news sites, forums and podcasts from their RSS, Atom or JSON feeds, and Google Alerts delivered as a feed. Free; who reads the articles stays unknown.",
			"es": "Artículos de blogs, medios, foros y podcasts a través de sus feeds RSS, Atom o JSON, y las alertas de Google entregadas como feed. Gratis; no se sabe cuánta gente los lee.",
		},
		Fields: []collectors.Field{{
			Key: "urls", Kind: collectors.ListField, Required: true,
			Title: collectors.Label{"en": "Addresses of feeds", "es": "Direcciones de los feeds"},
			Help: collectors.Label{
				"en": "One address for each feed. For Google Alerts choose \"Deliver to: RSS feed\" and copy the address behind the feed symbol.",
				"es": "Una dirección por feed. En Google Alerts elige \"Enviar a: Feed RSS\" y copia la dirección del símbolo de feed.",
			},
		}},
		Limits: collectors.Limits{MaxBody: maxBody},
		New:    newCollector,
	}
}

type settings struct {
	URLs []string `json:"urls"`
}

// source is one feed.
type source struct {
	url url.URL
	key string // short and stable; the address may be a secret
	nth int    // from 1, as in the settings
}

type collector struct {
	sources []source
	http    collectors.Doer
	now     func() time.Time
}

func newCollector(setup collectors.Setup) (collectors.Collector, error) {
	var in settings
	if err := setup.Decode(&in); err != nil {
		return nil, err
	}
	c := &collector{http: setup.HTTP, now: setup.Now}
	for i, address := range in.URLs {
		u, err := feedURL(address)
		if err != nil {
			return nil, adalid.Errorf(adalid.Invalid, "rss: setting \"urls\": entry %d is no address of a feed; write https://blog.example/feed.xml", i+1)
		}
		sum := sha256.Sum256([]byte(u.String()))
		s := source{u, hex.EncodeToString(sum[:6]), i + 1}
		if !slices.ContainsFunc(c.sources, func(o source) bool { return o.key == s.key }) {
			c.sources = append(c.sources, s)
		}
	}
	switch n := len(c.sources); {
	case n == 0:
		return nil, adalid.Errorf(adalid.Invalid, "rss: setting \"urls\" names no feed")
	case n > maxFeeds:
		return nil, adalid.Errorf(adalid.Invalid, "rss: setting \"urls\" names %d feeds; one source reads at most %d, add a second one", n, maxFeeds)
	}
	return c, nil
}

// feedURL reads an address as people paste it: without a scheme, or with feed:
// before it.
func feedURL(address string) (url.URL, error) {
	address = strings.TrimSpace(address)
	if len(address) > 5 && strings.EqualFold(address[:5], "feed:") {
		address = strings.TrimPrefix(address[5:], "//")
	}
	whole := strings.Contains(address, "://")
	if !whole {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return url.URL{}, err
	}
	word := !whole && !strings.ContainsAny(u.Host, ".:") // no machine of the web is called by one word
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " \t") || word {
		return url.URL{}, adalid.Errorf(adalid.Invalid, "no web address")
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return *u, nil
}
