package rank

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adalid/scoring"
)

// Reason is a sentence by its code, with what is filled in: so the terminal, the
// API and the page say the same in the same words.
type Reason struct {
	Code   string
	Values []any // string, int64, int, float64 and time.Time, by place
}

func reason(code string, values ...any) Reason { return Reason{code, values} }

// Say gives the sentence in "es" or, in every other language, in English; "" for
// a code that is not known.
func (r Reason) Say(lang string) string {
	text, ok := sentences[r.Code]
	if !ok {
		return ""
	}
	template := text.en
	if lang == "es" {
		template = text.es
	}
	begin := func(sentence string) string { return sentence }
	if strings.HasPrefix(template, "{0:c}") || strings.HasPrefix(template, "{0:the}") { // names of brands stay as they are written
		begin = capital
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			return begin(out.String())
		}
		place, after, _ := strings.Cut(rest, "}")
		out.WriteString(r.fill(place, lang))
		template = after
	}
}

// capital begins a sentence with the name of a component.
func capital(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[size:]
}

// fill writes one value as its place asks: {0} as it is, {0.2} with two
// decimals, {0+1} with a sign and one decimal, {0%} as a percentage, {0:c} a
// term such as the name of a component, {0:the} a component with the article that
// Spanish wants, {0:on} a day, {0-1} the places from one to another, {0|post|posts} the
// form for the number.
func (r Reason) fill(place, lang string) string {
	n := strings.IndexAny(place, ".+%:|-")
	if n < 0 {
		n = len(place)
	}
	i, err := strconv.Atoi(place[:n])
	if err != nil || i >= len(r.Values) {
		return ""
	}
	v, how := r.Values[i], place[n:]
	switch {
	case how == "":
		return plain(v, lang)
	case how == ":c":
		return terms[lang == "es"][fmt.Sprint(v)]
	case how == ":the":
		return articles[lang == "es"][fmt.Sprint(v)] + terms[lang == "es"][fmt.Sprint(v)]
	case how[0] == '-':
		return r.places(i, how[1:], lang)
	case how == ":on":
		at, _ := v.(time.Time)
		return onDay(at.UTC(), lang)
	case how[0] == '|':
		forms := strings.Split(how[1:], "|")
		if asFloat(v) == 1 {
			return forms[0]
		}
		return forms[len(forms)-1]
	case how == "%":
		return decimal(100*asFloat(v), 0, lang) + map[bool]string{true: " %", false: "%"}[lang == "es"]
	}
	decimals, _ := strconv.Atoi(how[1:])
	text := decimal(asFloat(v), decimals, lang)
	if how[0] == '+' && !strings.HasPrefix(text, minus) {
		text = "+" + text
	}
	return text
}

// places says a range of places; one place is no range.
func (r Reason) places(from int, last, lang string) string {
	to, err := strconv.Atoi(last)
	if err != nil || to >= len(r.Values) {
		return ""
	}
	first, end := plain(r.Values[from], lang), plain(r.Values[to], lang)
	switch {
	case lang == "es" && first == end:
		return "ocupa el puesto " + first
	case lang == "es":
		return "el puesto, entre " + first + " y " + end
	case first == end:
		return "ranked " + first
	}
	return "ranked " + first + " to " + end
}

// months as Spanish shortens them.
var months = [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"}

// onDay writes a day as the language does: "Nov 16, 2026", «16 nov 2026».
func onDay(at time.Time, lang string) string {
	if lang == "es" {
		return fmt.Sprintf("%d %s %d", at.Day(), months[at.Month()-1], at.Year())
	}
	return at.Format("Jan 2, 2006")
}

func asFloat(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

func plain(v any, lang string) string {
	switch v := v.(type) {
	case string:
		return v
	case Versus:
		return SayRatios(v, lang)
	}
	return decimal(asFloat(v), 0, lang)
}

// minus is the sign of typography; a hyphen is shorter than a plus.
const minus = "−"

// decimal writes a number as the language does.
func decimal(v float64, decimals int, lang string) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, part, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = minus, whole[1:]
	}
	group, comma := ",", "."
	if lang == "es" {
		group, comma = ".", ","
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + group + whole[at:]
	}
	if part != "" {
		part = comma + part
	}
	return sign + whole + part
}

// terms are the names of components, blends and roles by whether they are Spanish.
var terms = map[bool]map[string]string{
	false: {
		"affinity": "affinity", "volume": "volume", "reach": "reach", "network": "network", "geometric": "geometric", "arithmetic": "arithmetic",
		"staff": "staff", "agency": "agency", "reseller": "reseller", "paid-partner": "paid partner",
	},
	true: {
		"affinity": "afinidad", "volume": "volumen", "reach": "alcance", "network": "red", "geometric": "geométrica", "arithmetic": "aritmética",
		"staff": "equipo", "agency": "agencia", "reseller": "distribuidora", "paid-partner": "colaboración pagada",
	},
}

// articles of components, as terms has them.
var articles = map[bool]map[string]string{true: {"affinity": "la ", "volume": "el ", "reach": "el ", "network": "la "}}

// SayRatios puts what makes one score differ from another into one line, the
// biggest reason first: "affinity ×1.20, volume ×0.95", or in points where the
// blend is arithmetic. Components that make no difference are left out. Where all
// ratios are near 1 they have three decimals: of ×1.01 ×1.01 ×1.01 nobody sees
// that they make ×1.04.
func SayRatios(v Versus, lang string) string {
	var parts []string
	decimals := 3
	if slices.ContainsFunc(v.Differences, func(d Difference) bool { return d.Ratio < .9 || d.Ratio > 1.1 }) {
		decimals = 2
	}
	for _, d := range v.Differences {
		name := terms[lang == "es"][d.Component]
		switch {
		case v.Blend == scoring.Arithmetic && d.Points != 0:
			parts = append(parts, name+" "+Reason{Values: []any{d.Points}}.fill("0+1", lang))
		case v.Blend != scoring.Arithmetic && d.Ratio != 1:
			parts = append(parts, name+" ×"+decimal(d.Ratio, decimals, lang))
		}
	}
	return strings.Join(parts, ", ")
}

// SayFormula writes a score as what it is computed from, so that it can be done by
// hand: "score 63.2 = 100 × affinity 0.81^0.2 × volume 0.5^0.4 …", or as a sum where
// the blend is arithmetic. What is left out has no place in it.
func SayFormula(s scoring.Score, lang string) string {
	short := func(v float64) string {
		text := strconv.FormatFloat(v, 'g', 5, 64)
		if lang == "es" {
			text = strings.ReplaceAll(text, ".", ",")
		}
		return text
	}
	var parts []string
	for _, p := range s.Parts {
		if p.Value == nil || p.Weight == 0 {
			continue
		}
		part := terms[lang == "es"][p.Name] + " " + short(*p.Value) + "^" + short(p.Weight)
		if s.Blend == scoring.Arithmetic {
			part = short(p.Weight) + " × " + terms[lang == "es"][p.Name] + " " + short(*p.Value)
		}
		parts = append(parts, part)
	}
	formula := "100 × " + strings.Join(parts, " × ")
	if s.Blend == scoring.Arithmetic {
		formula = "100 × (" + strings.Join(parts, " + ") + ")"
	}
	return reason("recomputed", s.Total, formula).Say(lang)
}

// sentences are everything said about people, in both languages.
var sentences = map[string]struct{ en, es string }{
	// Why somebody has a score.
	"place":        {"{0.1} points: place {1} of {2}, critics counted.", "{0.1} puntos: puesto {1} de {2}, contando a quienes critican."},
	"score":        {"{0.1} points of 100.", "{0.1} puntos de 100."},
	"sure":         {"90% likely: a true score of {0.1}–{1.1}.", "Con un 90 % de probabilidad, la puntuación real está entre {0.1} y {1.1}."},
	"sure_place":   {"90% likely: a true score of {0.1}–{1.1}, {2-3}.", "Con un 90 % de probabilidad, la puntuación real está entre {0.1} y {1.1}, y {2-3}."},
	"small_sample": {"Small sample: fewer than {0} posts of their own.", "Muestra pequeña: menos de {0} publicaciones propias."},
	"unranked":     {"Too few people or posts to rank: there is evidence, but no score.", "Hay muy pocas personas o publicaciones para ordenar: hay datos, pero no puntuación."},
	"share":        {"{0:the} brings {1.1} of the {2.1} points.", "{0:the} aporta {1.1} de los {2.1} puntos."},
	"affinity":     {"Speaks well of the brand: {1+2} on average over {0} {0|post|posts} (from −1 to +1); {2+2} adjusted for recency and sample size.", "Habla bien de la marca: {1+2} de media en {0} {0|publicación|publicaciones} (de −1 a +1); {2+2} al ajustar por antigüedad y tamaño de la muestra."},
	"undecided":    {"Not clearly for or against the brand: {1+2} on average over {0} {0|post|posts} (from −1 to +1); {2+2} adjusted for recency and sample size.", "Ni claramente a favor ni en contra de la marca: {1+2} de media en {0} {0|publicación|publicaciones} (de −1 a +1); {2+2} al ajustar por antigüedad y tamaño de la muestra."},
	"critic":       {"Does not speak well of the brand: {1+2} on average over {0} {0|post|posts} (from −1 to +1). Worth answering, not inviting.", "No habla bien de la marca: {1+2} de media en {0} {0|publicación|publicaciones} (de −1 a +1). Conviene responder, no invitar."},
	"volume":       {"Wrote {0} {0|post|posts} on {1} {1|day|days}. Older and repeated posts count less: worth about {2.1} recent ones.", "Escribió {0} {0|publicación|publicaciones} en {1} {1|día|días}. Lo antiguo y lo repetido pesan menos: hoy cuentan como {2.1}."},
	"wrote":        {"Wrote {0} {0|post|posts} on {1} {1|day|days}.", "Escribió {0} {0|publicación|publicaciones} en {1} {1|día|días}."},
	"followers":    {"Has {0} {0|follower|followers}.", "Tiene {0} {0|seguidor|seguidores}."},
	"views":        {"Best day: {0} {0|view|views}.", "Mejor día: {0} {0|visualización|visualizaciones}."},
	"engagement":   {"{0} {0|reaction|reactions} on {1} {1|post|posts} (reposts count twice).", "{0} {0|reacción|reacciones} en {1} {1|publicación|publicaciones} (las republicaciones cuentan doble)."},
	"reactions":    {"{0} {0|reaction|reactions} in total (reposts count twice).", "{0} {0|reacción|reacciones} en total (las republicaciones cuentan doble)."},
	"network":      {"Connected to {0} {0|account|accounts}; gets {1.1}× the average attention.", "En contacto con {0} {0|cuenta|cuentas}; recibe {1.1} veces la atención media."},
	"bridges":      {"Connects communities: their contacts are spread over about {0.1}.", "Une comunidades: sus contactos se reparten entre unas {0.1}."},
	"conversation": {"Replied to or quoted your accounts {0} {0|time|times}.", "Respondió o citó a tus cuentas {0} {0|vez|veces}."},
	"sponsored":    {"{0} {0|post was|posts were} paid for and {0|counts|count} for neither affinity nor volume.", "{0} {0|publicación es|publicaciones son} de pago y no {0|cuenta|cuentan} para afinidad ni volumen."},
	"active_only":  {"Most active on {0}: all of their posts.", "Donde más participa es {0}: todas sus publicaciones."},
	"engaging":     {"Most engaging post: {0} {0|reaction|reactions} (reposts count twice).", "Su publicación con más respuesta: {0} {0|reacción|reacciones} (las republicaciones cuentan doble)."},
	"most_active":  {"Most active on {0}: {1} of {2} posts.", "Donde más participa es {0}: {1} de {2} publicaciones."},
	"imputed":      {"{0:c} is unknown for this person; the brand's median stands in.", "{0:c}: se desconoce en esta persona; se usa la mediana de la marca."},
	"left_out":     {"{0:c} is unknown for everybody here and left out; the others weigh more.", "{0:c}: se desconoce para todos y no cuenta; lo demás pesa más."},

	// What the terminal says around answers.
	"demo":       {"Invented brand: nobody in this list exists.", "Marca inventada: nadie de esta lista existe."},
	"as_of":      {"as of", "a fecha de"},
	"more":       {"{0} more {0|person|people} (--limit)", "{0} {0|persona|personas} más (--limit)"},
	"gap":        {"{0}: no data from {1} to {2}", "{0}: sin datos del {1} al {2}"},
	"receipt":    {"formula {1}, {0:c}, data version {2}", "fórmula {1}, media {0:c}, versión de los datos {2}"},
	"recomputed": {"score {0.1} = {1}", "puntuación {0.1} = {1}"},

	// Why the default list leaves somebody out.
	"hidden_circle":         {"Left out of the default list: of the brand's circle ({0:c}), by your team's word.", "Fuera de la lista habitual: es del círculo de la marca ({0:c}), según tu equipo."},
	"hidden_circle_own":     {"Left out of the default list: called as the brand, so likely its own account ({0%}), until your team decides.", "Fuera de la lista habitual: se llama como la marca y será una cuenta suya ({0%}), mientras tu equipo no decida."},
	"hidden_automated":      {"Left out of the default list: likely automated ({0%}).", "Fuera de la lista habitual: probablemente automática ({0%})."},
	"hidden_automated_team": {"Left out of the default list: automated, by your team's word.", "Fuera de la lista habitual: automática, según tu equipo."},
	"hidden_repeaters":      {"Left out of the default list: {0%} of their {1} posts repeat an earlier one.", "Fuera de la lista habitual: el {0%} de sus {1} publicaciones repite otra anterior."},
	"hidden_organisations":  {"Left out of the default list: an organisation's account ({0%} likely).", "Fuera de la lista habitual: cuenta de una organización (probabilidad del {0%})."},
	"hidden_not_a_fit":      {"Left out of the default list: not a fit, by your team's word.", "Fuera de la lista habitual: no encaja, según tu equipo."},
	"hidden_critics":        {"Left out of the default list: a critic.", "Fuera de la lista habitual: habla mal de la marca."},

	// A beside B.
	"versus_higher":  {"{0} scores higher than {1} ({2.1} vs {3.1}): {4}.", "{0} tiene más puntuación que {1} ({2.1} frente a {3.1}): {4}."},
	"versus_lower":   {"{0} scores lower than {1} ({2.1} vs {3.1}): {4}.", "{0} tiene menos puntuación que {1} ({2.1} frente a {3.1}): {4}."},
	"versus_near":    {"{0} and {1} score practically the same ({2.1} vs {3.1}): {4}.", "{0} y {1} tienen prácticamente la misma puntuación ({2.1} frente a {3.1}): {4}."},
	"versus_equal":   {"{0} and {1} have the same score, {2.1}, and no component differs.", "{0} y {1} tienen la misma puntuación, {2.1}, y ningún componente difiere."},
	"versus_none":    {"There are no scores to compare: too few people or posts to rank.", "No hay puntuaciones que comparar: muy pocas personas o publicaciones."},
	"because_higher": {"Above all because of {0:c}: {1.2} against {2.2} multiplies the score by {3.2}.", "Sobre todo por {0:the}: {1.2} frente a {2.2} multiplica la puntuación por {3.2}."},
	"because_points": {"Above all because of {0:c}: {1.2} against {2.2} makes {3+1} points.", "Sobre todo por {0:the}: {1.2} frente a {2.2} supone {3+1} puntos."},

	// Views: what they show, and why somebody is in them.
	"view_rising":        {"People who post about the brand clearly more often than they used to: the 95% interval of the change excludes none.", "Personas que publican sobre la marca claramente más que antes: el intervalo del 95 % del cambio excluye que siga igual."},
	"rising":             {"Posted on {0} of the last {1} days, up from {2} of the {3} before.", "Publicó en {0} de los últimos {1} días; en los {3} anteriores, en {2}."},
	"rising_times":       {"Posted on {0} of the last {1} days, up from {2} of the {3} before: very likely at least {4.1} times as often.", "Publicó en {0} de los últimos {1} días; en los {3} anteriores, en {2}. Muy probablemente, al menos {4.1} veces más que antes."},
	"rising_none":        {"Posted on {0} of the last {1} days, and on none of the {3} before.", "Publicó en {0} de los últimos {1} días; en los {3} anteriores, en ninguno."},
	"view_cooling":       {"Advocates who have gone silent against their own rhythm, on days that were watched.", "Personas que recomendaban la marca y han callado respecto a su propio ritmo, en días observados."},
	"cooling":            {"Used to post every {0.1} days on average, never more than {1} apart; silent for {2} {2|day|days}. By chance alone, a silence this long happens {3%} of the time at most.", "Publicaba cada {0.1} días de media y nunca paró más de {1}; lleva {2} {2|día|días} en silencio. Por azar, un silencio así se da un {3%} de las veces como mucho."},
	"view_connector":     {"People who tie separate communities together, by their network component.", "Personas que unen comunidades separadas, según su componente de red."},
	"connector":          {"Connected to {0} {0|account|accounts} in about {1.1} communities; gets {2.1}× the average attention.", "En contacto con {0} {0|cuenta|cuentas} de unas {1.1} comunidades; recibe {2.1} veces la atención media."},
	"view_critics":       {"Critics who are heard: worth answering. Criticism and reach together decide the order.", "Personas críticas a las que se escucha: conviene responderles. Ordenadas por crítica y alcance."},
	"critic_heard":       {"Critical of the brand: {1+2} on average over {0} {0|post|posts}.", "Habla mal de la marca: {1+2} de media en {0} {0|publicación|publicaciones}."},
	"heard_by":           {"{0} {0|person|people} reacted in posts of their own.", "{0} {0|persona reaccionó|personas reaccionaron} con publicaciones propias."},
	"view_defenders":     {"People who answer or quote, with a positive post, somebody who had criticised the brand that day or in the six days before.", "Personas que responden o citan, con una publicación positiva, a quien había criticado a la marca ese día o en los seis anteriores."},
	"defender":           {"Answered criticism with {0} positive {0|post|posts}, to {1} {1|account|accounts}.", "Respondió a críticas con {0} {0|publicación positiva|publicaciones positivas}, a {1} {1|cuenta|cuentas}."},
	"view_answers":       {"People who answer or quote the brand's own accounts, critics included.", "Personas que responden o citan a las cuentas propias de la marca, también quienes la critican."},
	"view_positive":      {"People who speak best of the brand. Averages based on few posts are adjusted towards the norm.", "Personas que mejor hablan de la marca. Con pocas publicaciones, la nota se acerca a la media."},
	"view_new":           {"People whose first post about the brand ever lies in the last seven days.", "Personas cuya primera publicación sobre la marca es de los últimos siete días."},
	"new":                {"First post about the brand on {0:on}; {1} {1|post|posts} so far.", "Primera publicación sobre la marca el {0:on}; {1} {1|publicación|publicaciones} en total."},
	"view_rivals":        {"People who speak well of a competitor and little or badly of this brand.", "Personas que hablan bien de un competidor y poco o mal de esta marca."},
	"rival_fan":          {"Speaks well of {0}: {1+2} on average over {2} {2|post|posts}.", "Habla bien de {0}: {1+2} de media en {2} {2|publicación|publicaciones}."},
	"rival_never":        {"Has not spoken of this brand.", "No ha hablado de esta marca."},
	"rival_little":       {"Speaks little of this brand: {0} of {1} posts about both.", "Habla poco de esta marca: {0} de {1} publicaciones sobre ambas."},
	"rival_badly":        {"Speaks badly of this brand: {0+2} on average.", "Habla mal de esta marca: {0+2} de media."},
	"view_shortlist":     {"People your team has shortlisted, critics included, by score.", "Personas que tu equipo ha preseleccionado, también si son críticas, por puntuación."},
	"status_shortlisted": {"Shortlisted on {0:on}.", "Persona preseleccionada el {0:on}."},
	"view_ambassadors":   {"People your team has made ambassadors, critics included, by score.", "Personas que tu equipo ha nombrado embajadoras, también si son críticas, por puntuación."},
	"status_ambassador":  {"Ambassador since {0:on}.", "Persona embajadora desde el {0:on}."},

	// Why a view is empty.
	"empty_few":          {"Too few people or posts to rank, so nobody can be judged.", "Muy pocas personas o publicaciones para ordenar: no se puede juzgar a nadie."},
	"empty_nobody":       {"Nobody is like that in this window.", "Nadie cumple esta condición en este periodo."},
	"empty_people":       {"Nobody wrote about the brand in this window.", "Nadie escribió sobre la marca en este periodo."},
	"empty_history":      {"The stored history of nobody reaches back more than {0} watched days before the last {0}: nothing to compare with.", "El histórico de nadie llega a más de {0} días observados antes de los últimos {0}: no hay con qué comparar."},
	"empty_network":      {"No source tells who answers, names or reposts whom.", "Ninguna fuente dice quién responde, nombra o reenvía a quién."},
	"empty_sentiment":    {"The sentiment of no post is known.", "No se conoce el sentimiento de ninguna publicación."},
	"empty_own":          {"The brand has no own accounts that anybody could answer; name them with brand own-account.", "La marca no tiene cuentas propias a las que responder; indícalas con brand own-account."},
	"empty_young":        {"The stored history begins on {0:on}, less than seven days before: everybody would be new.", "El histórico guardado empieza el {0:on}, hace menos de siete días: todo el mundo sería nuevo."},
	"empty_rivals":       {"No competitor is named. Name brands of this installation that compete.", "No se ha indicado ningún competidor. Indica marcas de esta instalación que compitan."},
	"empty_rivals_few":   {"Of the competitors named, too few people or posts are stored to judge anybody.", "De los competidores indicados hay muy pocas personas o publicaciones para juzgar."},
	"defenders_bounded":  {"Only the {0} {0|person|people} with most answers to critics were looked at post by post.", "Solo se miraron, publicación a publicación, las {0} personas con más respuestas a críticos."},
	"momentum_left_out":  {"{0} {0|person has|people have} less than {1} watched days of history before: too little to tell.", "{0} {0|persona tiene|personas tienen} menos de {1} días observados de histórico previo: no basta para decidir."},
	"rivals_not_counted": {"{0}: too few people or posts to judge.", "{0}: muy pocas personas o publicaciones para juzgar."},

	// Groups of the grid of recency and frequency.
	"rfv_champions": {"Posted in the last 30 days, on 5 days or more.", "Publicaron en los últimos 30 días, en 5 días o más."},
	"rfv_loyal":     {"Posted in the last 90 days, on 3 days or more.", "Publicaron en los últimos 90 días, en 3 días o más."},
	"rfv_fresh":     {"Posted in the last 30 days, on one or two days.", "Publicaron en los últimos 30 días, en uno o dos días."},
	"rfv_fading":    {"Last posted 31 to 90 days ago, on one or two days.", "Publicaron por última vez hace 31 a 90 días, en uno o dos días."},
	"rfv_lapsing":   {"Silent for more than 90 days after posting on 3 days or more.", "Más de 90 días en silencio tras publicar en 3 días o más."},
	"rfv_dormant":   {"Silent for more than 90 days after one or two days.", "Más de 90 días en silencio tras uno o dos días."},
}
