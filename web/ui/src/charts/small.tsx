import { memo } from 'react'
import { COMPONENTS, type Advocate } from '../api'
import { useI18n } from '../i18n'

export type Part = NonNullable<Advocate['score']>['parts'][number]
export const partOf = (a: Pick<Advocate, 'score'>, name: string) => a.score?.parts.find(p => p.name === name)

const fill = (paint: string, x: number, y: number, w: number, h: number) => `${paint} ${x.toFixed(1)}px ${y}px/${w.toFixed(1)}px ${h}px no-repeat`
const plain = (color: string) => `linear-gradient(${color} 0 0)`
const HATCH = 'repeating-linear-gradient(45deg, var(--line-strong) 0 1px, transparent 1px 4px)'

/** Interval of the score on a track of 0 to 100, and the four components below it: each segment is filled to its own value. One element with painted layers: a list has fifty of them. */
export const ScoreMark = memo(function ScoreMark({ a, w = 116 }: { a: Pick<Advocate, 'score' | 'uncertainty'>; w?: number }) {
  if (!a.score) return null
  const u = a.uncertainty, at = w / 100, seg = (w - 9) / 4
  const layers = [fill(plain('var(--accent)'), a.score.total * at - 1.5, 0, 3, 8)]
  if (u) layers.push(fill(plain('color-mix(in srgb, var(--accent) 30%, transparent)'), u.score_low * at, 0, Math.max(3, (u.score_high - u.score_low) * at), 8))
  layers.push(fill(plain('var(--line)'), 0, 3, w, 2))
  COMPONENTS.forEach((k, i) => {
    const p = partOf(a, k), x = i * (seg + 3), known = p && p.value !== null && !p.imputed
    if (known) layers.push(fill(plain(`var(--c-${k})`), x, 14, p.value! * seg, 6))
    layers.push(fill(known ? plain('var(--line)') : HATCH, x, 14, seg, 6))
  })
  return <span className="smark" style={{ width: w, background: layers.join(',') }} aria-hidden />
})

/** The points of each part to a tenth, such that they sum to the score as it is shown: what rounding leaves goes to the largest remainders. */
export function pointsOf(s: NonNullable<Advocate['score']>) {
  const tenths = s.parts.map(p => Math.floor(p.share * 10)), left = Math.round(s.total * 10) - tenths.reduce((a, b) => a + b, 0)
  const by = s.parts.map((p, i) => [p.share * 10 - tenths[i], i]).sort((a, b) => b[0] - a[0])
  for (const [, i] of by.slice(0, Math.max(0, left))) tenths[i]++
  return new Map(s.parts.map((p, i) => [p.name, tenths[i] / 10]))
}

/** The four components as bars with their numbers; hatched where the median stands in. */
export function ComponentBars({ a }: { a: Pick<Advocate, 'score'> }) {
  const { t, n, score } = useI18n()
  const points = a.score && pointsOf(a.score)
  return (
    <dl className="comp">
      {COMPONENTS.map(k => {
        const p = partOf(a, k)
        if (!p || p.value === null) return <div className="row" key={k}><dt>{t(k)}</dt><dd className="track unk" /><dd><small>{t('part_absent')}</small></dd></div>
        return (
          <div className="row" key={k}>
            <dt>{t(k)}</dt>
            <dd className={'track' + (p.imputed ? ' unk' : '')}><i style={{ width: p.value * 100 + '%', background: `var(--c-${k})` }} /></dd>
            <dd className="num">{p.imputed ? <small>{t('part_imputed', { v: p.value * 100 })}</small> : <><b>{n(p.value * 100)}</b> <small>{t('part_share', { s: score(points!.get(p.name)!) })}</small></>}</dd>
          </div>
        )
      })}
    </dl>
  )
}

/** A mean in [-1, 1] as a bar from the middle. */
export function ToneBar({ v }: { v: number | null }) {
  if (v === null) return <span className="tone unk" aria-hidden />
  const color = v > 0.05 ? 'var(--pos)' : v < -0.05 ? 'var(--neg)' : 'var(--neu)', from = 50 + Math.min(0, v) * 50, to = 50 + Math.max(0, v) * 50
  return <span className="tone" aria-hidden style={{ backgroundImage: `linear-gradient(90deg, transparent calc(50% - .5px), var(--line-strong) 0 calc(50% + .5px), transparent 0), linear-gradient(90deg, transparent ${from}%, ${color} ${from}% ${to}%, transparent ${to}%)` }} />
}
