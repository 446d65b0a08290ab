import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { PageProps } from '../app'
import { daysAgo, topicsQuery, useMentions, type Schemas } from '../api'
import { Hours } from '../charts/hours'
import { useI18n } from '../i18n'
import { Block, platformName, PLATFORMS, Tongue, Unknown } from '../ui/bits'
import { PostCard, termsOf } from '../ui/post'
import { useUrlState } from '../url'
import NothingRead from './nothing'

const LISTS = [['praise', 'topic_praise', 'topic_praise_h'], ['blame', 'topic_blame', 'topic_blame_h'], ['moving', 'co_moving', 'co_moving_h'], ['common', 'topic_common', 'topic_common_h']] as const

/** What people praise and blame, and the posts that were reacted to most. */
export default function ContentPage({ brand }: PageProps) {
  const { t, tn, n } = useI18n()
  const [u, set] = useUrlState()
  const since = Number(u.days) > 0 ? daysAgo(Number(u.days)) : undefined
  const topics = useQuery(topicsQuery(brand.name, { platform: u.platform, since, limit: 15 }))
  const posts = useMentions(brand.name, { platform: u.platform, since, sort: 'engagement', authored: true, limit: 12 })
  const terms = useMemo(() => termsOf(brand.query), [brand.query])
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div className="narrow"><h1>{t('co_title')}</h1><p>{t('co_lead')}</p></div></div>
      <div className="filters">
        <label className="selectl">{t('f_platform')} <select value={u.platform ?? ''} onChange={e => set({ platform: e.target.value || undefined })}><option value="">{t('any')}</option>{PLATFORMS.map(p => <option key={p} value={p}>{platformName(p)}</option>)}</select></label>
        <label className="selectl">{t('f_period')} <select value={u.days ?? ''} onChange={e => set({ days: e.target.value || undefined })}><option value="">{t('all_time')}</option>{[7, 30, 90].map(d => <option key={d} value={d}>{t('f_days', { n: d })}</option>)}</select></label>
      </div>
      <Block query={topics}>{d => !d.read && posts.data?.pages[0].items.length === 0 && !u.platform && !since ? <div className="card"><NothingRead brand={brand.name} /></div> : (
        <>
          <section className="card pad"><h2 className="sech">{t('co_tone')} <small>{d.more ? t('co_more', { n: d.read }) : tn('co_read', d.read)}</small></h2>{d.read ? <ToneSplit tone={d.tone} /> : <p className="muted gap">{t('topics_none')}</p>}</section>
          <div className="grid2 below">
            <section className="card pad"><h2 className="sech">{t('co_where')}</h2><p className="muted">{t('co_where_h')}</p><Places moments={d.moments} /></section>
            <section className="card pad"><h2 className="sech">{t('co_when')}</h2><p className="muted">{t('co_when_h')}</p><Times moments={d.moments} /></section>
          </div>
          <div className="grid2 below">{LISTS.map(([key, title, help]) => <section className="card pad" key={key}><h2 className="sech">{t(title)}</h2><p className="muted">{t(help)}</p>{d[key].length ? <TopicTable topics={d[key]} label={t(title)} reactions={key === 'moving'} /> : <p className="muted gap">{t('topics_none')}</p>}</section>)}</div>
        </>
      )}</Block>
      <section className="below">
        <h2 className="sech">{t('co_posts')}</h2>
        <Block query={posts}>{d => d.pages[0].items.length ? <div className="posts two">{d.pages[0].items.map(p => <PostCard key={p.key} brand={brand} post={p} terms={terms} author />)}</div> : <p className="muted">{t('m_none')}</p>}</Block>
      </section>
      <span className="sr" role="status">{topics.data && n(topics.data.read)}</span>
    </main>
  )
}

const PARTS = [['positive', 'pos'], ['neutral', 'neu'], ['negative', 'neg'], ['unknown', '']] as const

function ToneSplit({ tone }: { tone: Schemas['Tone'] }) {
  const { t, pct } = useI18n()
  const parts = PARTS.filter(([k]) => k !== 'unknown' || tone[k] >= 0.005)
  return (
    <>
      <div className="tonesplit" aria-hidden>{parts.map(([k, c]) => <i key={k} style={{ width: tone[k] * 100 + '%', background: c ? `var(--${c})` : undefined }} className={c ? undefined : 'unk'} />)}</div>
      <ul className="legend">{parts.map(([k, c]) => <li key={k}><i className={'sw' + (c ? '' : ' unk')} style={c ? { background: `var(--${c})` } : undefined} />{t(k === 'unknown' ? 'not_judged' : k)} <b className="num">{pct(tone[k])}</b></li>)}</ul>
    </>
  )
}

type Moments = Schemas['TopicMoment'][]

/** What was said and what came back, by `key`; those with most mentions first. */
function gathered<K>(moments: Moments, key: (m: Moments[number]) => K) {
  const sums = new Map<K, { mentions: number; engagement: number; engaged: number }>()
  for (const m of moments) {
    const s = sums.get(key(m)) ?? { mentions: 0, engagement: 0, engaged: 0 }
    sums.set(key(m), { mentions: s.mentions + m.mentions, engagement: s.engagement + (m.engagement ?? 0), engaged: s.engaged + m.engaged })
  }
  return [...sums].sort((a, b) => b[1].mentions - a[1].mentions)
}

function Places({ moments }: { moments: Moments }) {
  const { t, n, compact } = useI18n()
  const rows = gathered(moments, m => m.platform)
  if (!rows.length) return <p className="muted gap">{t('topics_none')}</p>
  return (
    <div className="scroll" role="region" aria-label={t('co_where')} tabIndex={0}>
      <table className="plain"><caption className="sr">{t('co_where')}</caption>
        <thead><tr><th scope="col">{t('f_platform')}</th><th scope="col" className="r">{t('c_mentions')}</th><th scope="col" className="r">{t('c_reactions')}</th><th scope="col" className="r">{t('co_each')}</th></tr></thead>
        <tbody>{rows.map(([p, s]) => <tr key={p}><th scope="row">{platformName(p)}</th><td className="r num">{n(s.mentions)}</td><td className="r num">{s.engaged ? compact(s.engagement) : <Unknown />}</td><td className="r num">{s.engaged ? compact(s.engagement / s.engaged) : <Unknown />}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

/** Hours as the reader's clock has them now. */
function Times({ moments }: { moments: Moments }) {
  const { t, n, compact } = useI18n()
  const ahead = Math.round(-new Date().getTimezoneOffset() / 60), here = (hour: number) => (hour + ahead + 24) % 24
  const known = moments.filter(m => m.hour !== null), by = new Map(gathered(known, m => here(m.hour!)))
  if (!known.length) return <p className="muted gap">{t('topics_none')}</p>
  const hours = Array.from({ length: 24 }, (_, h) => by.get(h) ?? { mentions: 0, engagement: 0, engaged: 0 })
  return (
    <>
      <Hours data={hours.map(h => h.mentions)} />
      <details className="data"><summary>{t('view_data')}</summary><div className="scroll" role="region" aria-label={t('co_when')} tabIndex={0}><table className="plain">
        <thead><tr><th scope="col">{t('co_hour_c')}</th><th scope="col" className="r">{t('c_mentions')}</th><th scope="col" className="r">{t('co_each')}</th></tr></thead>
        <tbody>{hours.map((s, h) => <tr key={h}><th scope="row" className="num">{h}</th><td className="r num">{n(s.mentions)}</td><td className="r num">{s.engaged ? compact(s.engagement / s.engaged) : <Unknown />}</td></tr>)}</tbody>
      </table></div></details>
    </>
  )
}

function TopicTable({ topics, label, reactions }: { topics: Schemas['Topic'][]; label: string; reactions?: boolean }) {
  const { t, n, pct, compact } = useI18n()
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="plain"><caption className="sr">{label}</caption>
        <thead><tr><th scope="col">{t('topic')}</th><th scope="col" className="r">{t('c_mentions')}</th><th scope="col" className="r">{t(reactions ? 'c_reactions' : 'authors')}</th><th scope="col" className="r">{t('positive_s')}</th></tr></thead>
        <tbody>{topics.map(x => <tr key={x.phrase + x.lang}><th scope="row" lang={x.lang ?? undefined} className="wrap">{x.phrase}<Tongue of={x} among={topics} /></th><td className="r num">{n(x.mentions)}</td><td className="r num">{!reactions ? n(x.authors) : x.engagement === null ? <Unknown /> : compact(x.engagement)}</td><td className="r num">{x.tone.unknown < 1 ? pct(x.tone.positive / (1 - x.tone.unknown)) : '—'}</td></tr>)}</tbody>
      </table>
    </div>
  )
}
