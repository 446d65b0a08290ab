// The only place that talks to the server: the public API, with types made
// from its description.
import createClient from 'openapi-fetch'
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query'
import type { components, paths } from './schema'
import { early } from './early'
import type { Query } from './url'

export type Schemas = components['schemas']
export type Advocate = Schemas['Advocate']
export type Evidence = Schemas['Counted']
export type Mention = Schemas['Mention']
export type ComponentName = 'affinity' | 'volume' | 'reach' | 'network'
export const COMPONENTS: ComponentName[] = ['affinity', 'volume', 'reach', 'network']

/** What the server refused, or, with status 0, that it could not be reached. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly request?: string, readonly faults: { location?: string; message?: string }[] = []) { super(message) }
}

// Lists go into one parameter, separated by commas.
export const client = createClient<paths>({ baseUrl: '/api/v1', fetch: request => early(request) ?? fetch(request), querySerializer: { array: { style: 'form', explode: false } } })

let leaving = false

/** Sign-in is a page of the server itself; it leads back here. */
function signIn(out = false) {
  location.assign(`/lite/sign-in?next=${encodeURIComponent(location.pathname + location.search)}&lang=${document.documentElement.lang}${out ? '&out=1' : ''}`)
}

/** Waits for an answer and turns everything but success into an ApiError. */
export async function take<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let got
  try { got = await asked } catch (e) { throw new ApiError(0, 'offline', String(e)) }
  if (got.response.ok) return got.data as T
  if (got.response.status === 401 && !leaving) signIn() // the session is over
  const p = (got.error ?? {}) as Partial<Schemas['Problem']>
  throw new ApiError(got.response.status, p.code ?? 'unknown', p.detail ?? got.response.statusText, p.request_id, p.errors ?? [])
}

/** Ends the session; what else is on its way and is refused for it does not lead away first. */
export async function signOut() {
  leaving = true
  try {
    await take(client.DELETE('/session'))
    signIn(true)
  } catch (e) {
    leaving = false
    throw e
  }
}

type AdvocatesQuery = NonNullable<paths['/brands/{brand}/advocates']['get']['parameters']['query']>
/** The filters that all rankings of a brand share. */
export type Choice = Pick<AdvocatesQuery, 'since' | 'until' | 'platform' | 'lang' | 'min_mentions' | 'preset' | 'weights' | 'include' | 'where' | 'blend' | 'status' | 'tag' | 'owner' | 'tasks'>

const DAY = 86_400_000
/** The date that lies so many days back. */
export const daysAgo = (days: number, from = Date.now()) => new Date(from - days * DAY).toISOString().slice(0, 10)
const quoted = (s: string) => '"' + s.replace(/["\\]/g, ' ').trim() + '"'

/** Reads the filters out of the address. */
export function choiceOf(u: Query): Choice {
  const handle = u.q?.trim() ? `handle ~ ${quoted(u.q)}` : ''
  const where = [u.where && `(${u.where})`, handle].filter(Boolean).join(' and ')
  return {
    since: Number(u.days) > 0 ? daysAgo(Number(u.days)) : u.since, until: u.until,
    platform: u.platform, lang: u.lang, min_mentions: Number(u.min) || undefined,
    preset: u.weights ? undefined : u.preset as Choice['preset'], weights: u.weights,
    include: u.include, where: where || undefined, blend: u.blend as Choice['blend'],
    status: u.status?.split(',') as Choice['status'], tag: u.tag?.split(','), owner: u.owner, tasks: u.tasks as Choice['tasks'],
  }
}

export const brandsQuery = { queryKey: ['brands'], queryFn: () => take(client.GET('/brands')) }
export const useBrands = () => useQuery({ ...brandsQuery, select: d => d.items })

/** The brand that the address names; without one the last that was looked at. */
export function brandOf(brands: Schemas['Brand'][] | undefined, named?: string) {
  const wanted = named?.toLowerCase(), last = localStorage.getItem('adalid.brand')
  return brands?.find(b => (wanted ? b.name.toLowerCase() === wanted : b.name === last)) ?? (wanted ? undefined : brands?.[0])
}

export const PAGE = 50

/** Reads a list's next page. Where the data changed meanwhile, the pages before it are read anew first: their cursor is of data that are no more. */
export async function nextPage(list: { fetchNextPage: () => Promise<{ error: unknown }>; refetch: () => Promise<unknown> }) {
  const { error } = await list.fetchNextPage()
  if (!(error instanceof ApiError) || error.status !== 409) return
  await list.refetch()
  await list.fetchNextPage()
}

export const advocatesQuery = (brand: string, query: AdvocatesQuery) => infiniteQueryOptions({
  queryKey: ['advocates', brand, query], initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) => take(client.GET('/brands/{brand}/advocates', { params: { path: { brand }, query: { limit: PAGE, ...query, cursor: pageParam } } })),
  getNextPageParam: last => last.next_cursor ?? undefined,
})
export const useAdvocates = (brand: string, query: AdvocatesQuery, enabled = true) => useInfiniteQuery({ ...advocatesQuery(brand, query), enabled, placeholderData: keepPreviousData })

export const useView = (brand: string, view: string, query: Choice, enabled = true) => useInfiniteQuery({
  queryKey: ['view', brand, view, query], enabled, placeholderData: keepPreviousData, initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) => take(client.GET('/brands/{brand}/views/{view}', { params: { path: { brand, view: view as never }, query: { limit: PAGE, ...query, cursor: pageParam } } })),
  getNextPageParam: last => last.next_cursor ?? undefined,
})

/** How many people each view shows: one after the other, for the server has other things to do. */
export const viewCounts = (brand: string, views: string[], query: Choice) => ({
  queryKey: ['viewCount', brand, views, query], staleTime: 120_000, placeholderData: keepPreviousData<Record<string, number>>,
  queryFn: async () => {
    const counts: Record<string, number> = {}
    for (const view of views) {
      try { counts[view] = (await take(client.GET('/brands/{brand}/views/{view}', { params: { path: { brand, view: view as never }, query: { ...query, limit: 1 } } }))).total } catch (e) { if (e instanceof ApiError && e.status === 0) throw e /* else a view that cannot be counted has no number; opened, it says why */ }
    }
    return counts
  },
})

export const viewTop = (brand: string, view: string, limit: number) => ({
  queryKey: ['viewTop', brand, view, limit],
  queryFn: () => take(client.GET('/brands/{brand}/views/{view}', { params: { path: { brand, view: view as never }, query: { limit } } })),
})

export const personQuery = (brand: string, id: string, query: Choice) => ({
  queryKey: ['person', brand, id, query],
  queryFn: () => take(client.GET('/brands/{brand}/advocates/{id}', { params: { path: { brand, id }, query } })),
})

export const whyQuery = (brand: string, id: string, query: Choice, versus?: string) => ({
  queryKey: ['why', brand, id, query, versus],
  queryFn: () => take(client.GET('/brands/{brand}/advocates/{id}/why', { params: { path: { brand, id }, query: { ...query, versus } } })),
})

type TopicsQuery = NonNullable<paths['/brands/{brand}/topics']['get']['parameters']['query']>
export const topicsQuery = (brand: string, query: TopicsQuery) => ({
  queryKey: ['topics', brand, query], staleTime: 120_000,
  queryFn: () => take(client.GET('/brands/{brand}/topics', { params: { path: { brand }, query } })),
})

export const voiceQuery = (brand: string, until?: string, since?: string, by: Pick<Choice, 'platform' | 'lang'> = {}) => ({
  queryKey: ['voice', brand, until, since, by], staleTime: 120_000,
  queryFn: () => take(client.GET('/voice', { params: { query: { brands: [brand], until, since, ...by } } })),
})

type MentionsQuery = NonNullable<paths['/brands/{brand}/mentions']['get']['parameters']['query']>
export const useMentions = (brand: string, query: MentionsQuery) => useInfiniteQuery({
  queryKey: ['mentions', brand, query], placeholderData: keepPreviousData, initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) => take(client.GET('/brands/{brand}/mentions', { params: { path: { brand }, query: { limit: 30, ...query, cursor: pageParam } } })),
  getNextPageParam: last => last.next_cursor ?? undefined,
})

export const toneQuery = (brand: string, post: string, limit: number) => ({
  queryKey: ['tone', brand, post, limit],
  queryFn: () => take(client.GET('/brands/{brand}/mentions/{id}/sentiment', { params: { path: { brand, id: post }, query: { limit } } })),
})

export const portfolioQuery = (brand: string, k: number, query: Choice) => ({
  queryKey: ['portfolio', brand, k, query], placeholderData: keepPreviousData,
  queryFn: () => take(client.GET('/brands/{brand}/portfolio', { params: { path: { brand }, query: { ...query, k } } })),
})

export const backtestQuery = (brand: string, query: { at?: string; k?: number }) => ({
  queryKey: ['backtest', brand, query], staleTime: 300_000, placeholderData: keepPreviousData,
  queryFn: () => take(client.GET('/brands/{brand}/backtest', { params: { path: { brand }, query } })),
})

const byBrand = <T>(key: string, brand: string, queryFn: () => Promise<T>) => ({ queryKey: [key, brand], queryFn })
export const rfvQuery = (brand: string) => byBrand('rfv', brand, () => take(client.GET('/brands/{brand}/rfv', { params: { path: { brand } } })))
export const circleQuery = (brand: string) => byBrand('circle', brand, () => take(client.GET('/brands/{brand}/circle', { params: { path: { brand } } })))
export const identitiesQuery = (brand: string) => byBrand('identities', brand, () => take(client.GET('/brands/{brand}/identities', { params: { path: { brand }, query: { limit: 200 } } })))
export const scansQuery = (brand: string) => byBrand('scans', brand, () => take(client.GET('/brands/{brand}/scans', { params: { path: { brand }, query: { limit: 20 } } })))
export const sourcesQuery = (brand: string) => byBrand('sources', brand, () => take(client.GET('/brands/{brand}/sources', { params: { path: { brand } } })))
export const scheduleQuery = (brand: string) => byBrand('schedule', brand, () => take(client.GET('/brands/{brand}/schedule', { params: { path: { brand } } })))
export const spendingQuery = (brand: string) => byBrand('spending', brand, () => take(client.GET('/brands/{brand}/spending', { params: { path: { brand } } })))
export const meQuery = { queryKey: ['me'], staleTime: 120_000, queryFn: () => take(client.GET('/me')) }
export const savedViewsQuery = (brand: string) => byBrand('savedViews', brand, () => take(client.GET('/brands/{brand}/saved-views', { params: { path: { brand } } })))
export const colleaguesQuery = (brand: string) => byBrand('colleagues', brand, () => take(client.GET('/brands/{brand}/colleagues', { params: { path: { brand } } })))
export const tagsQuery = (brand: string) => byBrand('tags', brand, () => take(client.GET('/brands/{brand}/tags', { params: { path: { brand } } })))

/** The first words of the keys above whose answers follow from who is ranked, and how. */
export const RANKED = ['advocates', 'view', 'viewCount', 'viewTop', 'person', 'why', 'portfolio', 'network', 'rfv', 'backtest']
/** Those whose answers follow from what is stored of a brand. */
export const STORED = [...RANKED, 'voice', 'topics', 'mentions', 'tone']

/** Asks anew for what is on screen of these, and for the rest when it is shown again. */
export const refresh = (cache: QueryClient, brand: string, keys: readonly string[]) =>
  cache.invalidateQueries({ predicate: ({ queryKey: [key, of] }) => of === brand && keys.includes(key as string) })
