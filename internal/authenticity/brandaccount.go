package authenticity

import (
	"slices"
	"strings"
)

// BrandAccount is the code of the reason that somebody's handle is the brand's
// name: with it the ranking leaves somebody out before a team confirms it.
const BrandAccount = "brand-account"

// What brands put behind their name in the handles and names of their own
// accounts, without accents.
var (
	accountWords = strings.Fields("official oficial hq help support care cares ayuda atencion air airlines")
	fanWordsToo  = strings.Fields("app team global world news") // those who love it do so too
	countryCodes = strings.Fields("es mx ar cl co pe uk us usa eu de fr it pt br latam")
	countryNames = strings.Fields("espana spain mexico argentina chile colombia peru brasil brazil portugal italia italy france francia deutschland germany europe europa iberia")
)

// longName is how many letters keep a name from ending by chance where a
// country's code begins: markus is no account of Mark in the United States.
const longName = 7

// likeness is how surely a handle is that of the brand's own account.
type likeness int

const (
	unlike likeness = iota
	alike           // as fans' accounts are called too
	same
)

// calledAsBrand tells how much the handle is the brand's name or one of its
// handles: acme, acme_es, AcmeOfficial, and acme.example on Bluesky.
func (b *bond) calledAsBrand() likeness {
	names := siteNames(b.brand)
	handle, _, _ := strings.Cut(strings.TrimPrefix(b.Profile.Handle, "@"), "@") // it may name its server
	if b.Profile.Platform == "bluesky" {                                        // where it is a site
		host := strings.ToLower(handle)
		if handle, _ = strings.CutSuffix(host, ".bsky.social"); handle == host && calledAs(host, names) {
			return same
		}
	}
	own, last := plainLetters.Replace(letters(handle)), ""
	if parts := strings.Fields(string(words(apart(handle)))); len(parts) > 1 {
		last = plainLetters.Replace(parts[len(parts)-1])
	}
	most := unlike
	for _, name := range names {
		if rest, found := strings.CutPrefix(own, name); found {
			most = max(most, likenessOf(rest, rest == last || len(name) >= longName))
		}
		if shortened(own, name) {
			most = same
		}
	}
	return most
}

// shortened tells handles that end a brand's name with another such word:
// zarlonaair for Zarlona Airlines.
func shortened(own, name string) bool {
	for _, word := range accountWords {
		if stem, found := strings.CutSuffix(name, word); found && len(stem) >= leastStem {
			if rest, found := strings.CutPrefix(own, stem); found && slices.Contains(accountWords, rest) {
				return true
			}
		}
	}
	return false
}

// leastStem is how many letters of a name have to stand before such a word.
const leastStem = 4

// likenessOf says what stands behind the brand's name makes of an account;
// surely tells that it does not stand there by chance.
func likenessOf(rest string, surely bool) likeness {
	switch {
	case rest == "" || slices.Contains(accountWords, rest) || slices.Contains(countryNames, rest):
		return same
	case slices.Contains(countryCodes, rest) && surely:
		return same
	case slices.Contains(countryCodes, rest) || slices.Contains(fanWordsToo, rest):
		return alike
	}
	return unlike
}

// showsBrand tells display names that are the brand's and say nothing more than
// where and that it is official: "Acme", "Acme España".
func (b *bond) showsBrand() bool {
	parts := strings.Fields(plainLetters.Replace(string(b.name)))
	names, begin := siteNames(b.brand), ""
	for i, part := range parts {
		begin += letters(part)
		if slices.Contains(names, begin) && !slices.ContainsFunc(parts[i+1:], saysMore) {
			return true
		}
	}
	return false
}

func saysMore(word string) bool {
	return !slices.Contains(accountWords, word) && !slices.Contains(countryCodes, word) && !slices.Contains(countryNames, word)
}

// showsOther tells display names that say something else or more than the
// brand's: "Luna García" where the brand is Luna. A name that only repeats the
// handle says nothing: some sources without names fill it in.
func (b *bond) showsOther() bool {
	name := letters(b.Profile.Name)
	return name != "" && name != letters(b.Profile.Handle) && !b.showsBrand()
}
