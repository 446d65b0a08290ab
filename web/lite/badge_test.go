package lite

import (
	"strings"
	"testing"

	"adalid/internal/rank"
)

// TestWhoIsLeftOutCanBeListed: the page says how many people are left out and
// links to the list with them; there, back. The other filters stay.
func TestWhoIsLeftOutCanBeListed(t *testing.T) {
	w := newWorld()
	w.r.Absent = rank.Absent{Automated: 14, Repeaters: 1, Organisations: 4}
	w.r.Unjudged = 2
	_, body := get(t, w, "/lite?brand=Acme&preset=steady&from=100")
	for _, want := range []string{
		`14 people are left out as likely automated. <a class="screen" href="/lite?brand=Acme&amp;include=automated&amp;preset=steady">Show</a>`,
		`1 person who repeats the same is left out. <a class="screen" href="/lite?brand=Acme&amp;include=repeaters&amp;preset=steady">Show</a>`,
		`4 accounts of organisations are left out. <a class="screen" href="/lite?brand=Acme&amp;include=organisations&amp;preset=steady">Show</a>`,
		`Of 2 people it is not known yet`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %s", want)
		}
	}
	w.r.Absent.Automated = 0
	_, body = get(t, w, "/lite?brand=Acme&include=automated&lang=es")
	for _, want := range []string{
		`Se muestran también las cuentas probablemente automáticas. <a class="screen" href="/lite?brand=Acme&amp;lang=es">Dejar fuera</a>`,
		`href="/lite?brand=Acme&amp;include=automated%2Crepeaters&amp;lang=es">Mostrar</a>`,
		`<input type="hidden" name="include" value="automated">`,
		`href="/lite/people/p0?brand=Acme&amp;include=automated&amp;lang=es"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %s", want)
		}
	}
	if !w.asked.Include.Automated || w.asked.Include.Repeaters {
		t.Errorf("asked for %+v", w.asked.Include)
	}
	if resp, body := get(t, w, "/lite?brand=Acme&include=hunter2"); resp.StatusCode != 422 || strings.Contains(body, "14 people") {
		t.Errorf("include=hunter2: %d", resp.StatusCode)
	}
}

// TestBadges: in words of the page's language, with reasons, in the list and on a
// person's page.
func TestBadges(t *testing.T) {
	w := newWorld()
	w.r.Entries[0].Flags = []rank.Flag{
		{Code: rank.FlagCircle, Role: "staff", Probability: ptr(.8176), Reasons: []rank.Clue{{Code: "works-there", Weight: 4.5}, {Code: "fan", Weight: -3}}},
		{Code: rank.FlagGenuine, Team: true},
		{Code: rank.FlagRepeater, Reasons: []rank.Clue{{Code: "repeater", Values: []int64{88, 49}}}},
	}
	for path, want := range map[string][]string{
		"/lite?brand=Acme": {
			`<strong>Perhaps: Staff (81%)</strong>: their bio says that they work for the brand<`, `<strong>Genuine</strong>: the team&#39;s word`,
			`<strong>Repeats the same</strong>: 88 % of its 49 own posts repeat an earlier one`,
		},
		"/lite/people/p0?brand=Acme&lang=es": {`<strong>Quizá: Personal (81`, `su biografía dice que trabaja para la marca`, `<strong>Auténtica</strong>: lo dice el equipo`},
	} {
		_, body := get(t, w, path)
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("%s lacks %s", path, text)
			}
		}
		if strings.Contains(body, "fan o cliente") || strings.Contains(body, "call themselves a fan") {
			t.Errorf("%s gives reasons against the badge as reasons for it", path)
		}
	}
}
