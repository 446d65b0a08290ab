package authenticity

import "time"

// rule is one line of the table: what it looks at, what it adds to the log-odds
// and how it is said. Of the rules of one group only the first that holds
// counts, because they look at the same thing.
type rule struct {
	group  string
	code   string
	weight float64
	en, es string // {0}, {1} stand for the numbers that holds gives
	holds  func(*facts) ([]int64, bool)
}

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// The steps of the table. Weights are chosen by what a rule can prove, on one
// scale, not fitted: docs/authenticity.md says how.
const (
	weak     = 0.5
	fair     = 1.0
	strong   = 1.75
	telling  = 3.0
	decisive = 4.5
	declared = 6.0
)

// rules is the whole of what an account's probability is made of.
var rules = []rule{
	{"declared", "bot-mark", declared, "the platform marks it as automated", "la plataforma la marca como automatizada", isTrue(func(f *facts) *bool { return f.DeclaredBot })},
	{"declared", "bot-bio", decisive, "its bio says that it is automated", "su biografía dice que es automática", says(func(f *facts) bool { return f.saysBot })},
	{"declared", "bot-name", telling, "its handle or name calls itself a bot", "su usuario o su nombre dicen que es un bot", says(func(f *facts) bool { return f.namedBot })},

	{"followed", "no-followers", strong, "nobody follows it after {0} days", "nadie la sigue después de {0} días", func(f *facts) ([]int64, bool) {
		return days(f.age), f.age >= 30*day && is(f.Followers, 0, 0)
	}},
	{"followed", "few-followers", fair, "only {0} followers after {1} days", "solo {0} seguidores después de {1} días", func(f *facts) ([]int64, bool) {
		return append(number(f.Followers), days(f.age)...), f.age >= 90*day && is(f.Followers, 1, 4)
	}},
	{"", "follows-nobody", strong, "it follows nobody after {0} days", "no sigue a nadie después de {0} días", func(f *facts) ([]int64, bool) {
		return days(f.age), f.age >= 30*day && is(f.Following, 0, 0)
	}},

	{"ratio", "exchange-many", strong, "it follows {0} accounts and about as many, {1}, follow it: follows given for follows", "sigue a {0} cuentas y la siguen casi tantas, {1}: seguir a cambio de que te sigan", exchange(2000)},
	{"ratio", "exchange", fair, "it follows {0} accounts and about as many, {1}, follow it", "sigue a {0} cuentas y la siguen casi tantas, {1}", exchange(1000)},
	{"ratio", "one-sided-many", fair, "it follows {0} accounts, and {1} follow it", "sigue a {0} cuentas y la siguen {1}", oneSided(10)},
	{"ratio", "one-sided", weak, "it follows {0} accounts, and {1} follow it", "sigue a {0} cuentas y la siguen {1}", oneSided(5)},

	{"listed", "unlisted", fair, "{0} followers, but only {1} put it on a list", "{0} seguidores, pero solo {1} la tienen en una lista", func(f *facts) ([]int64, bool) {
		return append(number(f.Followers), number(f.Listed)...), known(f.Followers, f.Listed) && *f.Followers >= 1000 && *f.Listed < *f.Followers/500
	}},
	{"listed", "listed", -weak, "{0} put it on a list of theirs", "{0} la tienen en una lista suya", func(f *facts) ([]int64, bool) {
		return number(f.Listed), known(f.Listed) && *f.Listed >= 10
	}},

	{"age", "days-old", fair, "the account is {0} days old", "la cuenta tiene {0} días", func(f *facts) ([]int64, bool) { return days(f.age), f.dated && f.age < 30*day }},
	{"age", "weeks-old", weak, "the account is {0} days old", "la cuenta tiene {0} días", func(f *facts) ([]int64, bool) { return days(f.age), f.dated && f.age < 90*day }},
	{"age", "years-old", -weak, "the account is {0} years old", "la cuenta tiene {0} años", func(f *facts) ([]int64, bool) { return []int64{int64(f.age / year)}, f.age >= 5*year }},

	{"", "empty-profile", fair, "no bio, no link and no place", "sin biografía, sin enlace y sin lugar", says(func(f *facts) bool { return f.empty })},
	{"", "link", -fair, "its profile links to a page", "su perfil enlaza a una página", says(func(f *facts) bool { return filled(f.URL) })},
	{"", "no-picture", weak, "no picture of its own", "sin foto propia", isTrue(func(f *facts) *bool { return f.DefaultImage })},
	{"", "numbered", weak, "its handle ends in {0} digits, as made by a machine", "su usuario acaba en {0} cifras, como los que pone una máquina", func(f *facts) ([]int64, bool) {
		return []int64{f.digits}, f.digits >= 6
	}},
	{"", "verified", -weak, "the platform verified it", "la plataforma la verificó", isTrue(func(f *facts) *bool { return f.Verified })},

	{"repeats", "repeater", strong, "{0} % of its {1} own posts repeat an earlier one", "el {0} % de sus {1} publicaciones propias repite otra anterior", func(f *facts) ([]int64, bool) {
		return f.Repetition.values(), f.Repetition != nil && f.Repetition.Repeater()
	}},
	{"repeats", "repeats", weak, "{0} % of its {1} own posts repeat an earlier one", "el {0} % de sus {1} publicaciones propias repite otra anterior", func(f *facts) ([]int64, bool) {
		return f.Repetition.values(), f.Repetition != nil && f.Repetition.Posts >= repeaterPosts && f.Repetition.Share() >= repeaterShare/2
	}},
	{"copies", "in-step", telling, "{0} times it posted what {1} other accounts posted within the same minute", "{0} veces publicó lo mismo que otras {1} cuentas en el mismo minuto", func(f *facts) ([]int64, bool) {
		return f.Copies.inStep(), f.Copies != nil && f.Copies.InStep >= 3 && f.Copies.Partners >= 2
	}},
	{"copies", "copies", fair, "{0} % of its {1} own posts are also posted by others", "el {0} % de sus {1} publicaciones propias las publican también otros", func(f *facts) ([]int64, bool) {
		return f.Copies.values(), f.Copies != nil && f.Copies.Posts >= repeaterPosts && f.Copies.Shared*2 >= f.Copies.Posts
	}},
	{"", "clockwork", strong, "it posts like clockwork: {0} % of {1} pauses are of one length", "publica como un reloj: el {0} % de {1} pausas dura lo mismo", func(f *facts) ([]int64, bool) {
		return f.Rhythm.values(), f.Rhythm != nil && f.Rhythm.Pauses >= clockworkPauses && f.Rhythm.Entropy < clockworkBits
	}},
	{"", "sleepless", fair, "it posts at every hour of the day, {0} posts in {1} days", "publica a todas horas, {0} publicaciones en {1} días", func(f *facts) ([]int64, bool) {
		return f.Rhythm.span(), f.Rhythm != nil && f.Rhythm.Sleepless()
	}},
}
