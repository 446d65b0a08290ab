import { Suspense, useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { PageProps } from '../app'
import { client, daysAgo, nextPage, personQuery, take, useMentions, type Mention } from '../api'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { page } from '../page'
import { Block, nameOf, platformName, PLATFORMS } from '../ui/bits'
import { Popover } from '../ui/overlay'
import { PostCard, termsOf } from '../ui/post'
import { useUrlState } from '../url'
import { ExportLinks } from './export'

const ToneWhy = page(() => import('./tonewhy'))
const LANGUAGES = ['es', 'en', 'pt', 'fr', 'de', 'it', 'ca', 'nl']

/** The posts themselves, with the team's own word on each: how it speaks, and whether it is about the brand. */
export default function MentionsPage({ brand }: PageProps) {
  const i = useI18n(), { t } = i
  const [u, set] = useUrlState()
  const [asked, setAsked] = useState<{ anchor: HTMLElement; post: Mention } | null>(null)
  const out = u.list === 'out', may = useMay(brand.name).on('analyst')
  const query = { platform: u.platform, lang: u.lang, since: Number(u.days) > 0 ? daysAgo(Number(u.days)) : undefined, person: u.author, authored: u.reposts === 'show' || out ? undefined : true, left_out: out || undefined, sort: u.sort === 'engagement' ? 'engagement' as const : undefined }
  const list = useMentions(brand.name, query)
  const author = useQuery({ ...personQuery(brand.name, u.author ?? '', {}), enabled: !!u.author })
  const terms = useMemo(() => termsOf(brand.query), [brand.query])
  const relevance = useQuery({ queryKey: ['relevance', brand.name], queryFn: () => take(client.GET('/brands/{brand}/relevance', { params: { path: { brand: brand.name } } })) })
  const tab = (key: string | undefined, label: string) => <button aria-pressed={(u.list ?? undefined) === key} onClick={() => set({ list: key })}>{label}</button>
  const items = list.data?.pages.flatMap(p => p.items) ?? []
  return (
    <main id="main" tabIndex={-1}>
      <div className="head"><div className="narrow"><h1>{t('m_title')}</h1><p>{t('m_lead', { brand: brand.name })}</p></div><span className="grow" /><ExportLinks brand={brand.name} what="mentions" query={query} /></div>
      <div className="filters">
        <div className="seg" role="group" aria-label={t('m_list')}>{tab(undefined, t('m_all'))}{tab('out', t('m_out'))}</div>
        <label className="selectl">{t('f_platform')} <select value={u.platform ?? ''} onChange={e => set({ platform: e.target.value || undefined })}><option value="">{t('any')}</option>{[...PLATFORMS, 'youtube'].map(p => <option key={p} value={p}>{platformName(p)}</option>)}</select></label>
        <label className="selectl">{t('f_lang')} <select value={u.lang ?? ''} onChange={e => set({ lang: e.target.value || undefined })}><option value="">{t('any')}</option>{LANGUAGES.map(l => <option key={l} value={l}>{i.language(l)}</option>)}</select></label>
        <label className="selectl">{t('f_period')} <select value={u.days ?? ''} onChange={e => set({ days: e.target.value || undefined })}><option value="">{t('all_time')}</option>{[7, 30, 90].map(d => <option key={d} value={d}>{t('f_days', { n: d })}</option>)}</select></label>
        <label className="selectl">{t('m_sort')} <select value={u.sort ?? ''} onChange={e => set({ sort: e.target.value || undefined })}><option value="">{t('m_newest')}</option><option value="engagement">{t('m_engaged')}</option></select></label>
        {!out && <label className="opt inline"><input type="checkbox" checked={u.reposts === 'show'} onChange={e => set({ reposts: e.target.checked ? 'show' : undefined })} />{t('m_reposts')}</label>}
        {u.author && <button className="chip on" onClick={() => set({ author: undefined })}>{t('m_by', { name: author.data ? nameOf(author.data.advocate) : '…' })}<X aria-hidden /></button>}
      </div>
      {relevance.data && relevance.data.learned.marks > 0 && <div className="callout calm" role="note"><p>{i.tn(relevance.data.in_use ? 'm_learned' : 'm_learning', relevance.data.learned.marks)}{relevance.data.exclude?.length ? <> {t('m_exclude', { words: i.list(relevance.data.exclude.slice(0, 3).map(x => x.query)) })}</> : null}</p></div>}
      <Block query={list} rows={8}>{() => items.length ? (
        <>
          <div className={'posts feed' + (list.isPlaceholderData ? ' stale' : '')}>{items.map(p => <PostCard key={p.key} brand={brand} post={p} terms={terms} author edit={may} onWhy={(anchor, post) => setAsked({ anchor, post })} />)}</div>
          {list.hasNextPage && <p className="morep"><button className="btn" disabled={list.isFetchingNextPage} onClick={() => void nextPage(list)}>{t('more_posts')}</button></p>}
        </>
      ) : <div className="card state"><b>{t(out ? 'm_noneout' : 'm_none')}</b><p>{t(out ? 'm_noneout_b' : 'empty_b')}</p></div>}</Block>
      <Popover anchor={asked?.anchor ?? null} onClose={() => setAsked(null)} label={t('tw_title')}><Suspense fallback={<div className="skel wait" />}>{asked && <ToneWhy key={asked.post.key} brand={brand.name} post={asked.post.key} />}</Suspense></Popover>
    </main>
  )
}
