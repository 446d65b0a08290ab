import { Suspense, useMemo, useRef, useState, type PointerEvent } from 'react'
import type { PageProps } from '../app'
import { choiceOf, useAdvocates, type Advocate } from '../api'
import { partOf } from '../charts/small'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { page } from '../page'
import { Block, Flags, nameOf, platformName, PLATFORMS } from '../ui/bits'
import { useNarrow } from '../ui/narrow'
import { useUrlState } from '../url'

const BulkBar = page(() => import('./bulk'))

const PAD = { left: 40, right: 16, top: 36, bottom: 54 }
const QUADRANTS = ['map_ambassadors', 'map_voices', 'map_fans', 'map_watch'] as const
type Point = { a: Advocate; x: number; y: number; r: number; q: (typeof QUADRANTS)[number] }

/** The first 200 people by how well they speak and how far they reach; the list beside it says the same in words. */
export default function MapPage({ brand }: PageProps) {
  const { t, tn, n } = useI18n()
  const [u, set] = useUrlState()
  const list = useAdvocates(brand.name, { ...choiceOf({ platform: u.platform, days: u.days }), all: true, limit: 200 })
  const [over, setOver] = useState<Point>()
  const narrow = useNarrow(), W = narrow ? 430 : 860, H = narrow ? 460 : 560
  const points = useMemo(() => (list.data?.pages[0].items ?? []).flatMap((a): Point[] => {
    const aff = partOf(a, 'affinity'), reach = partOf(a, 'reach')
    if (aff?.value == null || reach?.value == null || aff.imputed || reach.imputed) return []
    const q = aff.value >= 0.5 ? (reach.value >= 0.5 ? 'map_ambassadors' : 'map_fans') : reach.value >= 0.5 ? 'map_voices' : 'map_watch'
    return [{ a, q, x: PAD.left + aff.value * (W - PAD.left - PAD.right), y: H - PAD.bottom - reach.value * (H - PAD.top - PAD.bottom), r: 4 + Math.min(10, Math.sqrt(a.evidence.mentions)) }]
  }), [list.data, W, H])
  const chosen = QUADRANTS.find(q => q === u.q)
  const shown = chosen ? points.filter(p => p.q === chosen) : points
  const may = useMay(brand.name).on('analyst')
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const people = useMemo(() => points.filter(p => picked.has(p.a.id)).map(p => p.a), [points, picked])
  const toggle = (id: string) => setPicked(s => { const x = new Set(s); if (!x.delete(id)) x.add(id); return x })
  // A rectangle drawn with the mouse selects who is in it; the list does the same for everybody else.
  const svg = useRef<SVGSVGElement>(null)
  const [box, setBox] = useState<[number, number, number, number]>()
  const at = (e: PointerEvent) => { const m = svg.current!.getScreenCTM()!, p = new DOMPoint(e.clientX, e.clientY).matrixTransform(m.inverse()); return [p.x, p.y] as const }
  const inside = (p: Point, b: [number, number, number, number]) => p.x >= Math.min(b[0], b[2]) && p.x <= Math.max(b[0], b[2]) && p.y >= Math.min(b[1], b[3]) && p.y <= Math.max(b[1], b[3])
  const draw = {
    onPointerDown: (e: PointerEvent) => { if (e.pointerType === 'mouse' && e.button === 0 && !(e.target instanceof SVGCircleElement)) { const [x, y] = at(e); setBox([x, y, x, y]); svg.current!.setPointerCapture(e.pointerId); e.preventDefault() } },
    onPointerMove: (e: PointerEvent) => { if (box) { const [x, y] = at(e); setBox([box[0], box[1], x, y]) } },
    onPointerUp: () => { if (box && Math.abs(box[2] - box[0]) + Math.abs(box[3] - box[1]) > 8) setPicked(new Set(shown.filter(p => inside(p, box)).map(p => p.a.id))); setBox(undefined) },
  }
  const midX = (PAD.left + W - PAD.right) / 2, midY = (PAD.top + H - PAD.bottom) / 2
  const corner = { map_ambassadors: [W - PAD.right, PAD.top - 12, 'end'], map_voices: [PAD.left, PAD.top - 12, 'start'], map_fans: [W - PAD.right, H - 10, 'end'], map_watch: [PAD.left, H - 10, 'start'] } as const
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div className="narrow"><h1>{t('map_title')}</h1><p>{t('map_lead')}</p></div></div>
      <div className="filters">
        <label className="selectl">{t('f_platform')} <select value={u.platform ?? ''} onChange={e => set({ platform: e.target.value || undefined })}><option value="">{t('any')}</option>{PLATFORMS.map(p => <option key={p} value={p}>{platformName(p)}</option>)}</select></label>
        <label className="selectl">{t('f_period')} <select value={u.days ?? ''} onChange={e => set({ days: e.target.value || undefined })}><option value="">{t('all_time')}</option>{[30, 90, 365].map(d => <option key={d} value={d}>{t('f_days', { n: d })}</option>)}</select></label>
      </div>
      <Block query={list}>{d => d.pages[0].too_few ? <div className="card state"><b>{t('too_few_t')}</b><p>{t('too_few')}</p></div> : points.length === 0 ? <div className="card state"><b>{t('map_none')}</b><p>{t('map_none_b')}</p></div> : (
        <div className="mapgrid">
          <section className="card pad">
            <div className="scroll" role="region" aria-label={t('map_title')} tabIndex={0}><svg ref={svg} {...draw} viewBox={`0 0 ${W} ${H}`} width="100%" className="scatter" role="img" aria-label={QUADRANTS.map(q => `${t(q)}: ${n(points.filter(p => p.q === q).length)}`).join('; ')}>
              <rect x={PAD.left} y={PAD.top} width={W - PAD.left - PAD.right} height={H - PAD.top - PAD.bottom} fill="none" stroke="var(--line)" />
              <line x1={midX} x2={midX} y1={PAD.top} y2={H - PAD.bottom} stroke="var(--line-strong)" strokeDasharray="3 4" /><line x1={PAD.left} x2={W - PAD.right} y1={midY} y2={midY} stroke="var(--line-strong)" strokeDasharray="3 4" />
              {[0, 100].map(v => <g key={v}><text className="axis" x={PAD.left + (v / 100) * (W - PAD.left - PAD.right)} y={H - PAD.bottom + 18} textAnchor={v ? 'end' : 'start'}>{n(v)}</text><text className="axis" x={PAD.left - 8} y={H - PAD.bottom - (v / 100) * (H - PAD.top - PAD.bottom) + 4} textAnchor="end">{n(v)}</text></g>)}
              <text className="axis" x={midX} y={H - PAD.bottom + 18} textAnchor="middle">{t('affinity')} →</text><text className="axis" x={PAD.left - 12} y={midY} textAnchor="middle" transform={`rotate(-90 ${PAD.left - 12} ${midY})`}>{t('reach')} →</text>
              {[...shown].sort((p, q) => q.r - p.r).map(p => <circle key={p.a.id} cx={p.x} cy={p.y} r={p.r} className={over?.a.id === p.a.id || picked.has(p.a.id) ? 'on' : undefined} onMouseEnter={() => setOver(p)} onMouseLeave={() => setOver(undefined)} onClick={() => set({ person: p.a.id })} />)}
              {box && <rect className="lasso" x={Math.min(box[0], box[2])} y={Math.min(box[1], box[3])} width={Math.abs(box[2] - box[0])} height={Math.abs(box[3] - box[1])} />}
              {QUADRANTS.map(q => <text key={q} className="quad" x={corner[q][0]} y={corner[q][1]} textAnchor={corner[q][2]}>{t(q)}</text>)}
              {over && <text className="maplabel" x={Math.min(Math.max(over.x, 80), W - 80)} y={over.y - over.r - 6} textAnchor="middle">{nameOf(over.a)}</text>}
            </svg></div>
            <p className="foot">{d.pages[0].next_cursor ? t('map_note', { n: points.length, k: d.pages[0].items.length, of: d.pages[0].counts.total }) : t('map_note_all', { n: points.length, of: d.pages[0].counts.total })}</p>
          </section>
          <section className="card maplist">
            <div className="seg wrapseg" role="group" aria-label={t('map_quads')}><button aria-pressed={!chosen} onClick={() => set({ q: undefined })}>{t('v_all')}</button>{QUADRANTS.map(q => <button key={q} aria-pressed={chosen === q} onClick={() => set({ q })}>{t(q)} <small className="num">{n(points.filter(p => p.q === q).length)}</small></button>)}</div>
            <div className="row8 mappick"><button className="btn sm" onClick={() => setPicked(new Set(shown.map(p => p.a.id)))}>{tn('map_pick', shown.length)}</button>{picked.size > 0 && <button className="btn ghost sm" onClick={() => setPicked(new Set())}>{t('cancel')}</button>}</div>
            <ol tabIndex={0} aria-label={t('map_people')}>{shown.map(p => <li key={p.a.id} onMouseEnter={() => setOver(p)} onMouseLeave={() => setOver(undefined)}><input type="checkbox" aria-label={t('select', { name: nameOf(p.a) })} checked={picked.has(p.a.id)} onChange={() => toggle(p.a.id)} /><div><button className="linkb" onClick={() => set({ person: p.a.id })}><bdi>{nameOf(p.a)}</bdi></button><Flags a={p.a} />{p.a.status !== 'candidate' && <span className={'pill xs ' + p.a.status}>{t(`s_${p.a.status}`)}</span>}<small className="num">{t('affinity')} {n((partOf(p.a, 'affinity')?.value ?? 0) * 100)} · {t('reach')} {n((partOf(p.a, 'reach')?.value ?? 0) * 100)}</small></div></li>)}</ol>
          </section>
        </div>
      )}</Block>
      {people.length > 0 && <Suspense fallback={null}><BulkBar brand={brand.name} people={people} may={may} onClear={() => setPicked(new Set())} /></Suspense>}
    </main>
  )
}
