package rank

import "adalid"

// repetition is how many own posts repeat an earlier one.
type repetition struct{ posts, copies int64 }

func (r repetition) repeater() bool {
	return r.posts >= RepeaterPosts && 10*r.copies >= repeaterTenth*r.posts
}

// repeats counts a person's posts up to the window's end, whatever its beginning,
// platform and language, YouTube's apart.
func (w *window) repeats(person int32) (sum repetition) {
	x := w.index
	for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
		if (x.platformOf(a) == adalid.YouTube) == (w.platform == adalid.YouTube) {
			sum.posts += int64(w.names.repeats[a].posts)
			sum.copies += int64(w.names.repeats[a].copies)
		}
	}
	return sum
}

// repeater tells whether a person says the same again and again.
func (w *window) repeater(person int32) bool {
	if w.platform == adalid.YouTube {
		return w.repeats(person).repeater()
	}
	return w.names.repeater[person]
}

// posted is a repetition of one account.
type posted struct{ posts, copies int32 }

// findRepeaters marks the people who repeat themselves anywhere but on YouTube.
func (x *index) findRepeaters(n *naming) {
	n.repeater = make([]bool, x.people.len())
	w := window{index: x, names: n}
	for person := range x.people.len() {
		n.repeater[person] = w.repeats(int32(person)).repeater()
	}
}
