package language_test

// relatives are invented posts in languages that could be taken for one of the
// model's. Lists and thresholds were settled on them.
var relatives = map[string][]string{
	"ca": {
		"Aquesta botiga és la millor del barri", "Ahir vaig comprar unes sabates i ja s'han trencat",
		"Quin fred que fa avui!", "M'encanta el cafè d'aquí, hi torno cada setmana", "El tren torna a arribar tard, quina vergonya",
		"Demà anirem a la platja amb els nens", "No entenc per què ningú em contesta", "Visca! Ja tinc les entrades pel concert",
		"Gràcies per l'ajuda, sou molt amables", "Fa dues hores que espero i encara no ha vingut ningú",
		"Això no pot ser, vull parlar amb algú", "El sopar d'ahir va ser boníssim",
	},
	"gl": {
		"Esta tenda é a mellor do barrio", "Onte merquei uns zapatos e xa romperon", "Que frío vai hoxe na rúa!",
		"Encántame o café de aquí, volvo cada semana", "O tren chega outra vez tarde, que vergoña", "Mañá imos á praia cos nenos",
		"Non entendo por que ninguén me contesta", "Xa teño as entradas para o concerto", "Grazas pola axuda, sodes moi amables",
		"Levo dúas horas agardando e aínda non veu ninguén", "Isto non pode ser, quero falar con alguén", "A cea de onte estivo boísima",
	},
	"eu": {
		"Denda hau auzoko onena da", "Atzo zapatak erosi nituen eta hautsi egin dira", "Hotz handia egiten du gaur",
		"Asko gustatzen zait hemengo kafea", "Trena berriz ere berandu dator", "Bihar hondartzara joango gara umeekin",
		"Ez dut ulertzen zergatik ez didan inork erantzuten", "Mila esker laguntzagatik", "Bi ordu daramatzat zain eta inor ez da etorri",
		"Kontzerturako sarrerak baditut jada",
	},
	"nl": {
		"Deze winkel is de beste van de buurt", "Gisteren schoenen gekocht en ze zijn nu al kapot", "Wat is het koud vandaag",
		"Ik ben dol op de koffie hier, kom elke week terug", "De trein is weer te laat, schandalig", "Morgen gaan we met de kinderen naar het strand",
		"Ik snap niet waarom niemand antwoord geeft", "Eindelijk kaartjes voor het concert!", "Bedankt voor de hulp, jullie zijn top",
		"Ik sta al twee uur te wachten en er is nog niemand geweest",
	},
	"sv": {
		"Den här affären är bäst i stan", "Köpte skor igår och de är redan trasiga", "Vad kallt det är idag", "Kaffet här är underbart, jag kommer tillbaka",
		"Tåget är sent igen, helt otroligt", "Imorgon åker vi till stranden med barnen", "Förstår inte varför ingen svarar", "Tack för hjälpen, ni är bäst",
	},
	"da": {
		"Den her butik er den bedste i byen", "Købte sko i går og de er allerede gået i stykker", "Hvor er det koldt i dag", "Toget er forsinket igen",
		"I morgen tager vi til stranden med børnene", "Jeg forstår ikke hvorfor ingen svarer",
	},
	"no": {
		"Denne butikken er den beste i byen", "Kjøpte sko i går og de er allerede ødelagt", "Toget er forsinket igjen, helt utrolig",
		"Jeg skjønner ikke hvorfor ingen svarer meg",
	},
	"pl": {
		"Ten sklep jest najlepszy w okolicy", "Wczoraj kupiłam buty i już się zepsuły", "Ale dziś zimno", "Pociąg znowu spóźniony",
		"Jutro jedziemy z dziećmi na plażę", "Nie rozumiem czemu nikt mi nie odpowiada",
	},
	"tr": {
		"Bu mağaza semtin en iyisi", "Dün ayakkabı aldım şimdiden bozuldu", "Bugün çok soğuk", "Tren yine geç kaldı",
		"Yarın çocuklarla plaja gidiyoruz", "Neden kimse cevap vermiyor anlamıyorum",
	},
	"id": {
		"Toko ini paling bagus di sini", "Kemarin beli sepatu sekarang sudah rusak", "Dingin banget hari ini", "Keretanya telat lagi",
		"Besok kami mau ke pantai sama anak-anak", "Kenapa tidak ada yang jawab sih",
	},
	"ro": {
		"Magazinul acesta este cel mai bun din cartier", "Ieri am cumpărat pantofi și deja s-au rupt", "Ce frig e azi afară", "Trenul întârzie iar",
		"Mâine mergem la plajă cu copiii", "Nu înțeleg de ce nu răspunde nimeni",
	},
	"fi": {"Tämä kauppa on kaupungin paras", "Ostin eilen kengät ja ne hajosivat jo", "Onpa tänään kylmä", "Juna on taas myöhässä"},
	"hu": {"Ez a bolt a legjobb a környéken", "Tegnap vettem egy cipőt és máris tönkrement", "Nagyon hideg van ma", "Megint késik a vonat"},
	"cs": {"Tenhle obchod je nejlepší ve městě", "Včera jsem si koupila boty a už jsou rozbité", "Dneska je ale zima", "Vlak má zase zpoždění"},
	"af": {"Hierdie winkel is die beste in die dorp", "Ek het gister skoene gekoop en hulle is al stukkend", "Dit is baie koud vandag"},
	"tl": {"Ang ganda ng tindahan na ito", "Bakit walang sumasagot sa akin", "Bukas pupunta kami sa dagat kasama ang mga bata"},
}

// later are further ones, written when nearly everything was settled; nothing was
// settled on them. What they show is what to expect.
var later = map[string][]string{
	"ca": {
		"Han pujat els preus una altra vegada, ja n'hi ha prou", "La samarreta m'ha arribat trencada", "El millor restaurant de la ciutat, hi tornarem segur",
		"A veure si contesten el telèfon d'una vegada", "Bona nit i bona hora", "Estem molt contents amb el resultat", "Porto tot el matí intentant pagar",
		"Les noves sabatilles són una meravella", "Visca la festa major!", "Algú sap a quina hora obren?",
	},
	"gl": {
		"Subiron os prezos outra vez, xa está ben", "A camiseta chegoume rota", "O mellor restaurante da cidade, volveremos seguro",
		"A ver se collen o teléfono dunha vez", "Boas noites e ata mañá", "Estamos moi contentos co resultado", "Levo toda a mañá intentando pagar",
		"As novas zapatillas son unha marabilla", "Viva a festa!", "Alguén sabe a que hora abren?",
	},
	"eu": {
		"Prezioak igo dituzte berriro", "Kamiseta hautsita iritsi zait", "Hiriko jatetxerik onena, itzuliko gara", "Ea telefonoa hartzen duten behingoz",
		"Gabon eta bihar arte", "Oso pozik gaude emaitzarekin", "Goiz osoa daramat ordaindu nahian", "Zapatila berriak ikaragarriak dira", "Gora jaiak!",
		"Norbaitek badaki zer ordutan irekitzen duten?",
	},
	"nl": {
		"De prijzen zijn weer omhoog, nu is het genoeg", "Mijn shirt kwam kapot aan", "Beste restaurant van de stad, we komen zeker terug",
		"Neem nou eens de telefoon op", "Welterusten en tot morgen", "We zijn erg blij met het resultaat", "Ik probeer al de hele ochtend te betalen",
		"De nieuwe schoenen zijn fantastisch", "Leve het feest!", "Weet iemand hoe laat ze opengaan?",
	},
	"es": {
		"Otra vez han subido los precios, ya está bien", "La camiseta me ha llegado rota", "El mejor restaurante de la ciudad, volveremos seguro",
		"A ver si cogen el teléfono de una vez", "Buenas noches y hasta mañana", "Estamos muy contentos con el resultado", "Llevo toda la mañana intentando pagar",
		"Las zapatillas nuevas son una maravilla", "¡Viva la fiesta!", "¿Alguien sabe a qué hora abren?",
	},
	"pt": {
		"Subiram os preços outra vez, já chega", "A camisola chegou-me rasgada", "O melhor restaurante da cidade, voltaremos de certeza",
		"Vê se atendem o telefone de uma vez", "Boa noite e até amanhã", "Estamos muito contentes com o resultado", "Estou a manhã toda a tentar pagar",
		"As sapatilhas novas são uma maravilha", "Viva a festa!", "Alguém sabe a que horas abrem?",
	},
	"it": {
		"Hanno alzato di nuovo i prezzi, adesso basta", "La maglietta mi è arrivata rotta", "Il miglior ristorante della città, torneremo di sicuro",
		"Vediamo se rispondono al telefono", "Buonanotte e a domani", "Siamo molto contenti del risultato", "È tutta la mattina che provo a pagare",
		"Le scarpe nuove sono una meraviglia", "Viva la festa!", "Qualcuno sa a che ora aprono?",
	},
	"de": {
		"Schon wieder sind die Preise gestiegen, jetzt reicht's", "Das Shirt kam kaputt an", "Bestes Restaurant der Stadt, wir kommen wieder",
		"Geht doch mal ans Telefon", "Gute Nacht und bis morgen", "Wir sind sehr zufrieden mit dem Ergebnis", "Ich versuche den ganzen Morgen zu bezahlen",
		"Die neuen Schuhe sind der Hammer", "Hoch die Tassen!", "Weiß jemand, wann die aufmachen?",
	},
	"fr": {
		"Ils ont encore augmenté les prix, ça suffit", "Le t-shirt est arrivé déchiré", "Le meilleur resto de la ville, on reviendra c'est sûr",
		"Qu'ils décrochent enfin le téléphone", "Bonne nuit et à demain", "Nous sommes très contents du résultat", "J'essaie de payer depuis ce matin",
		"Les nouvelles baskets sont une merveille", "Vive la fête !", "Quelqu'un sait à quelle heure ça ouvre ?",
	},
	"en": {
		"Prices are up again, enough is enough", "The shirt arrived torn", "Best restaurant in town, we will be back for sure", "Just pick up the phone already",
		"Good night and see you tomorrow", "We are very happy with the result", "Been trying to pay all morning", "The new trainers are a marvel",
		"Long live the party!", "Anyone know what time they open?",
	},
}
