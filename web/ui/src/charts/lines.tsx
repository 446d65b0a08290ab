// Lines, and dots with intervals. Series are told apart by colour, dash and a written label.
export type Series = { key: string; label: string; color: string; dash?: string; points: { x: number; y: number }[] }

type LinesProps = {
  series: Series[]; title: string; label: string; xTicks: number[]; yTicks: number[]; yMax: number
  formatY: (v: number) => string; formatX: (v: number) => string
  mark?: number; w?: number; h?: number
}

export function Lines({ series, title, label, xTicks, yMax, yTicks, formatY, formatX, mark, w = 720, h = 280 }: LinesProps) {
  const narrow = w < 500, left = 46, right = narrow ? 14 : 132, top = 14, bottom = 28 // a narrow one has its labels in the legend
  const xs = series.flatMap(s => s.points.map(p => p.x)), x0 = Math.min(...xs), x1 = Math.max(...xs)
  const X = (v: number) => left + ((v - x0) / (x1 - x0 || 1)) * (w - left - right), Y = (v: number) => h - bottom - (v / (yMax || 1)) * (h - top - bottom)
  const path = (p: { x: number; y: number }[]) => p.map((q, i) => (i ? 'L' : 'M') + X(q.x).toFixed(1) + ' ' + Y(q.y).toFixed(1)).join('')
  // Labels at the ends keep 17 px apart.
  const ends = series.map(s => ({ s, y: Y(s.points.at(-1)!.y) })).sort((a, b) => a.y - b.y)
  for (let i = 1; i < ends.length; i++) ends[i].y = Math.max(ends[i].y, ends[i - 1].y + 17)
  return (
    <><div className="scroll" role="region" aria-label={title} tabIndex={0}><svg viewBox={`0 0 ${w} ${h}`} width="100%" role="img" aria-label={label} className="lines">
      {yTicks.map(v => <g key={v}><line x1={left} x2={w - right} y1={Y(v)} y2={Y(v)} stroke="var(--line)" /><text className="axis" x={left - 8} y={Y(v) + 4} textAnchor="end">{formatY(v)}</text></g>)}
      {xTicks.map(v => <text key={v} className="axis" x={X(v)} y={h - 8} textAnchor="middle">{formatX(v)}</text>)}
      {mark !== undefined && <line x1={X(mark)} x2={X(mark)} y1={top} y2={h - bottom} stroke="var(--text-3)" strokeDasharray="3 4" />}
      {series.map(s => <path key={s.key} d={path(s.points)} fill="none" stroke={s.color} strokeWidth="2.4" strokeDasharray={s.dash} strokeLinejoin="round" strokeLinecap="round" />)}
      {mark !== undefined && series.map((s, i) => { const p = s.points.find(q => q.x === mark); return p && <circle key={s.key} cx={X(p.x)} cy={Y(p.y)} r={i ? 3.5 : 5.5} fill={s.color} stroke="var(--surface)" strokeWidth="2" /> })}
      {!narrow && ends.map(({ s, y }) => <text key={s.key} x={w - right + 10} y={y + 4} className="endlabel" fill={s.color}>{s.label}</text>)}
    </svg></div>
    <ul className="legend show-sm" aria-hidden>{series.map(s => <li key={s.key}><i className="sw" style={{ background: s.color }} />{s.label}</li>)}</ul></>
  )
}

export type Estimate = { value: number; low: number; high: number }

/** Values in [0, 1] with their intervals, one under the other. */
export function Intervals({ rows, format, range }: { rows: { key: string; label: string; color: string; e: Estimate; strong?: boolean; note?: string }[]; format: (v: number) => string; range: (low: number, high: number) => string }) {
  return (
    <dl className="intervals">
      {rows.map(r => (
        <div key={r.key} data-strong={r.strong || undefined}>
          <dt>{r.label}{r.note && <small>{r.note}</small>}</dt>
          <dd className="ibar" aria-hidden><i style={{ left: r.e.low * 100 + '%', width: (r.e.high - r.e.low) * 100 + '%', background: r.color }} /><b style={{ left: r.e.value * 100 + '%', background: r.color }} /></dd>
          <dd className="num"><b>{format(r.e.value)}</b><small>{range(r.e.low, r.e.high)}</small></dd>
        </div>
      ))}
    </dl>
  )
}
