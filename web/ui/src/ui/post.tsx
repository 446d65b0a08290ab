import { useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, ExternalLink, Eye, Heart, MessageCircle, Repeat2, Undo2 } from 'lucide-react'
import { ApiError, client, RANKED, refresh, take, type Mention, type Schemas } from '../api'
import { useI18n, type Key } from '../i18n'
import { to } from '../url'
import { Platform, platformName } from './bits'
import { Link, outside } from './link'
import { useToast } from './toast'

/** The words of a brand's query that a post can be matched by: everything that is not excluded. */
export function termsOf(query: string): RegExp | undefined {
  const words = [...query.replace(/(?:\bNOT\s+|(?<=^|\s)-)("[^"]*"|\([^)]*\)|\S+)/gi, ' ').matchAll(/"([^"]+)"|([\p{L}\p{N}_@#][\p{L}\p{N}_.'-]*)/gu)]
    .map(m => (m[1] ?? m[2]).replace(/^[@#]/, '')).filter(w => w.length > 1 && !/^(and|or|not|near|lang|from|in|about)$/i.test(w))
  if (!words.length) return undefined
  const unique = [...new Set(words.map(w => w.toLowerCase()))].sort((a, b) => b.length - a.length)
  return new RegExp(`([@#]?(?:${unique.map(w => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')}))`, 'giu')
}

const TONES = ['positive', 'neutral', 'negative'] as const
export type Tone = (typeof TONES)[number]
export const toneClass = { positive: 'pos', neutral: 'neu', negative: 'neg' } as const

type Props = { brand: Schemas['Brand']; post: Mention; terms?: RegExp; author?: boolean; edit?: boolean; onWhy?: (anchor: HTMLElement, post: Mention) => void }

/** One post: where, when, how it speaks, what it brought, and, with `edit`, the team's own word on it. */
export function PostCard({ brand, post: p, terms, author, edit, onWhy }: Props) {
  const { t, n, date } = useI18n()
  const [out, setOut] = useState(p.left_out)
  const url = outside(p.url)
  const why = onWhy && <button className="linkb whyb" aria-haspopup="dialog" onClick={e => onWhy(e.currentTarget, p)}>{t('tw_ask')}</button>
  // The brand's own accounts and people of YouTube are in no ranking that could be opened.
  const ranked = !p.own_account && p.platform !== 'youtube', who = <bdi>{p.author.name || '@' + (p.author.handle ?? p.author.key)}</bdi>
  const counts: [number | null, typeof Heart, Key][] = [[p.likes, Heart, 'likes'], [p.replies, MessageCircle, 'replies'], [p.reposts, Repeat2, 'shares'], [p.views, Eye, 'views_word']]
  return (
    <article className={'post' + (out ? ' out' : '')}>
      <footer>
        <Platform p={p.platform} /><span>{platformName(p.platform)}{p.created_at && ' · ' + date(p.created_at)}</span>
        {author && (ranked ? <Link className="who" href={to(brand.name, 'mentions', { person: p.person })}>{who}</Link> : <b>{who}</b>)}
        <span className="grow" />
        {p.repost && <span className="pill xs">{t('repost')}</span>}
        {p.sponsored && <span className="pill xs spon">{t('sponsored')}</span>}
        {p.own_account && <span className="pill xs">{t('own_account')}</span>}
        {!edit && !p.own_account && (p.tone ? <span className={'pill xs ' + toneClass[p.tone as keyof typeof toneClass]}>{t(p.tone as 'positive')}</span> : <span className="pill xs">{t('not_judged')}</span>)}
        {!edit && !p.own_account && why}
      </footer>
      <p lang={p.lang ?? undefined} dir="auto">{terms ? p.text.split(terms).map((x, k) => (k % 2 ? <mark key={k}>{x}</mark> : x)) : p.text}</p>
      <footer className="num">
        {counts.map(([v, Icon, key]) => v !== null && <span key={key}><Icon aria-hidden />{n(v)}<span className="sr"> {t(key)}</span></span>)}
        <span className="grow" />
        {url && <a href={url} target="_blank" rel="noreferrer noopener"><ExternalLink aria-hidden />{t('open_post')}</a>}
      </footer>
      {edit && <Judge brand={brand.name} post={p} out={out} setOut={setOut} why={why} />}
    </article>
  )
}

const path = (brand: string, key: string) => ({ params: { path: { brand, id: key } } })

/** Correct the sentiment, or say that a post is about something else; both can be taken back. */
function Judge({ brand, post, out, setOut, why }: { brand: string; why: React.ReactNode; post: Mention; out: Mention['left_out']; setOut: (out: Mention['left_out']) => void }) {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryClient()
  // What was said here wins over the list until it is asked for again.
  const [tone, setTone] = useState(post.tone)
  const [corrected, setCorrected] = useState(post.corrected)
  const stale = () => void refresh(cache, brand, [...RANKED, 'topics', 'tone'])
  const failed = (e: unknown) => toast(e instanceof ApiError && e.status === 403 ? t('err_forbidden') : t('err_save'))
  const label = useMutation({
    mutationFn: (to: Tone | null) => to === null
      ? take(client.DELETE('/brands/{brand}/mentions/{id}/label', path(brand, post.key)))
      : take(client.PUT('/brands/{brand}/mentions/{id}/label', { ...path(brand, post.key), body: { label: to } })),
    onError: failed, onSuccess: stale,
  })
  const about = useMutation({
    mutationFn: (to: boolean | null) => to === null
      ? take(client.DELETE('/brands/{brand}/mentions/{id}/relevance', path(brand, post.key)))
      : take(client.PUT('/brands/{brand}/mentions/{id}/relevance', { ...path(brand, post.key), body: { about: to } })),
    onError: failed, onSuccess: stale,
  })
  const judge = (to: Tone) => {
    const before = { tone, corrected }
    if (corrected && tone === to) return
    label.mutate(to, { onSuccess: () => {
      setTone(to); setCorrected(true)
      toast(t('done_label', { tone: t(to) }), () => label.mutate(before.corrected ? before.tone as typeof to : null, { onSuccess: () => { setTone(before.tone); setCorrected(before.corrected) } }))
    } })
  }
  const mark = (to: boolean) => {
    const before = out
    about.mutate(to, { onSuccess: () => {
      setOut(to ? null : 'team')
      toast(t(to ? 'done_ours' : 'done_notours'), () => about.mutate(before === null && !to ? null : before === 'team' ? false : null, { onSuccess: () => setOut(before) }))
    } })
  }
  const busy = label.isPending || about.isPending
  return (
    <div className="judge" aria-busy={busy}>
      <div className="seg sm" role="group" aria-label={t('tone_l')}>{TONES.map(x => <button key={x} className={toneClass[x]} aria-pressed={tone === x} disabled={busy} onClick={() => judge(x)}>{t(x)}</button>)}</div>
      <span className="muted">{corrected ? t('by_team') : tone ? t('by_model') : t('not_judged')}</span>
      {why}
      <span className="grow" />
      {out
        ? <><span className="pill xs warn">{t(out === 'team' ? 'out_team' : 'out_rule')}</span><button className="btn sm ghost" disabled={busy} onClick={() => mark(true)}><Undo2 aria-hidden />{t('is_ours')}</button></>
        : <button className="btn sm ghost" disabled={busy} onClick={() => mark(false)}><Ban aria-hidden />{t('not_ours')}</button>}
    </div>
  )
}
