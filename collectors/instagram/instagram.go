// Package instagram reads what is said to the brand's own professional account
// on Instagram: posts that tag it, and comments on its posts.
package instagram

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "instagram"

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "instagram",
		Platform: platform,
		Title:    collectors.Label{"en": "Instagram (own account)", "es": "Instagram (cuenta propia)"},
		About: collectors.Label{
			"en": "Posts that tag the brand's own professional account, and comments on its posts. Free; needs an app at Meta and a token that ends after 60 days. Instagram cannot be searched.",
			"es": "Publicaciones que etiquetan la cuenta profesional propia de la marca y comentarios en las suyas. Gratis; hacen falta una aplicación en Meta y un token que caduca a los 60 días. En Instagram no se puede buscar.",
		},
		KeysAt: "https://developers.facebook.com/apps",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Replies, collectors.Hydrate, collectors.Probe},
		Limits: limits(),
		New:    newCollector,
	}
}

// The ways to log in, which decide the server, and the version of its interface.
const (
	viaFacebook, viaInstagram = "facebook", "instagram"
	newest                    = "v25.0"
)

var servers = map[string]string{viaFacebook: "https://graph.facebook.com", viaInstagram: "https://graph.instagram.com"}

func fields() []collectors.Field {
	label := func(en, es string) collectors.Label { return collectors.Label{"en": en, "es": es} }
	return []collectors.Field{
		{
			Key: "token", Kind: collectors.TextField, Required: true, Secret: true, Title: label("Access token", "Token de acceso"),
			Help: label("A long-lived one; it ends after 60 days and has to be renewed before.", "De larga duración; caduca a los 60 días y hay que renovarlo antes."),
		},
		{
			Key: "account", Kind: collectors.TextField, Required: true, Title: label("Number of the account", "Número de la cuenta"),
			Help: label("The Instagram user id of the brand's professional account, such as 17841400000000000.", "El id de usuario de Instagram de la cuenta profesional, por ejemplo 17841400000000000."),
		},
		{
			Key: "login", Kind: collectors.ChoiceField, Default: viaFacebook, Options: []string{viaFacebook, viaInstagram}, Title: label("Where the token comes from", "De dónde viene el token"),
			Help: label("facebook: Facebook Login and a Page; instagram: Instagram Login.", "facebook: inicio de sesión con Facebook y una página; instagram: inicio de sesión con Instagram."),
		},
		{
			Key: "followers", Kind: collectors.BoolField, Title: label("Look up followers", "Consultar seguidores"),
			Help: label("Of professional accounts only, one request each; needs login by facebook.", "Solo de cuentas profesionales, una consulta por cuenta; requiere el inicio de sesión con facebook."),
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "30", Title: label("Days of the first scan", "Días de la primera búsqueda"),
			Help: label("How far back posts that tag the account are read at first.", "Hasta cuándo se leen la primera vez las publicaciones que etiquetan la cuenta."),
		},
		{
			Key: "posts", Kind: collectors.NumberField, Default: "100", Title: label("Own posts whose comments are followed", "Publicaciones propias cuyos comentarios se siguen"),
			Help: label("The newest ones.", "Las más recientes."),
		},
		{
			Key: "comment_pages", Kind: collectors.NumberField, Default: "20", Title: label("Pages of comments per post and scan", "Páginas de comentarios por publicación y búsqueda"),
			Help: label("50 comments a page, the newest first.", "50 comentarios por página, primero los más recientes."),
		},
		{
			Key: "version", Kind: collectors.TextField, Default: newest, Title: label("Version of the API", "Versión de la API"),
			Help: label("Meta ends each after about two years.", "Meta retira cada una al cabo de unos dos años."),
		},
		{
			Key: "server", Kind: collectors.URLField, Title: label("Server", "Servidor"),
			Help: label("Empty: the one that goes with the login. Another address only for tests.", "Vacío: el que corresponde al inicio de sesión. Otra dirección solo para pruebas."),
		},
	}
}

func limits() collectors.Limits {
	return collectors.Limits{Rates: []collectors.Rate{{Requests: 200, Per: time.Hour}}}
}

type settings struct {
	Token        string `json:"token"`
	Account      string `json:"account"`
	Login        string `json:"login"`
	Followers    bool   `json:"followers"`
	Days         int64  `json:"days"`
	Posts        int64  `json:"posts"`
	CommentPages int64  `json:"comment_pages"`
	Version      string `json:"version"`
	Server       string `json:"server"`
}

var (
	number   = regexp.MustCompile(`^[0-9]{1,25}$`)
	name     = regexp.MustCompile(`^[A-Za-z0-9_.]{1,30}$`)
	versions = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)
)

func newCollector(s collectors.Setup) (collectors.Collector, error) {
	var set settings
	if err := s.Decode(&set); err != nil {
		return nil, err
	}
	if err := set.check(); err != nil {
		return nil, err
	}
	return &collector{settings: set, http: s.HTTP, now: s.Now}, nil
}

func (s *settings) check() error {
	s.Token, s.Account, s.Version = strings.TrimSpace(s.Token), strings.TrimSpace(s.Account), strings.TrimSpace(s.Version)
	if s.Server = strings.TrimSuffix(strings.TrimSpace(s.Server), "/"); s.Server == "" {
		s.Server = servers[s.Login]
	}
	invalid := func(key, what string) error {
		return adalid.Errorf(adalid.Invalid, "instagram: setting %q %s", key, what)
	}
	u, err := url.Parse(s.Server)
	switch {
	case s.Token == "" || strings.ContainsFunc(s.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return invalid("token", "holds characters that no token has")
	case !number.MatchString(s.Account):
		return invalid("account", "has to be the number of the account, not its name")
	case s.Followers && s.Login != viaFacebook:
		return invalid("followers", "needs a token that comes from facebook")
	case s.Days < 1 || s.Days > 3650:
		return invalid("days", "has to be from 1 to 3650")
	case s.Posts < 0 || s.Posts > 1000:
		return invalid("posts", "has to be from 0 to 1000")
	case s.CommentPages < 1 || s.CommentPages > 1000:
		return invalid("comment_pages", "has to be from 1 to 1000")
	case !versions.MatchString(s.Version):
		return invalid("version", "has to look like "+newest)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return invalid("server", "is no web address")
	}
	return nil
}

// collector reads the Graph API.
type collector struct {
	settings
	http collectors.Doer
	now  func() time.Time

	mu   sync.Mutex
	busy time.Time // until when Meta has said that nothing more is allowed
}
