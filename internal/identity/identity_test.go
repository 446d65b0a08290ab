package identity

import (
	"math"
	"slices"
	"strings"
	"testing"

	"adalid"
)

func account(platform adalid.Platform, handle, name, bio, url string) Account {
	a := Account{ID: string(platform) + "/" + handle, Author: adalid.Author{Platform: platform, Key: strings.ToLower(handle), Handle: handle, Name: name, Bio: bio, URL: url}}
	if platform == adalid.X {
		a.Key = "10" + handle
	}
	return a
}

// TestCases are invented pairs, each among a few others that share nothing, and
// how sure one may be of them: at least, and less than.
func TestCases(t *testing.T) {
	for _, c := range []struct {
		name        string
		accounts    []Account
		least, most float64
		codes       string // of the first two accounts
	}{
		{"links in both directions", []Account{
			account("x", "lumbrera_v", "Violeta R.", "café y trenes. también en bsky: @violetatrenes.bsky.social", ""),
			account("bluesky", "violetatrenes.bsky.social", "Violeta", "antes https://twitter.com/Lumbrera_V?s=20", ""),
		}, .95, 1, "mutual-links"},
		{"two people who link to each other", []Account{
			account("x", "moss_and_tin", "Tomasz Wrzesz", "husband of https://bsky.app/profile/quillfern.bsky.social", ""),
			account("bluesky", "quillfern.bsky.social", "Odalys Brandt", "wife of x.com/moss_and_tin", ""),
		}, .75, .95, "mutual-links other-name"},
		{"one link, same rare handle", []Account{
			account("x", "zarzaparrillo", "Z.", "toots: @zarzaparrillo@tuba.example", ""),
			account("mastodon", "zarzaparrillo@tuba.example", "", "", "https://tuba.example/@zarzaparrillo"),
		}, .75, .95, "links-to handle-long one-side"},
		{"own site and same name", []Account{
			account("x", "vokselgrin", "Ilse Vokselgrin", "", "https://www.vokselgrin.example/"),
			account("bluesky", "ilse.bsky.social", "Ilse Vokselgrin", "letters and print. vokselgrin.example", ""),
		}, .75, .95, "own-page name-rare"},
		{"a domain as handle", []Account{
			account("bluesky", "vokselgrin.example", "Ilse V", "", ""),
			account("x", "vokselgrin", "Ilse V", "", "http://vokselgrin.example"),
		}, .75, .95, "links-to handle-rare name"},
		{"rare handle, rare name, same words", []Account{
			account("x", "nimbusquilt", "Perpetua Oyelaran", "Quilts, weather maps and slow trains in the north", ""),
			account("mastodon", "nimbusquilt@a.example", "Perpetua Oyelaran", "Quilts, weather maps, slow trains in the north.", ""),
		}, .75, .95, "handle-rare name-rare same-bio one-side"},
		{"the same Instagram, the same handle", []Account{
			account("x", "brontesco", "B", "ig: @brontesco", ""),
			account("reddit", "brontesco", "", "insta @brontesco", ""),
		}, .75, .95, "own-page handle-rare one-side"},

		{"common name", []Account{
			account("x", "juangarcia", "Juan García", "Madrid. Fútbol.", ""),
			account("bluesky", "juangarcia.bsky.social", "Juan García", "Bogotá. Cocina.", ""),
		}, 0, .2, "handle-of-name name"},
		{"common name, short handle", []Account{
			account("x", "juan", "Juan", "", ""),
			account("bluesky", "juan.bsky.social", "Juan", "", ""),
		}, 0, .1, "name"},
		{"common name with the same year", []Account{
			account("x", "maria_lopez1990", "María López", "", ""),
			account("reddit", "maria_lopez1990", "", "", ""),
		}, 0, .3, "handle-numbered"},
		{"rare name alone", []Account{
			account("x", "pq77", "Perpetua Oyelaran", "", ""),
			account("mastodon", "oye@a.example", "Perpetua Oyelaran", "", ""),
		}, 0, .3, "name-rare"},
		{"a handle of common words", []Account{
			account("x", "coffeelover", "", "", ""),
			account("reddit", "coffeelover", "", "", ""),
		}, 0, .2, "handle-of-name"},
		{"a fan links to a star", []Account{
			account("bluesky", "mirlafan.bsky.social", "Mirla's fan", "all about https://x.com/mirlasongs", ""),
			account("x", "mirlasongs", "Mirla Tenebro", "singer. https://mirla.example", ""),
		}, 0, .2, "links-to about-other"},
		{"an impostor copies all", []Account{
			account("bluesky", "mirlasongs.bsky.social", "Mirla Tenebro", "singer of slow songs from a small town. https://mirla.example x.com/mirlasongs", ""),
			account("x", "mirlasongs", "Mirla Tenebro", "singer of slow songs from a small town. https://mirla.example", ""),
		}, .5, .95, "links-to own-page handle-rare name-rare same-bio one-side"},
		{"an impostor of somebody who says which is hers", []Account{
			account("bluesky", "mirlasongs.bsky.social", "Mirla Tenebro", "singer of slow songs from a small town. https://mirla.example x.com/mirlasongs", ""),
			account("x", "mirlasongs", "Mirla Tenebro", "singer of slow songs from a small town. https://mirla.example bsky.app/profile/mirla.example", ""),
		}, 0, .1, "links-to own-page handle-rare name-rare same-bio names-another"},
		{"a newsletter with the handle is no server", []Account{
			account("bluesky", "anaruizvolcan.bsky.social", "Ana Ruizvolcan", "writes at substack.com/@anaruizvolcan", "https://anaruizvolcan.example"),
			account("mastodon", "anaruizvolcan@tuba.example", "Ana Ruizvolcan", "", "https://anaruizvolcan.example"),
		}, .75, .95, "own-page handle-of-rare-name name-rare one-side"},
		{"neither is a site that nobody here is of", []Account{
			account("bluesky", "anaruizvolcan.bsky.social", "Ana Ruizvolcan", "films at clips.example/@ana, talk at forum.example/u/ana", "https://anaruizvolcan.example"),
			account("mastodon", "anaruizvolcan@tuba.example", "Ana Ruizvolcan", "", "https://anaruizvolcan.example"),
		}, .75, .95, "own-page handle-of-rare-name name-rare one-side"},
		{"another account on a server that somebody is of", []Account{
			account("bluesky", "anaruizvolcan.bsky.social", "Ana Ruizvolcan", "https://b.example/@realana", "https://anaruizvolcan.example"),
			account("mastodon", "anaruizvolcan@tuba.example", "Ana Ruizvolcan", "", "https://anaruizvolcan.example"),
		}, 0, .11, "own-page handle-of-rare-name name-rare names-another"},
		{"another account written as the fediverse does", []Account{
			account("bluesky", "anaruizvolcan.bsky.social", "Ana Ruizvolcan", "@RealAna@far.example", "https://anaruizvolcan.example"),
			account("mastodon", "anaruizvolcan@tuba.example", "Ana Ruizvolcan", "", "https://anaruizvolcan.example"),
		}, 0, .11, "own-page handle-of-rare-name name-rare names-another"},
		{"a custom address on YouTube", []Account{
			account("x", "zarzaparrillo", "Z", "youtube.com/c/zarzaworld", ""),
			account("youtube", "zarzaparrillo", "Z", "x.com/zarzaparrillo", ""),
		}, .75, .95, "links-to handle-long name one-side"},
		{"another channel", []Account{
			account("x", "zarzaparrillo", "Z", "youtube.com/channel/UC0123456789abcdefghijkl", ""),
			account("youtube", "zarzaparrillo", "Z", "x.com/zarzaparrillo", ""),
		}, 0, .11, "links-to handle-long name names-another"},
		{"a star linked to by many", []Account{
			account("bluesky", "a1.bsky.social", "Ada", "x.com/mirlasongs", ""),
			account("x", "mirlasongs", "Mirla", "", ""),
			account("bluesky", "a2.bsky.social", "Bo", "x.com/mirlasongs", ""),
			account("bluesky", "a3.bsky.social", "Cy", "x.com/mirlasongs", ""),
		}, 0, .1, "linked-by-many other-name"},
		{"colleagues", []Account{
			account("x", "tern_k", "Ketil Ternby", "at https://hollowmill.example", ""),
			account("mastodon", "sorrel@a.example", "Sorrel Nakimu", "I work at hollowmill.example", ""),
		}, 0, .1, "same-page other-name"},
		{"two fans of one Instagram", []Account{
			account("x", "tern_k", "Ketil", "ig: @mirlasongs", ""),
			account("bluesky", "sorrel.bsky.social", "Sorrel", "instagram.com/mirlasongs", ""),
		}, 0, .1, "same-page other-name"},
		{"a parody with the handle", []Account{
			account("x", "vokselgrin", "Ilse Vokselgrin", "printer", ""),
			account("reddit", "vokselgrin", "Ilse Vokselgrin (parody)", "", ""),
		}, 0, .2, "handle-rare about-other"},
		{"somebody else's profile as one's own link", []Account{
			account("x", "tern_k", "Ketil", "", "https://x.com/vokselgrin"),
			account("bluesky", "tern.bsky.social", "Ketil", "x.com/vokselgrin", ""),
		}, 0, .5, "same-page name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := append(slices.Clone(c.accounts), account("x", "other", "Other Body", "tea", "https://o.example"), account("mastodon", "some@b.example", "Some Body", "", ""))
			s := Compare(all, 0, 1)
			if s.Confidence < c.least || s.Confidence >= c.most {
				t.Errorf("confidence %.3f, want from %v to under %v: %+v", s.Confidence, c.least, c.most, s.Reasons)
			}
			var codes []string
			sum := Prior
			for _, r := range s.Reasons {
				codes = append(codes, r.Code)
				sum += r.Weight
				for _, lang := range []string{"es", "en"} {
					if text := r.Say(lang); text == "" || strings.Contains(text, "{") {
						t.Errorf("%s in %s: %q", r.Code, lang, text)
					}
				}
			}
			if got := strings.Join(codes, " "); got != c.codes {
				t.Errorf("reasons %q, want %q", got, c.codes)
			}
			if math.Abs(chance(sum)-s.Confidence) > 1e-12 {
				t.Errorf("the weights give %v, the confidence is %v", chance(sum), s.Confidence)
			}
			back := Compare(all, 1, 0)
			if back.Confidence != s.Confidence || back.A.ID != s.A.ID {
				t.Errorf("the other way round %v of %s", back.Confidence, back.A.ID)
			}
			found := slices.ContainsFunc(Find(all, c.least), func(f Suggestion) bool { return f.A.ID == s.A.ID && f.B.ID == s.B.ID })
			if c.least > 0 != found {
				if c.least > 0 || slices.ContainsFunc(Find(all, Least), func(f Suggestion) bool { return f.A.ID == s.A.ID && f.B.ID == s.B.ID }) {
					t.Errorf("suggested: %v", found)
				}
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"https://twitter.com/Ana_P":                  "x/ana_p",
		"http://mobile.x.com/ana_p/":                 "x/ana_p",
		"x.com/ana_p/status/12":                      "",
		"https://x.com/home":                         "",
		"https://x.com":                              "",
		"https://bsky.app/profile/Ana.example":       "bluesky/ana.example",
		"https://bsky.app/profile/did:plc:abc":       "bluesky/did:plc:abc",
		"https://tuba.example/@ana":                  "mastodon/ana@tuba.example",
		"https://tuba.example/@ana@other.example":    "mastodon/ana@other.example",
		"https://tuba.example/@ana/123":              "tuba.example/@ana/123",
		"https://lem.example/u/ana":                  "lemmy/ana@lem.example",
		"https://www.youtube.com/@AnaTV":             "youtube/anatv",
		"https://youtube.com/channel/UCabc":          "youtube/ucabc",
		"https://www.youtube.com/watch?v=1":          "",
		"https://old.reddit.com/user/ana":            "reddit/ana",
		"https://www.instagram.com/ana.p/":           "instagram/ana.p",
		"https://instagram.com/p":                    "",
		"https://stackoverflow.com/users/12/ana":     "stackexchange/stackoverflow.com/users/12",
		"https://news.ycombinator.com/user?id=ana":   "hackernews/ana",
		"https://Ana.Example/About/../me?x=1#y":      "ana.example/about/me",
		"ana.example":                                "ana.example",
		"https://t.co/abc":                           "",
		"https://x.com@evil.example/ana":             "",
		"javascript:alert(1)//x.com/ana":             "",
		"https://127.0.0.1/ana":                      "",
		"https://localhost/ana":                      "",
		"ftp://a.example":                            "",
		"https://x.com/" + strings.Repeat("a", 400):  "",
		"https://x.com/%2e%2e/ana":                   "x/ana",
		"https://[::1]/":                             "",
		"https://a..example":                         "",
		"https://x.com/\u202eana":                    "",
		"https://github.com/ana":                     "github/ana",
		"https://substack.com/@Ana":                  "substack/ana",
		"https://odysee.com/@ana:3":                  "odysee/ana:3",
		"https://www.snapchat.com/add/ana":           "snapchat/ana",
		"https://flipboard.com/@ana":                 "flipboard/ana",
		"https://meta.stackexchange.com/questions/1": "",
		"https://linkedin.com/in/ana-p":              "linkedin/ana-p",
		"https://linkedin.com/company/anas":          "",
		"https://user:secret@ana.example":            "",
	} {
		at, ok := parse(text)
		got := ""
		if ok {
			got = at.String()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	a := account("x", "Ana_P", "Ana", "IG: @ana.p / twitter: @ana_p, toots @ana@tuba.example! (https://ana.example/). @friend #x yt:@anatv a/b e.g. 3.5", "https://t.co/x")
	var got []string
	for _, at := range links(&a) {
		got = append(got, at.String())
	}
	if want := []string{"instagram/ana.p", "mastodon/ana@tuba.example", "ana.example", "youtube/anatv"}; !slices.Equal(got, want) {
		t.Errorf("links %q, want %q", got, want)
	}
	a.Bio = strings.Repeat("a.example/x b.example ", 5000) + strings.Repeat("c", 1<<20)
	for i := range 100 {
		a.Bio = "p" + strings.Repeat("x", i) + ".example " + a.Bio
	}
	if n := len(links(&a)); n != mostLinks {
		t.Errorf("%d links are read, want %d", n, mostLinks)
	}
}

// FuzzProfiles reads what strangers write: nothing panics, both orders say the
// same, and every confidence is a chance that its reasons add up to.
func FuzzProfiles(f *testing.F) {
	f.Add("ana", "Ana P", "bsky: @ana.bsky.social https://ana.example", "https://x.com/ana", "ana.bsky.social", "Ana", "x.com/ana", "")
	f.Add("@@a@b", "\u202e", "https://%zz/ @@ @a@ :@ yt:@", "://", "..", "İ ß", "[::1]/ http://", "//@")
	f.Add("\xff", "\xff\xfe", "\xff.\xff/\xff", "http://\xff", "ſ.bsky.social", "ſ", "@\xff@\xff.example", "https://K.example")
	f.Fuzz(func(t *testing.T, h1, n1, b1, u1, h2, n2, b2, u2 string) {
		all := []Account{account("x", h1, n1, b1, u1), account("bluesky", h2, n2, b2, u2), account("mastodon", h1, n2, b1, u2)}
		for i := range all {
			for j := range i {
				s, back := Compare(all, i, j), Compare(all, j, i)
				if s.Confidence != back.Confidence || s.Confidence <= 0 || s.Confidence >= 1 {
					t.Fatalf("confidence %v, the other way round %v", s.Confidence, back.Confidence)
				}
				sum := Prior
				for _, r := range s.Reasons {
					sum += r.Weight
					r.Say("es")
				}
				if math.Abs(chance(sum)-s.Confidence) > 1e-12 {
					t.Fatalf("weights give %v, confidence %v", chance(sum), s.Confidence)
				}
			}
		}
		Find(all, 0)
	})
}
