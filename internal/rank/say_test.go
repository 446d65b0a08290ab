package rank_test

import (
	"testing"

	"adalid/internal/rank"
)

// TestSentencesAreGrammar: one is no plural and no range, and components have
// their article in Spanish.
func TestSentencesAreGrammar(t *testing.T) {
	say := func(code string, values ...any) rank.Reason { return rank.Reason{Code: code, Values: values} }
	for _, c := range []struct {
		said   rank.Reason
		en, es string
	}{
		{say("share", "volume", 20., 50.), "Volume brings 20.0 of the 50.0 points.", "El volumen aporta 20,0 de los 50,0 puntos."},
		{say("share", "affinity", 20., 50.), "Affinity brings 20.0 of the 50.0 points.", "La afinidad aporta 20,0 de los 50,0 puntos."},
		{say("share", "reach", 20., 50.), "Reach brings 20.0 of the 50.0 points.", "El alcance aporta 20,0 de los 50,0 puntos."},
		{say("share", "network", 20., 50.), "Network brings 20.0 of the 50.0 points.", "La red aporta 20,0 de los 50,0 puntos."},
		{say("because_points", "network", .5, .2, 3.), "Above all because of network: 0.50 against 0.20 makes +3.0 points.", "Sobre todo por la red: 0,50 frente a 0,20 supone +3,0 puntos."},
		{say("sure_place", 80., 90., 1, 1), "90% likely: a true score of 80.0–90.0, ranked 1.", "Con un 90 % de probabilidad, la puntuación real está entre 80,0 y 90,0, y ocupa el puesto 1."},
		{say("sure_place", 80., 90., 1, 1200), "90% likely: a true score of 80.0–90.0, ranked 1 to 1,200.", "Con un 90 % de probabilidad, la puntuación real está entre 80,0 y 90,0, y el puesto, entre 1 y 1.200."},
		{say("more", 1), "1 more person (--limit)", "1 persona más (--limit)"},
		{say("more", 2), "2 more people (--limit)", "2 personas más (--limit)"},
		{say("empty_nobody"), "Nobody is like that in this window.", "Nadie cumple esta condición en este periodo."},
	} {
		if en, es := c.said.Say("en"), c.said.Say("es"); en != c.en || es != c.es {
			t.Errorf("%s: %q and %q", c.said.Code, en, es)
		}
	}
}
