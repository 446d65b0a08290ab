import { siBluesky, siInstagram, siLemmy, siMastodon, siReddit, siRss, siStackexchange, siTiktok, siX, siYcombinator, siYoutube } from 'simple-icons'
import { Globe } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiError, type Advocate } from '../api'
import { useI18n } from '../i18n'

const icons: Record<string, [path: string, name: string]> = {
  bluesky: [siBluesky.path, 'Bluesky'], hackernews: [siYcombinator.path, 'Hacker News'], instagram: [siInstagram.path, 'Instagram'],
  lemmy: [siLemmy.path, 'Lemmy'], mastodon: [siMastodon.path, 'Mastodon'], reddit: [siReddit.path, 'Reddit'], rss: [siRss.path, 'RSS'],
  stackexchange: [siStackexchange.path, 'Stack Exchange'], tiktok: [siTiktok.path, 'TikTok'], x: [siX.path, 'X'], youtube: [siYoutube.path, 'YouTube'],
}
/** Platforms whose people stand in one list. YouTube's are ranked apart. */
export const PLATFORMS = Object.keys(icons).filter(p => p !== 'youtube')
export const platformName = (p: string) => icons[p]?.[1] ?? p
export const Platform = ({ p }: { p: string }) => icons[p]
  ? <svg className="pl" viewBox="0 0 24 24" role="img" aria-label={platformName(p)}><path d={icons[p][0]} /></svg>
  : <span className="plw"><Globe className="pl line" aria-hidden /><span className="sr">{p}</span></span>

export const nameOf = (a: Pick<Advocate, 'accounts'>) => a.accounts[0]?.name || a.accounts[0]?.handle || a.accounts[0]?.key || '?'
export const handleOf = (a: Pick<Advocate, 'accounts'>) => a.accounts[0]?.handle ?? a.accounts[0]?.key ?? ''
export const platformsOf = (a: Pick<Advocate, 'accounts'>) => [...new Set(a.accounts.map(x => x.platform))]

const hues = ['#7a3e9d', '#1f6f8b', '#9a4a1e', '#2c6e49', '#8a2f55', '#3d4fa8', '#6b5a12', '#a03a3a', '#22677a', '#5a4a9c']
/** Initials on a colour that stays the person's. Pictures are never loaded: that would tell a third party who is looked at. */
export function Avatar({ name, id }: { name: string; id: string }) {
  const h = [...id].reduce((a, c) => (a * 31 + c.charCodeAt(0)) | 0, 7)
  const initials = name.replace(/^[@#]/, '').split(/\s+/).map(w => [...w][0] ?? '').slice(0, 2).join('').toUpperCase()
  return <span className="av" aria-hidden style={{ background: hues[Math.abs(h) % hues.length] }}>{initials}</span>
}
export const Logo = () => <svg viewBox="0 0 32 32" aria-hidden><rect width="32" height="32" rx="9" fill="var(--accent)" /><path d="M9 24 16 7l7 17M12.2 18.5h7.6" fill="none" stroke="var(--on-accent)" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" /><circle cx="24.5" cy="8" r="3" fill="#f2b33d" /></svg>

/** Holds the place of a number that is on its way. */
export const WAIT = <span className="skel num" aria-hidden />

/** The language of a phrase, where a list has the same phrase in two. */
export const Tongue = ({ of: x, among }: { of: Phrase; among: Phrase[] }) => (x.lang && among.some(y => y.phrase === x.phrase && y.lang !== x.lang) ? <small className="tongue" lang="zxx"> {x.lang}</small> : null)
type Phrase = { phrase: string; lang: string | null }

/** What stands for a value that nobody knows. */
export function Unknown() {
  const { t } = useI18n()
  return <span className="flat" title={t('unknown')}><span aria-hidden>—</span><span className="sr">{t('unknown')}</span></span>
}

export function ErrorState({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useI18n()
  const e = error instanceof ApiError ? error : undefined
  const text = e?.status === 0 ? t('err_offline') : e?.status === 403 ? t('err_forbidden') : e?.status === 404 ? t('err_missing') : e?.status === 422 || e?.status === 400 ? t('err_filter') : e?.status === 429 ? t('err_wait') : t('err')
  const told = e && e.status >= 400 && e.status < 500 && e.message
  return (
    <div className="card state" role="alert">
      <p>{text}</p>
      {told && <p className="muted" lang="en">{e.message}</p>}
      {e && e.status >= 500 && e.request && <p className="muted">{t('err_request')} <code>{e.request}</code></p>}
      <button className="btn" onClick={retry}>{t('retry')}</button>
    </div>
  )
}

export const Skeleton = ({ rows = 6 }: { rows?: number }) => <div className="card skels" aria-hidden>{Array.from({ length: rows }, (_, i) => <div key={i} className="skel" style={{ width: 40 + (i * 37) % 55 + '%' }} />)}</div>

/** A block that loads by itself: its parts, or what went wrong, and the rest of the page stays usable. */
export function Block<T>({ query, rows, children }: { query: { data?: T; isError: boolean; error: unknown; refetch: () => unknown }; rows?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return <Skeleton rows={rows} />
}

const role = { staff: 'role_staff', agency: 'role_agency', reseller: 'role_reseller', 'paid-partner': 'role_paid' } as const
export const roleKey = (r: string | null) => role[(r ?? 'staff') as keyof typeof role]

/** What has to be known of a person, in a few words. */
export function Flags({ a }: { a: Pick<Advocate, 'flags'> }) {
  const { t, pct } = useI18n()
  return <>{a.flags.map(f => {
    const of = f.role ? t(f.role === 'paid-partner' ? 'role_paid_s' : roleKey(f.role)) : ''
    const text = f.code === 'automated' ? (f.team ? t('flag_automated_team') : t('flag_automated', { p: pct(f.probability ?? 0) }))
      : f.code === 'circle' ? (f.team ? of : t('flag_circle', { r: of }))
        : f.code === 'repeater' ? t('flag_repeater') : f.code === 'organisation' ? t('flag_organisation') : t('flag_genuine')
    return <span key={f.code} className={'pill xs ' + (f.code === 'genuine' ? 'pos' : f.code === 'organisation' ? '' : 'warn')} title={text}>{text}</span>
  })}</>
}

/** A person as every list shows them. */
export function PersonCell({ a, href, idPrefix, onOpen }: { a: Pick<Advocate, 'accounts' | 'id' | 'flags'>; href: string; idPrefix?: string; onOpen?: (id: string) => void }) {
  const name = nameOf(a)
  return (
    <div className="person">
      <Avatar name={name} id={a.id} />
      <div>
        <span className="nm"><a id={idPrefix && idPrefix + a.id} href={href} onClick={onOpen && (e => { if (!e.metaKey && !e.ctrlKey && !e.shiftKey) { e.preventDefault(); onOpen(a.id) } })}><bdi>{name}</bdi></a><Flags a={a} /></span>
        <span className="sub"><span className="hd"><bdi>@{handleOf(a)}</bdi></span><span className="plats">{platformsOf(a).map(p => <Platform key={p} p={p} />)}</span></span>
      </div>
    </div>
  )
}
