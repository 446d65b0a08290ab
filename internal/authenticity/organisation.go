package authenticity

import (
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Kind says whether an account speaks for a person or for an organisation.
type Kind struct {
	Probability float64 // that it is an organisation, in [0, 1]
	Reasons     []Reason
}

// From this probability on an account counts as that of an organisation.
const organisationFrom = 0.5

// Organisation tells whether the account is rather that of an organisation.
func (k Kind) Organisation() bool { return k.Probability >= organisationFrom }

// organisationPrior is the log-odds that an account of which nothing is known
// is an organisation's: about one in six.
const organisationPrior = -1.6

// nature is a rule about what an account is: words of its bio or its name, or
// something else that shows in the profile or in its posts.
type nature struct {
	code   string
	weight float64
	en, es string
	bio    []string // any of these phrases in the bio …
	name   []string // … or in the display name
	holds  func(*profileWords) bool
}

// profileWords is what those rules look at.
type profileWords struct {
	Profile
	Behaviour
	bio, name wordList
	named     naming
}

// impersonalWords is how many words a bio needs before it means something that
// none of them is about a person.
const impersonalWords = 4

// firstPerson is how people speak of themselves and those near them.
var firstPerson = phrases("i", "i'm", "im", "i've", "i'll", "i'd", "my", "me", "mine", "myself", "mom", "mum", "mother", "dad", "father", "wife", "husband", "girl", "boy", "married", "single", "student", "she", "he", "her", "his", "him",
	"yo", "soy", "mi", "mis", "mía", "mío", "me", "madre", "padre", "mamá", "papá", "esposa", "esposo", "marido", "estudiante", "casada", "casado", "ella", "él")

// The forms of companies, in bios and in names.
var (
	legalForm = phrases("inc", "ltd", "llc", "gmbh", "plc", "corporation", "company", "s l", "s a", "empresa", "compañía", "firm", "nonprofit", "non profit", "ngo", "ong", "501c3", "charity")
	legalName = phrases("inc", "ltd", "llc", "gmbh", "plc", "co", "corp", "s l", "s a", "ltda", "sarl", "srl")
)

// natures is the whole of what tells organisations from people, weights in
// log-odds. Words of bios are those with which organisations present themselves
// in English and Spanish, none of them a topic; those of names are in called.txt.
var natures = []nature{
	{
		code: "we", weight: 1.5, en: "it speaks of itself as we", es: "habla de sí en plural",
		bio: phrases("we", "we're", "we've", "our", "us", "ours", "somos", "nosotros", "nosotras", "nuestro", "nuestra", "nuestros", "nuestras", "ofrecemos", "hacemos", "síguenos", "contáctanos", "visítanos", "escríbenos"),
	},
	{
		code: "i", weight: -2, en: "it speaks of itself as I, or of a family", es: "habla de sí en primera persona o de su familia",
		bio: firstPerson,
	},
	{
		code: "official", weight: 1.75, en: "it calls itself official", es: "se presenta como oficial",
		bio:  phrases("official", "oficial", "the home of", "account of the", "account for the", "cuenta de la", "cuenta del"),
		name: phrases("hq"),
	},
	{
		code: "legal-name", weight: 2.5, en: "its name has the form of a company", es: "su nombre tiene forma de empresa",
		name: legalName,
	},
	{
		code: "legal-form", weight: 2.5, en: "its bio has the form of a company", es: "su biografía tiene forma de empresa",
		holds: func(p *profileWords) bool { return p.bio.hasAny(legalForm) && !p.name.hasAny(legalName) }, // counted once
	},
	{
		code: "institution", weight: 1.5, en: "it names what it is: a shop, a station, a school, a club …", es: "dice lo que es: tienda, emisora, colegio, club…",
		bio: phrases("store", "shop", "boutique", "restaurant", "hotel", "magazine", "newspaper", "radio station", "station", "network", "agency", "studio", "university", "school", "college", "museum", "library", "church",
			"association", "foundation", "institute", "organization", "organisation", "community", "centre", "center", "club", "council", "department", "group", "team", "brand", "label", "website", "app", "platform", "publisher", "festival",
			"tienda", "restaurante", "revista", "periódico", "diario", "emisora", "agencia", "estudio", "universidad", "colegio", "escuela", "museo", "biblioteca", "iglesia", "asociación", "fundación", "instituto", "organización", "comunidad", "centro", "ayuntamiento", "departamento", "equipo", "marca", "plataforma", "editorial"),
	},
	{
		code: "offers", weight: 1.5, en: "it offers goods or services", es: "ofrece bienes o servicios",
		bio: phrases("services", "service", "provide", "provides", "providing", "provider", "supplier", "manufacturer", "products", "offers", "offering", "deals", "sale", "buy", "order", "orders", "delivery", "customers", "clients", "solutions", "bookings", "free shipping", "open daily", "visit",
			"servicios", "productos", "ofrece", "ofertas", "compra", "pedidos", "envíos", "clientes", "soluciones", "reservas", "proveedor", "fabricante", "visita"),
	},
	{
		code: "informs", weight: 1.5, en: "it announces news or updates", es: "anuncia noticias o novedades",
		bio: phrases("news", "updates", "latest", "breaking", "headlines", "events", "daily", "tips", "information", "info", "research", "coverage", "dedicated to", "bringing you", "brings you", "follow for", "all things", "everything about", "source for", "jobs", "vacancies",
			"noticias", "novedades", "actualidad", "última hora", "titulares", "eventos", "información", "investigación", "dedicada a", "dedicado a", "todo sobre", "empleos", "te trae", "te traemos"),
	},
	{
		code: "invites", weight: 1, en: "it calls on its readers", es: "se dirige a sus lectores",
		bio: phrases("your", "join", "follow us", "contact", "call", "email", "sign up", "subscribe", "download", "help you", "helping", "tweet us", "get", "find", "discover", "únete", "contacto", "llama", "suscríbete", "descarga", "descubre", "tu", "tus", "te ayudamos"),
	},
	{
		code: "founded", weight: 1, en: "it says since when it exists", es: "dice desde cuándo existe",
		bio: phrases("since", "est", "established", "founded", "desde", "fundada en", "fundado en"),
	},
	{
		code: "impersonal", weight: 0.5, en: "its bio speaks of no person", es: "su biografía no habla de nadie",
		holds: func(p *profileWords) bool {
			return strings.Count(string(p.bio), " ") > impersonalWords && !p.bio.hasAny(firstPerson)
		},
	},
	{
		code: "body-name", weight: 4, en: "its name has a word that no person is called: a ministry, a newspaper, a university, an airline …", es: "su nombre tiene una palabra que ninguna persona lleva: ministerio, periódico, universidad, aerolínea…",
		holds: func(p *profileWords) bool { return p.named.body },
	},
	{
		code: "trade-name", weight: 2, en: "its name has a word of media, trade or associations: news, radio, shop, club …", es: "su nombre tiene una palabra de medios, comercios o asociaciones: noticias, radio, tienda, club…",
		holds: func(p *profileWords) bool { return p.named.trade },
	},
	{
		code: "hint-name", weight: 1, en: "its name has a word that many organisations use", es: "su nombre tiene una palabra que usan muchas organizaciones",
		holds: func(p *profileWords) bool { return p.named.hints > 0 },
	},
	{
		code: "hints-name", weight: 1, en: "its name has more than one such word", es: "su nombre tiene más de una palabra así",
		holds: func(p *profileWords) bool { return p.named.hints > 1 },
	},
	{
		code: "place-name", weight: 1, en: "its name has a country, a continent or the language of an edition", es: "su nombre tiene un país, un continente o el idioma de una edición",
		holds: func(p *profileWords) bool { return p.named.place },
	},
	{
		code: "edition", weight: 1, en: "its name ends in such a place, as that of a branch", es: "su nombre acaba en un lugar así, como el de una sede",
		holds: func(p *profileWords) bool { return p.named.edition },
	},
	{
		code: "acronym", weight: 1, en: "its name is or begins with an acronym", es: "su nombre es o empieza por una sigla",
		holds: func(p *profileWords) bool { return p.named.acronym },
	},
	{
		code: "site-name", weight: 2.5, en: "its name is a web address", es: "su nombre es una dirección web",
		holds: func(p *profileWords) bool { return p.named.domain },
	},
	{
		code: "given-name", weight: -2, en: "its name begins with a given name", es: "su nombre empieza por un nombre de pila",
		holds: func(p *profileWords) bool { return p.named.given },
	},
	{
		code: "personal-name", weight: -2.5, en: "its name has a title, a job or a role among people", es: "su nombre tiene un tratamiento, un oficio o un papel de persona",
		holds: func(p *profileWords) bool { return p.named.person },
	},
	{
		code: "belongs", weight: -2, en: "its name says somebody and where from", es: "su nombre dice alguien y de dónde",
		holds: func(p *profileWords) bool { return p.named.belongs },
	},
	{
		code: "posts-i", weight: -1, en: "its posts speak as I", es: "sus publicaciones hablan en primera persona",
		holds: func(p *profileWords) bool { return p.Voice.personal() },
	},
	{
		code: "posts-point", weight: 0.75, en: "its posts never speak as I, and most have a link", es: "sus publicaciones nunca hablan en primera persona y casi todas llevan un enlace",
		holds: func(p *profileWords) bool { return p.Voice.impersonal() },
	},
	{
		code: "own-domain", weight: 2, en: "it links to a site with the name of the account", es: "enlaza a un sitio con el nombre de la cuenta",
		holds: linksToOwnName,
	},
	{
		code: "bio-link", weight: 0.75, en: "its bio has a web address", es: "su biografía tiene una dirección web",
		holds: func(p *profileWords) bool {
			b := strings.ToLower(text(p.Bio))
			return strings.Contains(b, "http://") || strings.Contains(b, "https://") || strings.Contains(b, "www.")
		},
	},
}

// NatureOf weighs whether an account is an organisation's. Log-odds add up as
// in [Assess]; nothing known gives the prior, about 0.17. Of the behaviour only
// the voice counts.
func NatureOf(p Profile, b Behaviour) Kind {
	w := profileWords{Profile: p, Behaviour: b, bio: words(text(p.Bio)), name: words(p.Name + " " + apart(localHandle(p))), named: nameOf(p)}
	sum, out := organisationPrior, Kind{}
	for i := range natures {
		n := &natures[i]
		if w.bio.hasAny(n.bio) || w.name.hasAny(n.name) || n.holds != nil && n.holds(&w) {
			sum += n.weight
			out.Reasons = append(out.Reasons, Reason{Code: n.code, Weight: n.weight})
		}
	}
	out.Probability = 1 / (1 + math.Exp(-sum))
	return out
}

// sharedHosts: shorteners and hosts of profiles say nothing of who owns an account.
var sharedHosts = []string{"t.co", "bit.ly", "linktr.ee", "goo.gl", "facebook.com", "instagram.com", "youtube.com", "twitter.com", "x.com", "tiktok.com", "linkedin.com", "medium.com", "tumblr.com", "blogspot.com", "wordpress.com", "github.io", "github.com"}

// linksToOwnName tells @novacafe with nova-cafe.example; of a person that is
// as likely, so the name must not look like one: two words with capitals.
func linksToOwnName(p *profileWords) bool {
	host := hostOf(text(p.URL))
	if host == "" || isShared(host) || len(strings.Fields(p.Name)) == 2 {
		return false
	}
	label, _, _ := strings.Cut(host, ".")
	label, handle := letters(label), letters(p.Handle)
	return len(label) >= 4 && strings.Contains(handle, label)
}

func isShared(host string) bool {
	return slices.ContainsFunc(sharedHosts, func(s string) bool { return under(host, s) })
}

// under tells whether host is domain or below it.
func under(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// hostOf gives the host of a link, lower case, without "www."; "" for none.
func hostOf(link string) string {
	link = strings.TrimSpace(link)
	if link == "" {
		return ""
	}
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), "www.")
}

// letters keeps letters and digits, lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// apart parts a handle where its capitals, digits and underscores part it:
// NovaNews_24 is "Nova News 24".
func apart(handle string) string {
	var out strings.Builder
	lower := false
	for _, r := range handle {
		switch {
		case r == '_' || r == '-' || r == '.':
			out.WriteByte(' ')
			lower = false
			continue
		case lower && !unicode.IsLower(r):
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		lower = unicode.IsLower(r)
	}
	return out.String()
}
