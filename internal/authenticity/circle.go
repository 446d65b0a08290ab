package authenticity

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Role is what ties somebody to the brand other than liking it.
type Role string

// The brand's circle: people who help because it is their work or they are paid.
const (
	Staff    Role = "staff"
	Agency   Role = "agency"
	Reseller Role = "reseller"
	Partner  Role = "paid-partner"
)

var roles = []Role{Staff, Agency, Reseller, Partner}

// Brand is what is known of the brand itself.
type Brand struct {
	Name    string
	Handles []string // of its own accounts, without @
	Domains []string // of its own sites, such as nova.example; those called as Name or one of Handles need not be here
}

// Evidence is what one account shows about its tie to the brand. Counts are of
// what the store has of the account about that brand; 0 of them is what was
// seen, not a guess.
type Evidence struct {
	Profile        Profile
	Posts          int            // own posts
	Sponsored      int            // of them, those marked as paid or with a coupon or affiliate link
	Links          map[string]int // own posts by host that they link to; a post counts once per host
	Reposts        int            // reposts made
	RepostsOfBrand int            // of them, those of the brand's own accounts
}

// Suggestion is a role that somebody probably has, for a person to confirm.
type Suggestion struct {
	Role        Role     `json:"role"`
	Probability float64  `json:"probability"` // in [0, 1]
	Reasons     []Reason `json:"reasons"`
}

// A role is suggested from this probability on; without evidence each has
// circlePrior in log-odds, about 5 in 100.
const (
	suggestFrom = 0.5
	circlePrior = -3.0
)

// OwnAccount is the chance from which on an account that is called as the brand
// is taken for its own until a team says otherwise.
const OwnAccount = 0.70

// tie is one rule: what it says for each role, in log-odds.
type tie struct {
	code    string
	en, es  string
	weights map[Role]float64
	holds   func(*bond) ([]int64, bool)
}

// bond is the evidence prepared for the rules.
type bond struct {
	Evidence
	bio, name wordList
	domains   []string
	brand     Brand
	terms     []string // how the brand is named in a text, as phrases
	called    likeness // its handle, to that of an own account
	named     bool     // in the bio
	handled   bool     // the bio names one of its handles with @
}

// Words of the circle. A job or a trade counts only beside the brand.
var (
	jobWords = phrases("manager", "director", "head of", "ceo", "cto", "cmo", "cfo", "founder", "co founder", "cofounder", "owner", "employee", "engineer", "designer", "developer", "barista", "marketing", "community manager", "social media", "pr", "comms", "lead", "buyer", "intern", "editor", "analyst", "recruiter", "sales", "support", "product", "executive", "officer", "trainer", "chef",
		"accountant", "finance", "operations", "logistics", "warehouse", "quality", "hr", "legal", "consultant", "assistant", "specialist", "coordinator", "technician", "driver", "pilot", "crew", "flight attendant", "cashier", "customer service", "customer care", "strategist", "roaster", "brewer", "baker", "waiter", "nurse",
		"directora", "gerente", "jefe", "jefa", "responsable", "fundador", "fundadora", "cofundador", "cofundadora", "dueño", "dueña", "empleado", "empleada", "ingeniero", "ingeniera", "diseñador", "diseñadora", "desarrollador", "desarrolladora", "comunicación", "prensa", "becaria", "becario", "ventas", "comercial", "dependienta", "dependiente", "encargado", "encargada", "técnico", "técnica",
		"finanzas", "contable", "operaciones", "logística", "almacén", "calidad", "recursos humanos", "consultor", "asistente", "especialista", "coordinador", "coordinadora", "comprador", "compradora", "conductor", "conductora", "piloto", "tripulante", "cajero", "cajera", "atención al cliente", "tostador", "tostadora", "camarero", "camarera", "cocinero", "cocinera")
	atWords    = []string{"at", "for", "of", "en", "de", "del", "para", "@"}
	asideWords = phrases("with", "in", "before", "after", "not", "con", "antes", "después", "sin") // of who has the brand beside the job
	workWords  = []string{
		"work at", "work for", "works at", "works for", "working at", "working for", "work with", "employed by", "employed at", "part of the team at", "team", "founder of", "owner of", "behind", "i run the", "i manage the", "i run", "i own",
		"trabajo en", "trabajo para", "trabajando en", "trabajando para", "trabaja en", "equipo de", "equipo", "currando en", "curro en", "parte de", "fundadora de", "fundador de", "dueña de", "dueño de", "llevo la tienda de", "llevo las redes de", "dirijo",
	}
	formerWords = phrases(
		"ex", "was", "former", "formerly", "formerly at", "formerly of", "previously at", "previously", "before at", "past", "once at", "used to work at", "used to work for",
		"antes en", "anteriormente en", "antigua empleada de", "antiguo empleado de", "fui", "trabajé en", "trabajé para", "ex de", "exempleada de", "exempleado de")
	fanWords = []string{
		"fan of", "love", "loves", "i love", "lover of", "addicted to", "obsessed with", "customer of", "not affiliated with", "no affiliation with", "powered by",
		"fan de", "fans de", "amo", "amante de", "adicta a", "adicto a", "loca por", "loco por", "me encanta", "clienta de", "cliente de", "sin relación con",
	}
	unofficialWords = phrases("unofficial", "not official", "fan account", "fan page", "fanpage", "fan club", "fanclub", "parody", "satire", "not affiliated", "no affiliation", "no oficial", "extraoficial", "no es la cuenta oficial", "cuenta fan", "cuenta de fans", "parodia", "sátira", "sin relación con la marca")
	fanAfter        = []string{"fan", "fans", "lover", "addict", "enthusiast", "customer", "fanclub", "adicta", "adicto", "club"}
	fanHandles      = phrases(fanAfter...)

	ownViews = phrases("opinions my own", "opinions are my own", "views my own", "views are my own", "my own views", "my own opinions", "tweets are my own", "my views", "own views", "opinions are mine", "opinions mine", "views are mine", "views mine", "my words", "i speak for myself",
		"opiniones mías", "opiniones propias", "opiniones personales", "a título personal", "opinión personal", "mis opiniones", "hablo por mí", "lo que digo es mío")
	viewWords   = phrases("views", "opinions", "tweets", "words", "opiniones", "tuits", "palabras", "lo que digo")
	notTheirs   = []string{"not", "not of", "not those of", "don't represent", "do not represent", "no de", "no las de", "no los de", "no representan a", "no representan las de"} // before the brand, of one's views
	agencyWords = phrases("agency", "public relations", "pr agency", "pr firm", "social media management", "marketing agency", "media agency", "we manage", "our clients", "clients", "consultancy", "advertising", "creative studio", "publicist", "recent work",
		"agencia", "relaciones públicas", "gestionamos", "nuestros clientes", "clientes", "consultora", "publicidad", "gabinete de prensa", "gestión de redes", "estudio creativo", "últimos trabajos")
	clientWords   = []string{"we work with", "we work for", "working with", "i represent", "we represent", "trabajamos con", "trabajamos para", "represento a", "representamos a", "llevamos a"} // right before the brand
	resellerWords = phrases("distributor", "distributors", "reseller", "resellers", "dealer", "dealership", "authorised dealer", "authorized dealer", "stockist", "stockists", "wholesale", "wholesaler", "retailer", "franchise", "franchisee", "importer", "official store",
		"distribuidor", "distribuidora", "distribuidores", "revendedor", "revendedora", "concesionario", "punto de venta", "mayorista", "minorista", "franquicia", "franquiciado", "importador", "importadora", "tienda oficial", "tienda autorizada", "servicio técnico autorizado")
	shopWords = phrases("shop", "store", "we sell", "selling", "buy", "outlet", "for sale", "orders", "order online", "free shipping", "deals", "coffee shop", "café", "restaurant", "bar", "bakery", "deli", "pharmacy", "boutique", "supermarket",
		"tienda", "vendemos", "vendo", "venta", "compra", "pedidos", "envíos", "ofertas", "cafetería", "restaurante", "panadería", "farmacia", "supermercado", "ultramarinos")
	sellWords    = []string{"we sell", "i sell", "sell", "sells", "selling", "we stock", "stockist of", "we distribute", "we import", "vendemos", "vendo", "vende", "distribuimos", "importamos"} // right before the brand
	partnerWords = phrases("ambassador", "brand ambassador", "partner", "brand partner", "sponsored by", "sponsored athlete", "brand rep", "affiliate", "collab", "collaborator", "creator for", "in partnership", "paid partnership", "use code", "my code", "discount code", "code",
		"embajador", "embajadora", "patrocinado por", "patrocinada por", "colaborador", "colaboradora", "en colaboración", "afiliado", "afiliada", "imagen de", "usa el código", "mi código", "código de descuento", "código", "cupón")
)

// ties is the whole of what suggests a role.
var ties = []tie{
	{"works-there", "their bio says that they work for the brand", "su biografía dice que trabaja para la marca", map[Role]float64{Staff: 4.5}, evident(func(b *bond) bool { return b.before(workWords) && !b.before(clientWords) })},
	{"job-there", "their bio names a job at the brand", "su biografía nombra un puesto en la marca", map[Role]float64{Staff: 4}, evident(func(b *bond) bool {
		return b.job() && !b.disclaims() && !b.before(workWords) && !b.bio.hasAny(partnerWords) && !b.bio.hasAny(resellerWords) && !b.bio.hasAny(agencyWords)
	})},
	{"brand-domain", "their profile links to the brand's own site", "su perfil enlaza al sitio de la marca", map[Role]float64{Staff: 3.5, Agency: 0.5, Reseller: 0.5, Partner: 1}, evident(func(b *bond) bool {
		return b.ours(hostOf(text(b.Profile.URL)))
	})},
	{"own-views", "their bio names the brand and says that the views are their own", "su biografía nombra a la marca y dice que las opiniones son propias", map[Role]float64{Staff: 2}, evident(func(b *bond) bool { return b.named && b.bio.hasAny(ownViews) && !b.disclaims() })},
	{"disclaims", "their bio says that their views are not the brand's", "su biografía dice que sus opiniones no son las de la marca", map[Role]float64{Staff: 4}, evident((*bond).disclaims)},
	{"brand-handle", "their handle includes the brand's", "su usuario incluye el de la marca", map[Role]float64{Staff: 1.5, Reseller: 1}, evident((*bond).handleWithBrand)},
	{BrandAccount, "their handle is the brand's name, as that of its own account", "su usuario es el nombre de la marca, como el de su propia cuenta", map[Role]float64{Staff: 4}, evident(func(b *bond) bool { return b.called == same })},
	{"brand-account-like", "their handle is the brand's name with a word that its own accounts add, and others too", "su usuario es el nombre de la marca con una palabra que añaden sus propias cuentas y también otras", map[Role]float64{Staff: 3}, evident(func(b *bond) bool { return b.called == alike })},
	{"brand-name", "their display name is the brand's", "su nombre visible es el de la marca", map[Role]float64{Staff: 2}, evident((*bond).showsBrand)},
	{"other-name", "their display name says something else or more than the brand's", "su nombre visible dice otra cosa o más que el de la marca", map[Role]float64{Staff: -0.5}, evident(func(b *bond) bool { return b.called == same && b.showsOther() })},
	{"brand-organisation", "they are called as the brand and speak as an organisation", "se llama como la marca y habla como una organización", map[Role]float64{Staff: 1}, evident(func(b *bond) bool {
		return b.called == same && b.showsOther() && NatureOf(b.Profile, Behaviour{}).Organisation()
	})},
	{"unofficial", "they say that they are not the brand's own account", "dice que no es una cuenta de la marca", map[Role]float64{Staff: -4}, evident(func(b *bond) bool {
		return b.called != unlike && (b.bio.hasAny(unofficialWords) || b.name.hasAny(unofficialWords))
	})},
	{"former", "their bio says that this was in the past", "su biografía dice que eso fue en el pasado", map[Role]float64{Staff: -6, Agency: -3, Partner: -3}, evident((*bond).former)},
	{"fan", "they call themselves a fan or customer", "se presenta como fan o cliente", map[Role]float64{Staff: -3, Agency: -2, Reseller: -2, Partner: -1.5}, evident((*bond).fan)},
	{"named", "their bio mentions the brand", "su biografía menciona la marca", map[Role]float64{Agency: 1.5, Reseller: 1.5, Partner: 1.5}, evident(func(b *bond) bool { return b.named })},
	{"agency", "they are an agency or have clients", "es una agencia o tiene clientes", map[Role]float64{Agency: 2}, evident(func(b *bond) bool { return b.bio.hasAny(agencyWords) || b.name.hasAny(agencyWords) })},
	{"client-work", "their bio says that the brand is a client", "su biografía dice que la marca es clienta", map[Role]float64{Agency: 2}, evident(func(b *bond) bool { return b.before(clientWords) })},
	{"sells-it", "their bio says that they sell the brand", "su biografía dice que vende la marca", map[Role]float64{Reseller: 2.5}, evident(func(b *bond) bool { return b.before(sellWords) && !b.bio.hasAny(resellerWords) })},
	{"reseller", "they distribute or resell", "distribuye o revende", map[Role]float64{Reseller: 2.5}, evident(func(b *bond) bool { return b.bio.hasAny(resellerWords) || b.name.hasAny(resellerWords) })},
	{"shop", "they sell things", "vende cosas", map[Role]float64{Reseller: 1}, evident(func(b *bond) bool { return b.bio.hasAny(shopWords) || b.name.hasAny(shopWords) })},
	{"own-shop-links", "{0} of their {1} posts link to their own site", "{0} de sus {1} publicaciones enlazan a su propio sitio", map[Role]float64{Reseller: 2}, func(b *bond) ([]int64, bool) {
		host := hostOf(text(b.Profile.URL))
		if host == "" || isShared(host) || b.ours(host) {
			return nil, false
		}
		return b.mostLinks(func(h string) bool { return under(h, host) })
	}},
	{"brand-links", "{0} of their {1} posts link to the brand's site", "{0} de sus {1} publicaciones enlazan al sitio de la marca", map[Role]float64{Staff: 1.5, Agency: 1.5, Partner: 1}, func(b *bond) ([]int64, bool) { return b.mostLinks(b.ours) }},
	{"brand-reposts", "{0} of their {1} reposts are of the brand's own posts", "{0} de sus {1} republicaciones son de la propia marca", map[Role]float64{Staff: 1, Agency: 1.5, Reseller: 0.5}, func(b *bond) ([]int64, bool) {
		return []int64{int64(b.RepostsOfBrand), int64(b.Reposts)}, b.Reposts >= leastSeen && 5*b.RepostsOfBrand >= 4*b.Reposts
	}},
	{"partner", "their bio mentions a partnership with the brand or a discount code", "su biografía habla de una colaboración con la marca o de un código de descuento", map[Role]float64{Partner: 2.5}, evident(func(b *bond) bool { return b.shortlyBefore(partnerWords) || b.behind(partnerWords) })},
	{"sponsored", "{0} of their {1} posts are marked as paid or include a discount code", "{0} de sus {1} publicaciones están marcadas como pagadas o incluyen un código de descuento", map[Role]float64{Partner: 4}, func(b *bond) ([]int64, bool) {
		return b.paid(), b.Sponsored >= 2 && 5*b.Sponsored >= b.Posts
	}},
	{"sponsored-some", "{0} of their {1} posts, no more than one in five, are marked as paid or include a discount code", "{0} de sus {1} publicaciones, no más de una de cada cinco, están marcadas como pagadas o incluyen un código de descuento", map[Role]float64{Partner: 1}, func(b *bond) ([]int64, bool) {
		return b.paid(), b.Sponsored >= 2 && 5*b.Sponsored < b.Posts
	}},
	{"sponsored-once", "{0} of their {1} posts is marked as paid or includes a discount code", "{0} de sus {1} publicaciones está marcada como pagada o incluye un código de descuento", map[Role]float64{Partner: 1}, func(b *bond) ([]int64, bool) {
		return b.paid(), b.Sponsored == 1
	}},
}

// leastSeen is how many posts or reposts a share needs to mean something.
const leastSeen = 5

func evident(holds func(*bond) bool) func(*bond) ([]int64, bool) {
	return func(b *bond) ([]int64, bool) { return nil, holds(b) }
}

// Circle suggests what roles in the brand's circle somebody has, likeliest
// first; nil when there is nothing to suggest. Log-odds add up per role as in
// [Assess], from a prior of 5 in 100. A person confirms a suggestion or not;
// until then it moves nobody but an account that is surely the brand's own:
// [BrandAccount] among the reasons, and at least [OwnAccount] likely.
func Circle(e Evidence, ours Brand) []Suggestion {
	b := tied(e, ours)
	sums, reasons := map[Role]float64{}, map[Role][]Reason{}
	for i := range ties {
		t := &ties[i]
		values, holds := t.holds(&b)
		if !holds {
			continue
		}
		for role, w := range t.weights {
			sums[role] += w
			reasons[role] = append(reasons[role], Reason{Code: t.code, Weight: w, Values: values})
		}
	}
	var out []Suggestion
	for _, role := range roles {
		if p := 1 / (1 + math.Exp(-circlePrior-sums[role])); p >= suggestFrom {
			out = append(out, Suggestion{role, p, reasons[role]})
		}
	}
	slices.SortStableFunc(out, func(a, b Suggestion) int { return cmp.Compare(b.Probability, a.Probability) })
	return out
}

func tied(e Evidence, ours Brand) bond {
	b := bond{Evidence: e, bio: words(text(e.Profile.Bio)), name: words(e.Profile.Name), brand: ours}
	if name := strings.TrimSpace(string(words(ours.Name))); name != "" {
		b.terms = append(b.terms, " "+name+" ", " "+name+"'s ")
	}
	for _, h := range ours.Handles {
		h = strings.ToLower(strings.TrimPrefix(h, "@"))
		if h == "" {
			continue
		}
		b.terms = append(b.terms, " @"+h+" ", " "+h+" ")
		b.handled = b.handled || b.bio.hasAny([]string{" @" + h + " "})
	}
	for _, d := range ours.Domains {
		if d = hostOf(d); d != "" {
			b.domains = append(b.domains, d)
			b.terms = append(b.terms, string(words(d)))
		}
	}
	b.named = b.bio.hasAny(b.terms)
	b.called = b.calledAsBrand()
	return b
}

// before tells whether one of the phrases stands in the bio right before the
// brand.
func (b *bond) before(list []string) bool {
	if !b.named {
		return false
	}
	for _, term := range b.terms {
		for _, w := range list {
			if strings.Contains(string(b.bio), " "+w+term) {
				return true
			}
		}
	}
	return false
}

// former tells "ex Nova" and "formerly barista at Nova": a word of the past at
// most four words before the brand.
func (b *bond) former() bool { return b.shortlyBefore(formerWords) }

// job tells "head of marketing at Nova", "community manager @nova" and
// "@nova barista": a job shortly before the brand or right behind it.
func (b *bond) job() bool {
	return b.shortlyBefore(jobWords) && (b.handled || b.before(atWords)) || b.behind(jobWords) || b.title()
}

// title tells a part of the bio that is a job and the brand and little else, as
// "Coffee buyer, Nova" or "Nova store manager, Leeds", also in a list: "Buyer |
// Nova | Leeds".
func (b *bond) title() bool {
	const longest = 6
	before := wordList(" ")
	for _, part := range strings.FieldsFunc(text(b.Profile.Bio), func(r rune) bool { return strings.ContainsRune(".!?|•·;\n–—()", r) }) {
		w := words(part)
		if slices.Contains(b.terms, string(w)) && b.lists() {
			w = before + w[1:]
		}
		if len(strings.Fields(string(w))) <= longest && w.hasAny(jobWords) && w.hasAny(b.terms) && !w.hasAny(asideWords) {
			return true
		}
		before = words(part)
	}
	return false
}

// lists tells bios that set their parts apart by signs made for it.
func (b *bond) lists() bool { return strings.ContainsAny(text(b.Profile.Bio), "|•·") }

// disclaims tells "views my own, not Nova's": nobody else has to say so.
func (b *bond) disclaims() bool { return b.bio.hasAny(viewWords) && b.before(notTheirs) }

// behind tells whether one of the phrases stands in the bio right behind the
// brand.
func (b *bond) behind(list []string) bool {
	if !b.named {
		return false
	}
	return slices.ContainsFunc(b.terms, func(term string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(string(b.bio), term+w[1:]) })
	})
}

// shortlyBefore tells whether one of the phrases stands in the bio within four
// words before the brand.
func (b *bond) shortlyBefore(list []string) bool {
	const reach = 4
	for _, term := range b.terms {
		at := strings.Index(string(b.bio), term)
		if at < 0 {
			continue
		}
		lead := strings.Fields(string(b.bio[:at]))
		near := " " + strings.Join(lead[max(0, len(lead)-reach):], " ") + " "
		if wordList(near).hasAny(list) {
			return true
		}
	}
	return false
}

// fan tells "fan of Nova" and "Nova addict".
func (b *bond) fan() bool {
	if !b.named {
		return false
	}
	for _, term := range b.terms {
		for _, w := range fanAfter {
			if strings.Contains(string(b.bio), term+w+" ") {
				return true
			}
		}
	}
	return b.before(fanWords)
}

// ours tells whether a host is one of the brand's.
func (b *bond) ours(host string) bool {
	return host != "" && (slices.ContainsFunc(b.domains, func(d string) bool { return under(host, d) }) || calledAs(host, siteNames(b.brand)))
}

// handleWithBrand tells nova_ana and NovaAna, where the brand's handle is
// nova: its handle as a part that capitals or underscores set apart. Handles of
// under four letters are met by chance.
func (b *bond) handleWithBrand() bool {
	parts := words(apart(b.Profile.Handle))
	if b.called == same || wordList(parts).hasAny(fanHandles) { // the same thing counts once
		return false
	}
	own := strings.TrimSpace(string(parts))
	return slices.ContainsFunc(b.terms, func(term string) bool {
		term = strings.TrimSpace(term)
		return len(term) >= 4 && term[0] != '@' && own != term && strings.Contains(" "+own+" ", " "+term+" ")
	})
}

// mostLinks tells whether at least five posts and 60 % of all link to such
// hosts.
func (b *bond) mostLinks(wanted func(host string) bool) ([]int64, bool) {
	n := 0
	for host, posts := range b.Links {
		if wanted(hostOf(host)) {
			n += posts
		}
	}
	n = min(n, b.Posts) // a post can link to two hosts of one domain
	return []int64{int64(n), int64(b.Posts)}, n >= leastSeen && 10*n >= 6*b.Posts
}

func (b *bond) paid() []int64 { return []int64{int64(b.Sponsored), int64(b.Posts)} }
