// What the forms of the settings share: saving with a word and an undo, the
// server's objections at their field, drafts that survive leaving the page.
import { useCallback, useEffect, useId, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, Copy } from 'lucide-react'
import { ApiError } from '../../api'
import { useI18n } from '../../i18n'
import { useToast } from '../../ui/toast'

/** What the server found wrong, by the name of the field: body.query is query. */
export type Faults = Record<string, string>

export function faultsOf(e: unknown): Faults {
  if (!(e instanceof ApiError) || e.status !== 422) return {}
  const setting = /setting "(\w+)"/.exec(e.message) // of a source, named in the sentence
  if (!e.faults.length) return setting ? { ['settings.' + setting[1]]: e.message } : {}
  return Object.fromEntries(e.faults.map(f => [(f.location ?? '').replace(/^(body|query|path)\.?/, '').split('[')[0], f.message ?? e.message]))
}

/** Saves something: asks for what it changed anew, says so, offers to undo. What a field is to blame for comes back as faults. */
export function useSave(brand: string, stale: string[], says?: { fields?: string[] }) {
  const { t } = useI18n()
  const toast = useToast(), cache = useQueryClient()
  const [faults, setFaults] = useState<Faults>({})
  const run = useMutation({ mutationFn: (f: () => Promise<unknown>) => f() })
  const refresh = useCallback(() => { for (const key of stale) void cache.invalidateQueries({ queryKey: [key] }) }, [cache, stale.join()])
  const fail = (e: unknown) => {
    const found = faultsOf(e), told = Object.keys(found).some(k => says?.fields?.some(f => k === f || k.startsWith(f + '.')))
    setFaults(found)
    if (told) return
    toast(e instanceof ApiError && e.status === 403 ? t('err_forbidden') : e instanceof ApiError && e.status >= 400 && e.status < 500 && e.status !== 401 ? e.message : t('err_save'))
  }
  const save = (f: () => Promise<unknown>, done: string, o: { undo?: () => Promise<unknown>; then?: (v: unknown) => void } = {}) => {
    setFaults({})
    run.mutate(f, {
      onError: fail,
      onSuccess: v => {
        refresh()
        flushSync(() => o.then?.(v)) // what is said inside a dialog goes with it: it has to be gone
        if (done) toast(done, o.undo && (() => run.mutate(o.undo!, { onError: fail, onSuccess: refresh })))
      },
    })
  }
  return { save, faults, setFaults, busy: run.isPending, brand }
}

/** A field with its name, help and what is wrong with it. */
export function Field({ label, hint, fault, wide, children }: { label: string; hint?: ReactNode; fault?: string; wide?: boolean; children: (p: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ReactNode }) {
  const id = useId()
  const about = [hint ? id + 'h' : '', fault ? id + 'f' : ''].filter(Boolean).join(' ')
  return (
    <div className={'fld' + (wide ? ' wide' : '')}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': about || undefined, 'aria-invalid': fault ? true : undefined })}
      {hint && <small id={id + 'h'}>{hint}</small>}
      {fault && <small className="fault" id={id + 'f'} role="alert" lang="en">{fault}</small>}
    </div>
  )
}

/** A draft that outlives the page, so that leaving loses nothing; undefined where nothing was changed. Never for secrets. */
export function useDraft<T>(name: string) {
  const key = 'adalid.draft.' + name
  const [draft, set] = useState<T | undefined>(() => { try { return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined } catch { return undefined } })
  useEffect(() => { if (draft === undefined) sessionStorage.removeItem(key); else sessionStorage.setItem(key, JSON.stringify(draft)) }, [key, draft])
  return [draft, set] as const
}

/** Stands under a form with changes that are not saved. */
export function Unsaved({ busy, onDiscard, label }: { busy: boolean; onDiscard: () => void; label?: string }) {
  const { t } = useI18n()
  return <div className="unsaved" role="status"><span className="pill warn xs">{t('set_unsaved')}</span><span className="grow" /><button type="button" className="btn sm" onClick={onDiscard}>{t('set_discard')}</button><button className="btn sm primary" disabled={busy}>{label ?? t('save')}</button></div>
}

/** Says who may change what is shown. */
export function LookOnly({ least }: { least: 'analyst' | 'manager' | 'owner' }) {
  const { t } = useI18n()
  return <p className="lookonly">{t('set_lookonly', { role: t(`role_${least}`) })}</p>
}

/** A text that is shown this once, to take along. */
export function Once({ title, text, note, area, onClose }: { title: string; text: string; note: string; area?: boolean; onClose: () => void }) {
  const { t } = useI18n()
  const toast = useToast()
  const [copied, setCopied] = useState(false)
  const id = useId()
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => toast(t('err_copy')))
  return (
    <div className="once" role="status">
      <label htmlFor={id}>{title}</label>
      {area && <textarea id={id} className="prose" rows={9} readOnly value={text} />}
      <div className="row8">{!area && <input id={id} className="textinp mono grow" readOnly value={text} onFocus={e => e.target.select()} />}<button type="button" className="btn" onClick={copy}>{copied ? <Check aria-hidden /> : <Copy aria-hidden />}{t(copied ? 'set_copied' : 'set_copy')}</button><button type="button" className="btn ghost" onClick={onClose}>{t(area ? 'close' : 'set_kept')}</button></div>
      <p className="muted">{note}</p>
    </div>
  )
}

/** A dialog that asks before something that cannot be undone; with `type`, the word has to be written. */
export function Ask({ title, children, type, go, busy, onGo, onClose }: { title: string; children: ReactNode; type?: string; go: string; busy: boolean; onGo: () => void; onClose: () => void }) {
  const { t } = useI18n()
  const [text, setText] = useState('')
  const show = useCallback((d: HTMLDialogElement | null) => { if (d && !d.open) d.showModal() }, [])
  return (
    <dialog ref={show} className="small" aria-label={title} onCancel={e => { e.preventDefault(); onClose() }}>
      <form className="pad form" onSubmit={e => { e.preventDefault(); if (!type || text.trim() === type) onGo() }}>
        <h2 className="sech">{title}</h2>
        {children}
        {type && <Field label={t('set_type', { name: type })}>{p => <input {...p} className="textinp" autoComplete="off" required value={text} onChange={e => setText(e.target.value)} />}</Field>}
        <div className="row8"><button className="btn danger" disabled={busy || (!!type && text.trim() !== type)}>{go}</button><button type="button" className="btn" onClick={onClose}>{t('dismiss')}</button></div>
      </form>
      <div className="toasts" role="status" data-toasts />
    </dialog>
  )
}

