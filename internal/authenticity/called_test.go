package authenticity_test

import (
	"strings"
	"testing"

	"adalid/internal/authenticity"
)

// Invented names, "display name | handle", of accounts without a bio.
var organisationNames = strings.Split(`
Noticias de Zarlona |
El Diario de Zarlona | eldiariozarlona
 | ElDiarioZ
 | RadioZarlona
Radio Laura | radiolaura
Ministerio de Riegos | MinRiegos
 | GobZarlona
Ayuntamiento de Zarlona |
Universidad Marta Prado |
Hospital San Telmo |
Fundación Pepe Lamas |
Asociación de Vecinos del Puerto |
AgenciaDos |
Tienda Lumbre | tiendalumbre
Somos Zarlona |
elzarlones.es |
Lumbre México | lumbre_mx
ORZ en directo |
Harlow News | harlownews
 | newsharlow24
 | FNZNews
The Harlow Chronicle |
Harlow City Council |
Ministry of Tides |
 | HarlowPolice
St Odo's Hospital |
Jackson School |
Harlow & Sons Ltd |
Harlow Tides Society |
Fenland Airlines | flyfenland
Fenland Jobs | FenlandJobs
Harlow Deals and Alerts |
 | FNZ_India
World Tides Today |
Notícias de Vilarna |
Prefeitura de Vilarna |
Universidade de Vilarna |
Associação dos Moinhos |
Loja da Vilarna |
Sindicato dos Moleiros |
Mairie de Brelogne |
Le Journal de Brelogne |
Ministère des Marées |
Université de Brelogne |
Boulangerie Martin |
Association des Moulins |
Brelogne Actualités |
Stadt Wolkenau Rathaus |
Wolkenauer Zeitung |
Universität Wolkenau |
Ministerium für Gezeiten |
Bäckerei Nebel |
Verein der Müller |
Feuerwehr Wolkenau | ffwolkenau
Comune di Valmora |
Gazzetta di Valmora |
Università di Valmora |
Ministero delle Maree |
Associazione Mulini |
Farmacia Centrale Valmora |
`, "\n")

var peopleNames = strings.Split(`
Laura Radio | lauraradio
Miguel Prensa Pérez |
Paris Hospital fan |
María de Radio Zarlona |
Inés Ruiz, Radio Zarlona |
Ana Iglesias | anaiglesias
Lucía Banco | lucia_b
Pablo Noticias | pablonoticias
Marta Tienda |
Periodista en Zarlona TV |
Mamá de colegio |
 | carlosnews
 | NuriaTV
 | martagomezradio
Diego México | diego_mx
La chica de la radio |
Doctora del Hospital |
Soy de la Universidad |
Estudiante Universidad de Zarlona |
Kemal Odo, Harlow News | kemalodo
Wenda Odo | Zarlona FM |
Emma Church | emmachurch
Tom Parish |
Fiona Press |
Jack Bishop | jackbishop
Kelvo Churchill | kchurchill
Old School Kev | oldschoolkev
Harlow News junkie |
Just a Radio Girl |
Dr Wenda Odo, Harlow Clinic |
Reporter at Harlow Times |
Teacher, Harlow School |
Wenda Odo PhD |
 | newsguykev
 | librarymommy
 | goblin_kev
Kevlo England | kevlo_e
Kemal Wales |
USA Kevlo | usakevlo
KEVLO |
Support the tides |
Kevlo #News #Radio |
João Jornal |
Professora da Universidade de Vilarna |
Rita da Rádio |
Mãe da Loja |
Camille Radio |
Journaliste à Radio Brelogne |
Julien de la Mairie |
Étudiante Université de Brelogne |
Jürgen Zeitung |
Lehrer an der Schule |
Journalistin bei der Wolkenauer Zeitung |
Sabine von Radio Wolkenau |
Giulia Giornale |
Federica Chiesa |
Giornalista della Gazzetta |
Paolo di Radio Valmora |
Kevlo Tamber | ktamber
kevlo | xx_kevlo_xx
`, "\n")

// TestNamesAlone: an organisation is known by its name, and somebody who only has
// one of its words in theirs is left alone.
func TestNamesAlone(t *testing.T) {
	for want, list := range map[bool][]string{true: organisationNames, false: peopleNames} {
		for _, line := range list {
			at := strings.LastIndex(line, "|")
			if at < 0 {
				continue
			}
			p := authenticity.Profile{Name: strings.TrimSpace(line[:at]), Handle: strings.TrimSpace(line[at+1:])}
			if k := authenticity.NatureOf(p, authenticity.Behaviour{}); k.Organisation() != want {
				t.Errorf("%q @%s: %.2f %v, want organisation %v", p.Name, p.Handle, k.Probability, k.Reasons, want)
			}
		}
	}
}

// TestServersAreNotNames: where an account lives says nothing of what it is.
func TestServersAreNotNames(t *testing.T) {
	for _, p := range []authenticity.Profile{
		{Platform: "mastodon", Handle: "kevlo@toot.uk"},
		{Platform: "mastodon", Handle: "kevlo@news.radio.co"},
		{Platform: "bluesky", Handle: "kevlo.co"},
		{Platform: "bluesky", Handle: "kevlo.news.example"},
	} {
		if k := authenticity.NatureOf(p, authenticity.Behaviour{}); len(k.Reasons) != 0 {
			t.Errorf("@%s: %v", p.Handle, k.Reasons)
		}
	}
}
