import { useState } from 'react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { ApiError, client, savedViewsQuery, take, type Schemas } from '../api'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { differs, kept } from '../saved'
import { useToast } from '../ui/toast'
import { useUrlState } from '../url'
import { refusal } from '../workflow'

type View = Schemas['SavedView']
type New = Schemas['NewSavedView']

/** Keeps the present filters, sort and columns under a name; names that there are can be changed, replaced and removed. */
export default function SavedViews({ brand, onDone }: { brand: string; onDone: () => void }) {
  const i = useI18n(), { t } = i
  const toast = useToast(), cache = useQueryClient()
  const [u, set] = useUrlState()
  const { on } = useMay(brand)
  const views = useQuery(savedViewsQuery(brand)).data?.items ?? []
  const [name, setName] = useState(''), [shared, setShared] = useState(false), [editing, setEditing] = useState<string>(), [fault, setFault] = useState('')
  const held = views.find(v => v.id === u.saved)
  const mayChange = (v: View) => v.mine || v.shared && on('manager')
  const path = (id: string) => ({ params: { path: { brand, saved: id } } })
  const fresh = () => cache.invalidateQueries({ queryKey: ['savedViews', brand] })
  const failed = (e: unknown) => setFault(e instanceof ApiError && e.status === 409 ? t('sv_taken') : refusal(e, i))
  const make = useMutation({ mutationFn: (body: New) => take(client.POST('/brands/{brand}/saved-views', { params: { path: { brand } }, body })) })
  const replace = useMutation({ mutationFn: ({ id, body }: { id: string; body: New }) => take(client.PUT('/brands/{brand}/saved-views/{saved}', { ...path(id), body })) })
  const remove = useMutation({ mutationFn: (v: View) => take(client.DELETE('/brands/{brand}/saved-views/{saved}', path(v.id))) })
  const bodyOf = (v: View): New => ({ name: v.name, query: v.query, shared: v.shared })
  const undoable = (text: string, undo: () => Promise<unknown>) => toast(text, () => void undo().then(() => { toast(t('undone')); return fresh() }, e => toast(refusal(e, i))))

  const save = () => make.mutate({ name: name.trim(), query: kept(u), shared }, { onSuccess: async v => {
    await fresh()
    set({ saved: v.id }, true)
    onDone()
    undoable(t('sv_saved', { name: v.name }), async () => { await remove.mutateAsync(v); set({ saved: undefined }, true) })
  }, onError: failed })
  const update = (v: View, body: New, text: string) => replace.mutate({ id: v.id, body }, { onSuccess: () => {
    void fresh()
    setEditing(undefined)
    undoable(text, () => replace.mutateAsync({ id: v.id, body: bodyOf(v) }))
  }, onError: failed })
  const drop = (v: View) => remove.mutate(v, { onSuccess: () => {
    void fresh()
    const was = u.saved === v.id
    if (was) set({ saved: undefined }, true)
    undoable(t('sv_removed', { name: v.name }), async () => { const back = await make.mutateAsync(bodyOf(v)); if (was) set({ saved: back.id }, true) })
  }, onError: failed })
  const busy = make.isPending || replace.isPending || remove.isPending
  return (
    <div className="savedpop" aria-busy={busy}>
      {held && differs(u, held.query) && mayChange(held) && <button className="btn sm primary" disabled={busy} onClick={() => { update(held, { ...bodyOf(held), query: kept(u) }, t('sv_replaced', { name: held.name })); onDone() }}>{t('sv_replace', { name: held.name })}</button>}
      <form onSubmit={e => { e.preventDefault(); setFault(''); save() }}>
        <label className="fld"><span>{t('sv_name')}</span><input className="textinp" required maxLength={100} value={name} aria-invalid={!!fault} aria-describedby={fault ? 'svfault' : undefined} onChange={e => setName(e.target.value)} /></label>
        <label className="opt inline"><input type="checkbox" checked={shared} onChange={e => setShared(e.target.checked)} />{t('sv_share')}</label>
        <p className="muted">{t('sv_what')}</p>
        {fault && <p className="fault" id="svfault" role="alert">{fault}</p>}
        <button className="btn sm" disabled={busy || !name.trim()}>{t('sv_save')}</button>
      </form>
      {views.length > 0 && <ul className="savedlist" aria-label={t('sv_views')}>{views.map(v => (
        <li key={v.id}>{editing === v.id ? <Rename view={v} onSave={to => update(v, { ...bodyOf(v), name: to }, t('sv_renamed', { name: to }))} onCancel={() => setEditing(undefined)} /> : <>
          <span><bdi>{v.name}</bdi><small>{t(v.shared ? 'sv_shared' : 'sv_mine')}{v.shared && !v.mine && ` · ${v.by.name}`}</small></span>
          {mayChange(v) && <><button className="btn ghost icon sm" title={t('rename')} onClick={() => setEditing(v.id)}><Pencil aria-hidden /><span className="sr">{t('rename')} {v.name}</span></button><button className="btn ghost icon sm" disabled={busy} title={t('remove')} onClick={() => drop(v)}><Trash2 aria-hidden /><span className="sr">{t('remove')} {v.name}</span></button></>}
        </>}</li>
      ))}</ul>}
    </div>
  )
}

function Rename({ view, onSave, onCancel }: { view: View; onSave: (name: string) => void; onCancel: () => void }) {
  const { t } = useI18n()
  const [name, setName] = useState(view.name)
  return <form className="row8" onSubmit={e => { e.preventDefault(); if (name.trim() === view.name) onCancel(); else onSave(name.trim()) }}><input className="textinp" aria-label={t('sv_name')} autoFocus required maxLength={100} value={name} onChange={e => setName(e.target.value)} /><button className="btn sm" disabled={!name.trim()}>{t('save')}</button></form>
}
