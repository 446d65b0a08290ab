import { useQuery } from '@tanstack/react-query'
import { STATUSES } from '../acts'
import { colleaguesQuery, tagsQuery } from '../api'
import { useI18n } from '../i18n'
import { useUrlState } from '../url'

/** Filters by what the team keeps. */
export default function KeptFilter({ brand, kind }: { brand: string; kind: 'status' | 'tag' | 'owner' }) {
  const { t, n } = useI18n()
  const [u, set] = useUrlState()
  const tags = useQuery({ ...tagsQuery(brand), enabled: kind === 'tag' }).data?.items
  const colleagues = useQuery({ ...colleaguesQuery(brand), enabled: kind === 'owner' }).data?.items ?? []
  const on = (u[kind] ?? '').split(',').filter(Boolean)
  const toggle = (v: string) => set({ [kind]: (on.includes(v) ? on.filter(x => x !== v) : [...on, v]).join(',') || undefined })
  if (kind === 'owner') return <div className="opts">{([['', t('any')], ['me', t('owner_me')], ['none', t('owner_none')], ...colleagues.map(c => [c.id, c.name])]).map(([id, name]) => <label className="opt" key={id}><input type="radio" name="owner" checked={(u.owner ?? '') === id} onChange={() => set({ owner: id || undefined })} /><bdi>{name}</bdi></label>)}</div>
  if (kind === 'tag') return <div className="opts">{!tags ? <div className="skel wait" /> : tags.length === 0 ? <p className="muted hint">{t('tags_none')}</p> : tags.map(x => <label className="opt" key={x.name}><input type="checkbox" checked={on.includes(x.name)} onChange={() => toggle(x.name)} /><bdi>{x.name}</bdi><span className="cnt num">{n(x.people)}</span></label>)}</div>
  return <div className="opts">{STATUSES.map(s => <label className="opt" key={s}><input type="checkbox" checked={on.includes(s)} onChange={() => toggle(s)} />{t(`s_${s}`)}</label>)}</div>
}
