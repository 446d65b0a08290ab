import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowRight, Check } from 'lucide-react'
import { ApiError, client, meQuery, take, useBrands } from '../api'
import { useI18n, type Key } from '../i18n'
import { may } from '../me'
import '../styles/welcome.css'
import { Block, ErrorState, Logo } from '../ui/bits'
import { Link } from '../ui/link'
import { useToast } from '../ui/toast'
import { navigate, useUrlState } from '../url'
import { BrandStep, CheckStep, Evidence } from './firstbrand'
import { FirstScan } from './firstscan'
import { PlatformsStep } from './firstsources'

/** What somebody is thinking of: it stays in this window until the first scan. */
export type Draft = { name: string; also: string[]; ignore: string[]; stored?: string; marks: Record<string, { text: string; lang?: string }>; taught?: boolean }
const EMPTY: Draft = { name: '', also: [], ignore: [], marks: {} }
const KEPT = 'adalid.first'
const STEPS: Key[] = ['o_s1', 'o_s2', 'o_s3', 'o_s4']

function recalled(): Draft {
  try { return { ...EMPTY, ...JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') } } catch { return EMPTY }
}

/** Waits until what is typed rests. */
function useRested<T>(value: T, ms: number) {
  const [rested, set] = useState(value)
  const key = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, ms])
  return rested
}

/** What the words of a draft find now. */
export const previewQuery = (d: Draft) => {
  const marks = Object.values(d.marks).slice(-20).map(m => ({ text: m.text.slice(0, 5000), lang: m.lang, about: false }))
  const body = { name: d.name.trim(), also: d.also, ignore: d.ignore, brand: d.stored, marks: marks.length ? marks : undefined }
  return { queryKey: ['preview', body], queryFn: ({ signal }: { signal?: AbortSignal }) => take(client.POST('/brand-preview', { body, signal })), staleTime: 55_000, retry: false as const }
}

/** From nothing to a ranked list: the brand, a look at what it finds, the platforms, the first scan. */
export default function Welcome({ controls }: { controls: ReactNode }) {
  const { t } = useI18n()
  const me = useQuery(meQuery), brands = useBrands()
  useEffect(() => { document.title = `${t('o_page')} · Adalid` }, [t])
  if (me.data && !may(me.data, 'owner')) {
    const some = (brands.data?.length ?? 0) > 0
    return (
      <Bare controls={controls}>
        <div className="card pad obask">
          <h1 className="sech">{t(some ? 'a_new_t' : 'a_title')}</h1>
          <p>{t(me.data.owners.length ? 'a_body' : 'a_nobody')}</p>
          {me.data.owners.length > 0 && <ul>{me.data.owners.map(o => <li key={o}><bdi>{o}</bdi></li>)}</ul>}
          {some && <p><Link className="btn" href="/">{t('a_home')}</Link></p>}
        </div>
      </Bare>
    )
  }
  if (!me.data || !brands.data) return <Bare controls={controls}>{me.isError ? <ErrorState error={me.error} retry={() => void me.refetch()} /> : <Block query={brands}>{() => null}</Block>}</Bare>
  return <Flow controls={controls} names={brands.data.map(b => b.name)} demo={brands.data.find(b => b.demo)?.name} />
}

const Bare = ({ controls, children }: { controls: ReactNode; children: ReactNode }) => (
  <div className="bare"><header className="top"><span className="logo"><Logo />Adalid</span><span className="grow" />{controls}</header><main id="main" tabIndex={-1}>{children}</main></div>
)

function Flow({ controls, names, demo }: { controls: ReactNode; names: string[]; demo?: string }) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const [u, set] = useUrlState()
  const [draft, setDraft] = useState(recalled)
  const [saving, setSaving] = useState(false)
  const change = useCallback((patch: Partial<Draft>) => setDraft(d => {
    const next = { ...d, ...patch }
    sessionStorage.setItem(KEPT, JSON.stringify(next))
    return next
  }), [])
  // A brand that exists, named by the address, is gone on with from the platforms.
  const named = names.find(n => n.toLowerCase() === u.brand?.toLowerCase())
  const mine = draft.stored && names.some(n => n === draft.stored) ? draft.stored : undefined
  const brand = named ?? mine
  const words = !brand || draft.stored === brand
  const step = brand ? Math.min(3, Math.max(words ? 0 : 2, Number(u.step ?? (words ? 1 : 3)) - 1)) : Math.min(draft.name.trim() ? 1 : 0, Math.max(0, Number(u.step ?? 1) - 1))
  const go = (to: number, name = brand) => set({ step: String(to + 1), brand: name })

  const rested = useRested(draft, 400)
  const preview = useQuery({ ...previewQuery(rested), enabled: step < 2 && !!rested.name.trim(), placeholderData: keepPreviousData })
  const limited = preview.data?.sources.some(s => s.kind === 'rate_limited') ?? false
  useEffect(() => {
    if (!limited || step > 1) return
    const timer = setTimeout(() => void cache.invalidateQueries({ queryKey: ['preview'] }), 6000)
    return () => clearTimeout(timer)
  }, [limited, step, cache, preview.dataUpdatedAt])

  // A new step begins at its heading.
  const first = useRef(true)
  useEffect(() => {
    if (first.current) { first.current = false; return }
    scrollTo(0, 0)
    document.getElementById('ob-title')?.focus({ preventScroll: true })
  }, [step])

  /** Stores the brand with the words as they are now. */
  const store = async () => {
    setSaving(true)
    try {
      const { query, taken } = await cache.fetchQuery(previewQuery(draft))
      if (taken) { go(0); return }
      const name = draft.name.trim()
      if (draft.stored) await take(client.PATCH('/brands/{brand}', { params: { path: { brand: draft.stored } }, body: { query } }))
      else await take(client.POST('/brands', { body: { name, query } }))
      change({ stored: draft.stored ?? name })
      await cache.invalidateQueries({ queryKey: ['brands'] })
      go(2, draft.stored ?? name)
    } catch (e) {
      toast(e instanceof ApiError && [409, 422].includes(e.status) ? e.message : t('err_save'))
    } finally { setSaving(false) }
  }
  const ready = !!draft.name.trim() && !(preview.data?.taken && !preview.isPlaceholderData) && !(preview.error instanceof ApiError && preview.error.status === 422)
  return (
    <main id="main" tabIndex={-1} className="ob">
      <div className="obl">
        <div className="obtop"><span className="logo"><Logo />Adalid</span><span className="grow" />{controls}{names.length > 0 && <Link className="btn ghost sm" href="/">{t('o_later')}</Link>}</div>
        <ol className="steps" aria-label={t('o_steps')}>{STEPS.map((k, i) => {
          const face = <><i aria-hidden>{i < step ? <Check size={12} aria-hidden /> : i + 1}</i><span className="lb">{t(k)}</span>{i < step && <span className="sr"> {t('o_done')}</span>}</>
          return <li key={k} aria-current={i === step ? 'step' : undefined} className={i < step ? 'done' : ''}>{i < step && step < 3 && (words || i > 1) ? <button onClick={() => go(i)}>{face}</button> : <span>{face}</span>}</li>
        })}</ol>
        {step === 0 && <BrandStep draft={draft} change={change} preview={preview} onNext={() => go(1)}>
          <div className="go"><button className="btn primary big" disabled={!ready}>{t('o_next')}<ArrowRight aria-hidden /></button></div>
        </BrandStep>}
        {step === 1 && <CheckStep draft={draft} change={change} preview={preview}>
          <div className="go"><button className="btn primary big" disabled={saving || !ready} onClick={() => void store()}>{saving ? t('o_saving') : t('o_next')}<ArrowRight aria-hidden /></button><button className="btn ghost big" onClick={() => go(0)}>{t('o_back')}</button></div>
        </CheckStep>}
        {step === 2 && <PlatformsStep brand={brand!} demo={demo} onBack={words ? () => go(1) : undefined} onScan={scan => set({ step: '4', brand, scan })} />}
        {step === 3 && <FirstScan brand={brand!} id={u.scan} draft={draft} change={change} onSee={() => { sessionStorage.removeItem(KEPT); navigate('/b/' + encodeURIComponent(brand!) + '/advocates') }} onAgain={scan => set({ scan }, true)} />}
      </div>
      {step < 2 && <div className="obr"><Evidence draft={draft} change={change} preview={preview} judge={step === 1} typing={rested !== draft && JSON.stringify(rested) !== JSON.stringify(draft)} /></div>}
    </main>
  )
}
