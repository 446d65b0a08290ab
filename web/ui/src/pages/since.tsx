import { useState } from 'react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { STATUSES } from '../acts'
import { client, take, voiceQuery, type Advocate } from '../api'
import { useI18n } from '../i18n'
import { Block, PersonCell } from '../ui/bits'
import { Link } from '../ui/link'
import { to, useUrlState } from '../url'

const PAUSE = 30 * 60_000
const TOP = 50

/** When this browser last looked at the brand before now; whoever comes back within half an hour never left. */
function lastVisit(brand: string, now = Date.now()): number | undefined {
  const key = 'adalid.visit.' + brand
  let seen: { at?: number; before?: number } = {}
  try { seen = JSON.parse(localStorage.getItem(key) ?? '{}') as typeof seen } catch { /* what cannot be read was no visit */ }
  const before = seen.at && now - seen.at > PAUSE ? seen.at : seen.before
  localStorage.setItem(key, JSON.stringify({ at: now, before }))
  return before
}

const topQuery = (brand: string, until?: string) => ({
  queryKey: ['advocates', brand, 'top', until],
  queryFn: () => take(client.GET('/brands/{brand}/advocates', { params: { path: { brand }, query: { limit: TOP, until } } })),
})

/** Who came into the first 50, who rose there and how much was said since the visit before. */
export default function Since({ brand }: { brand: string }) {
  const i = useI18n(), { t, tn } = i
  const [, set] = useUrlState()
  const [before] = useState(() => lastVisit(brand))
  const at = before ? new Date(before).toISOString() : undefined
  const now = useQuery({ ...topQuery(brand), enabled: !!at }), then = useQuery({ ...topQuery(brand, at), enabled: !!at })
  const voice = useQuery({ ...voiceQuery(brand, undefined, at), enabled: !!at })
  const head = <h2 className="sech">{t('since_t')} {at && <small>{t('since_at', { time: i.time(at) })}</small>}</h2>
  if (!at) return <section className="card pad">{head}<p className="muted">{t('since_first')}</p></section>
  const failed = [now, then].find(q => q.isError)
  const both = failed ?? (now.data && then.data ? { ...now, data: [now.data, then.data] as const } : { ...now, data: undefined })
  const person = (a: Advocate, said: string) => <li key={a.id}><PersonCell a={a} href={'?person=' + a.id} onOpen={id => set({ person: id })} /><span className="muted num">{said}</span></li>
  return (
    <section className="card pad">
      {head}
      <Block query={both as { data?: readonly [NonNullable<typeof now.data>, NonNullable<typeof now.data>]; isError: boolean; error: unknown; refetch: () => unknown }} rows={3}>{([a, b]) => {
        if (a.too_few || b.too_few) return <p className="muted">{t('since_few')}</p>
        const was = new Map(b.items.map(x => [x.id, x.rank]))
        const fresh = a.items.filter(x => !was.has(x.id))
        const risers = a.items.map(x => [x, (was.get(x.id) ?? 0) - (x.rank ?? 0)] as const).filter(([x, d]) => was.get(x.id) && d > 0).sort((x, y) => y[1] - x[1]).slice(0, 3)
        const said = voice.data?.brands[0]?.mentions
        return (
          <div className="sincecols">
            <p>{said === undefined ? voice.isError ? t('err') : '…' : said === 0 ? t('since_nomentions') : tn('since_mentions', said)}</p>
            <div><h3 className="minor">{t('since_new')}</h3>{fresh.length ? <ul>{fresh.slice(0, 4).map(x => person(x, t('rank_n', { n: x.rank ?? 0 })))}</ul> : <p className="muted">{t('since_none')}</p>}{fresh.length > 4 && <p className="muted">{tn('since_more', fresh.length - 4)}</p>}</div>
            <div><h3 className="minor">{t('since_up')}</h3>{risers.length ? <ul>{risers.map(([x, d]) => person(x, t('since_from', { a: was.get(x.id) ?? 0, b: x.rank ?? 0, d })))}</ul> : <p className="muted">{t('since_none')}</p>}</div>
          </div>
        )
      }}</Block>
    </section>
  )
}

/** How many people stand where; each number leads to them. */
export function Stages({ brand }: { brand: string }) {
  const { t, n } = useI18n()
  const shown = STATUSES.filter(s => s !== 'candidate')
  const counts = useQueries({ queries: shown.map(s => ({
    queryKey: ['stages', brand, s],
    queryFn: async () => (await take(client.GET('/brands/{brand}/advocates', { params: { path: { brand }, query: { status: [s], all: true, include: 'automated,repeaters,circle,organisations,not_a_fit', limit: 1 } } }))).counts.total,
  })) })
  const failed = counts.find(c => c.isError)
  const all = { data: counts.every(c => c.data !== undefined) ? counts.map(c => c.data!) : undefined, isError: !!failed, error: failed?.error, refetch: () => counts.forEach(c => void c.refetch()) }
  return (
    <section className="card pad">
      <h2 className="sech">{t('stages_t')} <small>{t('stages_h')}</small></h2>
      <Block query={all} rows={3}>{d => <ul className="stagelist">{shown.map((s, k) => <li key={s}><Link href={to(brand, 'advocates', { status: s, all: '1', include: 'automated,repeaters,circle,organisations,not_a_fit' })}><span className={'pill ' + s}>{t(`s_${s}`)}</span><b className="num">{n(d[k])}</b></Link></li>)}</ul>}</Block>
    </section>
  )
}
