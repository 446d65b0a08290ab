import type { Schemas } from '../api'
import { useI18n } from '../i18n'

/** Why one score is another than somebody else's: factors around 1 on a log scale whose product is the last row, or, where components are added up, points. */
export function RatioBars({ v, blend }: { v: Schemas['WhyVersus']; blend: string }) {
  const { t, n, ratio: f, signed } = useI18n()
  const adds = blend === 'arithmetic' || v.ratio === null
  const size = (d: { ratio: number; points: number }) => (adds ? d.points : Math.log(Math.max(d.ratio, 1e-3)))
  const total = adds ? v.points ?? 0 : Math.log(Math.max(v.ratio ?? 1, 1e-3))
  const all = [...v.differences.map(size), total]
  const low = Math.min(0, ...all), high = Math.max(0, ...all), span = Math.max(high - low, adds ? 1 : Math.log(1.1))
  const at = (x: number) => ((x - low) / span) * 100
  const bar = (x: number, color: string) => <span className="rbar" aria-hidden><u style={{ left: at(0) + '%' }} /><i style={{ left: at(Math.min(0, x)) + '%', width: x && Math.max(at(Math.max(0, x)) - at(Math.min(0, x)), 0.6) + '%', background: color }} /></span>
  // Of factors near 1 two decimals would hide the difference that they make together.
  const digits = v.differences.every(d => Math.abs(d.ratio - 1) <= 0.1) ? 3 : 2
  const shown = (d: { ratio: number; points: number }) => (adds ? signed(d.points) : '×' + f(d.ratio, digits))
  const even = (d: { ratio: number; points: number }) => shown(d) === shown({ ratio: 1, points: 0 })
  const value = (x: number | null) => (x === null ? '—' : n(x * 100))
  return (
    <dl className="ratios">
      {v.differences.map(d => (
        <div key={d.component}>
          <dt><i className="sw" style={{ background: `var(--c-${d.component})` }} />{t(d.component)}<small className="num">{t('ratio_pair', { a: value(d.value), b: value(d.other) })}</small></dt>
          <dd>{bar(even(d) ? 0 : size(d), `var(--c-${d.component})`)}</dd>
          <dd className="num"><b>{shown(d)}</b></dd>
        </div>
      ))}
      <div className="sum"><dt>{t('c_score')}</dt><dd>{bar(total, 'var(--text)')}</dd><dd className="num"><b>{shown({ ratio: v.ratio ?? 1, points: v.points ?? 0 })}</b></dd></div>
    </dl>
  )
}
