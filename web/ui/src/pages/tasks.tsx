import { useQuery } from '@tanstack/react-query'
import { client, take, type Schemas } from '../api'
import { useI18n } from '../i18n'
import { useMay } from '../me'
import { tasksQuery, useDo } from '../team'
import { Block, nameOf } from '../ui/bits'
import { useUrlState } from '../url'

/** Until when something is to be done, and that it is late. */
export function Due({ task: x }: { task: Pick<Schemas['Task'], 'due' | 'done'> }) {
  const { t, date } = useI18n()
  if (!x.due) return <>{t('due_none')}</>
  const today = new Date().toISOString().slice(0, 10)
  return x.done || x.due > today ? <>{t('due_by', { date: date(x.due) })}</> : <span className="down">{x.due === today ? t('due_today') : t('due_late', { date: date(x.due) })}</span>
}

/** What the team has to do, what is due soonest first. */
export default function OpenTasks({ brand }: { brand: string }) {
  const { t, n } = useI18n()
  const [, set] = useUrlState()
  const may = useMay(brand).on('analyst'), { run, busy } = useDo(brand)
  const tasks = useQuery(tasksQuery(brand, 6))
  const patch = (x: Schemas['BrandTask'], done: boolean) => take(client.PATCH('/brands/{brand}/advocates/{id}/tasks/{task}', { params: { path: { brand, id: x.person.id, task: x.id } }, body: { done } }))
  return (
    <section className="card pad">
      <h2 className="sech">{t('tasks_open')} {!!tasks.data?.total && <small className="num">{n(tasks.data.total)}</small>}</h2>
      <Block query={tasks} rows={3}>{d => d.items.length ? <ul className="tasks">{d.items.map(x => (
        <li key={x.id}>
          {may && <input type="checkbox" aria-label={t('task_done_of', { text: x.text })} checked={false} disabled={busy} onChange={() => void run(() => patch(x, true), t('task_done'), () => patch(x, false))} />}
          <div><p dir="auto">{x.text}</p><small><button className="linkb" onClick={() => set({ person: x.person.id, tab: 'notes' })}><bdi>{nameOf(x.person as never)}</bdi></button> · <Due task={x} />{x.assignee && <> · <bdi>{x.assignee.name}</bdi></>}</small></div>
        </li>
      ))}</ul> : <p className="muted">{t('tasks_clear')}</p>}</Block>
    </section>
  )
}
