package dedupe_test

import (
	"math/bits"
	"testing"

	"adalid/internal/dedupe"
)

func TestNearHash(t *testing.T) {
	cases := []struct {
		name, a, b string
		near       bool
	}{
		{"another link and number", "Win 50 free coffees at Nova today, follow and repost https://t.example/a", "WIN 90 free coffees at Nova today: follow and repost! https://t.example/b", true},
		{"one more word", "The new Ethiopian beans of Nova Coffee are the best that I have had this whole year, try them", "The new Ethiopian beans of Nova Coffee are the best that I have had this whole year, do try them", true},
		{"una palabra más", "Sorteo de Nova Café: sigue la cuenta, comenta con dos amigos y llévate la cafetera nueva de casa", "Sorteo de Nova Café: sigue la cuenta, comenta con dos amigos y llévate ya la cafetera nueva de casa", true},
		{"another text about the same thing", "The new Ethiopian beans of Nova Coffee are the best that I have had this year", "I queued twenty minutes at Nova Coffee and the espresso came out cold again", false},
		{"otro texto", "Me encanta el café de Nova, sobre todo el de Colombia por la mañana", "Otra vez cola en Nova y el camarero sin ganas de atender a nadie", false},
	}
	for _, c := range cases {
		a, b := dedupe.NearHash(c.a), dedupe.NearHash(c.b)
		if (bits.OnesCount64(a^b) <= dedupe.NearBits) != c.near {
			t.Errorf("%s: %d bits apart, near %v, want %v", c.name, bits.OnesCount64(a^b), !c.near, c.near)
		}
	}
	for _, text := range []string{"", "so good", "@ana @berta https://t.example/a/long/link/that/goes 1234567890"} {
		if h := dedupe.NearHash(text); h != 0 {
			t.Errorf("%q is too short but hashes to %x", text, h)
		}
	}
}

func BenchmarkNearHash(b *testing.B) {
	texts, i := benchTexts(), 0
	b.ReportAllocs()
	for b.Loop() {
		dedupe.NearHash(texts[i%len(texts)])
		i++
	}
}
