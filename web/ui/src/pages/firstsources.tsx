import { useState, type FormEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowRight, ExternalLink, Sprout } from 'lucide-react'
import { ApiError, client, take, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { Beside } from '../ui/beside'
import { Block, Platform, platformName } from '../ui/bits'
import { FileDrop } from '../ui/filedrop'
import { outside } from '../ui/link'
import { useToast } from '../ui/toast'
import { navigate, to } from '../url'

type Kind = Schemas['SourceKind']
type Source = Schemas['Source']
const kindsQuery = { queryKey: ['sourceKinds'], staleTime: Infinity, queryFn: () => take(client.GET('/source-kinds')) }
const configuredQuery = { queryKey: ['configured'], queryFn: () => take(client.GET('/sources')) }
const HOWS = ['x', 'youtube', 'reddit', 'instagram', 'rss', 'bluesky']
/** What a first run asks for; everything else has a good default and its place in the settings. */
const asked = (k: Kind) => k.fields.filter(f => f.required || f.secret || (k.name === 'bluesky' && f.key === 'handle'))
/** Kinds that read more with an account, offered at once. */
const MORE = ['bluesky']

type Props = { brand: string; demo?: string; onBack?: () => void; onScan: (id: string) => void }

/** Which platforms the first scan reads, or a file, or the invented brand instead. */
export function PlatformsStep({ brand, demo, onBack, onScan }: Props) {
  const { t } = useI18n()
  const toast = useToast()
  const kinds = useQuery(kindsQuery), sources = useQuery(configuredQuery)
  const [off, setOff] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const [imported, setImported] = useState(false)
  const flip = (name: string) => setOff(s => { const next = new Set(s); if (!next.delete(name)) next.add(name); return next })
  const of = (all: Source[]) => all.filter(s => s.enabled && (s.brand === null || s.brand.toLowerCase() === brand.toLowerCase()))
  const chosen = of(sources.data?.items ?? []).filter(s => !off.has(s.name))
  const start = async () => {
    setBusy(true)
    try { onScan((await take(client.POST('/brands/{brand}/scans', { params: { path: { brand } }, body: { sources: chosen.map(s => s.name) } }))).id) } catch (e) {
      if (e instanceof ApiError && e.status === 409) onScan('')
      else toast(e instanceof ApiError && e.status === 422 ? e.message : t('err_save'))
    } finally { setBusy(false) }
  }
  return (
    <>
      <div><h1 id="ob-title" tabIndex={-1}>{t('p_title')}</h1><p className="lead">{t('p_lead')}</p></div>
      <Block query={kinds} rows={8}>{k => <Block query={sources} rows={8}>{s => <Platforms kinds={k.items} sources={s.items.filter(x => x.brand === null || x.brand.toLowerCase() === brand.toLowerCase())} off={off} flip={flip} />}</Block>}</Block>
      <p className="muted">{t(chosen.length ? 'p_once' : 'p_noneon')}</p>
      <div className="go">
        <button className="btn primary big" disabled={busy || chosen.length === 0} onClick={() => void start()}>{t('p_start')}<ArrowRight aria-hidden /></button>
        {imported && <button className="btn big" onClick={() => navigate(to(brand, 'advocates'))}>{t('d_see')}</button>}
        {onBack && <button className="btn ghost big" onClick={onBack}>{t('o_back')}</button>}
      </div>
      <Beside>
        <section className="obin" aria-labelledby="ob-others">
          <div><h2 id="ob-others">{t('p_other')}</h2><p className="muted">{t('p_other_h')}</p></div>
          <FileDrop brand={brand} onDone={() => setImported(true)} />
          <Demo name={demo} />
        </section>
      </Beside>
    </>
  )
}

function Platforms({ kinds, sources, off, flip }: { kinds: Kind[]; sources: Source[]; off: ReadonlySet<string>; flip: (name: string) => void }) {
  const { t, said } = useI18n()
  const [open, setOpen] = useState<string>()
  const rows: { kind: Kind; source?: Source }[] = []
  for (const kind of kinds) {
    const own = sources.filter(s => s.kind === kind.name)
    if (own.length) rows.push(...own.map(source => ({ kind, source }))); else rows.push({ kind })
  }
  const order = (r: (typeof rows)[number]) => (r.source?.enabled ? (r.kind.keyless ? 0 : 1) : r.kind.name === 'rss' ? 2 : 3)
  rows.sort((a, b) => order(a) - order(b))
  return (
    <div className="platgrid">
      {rows.map(({ kind, source }) => {
        const key = source?.name ?? kind.name
        const name = source && source.name !== kind.name ? source.name : said(kind.title)
        const set = open === key && <Setup kind={kind} source={source} onDone={() => setOpen(undefined)} />
        const more = MORE.includes(kind.name) && !source?.secrets.length
        const button = <button type="button" className="btn sm" aria-expanded={open === key} onClick={() => setOpen(open === key ? undefined : key)}>{t(open === key ? 'p_hide' : 'p_setup')}<span className="sr"> {name}</span></button>
        if (source?.enabled) {
          const on = !off.has(source.name)
          const note = t(more ? 'p_more' : source.stored && (source.secrets.length > 0 || !kind.keyless) ? 'p_ready' : 'p_nokey')
          return (
            <div key={key} className={'plat' + (on ? ' on' : '') + (set ? ' open' : '')}>
              <label><Platform p={kind.platform} /><span><b>{name}</b><small>{note}</small></span><input type="checkbox" checked={on} onChange={() => flip(source.name)} /></label>
              {more && <div className="face morerow">{button}</div>}
              {set}
            </div>
          )
        }
        return (
          <div key={key} className={'plat' + (set ? ' open' : '')}>
            <div className="face"><Platform p={kind.platform} /><span><b>{name}</b><small>{t(source ? 'p_off' : kind.name === 'rss' ? 'p_feeds' : 'p_key')}</small></span>{!source && button}</div>
            {set}
          </div>
        )
      })}
    </div>
  )
}

/** Three lines on where a key comes from, and the fields for it. What is secret is written, never read back. */
function Setup({ kind, source, onDone }: { kind: Kind; source?: Source; onDone: () => void }) {
  const { t, said } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<{ text: string; fix?: string | null }>()
  const how = HOWS.includes(kind.name) ? kind.name : 'other'
  const name = source?.name ?? kind.name, paid = kind.costs.some(c => c.usd > 0), at = outside(kind.keys_at)
  const save = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    const settings: Record<string, unknown> = { ...source?.settings }
    for (const f of asked(kind)) {
      const v = String(form.get(f.key) ?? '').trim()
      if (v) settings[f.key] = f.kind === 'list' ? v.split(/[\n,]/).map(x => x.trim()).filter(Boolean) : v
    }
    const monthly = Number(form.get('monthly_usd'))
    setBusy(true)
    setFault(undefined)
    try {
      const params = { path: { source: name } }
      await take(client.PUT('/sources/{source}', { params, body: { kind: kind.name, settings, monthly_usd: paid && monthly > 0 ? monthly : undefined } }))
      const probe = await take(client.POST('/sources/{source}/probe', { params }))
      await cache.invalidateQueries({ queryKey: ['configured'] })
      if (probe.works) { toast(t('p_saved', { name: said(kind.title) })); onDone() } else setFault({ text: probe.reason, fix: probe.fix })
    } catch (x) {
      setFault({ text: x instanceof ApiError && x.status === 422 ? x.message : t('err_save') })
      void cache.invalidateQueries({ queryKey: ['configured'] })
    } finally { setBusy(false) }
  }
  const id = (key: string) => `set-${kind.name}-${key}`
  return (
    <form className="setup" onSubmit={e => void save(e)} autoComplete="off">
      <ol aria-label={t('p_lines')}>{[1, 2, 3].map(i => <li key={i}>{t(`how_${how}_${i}` as Key)}</li>)}</ol>
      {at && kind.name !== 'rss' && <p><a href={at} target="_blank" rel="noreferrer noopener">{t('how_at')} <ExternalLink size={13} aria-hidden /></a></p>}
      {asked(kind).map(f => (
        <div className="field" key={f.key}>
          <label htmlFor={id(f.key)}>{said(f.title)}</label>
          {f.kind === 'list'
            ? <textarea id={id(f.key)} name={f.key} rows={3} required={f.required} aria-describedby={id(f.key) + '-h'} spellCheck={false} />
            : <input id={id(f.key)} name={f.key} type={f.secret ? 'password' : 'text'} autoComplete={f.secret ? 'new-password' : 'off'} required={f.required || kind.name === 'bluesky'} spellCheck={false} aria-describedby={id(f.key) + '-h'} />}
          <small id={id(f.key) + '-h'}>{[said(f.help), f.secret && t('p_secret'), f.kind === 'list' && t('p_list_h')].filter(Boolean).join(' ')}</small>
        </div>
      ))}
      {paid && <div className="field"><label htmlFor={id('usd')}>{t('p_budget')}</label><input id={id('usd')} name="monthly_usd" type="number" min="0.01" step="0.01" inputMode="decimal" required aria-describedby={id('usd') + '-h'} /><small id={id('usd') + '-h'}>{t('p_budget_h')}</small></div>}
      {fault && <div className="callout" role="alert"><p>{t('p_fails', { name: platformName(kind.platform) })}</p><p lang="en">{fault.text} {fault.fix}</p></div>}
      <div className="row8"><button className="btn primary" disabled={busy}>{busy ? t('o_saving') : t('p_save')}</button></div>
    </form>
  )
}

/** The invented brand, to look around or to take away again. */
function Demo({ name }: { name?: string }) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const run = async (what: () => Promise<void>) => {
    setBusy(true)
    try { await what() } catch (e) { toast(e instanceof ApiError && e.status === 409 ? e.message : t('err_save')) } finally { setBusy(false) }
  }
  const open = () => run(async () => {
    const b = name ?? (await take(client.POST('/demo'))).name
    await cache.invalidateQueries({ queryKey: ['brands'] })
    navigate(to(b, 'advocates'))
  })
  const remove = () => run(async () => {
    await take(client.DELETE('/brands/{brand}', { params: { path: { brand: name! } } }))
    await cache.invalidateQueries({ queryKey: ['brands'] })
    toast(t('p_demo_gone'), () => void take(client.POST('/demo')).then(() => cache.invalidateQueries({ queryKey: ['brands'] })))
  })
  return (
    <div className="drop">
      <Sprout aria-hidden /><div><b>{t('p_demo')}</b><small>{t('p_demo_h')}</small></div>
      <button className="btn" disabled={busy} onClick={() => void open()}>{t('p_demo_go')}</button>
      {name && <button className="btn ghost" disabled={busy} onClick={() => void remove()}>{t('p_demo_has')}</button>}
    </div>
  )
}
