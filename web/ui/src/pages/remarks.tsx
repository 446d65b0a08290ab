import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Pencil, Trash2 } from 'lucide-react'
import { client, colleaguesQuery, take, type Schemas } from '../api'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { actorName, mayChange, useDo, workflowQuery } from '../team'
import { Block } from '../ui/bits'
import { Due } from './tasks'

/** Tasks about a person and notes on them, in plain text. */
export default function PersonNotes({ brand, id }: { brand: string; id: string }) {
  const { t } = useI18n()
  const kept = useQuery(workflowQuery(brand, id))
  return <Block query={kept} rows={3}>{d => <><section aria-labelledby="tasks-h"><h3 className="sech" id="tasks-h">{t('tasks_t')}</h3><Tasks brand={brand} id={id} tasks={d.tasks} /></section><section aria-labelledby="notes-h"><h3 className="sech" id="notes-h">{t('notes_t')}</h3><Notes brand={brand} id={id} notes={d.notes} /></section></>}</Block>
}

function Tasks({ brand, id, tasks }: { brand: string; id: string; tasks: Schemas['Task'][] }) {
  const i = useI18n(), { t } = i
  const may = useMay(brand), { run, busy } = useDo(brand)
  const [editing, setEditing] = useState<string>(), [all, setAll] = useState(false)
  const path = (task: string) => ({ params: { path: { brand, id, task } } })
  const add = (b: Schemas['NewTask']) => take(client.POST('/brands/{brand}/advocates/{id}/tasks', { params: { path: { brand, id } }, body: b }))
  const patch = (task: string, body: Schemas['TaskChange']) => take(client.PATCH('/brands/{brand}/advocates/{id}/tasks/{task}', { ...path(task), body }))
  const drop = (task: string) => take(client.DELETE('/brands/{brand}/advocates/{id}/tasks/{task}', path(task)))
  const whole = (x: Schemas['Task']) => ({ text: x.text, due: x.due, assignee: x.assignee?.id ?? null })
  const done = tasks.filter(x => x.done), shown = all ? tasks : tasks.filter(x => !x.done)
  return (
    <>
      {shown.length > 0 && <ul className="tasks">{shown.map(x => editing === x.id
        ? <li key={x.id}><TaskForm brand={brand} task={x} busy={busy} onCancel={() => setEditing(undefined)} onSave={async b => { if (await run(() => patch(x.id, b), t('task_changed'), () => patch(x.id, whole(x)))) { setEditing(undefined); return true } return false }} /></li>
        : <li key={x.id} className={x.done ? 'done' : undefined}>
            {may.on('analyst') && <input type="checkbox" aria-label={t('task_done_of', { text: x.text })} checked={x.done} disabled={busy} onChange={() => void run(() => patch(x.id, { done: !x.done }), t(x.done ? 'task_reopened' : 'task_done'), () => patch(x.id, { done: x.done }))} />}
            <div><p dir="auto">{x.text}</p><small><Due task={x} />{x.assignee && <> · <bdi>{x.assignee.name}</bdi></>}{x.done && x.done_by && <> · {t('done_by', { name: actorName(x.done_by, i, may.me?.single_user) })}</>}</small></div>
            {may.on('analyst') && !x.done && <button className="btn ghost icon sm" title={t('change')} onClick={() => setEditing(x.id)}><Pencil aria-hidden /><span className="sr">{t('change')} {x.text}</span></button>}
            {mayChange(x.by, may) && <button className="btn ghost icon sm" title={t('remove')} disabled={busy} onClick={() => void run(() => drop(x.id), t('task_removed'), async () => { const back = await add(whole(x)); if (x.done) await patch(back.id, { done: true }) })}><Trash2 aria-hidden /><span className="sr">{t('remove')} {x.text}</span></button>}
          </li>)}</ul>}
      {!tasks.length && !may.on('analyst') && <p className="muted">{t('tasks_none')}</p>}
      {done.length > 0 && <button className="linkb" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t('tasks_hide') : i.tn('tasks_done', done.length)}</button>}
      {may.on('analyst') && <TaskForm brand={brand} busy={busy} onSave={b => { let made: Schemas['Task']; return run(async () => { made = await add(b) }, t('task_added'), () => drop(made.id)) }} />}
    </>
  )
}

function TaskForm({ brand, task, busy, onSave, onCancel }: { brand: string; task?: Schemas['Task']; busy: boolean; onSave: (b: Schemas['NewTask']) => Promise<boolean>; onCancel?: () => void }) {
  const { t } = useI18n()
  const colleagues = useQuery(colleaguesQuery(brand)).data?.items ?? []
  const [text, setText] = useState(task?.text ?? ''), [due, setDue] = useState(task?.due ?? ''), [who, setWho] = useState(task?.assignee?.id ?? '')
  return (
    <form className="taskform" onSubmit={e => { e.preventDefault(); void onSave({ text: text.trim(), due: due || null, assignee: who || null }).then(ok => { if (ok && !task) { setText(''); setDue(''); setWho('') } }) }}>
      <label className="fld wide"><span>{t(task ? 'task' : 'task_new')}</span><input className="textinp" maxLength={500} required autoFocus={!!task} value={text} onChange={e => setText(e.target.value)} /></label>
      <label className="fld"><span>{t('due')}</span><input className="dateinp" type="date" value={due} onChange={e => setDue(e.target.value)} /></label>
      {colleagues.length > 0 && <label className="fld"><span>{t('assignee')}</span><select value={who} onChange={e => setWho(e.target.value)}><option value="">{t('owner_none')}</option>{colleagues.map(c => <option key={c.id} value={c.id}>{c.name}</option>)}</select></label>}
      <div className="row8"><button className="btn sm" disabled={busy || !text.trim()}>{t(task ? 'save' : 'add')}</button>{onCancel && <button type="button" className="btn ghost sm" onClick={onCancel}>{t('dismiss')}</button>}</div>
    </form>
  )
}

function Notes({ brand, id, notes }: { brand: string; id: string; notes: Schemas['TeamNote'][] }) {
  const i = useI18n(), { t, time } = i
  const may = useMay(brand), { run, busy } = useDo(brand)
  const [text, setText] = useState(''), [editing, setEditing] = useState<string>()
  const path = (note: string) => ({ params: { path: { brand, id, note } } })
  const add = (text: string) => take(client.POST('/brands/{brand}/advocates/{id}/notes', { params: { path: { brand, id } }, body: { text } }))
  const change = (note: string, text: string) => take(client.PUT('/brands/{brand}/advocates/{id}/notes/{note}', { ...path(note), body: { text } }))
  const drop = (note: string) => take(client.DELETE('/brands/{brand}/advocates/{id}/notes/{note}', path(note)))
  const save = async () => {
    let note: Schemas['TeamNote']
    if (await run(async () => { note = await add(text.trim()) }, t('note_added'), () => drop(note.id))) setText('')
  }
  return (
    <>
      {may.on('analyst') && <form className="noteform" onSubmit={e => { e.preventDefault(); void save() }}>
        <label className="sr" htmlFor="note">{t('note_new')}</label>
        <textarea id="note" className="plain" rows={3} maxLength={4000} placeholder={t('note_new')} value={text} onChange={e => setText(e.target.value)} onKeyDown={e => { if (e.key === 'Enter' && (e.metaKey || e.ctrlKey) && text.trim()) void save() }} />
        <div className="row8"><button className="btn sm primary" disabled={busy || !text.trim()}>{t('note_save')}</button><span className="muted">{t('note_plain')}</span></div>
      </form>}
      {notes.length === 0 && <p className="muted">{t('notes_none')}</p>}
      <ul className="posts">{notes.map(x => (
        <li className="post" key={x.id}>
          <footer><b><bdi>{actorName(x.by, i, may.me?.single_user)}</bdi></b><span>{time(x.at)}{x.changed_at && ` · ${t('note_changed_at', { time: time(x.changed_at) })}`}</span><span className="grow" />
            {mayChange(x.by, may) && editing !== x.id && <span className="icons"><button className="btn ghost icon sm" title={t('change')} onClick={() => setEditing(x.id)}><Pencil aria-hidden /><span className="sr">{t('change')}</span></button><button className="btn ghost icon sm" title={t('remove')} disabled={busy} onClick={() => void run(() => drop(x.id), t('note_removed'), () => add(x.text))}><Trash2 aria-hidden /><span className="sr">{t('remove')}</span></button></span>}</footer>
          {editing === x.id ? <Edit text={x.text} busy={busy} onCancel={() => setEditing(undefined)} onSave={async to => { if (to === x.text || await run(() => change(x.id, to), t('note_changed'), () => change(x.id, x.text))) setEditing(undefined) }} /> : <p dir="auto">{x.text}</p>}
        </li>
      ))}</ul>
    </>
  )
}

function Edit({ text, busy, onSave, onCancel }: { text: string; busy: boolean; onSave: (to: string) => Promise<void>; onCancel: () => void }) {
  const { t } = useI18n()
  const [now, setNow] = useState(text)
  return <form className="noteform" onSubmit={e => { e.preventDefault(); void onSave(now.trim()) }}><textarea className="plain" aria-label={t('notes_t')} rows={4} maxLength={4000} autoFocus value={now} onChange={e => setNow(e.target.value)} /><div className="row8"><button className="btn sm primary" disabled={busy || !now.trim()}>{t('save')}</button><button type="button" className="btn ghost sm" onClick={onCancel}>{t('dismiss')}</button></div></form>
}
