import { useEffect } from 'react'

const setting = 'adalid.keys'

/** Single keys act unless somebody switched them off. */
export const keysOn = () => localStorage.getItem(setting) !== 'off'
export const setKeysOn = (on: boolean) => localStorage.setItem(setting, on ? 'on' : 'off')

const GO: Record<string, string> = { o: 'overview', a: 'advocates', m: 'mentions', c: 'content', n: 'network', p: 'portfolio', b: 'backtest', s: 'scans' }
/** Keys that after g lead to a page. */
export const goKeys = (pages: string[]) => Object.entries(GO).filter(([, p]) => pages.includes(p))

/** Calls go with the page that g and another key name. It hears keys before anything else does, so that the second acts nowhere else. */
export function useGo(pages: string[], go: (page: string) => void) {
  useEffect(() => {
    let until = 0
    const onKey = (e: KeyboardEvent) => {
      const el = e.target as HTMLElement
      if (e.metaKey || e.ctrlKey || e.altKey || !keysOn() || el.closest('input:not([type=checkbox]),select,textarea,dialog,[popover]')) return
      const was = until
      until = e.key === 'g' && !was ? e.timeStamp + 1500 : 0
      const page = was > e.timeStamp && goKeys(pages).find(([k]) => k === e.key)?.[1]
      if (page || until) { e.preventDefault(); e.stopImmediatePropagation() }
      if (page) go(page)
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [pages, go])
}

/** Calls f for a single key outside of fields and dialogs; f says whether it took it. */
export function useKeys(f: (key: string, target: HTMLElement) => boolean) {
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const el = e.target as HTMLElement
      if (e.metaKey || e.ctrlKey || e.altKey || !keysOn() || el.closest('input:not([type=checkbox]),select,textarea,dialog,[popover]')) return
      if (f(e.key, el)) e.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [f])
}
