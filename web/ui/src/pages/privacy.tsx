import { useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Copy, Download, TriangleAlert } from 'lucide-react'
import { client, take, type Schemas } from '../api'
import { useI18n, type Locale } from '../i18n'
import { useDo, workflowQuery } from '../team'
import { Block, handleOf, nameOf, platformName } from '../ui/bits'
import { useToast } from '../ui/toast'
import { navigate, to } from '../url'
import { refusal } from '../workflow'

type Detail = Schemas['AdvocateDetail']

/** Whether a person knows that data are kept about them, what is kept, and its end. */
export default function Privacy({ brand, d }: { brand: Schemas['Brand']; d: Detail }) {
  const { t } = useI18n()
  const a = d.advocate, href = `/api/v1/brands/${encodeURIComponent(brand.name)}/advocates/${encodeURIComponent(a.id)}/data`
  return (
    <>
      <Told brand={brand} id={a.id} />
      <section>
        <h3 className="sech">{t('pv_data')}</h3>
        <p className="muted">{t('pv_data_b')}</p>
        <p><a className="btn sm" href={href} download><Download aria-hidden />{t('pv_export')}</a></p>
      </section>
      <Erase brand={brand.name} d={d} />
    </>
  )
}

/** What a message still lacks. */
const BLANKS = { controller: 'pv_blank_who', contact: 'pv_blank_reach', link: 'pv_blank_link' } as const

function Told({ brand: { name: brand, demo }, id }: { brand: Schemas['Brand']; id: string }) {
  const { t, date, list, locale } = useI18n()
  const toast = useToast()
  const [lang, setLang] = useState<Locale>(locale), [channel, setChannel] = useState(''), [day, setDay] = useState('')
  const notice = useQuery({ queryKey: ['history', brand, id, 'notice', lang], queryFn: () => take(client.GET('/brands/{brand}/advocates/{id}/notice', { params: { path: { brand, id }, query: { lang } } })), placeholderData: x => x })
  const { run, busy } = useDo(brand)
  const path = { params: { path: { brand, id } } }
  const put = (channel: string, informed_at?: string) => take(client.PUT('/brands/{brand}/advocates/{id}/notice', { ...path, body: { channel, informed_at } }))
  const drop = () => take(client.DELETE('/brands/{brand}/advocates/{id}/notice', path))
  const copy = (text: string, said: string) => void navigator.clipboard?.writeText(text).then(() => toast(said), () => toast(t('err_copy')))
  return (
    <section>
      <h3 className="sech">{t('pv_told')}</h3>
      <Block query={notice} rows={3}>{x => {
        const blanks = x.missing.map(part => t(BLANKS[part]))
        return <>
          {x.state === 'informed'
            ? <div className="row8 told"><span className="pill wraps pos">{t('pv_informed', { date: date(x.informed_at!), channel: x.channel ?? '—' })}</span><button className="btn sm" disabled={busy} onClick={() => void run(drop, t('done_back'), () => put(x.channel!, x.informed_at!))}>{t('auth_back')}</button></div>
            : <>
                {demo ? <p>{t('no_demo')}</p> : <p><span className={'pill wraps ' + (x.state === 'overdue' ? 'neg' : 'warn')}>{t(x.state === 'overdue' ? 'pv_overdue' : 'pv_due', { date: date(x.due_at) })}</span></p>}
                <form className="taskform" onSubmit={e => { e.preventDefault(); void run(() => put(channel.trim(), day ? new Date(day + 'T12:00:00Z') > new Date() ? undefined : day + 'T12:00:00Z' : undefined), t('pv_done'), drop).then(ok => { if (ok) setChannel('') }) }}>
                  <label className="fld"><span>{t('pv_channel')}</span><input className="textinp" list="channels" required maxLength={200} value={channel} onChange={e => setChannel(e.target.value)} /><datalist id="channels">{(['pv_dm', 'pv_mail', 'pv_reply'] as const).map(k => <option key={k} value={t(k)} />)}</datalist></label>
                  <label className="fld"><span>{t('pv_when')}</span><input className="dateinp" type="date" max={new Date().toISOString().slice(0, 10)} value={day} onChange={e => setDay(e.target.value)} /></label>
                  <div className="row8"><button className="btn sm primary" disabled={busy || !channel.trim()}>{t('pv_mark')}</button></div>
                </form>
              </>}
          <div className="sechrow tmpl"><h4 className="minor" id="tmpl">{t('pv_template')}</h4><span className="grow" /><div className="seg sm" role="group" aria-label={t('pv_lang')}>{(['es', 'en'] as const).map(l => <button key={l} lang={l} aria-pressed={lang === l} onClick={() => setLang(l)}>{l.toUpperCase()}</button>)}</div></div>
          {blanks.length > 0 && <p className="callout" role="note">{t('pv_blank', { list: list(blanks) })}</p>}
          <pre className="letter" lang={lang} tabIndex={0} role="region" aria-labelledby="tmpl">{x.text}</pre>
          <div className="row8"><button className="btn sm" disabled={blanks.length > 0} onClick={() => copy(x.text, t('pv_copied'))}><Copy aria-hidden />{t('pv_copy')}</button>{x.link && <button className="btn sm" onClick={() => copy(x.link!, t('pv_link_copied'))}><Copy aria-hidden />{t('pv_copy_link')}</button>}</div>
          {x.link ? <p className="muted breaks">{x.link}</p> : blanks.length === 0 && <p className="muted">{t('pv_nolink')}</p>}
        </>
      }}</Block>
    </section>
  )
}

function Erase({ brand, d }: { brand: string; d: Detail }) {
  const i = useI18n(), { t, n } = i
  const toast = useToast(), cache = useQueryClient()
  const a = d.advocate, handle = handleOf(a)
  const kept = useQuery(workflowQuery(brand, a.id)).data
  const [typed, setTyped] = useState(''), [busy, setBusy] = useState(false)
  const same = typed.trim().replace(/^@/, '').toLowerCase() === handle.replace(/^@/, '').toLowerCase()
  const erase = async () => {
    setBusy(true)
    try {
      const done = await take(client.DELETE('/brands/{brand}/advocates/{id}', { params: { path: { brand, id: a.id } } }))
      const page = location.pathname.includes('/people/')
      const u = new URLSearchParams(location.search)
      for (const k of ['person', 'tab', 'ids']) u.delete(k)
      navigate(page ? to(brand, 'advocates') : location.pathname + (u.size ? '?' + u : ''), { replace: true })
      cache.removeQueries({ predicate: q => q.queryKey[1] === brand && q.queryKey[2] === a.id })
      void cache.invalidateQueries({ predicate: q => q.queryKey[1] === brand || q.queryKey[0] === 'voice' })
      setTimeout(() => toast(done.done ? i.tn('pv_erased', done.brands.reduce((s, b) => s + b.mentions, 0)) : t('pv_erasing')))
    } catch (e) {
      toast(refusal(e, i))
      setBusy(false)
    }
  }
  return (
    <section className="erase">
      <h3 className="sech"><TriangleAlert size={16} aria-hidden />{t('pv_erase', { name: nameOf(a) })}</h3>
      <p>{t('pv_erase_b')}</p>
      <ul className="bullets">
        <li>{t('pv_gone_accounts', { list: i.list(a.accounts.map(x => `${platformName(x.platform)} @${x.handle ?? x.key}`)) })}</li>
        <li>{t('pv_gone_posts', { list: i.list([i.tn('posts_n', a.evidence.mentions), ...(a.evidence.reposts ? [i.tn('reposts_n', a.evidence.reposts)] : [])]) })}</li>
        {kept && kept.notes.length + kept.tasks.length > 0 && <li>{t('pv_gone_kept', { a: kept.notes.length, b: kept.tasks.length })}</li>}
        <li>{t('pv_gone_history')}</li>
        <li>{t('pv_gone_others')}</li>
        <li>{t('pv_gone_never')}</li>
      </ul>
      <form className="row8" onSubmit={e => { e.preventDefault(); if (same && !busy) void erase() }}>
        <label className="fld"><span>{t('pv_type', { handle: '@' + handle })}</span><input className="textinp" autoComplete="off" spellCheck={false} value={typed} onChange={e => setTyped(e.target.value)} /></label>
        <button className="btn sm danger" disabled={!same || busy}>{t('pv_erase_do')}</button>
      </form>
      {busy && <p className="muted" role="status">{t('pv_busy', { n: n(a.evidence.mentions) })}</p>}
    </section>
  )
}
