import { useCallback, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, Scale, Star, X } from 'lucide-react'
import { useAct } from '../acts'
import { colleaguesQuery, type Advocate } from '../api'
import { useI18n } from '../i18n'
import { Link } from '../ui/link'
import { Popover } from '../ui/overlay'
import { to } from '../url'
import { ExportLinks } from './export'
import { OwnerMenu, StatusMenu, TagEditor } from './stage'

/** What can be done with the people who are selected, together. */
export default function BulkBar({ brand, people, query = {}, may, onAll, onClear }: { brand: string; people: Advocate[]; query?: Record<string, unknown>; may: boolean; onAll?: () => void; onClear: () => void }) {
  const { t, tn } = useI18n()
  const act = useAct(brand)
  const colleagues = useQuery(colleaguesQuery(brand)).data?.items ?? []
  const [open, setOpen] = useState<{ kind: 'status' | 'tags' | 'owner'; anchor: HTMLElement }>()
  const close = useCallback(() => setOpen(undefined), [])
  const menu = (kind: 'status' | 'tags' | 'owner', label: string) => <button className="btn sm" aria-haspopup="dialog" aria-expanded={open?.kind === kind} onClick={e => setOpen(open?.kind === kind ? undefined : { kind, anchor: e.currentTarget })}>{label}<ChevronDown aria-hidden /></button>
  return (
    <div className="bulk" role="region" aria-label={tn('selected', people.length)}>
      <b role="status">{tn('selected', people.length)}</b>
      {may && <>
        <button className="btn sm" disabled={people.every(p => p.status === 'shortlisted')} onClick={() => void act(people, { status: { status: 'shortlisted' } })}><Star aria-hidden />{t('bk_shortlist')}</button>
        {menu('status', t('c_status'))}
        {menu('tags', t('bk_tags'))}
        {colleagues.length > 0 && menu('owner', t('c_owner'))}
      </>}
      {onAll && <button className="btn sm show-md" onClick={onAll}>{t('pick_all')}</button>}
      {people.length >= 2 && people.length <= 4 && <Link className="btn sm" href={to(brand, 'compare', { ids: people.map(a => a.id).join(',') })}><Scale aria-hidden />{t('compare')}</Link>}
      {people.length <= 500 && <ExportLinks brand={brand} what="advocates" query={{ ...query, all: 'true', people: people.map(a => a.id).join(',') }} these />}
      <button className="btn sm icon" title={t('cancel')} onClick={onClear}><X aria-hidden /><span className="sr">{t('cancel')}</span></button>
      <Popover anchor={open?.kind === 'status' ? open.anchor : null} onClose={close} label={t('c_status')}><StatusMenu brand={brand} people={people} onDone={close} /></Popover>
      <Popover anchor={open?.kind === 'tags' ? open.anchor : null} onClose={close} label={t('bk_tags')}><TagEditor brand={brand} people={people} onDone={close} /></Popover>
      <Popover anchor={open?.kind === 'owner' ? open.anchor : null} onClose={close} label={t('c_owner')}><OwnerMenu brand={brand} people={people} onDone={close} /></Popover>
    </div>
  )
}
