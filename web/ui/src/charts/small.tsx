import { memo } from 'react'
import { COMPONENTS, type Advocate } from '../api'
import { useI18n } from '../i18n'

export type Part = NonNullable<Advocate['score']>['parts'][number]
export const partOf = (a: Pick<Advocate, 'score'>, name: string) => a.score?.parts.find(p => p.name === name)

/** Interval of the score on a track of 0 to 100, and the four components below it: each segment is filled to its own value. */
export const ScoreMark = memo(function ScoreMark({ a, w = 116 }: { a: Pick<Advocate, 'score' | 'uncertainty'>; w?: number }) {
  if (!a.score) return null
  const u = a.uncertainty
  return (
    <span className="smark" style={{ width: w }} aria-hidden>
      <span className="itv">{u && <i style={{ left: u.score_low + '%', width: u.score_high - u.score_low + '%' }} />}<b style={{ left: a.score.total + '%' }} /></span>
      <span className="sig">{COMPONENTS.map(k => {
        const p = partOf(a, k)
        return <i key={k} className={!p || p.value === null || p.imputed ? 'unk' : undefined}><b style={{ width: (p?.value ?? 0) * 100 + '%', background: `var(--c-${k})` }} /></i>
      })}</span>
    </span>
  )
})

/** The four components as bars with their numbers; hatched where the median stands in. */
export function ComponentBars({ a }: { a: Pick<Advocate, 'score'> }) {
  const { t, n, score } = useI18n()
  return (
    <dl className="comp">
      {COMPONENTS.map(k => {
        const p = partOf(a, k)
        if (!p || p.value === null) return <div className="row" key={k}><dt>{t(k)}</dt><dd className="track unk" /><dd><small>{t('part_absent')}</small></dd></div>
        return (
          <div className="row" key={k}>
            <dt>{t(k)}</dt>
            <dd className={'track' + (p.imputed ? ' unk' : '')}><i style={{ width: p.value * 100 + '%', background: `var(--c-${k})` }} /></dd>
            <dd className="num">{p.imputed ? <small>{t('part_imputed', { v: p.value * 100 })}</small> : <><b>{n(p.value * 100)}</b> <small>{t('part_share', { s: score(p.share) })}</small></>}</dd>
          </div>
        )
      })}
    </dl>
  )
}

/** A mean in [-1, 1] as a bar from the middle. */
export function ToneBar({ v }: { v: number | null }) {
  if (v === null) return <span className="tone unk" aria-hidden />
  return <span className="tone" aria-hidden><i style={{ left: 50 + Math.min(0, v) * 50 + '%', width: Math.abs(v) * 50 + '%', background: v > 0.05 ? 'var(--pos)' : v < -0.05 ? 'var(--neg)' : 'var(--neu)' }} /></span>
}
