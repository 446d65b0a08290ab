import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { PageProps } from '../app'
import { daysAgo, refresh, rfvQuery, scansQuery, sourcesQuery, STORED, topicsQuery, useMentions, viewTop, voiceQuery, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { scanned, useScan } from '../live'
import { Block, PersonCell, platformName, Tongue, WAIT } from '../ui/bits'
import { Link } from '../ui/link'
import { PostCard, termsOf } from '../ui/post'
import { to, useUrlState } from '../url'
import NothingRead from './nothing'
import Since, { Stages } from './since'
import OpenTasks from './tasks'

const DAY = 86_400_000
const GROUPS: Record<string, Key> = { champions: 'g_champions', loyal: 'g_loyal', fresh: 'g_fresh', fading: 'g_fading', lapsing: 'g_lapsing', dormant: 'g_dormant' }

/** What a team looks at first: how much was said, who is new, who rises, who falls silent, whom to answer. */
export default function OverviewPage({ brand }: PageProps) {
  const { t } = useI18n()
  // Where nothing was ever read, silence is not the people's.
  const mentions = useMentions(brand.name, { limit: 1 }), nothing = mentions.data?.pages[0].items.length === 0
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div><h1>{t('ov_title')}</h1><p>{t('ov_lead', { brand: brand.name })}</p></div><span className="grow" /><Link className="btn primary" href={to(brand.name, 'advocates')}>{t('ov_open')}</Link></div>
      <Scanning brand={brand.name} />
      <Numbers brand={brand.name} />
      <Sources brand={brand.name} />
      <div className="grid2 teamrow"><OpenTasks brand={brand.name} /><Since brand={brand.name} key={brand.name} /></div>
      <div className="teamrow"><Stages brand={brand.name} /></div>
      {nothing ? <div className="card"><NothingRead brand={brand.name} /></div> : <><div className="grid2 shorts">
        <div className="stackv"><Short brand={brand.name} view="rising" /><Short brand={brand.name} view="cooling" /><Groups brand={brand.name} /></div>
        <div className="stackv"><Short brand={brand.name} view="critics" /><Short brand={brand.name} view="new" /><Said brand={brand.name} /></div>
      </div>
      <Best brand={brand} /></>}
    </main>
  )
}

function Numbers({ brand }: { brand: string }) {
  const { t, n, pct, change } = useI18n()
  const now = useQuery(voiceQuery(brand))
  const since = now.data ? Date.parse(now.data.since) : undefined
  const back = (ms: number) => (since === undefined ? undefined : new Date(since - ms).toISOString())
  const before = useQuery({ ...voiceQuery(brand, back(1000), back(28 * DAY)), enabled: !!since })
  const [tone, toneBefore] = useQueries({ queries: [
    { ...topicsQuery(brand, { since: now.data?.since, until: now.data?.until, limit: 1 }), enabled: !!since },
    { ...topicsQuery(brand, { since: back(28 * DAY), until: back(1000), limit: 1 }), enabled: !!since },
  ] })
  const a = now.data?.brands[0], b = before.data?.brands[0]
  const share = (x?: Schemas['TopicList']) => (x && x.read > 0 && x.tone.unknown < 1 ? x.tone.positive / (1 - x.tone.unknown) : undefined)
  const p = share(tone.data), q = share(toneBefore.data)
  const delta = (x?: number | null, y?: number | null) => (x == null || !y ? <span>{before.data ? t('k_28_none') : ''}</span> : <><span className={x >= y ? 'up' : 'down'}>{change(x / y - 1)}</span> {t('k_28_b')}</>)
  const cell = (label: Key, v: React.ReactNode, d: React.ReactNode) => <div className="kpi"><dt>{t(label)}</dt><dd className="num">{v}</dd><dd className="delta num">{d}</dd></div>
  if (now.isError) return <Block query={now}>{() => null}</Block>
  return (
    <dl className="kpis">
      {cell('ov_people', a ? n(a.people) : WAIT, delta(a?.people, b?.people))}
      {cell('ov_mentions', a ? n(a.mentions) : WAIT, delta(a?.mentions, b?.mentions))}
      {cell('ov_advocates', a ? (a.advocates === null ? '—' : n(a.advocates)) : WAIT, a?.advocates === null ? t('too_few_t') : delta(a?.advocates, b?.advocates))}
      {cell('ov_positive', p === undefined ? (tone.data ? '—' : WAIT) : pct(p), p !== undefined && q !== undefined ? <><span className={p >= q ? 'up' : 'down'}>{t('points', { p: change(p - q).replace(/[\s\u00a0]?%/, '') })}</span> {t('k_28_b')}</> : '')}
    </dl>
  )
}

/** A scan under way, as it happens; when it ends, what it brought is shown. */
function Scanning({ brand }: { brand: string }) {
  const { t } = useI18n()
  const cache = useQueryClient()
  const scans = useQuery(scansQuery(brand)), sources = useQuery(sourcesQuery(brand))
  const first = scans.data?.items.length === 1
  const { scan, lost } = useScan(brand, scans.data?.items.find(s => s.state === 'running'), () => {
    void refresh(cache, brand, [...STORED, 'scans', 'sources'])
  })
  if (scan?.state !== 'running') return null
  return <div className="callout calm" role="status"><p>{t(first ? 'ov_first' : 'ov_scan', scanned(scan, sources.data?.items.length ?? 0))}. {lost && t('sc_lost')} <Link href={to(brand, 'scans')}>{t('ov_watch')}</Link></p></div>
}

/** Says calmly what could not be read lately. */
function Sources({ brand }: { brand: string }) {
  const { t } = useI18n()
  const sources = useQuery(sourcesQuery(brand))
  const failing = sources.data?.items.filter(s => s.failing_since) ?? []
  if (!failing.length) return null
  return <div className="callout" role="note"><p>{t('ov_failing', { list: failing.map(s => platformName(s.source)).join(', ') })} <Link href={to(brand, 'scans')}>{t('nav_scans')}</Link></p></div>
}

function Short({ brand, view }: { brand: string; view: 'rising' | 'cooling' | 'critics' | 'new' }) {
  const i = useI18n(), { t, n } = i
  const title = t(`v_${view}`)
  const [, set] = useUrlState()
  const list = useQuery(viewTop(brand, view, 5))
  return (
    <section className="card short">
      <div className="sechrow"><h2 className="sech">{title} {list.data && list.data.total > 0 && <small className="num">{n(list.data.total)}</small>}</h2><span className="grow" />{list.data && list.data.total > 5 && <Link className="more" href={to(brand, 'advocates', { view })}>{t('see_all')}<span className="sr"> {title}</span></Link>}</div>
      <Block query={list} rows={4}>{d => d.items.length ? <ul>{d.items.map(m => <li key={m.person.id}><PersonCell a={m.person} href={'?person=' + m.person.id} onOpen={id => set({ person: id })} /><p className="muted">{m.reasons[0] && i.said(m.reasons[0])}</p></li>)}</ul> : <p className="muted">{d.empty ? i.said(d.empty) : t('ov_nobody')}{d.notes.map((x, k) => <span key={k}> {i.said(x)}</span>)}</p>}</Block>
    </section>
  )
}

function Groups({ brand }: { brand: string }) {
  const i = useI18n(), { t, n } = i
  const grid = useQuery(rfvQuery(brand))
  return (
    <section className="card pad">
      <h2 className="sech">{t('ov_groups')} <small>{t('ov_groups_h')}</small></h2>
      <Block query={grid} rows={4}>{d => {
        const top = Math.max(1, ...d.groups.map(g => g.people))
        return <><dl className="comp groups">{d.groups.map(g => <div className="row" key={g.name}><dt>{t(GROUPS[g.name] ?? 'g_dormant')}</dt><dd className="track" aria-hidden><i style={{ width: (100 * g.people) / top + '%' }} /></dd><dd className="num"><b>{n(g.people)}</b></dd><dd className="why2">{i.said(g.words)}</dd></div>)}</dl>{d.paid > 0 && <p className="muted gap">{i.tn('ov_paid', d.paid)}</p>}</>
      }}</Block>
    </section>
  )
}

function Said({ brand }: { brand: string }) {
  const { t, n } = useI18n()
  const topics = useQuery(topicsQuery(brand, { limit: 10 }))
  return (
    <section className="card pad">
      <div className="sechrow"><h2 className="sech">{t('ov_said')}</h2><span className="grow" /><Link className="more" href={to(brand, 'content')}>{t('see_all')}<span className="sr"> {t('ov_said')}</span></Link></div>
      <Block query={topics} rows={4}>{d => <dl className="topics">{([['topic_praise', d.praise, 'pos'], ['topic_blame', d.blame, 'neg']] as const).map(([key, list, tone]) => <div key={key}><dt>{t(key)}</dt><dd>{list.length ? list.map(x => <span key={x.phrase + x.lang} className={'tagw ' + tone} lang={x.lang ?? undefined}>{x.phrase}<Tongue of={x} among={list} /> <small className="num">{n(x.mentions)}</small></span>) : <span className="muted">{t('topics_none')}</span>}</dd></div>)}</dl>}</Block>
    </section>
  )
}

function Best({ brand }: { brand: Schemas['Brand'] }) {
  const { t } = useI18n()
  const posts = useMentions(brand.name, { sort: 'engagement', since: daysAgo(28), authored: true, limit: 4 })
  return (
    <section className="below">
      <h2 className="sech">{t('ov_best')} <small>{t('f_days', { n: 28 })}</small></h2>
      <Block query={posts}>{d => d.pages[0].items.length ? <div className="posts two">{d.pages[0].items.map(p => <PostCard key={p.key} brand={brand} post={p} terms={termsOf(brand.query)} author />)}</div> : <p className="muted">{t('ov_nobest')}</p>}</Block>
    </section>
  )
}
