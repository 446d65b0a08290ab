import { useI18n } from '../i18n'

/** Mentions by hour of the reader's day, 24 of them. */
export function Hours({ data }: { data: number[] }) {
  const { t, n } = useI18n()
  const w = 560, h = 180, top = Math.max(1, ...data), bw = w / 24
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${w} ${h}`} width="100%" role="img" aria-label={data.map((v, hour) => `${hour}: ${n(v)}`).join('; ')}>
        <line x1="0" x2={w} y1={h - 20} y2={h - 20} stroke="var(--line)" />
        {data.map((v, hour) => {
          const bar = (v / top) * (h - 28)
          return <g key={hour}><title>{t('co_hour', { h: hour, n: v })}</title><rect x={hour * bw + 2} width={bw - 4} y={h - 20 - bar} height={bar} rx="2" fill="var(--c-volume)" />{hour % 6 === 0 && <text className="axis" x={hour * bw + 2} y={h - 5}>{hour}</text>}</g>
        })}
      </svg>
    </figure>
  )
}
