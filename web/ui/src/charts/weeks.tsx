import type { Schemas } from '../api'
import { useI18n } from '../i18n'

/** Posts a week, and under each its mean sentiment; weeks without a judged post show none. */
export function WeeklyBars({ data, w = 610, h = 150 }: { data: Schemas['Week'][]; w?: number; h?: number }) {
  const { t, n, day, signed } = useI18n()
  const weeks = data.slice(-26)
  const top = Math.max(4, Math.ceil(Math.max(...weeks.map(d => d.mentions + d.reposts)) / 2) * 2)
  const ih = h - 58, bw = (w - 30) / weeks.length, y = (v: number) => (v / top) * (ih - 8), mid = ih + 20
  const said = weeks.map(d => `${day(d.start)}: ${n(d.mentions)} ${t('posts_word')}, ${d.sentiment === null ? t('unknown') : signed(d.sentiment)}`).join('; ')
  const every = Math.max(1, Math.ceil(weeks.length / 6))
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${w} ${h}`} width="100%" role="img" aria-label={said}>
        {[0, 0.5, 1].map(g => <g key={g}><line x1="26" x2={w} y1={ih - g * (ih - 8)} y2={ih - g * (ih - 8)} stroke="var(--line)" /><text className="axis" x="20" y={ih - g * (ih - 8) + 4} textAnchor="end">{n(top * g)}</text></g>)}
        <line x1="26" x2={w} y1={mid} y2={mid} stroke="var(--line)" />
        {weeks.map((d, i) => {
          const x = 30 + i * bw + bw * 0.18, bar = bw * 0.64, own = y(d.mentions), all = y(d.mentions + d.reposts)
          const tone = (d.sentiment ?? 0) * 14
          return (
            <g key={d.start}>
              {d.reposts > 0 && <rect x={x} width={bar} y={ih - all} height={all - own} rx="2" fill="var(--line-strong)" />}
              {d.mentions > 0 && <rect x={x} width={bar} y={ih - own} height={own} rx="2" fill="var(--c-volume)" />}
              {d.sentiment !== null && <rect x={x} width={bar} y={tone >= 0 ? mid - Math.max(tone, 1.5) : mid} height={Math.max(Math.abs(tone), 1.5)} rx="1" fill={tone >= 0 ? 'var(--pos)' : 'var(--neg)'} />}
              {(i % every === 0) && <text className="axis" x={x + bar / 2} y={h - 5} textAnchor={i === 0 ? 'start' : 'middle'}>{day(d.start)}</text>}
            </g>
          )
        })}
      </svg>
      <figcaption className="legend"><span><i className="sw" style={{ background: 'var(--c-volume)' }} />{t('own_posts')}</span><span><i className="sw" style={{ background: 'var(--line-strong)' }} />{t('reposts')}</span><span><i className="sw" style={{ background: 'var(--pos)' }} />{t('positive')}</span><span><i className="sw" style={{ background: 'var(--neg)' }} />{t('negative')}</span></figcaption>
    </figure>
  )
}
