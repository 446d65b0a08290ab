// Package mastodon collects posts from Mastodon-compatible servers: hashtag
// timelines, mentions of the brand's own account and, where offered, search.
package mastodon

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "mastodon"

const defaultServer = "https://mastodon.social"

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "mastodon",
		Platform: platform,
		Title:    collectors.Label{"en": "Mastodon", "es": "Mastodon"},
		About: collectors.Label{
			"en": "Public posts under the brand's hashtags on any Mastodon-compatible server, free and without keys where the server allows it. With an access token also mentions of your account and full-text search.",
			"es": "Publicaciones públicas con las etiquetas de la marca en cualquier servidor compatible con Mastodon, gratis y sin claves donde el servidor lo permite. Con un token de acceso, también las menciones a tu cuenta y la búsqueda de texto.",
		},
		KeysAt: defaultServer + "/settings/applications",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Replies, collectors.Check, collectors.Probe, collectors.Keyless},
		Limits: collectors.Limits{
			Rates:     []collectors.Rate{{Requests: 300, Per: 5 * time.Minute}},
			Remaining: "X-RateLimit-Remaining",
			Resets:    []collectors.ResetHeader{{Name: "X-RateLimit-Reset", Form: collectors.ISO8601}},
		},
		New: newCollector,
	}
}

func fields() []collectors.Field {
	return []collectors.Field{
		{
			Key: "servers", Kind: collectors.ListField, Default: defaultServer,
			Title: collectors.Label{"en": "Servers", "es": "Servidores"},
			Help: collectors.Label{
				"en": "Addresses of the servers to read; each one knows other posts. The same post seen on two servers counts once.",
				"es": "Direcciones de los servidores que se leen; cada uno conoce otras publicaciones. La misma publicación vista en dos servidores cuenta una vez.",
			},
		},
		{
			Key: "token", Kind: collectors.TextField, Secret: true,
			Title: collectors.Label{"en": "Access token", "es": "Token de acceso"},
			Help: collectors.Label{
				"en": "Of the brand's account; scopes read:statuses, read:notifications, read:search and read:accounts. Without it only hashtags are read.",
				"es": "De la cuenta de la marca; permisos read:statuses, read:notifications, read:search y read:accounts. Sin él solo se leen etiquetas.",
			},
		},
		{
			Key: "token_server", Kind: collectors.URLField,
			Title: collectors.Label{"en": "Server of the token", "es": "Servidor del token"},
			Help: collectors.Label{
				"en": "The server that issued the token, needed where several servers are read: the token is sent to no other.",
				"es": "El servidor que emitió el token, necesario si se leen varios: el token no se envía a ningún otro.",
			},
		},
		{
			Key: "search", Kind: collectors.BoolField, Default: "true",
			Title: collectors.Label{"en": "Search texts", "es": "Buscar en los textos"},
			Help: collectors.Label{
				"en": "With a token: also search the texts of people who agreed to be found. Servers without a search engine find nothing.",
				"es": "Con token: buscar también en los textos de quienes aceptaron que se les encuentre. Los servidores sin buscador no encuentran nada.",
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
	Servers     []string `json:"servers"`
	Token       string   `json:"token"`
	TokenServer string   `json:"token_server"`
	Search      bool     `json:"search"`
	Days        int      `json:"days"`
}

// server is one server and the token that it may be shown, "" for none.
type server struct {
	base  url.URL
	token string
}

func (s server) host() string { return s.base.Host }

type collector struct {
	servers []server
	search  bool
	days    int
	http    collectors.Doer
	now     func() time.Time
}

func newCollector(setup collectors.Setup) (collectors.Collector, error) {
	var in settings
	if err := setup.Decode(&in); err != nil {
		return nil, err
	}
	if in.Days < 1 || in.Days > 3650 {
		return nil, adalid.Errorf(adalid.Invalid, "mastodon: setting \"days\" has to be from 1 to 3650")
	}
	servers, err := in.servers()
	if err != nil {
		return nil, err
	}
	return &collector{servers: servers, search: in.Search, days: in.Days, http: setup.HTTP, now: setup.Now}, nil
}

// servers gives every server once; one of them has the token.
func (in settings) servers() (servers []server, err error) {
	add := func(field, address string) (int, error) {
		base, err := baseOf(address)
		if err != nil {
			return 0, adalid.Errorf(adalid.Invalid, "mastodon: setting %q: %q is no address of a server; write https://mastodon.social", field, address)
		}
		if i := slices.IndexFunc(servers, func(s server) bool { return s.host() == base.Host }); i >= 0 {
			if base.Scheme == "https" {
				servers[i].base = base
			}
			return i, nil
		}
		servers = append(servers, server{base: base})
		return len(servers) - 1, nil
	}
	for _, address := range in.Servers {
		if _, err := add("servers", address); err != nil {
			return nil, err
		}
	}
	home := 0
	if in.TokenServer != "" {
		if home, err = add("token_server", in.TokenServer); err != nil {
			return nil, err
		}
	}
	switch {
	case len(servers) == 0:
		return nil, adalid.Errorf(adalid.Invalid, "mastodon: setting \"servers\" names no server")
	case in.Token == "":
	case strings.ContainsFunc(in.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, adalid.Errorf(adalid.Invalid, "mastodon: setting \"token\" holds characters that no token has")
	case in.TokenServer == "" && len(servers) > 1:
		return nil, adalid.Errorf(adalid.Invalid, "mastodon: setting \"token_server\" is missing: say which of the servers issued the token")
	default:
		servers[home].token = in.Token
	}
	return servers, nil
}

// baseOf reads a server's address, with or without its scheme.
func baseOf(address string) (url.URL, error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return url.URL{}, err
	}
	plain := strings.Trim(u.Path, "/") == "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.ContainsAny(u.Host, " @") || !plain {
		return url.URL{}, adalid.Errorf(adalid.Invalid, "no address of a server")
	}
	return url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}
