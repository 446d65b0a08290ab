import { useEffect } from 'react'

const setting = 'adalid.keys'

/** Single keys act unless somebody switched them off. */
export const keysOn = () => localStorage.getItem(setting) !== 'off'
export const setKeysOn = (on: boolean) => localStorage.setItem(setting, on ? 'on' : 'off')

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
