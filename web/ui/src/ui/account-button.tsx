import { Suspense, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { CircleUser } from 'lucide-react'
import { meQuery } from '../api'
import { useI18n } from '../i18n'
import { page } from '../page'
import { Popover, type Anchor } from './overlay'

const AccountMenu = page(() => import('./account'))
const Password = page(() => import('./password'))

/** Opens what there is to say about who is signed in. */
export function AccountButton({ brand }: { brand: string }) {
  const { t } = useI18n()
  const [anchor, setAnchor] = useState<Anchor>(null)
  const [changing, setChanging] = useState(false)
  const me = useQuery(meQuery).data
  const initials = me && !me.single_user ? [...me.name.trim().split(/\s+/).map(w => [...w][0] ?? '').join('')].slice(0, 2).join('').toUpperCase() : ''
  return (
    <>
      <button className="me" aria-haspopup="dialog" aria-expanded={!!anchor} title={t('account')} onClick={e => setAnchor(anchor ? null : e.currentTarget)}>{initials ? <span aria-hidden>{initials}</span> : <CircleUser aria-hidden />}<span className="sr">{t('account')}</span></button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label={t('account')} align="end" className="pop accountpop"><Suspense fallback={<div className="skels" aria-hidden><div className="skel" /></div>}><AccountMenu brand={brand} onDone={() => setAnchor(null)} onPassword={() => { setAnchor(null); setChanging(true) }} /></Suspense></Popover>
      {changing && <Suspense fallback={null}><Password email={me?.email ?? ''} onClose={() => setChanging(false)} /></Suspense>}
    </>
  )
}
