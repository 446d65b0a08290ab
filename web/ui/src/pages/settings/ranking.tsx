import { useEffect, useMemo, useRef, useState } from 'react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, ShieldCheck } from 'lucide-react'
import { client, COMPONENTS, RANKED, take, type Advocate, type ComponentName, type Schemas } from '../../api'
import { useI18n, type Key } from '../../i18n'
import { Block, ErrorState, nameOf, Skeleton } from '../../ui/bits'
import { moved, PRESET_KEYS, write, type PRESETS, type W } from '../weights'
import { Field, LookOnly, Unsaved, useDraft, useSave } from './form'
import type { TabProps } from './index'

type Blend = 'geometric' | 'arithmetic'
type Draft = { weights: W; blend: Blend; reason: string }
const percents = (w: Schemas['Weights']) => Object.fromEntries(COMPONENTS.map(k => [k, Math.round(w[k] * 100)])) as W
const same = (a: W, b: W) => COMPONENTS.every(k => a[k] === b[k])
const rankings = ['ranking', 'preview', ...RANKED]

export default function RankingTab({ brand, may }: TabProps) {
  const state = useQuery({ queryKey: ['ranking', brand.name], queryFn: () => take(client.GET('/brands/{brand}/ranking', { params: { path: { brand: brand.name } } })) })
  return <Block query={state} rows={8}>{d => <Editor brand={brand} may={may} d={d} />}</Block>
}

function Editor({ brand, may, d }: TabProps & { d: Schemas['RankingSettings'] }) {
  const { t, pct, n } = useI18n()
  const now = useMemo(() => ({ weights: percents(d.weights), blend: d.blend as Blend }), [d])
  const [draft, setDraft] = useDraft<Draft>('ranking.' + brand.name)
  const w = draft?.weights ?? now.weights, blend = draft?.blend ?? now.blend
  const touched = !same(w, now.weights) || blend !== now.blend
  const { save, busy } = useSave(brand.name, rankings)
  const set = (to: Partial<Draft>) => setDraft({ weights: w, blend, reason: draft?.reason ?? '', ...to })
  const presets = d.presets.filter((p): p is Schemas['RankingPreset'] & { name: (typeof PRESETS)[number] } => p.name in PRESET_KEYS).map(p => ({ name: p.name, weights: percents(p.weights) }))
  const preset = presets.find(p => same(p.weights, w))?.name
  const put = (body: Schemas['NewRanking']) => () => take(client.PUT('/brands/{brand}/ranking', { params: { path: { brand: brand.name } }, body }))
  const before = d.history[0]
  const back: Schemas['NewRanking'] = before ? { weights: before.weights ?? undefined, blend: before.blend as Blend ?? undefined, reason: before.reason ?? undefined } : {}
  const edit = may.on('manager')
  // A slider that is moved shares out what the others weighed before it was touched, so that small weights are not rounded away on the way.
  const from = useRef<{ k: ComponentName; w: W }>(undefined)
  const move = (k: ComponentName, v: number) => {
    if (from.current?.k !== k) from.current = { k, w }
    set({ weights: moved(from.current.w, k, v) })
  }
  return (
    <div className="setgrid rank">
        <form className="card pad form" onSubmit={e => { e.preventDefault(); save(put({ ...(preset ? { preset } : { weights: w }), blend, reason: draft?.reason.trim() || undefined }), t('rk_saved'), { undo: put(back), then: () => setDraft(undefined) }) }}>
          <div><h2 className="sech">{t('rk_t')}</h2><p className="muted">{t(d.own ? 'rk_own' : 'rk_server')}</p></div>
          {!edit && <LookOnly least="manager" />}
          <div className="presets" role="group" aria-label={t('preset')}>{presets.map(p => <button key={p.name} type="button" className={'btn sm' + (preset === p.name ? ' on' : '')} aria-pressed={preset === p.name} onClick={() => { from.current = undefined; set({ weights: p.weights }) }}>{t(PRESET_KEYS[p.name])}</button>)}</div>
          <div className="sliders stacked">
            {COMPONENTS.map(k => <Slider key={k} k={k} w={w} onChange={v => move(k, v)} onLeave={() => { from.current = undefined }} />)}
          </div>
          <p className="sum100 num"><span>{t('rk_sum')}</span> <b>{pct(COMPONENTS.reduce((s, k) => s + w[k], 0) / 100)}</b></p>
          <fieldset className="choice"><legend>{t('blend')}</legend>{(['geometric', 'arithmetic'] as const).map(b => <label key={b} className="opt inline"><input type="radio" name="blend" checked={blend === b} onChange={() => set({ blend: b })} /><span>{t(b === 'geometric' ? 'blend_multiply' : 'blend_add')}<small>{t(b === 'geometric' ? 'rk_multiply' : 'rk_add')}</small></span></label>)}</fieldset>
          <p className="muted">{t('rk_half', { n: n(d.half_life_days) })}</p>
          {touched && <>
            <Backtest brand={brand.name} weights={w} blend={blend} />
            {edit && <Field wide label={t('rk_reason')} hint={t('rk_reason_h')}>{p => <input {...p} className="textinp" maxLength={500} value={draft?.reason ?? ''} onChange={e => set({ reason: e.target.value })} />}</Field>}
            {edit ? <Unsaved busy={busy} label={t('rk_apply')} onDiscard={() => setDraft(undefined)} /> : <div className="row8"><button type="button" className="btn sm" onClick={() => setDraft(undefined)}>{t('reset')}</button></div>}
          </>}
        </form>
        <Preview brand={brand.name} weights={w} blend={blend} touched={touched} />
        <History d={d} edit={edit} busy={busy} onBack={(x, at) => save(put({ weights: x?.weights ?? undefined, blend: x?.blend as Blend ?? undefined, reason: at }), t('rk_saved'), { undo: put(back), then: () => setDraft(undefined) })} />
    </div>
  )
}

function Slider({ k, w, onChange, onLeave }: { k: ComponentName; w: W; onChange: (v: number) => void; onLeave: () => void }) {
  const { t, pct } = useI18n()
  return (
    <div>
      <label htmlFor={'rw-' + k}><i className="sw" style={{ background: `var(--c-${k})` }} />{t(k)}</label><output className="num" htmlFor={'rw-' + k}>{pct(w[k] / 100)}</output>
      <input id={'rw-' + k} type="range" min={0} max={100} step={1} value={w[k]} aria-valuetext={pct(w[k] / 100)} style={{ accentColor: `var(--c-${k})` }} onChange={e => onChange(Number(e.target.value))} onBlur={onLeave} />
      <small>{t(`${k}_h` as Key)}</small>
    </div>
  )
}

function useLater<T>(value: T, ms: number) {
  const [late, set] = useState(value)
  const key = JSON.stringify(value)
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => { const h = setTimeout(() => set(value), ms); return () => clearTimeout(h) }, [key, ms])
  return late
}

const LIST = 50, TOP = 20

/** The first 20 as they are and as they would be, with who moves and how many enter and leave the first 50. */
function Preview({ brand, weights, blend, touched }: { brand: string; weights: W; blend: Blend; touched: boolean }) {
  const { t, tn } = useI18n()
  const asked = useLater({ weights: write(weights), blend }, 220)
  const get = (query: { weights?: string; blend?: Blend; limit: number }) => () => take(client.GET('/brands/{brand}/advocates', { params: { path: { brand }, query } }))
  const is = useQuery({ queryKey: ['preview', brand, 'now'], queryFn: get({ limit: 200 }) })
  const would = useQuery({ queryKey: ['preview', brand, asked], queryFn: get({ ...asked, limit: 200 }), enabled: touched, placeholderData: keepPreviousData })
  const after = touched ? would.data ?? is.data : is.data
  if (is.isError && !is.data) return <ErrorState error={is.error} retry={() => void is.refetch()} />
  if (!is.data || !after) return <Skeleton rows={12} />
  const rank = new Map(is.data.items.map((a, i) => [a.id, i + 1])), then = new Map(after.items.map((a, i) => [a.id, i + 1]))
  const entered = after.items.slice(0, LIST).filter(a => (rank.get(a.id) ?? Infinity) > LIST).length
  const left = is.data.items.slice(0, LIST).filter(a => (then.get(a.id) ?? Infinity) > LIST).length
  return (
    <section className="card preview" aria-labelledby="preview" aria-busy={touched && (would.isFetching || asked.weights !== write(weights)) || undefined}>
      <div className="pad"><h2 className="sech" id="preview">{t('rk_preview')}</h2>
        <p className="muted" role="status">{is.data.too_few ? t('too_few') : !touched ? t('rk_nochange') : entered + left === 0 ? t('rk_stay', { of: LIST }) : `${tn('rk_enter', entered, { of: LIST })} ${tn('rk_leave', left, { of: LIST })}`}</p></div>
      {!is.data.too_few && <div className={'scroll' + (would.isPlaceholderData ? ' stale' : '')} tabIndex={0} role="region" aria-label={t('rk_preview')}>
        <table className="plain beforeafter"><thead><tr><th scope="col" className="r">{t('rk_place')}</th><th scope="col">{t('rk_before')}</th><th scope="col">{t('rk_after')}</th><th scope="col" className="r">{t('rk_move')}</th></tr></thead>
          <tbody>{after.items.slice(0, TOP).map((a, i) => <tr key={a.id}><td className="r num">{i + 1}</td><td><Name a={is.data.items[i]} /></td><td><b><Name a={a} /></b></td><td className="r num"><Move was={rank.get(a.id)} is={i + 1} /></td></tr>)}</tbody></table>
      </div>}
    </section>
  )
}

const Name = ({ a }: { a?: Advocate }) => (a ? <bdi>{nameOf(a)}</bdi> : null)

function Move({ was, is }: { was?: number; is: number }) {
  const { t } = useI18n()
  if (was === undefined) return <span className="pill xs contacted">{t('rk_from200')}</span>
  const by = was - is
  if (!by) return <span className="flat"><span aria-hidden>—</span><span className="sr">{t('rk_unmoved')}</span></span>
  return <span className={'move ' + (by > 0 ? 'up' : 'down')}>{by > 0 ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />}{Math.abs(by)}<span className="sr"> {t(by > 0 ? 'moved_up' : 'moved_down', { n: Math.abs(by) })}</span></span>
}

/** Asks the past which weights would have found more people who went on to recommend. */
function Backtest({ brand, weights, blend }: { brand: string; weights: W; blend: Blend }) {
  const { t, said } = useI18n()
  const get = (query: { weights?: string; blend?: Blend }) => take(client.GET('/brands/{brand}/backtest', { params: { path: { brand }, query } }))
  const test = useMutation({ mutationFn: async () => Promise.all([get({}), get({ weights: write(weights), blend })]) })
  const of = JSON.stringify([weights, blend])
  const [asked, setAsked] = useState('')
  const hits = (b: Schemas['Backtest']) => b.targets.find(x => x.name === 'recommended')?.orders.find(o => o.order === 'ranking')?.hits
  const [is, would] = test.data ?? []
  const a = is && hits(is), b = would && hits(would)
  return (
    <div className="testfirst">
      <button type="button" className="btn sm" disabled={test.isPending} onClick={() => { setAsked(of); test.mutate() }}><ShieldCheck aria-hidden />{t(test.isPending ? 'rk_testing' : 'rk_test')}</button>
      <p className="muted" role="status">{test.isError ? t('err') : asked !== of || !would ? t('rk_test_h') : a === undefined || b === undefined ? would.words.map(said).join(' ') : t('rk_tested', { k: Math.min(would.k, would.candidates), a, b })}</p>
    </div>
  )
}

function History({ d, edit, busy, onBack }: { d: Schemas['RankingSettings']; edit: boolean; busy: boolean; onBack: (x: Schemas['RankingDecision'] | undefined, reason: string) => void }) {
  const { t, time, pct } = useI18n()
  const inWords = (w: Schemas['Weights']) => COMPONENTS.map(k => `${t(k)} ${pct(w[k])}`).join(' · ')
  return (
    <section className="card pad form history">
      <h2 className="sech">{t('rk_history')}</h2>
      {d.history.length === 0 ? <p className="muted">{t('rk_nohistory')}</p> : (
        <ol className="rows">
          {d.history.map((x, k) => (
            <li key={(x.at ?? '') + k}>
              <div className="grow"><b>{x.preset ? t(PRESET_KEYS[x.preset as keyof typeof PRESET_KEYS]) : x.weights ? t('preset_own') : t('rk_byserver')}</b>{k === 0 && <span className="pill xs pos">{t('rk_inforce')}</span>}
                <small>{x.weights ? inWords(x.weights) : inWords(d.server.weights)} · {t((x.blend ?? d.server.blend) === 'geometric' ? 'blend_multiply' : 'blend_add')}</small>
                {x.reason && <p>{x.reason}</p>}
                <small>{t('rk_by', { who: x.by_name ?? (x.by === 'local' ? t('lo_by_local') : x.by.startsWith('key:') ? t('lo_by_key') : t('lo_by_gone')), when: x.at ? time(x.at) : '—' })}</small></div>
              {edit && k > 0 && <button className="btn sm" disabled={busy} onClick={() => onBack(x, t('rk_again', { when: x.at ? time(x.at) : '' }))}>{t('rk_putback')}</button>}
            </li>
          ))}
        </ol>
      )}
      {edit && d.own && <div className="row8"><button className="btn sm" disabled={busy} onClick={() => onBack(undefined, t('rk_standard'))}>{t('rk_tostandard')}</button></div>}
    </section>
  )
}
