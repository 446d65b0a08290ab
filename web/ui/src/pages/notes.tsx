import type { ReactNode } from 'react'
import type { Schemas } from '../api'
import { useI18n } from '../i18n'
import { platformName } from '../ui/bits'
import { useUrlState } from '../url'

const KINDS = { automated_left_out: 'automated', repeaters_left_out: 'repeaters', circle_left_out: 'circle', organisations_left_out: 'organisations', not_a_fit_left_out: 'not_a_fit' } as const

/** What a list leaves out or cannot know, each with the way to see it where there is one. */
export function Notes({ notes, as_of }: { notes: Schemas['Note'][]; as_of: string | null }) {
  const { t, tn, time } = useI18n()
  const [u, set] = useUrlState()
  const included = (u.include ?? '').split(',').filter(Boolean)
  const include = (kind: string, on: boolean) => set({ include: (on ? [...included, kind] : included.filter(x => x !== kind)).join(',') || undefined })
  const act = (label: string, f: () => void) => <button className="linkb" onClick={f}>{label}</button>
  const lines: [string, ReactNode][] = notes.flatMap((x): [string, ReactNode][] => {
    const n = x.count
    switch (x.code) {
      case 'critics_left_out': return [[x.code, <>{tn('n_critics', n)} {act(t('show'), () => set({ all: '1' }))}</>]]
      case 'automated_left_out': case 'repeaters_left_out': case 'circle_left_out': case 'organisations_left_out': case 'not_a_fit_left_out':
        return [[x.code, <>{tn(`n_${KINDS[x.code]}`, n)} {act(t('show'), () => include(KINDS[x.code as keyof typeof KINDS], true))}</>]]
      case 'own_accounts_left_out': return [[x.code, tn('n_own', n)]]
      case 'below_min_mentions': return [[x.code, <>{tn('n_below', n)} {act(t('show'), () => set({ min: undefined }))}</>]]
      case 'filtered_out': return [[x.code, <>{tn('n_filtered', n)} {act(t('show'), () => set({ where: undefined, q: undefined, status: undefined, tag: undefined, owner: undefined, tasks: undefined }))}</>]]
      case 'not_judged': return [[x.code, tn('n_unjudged', n)]]
      case 'ranked_apart': return [[x.code, tn('n_apart', n)]]
      case 'later': return [[x.code, tn('n_later', n)]]
      case 'unknown_time': return [[x.code, tn('n_notime', n)]]
      case 'future_time': return [[x.code, tn('n_future', n)]]
      default: return []
    }
  })
  for (const kind of included) if (kind in { automated: 1, repeaters: 1, circle: 1, organisations: 1, not_a_fit: 1 }) lines.push(['in_' + kind, <>{t(`in_${kind as 'automated'}`)} {act(t('leave_out'), () => include(kind, false))}</>])
  if (u.all) lines.push(['in_critics', <>{t('in_critics')} {act(t('leave_out'), () => set({ all: undefined }))}</>])
  return (
    <ul className="notes">
      {lines.map(([key, line]) => <li key={key}>{line}</li>)}
      {as_of && <li>{t('as_of', { time: time(as_of) })}</li>}
    </ul>
  )
}

/** Times in which a platform was not read: named, so that silence is not taken for absence. */
export function Gaps({ gaps, provisional }: { gaps: Schemas['Gap'][]; provisional: boolean }) {
  const { t, day } = useI18n()
  if (!gaps.length && !provisional) return null
  return (
    <div className="callout calm" role="note">
      {provisional && <p>{t('provisional')}</p>}
      {gaps.map((g, i) => <p key={i}>{t('gap', { platform: platformName(g.platform), from: day(g.from), to: day(g.to) })}</p>)}
    </div>
  )
}
