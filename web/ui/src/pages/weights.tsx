import { useEffect, useMemo, useRef, useState } from 'react'
import { COMPONENTS, type Advocate, type ComponentName, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { WAIT } from '../ui/bits'
import { useUrlState } from '../url'

export const PRESETS = ['balanced', 'true-fans', 'far-reach', 'connectors', 'steady'] as const
export const PRESET_KEYS: Record<(typeof PRESETS)[number], Key> = { balanced: 'preset_balanced', 'true-fans': 'preset_fans', 'far-reach': 'preset_reach', connectors: 'preset_connectors', steady: 'preset_steady' }
export type W = Record<ComponentName, number>

/** Sets one weight and shares the rest out among the others as they stood, so that the sum stays 100. */
export function moved(w: W, k: ComponentName, to: number): W {
  const others = COMPONENTS.filter(x => x !== k), rest = 100 - to, had = others.reduce((s, x) => s + w[x], 0)
  const out = { ...w, [k]: to }
  let left = rest
  others.forEach((x, i) => { out[x] = i === others.length - 1 ? left : Math.min(left, Math.round(had ? (w[x] / had) * rest : rest / others.length)); left -= out[x] })
  return out
}

function read(text: string | undefined): W | undefined {
  if (!text) return undefined
  const got = Object.fromEntries(text.split(',').map(x => x.split('=')).map(([k, v]) => [k, Math.round(Number(v) * 100)]))
  return Object.fromEntries(COMPONENTS.map(k => [k, got[k] || 0])) as W
}
export const write = (w: W) => COMPONENTS.filter(k => w[k]).map(k => `${k}=${w[k] / 100}`).join(',')

/** Sliders that rank the list anew while they move. They change this view and nothing else: what was set stands in the address. */
export default function WeightsPanel({ receipt, rows, standard }: { receipt?: Schemas['Receipt']; rows: Advocate[]; standard?: Map<string, number | null> }) {
  const { t, pct } = useI18n()
  const [u, set] = useUrlState()
  const used = useMemo<W | undefined>(() => receipt && Object.fromEntries(COMPONENTS.map(k => [k, Math.round((receipt.weights[k] ?? 0) * 100)])) as W, [receipt])
  const [own, setOwn] = useState<W | undefined>(() => read(u.weights))
  const typed = useRef(u.weights)
  useEffect(() => { if (u.weights !== typed.current) { typed.current = u.weights; setOwn(read(u.weights)) } }, [u.weights])
  useEffect(() => {
    const text = own && write(own)
    const stands = read(typed.current)
    if (!own || (stands && text === write(stands))) return
    const h = setTimeout(() => { typed.current = text; set({ weights: text, preset: undefined }, true) }, 160)
    return () => clearTimeout(h)
  }, [own, set])
  const w = own ?? used
  const touched = !!(u.weights || u.preset || u.blend || u.mode)
  const top = rows.slice(0, 50)
  const entered = standard ? top.filter(a => { const r = standard.get(a.id); return r === undefined || r === null || r > 50 }).length : 0
  return (
    <section className="card tune" aria-label={t('weights')}>
      <div className="tunehead">
        <label className="selectl">{t('preset')} <select value={u.weights ? 'own' : u.preset ?? ''} onChange={e => { setOwn(undefined); typed.current = undefined; set({ weights: undefined, preset: e.target.value || undefined }) }}>
          <option value="">{t('preset_server')}</option>{PRESETS.map(p => <option key={p} value={p}>{t(PRESET_KEYS[p])}</option>)}{u.weights && <option value="own">{t('preset_own')}</option>}
        </select></label>
        <div className="seg" role="group" aria-label={t('blend')}>{(['geometric', 'arithmetic'] as const).map(b => <button key={b} aria-pressed={(u.blend ?? receipt?.blend ?? 'geometric') === b} onClick={() => set({ blend: b })}>{t(b === 'geometric' ? 'blend_multiply' : 'blend_add')}</button>)}</div>
        <div className="seg" role="group" aria-label={t('mode')}>{(['expected', 'safe'] as const).map(m => <button key={m} aria-pressed={(u.mode ?? 'expected') === m} title={t(`mode_${m}_h`)} onClick={() => set({ mode: m === 'safe' ? m : undefined, sort: undefined })}>{t(`mode_${m}`)}</button>)}</div>
        <span className="grow" />
        {touched && <button className="btn sm" onClick={() => { setOwn(undefined); typed.current = undefined; set({ weights: undefined, preset: undefined, blend: undefined, mode: undefined }) }}>{t('reset')}</button>}
      </div>
      <div className="sliders">
        {COMPONENTS.map(k => (
          <div key={k}>
            <label htmlFor={'w-' + k}><i className="sw" style={{ background: `var(--c-${k})` }} />{t(k)}</label><output className="num" htmlFor={'w-' + k}>{w ? pct(w[k] / 100) : WAIT}</output>
            <input id={'w-' + k} type="range" min={0} max={100} step={1} value={w?.[k] ?? 25} disabled={!w} aria-valuetext={w && pct(w[k] / 100)} style={{ accentColor: `var(--c-${k})` }} onChange={e => w && setOwn(moved(w, k, Number(e.target.value)))} />
            <small>{t(`${k}_h`)}</small>
          </div>
        ))}
      </div>
      <p className="muted" role="status">{standard && top.length > 0 ? t('tune_moves', { n: entered, of: top.length }) : t('tune_note')}</p>
    </section>
  )
}
