package lite

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// words is everything the page says, in one language. Being a struct, a
// language cannot lack an entry without its test failing.
type words struct {
	Lang, Other, OtherName string // this language, the other one, its name in itself
	Comma, Group           string // of numbers

	Title, Lead                                        string
	Brand, Since, Until, Platform, Language, Least     string
	Preset                                             string
	PresetNames                                        map[string]string
	AnyPlatform, AnyLanguage, Critics, Show, Clear     string
	Filters, Rank, Person, Score, Mentions             string
	Followers, Engagement, LastSeen, Unknown, Imputed  string
	Components                                         [4]string
	Segments                                           map[string]string
	Caption, AsOf, NoTimes, People, TooFew             string
	Nobody, BadFilter, NoBrand, Failed                 string
	CriticsOut, OwnOut, BelowOut, ApartOut             string
	NoTimeOut, FutureOut, LaterOut                     string
	Demo, DemoHelp, Empty, EmptyHelp, ImportNote, Made string
	YourBrand                                          string
	Next, Previous, Back, Evidence, Days, Reposts      string
	Sponsored, Conversation, Weeks, Week, Posts, Link  string
	Sentiment, Counterparts, Views                     string
}

var english = words{
	Lang: "en", Other: "es", OtherName: "Español", Comma: ".", Group: ",",
	Title: "Advocates", Lead: "People who already recommend %s, ranked by how well they speak, how steadily, and how far their word travels.",
	Brand: "Brand", Since: "From", Until: "Until", Platform: "Platform", Language: "Language", Least: "Least mentions",
	Preset: "Look for",
	PresetNames: map[string]string{
		"balanced": "Balanced", "true-fans": "True fans", "far-reach": "Far reach", "connectors": "Connectors", "steady": "Steady",
	},
	AnyPlatform: "All", AnyLanguage: "All, or such as en", Critics: "Show critics too", Show: "Show", Clear: "Clear filters",
	Filters: "Filters", Rank: "Rank", Person: "Person", Score: "Score", Mentions: "Mentions",
	Followers: "Followers", Engagement: "Reactions", LastSeen: "Last mention", Unknown: "unknown", Imputed: "unknown; the median stands in",
	Components: [4]string{"Affinity", "Volume", "Reach", "Network"},
	Segments:   map[string]string{"advocate": "Advocate", "critic": "Critic", "unranked": "Not ranked"},
	Caption:    "Advocates of %s", AsOf: "As of %s UTC.", NoTimes: "No mention has a known time yet.",
	People:    "%s people with %s mentions.",
	TooFew:    "Too few to rank: a score needs at least 30 people and 100 mentions. These are the people and their evidence, without scores.",
	Nobody:    "Nobody matches these filters. Try a wider period or remove a filter.",
	BadFilter: "A filter cannot be read. Dates look like 2026-03-01, languages like en, platforms like mastodon.",
	NoBrand:   "There is no brand of that name.", Failed: "We could not load this. Check the server and try again.",
	CriticsOut: "%s critics are not shown.", OwnOut: "%s of the brand's own accounts are left out.",
	BelowOut: "%s people with fewer mentions are left out.", ApartOut: "%s YouTube people are ranked apart: choose the platform youtube.",
	NoTimeOut: "%s mentions without a known time are left out.", FutureOut: "%s mentions dated in the future are left out.",
	LaterOut:  "%s mentions newer than the last scan are left out; a date under Until includes them.",
	Demo:      "These are invented people, made to show what the list looks like.",
	DemoHelp:  "To see your own, import an export of mentions:",
	YourBrand: "My brand",
	Empty:     "No brand yet.", EmptyHelp: "Import an export of mentions and this page lists who speaks for you:",
	ImportNote: "Then load this page again. CSV, JSON and archives of X and Mastodon are recognised.",
	Made:       "How it is made: each part is raised to its weight and the four are multiplied. A weak part cannot be hidden by a strong one.",
	Next:       "Next", Previous: "Previous", Back: "Back to the list", Evidence: "Evidence", Days: "Active days", Reposts: "Reposts made",
	Sponsored: "Sponsored mentions", Conversation: "Answers to the brand", Weeks: "Mentions by week", Week: "Week of", Posts: "Posts with the most reactions", Link: "Open",
	Sentiment: "Sentiment", Counterparts: "Tied to people", Views: "Views",
}

var spanish = words{
	Lang: "es", Other: "en", OtherName: "English", Comma: ",", Group: ".",
	Title: "Embajadores potenciales", Lead: "Personas que ya recomiendan %s, ordenadas por cómo de bien hablan, con qué constancia y lo lejos que llega su voz.",
	Brand: "Marca", Since: "Desde", Until: "Hasta", Platform: "Plataforma", Language: "Idioma", Least: "Mínimo de menciones",
	Preset: "Busca",
	PresetNames: map[string]string{
		"balanced": "Equilibrio", "true-fans": "Fans de verdad", "far-reach": "Gran alcance", "connectors": "Conectores", "steady": "Constantes",
	},
	AnyPlatform: "Todas", AnyLanguage: "Todos, o por ejemplo es", Critics: "Mostrar también críticos", Show: "Mostrar", Clear: "Quitar filtros",
	Filters: "Filtros", Rank: "Puesto", Person: "Persona", Score: "Puntuación", Mentions: "Menciones",
	Followers: "Seguidores", Engagement: "Reacciones", LastSeen: "Última mención", Unknown: "desconocido", Imputed: "desconocido; se usa la mediana",
	Components: [4]string{"Afinidad", "Volumen", "Alcance", "Red"},
	Segments:   map[string]string{"advocate": "Embajadora", "critic": "Crítica", "unranked": "Sin puesto"},
	Caption:    "Embajadores potenciales de %s", AsOf: "Datos a %s UTC.", NoTimes: "Ninguna mención tiene aún fecha conocida.",
	People:    "%s personas con %s menciones.",
	TooFew:    "Muy pocas para ordenar: una puntuación necesita al menos 30 personas y 100 menciones. Estas son las personas y sus datos, sin puntuación.",
	Nobody:    "Nadie cumple estos filtros. Prueba un periodo más amplio o quita un filtro.",
	BadFilter: "No se entiende un filtro. Las fechas son como 2026-03-01, los idiomas como es, las plataformas como mastodon.",
	NoBrand:   "No hay ninguna marca con ese nombre.", Failed: "No pudimos cargarlo. Revisa el servidor y vuelve a intentarlo.",
	CriticsOut: "No se muestran %s personas críticas.", OwnOut: "Quedan fuera %s cuentas de la propia marca.",
	BelowOut: "Quedan fuera %s personas con menos menciones.", ApartOut: "%s personas de YouTube se ordenan aparte: elige la plataforma youtube.",
	NoTimeOut: "Quedan fuera %s menciones sin fecha conocida.", FutureOut: "Quedan fuera %s menciones con fecha futura.",
	LaterOut:  "Quedan fuera %s menciones posteriores al último escaneo; una fecha en Hasta las incluye.",
	Demo:      "Son personas inventadas, para enseñar cómo es la lista.",
	DemoHelp:  "Para ver las tuyas, importa una exportación de menciones:",
	YourBrand: "Mi marca",
	Empty:     "Aún no hay ninguna marca.", EmptyHelp: "Importa una exportación de menciones y esta página mostrará quién habla por ti:",
	ImportNote: "Después vuelve a cargar esta página. Se reconocen CSV, JSON y los archivos de X y Mastodon.",
	Made:       "Cómo se calcula: cada parte se eleva a su peso y las cuatro se multiplican. Una parte fuerte no tapa una débil.",
	Next:       "Siguiente", Previous: "Anterior", Back: "Volver a la lista", Evidence: "Datos", Days: "Días activos", Reposts: "Republicaciones hechas",
	Sponsored: "Menciones patrocinadas", Conversation: "Respuestas a la marca", Weeks: "Menciones por semana", Week: "Semana del", Posts: "Publicaciones con más reacciones", Link: "Abrir",
	Sentiment: "Sentimiento", Counterparts: "Personas con las que conecta", Views: "Visualizaciones",
}

// choose picks the language: what the address says, else what the browser
// prefers, else English.
func choose(lang, accept string) *words {
	switch lang {
	case "es":
		return &spanish
	case "en":
		return &english
	}
	type choice struct {
		words *words
		q     float64
	}
	var known []choice
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				q = f
			}
		}
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, w := range []*words{&english, &spanish} {
			if primary == w.Lang && q > 0 {
				known = append(known, choice{w, q})
			}
		}
	}
	if len(known) == 0 {
		return &english
	}
	slices.SortStableFunc(known, func(a, b choice) int { return cmp.Compare(b.q, a.q) })
	return known[0].words
}

// number writes n with its thousands apart.
func (w *words) number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + w.Group + s[i:]
	}
	return s
}

// decimal writes x with so many decimals.
func (w *words) decimal(x float64, decimals int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', decimals, 64), ".", w.Comma, 1)
}
