package sentiment

import "unicode"

// openers are words that begin sentences and so have a capital without being
// names.
var openers = wordSet("the a an my i it its it's we they he she you this that these those there here what when where why who which how if and but so no not never nothing nobody all every just even only also still yes yeah ok oh omg wow lol hey hi hello thanks thank please sorry good great nice best worst love hate is are was were do does did don't can could should would will for from with at in on of to by as up out after before since because everyone everybody someone anyone people guys never honestly literally seriously finally today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday el la los las un una unos mi mis tu su sus yo me te se nos lo le les que quien como cuando donde cual por para con sin en de del al y e o u ni si no ya muy mas pero aunque hoy ayer ahora nunca siempre nada nadie todo todos toda todas este esta esto estos estas ese esa eso hay es son fue era ha he han vaya menudo gracias hola buenos buenas mira oye gente alguien entre tampoco sobre segun mucho mucha muchos tan either neither both best after before unlike between compared boycott since then")

// headline tells whether most words begin with a capital, so that capitals say
// nothing.
func (r *reading) headline() bool {
	words, capitals := 0, 0
	for i := range r.places {
		if t := &r.tokens[r.places[i].token]; t.kind == word && t.to-t.from > 3 {
			words++
			if first, _ := next(r.text, t.start); unicode.IsUpper(first) {
				capitals++
			}
		}
	}
	return capitals*2 > words
}
