// Changes of many people or one: shown before the server answers, taken back from
// the screen where it refuses, and undone by its own undo.
import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { Change, Target } from './acts'
import { ApiError, client, RANKED, refresh, take, type Schemas } from './api'
import type { I18n } from './i18n'

type Context = { brand: string; i18n: I18n; toast: (text: string, undo?: () => void) => void; cache: QueryClient }

/** How many people the server changes at once. */
const MOST = 500
const LISTS = ['advocates', 'view', 'viewTop', 'person', 'portfolio']

/** Why the server did not do something, in a reader's words. */
export function refusal(e: unknown, { t }: I18n) {
  if (!(e instanceof ApiError)) return t('err_save')
  return e.status === 0 ? t('err_offline') : e.status === 403 ? t('wf_forbidden') : e.status === 404 ? t('err_missing') : e.status === 409 ? t('wf_conflict') : e.status === 429 ? t('err_wait') : t('err_save')
}

const isPerson = (x: object): x is Target => 'id' in x && 'accounts' in x && 'tags' in x

/** A copy of an answer in which some people are as after a change; the answer itself where it names none of them. */
function changed<T>(x: T, ids: ReadonlySet<string>, f: (p: Target) => Target): T {
  if (Array.isArray(x)) {
    let same = true
    const out = x.map(v => { const w = changed(v, ids, f); same &&= w === v; return w })
    return same ? x : out as T
  }
  if (!x || typeof x !== 'object') return x
  if (isPerson(x)) return ids.has(x.id) ? f(x) as T : x
  let out = x
  for (const k of ['pages', 'items', 'person', 'advocate', 'picks'] as const) {
    const v = (x as Record<string, unknown>)[k], w = v && changed(v, ids, f)
    if (w !== v) out = { ...out, [k]: w }
  }
  return out
}

function after(p: Target, c: Change): Target {
  const drop = new Set(c.remove_tags?.map(s => s.toLowerCase())), has = new Set(p.tags.map(s => s.toLowerCase()))
  const tags = [...p.tags.filter(s => !drop.has(s.toLowerCase())), ...(c.add_tags ?? []).filter(s => !has.has(s.toLowerCase()))].sort((a, b) => a.localeCompare(b))
  return { ...p, status: c.status?.status ?? p.status, tags, owner: c.owner === undefined ? p.owner : c.owner }
}

/** Asks again for whatever shows what a team keeps of people. */
export function refreshKept(cache: QueryClient, brand: string, unfit = true) {
  return refresh(cache, brand, [...(unfit ? [...RANKED, 'circle'] : [...LISTS, 'viewCount']), 'workflow', 'history', 'tags', 'stages', 'tasks'])
}

function said({ tn, locale }: I18n, n: number, c: Change) {
  const quoted = (list: string[]) => list.map(x => (locale === 'es' ? `«${x}»` : `“${x}”`)).join(', ')
  return c.status ? tn(`did_${c.status.status}`, n)
    : c.owner ? tn('did_owner', n, { name: c.owner.name })
      : c.owner === null ? tn('did_noowner', n)
        : c.add_tags?.length ? tn('did_tag', n, { tag: quoted(c.add_tags) }) : tn('did_untag', n, { tag: quoted(c.remove_tags ?? []) })
}

export async function act(x: Context, people: Target[], c: Change): Promise<boolean> {
  const { brand, i18n, toast, cache } = x
  const path = { brand }, ids = new Set(people.map(p => p.id))
  const unfit = c.status?.status === 'not_a_fit' || people.some(p => p.status === 'not_a_fit')
  const shows = { predicate: ({ queryKey: [key, of] }: { queryKey: QueryKey }) => of === brand && LISTS.includes(key as string) }
  await cache.cancelQueries(shows)
  const before = cache.getQueriesData(shows)
  cache.setQueriesData(shows, (d: unknown) => changed(d, ids, p => after(p, c)))
  const restore = () => { for (const [key, d] of before) cache.setQueryData(key, d) }
  const done: Schemas['Batch'][] = []
  const undo = async () => {
    restore()
    let kept = 0
    try {
      for (const b of [...done].reverse()) kept += (await take(client.DELETE('/brands/{brand}/batches/{batch}', { params: { path: { brand, batch: b.id } } }))).kept
      toast(kept ? i18n.tn('undo_kept', kept) : i18n.t('undone'))
    } catch (e) { toast(refusal(e, i18n)) }
    await refreshKept(cache, brand, unfit)
  }
  try {
    for (let list = [...ids]; list.length; list = list.slice(MOST)) {
      done.push(await take(client.POST('/brands/{brand}/batches', { params: { path }, body: { people: list.slice(0, MOST), status: c.status, add_tags: c.add_tags, remove_tags: c.remove_tags, ...(c.owner === undefined ? {} : { owner: c.owner?.id ?? null }) } })))
    }
  } catch (e) {
    if (done.length) toast(`${refusal(e, i18n)} ${i18n.tn('wf_part', sum(done, 'changed'))}`, () => void undo())
    else { restore(); toast(refusal(e, i18n)) }
    void refreshKept(cache, brand, unfit)
    return false
  }
  const n = sum(done, 'changed'), refused = sum(done, 'refused'), unknown = sum(done, 'unknown')
  const rest = [refused && i18n.tn('wf_refused', refused), unknown && i18n.tn('wf_unknown', unknown)].filter(Boolean).join(' ')
  if (n) toast([said(i18n, n, c), rest].filter(Boolean).join(' '), () => void undo())
  else toast(rest || i18n.t('wf_nothing'))
  void refreshKept(cache, brand, unfit)
  return true
}

const sum = (list: Schemas['Batch'][], k: 'changed' | 'refused' | 'unknown') => list.reduce((s, b) => s + b[k], 0)
