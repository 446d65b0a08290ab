// Package bluesky finds mentions on Bluesky and other networks of the AT
// Protocol: by search, among the answers to the brand's own account, and on
// Jetstream as they are posted.
package bluesky

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
)

const platform adalid.Platform = "bluesky"

// Paths of the sessions, whose rates are their own.
const createPath = "/xrpc/com.atproto.server.createSession"

// Definition describes the source.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name: "bluesky", Platform: platform,
		Title: collectors.Label{"en": "Bluesky", "es": "Bluesky"},
		About: collectors.Label{
			"en": "Public posts on Bluesky. Free; an app password opens the search, without one only what is posted from now on is read.",
			"es": "Publicaciones públicas de Bluesky. Gratis; una contraseña de aplicación abre la búsqueda, sin ella solo se lee lo que se publique desde ahora.",
		},
		KeysAt: "https://bsky.app/settings/app-passwords",
		Fields: fields(),
		Can: []collectors.Capability{
			collectors.Search, collectors.Replies, collectors.Stream, collectors.Check,
			collectors.Hydrate, collectors.Probe, collectors.Keyless,
		},
		Limits: collectors.Limits{
			Rates: []collectors.Rate{
				{Requests: 3000, Per: 5 * time.Minute},
				{Path: createPath, Requests: 30, Per: 5 * time.Minute},
				{Path: createPath, Requests: 100, Per: 24 * time.Hour},
			},
			Remaining: "RateLimit-Remaining",
			Resets:    []collectors.ResetHeader{{Name: "RateLimit-Reset", Form: collectors.Epoch}},
		},
		New: open,
	}
}

func fields() []collectors.Field {
	return []collectors.Field{
		{
			Key: "handle", Kind: collectors.TextField,
			Title: collectors.Label{"en": "Handle", "es": "Usuario"},
			Help: collectors.Label{
				"en": "Of the account that searches, such as brand.bsky.social; with the brand's own account its replies and quotes are found too.",
				"es": "De la cuenta que busca, por ejemplo marca.bsky.social; con la cuenta de la propia marca se encuentran también sus respuestas y citas.",
			},
		},
		{
			Key: "app_password", Kind: collectors.TextField, Secret: true,
			Title: collectors.Label{"en": "App password", "es": "Contraseña de aplicación"},
			Help: collectors.Label{
				"en": "Made under Settings, Privacy and security, App passwords; never the account's own password.",
				"es": "Se crea en Ajustes, Privacidad y seguridad, Contraseñas de aplicación; nunca la contraseña de la cuenta.",
			},
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "30",
			Title: collectors.Label{"en": "Days of the first scan", "es": "Días de la primera búsqueda"},
			Help:  collectors.Label{"en": "How far back the first search reaches.", "es": "Hasta cuándo se remonta la primera búsqueda."},
		},
		{
			Key: "replay_hours", Kind: collectors.NumberField, Default: "1",
			Title: collectors.Label{"en": "Hours of the first replay", "es": "Horas de la primera repetición"},
			Help: collectors.Label{
				"en": "Without an app password: how much of what was already posted is read at first; one hour of the whole network can be 200 MB.",
				"es": "Sin contraseña de aplicación: cuánto de lo ya publicado se lee al principio; una hora de toda la red puede ocupar 200 MB.",
			},
		},
		{
			Key: "case_variants", Kind: collectors.BoolField, Default: "false",
			Title: collectors.Label{"en": "Search minds upper case", "es": "La búsqueda distingue mayúsculas"},
			Help: collectors.Label{
				"en": "For servers of your own whose search does: asks for acme, Acme and ACME.",
				"es": "Para servidores propios cuya búsqueda lo hace: pregunta por acme, Acme y ACME.",
			},
		},
		{
			Key: "server", Kind: collectors.URLField, Default: "https://bsky.social",
			Title: collectors.Label{"en": "Account's server", "es": "Servidor de la cuenta"},
			Help:  collectors.Label{"en": "Where the account lives; Bluesky's own unless it moved.", "es": "Donde vive la cuenta; el de Bluesky salvo que se haya mudado."},
		},
		{
			Key: "appview", Kind: collectors.URLField, Default: "https://public.api.bsky.app",
			Title: collectors.Label{"en": "Public server", "es": "Servidor público"},
			Help:  collectors.Label{"en": "Tells of accounts and of deleted posts without signing in.", "es": "Informa de cuentas y de publicaciones borradas sin iniciar sesión."},
		},
		{
			Key: "jetstream", Kind: collectors.URLField, Default: "https://jetstream2.us-east.bsky.network",
			Title: collectors.Label{"en": "Jetstream server", "es": "Servidor de Jetstream"},
			Help:  collectors.Label{"en": "Sends posts as they appear.", "es": "Envía las publicaciones según aparecen."},
		},
	}
}

type settings struct {
	Handle       string `json:"handle"`
	AppPassword  string `json:"app_password"`
	Days         int64  `json:"days"`
	ReplayHours  int64  `json:"replay_hours"`
	CaseVariants bool   `json:"case_variants"`
	Server       string `json:"server"`
	AppView      string `json:"appview"`
	Jetstream    string `json:"jetstream"`
}

// collector reads one network. Its methods may be called side by side.
type collector struct {
	set  settings
	http collectors.Doer
	now  func() time.Time
	pace pace

	mu      sync.Mutex // guards session
	session *session
}

func open(s collectors.Setup) (collectors.Collector, error) {
	c := &collector{http: s.HTTP, now: s.Now, pace: usual}
	if err := s.Decode(&c.set); err != nil {
		return nil, err
	}
	c.set.Handle = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(c.set.Handle), "@"))
	switch {
	case (c.set.Handle == "") != (c.set.AppPassword == ""):
		return nil, adalid.Errorf(adalid.Invalid, "bluesky: settings \"handle\" and \"app_password\" go together: fill in both, or none to read Jetstream alone")
	case c.set.Days < 1 || c.set.Days > 3650:
		return nil, adalid.Errorf(adalid.Invalid, "bluesky: setting \"days\" has to be from 1 to 3650")
	case c.set.ReplayHours < 0 || c.set.ReplayHours > 72:
		return nil, adalid.Errorf(adalid.Invalid, "bluesky: setting \"replay_hours\" has to be from 0 to 72")
	}
	for key, address := range map[string]*string{"server": &c.set.Server, "appview": &c.set.AppView, "jetstream": &c.set.Jetstream} {
		if *address = origin(*address); *address == "" {
			return nil, adalid.Errorf(adalid.Invalid, "bluesky: setting %q has to be an address such as https://bsky.social", key)
		}
	}
	return c, nil
}

// origin gives scheme and host of an address, "" when it has none. Web sockets
// are asked for by HTTP.
func origin(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	switch u.Scheme {
	case "ws":
		u.Scheme = "http"
	case "wss":
		u.Scheme = "https"
	case "http", "https":
	default:
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// keyless says that there are no credentials: Jetstream alone is read.
func (c *collector) keyless() bool { return c.set.Handle == "" }

// get asks a public method without signing in.
func (c *collector) get(r *http.Request, into any) error {
	answer, err := c.http.Do(r)
	if err != nil {
		return explained(err)
	}
	return collectors.JSON(answer, into)
}
