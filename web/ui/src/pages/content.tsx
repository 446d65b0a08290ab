import { useMemo } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { PageProps } from '../app'
import { daysAgo, topicsQuery, useMentions, type Schemas } from '../api'
import { useI18n } from '../i18n'
import { Block, platformName, PLATFORMS, Tongue } from '../ui/bits'
import { PostCard, termsOf } from '../ui/post'
import { useUrlState } from '../url'

const LISTS = [['praise', 'topic_praise', 'topic_praise_h'], ['blame', 'topic_blame', 'topic_blame_h'], ['common', 'topic_common', 'topic_common_h']] as const

/** What people praise and blame, and the posts that were reacted to most. */
export default function ContentPage({ brand }: PageProps) {
  const { t, n } = useI18n()
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
      <Block query={topics}>{d => (
        <>
          <section className="card pad"><h2 className="sech">{t('co_tone')} <small>{t(d.more ? 'co_more' : 'co_read', { n: d.read })}</small></h2><ToneSplit tone={d.tone} /></section>
          <div className="grid3 below">{LISTS.map(([key, title, help]) => <section className="card pad" key={key}><h2 className="sech">{t(title)}</h2><p className="muted">{t(help)}</p>{d[key].length ? <TopicTable topics={d[key]} label={t(title)} /> : <p className="muted gap">{t('topics_none')}</p>}</section>)}</div>
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

function TopicTable({ topics, label }: { topics: Schemas['Topic'][]; label: string }) {
  const { t, n, pct } = useI18n()
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="plain"><caption className="sr">{label}</caption>
        <thead><tr><th scope="col">{t('topic')}</th><th scope="col" className="r">{t('c_mentions')}</th><th scope="col" className="r">{t('authors')}</th><th scope="col" className="r">{t('positive_s')}</th></tr></thead>
        <tbody>{topics.map(x => <tr key={x.phrase + x.lang}><th scope="row" lang={x.lang ?? undefined} className="wrap">{x.phrase}<Tongue of={x} among={topics} /></th><td className="r num">{n(x.mentions)}</td><td className="r num">{n(x.authors)}</td><td className="r num">{x.tone.unknown < 1 ? pct(x.tone.positive / (1 - x.tone.unknown)) : '—'}</td></tr>)}</tbody>
      </table>
    </div>
  )
}
