// A saved view holds the parameters of the list as the API has them, and a few of
// the page; the address of the page has some of them in shorter words.
import type { Query } from './url'

const SAME = ['view', 'sort', 'mode', 'platform', 'lang', 'days', 'since', 'until', 'q', 'where', 'weights', 'preset', 'blend', 'include', 'status', 'tag', 'owner', 'tasks', 'columns', 'rows'] as const

/** What of an address a view keeps. */
export function kept(u: Query): Record<string, string> {
  const out: Record<string, string> = {}
  for (const k of SAME) if (u[k]) out[k] = u[k]
  if (u.min) out.min_mentions = u.min
  if (u.all) out.all = 'true'
  return out
}

/** The address that a view stands for. */
export function opened(id: string, q: Record<string, string>): Query {
  const out: Query = { saved: id }
  for (const k of SAME) out[k] = q[k]
  if (q.view === 'all') out.view = undefined
  return { ...out, min: q.min_mentions, all: q.all === 'true' ? '1' : undefined }
}

const text = (q: Record<string, string>) => JSON.stringify(Object.entries(q).filter(([k, v]) => !(k === 'view' && v === 'all')).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Whether the address asks something else than the view. */
export const differs = (u: Query, q: Record<string, string>) => text(kept(u)) !== text(q)
