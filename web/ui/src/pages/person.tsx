import { Suspense, useMemo, useState, type ReactNode } from 'react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Minus, Maximize2, TriangleAlert, X } from 'lucide-react'
import { ApiError, choiceOf, circleQuery, client, identitiesQuery, nextPage, personQuery, RANKED, refresh, take, topicsQuery, useAdvocates, useMentions, whyQuery, type Choice, type Schemas } from '../api'
import { ComponentBars } from '../charts/small'
import { RatioBars } from '../charts/ratio'
import { WeeklyBars } from '../charts/weeks'
import { useI18n, type I18n } from '../i18n'
import { useMay } from '../me'
import { page } from '../page'
import { Avatar, Block, Flags, nameOf, Platform, platformName, roleKey, Tongue, Unknown } from '../ui/bits'
import { Link, outside } from '../ui/link'
import { Drawer } from '../ui/overlay'
import { PostCard, termsOf } from '../ui/post'
import { Tabs } from '../ui/tabs'
import { useToast } from '../ui/toast'
import { to, useUrlState, type Query } from '../url'

const Standing = page(() => import('./standing'))
const PersonNotes = page(() => import('./remarks'))
const History = page(() => import('./history'))
const Privacy = page(() => import('./privacy'))

type Brand = Schemas['Brand']
type Detail = Schemas['AdvocateDetail']

/** The filters that a person's place in the list depends on; those that only narrow the list do not. */
const asked = (u: Query): Choice => ({ ...choiceOf(u), where: undefined, min_mentions: undefined, status: undefined, tag: undefined, owner: undefined, tasks: undefined })

export default function PersonDrawer({ brand, id, onClose }: { brand: Brand; id: string; onClose: () => void }) {
  const { t } = useI18n()
  const [u] = useUrlState()
  const person = useQuery(personQuery(brand.name, id, asked(u)))
  const name = person.data ? nameOf(person.data.advocate) : t('loading')
  return (
    <Drawer label={name} onClose={onClose}>
      <div className="dtools">
        <Link className="btn ghost sm" href={to(brand.name, 'people/' + encodeURIComponent(id), { weights: u.weights, preset: u.preset, blend: u.blend })}><Maximize2 aria-hidden />{t('full_page')}</Link>
        <button className="btn ghost icon" onClick={onClose}><X aria-hidden /><span className="sr">{t('close')}</span></button>
      </div>
      <Block query={person} rows={12}>{d => <Person brand={brand} d={d} choice={asked(u)} />}</Block>
    </Drawer>
  )
}

const PARTS = ['why', 'posts', 'who', 'notes', 'history', 'privacy']
const Wait = ({ children }: { children: ReactNode }) => <Suspense fallback={<div className="skels slim" aria-hidden><div className="skel" /><div className="skel" /></div>}>{children}</Suspense>

/** All that is known of a person, in the drawer and on the page of its own. */
export function Person({ brand, d, choice, level = 2 }: { brand: Brand; d: Detail; choice: Choice; level?: 1 | 2 }) {
  const i = useI18n(), { t, n } = i
  const a = d.advocate, u = a.uncertainty, name = nameOf(a)
  const H = level === 1 ? 'h1' : 'h2'
  const [{ tab }] = useUrlState(), may = useMay(brand.name)
  return (
    <>
      <header className="dhead">
        <div className="dtop">
          <Avatar name={name} id={a.id} />
          <div className="dwho">
            <H><bdi>{name}</bdi></H>
            {(a.flags.length > 0 || a.segment === 'critic') && <div className="meta"><Flags a={a} />{a.segment === 'critic' && <span className="pill xs neg">{t('critic')}</span>}</div>}
            <ul className="accounts">{a.accounts.map(x => <li key={x.platform + x.key}><Platform p={x.platform} /><span>{platformName(x.platform)}</span> <bdi>@{x.handle ?? x.key}</bdi> <small>{x.followers === null ? t('followers_unknown') : i.tn('followers', x.followers)}</small></li>)}</ul>
          </div>
          <div className="dbig num">
            {a.score ? <b>{i.score(a.score.total)}</b> : <b><Unknown /></b>}
            {u && <small>{t('interval90', { a: i.score(u.score_low), b: i.score(u.score_high) })}</small>}
            {a.rank !== null && <small><strong>{t('rank_of', { r: a.rank, n: d.total })}</strong>{u && u.rank_first !== null && u.rank_last !== null && <>, {t('rank_likely', { a: u.rank_first, b: u.rank_last })}</>}</small>}
            {!a.score && <small>{t('no_score')}</small>}
          </div>
        </div>
        <Suspense fallback={<div className="standing" />}><Standing brand={brand.name} person={a} /></Suspense>
      </header>
      <Tabs label={t('tabs')} first={PARTS.indexOf(tab ?? '')} tabs={[
        { key: 'why', label: t('tab_why'), content: () => <Overview brand={brand} d={d} choice={choice} /> },
        { key: 'posts', label: `${t('tab_posts')} ${n(a.evidence.mentions)}`, content: () => <Posts brand={brand} id={a.id} /> },
        { key: 'who', label: t('tab_who'), content: () => <Who brand={brand} d={d} /> },
        { key: 'notes', label: t('tab_notes'), content: () => <Wait><PersonNotes brand={brand.name} id={a.id} /></Wait> },
        { key: 'history', label: t('tab_history'), content: () => <Wait><History brand={brand.name} id={a.id} /></Wait> },
        ...(may.on('manager') ? [{ key: 'privacy', label: t('tab_privacy'), content: () => <Wait><Privacy brand={brand} d={d} /></Wait> }] : []),
      ]} />
    </>
  )
}

function Overview({ brand, d, choice }: { brand: Brand; d: Detail; choice: Choice }) {
  const { t, n, pct, score, compact, date } = useI18n()
  const a = d.advocate, e = a.evidence
  const fact = (label: string, v: string | null) => <div><dt>{label}</dt><dd className="num">{v ?? <Unknown />}</dd></div>
  return (
    <>
      <Why brand={brand} d={d} choice={choice} />
      {a.score && <section><h3 className="sech">{t('parts')} <small>{t('parts_h')}</small></h3><ComponentBars a={a} /></section>}
      {a.score && <Difference brand={brand} d={d} choice={choice} />}
      {d.weeks.length > 0 && <section><h3 className="sech">{t('timeline')} {e.first && <small>{t('since', { date: date(e.first) })}</small>}</h3><WeeklyBars data={d.weeks} />
        <details className="data"><summary>{t('view_data')}</summary><div className="scroll" role="region" aria-label={t('timeline')} tabIndex={0}><table className="plain"><thead><tr><th scope="col">{t('week')}</th><th scope="col" className="r">{t('own_posts')}</th><th scope="col" className="r">{t('reposts')}</th><th scope="col" className="r">{t('c_sent')}</th></tr></thead><tbody>{[...d.weeks].reverse().map(w => <WeekRow key={w.start} w={w} />)}</tbody></table></div></details></section>}
      <section>
        <h3 className="sech">{t('facts')}</h3>
        <dl className="facts small">
          {fact(t('c_followers'), e.followers === null ? null : n(e.followers))}{fact(t('c_reactions'), e.engagement === null ? null : n(e.engagement))}{fact(t('f_views'), e.views === null ? null : compact(e.views))}
          {fact(t('f_counter'), e.counterparts === null ? null : n(e.counterparts))}{fact(t('f_active'), n(e.active_days))}{fact(t('f_conv'), n(e.conversation))}
        </dl>
      </section>
      <section>
        <h3 className="sech">{t('organic_t')}</h3>
        <div className="twobar" aria-hidden><i style={{ width: (100 * (e.mentions - e.sponsored)) / (e.mentions || 1) + '%' }} /><i className="spon" style={{ width: (100 * e.sponsored) / (e.mentions || 1) + '%' }} /></div>
        <p className="muted">{t('organic_b', { o: e.mentions - e.sponsored, s: e.sponsored })}</p>
      </section>
      <Authenticity brand={brand} d={d} />
      {d.platforms.length > 0 && <section><h3 className="sech">{t('active_on')}</h3><dl className="comp wide">{d.platforms.map(p => <div className="row" key={p.platform}><dt><Platform p={p.platform} />{platformName(p.platform)}</dt><dd className="track"><i style={{ width: (100 * p.evidence.mentions) / (e.mentions || 1) + '%', background: 'var(--c-volume)' }} /></dd><dd className="num"><b>{n(p.evidence.mentions)}</b> <small>{p.score ? t('score_alone', { s: score(p.score.total) }) : pct(p.evidence.mentions / (e.mentions || 1))}</small></dd></div>)}</dl></section>}
      <Topics brand={brand} id={a.id} />
      {d.top_posts.length > 0 && <section><h3 className="sech">{t('top_posts')}</h3><div className="posts">{d.top_posts.slice(0, 5).map(p => <PostCard key={p.key} brand={brand} post={p} terms={termsOf(brand.query)} />)}</div></section>}
    </>
  )
}

function WeekRow({ w }: { w: Schemas['Week'] }) {
  const { n, date, signed } = useI18n()
  return <tr><th scope="row">{date(w.start)}</th><td className="r num">{n(w.mentions)}</td><td className="r num">{n(w.reposts)}</td><td className="r num">{w.sentiment === null ? <Unknown /> : signed(w.sentiment)}</td></tr>
}

/** The sentences that make a score, the weightiest component first, each with the posts that show it. */
function Why({ brand, d, choice }: { brand: Brand; d: Detail; choice: Choice }) {
  const i = useI18n(), { t } = i
  const a = d.advocate
  const why = useQuery(whyQuery(brand.name, a.id, choice))
  const [open, setOpen] = useState<number>()
  const terms = useMemo(() => termsOf(brand.query), [brand.query])
  return (
    <section className="why">
      <h3>{a.rank === null ? t('why_plain', { name: nameOf(a) }) : t('why', { name: nameOf(a), rank: a.rank })}</h3>
      {!why.data ? why.isError ? <p className="muted">{t('err')}</p> : <div className="skels slim" aria-hidden><div className="skel" /><div className="skel" /><div className="skel" /></div> : (
        <ul>
          {why.data.claims.filter(c => c.code !== 'share' && c.code !== 'place').map((c, k) => (
            <li key={k}>
              {c.component ? <i className="sw" style={{ background: `var(--c-${c.component})` }} /> : <Check aria-hidden />}
              <div>{i.said(c.words)}{c.posts.length > 0 && c.code !== 'followers' && <> <button className="linkb" aria-expanded={open === k} onClick={() => setOpen(open === k ? undefined : k)}>{i.tn('see_posts', c.posts.length)}</button></>}
                {open === k && <div className="posts">{c.posts.map(p => <PostCard key={p.key} brand={brand} post={p} terms={terms} />)}</div>}</div>
            </li>
          ))}
        </ul>
      )}
      {a.uncertainty?.small_sample && <p className="caution"><TriangleAlert aria-hidden />{t('low_sample')}</p>}
    </section>
  )
}

/** Why this score is another than somebody else's; at first the neighbour in the list. */
function Difference({ brand, d, choice }: { brand: Brand; d: Detail; choice: Choice }) {
  const i = useI18n(), { t } = i
  const a = d.advocate
  const list = useAdvocates(brand.name, { ...choice, limit: 50 })
  const others = (list.data?.pages[0].items ?? []).filter(x => x.id !== a.id && x.score)
  const [chosen, setChosen] = useState('')
  const neighbour = others.find(x => x.rank === (a.rank ?? 0) - 1) ?? others[0]
  const other = chosen || neighbour?.id
  const why = useQuery({ ...whyQuery(brand.name, a.id, choice, other), enabled: !!other })
  const v = why.data?.versus
  if (!other) return null
  return (
    <section>
      <div className="sechrow"><h3 className="sech">{t('ratio_t')}</h3><span className="grow" /><label className="selectl">{t('ratio_with')} <select value={other} onChange={e => setChosen(e.target.value)}>{others.map(x => <option key={x.id} value={x.id}>{`${t('rank_n', { n: x.rank ?? 0 })} ${nameOf(x)}`}</option>)}</select></label></div>
      {v ? <><RatioBars v={v} blend={why.data!.receipt.blend} /><p className="muted">{i.said(v.words[0] ?? { es: '', en: '' })} {t(why.data!.receipt.blend === 'arithmetic' ? 'ratio_adds' : 'ratio_multiplies')}</p></>
        : why.isError ? <p className="muted">{why.error instanceof ApiError && why.error.status < 500 ? t('ratio_refused') : t('err')}</p> : <div className="skels slim" aria-hidden><div className="skel" /><div className="skel" /></div>}
    </section>
  )
}

function reasonsOf(f: Schemas['Flag'], i: I18n) {
  return f.reasons.map((r, k) => <li key={k} data-effect={r.weight < 0 ? 'human' : 'automated'}>{r.weight < 0 ? <Check aria-hidden /> : <Minus aria-hidden />}<span>{i.said(r.text as never)}</span></li>)
}

/** How likely somebody is automated, why, and the team's own word, which can be taken back. */
function Authenticity({ brand, d }: { brand: Brand; d: Detail }) {
  const i = useI18n(), { t, pct } = i
  const toast = useToast(), cache = useQueryClient()
  const a = d.advocate
  const automated = a.flags.find(f => f.code === 'automated'), genuine = a.flags.some(f => f.code === 'genuine')
  const may = useMay(brand.name).on('analyst')
  const said = genuine ? 'genuine' : automated?.team ? 'automated' : null
  const path = { params: { path: { brand: brand.name, id: a.id } } }
  const decide = useMutation({
    mutationFn: (v: 'genuine' | 'automated' | null) => v === null
      ? take(client.DELETE('/brands/{brand}/advocates/{id}/authenticity', path))
      : take(client.PUT('/brands/{brand}/advocates/{id}/authenticity', { ...path, body: { verdict: v } })),
    onSuccess: () => refresh(cache, brand.name, DECIDED), onError: e => toast(e instanceof ApiError && e.status === 403 ? t('err_forbidden') : t('err_save')),
  })
  const say = (v: 'genuine' | 'automated' | null) => {
    const before = said
    decide.mutate(v, { onSuccess: () => toast(t(v === 'genuine' ? 'done_genuine' : v === 'automated' ? 'done_automated' : 'done_back'), () => decide.mutate(before)) })
  }
  return (
    <section>
      <h3 className="sech">{t('auth_t')} <small className={automated ? 'warn' : ''}>{said === 'genuine' ? t('flag_genuine') : automated ? (automated.team ? t('flag_automated_team') : t('flag_automated', { p: pct(automated.probability ?? 0) })) : t('auth_none')}</small></h3>
      {automated && automated.reasons.length > 0 && <ul className="reasons">{reasonsOf(automated, i)}</ul>}
      {a.flags.filter(f => f.code === 'organisation' || f.code === 'repeater').map(f => <div key={f.code}><p className="flagt">{t(f.code === 'repeater' ? 'flag_repeater' : 'flag_organisation')}</p><ul className="reasons">{reasonsOf(f, i)}</ul></div>)}
      {may && <div className="row8">
        {said ? <button className="btn sm" disabled={decide.isPending} onClick={() => say(null)}>{t('auth_back')}</button> : <>
          <button className="btn sm" disabled={decide.isPending} onClick={() => say('genuine')}>{t('auth_genuine')}</button>
          <button className="btn sm" disabled={decide.isPending} onClick={() => say('automated')}>{t('auth_automated')}</button></>}
      </div>}
      <p className="muted">{t('auth_note')}</p>
    </section>
  )
}

/** What follows from decisions about a person. */
const DECIDED = [...RANKED, 'circle', 'identities', 'history', 'workflow']

function Topics({ brand, id }: { brand: Brand; id: string }) {
  const { t } = useI18n()
  const topics = useQuery(topicsQuery(brand.name, { author: id, limit: 8 }))
  const lists = topics.data ? ([['topic_praise_1', topics.data.praise, 'pos'], ['topic_blame_1', topics.data.blame, 'neg'], ['topic_typical', topics.data.typical, '']] as const).filter(l => l[1].length) : []
  if (!lists.length) return null
  return <section><h3 className="sech">{t('topics_t')}</h3><dl className="topics">{lists.map(([key, list, tone]) => <div key={key}><dt>{t(key)}</dt><dd>{list.map(x => <span key={x.phrase + x.lang} className={'tagw ' + tone} lang={x.lang ?? undefined}>{x.phrase}<Tongue of={x} among={list} /></span>)}</dd></div>)}</dl></section>
}

function Posts({ brand, id }: { brand: Brand; id: string }) {
  const { t } = useI18n()
  const list = useMentions(brand.name, { person: id }), may = useMay(brand.name).on('analyst')
  const terms = useMemo(() => termsOf(brand.query), [brand.query])
  return (
    <Block query={list}>{d => (
      <div className="posts">
        {d.pages.flatMap(p => p.items).map(p => <PostCard key={p.key} brand={brand} post={p} terms={terms} edit={may} />)}
        {list.hasNextPage && <button className="btn" disabled={list.isFetchingNextPage} onClick={() => void nextPage(list)}>{t('more_rows')}</button>}
      </div>
    )}</Block>
  )
}

const levels = { 'very-likely': 'level_very', likely: 'level_likely', possible: 'level_possible' } as const

/** Accounts and why they are one person's, suggestions to join more, and whether somebody belongs to the brand's circle. */
function Who({ brand, d }: { brand: Brand; d: Detail }) {
  const i = useI18n(), { t, pct } = i
  const toast = useToast(), cache = useQueryClient()
  const a = d.advocate, mine = new Set(a.accounts.map(x => x.platform + '/' + x.key))
  const identities = useQuery(identitiesQuery(brand.name)), circle = useQuery(circleQuery(brand.name))
  const suggested = identities.data?.items.filter(s => mine.has(s.a.platform + '/' + s.a.key) || mine.has(s.b.platform + '/' + s.b.key)) ?? []
  const may = useMay(brand.name).on('analyst')
  const member = circle.data?.items.find(m => m.id === a.id)
  const failed = (e: unknown) => toast(e instanceof ApiError && e.status === 403 ? t('err_forbidden') : t('err_save'))
  const link = useMutation({
    mutationFn: ({ a, b, decision }: { a: string; b: string; decision: 'accepted' | 'rejected' | null }) => decision === null
      ? take(client.DELETE('/brands/{brand}/identities/{a}/{b}', { params: { path: { brand: brand.name, a, b } } })) as Promise<unknown>
      : take(client.PUT('/brands/{brand}/identities/{a}/{b}', { params: { path: { brand: brand.name, a, b } }, body: { decision } })),
    onSuccess: () => refresh(cache, brand.name, DECIDED), onError: failed,
  })
  const join = (x: string, y: string, decision: 'accepted' | 'rejected') => link.mutate({ a: x, b: y, decision }, { onSuccess: () => toast(t(decision === 'accepted' ? 'done_joined' : 'done_apart'), () => link.mutate({ a: x, b: y, decision: null })) })
  const role = useMutation({
    mutationFn: (r: Schemas['NewRole']['role'] | null) => r === null
      ? take(client.DELETE('/brands/{brand}/circle/{id}', { params: { path: { brand: brand.name, id: a.id } } })) as Promise<unknown>
      : take(client.PUT('/brands/{brand}/circle/{id}', { params: { path: { brand: brand.name, id: a.id } }, body: { role: r } })),
    onSuccess: () => refresh(cache, brand.name, DECIDED), onError: failed,
  })
  const decided = member?.status === 'confirmed' ? member.role as Schemas['NewRole']['role'] : member?.status === 'dismissed' ? 'none' : null
  const setRole = (r: Schemas['NewRole']['role'] | null) => {
    const before = decided
    role.mutate(r, { onSuccess: () => toast(t(r === null ? 'done_back' : r === 'none' ? 'done_notcircle' : 'done_circle'), () => role.mutate(before)) })
  }
  return (
    <>
      <section>
        <h3 className="sech">{t('ids_t')}</h3>
        <ul className="posts">{a.accounts.map(x => <li className="post idrow" key={x.platform + x.key}><Platform p={x.platform} /><b>{platformName(x.platform)}</b><bdi>@{x.handle ?? x.key}</bdi><span className="grow" />{outside((x as { url?: string }).url) && <a href={(x as { url?: string }).url} target="_blank" rel="noreferrer noopener">{t('open_profile')}</a>}</li>)}</ul>
        <p className="muted">{a.accounts.length > 1 ? t('ids_joined') : t('ids_one')}</p>
        {d.links.map((l, k) => <div className="post" key={k}><p>{i.t(l.decision === 'accepted' ? 'link_yes' : 'link_no', { a: l.a.handle ?? l.a.key, b: l.b.handle ?? l.b.key, by: l.by, date: i.date(l.at) })}</p><ul className="reasons">{l.reasons.map((r, m) => <li key={m}><Check aria-hidden /><span>{i.said(r.text as never)}</span></li>)}</ul>{may && <div className="row8"><button className="btn sm" disabled={link.isPending} onClick={() => link.mutate({ a: l.a.id, b: l.b.id, decision: null }, { onSuccess: () => toast(t('done_back'), () => link.mutate({ a: l.a.id, b: l.b.id, decision: l.decision as 'accepted' })) })}>{t(l.decision === 'accepted' ? 'ids_split' : 'auth_back')}</button></div>}</div>)}
      </section>
      {suggested.map(s => (
        <section className="why" key={s.a.id + s.b.id}>
          <h3>{t('ids_maybe')} <small>{t(levels[s.level as keyof typeof levels] ?? 'level_possible')} ({pct(s.confidence)})</small></h3>
          <p className="pair"><Platform p={s.a.platform} /><bdi>@{s.a.handle ?? s.a.key}</bdi> · <Platform p={s.b.platform} /><bdi>@{s.b.handle ?? s.b.key}</bdi></p>
          <ul>{s.reasons.map((r, k) => <li key={k}><Check aria-hidden /><div>{i.said(r.text as never)}</div></li>)}</ul>
          {may && <div className="row8"><button className="btn sm primary" disabled={link.isPending} onClick={() => join(s.a.id, s.b.id, 'accepted')}>{t('ids_same')}</button><button className="btn sm" disabled={link.isPending} onClick={() => join(s.a.id, s.b.id, 'rejected')}>{t('ids_different')}</button></div>}
        </section>
      ))}
      <section>
        <h3 className="sech">{t('circle_t')}</h3>
        {!member ? <p className="muted">{t('circle_none')}</p> : member.status === 'suggested' ? (
          <>
            {member.suggestions.map(s => <div key={s.role}><p>{t('circle_maybe', { role: t(roleKey(s.role)).toLocaleLowerCase(i.locale), p: pct(s.probability) })}</p><ul className="reasons">{s.reasons.map((r, k) => <li key={k}><Check aria-hidden /><span>{i.said(r.text as never)}</span></li>)}</ul></div>)}
            {may && <div className="row8">{member.suggestions.slice(0, 1).map(s => <button key={s.role} className="btn sm primary" disabled={role.isPending} onClick={() => setRole(s.role as Schemas['NewRole']['role'])}>{t('circle_yes', { role: t(roleKey(s.role)) })}</button>)}<button className="btn sm" disabled={role.isPending} onClick={() => setRole('none')}>{t('circle_no')}</button></div>}
          </>
        ) : <><p>{member.status === 'confirmed' ? t('circle_is', { role: t(roleKey(member.role)) }) : t('circle_not')}</p>{may && <div className="row8"><button className="btn sm" disabled={role.isPending} onClick={() => setRole(null)}>{t('auth_back')}</button></div>}</>}
        <p className="muted">{t('circle_note')}</p>
      </section>
    </>
  )
}
