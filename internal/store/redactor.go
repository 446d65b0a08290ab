package store

import (
	"slices"
	"strings"

	"adalid/internal/privacy"
)

// redactor takes people who were erased out of what is about to be stored, or is
// stored already. One without a list changes nothing.
type redactor struct {
	list   *privacy.List
	scopes []string
}

// newRedactor guards rows of some brands; of more than one where rows belong to
// none in particular.
func newRedactor(list *privacy.List, brands ...string) redactor {
	if list.Empty() {
		return redactor{}
	}
	g := redactor{list, []string{privacy.Everywhere}}
	for _, b := range brands {
		g.scopes = append(g.scopes, folded(b))
	}
	return g
}

// erased tells whether a row's author was erased.
func (g redactor) erased(platform, key, handle string) bool {
	return g.list != nil && (g.list.Account(g.scopes, personID(platform, key)) || g.list.Handle(g.scopes, platform, handle))
}

// text is what may be kept of a text.
func (g redactor) text(platform, text string) string {
	if g.list == nil {
		return text
	}
	return g.list.Redact(g.scopes, platform, text)
}

// post redacts a row of somebody else and tells whether that changed it. Handles
// in fields of their own go as a whole, so that no edge leads to them.
func (g redactor) post(p *post) bool {
	if g.list == nil {
		return false
	}
	before := *p
	named := g.list.Named(g.scopes, p.platform)
	var local []string // ana of ana@example.social, which texts shorten
	gone := func(handle string) bool {
		if handle == "" || !named(handle, true) {
			return false
		}
		if name, _, ok := strings.Cut(handle, "@"); ok && name != "" {
			local = append(local, name)
		}
		return true
	}
	p.dropHandles(gone)
	words := named
	if local != nil {
		words = func(word string, marked bool) bool {
			return named(word, marked) || marked && containsFold(local, word)
		}
	}
	p.redactText(words)
	p.url = privacy.Redact(p.url, words)
	p.id = privacy.Redact(p.id, named)
	g.identity(p.platform, &p.as)
	return p.text != before.text || p.url != before.url || p.id != before.id || p.handles != before.handles ||
		p.repostOf != before.repostOf || p.replyTo != before.replyTo || p.quoteOf != before.quoteOf
}

// dropHandles empties the fields that hold a handle that is gone.
func (p *post) dropHandles(gone func(handle string) bool) {
	for _, field := range [...]*string{&p.repostOf, &p.replyTo, &p.quoteOf} {
		if gone(*field) {
			*field = ""
		}
	}
	if p.handles != "" {
		kept := make([]string, 0, 8)
		for h := range strings.SplitSeq(p.handles, "\n") {
			if !gone(h) {
				kept = append(kept, h)
			}
		}
		p.handles = strings.Join(kept, "\n")
	}
}

// redactText redacts the text and drops the handles that a source cut out of the
// names that went: some read a handle up to the first letter beyond ASCII or the
// first dot only. One that what is left of the text still gives stays.
func (p *post) redactText(named privacy.Named) {
	var went []string
	p.text = privacy.Redact(p.text, func(word string, marked bool) bool {
		if !named(word, marked) {
			return false
		}
		if marked {
			went = append(went, privacy.Fold(word))
		}
		return true
	})
	if went == nil {
		return
	}
	p.dropHandles(func(handle string) bool {
		folded := privacy.Fold(handle)
		if !slices.ContainsFunc(went, func(word string) bool { return cutFrom(word, folded) }) {
			return false
		}
		left := privacy.Redact(p.text, func(word string, marked bool) bool {
			word = privacy.Fold(word)
			return marked && (word == folded || cutFrom(word, folded))
		})
		return left == p.text
	})
}

// shortestLimit is the least length at which a source ends a handle that goes on.
const shortestLimit = 15

// cutFrom tells whether a handle is what a source reads of a longer word: up to a
// character that handles there do not have, or to the greatest length.
func cutFrom(word, handle string) bool {
	rest, ok := strings.CutPrefix(word, handle)
	if !ok || handle == "" || rest == "" {
		return false
	}
	c := rest[0]
	return len(handle) >= shortestLimit || c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z')
}

func containsFold(list []string, word string) bool {
	for _, s := range list {
		if strings.EqualFold(s, word) {
			return true
		}
	}
	return false
}

// identity redacts how somebody else presents themselves. Their own handle stays:
// who has the same one elsewhere is another person until somebody says otherwise.
func (g redactor) identity(platform string, as *identity) {
	if g.list == nil {
		return
	}
	named, own := g.list.Named(g.scopes, platform), privacy.Fold(as.handle)
	words := func(word string, marked bool) bool { return privacy.Fold(word) != own && named(word, marked) }
	for _, field := range [...]*string{&as.name, &as.bio, &as.url} {
		*field = privacy.Redact(*field, words)
	}
}
