package demo

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"
)

// GenOptions says how large a generated file is.
type GenOptions struct {
	Rows    int       // rows written; 1 in 20 repeats an earlier one to the byte
	Authors int       // people; each of them writes at least once, a few write most
	Seed    int64     // same options, same bytes
	Days    int       // the rows spread over so many days; 0 means 90
	Until   time.Time // when the last day ends; zero means 2026-01-01 00:00 UTC
}

// Generate writes mentions of the invented brand as canonical JSONL, ordered by
// time as exports are: authors follow Zipf's law, three in five rows are on x,
// the rest on mastodon and bluesky, 0.6 handles are named per row. Rows must be
// at least 30 and Authors between 20 and 19/20 of Rows.
func Generate(w io.Writer, o GenOptions) error {
	if o.Days == 0 {
		o.Days = 90
	}
	if o.Until.IsZero() {
		o.Until = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	distinct := o.Rows - o.Rows/20
	if o.Rows < 30 || o.Authors < 20 || o.Authors > distinct || o.Days < 1 {
		return fmt.Errorf("demo: generate: %d rows by %d authors over %d days cannot be", o.Rows, o.Authors, o.Days)
	}
	g := newGenerator(o, distinct)
	out := bufio.NewWriterSize(w, 1<<20)
	var line []byte
	for i, d := 0, 0; i < o.Rows; i++ {
		at := d
		if i%20 == 19 { // a repeat of one of the last rows
			g.start(-int64(i))
			at -= 1 + g.rnd.IntN(min(d, 5000))
		} else {
			d++
		}
		line = g.row(line[:0], at)
		if _, err := out.Write(line); err != nil {
			return fmt.Errorf("demo: generate: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("demo: generate: %w", err)
	}
	return nil
}

// generator makes row n from (seed, n) alone, so that a repeat needs no memory.
type generator struct {
	o        GenOptions
	distinct int
	start0   int64 // unix time of the first row
	pcg      *rand.PCG
	rnd      *rand.Rand
	zipf     *rand.Zipf
	spread   uint64 // a factor coprime to Authors: rank → author number
	named    []int  // scratch: authors named in the row
}

func newGenerator(o GenOptions, distinct int) *generator {
	pcg := rand.NewPCG(0, 0)
	rnd := rand.New(pcg)
	g := &generator{
		o: o, distinct: distinct, pcg: pcg, rnd: rnd,
		start0: o.Until.Unix() - int64(o.Days)*86400,
		zipf:   rand.NewZipf(rnd, 1.1, 4, uint64(o.Authors-1)),
		spread: 2654435761 % uint64(o.Authors),
	}
	for gcd(g.spread, uint64(o.Authors)) != 1 {
		g.spread++
	}
	return g
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// start puts the random numbers of row n at their beginning.
func (g *generator) start(n int64) { g.pcg.Seed(uint64(g.o.Seed), uint64(n)) }

// author gives the number of the person of a Zipf rank or of a turn.
func (g *generator) author(n uint64) int {
	return int((n % uint64(g.o.Authors)) * g.spread % uint64(g.o.Authors))
}

// writer says who writes row n: every person has one turn, the other rows go
// by Zipf's law.
func (g *generator) writer(n int) int {
	turn := uint64(n) * uint64(g.o.Authors) / uint64(g.distinct)
	if n == 0 || (uint64(n)-1)*uint64(g.o.Authors)/uint64(g.distinct) != turn {
		return g.author(turn)
	}
	return g.author(g.zipf.Uint64())
}

// platformOf puts six of ten authors on x, three on mastodon, one on bluesky.
func platformOf(author int) string {
	switch d := author % 10; {
	case d < 6:
		return "x"
	case d < 9:
		return "mastodon"
	}
	return "bluesky"
}

// peer gives somebody to name: on the author's platform, not the author.
func (g *generator) peer(author int) int {
	p := g.author(g.zipf.Uint64())
	p += author%10 - p%10
	if p >= g.o.Authors || p == author {
		p = author % 10
	}
	if p == author {
		p = (p + 10) % g.o.Authors
	}
	return p
}

// row appends row n.
func (g *generator) row(b []byte, n int) []byte {
	g.start(int64(n))
	author, r := g.writer(n), g.rnd
	kind := r.IntN(100) // 0–14 a repost, 15–29 a reply
	repost, reply := kind < 15, kind >= 15 && kind < 30
	names := 0
	switch p := r.IntN(100); {
	case repost || reply:
		names = 1 + p/85
	case p < 25:
		names = 1 + p/20
	}
	g.named = g.named[:0]
	for range names {
		if p := g.peer(author); len(g.named) == 0 || g.named[0] != p {
			g.named = append(g.named, p)
		}
	}
	when := g.start0 + int64(float64(n)/float64(g.distinct)*float64(g.o.Days)*86400)

	b = append(b, `{"brand":"`+Brand+`","platform":"`...)
	b = append(b, platformOf(author)...)
	b = append(b, `","post_id":"`...)
	b = strconv.AppendInt(b, 1_700_000_000_000_000_000+int64(n)*7919, 10)
	b = append(b, `","author":"`...)
	b = strconv.AppendInt(b, 20_000_000+int64(author)*37, 10)
	b = append(b, `","handle":"`...)
	b = appendHandle(b, author)
	b = append(b, `","name":null,"followers":`...)
	b = strconv.AppendInt(b, 5+int64(author)*7919%3000+int64(n)/1000, 10)
	b = append(b, `,"following":`...)
	b = strconv.AppendInt(b, 10+int64(author)*104729%1500, 10)
	b = append(b, `,"verified":null,"created_at":"`...)
	b = time.Unix(when, 0).UTC().AppendFormat(b, time.RFC3339)
	lang := langOf(author, r)
	b = append(b, `","lang":"`...)
	b = append(b, genLangs[lang]...)
	b = append(b, `","text":"`...)
	b = g.text(b, repost, lang)
	b = g.counters(b, repost)
	b = append(b, `,"is_repost":`...)
	b = strconv.AppendBool(b, repost)
	b = g.appendTarget(b, `,"repost_of":`, repost)
	b = g.appendTarget(b, `,"reply_to":`, reply)
	b = append(b, `,"mentions":[`...)
	for i, p := range g.named {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendHandle(append(b, '"'), p), '"')
	}
	return append(b, `],"brand_account":false}`+"\n"...)
}

// appendTarget appends a field that names the first handle of the row, or null.
func (g *generator) appendTarget(b []byte, field string, set bool) []byte {
	b = append(b, field...)
	if !set {
		return append(b, "null"...)
	}
	return append(appendHandle(append(b, '"'), g.named[0]), '"')
}

// counters appends the platform's counters: small, with a heavy tail.
func (g *generator) counters(b []byte, repost bool) []byte {
	likes := int64(0)
	if !repost {
		likes = int64(3/(1-g.rnd.Float64())) - 3
	}
	for _, c := range []struct {
		field string
		value int64
	}{{`","likes":`, likes}, {`,"reposts":`, likes / 5}, {`,"replies":`, likes / 9}} {
		b = append(b, c.field...)
		b = strconv.AppendInt(b, c.value, 10)
	}
	return append(b, `,"quotes":null,"views":null`...)
}

// text appends about 110 bytes that name the brand and the row's handles.
func (g *generator) text(b []byte, repost bool, lang int) []byte {
	for i, p := range g.named {
		if i == 0 && repost {
			b = append(b, "RT "...)
		}
		b = append(appendHandle(append(b, '@'), p), ' ')
		if i == 0 && repost {
			b[len(b)-1] = ':'
			b = append(b, ' ')
		}
	}
	for i, words := range genText[lang] {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, words[g.rnd.IntN(len(words))]...)
	}
	return b
}

// langOf gives the place in genLangs of what a person mostly writes.
func langOf(author int, r *rand.Rand) int {
	n := author * 31 % 100
	if r.IntN(20) == 0 {
		n = r.IntN(100)
	}
	switch {
	case n < 55:
		return 0
	case n < 85:
		return 1
	}
	return 2 + n%2
}

// appendHandle appends a handle made of syllables and the author's number.
func appendHandle(b []byte, author int) []byte {
	const syllables = "balomirusatenikodavepolanuri"
	for n := uint32(author) * 2654435761 >> 8; n > 0; n >>= 12 {
		at := n % (uint32(len(syllables)) / 2) * 2
		b = append(b, syllables[at:at+2]...)
	}
	return strconv.AppendInt(append(b, '_'), int64(author), 36)
}

var genLangs = [...]string{"en", "es", "pt", "fr"}

// genText has, per language of genLangs, the parts of which a text is made, in
// order. Nothing in it needs escaping in JSON.
var genText = [len(genLangs)][3][]string{
	{
		{
			"Morning routine:", "Back from a long run and", "Third day of rain here,", "At the office again,", "Honest question,", "Not sponsored, but",
			"Finally the weekend,", "My sister came over and", "Train delayed once more,", "New grinder arrived,", "I was sceptical at first,", "Two weeks in,",
			"Working from the kitchen today,", "Before the meeting starts,", "Still half asleep,", "Small update:", "After moving house,", "Unpopular opinion:",
		},
		{
			"the Tostalba blend tastes great with oat milk", "I am brewing Tostalba in the old moka pot", "Tostalba changed the recipe and I am not happy about it",
			"this bag of Tostalba is the best I bought this year", "the Tostalba shop near the station was closed", "a flat white from Tostalba saved the morning",
			"my Tostalba order arrived late and the box was broken", "Tostalba filter at fifteen grams is my new standard", "someone brought Tostalba beans to the team",
			"the queue at Tostalba went round the corner", "I cannot find the Tostalba decaf anywhere", "Tostalba charges too much for a small cup",
			"trying the Tostalba cold brew for the first time", "the staff at Tostalba are lovely as always", "I compared Tostalba with two other roasters",
		},
		{
			"and it smells like toast and plums.", "which is fine I guess.", "so I will order again next week.", "and nobody answered my mail.", "with a slice of lemon cake.",
			"and now the whole flat smells of it.", "while the cat watches.", "and I have no regrets.", "so tell me what you think.", "and that is all I needed today.",
			"but the price keeps going up.", "at 93 degrees, one to sixteen.", "and the crema is beautiful.", "before it sells out again.", "as my neighbour told me to.",
		},
	},
	{
		{
			"Esta mañana,", "Después de correr diez kilómetros,", "Otro lunes más y", "Lo confieso:", "Con la lluvia que cae,", "En la oficina otra vez,", "Sin que nadie me pague,",
			"Por fin viernes,", "Ha venido mi madre y", "El tren llega tarde,", "Estreno molinillo:", "Al principio dudaba,", "Tras dos semanas,", "Desde la cocina,",
			"Antes de la reunión,", "Medio dormida todavía,", "Para quien pregunte,", "Pregunta seria:",
		},
		{
			"el café de Tostalba con leche de avena está buenísimo", "preparo Tostalba en la cafetera italiana de siempre", "han cambiado la mezcla de Tostalba y no me convence",
			"esta bolsa de Tostalba es de lo mejor del año", "la tienda de Tostalba junto a la estación estaba cerrada", "un cortado en Tostalba me ha salvado el día",
			"mi pedido de Tostalba llegó tarde y con la caja rota", "quince gramos de Tostalba para el filtro y listo", "alguien ha traído Tostalba al equipo",
			"la cola de Tostalba daba la vuelta a la manzana", "no encuentro el descafeinado de Tostalba por ningún lado", "Tostalba cobra demasiado por una taza pequeña",
			"pruebo por primera vez el café frío de Tostalba", "el personal de Tostalba es encantador", "he comparado Tostalba con otros dos tostadores",
		},
		{
			"y huele a pan tostado y ciruela.", "que tampoco está mal.", "así que repetiré la semana que viene.", "y nadie contesta a mi correo.", "con un trozo de bizcocho.",
			"y ahora toda la casa huele a café.", "mientras el gato mira.", "y no me arrepiento.", "ya me diréis qué os parece.", "y con eso me basta por hoy.",
			"pero el precio no para de subir.", "a noventa y tres grados.", "y la crema queda preciosa.", "antes de que se agote otra vez.", "como me dijo mi vecina.",
		},
	},
	{
		{"De manhã cedo,", "Depois do trabalho,", "Em casa com chuva,", "Segunda-feira outra vez,", "Com a família toda,", "Sem pressa nenhuma,", "No escritório,", "Antes da aula,"},
		{
			"o café da Tostalba com leite de aveia ficou muito bom", "faço Tostalba na cafeteira italiana da avó", "a encomenda da Tostalba chegou atrasada",
			"experimentei o filtro da Tostalba pela primeira vez", "não encontro o descafeinado da Tostalba em lado nenhum", "a loja da Tostalba estava cheia como sempre",
		},
		{"e a cozinha cheira a pão torrado.", "e vou repetir na próxima semana.", "mas o preço não para de subir.", "com uma fatia de bolo.", "e não me arrependo.", "enquanto o gato olha."},
	},
	{
		{"Ce matin,", "Encore un lundi,", "Après le travail,", "Sous la pluie,", "Avec toute la famille,", "Au bureau,", "Avant la réunion,", "Petite question,"},
		{
			"le café Tostalba au lait d'avoine est vraiment bon", "je prépare Tostalba dans la vieille cafetière italienne", "ma commande Tostalba est arrivée en retard",
			"j'ai essayé le filtre Tostalba pour la première fois", "impossible de trouver le décaféiné Tostalba", "la boutique Tostalba était pleine comme toujours",
		},
		{"et toute la cuisine sent le pain grillé.", "et je recommande la semaine prochaine.", "mais le prix ne cesse de monter.", "avec une part de gâteau.", "sans aucun regret.", "pendant que le chat regarde."},
	},
}
