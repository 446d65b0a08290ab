package authenticity

import (
	"slices"
	"strings"
)

// Registries that hand names out one level down, as in novacafe.co.uk.
var secondLevels = []string{"ac", "co", "com", "edu", "gob", "gov", "net", "or", "org"}

// plainLetters takes the accents of Spanish and its neighbours away, which names
// of sites leave out.
var plainLetters = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ã", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"í", "i", "ï", "i", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ö", "o", "ú", "u", "ü", "u")

// siteNames gives what the brand's own site is called where it is called as the
// brand is: its name and the handles of its own accounts, without accents and
// what stands between words. Under four letters they are met by chance.
func siteNames(ours Brand) []string {
	var out []string
	for _, name := range append([]string{ours.Name}, ours.Handles...) {
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "@"), "@") // a handle may name its server
		if name = plainLetters.Replace(letters(name)); len(name) >= 4 && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// calledAs tells whether a host is a registered domain of one of the names or
// below it: nova-cafe.example, shop.novacafe.co.uk. A name below somebody else's
// domain, as novacafe.blogs.example, is anybody's.
func calledAs(host string, names []string) bool {
	labels := strings.Split(host, ".")
	at := len(labels) - 2
	if at > 0 && len(labels[at+1]) == 2 && slices.Contains(secondLevels, labels[at]) {
		at--
	}
	return at >= 0 && !isShared(host) && slices.Contains(names, letters(labels[at]))
}
