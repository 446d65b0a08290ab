import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Lock, Plus } from 'lucide-react'
import { client, take, type Schemas } from '../../api'
import { useI18n } from '../../i18n'
import { Block, Platform, platformName, PLATFORMS } from '../../ui/bits'
import { Link } from '../../ui/link'
import { to } from '../../url'
import { Field, LookOnly, Once, useSave } from './form'
import type { TabProps } from './index'

type Rule = Schemas['Retention']

export default function RetentionTab(p: TabProps) {
  return <div className="setgrid even"><Rules {...p} />{p.may.on('manager') && <Notices {...p} />}</div>
}

function Rules({ brand, may }: TabProps) {
  const { t } = useI18n()
  const rules = useQuery({ queryKey: ['retention', brand.name], queryFn: () => take(client.GET('/brands/{brand}/retention', { params: { path: { brand: brand.name } } })) })
  const { save, busy, faults } = useSave(brand.name, ['retention'], { fields: ['days'] })
  const [platform, setPlatform] = useState('all'), [days, setDays] = useState('365')
  const path = (p: string) => ({ params: { path: { brand: brand.name, platform: p } } })
  const put = (p: string, n: number | null) => () => take(client.PUT('/brands/{brand}/retention/{platform}', { ...path(p), body: { days: n } }))
  const drop = (p: string) => () => take(client.DELETE('/brands/{brand}/retention/{platform}', path(p)))
  const name = (p: string) => (p === 'all' ? t('rt_all') : platformName(p))
  const edit = may.on('manager')
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('rt_t')}</h2><p className="muted">{t('rt_lead')}</p></div>
      {!edit && <LookOnly least="manager" />}
      <Block query={rules} rows={4}>{d => {
        const undo = (p: string) => { const was = d.items.find(r => r.platform === p && !r.fixed); return was ? put(p, was.days) : drop(p) }
        return <>
          {d.items.length === 0 ? <p className="muted">{t('rt_none')}</p> : <ul className="rows">{d.items.map(r => <RuleRow key={r.platform + r.fixed} r={r} name={name(r.platform)} edit={edit} busy={busy} onDays={n => save(put(r.platform, n), t('rt_saved', { name: name(r.platform) }), { undo: undo(r.platform) })} onDrop={() => save(drop(r.platform), t('rt_dropped', { name: name(r.platform) }), { undo: undo(r.platform) })} />)}</ul>}
          {edit && <form className="inlineform" onSubmit={e => { e.preventDefault(); save(put(platform, Number(days)), t('rt_saved', { name: name(platform) }), { undo: undo(platform) }) }}>
            <Field label={t('rt_for')}>{p => <select {...p} value={platform} onChange={e => setPlatform(e.target.value)}><option value="all">{t('rt_all')}</option>{[...PLATFORMS, 'youtube'].map(x => <option key={x} value={x}>{platformName(x)}</option>)}</select>}</Field>
            <Field label={t('rt_days')} fault={faults.days}>{p => <input {...p} className="textinp num" type="number" required min={1} max={36500} step={1} value={days} onChange={e => setDays(e.target.value)} />}</Field>
            <button className="btn" disabled={busy}><Plus aria-hidden />{t('rt_set')}</button>
          </form>}
          <p className="foot">{t('rt_note')}</p>
        </>
      }}</Block>
    </section>
  )
}

function RuleRow({ r, name, edit, busy, onDays, onDrop }: { r: Rule; name: string; edit: boolean; busy: boolean; onDays: (n: number) => void; onDrop: () => void }) {
  const { t, tn, date } = useI18n()
  const [text, setText] = useState<string>()
  const stands = r.days === null ? t('rt_nolimit') : tn('days', r.days)
  return (
    <li>
      {r.platform === 'all' ? <span className="pl" aria-hidden /> : <Platform p={r.platform} />}<span><b>{name}</b><small>{r.fixed ? t('rt_fixed') : r.set_at ? t('rt_setat', { when: date(r.set_at) }) : ''}</small></span><span className="grow" />
      {r.fixed ? <span className="num"><Lock size={13} aria-hidden /> {stands}</span> : !edit ? <span className="num">{stands}</span> : text === undefined
        ? <><span className="num">{stands}</span><button className="btn sm" onClick={() => setText(String(r.days ?? 365))}>{t('pl_edit')}<span className="sr"> {name}</span></button><button className="btn sm ghost" disabled={busy} onClick={onDrop}>{t('clear_one')}<span className="sr"> {name}</span></button></>
        : <form className="row8" onSubmit={e => { e.preventDefault(); onDays(Number(text)); setText(undefined) }}><input className="textinp num short" type="number" required min={1} max={36500} autoFocus aria-label={t('rt_days') + ' ' + name} value={text} onChange={e => setText(e.target.value)} /><button className="btn sm primary" disabled={busy}>{t('save')}</button><button type="button" className="btn sm" onClick={() => setText(undefined)}>{t('dismiss')}</button></form>}
    </li>
  )
}

function Notices({ brand }: TabProps) {
  const { t, n, date } = useI18n()
  const path = { params: { path: { brand: brand.name } } }
  const notices = useQuery({ queryKey: ['notices', brand.name], queryFn: () => take(client.GET('/brands/{brand}/notices', { params: { ...path.params, query: { limit: 10 } } })) })
  const { save, busy } = useSave(brand.name, ['notices'])
  const [channel, setChannel] = useState(''), [text, setText] = useState<string>()
  const of = (id: string) => ({ params: { path: { brand: brand.name, id } } })
  const show = (id: string) => void take(client.GET('/brands/{brand}/advocates/{id}/notice', of(id))).then(x => setText(x.text), () => setText(undefined))
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('no_t')}</h2><p className="muted">{t('no_lead')}</p></div>
      <Block query={notices} rows={4}>{d => {
        const open = d.items.filter(x => x.state !== 'informed').slice(0, 10)
        return <>
          {brand.demo ? <p className="muted">{t('no_demo')}</p> : <dl className="tally"><div><dt>{t('no_due')}</dt><dd className="num">{n(d.due)}</dd></div><div><dt>{t('no_overdue')}</dt><dd className={'num' + (d.overdue ? ' down' : '')}>{n(d.overdue)}</dd></div><div><dt>{t('no_informed')}</dt><dd className="num">{n(d.informed)}</dd></div></dl>}
          {!brand.demo && open.length > 0 && <>
            <Field label={t('no_channel')} hint={t('no_channel_h')}>{p => <input {...p} className="textinp" maxLength={200} placeholder={t('no_channel_d')} value={channel} onChange={e => setChannel(e.target.value)} />}</Field>
            <h3 className="minor">{t('no_first', { n: open.length })}</h3>
            <ul className="rows">{open.map(x => <li key={x.person}><Platform p={x.platform} /><span><Link className="linkb" href={to(brand.name, 'people/' + x.person)}><bdi>{x.handle ? '@' + x.handle : x.person}</bdi></Link><small className={x.state === 'overdue' ? 'down' : ''}>{t('no_until', { when: date(x.due_at) })}</small></span><span className="grow" /><button className="btn sm ghost" onClick={() => show(x.person)}>{t('no_text')}<span className="sr"> {x.handle}</span></button><button className="btn sm" disabled={busy} onClick={() => save(() => take(client.PUT('/brands/{brand}/advocates/{id}/notice', { ...of(x.person), body: { channel: channel.trim() || t('no_channel_d') } })), t('no_done'), { undo: () => take(client.DELETE('/brands/{brand}/advocates/{id}/notice', of(x.person))) })}>{t('no_mark')}<span className="sr"> {x.handle}</span></button></li>)}</ul>
          </>}
          {text !== undefined && <Once area title={t('no_text_t')} text={text} note={t('no_text_n')} onClose={() => setText(undefined)} />}
        </>
      }}</Block>
    </section>
  )
}
