package collectors

import "testing"

func TestSponsored(t *testing.T) {
	for text, want := range map[string]bool{
		"Good coffee #ad": true, "#AD good": true, "(#ad)": true, "#Publicidad!": true, "#colaboración": true, "#COLABORACIÓN": true, "#patrocinado…": true,
		"#sponsorship": true, "#werbung": true, "#anuncio.": true, "#publi\nx": true,
		"#adidas": false, "#advice": false, "x#ad": false, "ad": false, "the ad": false, "##ad": true, "#ad_x": false, "#": false, "": false,
		"Paid partnership with them": true, "paid partnerships": false, "unpaid partnership": false, "(Paid Partnership)": true,
		"use my code MARA10": true, "reuse my code": false, "Con mi CÓDIGO de descuento": true, "my code does not work": false, "use codes": false,
		"https://shop.example/?aff=12": true, "https://www.awin1.com/cread.php?x": true, "https://notawin1.com/x": false,
		"https://www.amazon.es/dp/B0?tag=mara-21": true, "https://blog.example/?tag=coffee": false, "?coupon= is what I typed": false,
		"https://e.example/x?utm_medium=affiliate&y": true,
	} {
		if got := Sponsored(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzSponsored(f *testing.F) {
	for _, s := range []string{"#ad", "paid partnership", "https://awin1.com/", "con mi código"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if Sponsored(s) && !Sponsored("x "+s+" x") {
			t.Fatalf("%q loses its mark between other words", s)
		}
	})
}

func BenchmarkSponsored(b *testing.B) {
	text := "Hoy otra vez en @CafeBrisa con @Leo_9, el café sigue siendo el mejor de la ciudad #1 https://e.example/x"
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if Sponsored(text) {
			b.Fatal("no mark in it")
		}
	}
}
