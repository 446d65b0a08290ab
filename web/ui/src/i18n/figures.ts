// Numbers and dates as Intl writes them, for what the first list shows: the first
// use of Intl makes the browser read its tables of all languages, which takes
// longer than drawing the list. tools/figures.mjs compares the two.
type Locale = 'en' | 'es'

const MONTHS = { en: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '), es: 'ene feb mar abr may jun jul ago sept oct nov dic'.split(' ') }
const UNITS = { en: ['', 'K', 'M', 'B'], es: ['', '\u00a0mil', '\u00a0M', ''] }
const two = (n: number) => String(n).padStart(2, '0')

/** 12345.678 with so many digits: "12,345.68" or "12.345,68". */
export function figure(locale: Locale, x: number, digits = 0) {
  const [whole, part] = x.toFixed(digits).split('.')
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, locale === 'es' ? '.' : ',') : whole
  return part ? grouped + (locale === 'es' ? ',' : '.') + part : grouped
}

/** Few digits: "12.3K" or "12,3 mil". Undefined from a thousand million up, which Spanish counts otherwise. */
export function short(locale: Locale, x: number): string | undefined {
  if (!(x >= 0 && x < 999_500_000)) return undefined
  let unit = 0, v = x
  while (Number(v.toFixed(1)) >= 1000) v = Math.round(x / (1000 ** ++unit / 10)) / 10 // a tie such as 2550 is one only in tenths of a thousand
  const text = v.toFixed(1).replace(/\.0$/, '')
  return (locale === 'es' ? text.replace('.', ',') : text) + UNITS[locale][unit]
}

/** A day in UTC: "Jun 1, 2026" or "1 jun 2026", without the year if so wished. */
export function day(locale: Locale, d: Date, year: boolean) {
  const m = MONTHS[locale][d.getUTCMonth()], n = d.getUTCDate(), y = d.getUTCFullYear()
  return locale === 'es' ? `${n} ${m}${year ? ' ' + y : ''}` : `${m} ${n}${year ? ', ' + y : ''}`
}

/** Day and time where the reader is: "Jun 1, 2026, 07:06 PM" or "1 jun 2026, 19:06". */
export function moment(locale: Locale, d: Date) {
  const m = MONTHS[locale][d.getMonth()], n = d.getDate(), h = d.getHours(), y = d.getFullYear()
  return locale === 'es' ? `${n} ${m} ${y}, ${two(h)}:${two(d.getMinutes())}` : `${m} ${n}, ${y}, ${two(h % 12 || 12)}:${two(d.getMinutes())} ${h < 12 ? 'AM' : 'PM'}`
}
