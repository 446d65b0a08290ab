import type { Advocate } from '../api'
import { pointsOf } from '../charts/small'
import { useI18n } from '../i18n'

/** What a score is made of. */
export default function Receipt({ a, blend }: { a: Advocate; blend: string }) {
  const { t, n, pct, score } = useI18n()
  const s = a.score!, u = a.uncertainty, points = pointsOf(s)
  return (
    <div className="receipt">
      <h3>{t('how_made')}</h3>
      <dl>
        {s.parts.map(p => <div key={p.name}><dt><i className="sw" style={{ background: `var(--c-${p.name})` }} />{t(p.name)}<small>{t('weight')} {pct(p.weight)}</small></dt><dd className="num">{p.value === null ? '—' : n(p.value * 100)}{p.imputed && <span title={t('part_imputed', { v: (p.value ?? 0) * 100 })}>*</span>}</dd><dd className="num">{score(points.get(p.name)!)}</dd></div>)}
        <div className="sum"><dt>{t('c_score')}</dt><dd /><dd className="num">{score(s.total)}</dd></div>
      </dl>
      {u && <p>{t('interval90', { a: score(u.score_low), b: score(u.score_high) })}</p>}
      <p className="muted">{t(blend === 'arithmetic' ? 'made_add' : 'made_multiply')}</p>
      {s.parts.some(p => p.imputed) && <p className="muted">* {t('made_imputed')}</p>}
    </div>
  )
}
