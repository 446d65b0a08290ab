import { useEffect, useRef, useState } from 'react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowRight, RotateCcw } from 'lucide-react'
import { ApiError, client, scansQuery, sourcesQuery, scheduleQuery, take, type Schemas } from '../api'
import { ScoreMark } from '../charts/small'
import { useI18n, type Key } from '../i18n'
import { useScan } from '../live'
import { Beside } from '../ui/beside'
import { Block, ErrorState, PersonCell, Platform, platformName } from '../ui/bits'
import { useToast } from '../ui/toast'
import { to } from '../url'
import type { Draft } from './welcome'

type Scan = Schemas['Scan']
type Leg = Schemas['ScanLeg']
const FAILURES: Record<string, Key> = { auth: 'fa_auth', forbidden: 'fa_forbidden', not_entitled: 'fa_entitled', rate_limited: 'fa_rate', quota: 'fa_quota', budget: 'fa_budget', transient: 'fa_transient', gone: 'fa_gone', schema: 'fa_schema' }
/** From so many people a first list is worth a look. */
const ENOUGH = 50
/** At most so often is the list asked for while a scan runs. */
const PACE = 3000

type Props = { brand: string; id?: string; draft: Draft; change: (patch: Partial<Draft>) => void; onSee: () => void; onAgain: (scan: string) => void }

/** The first scan as it happens: a line for each platform, and the first people. */
export function FirstScan({ brand, id, ...rest }: Props) {
  const { t } = useI18n()
  const scans = useQuery(scansQuery(brand))
  const scan = scans.data?.items.find(s => s.id === id) ?? scans.data?.items[0]
  const cache = useQueryClient()
  useEffect(() => { void cache.invalidateQueries({ queryKey: ['scans', brand] }) }, [brand, id, cache])
  if (scan) return <Running brand={brand} begun={scan} {...rest} />
  return <><div><h1 id="ob-title" tabIndex={-1}>{t('s_title')}</h1></div><Block query={scans} rows={5}>{() => <p className="muted">{t('sc_begin')}</p>}</Block></>
}

function Running({ brand, begun, draft, change, onSee, onAgain }: Omit<Props, 'id'> & { begun: Scan }) {
  const { t, n, tn } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const [teach, setTeach] = useState(0)
  const { scan, lost } = useScan(brand, begun, () => { setTeach(k => k + 1); void cache.invalidateQueries({ queryKey: ['scans', brand] }) })
  const now = scan ?? begun, running = now.state === 'running'
  const sources = useQuery(sourcesQuery(brand))
  // What a scan has brought is asked for when an event says that it is more, at a calm pace.
  const fresh = now.legs.reduce((a, l) => a + l.new, 0)
  const [seen, setSeen] = useState({ fresh: 0, at: 0 })
  useEffect(() => {
    if (fresh === seen.fresh && running) return
    const timer = setTimeout(() => setSeen({ fresh, at: Date.now() }), Math.max(0, seen.at + PACE - Date.now()))
    return () => clearTimeout(timer)
  }, [fresh, seen, running])
  const people = useQuery({
    queryKey: ['first', brand, seen.fresh, running], placeholderData: keepPreviousData,
    queryFn: () => take(client.GET('/brands/{brand}/advocates', { params: { path: { brand }, query: { limit: 7 } } })),
  })
  const found = people.data?.counts.people ?? 0
  const taught = useRef(draft.taught)
  useEffect(() => {
    if (running || taught.current) return
    taught.current = true
    void pass(brand, draft).then(k => { change({ taught: true }); if (k) toast(tn('c_taught', k)) }).catch(() => undefined)
    // Marks are passed on when the scan has ended, once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [running, teach])
  const again = async (source: string) => {
    try { onAgain((await take(client.POST('/brands/{brand}/scans', { params: { path: { brand } }, body: { sources: [source] } }))).id) } catch (e) { toast(e instanceof ApiError && e.status === 409 ? t('sc_live') : t('err_save')) }
    void cache.invalidateQueries({ queryKey: ['scans', brand] })
  }
  const waiting = running ? (now.sources ?? sources.data?.items.map(s => s.source) ?? []).filter(s => !now.legs.some(l => l.source === s)) : []
  return (
    <>
      <div><h1 id="ob-title" tabIndex={-1}>{t(running ? 's_title' : 's_title_done')}</h1><p className="lead">{t(running ? 's_lead' : 's_lead_done')}</p></div>
      <p className="obn" role="status"><b className="bign num">{people.data ? n(found) : '·'}</b> <span className="muted">{tn('s_people', found)}</span></p>
      {lost && <p className="banner" role="status">{t('sc_lost')}</p>}
      {now.reason && !running && now.legs.length === 0 && <p className="callout" lang="en">{now.reason}</p>}
      <ul className="lrows" aria-label={t('s_by')}>
        {now.legs.map(l => <Line key={l.source} leg={l} kind={sources.data?.items.find(s => s.source === l.source)?.kind ?? l.source} onAgain={!running && l.state !== 'done' ? () => void again(l.source) : undefined} />)}
        {waiting.map(s => <li key={s}><span className="nm"><Platform p={s} />{platformName(s)}</span><span className="lbar idle" aria-hidden><i /></span><span className="st">{t('s_begin')}</span></li>)}
      </ul>
      <Daily brand={brand} />
      <div className="go"><button className="btn primary big" disabled={found === 0} aria-describedby="ob-see" onClick={onSee}>{t('s_see')}<ArrowRight aria-hidden /></button></div>
      {found === 0 && <p className="muted" id="ob-see">{t('s_see_h')}</p>}
      <Beside><First brand={brand} people={people} running={running} /></Beside>
    </>
  )
}

function First({ brand, people, running }: { brand: string; people: { data?: Schemas['AdvocateList']; isError: boolean; error: unknown; refetch: () => unknown }; running: boolean }) {
  const { t, score } = useI18n()
  const d = people.data
  const shown = d && d.counts.people > 0 && (d.counts.people >= ENOUGH || !running) ? d.items : []
  return (
    <section className="obin" aria-labelledby="ob-first">
      <div><h2 id="ob-first">{t('f_title')}</h2><p className="muted">{t(running ? 'f_lead' : 'f_lead_done')}</p></div>
      {!d && people.isError ? <ErrorState error={people.error} retry={() => void people.refetch()} />
        : shown.length === 0 ? <div className="calmbox"><p>{t(running || !d ? 'f_soon' : 'f_none')}</p></div>
          : <>
            {shown.every(a => !a.score) && <p className="callout calm">{t('f_few')}</p>}
            <ol className="card first">{shown.map((a, i) => <li key={a.id}><span className="rk num">{a.score ? a.rank ?? i + 1 : '·'}</span><PersonCell a={a} href={to(brand, 'advocates', { person: a.id })} /><ScoreMark a={a} /><b className="num">{a.score ? score(a.score.total) : '—'}</b></li>)}</ol>
          </>}
    </section>
  )
}

/** One platform: reading, waiting with the seconds left, done, or failed with the reason in words. */
function Line({ leg: l, kind, onAgain }: { leg: Leg; kind: string; onAgain?: () => void }) {
  const { t, n, time } = useI18n()
  const left = useLeft(l.state === 'paused' ? l.until : null)
  const state = l.state === 'done' ? t('s_done', { n: n(l.read), m: n(l.new + l.changed + l.repeated) })
    : l.state === 'running' ? t('s_reading', { n: n(l.read) })
      : l.state === 'paused' ? (left !== null && left <= 120 ? t('s_wait', { n: n(left) }) : l.until ? t('s_waiting', { time: time(l.until) }) : t('st_paused'))
        : t(l.state === 'failed' ? 's_failed' : 'st_stopped')
  const why = l.kind && FAILURES[l.kind] ? t(FAILURES[l.kind]) : ''
  return (
    <li>
      <span className="nm"><Platform p={kind} />{platformName(l.source)}</span>
      <span className={'lbar ' + l.state} aria-hidden><i /></span>
      <span className="st num">{state}{onAgain && <> <button className="btn sm ghost icon" title={t('s_retry', { name: platformName(l.source) })} onClick={onAgain}><RotateCcw aria-hidden /><span className="sr">{t('s_retry', { name: platformName(l.source) })}</span></button></>}</span>
      {l.state !== 'done' && l.state !== 'running' && (why || l.reason) && <span className="lwhy">{why} {l.reason && <span lang="en">{[l.reason, l.fix].filter(Boolean).join('; ')}</span>}</span>}
    </li>
  )
}

/** Whole seconds until a time, counted down; null without one. */
function useLeft(until: string | null) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!until) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [until])
  return until ? Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)) : null
}

const DAILY = '0 7 * * *'

/** One tick and the brand is scanned every day. */
function Daily({ brand }: { brand: string }) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const schedule = useQuery(scheduleQuery(brand))
  const [busy, setBusy] = useState(false)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!schedule.data || (schedule.data.cron !== null && schedule.data.cron !== DAILY)) return null
  const on = schedule.data.cron === DAILY
  const flip = async () => {
    const path = { params: { path: { brand } } }
    setBusy(true)
    try {
      if (on) await take(client.DELETE('/brands/{brand}/schedule', path))
      else await take(client.PUT('/brands/{brand}/schedule', { ...path, body: { cron: DAILY, zone } }))
      toast(t(on ? 'done_noschedule' : 's_daily_ok'))
    } catch { toast(t('err_save')) }
    await cache.invalidateQueries({ queryKey: ['schedule', brand] })
    setBusy(false)
  }
  return <label className="tick"><input type="checkbox" checked={on} disabled={busy} onChange={() => void flip()} /><span><b>{t('s_daily')}</b><small>{t('s_daily_h', { zone: schedule.data.zone ?? zone })}</small></span></label>
}

/** How many pages of 200 mentions are looked through for marked posts. */
const LOOKED = 5

/** Passes on what was marked before the posts were stored: those that the scan brought teach relevance. A word to ignore keeps others out altogether. */
async function pass(brand: string, draft: Draft) {
  const marked = new Set(Object.keys(draft.marks)), here: string[] = []
  let cursor: string | undefined
  for (let page = 0; marked.size > here.length && page < LOOKED; page++) {
    const got = await take(client.GET('/brands/{brand}/mentions', { params: { path: { brand }, query: { limit: 200, cursor } } }))
    here.push(...got.items.map(m => m.key).filter(k => marked.has(k)))
    if (!(cursor = got.next_cursor ?? undefined)) break
  }
  for (const id of here) await take(client.PUT('/brands/{brand}/mentions/{id}/relevance', { params: { path: { brand, id } }, body: { about: false } }))
  return here.length
}
