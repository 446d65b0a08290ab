// Package lemmy collects posts and comments from Lemmy servers by searching
// their texts, and answers to the brand's own account where a token is given.
package lemmy

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "lemmy"

const defaultServer = "https://lemmy.world"

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "lemmy",
		Platform: platform,
		Title:    collectors.Label{"en": "Lemmy", "es": "Lemmy"},
		About: collectors.Label{
			"en": "Public posts and comments that name the brand, found by the search of any Lemmy server, free and without keys. With an access token also answers to your account.",
			"es": "Publicaciones y comentarios públicos que nombran la marca, encontrados con el buscador de cualquier servidor Lemmy, gratis y sin claves. Con un token de acceso, también las respuestas a tu cuenta.",
		},
		KeysAt: "https://join-lemmy.org/docs/contributors/04-api.html",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Replies, collectors.Check, collectors.Probe, collectors.Keyless},
		Limits: collectors.Limits{Rates: []collectors.Rate{
			{Path: "/api/v3/search", Requests: 60, Per: 10 * time.Minute},
			{Requests: 180, Per: time.Minute},
		}},
		New: newCollector,
	}
}

func fields() []collectors.Field {
	return []collectors.Field{
		{
			Key: "servers", Kind: collectors.ListField, Default: defaultServer,
			Title: collectors.Label{"en": "Servers", "es": "Servidores"},
			Help: collectors.Label{
				"en": "Addresses of the servers to search; each one knows the communities that somebody there follows. The same post seen on two servers counts once.",
				"es": "Direcciones de los servidores en los que se busca; cada uno conoce las comunidades que alguien sigue allí. La misma publicación vista en dos servidores cuenta una vez.",
			},
		},
		{
			Key: "token", Kind: collectors.TextField, Secret: true,
			Title: collectors.Label{"en": "Access token (JWT)", "es": "Token de acceso (JWT)"},
			Help: collectors.Label{
				"en": "Of the brand's account, as its login returns it; needed for answers to that account and for private servers.",
				"es": "De la cuenta de la marca, tal como lo devuelve su inicio de sesión; necesario para las respuestas a esa cuenta y para servidores privados.",
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
		return nil, adalid.Errorf(adalid.Invalid, "lemmy: setting \"days\" has to be from 1 to 3650")
	}
	servers, err := in.servers()
	if err != nil {
		return nil, err
	}
	return &collector{servers: servers, days: in.Days, http: setup.HTTP, now: setup.Now}, nil
}

// servers gives every server once; at most one of them has the token.
func (in settings) servers() (list []server, err error) {
	home := 0
	add := func(field, address string) error {
		base, ok := baseOf(address)
		if !ok {
			return adalid.Errorf(adalid.Invalid, "lemmy: setting %q: %q is no address of a server; write %s", field, address, defaultServer)
		}
		home = slices.IndexFunc(list, func(s server) bool { return s.host() == base.Host })
		if home < 0 {
			home, list = len(list), append(list, server{base: base})
		}
		return nil
	}
	for _, address := range in.Servers {
		if err := add("servers", address); err != nil {
			return nil, err
		}
	}
	if in.TokenServer != "" {
		if err := add("token_server", in.TokenServer); err != nil {
			return nil, err
		}
	}
	switch {
	case len(list) == 0:
		return nil, adalid.Errorf(adalid.Invalid, "lemmy: setting \"servers\" names no server")
	case in.Token == "":
	case strings.ContainsFunc(in.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, adalid.Errorf(adalid.Invalid, "lemmy: setting \"token\" holds characters that no token has")
	case in.TokenServer == "" && len(list) > 1:
		return nil, adalid.Errorf(adalid.Invalid, "lemmy: setting \"token_server\" is missing: say which of the servers issued the token")
	default:
		list[home].token = in.Token
	}
	return list, nil
}

// baseOf reads a server's address, with or without its scheme.
func baseOf(address string) (url.URL, bool) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.ContainsAny(u.Host, " @") {
		return url.URL{}, false
	}
	plain := strings.Trim(u.Path, "/") == "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	return url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, plain
}
