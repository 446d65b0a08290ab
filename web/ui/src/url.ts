// The address is the state: /b/{brand}/{page}/{id}?filters. This file reads and
// writes it; nothing else touches history.
import { useCallback, useMemo, useSyncExternalStore } from 'react'

const changed = 'adalid:address'

function subscribe(f: () => void) {
  addEventListener('popstate', f)
  addEventListener(changed, f)
  return () => { removeEventListener('popstate', f); removeEventListener(changed, f) }
}

/** Goes to an address of this app. `replace` adds no entry to the history. */
export function navigate(to: string, { replace = false } = {}) {
  if (to === location.pathname + location.search) return
  history[replace ? 'replaceState' : 'pushState'](null, '', to)
  dispatchEvent(new Event(changed))
}

const useAddress = () => useSyncExternalStore(subscribe, () => location.pathname + location.search)

function decoded(s: string | undefined) {
  try { return s === undefined ? undefined : decodeURIComponent(s) } catch { return s }
}

export type Place = { brand?: string; page: string; id?: string }

/** The brand, page and, on some pages, the person that a path names. */
export function placeOf(path: string): Place {
  const [first, brand, page, id] = path.split('/').slice(1)
  return first === 'b' && brand ? { brand: decoded(brand), page: page || 'advocates', id: decoded(id) } : { page: first ?? '' }
}

export function usePlace(): Place {
  const path = useAddress().split('?')[0]
  return useMemo(() => placeOf(path), [path])
}

export type Query = Record<string, string | undefined>

/** Address of a page of a brand. */
export function to(brand: string, page: string, query: Query = {}) {
  const u = new URLSearchParams(Object.entries(query).filter((e): e is [string, string] => !!e[1]))
  return `/b/${encodeURIComponent(brand)}/${page}` + (u.size ? '?' + u : '')
}

/** The part behind the question mark, and a way to change some of it. Filters and people make history entries; typing replaces. */
export function useUrlState() {
  const address = useAddress()
  const search = address.split('?')[1] ?? ''
  const state = useMemo(() => Object.fromEntries(new URLSearchParams(search)) as Query, [search])
  const set = useCallback((patch: Query, replace = false) => {
    const u = new URLSearchParams(location.search)
    for (const [k, v] of Object.entries(patch)) { if (v) u.set(k, v); else u.delete(k) }
    navigate(location.pathname + (u.size ? '?' + u : ''), { replace })
  }, [])
  return [state, set] as const
}
