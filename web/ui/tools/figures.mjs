// Numbers and dates of src/i18n/figures.ts against Intl.
import fs from 'node:fs'
import ts from 'typescript'

const source = fs.readFileSync(new URL('../src/i18n/figures.ts', import.meta.url), 'utf8')
const f = await import('data:text/javascript,' + encodeURIComponent(ts.transpileModule(source, { compilerOptions: { module: 'esnext', target: 'es2022' } }).outputText))
let seed = 1, wrong = 0, count = 0
const roll = () => (seed = (seed * 48271) % 2147483647) / 2147483647
const same = (what, got, want) => { count++; if (got !== want && wrong++ < 40) console.log(`${what}: ${JSON.stringify(got)}, Intl says ${JSON.stringify(want)}`) }
for (const locale of ['en', 'es']) {
  const fixed = d => new Intl.NumberFormat(locale, { useGrouping: 'always', minimumFractionDigits: d, maximumFractionDigits: d }), digits = [0, 1, 2].map(fixed)
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const date = o => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...o })
  const long = date({ year: 'numeric', timeZone: 'UTC' }), brief = date({ timeZone: 'UTC' }), minute = date({ year: 'numeric', hour: '2-digit', minute: '2-digit' }), plural = new Intl.PluralRules(locale)
  for (let k = 0; k < 20_000; k++) {
    const x = k < 40 ? [0, 0.5, 1, 999, 999.4, 999.5, 999.95, 1000, 1049, 1050, 9999, 12345, 99_949, 99_950, 999_949, 999_950, 1e6, 1_050_000, 12_345_678, 999_499_999][k % 20] * (k < 20 ? 1 : 0.1) : 10 ** (roll() * 9) * (k % 7 ? 1 : Math.round(roll())), i = Math.round(x)
    digits.forEach((g, d) => { same(`${x} with ${d} digits`, f.figure(locale, x, d), g.format(x)); if (x) same(`${-x} with ${d} digits`, f.figure(locale, -x, d), g.format(-x)) })
    for (const v of [x, i]) if (f.short(locale, v) !== undefined) same(`${v} in short`, f.short(locale, v), compact.format(v))
    same(`plural of ${i}`, i === 1 ? 'one' : 'other', plural.select(i) === 'one' ? 'one' : 'other')
    const d = new Date(roll() * 4e12)
    same('day', f.day(locale, d, true), long.format(d)); same('day', f.day(locale, d, false), brief.format(d)); same('moment', f.moment(locale, d), minute.format(d))
  }
}
console.log(`${count} numbers and dates as Intl writes them, ${wrong} not`)
process.exit(wrong ? 1 : 0)
