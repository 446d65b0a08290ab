import { memo, Suspense, useCallback, useEffect, useMemo, useRef, useState, type CSSProperties, type MouseEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, Bookmark, BookmarkPlus, ChevronDown, Columns3, ListTodo, Plus, Rows3, Rows4, Search, SlidersHorizontal, Star, UserRound, X } from 'lucide-react'
import { starred, useAct } from '../acts'
import type { PageProps } from '../app'
import { choiceOf, colleaguesQuery, COMPONENTS, nextPage, savedViewsQuery, topicsQuery, useAdvocates, useView, viewCounts, voiceQuery, type Advocate, type Choice, type Schemas } from '../api'
import { ScoreMark, ToneBar, partOf } from '../charts/small'
import { useI18n, type Key } from '../i18n'
import { useKeys } from '../keys'
import { useMay } from '../me'
import { page } from '../page'
import { rowHeight } from '../prefs'
import { differs, opened } from '../saved'
import { ErrorState, nameOf, PersonCell, Platform, platformName, PLATFORMS, Skeleton, Unknown, WAIT } from '../ui/bits'
import { Link } from '../ui/link'
import { useDrawn } from '../ui/drawn'
import { Popover } from '../ui/overlay'
import { to, useUrlState } from '../url'
import { ExportLinks } from './export'
import { Gaps, Notes } from './notes'

const WeightsPanel = page(() => import('./weights'))
const BulkBar = page(() => import('./bulk'))
const Handling = page(() => import('./handling'))
const KeptFilter = page(() => import('./keptfilter'))
const Where = page(() => import('./where'))
const NothingRead = page(() => import('./nothing'))
const Receipt = page(() => import('./receipt'))
const SavedViews = page(() => import('./savedviews'))
const VIEWS = ['shortlist', 'ambassadors', 'rising', 'connectors', 'positive', 'new', 'cooling', 'defenders', 'answers', 'critics', 'rivals'] as const
/** The columns that can be left out, each with its width. */
const WIDTHS = { sent: 96, mentions: 84, reactions: 84, followers: 84, last: 84, status: 134 }
const COLUMNS = Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]
/** Those that a narrow window leaves out. */
const FEW = ['sent', 'reactions', 'followers', 'last']
/** Filters that an address can hold. */
const NONE = { platform: undefined, lang: undefined, min: undefined, q: undefined, days: undefined, since: undefined, until: undefined, where: undefined, status: undefined, tag: undefined, owner: undefined, tasks: undefined }
const LANGUAGES = ['es', 'en', 'pt', 'fr', 'de', 'it', 'ca', 'nl']
/** Rows that fit the window below what stands above them. */
const firstRows = (compact: boolean) => Math.max(10, Math.min(25, Math.ceil((innerHeight - 380) / (compact ? 46 : 58))))
const whenIdle = window.requestIdleCallback ?? ((f: () => void) => setTimeout(f, 60))

type Sort = NonNullable<Parameters<typeof useAdvocates>[1]['sort']>
type Kept = 'status' | 'tag' | 'owner'
type Open = { kind: 'score' | 'platform' | 'lang' | 'days' | 'where' | 'columns' | 'save' | 'handle' | Kept; anchor: HTMLElement; id?: string }

export function AdvocatesPage({ brand }: PageProps) {
  const i = useI18n(), { t } = i
  const [u, set] = useUrlState()
  const choice = useMemo(() => choiceOf(u), [u])
  const view = VIEWS.find(v => v === u.view)
  const list = useAdvocates(brand.name, { ...choice, sort: u.sort as Sort | undefined, mode: u.mode === 'safe' && !u.sort ? 'safe' : undefined, all: u.all === '1' || undefined })
  const members = useView(brand.name, view ?? 'rising', choice, !!view)
  const shown = view ? members : list
  const first = list.data?.pages[0]
  // Critics who are listed too are no advocates: those are counted without them.
  const alone = useAdvocates(brand.name, { ...choice, limit: 1 }, u.all === '1')
  const counts = (u.all === '1' ? alone.data?.pages[0] : first)?.counts
  const cache = useQueryClient(), again = () => void cache.refetchQueries({ type: 'active', predicate: q => q.state.status === 'error' })
  const standard = useStandardRanks(brand.name, choice, !!(u.tune && (choice.weights || choice.preset || choice.blend)))

  const rows = useMemo(() => view ? members.data?.pages.flatMap(p => p.items.map(m => m.person)) ?? [] : list.data?.pages.flatMap(p => p.items) ?? [], [view, members.data, list.data])
  const reasons = useMemo(() => new Map(view ? members.data?.pages.flatMap(p => p.items.map(m => [m.person.id, m.reasons] as const)) : []), [view, members.data])
  const total = view ? members.data?.pages[0].total : first?.counts.total
  const tooFew = (view ? members.data : list.data)?.pages[0].too_few ?? false

  const may = useMay(brand.name).on('analyst'), act = useAct(brand.name)
  const columns = useMemo(() => new Set<string>(u.columns ? u.columns.split(',') : COLUMNS), [u.columns])
  const tracks = (hidden?: string[], fixed = '40px 104px minmax(0, 1fr) 188px') => `${fixed} ${COLUMNS.filter(c => columns.has(c) && !hidden?.includes(c)).map(c => WIDTHS[c] + 'px').join(' ')} ${may ? '44px' : ''}`
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const last = useRef('')
  const [open, setOpen] = useState<Open>()
  const closeOpen = useCallback(() => setOpen(undefined), [])
  const table = useRef<HTMLTableElement>(null)
  const search = useRef<HTMLInputElement>(null)

  const sight = firstRows(u.rows === 'compact')
  const { count, below } = useDrawn(rows, sight)
  const done = !!shown.data && count >= Math.min(sight, rows.length)
  // What stands around the list is asked for when the list is there.
  const [quiet, setQuiet] = useState(false)
  useEffect(() => {
    if (!done || quiet) return
    const h = setTimeout(() => whenIdle(() => setQuiet(true)), 100)
    return () => clearTimeout(h)
  }, [done, quiet])

  // Selects or leaves one, or, with `range`, all from the one before to it.
  const pick = useCallback((id: string, range: boolean) => setPicked(s => {
    const x = new Set(s), ids = rows.map(a => a.id), from = ids.indexOf(last.current), at = ids.indexOf(id)
    last.current = id
    if (range && from >= 0) for (const y of ids.slice(Math.min(from, at), Math.max(from, at) + 1)) x.add(y)
    else if (!x.delete(id)) x.add(id)
    return x
  }), [rows])
  const star = useCallback((id: string) => {
    const a = rows.find(x => x.id === id), to = a && starred(a.status)
    if (may && a && to) void act([a], { status: { status: to } })
  }, [rows, may, act])
  const openPerson = useCallback((id: string) => { document.getElementById('p-' + id)?.focus(); set({ person: id }) }, [set])

  // One listener for all rows: no handlers per row.
  const onRows = (e: MouseEvent) => {
    const el = e.target as HTMLElement, row = el.closest<HTMLElement>('tr[data-id]')
    if (!row || e.metaKey || e.ctrlKey) return
    const id = row.dataset.id!, button = el.closest<HTMLElement>('[data-act]')
    if (button?.dataset.act === 'pick') pick(id, e.shiftKey)
    else if (e.shiftKey) return
    else if (button?.dataset.act === 'star') star(id)
    else if (button?.dataset.act === 'handle') setOpen(o => (o?.anchor === button ? undefined : { kind: 'handle', anchor: button, id }))
    else if (button?.dataset.act === 'score') setOpen(o => (o?.anchor === button ? undefined : { kind: 'score', anchor: button, id }))
    else if (!el.closest('td.ck') && !getSelection()?.toString()) { e.preventDefault(); openPerson(id) }
  }
  useKeys(useCallback((key, el) => {
    if (key === '/') { search.current?.focus(); return true }
    const links = [...(table.current?.querySelectorAll<HTMLElement>('a[id]') ?? [])]
    const at = links.findIndex(x => x.closest('tr') === el.closest('tr')), id = links[at]?.closest<HTMLElement>('tr')?.dataset.id
    if (key === 'j' || key === 'k') links[Math.max(0, Math.min(links.length - 1, at + (key === 'j' ? 1 : -1)))]?.focus()
    else if ((key === 'x' || key === 'X') && id) pick(id, key === 'X')
    else if (key === 's' && id) star(id)
    else if (key === 'e') document.querySelector<HTMLElement>('.exports a')?.click()
    else if (key === 'Escape' && picked.size) setPicked(new Set())
    else if (key === 'o' && id) openPerson(id)
    else return false
    return true
  }, [openPerson, pick, star, picked.size]))

  const target = rows.find(a => a.id === open?.id)
  const filtered = Object.keys(NONE).some(k => u[k])
  const chosen = useMemo(() => rows.filter(a => picked.has(a.id)), [rows, picked])
  const exported = { ...choice, sort: u.sort, all: u.all === '1' ? 'true' : undefined }
  const colleagues = useQuery(colleaguesQuery(brand.name)).data?.items
  const ownerName = u.owner && (u.owner === 'me' ? t('owner_me') : u.owner === 'none' ? t('owner_none') : colleagues?.find(c => c.id === u.owner)?.name ?? t('c_owner'))
  const th = (col: Key, sort: Sort | undefined, cls = '') => {
    const on = !view && (u.sort ?? undefined) === (sort === 'score' ? undefined : sort)
    return <th scope="col" className={cls} aria-sort={on ? 'descending' : undefined}>{view || !sort ? t(col) : <button onClick={() => set({ sort: sort === 'score' ? undefined : sort })}><span className="sr">{t('sort_by')} </span>{t(col)}{on && <ArrowDown aria-hidden />}</button>}</th>
  }
  const chip = (kind: Open['kind'], on: string | undefined, label: string) => <button className={'chip' + (on ? ' on' : '')} aria-haspopup="dialog" aria-expanded={open?.kind === kind} onClick={e => setOpen({ kind, anchor: e.currentTarget })}>{on ?? label}<ChevronDown aria-hidden /></button>
  const lead = members.data ? i.said(members.data.pages[0].says) : ' '
  const heads = view === 'critics' ? 'critics' : u.all === '1' && !view ? 'all' : undefined

  return (
    <main id="main" tabIndex={-1} className={(u.rows ?? rowHeight()) === 'compact' ? 'compact' : ''}>
      <div className="head"><div><h1>{t(heads === 'critics' ? 'v_critics' : 'title')}</h1><p>{t(heads ? `lead_${heads}` : 'lead', { brand: brand.name })}</p></div><span className="grow" />
        {!view && <button className="btn ghost icon hide-sm" title={t('columns')} aria-haspopup="dialog" aria-expanded={open?.kind === 'columns'} onClick={e => setOpen({ kind: 'columns', anchor: e.currentTarget })}><Columns3 aria-hidden /><span className="sr">{t('columns')}</span></button>}
        <div className="seg hide-sm" role="group" aria-label={t('density')}>{([['comfortable', Rows3], ['compact', Rows4]] as const).map(([k, Icon]) => <button key={k} title={t(k)} aria-pressed={(u.rows ?? rowHeight()) === k} onClick={() => set({ rows: k === rowHeight() ? undefined : k }, true)}><Icon aria-hidden /><span className="sr">{t(k)}</span></button>)}</div>
        <ExportLinks brand={brand.name} what="advocates" query={exported} />
        <button className={'btn' + (u.tune ? ' on' : '')} aria-expanded={!!u.tune} onClick={() => set({ tune: u.tune ? undefined : '1' })}><SlidersHorizontal aria-hidden />{t('weights')}</button>
      </div>
      <Kpis brand={brand.name} counts={counts} failed={list.isError || alone.isError} choice={choice} ready={quiet || shown.isError} />
      {u.tune && <Suspense fallback={<div className="card tune" />}><WeightsPanel receipt={(view ? members.data : list.data)?.pages[0].receipt} rows={rows} standard={standard} /></Suspense>}

      <Views brand={brand} choice={choice} current={view} everyone={first?.counts.total} failed={list.isError} ready={quiet} onSave={may ? anchor => setOpen({ kind: 'save', anchor }) : undefined} saving={open?.kind === 'save'} />
      {view && <p className="viewlead">{lead}</p>}

      <div className="filters">
        <SearchBox input={search} />
        {chip('platform', u.platform && platformName(u.platform), t('f_platform'))}
        {chip('lang', u.lang && i.language(u.lang), t('f_lang'))}
        {chip('days', u.days && t('f_days', { n: Number(u.days) }), t('f_period'))}
        <button className={'chip' + (u.min ? ' on' : '')} aria-pressed={!!u.min} onClick={() => set({ min: u.min ? undefined : '5' })}>{!u.min && <Plus aria-hidden />}{t('f_min', { n: Number(u.min) || 5 })}{u.min && <X aria-hidden />}</button>
        {chip('status', u.status && i.list(u.status.split(',').map(x => t(`s_${x as 'paused'}`))), t('c_status'))}
        {chip('tag', u.tag && i.list(u.tag.split(',')), t('f_tag'))}
        {(!!colleagues?.length || u.owner) && chip('owner', ownerName, t('c_owner'))}
        <button className={'chip' + (u.tasks ? ' on' : '')} aria-pressed={!!u.tasks} onClick={() => set({ tasks: u.tasks ? undefined : 'open' })}>{!u.tasks && <Plus aria-hidden />}{t(u.tasks === 'none' ? 'f_notasks' : 'f_tasks')}{u.tasks && <X aria-hidden />}</button>
        {chip('where', u.where, t('f_where'))}
        {filtered && <button className="btn ghost sm" onClick={() => set(NONE)}>{t('clear')}</button>}
      </div>

      {shown.isError && !shown.data ? <ErrorState error={shown.error} retry={again} /> : !shown.data ? <Skeleton rows={10} /> : (
        <>
          {tooFew && <div className="callout calm" role="note"><p>{t('too_few')}</p></div>}
          <Gaps gaps={shown.data.pages[0].gaps} provisional={shown.data.pages[0].provisional} />
          <div className="card" aria-busy={shown.isPlaceholderData || undefined}>
            <div className={'tablewrap' + (shown.isPlaceholderData ? ' stale' : '')}>
              <table ref={table} aria-rowcount={rows.length + 1} className={view ? 'because' + (may ? '' : ' nostar') : 'list'} style={{ '--tracks': tracks(), '--fewer': tracks(['followers', 'last']), '--few': tracks(FEW, '40px 76px minmax(0, 1fr) 182px'), '--least': tracks(FEW, '40px 76px minmax(0, 1fr) 104px') } as CSSProperties} onClick={onRows}>
                <caption className="sr">{t('title')}</caption>
                <thead><tr>
                  <th scope="col" className="ck"><input type="checkbox" aria-label={t('pick_all')} title={t('pick_all')} disabled={!rows.length} checked={rows.length > 0 && chosen.length === rows.length} ref={el => { if (el) el.indeterminate = chosen.length > 0 && chosen.length < rows.length }} onChange={e => setPicked(new Set(e.target.checked ? rows.map(a => a.id) : []))} /></th>
                  <th scope="col">{t(view ? 'c_order' : 'c_rank')}</th><th scope="col">{t('c_person')}</th>{th('c_score', 'score')}
                  {view ? <th scope="col" className="whyh">{t('c_why')}</th> : <>{columns.has('sent') && th('c_sent', undefined, 'hide-few')}{columns.has('mentions') && th('c_mentions', 'mentions', 'r')}{columns.has('reactions') && th('c_reactions', 'engagement', 'r hide-few')}{columns.has('followers') && <th scope="col" className="r hide-md">{t('c_followers')}</th>}{columns.has('last') && th('c_last', 'recent', 'r hide-md')}</>}
                  {(view || columns.has('status')) && <th scope="col">{t('c_status')}</th>}
                  {may && <th scope="col" className="st"><span className="sr">{t('v_shortlist')}</span></th>}
                </tr></thead>
                <tbody>{rows.slice(0, count).map((a, k) => <Row key={a.id} at={k + 2} a={a} picked={picked.has(a.id)} active={u.person === a.id} why={reasons.get(a.id)} was={standard?.get(a.id)} columns={columns} may={may} />)}</tbody>
              </table>
              {count < rows.length && <div ref={below} style={{ height: `calc(var(--row) * ${rows.length - count})` }} />}
              {!rows.length && (first?.counts.people === 0 && !first.notes.length && !filtered ? <Suspense fallback={<div className="state" />}><NothingRead brand={brand.name} /></Suspense> : <Empty text={view && members.data?.pages[0].empty ? i.said(members.data.pages[0].empty) : undefined} />)}
            </div>
            {rows.length > 0 && <div className="tfoot">
              <span className="num" role="status">{i.tn('showing', total ?? 0, { a: rows.length })}</span><span className="grow" />
              {shown.isFetchNextPageError && <span className="down">{t('changed')}</span>}
              {shown.isFetchNextPageError ? <button className="btn sm" onClick={() => void shown.refetch()}>{t('retry')}</button>
                : shown.hasNextPage && <button className="btn sm" disabled={shown.isFetchingNextPage} onClick={() => void nextPage(shown)}>{t('more_rows')}</button>}
            </div>}
            <div className="tnotes">{view ? <ul className="notes">{members.data?.pages[0].notes.map((x, k) => <li key={k}>{i.said(x)}</li>)}</ul> : first && <Notes notes={first.notes} as_of={first.receipt.as_of} />}</div>
          </div>
        </>
      )}

      <Popover anchor={open?.kind === 'score' ? open.anchor : null} onClose={closeOpen} label={t('how_made')}><Suspense fallback={<div className="skel wait" />}>{target?.score && <Receipt a={target} blend={(view ? members.data : list.data)?.pages[0].receipt.blend ?? ''} />}</Suspense></Popover>
      <Popover anchor={open?.kind === 'platform' ? open.anchor : null} onClose={closeOpen} label={t('f_platform')}><Options name="platform" values={PLATFORMS} chosen={u.platform} label={platformName} icon onChange={v => set({ platform: v })} /></Popover>
      <Popover anchor={open?.kind === 'lang' ? open.anchor : null} onClose={closeOpen} label={t('f_lang')}><Options name="lang" values={LANGUAGES} chosen={u.lang} label={i.language} onChange={v => set({ lang: v })} /></Popover>
      <Popover anchor={open?.kind === 'days' ? open.anchor : null} onClose={closeOpen} label={t('f_period')}><Options name="days" values={['30', '90', '365']} chosen={u.days} label={v => t('f_days', { n: Number(v) })} onChange={v => set({ days: v })} /></Popover>
      <Popover anchor={open?.kind === 'where' ? open.anchor : null} onClose={closeOpen} label={t('f_where')}><Suspense fallback={<div className="skel wait" />}><Where value={u.where ?? ''} onChange={v => { set({ where: v || undefined }); closeOpen() }} /></Suspense></Popover>

      <Popover anchor={open?.kind === 'status' || open?.kind === 'tag' || open?.kind === 'owner' ? open.anchor : null} onClose={closeOpen} label={t(open?.kind === 'tag' ? 'f_tag' : open?.kind === 'owner' ? 'c_owner' : 'c_status')}><Suspense fallback={<div className="skel wait" />}><KeptFilter brand={brand.name} kind={open?.kind as Kept} /></Suspense></Popover>
      <Popover anchor={open?.kind === 'columns' ? open.anchor : null} onClose={closeOpen} label={t('columns')} align="end"><div className="opts">{COLUMNS.map(c => <label className="opt" key={c}><input type="checkbox" checked={columns.has(c)} onChange={e => { const x = COLUMNS.filter(y => (y === c ? e.target.checked : columns.has(y))); set({ columns: x.length === COLUMNS.length ? undefined : x.join(',') || 'none' }) }} />{t(`c_${c}`)}</label>)}</div></Popover>
      <Popover anchor={open?.kind === 'handle' ? open.anchor : null} onClose={closeOpen} label={t('c_status')} align="end"><Suspense fallback={<div className="skel wait" />}>{target && <Handling brand={brand.name} person={target} onDone={closeOpen} />}</Suspense></Popover>
      <Popover anchor={open?.kind === 'save' ? open.anchor : null} onClose={closeOpen} label={t('sv_save')} align="end"><Suspense fallback={<div className="skel wait" />}><SavedViews brand={brand.name} onDone={closeOpen} /></Suspense></Popover>

      {chosen.length > 0 && <Suspense fallback={null}><BulkBar brand={brand.name} people={chosen} query={exported} may={may} onAll={chosen.length < rows.length ? () => setPicked(new Set(rows.map(a => a.id))) : undefined} onClear={() => setPicked(new Set())} /></Suspense>}
    </main>
  )
}

/** Ranks under the server's own weights, for the moves beside a re-ranked list. */
function useStandardRanks(brand: string, choice: Choice, enabled: boolean) {
  const plain = useAdvocates(brand, { ...choice, weights: undefined, preset: undefined, blend: undefined, limit: 200 }, enabled)
  return useMemo(() => (enabled && plain.data ? new Map(plain.data.pages.flatMap(p => p.items.map(a => [a.id, a.rank] as const))) : undefined), [enabled, plain.data])
}

const Row = memo(function Row({ a, at, picked, active, why, was, columns, may }: { a: Advocate; at: number; picked: boolean; active: boolean; why?: Schemas['Said'][]; was?: number | null; columns: ReadonlySet<string>; may: boolean }) {
  const i = useI18n(), { t, n } = i
  const s = a.score, u = a.uncertainty, e = a.evidence, name = nameOf(a)
  const moved = was && a.rank ? was - a.rank : 0
  return (
    <tr aria-rowindex={at} data-id={a.id} data-sel={picked || undefined} data-active={active || undefined}>
      <td className="ck"><input type="checkbox" data-act="pick" aria-label={t('select', { name })} checked={picked} readOnly /></td>
      <td><span className="rank num">{a.rank === null ? <Unknown /> : <b className={a.rank <= 3 && !why ? 'medal' : ''}>{n(a.rank)}</b>}<span>
        {u && u.rank_first !== null && u.rank_last !== null && <small title={t('rank_range', { a: u.rank_first, b: u.rank_last })}><span className="sr">{t('rank_range', { a: u.rank_first, b: u.rank_last })}</span><span aria-hidden>{u.rank_first === u.rank_last ? n(u.rank_first) : `${n(u.rank_first)}–${n(u.rank_last)}`}</span></small>}
        {moved !== 0 && <small className={moved > 0 ? 'up' : 'down'}><span aria-hidden>{moved > 0 ? '▲' : '▼'}{n(Math.abs(moved))}</span><span className="sr">{t(moved > 0 ? 'moved_up' : 'moved_down', { n: Math.abs(moved) })}</span></small>}
      </span></span></td>
      <td><PersonCell a={a} href={'?person=' + a.id} idPrefix="p-" /></td>
      <td>{s ? <button className="score" data-act="score" aria-haspopup="dialog"><span className="sr">{t('c_score')} </span><span className="v num">{i.score(s.total)}</span><ScoreMark a={a} w={104} /><span className="sr">{u && t('score_between', { a: i.score(u.score_low), b: i.score(u.score_high) })}. {COMPONENTS.map(k => { const p = partOf(a, k); return `${t(k)} ${p?.value == null || p.imputed ? t('unknown') : n(p.value * 100)}` }).join(', ')}. {t('how_made')}</span></button> : <Unknown />}{u?.small_sample && <span className="pill xs lowsample" title={t('low_sample')}>{t('low_sample_s')}</span>}</td>
      {why ? <td className="whycell">{why.map((w, k) => <p key={k}>{i.said(w)}</p>)}</td> : <>
        {columns.has('sent') && <td className="hide-few">{e.sentiment === null ? <Unknown /> : <span className="sent num" title={t('sent_of', { n: e.scored })}><b>{i.signed(e.sentiment)}</b><ToneBar v={e.sentiment} /></span>}</td>}
        {columns.has('mentions') && <td className="r num">{n(e.mentions)}<small className="under">{i.tn('days', e.active_days)}</small></td>}
        {columns.has('reactions') && <td className="r num hide-few">{e.engagement === null ? <Unknown /> : i.compact(e.engagement)}</td>}
        {columns.has('followers') && <td className="r num hide-md">{e.followers === null ? <Unknown /> : i.compact(e.followers)}</td>}
        {columns.has('last') && <td className="r num hide-md">{e.last ? i.day(e.last) : <Unknown />}</td>}
      </>}
      {(why || columns.has('status')) && <td className="stat">
        {may ? <button className="pillb" data-act="handle" aria-haspopup="dialog"><span className={'pill xs ' + a.status}>{t(`s_${a.status}`)}</span><ChevronDown aria-hidden /><span className="sr"> {name}</span></button> : <span className={'pill xs ' + a.status}>{t(`s_${a.status}`)}</span>}
        {(a.owner || a.tags.length > 0 || a.open_tasks > 0) && <span className="kept">{a.owner && <span title={t('c_owner')}><UserRound aria-hidden /><span className="sr">{t('c_owner')} </span><bdi>{a.owner.name}</bdi></span>}{a.open_tasks > 0 && <span title={i.tn('open_tasks', a.open_tasks)}><ListTodo aria-hidden /><span aria-hidden>{n(a.open_tasks)}</span><span className="sr">{i.tn('open_tasks', a.open_tasks)}</span></span>}{a.tags.slice(0, 2).map(x => <span className="tagp" key={x}><bdi>{x}</bdi></span>)}{a.tags.length > 2 && <span title={a.tags.slice(2).join(', ')}>+{n(a.tags.length - 2)}</span>}</span>}
      </td>}
      {may && <td className="st">{starred(a.status) && <button className="btn ghost icon star" data-act="star" aria-pressed={a.status === 'shortlisted'} title={t('star')}><Star aria-hidden /><span className="sr">{t('star_of', { name })}</span></button>}</td>}
    </tr>
  )
})

function Empty({ text }: { text?: string }) {
  const { t } = useI18n()
  const [u, set] = useUrlState()
  const named = u.q && Object.keys(NONE).every(k => k === 'q' || !u[k])
  return <div className="state" role="status"><b>{text ?? (named ? t('empty_q', { q: u.q! }) : t('empty_t'))}</b>{!text && <><p>{t(named ? 'empty_q_b' : 'empty_b')}</p><button className="btn" onClick={() => set(NONE)}>{t('clear')}</button></>}</div>
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

function Views({ brand, choice, current, everyone, failed, ready, onSave, saving }: { brand: Schemas['Brand']; choice: Choice; current?: string; everyone?: number; failed: boolean; ready: boolean; onSave?: (anchor: HTMLElement) => void; saving: boolean }) {
  const { t, n } = useI18n()
  const saved = useQuery({ ...savedViewsQuery(brand.name), enabled: ready }).data?.items ?? []
  const [u] = useUrlState()
  const names = VIEWS.filter(v => v !== 'rivals' || brand.rivals.length > 0)
  const counts = useQuery({ ...viewCounts(brand.name, names, choice), enabled: ready })
  const none = failed || counts.isError ? '—' : WAIT
  const href = (view?: string) => to(brand.name, 'advocates', { ...u, view, person: undefined, sort: view ? undefined : u.sort, saved: undefined })
  const held = saved.find(v => v.id === u.saved), nav = useRef<HTMLElement>(null)
  useEffect(() => { const at = nav.current?.querySelector<HTMLElement>('[aria-current]'); if (at && at.offsetLeft + at.offsetWidth > nav.current!.clientWidth) at.scrollIntoView({ block: 'nearest', inline: 'center' }) }, [current, held, ready])
  return (
    <div className="viewbar"><nav ref={nav} className="views" aria-label={t('views')}>
      <Link href={href()} aria-current={!held && !current ? 'page' : undefined}>{t('v_all')}<span className="n num">{everyone === undefined ? none : n(everyone)}</span></Link>
      {names.map(v => <Link key={v} href={href(v)} aria-current={!held && current === v ? 'page' : undefined}>{t(`v_${v}`)}<span className="n num">{counts.data?.[v] === undefined ? counts.data ? '—' : none : n(counts.data[v]!)}</span></Link>)}
      {saved.map(v => <Link key={v.id} className="savedv" href={to(brand.name, 'advocates', opened(v.id, v.query))} aria-current={held === v ? 'page' : undefined} title={v.shared ? t('sv_shared') : t('sv_mine')}><Bookmark aria-hidden /><bdi>{v.name}</bdi>{held === v && differs(u, v.query) && <span title={t('sv_changed')}>*<span className="sr">{t('sv_changed')}</span></span>}</Link>)}
    </nav>
      {onSave && <button className="saveb" aria-haspopup="dialog" aria-expanded={saving} disabled={!ready} onClick={e => onSave(e.currentTarget)}><BookmarkPlus aria-hidden /><span>{saved.length ? t('sv_views') : t('sv_save')}</span></button>}
    </div>
  )
}

const DAY = 86_400_000

/** The numbers above the list follow its filters as far as the server can count by them; where it cannot, they say so. */
function Kpis({ brand, counts, failed, choice, ready }: { brand: string; counts?: Schemas['Counts']; failed: boolean; choice: Choice; ready: boolean }) {
  const { t, n, pct, change } = useI18n()
  const { platform, lang } = choice, by = { platform, lang }
  // Who is meant by these depends on all of the period: mentions of another cannot be counted by them.
  const people = !!(choice.where || choice.min_mentions || choice.status || choice.tag || choice.owner || choice.tasks)
  const now = useQuery({ ...voiceQuery(brand, undefined, undefined, by), enabled: ready })
  const before = useQuery({ ...voiceQuery(brand, now.data && new Date(Date.parse(now.data.since) - 1000).toISOString(), now.data && new Date(Date.parse(now.data.since) - 28 * DAY).toISOString(), by), enabled: !!now.data })
  const tone = useQuery({ ...topicsQuery(brand, { since: choice.since, until: choice.until, platform, lang, limit: 1 }), enabled: ready })
  const was = before.data?.brands[0]?.mentions, is = now.data?.brands[0]?.mentions
  const judged = tone.data && (tone.data.read ? 1 - tone.data.tone.unknown : 0)
  const none = failed ? '—' : WAIT, whole = people && <> · {t('k_whole')}</>
  return (
    <dl className="kpis">
      <div className="kpi"><dt>{t('k_advocates')}</dt><dd className="num">{counts ? n(counts.total) : none}</dd><dd className="delta">{counts && t('k_of_people', { n: counts.people })}</dd></div>
      <div className="kpi"><dt>{t('k_mentions')}</dt><dd className="num">{counts ? n(counts.mentions) : none}</dd><dd className="delta">{counts && t('k_mentions_b', { n: counts.people })}</dd></div>
      <div className="kpi"><dt>{t('k_28')}</dt><dd className="num">{is === undefined ? now.isError ? '—' : WAIT : n(is)}</dd><dd className="delta num">{was ? <><span className={is! >= was ? 'up' : 'down'}>{change(is! / was - 1)}</span> {t('k_28_b')}</> : was === 0 ? t('k_28_none') : ''}{was !== undefined && whole}</dd></div>
      <div className="kpi"><dt>{t('k_positive')}</dt><dd className="num">{judged ? pct(tone.data!.tone.positive / judged) : tone.isError || judged === 0 ? '—' : WAIT}</dd><dd className="delta">{!!judged && <>{t('k_positive_b', { n: tone.data!.read })}{whole}</>}</dd></div>
    </dl>
  )
}
