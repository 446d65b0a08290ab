import { useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useMutation } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { ApiError, client, take } from '../api'
import { useI18n } from '../i18n'
import { useToast } from './toast'
import '../styles/settings.css'

/** A new password for oneself; every other session ends with it. */
export default function Password({ email, onClose }: { email: string; onClose: () => void }) {
  const { t } = useI18n()
  const toast = useToast()
  const ref = useRef<HTMLDialogElement>(null)
  const [present, setPresent] = useState(''), [next, setNext] = useState(''), [fault, setFault] = useState('')
  useLayoutEffect(() => { const d = ref.current!; d.showModal(); return () => d.close() }, [])
  const save = useMutation({
    mutationFn: () => take(client.PUT('/me/password', { body: { password: present, new_password: next } })),
    onSuccess: () => { flushSync(onClose); toast(t('ac_changed')) },
    onError: e => setFault(e instanceof ApiError && e.status < 500 && e.status ? e.message : t('err_save')),
  })
  return (
    <dialog ref={ref} className="small" aria-label={t('ac_password')} onCancel={e => { e.preventDefault(); onClose() }}>
      <form className="pad form" onSubmit={e => { e.preventDefault(); setFault(''); save.mutate() }}>
        <div className="sechrow"><h2 className="sech">{t('ac_password')}</h2><span className="grow" /><button type="button" className="btn ghost icon" onClick={onClose}><X aria-hidden /><span className="sr">{t('close')}</span></button></div>
        <input className="sr" type="email" autoComplete="username" value={email} readOnly tabIndex={-1} aria-hidden />
        <label className="fld"><span>{t('ac_present')}</span><input className="textinp" type="password" autoComplete="current-password" required value={present} onChange={e => setPresent(e.target.value)} aria-invalid={!!fault} aria-describedby={fault ? 'pwfault' : undefined} /></label>
        <label className="fld"><span>{t('ac_new')}</span><input className="textinp" type="password" autoComplete="new-password" required minLength={12} maxLength={1024} value={next} onChange={e => setNext(e.target.value)} aria-describedby="pwhint" /><small id="pwhint">{t('ac_new_h')}</small></label>
        {fault && <p className="fault" id="pwfault" role="alert"><span lang="en">{fault}</span></p>}
        <div className="row8"><button className="btn primary" disabled={save.isPending}>{t('save')}</button><button type="button" className="btn" onClick={onClose}>{t('dismiss')}</button></div>
      </form>
      <div className="toasts" role="status" data-toasts />
    </dialog>
  )
}
