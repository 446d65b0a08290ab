import { createContext, useContext } from 'react'
import type { Key } from './en'

export type { Key }
export type Locale = 'en' | 'es'
export type Words = Record<Key, string>

/** Only the language in use is fetched. */
export const loadWords = async (locale: Locale): Promise<Words> => (locale === 'es' ? (await import('./es')).es : (await import('./en')).en)

const setting = 'adalid.locale'
export function chosenLocale(): Locale {
  const stored = localStorage.getItem(setting)
  return stored === 'es' || stored === 'en' ? stored : navigator.language.startsWith('es') ? 'es' : 'en'
}
export const chooseLocale = (locale: Locale) => localStorage.setItem(setting, locale)

type Vars = Record<string, string | number>
type Plural = { [K in Key]: K extends `${infer P}_one` ? P : never }[Key]

/** A sentence that the server says in both languages. */
export type Said = Record<Locale, string>

export function makeI18n(locale: Locale, words: Words) {
  // 'always': Spanish does not group four-digit numbers by default.
  const whole = new Intl.NumberFormat(locale, { useGrouping: 'always' as never, maximumFractionDigits: 0 })
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const decimal = (d: number) => new Intl.NumberFormat(locale, { useGrouping: 'always' as never, minimumFractionDigits: d, maximumFractionDigits: d })
  const one = decimal(1), two = decimal(2)
  const long = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const minute = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })
  const plural = new Intl.PluralRules(locale)
  const languages = new Intl.DisplayNames(locale, { type: 'language' })
  const lists = new Intl.ListFormat(locale)
  const percentSign = locale === 'es' ? '\u00a0%' : '%'
  const sign = (x: number, text: string) => (Number(x.toFixed(2)) > 0 ? '+' : Number(x.toFixed(2)) < 0 ? '−' : '') + text

  const t = (key: Key, vars?: Vars) =>
    words[key].replace(/\{(\w+)\}/g, (_, name) => {
      const v = vars?.[name]
      return typeof v === 'number' ? whole.format(v) : String(v ?? '')
    })
  return {
    locale,
    t,
    tn: (key: Plural, n: number, vars?: Vars) => t(`${key}_${plural.select(n) === 'one' ? 'one' : 'other'}` as Key, { n, ...vars }),
    said: (s: Said) => s[locale],
    n: whole.format,
    compact: compact.format,
    /** A score of 0 to 100: 83.12 -> "83.1" */
    score: (x: number) => one.format(x),
    ratio: (x: number) => two.format(x),
    /** A mean in [-1, 1]: 0.487 -> "+0.49" */
    signed: (x: number) => sign(x, two.format(Math.abs(x))),
    /** 0.74 -> "74%" or "74 %" */
    pct: (x: number, digits = 0) => (digits ? one : whole).format(x * 100) + percentSign,
    change: (x: number) => sign(x, one.format(Math.abs(x * 100)) + percentSign),
    usd: (x: number) => new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' }).format(x),
    date: (s: string) => long.format(new Date(s)),
    day: (s: string) => short.format(new Date(s)),
    /** Date and time where the reader is. */
    time: (s: string) => minute.format(new Date(s)),
    language: (tag: string) => { try { return languages.of(tag) ?? tag } catch { return tag } },
    list: (x: string[]) => lists.format(x),
  }
}
export type I18n = ReturnType<typeof makeI18n>
export const I18nContext = createContext<I18n | null>(null)
export const useI18n = () => {
  const i18n = useContext(I18nContext)
  if (!i18n) throw new Error('outside of I18nContext')
  return i18n
}
