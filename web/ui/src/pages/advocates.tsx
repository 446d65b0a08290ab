import { lazy, memo, Suspense, startTransition, useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from 'react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { ArrowDown, ChevronDown, Plus, Rows3, Rows4, Search, SlidersHorizontal, X } from 'lucide-react'
import type { PageProps } from '../app'
import { choiceOf, COMPONENTS, topicsQuery, useAdvocates, useView, viewCount, voiceQuery, type Advocate, type Choice, type Schemas } from '../api'
import { ScoreMark, ToneBar, partOf } from '../charts/small'
import { useI18n, type Key } from '../i18n'
import { useKeys } from '../keys'
import { ErrorState, nameOf, PersonCell, Platform, platformName, PLATFORMS, Skeleton, Unknown } from '../ui/bits'
import { Link } from '../ui/link'
import { Popover } from '../ui/overlay'
import { to, useUrlState } from '../url'
import { ExportLinks } from './export'
import { Gaps, Notes } from './notes'

const WeightsPanel = lazy(() => import('./weights'))
const VIEWS = ['rising', 'connectors', 'positive', 'new', 'cooling', 'defenders', 'answers', 'critics', 'rivals'] as const
const LANGUAGES = ['es', 'en', 'pt', 'fr', 'de', 'it', 'ca', 'nl']
const FIRST_PAINT = 25

type Sort = NonNullable<Parameters<typeof useAdvocates>[1]['sort']>
type Open = { kind: 'score' | 'platform' | 'lang' | 'days' | 'where'; anchor: HTMLElement; id?: string }

export function AdvocatesPage({ brand }: PageProps) {
  const i = useI18n(), { t, tn } = i
  const [u, set] = useUrlState()
  const choice = useMemo(() => choiceOf(u), [u])
  const view = VIEWS.find(v => v === u.view)
  const list = useAdvocates(brand.name, { ...choice, sort: u.sort as Sort | undefined, mode: u.mode === 'safe' && !u.sort ? 'safe' : undefined, all: u.all === '1' || undefined })
  const members = useView(brand.name, view ?? 'rising', choice, !!view)
  const shown = view ? members : list
  const first = list.data?.pages[0]
  const standard = useStandardRanks(brand.name, choice, !!(u.tune && (choice.weights || choice.preset || choice.blend)))

  const rows = useMemo(() => view ? members.data?.pages.flatMap(p => p.items.map(m => m.person)) ?? [] : list.data?.pages.flatMap(p => p.items) ?? [], [view, members.data, list.data])
  const reasons = useMemo(() => new Map(view ? members.data?.pages.flatMap(p => p.items.map(m => [m.person.id, m.reasons] as const)) : []), [view, members.data])
  const total = view ? members.data?.pages[0].total : first?.counts.total
  const tooFew = (view ? members.data : list.data)?.pages[0].too_few ?? false

  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<Open>()
  const closeOpen = useCallback(() => setOpen(undefined), [])
  const body = useRef<HTMLTableSectionElement>(null)
  const search = useRef<HTMLInputElement>(null)

  // Every new result paints 25 rows first; the rest follows when the browser is idle.
  const [complete, setComplete] = useState<unknown>()
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((f: () => void) => setTimeout(f, 60))
    idle(() => startTransition(() => setComplete(rows)))
  }, [rows])

  const toggle = (s: ReadonlySet<string>, id: string) => { const x = new Set(s); if (!x.delete(id)) x.add(id); return x }
  const openPerson = useCallback((id: string) => { document.getElementById('p-' + id)?.focus(); set({ person: id }) }, [set])

  // One listener for all rows: no handlers per row.
  const onRows = (e: MouseEvent) => {
    const el = e.target as HTMLElement, row = el.closest<HTMLElement>('tr[data-id]')
    if (!row || e.metaKey || e.ctrlKey || e.shiftKey) return
    const id = row.dataset.id!, button = el.closest<HTMLElement>('[data-act]')
    if (button?.dataset.act === 'pick') setPicked(s => toggle(s, id))
    else if (button?.dataset.act === 'score') setOpen(o => (o?.anchor === button ? undefined : { kind: 'score', anchor: button, id }))
    else if (!el.closest('td.ck') && !getSelection()?.toString()) { e.preventDefault(); openPerson(id) }
  }
  useKeys(useCallback((key, el) => {
    if (key === '/') { search.current?.focus(); return true }
    const links = [...(body.current?.querySelectorAll<HTMLElement>('a[id]') ?? [])]
    const at = links.findIndex(x => x.closest('tr') === el.closest('tr')), id = links[at]?.closest<HTMLElement>('tr')?.dataset.id
    if (key === 'j' || key === 'k') links[Math.max(0, Math.min(links.length - 1, at + (key === 'j' ? 1 : -1)))]?.focus()
    else if (key === 'x' && id) setPicked(s => toggle(s, id))
    else if (key === 'o' && id) openPerson(id)
    else return false
    return true
  }, [openPerson]))

  const target = rows.find(a => a.id === open?.id)
  const filtered = !!(u.platform || u.lang || u.min || u.q || u.days || u.where)
  const th = (col: Key, sort: Sort | undefined, cls = '') => {
    const on = !view && (u.sort ?? undefined) === (sort === 'score' ? undefined : sort)
    return <th scope="col" className={cls} aria-sort={on ? 'descending' : undefined}>{view || !sort ? t(col) : <button onClick={() => set({ sort: sort === 'score' ? undefined : sort })}><span className="sr">{t('sort_by')} </span>{t(col)}{on && <ArrowDown aria-hidden />}</button>}</th>
  }
  const chip = (kind: Open['kind'], on: string | undefined, label: string) => <button className={'chip' + (on ? ' on' : '')} aria-haspopup="dialog" aria-expanded={open?.kind === kind} onClick={e => setOpen({ kind, anchor: e.currentTarget })}>{on ?? <><Plus aria-hidden />{label}</>}<ChevronDown aria-hidden /></button>
  const lead = view ? (members.data ? i.said(members.data.pages[0].says) : ' ') : t('lead', { brand: brand.name })

  return (
    <main id="main" tabIndex={-1} className={u.rows === 'compact' ? 'compact' : ''}>
      <div className="head"><div><h1>{t('title')}</h1><p>{t('lead', { brand: brand.name })}</p></div><span className="grow" />
        <ExportLinks brand={brand.name} what="advocates" query={{ ...choice, sort: u.sort, all: u.all === '1' ? 'true' : undefined }} />
        <button className={'btn' + (u.tune ? ' on' : '')} aria-expanded={!!u.tune} onClick={() => set({ tune: u.tune ? undefined : '1' })}><SlidersHorizontal aria-hidden />{t('weights')}</button>
      </div>
      <Kpis brand={brand.name} counts={first?.counts} choice={choice} />
      {u.tune && <Suspense fallback={<div className="card tune" />}><WeightsPanel receipt={(view ? members.data : list.data)?.pages[0].receipt} rows={rows} standard={standard} /></Suspense>}

      <Views brand={brand} choice={choice} current={view} everyone={first?.counts.total} ready={!!shown.data} />
      {view && <p className="viewlead">{lead}</p>}

      <div className="filters">
        <SearchBox input={search} />
        {chip('platform', u.platform && platformName(u.platform), t('f_platform'))}
        {chip('lang', u.lang && i.language(u.lang), t('f_lang'))}
        {chip('days', u.days && t('f_days', { n: Number(u.days) }), t('f_period'))}
        <button className={'chip' + (u.min ? ' on' : '')} aria-pressed={!!u.min} onClick={() => set({ min: u.min ? undefined : '5' })}>{!u.min && <Plus aria-hidden />}{t('f_min', { n: Number(u.min) || 5 })}{u.min && <X aria-hidden />}</button>
        {chip('where', u.where, t('f_where'))}
        {filtered && <button className="btn ghost sm" onClick={() => set({ platform: undefined, lang: undefined, min: undefined, q: undefined, days: undefined, where: undefined })}>{t('clear')}</button>}
        <span className="grow" />
        <div className="seg hide-sm" role="group" aria-label={t('density')}>{([['comfortable', Rows3], ['compact', Rows4]] as const).map(([k, Icon]) => <button key={k} title={t(k)} aria-pressed={(u.rows ?? 'comfortable') === k} onClick={() => set({ rows: k === 'compact' ? k : undefined }, true)}><Icon aria-hidden /><span className="sr">{t(k)}</span></button>)}</div>
      </div>

      {shown.isError && !shown.data ? <ErrorState error={shown.error} retry={() => void shown.refetch()} /> : !shown.data ? <Skeleton rows={10} /> : (
        <>
          {tooFew && <div className="callout calm" role="note"><p>{t('too_few')}</p></div>}
          <Gaps gaps={shown.data.pages[0].gaps} provisional={shown.data.pages[0].provisional} />
          <div className="card" aria-busy={shown.isPlaceholderData || undefined}>
            <div className={'tablewrap' + (shown.isPlaceholderData ? ' stale' : '')}>
              <table>
                <caption className="sr">{t('title')}</caption>
                <thead><tr>
                  <th scope="col" className="ck"><span className="sr">{t('c_pick')}</span></th>
                  <th scope="col">{t('c_rank')}</th><th scope="col">{t('c_person')}</th>{th('c_score', 'score')}
                  {view ? <th scope="col">{t('c_why')}</th> : <>{th('c_sent', undefined)}{th('c_mentions', 'mentions', 'r')}{th('c_reactions', 'engagement', 'r')}<th scope="col" className="r hide-md">{t('c_followers')}</th>{th('c_last', 'recent', 'r hide-md')}</>}
                </tr></thead>
                <tbody ref={body} onClick={onRows}>{(complete === rows ? rows : rows.slice(0, FIRST_PAINT)).map(a => <Row key={a.id} a={a} picked={picked.has(a.id)} active={u.person === a.id} why={reasons.get(a.id)} was={standard?.get(a.id)} />)}</tbody>
              </table>
              {!rows.length && <Empty text={view && members.data?.pages[0].empty ? i.said(members.data.pages[0].empty) : undefined} />}
            </div>
            <div className="tfoot">
              <span className="num" role="status">{t('showing', { a: rows.length, n: total ?? 0 })}</span><span className="grow" />
              {shown.isFetchNextPageError && <span className="down">{t('changed')}</span>}
              {shown.isFetchNextPageError ? <button className="btn sm" onClick={() => void shown.refetch()}>{t('retry')}</button>
                : shown.hasNextPage && <button className="btn sm" disabled={shown.isFetchingNextPage} onClick={() => void shown.fetchNextPage()}>{t('more_rows')}</button>}
            </div>
            <div className="tnotes">{view ? <ul className="notes">{members.data?.pages[0].notes.map((x, k) => <li key={k}>{i.said(x)}</li>)}</ul> : first && <Notes notes={first.notes} as_of={first.receipt.as_of} />}</div>
          </div>
        </>
      )}

      <Popover anchor={open?.kind === 'score' ? open.anchor : null} onClose={closeOpen} label={t('how_made')}>{target?.score && <Receipt a={target} blend={(view ? members.data : list.data)?.pages[0].receipt.blend ?? ''} />}</Popover>
      <Popover anchor={open?.kind === 'platform' ? open.anchor : null} onClose={closeOpen} label={t('f_platform')}><Options name="platform" values={PLATFORMS} chosen={u.platform} label={platformName} icon onChange={v => set({ platform: v })} /></Popover>
      <Popover anchor={open?.kind === 'lang' ? open.anchor : null} onClose={closeOpen} label={t('f_lang')}><Options name="lang" values={LANGUAGES} chosen={u.lang} label={i.language} onChange={v => set({ lang: v })} /></Popover>
      <Popover anchor={open?.kind === 'days' ? open.anchor : null} onClose={closeOpen} label={t('f_period')}><Options name="days" values={['30', '90', '365']} chosen={u.days} label={v => t('f_days', { n: Number(v) })} onChange={v => set({ days: v })} /></Popover>
      <Popover anchor={open?.kind === 'where' ? open.anchor : null} onClose={closeOpen} label={t('f_where')}><Where value={u.where ?? ''} onChange={v => { set({ where: v || undefined }); closeOpen() }} /></Popover>

      {picked.size > 0 && (
        <div className="bulk" role="region" aria-label={tn('selected', picked.size)}>
          <b role="status">{tn('selected', picked.size)}</b>
          {picked.size < 2 || picked.size > 4 ? <span>{t('pick_hint')}</span> : <Link className="btn sm" href={to(brand.name, 'compare', { ids: [...picked].join(',') })}>{t('compare')}</Link>}
          <button className="btn sm icon" onClick={() => setPicked(new Set())}><X aria-hidden /><span className="sr">{t('cancel')}</span></button>
        </div>
      )}
    </main>
  )
}

/** Ranks under the server's own weights, for the moves beside a re-ranked list. */
function useStandardRanks(brand: string, choice: Choice, enabled: boolean) {
  const plain = useAdvocates(brand, { ...choice, weights: undefined, preset: undefined, blend: undefined, limit: 200 }, enabled)
  return useMemo(() => (enabled && plain.data ? new Map(plain.data.pages.flatMap(p => p.items.map(a => [a.id, a.rank] as const))) : undefined), [enabled, plain.data])
}

const Row = memo(function Row({ a, picked, active, why, was }: { a: Advocate; picked: boolean; active: boolean; why?: Schemas['Said'][]; was?: number | null }) {
  const i = useI18n(), { t, n } = i
  const s = a.score, u = a.uncertainty, e = a.evidence, name = nameOf(a)
  const moved = was && a.rank ? was - a.rank : 0
  return (
    <tr data-id={a.id} data-sel={picked || undefined} data-active={active || undefined}>
      <td className="ck"><input type="checkbox" data-act="pick" aria-label={t('select', { name })} checked={picked} readOnly /></td>
      <td><span className="rank num">{a.rank === null ? <Unknown /> : <b className={a.rank <= 3 ? 'medal' : ''}>{n(a.rank)}</b>}<span>
        {u && u.rank_first !== null && u.rank_last !== null && <small title={t('rank_range', { a: u.rank_first, b: u.rank_last })}><span className="sr">{t('rank_range', { a: u.rank_first, b: u.rank_last })}</span><span aria-hidden>{u.rank_first === u.rank_last ? n(u.rank_first) : `${n(u.rank_first)}–${n(u.rank_last)}`}</span></small>}
        {moved !== 0 && <small className={moved > 0 ? 'up' : 'down'}><span aria-hidden>{moved > 0 ? '▲' : '▼'}{n(Math.abs(moved))}</span><span className="sr">{t(moved > 0 ? 'moved_up' : 'moved_down', { n: Math.abs(moved) })}</span></small>}
      </span></span></td>
      <td><PersonCell a={a} href={'?person=' + a.id} idPrefix="p-" /></td>
      <td>{s ? <button className="score" data-act="score" aria-haspopup="dialog"><span className="sr">{t('c_score')} </span><span className="v num">{i.score(s.total)}</span><ScoreMark a={a} w={104} /><span className="sr">{u && t('score_between', { a: i.score(u.score_low), b: i.score(u.score_high) })}. {COMPONENTS.map(k => { const p = partOf(a, k); return `${t(k)} ${p?.value == null || p.imputed ? t('unknown') : n(p.value * 100)}` }).join(', ')}. {t('how_made')}</span></button> : <Unknown />}{u?.small_sample && <span className="pill xs lowsample" title={t('low_sample')}>{t('low_sample_s')}</span>}</td>
      {why ? <td className="whycell">{why.map((w, k) => <p key={k}>{i.said(w)}</p>)}</td> : <>
        <td>{e.sentiment === null ? <Unknown /> : <span className="sent num" title={t('sent_of', { n: e.scored })}><b>{i.signed(e.sentiment)}</b><ToneBar v={e.sentiment} /></span>}</td>
        <td className="r num">{n(e.mentions)}<small className="under">{i.tn('days', e.active_days)}</small></td>
        <td className="r num">{e.engagement === null ? <Unknown /> : i.compact(e.engagement)}</td>
        <td className="r num hide-md">{e.followers === null ? <Unknown /> : i.compact(e.followers)}</td>
        <td className="r num hide-md">{e.last ? i.day(e.last) : <Unknown />}</td>
      </>}
    </tr>
  )
})

function Empty({ text }: { text?: string }) {
  const { t } = useI18n()
  const [, set] = useUrlState()
  return <div className="state"><b>{text ?? t('empty_t')}</b>{!text && <><p>{t('empty_b')}</p><button className="btn" onClick={() => set({ platform: undefined, lang: undefined, min: undefined, q: undefined, days: undefined, where: undefined })}>{t('clear')}</button></>}</div>
}

function SearchBox({ input }: { input: React.RefObject<HTMLInputElement | null> }) {
  const { t } = useI18n()
  const [u, set] = useUrlState()
  const [text, setText] = useState(u.q ?? '')
  const typed = useRef(u.q ?? '')
  useEffect(() => { if ((u.q ?? '') !== typed.current) { typed.current = u.q ?? ''; setText(u.q ?? '') } }, [u.q])
  useEffect(() => {
    if (text === typed.current) return
    const h = setTimeout(() => { typed.current = text; set({ q: text || undefined }, true) }, 200)
    return () => clearTimeout(h)
  }, [text, set])
  return <label className="search"><Search size={16} aria-hidden /><input ref={input} type="search" placeholder={t('search')} aria-label={t('search')} value={text} maxLength={80} onChange={e => setText(e.target.value)} /><kbd aria-hidden>/</kbd></label>
}

/** A choice of one, or none. */
export function Options({ name, values, chosen, label, icon, onChange }: { name: string; values: string[]; chosen?: string; label: (v: string) => string; icon?: boolean; onChange: (v?: string) => void }) {
  const { t } = useI18n()
  return (
    <div className="opts">
      <label className="opt"><input type="radio" name={name} checked={!chosen} onChange={() => onChange(undefined)} />{t('any')}</label>
      {values.map(v => <label className="opt" key={v}><input type="radio" name={name} checked={chosen === v} onChange={() => onChange(v)} />{icon && <Platform p={v} />}{label(v)}</label>)}
    </div>
  )
}

function Where({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useI18n()
  const [text, setText] = useState(value)
  return (
    <form className="where" onSubmit={e => { e.preventDefault(); onChange(text.trim()) }}>
      <label htmlFor="where">{t('where_l')}</label>
      <textarea id="where" rows={3} spellCheck={false} maxLength={1800} value={text} onChange={e => setText(e.target.value)} />
      <p className="muted">{t('where_h')}</p>
      <ul className="examples">{['affinity >= .6 and followers < 2000', 'recency >= 4 and not platform = reddit', 'mentions >= 10 and sentiment > .3'].map(x => <li key={x}><button type="button" className="linkb mono" onClick={() => setText(x)}>{x}</button></li>)}</ul>
      <div className="row8"><button className="btn primary sm">{t('apply')}</button>{value && <button type="button" className="btn sm" onClick={() => onChange('')}>{t('clear_one')}</button>}</div>
    </form>
  )
}

function Receipt({ a, blend }: { a: Advocate; blend: string }) {
  const { t, n, pct, score } = useI18n()
  const s = a.score!, u = a.uncertainty
  return (
    <div className="receipt">
      <h3>{t('how_made')}</h3>
      <dl>
        {s.parts.map(p => <div key={p.name}><dt><i className="sw" style={{ background: `var(--c-${p.name})` }} />{t(p.name)}<small>{t('weight')} {pct(p.weight)}</small></dt><dd className="num">{p.value === null ? '—' : n(p.value * 100)}{p.imputed && <span title={t('part_imputed', { v: (p.value ?? 0) * 100 })}>*</span>}</dd><dd className="num">{score(p.share)}</dd></div>)}
        <div className="sum"><dt>{t('c_score')}</dt><dd /><dd className="num">{score(s.total)}</dd></div>
      </dl>
      {u && <p>{t('interval90', { a: score(u.score_low), b: score(u.score_high) })}</p>}
      <p className="muted">{t(blend === 'arithmetic' ? 'made_add' : 'made_multiply')}</p>
      {s.parts.some(p => p.imputed) && <p className="muted">* {t('made_imputed')}</p>}
    </div>
  )
}

function Views({ brand, choice, current, everyone, ready }: { brand: Schemas['Brand']; choice: Choice; current?: string; everyone?: number; ready: boolean }) {
  const { t, n } = useI18n()
  const [u] = useUrlState()
  const names = VIEWS.filter(v => v !== 'rivals' || brand.rivals.length > 0)
  const counts = useQueries({ queries: names.map(v => ({ ...viewCount(brand.name, v, choice), enabled: ready })) })
  const href = (view?: string) => to(brand.name, 'advocates', { ...u, view, person: undefined, sort: view ? undefined : u.sort })
  return (
    <nav className="views" aria-label={t('views')}>
      <Link href={href()} aria-current={!current ? 'page' : undefined}>{t('v_all')}<span className="n num">{everyone === undefined ? '·' : n(everyone)}</span></Link>
      {names.map((v, k) => <Link key={v} href={href(v)} aria-current={current === v ? 'page' : undefined}>{t(`v_${v}`)}<span className="n num">{counts[k].data === undefined ? '·' : n(counts[k].data!)}</span></Link>)}
    </nav>
  )
}

const DAY = 86_400_000

function Kpis({ brand, counts, choice }: { brand: string; counts?: Schemas['Counts']; choice: Choice }) {
  const { t, n, pct, change } = useI18n()
  const now = useQuery(voiceQuery(brand))
  const before = useQuery({ ...voiceQuery(brand, now.data && new Date(Date.parse(now.data.since) - 1000).toISOString(), now.data && new Date(Date.parse(now.data.since) - 28 * DAY).toISOString()), enabled: !!now.data })
  const tone = useQuery({ ...topicsQuery(brand, { since: choice.since, limit: 1 }), enabled: !!counts })
  const was = before.data?.brands[0]?.mentions, is = now.data?.brands[0]?.mentions
  const judged = tone.data && 1 - tone.data.tone.unknown
  return (
    <dl className="kpis">
      <div className="kpi"><dt>{t('k_advocates')}</dt><dd className="num">{counts ? n(counts.total) : '·'}</dd><dd className="delta">{counts && t('k_of_people', { n: counts.people })}</dd></div>
      <div className="kpi"><dt>{t('k_mentions')}</dt><dd className="num">{counts ? n(counts.mentions) : '·'}</dd><dd className="delta">{t('k_mentions_b')}</dd></div>
      <div className="kpi"><dt>{t('k_28')}</dt><dd className="num">{is === undefined ? '·' : n(is)}</dd><dd className="delta num">{was ? <><span className={is! >= was ? 'up' : 'down'}>{change(is! / was - 1)}</span> {t('k_28_b')}</> : was === 0 ? t('k_28_none') : ''}</dd></div>
      <div className="kpi"><dt>{t('k_positive')}</dt><dd className="num">{judged ? pct(tone.data!.tone.positive / judged) : tone.isError || judged === 0 ? '—' : '·'}</dd><dd className="delta">{tone.data && t('k_positive_b', { n: tone.data.read })}</dd></div>
    </dl>
  )
}
