import { createContext, useContext } from 'react'
import { day, figure, moment, short } from './figures'
import type { Key, Locale, Words } from './words'

export { chooseLocale, chosenLocale, loadWords, type Key, type Locale } from './words'

type Vars = Record<string, string | number>
type Plural = { [K in Key]: K extends `${infer P}_one` ? P : never }[Key]

/** A sentence that the server says in both languages. */
export type Said = Record<Locale, string>

export function makeI18n(locale: Locale, words: Words) {
  // Intl itself is made when something asks for what figures.ts does not write.
  const later = <T,>(make: () => T) => { let made: T | undefined; return () => (made ??= make()) }
  const compact = later(() => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }))
  const languages = later(() => new Intl.DisplayNames(locale, { type: 'language' }))
  const lists = later(() => new Intl.ListFormat(locale))
  const whole = (x: number) => figure(locale, x), one = (x: number) => figure(locale, x, 1), two = (x: number) => figure(locale, x, 2)
  const unbroken = (s: string) => s.replaceAll(' ', '\u00a0')
  const percentSign = locale === 'es' ? '\u00a0%' : '%'
  const sign = (x: number, text: string) => (Number(x.toFixed(2)) > 0 ? '+' : Number(x.toFixed(2)) < 0 ? '−' : '') + text

  const t = (key: Key, vars?: Vars) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => {
      const v = vars?.[name]
      return typeof v === 'number' ? whole(v) : String(v ?? '')
    })
  return {
    locale,
    t,
    tn: (key: Plural, n: number, vars?: Vars) => t(`${key}_${n === 1 ? 'one' : 'other'}` as Key, { n, ...vars }),
    said: (s: Said) => s[locale],
    n: whole,
    compact: (x: number) => short(locale, x) ?? compact().format(x),
    /** A score of 0 to 100: 83.12 -> "83.1" */
    score: one,
    ratio: (x: number, digits = 2) => figure(locale, x, digits),
    /** A mean in [-1, 1]: 0.487 -> "+0.49" */
    signed: (x: number) => sign(x, two(Math.abs(x))),
    /** 0.74 -> "74%" or "74 %" */
    pct: (x: number, digits = 0) => (digits ? one : whole)(x * 100) + percentSign,
    change: (x: number) => sign(x, one(Math.abs(x * 100)) + percentSign),
    usd: (x: number) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' }).format(x),
    /** Days do not break over lines. */
    date: (s: string) => unbroken(day(locale, new Date(s), true)),
    day: (s: string) => unbroken(day(locale, new Date(s), false)),
    /** Date and time where the reader is. */
    time: (s: string) => moment(locale, new Date(s)).replace(/ (?!\d\d:)/g, '\u00a0'),
    language: (tag: string) => { try { return languages().of(tag) ?? tag } catch { return tag } },
    list: (x: string[]) => lists().format(x),
  }
}
export type I18n = ReturnType<typeof makeI18n>
export const I18nContext = createContext<I18n | null>(null)
export const useI18n = () => {
  const i18n = useContext(I18nContext)
  if (!i18n) throw new Error('outside of I18nContext')
  return i18n
}
