import { Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Maximize, Minus, Plus, Search, Table2, Waypoints } from 'lucide-react'
import type { PageProps } from '../app'
import { choiceOf, client, take, type Choice } from '../api'
import type { Camera, Net, Node } from '../charts/graph'
import { useI18n, type Key } from '../i18n'
import { useKeys } from '../keys'
import { page } from '../page'
import { Avatar, Block, Platform, platformName, PLATFORMS, Unknown } from '../ui/bits'
import { Link } from '../ui/link'
import { to, useUrlState, type Query } from '../url'
import { Gaps } from './notes'
import '../styles/network.css'

const NetworkGraph = page(() => import('../charts/graph'))
const COLORS = ['--g1', '--g2', '--g3', '--g4', '--g5', '--g6']
const SIZES = [300, 1000, 3000]
const ROWS = 100
const SORTS = { share: (n: Node) => n.share, bridge: (n: Node) => n.bridge, counterparts: (n: Node) => n.counterparts, mentions: (n: Node) => n.mentions, score: (n: Node) => n.score ?? -1 } as const
type Sort = keyof typeof SORTS

const networkQuery = (brand: string, limit: number, words: boolean, query: Choice) => ({
  queryKey: ['network', brand, limit, words, query], staleTime: 120_000,
  queryFn: () => take(client.GET('/brands/{brand}/network', { params: { path: { brand }, query: { ...query, limit, words } } })),
})

const nameOf = (n: Pick<Node, 'name' | 'handle'>) => n.name ?? n.handle ?? '?'
/** The six largest communities have a colour each; the others share one. */
const color = (community: number) => COLORS[community] ?? '--neu'
/** Where the graphics processor cannot be used there is the table. */
function draws() { try { const c = document.createElement('canvas'); return !!(c.getContext('webgl2') ?? c.getContext('webgl')) } catch { return false } }

/** Who talks to whom around the brand, as a picture and as a table. */
export default function NetworkPage({ brand }: PageProps) {
  const { t } = useI18n()
  const [u, set] = useUrlState()
  const limit = SIZES.find(s => String(s) === u.show) ?? 1000
  const choice = useMemo(() => choiceOf({ platform: u.platform, days: u.days, include: u.include }), [u.platform, u.days, u.include])
  const net = useQuery(networkQuery(brand.name, limit, false, choice))
  // What communities speak about takes longer: the picture does not wait for it.
  const named = useQuery({ ...networkQuery(brand.name, 1, true, choice), enabled: !!net.data, refetchInterval: q => (q.state.data && !q.state.data.named && q.state.dataUpdateCount < 4 ? 4000 : false) })
  const [able, setAble] = useState(draws)
  const table = u.as === 'table' || !able
  return (
    <main id="main" tabIndex={-1} className="netpage">
      <div className="head"><div className="narrow"><h1>{t('net_title')}</h1><p>{t('net_lead', { brand: brand.name })}</p></div><span className="grow" />
        <button className="btn" aria-pressed={table} disabled={!able} onClick={() => set({ as: table ? undefined : 'table', sort: undefined })}>{table && able ? <Waypoints aria-hidden /> : <Table2 aria-hidden />}{t(table && able ? 'net_graph' : 'net_table')}</button>
      </div>
      <div className="filters">
        <label className="selectl">{t('f_platform')} <select value={u.platform ?? ''} onChange={e => set({ platform: e.target.value || undefined })}><option value="">{t('any')}</option>{PLATFORMS.map(p => <option key={p} value={p}>{platformName(p)}</option>)}</select></label>
        <label className="selectl">{t('f_period')} <select value={u.days ?? ''} onChange={e => set({ days: e.target.value || undefined })}><option value="">{t('all_time')}</option>{[30, 90, 365].map(d => <option key={d} value={d}>{t('f_days', { n: d })}</option>)}</select></label>
        <label className="selectl">{t('net_show')} <select value={limit} onChange={e => set({ show: e.target.value === '1000' ? undefined : e.target.value })}>{SIZES.map(s => <option key={s} value={s}>{t('net_upto', { n: s })}</option>)}</select></label>
      </div>
      <Block query={net} rows={10}>{d => <Shown brand={brand.name} net={d} named={named.data} reading={named.isFetching} able={able} table={table} onFail={() => setAble(false)} />}</Block>
    </main>
  )
}

type ShownProps = { brand: string; net: Net; named?: Net; reading: boolean; able: boolean; table: boolean; onFail: () => void }

function Shown({ brand, net, named, reading, able, table, onFail }: ShownProps) {
  const { t, n, list } = useI18n()
  const [u, set] = useUrlState()
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set())
  const [over, setOver] = useState<number>()
  const [chosen, setChosen] = useState<number>()
  const camera = useRef<Camera>(null)
  const c = net.counts
  const communities = named?.named ? named.communities.map(x => ({ ...x, shown: net.communities.find(y => y.id === x.id)?.shown ?? x.shown })) : net.communities
  const nameOfCommunity = useCallback((id: number) => {
    const terms = communities.find(x => x.id === id)?.terms
    return terms?.length ? terms.slice(0, 2).map(x => x.phrase).join(' · ') : t('net_group', { n: id + 1 })
  }, [communities, t])
  const words = useMemo(() => new Map(net.communities.filter(x => x.shown >= 5).slice(0, 12).map(x => [x.id, nameOfCommunity(x.id)])), [net, nameOfCommunity])
  const pick = (i: number) => { setChosen(i); camera.current?.show(i) }
  const at = over ?? chosen
  if (!net.nodes.length) return <div className="card state"><b>{t(c.posts ? 'net_nobody' : 'net_few', { n: c.posts })}</b><p>{t(c.posts ? 'empty_b' : 'net_need')}</p></div>
  const left = c.people - c.left_out - net.nodes.length
  return (
    <>
      <Gaps gaps={net.gaps} provisional={net.provisional} />
      {net.too_few_ties && <div className="callout calm" role="note"><p><b>{t('net_few', { n: c.posts })}</b> {t('net_need')}</p></div>}
      {!able && <div className="callout calm" role="note"><p>{t('net_nogl')}</p></div>}
      <div className="netgrid">
        <div className="card netmain">
          {table ? <PeopleTable brand={brand} net={net} community={nameOfCommunity} /> : (
            <>
              <div className="nettools"><FindPerson net={net} onPick={pick} />
                <div className="netzoom" role="group" aria-label={t('net_view')}>
                  {([['net_in', Plus, () => camera.current?.zoom('in')], ['net_out', Minus, () => camera.current?.zoom('out')], ['net_fit', Maximize, () => camera.current?.zoom('all')], ['net_left', ArrowLeft, () => camera.current?.pan(-1, 0)], ['net_right', ArrowRight, () => camera.current?.pan(1, 0)], ['net_up', ArrowUp, () => camera.current?.pan(0, 1)], ['net_down', ArrowDown, () => camera.current?.pan(0, -1)]] as const).map(([k, Icon, f]) => <button key={k} className="btn icon" title={t(k)} onClick={f}><Icon aria-hidden /><span className="sr">{t(k)}</span></button>)}
                </div>
              </div>
              <div className="netcanvas">
                <Suspense fallback={<div className="netgraph" aria-busy="true" />}>
                  <NetworkGraph camera={camera} net={net} names={words} color={color} hidden={hidden} chosen={chosen} onHover={setOver} onOpen={x => (x.segment ? set({ person: x.id }) : setChosen(net.nodes.indexOf(x)))} onFail={onFail}
                    label={t('net_alt', { n: net.nodes.length, e: net.edges.length, c: c.communities, list: list(communities.slice(0, 6).map(x => `${nameOfCommunity(x.id)} (${n(x.people)})`)) })} />
                </Suspense>
                {at !== undefined && net.nodes[at] && <Details brand={brand} node={net.nodes[at]} community={nameOfCommunity(net.nodes[at].community)} onClose={over === undefined ? () => setChosen(undefined) : undefined} />}
              </div>
              <p className="nethelp">{t('net_help')}</p>
            </>
          )}
          <ul className="notes netnotes">
            <li>{t('net_counts', { a: net.nodes.length, n: c.people, b: net.edges.length, m: c.pairs })}</li>
            {left > 0 && <li>{t('net_left_n', { n: left })}</li>}
            {c.left_out > 0 && <li>{t('net_out_n', { n: c.left_out })} <button className="linkb" onClick={() => set({ include: 'automated,repeaters,circle,organisations,not_a_fit' })}>{t('show')}</button></li>}
            {u.include && <li>{t('net_all')} <button className="linkb" onClick={() => set({ include: undefined })}>{t('leave_out')}</button></li>}
            {net.receipt.as_of && <AsOf time={net.receipt.as_of} />}
          </ul>
        </div>
        <div className="netside">
          <Connectors brand={brand} net={net} community={nameOfCommunity} />
          <section className="card">
            <h2 className="sech">{t('net_comms')}</h2>
            <p className="muted">{t(reading && !named ? 'net_reading' : 'net_comms_b')}</p>
            {!communities.length && <p className="muted">{t('net_nocomm')}</p>}
            <ul className="netcomms">{communities.map(x => (
              <li key={x.id}>
                <label className="opt">{!table && <input type="checkbox" checked={!hidden.has(x.id)} onChange={() => setHidden(h => { const s = new Set(h); if (!s.delete(x.id)) s.add(x.id); return s })} />}<i className="sw round" style={{ background: `var(${color(x.id)})` }} /><b><bdi>{nameOfCommunity(x.id)}</bdi></b><span className="cnt num">{n(x.people)}<span className="sr"> {t('net_people')}</span></span></label>
                <Community x={x} brand={brand} />
              </li>
            ))}</ul>
          </section>
        </div>
      </div>
    </>
  )
}

function AsOf({ time }: { time: string }) {
  const i = useI18n()
  return <li>{i.t('as_of', { time: i.time(time) })}</li>
}

/** What a community speaks about, how well, and who has most attention in it. */
function Community({ x, brand }: { x: Net['communities'][number]; brand: string }) {
  const { t, pct } = useI18n()
  const [u] = useUrlState()
  return (
    <div className="netcomm">
      {x.terms && x.terms.length > 2 && <p>{x.terms.slice(2).map(y => y.phrase).join(' · ')}</p>}
      {x.read !== null && <p className="num">{t('net_positive')} {x.positive === null ? <Unknown /> : pct(x.positive)}</p>}
      <p>{x.top.map((p, k) => <span key={p.id}>{k > 0 && ', '}<Link className="linkb" href={personAt(brand, u, p.id)}><bdi>{nameOf(p)}</bdi></Link></span>)}</p>
    </div>
  )
}

const personAt = (brand: string, u: Query, id: string) => to(brand, 'network', { ...u, person: id })

/** A person's name, as a link where there is a profile: who only reposted or was named has none. */
function Name({ brand, node, idPrefix }: { brand: string; node: Node; idPrefix?: string }) {
  const [u] = useUrlState()
  return node.segment ? <Link id={idPrefix && idPrefix + node.id} className="linkb" href={personAt(brand, u, node.id)}><bdi>{nameOf(node)}</bdi></Link> : <bdi>{nameOf(node)}</bdi>
}

function Connectors({ brand, net, community }: { brand: string; net: Net; community: (id: number) => string }) {
  const { t, tn } = useI18n()
  const top = net.nodes.filter(x => x.connector).sort((a, b) => b.counterparts - a.counterparts).slice(0, 7)
  return (
    <section className="card">
      <h2 className="sech">{t('net_bridges')}</h2>
      <p className="muted">{t('net_bridges_b')}</p>
      {top.length ? <ul className="netbridges">{top.map(x => <li key={x.id}><Avatar name={nameOf(x)} id={x.id} /><span className="who"><Name brand={brand} node={x} /><small>{community(x.community)}</small></span><span className="num">{tn('net_links_n', x.counterparts)}</span></li>)}</ul> : <p className="muted">{t('net_nobridge')}</p>}
    </section>
  )
}

/** What is known of the person under the pointer or chosen in the search. */
function Details({ brand, node: x, community, onClose }: { brand: string; node: Node; community: string; onClose?: () => void }) {
  const { t, pct, score } = useI18n()
  return (
    <div className="netdetails card" role="status">
      <p><Name brand={brand} node={x} /> <span className="plats">{x.platforms.map(p => <Platform key={p} p={p} />)}</span>{x.connector && <span className="pill xs warn">{t('net_connector')}</span>}</p>
      <p><i className="sw round" style={{ background: `var(${color(x.community)})` }} /> {community}</p>
      <p className="num">{t('net_said', { a: pct(x.share, 1), n: x.counterparts })}{' · '}{x.segment ? t('net_own', { n: x.mentions }) : t('net_silent')}{x.score !== null && <> · {t('c_score')} {score(x.score)}</>}{x.rank !== null && <> · {t('rank_n', { n: x.rank })}</>}</p>
      {onClose && <button className="btn sm" onClick={onClose}>{t('close')}</button>}
    </div>
  )
}

function FindPerson({ net, onPick }: { net: Net; onPick: (place: number) => void }) {
  const { t } = useI18n()
  const [text, setText] = useState('')
  const found = useMemo(() => {
    const q = text.trim().toLowerCase()
    return q ? net.nodes.flatMap((x, i) => ((x.name ?? '').toLowerCase().includes(q) || (x.handle ?? '').toLowerCase().includes(q) ? [i] : [])).slice(0, 6) : []
  }, [net, text])
  const choose = (i: number) => { setText(''); onPick(i) }
  return (
    <form className="netfind" role="search" onSubmit={e => { e.preventDefault(); if (found.length) choose(found[0]) }}>
      <label className="search"><Search size={16} aria-hidden /><input type="search" placeholder={t('net_find')} aria-label={t('net_find')} value={text} maxLength={80} onChange={e => setText(e.target.value)} /></label>
      {text.trim() && <ul className="card" aria-label={t('net_found')}>{found.map(i => <li key={net.nodes[i].id}><button type="button" className="opt" onClick={() => choose(i)}><bdi>{nameOf(net.nodes[i])}</bdi><span className="cnt"><bdi>@{net.nodes[i].handle ?? ''}</bdi></span></button></li>)}{!found.length && <li className="muted">{t('net_nofind')}</li>}</ul>}
    </form>
  )
}

/** The same people in words and numbers. */
function PeopleTable({ brand, net, community }: { brand: string; net: Net; community: (id: number) => string }) {
  const { t, tn, n, pct, score, ratio } = useI18n()
  const [u, set] = useUrlState()
  const [rows, setRows] = useState(ROWS)
  const by: Sort = u.sort && u.sort in SORTS ? u.sort as Sort : 'share'
  const people = useMemo(() => (by === 'share' ? net.nodes : [...net.nodes].sort((a, b) => SORTS[by](b) - SORTS[by](a) || b.share - a.share)), [net, by])
  useKeys(useCallback((key, el) => {
    if (key !== 'j' && key !== 'k') return false
    const links = [...document.querySelectorAll<HTMLElement>('.nettable a[id]')], here = links.findIndex(x => x.closest('tr') === el.closest('tr'))
    links[Math.max(0, Math.min(links.length - 1, here + (key === 'j' ? 1 : -1)))]?.focus()
    return true
  }, []))
  const th = (key: Key, sort: Sort, cls = '') => <th scope="col" className={'r ' + cls} aria-sort={by === sort ? 'descending' : undefined}><button onClick={() => set({ sort: sort === 'share' ? undefined : sort }, true)}><span className="sr">{t('sort_by')} </span>{t(key)}{by === sort && <ArrowDown aria-hidden />}</button></th>
  return (
    <>
      <div className="scroll nettable" role="region" aria-label={t('net_table')} tabIndex={0}>
        <table className="plain">
          <caption className="sr">{t('net_title')}</caption>
          <thead><tr><th scope="col">{t('c_person')}</th><th scope="col" className="hide-sm">{t('net_comm')}</th>{th('net_share', 'share')}{th('net_bridge', 'bridge', 'hide-sm')}{th('net_counter', 'counterparts')}{th('c_mentions', 'mentions', 'hide-sm')}{th('c_score', 'score')}</tr></thead>
          <tbody>{people.slice(0, rows).map(x => (
            <tr key={x.id} data-id={x.id}>
              <th scope="row"><Name brand={brand} node={x} idPrefix="n-" /> <span className="plats">{x.platforms.map(p => <Platform key={p} p={p} />)}</span>{x.connector && <span className="pill xs warn">{t('net_connector')}</span>}</th>
              <td className="comm hide-sm" title={community(x.community)}><i className="sw round" style={{ background: `var(${color(x.community)})` }} /> {community(x.community)}</td>
              <td className="r num">{pct(x.share, 1)}</td><td className="r num hide-sm">{ratio(x.bridge)}</td><td className="r num">{n(x.counterparts)}</td>
              <td className="r num hide-sm">{n(x.mentions)}</td><td className="r num">{x.score === null ? <Unknown /> : score(x.score)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      <div className="tfoot"><span className="num" role="status">{tn('showing', people.length, { a: Math.min(rows, people.length) })}</span><span className="grow" />{rows < people.length && <button className="btn sm" onClick={() => setRows(r => r + ROWS)}>{t('more_rows')}</button>}</div>
      <p className="nethelp">{t('net_columns')}</p>
    </>
  )
}
