import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, LogOut, Settings } from 'lucide-react'
import { meQuery, signOut } from '../api'
import { useI18n } from '../i18n'
import { roleOn } from '../me'
import { to } from '../url'
import '../styles/settings.css'
import { Block } from './bits'
import { Link } from './link'
import { useToast } from './toast'

/** Who is signed in, with which role on this brand, and how to leave. */
export default function AccountMenu({ brand, onDone, onPassword }: { brand: string; onDone: () => void; onPassword: () => void }) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const me = useQuery(meQuery)
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => cache.clear(),
    onError: () => toast(t('err_save')),
  })
  return (
    <Block query={me} rows={2}>{m => {
      const role = roleOn(m, brand)
      return (
        <div className="accountmenu">
          <div className="who">
            <b><bdi>{m.single_user ? t('ac_single') : m.name}</bdi></b>
            {m.email && <small><bdi>{m.email}</bdi></small>}
            <p className="muted">{m.single_user ? t('ac_single_b') : role ? t('ac_role', { role: t(`role_${role}`), brand }) : t('ac_norole', { brand })}</p>
            {!m.single_user && role && <p className="muted">{t(`role_${role}_h`)}</p>}
          </div>
          <ul>
            <li><Link className="opt" href={to(brand, 'settings/browser')} onClick={onDone}><Settings aria-hidden />{t('ac_browser')}</Link></li>
            {m.kind === 'person' && <>
              <li><button className="opt" onClick={onPassword}><KeyRound aria-hidden />{t('ac_password')}</button></li>
              <li><button className="opt" disabled={leave.isPending} onClick={() => leave.mutate()}><LogOut aria-hidden />{t('ac_out')}</button></li>
            </>}
          </ul>
        </div>
      )
    }}</Block>
  )
}
