package rank_test

import (
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/rank"
)

// TestHiddenSaysWhy: who is in the default list has no reason to be out of it; who is
// not has every one that holds, and the words of all of them bring the person in.
func TestHiddenSaysWhy(t *testing.T) {
	yes, no, staff := true, false, "staff"
	shop := rank.Said{Organisation: []rank.Clue{{Code: rank.NameClues[0], Weight: 4}}}
	own := rank.Said{Circle: []rank.Suggestion{{Role: "staff", Probability: .829, Reasons: []rank.Clue{{Code: rank.OwnClue, Weight: 4}}}}, Organisation: shop.Organisation}
	k := crowd()
	k.of = map[string]rank.Standing{
		"k00": {Judged: true, Automated: .856},
		"k01": {Judged: true, Genuine: &no},
		"k02": {Judged: true, Role: &staff, Organisation: .9, Said: shop},
		"k03": {Judged: true, Organisation: .9, Said: own},
		"k04": {Judged: true, Organisation: .9, Said: shop, Genuine: &yes},
		"k05": {Judged: true, Automated: .7},
	}
	want := map[string][]string{
		"p-k00": {"Left out of the default list: likely automated (85%)."},
		"p-k01": {"Left out of the default list: automated, by your team's word."},
		"p-k02": {"Left out of the default list: of the brand's circle (staff), by your team's word.", "Left out of the default list: an organisation's account (90% likely)."},
		"p-k03": {"Left out of the default list: called as the brand, so likely its own account (82%), until your team decides.", "Left out of the default list: an organisation's account (90% likely)."},
	}
	ranker := rank.New(rank.Options{Store: k, Standing: k})
	for i := range 40 {
		person := "p-k" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		why, err := ranker.Hidden(t.Context(), "b", person, rank.Query{})
		if err != nil {
			t.Fatal(err)
		}
		var said, words []string
		for _, r := range why {
			word, is := rank.HiddenBy(r.Code)
			if es := r.Say("es"); !is || !strings.HasPrefix(es, "Fuera de la lista habitual: ") || strings.ContainsAny(es, "{}") {
				t.Errorf("%s: %q, %t", r.Code, es, is)
			}
			said, words = append(said, r.Say("en")), append(words, word)
		}
		if !slices.Equal(said, want[person]) {
			t.Errorf("%s is left out for %q, want %q", person, said, want[person])
		}
		if _, listed := find(k.ask(t, rank.Query{}), person); listed != (len(why) == 0) {
			t.Errorf("%s is listed %t although %q", person, listed, said)
		}
		include, err := rank.ParseInclude(strings.Join(words, ","))
		if _, listed := find(k.ask(t, rank.Query{Include: include}), person); err != nil || !listed {
			t.Errorf("%s is not listed with %q: %v", person, words, err)
		}
		if len(words) > 1 {
			include, _ = rank.ParseInclude(words[0])
			if _, listed := find(k.ask(t, rank.Query{Include: include}), person); listed {
				t.Errorf("%s has a second reason and is listed with %q alone", person, words[0])
			}
		}
	}
	if _, err := ranker.Hidden(t.Context(), "b", "nobody", rank.Query{}); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("about nobody: %v", err)
	}
	if _, is := rank.HiddenBy("place"); is {
		t.Error("a place is a reason to be left out")
	}
}

// TestHiddenCritics: critics are left out too, and no word lists them.
func TestHiddenCritics(t *testing.T) {
	m := invent(2, scope{people: 120, posts: 1500, days: 60})
	ranker := rank.New(rank.Options{Store: m})
	list, err := ranker.Rank(ctx, "brand", rank.Query{All: true})
	if err != nil || list.Entries[len(list.Entries)-1].Segment != rank.Critic {
		t.Fatal("the world has no critic", err)
	}
	why, err := ranker.Hidden(ctx, "brand", list.Entries[len(list.Entries)-1].Person.ID, rank.Query{})
	if err != nil || len(why) != 1 || why[0].Say("en") != "Left out of the default list: a critic." {
		t.Errorf("a critic: %v, %v", why, err)
	}
	if word, is := rank.HiddenBy(why[0].Code); word != "" || !is {
		t.Errorf("listed by %q, %t", word, is)
	}
}
