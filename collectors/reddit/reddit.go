// Package reddit reads posts and comments from Reddit by its Data API: what its
// search finds, whole subreddits, and answers to the brand's own posts.
package reddit

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "reddit"

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "reddit",
		Platform: platform,
		Title:    collectors.Label{"en": "Reddit", "es": "Reddit"},
		About: collectors.Label{
			"en": "Posts on Reddit with the brand's words, and all posts and comments of the subreddits you name. Reddit gives no keys by itself: it has to approve your use first, and commercial use needs a contract with it.",
			"es": "Publicaciones de Reddit con las palabras de la marca y todo lo publicado en los subreddits que indiques. Reddit no da claves sin más: antes tiene que aprobar tu uso, y el uso comercial exige un contrato con Reddit.",
		},
		KeysAt: "https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Replies, collectors.Check, collectors.Probe},
		Limits: limits(),
		New:    newCollector,
	}
}

// The public addresses.
const (
	publicServer = "https://oauth.reddit.com"
	publicLogin  = "https://www.reddit.com"
)

func fields() []collectors.Field {
	label := func(en, es string) collectors.Label { return collectors.Label{"en": en, "es": es} }
	return []collectors.Field{
		{
			Key: "client_id", Kind: collectors.TextField, Required: true, Title: label("Client id", "Identificador de cliente"),
			Help: label("Of the app that Reddit has approved.", "De la aplicación que Reddit ha aprobado."),
		},
		{
			Key: "client_secret", Kind: collectors.TextField, Required: true, Secret: true, Title: label("Client secret", "Secreto de cliente"),
			Help: label("Of the same app.", "De la misma aplicación."),
		},
		{
			Key: "user_agent", Kind: collectors.TextField, Required: true, Title: label("User agent", "Agente de usuario"),
			Help: label("As Reddit wants it, such as server:example.acme.listening:v1 (by /u/acme).", "Como lo pide Reddit, por ejemplo server:example.acme.escucha:v1 (by /u/acme)."),
		},
		{
			Key: "subreddits", Kind: collectors.ListField, Title: label("Subreddits to read whole", "Subreddits que se leen enteros"),
			Help: label("Their posts and comments; only there can comments be found.", "Sus publicaciones y comentarios; solo ahí se encuentran comentarios."),
		},
		{
			Key: "everywhere", Kind: collectors.BoolField, Default: "true", Title: label("Search all of Reddit", "Buscar en todo Reddit"),
			Help: label("Otherwise only the subreddits above are searched.", "Si no, solo se busca en los subreddits indicados."),
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "30", Title: label("Days of the first scan", "Días de la primera búsqueda"),
			Help: label("Reddit shows about 1,000 items of any list, however far back they reach.", "Reddit muestra unos 1.000 elementos de cada lista, lleguen hasta donde lleguen."),
		},
		{
			Key: "server", Kind: collectors.URLField, Default: publicServer, Title: label("Server", "Servidor"),
			Help: label("Another address only for tests.", "Otra dirección solo para pruebas."),
		},
		{
			Key: "login_server", Kind: collectors.URLField, Default: publicLogin, Title: label("Server that gives tokens", "Servidor que da los tokens"),
			Help: label("Another address only for tests.", "Otra dirección solo para pruebas."),
		},
	}
}

func limits() collectors.Limits {
	return collectors.Limits{
		Rates:     []collectors.Rate{{Requests: 100, Per: time.Minute}},
		Remaining: "X-Ratelimit-Remaining",
		Resets:    []collectors.ResetHeader{{Name: "X-Ratelimit-Reset", Form: collectors.SecondsLeft}},
	}
}

type settings struct {
	ClientID   string   `json:"client_id"`
	Secret     string   `json:"client_secret"`
	Agent      string   `json:"user_agent"`
	Subreddits []string `json:"subreddits"`
	Everywhere bool     `json:"everywhere"`
	Days       int64    `json:"days"`
	Server     string   `json:"server"`
	Login      string   `json:"login_server"`
}

var (
	agentForm = regexp.MustCompile(`^[^\s:]+:[^\s:]+:[^\s:]+ \(by /?u/[A-Za-z0-9_-]{3,20}\)$`)
	subreddit = regexp.MustCompile(`^[a-z0-9_]{2,21}$`)
	user      = regexp.MustCompile(`^[A-Za-z0-9_-]{3,20}$`)
	fullname  = regexp.MustCompile(`^t[13]_[0-9a-z]{1,13}$`)
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
	s.ClientID, s.Secret, s.Agent = strings.TrimSpace(s.ClientID), strings.TrimSpace(s.Secret), strings.TrimSpace(s.Agent)
	invalid := func(key, what string) error {
		return adalid.Errorf(adalid.Invalid, "reddit: setting %q %s", key, what)
	}
	for i, name := range s.Subreddits {
		name = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(name), "/"), "r/"), "/"))
		if s.Subreddits[i] = name; !subreddit.MatchString(name) {
			return invalid("subreddits", "holds a name that no subreddit has")
		}
	}
	slices.Sort(s.Subreddits)
	s.Subreddits = slices.Compact(s.Subreddits)
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	switch {
	case strings.ContainsFunc(s.ClientID, odd):
		return invalid("client_id", "holds characters that no client id has")
	case strings.ContainsFunc(s.Secret, odd):
		return invalid("client_secret", "holds characters that no secret has")
	case !agentForm.MatchString(s.Agent):
		return invalid("user_agent", "has to look like server:example.acme.listening:v1 (by /u/acme): Reddit blocks others")
	case s.Days < 1 || s.Days > 3650:
		return invalid("days", "has to be from 1 to 3650")
	case !s.Everywhere && len(s.Subreddits) == 0:
		return invalid("subreddits", "is empty, and all of Reddit is not to be searched: there is nothing to read")
	}
	for key, address := range map[string]*string{"server": &s.Server, "login_server": &s.Login} {
		*address = strings.TrimSuffix(strings.TrimSpace(*address), "/")
		if u, err := url.Parse(*address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return invalid(key, "is no web address")
		}
	}
	return nil
}

// collector reads the Data API with a token of the app itself.
type collector struct {
	settings
	http collectors.Doer
	now  func() time.Time

	mu    sync.Mutex
	token string
	until time.Time // when the token ends
}
