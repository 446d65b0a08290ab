package lite

import (
	"cmp"
	"fmt"
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
	Refused, Changed, TooOften, YouTubeOff             string
	OnePerson, OneMention                              plural
	CriticsOut, OwnOut, BelowOut, ApartOut, ApartOff   plural
	NoTimeOut, FutureOut, LaterOut                     plural
	AutomatedOut, RepeatersOut, CircleOut, UnfitOut    plural
	OrganisationsOut                                   plural
	Unjudged                                           plural
	Flags, Roles, Included                             map[string]string
	Perhaps, ByTeam, ShowThem, LeaveOut                string
	GapFrom, GapSince                                  string // platform, times
	Provisional                                        string
	Demo, DemoHelp, Empty, EmptyHelp, ImportNote       string
	Made, MadeMean, LeftOut, ImputedNote, Reacting     string // how scores and counts are made
	ServerPreset, OwnWeights, AllHistory, Percent      string
	YourBrand                                          string
	Next, Previous, Back, Why, Evidence, Days, Reposts string
	Sponsored, Conversation, Weeks, Week, Posts, Link  string
	Sentiment, Counterparts, Views                     string
	ByPlatform                                         string
	Account                                            accountWords
	SmallSample, SureNote, Between, Places, TopChance  string // how sure a score is; SureNote explains it
}

// plural is a text about a number: of one thing, of any other number of them.
type plural struct{ One, Many string }

// of puts n into its text.
func (w *words) of(p plural, n int64) string {
	if n == 1 {
		return fmt.Sprintf(p.One, w.number(n))
	}
	return fmt.Sprintf(p.Many, w.number(n))
}

var english = words{
	Account: englishAccount,
	Lang:    "en", Other: "es", OtherName: "Español", Comma: ".", Group: ",",
	Title: "Advocates", Lead: "People who speak about %s, ranked by how well they speak, how steadily, and how far their word travels.",
	Brand: "Brand", Since: "From", Until: "Until", Platform: "Platform", Language: "Language", Least: "Least mentions",
	Preset: "Look for",
	PresetNames: map[string]string{
		"balanced": "Balanced", "true-fans": "True fans", "far-reach": "Far reach", "connectors": "Connectors", "steady": "Steady",
	},
	AnyPlatform: "All", AnyLanguage: "All", Critics: "Show critics too", Show: "Show", Clear: "Clear filters",
	Filters: "Filters", Rank: "Rank", Person: "Person", Score: "Score", Mentions: "Mentions",
	Followers: "Followers", Engagement: "Reactions", LastSeen: "Last mention", Unknown: "unknown", Imputed: "unknown; the median stands in",
	Components: [4]string{"Affinity", "Volume", "Reach", "Network"},
	Segments:   map[string]string{"advocate": "Advocate", "critic": "Critic", "unranked": "Not ranked"},
	Caption:    "Advocates of %s", AsOf: "As of %s UTC.", NoTimes: "No mention has a known time yet.",
	People: "%s with %s.", OnePerson: plural{"%s person", "%s people"}, OneMention: plural{"%s mention", "%s mentions"},
	TooFew:    "Too few to rank: a score needs at least 30 people and 100 mentions. These are the people and their evidence, without scores.",
	Nobody:    "Nobody matches these filters. Try a wider period or remove a filter.",
	BadFilter: "A filter cannot be read. Dates look like 2026-03-01, languages like en, platforms like mastodon.",
	NoBrand:   "There is no brand of that name.", Failed: "We could not load this. Check the server and try again.",
	Refused: "This is not allowed here.", Changed: "The data changed meanwhile. Load this page again.",
	TooOften:   "That was too much at once. Wait a moment and load this page again.",
	YouTubeOff: "YouTube's people are not ranked until its derived-metrics amendment is accepted in the configuration.",
	CriticsOut: plural{"%s critic is not shown.", "%s critics are not shown."},
	OwnOut:     plural{"%s of the brand's own accounts is left out.", "%s of the brand's own accounts are left out."},
	BelowOut:   plural{"%s person with fewer mentions is left out.", "%s people with fewer mentions are left out."},
	ApartOut:   plural{"%s person on YouTube is ranked apart: choose the platform youtube.", "%s people on YouTube are ranked apart: choose the platform youtube."},
	ApartOff: plural{
		"%s person on YouTube is left out: YouTube's people are not ranked until its derived-metrics amendment is accepted in the configuration.",
		"%s people on YouTube are left out: YouTube's people are not ranked until its derived-metrics amendment is accepted in the configuration.",
	},
	AutomatedOut:     plural{"%s person is left out as likely automated.", "%s people are left out as likely automated."},
	RepeatersOut:     plural{"%s person who repeats the same is left out.", "%s people who repeat the same are left out."},
	CircleOut:        plural{"%s person of the brand's circle, or called as the brand itself, is left out.", "%s people of the brand's circle, or called as the brand itself, are left out."},
	OrganisationsOut: plural{"%s account of an organisation is left out.", "%s accounts of organisations are left out."},
	UnfitOut:         plural{"%s person is left out as not a fit.", "%s people are left out as not a fit."},
	Unjudged:         plural{"Of %s person it is not known yet how likely it is automated.", "Of %s people it is not known yet how likely they are automated."},
	Flags:            map[string]string{"automated": "Likely automated", "repeater": "Repeats the same", "organisation": "An organisation", "genuine": "Genuine", "circle": "Of the brand's circle"},
	Roles:            map[string]string{"staff": "Staff", "agency": "Agency", "reseller": "Reseller", "paid-partner": "Paid partner"},
	Included:         map[string]string{"automated": "Who is likely automated is listed too.", "repeaters": "Who repeats the same is listed too.", "circle": "The brand's circle is listed too.", "organisations": "Organisations are listed too.", "not_a_fit": "Who is not a fit is listed too."},
	Perhaps:          "Perhaps: %s", ByTeam: "the team's word", ShowThem: "Show", LeaveOut: "Leave out",
	NoTimeOut: plural{"%s mention without a known time is left out.", "%s mentions without a known time are left out."},
	FutureOut: plural{"%s mention dated in the future is left out.", "%s mentions dated in the future are left out."},
	GapFrom:   "%s was not read from %s to %s UTC; what was said there meanwhile may be missing.", GapSince: "%s has not been read since %s UTC.",
	Provisional: "Provisional: a scan is under way, more is to come.",
	LaterOut: plural{
		"%s mention newer than the last scan is left out; a date under Until includes it.",
		"%s mentions newer than the last scan are left out; a date under Until includes them.",
	},
	Demo:      "These are invented people, made to show what the list looks like.",
	DemoHelp:  "To see your own, import an export of mentions:",
	YourBrand: "My brand",
	Empty:     "No brand yet.", EmptyHelp: "Import an export of mentions and this page lists who speaks for you:",
	ImportNote:   "Then load this page again. CSV, JSON and archives of X and Mastodon are recognised.",
	Made:         "How it is made: each part is raised to its weight (%s) and the results are multiplied, so a strong part cannot hide a weak one.",
	MadeMean:     "How it is made: the parts are averaged by their weights (%s), so a strong part can make up for a weak one.",
	LeftOut:      "Where a part is —, nobody's is known there: it is left out, and the others weigh more.",
	ImputedNote:  "Unknown for this person; the median stands in.",
	Reacting:     "Reactions are likes, replies, quotes, and reposts counted twice.",
	ServerPreset: "Server's default", OwnWeights: "own weights", AllHistory: "the beginning", Percent: "%",
	Next: "Next", Previous: "Previous", Back: "Back to the list", Why: "Why", Evidence: "Evidence", Days: "Active days", Reposts: "Reposts made",
	Sponsored: "Sponsored mentions", Conversation: "Answers to the brand", Weeks: "Mentions by week", Week: "Week of", Posts: "Posts with the most reactions", Link: "Open",
	Sentiment: "Sentiment", Counterparts: "Tied to people", Views: "Views",
	ByPlatform:  "Each platform alone, on the scale of the list; these scores do not add up",
	SmallSample: "small sample", Between: "Score between", Places: "Place between", TopChance: "Chance of the first 20",
	SureNote: "Under the rank: where the person truly stands with 90% chance, for mentions are a sample of what people think and do. Small sample: fewer than five posts of one's own.",
}

var spanish = words{
	Account: spanishAccount,
	Lang:    "es", Other: "en", OtherName: "English", Comma: ",", Group: ".",
	Title: "Embajadores potenciales", Lead: "Personas que ya hablan de %s, ordenadas según lo bien que hablan de ella, su constancia y su alcance.",
	Brand: "Marca", Since: "Desde", Until: "Hasta", Platform: "Plataforma", Language: "Idioma", Least: "Mínimo de menciones",
	Preset: "Qué buscar",
	PresetNames: map[string]string{
		"balanced": "Equilibrio", "true-fans": "Fans de verdad", "far-reach": "Gran alcance", "connectors": "Conectores", "steady": "Constantes",
	},
	AnyPlatform: "Todas", AnyLanguage: "Todos", Critics: "Mostrar también críticos", Show: "Mostrar", Clear: "Quitar filtros",
	Filters: "Filtros", Rank: "Puesto", Person: "Persona", Score: "Puntuación", Mentions: "Menciones",
	Followers: "Seguidores", Engagement: "Reacciones", LastSeen: "Última mención", Unknown: "desconocido", Imputed: "desconocido; se usa la mediana",
	Components: [4]string{"Afinidad", "Volumen", "Alcance", "Red"},
	Segments:   map[string]string{"advocate": "La recomienda", "critic": "La critica", "unranked": "Sin puesto"},
	Caption:    "Embajadores potenciales de %s", AsOf: "Datos a %s UTC.", NoTimes: "Ninguna mención tiene aún fecha conocida.",
	People: "%s con %s.", OnePerson: plural{"%s persona", "%s personas"}, OneMention: plural{"%s mención", "%s menciones"},
	TooFew:    "Hay muy pocos datos para ordenar: una puntuación necesita al menos 30 personas y 100 menciones. Estas son las personas y sus datos, sin puntuación.",
	Nobody:    "Nadie cumple estos filtros. Prueba un periodo más amplio o quita un filtro.",
	BadFilter: "No se entiende un filtro. Las fechas son como 2026-03-01, los idiomas como es, las plataformas como mastodon.",
	NoBrand:   "No hay ninguna marca con ese nombre.", Failed: "No pudimos cargarlo. Revisa el servidor y vuelve a intentarlo.",
	Refused: "Esto no está permitido aquí.", Changed: "Los datos cambiaron entretanto. Vuelve a cargar esta página.",
	TooOften:   "Fue demasiado de una vez. Espera un momento y vuelve a cargar esta página.",
	YouTubeOff: "Las personas de YouTube no se ordenan mientras su enmienda sobre métricas derivadas no esté aceptada en la configuración.",
	CriticsOut: plural{"No se muestra %s persona crítica.", "No se muestran %s personas críticas."},
	OwnOut:     plural{"Queda fuera %s cuenta de la propia marca.", "Quedan fuera %s cuentas de la propia marca."},
	BelowOut:   plural{"Queda fuera %s persona con menos menciones.", "Quedan fuera %s personas con menos menciones."},
	ApartOut:   plural{"%s persona de YouTube se ordena aparte: elige la plataforma youtube.", "%s personas de YouTube se ordenan aparte: elige la plataforma youtube."},
	ApartOff: plural{
		"Queda fuera %s persona de YouTube: las personas de YouTube no se ordenan mientras su enmienda sobre métricas derivadas no esté aceptada en la configuración.",
		"Quedan fuera %s personas de YouTube: las personas de YouTube no se ordenan mientras su enmienda sobre métricas derivadas no esté aceptada en la configuración.",
	},
	AutomatedOut:     plural{"Queda fuera %s persona, probablemente una cuenta automática.", "Quedan fuera %s personas, probablemente cuentas automáticas."},
	RepeatersOut:     plural{"Queda fuera %s persona que repite lo mismo.", "Quedan fuera %s personas que repiten lo mismo."},
	CircleOut:        plural{"Queda fuera %s persona del círculo de la marca o que se llama como la propia marca.", "Quedan fuera %s personas del círculo de la marca o que se llaman como la propia marca."},
	OrganisationsOut: plural{"Queda fuera %s cuenta de una organización.", "Quedan fuera %s cuentas de organizaciones."},
	UnfitOut:         plural{"Queda fuera %s persona que no encaja.", "Quedan fuera %s personas que no encajan."},
	Unjudged:         plural{"De %s persona aún no se sabe si es una cuenta automática.", "De %s personas aún no se sabe si son cuentas automáticas."},
	Flags:            map[string]string{"automated": "Probablemente automática", "repeater": "Repite lo mismo", "organisation": "Una organización", "genuine": "Auténtica", "circle": "Del círculo de la marca"},
	Roles:            map[string]string{"staff": "Personal", "agency": "Agencia", "reseller": "Revendedor", "paid-partner": "Colaboración pagada"},
	Included:         map[string]string{"automated": "Se muestran también las cuentas probablemente automáticas.", "repeaters": "Se muestra también a quien repite lo mismo.", "circle": "Se muestra también el círculo de la marca.", "organisations": "Se muestran también las organizaciones.", "not_a_fit": "Se muestra también a quien no encaja."},
	Perhaps:          "Quizá: %s", ByTeam: "lo dice el equipo", ShowThem: "Mostrar", LeaveOut: "Dejar fuera",
	NoTimeOut: plural{"Queda fuera %s mención sin fecha conocida.", "Quedan fuera %s menciones sin fecha conocida."},
	FutureOut: plural{"Queda fuera %s mención con fecha futura.", "Quedan fuera %s menciones con fecha futura."},
	GapFrom:   "%s no se leyó del %s al %s UTC; puede faltar lo que se dijo allí entretanto.", GapSince: "%s no se lee desde el %s UTC.",
	Provisional: "Provisional: se está leyendo una fuente, faltan datos por llegar.",
	LaterOut: plural{
		"Queda fuera %s mención posterior a la última recogida; una fecha en Hasta la incluye.",
		"Quedan fuera %s menciones posteriores a la última recogida; una fecha en Hasta las incluye.",
	},
	Demo:      "Son personas inventadas, para enseñar cómo es la lista.",
	DemoHelp:  "Para ver las tuyas, importa una exportación de menciones:",
	YourBrand: "Mi marca",
	Empty:     "Aún no hay ninguna marca.", EmptyHelp: "Importa una exportación de menciones y esta página mostrará quién habla por ti:",
	ImportNote:   "Después vuelve a cargar esta página. Se reconocen CSV, JSON y los archivos de X y Mastodon.",
	Made:         "Cómo se calcula: cada parte se eleva a su peso (%s) y los resultados se multiplican; así una parte fuerte no tapa una débil.",
	MadeMean:     "Cómo se calcula: es la media de las partes según su peso (%s); así una parte fuerte puede compensar una débil.",
	LeftOut:      "Donde una parte es —, no se conoce la de nadie: no cuenta, y las demás pesan más.",
	ImputedNote:  "Desconocido para esta persona; se usa la mediana.",
	Reacting:     "Las reacciones son los me gusta, las respuestas, las citas y, contadas dos veces, las republicaciones.",
	ServerPreset: "Según el servidor", OwnWeights: "pesos propios", AllHistory: "el principio", Percent: "\u00a0%",
	Next: "Siguiente", Previous: "Anterior", Back: "Volver a la lista", Why: "Por qué", Evidence: "Datos", Days: "Días activos", Reposts: "Republicaciones hechas",
	Sponsored: "Menciones patrocinadas", Conversation: "Respuestas a la marca", Weeks: "Menciones por semana", Week: "Semana del", Posts: "Publicaciones con más reacciones", Link: "Abrir",
	Sentiment: "Sentimiento", Counterparts: "Personas con las que conecta", Views: "Visualizaciones",
	ByPlatform:  "Cada plataforma por separado, en la escala de la lista; estas puntuaciones no se suman",
	SmallSample: "muestra pequeña", Between: "Puntuación entre", Places: "Puesto entre", TopChance: "Probabilidad de estar entre los 20 primeros",
	SureNote: "Bajo el puesto: dónde está de verdad la persona con un 90\u00a0% de probabilidad, pues las menciones son una muestra de lo que se piensa y se hace. Muestra pequeña: menos de cinco publicaciones propias.",
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

// ordinal writes a place.
func (w *words) ordinal(n int) string {
	text := w.number(int64(n))
	if w.Lang == "es" {
		return text + ".º"
	}
	switch {
	case n%100 >= 11 && n%100 <= 13:
		return text + "th"
	case n%10 == 1:
		return text + "st"
	case n%10 == 2:
		return text + "nd"
	case n%10 == 3:
		return text + "rd"
	}
	return text + "th"
}

// span writes the places from first to last.
func (w *words) span(first, last int) string {
	if first == last {
		return w.ordinal(first)
	}
	return w.ordinal(first) + "–" + w.ordinal(last)
}

// decimal writes x with so many decimals.
func (w *words) decimal(x float64, decimals int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', decimals, 64), ".", w.Comma, 1)
}
