import { useEffect, useId, useRef, useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { FileUp } from 'lucide-react'
import { ApiError, client, refresh, STORED, take, type Schemas } from '../api'
import { useI18n } from '../i18n'
import '../styles/welcome.css'

type Sent = { key: number; file: File; order: Order; id?: string; error?: string }
const ORDERS = ['auto', 'dmy', 'mdy', 'ymd'] as const
type Order = (typeof ORDERS)[number]

/** Takes an export by dropping or choosing it and shows what becomes of its rows. */
export function FileDrop({ brand, onDone }: { brand: string; onDone: () => void }) {
  const { t } = useI18n()
  const [over, setOver] = useState(0)
  const [order, setOrder] = useState<Order>('auto')
  const [sent, setSent] = useState<Sent[]>([])
  const input = useRef<HTMLInputElement>(null), serial = useRef(0)
  const id = useId()
  const patch = (key: number, p: Partial<Sent>) => setSent(all => all.map(s => (s.key === key ? { ...s, ...p } : s)))
  const send = async (file: File) => {
    const key = ++serial.current
    setSent(all => [{ key, file, order }, ...all])
    try {
      const started = await take(client.POST('/brands/{brand}/imports', {
        params: { path: { brand }, query: { name: file.name.slice(0, 200), date_order: order } },
        // The file is the body: it is sent as it is read, never as a whole in memory.
        body: file as never, bodySerializer: b => b as never, headers: { 'Content-Type': 'application/octet-stream' },
      }))
      patch(key, { id: started.id })
    } catch (e) {
      patch(key, { error: e instanceof ApiError && e.status === 413 ? t('d_large') : e instanceof ApiError && e.status >= 400 && e.status < 500 ? e.message : t('err_save') })
    }
  }
  const take_ = (files: FileList | null) => { for (const f of [...(files ?? [])].slice(0, 10)) void send(f) }
  return (
    <>
      <div className={'drop' + (over ? ' over' : '')} onDragEnter={e => { e.preventDefault(); setOver(n => n + 1) }} onDragOver={e => e.preventDefault()} onDragLeave={() => setOver(n => Math.max(0, n - 1))} onDrop={e => { e.preventDefault(); setOver(0); take_(e.dataTransfer.files) }}>
        <FileUp aria-hidden />
        <div><b>{t(over ? 'd_over' : 'd_title')}</b><small id={id}>{t('d_body')}</small></div>
        <input ref={input} type="file" tabIndex={-1} aria-hidden multiple accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.js,.gz,.zip" onChange={e => { take_(e.target.files); e.target.value = '' }} />
        <label className="selectl">{t('d_dates')} <select value={order} onChange={e => setOrder(e.target.value as Order)}>{ORDERS.map(o => <option key={o} value={o}>{t(`d_${o}`)}</option>)}</select></label>
        <button type="button" className="btn" aria-describedby={id} onClick={() => input.current?.click()}>{t('d_choose')}</button>
      </div>
      {sent.length > 0 && <ul className="imports">{sent.map(s => <Progress key={s.key} brand={brand} sent={s} onDone={onDone} />)}</ul>}
    </>
  )
}

function Progress({ brand, sent, onDone }: { brand: string; sent: Sent; onDone: () => void }) {
  const { t, tn } = useI18n()
  const cache = useQueryClient()
  const q = useQuery({
    queryKey: ['import', brand, sent.id], enabled: !!sent.id,
    queryFn: () => take(client.GET('/brands/{brand}/imports/{id}', { params: { path: { brand, id: sent.id! } } })),
    refetchInterval: now => (now.state.data && now.state.data.state !== 'running' ? false : 500),
  })
  const i = q.data, state = sent.error ? 'failed' : !i ? 'sending' : i.state
  useEffect(() => {
    if (state !== 'done') return
    void refresh(cache, brand, STORED)
    for (const key of ['first', 'preview']) void cache.invalidateQueries({ queryKey: [key] })
    onDone()
    // It is done once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state])
  const title = { sending: 'd_sending', running: 'd_running', done: 'd_done', failed: 'd_failed' } as const
  const name = sent.file.name
  return (
    <li>
      <b role="status">{t(title[state], { name })}</b>
      {(state === 'sending' || state === 'running') && <progress aria-label={name} max={1} value={i?.progress ?? undefined} />}
      {i && <p className="rows num"><span>{tn('d_rows', i.rows)}</span><span>{tn('d_new', i.new)}</span>{i.rejected > 0 && <span className="down">{tn('d_refused', i.rejected)}</span>}</p>}
      {(sent.error ?? i?.error) && <p className="down" lang="en">{sent.error ?? i?.error}</p>}
      {i && i.rejects.length > 0 && <Rejects rows={i.rejects} />}
    </li>
  )
}

function Rejects({ rows }: { rows: Schemas['ImportedRow'][] }) {
  const { t, n } = useI18n()
  return (
    <details className="data" open={rows.length < 4}>
      <summary>{t('d_first')}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('d_first')}>
        <table className="plain"><thead><tr><th scope="col">{t('d_row')}</th><th scope="col">{t('d_column')}</th><th scope="col">{t('d_why')}</th></tr></thead>
          <tbody>{rows.map((r, k) => <tr key={k}><td className="num">{r.row === null ? '—' : n(r.row)}</td><td>{r.column ?? '—'}</td><td lang="en">{r.reason}</td></tr>)}</tbody></table>
      </div>
    </details>
  )
}
