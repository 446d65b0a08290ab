// The words of the language in use: those of the first list, then all others.
import type { words as first } from './en/first'
import type { words as pages } from './en/pages'

export type Key = keyof typeof first | keyof typeof pages
export type Locale = 'en' | 'es'
export type Words = Record<Key, string>
type Part = 'first' | 'pages'

const parts: Record<Locale, Record<Part, () => Promise<{ words: Partial<Words> }>>> = {
  en: { first: () => import('./en/first'), pages: () => import('./en/pages') },
  es: { first: () => import('./es/first'), pages: () => import('./es/pages') },
}
const words: Record<Locale, Partial<Words>> = { en: {}, es: {} }
const wanted = new Set<Part>(['first'])

/** Fetches what the first list says and, once a page asked for it, what all the others say: in the language in use alone. */
export async function loadWords(locale: Locale, part: Part = 'first') {
  wanted.add(part)
  for (const m of await Promise.all([...wanted].map(p => parts[locale][p]()))) Object.assign(words[locale], m.words)
  return words[locale] as Words
}

const setting = 'adalid.locale'
export function chosenLocale(): Locale {
  const stored = localStorage.getItem(setting)
  return stored === 'es' || stored === 'en' ? stored : navigator.language.startsWith('es') ? 'es' : 'en'
}
export const chooseLocale = (locale: Locale) => localStorage.setItem(setting, locale)
