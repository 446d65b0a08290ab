import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Copy, Minus, Plus, Star } from 'lucide-react'
import { starred, useAct } from '../acts'
import type { PageProps } from '../app'
import { choiceOf, portfolioQuery } from '../api'
import { Lines, type Series } from '../charts/lines'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { Avatar, Block, Flags, handleOf, nameOf, Platform, platformName, PLATFORMS, platformsOf } from '../ui/bits'
import { useNarrow } from '../ui/narrow'
import { useToast } from '../ui/toast'
import { useUrlState } from '../url'
import { Gaps } from './notes'

const MAX = 50
const CURVES = [['group', 'pf_best', 'var(--accent)', undefined], ['first', 'pf_first', 'var(--c-affinity)', '7 4'], ['followers', 'pf_followers', 'var(--c-reach)', '2 4']] as const

/** Whom to choose so that together they reach the most people. */
export default function PortfolioPage({ brand }: PageProps) {
  const { t, tn, n, pct, score } = useI18n()
  const toast = useToast()
  const [u, set] = useUrlState()
  const query = useQuery(portfolioQuery(brand.name, MAX, choiceOf({ platform: u.platform, days: u.days, include: u.include })))
  const may = useMay(brand.name).on('analyst'), act = useAct(brand.name)
  const [drag, setDrag] = useState<number>(), narrow = useNarrow()
  const filters = (
    <div className="filters">
      <label className="selectl">{t('f_platform')} <select value={u.platform ?? ''} onChange={e => set({ platform: e.target.value || undefined })}><option value="">{t('any')}</option>{PLATFORMS.map(p => <option key={p} value={p}>{platformName(p)}</option>)}</select></label>
      <label className="selectl">{t('f_period')} <select value={u.days ?? ''} onChange={e => set({ days: e.target.value || undefined })}><option value="">{t('all_time')}</option>{[30, 90, 365].map(d => <option key={d} value={d}>{t('f_days', { n: d })}</option>)}</select></label>
      <label className="opt inline"><input type="checkbox" checked={u.include === 'automated'} onChange={e => set({ include: e.target.checked ? 'automated' : undefined })} />{t('pf_include')}</label>
    </div>
  )
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div className="narrow"><h1>{t('pf_title')}</h1><p>{t('pf_lead')}</p></div></div>
      {filters}
      <Block query={query}>{d => {
        const max = d.picks.length
        if (d.too_few || !max) return <div className="card state"><b>{t(d.too_few ? 'too_few_t' : 'pf_none')}</b><p>{d.too_few ? t('too_few') : t('pf_none_b', { a: d.heard, b: d.candidates })}</p></div>
        const k = Math.max(1, Math.min(max, drag ?? (Number(u.k) || Math.min(12, max))))
        const setK = (v: number) => { setDrag(undefined); set({ k: String(Math.max(1, Math.min(max, v))) }, true) }
        const picks = d.picks.slice(0, k), reached = picks[k - 1].reached, last = picks[k - 1].adds
        const enough = d.enough, known = d.curves.followers?.length ?? 0
        const compared = d.curves.first[Math.min(k, d.curves.first.length) - 1]
        const series: Series[] = CURVES.flatMap(([key, label, color, dash]) => { const c = d.curves[key]?.slice(0, max); return c?.length ? [{ key, label: t(label), color, dash, points: [{ x: 0, y: 0 }, ...c.map((y, x) => ({ x: x + 1, y }))] }] : [] })
        const top = Math.max(...series.flatMap(s => s.points.map(p => p.y))), step = niceStep(top / 5), steps = Math.ceil(top / step)
        const xStep = niceStep(max / 5), xTicks = Array.from({ length: Math.floor(max / xStep) + 1 }, (_, x) => x * xStep)
        return (
          <div className="stackv">
            <Gaps gaps={d.gaps} provisional={d.provisional} />
            <section className="card pfhead">
              <div className="pfsize">
                <label htmlFor="k">{t('pf_size')}</label>
                <div className="stepper">
                  <button className="btn icon" disabled={k <= 1} onClick={() => setK(k - 1)}><Minus aria-hidden /><span className="sr">{t('pf_less')}</span></button><output className="num" htmlFor="k">{n(k)}</output><button className="btn icon" disabled={k >= max} onClick={() => setK(k + 1)}><Plus aria-hidden /><span className="sr">{t('pf_more')}</span></button>
                  <input id="k" type="range" min={1} max={max} value={k} onChange={e => setDrag(Number(e.target.value))} onPointerUp={() => drag && setK(drag)} onKeyUp={() => drag && setK(drag)} onBlur={() => drag && setK(drag)} />
                </div>
                {enough !== null ? <p className="muted">{tn('pf_advice', enough)} {k !== enough && <button className="linkb" onClick={() => setK(enough)}>{t('pf_use', { k: enough })}</button>}</p> : <p className="muted">{t(d.complete ? 'pf_all' : 'pf_larger', { k: max })}</p>}
              </div>
              <dl className="facts" aria-live="polite">
                <div><dt>{t('pf_reached')}</dt><dd className="num">{n(reached)}</dd><dd className="muted">{t('pf_of', { p: pct(reached / (d.reachable || 1)), n: d.reachable })}</dd></div>
                <div><dt>{tn('pf_vs', k)}</dt><dd className="num">{compared ? <span className={reached >= compared ? 'up' : 'down'}>{reached >= compared ? '+' : '−'}{pct(Math.abs(reached / compared - 1))}</span> : '—'}</dd><dd className="muted num">{compared !== undefined && t('pf_vs_b', { a: reached, b: compared })}</dd></div>
                <div><dt>{t('pf_last')}</dt><dd className="num">+{n(last)}</dd><dd className="muted num">{t('pf_last_b', { p: pct(last / (reached || 1), 1) })}</dd></div>
              </dl>
            </section>
            <div className="pfgrid">
              <section className="card pad">
                <h2 className="sech">{t('pf_curve')}</h2>
                <Lines title={t('pf_curve')} label={series.map(s => `${s.label}: ${s.points[k] ? n(s.points[k].y) : '—'}`).join('; ')} w={narrow ? 430 : 720} h={narrow ? 320 : 400} xTicks={xTicks} yTicks={Array.from({ length: steps + 1 }, (_, x) => x * step)} yMax={steps * step} formatY={n} formatX={n} mark={k} series={series} />
                <p className="foot">{t('pf_basis', { a: d.heard, b: d.candidates })}{known > 0 && known < max && ' ' + t('pf_few', { n: known, b: d.candidates })}</p>
                <details className="data"><summary>{t('view_data')}</summary><div className="scroll" role="region" aria-label={t('pf_curve')} tabIndex={0}><table className="plain"><thead><tr><th scope="col">{t('pf_size')}</th>{series.map(s => <th scope="col" className="r" key={s.key}>{s.label}</th>)}</tr></thead><tbody>{d.picks.map((_, x) => <tr key={x}><th scope="row" className="num">{n(x + 1)}</th>{series.map(s => <td key={s.key} className="r num">{s.points[x + 1] ? n(s.points[x + 1].y) : '—'}</td>)}</tr>)}</tbody></table></div></details>
              </section>
              <section className="card picks">
                <div className="sechrow"><h2 className="sech">{t('pf_picks')}</h2><span className="grow" />{may && <button className="btn sm primary" disabled={!picks.some(p => starred(p.person.status) === 'shortlisted')} onClick={() => void act(picks.map(p => p.person).filter(p => starred(p.status) === 'shortlisted'), { status: { status: 'shortlisted' } })}><Star aria-hidden />{tn('pf_shortlist', k)}</button>}<button className="btn sm" onClick={() => { void navigator.clipboard?.writeText(picks.map(p => '@' + handleOf(p.person)).join('\n')).then(() => toast(tn('done_copy', k)), () => toast(t('err_copy'))) }}><Copy aria-hidden />{t('pf_copy')}</button></div>
                <ol tabIndex={0} aria-label={t('pf_picks')}>
                  {picks.map((p, i) => (
                    <li key={p.person.id}>
                      <span className="rk num">{n(i + 1)}</span><Avatar name={nameOf(p.person)} id={p.person.id} />
                      <span className="who"><button className="linkb" onClick={() => set({ person: p.person.id })}><bdi>{nameOf(p.person)}</bdi></button><Flags a={p.person} />{p.person.status !== 'candidate' && <span className={'pill xs ' + p.person.status}>{t(`s_${p.person.status}`)}</span>}<small className="num">{p.person.score && score(p.person.score.total)}{p.person.rank !== null && <> · {t('rank_n', { n: p.person.rank })}</>} <span className="plats">{platformsOf(p.person).map(x => <Platform key={x} p={x} />)}</span></small></span>
                      <span className="gain"><span className="track" aria-hidden><i style={{ width: (100 * p.adds) / (d.picks[0].adds || 1) + '%' }} /></span><small>{tn('pf_already', p.already)}</small></span>
                      <b className="num">+{n(p.adds)}</b>
                    </li>
                  ))}
                </ol>
              </section>
            </div>
          </div>
        )
      }}</Block>
    </main>
  )
}

/** 1, 2 or 5 times a power of ten, at least the given step. */
function niceStep(x: number) {
  const p = 10 ** Math.floor(Math.log10(Math.max(x, 1)))
  return [1, 2, 5, 10].map(f => f * p).find(s => s >= x) ?? p * 10
}
