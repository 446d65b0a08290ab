import { useCallback, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, Plus, Star, UserRound } from 'lucide-react'
import { starred, useAct, type Target } from '../acts'
import { colleaguesQuery } from '../api'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { Popover } from '../ui/overlay'
import { workflowQuery } from '../team'
import { OwnerMenu, reasonKey, StatusMenu, TagEditor } from './stage'

/** Where a person stands, who looks after them and their tags, at the head of the page. */
export default function Standing({ brand, person }: { brand: string; person: Target }) {
  const i = useI18n(), { t } = i
  const may = useMay(brand).on('analyst'), act = useAct(brand)
  const colleagues = useQuery(colleaguesQuery(brand)).data?.items ?? []
  const unfit = person.status === 'not_a_fit'
  const reason = useQuery({ ...workflowQuery(brand, person.id), enabled: unfit }).data?.status
  const [open, setOpen] = useState<{ kind: 'status' | 'owner' | 'tags'; anchor: HTMLElement }>()
  const close = useCallback(() => setOpen(undefined), [])
  const opener = (kind: 'status' | 'owner' | 'tags') => ({ 'aria-haspopup': 'dialog' as const, 'aria-expanded': open?.kind === kind, onClick: (e: React.MouseEvent<HTMLElement>) => setOpen(open?.kind === kind ? undefined : { kind, anchor: e.currentTarget }) })
  const pill = <span className={'pill ' + person.status}>{t(`s_${person.status}`)}</span>
  const to = starred(person.status)
  return (
    <div className="standing">
      {may ? <button className="pillb" {...opener('status')}><span className="sr">{t('c_status')}: </span>{pill}<ChevronDown aria-hidden /></button> : pill}
      {may && to === 'shortlisted' && !unfit && <button className="btn sm" onClick={() => void act([person], { status: { status: to } })}><Star aria-hidden />{t('bk_shortlist')}</button>}
      {may && colleagues.length > 0 ? <button className="btn ghost sm" {...opener('owner')}><UserRound aria-hidden /><span className="sr">{t('c_owner')}: </span><bdi>{person.owner?.name ?? t('owner_none')}</bdi><ChevronDown aria-hidden /></button> : person.owner && <span className="muted"><UserRound size={14} aria-hidden /> {t('c_owner')} <bdi>{person.owner.name}</bdi></span>}
      {person.tags.map(x => <span className="tagp" key={x}><bdi>{x}</bdi></span>)}
      {may && <button className="btn ghost sm" {...opener('tags')}><Plus aria-hidden />{t('bk_tags')}</button>}
      {unfit && reason?.reason && <p className="muted">{t(reasonKey(reason.reason))}{reason.text && <>: <q><bdi>{reason.text}</bdi></q></>}</p>}
      <Popover anchor={open?.kind === 'status' ? open.anchor : null} onClose={close} label={t('c_status')}><StatusMenu brand={brand} people={[person]} onDone={close} /></Popover>
      <Popover anchor={open?.kind === 'owner' ? open.anchor : null} onClose={close} label={t('c_owner')}><OwnerMenu brand={brand} people={[person]} onDone={close} /></Popover>
      <Popover anchor={open?.kind === 'tags' ? open.anchor : null} onClose={close} label={t('bk_tags')}><TagEditor brand={brand} people={[person]} onDone={close} /></Popover>
    </div>
  )
}
