import { useState } from 'react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import type { PageProps } from '../app'
import { backtestQuery, type Schemas } from '../api'
import { Intervals, Lines } from '../charts/lines'
import { useI18n, type Key } from '../i18n'
import { Block } from '../ui/bits'
import { useNarrow } from '../ui/narrow'
import { useUrlState } from '../url'

const ORDERS: Record<string, [label: Key, color: string, dash?: string]> = {
  ranking: ['b_ranking', 'var(--accent)'], mentions: ['b_mentions', 'var(--c-volume)', '7 4'], followers: ['b_followers', 'var(--c-reach)', '2 4'],
  engagement: ['b_engagement', 'var(--c-network)', '9 3 2 3'], random: ['b_random', 'var(--neu)', '1 5'],
}
const TARGETS: Record<string, [title: Key, help: Key]> = { recommended: ['b_t_recommended', 'b_t_recommended_h'], returned: ['b_t_returned', 'b_t_returned_h'], engaged: ['b_t_engaged', 'b_t_engaged_h'], listened: ['b_t_listened', 'b_t_listened_h'] }
const LENGTHS = [10, 25, 50, 75, 100]

/** How good the ranking was at a moment in the past, beside simpler lists. */
export default function BacktestPage({ brand }: PageProps) {
  const { t, n, date } = useI18n()
  const [u, set] = useUrlState()
  const k = [20, 50, 100].includes(Number(u.k)) ? Number(u.k) : 50
  const at = /^\d{4}-\d\d-\d\d$/.test(u.at ?? '') ? u.at : undefined
  const test = useQuery(backtestQuery(brand.name, { at, k }))
  const today = new Date().toISOString().slice(0, 10)
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div className="narrow"><h1>{t('b_title')}</h1><p>{t('b_lead', { brand: brand.name })}</p></div></div>
      <div className="filters">
        <label className="selectl">{t('b_at')} <input type="date" className="dateinp" max={today} value={at ?? test.data?.at?.slice(0, 10) ?? ''} onChange={e => set({ at: e.target.value || undefined })} /></label>
        <label className="selectl">{t('b_length')} <select value={k} onChange={e => set({ k: e.target.value === '50' ? undefined : e.target.value })}>{[20, 50, 100].map(x => <option key={x} value={x}>{t('b_first', { n: x })}</option>)}</select></label>
        {at && <button className="btn ghost sm" onClick={() => set({ at: undefined })}>{t('b_half')}</button>}
      </div>
      <Block query={test}>{d => (
        <div className={'stackv' + (test.isPlaceholderData ? ' stale' : '')}>
          <Verdict d={d} />
          {d.targets.length > 0 && <Targets targets={d.targets} k={d.k} of={d.candidates} />}
          {d.targets.length > 0 && d.candidates >= 40 && <ByLength brand={brand.name} at={at} candidates={d.candidates} />}
          {d.pooled && <section className="card pad"><h2 className="sech">{t('b_pooled', { n: d.pooled.brands.length })}</h2><Sentences words={d.pooled.words} /><Targets targets={d.pooled.targets} k={d.pooled.k} of={d.pooled.candidates} /></section>}
          <section className="card pad">
            <h2 className="sech">{t('b_method')}</h2>
            <ul className="bullets"><li>{t('b_m1')}</li><li>{t('b_m2')}</li><li>{t('b_m3')}</li><li>{t('b_m4')}</li></ul>
            {d.at && d.end && <p className="foot">{t('b_basis', { p: d.candidates, r: d.returning, from: date(d.at), to: date(d.end) })}</p>}
          </section>
          <span className="sr" role="status">{n(d.candidates)}</span>
        </div>
      )}</Block>
    </main>
  )
}

function Sentences({ words }: { words: Schemas['Said'][] }) {
  const i = useI18n()
  return <>{words.map((w, k) => <p key={k} className={k ? 'muted' : undefined}>{i.said(w)}</p>)}</>
}

function Verdict({ d }: { d: Schemas['Backtest'] }) {
  const { t } = useI18n()
  const good = d.verdict === 'better', bad = d.verdict === 'worse'
  const Icon = good ? CircleCheck : bad ? TriangleAlert : CircleHelp
  return <section className={'card verdict ' + d.verdict}><Icon aria-hidden /><div><h2>{t(`b_v_${d.verdict as 'better'}`)}</h2><Sentences words={d.words} /></div></section>
}

function Targets({ targets, k, of }: { targets: Schemas['BacktestTarget'][]; k: number; of: number }) {
  const { t, n, pct, signed } = useI18n()
  const ordered = Object.keys(TARGETS).map(name => targets.find(x => x.name === name)).filter(x => !!x)
  return (
    <div className="grid2">
      {ordered.map(x => {
        const [title, help] = TARGETS[x.name]
        return (
          <section className="card pad" key={x.name}>
            <h2 className="sech">{t(title)}</h2><p className="muted">{t(help)} {t('b_achieved', { a: x.achieved, n: of })}</p>
            <Intervals format={v => pct(v)} range={(a, b) => `${n(a * 100)}–${pct(b)}`} rows={Object.keys(ORDERS).flatMap(name => x.orders.filter(o => o.order === name)).map(o => ({ key: o.order, label: t(ORDERS[o.order][0]), color: ORDERS[o.order][1], e: o.precision, strong: o.order === 'ranking', note: t('b_hits', { n: o.hits, k }) }))} />
            <p className="foot">{t('b_interval')}</p>
            <details className="data"><summary>{t('b_ahead')}</summary><div className="scroll" role="region" aria-label={t('b_ahead')} tabIndex={0}><table className="plain"><thead><tr><th scope="col">{t('b_list')}</th><th scope="col" className="r">{t('b_ahead_c')}</th><th scope="col" className="r">nDCG</th></tr></thead><tbody>{x.orders.map(o => <tr key={o.order}><th scope="row">{t(ORDERS[o.order]?.[0] ?? 'b_random')}</th><td className="r num">{o.ahead ? `${signed(o.ahead.value)} (${signed(o.ahead.low)} … ${signed(o.ahead.high)})` : '—'}</td><td className="r num">{pct(o.ndcg.value)} ({n(o.ndcg.low * 100)}–{n(o.ndcg.high * 100)})</td></tr>)}</tbody></table></div></details>
          </section>
        )
      })}
    </div>
  )
}

/** The same test for shorter and longer lists; it ranks several times over, so it runs when somebody asks. */
function ByLength({ brand, at, candidates }: { brand: string; at?: string; candidates: number }) {
  const { t, n, pct } = useI18n()
  const [asked, setAsked] = useState(false), narrow = useNarrow()
  const lengths = LENGTHS.filter(k => k <= candidates)
  const tests = useQueries({ queries: lengths.map(k => ({ ...backtestQuery(brand, { at, k }), enabled: asked })) })
  const done = asked && tests.every(x => x.data && !x.isPlaceholderData)
  const hits = (k: number, order: string) => tests[k].data?.targets.find(x => x.name === 'recommended')?.orders.find(o => o.order === order)?.precision.value
  const series = done ? ['ranking', 'mentions', 'followers'].flatMap(o => { const points = lengths.flatMap((k, i) => { const y = hits(i, o); return y === undefined ? [] : [{ x: k, y }] }); return points.length > 1 ? [{ key: o, label: t(ORDERS[o][0]), color: ORDERS[o][1], dash: ORDERS[o][2], points }] : [] }) : []
  return (
    <section className="card pad">
      <h2 className="sech">{t('b_curve')}</h2><p className="muted">{t('b_curve_h')}</p>
      {!asked ? <button className="btn sm gap" onClick={() => setAsked(true)}>{t('b_curve_go')}</button> : tests.some(x => x.isError) ? <p className="muted">{t('err')}</p> : !done ? <div className="skels slim" aria-hidden><div className="skel" /><div className="skel" /></div>
        : series.length > 0 && <Lines title={t('b_curve')} label={series.map(s => `${s.label}: ${s.points.map(p => `${n(p.x)}: ${pct(p.y)}`).join(', ')}`).join('; ')} w={narrow ? 430 : 1080} h={narrow ? 300 : 264} xTicks={lengths} yMax={1} yTicks={[0, 0.25, 0.5, 0.75, 1]} formatY={v => pct(v)} formatX={n} series={series} />}
    </section>
  )
}
