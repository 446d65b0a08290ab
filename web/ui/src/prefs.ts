import { createContext, useContext } from 'react'
import type { Locale } from './i18n'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]

type Prefs = { theme: Theme; setTheme: (t: Theme) => void; setLocale: (l: Locale) => void }
/** How this browser shows the app. */
export const PrefsContext = createContext<Prefs | null>(null)
export const usePrefs = () => useContext(PrefsContext)!

const rows = 'adalid.rows'
/** How high rows of lists are where the address does not say. */
export const rowHeight = (): 'comfortable' | 'compact' => (localStorage.getItem(rows) === 'compact' ? 'compact' : 'comfortable')
export const setRowHeight = (to: 'comfortable' | 'compact') => localStorage.setItem(rows, to)
