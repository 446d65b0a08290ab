import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Check, Plus, X } from 'lucide-react'
import { circleQuery, client, RANKED, take, type Schemas } from '../../api'
import { useI18n } from '../../i18n'
import { Block, PersonCell, Platform, platformName, PLATFORMS, roleKey } from '../../ui/bits'
import { useUrlState } from '../../url'
import { Field, LookOnly, useSave } from './form'
import type { TabProps } from './index'

const people = ['circle', 'own', 'brands', ...RANKED]
const ROLES = ['staff', 'agency', 'reseller', 'paid-partner'] as const

export default function CircleTab(p: TabProps) {
  return <div className="setgrid even"><Own {...p} /><Circle {...p} /></div>
}

type Account = { platform?: string; handle?: string; key?: string }

/** Accounts as people know them first, then the bare ids by which platforms know them. */
const handlesFirst = (items: Schemas['OwnAccount'][]) => [...items].sort((a, b) => Number(!a.handle) - Number(!b.handle))

function Own({ brand, may }: TabProps) {
  const { t } = useI18n()
  const own = useQuery({ queryKey: ['own', brand.name], queryFn: () => take(client.GET('/brands/{brand}/own-accounts', { params: { path: { brand: brand.name } } })) })
  const { save, busy, faults } = useSave(brand.name, people, { fields: ['handle', 'key', 'platform'] })
  const [handle, setHandle] = useState(''), [platform, setPlatform] = useState('')
  const add = (a: Account) => () => take(client.POST('/brands/{brand}/own-accounts', { params: { path: { brand: brand.name } }, body: a }))
  const drop = (a: Account) => () => take(client.DELETE('/brands/{brand}/own-accounts', { params: { path: { brand: brand.name }, query: a } }))
  const edit = may.on('manager')
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('ow_t')}</h2><p className="muted">{t('ow_lead')}</p></div>
      {!edit && <LookOnly least="manager" />}
      {edit && <form className="inlineform" onSubmit={e => { e.preventDefault(); const a = { handle: handle.trim().replace(/^@/, ''), platform: platform || undefined }; save(add(a), t('ow_added', { name: '@' + a.handle }), { undo: drop(a), then: () => setHandle('') }) }}>
        <Field label={t('ow_handle')} fault={faults.handle}>{p => <input {...p} className="textinp" required pattern="@?\S+" maxLength={200} autoComplete="off" spellCheck={false} value={handle} onChange={e => setHandle(e.target.value)} />}</Field>
        <Field label={t('f_platform')} fault={faults.platform}>{p => <select {...p} value={platform} onChange={e => setPlatform(e.target.value)}><option value="">{t('ow_everywhere')}</option>{[...PLATFORMS, 'youtube'].map(x => <option key={x} value={x}>{platformName(x)}</option>)}</select>}</Field>
        <button className="btn" disabled={busy}><Plus aria-hidden />{t('add')}</button>
      </form>}
      <Block query={own} rows={3}>{d => d.items.length === 0 ? <p className="muted">{t('ow_none')}</p> : (
        <ul className="rows own">{handlesFirst(d.items).map(a => {
          const it = { platform: a.platform ?? undefined, handle: a.handle ?? undefined, key: a.handle ? undefined : a.key ?? undefined }, name = a.handle ? '@' + a.handle : a.key ?? ''
          return <li key={(a.platform ?? '') + name}>{a.platform ? <Platform p={a.platform} /> : <span className="pl" aria-hidden />}<span className="grow"><b title={name}><bdi>{name}</bdi></b><small>{a.platform ? platformName(a.platform) : t('ow_everywhere')}{!a.handle && ' · ' + t('ow_id')}</small></span>{edit && <button className="btn sm ghost" disabled={busy} onClick={() => save(drop(it), t('ow_dropped', { name }), { undo: add(it) })}><X aria-hidden />{t('clear_one')}<span className="sr"> {name}</span></button>}</li>
        })}</ul>
      )}</Block>
    </section>
  )
}

type Member = Schemas['CircleMember']
type Said = Schemas['NewRole']['role'] | null

function Circle({ brand, may }: TabProps) {
  const { t, pct, said, date, locale } = useI18n()
  const [, setUrl] = useUrlState()
  const circle = useQuery(circleQuery(brand.name))
  const { save, busy } = useSave(brand.name, people)
  const put = (id: string, role: Said) => () => role === null
    ? take(client.DELETE('/brands/{brand}/circle/{id}', { params: { path: { brand: brand.name, id } } })) as Promise<unknown>
    : take(client.PUT('/brands/{brand}/circle/{id}', { params: { path: { brand: brand.name, id } }, body: { role } }))
  const stands = (m: Member): Said => (m.status === 'confirmed' ? m.role as Said : m.status === 'dismissed' ? 'none' : null)
  const decide = (m: Member, role: Said) => save(put(m.id, role), t(role === null ? 'done_back' : role === 'none' ? 'done_notcircle' : 'done_circle'), { undo: put(m.id, stands(m)) })
  const edit = may.on('analyst')
  const who = (m: Member) => <PersonCell a={{ ...m, flags: [] }} href={'?person=' + m.id} onOpen={id => setUrl({ person: id })} />
  return (
    <section className="card pad form">
      <div><h2 className="sech">{t('circle_t')}</h2><p className="muted">{t('ci_lead')}</p></div>
      {!edit && <LookOnly least="analyst" />}
      <Block query={circle} rows={5}>{d => {
        const open = d.items.filter(m => m.status === 'suggested'), done = d.items.filter(m => m.status !== 'suggested')
        return <>
          <h3 className="minor">{t('ci_open', { n: open.length })}</h3>
          {open.length === 0 ? <p className="muted">{t('ci_none')}</p> : <ul className="suggests">{open.map(m => <Suggested key={m.id} m={m} edit={edit} busy={busy} who={who(m)} onSay={r => decide(m, r)} reasons={m.suggestions.slice(0, 1).map(s => <div key={s.role}><p>{t('circle_maybe', { role: t(roleKey(s.role)).toLocaleLowerCase(locale), p: pct(s.probability) })}</p><ul className="reasons">{s.reasons.map((r, k) => <li key={k}><Check aria-hidden /><span>{said(r.text as never)}</span></li>)}</ul></div>)} />)}</ul>}
          {done.length > 0 && <><h3 className="minor">{t('ci_done', { n: done.length })}</h3>
            <ul className="rows">{done.map(m => <li key={m.id}>{who(m)}<span className="grow" /><small>{m.status === 'confirmed' ? t(roleKey(m.role)) : t('ci_not')}{m.decided_at && ' · ' + date(m.decided_at)}</small>{edit && <button className="btn sm ghost" disabled={busy} onClick={() => decide(m, null)}>{t('auth_back')}</button>}</li>)}</ul></>}
        </>
      }}</Block>
    </section>
  )
}

function Suggested({ m, edit, busy, who, reasons, onSay }: { m: Member; edit: boolean; busy: boolean; who: React.ReactNode; reasons: React.ReactNode; onSay: (r: Said) => void }) {
  const { t } = useI18n()
  const [role, setRole] = useState<(typeof ROLES)[number]>((m.suggestions[0]?.role ?? 'staff') as (typeof ROLES)[number])
  return (
    <li>
      {who}
      {reasons}
      {edit && <div className="row8"><label className="selectl"><span className="sr">{t('ci_role')}</span><select value={role} onChange={e => setRole(e.target.value as typeof role)}>{ROLES.map(r => <option key={r} value={r}>{t(roleKey(r))}</option>)}</select></label><button className="btn sm primary" disabled={busy} onClick={() => onSay(role)}>{t('ci_confirm')}</button><button className="btn sm" disabled={busy} onClick={() => onSay('none')}>{t('circle_no')}</button></div>}
    </li>
  )
}
