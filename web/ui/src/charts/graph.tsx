import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react'
import Graph from 'graphology'
import Sigma from 'sigma'
import type { Schemas } from '../api'

export type Node = Schemas['NetworkNode']
export type Net = Schemas['Network']
export type Camera = { zoom: (by: 'in' | 'out' | 'all') => void; pan: (x: number, y: number) => void; show: (place: number) => void }

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
/** Sigma needs opaque colours: blended with the background instead of transparent. */
function mix(a: string, b: string, part: number) {
  const rgb = (x: string) => (x.length < 7 ? [...x.slice(1)].map(c => c + c) : [x.slice(1, 3), x.slice(3, 5), x.slice(5)]).map(c => parseInt(c, 16)) // built styles shorten #ffffff
  const A = rgb(a), B = rgb(b)
  return '#' + A.map((x, i) => Math.round(x * part + B[i] * (1 - part)).toString(16).padStart(2, '0')).join('')
}

const calm = matchMedia('(prefers-reduced-motion: reduce)')
type Box = { x: number; y: number; w: number }
/** Whether two words of that width, written around their middles, would touch. */
const meet = (a: Box, b: Box) => Math.abs(a.y - b.y) < 26 && Math.abs(a.x - b.x) < (a.w + b.w) / 2 + 6

/** From this size on a name is written beside a person. */
const NAMED = 8.5

type Props = { net: Net; names: Map<number, string>; color: (community: number) => string; hidden: ReadonlySet<number>; chosen?: number; label: string; onHover: (place?: number) => void; onOpen: (node: Node) => void; onFail: () => void; camera: Ref<Camera> }

/** People as dots where the server placed them, their ties as lines; rings mark connectors, words name communities. */
export default function NetworkGraph({ net, names, color, hidden, chosen, label, onHover, onOpen, onFail, camera }: Props) {
  const box = useRef<HTMLDivElement>(null), words = useRef<HTMLDivElement>(null), sigma = useRef<Sigma>(null), view = useRef({ x: 0.5, y: 0.5, ratio: 1, angle: 0 })
  const now = useRef({ hidden, chosen, over: undefined as number | undefined, names, onHover, onOpen, onFail })
  Object.assign(now.current, { hidden, chosen, names, onHover, onOpen, onFail })
  const [theme, setTheme] = useState(document.documentElement.dataset.theme)
  useEffect(() => {
    const seen = new MutationObserver(() => setTheme(document.documentElement.dataset.theme))
    seen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => seen.disconnect()
  }, [])

  useEffect(() => {
    const bg = css('--surface'), text = css('--text'), line = css('--line'), faded = css('--surface-3'), accent = css('--accent'), soft = css('--text-2')
    const g = new Graph({ type: 'undirected' }), most = Math.max(...net.nodes.map(n => n.share)), paint = new Map<number, string>()
    const of = (c: number) => { if (!paint.has(c)) paint.set(c, css(color(c))); return paint.get(c)! }
    net.nodes.forEach((n, i) => g.addNode(i, { x: n.x, y: 1 - n.y, size: 2.5 + 12 * Math.sqrt(n.share / most), color: of(n.community), label: n.name ?? n.handle ?? '', ring: n.connector, forceLabel: n.connector, community: n.community }))
    for (const e of net.edges) {
      const a = net.nodes[e.a].community, inside = a === net.nodes[e.b].community
      g.addEdge(e.a, e.b, { size: Math.min(3, 0.5 + Math.log10(e.weight)), color: inside ? mix(of(a), bg, 0.34) : line })
    }
    let s: Sigma | undefined
    // Where words of communities stand, and the names that were written in this picture: no name over either.
    let boxes: Box[] = [], written: Box[] = []
    try {
      s = new Sigma(g, box.current!, {
        labelFont: 'Inter Variable, sans-serif', labelSize: 12, labelWeight: '600', labelColor: { color: text }, labelDensity: 0.3, labelGridCellSize: 200, labelRenderedSizeThreshold: NAMED, stagePadding: 28, allowInvalidContainer: true, defaultEdgeColor: line, zIndex: true, minCameraRatio: 0.04, maxCameraRatio: 3,
        defaultDrawNodeLabel: (ctx, d, o) => {
          if ((d as { ring?: boolean }).ring) { ctx.strokeStyle = text; ctx.lineWidth = 1.6; ctx.beginPath(); ctx.arc(d.x, d.y, d.size + 2.6, 0, 7); ctx.stroke() }
          if (!d.label || d.size < NAMED || (s?.getDimensions().width ?? 0) < 500 && view.current.ratio > 0.9) return
          ctx.font = `600 12px ${o.labelFont}`; ctx.lineWidth = 3.5; ctx.strokeStyle = bg; ctx.lineJoin = 'round'
          const at = { x: d.x + d.size + 4 + ctx.measureText(d.label).width / 2, y: d.y, w: ctx.measureText(d.label).width }
          if ([...boxes, ...written].some(b => meet(at, b))) return
          written.push(at)
          ctx.strokeText(d.label, d.x + d.size + 4, d.y + 4); ctx.fillStyle = text; ctx.fillText(d.label, d.x + d.size + 4, d.y + 4)
        },
        defaultDrawNodeHover: (ctx, d, o) => {
          const name = d.label ?? ''
          ctx.font = `600 12px ${o.labelFont}`
          ctx.fillStyle = bg; ctx.strokeStyle = soft; ctx.lineWidth = 1
          ctx.beginPath(); ctx.roundRect(d.x + d.size + 4, d.y - 13, ctx.measureText(name).width + 18, 26, 8); ctx.fill(); ctx.stroke()
          ctx.fillStyle = text; ctx.fillText(name, d.x + d.size + 13, d.y + 4)
          ctx.strokeStyle = accent; ctx.lineWidth = 2; ctx.beginPath(); ctx.arc(d.x, d.y, d.size + 3, 0, 7); ctx.stroke()
        },
        nodeReducer: (k, d) => {
          const { hidden, over, chosen } = now.current, at = over ?? chosen
          if (hidden.has(d.community as number)) return { ...d, hidden: true }
          if (at === undefined || String(at) === k) return String(at) === k ? { ...d, highlighted: true, zIndex: 2 } : d
          return g.areNeighbors(String(at), k) ? { ...d, zIndex: 1 } : { ...d, color: faded, label: '', forceLabel: false, ring: false }
        },
        edgeReducer: (k, d) => {
          const at = now.current.over ?? now.current.chosen
          return at === undefined ? d : g.hasExtremity(k, String(at)) ? { ...d, color: accent, size: Math.max(1.4, d.size as number), zIndex: 1 } : { ...d, hidden: true }
        },
      })
    } catch { now.current.onFail(); return }
    sigma.current = s
    s.on('beforeRender', () => { written = [] })
    s.getCamera().setState(view.current)
    const hover = (k?: string) => { now.current.over = k === undefined ? undefined : Number(k); now.current.onHover(now.current.over); s.refresh({ skipIndexation: true }) }
    s.on('enterNode', e => { hover(e.node); box.current!.style.cursor = 'pointer' }); s.on('leaveNode', () => { hover(); box.current!.style.cursor = '' })
    s.on('clickNode', e => now.current.onOpen(net.nodes[Number(e.node)]))

    // Words stand over their people; of words that would cover each other those of the smaller community wait for a closer look.
    const members = new Map<number, Node[]>(), tops = new Map<number, { x: number; y: number }>()
    for (const n of net.nodes) { const list = members.get(n.community); if (list) list.push(n); else members.set(n.community, [n]) }
    for (const [c, list] of members) {
      const at = (f: (n: Node) => number, part: number) => list.map(f).sort((a, b) => a - b)[Math.floor(part * (list.length - 1))]
      tops.set(c, { x: at(n => n.x, 0.5), y: at(n => 1 - n.y, 0.92) })
    }
    const place = () => {
      view.current = s.getCamera().getState()
      const taken: Box[] = [], { width, height } = s.getDimensions()
      for (const el of (words.current?.children ?? []) as Iterable<HTMLElement>) {
        const c = Number(el.dataset.c), m = tops.get(c), p = m && s.graphToViewport(m), w = el.offsetWidth || 120
        const inside = p && p.x > 0 && p.y > 0 && p.x < width && p.y < height
        if (p) { p.x = Math.max(w / 2 + 4, Math.min(width - w / 2 - 4, p.x)); p.y = Math.max(16, p.y - 16) }
        const free = inside && !now.current.hidden.has(c) && !taken.some(o => meet(o, { ...p, w }))
        el.style.visibility = free ? '' : 'hidden'
        if (!free) continue
        taken.push({ ...p, w })
        el.style.translate = `calc(${p.x}px - 50%) calc(${p.y}px - 50%)`
      }
      const moved = JSON.stringify(taken) !== JSON.stringify(boxes)
      boxes = taken
      if (moved) s.scheduleRender()
    }
    s.on('afterRender', place)
    place()
    box.current!.dataset.ready = 'true'
    return () => { s.kill(); sigma.current = null }
  }, [net, theme, color])

  useEffect(() => { sigma.current?.refresh({ skipIndexation: true }) }, [hidden, chosen, names])
  useImperativeHandle(camera, () => ({
    zoom: by => {
      const c = sigma.current?.getCamera(), duration = calm.matches ? 0 : 200
      if (by === 'in') void c?.animatedZoom({ duration }); else if (by === 'out') void c?.animatedUnzoom({ duration }); else void c?.animatedReset({ duration })
    },
    pan: (x, y) => { const c = sigma.current?.getCamera(); if (c) void c.animate({ x: c.x + x * 0.2 * c.ratio, y: c.y + y * 0.2 * c.ratio }, { duration: calm.matches ? 0 : 200 }) },
    show: i => {
      const s = sigma.current, d = s?.getNodeDisplayData(String(i))
      if (s && d) void s.getCamera().animate({ x: d.x, y: d.y, ratio: Math.min(s.getCamera().ratio, 0.35) }, { duration: calm.matches ? 0 : 300 })
    },
  }), [])
  return (
    <>
      <div ref={box} className="netgraph" role="img" aria-label={label} />
      <div ref={words} className="networds" aria-hidden>{[...names].map(([c, text]) => <span key={c} data-c={c}>{text}</span>)}</div>
    </>
  )
}
