package authenticity_test

import (
	"strings"
	"testing"

	"adalid"
	"adalid/internal/authenticity"
)

// Nobody here exists, nor does the brand.
var nova = authenticity.Brand{Name: "Nova Café", Handles: []string{"novacafe", "novacafe_es"}, Domains: []string{"ncafe.example"}}

func bio(text string) authenticity.Evidence {
	return authenticity.Evidence{Profile: authenticity.Profile{Handle: "ines_ruiz", Name: "Inés Ruiz", Bio: &text}}
}

func linked(e authenticity.Evidence, url string) authenticity.Evidence {
	e.Profile.URL = &url
	return e
}

func handle(h string) authenticity.Evidence {
	return authenticity.Evidence{Profile: authenticity.Profile{Handle: h}}
}

func on(platform adalid.Platform, e authenticity.Evidence) authenticity.Evidence {
	e.Profile.Platform = platform
	return e
}

func TestCircle(t *testing.T) {
	reposts := func(e authenticity.Evidence, made, ofBrand int) authenticity.Evidence {
		e.Reposts, e.RepostsOfBrand = made, ofBrand
		return e
	}
	links := func(e authenticity.Evidence, posts int, hosts map[string]int) authenticity.Evidence {
		e.Posts, e.Links = posts, hosts
		return e
	}
	cases := []struct {
		name string
		e    authenticity.Evidence
		want authenticity.Role // of the first suggestion; "" for none
	}{
		{"nothing", authenticity.Evidence{}, ""},
		{"works there", bio("I work at Nova Café and ride bikes"), authenticity.Staff},
		{"trabaja allí", bio("Barcelonesa. Trabajo en Nova Café, opiniones mías"), authenticity.Staff},
		{"a job and the handle", bio("Head of Marketing @novacafe. Dog mum"), authenticity.Staff},
		{"un puesto", bio("Community manager de @novacafe_es"), authenticity.Staff},
		{"fundadora", bio("Fundadora de Nova Café"), authenticity.Staff},
		{"a job behind the handle", bio("@novacafe barista, poet"), authenticity.Staff},
		{"names it, own views", linked(bio("Coffee person, @novacafe. Views my own"), "https://www.novacafe.example/team"), authenticity.Staff},
		{"site and links", links(linked(bio("Coffee, mostly"), "https://novacafe.example"), 10, map[string]int{"www.novacafe.example": 9}), authenticity.Staff},
		{"its site by another name", linked(bio("Cats, mostly"), "https://ncafe.example/es"), authenticity.Staff},
		{"its site in a country", linked(bio("Cats, mostly"), "https://tienda.nova-cafe.com.mx/hola"), authenticity.Staff},
		{"a site called as its handle", linked(bio("Cats, mostly"), "https://novacafees.example"), authenticity.Staff},
		{"a blog called as the brand", linked(bio("Cats, mostly"), "https://novacafe.blogs.example"), ""},
		{"a blog on a platform", linked(bio("Cats, mostly"), "https://novacafe.wordpress.com"), ""},
		{"a site that begins as the brand", linked(bio("Cats, mostly"), "https://novacafetiere.example"), ""},
		{"an account called as the brand", handle("Nova_Cafe"), authenticity.Staff},
		{"in a country", handle("@novacafemx"), authenticity.Staff},
		{"official", handle("NovaCafeOficial"), authenticity.Staff},
		{"on its own site", on("bluesky", handle("novacafe.example")), authenticity.Staff},
		{"on a server", handle("novacafe@mastodon.example"), authenticity.Staff},
		{"of a fan", handle("novacafefan"), ""},
		{"of somebody else", handle("novacafetiere"), ""},
		{"handle, site", linked(handle("novacafe_lola"), "novacafe.example"), authenticity.Staff},
		{"a title", bio("Green coffee buyer, Nova Café. Climbs"), authenticity.Staff},
		{"a title behind", bio("Nova Café store manager, Leeds"), authenticity.Staff},
		{"encargado", bio("Encargado de tienda, Nova Café Sevilla"), authenticity.Staff},
		{"views not the brand's", bio("Climbing. Views my own, not Nova Café's"), authenticity.Staff},
		{"opiniones", bio("Café y escalada. Opiniones mías, no de Nova Café"), authenticity.Staff},
		{"its site alone", linked(bio("Cats, mostly"), "https://novacafe.example"), authenticity.Staff},
		{"a job, and a cup in it", bio("Designer, Nova Café in the mug"), ""},
		{"in the past, in one sentence", bio("Fui barista en Nova Café, ahora enfermera"), ""},
		{"its name in a question of views", bio("Nova Café before noon. Views my own"), ""},
		{"in the past", bio("Formerly barista at Nova Café, now writing"), ""},
		{"en el pasado", bio("Ex Nova Café. Responsable de compras en otra parte"), ""},
		{"trabajó", bio("Trabajé en Nova Café, hoy periodista"), ""},
		{"a fan", bio("Engineer. Fan of Nova Café and long naps"), ""},
		{"una fan", bio("Ingeniera, madre y adicta a Nova Café"), ""},
		{"addict", bio("Marketing student, Nova Café addict"), ""},
		{"a job elsewhere", bio("Head of Marketing at Blue Bottles Ltd. Nova Café in the morning"), ""},
		{"a job and a cup", bio("Designer from Leeds with Nova Café in hand"), ""},
		{"loves it", bio("Support engineer, I love @novacafe"), ""},
		{"fan page", handle("novacafe_fans"), ""},
		{"handle alone", handle("novacafe_lola"), ""},
		{"a share of another's name", handle("innovacafeteria"), ""},

		{"agency", bio("PR agency. Clients: Nova Café, Blue Bottles"), authenticity.Agency},
		{"agencia", bio("Agencia de comunicación en Sevilla. Llevamos a @novacafe_es"), authenticity.Agency},
		{"agency that reposts", reposts(bio("We are a marketing agency in Leeds"), 20, 19), authenticity.Agency},
		{"agency of others", bio("Agencia de publicidad en Zarlona"), ""},
		{"a fan who reposts", reposts(bio("coffee and rain"), 20, 20), ""},

		{"distributor", bio("Official distributor of Nova Café in Portugal"), authenticity.Reseller},
		{"distribuidor", bio("Distribuidor autorizado de Nova Café y otras marcas"), authenticity.Reseller},
		{"a shop with links", links(linked(bio("Tienda de cafés: Nova Café, Blue Bottles"), "https://cafesdelsur.example"), 10, map[string]int{"cafesdelsur.example": 8}), authenticity.Reseller},
		{"a shop of others", bio("Tienda de bicis"), ""},
		{"a blog with links", links(linked(bio("Escribo de viajes"), "https://ines.example"), 10, map[string]int{"ines.example": 10}), ""},

		{"sells it", links(bio("Deli in Leeds. We sell Nova Café and cheese"), 9, nil), authenticity.Reseller},
		{"vende", bio("Ultramarinos. Vendemos Nova Café"), authenticity.Reseller},
		{"a client", bio("Strategy for food. We work with Nova Café"), authenticity.Agency},

		{"ambassador", bio("Runner. Ambassador of @novacafe"), authenticity.Partner},
		{"embajadora", bio("Embajadora de Nova Café. Madre y corredora"), authenticity.Partner},
		{"code", bio("Use code INES10 at Nova Café"), authenticity.Partner},
		{"código", bio("Código INES10 en Nova Café"), authenticity.Partner},
		{"paid posts", authenticity.Evidence{Posts: 9, Sponsored: 3}, authenticity.Partner},
		{"a fan who shares a code", authenticity.Evidence{Posts: 40, Sponsored: 3}, ""},
		{"one paid post", authenticity.Evidence{Posts: 9, Sponsored: 1}, ""},
		{"a partner in life", bio("Partner, dad, engineer, poor sleeper. Mornings with @novacafe"), ""},
		{"behind the brand", bio("Runner, reader, @novacafe ambassador"), authenticity.Partner},
		{"ambassador of others", bio("Embajadora de Zarlona en el mundo"), ""},
	}
	for _, c := range cases {
		got := authenticity.Circle(c.e, nova)
		var first authenticity.Role
		if len(got) > 0 {
			first = got[0].Role
		}
		if first != c.want {
			t.Errorf("%s: %+v, want %q first", c.name, got, c.want)
		}
		for _, s := range got {
			for _, r := range s.Reasons {
				if en, es := r.Say("en"), r.Say("es"); en == "" || es == "" || strings.Contains(en+es, "{") {
					t.Errorf("%s: %s says %q and %q", c.name, r.Code, en, es)
				}
			}
		}
	}
}

func FuzzCircle(f *testing.F) {
	f.Add("Head of İNova Café @novacafe", "NovaCafe_İ", "Nova Café", "https://nova café.example", "novacafe.example", 7)
	f.Add("ex  nova", "bot", "", "%zz", "", -1)
	f.Fuzz(func(t *testing.T, bio, handle, name, link, domain string, n int) {
		p := authenticity.Profile{Handle: handle, Name: name, Bio: &bio, URL: &link}
		e := authenticity.Evidence{Profile: p, Posts: n, Sponsored: n, Links: map[string]int{link: n}, Reposts: n, RepostsOfBrand: n}
		for _, s := range authenticity.Circle(e, authenticity.Brand{Name: name, Handles: []string{handle}, Domains: []string{domain}}) {
			if !(s.Probability >= 0.5 && s.Probability <= 1) || len(s.Reasons) == 0 {
				t.Errorf("%+v", s)
			}
		}
		if k := authenticity.NatureOf(p, authenticity.Behaviour{}); !(k.Probability > 0 && k.Probability < 1) {
			t.Errorf("%+v", k)
		}
	})
}

func TestCircleReasons(t *testing.T) {
	e := authenticity.Evidence{Posts: 9, Sponsored: 3}
	got := authenticity.Circle(e, nova)
	if len(got) != 1 || len(got[0].Reasons) != 1 || got[0].Reasons[0].Say("es") != "3 de sus 9 publicaciones están marcadas como pagadas o incluyen un código de descuento" {
		t.Errorf("%+v", got)
	}
	if got := authenticity.Circle(e, authenticity.Brand{}); len(got) != 1 {
		t.Errorf("a brand without name, handles and domains: %+v", got)
	}
	if got := authenticity.Circle(bio("I work at the harbour"), authenticity.Brand{Handles: []string{""}, Domains: []string{" "}}); got != nil {
		t.Errorf("an empty handle is named by everybody: %+v", got)
	}
}

func BenchmarkCircle(b *testing.B) {
	e := bio("Madre de dos, ingeniera en Zarlona. Café, bicis y libros. Opiniones mías, retuits no son acuerdo")
	b.ReportAllocs()
	for b.Loop() {
		authenticity.Circle(e, nova)
	}
}
