package adalid

import "strings"

// Language reads how a source or a person writes a language, a tag of BCP 47
// ("es", "es-MX"), a code of three letters ("spa", "fre" and "fra") or a name in
// English, Spanish or the language itself ("Spanish", "español"), and gives the
// tag as it is kept: lower case, with the code of two letters where there is
// one. What is no language that it knows comes back in lower case, and known is
// false; so do tags that name none, such as "und".
func Language(written string) (tag string, known bool) {
	if len(written) == 2 && lowerLetters(written) {
		return written, languages[written] != ""
	}
	tag = strings.ToLower(strings.TrimSpace(written))
	if code := languages[foldLanguage(tag)]; code != "" {
		return code, true
	}
	if primary, _, found := strings.Cut(tag, "("); found { // "portuguese (brazil)"
		if code := languages[foldLanguage(primary)]; code != "" {
			return code, true
		}
	}
	i := strings.IndexAny(tag, "-_")
	if i < 0 {
		return tag, false
	}
	code := languages[foldLanguage(tag[:i])]
	switch {
	case code == "":
		return tag, false
	case i > longestCode: // a name with something behind it, "english - us": that is no subtag
		return code, true
	}
	return code + tag[i:], true
}

// longestCode is how many letters a code has at most; names are longer.
const longestCode = 3

// LanguageShaped tells whether a tag could be that of a language which Language
// does not know: codes have two or three letters.
func LanguageShaped(tag string) bool {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return (len(tag) == 2 || len(tag) == longestCode) && lowerLetters(tag)
}

func lowerLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// foldLanguage makes names that differ by accents, hyphens or spaces alike.
func foldLanguage(name string) string {
	return strings.TrimSpace(unaccented.Replace(name))
}

var unaccented = strings.NewReplacer("_", " ", "-", " ",
	"à", "a", "á", "a", "â", "a", "ä", "a", "å", "a", "ă", "a", "ç", "c", "č", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"í", "i", "ñ", "n", "ó", "o", "ö", "o", "ú", "u", "ù", "u", "ü", "u", "š", "s")

// languages gives the code of two letters for codes and names.
var languages = languageTable()

func languageTable() map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(languageLines) {
		words := strings.Fields(line)
		for _, w := range words {
			if w = foldLanguage(w); table[w] == "" {
				table[w] = words[0]
			}
		}
	}
	for w := range strings.FieldsSeq(threeLetters) {
		if table[w] == "" {
			table[w] = w
		}
	}
	return table
}

// languageLines hold a language each: its code of two letters, those of three
// (ISO 639-2, both forms, and what language detectors give in place of them), and
// its names in English, Spanish and the language itself, spaces as "_".
const languageLines = `
aa aar afar
ab abk abkhazian abjasio
af afr afrikaans afrikáans
ak aka akan
am amh amharic amárico አማርኛ
an arg aragonese aragonés
ar ara arb arabic árabe العربية
as asm assamese asamés অসমীয়া
av ava avaric avar
ay aym aymara aimara
az aze azj azerbaijani azerbaiyano azərbaycan
ba bak bashkir baskir
be bel belarusian bielorruso беларуская
bg bul bulgarian búlgaro български
bh bih bhojpuri bhoyapurí
bi bis bislama
bm bam bambara bamanakan
bn ben bangla bengalí বাংলা bengali
bo bod tib tibetan tibetano བོད་སྐད་
br bre breton bretón brezhoneg
bs bos bosnian bosnio bosanski
ca cat catalan catalán català valenciano valencian valencià
ce che chechen checheno нохчийн
ch cha chamorro
co cos corsican corso
cr cre cree
cs ces cze czech checo čeština checoslovaco
cu chu church_slavic eslavo_eclesiástico
cv chv chuvash chuvasio
cy cym wel welsh galés cymraeg
da dan danish danés dansk
de deu ger german alemán deutsch
dv div divehi
dz dzo dzongkha རྫོང་ཁ
ee ewe ewe ewé eʋegbe
el ell gre greek griego ελληνικά griego_moderno
en eng english inglés
eo epo esperanto
es spa spanish español castellano castilian castellà
et est ekk estonian estonio eesti
eu eus baq basque euskera euskara vasco vascuence
fa fas per pes persian persa فارسی farsi
ff ful fulah fula pulaar
fi fin finnish finés suomi finlandés
fj fij fijian fiyiano
fo fao faroese feroés føroyskt
fr fra fre french francés français
fy fry western_frisian frisón_occidental frysk frisian frisón
ga gle irish irlandés gaeilge
gd gla scottish_gaelic gaélico_escocés gàidhlig
gl glg galician gallego galego
gn grn guarani guaraní
gu guj gujarati guyaratí ગુજરાતી
gv glv manx manés gaelg
ha hau hausa
he heb hebrew hebreo עברית
hi hin hindi हिन्दी hindú
ho hmo hiri_motu
hr hrv scr croatian croata hrvatski
ht hat haitian_creole criollo_haitiano haitian
hu hun hungarian húngaro magyar
hy hye arm armenian armenio հայերեն
hz her herero
ia ina interlingua
id ind indonesian indonesio indonesia bahasa_indonesia
ie ile interlingue
ig ibo igbo
ii iii sichuan_yi yi_de_sichuán ꆈꌠꉙ
ik ipk inupiaq
io ido ido
is isl ice icelandic islandés íslenska
it ita italian italiano
iu iku inuktitut
ja jpn japanese japonés 日本語
jv jav javanese javanés
ka kat geo georgian georgiano ქართული
kg kon kongo
ki kik kikuyu gikuyu
kj kua kuanyama
kk kaz kazakh kazajo қазақ_тілі
kl kal kalaallisut groenlandés greenlandic
km khm khmer jemer ខ្មែរ cambodian
kn kan kannada canarés ಕನ್ನಡ
ko kor korean coreano 한국어
kr kau kanuri
ks kas kashmiri cachemiro کٲشُر
ku kur kurdish kurdo
kv kom komi
kw cor cornish córnico kernewek
ky kir kyrgyz kirguís кыргызча kirghiz
la lat latin latín
lb ltz luxembourgish luxemburgués lëtzebuergesch
lg lug ganda luganda
li lim limburgish limburgués
ln lin lingala lingála
lo lao lao ລາວ
lt lit lithuanian lituano lietuvių
lu lub luba-katanga tshiluba
lv lav lvs latvian letón latviešu
mg mlg plt malagasy malgache
mh mah marshallese marshalés
mi mri mao maori maorí
mk mkd mac macedonian macedonio македонски
ml mal malayalam മലയാളം
mn mon khk mongolian mongol монгол
mr mar marathi maratí मराठी
ms msa may zsm malay malayo melayu
mt mlt maltese maltés malti
my mya bur burmese birmano မြန်မာ
na nau nauru nauruano
nb nob norwegian_bokmål noruego_bokmal norsk_bokmål bokmål
nd nde north_ndebele ndebele_septentrional isindebele
ne nep npi nepali nepalí नेपाली
ng ndo ndonga
nl nld dut dutch neerlandés nederlands holandés flemish flamenco vlaams
nn nno norwegian_nynorsk noruego_nynorsk nynorsk
no nor norwegian noruego norsk
nr nbl south_ndebele ndebele_meridional
nv nav navajo
ny nya nyanja
oc oci occitan occitano
oj oji ojibwa
om orm oromo oromoo
or ori ory odia oriya ଓଡ଼ିଆ
os oss ossetic osético ирон
pa pan punjabi panyabí ਪੰਜਾਬੀ panjabi panyabi
pi pli pali
pl pol polish polaco polski
ps pus pashto pastún پښتو pashtun
pt por portuguese portugués português brazilian_portuguese portugués_brasileño português_do_brasil
qu que quechua runasimi
rm roh romansh romanche rumantsch
rn run rundi kirundi ikirundi
ro ron rum mol romanian rumano română moldavian moldavo
ru rus russian ruso русский
rw kin kinyarwanda
sa san sanskrit sánscrito
sc srd sardinian sardo
sd snd sindhi سنڌي
se sme northern_sami sami_septentrional davvisámegiella
sg sag sango sängö
si sin sinhala cingalés සිංහල sinhalese
sk slk slo slovak eslovaco slovenčina
sl slv slovenian esloveno slovenščina
sm smo samoan samoano
sn sna shona chishona
so som somali somalí soomaali
sq sqi alb albanian albanés shqip
sr srp scc serbian serbio српски
ss ssw swati suazi
st sot southern_sotho sesotho_meridional
su sun sundanese sundanés
sv swe swedish sueco svenska
sw swa swh swahili suajili kiswahili
ta tam tamil தமிழ்
te tel telugu తెలుగు
tg tgk tajik tayiko тоҷикӣ
th tha thai tailandés ไทย
ti tir tigrinya tigriña ትግርኛ
tk tuk turkmen turcomano türkmen_dili
tl tgl filipino tagalog tagalo
tn tsn tswana setsuana
to ton tongan tongano lea_fakatonga
tr tur turkish turco türkçe
ts tso tsonga
tt tat tatar tártaro татар
tw twi twi
ty tah tahitian tahitiano
ug uig uyghur uigur ئۇيغۇرچە uighur
uk ukr ukrainian ucraniano українська
ur urd urdu اردو
uz uzb uzn uzbek uzbeko o‘zbek
ve ven venda
vi vie vietnamese vietnamita tiếng_việt
vo vol volapük
wa wln walloon valón
wo wol wolof wólof
xh xho xhosa
yi yid yiddish yidis ייִדיש
yo yor yoruba èdè_yorùbá
za zha zhuang
zh zho chi cmn chinese chino 中文 mandarin mandarín zhongwen
zu zul zulu zulú isizulu
`

// threeLetters are languages with a code of three letters alone that platforms
// and detectors name.
const threeLetters = `ace apc arc ary arz ast awa ban bar bcl bem bho brx bug ceb ckb crh csb doi dsb ext fil frp fur gsw
hak hif hil hmn haw hsb ilo jam kab kha kok lad lmo lua luo lus mad mai min mni mos mwl nan nap nds nqo nso pam pap pcm pms rif rom
rue sah sat scn sco shi sma smj smn srn syr szl tlh tum tyv tzm vec war wuu yue zgh`
