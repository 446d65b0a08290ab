import { useState } from 'react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Radar } from 'lucide-react'
import type { PageProps } from '../app'
import { ApiError, client, refresh, scansQuery, scheduleQuery, sourcesQuery, spendingQuery, STORED, take, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { useScan } from '../live'
import { may, useMe } from '../me'
import { Block, Platform, platformName, Unknown } from '../ui/bits'
import { FileDrop } from '../ui/filedrop'
import { useToast } from '../ui/toast'

type Scan = Schemas['Scan']
const STATES: Record<string, [Key, string]> = { running: ['st_running', 'contacted'], done: ['st_done', 'pos'], paused: ['st_paused', 'warn'], failed: ['st_failed', 'neg'], stopped: ['st_stopped', 'warn'] }
const FAILURES: Record<string, Key> = { auth: 'fa_auth', forbidden: 'fa_forbidden', not_entitled: 'fa_entitled', rate_limited: 'fa_rate', quota: 'fa_quota', budget: 'fa_budget', transient: 'fa_transient', gone: 'fa_gone', schema: 'fa_schema' }

/** Health of the sources, what scans brought, what they cost, and when the next ones run. */
export default function ScansPage({ brand }: PageProps) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const scans = useQuery(scansQuery(brand.name))
  const manages = may(useMe(), 'manager', brand.name)
  const running = scans.data?.items.find(s => s.state === 'running')
  const again = (...more: string[]) => void refresh(cache, brand.name, ['scans', 'sources', 'spending', 'schedule', ...more])
  const start = useMutation({
    mutationFn: () => take(client.POST('/brands/{brand}/scans', { params: { path: { brand: brand.name } } })),
    onSuccess: () => again(),
    onError: e => { if (e instanceof ApiError && e.status === 409) again(); else toast(e instanceof ApiError && e.status === 403 ? t('err_forbidden') : t('err_save')) },
  })
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div><h1>{t('sc_title')}</h1><p>{t('sc_lead')}</p></div><span className="grow" />{!brand.demo && manages && <button className="btn primary" disabled={!!running || start.isPending} onClick={() => start.mutate()}><Radar aria-hidden />{t('sc_now')}</button>}</div>
      {brand.demo && <div className="callout calm" role="note"><p>{t('sc_demo')}</p></div>}
      {running && <Live brand={brand.name} scan={running} onEnd={() => again(...STORED)} />}
      <Health brand={brand.name} />
      <div className="grid2 below"><Schedule brand={brand} manages={manages} />{manages && <Spending brand={brand.name} />}</div>
      {!brand.demo && manages && <section className="below stackv tight"><h2 className="sech">{t('sc_file')}</h2><FileDrop brand={brand.name} onDone={() => again()} /></section>}
      <History scans={scans} />
    </main>
  )
}

/** A running scan, followed as it happens. */
function Live({ brand, scan, onEnd }: { brand: string; scan: Scan; onEnd: () => void }) {
  const { t } = useI18n()
  const { scan: now, lost } = useScan(brand, scan, onEnd)
  const legs = (now ?? scan).legs
  return (
    <section className="card pad live" aria-label={t('sc_live')}>
      <h2 className="sech">{t('sc_live')}</h2>
      <p className="muted" role="status">{lost ? t('sc_lost') : t('sc_live_b')}</p>
      <Legs legs={legs} />
      {legs.length === 0 && <p className="muted">{t('sc_begin')}</p>}
    </section>
  )
}

function Legs({ legs }: { legs: Schemas['ScanLeg'][] }) {
  const { t, usd, time } = useI18n()
  return (
    <ul className="legs">
      {legs.map(l => (
        <li key={l.source}>
          <span className="nm"><Platform p={l.source} />{platformName(l.source)}</span>
          <State state={l.state} />
          <span className="num">{t('leg_read', { read: l.read, fresh: l.new, changed: l.changed })}{l.rejected > 0 && <> · {t('leg_rejected', { n: l.rejected })}</>}{l.spent_usd > 0 && <> · {usd(l.spent_usd)}</>}</span>
          {(l.reason || l.until) && <span className="muted legwhy">{l.kind && FAILURES[l.kind] && t(FAILURES[l.kind])} {l.until && t('leg_until', { time: time(l.until) })} {l.reason && <span lang="en">{l.reason} {l.fix}</span>}</span>}
        </li>
      ))}
    </ul>
  )
}

export function State({ state }: { state: string | null }) {
  const { t } = useI18n()
  if (!state || !STATES[state]) return <span className="pill xs">{t('st_never')}</span>
  return <span className={'pill xs ' + STATES[state][1]}>{t(STATES[state][0])}</span>
}

function Health({ brand }: { brand: string }) {
  const { t, time, day } = useI18n()
  const sources = useQuery(sourcesQuery(brand))
  return (
    <section className="card">
      <h2 className="sech padx">{t('sc_health')}</h2>
      <Block query={sources} rows={5}>{d => d.items.length === 0 ? <p className="muted padx">{t('sc_nosource')}</p> : (
        <ul className="health">
          {d.items.map(s => (
            <li key={s.source}>
              <span className="nm"><Platform p={s.kind} /><span><b>{platformName(s.source)}</b>{s.source !== s.kind && <small>{platformName(s.kind)}</small>}</span></span>
              <State state={s.state} />
              {s.state && <dl>
                <div><dt>{t('h_ok')}</dt><dd>{s.succeeded ? time(s.succeeded) : <span className="muted">{t('never')}</span>}</dd></div>
                <div><dt>{t('h_found')}</dt><dd>{s.found ? time(s.found) : <span className="muted">{t('never')}</span>}</dd></div>
                <div><dt>{t('h_watched')}</dt><dd>{s.watched_since ? time(s.watched_since) : <Unknown />}</dd></div>
              </dl>}
              {(s.failure || s.reason || s.until) && <p className="muted legwhy">{s.failure && FAILURES[s.failure] && t(FAILURES[s.failure])} {s.failing_since && t('h_since', { time: time(s.failing_since) })} {s.until && t('leg_until', { time: time(s.until) })} {s.reason && <span lang="en">{s.reason} {s.fix}</span>}</p>}
              {s.gaps.length > 0 && <details className="data legwhy"><summary>{t('h_gaps', { n: s.gaps.length })}</summary><ul>{s.gaps.map((g, k) => <li key={k}>{t('range', { a: day(g.from), b: day(g.to) })}</li>)}</ul></details>}
            </li>
          ))}
        </ul>
      )}</Block>
    </section>
  )
}

const PRESETS: [cron: string, label: Key][] = [['@every 6h', 'cr_6h'], ['@every 12h', 'cr_12h'], ['0 7 * * *', 'cr_daily'], ['0 7 * * 1', 'cr_weekly']]

function Schedule({ brand, manages }: PageProps & { manages: boolean }) {
  const { t, time } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const schedule = useQuery(scheduleQuery(brand.name))
  const path = { params: { path: { brand: brand.name } } }
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const save = useMutation({
    mutationFn: (to: Schemas['ScheduleChange'] | null) => to === null
      ? take(client.DELETE('/brands/{brand}/schedule', path)) as Promise<unknown>
      : take(client.PUT('/brands/{brand}/schedule', { ...path, body: to })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['schedule', brand.name] }),
    onError: e => toast(e instanceof ApiError && e.status === 422 ? e.message : e instanceof ApiError && e.status === 403 ? t('err_forbidden') : t('err_save')),
  })
  const [budget, setBudget] = useState<string>()
  const [own, setOwn] = useState<string>()
  return (
    <section className="card pad">
      <h2 className="sech">{t('sch_t')}</h2>
      <Block query={schedule} rows={3}>{d => {
        const before = d.cron === null ? null : { cron: d.cron, zone: d.zone ?? undefined, monthly_usd: d.monthly_usd ?? undefined }
        const set = (to: Schemas['ScheduleChange'] | null) => save.mutate(to, { onSuccess: () => { setOwn(undefined); setBudget(undefined); toast(t(to ? 'done_schedule' : 'done_noschedule'), () => save.mutate(before)) } })
        const preset = PRESETS.find(p => p[0] === d.cron)
        const custom = own !== undefined || (d.cron !== null && !preset)
        const money = budget ?? (d.monthly_usd === null ? '' : String(d.monthly_usd))
        return (
          <div className="stackv tight">
            {brand.demo || !manages ? d.cron === null && <p className="muted">{t('sch_none')}</p> : (
              <>
                <label className="selectl">{t('sch_when')} <select value={custom ? 'own' : d.cron ?? ''} disabled={save.isPending} onChange={e => { const v = e.target.value; if (v === 'own') setOwn(d.cron ?? '0 7 * * *'); else set(v ? { cron: v, zone: v.startsWith('@every') ? undefined : here, monthly_usd: d.monthly_usd ?? undefined } : null) }}><option value="">{t('sch_never')}</option>{PRESETS.map(p => <option key={p[0]} value={p[0]}>{t(p[1])}</option>)}<option value="own">{t('sch_own')}</option></select></label>
                {custom && <form className="row8" onSubmit={e => { e.preventDefault(); set({ cron: own ?? d.cron ?? '', zone: d.zone ?? here, monthly_usd: d.monthly_usd ?? undefined }) }}><label className="selectl">{t('sch_cron')} <input className="textinp mono" value={own ?? d.cron ?? ''} onChange={e => setOwn(e.target.value)} /></label><button className="btn sm" disabled={save.isPending}>{t('save')}</button></form>}
                {d.cron !== null && <form className="row8" onSubmit={e => { e.preventDefault(); set({ cron: d.cron!, zone: d.zone ?? undefined, monthly_usd: money === '' ? undefined : Number(money) }) }}><label className="selectl">{t('sch_budget')} <input className="textinp" type="number" min="0" step="0.01" inputMode="decimal" value={money} onChange={e => setBudget(e.target.value)} /></label>{budget !== undefined && <button className="btn sm" disabled={save.isPending}>{t('save')}</button>}</form>}
              </>
            )}
            {d.next.length > 0 && <div><h3 className="minor">{t('sch_next')}</h3><ol className="next num">{d.next.map(x => <li key={x}>{time(x)}</li>)}</ol></div>}
            {d.cron !== null && d.zone && <p className="foot">{t('sch_zone', { zone: d.zone })}</p>}
          </div>
        )
      }}</Block>
    </section>
  )
}

export function Spending({ brand }: { brand: string }) {
  const { t, n, usd, pct } = useI18n()
  const spending = useQuery(spendingQuery(brand))
  return (
    <section className="card pad">
      <h2 className="sech">{t('sp_t')}</h2>
      <Block query={spending} rows={3}>{d => (
        <div className="stackv tight">
          <p className="bigline num">{usd(d.total_usd)} {d.monthly_usd !== null && <small>{t('sp_of', { b: usd(d.monthly_usd), p: pct(d.monthly_usd ? d.total_usd / d.monthly_usd : 0) })}</small>}</p>
          {d.monthly_usd !== null && <span className="track" aria-hidden><i style={{ width: Math.min(100, (100 * d.total_usd) / (d.monthly_usd || 1)) + '%', background: d.total_usd >= d.monthly_usd ? 'var(--neg)' : 'var(--accent)' }} /></span>}
          {d.items.length === 0 ? <p className="muted">{t('sp_none')}</p> : <ul className="plainlist">{d.items.map(x => <li key={x.source + x.unit}><span>{platformName(x.source)} <small>{t('sp_units', { n: x.units, unit: x.unit })}</small></span><b className="num">{usd(x.usd)}</b></li>)}</ul>}
          {d.platforms.length > 0 && <ul className="plainlist">{d.platforms.map(p => <li key={p.platform}><span>{platformName(p.platform)} <small>{t('sp_advocates', { n: n(p.advocates) })}</small></span><b className="num">{p.usd_per_advocate === null ? '—' : t('sp_per', { v: usd(p.usd_per_advocate) })}</b></li>)}</ul>}
          <p className="foot">{t('sp_note')}</p>
        </div>
      )}</Block>
    </section>
  )
}

function History({ scans }: { scans: { data?: Schemas['ScanList']; isError: boolean; error: unknown; refetch: () => unknown } }) {
  const { t, n, usd, time } = useI18n()
  return (
    <section className="card below">
      <h2 className="sech padx">{t('sc_history')}</h2>
      <Block query={scans} rows={4}>{d => d.items.length === 0 ? <div className="state"><b>{t('sc_none')}</b><p>{t('sc_none_b')}</p></div> : (
        <ul className="history">{d.items.map(s => (
          <li key={s.id}><details className="data"><summary><span className="num">{s.started ? time(s.started) : '—'}</span> <State state={s.state} /> <span className="num">{t('sc_new', { n: n(s.new) })}{s.spent_usd > 0 && ' · ' + usd(s.spent_usd)}</span></summary><Legs legs={s.legs} />{s.reason && <p className="muted" lang="en">{s.reason}</p>}</details></li>
        ))}</ul>
      )}</Block>
    </section>
  )
}
