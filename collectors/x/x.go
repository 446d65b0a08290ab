// Package x reads posts from X: its search and the mentions of the brand's own
// accounts, by API v2 or an interface compatible with v1.1.
package x

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "x",
		Platform: adalid.X,
		Title:    collectors.Label{"en": "X", "es": "X"},
		About: collectors.Label{
			"en": "Posts on X that hold the brand's words, and what is said to its own accounts. X charges for every post that is read; prepaid credits are needed.",
			"es": "Publicaciones de X con las palabras de la marca y lo que se dice a sus propias cuentas. X cobra cada publicación leída; hace falta saldo prepagado.",
		},
		KeysAt: "https://console.x.com",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Replies, collectors.Check, collectors.Hydrate, collectors.Probe},
		Costs: []collectors.Cost{
			{Unit: postRead, Micros: 5000, PerPost: true, Title: collectors.Label{"en": "post read", "es": "publicación leída"}},
			{Unit: ownedRead, Micros: 1000, Title: collectors.Label{"en": "mention of your own account read", "es": "mención de tu propia cuenta leída"}},
			{Unit: userRead, Micros: 10000, PerPost: true, Title: collectors.Label{"en": "profile read", "es": "perfil leído"}},
			{Unit: countsRead, Micros: 5000, Title: collectors.Label{"en": "count asked for", "es": "recuento pedido"}},
		},
		Limits: limits(),
		New:    newCollector,
	}
}

// The units that X charges.
const (
	postRead   = "post_read"
	ownedRead  = "owned_read"
	userRead   = "user_read"
	countsRead = "counts_read"
)

// The choices of the settings.
const (
	apiV2, apiV1              = "v2", "v1.1"
	posts, tweets             = "posts", "tweets"
	hydrate, expand           = "hydrate", "expand"
	publicServer              = "https://api.x.com"
	recentDays                = 7
	maxQuery, maxQueryArchive = 512, 1024
	maxQueryV1                = 500
)

func fields() []collectors.Field {
	label := func(en, es string) collectors.Label { return collectors.Label{"en": en, "es": es} }
	return []collectors.Field{
		{
			Key: "token", Kind: collectors.TextField, Required: true, Secret: true, Title: label("Bearer token", "Token Bearer"),
			Help: label("From the keys of your app in the developer console.", "De las claves de tu aplicación en la consola para desarrolladores."),
		},
		{
			Key: "account", Kind: collectors.TextField, Title: label("Account that owns the app", "Cuenta dueña de la aplicación"),
			Help: label("Its @name or number, if it is one of the brand's own: reading its mentions costs a fifth.", "Su @nombre o su número, si es una de las propias de la marca: leer sus menciones cuesta la quinta parte."),
		},
		{
			Key: "authors", Kind: collectors.ChoiceField, Default: hydrate, Options: []string{hydrate, expand}, Title: label("Profiles of authors", "Perfiles de los autores"),
			Help: label("hydrate reads each profile once, later; expand reads them with every page.", "hydrate lee cada perfil una vez, más tarde; expand los lee con cada página."),
		},
		{
			Key: "languages", Kind: collectors.ListField, Title: label("Only these languages", "Solo estos idiomas"),
			Help: label("Codes such as es or en; empty reads all.", "Códigos como es o en; vacío lee todos."),
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "7", Title: label("Days of the first scan", "Días de la primera búsqueda"),
			Help: label("Without the full archive, X searches 7 days back.", "Sin el archivo completo, X busca 7 días atrás."),
		},
		{
			Key: "archive", Kind: collectors.BoolField, Title: label("Search the full archive", "Buscar en el archivo completo"),
			Help: label("Finds older posts; your access has to include it.", "Encuentra publicaciones más antiguas; tu acceso tiene que incluirlo."),
		},
		{
			Key: "compliance", Kind: collectors.BoolField, Title: label("Batch compliance", "Cumplimiento por lotes"),
			Help: label("Stored posts are looked up again by compliance jobs instead of paid reads; your access has to include them.", "Las publicaciones guardadas se vuelven a consultar con trabajos de cumplimiento en vez de lecturas de pago; tu acceso tiene que incluirlos."),
		},
		{
			Key: "dialect", Kind: collectors.ChoiceField, Default: posts, Options: []string{posts, tweets}, Title: label("Names of fields", "Nombres de los campos"),
			Help: label("posts since August 2026 (contract 2.167); tweets for access that still knows the older names (2.162).", "posts desde agosto de 2026 (contrato 2.167); tweets si tu acceso aún usa los nombres anteriores (2.162)."),
		},
		{
			Key: "api", Kind: collectors.ChoiceField, Default: apiV2, Options: []string{apiV2, apiV1}, Title: label("Version of the API", "Versión de la API"),
			Help: label("v1.1 is for compatible servers of others: name one.", "v1.1 es para servidores compatibles de terceros: indica uno."),
		},
		{
			Key: "server", Kind: collectors.URLField, Title: label("Server", "Servidor"),
			Help: label("Empty: X itself, "+publicServer+".", "Vacío: X mismo, "+publicServer+"."),
		},
	}
}

// quarter is the window of X's rate limits.
const quarter = 15 * time.Minute

func limits() collectors.Limits {
	return collectors.Limits{
		Rates: []collectors.Rate{
			{Path: "/2/tweets/search/recent", Requests: 450, Per: quarter},
			{Path: "/2/tweets/search/all", Requests: 1, Per: time.Second},
			{Path: "/2/tweets/search/all", Requests: 300, Per: quarter},
			{Path: "/2/tweets/counts/", Requests: 300, Per: quarter},
			{Path: "/2/users", Requests: 300, Per: quarter},
			{Path: "/2/compliance/jobs", Requests: 150, Per: quarter},
			{Path: "/2/usage", Requests: 50, Per: quarter},
			{Path: "/1.1/", Requests: 180, Per: quarter},
		},
		Remaining: "x-rate-limit-remaining",
		Resets:    []collectors.ResetHeader{{Name: "x-rate-limit-reset", Form: collectors.Epoch}},
		QuotaSays: []string{"usage-capped", "UsageCapExceeded"},
	}
}

type settings struct {
	Token     string   `json:"token"`
	Account   string   `json:"account"`
	Authors   string   `json:"authors"`
	Languages []string `json:"languages"`
	Days      int64    `json:"days"`
	Archive   bool     `json:"archive"`

	Compliance bool `json:"compliance"`

	Dialect string `json:"dialect"`
	API     string `json:"api"`
	Server  string `json:"server"`
}

var (
	language = regexp.MustCompile(`^[a-z]{2,3}(-[a-z]{2,4})?$`)
	handleOK = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)
	number   = regexp.MustCompile(`^[0-9]{1,19}$`)
)

func newCollector(s collectors.Setup) (collectors.Collector, error) {
	var set settings
	if err := s.Decode(&set); err != nil {
		return nil, err
	}
	if err := set.check(); err != nil {
		return nil, err
	}
	b := base{settings: set, http: s.HTTP, now: s.Now, meter: s.Meter}
	if set.API == apiV1 {
		return &legacy{b}, nil
	}
	return &collector{b}, nil
}

func (s *settings) check() error {
	s.Token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s.Token), "Bearer "))
	s.Account = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s.Account), "@"))
	s.Server = strings.TrimSuffix(strings.TrimSpace(s.Server), "/")
	if s.API == apiV1 && s.Server == "" {
		return adalid.Errorf(adalid.Invalid, "x: setting \"server\" is missing: X itself no longer offers v1.1")
	}
	if s.Server == "" {
		s.Server = publicServer
	}
	for i, l := range s.Languages {
		s.Languages[i] = strings.ToLower(strings.TrimSpace(l))
		if !language.MatchString(s.Languages[i]) {
			return adalid.Errorf(adalid.Invalid, "x: setting \"languages\" holds %q, which is no language code", l)
		}
	}
	u, err := url.Parse(s.Server)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return adalid.Errorf(adalid.Invalid, "x: setting \"server\" is no web address")
	case strings.ContainsFunc(s.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return adalid.Errorf(adalid.Invalid, "x: setting \"token\" holds characters that no token has")
	case s.Account != "" && !handleOK.MatchString(s.Account) && !number.MatchString(s.Account):
		return adalid.Errorf(adalid.Invalid, "x: setting \"account\" is neither an @name nor a number")
	case s.Days < 1 || s.Days > 20*365:
		return adalid.Errorf(adalid.Invalid, "x: setting \"days\" has to be from 1 to 7300")
	}
	return nil
}

// base is what both versions of the API share.
type base struct {
	settings
	http  collectors.Doer
	now   func() time.Time
	meter collectors.Meter
}

// collector reads API v2.
type collector struct{ base }

// legacy reads interfaces that are compatible with API v1.1.
type legacy struct{ base }
