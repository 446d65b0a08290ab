package authenticity_test

import (
	"slices"
	"testing"

	"adalid"
	"adalid/internal/authenticity"
)

// calling is an account by what it is called, and its bio.
func calling(handle, name, bio string) authenticity.Evidence {
	return authenticity.Evidence{Profile: authenticity.Profile{Handle: handle, Name: name, Bio: &bio}}
}

// surelyOwn tells whether the ranking would take the account for the brand's own
// before a team decides.
func surelyOwn(e authenticity.Evidence, brand authenticity.Brand) bool {
	return slices.ContainsFunc(authenticity.Circle(e, brand), func(s authenticity.Suggestion) bool {
		return s.Probability >= authenticity.OwnAccount && slices.ContainsFunc(s.Reasons, func(r authenticity.Reason) bool { return r.Code == authenticity.BrandAccount })
	})
}

// TestSurelyOwn: an account called as the brand is taken for its own; people,
// fans and mockers who are called like it are not. All are invented.
func TestSurelyOwn(t *testing.T) {
	luna := authenticity.Brand{Name: "Luna", Handles: []string{"lunacuida"}}
	for _, c := range []struct {
		name   string
		e      authenticity.Evidence
		own    bool
		likely bool // suggested for the circle
	}{
		{"its name", calling("luna", "", ""), true, true},
		{"its name, shown", calling("luna", "Luna", ""), true, true},
		{"official", calling("LunaOficial", "Luna", ""), true, true},
		{"support", calling("luna_support", "", ""), true, true},
		{"a country apart", calling("luna_mx", "Luna México", ""), true, true},
		{"a country in capitals", calling("LunaMX", "", ""), true, true},
		{"a country written out", calling("lunaespaña", "Luna España", ""), true, true},
		{"an own handle elsewhere", on("instagram", calling("luna.cuida", "", "")), true, true},
		{"its airline", calling("LunaAir", "Luna Airlines", ""), true, true},
		{"on a server", calling("@luna@social.example", "", ""), true, true},
		{"its site", on("bluesky", calling("luna.example", "", "")), true, true},
		{"below its site", on("bluesky", calling("noticias.luna.com.mx", "", "")), true, true},
		{"where handles end alike", on("bluesky", calling("luna-es.bsky.social", "", "")), true, true},
		{"it says more, as an organisation", calling("luna", "Luna Lámparas SL", "Somos una tienda de lámparas. Visita nuestra web"), true, true},
		{"it says more, with its site", linked(calling("luna", "Luna Lámparas", ""), "https://luna.example"), true, true},

		{"a person of that name", calling("luna", "Luna Ferrer", "Leo y corro"), false, true},
		{"another name", calling("luna", "Inés Ruiz", ""), false, true},
		{"a person in a country", calling("luna_ar", "Luna Ferrer", ""), false, true},
		{"a year", calling("luna_92", "Luna", ""), false, true},
		{"a surname", on("instagram", calling("luna.ferrer", "Luna Ferrer", "")), false, false},
		{"a surname for a site", on("bluesky", calling("luna.ferrer.example", "Luna", "")), false, true},
		{"letters by chance", calling("lunait", "", ""), false, true},
		{"news, perhaps of fans", calling("lunanews", "Luna News", ""), false, true},
		{"the name alone", calling("ines_ruiz", "Luna", ""), false, false},
		{"a fan", calling("luna_es", "Luna", "Fan account, not Luna itself"), false, false},
		{"fans", calling("luna_es", "Luna", "Fans de Luna"), false, true},
		{"mockery", calling("LunaHelp", "Luna (parodia)", ""), false, false},
		{"formerly", calling("luna", "Luna", "Antes en Luna"), false, false},
		{"a longer word", calling("lunatica", "", ""), false, false},
		{"no handle", calling("", "Luna", ""), false, false},
	} {
		if got := surelyOwn(c.e, luna); got != c.own {
			t.Errorf("%s: taken for the brand's own: %t, %+v", c.name, got, authenticity.Circle(c.e, luna))
		}
		if got := authenticity.Circle(c.e, luna); len(got) > 0 != c.likely {
			t.Errorf("%s: suggested: %+v", c.name, got)
		}
	}
	for _, e := range []authenticity.Evidence{calling("ana", "Ana", ""), calling("", "", "")} {
		if surelyOwn(e, authenticity.Brand{Name: "Ana"}) || surelyOwn(e, authenticity.Brand{}) {
			t.Errorf("a name of three letters, or none, is met by chance: %+v", e.Profile)
		}
	}
	long := authenticity.Brand{Name: "Nova Café"}
	if e := on(adalid.X, calling("novacafepe", "", "")); !surelyOwn(e, long) {
		t.Errorf("nobody ends like that by chance: %+v", authenticity.Circle(e, long))
	}
}

// TestShortenedNames: a brand whose name ends with what it is may be called by
// another such word, and by the rest alone only by chance.
func TestShortenedNames(t *testing.T) {
	brand := authenticity.Brand{Name: "Zarlona Airlines"}
	for handle, own := range map[string]bool{"ZarlonaAir": true, "zarlona_help": true, "zarlona": false, "zarlonafan": false, "airzarlona": false} {
		if got := surelyOwn(calling(handle, "", ""), brand); got != own {
			t.Errorf("%s is taken for the brand's own: %t", handle, got)
		}
	}
}
