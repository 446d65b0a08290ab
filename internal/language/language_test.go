package language_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"adalid/internal/language"
)

// posts are invented; "" where no answer is the right one.
var posts = []struct{ lang, text string }{
	{"es", "me encanta esta tienda, volveré pronto"},
	{"es", "qué asco de servicio, no vuelvo 😡"},
	{"es", "@cafelumbre ojalá llueva mañana http://t.example/x"},
	{"es", "Llevo dos horas esperando en el mostrador y nadie me atiende"},
	{"es", "no está mal, pero el envío tardó una semana"},
	{"es", "q bueno q vinieron!! los quiero muchooooo"},
	{"en", "this shop is great and the staff was lovely"},
	{"en", "worst service ever, never again"},
	{"en", "I\\u2019m so happy with my new kettle &amp; the cups"},
	{"en", "Ana went to the beach"},
	{"en", "RT @bo: can't wait for tomorrow #GoodDay"},
	{"pt", "adorei a loja, voltarei com certeza"},
	{"pt", "que saudade da minha avó"},
	{"pt", "o café chegou frio e ninguém pediu desculpa"},
	{"fr", "j'adore ce magasin, à bientôt"},
	{"fr", "c’est nul, plus jamais"},
	{"fr", "merci beaucoup @ana 😍"},
	{"fr", "Le train est encore en retard, comme d'habitude"},
	{"de", "ich liebe diesen laden, bis bald"},
	{"de", "das geht ja gar nicht"},
	{"de", "Der Kaffee war kalt und die Bedienung unfreundlich"},
	{"it", "adoro questo negozio, ci tornerò"},
	{"it", "che schifo, mai più"},
	{"it", "Il caffè era freddo e nessuno si è scusato"},
	{"ar", "اليوم الجو بارد جدا"},
	{"ar", "شكرا على الخدمة الممتازة @ana"},
	{"hi", "yaar ye phone bahut accha hai"},
	{"hi", "kya bakwas service hai bhai"},
	{"hi", "आज बहुत ठंड है"},

	{"ca", "avui hem anat al mercat i tot era molt car"},
	{"ca", "no m'agrada gens aquest servei, sempre arriba tard"},
	{"ca", "bon dia a tothom, gràcies per venir"},
	{"gl", "hoxe fomos ao mercado e todo estaba moi caro"},
	{"gl", "grazas a todos por vir, foi unha noite estupenda"},
	{"eu", "gaur azokara joan gara eta dena oso garestia zen"},
	{"eu", "eskerrik asko denoi etortzeagatik"},
	{"nl", "wat een geweldige dag, bedankt allemaal"},
	{"nl", "mijn bestelling is nog steeds niet bezorgd"},
	{"sv", "jag älskar den här butiken, så snälla människor"},
	{"sv", "varför kommer bussen aldrig i tid"},
	{"da", "jeg har aldrig prøvet noget så godt"},
	{"tr", "bugün hava çok güzel, herkese teşekkürler"},
	{"pl", "dzisiaj mam naprawdę dość tego sklepu"},
	{"ro", "nu mi-a plăcut deloc, foarte scump"},
	{"id", "hari ini saya belum makan, lapar banget"},
	{"vi", "tôi rất thích cửa hàng này"},
	{"ja", "今日はとても寒いですね"},
	{"ja", "新しいLumbreのコーヒーが好き"},
	{"ko", "오늘 너무 추워요"},
	{"zh", "今天天气真好"},
	{"ru", "сегодня очень холодно на улице"},
	{"uk", "сьогодні дуже холодно і вітряно"},
	{"bg", "днес е много студено навън"},
	{"el", "σήμερα κάνει πολύ κρύο"},
	{"he", "היום קר מאוד בחוץ"},
	{"fa", "امروز هوا خیلی سرد است"},
	{"ur", "آج موسم بہت اچھا ہے"},
	{"mr", "आज खूप थंडी आहे"},
	{"th", "วันนี้อากาศหนาวมาก"},

	{"", ""},
	{"", " \t\n"},
	{"", "😂😂😂 🔥"},
	{"", "https://example.com/una/tienda"},
	{"", "http http"},
	{"", "@ana @bob_2 @casa.example"},
	{"", "RT @ana:"},
	{"", "12:30 100% 2026"},
	{"", "ok"},
	{"", "&amp; &lt;3 \\u2019"},
	{"", "\xff\xfe"},
	{"", "xkcd qwrtz"},
}

func TestInventedPosts(t *testing.T) {
	t.Parallel()
	for _, tt := range posts {
		got, confidence := language.Identify("", tt.text)
		if got != tt.lang {
			t.Errorf("%q: %q (%.2f), want %q", tt.text, got, confidence, tt.lang)
		}
		if capital, _ := language.Identify("und", strings.ToUpper(tt.text)); capital != tt.lang && !strings.Contains(tt.text, "\\u") && tt.text != "https://example.com/una/tienda" {
			t.Errorf("%q in capitals: %q, want %q", tt.text, capital, tt.lang)
		}
	}
}

// Relatives of the languages the sentiment model knows: their own name or
// unknown, never the relative's; one slip among those further away.
func TestRelativesAreNotClaimed(t *testing.T) {
	t.Parallel()
	own, total, slips := 0, 0, 0
	for lang, texts := range relatives {
		for _, text := range texts {
			got, confidence := language.Identify("", text)
			total++
			switch {
			case got == lang:
				own++
			case slices.Contains([]string{"ca", "gl", "eu", "nl"}, lang) && slices.Contains(sevenLanguages, got):
				t.Errorf("%s %q is taken for %s (%.2f)", lang, text, got, confidence)
			case got != "":
				t.Logf("%s %q is taken for %s (%.2f)", lang, text, got, confidence)
				slips++
			}
		}
	}
	t.Logf("%d of %d by their own name", own, total)
	if own*10 < total*7 || slips > 2 {
		t.Errorf("%d of %d by their own name, want seven of ten; %d slips", own, total, slips)
	}
}

// What to expect of posts that nothing was settled on: three of forty relatives
// were claimed, and 55 of sixty posts in the languages of the model were told.
func TestPostsSeenOnce(t *testing.T) {
	t.Parallel()
	claimed, own, told := 0, 0, 0
	for lang, texts := range later {
		known := slices.Contains(sevenLanguages, lang)
		for _, text := range texts {
			switch got, confidence := language.Identify("", text); {
			case known && got == lang:
				told++
			case known:
				t.Logf("%s %q: %q (%.2f)", lang, text, got, confidence)
			case got == lang:
				own++
			case slices.Contains(sevenLanguages, got):
				t.Logf("%s %q is taken for %s (%.2f)", lang, text, got, confidence)
				claimed++
			}
		}
	}
	if claimed > 3 || own < 22 || told < 55 {
		t.Errorf("relatives: %d of 40 claimed, %d by their own name; %d of 60 others told", claimed, own, told)
	}
}

// TestVerdicts: a verdict of a word or two beside a name is told, or left open,
// but never taken for another language.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	told, all := 0, 0
	for lang, texts := range map[string][]string{
		"en": {
			"I love Acme ❤️", "I hate Acme", "Acme sucks", "good job Acme", "amazing coffee", "not working", "love it", "worst service ever",
			"Belanor is great", "thanks Quillon", "I like Zarlona", "Morvane again, awful", "don't buy Tessaro", "switched to Ondira",
		},
		"es": {
			"me encanta Acme", "muchas gracias Acme", "me paso de Acme a Nova", "una vergüenza", "no funciona", "mal servicio", "lo mejor",
			"qué asco Belanor", "gracias Quillon", "me gusta Zarlona", "otra vez Morvane, fatal", "no compréis Tessaro", "me cambio a Ondira",
		},
	} {
		for _, text := range texts {
			all++
			switch got, confidence := language.Identify("", text); got {
			case lang:
				told++
			case "":
				t.Logf("%s %q is left open", lang, text)
			default:
				t.Errorf("%s %q is taken for %s (%.2f)", lang, text, got, confidence)
			}
		}
	}
	if told*10 < all*8 {
		t.Errorf("%d of %d told", told, all)
	}
}

func TestTheTagComesFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ tag, text, want string }{
		{"es-MX", "this is english", "es"},
		{"PT_br", "", "pt"},
		{"in", "hello", "id"},
		{"und", "das geht ja gar nicht", "de"},
		{"qme", "that was the best day", "en"},
		{"", "", ""},
	} {
		if got, _ := language.Identify(tt.tag, tt.text); got != tt.want {
			t.Errorf("%q %q: %q, want %q", tt.tag, tt.text, got, tt.want)
		}
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"": "", "es": "es", "es-MX": "es", "es_419": "es", "ES": "es", " en ": "en", "in": "id", "iw": "he", "ji": "yi",
		"und": "", "und-Latn": "", "qme": "", "qht": "", "zxx": "", "mul": "", "mis": "", "art": "", "que": "qu",
		"zh-Hant-TW": "zh", "spa": "es", "ENG": "en", "ger": "de", "cat": "ca", "fil": "fil",
		"x": "", "english": "", "e1": "", "-": "", "é": "", "x-klingon": "",
	} {
		if got := language.Normalise(tag); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
}

var sevenLanguages = []string{"es", "en", "pt", "fr", "de", "it", "ar"}

var fileNames = map[string]string{
	"es": "spanish", "en": "english", "pt": "portuguese", "fr": "french", "de": "german", "it": "italian", "ar": "arabic", "hi": "hindi",
}

// sentimentTexts gives the texts of files, in order, or skips.
func sentimentTexts(t testing.TB, pattern string) []string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	files, err := filepath.Glob(filepath.Join(dir, "sentiment", pattern))
	if err != nil || len(files) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no %s in the development data at %s; set ADALID_DATA", pattern, dir)
		}
		t.Skipf("no development data at %s (ADALID_DATA names another folder)", dir)
	}
	var out []string
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			_, text, _ := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
			out = append(out, text)
		}
	}
	return out
}

func validation(t testing.TB, lang string) []string {
	return sentimentTexts(t, "umsab_"+fileNames[lang]+"_val.tsv")
}

// docs/language.md names these figures.
func TestAccuracyOnRealPosts(t *testing.T) {
	t.Parallel()
	sum := 0.
	for _, lang := range sevenLanguages {
		right, texts := 0, validation(t, lang)
		for _, text := range texts {
			if got, _ := language.Identify("", text); got == lang {
				right++
			}
		}
		accuracy := float64(right) / float64(len(texts))
		sum += accuracy
		t.Logf("%s %.1f %% of %d", lang, 100*accuracy, len(texts))
		if accuracy < .92 {
			t.Errorf("%s: %.3f, want at least .92", lang, accuracy)
		}
	}
	if mean := sum / float64(len(sevenLanguages)); mean < .97 {
		t.Errorf("mean accuracy %.4f, want at least .97", mean)
	}
}

// The model in the program is what Train makes of the training texts.
func TestTheModelIsReproducible(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long: make test runs it once, without the race detector")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("math.Exp differs in the last bit between architectures")
	}
	var samples []language.Sample
	for _, text := range sentimentTexts(t, "semeval*_english_train.tsv") {
		samples = append(samples, language.Sample{Lang: "en", Text: text})
	}
	for _, lang := range []string{"ar", "en", "fr", "de", "hi", "it", "pt", "es"} { // in the order of the files
		for _, text := range sentimentTexts(t, "umsab_"+fileNames[lang]+"_train.tsv") {
			samples = append(samples, language.Sample{Lang: lang, Text: text})
		}
	}
	var got bytes.Buffer
	if err := language.Train(&got, slices.Values(samples), language.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("model.bin")
	if err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%v; training gives other bytes than model.bin: adalid language train", err)
	}
}

// small is enough of every language to train something.
func small() []language.Sample {
	var out []language.Sample
	for range 5 {
		for _, p := range posts {
			out = append(out, language.Sample{Lang: p.lang, Text: p.text + " bhai kya hai"})
		}
	}
	return out
}

func TestTrainingIsDeterministic(t *testing.T) {
	t.Parallel()
	train := func(seed uint64) []byte {
		var b bytes.Buffer
		if err := language.Train(&b, slices.Values(small()), language.Options{Seed: seed}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := train(1)
	if !bytes.Equal(first, train(1)) {
		t.Error("the same seed gives other bytes")
	}
	if bytes.Equal(first, train(2)) {
		t.Error("another seed gives the same bytes: it is not used")
	}
	if len(first) > 300_000 {
		t.Errorf("%d bytes, want at most 300,000", len(first))
	}
	m, err := language.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := m.Identify("das geht ja gar nicht bhai kya hai"); got != "de" {
		t.Errorf("a text it was trained on: %q, want de", got)
	}
}

func TestWrongTrainingAndModels(t *testing.T) {
	t.Parallel()
	if err := language.Train(&bytes.Buffer{}, slices.Values([]language.Sample{{Lang: "xx", Text: "hello there my friend"}, {Lang: "es"}}), language.Options{}); err == nil {
		t.Error("trained without any sample")
	}
	if err := language.Train(full{}, slices.Values(small()), language.Options{}); err == nil {
		t.Error("the writer failed and Train did not")
	}
	good, err := os.ReadFile("model.bin")
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.Clone(good)
	bad[0] = 'X'
	noScale := slices.Clone(good)
	clear(noScale[bytes.IndexByte(good, '\n')+1:][:8])
	for _, file := range [][]byte{nil, good[:len(good)-1], bad, noScale} {
		if _, err := language.Open(file); err == nil {
			t.Errorf("%d bytes opened", len(file))
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrInvalid }

func TestNoAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector allocates: make test runs it once, without")
	}
	i := 0
	if n := testing.AllocsPerRun(10*len(posts), func() {
		language.Identify("", posts[i%len(posts)].text)
		language.Identify("es-MX", posts[i%len(posts)].text)
		i++
	}); n != 0 {
		t.Errorf("%v allocations per text, want 0", n)
	}
}

// Long texts are cut, not refused.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	for _, p := range posts {
		if p.lang == "" {
			continue
		}
		if got, _ := language.Identify("", strings.Repeat(p.text+". ", 400)); got != p.lang {
			t.Errorf("400 times %q: %q, want %q", p.text, got, p.lang)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, p := range posts {
		f.Add("", p.text)
	}
	f.Add("es-MX", "\\u00e9\\u12")
	f.Fuzz(func(t *testing.T, tag, text string) {
		lang, confidence := language.Identify(tag, text)
		if !(confidence >= 0 && confidence <= 1) {
			t.Fatalf("%q %q: confidence %v", tag, text, confidence)
		}
		if len(lang) > 3 || !utf8.ValidString(lang) || lang != language.Normalise(lang) {
			t.Fatalf("%q %q: language %q", tag, text, lang)
		}
		if again, _ := language.Identify(tag, text); again != lang {
			t.Fatalf("%q %q: %q, then %q", tag, text, lang, again)
		}
	})
}
