import { useCallback, useMemo, useState } from 'react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Check, ExternalLink, Plus, Trash2, X } from 'lucide-react'
import { client, sourcesQuery, take, type Schemas } from '../../api'
import { useI18n } from '../../i18n'
import { Block, Platform, platformName } from '../../ui/bits'
import { outside } from '../../ui/link'
import { Spending, State } from '../scans'
import { Ask, Field, LookOnly, useDraft, useSave } from './form'
import type { TabProps } from './index'

type Source = Schemas['Source']
type Kind = Schemas['SourceKind']
const stale = ['listed', 'sources', 'spending', 'scans']

export default function PlatformsTab({ brand, may }: TabProps) {
  const { t } = useI18n()
  const kinds = useQuery({ queryKey: ['kinds'], staleTime: 600_000, queryFn: () => take(client.GET('/source-kinds')) })
  const manager = may.on('manager')
  const listed = useQuery({ queryKey: ['listed'], queryFn: () => take(client.GET('/sources')), enabled: manager })
  const standing = useQuery(sourcesQuery(brand.name))
  const [open, setOpen] = useState<{ kind: string; source?: Source } | 'choose' | null>(null)
  const kindOf = (name: string) => kinds.data?.items.find(k => k.name === name)
  const state = (name: string) => standing.data?.items.find(s => s.source === name)
  const mine = listed.data?.items.filter(s => s.brand === null || s.brand.toLowerCase() === brand.name.toLowerCase()) ?? []
  // What is read for all brands is shown to who may not change it, too.
  const others = standing.data?.items.filter(s => !mine.some(m => m.name === s.source)) ?? []
  return (
    <div className="stackv">
      <section className="card">
        <div className="padx sechrow"><div><h2 className="sech">{t('pl_t')}</h2><p className="muted">{t('pl_lead')}</p></div><span className="grow" />{manager && <button className="btn primary" disabled={!kinds.data} onClick={() => setOpen('choose')}><Plus aria-hidden />{t('pl_add')}</button>}</div>
        {!manager && <div className="padx"><LookOnly least="manager" /></div>}
        <Block query={(manager ? listed : standing) as typeof standing} rows={6}>{() => (
          <ul className="sources">
            {mine.map(s => <Row key={s.name} source={s} kind={kindOf(s.kind)} standing={state(s.name)} brand={brand.name} onEdit={() => setOpen({ kind: s.kind, source: s })} />)}
            {others.map(s => <li key={s.source}><span className="nm"><Platform p={s.kind} /><span><b><bdi>{s.source === s.kind ? platformName(s.kind) : s.source}</bdi></b><small>{t('pl_all')}{manager && ' · ' + t('pl_notyours')}</small></span></span><State state={s.state} /></li>)}
            {mine.length + others.length === 0 && <li className="muted">{t('pl_none')}</li>}
          </ul>
        )}</Block>
      </section>
      {manager && <Spending brand={brand.name} />}
      {open === 'choose' && kinds.data && <Choose kinds={kinds.data.items} onChoose={kind => setOpen({ kind })} onClose={() => setOpen(null)} />}
      {open && open !== 'choose' && kindOf(open.kind) && <Edit key={open.source?.name ?? 'new.' + open.kind} brand={brand.name} may={may} kind={kindOf(open.kind)!} source={open.source} taken={[...(listed.data?.items ?? []).filter(s => s.stored).map(s => s.name)]} onClose={() => setOpen(null)} />}
    </div>
  )
}

function Row({ source: s, kind, standing, brand, onEdit }: { source: Source; kind?: Kind; standing?: Schemas['BrandSource']; brand: string; onEdit: () => void }) {
  const { t, usd, locale, time } = useI18n()
  const { save, busy } = useSave(brand, stale)
  const [asking, setAsking] = useState(false)
  const probe = useMutation({ mutationFn: () => take(client.POST('/sources/{source}/probe', { params: { path: { source: s.name } } })) })
  const name = s.name === s.kind ? kind?.title[locale] ?? platformName(s.kind) : s.name
  const p = probe.data
  return (
    <li>
      <span className="nm"><Platform p={s.kind} /><span><b><bdi>{name}</bdi></b><small>{s.name !== s.kind && (kind?.title[locale] ?? s.kind) + ' · '}{t(s.brand === null ? 'pl_all' : 'pl_this')}{!s.stored && ' · ' + t('pl_builtin')}{s.monthly_usd !== null && ' · ' + t('pl_month', { usd: usd(s.monthly_usd) })}</small></span></span>
      {s.enabled ? <State state={standing?.state ?? null} /> : <span className="pill xs">{t('pl_off')}</span>}
      <span className="rowacts">
        <button className="btn sm" disabled={probe.isPending} onClick={() => probe.mutate()}>{t(probe.isPending ? 'pl_trying' : 'pl_try')}<span className="sr"> {name}</span></button>
        <button className="btn sm" onClick={onEdit}>{t('pl_edit')}<span className="sr"> {name}</span></button>
        {s.stored && <button className="btn sm ghost icon" disabled={busy} title={t('clear_one')} onClick={() => setAsking(true)}><Trash2 aria-hidden /><span className="sr">{t('clear_one')} {name}</span></button>}
      </span>
      {(p || probe.isError) && <div className={'probe ' + (p?.works ? 'yes' : 'no')} role="status">{p?.works ? <Check aria-hidden /> : <X aria-hidden />}<p><b>{t(p?.works ? 'pl_works' : 'pl_fails')}</b>{p && !p.works && p.kind === 'forbidden' && ' ' + t('fa_forbidden')} {p ? <span lang="en">{p.reason} {p.fix}</span> : t('err')}{p?.until && ' ' + t('leg_until', { time: time(p.until) })}</p></div>}
      {asking && <Ask title={t('pl_ask', { name })} go={t('clear_one')} busy={busy} onClose={() => setAsking(false)} onGo={() => save(() => take(client.DELETE('/sources/{source}', { params: { path: { source: s.name } } })), t('pl_removed', { name }), { then: () => setAsking(false) })}><p>{t('pl_ask_b')}</p></Ask>}
    </li>
  )
}

function Dialog({ label, onClose, children }: { label: string; onClose: () => void; children: React.ReactNode }) {
  const { t } = useI18n()
  const show = useCallback((d: HTMLDialogElement | null) => { if (d && !d.open) d.showModal() }, [])
  return <dialog ref={show} className="small sheet" aria-label={label} onCancel={e => { e.preventDefault(); onClose() }}><div className="pad form"><div className="sechrow"><h2 className="sech">{label}</h2><span className="grow" /><button type="button" className="btn ghost icon" onClick={onClose}><X aria-hidden /><span className="sr">{t('close')}</span></button></div>{children}</div><div className="toasts" role="status" data-toasts /></dialog>
}

function Choose({ kinds, onChoose, onClose }: { kinds: Kind[]; onChoose: (kind: string) => void; onClose: () => void }) {
  const { t, locale } = useI18n()
  return (
    <Dialog label={t('pl_which')} onClose={onClose}>
      <ul className="kinds">{kinds.map(k => <li key={k.name}><button onClick={() => onChoose(k.name)}><Platform p={k.name} /><span><b>{k.title[locale]}</b><small>{k.about[locale]}</small></span>{k.keyless ? <span className="pill xs pos">{t('pl_nokey')}</span> : k.keys_at ? <span className="pill xs warn">{t('pl_needkey')}</span> : null}</button></li>)}</ul>
    </Dialog>
  )
}

type Values = Record<string, string | boolean>

/** What a setting looks like in a field of the form. */
const shownAs = (v: unknown): string | boolean => (Array.isArray(v) ? v.join('\n') : typeof v === 'boolean' ? v : v === undefined || v === null ? '' : String(v))

/** Writes the fields as the settings that the server takes; what is empty is left out. */
function settingsOf(kind: Kind, values: Values, secrets: Record<string, string>, dropped: string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const f of kind.fields) {
    if (f.secret) { if (dropped.includes(f.key)) out[f.key] = null; else if (secrets[f.key]) out[f.key] = secrets[f.key]; continue }
    const v = values[f.key]
    if (f.kind === 'bool') { if (v !== undefined && v !== '') out[f.key] = v === true || v === 'true'; continue }
    const text = String(v ?? '').trim()
    if (!text) continue
    out[f.key] = f.kind === 'number' ? Number(text) : f.kind === 'list' ? text.split(/[\n,]/).map(x => x.trim()).filter(Boolean) : text
  }
  return out
}

type Draft = { name: string; scope: 'all' | 'this'; enabled: boolean; monthly: string; values: Values }

function Edit({ brand, may, kind, source, taken, onClose }: { brand: string; may: TabProps['may']; kind: Kind; source?: Source; taken: string[]; onClose: () => void }) {
  const { t, locale } = useI18n()
  const everywhere = may.all('manager')
  const initial = useMemo<Draft>(() => ({
    name: source?.name ?? (taken.includes(kind.name) || !everywhere ? `${kind.name} ${brand}`.replace(/[^\p{L}\p{N} ._-]/gu, ' ').slice(0, 100) : kind.name),
    scope: source ? (source.brand === null ? 'all' : 'this') : everywhere ? 'all' : 'this', enabled: source?.enabled ?? true, monthly: source?.monthly_usd == null ? '' : String(source.monthly_usd),
    values: Object.fromEntries(kind.fields.filter(f => !f.secret).map(f => [f.key, shownAs(source?.settings[f.key])])),
  }), [source, kind, brand, everywhere, taken])
  const [draft, setDraft] = useDraft<Draft>(`source.${brand}.${source?.name ?? 'new.' + kind.name}`)
  const [secrets, setSecrets] = useState<Record<string, string>>({}), [dropped, setDropped] = useState<string[]>([])
  const d = draft ?? initial
  const set = (to: Partial<Draft>) => setDraft({ ...d, ...to })
  const { save, faults, busy } = useSave(brand, stale, { fields: [...kind.fields.map(f => 'settings.' + f.key), 'source', 'monthly_usd', 'settings'] })
  const paid = kind.costs.some(c => c.usd > 0)
  const put = () => take(client.PUT('/sources/{source}', {
    params: { path: { source: d.name.trim() }, ...(source?.stored ? {} : { header: { 'If-None-Match': '*' } }) },
    body: { kind: kind.name, brand: d.scope === 'this' ? brand : undefined, enabled: d.enabled, monthly_usd: d.monthly === '' ? undefined : Number(d.monthly), settings: settingsOf(kind, d.values, secrets, dropped) },
  }))
  const close = () => { if (!draft) onClose(); else { setDraft(undefined); onClose() } }
  const url = outside(kind.keys_at)
  return (
    <Dialog label={source ? t('pl_change', { name: source.name }) : kind.title[locale]} onClose={onClose}>
      <p className="muted">{kind.about[locale]} {url && <a className="out" href={url} target="_blank" rel="noreferrer noopener"><ExternalLink aria-hidden />{t('pl_keysat')}</a>}</p>
      <form className="form" onSubmit={e => { e.preventDefault(); save(put, t('pl_saved', { name: d.name }), { then: () => { setDraft(undefined); onClose() } }) }}>
        {!source && <Field wide label={t('pl_name')} hint={t('pl_name_h')} fault={faults.source}>{p => <input {...p} className="textinp" required maxLength={100} value={d.name} onChange={e => set({ name: e.target.value })} />}</Field>}
        {kind.fields.map(f => {
          const fault = faults['settings.' + f.key], label = f.title[locale] + (f.required ? '' : ' ' + t('pl_optional')), had = f.secret && source?.secrets.includes(f.key)
          if (f.secret) return (
            <div key={f.key}>
              <Field wide label={label} hint={had ? t('pl_keyset') : f.help[locale]} fault={fault}>{p => <input {...p} className="textinp mono" type="password" autoComplete="new-password" required={f.required && !had} disabled={dropped.includes(f.key)} placeholder={had ? '••••••••' : ''} value={secrets[f.key] ?? ''} onChange={e => setSecrets({ ...secrets, [f.key]: e.target.value })} />}</Field>
              {had && !f.required && <label className="opt inline"><input type="checkbox" checked={dropped.includes(f.key)} onChange={e => setDropped(e.target.checked ? [...dropped, f.key] : dropped.filter(x => x !== f.key))} />{t('pl_dropkey')}</label>}
            </div>
          )
          const v = d.values[f.key], change = (x: string | boolean) => set({ values: { ...d.values, [f.key]: x } })
          if (f.kind === 'bool') return <label key={f.key} className="opt inline"><input type="checkbox" checked={v === '' || v === undefined ? f.default === 'true' : v === true || v === 'true'} onChange={e => change(e.target.checked)} /><span>{f.title[locale]}<small>{f.help[locale]}</small></span></label>
          return <Field key={f.key} wide label={label} hint={f.help[locale]} fault={fault}>{p => f.kind === 'choice' ? <select {...p} value={String(v ?? '')} required={f.required} onChange={e => change(e.target.value)}><option value="">{f.default ?? '—'}</option>{f.options.map(o => <option key={o}>{o}</option>)}</select>
            : f.kind === 'list' ? <textarea {...p} rows={2} required={f.required} placeholder={f.default ?? ''} value={String(v ?? '')} onChange={e => change(e.target.value)} />
              : <input {...p} className="textinp" type={f.kind === 'number' ? 'number' : f.kind === 'url' ? 'url' : 'text'} step="any" required={f.required} placeholder={f.default ?? ''} value={String(v ?? '')} onChange={e => change(e.target.value)} />}</Field>
        })}
        {(paid || d.monthly !== '') && <Field wide label={t('pl_budget')} hint={t('pl_budget_h')} fault={faults.monthly_usd}>{p => <input {...p} className="textinp" type="number" min="0" max="1000000" step="0.01" inputMode="decimal" value={d.monthly} onChange={e => set({ monthly: e.target.value })} />}</Field>}
        {everywhere && <fieldset className="choice"><legend>{t('pl_for')}</legend>{(['all', 'this'] as const).map(x => <label key={x} className="opt inline"><input type="radio" name="scope" checked={d.scope === x} onChange={() => set({ scope: x })} />{t(x === 'all' ? 'pl_all' : 'pl_only', { brand })}</label>)}</fieldset>}
        <label className="opt inline"><input type="checkbox" checked={d.enabled} onChange={e => set({ enabled: e.target.checked })} />{t('pl_enabled')}</label>
        {faults.settings && <p className="fault" role="alert" lang="en">{faults.settings}</p>}
        <div className="row8"><button className="btn primary" disabled={busy}>{t('save')}</button><button type="button" className="btn" onClick={close}>{t('set_discard')}</button></div>
      </form>
    </Dialog>
  )
}
