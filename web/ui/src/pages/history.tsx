import { useInfiniteQuery } from '@tanstack/react-query'
import { client, nextPage, take, type Schemas } from '../api'
import { useI18n, type I18n } from '../i18n'
import { useMay } from '../me'
import { actorName } from '../team'
import { Block, roleKey } from '../ui/bits'
import { reasonKey } from './stage'

type Item = Schemas['HistoryItem']
type Value = Item['from']

/** Every change of a person: who, when, from what to what. */
export default function History({ brand, id }: { brand: string; id: string }) {
  const i = useI18n(), { t, time } = i
  const { me } = useMay(brand)
  const list = useInfiniteQuery({
    queryKey: ['history', brand, id], initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => take(client.GET('/brands/{brand}/advocates/{id}/history', { params: { path: { brand, id }, query: { limit: 30, cursor: pageParam } } })),
    getNextPageParam: last => last.next_cursor ?? undefined,
  })
  return (
    <Block query={list} rows={3}>{d => {
      const items = d.pages.flatMap(p => p.items)
      if (!items.length) return <p className="muted">{t('h_none')}</p>
      return (
        <section>
          <ol className="changes">{items.map(x => (
            <li key={x.id}>
              <p>{sentence(x, i)}</p>
              {quoted(x) && <q className="said" dir="auto">{quoted(x)}</q>}
              <small><bdi>{actorName(x.by, i, me?.single_user)}</bdi> · <time dateTime={x.at}>{time(x.at)}</time>{x.undo ? ` · ${t('h_undo')}` : ''}</small>
            </li>
          ))}</ol>
          {list.hasNextPage && <button className="btn sm" disabled={list.isFetchingNextPage} onClick={() => void nextPage(list)}>{t('more_rows')}</button>}
        </section>
      )
    }}</Block>
  )
}

/** What a note or task says after the change; before it where it was removed. */
const quoted = (x: Item) => (x.kind === 'note' || x.kind === 'task' ? x.to?.value || x.from?.value : x.kind === 'status' ? x.to?.text : '')

function sentence(x: Item, i: I18n) {
  const { t, date } = i
  const moved = (label: string, f: (v: Value) => string) => t('h_moved', { label, from: f(x.from), to: f(x.to) })
  const name = (v: Value) => v?.text || (v ? t('h_former') : t('owner_none'))
  switch (x.kind) {
    case 'status': return moved(t('c_status'), v => v ? t(`s_${v.value as 'paused'}`) + (v.reason ? ` (${t(reasonKey(v.reason)).toLocaleLowerCase(i.locale)})` : '') : t('s_candidate'))
    case 'owner': return moved(t('c_owner'), name)
    case 'tag': return t(x.to ? 'h_tag' : 'h_untag', { tag: (x.to ?? x.from)?.value ?? '' })
    case 'note': return t(!x.from ? 'h_note' : !x.to ? 'h_note_gone' : 'h_note_changed')
    case 'task': return t(!x.from ? 'h_task' : !x.to ? 'h_task_gone' : 'h_task_changed')
    case 'task_due': return moved(t('h_due'), v => (v?.value ? date(v.value) : t('due_none')))
    case 'task_assignee': return moved(t('h_assignee'), name)
    case 'task_done': return t(x.to?.value === 'done' ? 'h_done' : 'h_reopened')
    case 'identity': return t(!x.to ? 'h_identity_back' : x.to.value === 'accepted' ? 'h_joined' : 'h_apart')
    case 'circle': return moved(t('circle_t'), v => (!v ? t('h_undecided') : v.value === 'none' ? t('h_no') : t(roleKey(v.value))))
    case 'authenticity': return moved(t('auth_t'), v => (!v ? t('h_undecided') : t(v.value === 'genuine' ? 'h_yes' : 'h_no')))
    default: return x.to ? t('h_told', { channel: x.to.value, date: x.to.text ? date(x.to.text) : '—' }) : t('h_untold')
  }
}
